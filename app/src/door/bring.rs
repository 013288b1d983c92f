//! `/gatherings/{slug}/{date}/bring`: what is to be brought to a session, and who brings what. And whose turn it is, on the page of the
//! series.

use super::{
    Asked, NoPage, Page,
    fields::{Done, Field, Refused},
};
use crate::{
    chrome::{Face, PageTitle},
    forms::use_form,
    gatherings::bring::{KeepRota, TakeThing, WriteList},
    here::here,
    safe_html::TextArea,
    when::{local, now},
};
use domain::{
    gatherings::{
        Gathering,
        bring::{BringPage, BringRefusal, Taken, Wanted},
        rota::{Rota, RotaRefusal, Turn},
    },
    people::Byline,
};
use leptos::prelude::*;

const DONE: [(&str, &str); 3] = [
    ("taken", "Thank you. The others see that you bring it."),
    ("given-back", "It is open again for somebody else."),
    ("list", "The list is kept. What was taken stays taken."),
];

/// The longest list: its things with their numbers and line breaks.
const LONGEST_LIST: usize = 40 * 90;

/// The page.
pub(super) async fn page(asked: Asked, slug: &str, date: &str) -> Page {
    let me = asked.me()?;
    let page = asked.request.services.bring.page(&me, slug, date).await?.ok_or(NoPage::NotHere)?;
    let BringPage { gathering, session, brought, over } = page.clone();
    let zone = here().viewer.zone_or(&gathering.schedule.zone).clone();
    let day = local(session.starts_at, &zone).date_seen_from(local(now(), &zone));
    let address = format!("/gatherings/{}/{}", gathering.slug, session.date);
    let taking = use_form::<TakeThing, BringRefusal>();
    let (nothing, open) = (!brought.is_something(), !over && !session.cancelled);
    let lede = match () {
        () if over => "This one is over. So it was:",
        () if session.cancelled => "This one was cancelled, so nothing is needed.",
        () if nothing => "There is no list yet.",
        () => "Take what you like to bring. The others see it, so that there is enough of all and too much of nothing.",
    };
    let (list, also) = (brought.list.clone(), brought.also.clone());
    Ok(view! {
        <PageTitle of=format!("What to bring on {day}")/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href=address.clone() dir="auto">{format!("{}, {day}", gathering.title)}</a></p>
                <h1>"What to bring"</h1>
                <p class="lede">{lede}</p>
            </header>
            <Done says=&DONE done=asked.query.get("done")/>
            {taking.trouble().map(|_| view! { <Refused form=taking/> })}
            <ul class="bring-list">
                {list.into_iter().map(|wanted| view! { <OnList page=page.clone() wanted open/> }).collect_view()}
            </ul>
            {(!also.is_empty()).then(|| view! {
                <section class="section" aria-labelledby="also">
                    <h2 id="also">"Also"</h2>
                    <ul class="bring-list">
                        {also.into_iter().map(|taken| view! { <Also page=page.clone() taken over/> }).collect_view()}
                    </ul>
                </section>
            })}
            {(gathering.mine && !over).then(|| view! { <ListForm page=page.clone()/> })}
        </main>
    }
    .into_any())
}

/// A thing on the list, who brings it, and taking it.
#[component]
fn OnList(page: BringPage, wanted: Wanted, open: bool) -> impl IntoView {
    let mine = here().me().map_or(0, |me| wanted.of(me.id));
    let (name, needed, left) = (wanted.thing.name.clone(), wanted.thing.needed, wanted.open());
    let state = match (left, needed) {
        _ if !open => (needed > 1).then(|| format!("{needed} needed")),
        (0, _) => Some("all taken".to_owned()),
        (left, needed) if left == needed && needed > 1 => Some(format!("{needed} needed")),
        (_, 1) => None,
        (left, needed) => Some(format!("{left} of {needed} still open")),
    };
    let words = if mine == 0 { "I bring this" } else { "I bring one more" };
    view! {
        <li data-open=(open && left > 0).then_some("")>
            <div class="bring-what">
                <strong dir="auto">{name.clone()}</strong>
                {state.map(|state| view! { " "<span class="quiet">{state}</span> })}
                <By by=wanted.by/>
            </div>
            {(open && (left > 0 || mine > 0)).then(|| view! {
                <div class="bring-acts">
                    {(left > 0).then(|| view! { <Take page=page.clone() name=name.clone() many=mine + 1 class="button quiet" words/> })}
                    {(mine > 0).then(|| view! { <Take page=page.clone() name=name.clone() many=0 class="button plain" words="I can’t bring it"/> })}
                </div>
            })}
        </li>
    }
}

/// Something that is brought and is not on the list.
#[component]
fn Also(page: BringPage, taken: Taken, over: bool) -> impl IntoView {
    let mine = here().me().is_some_and(|me| me.id == taken.who.id);
    let name = taken.name.clone();
    view! {
        <li>
            <div class="bring-what"><strong dir="auto">{name.clone()}</strong><By by=vec![(taken.who, taken.many)]/></div>
            {(mine && !over).then(|| view! { <div class="bring-acts"><Take page name many=0 class="button plain" words="I can’t bring it"/></div> })}
        </li>
    }
}

/// Who brings a thing.
#[component]
fn By(by: Vec<(Byline, u32)>) -> impl IntoView {
    (!by.is_empty()).then(|| {
        view! {
            <ul class="here-list">
                {by.into_iter().map(|(who, many)| {
                    let says = (many > 1).then(|| format!(" brings {many}"));
                    view! {
                        <li><a href=format!("/people/{}", who.name)><Face who=who.clone() class="face small"/><span><bdi>{who.display_name}</bdi>{says}</span></a></li>
                    }
                }).collect_view()}
            </ul>
        }
    })
}

/// Taking so many of a thing.
#[component]
fn Take(page: BringPage, name: String, many: u32, class: &'static str, words: &'static str) -> impl IntoView {
    let form = use_form::<TakeThing, BringRefusal>();
    view! {
        <form method="post" action=form.address()>
            <input type="hidden" name="slug" value=page.gathering.slug/>
            <input type="hidden" name="session" value=page.session.date.to_string()/>
            <input type="hidden" name="thing" value=name.clone()/>
            <input type="hidden" name="many" value=many/>
            <button class=class type="submit">{words}<span class="visually-hidden">{format!(" ({name})")}</span></button>
        </form>
    }
}

/// The list, for those who keep the gathering.
#[component]
fn ListForm(page: BringPage) -> impl IntoView {
    let form = use_form::<WriteList, BringRefusal>();
    let BringPage { gathering, session, brought, .. } = page;
    let (stands, repeats) = (brought.written(), gathering.schedule.rule.is_some());
    let typed = form.value("form[things]", &stands).replace("\r\n", "\n");
    let overtaken = form.typed("form[seen]").is_some_and(|seen| seen.replace("\r\n", "\n").trim() != stands);
    let now = (overtaken && typed.trim() != stands).then(|| stands.replace('\n', ", "));
    let once = form.chosen("form[once]", "yes", brought.own);
    let hidden = {
        let (slug, date) = (gathering.slug.clone(), session.date.to_string());
        move || {
            view! {
                <input type="hidden" name="slug" value=slug.clone()/>
                <input type="hidden" name="session" value=date.clone()/>
            }
        }
    };
    let usual = brought.own.then(|| {
        let says = if brought.usual.is_empty() {
            "The usual list is empty.".to_owned()
        } else {
            format!("The usual list: {}.", domain::gatherings::bring::written(&brought.usual).replace('\n', ", "))
        };
        view! {
            <form class="form" method="post" action=form.address()>
                {hidden()}
                <input type="hidden" name="form[usual]" value="yes"/>
                <p class="field-hint">"This time has a list of its own. "<bdi>{says}</bdi></p>
                <p class="actions"><button class="button plain" type="submit">"Use the usual list again"</button></p>
            </form>
        }
    });
    view! {
        <section class="section" aria-labelledby="list-name">
            <h2 id="list-name">{if brought.list.is_empty() { "Write the list" } else { "Change the list" }}</h2>
            {form.trouble().map(|_| view! { <Refused form/> })}
            <form class="form" method="post" action=form.address()>
                {hidden()}
                <input type="hidden" name="form[seen]" value=stands/>
                <Field
                    id="things" label="Things to bring" error=form.error("things") now
                    hint="One a line. Where more than one is needed, begin with how many: 3 loaves of bread."
                >
                    <TextArea id="things" name="form[things]" text=typed rows=6 most=LONGEST_LIST placeholder="3 loaves of bread"/>
                </Field>
                {repeats.then(|| view! {
                    <label class="choice">
                        <input type="checkbox" name="form[once]" value="yes" checked=once/>
                        <span>"For this one only "<span class="choice-hint">"Else it is the list for each time."</span></span>
                    </label>
                })}
                <p class="actions"><button class="button quiet" type="submit">"Keep the list"</button></p>
            </form>
            {usual}
        </section>
    }
}

/// Whose turn it is at the next sessions, for the page of the series.
#[component]
pub(super) fn RotaForm(
    /// The gathering.
    gathering: Gathering,
    /// Whose turn it is.
    rota: Rota,
    /// What was done just now.
    done: String,
) -> impl IntoView {
    let form = use_form::<KeepRota, RotaRefusal>();
    let Rota { keepers, turns, .. } = rota;
    let (zone, alone, nothing) = (gathering.schedule.zone.clone(), keepers.len() < 2, turns.is_empty());
    let today = local(now(), &zone);
    let lines = turns.into_iter().enumerate().map(|(at, Turn { session, host })| {
        let starts = local(session.starts_at, &zone);
        let (id, name) = (format!("host-{at}"), format!("form[hosts][{at}]"));
        let stands = host.map(|host| host.to_string()).unwrap_or_default();
        // What was chosen for a date before the form was refused stays with the date, also where it stands elsewhere in the list now; what
        // was left as it was is as it is by now.
        let chosen = form.fields().and_then(|fields| {
            let (dates, _) = fields.iter().find(|(name, date)| name.starts_with("form[dates]") && *date == session.date.to_string())?;
            let sent = |list: &str| fields.iter().find(|(name, _)| *name == dates.replace("dates", list)).map(|(_, value)| value.clone());
            Some((sent("hosts")?, sent("seen")?))
        });
        let (chosen, seen) = chosen.filter(|(chosen, seen)| chosen != seen).unwrap_or_else(|| (stands.clone(), stands.clone()));
        let name_of =
            |id: &str| keepers.iter().find(|who| who.id.to_string() == id).map_or("everybody who keeps it", |who| &who.display_name);
        let now = (seen != stands && chosen != stands).then(|| format!("Now: {}.", name_of(&stands)));
        let cancelled = session.cancelled.then_some(" (cancelled)");
        view! {
            <li>
                <label for=id.clone()>{format!("{}, {}", starts.date_seen_from(today), starts.clock())}{cancelled}</label>
                <input type="hidden" name=format!("form[dates][{at}]") value=session.date.to_string()/>
                <input type="hidden" name=format!("form[seen][{at}]") value=stands/>
                <select id=id name=name aria-describedby=now.is_some().then(|| format!("now-{at}"))>
                    <option value="" selected=chosen.is_empty()>"Everybody who keeps it"</option>
                    {keepers.iter().map(|who| {
                        let value = who.id.to_string();
                        view! { <option selected=value == chosen value=value>{who.display_name.clone()}</option> }
                    }).collect_view()}
                </select>
                {now.map(|now| view! { <p class="field-hint" id=format!("now-{at}")><bdi>{now}</bdi></p> })}
            </li>
        }
    });
    let lines = lines.collect_view();
    (!nothing).then(|| {
        view! {
            <section class="section" aria-labelledby="rota">
                <h2 id="rota">"Whose turn is it?"</h2>
                <Done says=&[("rota", "The rota is kept.")] done/>
                {form.trouble().map(|_| view! { <Refused form/> })}
                {if alone {
                    view! { <p class="quiet">"It is yours alone so far. Once others keep it with you (name them above), you can take turns."</p> }.into_any()
                } else {
                    view! {
                        <p class="quiet">"Whoever hosts a time is named on its page, and is told who comes."</p>
                        <form class="form" method="post" action=form.address()>
                            <input type="hidden" name="slug" value=gathering.slug.clone()/>
                            <ul class="rota">{lines}</ul>
                            <div class="actions">
                                <button class="button quiet" type="submit">"Keep the rota"</button>
                                <button class="button plain" type="submit" name="in_turns" value="yes">"Fill it in turns"</button>
                            </div>
                        </form>
                    }.into_any()
                }}
            </section>
        }
    })
}
