//! What a host does with single sessions: change one, leave it out, add one, cancel it; and cancel all that is still to come. The pages
//! with the forms are in [`crate::door`].

use crate::fault::Fault;
use domain::{
    gatherings::changes::{SessionForm, SessionRefusal},
    timeline::PostRefusal,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What is to become of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wish {
    /// It is left out.
    LeaveOut,
    /// It was left out, and is there again.
    TakeIn,
    /// It is cancelled.
    Cancel,
    /// It was cancelled, and takes place after all.
    TakePlace,
}

/// Changes one session, and shows it. `session` is the date by which it is known.
#[server(prefix = "/api", endpoint = "gatherings/session")]
pub async fn change_session(slug: String, session: String, form: SessionForm) -> Result<(), Fault<SessionRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    let wish = domain::gatherings::SessionWish::Change(&form);
    crate::request::answer(request.services.gatherings.change_session(&me, &slug, &session, wish).await)?;
    leptos_axum::redirect(&format!("/gatherings/{}/{session}", crate::address::encoded(&slug)));
    Ok(())
}

/// Adds a session that the rule does not give.
#[server(prefix = "/api", endpoint = "gatherings/add-session")]
pub async fn add_session(slug: String, form: SessionForm) -> Result<(), Fault<SessionRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    let wish = domain::gatherings::SessionWish::Add(&form);
    crate::request::answer(request.services.gatherings.change_session(&me, &slug, &form.date, wish).await)?;
    leptos_axum::redirect(&format!("/gatherings/{}/{}", crate::address::encoded(&slug), form.date.trim()));
    Ok(())
}

/// Leaves a session out, cancels it, or takes that back.
#[server(prefix = "/api", endpoint = "gatherings/wish")]
pub async fn wish_for_session(
    slug: String,
    session: String,
    wish: Wish,
    #[server(default)] why: String,
) -> Result<(), Fault<SessionRefusal>> {
    use domain::gatherings::SessionWish;
    let request = crate::request::request()?;
    let me = request.me()?;
    let wish = match wish {
        Wish::LeaveOut => SessionWish::LeaveOut,
        Wish::TakeIn => SessionWish::TakeIn,
        Wish::Cancel => SessionWish::Cancel(&why),
        Wish::TakePlace => SessionWish::TakePlace,
    };
    crate::request::answer(request.services.gatherings.change_session(&me, &slug, &session, wish).await)?;
    let series = format!("/gatherings/{}", crate::address::encoded(&slug));
    // What was left out has no page.
    let shown = if matches!(wish, SessionWish::LeaveOut) { format!("{series}/edit#single") } else { format!("{series}/{session}") };
    leptos_axum::redirect(&shown);
    Ok(())
}

/// Writes to those who come to a session or might, and to those who can't as well where `all` is any text: a post for them alone.
#[server(prefix = "/api", endpoint = "gatherings/write")]
pub async fn write_to_answered(
    slug: String,
    session: String,
    text: String,
    #[server(default)] all: Option<String>,
) -> Result<(), Fault<PostRefusal>> {
    use domain::outcome::Error;
    let request = crate::request::request()?;
    let me = request.me()?;
    let answered = request.services.gatherings.who_answered(&me, &slug, &session).await.map_err(|error| match error {
        Error::Refused(_) => Error::Refused(PostRefusal::Gone),
        Error::Unavailable(cause) => Error::Unavailable(cause),
    });
    let answered = crate::request::answer(answered)?;
    let all = all.is_some_and(|all| !all.is_empty());
    let members = if all { [answered.come, answered.not].concat() } else { answered.come };
    // Whoever reads it is told at once of what it is.
    let page = crate::request::answer(request.services.gatherings.session(&request.viewer, &slug, &session).await.map_err(Error::from))?;
    let about = page.filter(|_| !text.trim().is_empty()).map(|page| about(&page, &request.origin));
    let text = about.into_iter().chain([text]).collect::<Vec<_>>().join("\n\n");
    let post = crate::request::answer(request.services.timeline.write_to(&me, members, &text).await)?;
    leptos_axum::redirect(&format!("/posts/{post}"));
    Ok(())
}

/// A session, as a link in Markdown: its title and its day.
#[cfg(feature = "ssr")]
fn about(page: &domain::gatherings::SessionPage, origin: &str) -> String {
    let title = page.gathering.title.chars().fold(String::new(), |mut title, c| {
        if c.is_ascii_punctuation() {
            title.push('\\');
        }
        title.push(c);
        title
    });
    let day = crate::when::local(page.session.starts_at, &page.gathering.schedule.zone).date();
    let slug = crate::address::encoded(&page.gathering.slug);
    format!("[{title}, {day}]({origin}/gatherings/{slug}/{})", page.session.date)
}

/// Cancels all that is still to come of a gathering; with nothing said, it goes on after all.
#[server(prefix = "/api", endpoint = "gatherings/cancel")]
pub async fn cancel_gathering(slug: String, #[server(default)] why: Option<String>) -> Result<(), Fault<SessionRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    crate::request::answer(request.services.gatherings.cancel(&me, &slug, why.as_deref()).await)?;
    leptos_axum::redirect(&format!("/gatherings/{}", crate::address::encoded(&slug)));
    Ok(())
}
