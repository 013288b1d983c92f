//! The pages that need no client: the front door and the ways in, founding, settings, hosting and the place itself.
//!
//! Each page is a function that loads what it shows and then shows it; its forms are plain forms, sent to the server functions of
//! the feature (`crate::setup`, `crate::invitations`, …), which lead on to the next page. Here is which address is which page.

mod accent;
mod admin;
mod archives;
mod blocks;
mod bring;
mod calendars;
mod chart;
mod edit;
mod export;
mod fields;
mod front;
mod greeting;
mod hand_over;
mod hands;
mod history;
pub mod hosting;
mod import;
mod introductions;
mod invitations;
mod join;
mod keepsake;
mod languages;
mod leaving;
mod letters;
pub mod month;
mod newcomers;
mod plan;
mod pulse;
mod query;
pub mod room;
mod room_plan;
mod rosters;
mod sessions;
mod settings;
mod setup;
mod sign_in;
mod sparks;
mod weekly;
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
use std::{pin::Pin, sync::Arc};

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

/// A page that is on its way. Each is made in a call of its own and kept aside: else all of them would have their place on the stack, one beside
/// the other.
type Opening<'a> = Pin<Box<dyn Future<Output = Page> + Send + 'a>>;

fn opened<'a, P: Future<Output = Page> + Send + 'a>(make: impl FnOnce() -> P) -> Opening<'a> {
    Box::pin(make())
}

async fn page(asked: Asked) -> Page {
    let path = asked.path.clone();
    let parts: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(|part| decoded(&part.replace('+', "%2B"))).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let page = match parts.as_slice() {
        [] => opened(|| front::front_door(asked)),
        ["rules"] => opened(|| front::house_rules(asked)),
        ["about"] => opened(|| front::about(asked)),
        ["ask", code] => opened(|| join::asked_before(asked, code)),
        ["join", code] => opened(|| join::join(asked, code)),
        ["party"] => opened(|| rosters::awaited(asked)),
        ["sign-in"] => opened(|| async { sign_in::sign_in(asked) }),
        ["reset", code] => opened(|| sign_in::reset(asked, code)),
        ["answer", code] => opened(|| letters::answer(asked, code, "")),
        ["answer", code, answer] => opened(|| letters::answer(asked, code, answer)),
        ["unsubscribe", secret] => opened(|| letters::unsubscribe(asked, secret)),
        ["unsubscribe", secret, "letter"] => opened(|| letters::unsubscribe_weekly(asked, secret)),
        ["mail", "confirm", code] => opened(|| letters::confirm(asked, code)),
        ["setup", "done"] => opened(|| setup::done(asked)),
        ["settings"] => opened(|| settings::profile(asked)),
        ["settings", "sign-in"] => opened(|| async { settings::sign_in(asked) }),
        ["settings", "notifications"] => opened(|| settings::notifications(asked)),
        ["settings", "sentence"] => opened(|| hosting::mine::page(asked)),
        ["settings", "archives"] => opened(|| archives::mine(asked)),
        ["settings", "archives", archive] => opened(|| archives::my_words(asked, archive)),
        ["settings", "blocks"] => opened(|| blocks::page(asked)),
        ["settings", "export"] => opened(|| async { export::page(&asked) }),
        ["settings", "calendar"] => opened(|| settings::calendar(asked)),
        ["settings", "hand-over"] => opened(|| hand_over::offered(asked)),
        ["settings", "leave"] => opened(|| leaving::leave(asked)),
        ["settings", "greeting"] => opened(|| greeting::settings(asked)),
        ["welcome"] => opened(|| welcome::mine(asked)),
        ["welcome", "greeting"] => opened(|| greeting::mine(asked)),
        ["hosting"] => opened(|| hosting::desk(asked)),
        ["hosting", "hands"] => opened(|| hands::page(asked)),
        ["hosting", "introductions"] => opened(|| introductions::list(asked)),
        ["hosting", "introductions", "new"] => opened(|| introductions::new(asked)),
        ["introductions", id] => opened(|| introductions::one(asked, id)),
        ["hosting", "invitations"] => opened(|| invitations::list(asked)),
        ["hosting", "invitations", "chats"] => opened(|| archives::chats(asked)),
        ["hosting", "invitations", "chats", chat] => opened(|| archives::chat(asked, chat)),
        ["hosting", "invitations", "roster"] => opened(|| rosters::roster(asked)),
        ["hosting", "invitations", "roster", party] => opened(|| rosters::party(asked, party)),
        ["hosting", "invitations", id] => opened(|| invitations::one(asked, id)),
        ["hosting", "letter"] => opened(|| weekly::letter(asked)),
        ["hosting", "letter", "preview"] => opened(|| weekly::preview(asked)),
        ["hosting", "newcomers"] => opened(|| newcomers::board(asked)),
        ["hosting", "newcomers", name] => opened(|| newcomers::one(asked, name)),
        ["hosting", "people", name] => opened(|| hosting::people::page(asked, name)),
        ["hosting", "pulse"] => opened(|| pulse::by_name(asked)),
        ["hosting", "pulse", name] => opened(|| pulse::write_to(asked, name)),
        ["hosting", "round"] => opened(|| hosting::round::stands(asked)),
        ["hosting", "round", name] => opened(|| hosting::round::card(asked, name)),
        ["hosting", "rounds", id] => opened(|| hosting::round::summary(asked, id)),
        ["hosting", "rounds", id, "whos-here"] => opened(|| hosting::round::whos_here(asked, id)),
        ["hosting", "sparks"] => opened(|| sparks::page(asked)),
        ["hosting", "sparks", "unanswered"] => opened(|| sparks::unanswered(asked)),
        ["hosting", "sparks", "new"] => opened(|| sparks::forms::new(asked)),
        ["hosting", "sparks", "prompts"] => opened(|| sparks::prompts::list(asked)),
        ["hosting", "sparks", "prompts", id] => opened(|| sparks::prompts::one(asked, id)),
        ["hosting", "sparks", id] => opened(|| sparks::forms::change(asked, id)),
        ["hosting", "sign-in-help"] => opened(|| sign_in::help(asked)),
        ["admin"] => opened(|| admin::place(asked)),
        ["admin", "looks"] => opened(|| admin::looks(asked)),
        ["admin", "words"] => opened(|| async { admin::words(asked) }),
        ["admin", "welcome"] => opened(|| welcome::set_up(asked)),
        ["admin", "rules"] => opened(|| admin::rules(asked)),
        ["admin", "hand-over"] => opened(|| hand_over::page(asked)),
        ["admin", "roles"] => opened(|| admin::roles(asked)),
        ["admin", "remove"] => opened(|| leaving::choose(asked)),
        ["admin", "remove", name] => opened(|| leaving::remove(asked, name)),
        ["pulse"] => opened(|| pulse::together(asked)),
        ["pulse", "mine"] => opened(|| pulse::mine(asked)),
        ["posts", post, "edit"] => opened(|| edit::edit(asked, post)),
        ["posts", post, "history"] => opened(|| history::history(asked, post)),
        ["gatherings"] => opened(|| month::month(asked)),
        ["gatherings", "import"] => opened(|| import::import(asked)),
        ["gatherings", "new"] => opened(|| plan::new(asked)),
        ["gatherings", "new", "dates"] => opened(|| plan::dates(asked)),
        ["gatherings", slug, "edit"] => opened(|| plan::edit(asked, slug)),
        ["calendar"] => opened(|| async { calendars::public(&asked) }),
        ["gatherings", slug, "calendar"] => opened(|| calendars::series(asked, slug)),
        ["gatherings", slug, "who"] => opened(|| keepsake::comers(asked, slug)),
        ["gatherings", slug, date] => opened(|| room::page(asked, slug, date)),
        ["gatherings", slug, date, "bring"] => opened(|| bring::page(asked, slug, date)),
        ["gatherings", slug, date, "who"] => opened(|| keepsake::who(asked, slug, date)),
        ["gatherings", slug, date, "edit"] => opened(|| sessions::edit(asked, slug, date)),
        _ => opened(|| async { Err(NoPage::NotHere) }),
    };
    page.await
}
