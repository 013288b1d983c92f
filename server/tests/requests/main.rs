//! What the place answers, told in sentences: each test sends requests through the real router, over a SQLite of its own.

#![expect(clippy::expect_used, reason = "a test that can't go on says so by panicking")]

mod app;
mod archives;
mod blocks;
mod bring;
mod doors;
mod export;
mod feeds;
mod gates;
mod gatherings;
mod hands;
mod health;
mod hosting;
mod imports;
mod introductions;
mod leaving;
mod live;
mod looks;
mod mail;
mod pulse;
mod refused;
mod rooms;
mod rosters;
mod sign_ins;
mod sparks;
mod weekly;
mod welcome;
mod words;
