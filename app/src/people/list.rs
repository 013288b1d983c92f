//! `/people`: everyone who is here, in their own words.

use super::{Interests, RoleMark, said};
use crate::{
    chrome::{Face, PageTitle},
    here::here,
    part::IntoPart,
    timeline::post::in_words,
};
use domain::people::{PeopleOrder, Person};
use leptos::prelude::*;

/// `/people`, and `/people?order=name`.
#[component]
pub fn PeopleView(
    /// Everyone.
    people: Vec<Person>,
    /// In which order.
    order: PeopleOrder,
) -> impl IntoView {
    let count = people.len() as u32;
    let (member, may_invite) = (here().words.member.clone(), here().may_invite);
    let current = move |this: PeopleOrder| (order == this).then_some("true");
    view! {
        <PageTitle of="People"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"People"</h1>
                <p class="lede">{how_many(count)}</p>
            </header>
            {(count > 1).then(|| view! {
                <nav class="switch" aria-label="Order">
                    <a href="/people?order=newest" aria-current=current(PeopleOrder::Newest)>"Newest first"</a>
                    " "
                    <a href="/people?order=name" aria-current=current(PeopleOrder::Name)>"By name"</a>
                </nav>
            })}
            <ul class="people">{people.into_iter().map(|person| view! { <PersonLine person/> }).collect_view()}</ul>
            {(count <= 1).then(|| view! {
                <div class="empty">
                    <p class="empty-title">"The first one in puts the kettle on."</p>
                    {if may_invite {
                        view! {
                            <p>"A place is its people. Think of one "<span dir="auto">{member}</span>" whom you would love to have here, and write to them."</p>
                            <p class="actions"><a class="button" href="/hosting/invitations" rel="external">"Invite somebody"</a></p>
                        }.part()
                    } else {
                        view! { <p>"A place is its people. Tell a host whom you would love to have here: they do the inviting."</p> }.part()
                    }}
                </div>
            })}
        </main>
    }
}

#[component]
fn PersonLine(person: Person) -> impl IntoView {
    let address = format!("/people/{}", person.who.name);
    view! {
        <li class="person">
            <a class="person-face" href=address.clone() tabindex="-1" aria-hidden="true"><Face who=person.who.clone()/></a>
            <h2 class="person-name">
                <a href=address dir="auto">{person.who.display_name}</a>
                " "<span class="handle">"@"{person.who.name.to_string()}</span>" "
                <RoleMark role=person.role/>
            </h2>
            {said(person.line, "sentence")}
            {said(person.sentence, "said")}
            <Interests interests=person.interests/>
        </li>
    }
}

/// How many we are, as one says it at the door.
fn how_many(count: u32) -> String {
    match count {
        0 | 1 => "Only you, so far.".to_owned(),
        2 => "The two of us, so far.".to_owned(),
        count => format!("{} of us, each in their own words.", in_words(count)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_we_are_is_said_in_words() {
        assert_eq!(how_many(1), "Only you, so far.");
        assert_eq!(how_many(40), "Forty of us, each in their own words.");
    }
}
