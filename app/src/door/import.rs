//! `/gatherings/import`: a calendar file is sent, and then stands here line by line: what becomes a gathering, what of that is not as it
//! was, and what can't be. Nothing is kept before the yes.

use super::{Asked, Page, fields::Refused};
use crate::{
    chrome::{PageTitle, capital, with_article},
    door::fields::Field,
    forms::{FormState, use_form},
    gatherings::{
        import::{ReadCalendarFile, TakeCalendarIn},
        told::lasting_in_words,
    },
    here::here,
    request::status,
    timeline::post::in_words,
    when::{Local, in_zone, local, now, on_clock},
};
use axum::http::StatusCode;
use domain::{
    gatherings::{
        import::{Changed, ImportRefusal, Line, Look, Taken, Why},
        rule,
    },
    timeline::Audience,
};
use leptos::prelude::*;

/// Up to how many lines that can't be taken are shown at once.
const SHOWN_AT_ONCE: usize = 8;

/// `/gatherings/import`, with `?file=` a file that waits.
pub(super) async fn import(asked: Asked) -> Page {
    let me = asked.me()?;
    let code = asked.query.get("file").to_owned();
    let take = use_form::<TakeCalendarIn, ImportRefusal>();
    let audience = take.typed("audience").and_then(|word| Audience::from_word(&word)).unwrap_or_default();
    let zone = &here().zone;
    let look = match code.as_str() {
        "" => None,
        code => asked.request.services.imports.look(&me, code, zone, audience).await?,
    };
    if let Some(look) = look {
        return Ok(preview(&look, &code, take, audience));
    }
    if let Ok(many) = asked.query.get("taken").parse::<usize>() {
        return Ok(done(many));
    }
    if !code.is_empty() {
        status(StatusCode::NOT_FOUND);
    }
    Ok(sending(!code.is_empty()))
}

/// What was taken in just now.
fn done(many: usize) -> AnyView {
    let (gatherings, gathering) = (here().words.gatherings.clone(), here().words.gathering.clone());
    let title = match many {
        0 => "All of that is here already".to_owned(),
        1 => format!("One {gathering} is on the agenda"),
        many => format!("{} {gatherings} are on the agenda", in_words(many as u32)),
    };
    view! {
        <PageTitle of=title.clone()/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/gatherings">{capital(&gatherings)}</a></p>
                <h1>{title}</h1>
                <p class="lede">"You host them. Nobody was told: where you want it known, tell of it on the timeline."</p>
            </header>
            <p class="actions">
                <a class="button" href="/gatherings?show=hosted">"See those that you host"</a>
                <a class="button plain" href="/gatherings/import">"Bring another calendar along"</a>
            </p>
        </main>
    }
    .into_any()
}

/// The form for the file; `gone` where one was asked for that does not wait any more.
fn sending(gone: bool) -> AnyView {
    let form = use_form::<ReadCalendarFile, ImportRefusal>();
    let words = here().words.gatherings.clone();
    view! {
        <PageTitle of="Bring a calendar along"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/gatherings">{capital(&words)}</a></p>
                <h1>"Bring a calendar along"</h1>
                <p class="lede">
                    "Send the file that your calendar exports. You are shown first what becomes of each line of it; nothing is on the agenda before you say yes."
                </p>
            </header>
            {if gone && form.trouble().is_none() {
                view! { <p class="note refusal" role="alert">{ImportRefusal::Gone.to_string()}</p> }.into_any()
            } else {
                view! { <Refused form/> }.into_any()
            }}
            <form class="form" method="post" action=form.address() enctype="multipart/form-data">
                <Field id="file" label="Your calendar’s file" hint="Its name ends in .ics. Up to 2 MB." error=form.error("file")>
                    <input id="file" name="file" type="file" accept=".ics,.ical,.ifb,.icalendar,text/calendar" required=true/>
                </Field>
                <div class="actions">
                    <button class="button" type="submit">"Show me what is in it"</button>
                    <a class="button plain" href="/gatherings/new">"Plan one by hand"</a>
                </div>
            </form>
            <details class="more">
                <summary>"Where do I find that file?"</summary>
                <ul class="brought-where">
                    <li><strong>"Google Calendar"</strong>": on a computer, open the calendar’s settings and choose \u{201c}Export calendar\u{201d}. If it comes as a .zip, unpack it first."</li>
                    <li><strong>"Apple Calendar"</strong>": on a Mac, choose the calendar, then File, Export, Export."</li>
                    <li><strong>"Outlook"</strong>": File, Save Calendar; or on the web, publish the calendar and open its ICS link."</li>
                    <li><strong>"Nextcloud"</strong>": edit the calendar in the list at the side and choose \u{201c}Export\u{201d}."</li>
                    <li><strong>"Meetup"</strong>": at the event, \u{201c}Add to calendar\u{201d}, then \u{201c}iCalendar\u{201d}."</li>
                </ul>
            </details>
        </main>
    }
    .into_any()
}

/// What of a file would become what.
fn preview(look: &Look, code: &str, form: FormState, audience: Audience) -> AnyView {
    let (gatherings, gathering) = (here().words.gatherings.clone(), here().words.gathering.clone());
    let taken = |line: &&Line| line.becomes.is_ok();
    let fits = |line: &Line| line.becomes.as_ref().is_ok_and(|taken| taken.changed.is_empty() && !taken.private && !taken.twin);
    let (as_it_is, others): (Vec<&Line>, Vec<&Line>) = look.lines.iter().filter(taken).partition(|line| fits(line));
    let behind: Vec<(&str, &Why)> =
        look.lines.iter().filter_map(|line| Some((line.title.as_str(), line.becomes.as_ref().err()?))).collect();
    let count = as_it_is.len() + others.len();
    let title =
        if look.name.is_empty() { "What is in your calendar".to_owned() } else { format!("What is in \u{201c}{}\u{201d}", look.name) };
    let lede = match count {
        0 => "None of it can be taken in. Below it says of each why not.".to_owned(),
        1 => format!(
            "One thing in it can become {}. Nothing is on the agenda yet: look it through, and say yes below.",
            with_article(&gathering)
        ),
        many => format!("{many} things in it can become {gatherings}. Nothing is on the agenda yet: look them through, and say yes below."),
    };
    let group = |id: &'static str, heading: String, lines: &[&Line]| {
        let lines = lines.iter().filter_map(|line| Some(brought(line.at, line.becomes.as_ref().ok()?, form))).collect_view();
        view! {
            <section class="section" aria-labelledby=id>
                <h2 id=id>{heading}</h2>
                <ul class="brought">{lines}</ul>
            </section>
        }
    };
    let as_it_is = (!as_it_is.is_empty()).then(|| group("as-it-is", format!("As it is ({})", as_it_is.len()), &as_it_is));
    let others = (!others.is_empty()).then(|| group("changed", format!("Not quite as it was ({})", others.len()), &others));
    let audiences = [
        (Audience::Community, "Everybody here", ""),
        (
            Audience::Public,
            "Everybody, and they stand at the front door",
            "Visitors see titles, times, places, descriptions and your name, never who comes.",
        ),
    ];
    let audiences = audiences.map(|(of, name, hint)| {
        view! {
            <label class="choice">
                <input type="radio" name="audience" value=of.word() checked=of == audience/>
                <span>{name}{(!hint.is_empty()).then(|| view! { " "<span class="choice-hint">{hint}</span> })}</span>
            </label>
        }
    });
    let left = left_behind(look);
    let yes = if count == 1 { "Take it in" } else { "Take these in" };
    view! {
        <PageTitle of=title.clone()/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/gatherings/import">"Bring a calendar along"</a></p>
                <h1 dir="auto">{title}</h1>
                <p class="lede">{lede}</p>
            </header>
            <Refused form/>
            {if count == 0 {
                view! { <p class="actions"><a class="button quiet" href="/gatherings/import">"Send another file"</a></p> }.into_any()
            } else {
                view! {
                    <form class="brought-form" method="post" action=form.address()>
                        <input type="hidden" name="file" value=code.to_owned()/>
                        {as_it_is}
                        {others}
                        {left.map(|left| view! { <p class="note">{left}</p> })}
                        <fieldset class="choices"><legend>"Who is to see them?"</legend>{audiences}</fieldset>
                        <div class="actions">
                            <button class="button" type="submit">{yes}</button>
                            <a class="button plain" href="/gatherings">"Never mind"</a>
                            <a class="button plain" href="/gatherings/import">"Send another file"</a>
                        </div>
                    </form>
                }
                .into_any()
            }}
            {(!behind.is_empty()).then(|| stays_behind(&behind))}
        </main>
    }
    .into_any()
}

/// What of all that can be taken in is not taken along.
fn left_behind(look: &Look) -> Option<String> {
    let parts = [
        (look.people, "who is invited (here each says for themselves whether they come)"),
        (look.reminders, "reminders (here each chooses their own)"),
        (look.files, "attached files"),
    ];
    let parts: Vec<&str> = parts.into_iter().filter(|(there, _)| *there).map(|(_, what)| what).collect();
    let listed = match parts.as_slice() {
        [] => return None,
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    };
    Some(format!("What is not taken along: {listed}."))
}

/// A line that can be taken: what it becomes, and what of that is not as it was.
fn brought(at: usize, taken: &Taken, form: FormState) -> impl IntoView + use<> {
    let schedule = &taken.new.schedule;
    let (zone, today) = (schedule.zone.clone(), local(now(), &schedule.zone));
    let starts: Vec<Local> = taken.next.iter().map(|session| local(session.starts_at, &zone)).collect();
    let lasting = lasting_in_words(schedule.minutes);
    let clock = schedule.time.format("%H:%M");
    let when = match (&schedule.rule, starts.as_slice()) {
        (None, [one]) => format!("{}, {}, {lasting}", one.date_seen_from(today), one.clock()),
        (None, _) => format!("On single days, {lasting}"),
        (Some(_), _) => format!("{}, {clock}, {lasting}", capital(&rule::in_words(schedule))),
    };
    let readers = here().viewer.zone_or(&zone).clone();
    let first = taken.next.first().map(|session| local(session.starts_at, &readers));
    let differs = first.filter(|first| Some(first) != starts.first());
    let when = match differs {
        Some(first) => format!("{when}, {} (for you {}, {})", on_clock(&zone), first.date(), first.clock()),
        None if readers != zone => format!("{when}, {}", in_zone(&zone)),
        None => when,
    };
    let dates = (schedule.rule.is_some() || starts.len() > 1).then(|| {
        let dates = starts.iter().zip(&taken.next).map(|(start, session)| {
            let clock = if start.clock() == clock.to_string() { String::new() } else { format!(", {}", start.clock()) };
            let cancelled = if session.cancelled { " (cancelled)" } else { "" };
            format!("{}{clock}{cancelled}", start.date_seen_from(today))
        });
        format!("Next: {}", dates.collect::<Vec<_>>().join("; "))
    });
    let (place, words) = (taken.new.place.clone(), taken.beginning());
    let link = (!taken.new.link.is_empty()).then(|| taken.new.link.clone());
    let private = taken.private.then(|| "It is marked as private there: it is taken in only if you tick it.".to_owned());
    let twin =
        taken.twin.then(|| "There is one of that name here at that time already: a second one is taken in only if you tick it.".to_owned());
    let changed = private.into_iter().chain(twin).chain(taken.changed.iter().map(Changed::to_string));
    let changed = changed.map(|sentence| view! { <li dir="auto">{sentence}</li> }).collect_view();
    let checked = form.chosen("take[]", &at.to_string(), !taken.private && !taken.twin);
    view! {
        <li class="brought-one">
            <label class="choice">
                <input type="checkbox" name="take[]" value=at.to_string() checked=checked/>
                <span>
                    <strong dir="auto">{taken.new.title.clone()}</strong>
                    <span class="choice-hint">{when}</span>
                    {dates.map(|dates| view! { <span class="choice-hint">{dates}</span> })}
                    {(!place.is_empty()).then(|| view! { <span class="choice-hint" dir="auto">{place}</span> })}
                    {link.map(|link| view! { <span class="choice-hint brought-link" dir="ltr">{link}</span> })}
                    {(!words.is_empty()).then(|| view! { <span class="choice-hint" dir="auto">"“"{words}"”"</span> })}
                </span>
            </label>
            {(!taken.changed.is_empty() || taken.private || taken.twin).then(|| view! { <ul class="brought-changed">{changed}</ul> })}
        </li>
    }
}

/// The lines that can't be taken, and why.
fn stays_behind(behind: &[(&str, &Why)]) -> impl IntoView + use<> {
    let lines = behind.iter().map(|(title, why)| {
        let title = if title.is_empty() { "Without a name" } else { title };
        view! { <li><strong dir="auto">{title.to_owned()}</strong>" "<span class="brought-why" dir="auto">{why.to_string()}</span></li> }
    });
    let lines = view! { <ul class="brought-behind">{lines.collect_view()}</ul> };
    let lines = if behind.len() > SHOWN_AT_ONCE {
        view! { <details class="more"><summary>"Show all of them, and why"</summary>{lines}</details> }.into_any()
    } else {
        lines.into_any()
    };
    view! {
        <section class="section" aria-labelledby="behind">
            <h2 id="behind">{format!("Stays behind ({})", behind.len())}</h2>
            {lines}
        </section>
    }
}
