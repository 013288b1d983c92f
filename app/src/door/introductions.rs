//! `/hosting/introductions`: whom a host could introduce to whom, writing an introduction, and how the earlier ones went. And
//! `/introductions/{id}`: one introduction, for the two.

use super::{
    Asked, NoPage, Page,
    fields::{Done, Field, Refused, TextField},
    hosting::hosting_pages,
    words,
};
use crate::{
    chrome::{Face, PageTitle, capital},
    forms::use_form,
    here::here,
    introductions::{DeclineIntroduction, Introduce, LeaveAlone},
    when::{When, now},
};
use domain::{
    ids::PostId,
    introductions::{
        Elsewhere, Introduction, IntroductionRefusal, LONGEST_ABOUT, Went,
        proposals::{Proposal, Reason},
        what_became,
    },
    people::{Byline, Handle, Person},
    viewer::Host,
    welcome::meeting::listed,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// How many things of a kind are shown.
const SHOWN: usize = 4;

/// The first of a list, in a sentence.
fn first(things: &[String]) -> String {
    listed(&things[..things.len().min(SHOWN)])
}

/// The first of a list of words, in a sentence, each set apart.
fn quoted(words: &[String]) -> String {
    first(&words.iter().map(|word| format!("“{word}”")).collect::<Vec<_>>())
}

/// What speaks for introducing two, as a sentence.
fn reason_in_words(reason: &Reason, two: &[Byline; 2]) -> String {
    let name = |at: usize| two[at].display_name.as_str();
    match reason {
        Reason::Asks { who, about } => {
            let (asks, answers) = if two[0].id == *who { (name(0), name(1)) } else { (name(1), name(0)) };
            format!("{asks} asked about {}, which {answers} says they care about or has written of.", quoted(about))
        }
        Reason::Gatherings(titles) => format!("Both were at the same {}.", first(titles)),
        Reason::Interests(interests) => format!("Both care about {}.", first(interests)),
        Reason::Words(said) => format!("Both spoke of {} lately, and hardly anybody else did.", quoted(said)),
        Reason::Town(town) => format!("Both live in {town}."),
    }
}

/// What became of those that are so old: days, how many led to both speaking, all.
fn became_in_words((days, both, all): (i64, usize, usize)) -> String {
    let within = if days == 7 { "a week" } else { "a month" };
    let (many, are) = (words::number(all), if all == 1 { "is" } else { "are" });
    let both = if both == 0 { "none".to_owned() } else { words::number(both) };
    format!("Of {many} that {are} {within} or older, {both} led to both speaking within {within}.")
}

/// The address of the form for two people.
fn form_for(two: &[Byline; 2]) -> String {
    format!("/hosting/introductions/new?one={}&other={}", two[0].name, two[1].name)
}

/// `/hosting/introductions`.
pub(super) async fn list(asked: Asked) -> Page {
    let host = asked.host()?;
    let services = &asked.request.services.introductions;
    let (proposals, made) = (services.proposals(&host).await?, services.made(&host).await?);
    let elsewhere = services.elsewhere(&host).await?;
    let (nothing, none_made) = (proposals.is_empty(), made.is_empty());
    let became = what_became(&made, now()).into_iter().map(became_in_words).collect::<Vec<_>>().join(" ");
    Ok(view! {
        <PageTitle of="Introductions"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"Introductions"</h1>
                <p class="lede">"Two people, a sentence about each, and a reason. You say it; only what speaks for it stands here."</p>
            </header>
            {hosting_pages("/hosting/introductions", true)}
            <Done
                done=asked.query.get("done")
                says=&[
                    ("introduced", "They are introduced, and both are told. Look in after a week."),
                    ("left-alone", "They are left alone, and not proposed again."),
                ]
            />
            <section class="section" aria-labelledby="could">
                <h2 id="could">"Who could know each other"</h2>
                {nothing.then(|| view! {
                    <div class="empty"><p class="empty-title">"Nobody comes to mind."</p><p>"Once people write, come to something, or say what they care about, pairs stand here with their reasons. You may know of two before that."</p></div>
                })}
                <ul class="rows">{proposals.into_iter().map(|proposal| view! { <Proposed proposal/> }).collect_view()}</ul>
                <p class="actions"><a class="button quiet" href="/hosting/introductions/new">"Introduce two others"</a></p>
            </section>
            {(!none_made).then(|| view! {
                <section class="section" aria-labelledby="made">
                    <h2 id="made">"How they went"</h2>
                    {(!became.is_empty()).then(|| view! { <p class="quiet">{capital(&became)}</p> })}
                    <ul class="rows">{made.into_iter().map(|introduction| view! { <Made introduction/> }).collect_view()}</ul>
                </section>
            })}
            {(!elsewhere.is_empty()).then(|| view! {
                <section class="section" aria-labelledby="elsewhere">
                    <h2 id="elsewhere">"By other hosts, among themselves"</h2>
                    <p class="quiet">"So that nobody is introduced twice. What was said there is theirs, and so is what came of it."</p>
                    <ul class="rows">{elsewhere.into_iter().map(|one| view! { <ByAnother one/> }).collect_view()}</ul>
                </section>
            })}
        </main>
    }
    .into_any())
}

/// The bare fact that another host introduced two.
#[component]
fn ByAnother(one: Elsewhere) -> impl IntoView {
    view! {
        <li class="row">
            <div class="row-what">
                <Two two=one.two/>
                <p class="quiet">"by "<bdi>{one.by.display_name}</bdi>", "{words::day(one.at, here().zone())}</p>
            </div>
        </li>
    }
}

/// Two people, side by side.
#[component]
fn Two(two: [Byline; 2]) -> impl IntoView {
    let [one, other] = two.map(|who| {
        view! { <a class="two-one" href=format!("/people/{}", who.name)><Face who=who.clone() class="face small"/><bdi>{who.display_name}</bdi></a> }
    });
    view! { <p class="row-title two">{one}<span>"and"</span>{other}</p> }
}

#[component]
fn Proposed(proposal: Proposal) -> impl IntoView {
    let Proposal { two, reasons, .. } = proposal;
    let names = format!("{} and {}", two[0].display_name, two[1].display_name);
    let reasons =
        reasons.iter().map(|reason| reason_in_words(reason, &two)).map(|reason| view! { <li><bdi>{reason}</bdi></li> }).collect_view();
    view! {
        <li class="row">
            <div class="row-what">
                <Two two=two.clone()/>
                <ul class="reasons">{reasons}</ul>
            </div>
            <div class="actions">
                <a class="button quiet" href=form_for(&two)>"Introduce them"<span class="visually-hidden">{format!(": {names}")}</span></a>
                <form method="post" action=LeaveAlone::url()>
                    <input type="hidden" name="one" value=two[0].id.to_string()/>
                    <input type="hidden" name="other" value=two[1].id.to_string()/>
                    <button class="button plain" type="submit">"Not these two"<span class="visually-hidden">{format!(": {names}")}</span></button>
                </form>
            </div>
        </li>
    }
}

/// How an introduction went, as a sentence.
fn went_in_words(introduction: &Introduction) -> String {
    let spoke = match introduction.went(now()) {
        Went::Both if introduction.spoke.iter().all(Option::is_some) => "Both have written.".to_owned(),
        Went::Both => "They have spoken since.".to_owned(),
        Went::One(at) => format!("Only {} has written so far.", introduction.two[at].display_name),
        Went::Neither => "Neither has written so far.".to_owned(),
    };
    // What a week showed is said where it has changed since.
    let before = introduction.looks(now()).into_iter().rev().find(|(_, went)| *went != introduction.went(now()));
    match before {
        Some((days, _)) => format!("{spoke} It took longer than {days} days."),
        None => spoke,
    }
}

#[component]
fn Made(introduction: Introduction) -> impl IntoView {
    let mine = here().me().is_some_and(|me| me.id == introduction.by.id);
    let by = if mine { "you".to_owned() } else { introduction.by.display_name.clone() };
    let went = went_in_words(&introduction);
    view! {
        <li class="row">
            <div class="row-what">
                <Two two=introduction.two.clone()/>
                <p class="quiet"><bdi>{went}</bdi></p>
                <p class="quiet">"by "<bdi>{by}</bdi>", "<When at=introduction.at/></p>
            </div>
            <div class="actions"><a class="button plain" href=format!("/posts/{}", introduction.post)>"The thread"</a></div>
        </li>
    }
}

/// What the form begins with of somebody: the sentence that they let stand, else their own line.
async fn begins_with(asked: &Asked, host: &Host, person: Option<&Person>) -> Result<String, NoPage> {
    let Some(person) = person else { return Ok(String::new()) };
    let sentences = asked.request.services.hosting.sentences.about(host, &person.who.name).await?;
    let stands = sentences.and_then(|sentences| sentences.stands).map(|stands| stands.words);
    Ok(stands.unwrap_or_else(|| person.line.clone()))
}

/// `/hosting/introductions/new?one=&other=&card=`: from the card of somebody in a round one goes back to it.
pub(super) async fn new(asked: Asked) -> Page {
    let host = asked.host()?;
    let services = &asked.request.services.introductions;
    let form = use_form::<Introduce, IntroductionRefusal>();
    let named = |field: &str| form.value(&format!("form[{field}]"), asked.query.get(field));
    let (one, other) = (services.person(&host, &named("one")).await?, services.person(&host, &named("other")).await?);
    let typed = (named("one"), named("other"));
    let card = Handle::parse(&form.value("card", asked.query.get("card"))).ok();
    let back = match &card {
        Some(card) => format!("/hosting/round/{card}"),
        None => "/hosting/introductions".to_owned(),
    };
    let back_to = if card.is_some() { "Back to the card" } else { "Introductions" };
    if let Some(card) = &card {
        // Whoever writes here from a card still has it.
        asked.request.services.hosting.rounds.take(&host, card.as_str()).await?;
    }
    let begins = (begins_with(&asked, &host, one.as_ref()).await?, begins_with(&asked, &host, other.as_ref()).await?);
    let mut reasons = Vec::new();
    let mut before = None;
    if let (Some(one), Some(other)) = (&one, &other) {
        let two = [one.who.clone(), other.who.clone()];
        let both = |by: &Elsewhere| two.iter().all(|who| by.two.iter().any(|met| met.id == who.id));
        before = services.elsewhere(&host).await?.into_iter().find(both);
        reasons =
            services.reasons(&host, &one.who.name, &other.who.name).await?.iter().map(|reason| reason_in_words(reason, &two)).collect();
    }
    let everyone = asked.request.services.people.everyone(&asked.request.viewer, domain::people::PeopleOrder::Name).await?;
    let wide = form.chosen("wide", "timeline", false);
    let side = move |(field, about): (&'static str, &'static str),
                     typed: String,
                     person: Option<Person>,
                     (label, line): (&'static str, String)| {
        let called = person.map(|person| person.who.display_name);
        let says = called.map_or_else(|| "Who that is".to_owned(), |called| format!("Who {called} is"));
        view! {
            <div class="form-pair">
                <Field id=field label=label error=form.error(field)>
                    <input id=field name=format!("form[{field}]") type="text" list="everyone" autocomplete="off" autocapitalize="none" spellcheck="false" required=true maxlength="60" value=typed/>
                </Field>
                <TextField
                    form id=about name=format!("form[{about}]") label=says hint="In a sentence, as you would say it to the other." text=line rows=2
                    most=LONGEST_ABOUT
                />
            </div>
        }
    };
    Ok(view! {
        <PageTitle of="Introduce two people"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href=back.clone()>{back_to}</a></p>
                <h1>"Introduce two people"</h1>
            </header>
            {(!reasons.is_empty()).then(|| view! {
                <section aria-labelledby="speaks">
                    <h2 class="label" id="speaks">"What speaks for it"</h2>
                    <ul class="reasons">{reasons.into_iter().map(|reason| view! { <li><bdi>{reason}</bdi></li> }).collect_view()}</ul>
                </section>
            })}
            {before.map(|before| view! {
                <p class="note"><bdi>{before.by.display_name}</bdi>" introduced these two already, "{words::day(before.at, here().zone())}"."</p>
            })}
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                {card.map(|card| view! { <input type="hidden" name="card" value=card.to_string()/> })}
                {side(("one", "about_one"), typed.0, one, ("One of them", begins.0))}
                {side(("other", "about_other"), typed.1, other, ("And the other", begins.1))}
                <datalist id="everyone">
                    {everyone.into_iter().map(|person| view! { <option value=person.who.name.to_string()>{person.who.display_name}</option> }).collect_view()}
                </datalist>
                <TextField
                    form id="why" name="form[why]" label="Why they should know each other" optional="if it needs saying" rows=2 most=LONGEST_ABOUT
                />
                <fieldset class="choices">
                    <legend>"Where you say it"</legend>
                    <label class="choice">
                        <input type="radio" name="wide" value="thread" checked=!wide/>
                        <span>"To the two of them "<span class="choice-hint">"A thread that only they and you read."</span></span>
                    </label>
                    <label class="choice">
                        <input type="radio" name="wide" value="timeline" checked=wide/>
                        <span>"On the timeline "<span class="choice-hint">"Everybody here reads it, and may join in."</span></span>
                    </label>
                </fieldset>
                <p class="field-hint">"It is a post of yours: to each you say who the other is. Whoever would rather not can say so without anybody being told. \
                    The other hosts see that you introduced them, and not what is said among you."</p>
                <div class="actions">
                    <button class="button" type="submit">"Introduce them"</button>
                    <a class="button plain" href=back>"Never mind"</a>
                </div>
            </form>
        </main>
    }
    .into_any())
}

/// `/introductions/{id}`.
pub(super) async fn one(asked: Asked, id: &str) -> Page {
    let me = asked.me()?;
    let post = id.parse().map(PostId).map_err(|_| NoPage::NotHere)?;
    let (introduction, declined) = asked.request.services.introductions.mine(&me, post).await?.ok_or(NoPage::NotHere)?;
    let other = introduction.two.iter().find(|who| who.id != me.id).cloned().ok_or(NoPage::NotHere)?;
    let words = asked.request.services.timeline.post(&asked.request.viewer, post).await?.map(|post| post.html);
    // Who reads what the two say, as it is.
    let reads = if introduction.on_timeline {
        "Everybody here reads this thread.".to_owned()
    } else {
        format!(
            "\u{2068}{}\u{2069} reads this thread with you two; other hosts know that you were introduced, and no more.",
            introduction.by.display_name
        )
    };
    let (by, called, page) = (introduction.by.display_name, other.display_name.clone(), format!("/people/{}", other.name));
    Ok(view! {
        <PageTitle of=format!("{by} introduces you to {called}")/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1><bdi>{by.clone()}</bdi>" introduces you to "<bdi>{called.clone()}</bdi></h1>
            </header>
            <p class="two"><a class="two-one" href=page><Face who=other class="face"/><bdi>{called.clone()}</bdi></a></p>
            {words.map(|html| view! { <crate::safe_html::Prose html/> })}
            {if declined {
                view! { <p class="note" role="status">"You would rather not. Nobody was told, and nobody will ask you about it."</p> }.into_any()
            } else {
                view! {
                    <div class="actions">
                        <a class="button" href=format!("/posts/{post}")>"Say hello"</a>
                        <form method="post" action=DeclineIntroduction::url()>
                            <input type="hidden" name="post" value=post.to_string()/>
                            <button class="button plain" type="submit">"I’d rather not"</button>
                        </form>
                    </div>
                    <p class="quiet">"If you’d rather not, nobody is told. "{reads}</p>
                }.into_any()
            }}
        </main>
    }
    .into_any())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::MemberId;

    fn who(id: i64, name: &str) -> Byline {
        Byline { id: MemberId(id), name: Handle::parse(&name.to_lowercase()).expect("a name"), display_name: name.into(), picture: None }
    }

    #[test]
    fn a_reason_says_what_it_rests_on_and_no_more_than_can_be_read() {
        let said = |reason: Reason| reason_in_words(&reason, &[who(1, "Ana"), who(2, "Bo")]);
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let asks = said(Reason::Asks { who: MemberId(2), about: list(&["chess"]) });
        assert_eq!(asks, "Bo asked about “chess”, which Ana says they care about or has written of.");
        let many = said(Reason::Interests(list(&["boats", "soup", "chess", "birds", "maps"])));
        assert_eq!(many, "Both care about boats, soup, chess and birds.");
    }

    #[test]
    fn of_some_that_came_to_nothing_none_did() {
        assert_eq!(became_in_words((7, 0, 3)), "Of three that are a week or older, none led to both speaking within a week.");
        assert_eq!(became_in_words((30, 1, 1)), "Of one that is a month or older, one led to both speaking within a month.");
    }

    #[test]
    fn how_an_introduction_went_is_said_and_whether_it_took_longer_than_the_desk_looked() {
        let went = |days_ago: i64, spoke: [Option<i64>; 2], talked: Option<i64>| {
            let at = now().plus_days(-days_ago);
            let after = |days: Option<i64>| days.map(|days| at.plus_days(days));
            let (by, two, spoke) = (who(3, "Cy"), [who(1, "Ana"), who(2, "Bo")], spoke.map(after));
            went_in_words(&Introduction {
                post: PostId(1),
                excerpt: String::new(),
                by,
                two,
                spoke,
                talked: after(talked),
                on_timeline: false,
                at,
            })
        };
        assert_eq!(went(20, [None, None], None), "Neither has written so far.");
        assert_eq!(went(20, [Some(1), None], None), "Only Ana has written so far.");
        assert_eq!(went(20, [Some(1), Some(2)], None), "Both have written.");
        assert_eq!(went(20, [None, None], Some(3)), "They have spoken since.");
        assert_eq!(went(20, [Some(1), Some(9)], None), "Both have written. It took longer than 7 days.");
        assert_eq!(went(40, [Some(1), Some(35)], None), "Both have written. It took longer than 30 days.");
    }
}
