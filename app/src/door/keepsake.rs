//! `/gatherings/{slug}/{date}` once it is over, or was cancelled after people met: the keepsake. And for those who keep a gathering: who was at a session
//! (`/gatherings/{slug}/{date}/who`), and who comes to the gathering at all (`/gatherings/{slug}/who`).

use super::{
    Asked, NoPage, Page,
    fields::{Field, Refused},
    room::{HangUpForm, Mine, SayForm, Talk, Wall, day_of},
};
use crate::{
    chrome::{Face, PageTitle},
    forms::use_form,
    gatherings::{
        OneSession,
        rooms::{Agree, Check, HangUp, KeepNote},
        session::{CalledOff, Coming},
    },
    here::here,
    safe_html::{Prose, TextArea},
    timeline::post::in_words,
    uploads::UploadRefusal,
    when::{Zones, local, now},
};
use chrono::NaiveDate;
use domain::{
    gatherings::{
        Answer, Session,
        attendance::{AttendanceRefusal, Comer, Kind},
        room::{Room, RoomPage, RoomRefusal},
    },
    ids::PictureId,
    people::Byline,
    timeline::Audience,
};
use leptos::prelude::*;

/// The keepsake.
pub(super) async fn keepsake(asked: &Asked, page: RoomPage, session: OneSession, host: Option<Byline>) -> Page {
    let about = session.about.clone();
    let member = asked.request.viewer.me().is_some();
    let next = session.next.clone();
    let step = |to: Option<Session>, rel: &'static str| {
        to.map(|to| {
            let readers = here().viewer.zone_or(&about.zone).clone();
            let date = local(to.starts_at, &readers).date_seen_from(local(now(), &readers));
            view! {
                <a class="button plain" rel=rel href=format!("/gatherings/{}/{}", about.slug, to.date)>
                    {(rel == "prev").then(|| view! { <span aria-hidden="true">"← "</span> })}{date}
                    {(rel == "next").then(|| view! { <span aria-hidden="true">" →"</span> })}
                </a>
            }
        })
    };
    // What is next by now stands above already.
    let above = page.page.next.map(|next| next.date);
    let (before, after) = page.page.beside;
    let after = after.filter(|after| Some(after.date) != above);
    let steps = (before.is_some() || after.is_some()).then(|| {
        view! {
            <nav class="month-steps" aria-label="The ones before and after">{step(before, "prev")}{step(after, "next")}</nav>
        }
    });
    let zone = here().viewer.zone_or(&about.zone).clone();
    let (_, date) = day_of(session.starts_at, &zone);
    let (slug, own_date) = (about.slug.clone(), session.date.clone());
    let room = &page.room;
    let came: Vec<Byline> = room.kept.attendance.iter().filter(|one| one.came).map(|one| one.who.clone()).collect();
    let others = room.kept.others.clone();
    let hanging = use_form::<HangUp, UploadRefusal<RoomRefusal>>().trouble().is_some();
    let hosted = host.map(|host| host.display_name);
    // Who else keeps it is for members: where the note is another's than the planner's, visitors are not told whose.
    let another = !member && asked.request.services.bring.is_anothers(&asked.request.viewer, &page.page).await?;
    let from = hosted.clone().or_else(|| Some(about.host.display_name.clone()).filter(|_| !another));
    let nothing = room.kept.wall.is_empty() && room.kept.note_html.as_str().is_empty();
    // Of one that was cancelled after people met, there is what was left; nothing comes to it any more.
    let (cancelled, over) = (session.cancelled.clone(), session.over);
    let open = cancelled.is_none();
    let mine_is_known = here().me().is_some_and(|me| room.kept.attendance.iter().any(|one| one.who.id == me.id));
    let somebody_came = !came.is_empty() || !others.is_empty();
    Ok(view! {
        <PageTitle of=format!("{}, {date}", about.title)/>
        <main class="page keepsake" id="page" tabindex="-1">
            <header class="page-head gathering-head">
                <p class="label"><a href=format!("/gatherings/{slug}") dir="auto">{about.title.clone()}</a></p>
                <h1>{date}</h1>
                <p class="gathering-when quiet" data-cancelled=cancelled.is_some().then_some("")><Zones starts_at=session.starts_at ends_at=session.ends_at zone=about.zone.clone()/></p>
            </header>
            {match cancelled {
                Some(why) => view! { <CalledOff why next/> }.into_any(),
                None => view! {
                    <p class="quiet">
                        "This one is over. "
                        {match next {
                            Some((address, day)) => view! { "The next is on "<a href=address>{day}</a>"." }.into_any(),
                            None => view! { <a href="/gatherings">"See what else is coming"</a>"." }.into_any(),
                        }}
                    </p>
                }.into_any(),
            }}
            {hosted.map(|name| view! { <p class="quiet">"Hosted by "<bdi>{name}</bdi></p> })}
            {(!session.html.as_str().is_empty()).then(|| view! { <Prose html=session.html.clone()/> })}
            {(!room.kept.note_html.as_str().is_empty()).then(|| view! {
                <div class="keepsake-note" id="note">
                    <Prose html=room.kept.note_html.clone()/>
                    {from.map(|from| view! { <p class="keepsake-from">"From "<bdi>{from}</bdi></p> })}
                </div>
            })}
            {(about.mine && room.kept.published).then(|| {
                let shown = match room.kept.wall.iter().filter(|on| on.agreed).count() {
                    0 => "your note, and no picture yet".to_owned(),
                    1 => "your note and one picture".to_owned(),
                    many => format!("your note and {many} pictures"),
                };
                view! { <p class="quiet">{format!("Visitors see this page: {shown}.")}" "<a href="#keepsake-note">"Change that"</a></p> }
            })}
            {(nothing && !member).then(|| view! { <p class="quiet">"What is left of it is with those who were there."</p> })}
            {(member && open || !room.kept.wall.is_empty()).then(|| view! {
                <section class="section" aria-labelledby="wall-name">
                    <h2 id="wall-name">"What was made"</h2>
                    <Wall slug=slug.clone() date=own_date.clone() wall=room.wall()/>
                    {(member && open).then(|| view! {
                        <details class="more" open=hanging><summary>"Add a picture"</summary><HangUpForm slug=slug.clone() date=own_date.clone()/></details>
                    })}
                </section>
            })}
            {(member && (open || somebody_came)).then(|| view! {
                <section class="section" aria-labelledby="who-came">
                    <h2 id="who-came">"Who was there"</h2>
                    <WhoCame came others/>
                    {(open || mine_is_known).then(|| view! { <Mine room=room.clone()/> })}
                    {(open && about.mine).then(|| view! {
                        <p class="actions">
                            <a class="button quiet" href=format!("/gatherings/{slug}/{own_date}/who")>"Write down who was there"</a>
                            <a class="button plain" href=format!("/gatherings/{slug}/who")>"Who comes to this"</a>
                        </p>
                    })}
                </section>
            })}
            {(member && (open || page.talk.is_some())).then(|| view! {
                <section class="section" aria-labelledby="talk-name">
                    <h2 id="talk-name">"What was said"</h2>
                    <Talk talk=page.talk.clone()/>
                    {open.then(|| view! { <SayForm slug=slug.clone() date=own_date.clone()/> })}
                </section>
            })}
            {(open && about.mine).then(|| view! { <NoteForm room=room.clone()/> })}
            {member.then(|| view! {
                <details class="more">
                    <summary>"Who said they would come"</summary>
                    <Coming rsvps=session.rsvps.clone() over=true/>
                </details>
            })}
            {(!open && !over && about.mine).then(|| view! {
                <p class="actions"><a class="button plain" href=format!("/gatherings/{slug}/{own_date}/edit")>"Change it"</a></p>
            })}
            {steps}
        </main>
    }
    .into_any())
}

#[component]
fn WhoCame(came: Vec<Byline>, others: Vec<String>) -> impl IntoView {
    if came.is_empty() && others.is_empty() {
        return view! { <p class="quiet">"Nobody has said yet that they were there."</p> }.into_any();
    }
    view! {
        <ul class="here-list">
            {came.into_iter().map(|who| view! {
                <li><a href=format!("/people/{}", who.name)><Face who=who.clone() class="face small"/><span dir="auto">{who.display_name}</span></a></li>
            }).collect_view()}
            {others.into_iter().map(|name| view! { <li class="here-guest" dir="auto">{name}</li> }).collect_view()}
        </ul>
    }
    .into_any()
}

/// The host's note, and whether visitors see the keepsake.
#[component]
fn NoteForm(room: Room) -> impl IntoView {
    let form = use_form::<KeepNote, RoomRefusal>();
    let public = room.gathering.audience == Audience::Public;
    let publish = form.chosen("publish", "yes", room.kept.published);
    let text = form.value("note", &room.kept.note);
    view! {
        <details class="more" open=form.trouble().is_some()>
            <summary>"Your note on this one"</summary>
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                <input type="hidden" name="slug" value=room.gathering.slug.clone()/>
                <input type="hidden" name="session" value=room.session.date.to_string()/>
                <Field id="keepsake-note" label="What stays of it?" hint="A few sentences that you will like to find here in a year." error=form.error("note")>
                    <TextArea id="keepsake-note" name="note" text rows=5 most=10_000/>
                </Field>
                {public.then(|| view! {
                    <label class="choice">
                        <input type="checkbox" name="publish" value="yes" checked=publish/>
                        <span>
                            "Let visitors see it "
                            <span class="choice-hint">"Your note, and the pictures of those who say yes to it. Who was there and what was said stays here."</span>
                        </span>
                    </label>
                })}
                <p class="actions"><button class="button" type="submit">"Keep it"</button></p>
            </form>
        </details>
    }
}

/// Whether visitors may see a picture of one's own.
#[component]
pub(super) fn AgreeForm(
    /// The gathering's address part.
    slug: String,
    /// The session's.
    date: String,
    /// The picture.
    picture: PictureId,
    /// They may.
    agreed: bool,
) -> impl IntoView {
    let form = use_form::<Agree, RoomRefusal>();
    view! {
        <form method="post" action=form.address() data-then="wall">
            <input type="hidden" name="slug" value=slug/>
            <input type="hidden" name="session" value=date/>
            <input type="hidden" name="picture" value=picture.to_string()/>
            <input type="hidden" name="agreed" value=(!agreed).to_string()/>
            <button class="button plain" type="submit">{if agreed { "Visitors see it: hide it from them" } else { "Let visitors see it, with my name" }}</button>
        </form>
    }
}

/// `/gatherings/{slug}/{date}/who`: the list of those who keep it.
pub(super) async fn who(asked: Asked, slug: &str, date: &str) -> Page {
    asked.me()?;
    let rooms = &asked.request.services.rooms;
    let page = rooms.page(&asked.request.viewer, slug, date).await?.filter(|page| page.page.gathering.mine).ok_or(NoPage::NotHere)?;
    if page.page.session.cancelled || page.page.session.starts_at > now() {
        return Err(NoPage::NotHere);
    }
    let date: NaiveDate = page.page.session.date;
    let form = use_form::<Check, AttendanceRefusal>();
    let there = |who: &Byline| page.room.kept.attendance.iter().find(|one| one.who.id == who.id);
    let answered = page.page.rsvps.iter().filter(|rsvp| rsvp.answer != Answer::No).map(|rsvp| (rsvp.who.clone(), rsvp.guests));
    let mut listed: Vec<(Byline, u32)> = answered.collect();
    for one in &page.room.kept.attendance {
        if !listed.iter().any(|(who, _)| who.id == one.who.id) {
            listed.push((one.who.clone(), 0));
        }
    }
    for keeper in [&page.page.gathering.host].into_iter().chain(&page.page.gathering.cohosts) {
        if !listed.iter().any(|(who, _)| who.id == keeper.id) {
            listed.push((keeper.clone(), 0));
        }
    }
    listed.sort_by_cached_key(|(who, _)| who.display_name.to_lowercase());
    let others = form.value("form[others]", &page.room.kept.others.join("\n"));
    let address = format!("/gatherings/{}/{date}", page.page.gathering.slug);
    let day = local(page.page.session.starts_at, &page.page.gathering.schedule.zone).date();
    let lines = listed.into_iter().enumerate().map(|(at, (who, guests))| {
        let came = there(&who).is_some_and(|one| one.came);
        let corrected = there(&who).is_some_and(|one| one.known_by == domain::gatherings::attendance::KnownBy::Themselves);
        let with = (guests > 0).then(|| format!("said yes, with {} more", in_words(guests).to_lowercase()));
        let says = if corrected { Some("as they say themselves".to_owned()) } else { with };
        view! {
            <li>
                <input type="hidden" name=format!("form[listed][{at}]") value=who.id.to_string()/>
                <label class="choice">
                    <input type="checkbox" name=format!("form[came][{at}]") value=who.id.to_string() checked=came disabled=corrected/>
                    <span dir="auto">{who.display_name}{says.map(|says| view! { " "<span class="choice-hint">{says}</span> })}</span>
                </label>
            </li>
        }
    });
    Ok(view! {
        <PageTitle of=format!("Who was there on {day}")/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href=address.clone() dir="auto">{format!("{}, {day}", page.page.gathering.title)}</a></p>
                <h1>"Who was there?"</h1>
                <p class="lede">"Tick those you saw. Everybody sees themselves on the page of this day, and may put it right."</p>
            </header>
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                <input type="hidden" name="slug" value=page.page.gathering.slug.clone()/>
                <input type="hidden" name="session" value=date.to_string()/>
                <fieldset>
                    <legend>"From here"</legend>
                    <ul class="check-list">{lines.collect_view()}</ul>
                </fieldset>
                <Field
                    id="others" label="Who else?" optional="one a line" error=form.error("others")
                    hint="People without an account, by name: Oma Lise, the neighbour from number 9. Somebody from here who is not on the list: @name."
                >
                    <TextArea id="others" name="form[others]" text=others rows=3 most=6000/>
                </Field>
                <div class="actions">
                    <button class="button" type="submit">"Keep the list"</button>
                    <a class="button plain" href=address>"Never mind"</a>
                </div>
            </form>
        </main>
    }
    .into_any())
}

/// `/gatherings/{slug}/who`: who comes, for those who keep it.
pub(super) async fn comers(asked: Asked, slug: &str) -> Page {
    let me = asked.me()?;
    let (gathering, comers) = asked.request.services.rooms.comers(&me, slug).await?.ok_or(NoPage::NotHere)?;
    let nobody = comers.is_empty();
    let (missed, present): (Vec<Comer>, Vec<Comer>) = comers.into_iter().partition(|comer| comer.record.is_missed());
    let group = |name: &'static str, id: &'static str, comers: Vec<Comer>| {
        (!comers.is_empty()).then(|| {
            view! {
                <section class="section" aria-labelledby=id>
                    <h2 id=id>{name}</h2>
                    <ul class="coming-list">
                        {comers.into_iter().map(|comer| view! {
                            <li>
                                <Face who=comer.who.clone() class="face small"/>
                                <a href=format!("/people/{}", comer.who.name) dir="auto">{comer.who.display_name}</a>
                                " "<span class="coming-line">{comer.record.in_words()}</span>
                            </li>
                        }).collect_view()}
                    </ul>
                </section>
            }
        })
    };
    let of = |kind: Kind| present.iter().filter(|comer| comer.record.kind() == Some(kind)).cloned().collect::<Vec<_>>();
    Ok(view! {
        <PageTitle of=format!("Who comes to {}", gathering.title)/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href=format!("/gatherings/{}", gathering.slug) dir="auto">{gathering.title.clone()}</a></p>
                <h1>"Who comes"</h1>
                <p class="lede">
                    "By the last eight times that somebody is known to have been there. Only those who keep this gathering see it: so that nobody is missed without being asked after."
                </p>
            </header>
            {nobody.then(|| view! {
                <p class="quiet">"Nothing is known yet. It comes from the room, from what people say of themselves, and from the list that you write down on the page of each day."</p>
            })}
            {group("Missed", "missed", missed)}
            {group(Kind::Regular.in_words(), "regulars", of(Kind::Regular))}
            {group(Kind::Occasional.in_words(), "occasional", of(Kind::Occasional))}
            {group(Kind::DropIn.in_words(), "drop-ins", of(Kind::DropIn))}
        </main>
    }
    .into_any())
}
