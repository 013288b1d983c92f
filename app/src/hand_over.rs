//! Handing the community over to another admin. The pages are in [`crate::door`].

use crate::fault::{Fault, Never};
use domain::hand_over::{HandOverForm, HandOverRefusal};
use leptos::prelude::*;

/// The first step: chooses somebody.
#[server(prefix = "/api", endpoint = "hand-over/begin")]
pub async fn begin_hand_over(#[server(default)] form: HandOverForm) -> Result<(), Fault<HandOverRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let admin = request.admin()?;
    answer(request.services.handing_over.begin(&admin, &form).await)?;
    leptos_axum::redirect("/admin/hand-over?done=begun");
    Ok(())
}

/// The second step: accepts what an admin offers me (`accept` is any text), or declines, which nobody is told.
#[server(prefix = "/api", endpoint = "hand-over/answer")]
pub async fn answer_hand_over(#[server(default)] giver: String, #[server(default)] accept: String) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    let accept = !accept.is_empty();
    let offered = answer(request.services.handing_over.answer(&me, &giver, accept).await)?;
    leptos_axum::redirect(match (offered, accept) {
        (true, true) => "/settings/hand-over?done=accepted",
        (true, false) => "/settings/hand-over?done=declined",
        // Never offered, or not any more: it looks the same.
        (false, _) => "/settings/hand-over?done=gone",
    });
    Ok(())
}

/// Stops it, before the last step.
#[server(prefix = "/api", endpoint = "hand-over/take-back")]
pub async fn take_hand_over_back() -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let admin = request.admin()?;
    let begun = answer(request.services.handing_over.take_back(&admin).await)?;
    leptos_axum::redirect(if begun { "/admin/hand-over?done=taken-back" } else { "/admin/hand-over" });
    Ok(())
}

/// The last step: hands over to whoever accepted, with my password.
#[server(prefix = "/api", endpoint = "hand-over/finish")]
pub async fn finish_hand_over(#[server(default)] to: String, #[server(default)] password: String) -> Result<(), Fault<HandOverRefusal>> {
    use crate::request::{answer, request};
    use domain::people::Role;
    let request = request()?;
    let admin = request.admin()?;
    let becomes = answer(request.services.handing_over.finish(&admin, &to, &password).await)?;
    leptos_axum::redirect(match becomes {
        Role::Admin => "/admin/hand-over?done=finished",
        // Whoever has just handed it over has no such page any more.
        Role::Host | Role::Member => "/settings/hand-over?done=handed-over",
    });
    Ok(())
}
