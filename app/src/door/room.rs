//! `/gatherings/{slug}/{date}` while it is time: the room of a session. (Before, it is a page of [`crate::home`]; afterwards, the
//! [`super::keepsake`].)
//!
//! All of it is written here, so that without script it is a page with the schedule and forms. A script (`room.js`) keeps it live: it
//! asks for the part that changed (`…/room/{part}`), sends the forms in the background, and shows the clock. That is a few kilobytes
//! instead of the client, so whoever opens the room on a phone in the middle of a round sees the right second at once.

use super::{
    Asked, NoPage, Page, Query,
    fields::{Field, Refused},
    keepsake,
};
use crate::{
    address::decoded,
    chrome::{Face, PageTitle},
    forms::use_form,
    gatherings::{
        About, OneSession, SendRsvp,
        rooms::{BeHere, BeShown, HangUp, Say, SetClock, TakeDown, WasThere},
        series::Where,
        session::{Coming, RsvpForm, WAITS},
        shown_session,
        told::who_comes,
    },
    here::here,
    request::Request,
    safe_html::{Prose, TextArea},
    shell,
    uploads::UploadRefusal,
    when::{When, Zones, local, machine, now},
};
use domain::{
    gatherings::{
        Answer, Rsvp, RsvpRefusal,
        attendance::AttendanceRefusal,
        clock::{Act, Phase, RoomClock, RoomKind, Turn, TurnKind},
        room::{self, MOST_AT_ONCE, OnPage, OnWall, Room, RoomPage, RoomRefusal},
    },
    ids::PictureId,
    outcome::Unavailable,
    people::Byline,
    pictures::{LONGEST_ALT, Picture, Size},
    time::Timestamp,
    timeline::{LONGEST_POST, Post, PostRefusal, Thread},
    viewer::Viewer,
};
use leptos::prelude::*;
use serde::Serialize;

/// The slug and the date of a session's address, and the part of its room that is asked for.
fn parts(path: &str) -> Option<(String, String, Option<&str>)> {
    let mut parts = path.split('/').skip(1);
    let found = match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("gatherings"), Some(slug), Some(date), None, ..) => (slug, date, None),
        (Some("gatherings"), Some(slug), Some(date), Some("room"), Some(part), None) => (slug, date, Some(part)),
        _ => return None,
    };
    let (slug, date, part) = found;
    Some((decoded(&slug.replace('+', "%2B")), date.to_owned(), part))
}

/// Whether the room or the keepsake stands at an address now. Visitors have no room: for them, the session's page goes on until it is over.
pub async fn stands_at(request: &Request, path: &str) -> Result<bool, Unavailable> {
    let Some((slug, date, None)) = parts(path) else { return Ok(false) };
    let phase = request.services.rooms.phase(&request.viewer, &slug, &date).await?;
    Ok(match phase {
        Some(Phase::Room) => request.viewer.me().is_some(),
        Some(Phase::Past) => true,
        Some(Phase::Ahead) | None => false,
    })
}

/// A part of a room by itself, for its script; `None` if that is not what stands at the address. What may not be seen is empty. Of the
/// wall, a query says what the page shows already: `after`, its last picture, and `of`, how many.
pub async fn part(request: &Request, path: &str, query: &str) -> Option<String> {
    let (slug, date, part) = parts(path)?;
    let part = part?;
    let rooms = &request.services.rooms;
    if part == "time" {
        let phase = match rooms.phase(&request.viewer, &slug, &date).await {
            Ok(phase) => phase.filter(|_| request.viewer.me().is_some()),
            Err(cause) => return Some(failed(&cause)),
        };
        let phase = match phase {
            Some(Phase::Room) => "room",
            Some(Phase::Past) => "past",
            Some(Phase::Ahead) => "ahead",
            None => "gone",
        };
        return Some(format!("{} {phase}", now().0));
    }
    let community = request.community.as_ref()?;
    crate::here::Here::of(community, &request.viewer).provide();
    crate::forms::provide_kept(None);
    if part == "head" {
        return Some(match answered(request, &slug, &date).await {
            Ok(Some((session, opens))) => {
                let rsvps = session.rsvps.clone();
                view! { <Head session=session.clone() opens/><Said session/><Answered rsvps/> }.to_html()
            }
            Ok(None) => gone(),
            Err(cause) => failed(&cause),
        });
    }
    if part == "wall" {
        let query = Query::of(query);
        let shown = query.get("after").parse().ok().map(PictureId).zip(query.get("of").parse().ok());
        let shown = shown.map(|(last, many)| OnPage { last, many });
        return Some(match rooms.wall(&request.viewer, (&slug, &date), shown).await {
            Ok(Some(wall)) if request.viewer.me().is_some() => view! { <Wall slug date wall/> }.to_html(),
            Ok(_) => gone(),
            Err(cause) => failed(&cause),
        });
    }
    let room = match rooms.room(&request.viewer, &slug, &date).await {
        Ok(room) => room.filter(|_| request.viewer.me().is_some()),
        Err(cause) => return Some(failed(&cause)),
    };
    let Some(room) = room else { return Some(gone()) };
    Some(match part {
        "clock" => view! { <Clock room/> }.to_html(),
        "here" => view! { <Here room/> }.to_html(),
        "talk" => match rooms.talk(&request.viewer, &room).await {
            Ok(talk) => view! { <Talk talk/> }.to_html(),
            Err(cause) => failed(&cause),
        },
        "mine" => view! { <Mine room/> }.to_html(),
        _ => String::new(),
    })
}

/// A session as its head shows it, for members, and when its link is shown; `None` if there is none for this viewer.
async fn answered(request: &Request, slug: &str, date: &str) -> Result<Option<(OneSession, Option<Timestamp>)>, Unavailable> {
    let page = request.services.gatherings.session(&request.viewer, slug, date).await?;
    let Some(page) = page.filter(|_| request.viewer.me().is_some()) else { return Ok(None) };
    let brought = request.services.bring.of(&request.viewer, &page).await?;
    Ok(Some((shown_session(request, &page, &brought), page.link_from)))
}

/// A part of what is not there.
fn gone() -> String {
    crate::request::status(axum::http::StatusCode::NOT_FOUND);
    String::new()
}

/// A part that we failed to show.
fn failed(cause: &Unavailable) -> String {
    tracing::error!(cause = %cause.0, "could not show a part of a room");
    crate::request::status(axum::http::StatusCode::INTERNAL_SERVER_ERROR);
    String::new()
}

/// The room or the keepsake.
pub(super) async fn page(asked: Asked, slug: &str, date: &str) -> Page {
    let page = asked.request.services.rooms.page(&asked.request.viewer, slug, date).await?.ok_or(NoPage::NotHere)?;
    let brought = asked.request.services.bring.of(&asked.request.viewer, &page.page).await?;
    let session = shown_session(&asked.request, &page.page, &brought);
    match (page.room.phase, &asked.request.viewer) {
        (Phase::Room, Viewer::Member(_)) => Ok(open(&asked.request, page, session)),
        (Phase::Past, _) => keepsake::keepsake(&asked, page, session, brought.host).await,
        _ => Err(NoPage::NotHere),
    }
}

fn open(request: &Request, page: RoomPage, session: OneSession) -> AnyView {
    shell::aid(include_str!("room.js"));
    let about = session.about.clone();
    let zone = here().viewer.zone_or(&about.zone).clone();
    let date = local(session.starts_at, &zone).date();
    let (slug, own_date) = (about.slug.clone(), session.date.clone());
    let RoomPage { room, talk, page } = page;
    let opening = Some(room.plan.opening.clone()).filter(|opening| !opening.is_empty());
    let over = session.over;
    let (started, phase) = (room.now >= session.starts_at, "room");
    view! {
        <PageTitle of=format!("{}, {date}", about.title)/>
        <main
            class="page room" id="page" tabindex="-1" data-room="" data-after=request.heard data-phase=phase
            data-gathering=about.id.to_string() data-date=own_date.clone() data-slug=slug.clone()
        >
            <Head session=session.clone() opens=page.link_from/>
            {(!over).then(|| view! { <MyAnswer session=session.clone()/> })}
            {opening.map(|opening| view! { <p class="room-opening" dir="auto">{opening}</p> })}
            <Clock room=room.clone()/>
            // Beside the clock, which is put anew now and then: what is said to those who listen stays.
            <p class="visually-hidden" id="announce" role="status"></p>
            <div class="room-tools">
                <button class="button plain" type="button" id="bell" aria-pressed="false" hidden=true>"Let a bell ring here at each turn"</button>
            </div>
            <Here room=room.clone()/>
            {started.then(|| view! { <Mine room=room.clone()/> })}
            <section class="section" aria-labelledby="wall-name">
                <h2 id="wall-name">"The wall"</h2>
                <Wall slug=slug.clone() date=own_date.clone() wall=room.wall()/>
                <HangUpForm slug=slug.clone() date=own_date.clone()/>
            </section>
            <section class="section" aria-labelledby="talk-name">
                <h2 id="talk-name">"Talk"</h2>
                <Talk talk/>
                <SayForm slug=slug.clone() date=own_date.clone()/>
            </section>
            <details class="more">
                <summary>"Who said they would come"</summary>
                <Answered rsvps=session.rsvps/>
            </details>
            {session.bring.then(|| view! {
                <p class="actions"><a class="button plain" href=format!("/gatherings/{slug}/{own_date}/bring")>"What to bring"</a></p>
            })}
            {about.mine.then(|| view! {
                <p class="actions">
                    {(!over).then(|| view! {
                        <a class="button plain" href=format!("/gatherings/{slug}/{own_date}/edit")>"Change it"</a>
                        <a class="button plain" href=format!("/gatherings/{slug}/{own_date}/edit#write")>"Write to those who come"</a>
                    })}
                    <a class="button plain" href=format!("/gatherings/{slug}/{own_date}/who")>"Write down who is here"</a>
                </p>
            })}
        </main>
    }
    .into_any()
}

/// What the session's page said before it was a room: when and where it is, what happens this time, and how one stands oneself. Whoever
/// is on their way needs the place first.
#[component]
fn Head(
    /// The session.
    session: OneSession,
    /// From when on those who come are shown the link, if that is still to come.
    opens: Option<Timestamp>,
) -> impl IntoView {
    let about = session.about.clone();
    let date = local(session.starts_at, here().viewer.zone_or(&about.zone)).date();
    let waiting = session.mine.as_ref().is_some_and(|mine| mine.waiting);
    let coming = who_comes(&session);
    let call = about.link.clone();
    let facts = About { online: about.online && call.is_none(), ..about.clone() };
    view! {
        <div id="head" data-opens=opens.map(|opens| opens.0)>
            <header class="page-head gathering-head">
                <p class="label"><a href=format!("/gatherings/{}", about.slug) dir="auto">{about.title.clone()}</a></p>
                <h1>{date}</h1>
                <p class="gathering-when"><Zones starts_at=session.starts_at ends_at=session.ends_at zone=about.zone.clone()/></p>
                {call.map(|link| view! {
                    <p class="actions"><a class="button" id="join" href=String::from(link) rel="external noopener noreferrer" target="_blank">"Join the call"</a></p>
                })}
            </header>
            {session.moved.map(|moved| view! { <p class="quiet">{moved}</p> })}
            <dl class="facts"><Where about=facts/></dl>
            {coming.map(|coming| view! {
                <p class="occasion-who">
                    <bdi>{coming}</bdi>
                    {session.room.filter(|_| !waiting).map(|room| view! { " "{room} })}
                    {waiting.then(|| view! { " "<span class="occasion-mine">{WAITS}</span> })}
                </p>
            })}
            {(!session.html.as_str().is_empty()).then(|| view! { <Prose html=session.html/> })}
            {(!about.html.as_str().is_empty()).then(|| view! {
                <details class="more"><summary>"What it is"</summary><Prose html=about.html.clone()/></details>
            })}
        </div>
    }
}

/// What one said, and the form to say otherwise: whoever falls ill on the way can still say so, and a seat gets free.
#[component]
fn MyAnswer(session: OneSession) -> impl IntoView {
    let answering = use_form::<SendRsvp, RsvpRefusal>().trouble().is_some();
    let about = session.about.clone();
    view! {
        <details class="more" open=answering>
            <Said session=session.clone()/>
            <RsvpForm
                slug=about.slug date=session.date mine=session.mine guests=about.guests repeats=about.repeats.is_some() always=session.always
                late=session.late waiting=Memo::new(|_| false) answered=Callback::new(|()| ())
            />
        </details>
    }
}

/// What one said.
#[component]
fn Said(session: OneSession) -> impl IntoView {
    let says = match session.mine {
        None => "Say whether you come",
        Some(mine) if mine.waiting => "You wait for room. Change my answer",
        Some(mine) => match mine.answer {
            Answer::Yes => "You said yes. Change my answer",
            Answer::Maybe => "You said maybe. Change my answer",
            Answer::No => "You said not this time. Change my answer",
        },
    };
    view! { <summary id="said">{says}</summary> }
}

/// Who said what.
#[component]
fn Answered(rsvps: Vec<Rsvp>) -> impl IntoView {
    view! { <div id="coming"><Coming rsvps over=true/></div> }
}

/// A turn, as the script needs to know it.
#[derive(Serialize)]
struct TurnTold {
    name: String,
    prompt: String,
    lasts: i64,
    rest: bool,
}

fn name_of(turn: &Turn, rounds: usize) -> String {
    match turn.kind {
        TurnKind::Round(number) if rounds > 1 => format!("Round {number} of {rounds}"),
        _ => turn.name(),
    }
}

/// The clock: what is on, how long it goes on, what follows, and what its host can do.
#[component]
fn Clock(room: Room) -> impl IntoView {
    let Room { gathering, session, plan, kept, now, .. } = room;
    let turns = &kept.turns;
    let rounds = turns.iter().filter(|turn| matches!(turn.kind, TurnKind::Round(_))).count();
    let zone = here().viewer.zone_or(&gathering.schedule.zone).clone();
    let starts_at = session.starts_at;
    let told: Vec<_> = turns
        .iter()
        .map(|turn| TurnTold {
            name: name_of(turn, rounds),
            prompt: turn.prompt.clone(),
            lasts: turn.lasts,
            rest: turn.kind == TurnKind::Rest,
        })
        .collect();
    let (turns_json, clock_json) = (json(&told), json(&kept.clock));
    let state = match kept.clock {
        RoomClock::Waiting => "waiting",
        RoomClock::Running { .. } => "running",
        RoomClock::Paused { .. } => "paused",
        RoomClock::Done => "done",
    };
    let current = kept.clock.turn();
    let at = current.and_then(|at| told.get(at));
    let name = match (kept.clock, at) {
        (_, Some(turn)) => turn.name.clone(),
        (RoomClock::Done, _) => if plan.kind == RoomKind::Silence { "The silence is over" } else { "The rounds are over" }.to_owned(),
        _ if now < starts_at => format!("Begins at {}", local(starts_at, &zone).clock()),
        _ if turns.is_empty() => "The table is open".to_owned(),
        _ => "Soon".to_owned(),
    };
    let prompt = match (kept.clock, at) {
        (_, Some(turn)) if turn.rest && !turn.prompt.is_empty() => format!("Next: {}", turn.prompt),
        (_, Some(turn)) => turn.prompt.clone(),
        (RoomClock::Done, _) if plan.kind == RoomKind::Silence => "Stay a while.".to_owned(),
        (RoomClock::Done, _) => "Stay a while. Show what you made.".to_owned(),
        _ if turns.is_empty() => String::new(),
        _ => said_before(plan.kind, rounds, turns),
    };
    let left = match kept.clock {
        RoomClock::Running { ends_at, .. } => format!("until {}", local(ends_at, &zone).clock()),
        RoomClock::Paused { left, .. } => format!("{} left, paused", minutes_and_seconds(left)),
        RoomClock::Waiting | RoomClock::Done => String::new(),
    };
    let lines = schedule(turns, kept.clock, now).into_iter().enumerate().map(|(at, begins)| {
        let turn = &told[at];
        let when = match begins {
            Some(begins) if current.is_some_and(|current| at >= current) => format!("from {}", local(begins, &zone).clock()),
            _ => String::new(),
        };
        let minutes = turn.lasts / 60_000;
        let here = (current == Some(at)).then_some("step");
        let over = (current.is_some_and(|current| at < current) || kept.clock == RoomClock::Done).then_some("");
        view! {
            <li aria-current=here data-over=over class:rest=turn.rest>
                <span class="turn-name">{turn.name.clone()}</span>
                {(!turn.rest && !turn.prompt.is_empty()).then(|| view! { " "<span class="turn-prompt" dir="auto">{turn.prompt.clone()}</span> })}
                " "<span class="turn-time">{format!("{minutes} min")}" "<span class="turn-from">{when}</span></span>
            </li>
        }
    });
    let form = use_form::<SetClock, RoomRefusal>();
    let act = |act: Act, word: &'static str, says: &'static str, when: &'static [&'static str], class: &'static str| {
        view! {
            <form method="post" action=form.address() data-when=when.join(" ") data-then="clock" hidden=!when.contains(&state)>
                <input type="hidden" name="slug" value=gathering.slug.clone()/>
                <input type="hidden" name="session" value=session.date.to_string()/>
                <input type="hidden" name="seen" value=kept.sets/>
                <button class=class type="submit" name="act" value=word data-act=format!("{act:?}")>{says}</button>
            </form>
        }
    };
    let start = if plan.kind == RoomKind::Silence { "Begin the silence" } else { "Begin the first round" };
    let next = if rounds > 0 { "On to the next" } else { "End it now" };
    view! {
        <section
            class="room-clock" id="clock" aria-labelledby="turn" data-state=state data-turns=turns_json data-clock=clock_json data-sets=kept.sets
            data-now=now.0 data-starts=starts_at.0 data-before=said_before(plan.kind, rounds, turns) data-kind=plan.kind.word()
        >
            <h2 class="room-turn" id="turn">{name}</h2>
            <p class="room-prompt" id="prompt" dir="auto">{prompt}</p>
            <p class="room-left" id="left" role="timer">{left}</p>
            <div class="room-bar" id="bar" hidden=true><span></span></div>
            <Refused form/>
            {gathering.mine.then(|| (!turns.is_empty()).then(|| view! {
                <div class="actions room-acts">
                    {act(Act::Start, "start", start, &["waiting"], "button")}
                    {act(Act::Resume, "resume", "Go on", &["paused"], "button")}
                    // First what does no harm to whoever presses twice.
                    {act(Act::Pause, "pause", "Pause", &["running"], "button quiet")}
                    {act(Act::Minute, "minute", "A minute more", &["running", "paused"], "button quiet")}
                    {act(Act::Next, "next", next, &["running", "paused"], "button quiet")}
                    {act(Act::Reset, "reset", "Begin anew", &["paused", "done"], "button plain")}
                </div>
            }))}
            {(turns.len() > 1).then(|| view! { <ol class="room-turns" id="turns">{lines.collect_view()}</ol> })}
        </section>
    }
}

/// What is said before the first turn.
fn said_before(kind: RoomKind, rounds: usize, turns: &[Turn]) -> String {
    let minutes = turns.iter().find(|turn| turn.kind != TurnKind::Rest).map_or(0, |turn| turn.lasts / 60_000);
    match kind {
        RoomKind::Table => String::new(),
        RoomKind::Silence => format!("{} of silence, with a bell at the beginning and at the end.", in_minutes(minutes)),
        RoomKind::Rounds if rounds == 1 => format!("One round of {}.", in_minutes(minutes)),
        RoomKind::Rounds => format!("{rounds} rounds of {}.", in_minutes(minutes)),
    }
}

fn in_minutes(minutes: i64) -> String {
    if minutes == 1 { "1 minute".to_owned() } else { format!("{minutes} minutes") }
}

/// When each turn begins, as far as that can be said.
fn schedule(turns: &[Turn], clock: RoomClock, now: Timestamp) -> Vec<Option<Timestamp>> {
    let (current, mut begins) = match clock {
        RoomClock::Running { turn, ends_at } => (turn, ends_at.0 - turns.get(turn).map_or(0, |turn| turn.lasts)),
        RoomClock::Paused { turn, left } => (turn, now.0 + left - turns.get(turn).map_or(0, |turn| turn.lasts)),
        RoomClock::Waiting | RoomClock::Done => return vec![None; turns.len()],
    };
    let from = |(at, turn): (usize, &Turn)| {
        let from = (at >= current).then_some(Timestamp(begins));
        begins += if at >= current { turn.lasts } else { 0 };
        from
    };
    turns.iter().enumerate().map(from).collect()
}

fn minutes_and_seconds(left: i64) -> String {
    let seconds = (left + 999) / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// A value for the script. What is written so are numbers and plain text, which can always be written.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Who is here.
#[component]
fn Here(room: Room) -> impl IntoView {
    let (slug, date) = (room.gathering.slug.clone(), room.session.date.to_string());
    let (me, shown) = (here().me().map(|me| me.id), room.kept.shown);
    let people: Vec<Byline> = room.kept.here;
    let alone = people.iter().all(|who| Some(who.id) == me);
    let form = use_form::<BeShown, RoomRefusal>();
    let arrive = use_form::<BeHere, RoomRefusal>();
    let am_here = people.iter().any(|who| Some(who.id) == me);
    view! {
        <section class="room-here" id="here" aria-labelledby="here-name">
            <h2 class="label" id="here-name">"Here now"</h2>
            <Refused form/>
            {alone.then(|| view! { <p class="quiet">{if shown { "Nobody else yet. Whoever opens this page is here." } else { "Nobody else yet. You are here, and nobody sees it." }}</p> })}
            <ul class="here-list" data-lines="">
                {people.into_iter().map(|who| view! {
                    <li id=format!("here-{}", who.id)><a href=format!("/people/{}", who.name)><Face who=who.clone() class="face small"/><span dir="auto">{who.display_name}</span></a></li>
                }).collect_view()}
            </ul>
            <div class="here-me">
                {(shown && !am_here).then(|| view! {
                    <form method="post" action=arrive.address() data-then="here" class="without-script">
                        <input type="hidden" name="slug" value=slug.clone()/>
                        <input type="hidden" name="session" value=date.clone()/>
                        <button class="button plain" type="submit">"Say that I am here"</button>
                    </form>
                })}
                <form method="post" action=form.address() data-then="here">
                    <input type="hidden" name="slug" value=slug.clone()/>
                    <input type="hidden" name="session" value=date.clone()/>
                    <input type="hidden" name="shown" value=(!shown).to_string()/>
                    <button class="button plain" type="submit" data-act="shown">{if shown { "Don’t show that I am here" } else { "Show that I am here" }}</button>
                </form>
            </div>
        </section>
    }
}

/// Whether one was there oneself, and putting it right.
#[component]
pub(super) fn Mine(
    /// The room or the keepsake.
    room: Room,
) -> impl IntoView {
    let me = here().me().map(|me| me.id);
    let mine = room.kept.attendance.iter().find(|one| Some(one.who.id) == me).map(|one| one.came);
    let form = use_form::<WasThere, AttendanceRefusal>();
    let past = room.phase == Phase::Past;
    let (says, button) = match (mine, past) {
        (Some(true), true) => ("You were there.", "I wasn’t there"),
        (Some(true), false) => ("You are counted among those who are there.", "I am not there"),
        (_, true) => ("Were you there?", "I was there"),
        (_, false) => ("Are you there?", "I am there"),
    };
    view! {
        <form class="was-there" method="post" action=form.address() id="mine" data-then="mine">
            <input type="hidden" name="slug" value=room.gathering.slug.clone()/>
            <input type="hidden" name="session" value=room.session.date.to_string()/>
            <input type="hidden" name="came" value=(mine != Some(true)).to_string()/>
            <Refused form/>
            <span>{says}</span>
            <button class="button plain" type="submit" data-act="mine">{button}</button>
        </form>
    }
}

/// The pictures of a session.
#[component]
pub(super) fn Wall(
    /// The gathering's address part.
    slug: String,
    /// The session's.
    date: String,
    /// The pictures.
    wall: room::Wall,
) -> impl IntoView {
    let room::Wall { pictures, published, mine: theirs, after } = wall;
    let member = here().me().is_some();
    let empty = pictures.is_empty() && after.is_none();
    let form = use_form::<TakeDown, RoomRefusal>();
    let one = move |on: OnWall| {
        let id = on.picture.id;
        let (large, small) = (Picture::address(id, Size::Large), Picture::address(id, Size::Small));
        let alt = if on.picture.alt.is_empty() { format!("A picture by {}", on.by.display_name) } else { on.picture.alt.clone() };
        let who = on.by.display_name.clone();
        view! {
            <li id=format!("picture-{id}")>
                <a href=large class="wall-picture"><img src=small width=on.picture.width height=on.picture.height alt=alt dir="auto" loading="lazy"/></a>
                <div class="wall-by">
                    {if member { view! { <a href=format!("/people/{}", on.by.name) dir="auto">{who}</a> }.into_any() } else { view! { <span dir="auto">{who}</span> }.into_any() }}
                    {(!on.turn.is_empty()).then(|| view! { <span class="wall-turn" dir="auto">{on.turn.clone()}</span> })}
                    {(member && (on.mine || theirs)).then(|| {
                        let (slug, date) = (slug.clone(), date.clone());
                        view! {
                            <form method="post" action=form.address() data-then="wall">
                                <input type="hidden" name="slug" value=slug/>
                                <input type="hidden" name="session" value=date/>
                                <input type="hidden" name="picture" value=id.to_string()/>
                                <button class="wall-act" type="submit" aria-label=format!("Take down the picture by {}", on.by.display_name)>"Take down"</button>
                            </form>
                        }
                    })}
                </div>
                {(on.mine && published).then(|| view! { <keepsake::AgreeForm slug=slug.clone() date=date.clone() picture=id agreed=on.agreed/> })}
            </li>
        }
    };
    view! {
        <div id="wall" data-after=after.map(|after| after.to_string())>
            <Refused form/>
            {(empty && member).then(|| view! { <p class="quiet">"Nothing hangs here yet. What you make here finds its place on this wall."</p> })}
            <ul class="wall" data-lines="">{pictures.into_iter().map(one).collect_view()}</ul>
        </div>
    }
}

/// Hanging pictures on the wall.
#[component]
pub(super) fn HangUpForm(
    /// The gathering's address part.
    slug: String,
    /// The session's.
    date: String,
) -> impl IntoView {
    let form = use_form::<HangUp, UploadRefusal<RoomRefusal>>();
    let waiting = form.all("picture");
    let error = form.error("picture").or_else(|| form.error("file"));
    view! {
        <Refused form/>
        <form class="form hang-up" method="post" action=form.address() enctype="multipart/form-data" data-then="wall">
            <input type="hidden" name="slug" value=slug/>
            <input type="hidden" name="session" value=date/>
            {waiting.into_iter().map(|id| view! { <input type="hidden" name="picture" value=id/> }).collect_view()}
            <Field id="file" label="Hang a picture up" hint=format!("Up to {MOST_AT_ONCE} at once.") error>
                <input id="file" name="file" type="file" accept="image/*" multiple=true/>
            </Field>
            <Field id="new-alt" label="What it shows" optional="for those who can’t see it" error=form.error("new_alt")>
                <input id="new-alt" name="new_alt" type="text" dir="auto" maxlength=LONGEST_ALT autocomplete="off" value=form.value("new_alt", "")/>
            </Field>
            <p class="actions"><button class="button quiet" type="submit">"Hang it up"</button></p>
        </form>
    }
}

/// What was said beside it.
#[component]
pub(super) fn Talk(
    /// What was said.
    talk: Option<Thread>,
) -> impl IntoView {
    let posts: Vec<Post> = talk.into_iter().flat_map(|talk| [talk.root].into_iter().chain(talk.replies)).collect();
    let quiet = posts.iter().all(|post| post.taken_back);
    let root = posts.first().map(|post| post.root);
    view! {
        <div id="talk">
            {quiet.then(|| view! { <p class="quiet">"Nobody has said anything here yet."</p> })}
            <ol class="talk" data-lines="">
                {posts.into_iter().filter(|post| !post.taken_back).map(|post| view! {
                    <li id=format!("said-{}", post.id)>
                        <Face who=post.author.clone() class="face small"/>
                        <p class="talk-by"><a href=format!("/people/{}", post.author.name) dir="auto">{post.author.display_name}</a>" "<When at=post.at/></p>
                        <Prose html=post.html class="prose talk-said"/>
                    </li>
                }).collect_view()}
            </ol>
            {root.filter(|_| !quiet).map(|root| view! { <p class="talk-more"><a href=format!("/posts/{root}")>"See it as a thread"</a></p> })}
        </div>
    }
}

/// Saying something beside it.
#[component]
pub(super) fn SayForm(
    /// The gathering's address part.
    slug: String,
    /// The session's.
    date: String,
) -> impl IntoView {
    let form = use_form::<Say, PostRefusal>();
    view! {
        <Refused form/>
        <form class="form say" method="post" action=form.address() data-then="talk">
            <input type="hidden" name="slug" value=slug/>
            <input type="hidden" name="session" value=date/>
            <Field id="say" label="Say something" error=form.error("markdown")>
                <TextArea id="say" name="text" text=form.value("text", "") rows=2 most=LONGEST_POST required=true/>
            </Field>
            <p class="actions"><button class="button quiet" type="submit">"Say it"</button></p>
        </form>
    }
}

/// An instant for the page of a list.
pub(super) fn day_of(at: Timestamp, zone: &domain::time::Zone) -> (String, String) {
    (machine(at), local(at, zone).date_seen_from(local(now(), zone)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::gatherings::clock::{RoomForm, RoomPlan};

    fn plan() -> RoomPlan {
        let form = RoomForm { kind: RoomKind::Rounds, prompts: "Hands\nA window".into(), rest: "2".into(), ..RoomForm::default() };
        form.check().expect("a plan")
    }

    #[test]
    fn the_schedule_says_when_each_turn_begins_that_is_still_to_come() {
        let (turns, began) = (plan().turns(), Timestamp(0));
        let clock = RoomClock::Waiting.after(Act::Start, &turns, began).expect("started");
        let minutes = |now: i64| {
            let now = Timestamp(60_000 * now);
            schedule(&turns, clock.at(&turns, now), now).into_iter().map(|at| at.map(|at| at.0 / 60_000)).collect::<Vec<_>>()
        };
        assert_eq!(minutes(1), [Some(0), Some(10), Some(12)]);
        assert_eq!(minutes(11), [None, Some(10), Some(12)]);
        assert_eq!(schedule(&turns, RoomClock::Waiting, began), [None, None, None]);
    }

    #[test]
    fn an_address_names_a_session_or_a_part_of_its_room() {
        assert_eq!(parts("/gatherings/soup/2026-11-26"), Some(("soup".into(), "2026-11-26".into(), None)));
        assert_eq!(parts("/gatherings/soup/2026-11-26/room/wall"), Some(("soup".into(), "2026-11-26".into(), Some("wall"))));
        assert_eq!(parts("/gatherings/soup/2026-11-26/edit"), None);
        assert_eq!(parts("/gatherings/soup"), None);
    }

    #[test]
    fn what_is_left_is_said_in_minutes_and_seconds() {
        assert_eq!([600_000, 599_999, 61_000, 1, 0].map(minutes_and_seconds), ["10:00", "10:00", "1:01", "0:01", "0:00"]);
    }
}
