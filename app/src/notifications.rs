//! `/notifications`: what concerns me. The server tells what happened in a sentence (`told.rs`); the client shows it.

use crate::fault::{Fault, Never};
use domain::{ids::NotificationId, people::Byline, time::Timestamp};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

pub mod list;
#[cfg(feature = "ssr")]
pub(crate) mod told;

/// A page of notices, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notices {
    /// The notices.
    pub lines: Vec<Told>,
    /// Where the next page starts, if there is one.
    pub before: Option<NotificationId>,
    /// It is the newest page, which hears of what is new.
    pub newest: bool,
    /// Below the last one: what is true there, and more of it.
    pub end: (String, String),
}

/// A notice, as it is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// Its id.
    pub id: NotificationId,
    /// Who did it, if that is a member.
    pub by: Option<Byline>,
    /// Where it is not: the letter of whoever did it; empty, where nobody did it.
    pub letter: String,
    /// The sentence in pieces: a name, which may be empty, and what is said after it.
    pub says: Vec<(String, String)>,
    /// Where it is to be seen.
    pub address: String,
    /// That is not one of the pages that the client has taken over.
    pub leaves: bool,
    /// How what it points to begins.
    pub excerpt: String,
    /// When it happened.
    pub at: Timestamp,
    /// Not read before.
    pub unread: bool,
}

/// How many of my notifications are unread.
#[server(prefix = "/api", endpoint = "notifications/unread", input = GetUrl)]
pub async fn count_unread() -> Result<u32, Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.notifications.unread(&me).await)
}
