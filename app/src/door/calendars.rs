//! The ways into one's own calendar: `/gatherings/{slug}/calendar` for one series, `/calendar` for all that is public.

use super::{Asked, NoPage, Page, fields::CopyField};
use crate::{
    address::encoded,
    chrome::{PageTitle, capital},
    here::here,
};
use domain::timeline::Audience;
use leptos::prelude::*;

/// Links that add a calendar to somebody's own, where it stays up to date.
#[component]
pub(super) fn AddTo(
    /// The calendar's address.
    address: String,
    /// What it is called there.
    name: String,
) -> impl IntoView {
    let subscribe = address.split_once("://").map(|(_, rest)| format!("webcal://{rest}")).unwrap_or_default();
    let google = format!("https://calendar.google.com/calendar/r?cid={}", encoded(&subscribe));
    let outlook = format!("https://outlook.live.com/calendar/0/addfromweb?url={}&name={}", encoded(&address), encoded(&name));
    view! {
        <CopyField text=address label="Calendar address"/>
        <p class="actions">
            <a class="button" href=subscribe>"Open in your calendar"</a>
            <a class="button quiet" href=google rel="external noopener noreferrer">"Add to Google’s"</a>
            <a class="button quiet" href=outlook rel="external noopener noreferrer">"Add to Outlook’s"</a>
        </p>
        <p class="field-hint">"The first opens Apple’s calendar and most others; the two beside it are told the address."</p>
    }
}

/// `/gatherings/{slug}/calendar`.
pub(super) async fn series(asked: Asked, slug: &str) -> Page {
    let gathering = asked.request.services.gatherings.gathering(&asked.request.viewer, slug).await?.ok_or(NoPage::NotHere)?;
    let (member, public) = (asked.request.viewer.me().is_some(), gathering.audience == Audience::Public);
    let back = format!("/gatherings/{}", gathering.slug);
    let file = format!("{back}.ics");
    let address = format!("{}/gatherings/{}.ics", asked.request.origin, encoded(&gathering.slug));
    let name = gathering.title.clone();
    Ok(view! {
        <PageTitle of=format!("{}: add to your calendar", gathering.title)/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href=back dir="auto">{gathering.title}</a></p>
                <h1>"Add to your calendar"</h1>
            </header>
            {public.then(|| view! {
                <p>"Your calendar follows along: when it is moved or cancelled, that arrives there by itself."</p>
                <AddTo address name/>
            })}
            {member.then(|| view! {
                <p>
                    {if public { "Your own calendar has it as well, with all else that you may see: " } else { "Your own calendar has it, with all else that you may see, and changes arrive there by themselves: " }}
                    <a href="/settings/calendar">"your calendar address"</a>"."
                </p>
            })}
            <p class="actions"><a class="button plain" href=file>"As a file, as it is today"</a></p>
        </main>
    }
    .into_any())
}

/// `/calendar`.
pub(super) fn public(asked: &Asked) -> Page {
    let (member, words) = (asked.request.viewer.me().is_some(), here().words.gatherings.clone());
    Ok(view! {
        <PageTitle of="The public calendar".to_owned()/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/gatherings">{capital(&words)}</a></p>
                <h1>"The public calendar"</h1>
            </header>
            <p>"Your calendar can follow the "{words}" that are open to everybody, and changes arrive there by themselves."</p>
            <AddTo address=format!("{}/gatherings.ics", asked.request.origin) name=here().name.clone()/>
            {member.then(|| view! { <p>"All that you may see is in "<a href="/settings/calendar">"your own calendar"</a>"."</p> })}
            <p class="actions"><a class="button plain" href="/gatherings.ics">"As a file, as it is today"</a></p>
        </main>
    }
    .into_any())
}
