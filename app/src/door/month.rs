//! `/gatherings?month=2026-12`: a month as a calendar on a wall shows it; on a narrow screen, its days with something on them.

use super::{Asked, Page};
use crate::{
    chrome::{PageTitle, capital},
    gatherings::{Choice, agenda::Choices, told::choices},
    here::here,
    when::{Local, MONTHS, WEEKDAYS, local, now},
};
use chrono::{Datelike, Days, Months, NaiveDate};
use domain::{
    gatherings::{Answer, Listed, Show, sessions},
    time::Timestamp,
};
use leptos::prelude::*;

/// Whether an address of the agenda asks for a month.
pub fn is_asked_for(path: &str, query: &str) -> bool {
    path.trim_end_matches('/') == "/gatherings" && query.split('&').any(|part| part == "month" || part.starts_with("month="))
}

fn today() -> Local {
    local(now(), here().zone())
}

/// The first day of the month that is asked for: `2026-12`; this month, where it is none that a calendar of ours has.
fn asked_month(text: &str) -> NaiveDate {
    let typed = text.split_once('-').and_then(|(year, month)| NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1));
    let Local { year, month, .. } = today();
    typed
        .filter(|month| (1990..=sessions::LAST_YEAR).contains(&month.year()))
        .unwrap_or_else(|| NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default())
}

/// `/gatherings?month=`.
pub(super) async fn month(asked: Asked) -> Page {
    let first = asked_month(asked.query.get("month"));
    let last = first.checked_add_months(Months::new(1)).unwrap_or(first).pred_opt().unwrap_or(first);
    let show = Show::from_word(asked.query.get("show")).unwrap_or_default();
    let zone = here().zone().clone();
    let midnight = |date: NaiveDate| sessions::instant(date.and_hms_opt(0, 0, 0).unwrap_or_default(), &zone);
    let (from, until) = (midnight(first), midnight(last.succ_opt().unwrap_or(last)));
    let listed = asked.request.services.gatherings.between(&asked.request.viewer, from, until, show).await?;
    let address = |month: NaiveDate| address(month, show);
    let name = format!("{} {}", MONTHS[first.month0() as usize], first.year());
    let (before, after) = (first.checked_sub_months(Months::new(1)), first.checked_add_months(Months::new(1)));
    let step = |to: Option<NaiveDate>, rel: &'static str| {
        to.map(|to| {
            let name = format!("{} {}", MONTHS[to.month0() as usize], to.year());
            view! {
                <a class="button plain" rel=rel href=address(to)>
                    {(rel == "prev").then(|| view! { <span aria-hidden="true">"← "</span> })}{name}
                    {(rel == "next").then(|| view! { <span aria-hidden="true">" →"</span> })}
                </a>
            }
        })
    };
    let (previous, next) = (step(before, "prev"), step(after, "next"));
    let list = Choice { address: format!("/gatherings?show={}", show.word()), words: "As a list".into(), current: false, leaves: false };
    let choices = choices(&asked.request.viewer, show, &|choice| self::address(first, choice), list);
    let nothing = if listed.is_empty() {
        // A year ahead there is another one of nearly everything.
        let years_end = midnight(after.and_then(|after| after.checked_add_months(Months::new(12))).unwrap_or(last));
        let then = asked.request.services.gatherings.between(&asked.request.viewer, until, years_end, show).await?;
        Some(then.first().map(|listed| {
            let at = start(listed);
            let name = format!("{} {}", at.month_name(), at.year);
            (name, address(NaiveDate::from_ymd_opt(at.year, at.month, 1).unwrap_or(first)))
        }))
    } else {
        None
    };
    let weeks = weeks(first, last, &listed);
    let heads = WEEKDAYS.map(|day| view! { <th scope="col"><abbr title=day>{&day[..3]}</abbr></th> });
    let title = capital(&here().words.gatherings);
    Ok(view! {
        <PageTitle of=format!("{title}, {name}")/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/gatherings">{title}</a></p>
                <h1>{name.clone()}</h1>
            </header>
            <Choices choices/>
            <nav class="month-steps" aria-label="Other months">{previous}{next}</nav>
            {nothing.map(|then| view! {
                <p class="quiet">
                    "Nothing is on this month. "
                    {match then {
                        Some((name, address)) => view! { "The next is in "<a href=address>{name}</a>"." }.into_any(),
                        None => view! { <a href="/gatherings">"See everything that is coming"</a>"." }.into_any(),
                    }}
                </p>
            })}
            <table class="month-table" aria-label=name>
                <thead><tr>{heads}</tr></thead>
                <tbody>{weeks}</tbody>
            </table>
        </main>
    }
    .into_any())
}

fn address(month: NaiveDate, show: Show) -> String {
    let shown = if show == Show::All { String::new() } else { format!("&show={}", show.word()) };
    format!("/gatherings?month={}{shown}", month.format("%Y-%m"))
}

fn weeks(first: NaiveDate, last: NaiveDate, listed: &[Listed]) -> impl IntoView + use<> {
    let begins = first - Days::new(u64::from(first.weekday().num_days_from_monday()));
    let days: Vec<NaiveDate> = begins.iter_days().take_while(|day| *day <= last || day.weekday() != chrono::Weekday::Mon).collect();
    let today = today();
    let today = NaiveDate::from_ymd_opt(today.year, today.month, today.day).unwrap_or_default();
    // On a phone, this month begins with today, if anything is still to come in it.
    let more = (first..=last).contains(&today)
        && today.iter_days().take_while(|day| *day <= last).any(|day| listed.iter().any(|one| is_on(one, day)));
    let rows = days.chunks(7).map(|week| {
        let cells = week.iter().map(|day| {
            let within = (first..=last).contains(day);
            let is_today = *day == today;
            let on: Vec<_> = listed.iter().filter(|listed| within && is_on(listed, *day)).map(line).collect();
            let weekday = WEEKDAYS[day.weekday().num_days_from_monday() as usize];
            let full = format!("{}{weekday} {}", if is_today { "Today, " } else { "" }, day.day());
            view! {
                <td class:outside=!within class:past={more && *day < today} aria-current=is_today.then_some("date")>
                    {within.then(|| view! { <span class="month-day" aria-hidden="true">{day.day()}</span><span class="month-full">{full}</span> })}
                    {(!on.is_empty()).then(|| view! { <ul>{on}</ul> })}
                </td>
            }
        });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    rows.collect_view()
}

fn start(listed: &Listed) -> Local {
    local(listed.session.starts_at, here().zone())
}

fn is_on(listed: &Listed, day: NaiveDate) -> bool {
    let at = start(listed);
    (at.year, at.month, at.day) == (day.year(), day.month(), day.day())
}

fn line(listed: &Listed) -> impl IntoView + use<> {
    let address = format!("/gatherings/{}/{}", listed.slug, listed.session.date);
    let cancelled = listed.session.cancelled;
    // Who waits for room has no seat yet.
    let mine = listed.mine.filter(|mine| *mine != Answer::No && !listed.waiting).map(Answer::word);
    let over = listed.session.ends_at < Timestamp(now().0);
    view! {
        <li data-answer=mine data-cancelled=cancelled.then_some("") data-over=over.then_some("")>
            <a href=address><span class="month-clock">{start(listed).clock()}</span>" "<bdi>{listed.title.clone()}</bdi></a>
            {cancelled.then_some(" Cancelled.")}
        </li>
    }
}
