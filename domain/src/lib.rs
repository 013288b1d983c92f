//! What may be, and why not: the rules of a Porchlight community in plain Rust.
//!
//! No I/O, no database, no web: the same code is compiled into the server and into the client. Each feature is one module
//! with its types, the pure functions that decide, a trait for what it needs kept (implemented by `store`), and a concrete
//! service that ties them together. Read [`viewer`] and [`outcome`] first, then the feature at hand.

pub mod archives;
pub mod blocks;
pub mod community;
pub mod export;
pub mod gatherings;
pub mod hand_over;
pub mod hands;
pub mod hosting;
pub mod ids;
pub mod introductions;
pub mod invitations;
pub mod leaving;
pub mod live;
pub mod mail;
pub mod notifications;
pub mod outcome;
pub mod people;
pub mod pictures;
pub mod prose;
pub mod pulse;
pub mod rosters;
pub mod setup;
pub mod sign_in;
pub mod sparks;
pub mod text;
pub mod time;
pub mod timeline;
pub mod viewer;
pub mod weekly;
pub mod welcome;
