//! The contract of the store: one suite of laws, each run against a real SQLite file and a real PostgreSQL server.
//!
//! `PORCHLIGHT_TEST_POSTGRES` names the server; `make test` starts one. Without it the PostgreSQL half fails: nothing is skipped.

#![expect(clippy::expect_used, reason = "a test that can't go on says what it expected")]

#[macro_use]
mod home;

mod announced;
mod archives;
mod blocks;
mod bring;
mod care;
mod community;
mod concerned;
mod export;
mod gatherings;
mod hands;
mod hosting;
mod imports;
mod introductions;
mod invitations;
mod leaving;
mod mail;
mod notifications;
mod outbox;
mod people;
mod pictures;
mod pulse;
mod rooms;
mod rosters;
mod round;
mod seats;
mod setup;
mod sign_in;
mod sparks;
mod timeline;
mod visibility;
mod weekly;
mod welcome;
