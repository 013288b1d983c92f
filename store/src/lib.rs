//! Which rows? The only crate that knows the database: SQLite in the data folder, or PostgreSQL.
//!
//! [`Store`] implements the traits of `domain`, one module a feature, under the same names. One method is one atomic unit: it
//! writes the rows, the notifications and the outbox entries in one transaction. Statements are written by hand, once for both
//! databases. Reading order: `connection` (how statements are sent, and how a unit of writing is committed), `law` (who may see
//! what, in SQL), then the feature at hand; the tables are told in `migrations`.

mod archives;
mod blocks;
mod care;
mod community;
mod connection;
mod export;
mod gatherings;
mod hand_over;
mod hands;
mod hosting;
mod ids;
mod introductions;
mod invitations;
mod law;
mod leaving;
mod mail;
mod migrations;
mod notifications;
mod opening;
mod outbox;
mod people;
mod pictures;
#[cfg(test)]
mod plans;
mod pulse;
mod rosters;
mod setup;
mod sign_in;
mod sparks;
mod timeline;
mod weekly;
mod welcome;

pub use connection::Store;
pub use export::{DECIDED, Goes};
pub use opening::{Location, OpenError};
