//! `/hosting/newcomers`: the hosts' board of newcomers, and the page of one of them.

use super::{
    Asked, NoPage, Page,
    fields::{Done, Refused},
    greeting::WriteTo,
    hosting::{Wants, hosting_pages},
    words,
};
use crate::{
    chrome::{Face, PageTitle, capital, with_article},
    forms::use_form,
    here::here,
    welcome::{AskGreeter, GreetNewcomer, SetNewcomerAside, UnaskGreeter},
    when::{local, now, on_clock},
};
use domain::{
    gatherings::Listed,
    invitations::Invitation,
    people::Byline,
    time::Timestamp,
    timeline::PostRefusal,
    welcome::{
        board::{Newcomer, OnTheDesk, Stage, called, unanswered},
        greeters::{Candidate, GreeterRefusal, Proposal, propose},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What of newcomers wants a host today, as a row of the desk.
pub(super) fn wants(on: OnTheDesk) -> Option<AnyView> {
    let hellos = match on.overdue {
        0 => String::new(),
        1 => "A hello waits for an answer. ".to_owned(),
        many => format!("{} hellos wait for an answer. ", capital(&words::number(many))),
    };
    let came = match on.came {
        0 => String::new(),
        1 => "One newcomer came since you last looked.".to_owned(),
        many => format!("{} newcomers came since you last looked.", capital(&words::number(many))),
    };
    let more = format!("{hellos}{came}").trim_end().to_owned();
    (!more.is_empty())
        .then(|| view! { <Wants says="Newcomers" more address="/hosting/newcomers".to_owned() does="See to them"/> }.into_any())
}

/// What a stage is called here.
fn stage_in_words(stage: Stage) -> String {
    match stage {
        Stage::Came => format!("Came to {}", with_article(&here().words.gathering)),
        stage => stage.in_words().to_owned(),
    }
}

/// How long something has taken, in words: `2 hours`, `2 days`.
fn lasting(milliseconds: i64) -> String {
    match milliseconds / 3_600_000 {
        ..1 => "less than an hour".to_owned(),
        1 => "an hour".to_owned(),
        hours @ 2..36 => format!("{hours} hours"),
        hours => format!("{} days", hours.saturating_add(12) / 24),
    }
}

/// How somebody came to where they stand, step by step: `Joined 12 November; 2 hours later said hello; 26 hours later was answered.`
fn history(newcomer: &Newcomer) -> String {
    let mut reached = newcomer.reached.clone();
    reached.sort_by_key(|(stage, at)| (*at, *stage));
    let mut parts = Vec::new();
    let mut before: Option<Timestamp> = None;
    for (stage, at) in reached {
        let what = stage_in_words(stage);
        parts.push(match before {
            None => format!("{what} {}", words::day(at, here().zone())),
            Some(before) => format!("{} later {}", lasting(at.0 - before.0), what[..1].to_lowercase() + &what[1..]),
        });
        before = Some(at);
    }
    format!("{}.", parts.join("; "))
}

/// What to do next for somebody: where, and what it is called.
fn next_step(newcomer: &Newcomer, next: Option<&Listed>) -> (String, String) {
    let page = format!("/hosting/newcomers/{}", newcomer.record.person.who.name);
    match (newcomer.stage(), newcomer.record.trail.hello, next) {
        (stage, Some((hello, _)), _) if stage == Stage::SaidHello || newcomer.overdue.is_some() => {
            (format!("/posts/{hello}"), "Answer it".to_owned())
        }
        (Stage::Answered, ..) if newcomer.record.asked.is_none() => (format!("{page}#greeter"), "Offer a greeter".to_owned()),
        (Stage::Answered | Stage::Met, _, Some(next)) => (format!("{page}?to=next#greet"), format!("Invite them to {}", next.title)),
        (Stage::Came, ..) => (page, "See how they are".to_owned()),
        _ => (format!("{page}#greet"), "Greet them".to_owned()),
    }
}

/// `/hosting/newcomers`.
pub(super) async fn board(asked: Asked) -> Page {
    let host = asked.host()?;
    let welcome = &asked.request.services.welcome;
    let board = welcome.board(&host).await?;
    let next = welcome.next_for(&host).await?;
    let overdue = board.newcomers.iter().filter(|newcomer| newcomer.overdue.is_some()).count();
    let lede = lede(board.newcomers.len(), board.aside.len(), overdue);
    let nobody = board.newcomers.is_empty() && board.invited.is_empty();
    let at = now();
    let stages = Stage::ALL.into_iter().map(|stage| {
        let here: Vec<&Newcomer> = board.newcomers.iter().filter(|newcomer| newcomer.stage() == stage).collect();
        let invited: &[Invitation] = if stage == Stage::Invited { &board.invited } else { &[] };
        let many = here.len() + invited.len();
        let id = format!("stage-{}", stage as usize);
        let cards = here.into_iter().map(|newcomer| view! { <Card newcomer=newcomer.clone() next=next.clone() at/> }).collect_view();
        let waiting = invited.iter().map(|invitation| view! { <Waiting invitation=invitation.clone() at/> }).collect_view();
        view! {
            <section class="board-stage" aria-labelledby=id>
                <h2 id=id.clone()>{stage_in_words(stage)}</h2>
                <ul class="board-cards">{waiting}{cards}</ul>
                {(many == 0).then(|| view! { <p class="quiet">"Nobody just now."</p> })}
            </section>
        }
    });
    let stages = stages.collect_view();
    let aside = board.aside.clone();
    Ok(view! {
        <PageTitle of="Newcomers"/>
        <main class="page broad" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"Newcomers"</h1>
                <p class="lede">{lede}</p>
            </header>
            {hosting_pages("/hosting/newcomers", true)}
            <Done
                done=asked.query.get("done")
                says=&[
                    ("aside", "Set aside: they know their way. Below the board you can take that back."),
                    ("back", "Back on the board."),
                    ("greeted", "Your words are on their way to them."),
                    ("asked", "Asked. They may accept, or pass without a word; in that case you find others proposed here."),
                    ("unasked", "Taken back."),
                    ("gone", "That is not here any more. Somebody may have been quicker."),
                ]
            />
            {if nobody {
                view! {
                    <div class="empty">
                        <p class="empty-title">"Nobody is new just now."</p>
                        <p>"Whoever joins is here for their first eight weeks. Whom would you love to have?"</p>
                        <p class="actions"><a class="button" href="/hosting/invitations">"Invite somebody"</a></p>
                    </div>
                }
                .into_any()
            } else {
                view! { <div class="board">{stages}</div> }.into_any()
            }}
            {(!aside.is_empty()).then(|| view! {
                <section class="section" aria-labelledby="aside">
                    <h2 id="aside">"They know their way"</h2>
                    <ul class="board-aside">{aside.into_iter().map(|newcomer| {
                        let who = newcomer.record.person.who.clone();
                        view! {
                            <li>
                                <a href=format!("/hosting/newcomers/{}", who.name) dir="auto">{who.display_name.clone()}</a>
                                <SetAside who class="button plain" aside=false/>
                            </li>
                        }
                    }).collect_view()}</ul>
                </section>
            })}
        </main>
    }
    .into_any())
}

fn lede(many: usize, aside: usize, overdue: usize) -> String {
    let people = match many + aside {
        0 => "Nobody came in the last eight weeks.".to_owned(),
        1 => "One person came in the last eight weeks".to_owned() + if aside == 1 { ", and knows their way." } else { "." },
        all => {
            let all = capital(&words::number(all));
            match aside {
                0 => format!("{all} people came in the last eight weeks."),
                1 => format!("{all} people came in the last eight weeks; one of them knows their way."),
                aside => format!("{all} people came in the last eight weeks; {} of them know their way.", words::number(aside)),
            }
        }
    };
    match overdue {
        0 => people,
        1 => format!("{people} One hello has waited too long for an answer."),
        overdue => format!("{people} {} hellos have waited too long for an answer.", capital(&words::number(overdue))),
    }
}

/// An invitation that was not used yet.
#[component]
fn Waiting(invitation: Invitation, at: Timestamp) -> impl IntoView {
    let name = called(&invitation).to_owned();
    let since = lasting(at.0 - invitation.made_at.0);
    let until = words::day(invitation.expires_at, here().zone());
    view! {
        <li class="board-card">
            <h3 class="board-name" dir="auto">{name.clone()}</h3>
            <p class="quiet">"Invited by "<bdi>{invitation.made_by.display_name}</bdi>", for "{since}" now. It works until "{until}"."</p>
            <p class="actions">
                <a class="button quiet" href=format!("/hosting/invitations/{}", invitation.id)>"Send it again"<span class="visually-hidden">{format!(" ({name})")}</span></a>
            </p>
        </li>
    }
}

/// A newcomer.
#[component]
fn Card(newcomer: Newcomer, next: Option<Listed>, at: Timestamp) -> impl IntoView {
    let person = newcomer.record.person.clone();
    let (name, shown) = (person.who.name.to_string(), person.who.display_name.clone());
    let (address, does) = next_step(&newcomer, next.as_ref());
    let since = lasting(at.0 - newcomer.since().0);
    let greeter = newcomer.record.asked.clone().map(|asked| {
        let says = if asked.accepted { " shows them round." } else { " was asked to show them round." };
        view! { <p class="quiet"><bdi>{asked.greeter.display_name}</bdi>{says}</p> }
    });
    let overdue = newcomer.overdue.map(|hours| view! { <p class="board-overdue">{unanswered(hours)}</p> });
    view! {
        <li class="board-card" data-overdue=newcomer.overdue.is_some().then_some("")>
            <div class="board-who">
                <Face who=person.who.clone() class="face small"/>
                <h3 class="board-name"><a href=format!("/hosting/newcomers/{name}") dir="auto">{shown.clone()}</a></h3>
            </div>
            {(!person.line.is_empty()).then(|| view! { <p class="board-line" dir="auto">{person.line.clone()}</p> })}
            {overdue}
            {greeter}
            <details class="board-trail">
                <summary>"For "{since}<span class="visually-hidden">{format!(" ({shown})")}</span></summary>
                <p>{history(&newcomer)}</p>
            </details>
            <div class="actions">
                <a class="button quiet" href=address>{does}<span class="visually-hidden">{format!(" ({shown})")}</span></a>
                <SetAside who=person.who class="button plain" aside=true says="Knows their way"/>
            </div>
        </li>
    }
}

/// Setting a newcomer aside, who knows their way, or taking that back.
#[component]
fn SetAside(who: Byline, class: &'static str, aside: bool, #[prop(default = "")] says: &'static str) -> impl IntoView {
    let says = if aside { says } else { "Back on the board" };
    view! {
        <form method="post" action=SetNewcomerAside::url()>
            <input type="hidden" name="name" value=who.name.to_string()/>
            <button class=class type="submit" name="aside" value=if aside { "yes" } else { "" }>
                {says}<span class="visually-hidden">{format!(" ({})", who.display_name)}</span>
            </button>
        </form>
    }
}

/// `/hosting/newcomers/{name}`: one newcomer, and what can be done for them.
pub(super) async fn one(asked: Asked, name: &str) -> Page {
    let host = asked.host()?;
    let welcome = &asked.request.services.welcome;
    let (newcomer, candidates) = welcome.newcomer(&host, name).await?.ok_or(NoPage::NotHere)?;
    let to_next = asked.query.get("to") == "next";
    let next = if to_next { welcome.next_for(&host).await? } else { None };
    let (person, aside) = (newcomer.record.person.clone(), newcomer.record.aside);
    let (handle, shown) = (person.who.name.to_string(), person.who.display_name.clone());
    let form = use_form::<GreetNewcomer, PostRefusal>();
    let text = next.map(|next| invites(&shown, &next, &asked.request.origin)).unwrap_or_default();
    let hello = newcomer.record.trail.hello.map(|(post, _)| format!("/posts/{post}"));
    let overdue = newcomer.overdue.map(|hours| view! { <p class="note warning">{unanswered(hours)}</p> });
    Ok(view! {
        <PageTitle of=shown.clone()/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/hosting/newcomers">"Newcomers"</a></p>
                <h1 dir="auto">{shown.clone()}</h1>
                {(!person.line.is_empty()).then(|| view! { <p class="lede" dir="auto">{person.line.clone()}</p> })}
            </header>
            {overdue}
            <p>{history(&newcomer)}</p>
            {(!person.interests.is_empty()).then(|| view! { <p class="quiet">"Likes "<bdi>{person.interests.join(", ")}</bdi>"."</p> })}
            <p class="actions">
                {hello.map(|hello| view! { <a class="button quiet" href=hello>"Read their hello"</a> })}
                <a class="button plain" href=format!("/people/{handle}")>"Their page"</a>
            </p>
            {greeter(&newcomer, &candidates)}
            <section class="section" aria-labelledby="greet">
                <h2 id="greet">"Write to them"</h2>
                <WriteTo form who=person.who.clone() label="Your words" hint="Only the two of you see them." text/>
            </section>
            <div class="path-away">
                <p class="quiet">{if aside { "A host set them aside: they know their way." } else { "On the board for eight weeks, unless you say that they know their way." }}</p>
                <SetAside who=person.who class="button quiet" aside=!aside says="They know their way"/>
            </div>
        </main>
    }
    .into_any())
}

/// How an invitation to what is next may begin.
fn invites(name: &str, next: &Listed, origin: &str) -> String {
    // Whoever reads it lives by the gathering's own clock as likely as by any.
    let zone = next.zone.clone();
    let then = local(next.session.starts_at, &zone);
    let day = then.date_seen_from(local(now(), &zone));
    let address = format!("{origin}/gatherings/{}/{}", next.slug, next.session.date);
    format!(
        "Dear {name}, {} is on {day} at {} ({}). Would you like to come along? I would be glad to see you there.\n\n{address}",
        next.title,
        then.clock(),
        on_clock(&zone)
    )
}

/// Who greets them, or who could.
fn greeter(newcomer: &Newcomer, candidates: &[Candidate]) -> AnyView {
    let form = use_form::<AskGreeter, GreeterRefusal>();
    let name = newcomer.record.person.who.name.to_string();
    let now_greets = newcomer.record.asked.clone().map(|asked| {
        let says = if asked.accepted { " shows them round." } else { " was asked, and has not answered yet." };
        view! {
            <form method="post" action=UnaskGreeter::url()>
                <input type="hidden" name="name" value=name.clone()/>
                <p><bdi>{asked.greeter.display_name}</bdi>{says}</p>
                <div class="actions"><button class="button plain" type="submit">"Take that back"</button></div>
            </form>
        }
    });
    let proposals = if now_greets.is_some() { Vec::new() } else { propose(&newcomer.record, candidates) };
    let nobody = now_greets.is_none() && proposals.is_empty();
    let rows = proposals.into_iter().map(|proposal| {
        let reason = proposal.reason();
        let Proposal { person, .. } = proposal;
        view! {
            <li class="row">
                <div class="row-what">
                    <p class="row-title"><a href=format!("/people/{}", person.who.name) dir="auto">{person.who.display_name.clone()}</a></p>
                    <p class="quiet" dir="auto">{reason}</p>
                </div>
                <form method="post" action=form.address()>
                    <input type="hidden" name="name" value=name.clone()/>
                    <input type="hidden" name="greeter" value=person.who.name.to_string()/>
                    <button class="button quiet" type="submit"><span>"Ask "<bdi>{person.who.display_name}</bdi></span></button>
                </form>
            </li>
        }
    });
    view! {
        <section class="section" aria-labelledby="greeter">
            <h2 id="greeter">"A greeter"</h2>
            <Refused form/>
            {now_greets}
            <ul class="rows">{rows.collect_view()}</ul>
            {nobody.then(|| view! {
                <p>"Nobody can be asked just now. Whoever would like to greet says so in their settings, under Welcome; tell whoever comes to mind."</p>
            })}
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_it_took_is_said_in_hours_and_then_in_days() {
        const HOUR: i64 = 3_600_000;
        let said = [0, 1, 2, 35, 36, 47, 60, 100].map(|hours| lasting(hours * HOUR));
        assert_eq!(said, ["less than an hour", "an hour", "2 hours", "35 hours", "2 days", "2 days", "3 days", "4 days"]);
    }

    #[test]
    fn the_desk_says_what_waits_and_who_came() {
        assert!(wants(OnTheDesk::default()).is_none());
        assert_eq!(lede(3, 0, 1), "Three people came in the last eight weeks. One hello has waited too long for an answer.");
        assert_eq!(lede(1, 0, 0), "One person came in the last eight weeks.");
        assert_eq!(lede(2, 3, 0), "Five people came in the last eight weeks; three of them know their way.");
        assert_eq!(lede(0, 1, 0), "One person came in the last eight weeks, and knows their way.");
    }
}
