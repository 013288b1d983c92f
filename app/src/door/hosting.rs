//! The host's desk: `/hosting`, and the ways between its pages.

pub(super) mod mine;
pub(super) mod people;
pub mod round;

use super::{Asked, Page, fields::Subnav, hands, newcomers, pulse, rosters::how_many_are_here, sparks, weekly, words};
use crate::chrome::{PageTitle, capital};
use leptos::prelude::*;

/// The pages of hosting, as far as the viewer has them.
pub(super) fn hosting_pages(current: &'static str, is_host: bool) -> Option<impl IntoView> {
    let pages = vec![
        ("/hosting", "Desk"),
        ("/hosting/round", "Round"),
        ("/hosting/newcomers", "Newcomers"),
        ("/hosting/introductions", "Introductions"),
        ("/hosting/sparks", "Sparks"),
        ("/hosting/letter", "The letter"),
        ("/hosting/pulse", "Pulse"),
        ("/hosting/invitations", "Invitations"),
        ("/hosting/hands", "Many hands"),
        ("/hosting/sign-in-help", "Help with signing in"),
    ];
    is_host.then(|| view! { <Subnav label="Hosting" pages current/> })
}

/// `/hosting`: what wants a host today.
pub(super) async fn desk(asked: Asked) -> Page {
    let host = asked.host()?;
    let at_the_door = asked.request.services.invitations.asks(&host).await?.len();
    let knock = (at_the_door > 0).then(|| {
        let people = if at_the_door == 1 { "one person is".to_owned() } else { format!("{} people are", words::number(at_the_door)) };
        let says = capital(&format!("{people} waiting for an answer."));
        view! { <Wants says="At the door" more=says address="/hosting/invitations".to_owned() does="Let them in"/> }
    });
    let round = round::wants(&asked, &host)
        .await?
        .map(|(says, does)| view! { <Wants says="The round" more=says address="/hosting/round".to_owned() does/> });
    let letter = weekly::wants(&asked, &host)
        .await?
        .map(|(says, does)| view! { <Wants says="The letter" more=says address="/hosting/letter".to_owned() does/> });
    let new = newcomers::wants(asked.request.services.welcome.on_the_desk(&host).await?);
    let unanswered = sparks::wants(&asked, &host).await?;
    // A party moves in as long as somebody may still come by its links.
    let moving = asked.request.services.rosters.all(&host).await?.into_iter().filter(|party| party.open > 0);
    let moving: Vec<_> = moving
        .map(|party| {
            let address = format!("/hosting/invitations/roster/{}", party.id);
            view! { <Wants says="A party moves in" more=how_many_are_here(&party) address does="Look after them"/> }
        })
        .collect();
    let hands = hands::on_the_desk(&asked, &host).await?;
    let beat = pulse::wants(&asked, &host).await?;
    let quiet = hands.wants.is_empty()
        && knock.is_none()
        && round.is_none()
        && new.is_none()
        && unanswered.is_none()
        && letter.is_none()
        && beat.is_none()
        && moving.is_empty();
    Ok(view! {
        <PageTitle of="Hosting"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"Hosting"</h1>
                <p class="lede">"What wants you today. Ten minutes are enough, and none are fine as well."</p>
            </header>
            {hosting_pages("/hosting", true)}
            {hands.says}
            <ul class="rows">{knock}{round}{new}{unanswered}{letter}{moving}{beat}{hands.wants}</ul>
            {quiet.then(|| view! {
                <div class="empty"><p class="empty-title">"Nothing waits for you."</p><p><a href="/">"Go and read what people wrote"</a>"; that is hosting, too. Or "<a href="/hosting/invitations">"invite somebody"</a>"."</p></div>
            })}
            {hands.time}
        </main>
    }
    .into_any())
}

/// Something that wants a host.
#[component]
pub(super) fn Wants(
    /// What it is about.
    says: &'static str,
    /// How it stands, as a sentence.
    more: String,
    /// Where it is seen to.
    address: String,
    /// What one does there.
    does: &'static str,
) -> impl IntoView {
    view! {
        <li class="row">
            <div class="row-what">
                <p class="row-title">{says}</p>
                <p class="quiet">{more}</p>
            </div>
            <div class="actions"><a class="button quiet" href=address>{does}</a></div>
        </li>
    }
}
