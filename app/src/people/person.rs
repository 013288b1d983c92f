//! `/people/{name}`: one person, and what they wrote lately as far as the viewer may see it.

use super::{Interests, RoleMark, said};
use crate::{
    chrome::{Face, PageTitle},
    here::here,
    part::IntoPart,
    timeline::post::{Place, PostView, Shown},
    when::{in_zone, local, now},
};
use domain::{
    people::{Person, Role},
    timeline::TimelinePage,
};
use leptos::prelude::*;

/// `/people/{name}`, and `/people/{name}?before=…` for what they wrote earlier.
#[component]
pub fn PersonView(
    /// Who it is.
    person: Person,
    /// What they wrote, as far as the viewer may see it.
    wrote: TimelinePage,
    /// It is a further page of that.
    earlier: bool,
) -> impl IntoView {
    let mine = here().me().is_some_and(|me| me.id == person.who.id);
    let name = person.who.name.to_string();
    let display_name = person.who.display_name.clone();
    view! {
        <PageTitle of=display_name.clone()/>
        <main class="page" id="page" tabindex="-1">
            <Profile person=person mine/>
            <Lately wrote mine earlier name=name.clone() display_name/>
            {(!mine && here().me().is_some()).then(|| view! {
                <p class="quiet"><a href=format!("/settings/blocks?who={name}") rel="external">"Block"</a></p>
            })}
        </main>
    }
}

#[component]
fn Profile(person: Person, mine: bool) -> impl IntoView {
    let here = here();
    let hosts = here.me().is_some_and(|me| me.role != Role::Member);
    let here_now = local(now(), here.zone());
    let since = local(person.joined_at, here.zone()).month_seen_from(here_now);
    let theirs = local(now(), &person.zone);
    let elsewhere = theirs != here_now;
    view! {
        <header class="profile">
            <Face who=person.who.clone() class="face large"/>
            <h1 dir="auto">{person.who.display_name}</h1>
            <p class="profile-line">
                <span class="handle">"@"{person.who.name.to_string()}</span>
                {(!person.pronouns.is_empty()).then(|| view! { " "<span dir="auto">{person.pronouns}</span> })}
                {(!person.town.is_empty()).then(|| view! { " "<span dir="auto">{person.town}</span> })}
                " "<RoleMark role=person.role/>
                " "<span>"here since "{since}</span>
            </p>
            {said(person.line.clone(), "sentence")}
            {said(person.sentence, "said")}
            <Interests interests=person.interests/>
            {(mine || hosts).then(|| {
                let (class, address, does) = if mine {
                    ("button", "/settings".to_owned(), "Change your page")
                } else {
                    ("button quiet", format!("/hosting/people/{}", person.who.name), "As a host")
                };
                view! { <p class="actions"><a class=class href=address rel="external">{does}</a></p> }
            })}
        </header>
        {mine.then(|| view! {
            <p class="quiet">
                {if person.line.is_empty() {
                    "This is how the others see you. A line about yourself would help them to find you."
                } else {
                    "This is how the others see you."
                }}
            </p>
        })}
        {(elsewhere || person.invited_by.is_some()).then(|| view! {
            <dl class="facts">
                {elsewhere.then(|| view! { <div><dt>"Their time"</dt><dd>{theirs.clock()}" "{in_zone(&person.zone)}</dd></div> })}
                {person.invited_by.map(|by| view! {
                    <div><dt>"Invited by"</dt><dd><a href=format!("/people/{}", by.name) dir="auto">{by.display_name}</a></dd></div>
                })}
            </dl>
        })}
    }
}

#[component]
fn Lately(wrote: TimelinePage, mine: bool, earlier: bool, name: String, display_name: String) -> impl IntoView {
    let posts = here().words.posts.clone();
    if wrote.posts.is_empty() {
        return match (mine, earlier) {
            (true, false) => view! {
                <div class="empty">
                    <p class="empty-title">"You haven’t written anything yet."</p>
                    <p>"A first word needn’t be clever. What is on your table?"</p>
                    <p class="actions"><a class="button quiet" href="/">"Write something"</a></p>
                </div>
            }
            .part(),
            // What the viewer may not see is the same as what never was: nothing is said about it.
            _ => ().part(),
        };
    }
    let before = wrote.before;
    view! {
        <section class="section" aria-labelledby="wrote">
            <h2 id="wrote">{if earlier { "Earlier" } else { "Lately" }}</h2>
            <section class="timeline" aria-label=format!("{display_name}: {posts}")>
                {wrote.posts.into_iter().map(|post| view! { <PostView shown=Shown::new(post) place=Place::Timeline/> }).collect_view()}
            </section>
            {before.map(|before| view! { <p class="earlier"><a class="button quiet" href=format!("/people/{name}?before={before}")>"Earlier"</a></p> })}
        </section>
    }
    .part()
}
