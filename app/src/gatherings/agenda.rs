//! `/gatherings`: what is coming, month by month.

use super::{Agenda, Choice, Note, Occasion, Section, Way};
use crate::{
    chrome::PageTitle,
    home::{Page, load},
    live::on_hint,
    part::IntoPart,
    when::InHours,
};
use domain::{gatherings::Answer, live::Hint};
use leptos::prelude::*;

/// `/gatherings`.
#[component]
pub fn AgendaView(
    /// What is coming.
    agenda: Agenda,
) -> impl IntoView {
    let address = StoredValue::new(agenda.address.clone());
    let agenda = RwSignal::new(agenda);
    on_hint(move |hint| {
        if matches!(hint, Hint::GatheringChanged { .. }) {
            leptos::task::spawn_local(async move {
                if let Ok(Page::Agenda(now)) = load(address.get_value()).await {
                    agenda.try_set(*now);
                }
            });
        }
    });
    view! {
        <main class="page" id="page" tabindex="-1">
            {move || {
                let Agenda { title, plan, choices, quiet, months, end, later, note, subscribe, .. } = agenda.get();
                view! {
                    <PageTitle of=title.clone()/>
                    <header class="page-head">
                        <h1>{title}</h1>
                        {plan.map(|plan| view! { <Ways ways=vec![plan]/> })}
                    </header>
                    {(!choices.is_empty()).then(|| view! { <Choices choices/> })}
                    {quiet.map(|quiet| view! { <p class="quiet">{quiet}</p> })}
                    {months.into_iter().map(listed).collect_view()}
                    {end.map(|end| view! { <div class="caught-up"><p>{end}</p></div> })}
                    {later.map(listed)}
                    {note.map(|Note { title, text, ways }| view! {
                        <div class="empty">
                            <p class="empty-title">{title}</p>
                            {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
                            <Ways ways/>
                        </div>
                    })}
                    {subscribe.map(|Note { title, text, ways }| view! {
                        <section class="section" aria-labelledby="subscribe">
                            <h2 id="subscribe">{title}</h2>
                            <p>{text}</p>
                            <Ways ways/>
                        </section>
                    })}
                }.part()
            }}
        </main>
    }
}

fn listed(Section { id, name, sessions }: Section) -> impl IntoView {
    view! {
        <section class="month" aria-labelledby=id.clone()>
            <h2 class="month-name" id=id.clone()>{name}</h2>
            <ol class="agenda">{sessions.into_iter().map(|occasion| view! { <OccasionLine occasion/> }).collect_view()}</ol>
        </section>
    }
}

/// The ways on from a page.
#[component]
pub fn Ways(
    /// The ways.
    ways: Vec<Way>,
) -> impl IntoView {
    view! {
        <p class="actions">
            {ways.into_iter().map(|Way { look, address, words, leaves }| view! {
                <a class=look href=address rel=leaves.then_some("external")>{words}</a>
            }).collect_view()}
        </p>
    }
}

/// What of something is shown.
#[component]
pub(crate) fn Choices(
    /// All of its ways.
    choices: Vec<Choice>,
) -> impl IntoView {
    view! {
        <nav class="subnav" aria-label="What is shown">
            <ul>
                {choices.into_iter().map(|Choice { address, words, current, leaves }| view! {
                    <li><a href=address aria-current=current.then_some("page") rel=leaves.then_some("external")>{words}</a></li>
                }).collect_view()}
            </ul>
        </nav>
    }
}

/// A session in a list.
#[component]
pub fn OccasionLine(
    /// The session.
    occasion: Occasion,
) -> impl IntoView {
    let Occasion { address, title, day, below, date, hours, place, now, coming, said, mine, cancelled } = occasion;
    let mine = mine.map(Answer::word);
    view! {
        <li class="occasion" data-answer=mine data-cancelled=cancelled.then_some("")>
            <p class="occasion-date"><span class="occasion-day">{day}</span>" "<span class="occasion-weekday">{below}</span></p>
            <div class="occasion-what">
                <h3 class="occasion-title"><a href=address.clone() dir="auto">{title}</a></h3>
                <p class="occasion-when">
                    {(!date.is_empty()).then_some(date)}<InHours hours/>
                    {(!place.is_empty()).then(|| view! { ", "<bdi>{place}</bdi> })}
                </p>
                {(!now.is_empty()).then(|| view! { <p class="occasion-now"><a href=address>{now}</a></p> })}
                {cancelled.then(|| view! { <p class="occasion-who occasion-cancelled">"Cancelled."</p> })}
                {(coming.len() + said.len() > 0).then(|| view! {
                    <p class="occasion-who">
                        {(!coming.is_empty()).then(|| view! { <bdi>{coming}</bdi>" " })}
                        {(!said.is_empty()).then(|| view! { <span class="occasion-mine">{said}</span> })}
                    </p>
                })}
            </div>
        </li>
    }
}
