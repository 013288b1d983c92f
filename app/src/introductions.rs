//! Introducing two people to each other, and not wanting to be. The pages are in [`crate::door`].

use crate::fault::{Fault, Never};
use domain::{
    ids::{MemberId, PostId},
    introductions::{IntroductionForm, IntroductionRefusal},
};
use leptos::prelude::*;

/// Introduces two people to each other; from the card of one of them in a round, if `card` is their name, to which one goes back.
#[server(prefix = "/api", endpoint = "introductions/introduce")]
pub async fn introduce(
    #[server(default)] form: IntroductionForm,
    #[server(default)] wide: Option<String>,
    #[server(default)] card: String,
) -> Result<(), Fault<IntroductionRefusal>> {
    use domain::people::Handle;
    let request = crate::request::request()?;
    let host = request.host()?;
    let form = IntroductionForm { on_timeline: wide.as_deref() == Some("timeline"), ..form };
    let (_, pair) = crate::request::answer(request.services.introductions.introduce(&host, &form).await)?;
    let Ok(card) = Handle::parse(&card) else {
        leptos_axum::redirect("/hosting/introductions?done=introduced");
        return Ok(());
    };
    crate::request::answer(request.services.hosting.rounds.introduced(&host, &card, pair).await)?;
    leptos_axum::redirect(&crate::hosting::about(card.as_str(), true, "introduced"));
    Ok(())
}

/// Leaves two people alone: the desk does not propose them again.
#[server(prefix = "/api", endpoint = "introductions/leave-alone")]
pub async fn leave_alone(one: MemberId, other: MemberId) -> Result<(), Fault<Never>> {
    let request = crate::request::request()?;
    let host = request.host()?;
    crate::request::answer(request.services.introductions.leave_alone(&host, one, other).await)?;
    leptos_axum::redirect("/hosting/introductions?done=left-alone");
    Ok(())
}

/// Would rather not be introduced. Nobody is told.
#[server(prefix = "/api", endpoint = "introductions/decline")]
pub async fn decline_introduction(post: PostId) -> Result<(), Fault<Never>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    crate::request::answer(request.services.introductions.decline(&me, post).await)?;
    leptos_axum::redirect(&format!("/introductions/{post}"));
    Ok(())
}
