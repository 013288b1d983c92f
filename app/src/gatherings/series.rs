//! `/gatherings/{slug}`: a gathering, how often it is, and when next.

use super::{
    About, Over, Series,
    agenda::{OccasionLine, Ways},
};
use crate::{
    address::encoded,
    chrome::{PageTitle, capital},
    here::here,
    home::{Page, load},
    live::on_hint,
    part::IntoPart,
    safe_html::Prose,
    when::{Hours, InHours},
};
use domain::{
    live::Hint,
    pictures::{Picture, Size},
};
use leptos::prelude::*;

/// `/gatherings/{slug}`.
#[component]
pub fn GatheringView(
    /// The gathering.
    series: Series,
) -> impl IntoView {
    let (id, slug) = (series.about.id, StoredValue::new(series.about.slug.clone()));
    let series = RwSignal::new(series);
    on_hint(move |hint| {
        if hint == (Hint::GatheringChanged { gathering: id }) {
            leptos::task::spawn_local(async move {
                if let Ok(Page::Gathering(now)) = load(format!("/gatherings/{}", encoded(&slug.get_value()))).await {
                    series.try_set(*now);
                }
            });
        }
    });
    view! {
        <main class="page" id="page" tabindex="-1">
            {move || {
                let Series { about, when, ways, next, over, past, earlier } = series.get();
                view! {
                    <PageTitle of=about.title.clone()/>
                    <Head about=about.clone() when/>
                    {about.cancelled.clone().map(|why| view! { <CancelledNote why/> })}
                    {(!about.html.as_str().is_empty()).then(|| view! { <Prose html=about.html.clone()/> })}
                    <Facts about/>
                    <Ways ways/>
                    <section class="section" aria-labelledby="next">
                        <h2 id="next">"Next"</h2>
                        {match over {
                            Some(over) => view! { <NothingMore over/> }.part(),
                            None => view! {
                                <ol class="agenda compact">
                                    {next.into_iter().map(|occasion| view! { <OccasionLine occasion/> }).collect_view()}
                                </ol>
                            }.part(),
                        }}
                    </section>
                    {(!past.is_empty()).then(|| view! {
                        <section class="section" aria-labelledby="before">
                            <h2 id="before">"Before"</h2>
                            <ul class="before">
                                {past.into_iter().map(|(address, date, left)| view! {
                                    <li><a href=address>{date}</a>" "<span class="quiet" dir="auto">{left}</span></li>
                                }).collect_view()}
                            </ul>
                            {earlier.map(|earlier| view! { <p class="actions"><a class="button plain" href=earlier rel="external">"Earlier ones"</a></p> })}
                        </section>
                    })}
                }
            }}
        </main>
    }
}

/// That something was cancelled, and why.
#[component]
pub(crate) fn CancelledNote(
    /// Why.
    why: String,
) -> impl IntoView {
    view! { <div class="note warning"><p>"Cancelled: "<bdi>{why}</bdi></p></div> }
}

/// What one can do where the last session is over.
#[component]
fn NothingMore(over: Over) -> impl IntoView {
    let (said, last, ways) = over;
    view! {
        <p class="quiet">{said}{last.map(|(address, day)| view! { <a href=address>{day}</a>"." })}</p>
        <Ways ways/>
    }
}

#[component]
fn Head(about: About, when: (String, Option<Hours>, String)) -> impl IntoView {
    let (before, hours, after) = when;
    view! {
        {about.picture.map(|picture| view! {
            <img class="gathering-picture" src=Picture::address(picture.id, Size::Large) width=picture.width height=picture.height alt=picture.alt dir="auto"/>
        })}
        <header class="page-head gathering-head">
            <p class="label"><a href="/gatherings">{capital(&here().words.gatherings)}</a></p>
            <h1 dir="auto">{about.title}</h1>
            <p class="gathering-when">
                {before}
                {hours.map(|hours| view! { <InHours hours/> })}
                {(!after.is_empty()).then_some(after)}
            </p>
        </header>
    }
}

/// Where a gathering is, and who keeps it.
#[component]
pub(super) fn Facts(
    /// The gathering.
    about: About,
) -> impl IntoView {
    let member = here().me().is_some();
    view! {
        <dl class="facts">
            <Where about=about.clone()/>
            <div>
                <dt>"Kept by"</dt>
                <dd>
                    {if member {
                        [about.host].into_iter().chain(about.cohosts).enumerate().map(|(at, who)| view! {
                            {(at > 0).then_some(", ")}
                            <a href=format!("/people/{}", who.name) dir="auto">{who.display_name}</a>
                        }).collect_view().part()
                    } else {
                        view! { <span dir="auto">{about.host.display_name}</span> }.part()
                    }}
                </dd>
            </div>
        </dl>
    }
}

/// Where a gathering is: the place, and for members where to click.
#[component]
pub(crate) fn Where(
    /// The gathering.
    about: About,
) -> impl IntoView {
    let with_place = !about.place.is_empty();
    view! {
        {with_place.then(|| view! { <div><dt>"Where"</dt><dd dir="auto">{about.place}</dd></div> })}
        {about.online.then(|| view! {
            <div>
                <dt>"Online"</dt>
                <dd>
                    {match about.link {
                        Some(link) => {
                            let shown = link.shown().to_owned();
                            view! { <a href=String::from(link) rel="external noopener noreferrer" dir="ltr">{shown}</a> }.part()
                        }
                        None => view! { {about.link_note} }.part(),
                    }}
                </dd>
            </div>
        })}
        {about.facts.into_iter().map(|(name, fact)| view! { <div><dt>{name}</dt><dd dir="auto">{fact}</dd></div> }).collect_view()}
    }
}
