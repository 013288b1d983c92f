//! `/hosting/sparks`: who waits for a word, what could be said, what is to come, and what came of it. The forms are in [`forms`], the prompts in
//! [`prompts`].

pub(super) mod forms;
pub(super) mod prompts;

use super::{
    Asked, Page,
    fields::{Done, Field, Refused},
    hosting::{Wants, hosting_pages},
    words,
};
use crate::{
    chrome::{Face, PageTitle, capital},
    forms::{FormState, use_form},
    safe_html::TextArea,
    sparks::{AnswerWaiting, HoldSpark, SetPostAside},
    timeline::post::names_in_words,
    when::{Local, WEEKDAYS, local, now},
};
use domain::{
    outcome::Unavailable,
    people::Byline,
    sparks::{
        coming::Coming,
        prompts::for_the_day,
        proposals::{Proposal, of_years},
        unanswered::{Unanswered, WITHIN_DAYS, question},
        went::{Became, Led, Spark},
    },
    time::{Timestamp, Zone},
    timeline::{LONGEST_POST, PostRefusal},
    viewer::Host,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// How many prompts the page shows of the library.
const FEW: usize = 4;
/// For how many days a spark that was not sent is told of on the desk.
const TOLD_DAYS: i64 = 4;

const DONE: [(&str, &str); 9] = [
    ("answered", "Your answer is in its thread."),
    ("aside", "It needs no answer. No host is shown it here any more."),
    ("back", "It waits here again."),
    ("planned", "Kept. It stands below under “To come”, where you can change it until its time."),
    ("paused", "It rests. Whoever wrote it can let it go on."),
    ("goes-on", "It goes on."),
    ("skipped", "The next one is left out."),
    ("stopped", "It comes no more."),
    ("changed", "It has changed since you looked at it, so nothing was done. Here is how it stands now."),
];

/// What of this wants a host today, as rows of the desk.
pub(super) async fn wants(asked: &Asked, host: &Host) -> Result<Option<AnyView>, Unavailable> {
    let sparks = &asked.request.services.sparks;
    let (waiting, more) = sparks.unanswered(host).await?;
    let waits = (!waiting.is_empty()).then(|| {
        let many = if more { format!("more than {}", words::number(waiting.len())) } else { words::number(waiting.len()) };
        let says = match waiting.as_slice() {
            [one] => format!("{} wrote something that nobody has answered for {}.", one.by.display_name, waited(one.at)),
            _ => capital(&format!("{many} posts have had no answer for a day or longer.")),
        };
        view! { <Wants says="Unanswered" more=says address="/hosting/sparks#waiting".to_owned() does="Say a word"/> }
    });
    let since = now().plus_days(-TOLD_DAYS);
    let me = host.me().id;
    let failed = |spark: &Spark| match spark.became {
        Became::Led(_) | Became::TakenBack => false,
        // Whoever stopped it knows.
        Became::Stopped { .. } => spark.at > since && spark.by.as_ref().is_some_and(|by| by.id == me),
        Became::Late { .. } | Became::NoHost { .. } => spark.at > since,
    };
    let failed = sparks.went(host).await?.into_iter().find(failed).map(|spark| {
        let whose = spark.by.map_or_else(|| "A spark".to_owned(), |by| format!("A spark of {}’s", by.display_name));
        let says = format!("{whose} was not sent.");
        view! { <Wants says="Sparks" more=says address="/hosting/sparks#went".to_owned() does="See why"/> }
    });
    Ok((waits.is_some() || failed.is_some()).then(|| view! { {waits}{failed} }.into_any()))
}

/// How long something has waited: `a day`, `3 days`.
fn waited(at: Timestamp) -> String {
    match (now().0 - at.0) / 86_400_000 {
        ..2 => "a day".to_owned(),
        days => format!("{days} days"),
    }
}

/// `/hosting/sparks`.
pub(super) async fn page(asked: Asked) -> Page {
    let host = asked.host()?;
    let sparks = &asked.request.services.sparks;
    let ((waiting, more), proposals) = (sparks.unanswered(&host).await?, sparks.proposals(&host).await?);
    let (coming, went, prompts) = (sparks.coming(&host).await?, sparks.went(&host).await?, sparks.prompts(&host).await?);
    let zone = asked.community()?.zone.clone();
    let (nobody, nothing_came, nothing_went) = (waiting.is_empty(), coming.is_empty(), went.is_empty());
    let lost = lost(&waiting);
    let done = asked.query.get("done").to_owned();
    let aside = (done == "aside").then(|| asked.query.get("post").to_owned()).filter(|post| post.parse::<i64>().is_ok());
    let earlier = earlier(waiting.last().filter(|_| more));
    let few: Vec<_> = for_the_day(&prompts, now().0 / 86_400_000, FEW).into_iter().cloned().collect();
    Ok(view! {
        <PageTitle of="Sparks"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"Sparks"</h1>
                <p class="lede">"Who waits for a word, and what you could ask. Nothing here speaks by itself: you say it, under your own name."</p>
            </header>
            {hosting_pages("/hosting/sparks", true)}
            <Done done says=&DONE/>
            {aside.map(|post| view! {
                <form method="post" action=SetPostAside::url()>
                    <input type="hidden" name="post" value=post/>
                    <input type="hidden" name="back" value="true"/>
                    <p class="actions"><button class="button plain" type="submit">"Take that back"</button></p>
                </form>
            })}
            {lost}
            <section class="section" aria-labelledby="waiting">
                <h2 id="waiting">"Nobody has answered"</h2>
                {if nobody {
                    view! {
                        <div class="empty">
                            <p class="empty-title">"Nobody waits."</p>
                            <p>"What has had no answer and no reaction for a day stands here, so that a host can say a word."</p>
                        </div>
                    }
                    .into_any()
                } else {
                    let says = format!("Posts of the last {WITHIN_DAYS} days that have had no answer and no reaction for a day.");
                    view! { <p class="quiet">{says}</p> }.into_any()
                }}
                <ul class="rows">{waiting.into_iter().map(|post| view! { <Waiting post/> }).collect_view()}</ul>
                <p class="actions"><a class="button plain" href=earlier>"Those before"</a></p>
            </section>
            {(!proposals.is_empty()).then(|| view! {
                <section class="section" aria-labelledby="from-here">
                    <h2 id="from-here">"From what is here"</h2>
                    <ul class="rows">{proposals.into_iter().map(|proposal| view! { <Proposed proposal zone=zone.clone()/> }).collect_view()}</ul>
                </section>
            })}
            <section class="section" aria-labelledby="ask">
                <h2 id="ask">"Ask something"</h2>
                <ul class="rows">{few.into_iter().map(|prompt| view! { <prompts::Line prompt/> }).collect_view()}</ul>
                <p class="actions">
                    <a class="button" href="/hosting/sparks/new">"Write a spark"</a>
                    <a class="button quiet" href="/hosting/sparks/new?when=weekly">"Begin a weekly one"</a>
                    <a class="button quiet" href="/hosting/sparks/prompts">{format!("All {} prompts", prompts.len())}</a>
                </p>
            </section>
            <section class="section" aria-labelledby="coming">
                <h2 id="coming">"To come"</h2>
                {if nothing_came {
                    view! { <p class="quiet">"Nothing is to come. A spark can wait for a day, or come each week: “Monday: what are you making?”"</p> }
                        .into_any()
                } else {
                    view! { <p class="quiet">{format!("By this place’s clock, {}.", zone.in_words())}</p> }.into_any()
                }}
                <ul class="rows">{coming.into_iter().map(|spark| view! { <ToCome spark host=host.clone() zone=zone.clone()/> }).collect_view()}</ul>
            </section>
            {(!nothing_went).then(|| view! {
                <section class="section" aria-labelledby="went">
                    <h2 id="went">"What they led to"</h2>
                    <ul class="rows">{went.into_iter().map(|spark| view! { <Went spark host=host.clone() zone=zone.clone()/> }).collect_view()}</ul>
                </section>
            })}
        </main>
    }
    .into_any())
}

/// Where the post went away meanwhile, what was typed is still somebody's work.
fn lost(waiting: &[Unanswered]) -> Option<impl IntoView + use<>> {
    let form = use_form::<AnswerWaiting, PostRefusal>();
    let gone = form.typed("post").is_some_and(|post| !waiting.iter().any(|one| one.post.to_string() == post));
    gone.then(|| {
        let typed = form.value("markdown", "");
        view! {
            <Refused form/>
            <div class="note"><p>"What you wrote:"</p><p class="row-words"><bdi>{typed}</bdi></p></div>
        }
    })
}

/// Where those stand that have waited longer: longer than one, or than the desk looks back.
fn earlier(than: Option<&Unanswered>) -> String {
    let before = than.map(|one| format!("?before={}", one.at.0)).unwrap_or_default();
    format!("/hosting/sparks/unanswered{before}")
}

/// `/hosting/sparks/unanswered`: what nobody has answered, however long ago, a page at a time.
pub(super) async fn unanswered(asked: Asked) -> Page {
    let host = asked.host()?;
    let before = asked.query.get("before").parse().ok().map(Timestamp);
    let (waiting, more) = asked.request.services.sparks.unanswered_before(&host, before).await?;
    let earlier = more.then(|| earlier(waiting.last()));
    let (nobody, lost) = (waiting.is_empty(), lost(&waiting));
    Ok(view! {
        <PageTitle of="Nobody has answered"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/hosting/sparks">"Sparks"</a></p>
                <h1>"Nobody has answered"</h1>
                <p class="lede">"Posts from earlier that have had no answer and no reaction, the latest first. It is rarely too late for a word."</p>
            </header>
            {hosting_pages("/hosting/sparks", true)}
            {lost}
            {nobody.then(|| view! {
                <div class="empty"><p class="empty-title">"Nobody waits."</p><p>"Whatever was written before has had its answer."</p></div>
            })}
            <ul class="rows">{waiting.into_iter().map(|post| view! { <Waiting post/> }).collect_view()}</ul>
            {earlier.map(|address| view! { <p class="actions"><a class="button quiet" href=address>"Those before"</a></p> })}
        </main>
    }
    .into_any())
}

#[component]
fn Waiting(post: Unanswered) -> impl IntoView {
    let form = use_form::<AnswerWaiting, PostRefusal>().about("post", &post.post.to_string());
    let for_them = post.draft().is_some();
    let Unanswered { post: id, by, says: text, folded, asks, named, at } = post;
    let called = by.display_name.clone();
    let did = match (asks.is_some(), text.is_empty()) {
        (true, _) => "asked",
        (false, true) => "showed a picture",
        (false, false) => "wrote",
    };
    let says = format!(" {did}; nobody has answered for {}.", waited(at));
    let (hidden, page) = (format!(": {called}"), format!("/people/{}", by.name));
    view! {
        <li class="row waiting">
            <div class="row-what">
                <p class="row-title two">
                    <a class="two-one" href=page><Face who=by class="face small"/><bdi>{called.clone()}</bdi></a>
                    <span class="waiting-says">{says}</span>
                </p>
                {(!text.is_empty()).then(|| view! {
                    <p class="row-words">{folded.then_some("Behind a note: ")}<bdi>{text}</bdi>{named.then(|| view! { <span class="quiet">" (for a few people, you among them)"</span> })}</p>
                })}
                <Answer form id=id.to_string() called=called.clone()/>
            </div>
            <div class="actions">
                <a class="button quiet" href=format!("/posts/{id}")>"Go to the post"<span class="visually-hidden">{hidden.clone()}</span></a>
                {for_them.then(|| view! {
                    <a class="button quiet" href=format!("/hosting/sparks/new?from=post-{id}")>"Ask it for them"<span class="visually-hidden">{hidden.clone()}</span></a>
                })}
                <Aside id=id.to_string() hidden/>
            </div>
        </li>
    }
}

/// Answering in place.
#[component]
fn Answer(form: FormState, id: String, called: String) -> impl IntoView {
    let field = format!("answer-{id}");
    view! {
        <details class="more" open=form.trouble().is_some()>
            <summary>"Answer"<span class="visually-hidden">{format!(": {called}")}</span></summary>
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                <input type="hidden" name="post" value=id/>
                <Field id=field.clone() label=format!("Your answer to \u{2068}{called}\u{2069}") error=form.error("markdown")>
                    <TextArea id=field name="markdown" text=form.value("markdown", "") rows=3 required=true most=LONGEST_POST/>
                </Field>
                <div class="actions"><button class="button" type="submit">"Send the answer"</button></div>
            </form>
        </details>
    }
}

/// That something needs no answer.
#[component]
fn Aside(id: String, hidden: String) -> impl IntoView {
    view! {
        <form method="post" action=SetPostAside::url()>
            <input type="hidden" name="post" value=id/>
            <button class="button plain" type="submit">"It needs no answer"<span class="visually-hidden">{hidden}</span></button>
        </form>
    }
}

/// What speaks for a proposal, as a sentence.
fn evidence(proposal: &Proposal, zone: &Zone) -> String {
    let called = |who: &[Byline]| {
        let mut names: Vec<String> = who.iter().take(5).map(|who| who.display_name.clone()).collect();
        if who.len() > 5 {
            names.push(format!("{} more", words::number(who.len() - 5)));
        }
        names_in_words(&names)
    };
    let ago = |years: i32, on: chrono::NaiveDate| {
        let today = zone.date(now());
        let to_the_day = (on.format("%m-%d").to_string()) == today.format("%m-%d").to_string();
        format!("{} ago {}", of_years(years), if to_the_day { "today" } else { "this week" })
    };
    match proposal {
        Proposal::Birthday { years, on } => format!("This place opened {}, on {}.", ago(*years, *on), on.format("%-d %B %Y")),
        Proposal::Anniversary { who, years, on } => format!("{} joined {}.", called(who), ago(*years, *on)),
        Proposal::Paused(ending) => format!(
            "{} people talked, and it ended on {} with what {} asked: “{}”",
            capital(&words::number(ending.voices.len())),
            words::day(ending.at, zone),
            ending.by.display_name,
            question(&ending.words)
        ),
        Proposal::LastYear(evening) => {
            let came = if evening.came == 1 {
                "one person was".to_owned()
            } else {
                format!("{} people were", words::number(evening.came as usize))
            };
            format!("On {}, {came} at {}.", evening.date.format("%-d %B %Y"), evening.title)
        }
    }
}

#[component]
fn Proposed(proposal: Proposal, zone: Zone) -> impl IntoView {
    let (says, key) = (evidence(&proposal, &zone), proposal.key());
    let (leads, aside) = match &proposal {
        Proposal::Paused(ending) => {
            (Some((format!("/posts/{}#p{}", ending.root, ending.reply), "Read it")), Some(ending.reply.to_string()))
        }
        Proposal::LastYear(evening) => (Some((format!("/gatherings/{}/{}", evening.slug, evening.date), "See that evening")), None),
        Proposal::Birthday { .. } | Proposal::Anniversary { .. } => (None, None),
    };
    let hidden = format!(": {says}");
    view! {
        <li class="row">
            <div class="row-what"><p><bdi>{says}</bdi></p></div>
            <div class="actions">
                <a class="button quiet" href=format!("/hosting/sparks/new?from={key}")>"Make a spark of it"<span class="visually-hidden">{hidden.clone()}</span></a>
                {leads.map(|(address, does)| view! { <a class="button plain" href=address>{does}<span class="visually-hidden">{hidden.clone()}</span></a> })}
                {aside.map(|id| view! { <Aside id hidden=hidden.clone()/> })}
            </div>
        </li>
    }
}

/// The moment of a spark to come on the community's clock.
fn moment(spark: &Coming, zone: &Zone) -> Local {
    local(spark.at(zone), zone)
}

/// When a spark comes, as a sentence.
fn comes(spark: &Coming, zone: &Zone) -> String {
    let (next, today) = (moment(spark, zone), local(now(), zone));
    let clock = spark.new.time.format("%H:%M");
    if !spark.new.weekly {
        return format!("on {} at {clock}", next.date_seen_from(today));
    }
    use chrono::Datelike;
    let weekday = WEEKDAYS[spark.new.date.weekday().num_days_from_monday() as usize];
    match (spark.paused, &spark.paused_by) {
        (false, _) => format!("each {weekday} at {clock}, next on {} {}", next.day, next.month_seen_from(today)),
        (true, None) => format!("each {weekday} at {clock}; it rests"),
        (true, Some(by)) => format!("each {weekday} at {clock}; it rests, since {} paused it", by.display_name),
    }
}

#[component]
fn ToCome(spark: Coming, host: Host, zone: Zone) -> impl IntoView {
    let (mine, when) = (spark.is_by(&host), comes(&spark, &zone));
    let whose = match &spark.by {
        _ if mine => "You".to_owned(),
        Some(by) => by.display_name.clone(),
        None => "Somebody who has left".to_owned(),
    };
    let warning = match &spark.by {
        Some(_) if spark.by_host => None,
        Some(by) => Some(format!("{} is no host any more: it will not be sent.", by.display_name)),
        None => Some("It will not be sent: nothing is said in the name of somebody who has left.".to_owned()),
    };
    let (id, seen, words, many) = (spark.id.to_string(), spark.changes, spark.words().to_owned(), spark.new.wordings.len());
    let hidden = format!(": {words}");
    let others = (many > 1).then(|| {
        let turn = spark.turn as usize % many;
        let others = spark.new.wordings.iter().cycle().skip(turn + 1).take(many - 1).cloned();
        let others = others.map(|words| view! { <li><bdi>{words}</bdi></li> }).collect_view();
        view! { <details class="more"><summary>{format!("Then {} more, in turn", words::number(many - 1))}</summary><ol class="reasons">{others}</ol></details> }
    });
    let hold = move |hold: &'static str, class: &'static str, does: &'static str| {
        view! {
            <form method="post" action=HoldSpark::url()>
                <input type="hidden" name="id" value=id.clone()/>
                <input type="hidden" name="seen" value=seen/>
                <input type="hidden" name="hold" value=hold/>
                <button class=class type="submit">{does}<span class="visually-hidden">{hidden.clone()}</span></button>
            </form>
        }
    };
    let (weekly, paused) = (spark.new.weekly, spark.paused);
    view! {
        <li class="row">
            <div class="row-what">
                <p class="row-title"><bdi>{whose}</bdi>{format!(", {when}")}</p>
                {warning.map(|warning| view! { <p class="note refusal"><bdi>{warning}</bdi></p> })}
                <p class="row-words"><bdi>{words.clone()}</bdi></p>
                {others}
            </div>
            <div class="actions">
                {mine.then(|| view! {
                    <a class="button quiet" href=format!("/hosting/sparks/{}", spark.id)>"Change it"<span class="visually-hidden">{format!(": {words}")}</span></a>
                })}
                {(weekly && !paused).then(|| hold("skip", "button quiet", "Leave the next one out"))}
                {(weekly && !paused).then(|| hold("pause", "button quiet", "Pause it"))}
                {(paused && mine).then(|| hold("go-on", "button quiet", "Let it go on"))}
                {hold("stop", "button plain", "Stop it")}
            </div>
        </li>
    }
}

/// What a spark led to, in words.
fn led_in_words(led: &Led) -> String {
    let people = |many: usize, one: &str, more: &str| match many {
        0 => None,
        1 => Some(format!("one person {one}")),
        many => Some(format!("{} people {more}", words::number(many))),
    };
    let (answered, reacted) = (people(led.answered, "answered", "answered"), people(led.reacted, "reacted", "reacted"));
    let said = match (answered, reacted) {
        (None, None) => return "Nobody has said anything to it so far.".to_owned(),
        (Some(answered), Some(reacted)) => format!("{answered}, and {reacted}"),
        (Some(one), None) | (None, Some(one)) => one,
    };
    let between = match led.between_others {
        0 => String::new(),
        1 => " Two others fell to talking.".to_owned(),
        many => format!(" It led to {} conversations between others.", words::number(many)),
    };
    capital(&format!("{said}.{between}"))
}

#[component]
fn Went(spark: Spark, host: Host, zone: Zone) -> impl IntoView {
    let mine = spark.by.as_ref().is_some_and(|by| by.id == host.me().id);
    let (whose, whose_is) = match &spark.by {
        _ if mine => ("You".to_owned(), "you are".to_owned()),
        Some(by) => (by.display_name.clone(), format!("{} is", by.display_name)),
        None => ("Somebody who has left".to_owned(), "whoever wrote it is".to_owned()),
    };
    let on = words::day(spark.at, &zone);
    let (title, says, quote, leads) = match spark.became {
        Became::Led(led) => {
            (format!("{whose} asked on {on}"), led_in_words(&led), led.excerpt, Some((format!("/posts/{}", led.post), "Read the thread")))
        }
        Became::TakenBack => {
            (format!("{whose} asked on {on}"), "It was taken back since, and its words are gone.".to_owned(), String::new(), None)
        }
        Became::Late { words, more } => {
            let also = match more {
                0 => String::new(),
                1 => " So was the one after it.".to_owned(),
                more => format!(" So were {} after it.", words::number(more as usize)),
            };
            let says = format!("It was left out: this place was not running when its time came, nor for hours after.{also}");
            (format!("{whose}, not sent by {on}"), says, words, again(spark.id, mine))
        }
        Became::NoHost { words } => (
            format!("{whose}, not sent on {on}"),
            capital(&format!("{whose_is} no host any more, so it comes no more.")),
            words,
            again(spark.id, mine),
        ),
        Became::Stopped { by, words } => {
            let by =
                by.map_or_else(|| "Another host".to_owned(), |by| if by.id == host.me().id { "You".to_owned() } else { by.display_name });
            (format!("{whose}, not sent"), format!("{by} stopped it on {on}."), words, again(spark.id, mine))
        }
    };
    let hidden = if quote.is_empty() { format!(": {title}") } else { format!(": {quote}") };
    view! {
        <li class="row">
            <div class="row-what">
                <p class="row-title"><bdi>{title}</bdi></p>
                {(!quote.is_empty()).then(|| view! { <p class="row-words"><bdi>{quote}</bdi></p> })}
                <p class="quiet"><bdi>{says}</bdi></p>
            </div>
            <div class="actions">
                {leads.map(|(address, does)| view! { <a class="button quiet" href=address>{does}<span class="visually-hidden">{hidden}</span></a> })}
            </div>
        </li>
    }
}

/// The way to say what was not sent.
fn again(id: domain::ids::SparkId, mine: bool) -> Option<(String, &'static str)> {
    Some((format!("/hosting/sparks/new?from=spark-{id}"), if mine { "Send it after all" } else { "Say it yourself" }))
}

/// What a host begins with who makes a spark of something: the draft, what speaks for it, and the key of the prompt, if it is one.
async fn begun(asked: &Asked, host: &Host, zone: &Zone) -> Result<(String, Option<String>, String), Unavailable> {
    let sparks = &asked.request.services.sparks;
    let (from, prompt) = (asked.query.get("from"), asked.query.get("prompt"));
    if !prompt.is_empty() {
        let found = sparks.prompts(host).await?.into_iter().find(|one| one.key == prompt);
        let asked_before = |prompt: &domain::sparks::prompts::Listed| {
            prompt.asked.as_ref().map(|asked| capital(&format!("{}.", prompts::asked_in_words(asked, zone))))
        };
        return Ok(found.map_or_else(Default::default, |found| (found.words.clone(), asked_before(&found), found.key)));
    }
    if let Some(id) = from.strip_prefix("post-") {
        let (waiting, _) = sparks.unanswered(host).await?;
        let post = waiting.into_iter().find(|post| post.post.to_string() == id);
        return Ok(post.and_then(|post| Some((post.draft()?, post))).map_or_else(Default::default, |(draft, post)| {
            let says = format!("{} asked; nobody has answered for {}.", post.by.display_name, waited(post.at));
            (draft, Some(says), String::new())
        }));
    }
    if let Some(id) = from.strip_prefix("spark-") {
        let spark = sparks.went(host).await?.into_iter().find(|spark| spark.id.to_string() == id);
        let words = spark.map(|spark| match spark.became {
            Became::Late { words, .. } | Became::NoHost { words } | Became::Stopped { words, .. } => {
                (words, None, spark.prompt.unwrap_or_default())
            }
            Became::Led(_) | Became::TakenBack => Default::default(),
        });
        return Ok(words.unwrap_or_default());
    }
    if from.is_empty() {
        return Ok(Default::default());
    }
    let found = sparks.proposals(host).await?.into_iter().find(|proposal| proposal.key() == from);
    Ok(found.map_or_else(Default::default, |found| (found.draft(), Some(evidence(&found, zone)), String::new())))
}
