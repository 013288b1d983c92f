//! `/notifications`: what concerns me.

use crate::fault::{Fault, Never};
use leptos::{prelude::*, server_fn::codec::GetUrl};

pub mod list;

/// How many of my notifications are unread.
#[server(prefix = "/api", endpoint = "notifications/unread", input = GetUrl)]
pub async fn count_unread() -> Result<u32, Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.notifications.unread(&me).await)
}
