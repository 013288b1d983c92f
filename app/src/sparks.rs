//! Sparks: answering who waits, sending prompts or having them come, and keeping prompts of one's own. The pages are in [`crate::door`].
//!
//! For whoever is no host there is nothing at these addresses: the same 404, whatever is asked.

use crate::fault::{Fault, Never};
use domain::{
    ids::{PostId, PromptId, SparkId},
    sparks::{
        SparkRefusal,
        coming::{Hold, SparkForm},
        prompts::{PromptForm, PromptRefusal},
    },
    timeline::PostRefusal,
};
use leptos::prelude::*;

/// Answers a post that waits, from the desk.
#[server(prefix = "/api", endpoint = "sparks/answer")]
pub async fn answer_waiting(post: PostId, #[server(default)] markdown: String) -> Result<(), Fault<PostRefusal>> {
    use domain::timeline::ReplyForm;
    let request = crate::request::request()?;
    let host = request.host()?;
    let form = ReplyForm { markdown, ..ReplyForm::default() };
    crate::request::answer(request.services.timeline.reply(host.me(), post, &form).await)?;
    leptos_axum::redirect("/hosting/sparks?done=answered");
    Ok(())
}

/// Says for all hosts that a post needs no answer; or takes that back.
#[server(prefix = "/api", endpoint = "sparks/set-aside")]
pub async fn set_post_aside(post: PostId, #[server(default)] back: bool) -> Result<(), Fault<Never>> {
    let request = crate::request::request()?;
    let host = request.host()?;
    crate::request::answer(request.services.sparks.set_aside(&host, post, !back).await)?;
    let done = if back { "back".to_owned() } else { format!("aside&post={post}") };
    leptos_axum::redirect(&format!("/hosting/sparks?done={done}"));
    Ok(())
}

/// Sends a spark now, or has it come.
#[server(prefix = "/api", endpoint = "sparks/light")]
pub async fn light_spark(#[server(default)] form: SparkForm) -> Result<(), Fault<SparkRefusal>> {
    let request = crate::request::request()?;
    let host = request.host()?;
    let done = crate::request::answer(request.services.sparks.light(&host, &form).await)?;
    leptos_axum::redirect(&on_from(done));
    Ok(())
}

/// Changes a spark to come of one's own, or sends it now.
#[server(prefix = "/api", endpoint = "sparks/change")]
pub async fn change_spark(id: SparkId, #[server(default)] form: SparkForm) -> Result<(), Fault<SparkRefusal>> {
    let request = crate::request::request()?;
    let host = request.host()?;
    let done = crate::request::answer(request.services.sparks.change(&host, id, &form).await)?;
    leptos_axum::redirect(&on_from(done));
    Ok(())
}

/// Holds a spark to come back, or lets it go on, as it was `seen`: how often it was changed by then.
#[server(prefix = "/api", endpoint = "sparks/hold")]
pub async fn hold_spark(id: SparkId, #[server(default)] seen: i64, hold: Hold) -> Result<(), Fault<Never>> {
    let request = crate::request::request()?;
    let host = request.host()?;
    let held = crate::request::answer(request.services.sparks.hold(&host, id, seen, hold).await)?;
    let done = match hold {
        _ if !held => "changed",
        Hold::Pause => "paused",
        Hold::GoOn => "goes-on",
        Hold::Skip => "skipped",
        Hold::Stop => "stopped",
    };
    leptos_axum::redirect(&format!("/hosting/sparks?done={done}#coming"));
    Ok(())
}

/// Keeps a prompt of the hosts' own, or rewords one.
#[server(prefix = "/api", endpoint = "sparks/prompts/keep")]
pub async fn keep_prompt(#[server(default)] id: Option<PromptId>, #[server(default)] form: PromptForm) -> Result<(), Fault<PromptRefusal>> {
    let request = crate::request::request()?;
    let host = request.host()?;
    crate::request::answer(request.services.sparks.keep_prompt(&host, id, &form).await)?;
    leptos_axum::redirect("/hosting/sparks/prompts?done=kept");
    Ok(())
}

/// Takes a prompt of the hosts' own away.
#[server(prefix = "/api", endpoint = "sparks/prompts/remove")]
pub async fn remove_prompt(id: PromptId) -> Result<(), Fault<Never>> {
    let request = crate::request::request()?;
    let host = request.host()?;
    crate::request::answer(request.services.sparks.remove_prompt(&host, id).await)?;
    leptos_axum::redirect("/hosting/sparks/prompts?done=removed");
    Ok(())
}

#[cfg(feature = "ssr")]
fn on_from(done: domain::sparks::Done) -> String {
    match done {
        domain::sparks::Done::Sent(post) => format!("/posts/{post}"),
        domain::sparks::Done::Planned => "/hosting/sparks?done=planned#coming".to_owned(),
    }
}
