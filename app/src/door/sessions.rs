//! `/gatherings/{slug}/{date}/edit`: one session by itself. And what the page of the whole series has besides its form: the single
//! dates, and calling it off.

use super::{
    Asked, NoPage, Page,
    fields::{Field, FieldNote, Refused},
    plan::lengths,
    room_plan::RoomFields,
};
use crate::{
    chrome::PageTitle,
    fault::FaultNote,
    forms::{FormState, use_form},
    gatherings::sessions::{AddSession, CancelGathering, ChangeSession, WishForSession, WriteToAnswered},
    safe_html::TextArea,
    when::{Local, local, now},
};
use chrono::NaiveDate;
use domain::{
    gatherings::{
        Gathering, NEXT_SESSIONS, Session, WhoAnswered,
        calendar::Standing,
        changes::{SessionForm, SessionRefusal},
        clock::RoomKind,
    },
    outcome::Error,
    timeline::{LONGEST_POST, PostRefusal},
};
use leptos::prelude::*;

/// A session's day on the gathering's own clock.
fn day(gathering: &Gathering, session: &Session) -> Local {
    local(session.starts_at, &gathering.schedule.zone)
}

/// `Thursday 3 December`.
fn date_in_words(gathering: &Gathering, session: &Session) -> String {
    day(gathering, session).date_seen_from(local(now(), &gathering.schedule.zone))
}

/// Which of its sessions are to be changed: this one, this and all later ones, or the whole series.
#[component]
pub(super) fn ReachLinks(
    /// The gathering.
    gathering: Gathering,
    /// The session in question; the next one, where there is none.
    session: Option<NaiveDate>,
    /// What is changed on this page: `one`, or `from` the session on where there is one, else all.
    reach: &'static str,
) -> impl IntoView {
    let asked = session.and_then(|date| gathering.session(date)).or_else(|| gathering.not_over(now()).next());
    asked.filter(|_| gathering.schedule.rule.is_some()).map(|asked| {
        let (series, date) = (format!("/gatherings/{}", gathering.slug), date_in_words(&gathering, &asked));
        let current = match (reach, session) {
            ("one", _) => 0,
            (_, Some(_)) => 1,
            (_, None) => 2,
        };
        let links = [
            (format!("{series}/{}/edit", asked.date), format!("Only {date}")),
            (format!("{series}/edit?from={}", asked.date), format!("{date} and all later ones")),
            (format!("{series}/edit"), "The whole series".to_owned()),
        ];
        let links = links.into_iter().enumerate().map(|(at, (address, name))| {
            let here = (at == current).then_some("page");
            view! { <li><a href=address aria-current=here>{name}</a></li> }
        });
        view! { <nav class="subnav reach" aria-label="What is changed"><ul>{links.collect_view()}</ul></nav> }
    })
}

/// `/gatherings/{slug}/{date}/edit`.
pub(super) async fn edit(asked: Asked, slug: &str, date: &str) -> Page {
    asked.me()?;
    let gathering = asked.request.services.gatherings.gathering(&asked.request.viewer, slug).await?;
    let gathering = gathering.filter(|gathering| gathering.mine).ok_or(NoPage::NotHere)?;
    let date: NaiveDate = date.parse().map_err(|_| NoPage::NotHere)?;
    let session = gathering.session(date).filter(|session| session.ends_at > now() && !gathering.is_off(session)).ok_or(NoPage::NotHere)?;
    let title = date_in_words(&gathering, &session);
    let address = format!("/gatherings/{}/{date}", gathering.slug);
    let form = use_form::<ChangeSession, SessionRefusal>().about("session", &date.to_string());
    let me = asked.me()?;
    let rsvps = asked.request.services.gatherings.session(&asked.request.viewer, slug, &date.to_string()).await?.map(|page| page.rsvps);
    let rsvps = rsvps.unwrap_or_default();
    let mut others = match asked.request.services.gatherings.who_answered(&me, slug, &date.to_string()).await {
        Ok(others) => others,
        Err(Error::Refused(_)) => return Err(NoPage::NotHere),
        Err(Error::Unavailable(cause)) => return Err(cause.into()),
    };
    others.come.retain(|who| *who != me.id);
    others.not.retain(|who| *who != me.id);
    let answered = others != WhoAnswered::default();
    Ok(view! {
        <PageTitle of=format!("Change {title}")/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href=address.clone() dir="auto">{format!("{}, {title}", gathering.title)}</a></p>
                <h1>"Change it"</h1>
                <ReachLinks gathering=gathering.clone() session=Some(date) reach="one"/>
                <p class="lede">"Whoever has answered is told when the time or the place is another one."</p>
            </header>
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                <input type="hidden" name="slug" value=gathering.slug.clone()/>
                <input type="hidden" name="session" value=date.to_string()/>
                {own_fields(form, &SessionForm::of(&gathering, date))}
                <div class="actions">
                    <button class="button" type="submit">"Save"</button>
                    <a class="button plain" href=address>"Never mind"</a>
                </div>
            </form>
            <p class="actions"><a class="button plain" href=format!("/gatherings/{}/{date}/bring", gathering.slug)>"What to bring"</a></p>
            {answered.then(|| view! { <Write gathering=gathering.clone() session others/> })}
            <NotThen gathering=gathering.clone() session answered=!rsvps.is_empty()/>
        </main>
    }
    .into_any())
}

fn own_fields(form: FormState, now: &SessionForm) -> impl IntoView + use<> {
    let overtaken = form.typed("form[seen]").is_some_and(|seen| seen != now.seen.to_string());
    let field = |name: &str, now: &str| {
        let name = format!("form[{name}]");
        let typed = form.typed(&name).map(|typed| typed.replace("\r\n", "\n"));
        let stands = (overtaken && typed.as_deref() != Some(now)).then(|| now.to_owned());
        (form.value(&name, now), stands)
    };
    let (date, date_stands) = field("date", &now.date);
    let (time, time_stands) = field("time", &now.time);
    let (minutes, minutes_stands) = field("minutes", &now.minutes);
    let (place, place_stands) = field("place", &now.place);
    let (link, link_stands) = field("link", &now.link);
    let (door, door_stands) = field("door", &now.door);
    let (markdown, markdown_stands) = field("markdown", &now.markdown);
    view! {
        <input type="hidden" name="form[seen]" value=now.seen/>
        <div class="field-row">
            <Field id="date" label="Day" error=form.error("date") now=date_stands>
                <input id="date" name="form[date]" type="date" required=true value=date/>
            </Field>
            <Field id="time" label="At" error=form.error("time") now=time_stands>
                <input id="time" name="form[time]" type="time" required=true value=time/>
            </Field>
            <Field id="minutes" label="For" error=form.error("minutes") now=minutes_stands>
                <select id="minutes" name="form[minutes]">{lengths(&minutes)}</select>
            </Field>
        </div>
        <Field id="place" label="Place" optional="if it is at one" error=form.error("place") now=place_stands>
            <input id="place" name="form[place]" type="text" dir="auto" maxlength="200" autocomplete="off" value=place/>
        </Field>
        <Field id="door" label="What to look for at the door" optional="if it is hard to find" error=form.error("door") now=door_stands>
            <input id="door" name="form[door]" type="text" dir="auto" maxlength="300" autocomplete="off" value=door/>
        </Field>
        <Field id="link" label="Link" optional="if it is online" error=form.error("link") now=link_stands>
            <input id="link" name="form[link]" type="url" maxlength="500" placeholder="https://" value=link/>
        </Field>
        <Field id="markdown" label="What happens this time?" optional="if it is something of its own" error=form.error("markdown") now=markdown_stands>
            <TextArea id="markdown" name="form[markdown]" text=markdown rows=4 most=2000/>
        </Field>
        {now.room.clone().map(|room| {
            let refused = ["opening", "rounds", "round_minutes", "rest", "prompts", "silence"].iter().any(|field| form.error(field).is_some());
            let open = refused || overtaken || room.kind != RoomKind::Table;
            view! {
                <details class="more" open=open>
                    <summary>"What happens in the room this time"</summary>
                    <RoomFields form now=room overtaken name=|field| format!("form[room][{field}]")/>
                </details>
            }
        })}
    }
}

/// Writing to those who come or might, or to all who answered.
#[component]
fn Write(
    /// The gathering.
    gathering: Gathering,
    /// The session.
    session: Session,
    /// Who else answered it.
    others: WhoAnswered,
) -> impl IntoView {
    let form = use_form::<WriteToAnswered, PostRefusal>().about("session", &session.date.to_string());
    let text = form.value("text", "");
    let all = form.chosen("all", "yes", false);
    let whom = match (others.come.is_empty(), others.not.is_empty()) {
        (_, true) => ().into_any(),
        (true, false) => view! { <input type="hidden" name="all" value="yes"/> }.into_any(),
        (false, false) => view! {
            <fieldset class="choices">
                <legend>"To whom?"</legend>
                <label class="choice"><input type="radio" name="all" value="" checked=!all/><span>"Those who come or might"</span></label>
                <label class="choice"><input type="radio" name="all" value="yes" checked=all/><span>"Everyone who answered, also those who can’t come"</span></label>
            </fieldset>
        }
        .into_any(),
    };
    let hint = match (others.come.is_empty(), others.not.is_empty()) {
        (_, true) => "It goes to everybody who comes or might, and they can answer.",
        (true, false) => "It goes to those who said that they can’t come, and they can answer.",
        (false, false) => "They can answer.",
    };
    view! {
        <section class="section" aria-labelledby="write">
            <h2 id="write">"Write to those who answered"</h2>
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                <input type="hidden" name="slug" value=gathering.slug/>
                <input type="hidden" name="session" value=session.date.to_string()/>
                {whom}
                <Field id="text" label="What do you want to tell them?" hint=hint error=form.error("markdown")>
                    <TextArea id="text" name="text" text rows=3 most=LONGEST_POST/>
                </Field>
                <p class="actions"><button class="button quiet" type="submit">"Send it"</button></p>
            </form>
        </section>
    }
}

/// Leaving a session out, cancelling it, or taking that back.
#[component]
fn NotThen(gathering: Gathering, session: Session, answered: bool) -> impl IntoView {
    let form = use_form::<WishForSession, SessionRefusal>().about("session", &session.date.to_string());
    let why = form.value("why", "");
    let hidden = move |wish: &'static str| {
        view! {
            <input type="hidden" name="slug" value=gathering.slug.clone()/>
            <input type="hidden" name="session" value=session.date.to_string()/>
            <input type="hidden" name="wish" value=wish/>
        }
    };
    if session.cancelled {
        return view! {
            <section class="section" aria-labelledby="not-then">
                <h2 id="not-then">"It was cancelled"</h2>
                <FaultNote fault=form.fault()/>
                <form class="form" method="post" action=form.address()>
                    {hidden("take-place")}
                    <p class="actions"><button class="button quiet" type="submit">"It takes place after all"</button></p>
                </form>
            </section>
        }
        .into_any();
    }
    let left_out = form.typed("wish").is_some_and(|wish| wish == "leave-out");
    view! {
        <section class="section" aria-labelledby="not-then">
            <h2 id="not-then">"Call this one off"</h2>
            {(!left_out).then(|| form.trouble().map(|trouble| view! { <FieldNote sentence=trouble.sentence/> }))}
            <form class="form" method="post" action=form.address()>
                {hidden("cancel")}
                <Field id="why" label="Why is it cancelled?" hint="Everybody who answered is told, in these words; they stand on its page and in calendars, too." error=form.error("why")>
                    <input id="why" name="why" type="text" dir="auto" maxlength="300" required=true autocomplete="off" value=why/>
                </Field>
                <p class="actions"><button class="button danger" type="submit">"Cancel this one"</button></p>
            </form>
            {left_out.then(|| view! { <FaultNote fault=form.fault()/> })}
            {(!answered).then(|| view! {
                <form class="form" method="post" action=form.address()>
                    {hidden("leave-out")}
                    <p class="field-hint">"As long as nobody has answered, it can also just be left out."</p>
                    <p class="actions"><button class="button plain" type="submit">"Take this date off the agenda"</button></p>
                </form>
            })}
        </section>
    }
    .into_any()
}

/// The next sessions, each with a way to change it; those that were left out; and a form for one more.
#[component]
pub(super) fn SingleDates(
    /// The gathering.
    gathering: Gathering,
) -> impl IntoView {
    let add = use_form::<AddSession, SessionRefusal>();
    let take_in = use_form::<WishForSession, SessionRefusal>();
    let first = gathering.not_over(now()).next();
    let at = SessionForm { date: String::new(), ..SessionForm::of(&gathering, first.map_or(gathering.schedule.first, |first| first.date)) };
    let slug = gathering.slug.clone();
    let next = gathering.not_over(now()).take(NEXT_SESSIONS).map(|session| {
        let state = match gathering.exception(session.date) {
            _ if session.cancelled => " (cancelled)",
            Some(own) if own.standing == Standing::Extra => " (an extra one)",
            Some(own) if own.moved.is_some() => " (moved)",
            _ => "",
        };
        let clock = day(&gathering, &session).clock();
        view! {
            <li><a href=format!("/gatherings/{slug}/{}/edit", session.date)>{format!("{}, {clock}", date_in_words(&gathering, &session))}</a>{state}</li>
        }
    });
    let next = next.collect_view();
    let today = local(now(), &gathering.schedule.zone);
    let today = NaiveDate::from_ymd_opt(today.year, today.month, today.day).unwrap_or_default();
    let left_out = gathering.exceptions.iter().filter(|own| own.standing == Standing::LeftOut && own.date >= today).map(|own| {
        view! {
            <li>
                <form class="inline" method="post" action=take_in.address()>
                    <input type="hidden" name="slug" value=gathering.slug.clone()/>
                    <input type="hidden" name="session" value=own.date.to_string()/>
                    <input type="hidden" name="wish" value="take-in"/>
                    <span>{left_out_in_words(own.date, today)}" was left out. "</span>
                    <button class="button plain" type="submit">"Take it in again"</button>
                </form>
            </li>
        }
    });
    let left_out = left_out.collect_view();
    view! {
        <section class="section" aria-labelledby="single">
            <h2 id="single">"Single dates"</h2>
            <p class="quiet">"Follow one to move it, to say what happens that time, to leave it out or to cancel it."</p>
            <ul class="plain-list">{next}{left_out}</ul>
            <FaultNote fault=add.fault()/>
            <form class="form" method="post" action=add.address()>
                <input type="hidden" name="slug" value=gathering.slug.clone()/>
                <h3>"One more"</h3>
                <div class="field-row">
                    <Field id="extra-date" label="On" error=add.error("date")>
                        <input id="extra-date" name="form[date]" type="date" required=true value=add.value("form[date]", &at.date)/>
                    </Field>
                    <Field id="extra-time" label="From" error=add.error("time")>
                        <input id="extra-time" name="form[time]" type="time" required=true value=add.value("form[time]", &at.time)/>
                    </Field>
                    <Field id="extra-minutes" label="Lasting" error=add.error("minutes")>
                        <select id="extra-minutes" name="form[minutes]">{lengths(&add.value("form[minutes]", &at.minutes))}</select>
                    </Field>
                </div>
                <p class="actions"><button class="button quiet" type="submit">"Add it"</button></p>
            </form>
        </section>
    }
}

/// `Thursday 24 December`, and with the year if it is not this one.
fn left_out_in_words(date: NaiveDate, today: NaiveDate) -> String {
    date.format(if chrono::Datelike::year(&date) == chrono::Datelike::year(&today) { "%A %-d %B" } else { "%A %-d %B %Y" }).to_string()
}

/// Cancelling all that is still to come, or taking that back.
#[component]
pub(super) fn CallOff(
    /// The gathering.
    gathering: Gathering,
) -> impl IntoView {
    let form = use_form::<CancelGathering, SessionRefusal>();
    let slug = view! { <input type="hidden" name="slug" value=gathering.slug.clone()/> };
    if let Some(cancelled) = gathering.cancelled {
        return view! {
            <section class="section" aria-labelledby="call-off">
                <h2 id="call-off">"It was cancelled"</h2>
                <p class="quiet" dir="auto">{cancelled.why}</p>
                <form class="form" method="post" action=form.address()>
                    {slug}
                    <p class="actions"><button class="button quiet" type="submit">"It goes on after all"</button></p>
                </form>
            </section>
        }
        .into_any();
    }
    let why = form.value("why", "");
    view! {
        <section class="section" aria-labelledby="call-off">
            <h2 id="call-off">"Call it off"</h2>
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                {slug}
                <Field
                    id="call-off-why" label="Why is all of it cancelled?" error=form.error("why")
                    hint="Everybody who answered one that is still to come is told, in these words. What was stays."
                >
                    <input id="call-off-why" name="why" type="text" dir="auto" maxlength="300" required=true autocomplete="off" value=why/>
                </Field>
                <p class="actions"><button class="button danger" type="submit">"Cancel all that is to come"</button></p>
            </form>
        </section>
    }
    .into_any()
}
