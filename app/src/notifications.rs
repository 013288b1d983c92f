//! `/notifications`: what concerns me.

use crate::fault::{Fault, Never};
use leptos::prelude::*;

pub mod list;
pub use list::NotificationsView;

/// How many of my notifications are unread.
#[server(prefix = "/api", endpoint = "notifications/unread")]
pub async fn count_unread() -> Result<u32, Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.notifications.unread(&me).await)
}
