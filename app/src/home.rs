//! The pages that the client takes over once somebody is signed in: going on is instant and news arrives live.
//!
//! The same component is rendered by the server, for members with the client, for visitors (who may read what is public) without.

use crate::{
    chrome::{MemberFrame, NotHere, VisitorFrame},
    gatherings::{GatheringView, GatheringsView, SessionView},
    here::{Here, here},
    live::Live,
    notifications::NotificationsView,
    people::{PeopleView, PersonView},
    timeline::{edit::EditView, history::HistoryView, page::TimelineView, thread::ThreadView},
};
use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    hooks::use_location,
    path,
};

/// Whether a path is one of these pages.
pub fn has(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').skip(1).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] | ["people" | "notifications" | "gatherings"] => true,
        ["posts" | "people", _] => true,
        ["posts", _, "edit" | "history"] => true,
        ["gatherings", slug] => *slug != "new",
        ["gatherings", _, date] => date.starts_with(|c: char| c.is_ascii_digit()),
        _ => false,
    }
}

/// These pages.
#[component]
pub fn Home() -> impl IntoView {
    // The surroundings travel with the page; the client has nothing else to make them of.
    let start = SharedValue::new(start).into_inner();
    let signed_in = start.me().is_some();
    provide_context(StoredValue::new(start));
    #[cfg(not(feature = "ssr"))]
    leptos_meta::provide_meta_context();
    Live::provide(signed_in);
    view! {
        <Router>
            <Frame>
                <FlatRoutes fallback=|| view! { <Elsewhere/> }>
                    <Route path=path!("/") view=TimelineView/>
                    <Route path=path!("/posts/:id") view=ThreadView/>
                    <Route path=path!("/posts/:id/edit") view=EditView/>
                    <Route path=path!("/posts/:id/history") view=HistoryView/>
                    <Route path=path!("/people") view=PeopleView/>
                    <Route path=path!("/people/:name") view=PersonView/>
                    <Route path=path!("/gatherings") view=GatheringsView/>
                    <Route path=path!("/gatherings/:slug") view=GatheringView/>
                    <Route path=path!("/gatherings/:slug/:date") view=SessionView/>
                    <Route path=path!("/notifications") view=NotificationsView/>
                </FlatRoutes>
            </Frame>
        </Router>
    }
}

#[cfg(feature = "ssr")]
fn start() -> Here {
    expect_context::<crate::shell::Start>().0
}
#[cfg(not(feature = "ssr"))]
fn start() -> Here {
    unreachable!("the server sends the surroundings with every page that is taken over")
}

#[component]
fn Frame(children: Children) -> impl IntoView {
    let path = use_location().pathname;
    if here().me().is_some() {
        view! { <MemberFrame path=path>{children()}</MemberFrame> }.into_any()
    } else {
        view! { <VisitorFrame>{children()}</VisitorFrame> }.into_any()
    }
}

/// An address that is not one of these pages: the server knows whether there is anything.
#[component]
fn Elsewhere() -> impl IntoView {
    #[cfg(not(feature = "ssr"))]
    if Owner::current_shared_context().is_none_or(|shared| !shared.during_hydration()) {
        _ = window().location().reload();
    }
    view! { <NotHere/> }
}
