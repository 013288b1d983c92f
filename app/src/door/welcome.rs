//! `/welcome`: my welcome path; and `/admin/welcome`, where an admin sets it up.

use super::{
    Asked, Page, admin,
    fields::{Done, Field, Refused},
    rosters, words,
};
use crate::{
    chrome::{Face, PageTitle, capital, with_article},
    fault::Never,
    forms::use_form,
    gatherings::{SendRsvp, session::label},
    here::here,
    safe_html::{Prose, TextArea},
    timeline::post::names_in_words,
    welcome::{AcceptRules, ChangeWelcomePath, PutPathAway, PutStepOff, SayHello, WriteInterests, WriteLine},
    when::{Hours, InHours, local, now},
};
use domain::{
    community::HouseRules,
    gatherings::{Answer, Listed, RsvpRefusal},
    people::{Byline, ProfileRefusal},
    timeline::{LONGEST_POST, PostRefusal},
    welcome::{LONGEST_QUESTION, MOST_WITHIN_HOURS, MyWelcome, PathRefusal, Step, meeting::Meeting},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// How many of those who came along are named.
const NAMED_OF_PARTY: usize = 6;

/// `/welcome`.
pub(super) async fn mine(asked: Asked) -> Page {
    let me = asked.me()?;
    let welcome = asked.request.services.welcome.mine(&me).await?;
    let opens = rosters::looking_forward(&asked.request.services.rosters.awaited(&me).await?, &me);
    if welcome.facts.put_away {
        return Ok(put_away(&welcome, opens));
    }
    let place = here().name.clone();
    let (open, later, done) = (welcome.open.clone(), welcome.later.clone(), welcome.done.clone());
    let all_done = open.is_empty() && later.is_empty();
    let says_hello = open.contains(&Step::Hello);
    let steps = open.into_iter().map(|step| view! { <OneStep step welcome=welcome.clone()/> }).collect_view();
    Ok(view! {
        <PageTitle of="Welcome"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"Welcome, "<bdi>{me.display_name.clone()}</bdi></h1>
                <p class="lede">
                    {if says_hello { "It is good that you are here. " } else { "" }}
                    {if all_done { "You have found your feet." } else { "What is below can be done in any order, at your own pace, or not at all." }}
                </p>
            </header>
            <Done
                done=asked.query.get("done")
                says=&[("hello", "Said. They will see it on the timeline, and you are told when somebody answers.")]
            />
            {opens}
            {looking_forward(&welcome)}
            <ol class="path">{steps}</ol>
            {all_done.then(|| view! {
                <div class="empty">
                    <p class="empty-title">"You know your way."</p>
                    <p>"That was all of it. The rest is people."</p>
                    <p class="actions"><a class="button" href="/">"To the timeline"</a></p>
                </div>
            })}
            {(!later.is_empty()).then(|| view! {
                <section class="section" aria-labelledby="later">
                    <h2 id="later">"For later"</h2>
                    <ul class="rows">{later.into_iter().map(|step| view! {
                        <li class="row">
                            <p class="row-what">{title(step, &welcome)}</p>
                            <form method="post" action=PutStepOff::url()>
                                <input type="hidden" name="step" value=step.word()/>
                                <button class="button plain" type="submit">"Now is fine"<span class="visually-hidden">{format!(" ({})", title(step, &welcome))}</span></button>
                            </form>
                        </li>
                    }).collect_view()}</ul>
                </section>
            })}
            {(!done.is_empty()).then(|| view! {
                <section class="section" aria-labelledby="done">
                    <h2 id="done">"Already here"</h2>
                    <ul class="path-done">{done.into_iter().map(|step| view! { <li>{behind(step, &welcome)}</li> }).collect_view()}</ul>
                </section>
            })}
            <form class="path-away" method="post" action=PutPathAway::url()>
                <p class="quiet">"This page stays in your menu, under Welcome, whenever you want it."</p>
                <div class="actions">
                    <button class="button quiet" type="submit" name="away" value="yes">"I know my way"</button>
                    <a class="button plain" href="/"><span>"To the timeline of "<bdi>{place}</bdi></span></a>
                </div>
            </form>
        </main>
    }
    .into_any())
}

fn put_away(welcome: &MyWelcome, opens: Option<AnyView>) -> AnyView {
    view! {
        <PageTitle of="Welcome"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"You know your way"</h1>
                <p class="lede">"So there is nothing here that wants you. Should you like a hand after all, take your welcome up again: it is where you left it."</p>
            </header>
            {opens}
            {looking_forward(welcome)}
            <form method="post" action=PutPathAway::url()>
                <div class="actions">
                    <button class="button" type="submit">"Take it up again"</button>
                    <a class="button plain" href="/">"To the timeline"</a>
                </div>
            </form>
        </main>
    }
    .into_any()
}

/// Who would like to meet the newcomer: who invited them, who shows them round, who answered them, and who came along.
fn looking_forward(welcome: &MyWelcome) -> Option<AnyView> {
    let facts = &welcome.facts;
    let inviter = welcome.who.invited_by.clone();
    let greeter = facts.greeter.clone();
    let answered = facts.hello.as_ref().filter(|hello| !hello.answered_by.is_empty());
    let answered = answered.map(|hello| {
        let names: Vec<String> = hello.answered_by.iter().map(|who| who.display_name.clone()).collect();
        let faces = hello.answered_by.iter().map(|who| view! { <Face who=who.clone() class="face small"/> }).collect_view();
        let (names, address) = (names_in_words(&names), format!("/posts/{}", hello.post));
        view! { <li><span class="faces" aria-hidden="true">{faces}</span><span><bdi>{names}</bdi>" answered your hello. "<a href=address>"Read it"</a></span></li> }
    });
    let mut party: Vec<Byline> = facts.party.clone();
    let more = party.len().saturating_sub(NAMED_OF_PARTY);
    party.truncate(NAMED_OF_PARTY);
    if inviter.is_none() && greeter.is_none() && answered.is_none() && party.is_empty() {
        return None;
    }
    let person = |who: Byline, says: &'static str| {
        view! {
            <li>
                <Face who=who.clone()/>
                <span><a href=format!("/people/{}", who.name) dir="auto">{who.display_name}</a>" "{says}</span>
            </li>
        }
    };
    let with_you = (!party.is_empty()).then(|| {
        let faces = party.iter().map(|who| view! { <Face who=who.clone() class="face small"/> }).collect_view();
        let mut names: Vec<String> = party.iter().map(|who| who.display_name.clone()).collect();
        if more > 0 {
            names.push(format!("{} others", words::number(more)));
        }
        let is = if names.len() == 1 { "is" } else { "are" };
        view! { <li><span class="faces" aria-hidden="true">{faces}</span><span><bdi>{names_in_words(&names)}</bdi>" "{is}" here by the same invitation."</span></li> }
    });
    Some(
        view! {
            <section class="section" aria-labelledby="forward">
                <h2 id="forward">"Who looks forward to you"</h2>
                <ul class="forward">
                    {greeter.map(|who| person(who, "will show you round."))}
                    {inviter.map(|who| person(who, "asked you to come."))}
                    {answered}
                    {with_you}
                </ul>
            </section>
        }
        .into_any(),
    )
}

/// What a step is called.
fn title(step: Step, welcome: &MyWelcome) -> String {
    match step {
        Step::Rules => "How we are with each other".to_owned(),
        Step::Line => "A line about you".to_owned(),
        Step::Interests => "What you care about".to_owned(),
        Step::Hello => "Say hello".to_owned(),
        Step::Greeter => {
            let name = welcome.facts.greeter.as_ref().map_or_else(|| "your greeter".to_owned(), |who| who.display_name.clone());
            format!("Meet {name}")
        }
        Step::People => match welcome.meet.len() {
            1 => "Somebody to meet".to_owned(),
            many => format!("{} people to meet", capital(&words::number(many))),
        },
        Step::Gathering => format!("The next {}", here().words.gathering),
    }
}

/// What is done, as a sentence.
fn behind(step: Step, welcome: &MyWelcome) -> AnyView {
    match step {
        Step::Rules => view! { "You accepted the "<a href="/rules">"house rules"</a>"." }.into_any(),
        Step::Line => view! { "Your line: "<q dir="auto">{welcome.who.line.clone()}</q>" "<a href="/settings">"Change it"</a> }.into_any(),
        Step::Interests => {
            view! { "You care about "<bdi>{welcome.who.interests.join(", ")}</bdi>". "<a href="/settings">"Change it"</a> }.into_any()
        }
        Step::Hello => {
            let address = welcome.facts.hello.as_ref().map_or_else(|| "/".to_owned(), |hello| format!("/posts/{}", hello.post));
            view! { "You said "<a href=address>"hello"</a>"." }.into_any()
        }
        Step::Greeter => {
            let name = welcome.facts.greeter.as_ref().map(|who| who.display_name.clone()).unwrap_or_default();
            view! { "You and "<bdi>{name}</bdi>" have spoken." }.into_any()
        }
        Step::People => "You have spoken with somebody here.".into_any(),
        Step::Gathering => {
            let gathering = with_article(&here().words.gathering);
            view! { "You have answered "{gathering}". "<a href="/gatherings">"See what is coming"</a> }.into_any()
        }
    }
}

/// The buttons of a step: what it is for, and putting it off. The latter is a button of the same form, which takes it elsewhere.
#[component]
fn Buttons(
    /// What the step's own button says; empty for a step that is done elsewhere.
    #[prop(default = "")]
    does: &'static str,
    /// The step.
    step: Step,
    /// What the step is called.
    #[prop(into)]
    title: String,
) -> impl IntoView {
    let main = (!does.is_empty()).then(|| view! { <button class="button" type="submit">{does}</button> });
    view! {
        <input type="hidden" name="step" value=step.word()/>
        <div class="actions">
            {main}
            <button class="button plain" type="submit" formaction=PutStepOff::url() formnovalidate=true name="off" value="yes">
                "Later"<span class="visually-hidden">{format!(" ({title})")}</span>
            </button>
        </div>
    }
}

/// A step that waits.
#[component]
fn OneStep(
    /// Which.
    step: Step,
    /// The path that it is on.
    welcome: MyWelcome,
) -> impl IntoView {
    let title = title(step, &welcome);
    let content = match step {
        Step::Rules => welcome.rules.map(|rules| rules_step(rules, title.clone())),
        Step::Line => Some(line_step(title.clone())),
        Step::Interests => Some(interests_step(title.clone())),
        Step::Hello => Some(hello_step(&welcome.questions, title.clone())),
        Step::Greeter => welcome.facts.greeter.map(|greeter| greeter_step(greeter, title.clone())),
        Step::People => Some(people_step(welcome.meet, title.clone())),
        Step::Gathering => welcome.next.map(|next| gathering_step(next, title.clone())),
    };
    view! {
        <li class="path-step" id=step.word()>
            <h2>{title}</h2>
            {content}
        </li>
    }
}

fn rules_step(rules: HouseRules, title: String) -> AnyView {
    let since = words::day(rules.since, here().zone());
    let form = use_form::<AcceptRules, Never>();
    view! {
        <p>"The house rules are what everyone here agreed on. They are as they stand since "{since}"."</p>
        <details class="more"><summary>"Read them"</summary><Prose html=rules.html/></details>
        <form class="form" method="post" action=form.address()>
            <input type="hidden" name="version" value=rules.version.to_string()/>
            <Buttons does="I will keep them" step=Step::Rules title/>
        </form>
    }
    .into_any()
}

fn line_step(title: String) -> AnyView {
    let form = use_form::<WriteLine, ProfileRefusal>();
    view! {
        <Refused form/>
        <form class="form" method="post" action=form.address()>
            <Field
                id="my-line" label="Who you are in one line" hint="As a friend would say it while introducing you. It stands beside your name."
                error=form.error("line")
            >
                <input
                    id="my-line" name="line" type="text" dir="auto" autocomplete="off" required=true maxlength="200" value=form.value("line", "")
                />
            </Field>
            <Buttons does="That is me" step=Step::Line title/>
        </form>
    }
    .into_any()
}

fn interests_step(title: String) -> AnyView {
    let form = use_form::<WriteInterests, ProfileRefusal>();
    view! {
        <Refused form/>
        <form class="form" method="post" action=form.address()>
            <Field
                id="my-interests" label="A few words, with commas between them" hint="They tell us whom you might like."
                error=form.error("interests")
            >
                <input
                    id="my-interests" name="interests" type="text" dir="auto" autocomplete="off" required=true maxlength="400"
                    value=form.value("interests", "")
                />
            </Field>
            <Buttons does="Keep them" step=Step::Interests title/>
        </form>
    }
    .into_any()
}

fn hello_step(questions: &[String], title: String) -> AnyView {
    let form = use_form::<SayHello, PostRefusal>();
    let start = (!questions.is_empty()).then(|| {
        let questions = questions.iter().map(|question| view! { <li dir="auto">{question.clone()}</li> }).collect_view();
        view! {
            <p>"Two sentences are plenty. If nothing comes to mind, start from one of these:"</p>
            <ul class="path-questions">{questions}</ul>
        }
    });
    let members = here().words.members.clone();
    view! {
        {start}
        <Refused form/>
        <form class="form" method="post" action=form.address()>
            <Field id="hello-text" label="Your hello" hint=format!("All {members} see it on the timeline; nobody outside does.") error=form.error("markdown")>
                <TextArea id="hello-text" name="markdown" text=form.value("markdown", "") rows=5 required=true most=LONGEST_POST/>
            </Field>
            <Buttons does="Say hello" step=Step::Hello title/>
        </form>
    }
    .into_any()
}

fn greeter_step(greeter: Byline, title: String) -> AnyView {
    let address = format!("/people/{}", greeter.name);
    let name = greeter.display_name.clone();
    view! {
        <div class="meeting">
            <Face who=greeter/>
            <p>
                <a href=address dir="auto">{name}</a>
                " would like to show you round. Answer what they write to you, or something of theirs: a question is a fine beginning."
            </p>
        </div>
        <form class="form" method="post"><Buttons step=Step::Greeter title/></form>
    }
    .into_any()
}

fn people_step(meet: Vec<Meeting>, title: String) -> AnyView {
    let people = meet.into_iter().map(|Meeting { person, why }| {
        let address = format!("/people/{}", person.who.name);
        let why = why.iter().map(|why| view! { <li dir="auto">{why.sentence()}</li> }).collect_view();
        // What a host says of somebody, who lets it stand, introduces them better than their own line.
        let says = if person.sentence.is_empty() { person.line } else { person.sentence };
        view! {
            <li class="meeting">
                <Face who=person.who.clone()/>
                <div>
                    <h3 class="meeting-name"><a href=address dir="auto">{person.who.display_name}</a></h3>
                    {(!says.is_empty()).then(|| view! { <p class="sentence" dir="auto">{says}</p> })}
                    <ul class="why">{why}</ul>
                </div>
            </li>
        }
    });
    view! {
        <p>"Each page shows what somebody wrote lately. Answer one thing, and you have met."</p>
        <ul class="meetings">{people.collect_view()}</ul>
        <form class="form" method="post"><Buttons step=Step::People title/></form>
    }
    .into_any()
}

fn gathering_step(next: Listed, title: String) -> AnyView {
    let form = use_form::<SendRsvp, RsvpRefusal>();
    let viewer = here().viewer.clone();
    let (zone, at) = (viewer.zone_or(&next.zone), now());
    let day = local(next.session.starts_at, zone).date_seen_from(local(at, zone));
    let hours = Hours::of(&viewer, next.session.starts_at, Some(next.session.ends_at), &next.zone);
    let address = format!("/gatherings/{}/{}", next.slug, next.session.date);
    let coming = (!next.names.is_empty()).then(|| {
        let comes = if next.names.len() == 1 { "comes" } else { "come" };
        view! { <p><bdi>{names_in_words(&next.names)}</bdi>" "{comes}"."</p> }
    });
    view! {
        <p>
            <a href=address dir="auto">{next.title.clone()}</a>": "{day}", "<InHours hours/>
            {(!next.place.is_empty()).then(|| view! { ", "<bdi>{next.place.clone()}</bdi> })}
        </p>
        {coming}
        <Refused form/>
        <form class="form" method="post" action=form.address()>
            <input type="hidden" name="slug" value=next.slug.clone()/>
            <input type="hidden" name="date" value=next.session.date.to_string()/>
            <fieldset class="rsvp-answers">
                <legend>"Will you come?"</legend>
                {Answer::ALL.into_iter().map(|answer| view! {
                    <label class="rsvp-answer">
                        <input type="radio" name="answer" value=answer.word() required=true checked=form.chosen("answer", answer.word(), false)/>
                        <span>{label(answer)}</span>
                    </label>
                }).collect_view()}
            </fieldset>
            <Buttons does="Tell them" step=Step::Gathering title/>
        </form>
    }
    .into_any()
}

/// `/admin/welcome`.
pub(super) async fn set_up(asked: Asked) -> Page {
    asked.admin()?;
    let path = asked.request.services.welcome.path().await?;
    let form = use_form::<ChangeWelcomePath, PathRefusal>();
    let gathering = here().words.gathering.clone();
    let steps = Step::ALL.into_iter().map(|step| {
        let name = format!("form[steps][{}]", step.word());
        let checked = form.chosen(&name, "yes", path.steps.contains(&step));
        let (says, hint) = match step {
            Step::Rules => {
                ("The house rules".to_owned(), "Who joins accepts them at the door; here they come again when they have changed.")
            }
            Step::Line => ("A line about oneself".to_owned(), "It stands beside their name."),
            Step::Interests => ("Interests".to_owned(), "By them people are told whom they could meet, and greeters are found."),
            Step::Hello => ("A hello to everybody".to_owned(), "With your questions to start from."),
            Step::Greeter => ("Meeting their greeter".to_owned(), "Once somebody greets them."),
            Step::People => ("Three people to meet".to_owned(), "Each with a line and why."),
            Step::Gathering => (format!("Answering the next {gathering}"), "Once one is planned."),
        };
        view! {
            <label class="choice">
                <input type="checkbox" name=name value="yes" checked=checked/>
                <span><strong>{says}</strong>" "<span class="choice-hint">{hint}</span></span>
            </label>
        }
    });
    let questions =
        [("first", "A question"), ("second", "Another"), ("third", "And another")].into_iter().enumerate().map(|(at, (name, label))| {
            let field = format!("form[{name}]");
            let value = form.value(&field, path.questions.get(at).map_or("", String::as_str));
            view! {
                <Field id=name label optional="if you like" error=form.error(name)>
                    <input id=name name=field type="text" dir="auto" autocomplete="off" maxlength=LONGEST_QUESTION value=value/>
                </Field>
            }
        });
    let within = form.value("form[within]", &path.within_hours.to_string());
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {admin::head("/admin/welcome")}
            <Done done=asked.query.get("done") says=&[("path", "Saved. Whoever is new walks it like this from now on.")]/>
            <p>"Whoever comes in is led to "<a href="/welcome">"their welcome"</a>" first. It is good as it is; change what does not sound like you."</p>
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                <fieldset class="choices">
                    <legend>"What is on the path?"</legend>
                    {steps.collect_view()}
                </fieldset>
                <fieldset class="choices">
                    <legend>"What can a hello start from?"</legend>
                    {questions.collect_view()}
                </fieldset>
                <Field
                    id="within" label="Within how many hours is a hello answered?" error=form.error("within") class="field short"
                    hint="Hosts are told when one waits longer. Whoever is new never is."
                >
                    <input id="within" name="form[within]" type="number" required=true min="1" max=MOST_WITHIN_HOURS value=within/>
                </Field>
                <div class="actions"><button class="button" type="submit">"Save for everybody"</button></div>
            </form>
        </main>
    }
    .into_any())
}
