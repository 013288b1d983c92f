//! What people see and call: the types on the wire, the pages, and the thin API of server functions.
//!
//! Reading order: [`here`] (what every page knows), [`fault`] (how a call ends), [`forms`] (how a form works with and without
//! script), [`shell`] (the document around a page), then [`home`] (the pages that the client takes over) and [`door`] (the pages
//! that need no client), which lead to the features.
//!
//! The crate is compiled twice: with `ssr` into the server, with `hydrate` into the client. What only the server has (the
//! request, the services) is in [`request`] and is named inside the bodies of server functions.

#![recursion_limit = "512"]

// What the server writes and the client looks for differ with it; half of a pair would fail only in the browser.
#[cfg(not(erase_components))]
compile_error!("Porchlight is built with `--cfg erase_components`: .cargo/config.toml says so, unless RUSTFLAGS is set to something else.");

pub mod address;
#[cfg(feature = "ssr")]
mod again;
pub mod archives;
pub mod blocks;
pub mod chrome;
pub mod community;
#[cfg(feature = "ssr")]
pub mod door;
pub mod fault;
pub mod forms;
pub mod gatherings;
pub mod hand_over;
pub mod hands;
pub mod here;
pub mod home;
pub mod hosting;
pub mod icons;
pub mod introductions;
pub mod invitations;
pub mod leaving;
pub mod live;
pub mod notifications;
pub mod part;
pub mod people;
pub mod pulse;
#[cfg(feature = "ssr")]
pub mod request;
pub mod rosters;
pub mod safe_html;
pub mod settings;
pub mod setup;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod sign_in;
pub mod sparks;
pub mod timeline;
pub mod uploads;
pub mod weekly;
pub mod welcome;
pub mod when;
pub mod wire;
