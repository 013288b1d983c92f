//! `/hosting/round`: the walk through everybody who has been about, a card each.
//!
//! All of it is links and forms. A script (`round.js`) has the following cards ready (`…/{name}/card`), sends the forms in the background,
//! keeps the card that is open, and goes by keyboard.

use super::{
    hosting_pages,
    people::{DONE, NotesPart, SentencePart},
};
use crate::{
    address::decoded,
    chrome::{Face, PageTitle, capital},
    door::{
        Asked, NoPage, Page,
        fields::{Done, Refused, TextField},
        hands::who_is_away,
        words::{self, day},
    },
    forms::use_form,
    here::here,
    hosting::{BeginRound, EndRound, Greet, LeaveRound, ReplyOnCard, RoundStand, SayWhosHere, SeeCard, progress, state},
    request::Request,
    shell,
    timeline::post::names_in_words,
    when::{When, local, now},
};
use axum::http::StatusCode;
use chrono::NaiveDate;
use domain::{
    gatherings::Answer,
    hosting::round::{Ahead, Came, Card, Deed, Doings, Hung, OpenCard, Round, RoundRefusal, Since, Spoken, Standing, Wrote},
    ids::RoundId,
    time::{Timestamp, Zone},
    timeline::{LONGEST_POST, PostRefusal},
    viewer::Host,
    welcome::is_newcomer,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the desk says of the round, and what one does about it.
pub(super) async fn wants(asked: &Asked, host: &Host) -> Result<Option<(String, &'static str)>, NoPage> {
    let rounds = &asked.request.services.hosting.rounds;
    if let Some(round) = rounds.going(host).await? {
        return Ok(Some((format!("{} in the round that goes on.", progress(&round)), "Go on")));
    }
    let (since, many) = rounds.waiting(host).await?;
    let since = since_words(since, now(), here().zone());
    let people = if many == 1 { "one person has".to_owned() } else { format!("{} people have", words::number(many)) };
    Ok((many > 0).then(|| (capital(&format!("{people} been about {since}.")), "Go round")))
}

/// Since when, as one says it: `since 9:15`, `since yesterday`, `since Tuesday`, `since 12 November`.
fn since_words(since: Timestamp, now: Timestamp, zone: &Zone) -> String {
    let (then, today) = (local(since, zone), local(now, zone));
    match (now.0 - since.0).div_euclid(86_400_000) {
        _ if then.same_day(today) => format!("since {}", then.clock()),
        _ if local(since.plus_days(1), zone).same_day(today) => "since yesterday".to_owned(),
        0..=5 => format!("since {}", then.weekday_name()),
        _ => format!("since {}", day(since, zone)),
    }
}

/// `/hosting/round`: where the round stands, or what one would be.
pub(in crate::door) async fn stands(asked: Asked) -> Page {
    let host = asked.host()?;
    let rounds = &asked.request.services.hosting.rounds;
    let body = match rounds.going(&host).await? {
        Some(round) => going(&round, &host),
        None => ahead(rounds.ahead(&host).await?),
    };
    let away = who_is_away(&asked, &host).await?;
    Ok(view! {
        <PageTitle of="Round"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"The round"</h1>
                <p class="lede">"Once round the room: who has been about, and who would like a word."</p>
            </header>
            {hosting_pages("/hosting/round", true)}
            {away.into_iter().map(|line| view! { <p class="quiet">{line}</p> }).collect_view()}
            {body}
        </main>
    }
    .into_any())
}

fn going(round: &Round, host: &Host) -> AnyView {
    let (me, now) = (host.me().id, now());
    let begun_by = match &round.begun_by {
        Some(by) if by.id == me => "you".to_owned(),
        Some(by) => format!("\u{2068}{}\u{2069}", by.display_name),
        None => "a host".to_owned(),
    };
    let next = round.next(me, None, now).map(|card| format!("/hosting/round/{}", card.who.name));
    let lines = round.cards.iter().map(|card| {
        let how = match card.stands_for(me, now) {
            Standing::Seen => match &card.seen_by {
                Some(by) if by.id == me => "seen by you".to_owned(),
                Some(by) => format!("seen by \u{2068}{}\u{2069}", by.display_name),
                None => "seen".to_owned(),
            },
            Standing::Held(by) => format!("\u{2068}{}\u{2069} has this card", by.display_name),
            Standing::Oneself => "that is you: another host’s".to_owned(),
            Standing::Open => String::new(),
        };
        let seen = card.seen_at.is_some().then_some("");
        view! {
            <li data-seen=seen>
                <a href=format!("/hosting/round/{}", card.who.name)><Face who=card.who.clone() class="face small"/><bdi>{card.who.display_name.clone()}</bdi></a>
                {card.newcomer.then(|| view! { " "<span class="role">"new"</span> })}
                " "<span class="quiet">{how}</span>
            </li>
        }
    });
    let lines = lines.collect_view();
    view! {
        <section class="section" aria-labelledby="stands">
            <h2 id="stands">{progress(round)}</h2>
            <Bar round=round.clone()/>
            <p class="quiet">{format!("Begun by {begun_by}, ")}<When at=round.begun_at/></p>
            <div class="actions">
                {match next {
                    Some(address) => view! { <a class="button" href=address>"Go on"</a> }.into_any(),
                    None => view! { <p>"There is no card for you just now: the others are seen, or somebody has them."</p> }.into_any(),
                }}
                <form method="post" action=EndRound::url()>
                    <input type="hidden" name="round" value=round.id.to_string()/>
                    <button class="button plain" type="submit">"End it here"</button>
                </form>
            </div>
            <ol class="round-deck">{lines}</ol>
        </section>
    }
    .into_any()
}

/// How far a round is, for the eye.
#[component]
fn Bar(round: Round) -> impl IntoView {
    view! { <progress class="round-bar" id="bar" max=round.cards.len() value=round.seen() aria-hidden="true"></progress> }
}

fn ahead(ahead: Ahead) -> AnyView {
    let form = use_form::<BeginRound, RoundRefusal>();
    let now = now();
    let first = ahead.choices.iter().find(|(.., many)| *many > 0).or(ahead.choices.first()).map(|(since, ..)| *since);
    let nobody = ahead.choices.iter().all(|(.., many)| *many == 0);
    let choices = ahead.choices.into_iter().map(|(since, from, many)| {
        let (word, says) = match since {
            Since::Last => ("last", format!("Since the last round ({})", since_words(from, now, here().zone()))),
            Since::Day => ("day", "The last day".to_owned()),
            Since::Week => ("week", "The last seven days".to_owned()),
        };
        let people = match many {
            0 => "nobody".to_owned(),
            1 => "one person".to_owned(),
            many => format!("{} people", words::number(many)),
        };
        let checked = form.chosen("since", word, Some(since) == first);
        view! {
            <label class="choice">
                <input type="radio" name="since" value=word checked=checked/>
                <span><strong>{says}</strong><span class="choice-hint">{people}</span></span>
            </label>
        }
    });
    let choices = choices.collect_view();
    view! {
        <Refused form/>
        {if nobody {
            view! {
                <div class="empty">
                    <p class="empty-title">"It has been quiet this week."</p>
                    <p>"Nobody has written, answered or joined. A word from you may be what they wait for."</p>
                    <p class="actions"><a class="button quiet" href="/">"Write something"</a></p>
                </div>
            }.into_any()
        } else {
            view! {
                <form class="form" method="post" action=form.address()>
                    <fieldset class="choices"><legend>"Who has been about"</legend>{choices}</fieldset>
                    <p class="quiet">"Newcomers come first. Another host can go round with you: each card is with one of you at a time."</p>
                    <div class="actions"><button class="button" type="submit">"Go round"</button></div>
                </form>
            }.into_any()
        }}
        {ahead.last.map(|last| view! { <p><a href=format!("/hosting/rounds/{last}")>"How the last round went"</a></p> })}
    }
    .into_any()
}

/// `/hosting/round/{name}`: a card. Opening it takes it.
pub(in crate::door) async fn card(asked: Asked, name: &str) -> Page {
    let host = asked.host()?;
    let rounds = &asked.request.services.hosting.rounds;
    rounds.take(&host, name).await?;
    let Some(open) = rounds.card(&host, name).await? else {
        // Whoever was removed is in no deck any more; the round shows where it stands.
        leptos_axum::redirect("/hosting/round");
        return Ok(().into_any());
    };
    shell::aid(include_str!("round.js"));
    let stand = RoundStand::of(&open.round, host.me().id, name);
    let json = serde_json::to_string(&stand).unwrap_or_default();
    let done = asked.query.get("done").to_owned();
    Ok(view! {
        <PageTitle of=title(&open.card)/>
        <main class="page round" id="page" tabindex="-1">
            <div class="round-head" id="round" data-stand=json>
                <Bar round=open.round.clone()/>
                <a href="/hosting">"Desk"</a>
                <a href="/hosting/round" id="progress">{stand.progress.clone()}</a>
                <button class="button plain" type="button" id="show-keys" hidden=true>"Keys"<kbd>"?"</kbd></button>
                <form method="post" action=LeaveRound::url()><button class="button plain" type="submit">"Leave it for now"</button></form>
            </div>
            <p class="visually-hidden" role="status" id="announce"></p>
            <Done done says=&DONE/>
            <CardView open/>
            <Keys/>
        </main>
    }
    .into_any())
}

/// A card by itself, for the script; `None` if that is not what stands at the address. For whoever is no host there is none.
pub async fn part(request: &Request, path: &str) -> Option<String> {
    let name = decoded(path.strip_prefix("/hosting/round/")?.strip_suffix("/card")?);
    let host = request.viewer.host()?;
    let community = request.community.as_ref()?;
    let open = match request.services.hosting.rounds.card(&host, &name).await {
        Ok(open) => open,
        Err(cause) => {
            tracing::error!(cause = %cause.0, "could not show a card");
            crate::request::status(StatusCode::INTERNAL_SERVER_ERROR);
            return Some(String::new());
        }
    };
    let Some(open) = open else {
        crate::request::status(StatusCode::NOT_FOUND);
        return Some(String::new());
    };
    crate::here::Here::of(community, &request.viewer).provide();
    crate::forms::provide_kept(None);
    Some(view! { <CardView open/> }.to_html())
}

fn title(card: &Card) -> String {
    format!("{} · Round", card.who.display_name)
}

/// A card.
#[component]
fn CardView(open: OpenCard) -> impl IntoView {
    let OpenCard { round, card, person, sentences, notes, doings } = open;
    let me = here().me().map(|me| me.id);
    let Some(me) = me else { return ().into_any() };
    let now = now();
    let standing = card.stands_for(me, now);
    let told = match standing {
        Standing::Open => None,
        Standing::Held(by) => Some(format!("\u{2068}{}\u{2069} has this card. Go on with the next one.", by.display_name)),
        Standing::Seen => Some(match &card.seen_by {
            Some(by) if by.id != me => format!("Seen by \u{2068}{}\u{2069}.", by.display_name),
            _ => "You have seen this card.".to_owned(),
        }),
        Standing::Oneself => Some("This card is about you, so it is another host’s.".to_owned()),
    };
    // What another has is theirs to act on; what was seen may still want a word.
    let acts = matches!(standing, Standing::Open | Standing::Seen);
    let (is_open, word) = (standing == Standing::Open, state(standing));
    let handle = person.who.name.to_string();
    let address = |card: &Card| format!("/hosting/round/{}", card.who.name);
    let (back, next) = (round.back(&person.who.name).map(address), round.next(me, Some(&person.who.name), now).map(address));
    let since = local(person.joined_at, here().zone()).month_seen_from(local(now, here().zone()));
    let came_by = person.invited_by.as_ref().map(|by| format!(", by \u{2068}{}\u{2069}’s invitation", by.display_name)).unwrap_or_default();
    let new = is_newcomer(person.joined_at, now);
    let called = person.who.display_name.clone();
    view! {
        <article class="round-card" id="card" tabindex="-1" aria-labelledby="who" data-name=handle.clone() data-state=word data-title=title(&card)>
            <header class="host-head">
                <Face who=person.who.clone() class="face large"/>
                <h1 id="who" dir="auto">{called.clone()}</h1>
                <p class="profile-line">
                    <a class="handle" href=format!("/people/{handle}")>"@"{handle.clone()}</a>
                    {(!person.pronouns.is_empty()).then(|| view! { " "<span dir="auto">{person.pronouns.clone()}</span> })}
                    {new.then(|| view! { " "<span class="role">"newcomer"</span> })}
                    " "<span>"here since "{since}{came_by}</span>
                </p>
                {(!person.line.is_empty()).then(|| view! { <p class="sentence" dir="auto">{person.line.clone()}</p> })}
            </header>
            {told.map(|told| view! { <p class="note" id="told">{told}</p> })}
            <Did doings=doings.clone() handle=handle.clone() since=round.since acts/>
            {acts.then(|| view! {
                <SentencePart person=person.clone() sentences card=true/>
                <NotesPart person=person.clone() notes card=true/>
                <GreetPart handle=handle.clone() called new/>
            })}
            <nav class="round-go" aria-label="Round">
                {is_open.then(|| view! {
                    <form method="post" action=SeeCard::url() id="seen">
                        <input type="hidden" name="name" value=handle.clone()/>
                        <button class="button" type="submit">"Seen, go on"<kbd>"x"</kbd></button>
                    </form>
                })}
                {back.map(|address| view! { <a class="button plain" id="back" href=address rel="prev">"Back"<kbd>"k"</kbd></a> })}
                <a class="button plain" id="next" href=next.clone() rel="next" hidden=next.is_none()>"Next"<kbd>"j"</kbd></a>
                <a class="button plain" id="stands" href="/hosting/round" hidden=next.is_some()>"Where the round stands"</a>
            </nav>
        </article>
    }
    .into_any()
}

/// What somebody did, and when a host last spoke to them.
#[component]
fn Did(doings: Doings, handle: String, since: Timestamp, acts: bool) -> impl IntoView {
    let Doings { wrote, wrote_more, came, hung, spoken } = doings;
    let nothing = wrote.is_empty() && came.is_empty() && hung.is_empty();
    let title = capital(&since_words(since, now(), here().zone()));
    let me = here().me().map(|me| me.id);
    let spoken = match spoken {
        None => view! { "No host has spoken to them yet." }.into_any(),
        Some(Spoken { by, post, root, at }) => {
            let who = if Some(by.id) == me { "You".to_owned() } else { format!("\u{2068}{}\u{2069}", by.display_name) };
            view! { {format!("{who} last spoke to them: ")}<a href=format!("/posts/{root}#p{post}")><When at/></a> }.into_any()
        }
    };
    view! {
        <section class="section" aria-labelledby="did">
            <h2 id="did">{title}</h2>
            {nothing.then(|| view! { <p class="quiet">"Nothing that you can see: they joined, or reacted to something."</p> })}
            <ul class="round-did">
                {wrote.into_iter().enumerate().map(|(at, wrote)| view! { <WroteLine wrote handle=handle.clone() acts first={at == 0}/> }).collect_view()}
                {came.into_iter().map(came_line).collect_view()}
                {hung.into_iter().map(hung_line).collect_view()}
            </ul>
            {wrote_more.then(|| view! { <p class="quiet"><a href=format!("/people/{handle}")>"And more, on their page"</a></p> })}
            <p class="quiet" id="spoken">{spoken}</p>
        </section>
    }
}

#[component]
fn WroteLine(wrote: Wrote, handle: String, acts: bool, first: bool) -> impl IntoView {
    let form = use_form::<ReplyOnCard, PostRefusal>().about("post", &wrote.id.to_string());
    let unanswered = wrote.is_unanswered();
    let what = match (&wrote.answers, wrote.announces, wrote.in_room) {
        (_, _, true) => "Said in a room".to_owned(),
        (Some(who), ..) => format!("Replied to \u{2068}{who}\u{2069}"),
        (None, true, _) => "Announced".to_owned(),
        (None, false, _) => "Wrote".to_owned(),
    };
    let begins = match (wrote.excerpt.is_empty(), wrote.pictures) {
        (false, _) => wrote.excerpt.clone(),
        (true, 1) => "A picture".to_owned(),
        (true, many) => capital(&format!("{} pictures", words::number(many as usize))),
    };
    let audience = match wrote.named {
        0 => "",
        1..=2 => ", for you alone",
        _ => ", for named people",
    };
    let field = format!("reply-{}", wrote.id);
    view! {
        <li data-unanswered=unanswered.then_some("")>
            <p class="quiet wrote-when">
                {what}", "<a href=format!("/posts/{}#p{}", wrote.root, wrote.id)><When at=wrote.at/></a>{audience}
                {unanswered.then(|| view! { " "<strong class="unanswered">"nobody has answered"</strong> })}
            </p>
            <p dir="auto">{begins}</p>
            {acts.then(|| view! {
                <Refused form/>
                <details class="more reply" open=form.trouble().is_some()>
                    <summary>"Reply"{first.then(|| view! { <kbd>"r"</kbd> })}</summary>
                    <form class="form" method="post" action=form.address() data-done=DONE[3].1>
                        <input type="hidden" name="name" value=handle/>
                        <input type="hidden" name="post" value=wrote.id.to_string()/>
                        <TextField form id=field name="markdown" label="Your reply" rows=3 most=LONGEST_POST/>
                        <div class="actions"><button class="button" type="submit">"Send the reply"</button></div>
                    </form>
                </details>
            })}
        </li>
    }
}

fn date_words(date: &str) -> String {
    date.parse::<NaiveDate>().map_or_else(|_| date.to_owned(), |date| date.format("%-d %B").to_string())
}

fn came_line(came: Came) -> impl IntoView {
    let does = match came.answer {
        Answer::Yes => "Said yes to ",
        Answer::Maybe => "Said maybe to ",
        Answer::No => "Said no to ",
    };
    let address = format!("/gatherings/{}/{}", came.slug, came.date);
    view! { <li><p>{does}<a href=address dir="auto">{came.title}</a>", "{date_words(&came.date)}</p></li> }
}

fn hung_line(hung: Hung) -> impl IntoView {
    let many = if hung.many == 1 { "a picture".to_owned() } else { format!("{} pictures", words::number(hung.many as usize)) };
    let address = format!("/gatherings/{}/{}", hung.slug, hung.date);
    view! { <li><p>{format!("Hung up {many} at ")}<a href=address dir="auto">{hung.title}</a>", "{date_words(&hung.date)}</p></li> }
}

/// A line to start from.
fn greeting(called: &str, new: bool) -> String {
    let first = called.split_whitespace().next().unwrap_or(called);
    if new {
        format!("Hello {first}, it is good to have you here. How are you finding your way round?")
    } else {
        format!("Hello {first}, it was good to hear from you. How have you been?")
    }
}

#[component]
fn GreetPart(handle: String, called: String, new: bool) -> impl IntoView {
    let form = use_form::<Greet, PostRefusal>();
    view! {
        <section class="section" aria-labelledby="greet">
            <h2 id="greet">"A word to them"</h2>
            <Refused form/>
            <details class="more" id="write-greeting" open=form.trouble().is_some()>
                <summary>"Greet them"<kbd>"g"</kbd></summary>
                <form class="form" method="post" action=form.address() data-done=DONE[4].1>
                    <input type="hidden" name="name" value=handle.clone()/>
                    <TextField
                        form id="greeting" name="markdown" label="Your words" hint=format!("Only \u{2068}{called}\u{2069} and you see them.")
                        text=greeting(&called, new) rows=3 most=LONGEST_POST
                    />
                    <div class="actions"><button class="button" type="submit">"Send it"</button></div>
                </form>
            </details>
            <p>
                <a class="button quiet" id="introduce" href=format!("/hosting/introductions/new?one={handle}&card={handle}")>
                    "Introduce them to somebody"<kbd>"i"</kbd>
                </a>
            </p>
        </section>
    }
}

/// What the keys do. The script shows it.
#[component]
fn Keys() -> impl IntoView {
    let boxed = |keys: &'static str| {
        let keys = keys.split(" or ").enumerate();
        keys.map(|(at, key)| view! { {(at > 0).then_some(" or ")}<kbd>{key}</kbd> }).collect_view()
    };
    let keys = [
        ("j", "next card"),
        ("k", "card before"),
        ("r", "reply to the first post"),
        ("s", "write the sentence"),
        ("i", "introduce them to somebody"),
        ("n", "note something, for hosts alone"),
        ("g", "greet them"),
        ("x or Enter", "seen, go on"),
        ("Esc", "out of a field, or close this"),
        ("Ctrl Enter", "send what you are writing"),
        ("?", "show this"),
    ];
    view! {
        <dialog class="keys" id="keys" aria-labelledby="keys-title">
            <h2 id="keys-title">"Keys"</h2>
            <dl class="facts">{keys.map(|(key, does)| view! { <div><dt>{boxed(key)}</dt><dd>{does}</dd></div> }).collect_view()}</dl>
            <form method="dialog"><button class="button quiet" type="submit">"Close"</button></form>
        </dialog>
    }
}

/// `/hosting/rounds/{id}`: how a round went.
pub(in crate::door) async fn summary(asked: Asked, id: &str) -> Page {
    let host = asked.host()?;
    let id: RoundId = id.parse().map_err(|_| NoPage::NotHere)?;
    let rounds = &asked.request.services.hosting.rounds;
    let round = rounds.round(&host, id).await?.ok_or(NoPage::NotHere)?;
    let has_draft = !rounds.draft(&host, &round).await?.is_empty();
    let (ended, all) = (round.ended_at.is_some(), round.is_through());
    let lede = match (ended, all) {
        (true, true) => "Everybody has been seen.".to_owned(),
        (true, false) => format!("{}. The others will be there the next time they are about.", progress(&round)),
        (false, _) => format!("{} so far.", progress(&round)),
    };
    let lines = Deed::ALL.into_iter().filter_map(|deed| deed_line(deed, &round, &host)).collect_view();
    Ok(view! {
        <PageTitle of="Round"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>{if ended { "The round is done" } else { "The round so far" }}</h1>
                <p class="lede">{lede}</p>
            </header>
            {hosting_pages("/hosting/round", true)}
            <ul class="round-deeds">{lines}</ul>
            <div class="actions">
                {has_draft.then(|| view! { <a class="button" href=format!("/hosting/rounds/{id}/whos-here")>"Write “Who’s here”"</a> })}
                <a class="button quiet" href="/hosting">"To the desk"</a>
            </div>
            {(!has_draft).then(|| view! { <p class="quiet">"When sentences stand of those in a round, you can make a post of them here that says who is here."</p> })}
        </main>
    }
    .into_any())
}

/// What was done for how many, and by whom.
fn deed_line(deed: Deed, round: &Round, host: &Host) -> Option<impl IntoView + use<>> {
    let (many, done) = (round.done_for(deed), round.done_by(deed));
    let people = |many: usize| if many == 1 { "one person".to_owned() } else { format!("{} people", words::number(many)) };
    let does = match deed {
        Deed::Seen => format!("{} seen", people(many)),
        Deed::Answered => format!("{} answered", people(many)),
        Deed::Greeted => format!("{} greeted", people(many)),
        Deed::Introduced => format!("{} introduced to somebody", people(many)),
        Deed::Sentence if many == 1 => "one sentence written".to_owned(),
        Deed::Sentence => format!("{} sentences written", words::number(many)),
    };
    let names: Vec<String> = done
        .iter()
        .map(|(by, own)| {
            let who = if by.id == host.me().id { "you".to_owned() } else { by.display_name.clone() };
            if done.len() > 1 { format!("{who} ({own})") } else { who }
        })
        .collect();
    (many > 0).then(|| view! { <li><strong>{capital(&does)}</strong>" "<span class="quiet">"by "{names_in_words(&names)}</span></li> })
}

/// `/hosting/rounds/{id}/whos-here`: a post that says who is here, to be edited and sent by the host.
pub(in crate::door) async fn whos_here(asked: Asked, id: &str) -> Page {
    let host = asked.host()?;
    let id: RoundId = id.parse().map_err(|_| NoPage::NotHere)?;
    let rounds = &asked.request.services.hosting.rounds;
    let draft = rounds.draft(&host, &rounds.round(&host, id).await?.ok_or(NoPage::NotHere)?).await?;
    let form = use_form::<SayWhosHere, PostRefusal>();
    Ok(view! {
        <PageTitle of="Who’s here"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"Who’s here"</h1>
                <p class="lede">"A draft, made of the sentences that stand. Make it yours; nothing is sent until you send it."</p>
            </header>
            {hosting_pages("/hosting/round", true)}
            <Refused form/>
            <form class="form wide" method="post" action=form.address()>
                <TextField
                    form id="markdown" name="markdown" label="Your post" hint="It is sent as yours, to all members. Whoever is named with @ is told."
                    text=draft rows=12 most=LONGEST_POST
                />
                <div class="actions">
                    <button class="button" type="submit">"Send it"</button>
                    <a class="button plain" href=format!("/hosting/rounds/{id}")>"Rather not"</a>
                </div>
            </form>
        </main>
    }
    .into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thursday 26 November 2026, 19:30 UTC.
    const NOW: Timestamp = Timestamp(1_795_721_400_000);

    #[test]
    fn since_when_is_said_as_short_as_stays_clear() {
        let since = |hours: i64| since_words(NOW.plus_seconds(-3600 * hours), NOW, &Zone::utc());
        assert_eq!((since(2), since(24), since(40)), ("since 17:30".into(), "since yesterday".into(), "since yesterday".into()));
        assert_eq!(since(72), "since Monday");
        assert_eq!(local(NOW.plus_days(-20), &Zone::utc()).day, 6);
    }

    #[test]
    fn a_greeting_begins_with_their_first_name() {
        assert!(greeting("Tomek Zieliński", false).starts_with("Hello Tomek, "));
        assert!(greeting("Aria", true).contains("good to have you here"));
    }
}
