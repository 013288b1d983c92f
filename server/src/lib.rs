//! Cookies, ports, schedules: the axum server, where everything meets.
//!
//! Reading order: [`cli`] (what can be typed) and [`config`] (what can be set), [`serve`] (from a folder to a listening port),
//! [`compose`] (the one place that builds the services), [`router`] (which address is answered by what), then what stands in
//! front of it: [`gate`], [`session`], [`headers`]. [`live`] tells open pages what changed; [`jobs`] tidies; [`keeper`] is what
//! the command line does beside serving. The rest are leaves
//! that do one thing each.

pub mod address;
pub mod archives;
pub mod arriving;
pub mod assets;
pub mod backup;
pub mod cli;
pub mod community;
pub mod compose;
pub mod config;
pub mod demo;
pub mod export;
pub mod feeds;
pub mod forms;
pub mod front;
pub mod gate;
pub mod headers;
pub mod import;
pub mod install;
pub mod introductions;
pub mod jobs;
pub mod keeper;
pub mod letters;
pub mod live;
pub mod mail;
mod meter;
pub mod pages;
pub mod passwords;
pub mod pictures;
pub mod plain;
pub mod prose;
pub mod public_pages;
pub mod qr;
pub mod ready;
pub mod rosters;
pub mod router;
pub mod serve;
pub mod session;
pub mod theme;
pub mod throttle;
