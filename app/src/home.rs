//! The pages that the client takes over once somebody is signed in: going on is instant and news arrives live.
//!
//! A page is what stands at an address. The server knows what that is ([`load_page`]); the client asks for it and shows it. The
//! same component is rendered by the server: for members with the client, for visitors (who may read what is public) without.

use crate::{
    address::{Address, arrived},
    chrome::{MemberFrame, Mishap, NotHere, VisitorFrame},
    fault::{Fault, Never, Trouble},
    forms::KeptForm,
    gatherings::{Agenda, OneSession, Series, agenda::AgendaView, series::GatheringView, session::SessionView},
    here::{Here, here},
    live::Live,
    notifications::{Notices, list::NotificationsView},
    part::IntoPart,
    people::{list::PeopleView, person::PersonView},
    timeline::{page::TimelineView, thread::ThreadView},
};
use domain::{
    ids::PostId,
    people::{PeopleOrder, Person},
    timeline::{Post, Thread, TimelinePage, TimelineQuery},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// Whether a path is one of these pages.
pub fn has(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').skip(1).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] | ["people" | "notifications" | "gatherings"] => true,
        ["posts" | "people", _] => true,
        ["gatherings", slug] => !matches!(*slug, "new" | "import") && !slug.ends_with(".ics"),
        ["gatherings", _, date] => date.starts_with(|c: char| c.is_ascii_digit()),
        _ => false,
    }
}

/// What stands at an address, for its viewer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Page {
    /// `/`, with what was asked for.
    Timeline(TimelinePage, TimelineQuery),
    /// `/posts/{id}`, and which of its replies is to be answered.
    Thread(Box<Thread>, Option<PostId>),
    /// `/posts/{id}?alone`: a post by itself, to bring one that is shown up to date.
    Post(Box<Post>),
    /// `/people`.
    People(Vec<Person>, PeopleOrder),
    /// `/people/{name}`, with what they wrote, and whether that is a further page of it.
    Person(Box<Person>, TimelinePage, bool),
    /// `/gatherings`.
    Agenda(Box<Agenda>),
    /// `/gatherings/{slug}`.
    Gathering(Box<Series>),
    /// `/gatherings/{slug}/{date}`.
    Session(Box<OneSession>),
    /// `/notifications`.
    Notifications(Notices),
    /// A page that is written by the server alone stands there by now: the room of a session, or its keepsake.
    Elsewhere,
    /// Nothing, or nothing for this viewer.
    NotHere,
}

/// What stands at an address.
#[server(prefix = "/api", endpoint = "page", input = GetUrl)]
pub async fn load_page(address: String) -> Result<Page, Fault<Never>> {
    on_the_server::load(&crate::request::request()?, &address).await
}

/// What stands at an address, asked for by a page or by a part of it that wants to be up to date.
#[cfg(feature = "ssr")]
pub async fn load(address: String) -> Result<Page, Trouble> {
    load_page(address).await.map_err(Trouble::from)
}

/// What stands at an address, asked for by a page or by a part of it that wants to be up to date.
#[cfg(not(feature = "ssr"))]
pub async fn load(address: String) -> Result<Page, Trouble> {
    use leptos::server_fn::ServerFn;
    crate::wire::get(LoadPage::PATH, &format!("address={}", crate::address::encoded(&address))).await
}

/// What the first page starts with. It travels with the document, so it holds nothing that the viewer may not know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Start {
    /// The surroundings.
    pub here: Here,
    /// Path and query.
    pub address: String,
    /// How far the outbox was when the page was asked for.
    pub heard: i64,
    /// A form on it that was sent without script and refused.
    pub kept: Option<KeptForm>,
    /// What stands there.
    pub page: Result<Page, Trouble>,
}

/// The id of the element in which the start stands, as JSON.
pub const START: &str = "start";

/// The start that came with this document.
#[cfg(not(feature = "ssr"))]
pub fn start() -> Option<Start> {
    let text = document().get_element_by_id(START)?.text_content()?;
    serde_json::from_slice(text.as_bytes()).ok()
}

/// These pages. What they show was loaded before: nothing in here waits.
#[component]
pub fn Home(
    /// What was loaded.
    start: Start,
) -> impl IntoView {
    let signed_in = start.here.me().is_some();
    start.here.provide();
    crate::forms::provide_kept(start.kept);
    Live::provide(signed_in.then_some(start.heard));
    let address = Address::provide(start.address);
    let page = RwSignal::new(Some(start.page));
    // Effects run in the browser alone.
    Effect::new(move |first: Option<String>| {
        let asked = address.get();
        if first.is_some() {
            let asked = asked.clone();
            going(true);
            leptos::task::spawn_local(async move {
                let loaded = load(asked.clone()).await;
                // By the time it is here, somebody may have gone on.
                if address.is(&asked) {
                    going(false);
                    page.set(Some(loaded));
                    arrived();
                }
            });
        }
        asked
    });
    view! {
        <Frame path=address.path()>
            {move || {
                page.track();
                // It is shown once, so it need not be copied.
                page.write_untracked().take().map(shown)
            }}
        </Frame>
    }
}

/// Says that a page is on its way: the stylesheet shows it where it takes longer than a moment.
fn going(on: bool) {
    if let Some(root) = document().document_element() {
        _ = root.toggle_attribute_with_force("data-going", on);
    }
}

fn shown(page: Result<Page, Trouble>) -> AnyView {
    match page {
        Ok(Page::Timeline(page, query)) => view! { <TimelineView page query/> }.part(),
        Ok(Page::Thread(thread, to)) => view! { <ThreadView thread=*thread to/> }.part(),
        Ok(Page::People(people, order)) => view! { <PeopleView people order/> }.part(),
        Ok(Page::Person(person, wrote, earlier)) => view! { <PersonView person=*person wrote earlier/> }.part(),
        Ok(Page::Agenda(agenda)) => view! { <AgendaView agenda=*agenda/> }.part(),
        Ok(Page::Gathering(series)) => view! { <GatheringView series=*series/> }.part(),
        Ok(Page::Session(session)) => view! { <SessionView session=*session/> }.part(),
        Ok(Page::Notifications(page)) => view! { <NotificationsView page/> }.part(),
        Ok(Page::Elsewhere) => {
            load_anew();
            ().part()
        }
        Ok(Page::Post(_) | Page::NotHere) => view! { <NotHere/> }.part(),
        Err(trouble) => view! { <Mishap trouble/> }.part(),
    }
}

/// Has the browser ask for the page as a document.
pub fn load_anew() {
    #[cfg(not(feature = "ssr"))]
    {
        _ = window().location().reload();
    }
}

#[component]
fn Frame(path: Signal<String>, children: Children) -> impl IntoView {
    if here().me().is_some() {
        view! { <MemberFrame path=path>{children()}</MemberFrame> }.part()
    } else {
        view! { <VisitorFrame>{children()}</VisitorFrame> }.part()
    }
}

#[cfg(feature = "ssr")]
mod on_the_server {
    use super::Page;
    use crate::{
        address::parameter,
        fault::{Fault, Never},
        gatherings, notifications,
        request::{Request, answer},
    };
    use domain::{gatherings::Show, ids::PostId, people::PeopleOrder, timeline::TimelineQuery};
    use std::str::FromStr;

    /// What stands at an address.
    pub(super) async fn load(request: &Request, address: &str) -> Result<Page, Fault<Never>> {
        let (viewer, services) = (&request.viewer, &request.services);
        let path = address.split(['?', '#']).next().unwrap_or("/");
        let parts: Vec<&str> = path.split('/').skip(1).filter(|part| !part.is_empty()).collect();
        let id = |text: &str| PostId::from_str(text).ok();
        let page = match parts.as_slice() {
            [] => {
                let query = TimelineQuery {
                    before: number(address, "before"),
                    after: number(address, "after"),
                    tag: parameter(address, "tag").map(|tag| tag.to_lowercase()),
                    author: None,
                };
                Some(Page::Timeline(answer(services.timeline.page(viewer, &query).await)?, query))
            }
            ["posts", post] => match id(post) {
                Some(post) if address.ends_with("?alone") => {
                    answer(services.timeline.post(viewer, post).await)?.map(|post| Page::Post(Box::new(post)))
                }
                Some(post) => {
                    let thread = answer(services.timeline.thread(viewer, post, number(address, "after")).await)?;
                    thread.map(|thread| Page::Thread(Box::new(thread), number(address, "to")))
                }
                None => None,
            },
            ["people"] if viewer.me().is_some() => {
                let order = match parameter(address, "order").as_deref() {
                    Some("name") => PeopleOrder::Name,
                    _ => PeopleOrder::Newest,
                };
                Some(Page::People(answer(services.people.everyone(viewer, order).await)?, order))
            }
            ["people", name] => match answer(services.people.person(viewer, name).await)? {
                Some(person) => {
                    let before = number(address, "before");
                    let query = TimelineQuery { author: Some(person.who.id), before, ..TimelineQuery::default() };
                    let wrote = answer(services.timeline.page(viewer, &query).await)?;
                    Some(Page::Person(Box::new(person), wrote, before.is_some()))
                }
                None => None,
            },
            ["gatherings"] => {
                let show = parameter(address, "show").and_then(|word| Show::from_word(&word)).unwrap_or_default();
                Some(Page::Agenda(Box::new(gatherings::agenda_for(request, show).await?)))
            }
            ["gatherings", slug] => gatherings::series_for(request, &decoded(slug)).await?.map(|series| Page::Gathering(Box::new(series))),
            ["gatherings", _, _] if answer(crate::door::room::stands_at(request, path).await)? => Some(Page::Elsewhere),
            ["gatherings", slug, date] => match gatherings::session_for(request, &decoded(slug), date).await? {
                Some(session) => Some(Page::Session(Box::new(session))),
                // An address of a session holds also where it is known by another date now.
                None => answer(services.gatherings.moved_to(viewer, &decoded(slug), date).await)?.map(|date| {
                    leptos_axum::redirect(&format!("/gatherings/{slug}/{date}"));
                    Page::Elsewhere
                }),
            },
            ["notifications"] => match viewer.me() {
                Some(me) => Some(Page::Notifications(notifications::told::look(request, me, number(address, "before")).await?)),
                None => None,
            },
            _ => None,
        };
        Ok(page.unwrap_or(Page::NotHere))
    }

    fn number<T: FromStr>(address: &str, name: &str) -> Option<T> {
        parameter(address, name)?.parse().ok()
    }

    /// A part of a path may be in any script, and is then percent-encoded.
    fn decoded(part: &str) -> String {
        parameter(&format!("?part={}", part.replace('+', "%2B")), "part").unwrap_or_default()
    }
}
