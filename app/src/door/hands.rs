//! `/hosting/hands`: whose week it is among the hosts, who is away, and the meter of one's own time; and what of it the desk says.

use super::{
    Asked, NoPage, Page,
    fields::{Done, Field, Refused},
    hosting::{Wants, hosting_pages},
};
use crate::{
    chrome::{Face, PageTitle},
    forms::use_form,
    hands::{AnswerSwap, AskSwap, ComeBack, GiveWeekBack, GoAway, ShareWeeks, TakeWeek, TurnMeter, UnaskSwap},
    timeline::post::names_in_words,
    when::{MONTHS, now},
};
use chrono::{Datelike, NaiveDate};
use domain::{
    hands::{
        HostHere, Rota, SHOWN_WEEKS, Swap, WeekRefusal,
        away::{Away, AwayRefusal, LONGEST_WORD},
        meter::{PLENTY, in_words},
        weeks::{Week, date_at},
    },
    ids::MemberId,
    time::Zone,
    viewer::Host,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// How many days ahead the desk says that somebody will be away, and that nobody has a week.
const AHEAD_DAYS: u64 = 14;

/// What the turns of an order are called.
const TURNS: [&str; 6] = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth"];

const DONE: [(&str, &str); 13] = [
    ("taken", "It is yours. You are told when it begins."),
    ("given-back", "Given back. Nobody has it now, until somebody takes it."),
    ("changed", "It is not as it was any more. Below is how it stands."),
    ("shared", "Shared out. Whoever can’t, gives a week back or swaps it."),
    ("none-free", "There was nothing to share out: somebody has each of these weeks, or all are away."),
    ("asked", "Asked. You are told what they say."),
    ("unasked", "Taken back."),
    ("swapped", "Swapped. They are told."),
    ("not-swapped", "It stays as it was. They are told."),
    ("away", "Go well. Only the hosts know; it ends by itself."),
    ("back", "Good that you are here."),
    ("measured", "From now on your time is counted, for you alone."),
    ("not-measured", "Nothing is counted any more, and what was kept is gone."),
];

/// `7 December`, and the year where it is not this one.
fn day(date: NaiveDate, today: NaiveDate) -> String {
    let year = if date.year() == today.year() { String::new() } else { format!(" {}", date.year()) };
    format!("{} {}{year}", date.day(), MONTHS[date.month0() as usize])
}

/// `7 to 13 December`, `30 November to 6 December`.
fn days((first, last): (NaiveDate, NaiveDate), today: NaiveDate) -> String {
    match (first.year(), first.month()) == (last.year(), last.month()) {
        true if first == last => day(first, today),
        true => format!("{} to {}", first.day(), day(last, today)),
        false => format!("{} to {}", day(first, today), day(last, today)),
    }
}

/// A week: `7 to 13 December`. The rota looks so little ahead that no year need be said.
fn week_days(week: Week) -> String {
    let (first, last) = (week.first_day(), week.last_day());
    let begins = if first.month() == last.month() { first.day().to_string() } else { day(first, first) };
    format!("{begins} to {}", day(last, last))
}

/// A name in a sentence of ours, which keeps its own direction.
fn named(host: &HostHere) -> String {
    format!("\u{2068}{}\u{2069}", host.who.display_name)
}

/// Whose week it is, and whose the next: `This week is Marco’s; next week is Leila’s.`
fn whose(rota: &Rota, me: MemberId) -> String {
    let is = |week: Week| rota.holder(week).map(|host| if host.who.id == me { "yours".to_owned() } else { format!("{}’s", named(host)) });
    match (is(rota.this), is(rota.this.plus(1))) {
        (Some(this), Some(next)) => format!("This week is {this}; next week is {next}."),
        (Some(this), None) => format!("This week is {this}; nobody has the next one yet."),
        (None, Some(next)) => format!("Nobody has this week; next week is {next}."),
        (None, None) => "Nobody has this week, nor the next one.".to_owned(),
    }
}

/// That somebody is away, or will be: `Leila is away until 12 December: “At the sea.”`
fn away_in_words(host: &HostHere, away: &Away, me: MemberId, zone: &Zone, today: NaiveDate) -> String {
    let (first, last) = away.days(zone);
    let when = if first <= today { format!("until {}", day(last, today)) } else { format!("from {}", days((first, last), today)) };
    let word = if away.word.is_empty() { ".".to_owned() } else { format!(": “\u{2068}{}\u{2069}”", away.word) };
    let who = if host.who.id == me { "You are".to_owned() } else { format!("{} is", named(host)) };
    format!("{who} away {when}{word}")
}

/// The week from some day on, in words.
fn week_from(week: Week, today: NaiveDate) -> String {
    format!("the week from {}", day(week.first_day(), today))
}

/// What a host gave of their time this week.
fn time_in_words(seconds: i64) -> String {
    match in_words(seconds) {
        None => "You have just begun this week. Two hours are plenty.".to_owned(),
        Some(time) if seconds <= PLENTY => format!("You gave {time} this week. Two hours are plenty."),
        Some(time) => format!("You gave {time} this week. That is a lot, and kind of you; the others could take some of it."),
    }
}

/// What the desk says of many hands: whose week it is and who is away, what wants the host, and their own time.
pub(super) struct OnDesk {
    /// Above everything that wants somebody.
    pub says: AnyView,
    /// What wants this host.
    pub wants: Vec<AnyView>,
    /// Below it.
    pub time: Option<AnyView>,
}

/// What the desk says of many hands.
pub(super) async fn on_the_desk(asked: &Asked, host: &Host) -> Result<OnDesk, NoPage> {
    let zone = asked.community()?.zone.clone();
    let hands = &asked.request.services.hands;
    let rota = hands.rota(host, &zone).await?;
    let (me, today) = (host.me().id, date_at(now(), &zone));
    let time = hands.meter.mine(host, &zone).await?.map(|seconds| view! { <Time seconds/> }.into_any());
    if rota.hosts.len() < 2 {
        return Ok(OnDesk { says: ().into_any(), wants: Vec::new(), time });
    }
    let away = away_lines(&rota, me, &zone, today);
    let whose = if rota.taken.is_empty() { "Nobody has a week yet.".to_owned() } else { whose(&rota, me) };
    let says = view! {
        <div class="whose-week">
            <p>{whose}" "<a href="/hosting/hands">{if rota.taken.is_empty() { "Share the weeks out" } else { "The rota" }}</a></p>
            {away.into_iter().map(|line| view! { <p class="quiet">{line}</p> }).collect_view()}
        </div>
    };
    let address = || "/hosting/hands".to_owned();
    let mut wants: Vec<AnyView> = Vec::new();
    for swap in rota.swaps.iter().filter(|swap| swap.asked == me) {
        let more = swap_in_words(&rota, swap, today);
        wants.push(view! { <Wants says="A swap" more address=address() does="Answer"/> }.into_any());
    }
    for week in rota.weeks().filter(|week| rota.is_offered(*week, &zone)) {
        let Some(holder) = rota.holder(week).filter(|holder| holder.who.id != me) else { continue };
        let more = format!("{} has {}, and is away.", named(holder), week_from(week, today));
        wants.push(view! { <Wants says="A week is offered" more address=address() does="Take it"/> }.into_any());
    }
    let soon = |week: &Week| week.first_day() <= today + chrono::Days::new(AHEAD_DAYS);
    if let Some(free) = rota.first_free().filter(soon).filter(|_| !rota.taken.is_empty()) {
        let more = format!("Nobody has {} yet.", week_from(free, today));
        wants.push(view! { <Wants says="A week is free" more address=address() does="Take it"/> }.into_any());
    }
    Ok(OnDesk { says: says.into_any(), wants, time })
}

/// Who is away, or will be soon; for a host's round as well.
pub(super) async fn who_is_away(asked: &Asked, host: &Host) -> Result<Vec<String>, NoPage> {
    let zone = asked.community()?.zone.clone();
    let rota = asked.request.services.hands.rota(host, &zone).await?;
    Ok(away_lines(&rota, host.me().id, &zone, date_at(now(), &zone)))
}

fn away_lines(rota: &Rota, me: MemberId, zone: &Zone, today: NaiveDate) -> Vec<String> {
    let soon = |away: &&Away| away.days(zone).0 <= today + chrono::Days::new(AHEAD_DAYS);
    let line = |host: &HostHere| host.away.as_ref().filter(soon).map(|away| away_in_words(host, away, me, zone, today));
    rota.hosts.iter().filter_map(line).collect()
}

/// What somebody asks of the host: `Leila would give you the week from 7 December for yours from 14 December.`
fn swap_in_words(rota: &Rota, swap: &Swap, today: NaiveDate) -> String {
    let by = rota.host(swap.by).map_or_else(|| "A host".to_owned(), named);
    format!("{by} would give you {} for yours from {}.", week_from(swap.mine, today), day(swap.theirs.first_day(), today))
}

/// The host's own time, small, at the end of the desk.
#[component]
fn Time(seconds: i64) -> impl IntoView {
    let way = if seconds > PLENTY { "See who could take a week" } else { "Where this comes from" };
    let address = if seconds > PLENTY { "/hosting/hands" } else { "/hosting/hands#time" };
    view! { <p class="host-time quiet">{time_in_words(seconds)}" Only you see this. "<a href=address>{way}</a></p> }
}

/// `/hosting/hands`.
pub(super) async fn page(asked: Asked) -> Page {
    let host = asked.host()?;
    let zone = asked.community()?.zone.clone();
    let hands = &asked.request.services.hands;
    let rota = hands.rota(&host, &zone).await?;
    let (seconds, mine) = (hands.meter.mine(&host, &zone).await?, hands.my_away(host.me()).await?);
    let alone = rota.hosts.len() < 2;
    let me = host.me().id;
    let today = date_at(now(), &zone);
    let lede = match () {
        () if alone => "You are the only host, so every week is yours and there is nothing to share out.".to_owned(),
        () if rota.taken.is_empty() => "Whose week it is looks in first. Anybody may do everything anyway.".to_owned(),
        () => format!("{} Anybody may do everything anyway.", whose(&rota, me)),
    };
    let is_admin = asked.request.viewer.admin().is_some();
    // Of oneself the form below says it.
    let others = Rota { hosts: rota.hosts.iter().filter(|host| host.who.id != me).cloned().collect(), ..rota.clone() };
    let others_away = away_lines(&others, me, &zone, today);
    let (take, ask, answer) =
        (use_form::<TakeWeek, WeekRefusal>(), use_form::<AskSwap, WeekRefusal>(), use_form::<AnswerSwap, WeekRefusal>());
    Ok(view! {
        <PageTitle of="Many hands"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"Many hands"</h1>
                <p class="lede">{lede}</p>
            </header>
            {hosting_pages("/hosting/hands", true)}
            <Done done=asked.query.get("done") says=&DONE/>
            {[take, ask, answer].map(|form| view! { <Refused form/> })}
            {if alone {
                view! { <Alone is_admin/> }.into_any()
            } else {
                view! {
                    <Swaps rota=rota.clone() me today/>
                    <Weeks rota=rota.clone() me zone=zone.clone()/>
                    <ShareOut rota=rota.clone()/>
                }.into_any()
            }}
            <section class="section" aria-labelledby="away">
                <h2 id="away">"Away for a while"</h2>
                {others_away.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
                <AwayForms mine zone=zone.clone() desk=true alone/>
            </section>
            <MeterPart seconds/>
        </main>
    }
    .into_any())
}

#[component]
fn Alone(is_admin: bool) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">"A place that hangs on one person is tired in a year."</p>
            <p>"Think of somebody who is here often, and kind when it is hard. With two of you, this page says whose week it is."</p>
            {if is_admin {
                view! { <p class="actions"><a class="button" href="/admin/roles">"Make somebody a host"</a></p> }.into_any()
            } else {
                view! { <p>"An admin can make them a host."</p> }.into_any()
            }}
        </div>
    }
}

/// What others ask of the host, and what the host asked.
#[component]
fn Swaps(rota: Rota, me: MemberId, today: NaiveDate) -> impl IntoView {
    let asked = rota.swaps.iter().filter(|swap| swap.asked == me).map(|swap| {
        let says = swap_in_words(&rota, swap, today);
        let mine = swap.mine.to_string();
        view! {
            <li class="row">
                <p class="row-what">{says}</p>
                <form class="actions" method="post" action=AnswerSwap::url()>
                    <input type="hidden" name="mine" value=mine/>
                    <button class="button" type="submit" name="agree" value="yes">"Swap"</button>
                    <button class="button plain" type="submit">"I can’t"</button>
                </form>
            </li>
        }
    });
    let asked = asked.collect_view();
    let ours = rota.swaps.iter().filter(|swap| swap.by == me).map(|swap| {
        let other = rota.host(swap.asked).map_or_else(|| "Somebody".to_owned(), named);
        let says = format!(
            "You asked {other} for {}, and would give yours from {}.",
            week_from(swap.theirs, today),
            day(swap.mine.first_day(), today)
        );
        let mine = swap.mine.to_string();
        view! {
            <li class="row">
                <p class="row-what">{says}</p>
                <form class="actions" method="post" action=UnaskSwap::url()>
                    <input type="hidden" name="mine" value=mine/>
                    <button class="button plain" type="submit">"Never mind"</button>
                </form>
            </li>
        }
    });
    let ours = ours.collect_view();
    let any = rota.swaps.iter().any(|swap| swap.asked == me || swap.by == me);
    any.then(|| {
        view! {
            <section class="section" aria-labelledby="swaps">
                <h2 id="swaps">"To be swapped"</h2>
                <ul class="rows">{asked}{ours}</ul>
            </section>
        }
    })
}

#[component]
fn Weeks(rota: Rota, me: MemberId, zone: Zone) -> impl IntoView {
    let others: Vec<(Week, String)> = rota
        .weeks()
        .filter_map(|week| {
            let holder = rota.holder(week).filter(|holder| holder.who.id != me)?;
            Some((week, format!("{}’s: {}", holder.who.display_name, week_days(week))))
        })
        .collect();
    let rows = rota.weeks().map(|week| {
        let (holder, offered) = (rota.holder(week).cloned(), rota.is_offered(week, &zone));
        let (label, this) = (week_days(week), week == rota.this);
        let mine = holder.as_ref().is_some_and(|holder| holder.who.id == me);
        let asked = rota.swaps.iter().any(|swap| swap.mine == week);
        let who = match &holder {
            None => view! { <span class="quiet">"Nobody yet"</span> }.into_any(),
            Some(_) if mine => view! { <strong>"You"</strong> }.into_any(),
            Some(holder) => view! { <Face who=holder.who.clone() class="face small"/><bdi>{holder.who.display_name.clone()}</bdi> }.into_any(),
        };
        let away = offered.then_some(if mine { "You are away then: the others are offered it." } else { "Away then: whoever can, takes it." });
        let swap = (mine && !asked && !others.is_empty()).then(|| view! { <SwapForm week label=label.clone() others=others.clone()/> });
        let give_back = mine.then(|| view! {
            <form method="post" action=GiveWeekBack::url()>
                <input type="hidden" name="week" value=week.to_string()/>
                <button class="button plain" type="submit">"Give it back"<span class="visually-hidden">{format!(": {label}")}</span></button>
            </form>
        });
        let take = (!mine && (holder.is_none() || offered)).then(|| view! {
            <form method="post" action=TakeWeek::url()>
                <input type="hidden" name="week" value=week.to_string()/>
                <button class="button quiet" type="submit">"Take it"<span class="visually-hidden">{format!(": {label}")}</span></button>
            </form>
        });
        view! {
            <li class="week" data-this=this.then_some("") data-mine=mine.then_some("")>
                <p class="week-days">{label.clone()}{this.then(|| view! { " "<span class="week-now">"this week"</span> })}</p>
                <p class="week-who">{who}</p>
                {away.map(|away| view! { <p class="week-away quiet">{away}</p> })}
                <div class="week-does">{take}{swap}{give_back}</div>
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="section" aria-labelledby="weeks">
            <h2 id="weeks">"Whose week it is"</h2>
            <ol class="weeks">{rows}</ol>
        </section>
    }
}

/// Asks another to swap a week.
#[component]
fn SwapForm(week: Week, label: String, others: Vec<(Week, String)>) -> impl IntoView {
    let id = format!("swap-{week}");
    view! {
        <details class="week-swap">
            <summary>"Swap it"<span class="visually-hidden">{format!(": {label}")}</span></summary>
            <form method="post" action=AskSwap::url()>
                <input type="hidden" name="mine" value=week.to_string()/>
                <label for=id.clone()>"For which?"</label>
                <select id=id name="theirs">
                    {others.into_iter().map(|(week, says)| view! { <option value=week.to_string()>{says}</option> }).collect_view()}
                </select>
                <button class="button quiet" type="submit">"Ask them"</button>
            </form>
        </details>
    }
}

#[component]
fn ShareOut(rota: Rota) -> impl IntoView {
    let form = use_form::<ShareWeeks, WeekRefusal>();
    let many = rota.hosts.len();
    let turns = (0..many).map(|turn| {
        let (id, name) = (format!("order-{}", turn + 1), format!("form[order][{}]", turn + 1));
        let chosen = form.value(&name, rota.hosts[turn].who.name.as_str());
        let label = TURNS.get(turn).map_or_else(|| format!("Number {}", turn + 1), |turn| (*turn).to_owned());
        let hosts = rota.hosts.iter().map(|host| {
            let name = host.who.name.to_string();
            let selected = name == chosen;
            view! { <option value=name selected=selected>{host.who.display_name.clone()}</option> }
        });
        let hosts = hosts.collect_view();
        view! {
            <Field id=id.clone() label error=form.error(&id)>
                <select id=id.clone() name=name><option value="">"Nobody"</option>{hosts}</select>
            </Field>
        }
    });
    let turns = turns.collect_view();
    let names: Vec<String> = rota.hosts.iter().map(|host| host.who.display_name.clone()).collect();
    let weeks = form.value("form[weeks]", &SHOWN_WEEKS.to_string());
    view! {
        <section class="section" aria-labelledby="share">
            <h2 id="share">"Share the weeks out"</h2>
            <p><bdi>{names_in_words(&names)}</bdi>" take turns, week by week. Weeks that somebody has stay theirs, and whoever is away is passed over until they are back."</p>
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                <div class="field-row">{turns}</div>
                <Field id="weeks-many" label="For how many weeks?" error=form.error("weeks") class="field short">
                    <input id="weeks-many" name="form[weeks]" type="number" required=true min="1" max=SHOWN_WEEKS value=weeks/>
                </Field>
                <div class="actions"><button class="button" type="submit">"Share them out"</button></div>
            </form>
        </section>
    }
}

/// Saying that one is away, and coming back; at the desk, or among a greeter's settings.
#[component]
pub(super) fn AwayForms(
    mine: Option<Away>,
    zone: Zone,
    desk: bool,
    /// There is no other host.
    #[prop(optional)]
    alone: bool,
) -> impl IntoView {
    let form = use_form::<GoAway, AwayRefusal>();
    let today = date_at(now(), &zone);
    let at = desk.then(|| view! { <input type="hidden" name="desk" value="yes"/> });
    let says = mine.as_ref().map(|away| {
        let (first, last) = away.days(&zone);
        let back = if first <= today { "I am back" } else { "I stay after all" };
        let says = if first <= today {
            format!("You are away until {}.", day(last, today))
        } else {
            format!("You will be away: {}.", days((first, last), today))
        };
        view! {
            <p>{says}" It ends by itself."</p>
            <form method="post" action=ComeBack::url()>
                {desk.then(|| view! { <input type="hidden" name="desk" value="yes"/> })}
                <div class="actions"><button class="button quiet" type="submit">{back}</button></div>
            </form>
        }
    });
    let (first, last) = mine.as_ref().map(|away| away.days(&zone)).unzip();
    let from = form.value("form[from]", &first.unwrap_or(today).to_string());
    let to = form.value("form[to]", &last.map(|last| last.to_string()).unwrap_or_default());
    let word = form.value("form[word]", mine.as_ref().map_or("", |away| away.word.as_str()));
    let tells = if alone {
        "There is no other host yet who could look in meanwhile. Nobody asks you to greet, and members see nothing of it."
    } else if desk {
        "Your weeks in that time are offered to the other hosts, and nobody asks you to greet. Members see nothing of it."
    } else {
        "Nobody asks you to greet in that time. Only hosts could tell; other members see nothing of it."
    };
    view! {
        {says}
        <p class="quiet">{tells}</p>
        <Refused form/>
        <form class="form" method="post" action=form.address()>
            {at}
            <div class="field-row">
                <Field id="away-from" label="From" error=form.error("from")>
                    <input id="away-from" name="form[from]" type="date" min=today.to_string() value=from/>
                </Field>
                <Field id="away-to" label="Up to and with" error=form.error("to")>
                    <input id="away-to" name="form[to]" type="date" min=today.to_string() required=true value=to/>
                </Field>
            </div>
            {(desk && !alone).then(|| view! {
                <Field id="away-word" label="A word to the other hosts" optional="if you like" error=form.error("word")>
                    <input id="away-word" name="form[word]" type="text" dir="auto" autocomplete="off" maxlength=LONGEST_WORD value=word/>
                </Field>
            })}
            <div class="actions"><button class="button quiet" type="submit">{if mine.is_some() { "Change it" } else { "I am away then" }}</button></div>
        </form>
    }
}

#[component]
fn MeterPart(seconds: Option<i64>) -> impl IntoView {
    view! {
        <section class="section" aria-labelledby="time">
            <h2 id="time">"Your time"</h2>
            {match seconds {
                Some(seconds) => view! {
                    <p>{time_in_words(seconds)}</p>
                    <p class="quiet">
                        "It is the sum of the pauses between your own steps at the desk, each counted for three minutes at most. What is kept is a number \
                        for each week; what you looked at is not. No other host, no admin and nobody else here sees it."
                    </p>
                    <form method="post" action=TurnMeter::url()>
                        <div class="actions"><button class="button plain" type="submit">"Don’t count, and forget it"</button></div>
                    </form>
                }
                .into_any(),
                None => view! {
                    <p>"It is not counted, and nothing of it is kept."</p>
                    <form method="post" action=TurnMeter::url()>
                        <input type="hidden" name="on" value="yes"/>
                        <div class="actions"><button class="button quiet" type="submit">"Count it, for me alone"</button></div>
                    </form>
                }
                .into_any(),
            }}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chrome::capital;
    use domain::people::{Byline, Handle};
    use std::collections::BTreeMap;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn rota(taken: &[(u32, i64)]) -> Rota {
        let this = Week::of(date("2026-11-30"));
        let host = |id: i64, name: &str| HostHere {
            who: Byline { id: MemberId(id), name: Handle::parse(name).expect("a name"), display_name: capital(name), picture: None },
            away: None,
        };
        let taken: BTreeMap<_, _> = taken.iter().map(|(later, who)| (this.plus(*later), MemberId(*who))).collect();
        Rota { hosts: vec![host(1, "leila"), host(2, "marco")], taken, swaps: Vec::new(), this }
    }

    #[test]
    fn whose_week_it_is_is_said_in_a_sentence() {
        let says = |taken: &[(u32, i64)], me| whose(&rota(taken), MemberId(me)).replace(['\u{2068}', '\u{2069}'], "");
        assert_eq!(says(&[(0, 2), (1, 1)], 9), "This week is Marco’s; next week is Leila’s.");
        assert_eq!(says(&[(0, 2), (1, 1)], 2), "This week is yours; next week is Leila’s.");
        assert_eq!(says(&[(0, 1)], 2), "This week is Leila’s; nobody has the next one yet.");
        assert_eq!(says(&[(1, 2)], 2), "Nobody has this week; next week is yours.");
        assert_eq!(says(&[(0, 7), (5, 1)], 2), "Nobody has this week, nor the next one.", "who is no host any more has none");
    }

    #[test]
    fn days_are_said_as_short_as_stays_clear() {
        let today = date("2026-11-26");
        let said = |first: &str, last: &str| days((date(first), date(last)), today);
        assert_eq!(said("2026-12-07", "2026-12-13"), "7 to 13 December");
        assert_eq!(said("2026-11-30", "2026-12-06"), "30 November to 6 December");
        assert_eq!(said("2026-12-28", "2027-01-03"), "28 December to 3 January 2027");
        assert_eq!(said("2026-12-07", "2026-12-07"), "7 December");
        assert_eq!(week_days(Week::of(date("2026-12-28"))), "28 December to 3 January");
    }

    #[test]
    fn ones_own_time_is_said_kindly() {
        assert_eq!(time_in_words(4800), "You gave 1 hour 20 minutes this week. Two hours are plenty.");
        assert_eq!(time_in_words(7200), "You gave 2 hours this week. Two hours are plenty.");
        assert!(time_in_words(9600).starts_with("You gave 2 hours 40 minutes this week. That is a lot"));
        assert!(time_in_words(20).starts_with("You have just begun"));
    }

    #[test]
    fn who_is_away_is_said_with_their_word() {
        let zone = Zone::utc();
        let away = |from: i64, until: i64, word: &str| Away {
            from: domain::time::Timestamp(1_795_651_200_000).plus_days(from),
            until: domain::time::Timestamp(1_795_651_200_000).plus_days(until),
            word: word.into(),
        };
        let says = |away: &Away, me: i64| {
            away_in_words(&rota(&[]).hosts[0], away, MemberId(me), &zone, date("2026-11-26")).replace(['\u{2068}', '\u{2069}'], "")
        };
        assert_eq!(says(&away(-2, 3, "At the sea."), 2), "Leila is away until 28 November: “At the sea.”");
        assert_eq!(says(&away(4, 7, ""), 2), "Leila is away from 30 November to 2 December.");
        assert_eq!(says(&away(0, 1, ""), 1), "You are away until 26 November.");
    }
}
