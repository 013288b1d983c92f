//! The pages that need no client: the front door and the ways in, founding, settings, hosting and the place itself.
//!
//! Each page is a function that loads what it shows and then shows it; its forms are plain forms, sent to the server functions of
//! the feature (`crate::setup`, `crate::invitations`, …), which lead on to the next page. Here is which address is which page.

mod accent;
mod admin;
mod bring;
mod calendars;
mod edit;
mod fields;
mod front;
mod greeting;
mod history;
pub mod hosting;
mod import;
mod introductions;
mod invitations;
mod join;
mod keepsake;
mod languages;
mod letters;
pub mod month;
mod newcomers;
mod plan;
mod query;
pub mod room;
mod room_plan;
mod rosters;
mod sessions;
mod settings;
mod setup;
mod sign_in;
mod welcome;
mod words;
mod zones;

use crate::{
    address::decoded,
    chrome::{MemberFrame, Mishap, NotHere, VisitorFrame},
    fault::{Fault, Never, Trouble},
    here::Here,
    request::{Request, status},
};
use axum::http::StatusCode;
use domain::{
    community::{Community, Words},
    outcome::Unavailable,
    time::Zone,
    viewer::{Admin, Host, Me, Viewer},
};
use leptos::prelude::*;
use query::Query;
use std::sync::Arc;

/// What a page is asked.
#[derive(Clone)]
struct Asked {
    request: Request,
    path: String,
    query: Query,
}

/// A page, or why there is none.
type Page = Result<AnyView, NoPage>;

/// Why there is no page.
enum NoPage {
    /// There is nothing at that address, or not for this viewer.
    NotHere,
    /// We failed; the log has the cause.
    Mishap,
}

impl From<Unavailable> for NoPage {
    fn from(cause: Unavailable) -> Self {
        tracing::error!(cause = %cause.0, "could not show a page");
        Self::Mishap
    }
}

impl Asked {
    fn me(&self) -> Result<Me, NoPage> {
        self.request.viewer.me().cloned().ok_or(NoPage::NotHere)
    }
    fn host(&self) -> Result<Host, NoPage> {
        self.request.viewer.host().ok_or(NoPage::NotHere)
    }
    fn admin(&self) -> Result<Admin, NoPage> {
        self.request.viewer.admin().ok_or(NoPage::NotHere)
    }
    fn community(&self) -> Result<Arc<Community>, NoPage> {
        self.request.community.clone().ok_or(NoPage::NotHere)
    }
}

/// What stands at a path of these pages, loaded and ready to be written. `here` is `None` until the community is founded.
pub async fn door(here: Option<Here>, request: Request, path: &str, query: &str) -> AnyView {
    let founded = here.is_some();
    here.unwrap_or_else(nowhere).provide();
    crate::forms::provide_kept(request.kept.as_deref().cloned());
    let asked = Asked { request, path: path.to_owned(), query: Query::of(query) };
    if founded { framed(asked).await } else { setup::unfounded(asked).await }
}

/// The surroundings of a place that does not exist yet.
fn nowhere() -> Here {
    Here {
        viewer: Viewer::Visitor,
        name: "A new place".to_owned(),
        words: Words::default(),
        language: "en".to_owned(),
        zone: Zone::utc(),
        logo: None,
        reactions: Vec::new(),
        may_invite: false,
    }
}

async fn framed(asked: Asked) -> AnyView {
    let (path, signed_in) = (asked.path.clone(), asked.request.viewer.me().is_some());
    let page = match page(asked).await {
        Ok(page) => page,
        Err(reason) => sorry(&reason),
    };
    if signed_in {
        view! { <MemberFrame path=path>{page}</MemberFrame> }.into_any()
    } else {
        view! { <VisitorFrame>{page}</VisitorFrame> }.into_any()
    }
}

fn sorry(reason: &NoPage) -> AnyView {
    match reason {
        NoPage::NotHere => view! { <NotHere/> }.into_any(),
        NoPage::Mishap => {
            status(StatusCode::INTERNAL_SERVER_ERROR);
            let trouble = Trouble::from(Fault::<Never>::Ours);
            view! { <Mishap trouble/> }.into_any()
        }
    }
}

async fn page(asked: Asked) -> Page {
    let path = asked.path.clone();
    let parts: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(|part| decoded(&part.replace('+', "%2B"))).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match parts.as_slice() {
        [] => front::front_door(asked).await,
        ["rules"] => front::house_rules(asked).await,
        ["about"] => front::about(asked).await,
        ["ask", code] => join::asked_before(asked, code).await,
        ["join", code] => join::join(asked, code).await,
        ["party"] => rosters::awaited(asked).await,
        ["sign-in"] => sign_in::sign_in(asked),
        ["reset", code] => sign_in::reset(asked, code).await,
        ["answer", code] => letters::answer(asked, code, "").await,
        ["answer", code, answer] => letters::answer(asked, code, answer).await,
        ["unsubscribe", secret] => letters::unsubscribe(asked, secret).await,
        ["mail", "confirm", code] => letters::confirm(asked, code).await,
        ["setup", "done"] => setup::done(asked).await,
        ["settings"] => settings::profile(asked).await,
        ["settings", "sign-in"] => settings::sign_in(asked),
        ["settings", "notifications"] => settings::notifications(asked).await,
        ["settings", "sentence"] => hosting::mine::page(asked).await,
        ["settings", "calendar"] => settings::calendar(asked).await,
        ["settings", "greeting"] => greeting::settings(asked).await,
        ["welcome"] => welcome::mine(asked).await,
        ["welcome", "greeting"] => greeting::mine(asked).await,
        ["hosting"] => hosting::desk(asked).await,
        ["hosting", "introductions"] => introductions::list(asked).await,
        ["hosting", "introductions", "new"] => introductions::new(asked).await,
        ["introductions", id] => introductions::one(asked, id).await,
        ["hosting", "invitations"] => invitations::list(asked).await,
        ["hosting", "invitations", "roster"] => rosters::roster(asked).await,
        ["hosting", "invitations", "roster", party] => rosters::party(asked, party).await,
        ["hosting", "invitations", id] => invitations::one(asked, id).await,
        ["hosting", "newcomers"] => newcomers::board(asked).await,
        ["hosting", "newcomers", name] => newcomers::one(asked, name).await,
        ["hosting", "people", name] => hosting::people::page(asked, name).await,
        ["hosting", "round"] => hosting::round::stands(asked).await,
        ["hosting", "round", name] => hosting::round::card(asked, name).await,
        ["hosting", "rounds", id] => hosting::round::summary(asked, id).await,
        ["hosting", "rounds", id, "whos-here"] => hosting::round::whos_here(asked, id).await,
        ["hosting", "sign-in-help"] => sign_in::help(asked).await,
        ["admin"] => admin::place(asked).await,
        ["admin", "looks"] => admin::looks(asked).await,
        ["admin", "words"] => admin::words(asked),
        ["admin", "welcome"] => welcome::set_up(asked).await,
        ["admin", "rules"] => admin::rules(asked).await,
        ["admin", "roles"] => admin::roles(asked).await,
        ["posts", post, "edit"] => edit::edit(asked, post).await,
        ["posts", post, "history"] => history::history(asked, post).await,
        ["gatherings"] => month::month(asked).await,
        ["gatherings", "import"] => import::import(asked).await,
        ["gatherings", "new"] => plan::new(asked).await,
        ["gatherings", "new", "dates"] => plan::dates(asked).await,
        ["gatherings", slug, "edit"] => plan::edit(asked, slug).await,
        ["calendar"] => calendars::public(&asked),
        ["gatherings", slug, "calendar"] => calendars::series(asked, slug).await,
        ["gatherings", slug, "who"] => keepsake::comers(asked, slug).await,
        ["gatherings", slug, date] => room::page(asked, slug, date).await,
        ["gatherings", slug, date, "bring"] => bring::page(asked, slug, date).await,
        ["gatherings", slug, date, "who"] => keepsake::who(asked, slug, date).await,
        ["gatherings", slug, date, "edit"] => sessions::edit(asked, slug, date).await,
        _ => Err(NoPage::NotHere),
    }
}
