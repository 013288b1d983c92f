//! The pulse: `/pulse` for all members, `/pulse/mine` for each alone, and `/hosting/pulse` for hosts.

use super::{
    Asked, NoPage, Page,
    chart::{Band, Bar, Bars, Behind, Named, Step},
    fields::{Done, Field, Refused},
    hosting::{Wants, hosting_pages},
    words,
};
use crate::{
    chrome::{Face, PageTitle, capital},
    forms::use_form,
    here::here,
    pulse::{LeaveBe, LookOutFor, WriteToThem},
    safe_html::TextArea,
    timeline::post::names_in_words,
    when::{MONTHS, When, local, now},
};
use chrono::{Datelike, NaiveDate};
use domain::{
    ids::PostId,
    people::{Byline, Handle},
    pulse::{
        Liveliness,
        depth::{Core, Figures, Share, Unanswered, Unspoken, told},
        drifting::{Drifting, LeftBe},
        quiet::{Quiet, Usual},
    },
    time::{Timestamp, Zone},
    timeline::{LONGEST_POST, PostRefusal},
    viewer::Host,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// How many months are shown.
const SHOWN: usize = 12;
/// What stands for a number that would say something of fewer than a handful.
const TOO_FEW: &str = "too few to say";

/// `November 2026`.
fn month_in_words(month: NaiveDate) -> String {
    format!("{} {}", MONTHS[month.month0() as usize % 12], month.year())
}

/// `Nov 2026`.
fn month_in_short(month: NaiveDate) -> String {
    format!("{} {}", &MONTHS[month.month0() as usize % 12][..3], month.year())
}

/// `2 October`, and the year where it is not this one.
fn date_in_words(date: NaiveDate) -> String {
    let year = if date.year() == local(now(), here().zone()).year { String::new() } else { format!(" {}", date.year()) };
    format!("{} {}{year}", date.day(), MONTHS[date.month0() as usize % 12])
}

/// So many, in a cell of a table.
fn cell(number: Option<u32>) -> String {
    number.map_or_else(|| TOO_FEW.to_owned(), |number| number.to_string())
}

/// A share, in a cell of a table.
fn share_in_words(share: Share) -> String {
    match share {
        Share::TooFew => TOO_FEW.to_owned(),
        Share::All(_) => "all of them".to_owned(),
        Share::NearlyAll(_) => "nearly all".to_owned(),
        Share::Some { of_them, .. } => of_them.to_string(),
    }
}

/// The bars of some months, the last of which is not over.
fn bars(months: &[(NaiveDate, Figures)], number: impl Fn(&Figures) -> Option<u32>) -> Vec<Bar> {
    let last = months.len().saturating_sub(1);
    // On a phone there is no room for each month's name; the present one's is always there.
    let named = |place: usize| months.len() <= SHOWN / 2 || (last - place).is_multiple_of(2);
    let bar = |(place, (month, figures)): (usize, &(NaiveDate, Figures))| Bar {
        label: if named(place) { MONTHS[month.month0() as usize % 12][..3].to_owned() } else { String::new() },
        number: number(figures),
        unfinished: place == last,
    };
    months.iter().enumerate().map(bar).collect()
}

/// What one sees in bars: how it was in the first month, and how it is in the last.
fn from_and_to(months: &[(NaiveDate, Figures)], number: impl Fn(&Figures) -> Option<u32>) -> String {
    let says = |(month, figures): &(NaiveDate, Figures)| format!("{} in {}", cell(number(figures)), month_in_words(*month));
    match (months.first(), months.last()) {
        (Some(first), Some(last)) if months.len() > 1 => format!("A bar for each month: {}, {} so far.", says(first), says(last)),
        (Some(only), _) => format!("One bar: {} so far.", says(only)),
        _ => String::new(),
    }
}

/// The last month that is over, or the present one where it is the first.
fn last_whole(months: &[(NaiveDate, Figures)]) -> Option<(NaiveDate, Figures)> {
    months.iter().rev().nth(1).or(months.last()).copied()
}

/// `/pulse`.
pub(super) async fn together(asked: Asked) -> Page {
    let me = asked.me()?;
    let pulse = asked.request.services.pulse.together(&me).await?;
    let first = pulse.months.len().saturating_sub(SHOWN);
    let months = pulse.months[first..].to_vec();
    let nothing = months.is_empty();
    let (posts, gatherings) = (here().words.posts.clone(), here().words.gatherings.clone());
    Ok(view! {
        <PageTitle of="How we are"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"How we are"</h1>
                <p class="lede">"What becomes of our being together, month by month. It is about all of us, and nobody in it has a name."</p>
            </header>
            {if nothing {
                view! {
                    <div class="empty">
                        <p class="empty-title">"It is too early to say."</p>
                        <p>"Once people have written to each other for a while, this page tells of it. The best thing to do for that is to "<a href="/">"answer somebody"</a>"."</p>
                    </div>
                }.into_any()
            } else {
                view! {
                    <Conversations months=months.clone()/>
                    <NewPeople months=months.clone()/>
                    <Meeting months series=pulse.series/>
                }.into_any()
            }}
            <section class="section" aria-labelledby="yours">
                <h2 id="yours">"And you"</h2>
                <p>"With whom you have spoken lately, and what you keep coming to, "<a href="/pulse/mine">"stands on a page of your own"</a>". Nobody else sees it."</p>
            </section>
            <details class="more">
                <summary>"How this is counted"</summary>
                <div class="prose">
                    <p>{format!("Only what every member may see counts here: {posts}, replies and reactions for all, and {gatherings} for all. What is said among named people is in no figure.")}</p>
                    <p>"A conversation is a thread in which somebody answered, and the one who was answered came back to it. Somebody who came new was answered within a day when somebody replied to the first thing they said, within 24 hours."</p>
                    <p>"Where fewer than five people stand behind a number, it is not told, and where all but a few did something, it says “nearly all”. What was taken back is gone from here within a day."</p>
                </div>
            </details>
        </main>
    }
    .into_any())
}

/// In how many conversations both sides spoke.
#[component]
fn Conversations(months: Vec<(NaiveDate, Figures)>) -> impl IntoView {
    let conversations = |figures: &Figures| told(figures.conversations, figures.wrote);
    let talked = |figures: &Figures| Share::of(figures.talked, figures.wrote);
    let says = last_whole(&months).map(|(month, figures)| {
        let went = match conversations(&figures) {
            None => format!("In {}, too few of us wrote to say anything of it.", month_in_words(month)),
            Some(0) => format!("In {}, nobody came back yet to what they were answered. Somebody has to begin.", month_in_words(month)),
            Some(1) => {
                format!("In {}, one conversation went both ways: somebody answered, and the other came back to it.", month_in_words(month))
            }
            Some(many) => format!(
                "In {}, {} conversations went both ways: somebody answered, and the other came back to it.",
                month_in_words(month),
                words::number(many as usize)
            ),
        };
        let with = match talked(&figures) {
            Share::TooFew => String::new(),
            Share::All(all) => format!(" All {} of us who wrote spoke with somebody.", words::number(all as usize)),
            Share::NearlyAll(all) => format!(" Of {} who wrote, nearly all spoke with somebody.", words::number(all as usize)),
            Share::Some { of_them, all } => {
                format!(" Of {} who wrote, {} spoke with somebody.", words::number(all as usize), words::number(of_them as usize))
            }
        };
        format!("{went}{with}")
    });
    let named = Named {
        id: "conversations",
        title: "Conversations that went both ways, month by month".into(),
        says: from_and_to(&months, conversations),
    };
    let row = |(month, figures): &(NaiveDate, Figures)| {
        vec![
            month_in_short(*month),
            cell(conversations(figures)),
            cell(told(figures.wrote, figures.wrote)),
            share_in_words(talked(figures)),
        ]
    };
    let rows = months.iter().map(row).collect();
    view! {
        <section class="section" aria-labelledby="talk">
            <h2 id="talk">"Conversations"</h2>
            <p>{says}</p>
            <Bars named bars=bars(&months, conversations)/>
            <Behind caption="Conversations, month by month".into() columns=vec!["Month", "Conversations", "People who wrote", "Spoke with somebody"] rows/>
        </section>
    }
}

/// Whether newcomers were answered, over all the months together.
#[component]
fn NewPeople(months: Vec<(NaiveDate, Figures)>) -> impl IntoView {
    let sum = |number: fn(&Figures) -> u32| months.iter().map(|(_, figures)| number(figures)).sum::<u32>();
    let (newcomers, answered) = (sum(|figures| figures.newcomers), sum(|figures| figures.answered));
    let says = match Share::of(answered, newcomers) {
        Share::TooFew => "Too few came new and said something to tell how they were received.".to_owned(),
        Share::All(all) => format!(
            "{} joined in this time and said something. All of them were answered within a day.",
            capital(&words::number(all as usize))
        ),
        Share::NearlyAll(all) => {
            format!(
                "{} joined in this time and said something. Nearly all of them were answered within a day.",
                capital(&words::number(all as usize))
            )
        }
        Share::Some { of_them, all } => format!(
            "{} joined in this time and said something. {} of them were answered within a day.",
            capital(&words::number(all as usize)),
            capital(&words::number(of_them as usize))
        ),
    };
    view! {
        <section class="section" aria-labelledby="new">
            <h2 id="new">"Newcomers"</h2>
            <p>{says}</p>
        </section>
    }
}

/// How often people meet, and with how many as the core.
#[component]
fn Meeting(months: Vec<(NaiveDate, Figures)>, series: Vec<(String, String, u32)>) -> impl IntoView {
    let came = |figures: &Figures| told(figures.came, figures.came);
    let sessions = |figures: &Figures| told(figures.sessions, figures.came);
    let (met, word) = (months.iter().any(|(_, figures)| figures.came > 0), capital(&here().words.gatherings));
    let says = last_whole(&months).map(|(month, figures)| match sessions(&figures).zip(came(&figures)) {
        None => format!("In {}, too few of us are known to have met to say anything of it.", month_in_words(month)),
        Some((sessions, came)) => format!(
            "In {}, {} came to {}.",
            month_in_words(month),
            format_args!("{} of us", words::number(came as usize)),
            if sessions == 1 {
                "the one evening there was".to_owned()
            } else {
                format!("{} evenings or afternoons together", words::number(sessions as usize))
            }
        ),
    });
    let named = Named { id: "meeting", title: "People who came to something, month by month".into(), says: from_and_to(&months, came) };
    let row = |(month, figures): &(NaiveDate, Figures)| vec![month_in_short(*month), cell(came(figures)), cell(sessions(figures))];
    let rows = months.iter().map(row).collect();
    let core = |(slug, title, core): (String, String, u32)| {
        let core = told(core, core)
            .map_or_else(|| "a few who keep coming".to_owned(), |core| format!("{} who keep coming", words::number(core as usize)));
        view! { <li><a href=format!("/gatherings/{slug}") dir="auto">{title}</a>": "{core}</li> }
    };
    let none = series.is_empty();
    view! {
        <section class="section" aria-labelledby="meet">
            <h2 id="meet">{word}</h2>
            {if met {
                view! {
                    <p>{says}</p>
                    <Bars named bars=bars(&months, came)/>
                    <Behind caption="Who came, month by month".into() columns=vec!["Month", "People who came", "Times we met"] rows/>
                }.into_any()
            } else {
                view! { <p>"Nobody has written down yet who came to what. Whoever keeps one can do so on its page, after it."</p> }.into_any()
            }}
            {(!none).then(|| view! {
                <h3>"What holds together"</h3>
                <ul class="pulse-series">{series.into_iter().map(core).collect_view()}</ul>
            })}
        </section>
    }
}

/// How long somebody has been here, in words.
fn for_how_long(joined: Timestamp) -> String {
    match (now().0 - joined.0).div_euclid(86_400_000) {
        ..=0 => "today".to_owned(),
        1 => "a day ago".to_owned(),
        days @ 2..14 => format!("{} days ago", words::number(days as usize)),
        days @ 14..60 => format!("{} weeks ago", words::number(days as usize / 7)),
        days @ 60..700 => format!("{} months ago", words::number(days as usize * 2 / 61)),
        days => format!("{} years ago", words::number((days as usize + 30) / 365)),
    }
}

/// `/pulse/mine`.
pub(super) async fn mine(asked: Asked) -> Page {
    let me = asked.me()?;
    let mine = asked.request.services.pulse.mine(&me).await?;
    let person = asked.request.services.people.person(&asked.request.viewer, me.name.as_str()).await?.ok_or(NoPage::NotHere)?;
    let (nobody, nothing) = (mine.talked_with.is_empty(), mine.comes_to.is_empty());
    let gatherings = here().words.gatherings.clone();
    let talked = |(who, at): (Byline, Timestamp)| {
        view! {
            <li>
                <a class="two-one" href=format!("/people/{}", who.name)><Face who=who.clone() class="face small"/><bdi>{who.display_name}</bdi></a>
                <span class="quiet"><When at/></span>
            </li>
        }
    };
    Ok(view! {
        <PageTitle of="Your time here"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"Your time here"</h1>
                <p class="lede">"For you alone: nobody else sees this page, and hosts don’t either."</p>
            </header>
            <p>{format!("You came on {}, {}.", words::day(person.joined_at, here().zone()), for_how_long(person.joined_at))}</p>
            <section class="section" aria-labelledby="with">
                <h2 id="with">"Whom you have spoken with"</h2>
                {if nobody {
                    view! {
                        <div class="empty">
                            <p class="empty-title">"Nobody in the last three months."</p>
                            <p>"It takes one answer: "<a href="/">"somebody on the timeline"</a>" said something that you know more about."</p>
                        </div>
                    }.into_any()
                } else {
                    view! {
                        <p class="quiet">"In the last three months, each of you answered or came back. Whoever it was last comes first."</p>
                        <ul class="pulse-people">{mine.talked_with.into_iter().map(talked).collect_view()}</ul>
                    }.into_any()
                }}
            </section>
            <section class="section" aria-labelledby="comes">
                <h2 id="comes">"What you keep coming to"</h2>
                {if nothing {
                    view! { <p>"Nothing yet that you came to half of the times. "<a href="/gatherings">{format!("These {gatherings} are coming")}</a>"."</p> }.into_any()
                } else {
                    view! {
                        <ul class="pulse-series">
                            {mine.comes_to.into_iter().map(|(slug, title)| view! { <li><a href=format!("/gatherings/{slug}") dir="auto">{title}</a></li> }).collect_view()}
                        </ul>
                    }.into_any()
                }}
            </section>
            <p class="quiet"><a href="/pulse">"How we are, all together"</a></p>
        </main>
    }
    .into_any())
}

/// `16:00`, on the community's clock.
fn clock(at: Timestamp, zone: &Zone) -> String {
    local(at, zone).clock()
}

/// `6 to 10 posts, replies and reactions`.
fn usual_in_words(usual: Usual) -> String {
    let many = if usual.low == usual.high { usual.low.to_string() } else { format!("{} to {}", usual.low, usual.high) };
    format!("{many} {}, replies and reactions", here().words.posts)
}

/// That it is quiet, as a sentence.
fn quiet_in_words(quiet: &Quiet, zone: &Zone) -> String {
    let came = match quiet.came {
        0 => "nothing has come".to_owned(),
        1 => "there was one".to_owned(),
        many => format!("there were {}", words::number(many as usize)),
    };
    format!(
        "{}s from {} to {} there are usually {}. Since {}, {came}.",
        local(quiet.since, zone).weekday_name(),
        clock(quiet.since, zone),
        clock(quiet.until, zone),
        usual_in_words(quiet.usual),
        clock(quiet.since, zone),
    )
}

/// Today, hour by hour, before the usual.
#[component]
fn Today(
    /// How lively it is.
    lively: Liveliness,
) -> impl IntoView {
    let weekday = local(now(), &lively.zone).weekday_name();
    let title = format!("Today, hour by hour, before what is usual on {weekday}s");
    let so_far: u32 = lively.today.iter().filter_map(|hour| hour.came).sum();
    let usual: (u32, u32) = lively
        .today
        .iter()
        .filter(|hour| hour.came.is_some())
        .fold((0, 0), |(low, high), hour| (low + hour.usual.low, high + hour.usual.high));
    let says = format!("{so_far} came today so far. Hour by hour, {} to {} are usual until now.", usual.0, usual.1);
    let step = |hour: &domain::pulse::quiet::Hour| Step {
        label: if hour.hour.is_multiple_of(6) { format!("{:02}:00", hour.hour) } else { String::new() },
        usual: (hour.usual.low, hour.usual.high),
        was: hour.came,
    };
    let row = |hour: &domain::pulse::quiet::Hour| {
        let usual = if hour.usual.low == hour.usual.high {
            hour.usual.low.to_string()
        } else {
            format!("{} to {}", hour.usual.low, hour.usual.high)
        };
        vec![format!("{:02}:00", hour.hour), usual, hour.came.map_or_else(String::new, |came| came.to_string())]
    };
    let rows = lively.today.iter().map(row).collect();
    view! {
        <figure class="chart-figure">
            <Band named=Named { id: "today", title, says } steps=lively.today.iter().map(step).collect()/>
            <figcaption class="quiet">"The line is today, the band behind it what is usual at each hour."</figcaption>
        </figure>
        <Behind caption="Today, hour by hour".into() columns=vec!["From", "Usual", "Today"] rows/>
    }
}

/// What of the pulse wants a host today, as rows of the desk.
pub(super) async fn wants(asked: &Asked, host: &Host) -> Result<Option<AnyView>, NoPage> {
    let pulse = &asked.request.services.pulse;
    let lively = pulse.liveliness(host).await?;
    let drifting = pulse.drifting(host).await?;
    let quiet = lively.quiet.map(|quiet| {
        let says = quiet_in_words(&quiet, &lively.zone);
        view! {
            <li class="row">
                <div class="row-what">
                    <p class="row-title">"Quiet"</p>
                    <p class="quiet">{says}</p>
                    <Today lively=lively/>
                </div>
                <div class="actions"><a class="button quiet" href="/">"Say something"</a></div>
            </li>
        }
    });
    let drift = (!drifting.is_empty()).then(|| {
        let names: Vec<String> = drifting.iter().map(|one| format!("\u{2068}{}\u{2069}", one.who.display_name)).collect();
        let have = if names.len() == 1 { "has" } else { "have" };
        let more = format!("{} used to come, and {have} not for a while.", names_in_words(&names));
        view! { <Wants says="Not here for a while" more address="/hosting/pulse#drifting".to_owned() does="See who"/> }
    });
    Ok((quiet.is_some() || drift.is_some()).then(|| view! { {quiet}{drift} }.into_any()))
}

/// `/hosting/pulse`.
pub(super) async fn by_name(asked: Asked) -> Page {
    let host = asked.host()?;
    let pulse = &asked.request.services.pulse;
    let (lively, drifting, left) = (pulse.liveliness(&host).await?, pulse.drifting(&host).await?, pulse.left_be(&host).await?);
    let (unspoken, unanswered) = (pulse.unspoken(&host).await?, pulse.unanswered(&host).await?);
    let (cores, lately) = (pulse.cores(&host).await?, pulse.lately(&host).await?);
    let (nobody_drifts, all_spoken, all_answered, no_core) =
        (drifting.is_empty() && left.is_empty(), unspoken.is_empty(), unanswered.is_empty(), cores.is_empty());
    let gatherings = here().words.gatherings.clone();
    let today = if lively.today.is_empty() {
        "Once this place has lived through eight weeks, today stands here beside what is usual.".to_owned()
    } else {
        lively
            .quiet
            .map_or_else(|| "It is about as lively as it usually is at this time.".to_owned(), |quiet| quiet_in_words(&quiet, &lively.zone))
    };
    let conversations = lately.iter().map(|(month, figures)| {
        let many = if figures.conversations == 1 {
            "one conversation".to_owned()
        } else {
            format!("{} conversations", words::number(figures.conversations as usize))
        };
        let wrote = if figures.wrote == 1 {
            "one person wrote".to_owned()
        } else {
            format!("{} people wrote", words::number(figures.wrote as usize))
        };
        let talked = words::number(figures.talked as usize);
        view! { <li>{format!("{}: {wrote}, {talked} spoke with somebody, and {many} went both ways.", month_in_words(*month))}</li> }
    });
    let conversations: Vec<_> = conversations.collect();
    Ok(view! {
        <PageTitle of="Pulse"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"Pulse"</h1>
                <p class="lede">"Who may be glad of a word. Hosts alone read this; what you make of it is yours, and nothing is sent by itself."</p>
            </header>
            {hosting_pages("/hosting/pulse", true)}
            <Done
                done=asked.query.get("done")
                says=&[
                    ("left-be", "They are left be for two months, by all hosts. You can look out for them again below."),
                    ("looked-out-for", "They stand here again when they have been away for long."),
                    ("wrote", "Your words are on their way, for nobody else to see."),
                ]
            />
            <section class="section" aria-labelledby="today-head">
                <h2 id="today-head">"Today"</h2>
                <p>{today}</p>
                {(!lively.today.is_empty()).then(|| view! { <Today lively/> })}
                {(!conversations.is_empty()).then(|| view! {
                    <ul class="quiet">{conversations}</ul>
                    <p class="quiet"><a href="/pulse">"As all members read it"</a></p>
                })}
            </section>
            <section class="section" aria-labelledby="drifting">
                <h2 id="drifting">"Not here for a while"</h2>
                {nobody_drifts.then(|| view! { <p class="quiet">"Nobody just now."</p> })}
                <ul class="rows">{drifting.into_iter().map(|one| view! { <Drifts one/> }).collect_view()}</ul>
                <Left left/>
                <details class="more">
                    <summary>"Who stands here, and why"</summary>
                    <p class="quiet">"Whoever did something on six days or more that everybody could see (wrote, reacted, answered or came), and has now been away for three times their usual pause, and for ten days at least. After half a year they stand here no more: they have gone, and that is theirs to do. What pages somebody looks at is not known."</p>
                </details>
            </section>
            <section class="section" aria-labelledby="unspoken">
                <h2 id="unspoken">"Whom nobody spoke with"</h2>
                <p class="quiet">
                    {if all_spoken { "Nobody in the last month, as far as you can see." } else { "They were here in the last month, and as far as you can see nobody answered them." }}
                </p>
                <ul class="rows">{unspoken.into_iter().map(|one| view! { <NotSpokenWith one/> }).collect_view()}</ul>
            </section>
            <section class="section" aria-labelledby="waited">
                <h2 id="waited">"Newcomers who were not answered within a day"</h2>
                {all_answered.then(|| view! { <p class="quiet">"Nobody in the last month."</p> })}
                <ul class="rows">{unanswered.into_iter().map(|one| view! { <Waited one/> }).collect_view()}</ul>
            </section>
            <section class="section" aria-labelledby="cores">
                <h2 id="cores">{format!("Who carries the {gatherings}")}</h2>
                <p class="quiet">
                    {if no_core { "Once three sessions of something were written down, those who come to half of them stand here." } else { "They came to half or more of the last sessions. They may be glad of a thank you." }}
                </p>
                <ul class="rows">{cores.into_iter().map(|core| view! { <Carries core/> }).collect_view()}</ul>
            </section>
        </main>
    }
    .into_any())
}

/// Somebody, as a row begins with them.
#[component]
fn Who(who: Byline) -> impl IntoView {
    view! { <p class="row-title"><a class="two-one" href=format!("/people/{}", who.name)><Face who=who.clone() class="face small"/><bdi>{who.display_name}</bdi></a></p> }
}

/// What a host may do for somebody: write to them, and note something.
#[component]
fn Ways(who: Byline) -> impl IntoView {
    let named = format!(": {}", who.display_name);
    view! {
        <a class="button quiet" href=format!("/hosting/pulse/{}", who.name)>"Write to them"<span class="visually-hidden">{named.clone()}</span></a>
        <a class="button plain" href=format!("/hosting/people/{}#notes", who.name)>"Note something"<span class="visually-hidden">{named}</span></a>
    }
}

#[component]
fn Drifts(one: Drifting) -> impl IntoView {
    let Drifting { who, rhythm, wrote, was_at, talks_with } = one;
    let used = format!("Used to come {}, and was last seen on {}.", rhythm.in_words(), date_in_words(rhythm.last));
    let others: Vec<String> = talks_with.iter().map(|who| format!("\u{2068}{}\u{2069}", who.display_name)).collect();
    view! {
        <li class="row">
            <div class="row-what">
                <Who who=who.clone()/>
                <p>{used}</p>
                {wrote.map(|(post, at)| view! { <p class="quiet">"Last wrote on "<Post post at/>"."</p> })}
                {was_at.map(|(slug, title, date)| view! {
                    <p class="quiet">"Was last at "<a href=format!("/gatherings/{slug}/{date}") dir="auto">{title}</a>", on "{date_in_words(date)}"."</p>
                })}
                {(!others.is_empty()).then(|| view! { <p class="quiet">{format!("Answered {} most.", names_in_words(&others))}</p> })}
            </div>
            <div class="actions">
                <Ways who=who.clone()/>
                <form method="post" action=LeaveBe::url()>
                    <input type="hidden" name="name" value=who.name.to_string()/>
                    <button class="button plain" type="submit">"Leave them be"<span class="visually-hidden">{format!(": {}", who.display_name)}</span></button>
                </form>
            </div>
        </li>
    }
}

/// A post, by its day.
#[component]
fn Post(post: PostId, at: Timestamp) -> impl IntoView {
    view! { <a href=format!("/posts/{post}")>{words::day(at, here().zone())}</a> }
}

#[component]
fn Left(left: Vec<LeftBe>) -> impl IntoView {
    let one = |left: LeftBe| {
        let until = format!(" until {} ", words::day(left.until, here().zone()));
        view! {
            <li>
                <span><bdi>{left.who.display_name.clone()}</bdi>{until}</span>
                <form method="post" action=LookOutFor::url()>
                    <input type="hidden" name="name" value=left.who.name.to_string()/>
                    <button class="button plain" type="submit">"Look out for them"<span class="visually-hidden">{format!(": {}", left.who.display_name)}</span></button>
                </form>
            </li>
        }
    };
    (!left.is_empty()).then(|| {
        view! {
            <h3>"Left be"</h3>
            <ul class="pulse-people">{left.into_iter().map(one).collect_view()}</ul>
        }
    })
}

#[component]
fn NotSpokenWith(one: Unspoken) -> impl IntoView {
    let Unspoken { who, wrote } = one;
    let named = format!(": {}", who.display_name);
    view! {
        <li class="row">
            <div class="row-what">
                <Who who=who.clone()/>
                {match wrote {
                    Some((post, at)) => view! { <p class="quiet">"Wrote on "<Post post at/>"."</p> }.into_any(),
                    None => view! { <p class="quiet">"Was about, and said nothing."</p> }.into_any(),
                }}
            </div>
            <div class="actions">
                {wrote.map(|(post, _)| view! { <a class="button quiet" href=format!("/posts/{post}")>"Answer"<span class="visually-hidden">{named}</span></a> })}
                <Ways who/>
            </div>
        </li>
    }
}

#[component]
fn Waited(one: Unanswered) -> impl IntoView {
    let Unanswered { who, post, excerpt, first } = one;
    let named = format!(": {}", who.display_name);
    view! {
        <li class="row">
            <div class="row-what">
                <Who who=who.clone()/>
                <p class="row-words" dir="auto">{excerpt}</p>
                <p class="quiet">
                    "Said on "{words::day(first.at, here().zone())}
                    {match first.answered {
                        Some(at) => format!(", and answered on {}.", words::day(at, here().zone())),
                        None => ", and not answered yet.".to_owned(),
                    }}
                </p>
            </div>
            <div class="actions">
                <a class="button quiet" href=format!("/posts/{post}")>"Answer"<span class="visually-hidden">{named}</span></a>
                <Ways who/>
            </div>
        </li>
    }
}

#[component]
fn Carries(core: Core) -> impl IntoView {
    let Core { slug, title, who, sessions } = core;
    let one = |who: Byline| view! { <li><a class="two-one" href=format!("/people/{}", who.name)><Face who=who.clone() class="face small"/><bdi>{who.display_name}</bdi></a></li> };
    view! {
        <li class="row">
            <div class="row-what">
                <p class="row-title"><a href=format!("/gatherings/{slug}") dir="auto">{title.clone()}</a></p>
                <p class="quiet">{format!("Of the last {} times", words::number(sessions))}</p>
                <ul class="pulse-core">{who.into_iter().map(one).collect_view()}</ul>
            </div>
            <div class="actions"><a class="button plain" href=format!("/gatherings/{slug}/who")>"Who else came"<span class="visually-hidden">{format!(": {title}")}</span></a></div>
        </li>
    }
}

/// `/hosting/pulse/{name}`: a word to somebody.
pub(super) async fn write_to(asked: Asked, name: &str) -> Page {
    asked.host()?;
    let name = Handle::parse(name).map_err(|_| NoPage::NotHere)?;
    let person = asked.request.services.people.person(&asked.request.viewer, name.as_str()).await?.ok_or(NoPage::NotHere)?;
    if asked.request.viewer.id() == Some(person.who.id) {
        return Err(NoPage::NotHere);
    }
    let form = use_form::<WriteToThem, PostRefusal>();
    let called = person.who.display_name.clone();
    let first = called.split_whitespace().next().unwrap_or(&called).to_owned();
    let begins = format!("Hello {first}, ");
    Ok(view! {
        <PageTitle of=format!("Write to {called}")/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/hosting/pulse">"Pulse"</a></p>
                <h1>"Write to "<bdi>{called.clone()}</bdi></h1>
                <p class="lede">"In your own words, and under your name. Nothing of what stands here goes along with them."</p>
            </header>
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                <input type="hidden" name="name" value=name.to_string()/>
                <Field id="markdown" label="Your words" error=form.error("markdown") hint=format!("Only \u{2068}{called}\u{2069} and you see them.")>
                    <TextArea id="markdown" name="markdown" text=form.value("markdown", &begins) rows=4 required=true most=LONGEST_POST/>
                </Field>
                <div class="actions"><button class="button" type="submit">"Send it"</button></div>
            </form>
        </main>
    }
    .into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_ago_somebody_came_is_said_in_round_words() {
        let said = [
            (0, "today"),
            (1, "a day ago"),
            (10, "ten days ago"),
            (30, "four weeks ago"),
            (300, "nine months ago"),
            (740, "two years ago"),
        ];
        for (days, words) in said {
            assert_eq!(for_how_long(now().plus_days(-days)), words);
        }
    }
}
