//! `/gatherings/{slug}/{date}`: one session, who comes, and saying whether I do.

use super::{OneSession, SendRsvp, agenda::Ways, series::Facts};
use crate::{
    address::encoded,
    chrome::{Face, PageTitle},
    forms::{SentForm, use_form},
    here::here,
    home::{Page, load, load_anew},
    live::on_hint,
    part::IntoPart,
    safe_html::Prose,
    timeline::post::in_words,
    when::InHours,
};
use domain::{
    gatherings::{Answer, Rsvp, RsvpRefusal},
    live::Hint,
};
use leptos::prelude::*;

/// `/gatherings/{slug}/{date}`.
#[component]
pub fn SessionView(
    /// The session.
    session: OneSession,
) -> impl IntoView {
    let member = here().me().is_some();
    let id = session.about.id;
    let address = StoredValue::new((session.about.slug.clone(), session.date.clone()));
    let over = session.over;
    let (guests, repeats) = (session.about.guests, session.about.repeats.is_some());
    let session = RwSignal::new(session);
    let gone = RwSignal::new(false);
    // An answer that is being written is not taken away by each change of another.
    let waiting = Memo::new(move |_| session.with(|session| session.mine.as_ref().is_some_and(|mine| mine.waiting)));
    let late = session.with_untracked(|session| session.late);
    let closed = Memo::new(move |_| over || session.with(|session| session.cancelled.is_some()));
    let refresh = move || {
        leptos::task::spawn_local(async move {
            let (slug, date) = address.get_value();
            match load(format!("/gatherings/{}/{date}", encoded(&slug))).await {
                Ok(Page::Session(now)) => {
                    session.try_set(*now);
                    if gone.get_untracked() {
                        gone.try_set(false);
                    }
                }
                Ok(Page::NotHere) => {
                    gone.try_set(true);
                }
                Ok(Page::Elsewhere) => load_anew(),
                _ => {}
            }
        });
    };
    on_hint(move |hint| {
        if hint == (Hint::GatheringChanged { gathering: id }) {
            refresh();
        }
    });
    view! {
        <main class="page" id="page" tabindex="-1">
            {move || {
                let session = session.get();
                view! { <PageTitle of=format!("{}, {}", session.about.title, session.day)/> <Head session/> }
            }}
            {move || if gone.get() {
                view! {
                    <div class="note warning" role="status">
                        <p>"There is nothing on this day any more. "<a href=format!("/gatherings/{}", address.with_value(|(slug, _)| slug.clone()))>"See when it is now"</a>"."</p>
                    </div>
                }.part()
            } else {
                let (slug, date) = address.get_value();
                view! {
                    {match (closed.get(), member) {
                        (true, _) => ().part(),
                        (false, true) => {
                            let (mine, always) = session.with_untracked(|session| (session.mine.clone(), session.always));
                            view! { <RsvpForm slug=slug.clone() date mine guests repeats always late waiting answered=Callback::new(move |()| refresh())/> }.part()
                        }
                        (false, false) => view! {
                            <p class="actions"><a class="button quiet" href=format!("/sign-in?next=/gatherings/{slug}/{date}") rel="external">"Sign in to say whether you come"</a></p>
                        }.part(),
                    }}
                    {member.then(|| view! { {move || view! { <Coming rsvps=session.get().rsvps over=closed.get()/> }} })}
                    {move || {
                        let ways = session.with(|session| session.ways.clone());
                        (!ways.is_empty()).then(|| view! { <Ways ways/> })
                    }}
                }.part()
            }}
        </main>
    }
}

#[component]
fn Head(session: OneSession) -> impl IntoView {
    let about = session.about;
    let waiting = session.mine.as_ref().is_some_and(|mine| mine.waiting);
    view! {
        <header class="page-head gathering-head">
            <p class="label"><a href=format!("/gatherings/{}", about.slug) dir="auto">{about.title.clone()}</a></p>
            <h1>{session.day}</h1>
            <p class="gathering-when" data-cancelled=session.cancelled.is_some().then_some("")><InHours hours=session.hours/></p>
        </header>
        {match session.cancelled {
            Some(why) => view! { <CalledOff why next=session.next/> }.part(),
            None => session.moved.map(|moved| view! { <p class="quiet">{moved}</p> }).part(),
        }}
        {session.skipped_hour.map(|skipped| view! { <div class="note warning"><p>{skipped}</p></div> })}
        {session.over.then(|| view! { <p class="note">"This one is over."</p> })}
        {session.coming.map(|coming| view! {
            <p class="occasion-who">
                <bdi>{coming}</bdi>
                {session.room.filter(|_| !waiting).map(|room| view! { " "{room} })}
                {waiting.then(|| view! { " "<span class="occasion-mine">{WAITS}</span> })}
                {(session.late && !session.over).then_some(" It is too late to say yes.")}
            </p>
        })}
        {[session.html, about.html.clone()].into_iter().filter(|html| !html.as_str().is_empty()).map(|html| view! { <Prose html/> }).collect_view()}
        <Facts about/>
    }
}

/// That a session was cancelled, why, and when the next one is.
#[component]
pub(crate) fn CalledOff(
    /// Why.
    why: String,
    /// Where and when the next one is.
    next: Option<(String, String)>,
) -> impl IntoView {
    view! {
        <div class="note warning">
            <h2>"This one is cancelled"</h2>
            <p dir="auto">{why}</p>
            {next.map(|(address, day)| view! { <p>"The next is on "<a href=address>{day}</a>"."</p> })}
        </div>
    }
}

/// What whoever waits for room is told.
pub(crate) const WAITS: &str = "You are on the waiting list, and are told when you move up.";

/// Saying whether one comes.
#[component]
pub fn RsvpForm(
    /// The gathering's address part.
    slug: String,
    /// The session's.
    date: String,
    /// One's own answer.
    mine: Option<Rsvp>,
    /// How many guests each may bring.
    guests: u32,
    /// It repeats.
    repeats: bool,
    /// One comes each time.
    always: bool,
    /// It is too late for a yes.
    late: bool,
    /// One waits for room.
    waiting: Memo<bool>,
    /// Called when it was answered.
    answered: Callback<()>,
) -> impl IntoView {
    let form = use_form::<SendRsvp, RsvpRefusal>();
    let taken = RwSignal::new(false);
    let done = Callback::new(move |_| {
        taken.set(true);
        answered.run(());
    });
    let note = form.value("form[note]", mine.as_ref().map_or("", |mine| &mine.note));
    let always = form.chosen("form[always]", "yes", always);
    let with = form.value("form[guests]", &mine.as_ref().map_or(0, |mine| mine.guests).to_string());
    let again = mine.is_some();
    let mine = mine.map(|mine| mine.answer);
    view! {
            <SentForm form done class="rsvp">
    {view! {
                <input type="hidden" name="slug" value=slug/>
                <input type="hidden" name="date" value=date/>
                <fieldset class="rsvp-answers">
                    <legend>"Will you come?"</legend>
                    {Answer::ALL.into_iter().map(|answer| view! {
                        <label class="rsvp-answer">
                            <input type="radio" name="answer" value=answer.word() required disabled=late && answer != Answer::No && mine != Some(answer) checked=form.chosen("answer", answer.word(), mine == Some(answer))/>
                            <span>{label(answer)}</span>
                        </label>
                    }).collect_view()}
                </fieldset>
                <div class="field">
                    <label for="rsvp-note">"A word with it "<span class="field-optional">"if you like"</span></label>
                    <input id="rsvp-note" name="form[note]" type="text" dir="auto" maxlength="200" value=note/>
                </div>
                {(guests > 0).then(|| view! {
                    <div class="field short">
                        <label for="rsvp-guests">"Guests"</label>
                        <input id="rsvp-guests" name="form[guests]" type="number" min="0" max=guests value=with/>
                    </div>
                })}
                {repeats.then(|| view! {
                    <input type="hidden" name="form[series]" value="yes"/>
                    <label class="choice"><input type="checkbox" name="form[always]" value="yes" checked=always/><span>"Count me in for every one "<span class="choice-hint">"For the coming weeks; each can be answered otherwise."</span></span></label>
                })}
                <div class="actions">
                    <button class="button" type="submit">
                        {move || if again || taken.get() { "Change my answer" } else { "Tell them" }}
                    </button>
                </div>
                <div role="status">{move || taken.get().then(|| view! { <p class="note">{if waiting.get() { "Thank you. There is no room yet: you wait, and are told when you move up." } else { "Thank you. They know." }}</p> })}</div>
            }.part()}
    </SentForm>
        }
}

/// Who said what.
#[component]
pub fn Coming(
    /// Who answered, yes first.
    rsvps: Vec<Rsvp>,
    /// It has begun, or is over.
    over: bool,
) -> impl IntoView {
    let nobody = rsvps.is_empty();
    let group = |answer: Answer, waiting: bool| {
        rsvps.iter().filter(|rsvp| rsvp.answer == answer && rsvp.waiting == waiting).cloned().collect::<Vec<_>>()
    };
    let name = |answer| if over { label(answer) } else { heading(answer) };
    let groups = [
        (name(Answer::Yes), group(Answer::Yes, false)),
        ("On the waiting list", group(Answer::Yes, true)),
        (name(Answer::Maybe), group(Answer::Maybe, false)),
        (name(Answer::No), group(Answer::No, false)),
    ];
    view! {
        <section class="section coming" aria-labelledby="answered">
            <h2 id="answered">{if over { "Who said they would come" } else { "Who’s coming" }}</h2>
            {nobody.then(|| view! { <p class="quiet">{if over { "Nobody answered." } else { "Nobody has answered yet. Be the first?" }}</p> })}
            {groups.into_iter().filter(|(_, rsvps)| !rsvps.is_empty()).map(|(name, rsvps)| view! {
                <h3 class="label">{name}</h3>
                <ul class="coming-list" aria-label=name>
                    {rsvps.into_iter().map(|rsvp| {
                        let with = (rsvp.guests > 0).then(|| format!(" and {} more", in_words(rsvp.guests).to_lowercase()));
                        let line = Some(rsvp.line).filter(|line| !line.is_empty() && rsvp.answer != Answer::No);
                        view! {
                            <li>
                                <Face who=rsvp.who.clone() class="face small"/>
                                <span><a href=format!("/people/{}", rsvp.who.name) dir="auto">{rsvp.who.display_name}</a>{with}</span>
                                {line.map(|line| view! { " "<span class="coming-line" dir="auto">{line}</span> })}
                                {(!rsvp.note.is_empty()).then(|| view! { " "<q class="coming-note" dir="auto">{rsvp.note}</q> })}
                            </li>
                        }
                    }).collect_view()}
                </ul>
            }).collect_view()}
        </section>
    }
}

/// An answer, as it is asked for.
pub(crate) fn label(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "Yes",
        Answer::Maybe => "Maybe",
        Answer::No => "Not this time",
    }
}

fn heading(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "Coming",
        other => label(other),
    }
}
