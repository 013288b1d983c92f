//! `/gatherings`: what is coming, month by month.

use super::Occasion;
use crate::{
    chrome::{PageTitle, capital, with_article},
    here::here,
    home::{Page, load},
    live::on_hint,
    part::IntoPart,
    timeline::post::{in_words, names_in_words},
    when::{Local, Zones, local, now},
};
use domain::{
    gatherings::{AGENDA_MOST, Answer, NAMED_COMING, Show},
    live::Hint,
};
use leptos::prelude::*;

/// `/gatherings`.
#[component]
pub fn AgendaView(
    /// What is coming, soonest first.
    agenda: Vec<Occasion>,
    /// What of it is shown.
    show: Show,
) -> impl IntoView {
    let here = here();
    let member = here.me().is_some();
    let title = capital(&here.words.gatherings);
    let plan = format!("Plan {}", with_article(&here.words.gathering));
    let agenda = RwSignal::new(agenda);
    on_hint(move |hint| {
        if matches!(hint, Hint::GatheringChanged { .. }) {
            leptos::task::spawn_local(async move {
                if let Ok(Page::Agenda(now, _)) = load(format!("/gatherings?show={}", show.word())).await {
                    agenda.try_set(now);
                }
            });
        }
    });
    let empty = move || agenda.with(Vec::is_empty);
    let soon = move || agenda.with(|agenda| agenda.iter().filter(|occasion| !occasion.later).count());
    view! {
        <PageTitle of=title.clone()/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>{title}</h1>
                {member.then(|| view! {
                    {move || (!empty() || show != Show::All).then(|| view! { <p class="actions"><a class="button" href="/gatherings/new" rel="external">{plan.clone()}</a></p> })}
                })}
            </header>
            {move || (!empty() || show != Show::All).then(|| {
                let month = format!("/gatherings?month&show={}", show.word());
                let month = view! { <a href=month rel="external">"As a month"</a> };
                choices(show, &|choice| format!("/gatherings?show={}", choice.word()), month.into_any())
            })}
            {move || (soon() == 0 && !empty()).then(|| view! {
                <p class="quiet">{if member { "Nothing is planned for the next two months." } else { "Nothing is open to everybody in the next two months." }}</p>
            })}
            {move || {
                let here_now = local(now(), here.zone());
                let dated = agenda.get().into_iter().filter(|o| !o.later).map(|occasion| (readers_start(&occasion), occasion)).collect();
                months(dated).into_iter().map(|(first, occasions)| {
                    let id = format!("m-{}-{}", first.year, first.month);
                    view! {
                        <section class="month" aria-labelledby=id.clone()>
                            <h2 class="month-name" id=id.clone()>{first.month_seen_from(here_now)}</h2>
                            <ol class="agenda">
                                {occasions.into_iter().map(|occasion| view! { <OccasionLine occasion/> }).collect_view()}
                            </ol>
                        </section>
                    }
                }).collect_view()
            }}
            {move || if empty() && show != Show::All {
                view! { <p class="quiet">"Nothing of that kind is planned."</p> }.part()
            } else if empty() {
                view! { <Empty member/> }.part()
            } else {
                view! {
                    {end_in_words(soon(), member).filter(|_| show == Show::All).map(|end| view! { <div class="caught-up"><p>{end}</p></div> })}
                    <Later later=agenda.get().into_iter().filter(|occasion| occasion.later).collect()/>
                    <Subscribe member/>
                }.part()
            }}
        </main>
    }
}

/// What of the calendar is shown, each at its address, and the way to its other view.
pub(crate) fn choices(show: Show, address: &dyn Fn(Show) -> String, other: AnyView) -> impl IntoView + use<> {
    let member = here().me().is_some();
    let choices = Show::ALL.into_iter().filter(|choice| member || !choice.is_for_members()).map(|choice| {
        let current = (choice == show).then_some("page");
        view! { <li><a href=address(choice) aria-current=current>{choice.in_words()}</a></li> }
    });
    view! {
        <nav class="subnav" aria-label="What is shown">
            <ul>{choices.collect_view()}<li>{other}</li></ul>
        </nav>
    }
}

/// What comes first after the time that the agenda covers: one session of each gathering that has none within it.
#[component]
fn Later(later: Vec<Occasion>) -> impl IntoView {
    (!later.is_empty()).then(|| {
        view! {
            <section class="month" aria-labelledby="later">
                <h2 class="month-name" id="later">"Later"</h2>
                <ol class="agenda">{later.into_iter().map(|occasion| view! { <OccasionLine occasion/> }).collect_view()}</ol>
            </section>
        }
    })
}

/// What is true at the end of a list of so many sessions, of which a visitor sees those that are public.
fn end_in_words(soon: usize, member: bool) -> Option<String> {
    match soon {
        0 => None,
        AGENDA_MOST.. => Some(format!(
            "These are the next {}. What comes after them is on the page of each, and in your own calendar.",
            in_words(AGENDA_MOST as u32).to_lowercase()
        )),
        _ if member => Some("That is everything for the next two months.".to_owned()),
        _ => Some("That is everything open to everybody in the next two months.".to_owned()),
    }
}

#[component]
fn Empty(member: bool) -> impl IntoView {
    if member {
        view! {
            <div class="empty">
                <p class="empty-title">"Nothing is planned."</p>
                <p>"A place comes alive when people meet in it. An hour is enough, online or at a kitchen table, and the same hour every week is better still."</p>
                <p class="actions"><a class="button" href="/gatherings/new" rel="external">"Plan the first one"</a></p>
            </div>
        }
        .part()
    } else {
        view! {
            <div class="empty">
                <p class="empty-title">"Nothing is open to everybody just now."</p>
                <p>"If you live here, sign in to see the rest."</p>
                <p class="actions"><a class="button quiet" href="/sign-in?next=/gatherings" rel="external">"Sign in"</a></p>
            </div>
        }
        .part()
    }
}

#[component]
fn Subscribe(member: bool) -> impl IntoView {
    let gatherings = here().words.gatherings.clone();
    view! {
        <section class="section" aria-labelledby="subscribe">
            <h2 id="subscribe">"In your own calendar"</h2>
            {if member {
                view! {
                    <p>"The calendar on your phone can follow along: it takes an address that is yours alone, and from then on changes arrive by themselves."</p>
                    <p class="actions">
                        <a class="button quiet" href="/settings/calendar" rel="external">"Your calendar address"</a>
                        <a class="button plain" href="/calendar" rel="external">"Only what is public"</a>
                    </p>
                }.part()
            } else {
                view! {
                    <p>"The calendar on your phone can follow the public "{gatherings}", and changes arrive by themselves."</p>
                    <p class="actions"><a class="button quiet" href="/calendar" rel="external">"Add to your calendar"</a></p>
                }.part()
            }}
        </section>
    }
}

/// A session in a list: of the agenda, where its gathering is named, or of its own gathering's page, where its day is.
#[component]
pub fn OccasionLine(
    /// The session.
    occasion: Occasion,
    /// It stands on its own gathering's page.
    #[prop(optional)]
    compact: bool,
) -> impl IntoView {
    let member = here().me().is_some();
    let starts = readers_start(&occasion);
    let address = format!("/gatherings/{}/{}", occasion.slug, occasion.date);
    let date = occasion.later.then(|| format!("{}, ", starts.date_seen_from(local(now(), here().zone()))));
    let title = if compact { starts.weekday_name().to_owned() } else { occasion.title };
    let below = if compact || occasion.later { &starts.month_name()[..3] } else { &starts.weekday_name()[..3] };
    let place = place_in_words(&occasion.place, occasion.online);
    view! {
        <li class="occasion" data-answer=occasion.mine.map(Answer::word) data-cancelled=occasion.cancelled.then_some("")>
            <p class="occasion-date"><span class="occasion-day">{starts.day}</span>" "<span class="occasion-weekday">{below}</span></p>
            <div class="occasion-what">
                <h3 class="occasion-title"><a href=address dir="auto">{title}</a></h3>
                <p class="occasion-when">
                    {date}<Zones starts_at=occasion.starts_at zone=occasion.zone/>
                    {(!place.is_empty()).then(|| view! { ", "<bdi>{place}</bdi> })}
                </p>
                {occasion.cancelled.then(|| view! { <p class="occasion-who occasion-cancelled">"Cancelled."</p> })}
                {(member && !occasion.cancelled).then(|| view! {
                    <p class="occasion-who">
                        <bdi>{coming_in_words(occasion.yes, occasion.names, occasion.mine.filter(|_| !occasion.waiting))}</bdi>
                        {occasion.mine.map(|mine| view! { " "<span class="occasion-mine">{if occasion.waiting { "You are on the waiting list." } else { said_in_words(mine) }}</span> })}
                    </p>
                })}
            </div>
        </li>
    }
}

/// When a session starts on the reader's clock; a visitor reads the gathering's own.
fn readers_start(occasion: &Occasion) -> Local {
    local(occasion.starts_at, here().viewer.zone_or(&occasion.zone))
}

/// The sessions of each month, in the order that they came.
fn months(dated: Vec<(Local, Occasion)>) -> Vec<(Local, Vec<Occasion>)> {
    let mut months: Vec<(Local, Vec<Occasion>)> = Vec::new();
    for (starts, occasion) in dated {
        match months.last_mut() {
            Some((first, month)) if (first.year, first.month) == (starts.year, starts.month) => month.push(occasion),
            _ => months.push((starts, vec![occasion])),
        }
    }
    months
}

/// Where to go, in words: the place, `online`, or both.
fn place_in_words(place: &str, online: bool) -> String {
    match (place.is_empty(), online) {
        (false, true) => format!("{place} or online"),
        (false, false) => place.to_owned(),
        (true, true) => "online".to_owned(),
        (true, false) => String::new(),
    }
}

/// Who is coming, in words: `names` are some of the others, of whom up to three are named with the reader; `yes` counts them all.
pub(super) fn coming_in_words(yes: u32, mut names: Vec<String>, mine: Option<Answer>) -> String {
    let me = mine == Some(Answer::Yes);
    names.truncate(NAMED_COMING - usize::from(me));
    names.extend(me.then(|| "you".to_owned()));
    match (yes.saturating_sub(names.len() as u32), names.as_slice()) {
        (0, []) if mine.is_none() => "Nobody has said yes yet. Be the first?".to_owned(),
        (0, []) => "Nobody has said yes yet.".to_owned(),
        (0, [_]) if me => "Only you so far.".to_owned(),
        (0, [one]) => format!("{one} is coming."),
        (0, names) => format!("{} are coming.", names_in_words(names)),
        (1, []) => "One is coming.".to_owned(),
        (others, []) => format!("{} are coming.", in_words(others)),
        (1, names) => format!("{} and one other are coming.", names.join(", ")),
        (others, names) => format!("{} and {} others are coming.", names.join(", "), in_words(others).to_lowercase()),
    }
}

/// What the reader answered.
fn said_in_words(mine: Answer) -> &'static str {
    match mine {
        Answer::Yes => "You said yes.",
        Answer::Maybe => "You said maybe.",
        Answer::No => "You said not this time.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::time::{Timestamp, Zone};

    fn occasion(year: i32, month: u32, day: u32) -> (Local, Occasion) {
        let occasion = Occasion {
            slug: "drawing".into(),
            date: format!("{year}-{month:02}-{day:02}"),
            title: "Drawing".into(),
            zone: Zone::utc(),
            place: String::new(),
            online: true,
            starts_at: Timestamp(0),
            mine: None,
            waiting: false,
            yes: 0,
            names: Vec::new(),
            later: false,
            cancelled: false,
        };
        (Local { year, month, day, weekday: 0, hour: 0, minute: 0 }, occasion)
    }

    #[test]
    fn sessions_stand_below_their_month() {
        let months = months(vec![occasion(2026, 11, 26), occasion(2026, 12, 10), occasion(2026, 12, 24), occasion(2027, 12, 1)]);
        let counts: Vec<_> = months.iter().map(|(first, month)| (first.year, first.month_name(), month.len())).collect();
        assert_eq!(counts, [(2026, "November", 1), (2026, "December", 2), (2027, "December", 1)]);
    }

    #[test]
    fn who_comes_is_said_in_words() {
        let coming = |yes, names: &[&str], mine| coming_in_words(yes, names.iter().map(|name| (*name).to_owned()).collect(), mine);
        assert_eq!(coming(0, &[], None), "Nobody has said yes yet. Be the first?");
        assert_eq!(coming(0, &[], Some(Answer::No)), "Nobody has said yes yet.");
        assert_eq!(coming(1, &[], Some(Answer::Yes)), "Only you so far.");
        assert_eq!(coming(1, &["Ana"], Some(Answer::Maybe)), "Ana is coming.");
        assert_eq!(coming(3, &["Ana", "Bo"], Some(Answer::Yes)), "Ana, Bo and you are coming.");
        assert_eq!(coming(4, &["Ana", "Bo", "Cy"], None), "Ana, Bo, Cy and one other are coming.");
        assert_eq!(coming(23, &["Ana", "Bo", "Cy"], Some(Answer::Yes)), "Ana, Bo, you and twenty others are coming.");
    }

    #[test]
    fn the_agenda_does_not_say_that_it_is_everything_where_it_was_cut() {
        assert_eq!(end_in_words(0, true), None);
        assert_eq!(end_in_words(99, true).as_deref(), Some("That is everything for the next two months."));
        assert_eq!(end_in_words(99, false).as_deref(), Some("That is everything open to everybody in the next two months."));
        assert!(end_in_words(AGENDA_MOST, true).is_some_and(|end| end.starts_with("These are the next 100.")));
    }

    #[test]
    fn a_session_may_be_in_a_place_and_online() {
        assert_eq!(place_in_words("Rua da Lanterna 12", true), "Rua da Lanterna 12 or online");
        assert_eq!(place_in_words("", true), "online");
    }
}
