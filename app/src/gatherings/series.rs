//! `/gatherings/{slug}`: a gathering, how often it is, and when next.

use super::{About, Occasion, Series, agenda::OccasionLine};
use crate::{
    address::encoded,
    chrome::{PageTitle, capital, with_article},
    here::here,
    home::{Page, load},
    live::on_hint,
    part::IntoPart,
    safe_html::Prose,
    timeline::post::in_words,
    when::{OwnClock, WEEKDAYS, Zones, local, now},
};
use domain::{
    live::Hint,
    pictures::{Picture, Size},
    time::Timestamp,
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
                let Series { about, usual, next, last } = series.get();
                view! {
                    <PageTitle of=about.title.clone()/>
                    <Head about=about.clone() next=usual.filter(|_| about.repeats.is_some()).or(next.first().map(|next| next.starts_at))/>
                    {about.cancelled.clone().map(|why| view! { <CancelledNote why/> })}
                    {(!about.html.as_str().is_empty()).then(|| view! { <Prose html=about.html.clone()/> })}
                    <Facts about=about.clone()/>
                    <Ways about=about.clone()/>
                    <section class="section" aria-labelledby="next">
                        <h2 id="next">"Next"</h2>
                        {if next.is_empty() {
                            view! { <Over about last/> }.part()
                        } else {
                            view! {
                                <ol class="agenda compact">
                                    {next.into_iter().map(|occasion| view! { <OccasionLine occasion compact=true/> }).collect_view()}
                                </ol>
                            }.part()
                        }}
                    </section>
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
fn Over(about: About, last: Option<Occasion>) -> impl IntoView {
    let here = here();
    let another = format!("Plan {}", with_article(&here.words.gathering));
    let edit = format!("/gatherings/{}/edit", about.slug);
    view! {
        <p class="quiet">
            "Nothing more is planned here."
            {last.filter(|_| about.cancelled.is_none()).map(|last| {
                let zone = here.viewer.zone_or(&last.zone);
                let day = local(last.starts_at, zone).date_seen_from(local(now(), zone));
                let was = if about.repeats.is_some() { " The last one was on " } else { " It was on " };
                view! { {was}<a href=format!("/gatherings/{}/{}", last.slug, last.date)>{day}</a>"." }
            })}
        </p>
        <p class="actions">
            {if about.mine {
                view! { <a class="button" href=edit rel="external">"Set a new date"</a> }.part()
            } else if here.me().is_some() {
                view! { <a class="button" href="/gatherings/new" rel="external">{another}</a> }.part()
            } else {
                ().part()
            }}
            <a class="button plain" href="/gatherings">"See what else is coming"</a>
        </p>
    }
}

#[component]
fn Head(about: About, next: Option<Timestamp>) -> impl IntoView {
    let here = here();
    let lasting = lasting_in_words(about.minutes);
    view! {
        {about.picture.map(|picture| view! {
            <img class="gathering-picture" src=Picture::address(picture.id, Size::Large) width=picture.width height=picture.height alt=picture.alt dir="auto"/>
        })}
        <header class="page-head gathering-head">
            <p class="label"><a href="/gatherings">{capital(&here.words.gatherings)}</a></p>
            <h1 dir="auto">{about.title}</h1>
            <p class="gathering-when">
                {match (about.repeats, next) {
                    (Some(repeats), Some(at)) => {
                        let one_day = names_one_day(&repeats);
                        view! { {capital(&repeats)}", "<OwnClock starts_at=at zone=about.zone lasting one_day/> }.part()
                    }
                    (None, Some(at)) => {
                        let date = local(at, here.viewer.zone_or(&about.zone)).date();
                        view! { {date}", "<Zones starts_at=at zone=about.zone/>", "{lasting} }.part()
                    }
                    (Some(repeats), None) => view! { {capital(&repeats)} }.part(),
                    (None, None) => ().part(),
                }}
            </p>
        </header>
    }
}

/// Where a gathering is, and who keeps it.
#[component]
fn Facts(
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

#[component]
fn Ways(about: About) -> impl IntoView {
    let member = here().me().is_some();
    view! {
        <p class="actions">
            <AddToCalendar slug=about.slug.clone()/>
            {(member && about.mine).then(|| view! {
                <a class="button plain" href=format!("/gatherings/{}/edit", about.slug) rel="external">"Change it"</a>
            })}
        </p>
    }
}

/// The way into one's calendar.
#[component]
pub(super) fn AddToCalendar(
    /// The gathering's address part.
    slug: String,
) -> impl IntoView {
    view! { <a class="button quiet" href=format!("/gatherings/{slug}/calendar") rel="external">"Add to your calendar"</a> }
}

/// Whether the words of a rule name just one day of the week.
fn names_one_day(repeats: &str) -> bool {
    WEEKDAYS.iter().filter(|day| repeats.contains(**day)).count() == 1
}

/// How long, in words: `for an hour and a half`.
pub(crate) fn lasting_in_words(minutes: u32) -> String {
    let number = |count: u32| in_words(count).to_lowercase();
    let hours = |count: u32| if count == 1 { "an hour".to_owned() } else { format!("{} hours", number(count)) };
    let how_long = match (minutes / 60, minutes % 60) {
        (24.., 0) if minutes == 1440 => "a day".to_owned(),
        (24.., 0) if minutes.is_multiple_of(1440) => format!("{} days", number(minutes / 1440)),
        (0, minutes) => format!("{minutes} minutes"),
        (full, 0) => hours(full),
        (1, 30) => "an hour and a half".to_owned(),
        (full, 30) => format!("{} and a half hours", number(full)),
        (full, rest) => format!("{} and {rest} minutes", hours(full)),
    };
    format!("for {how_long}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_is_said_in_words() {
        let words: Vec<_> = [45, 60, 80, 90, 150, 1440, 2880, 1500].into_iter().map(lasting_in_words).collect();
        assert_eq!(
            words,
            [
                "for 45 minutes",
                "for an hour",
                "for an hour and 20 minutes",
                "for an hour and a half",
                "for two and a half hours",
                "for a day",
                "for two days",
                "for twenty-five hours",
            ]
        );
    }

    #[test]
    fn one_day_of_the_week_is_told_from_several_and_from_none() {
        assert!(names_one_day("every second Thursday") && names_one_day("on the last Friday of each month"));
        assert!(!names_one_day("every week on Monday and Wednesday") && !names_one_day("on the 3rd of each month"));
    }
}
