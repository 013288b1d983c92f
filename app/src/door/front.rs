//! The front door, and what else everybody may read: the house rules, and about the place.

use super::{
    Asked, Page,
    fields::{Done, Field, Refused},
    words,
};
use crate::{
    chrome::{Mark, PageTitle, capital},
    fault::FaultNote,
    forms::use_form,
    here::here,
    invitations::AskToJoin,
    safe_html::{Prose, TextArea},
    when::{in_zone, local, machine, now},
};
use domain::{
    gatherings::{Listed, Show},
    invitations::AskRefusal,
    people::{PeopleOrder, Role},
    viewer::Viewer,
};
use leptos::prelude::*;

/// How many public sessions the door shows, and how many of the house rules.
const MOST_SHOWN: usize = 3;

/// `/` for a visitor.
pub(super) async fn front_door(asked: Asked) -> Page {
    let services = &asked.request.services;
    let community = asked.community()?;
    let agenda = services.gatherings.agenda(&Viewer::Visitor, Show::All).await?;
    let mut next: Vec<Listed> = agenda.soon.into_iter().chain(agenda.later).collect();
    // One line for each gathering, however often it meets.
    let mut seen = Vec::new();
    next.retain(|listed| {
        !listed.session.cancelled && !seen.contains(&listed.slug) && {
            seen.push(listed.slug.clone());
            true
        }
    });
    next.truncate(MOST_SHOWN);
    let rules = services.place.rules().await?.map(|rules| excerpt(&rules.markdown)).unwrap_or_default();
    let members = here().words.members.clone();
    let form = use_form::<AskToJoin, AskRefusal>();
    let gathered = !next.is_empty();
    Ok(view! {
        <PageTitle of=""/>
        <main class="page door" id="page" tabindex="-1">
            <header class="door-sign">
                <Mark logo=community.logo class="door-mark" side=80/>
                <h1 dir="auto">{community.name.clone()}</h1>
                <p class="door-purpose" dir="auto">{community.purpose.clone()}</p>
            </header>
            <Done
                done=asked.query.get("done")
                says=&[("left", "You have left, and what was yours here is gone. Thank you for the time you were part of this; go well.")]
            />
            {(!community.greeting.is_empty()).then(|| view! { <Prose html=community.greeting_html.clone() class="greeting prose"/> })}
            {gathered.then(|| view! {
                <section class="section door-next" aria-labelledby="next">
                    <h2 class="label" id="next">"Next, open to all"</h2>
                    <ol class="agenda">{next.into_iter().map(|listed| view! { <Occasion listed/> }).collect_view()}</ol>
                    <p><a href="/calendar">"Add them to your calendar"</a></p>
                </section>
            })}
            {(!rules.is_empty()).then(|| view! {
                <section class="section door-rules" aria-labelledby="rules">
                    <h2 id="rules">"How we are with each other"</h2>
                    <div class="prose" dir="auto"><ul>{rules.into_iter().map(|rule| view! { <li>{rule}</li> }).collect_view()}</ul></div>
                    <p><a href="/rules">"All our house rules"</a></p>
                </section>
            })}
            {if community.asks_open {
                view! {
                    <section class="section door-ask" id="ask" aria-labelledby="ask-title">
                        <h2 id="ask-title">"Would you like to come in?"</h2>
                        <p>
                            "Our "{members}" come in by knowing somebody. If you know nobody here yet, write us a few words, and one of the hosts will read them."
                        </p>
                        <Refused form/>
                        <form class="form" method="post" action=form.address()>
                            <Field id="name" label="Your name" error=form.error("name")>
                                <input
                                    id="name" name="form[name]" type="text" dir="auto" autocomplete="name" required=true maxlength="60"
                                    value=form.value("form[name]", "")
                                />
                            </Field>
                            <Field
                                id="reach" label="How can we reach you?" optional="if you like" hint="Only the hosts see this."
                                error=form.error("reach")
                            >
                                <input
                                    id="reach" name="form[reach]" type="text" autocomplete="email" maxlength="120"
                                    value=form.value("form[reach]", "")
                                />
                            </Field>
                            <Field id="words" label="A few words" error=form.error("words")>
                                <TextArea id="words" name="form[words]" text=form.value("form[words]", "") rows=3 required=true most=1000/>
                            </Field>
                            <div class="actions"><button class="button" type="submit">"Ask to join"</button></div>
                        </form>
                    </section>
                }
                .into_any()
            } else {
                view! {
                    <section class="section door-ask" aria-labelledby="ask-title">
                        <h2 id="ask-title">"Coming in"</h2>
                        <FaultNote fault=form.fault()/>
                        // The form was closed while somebody was writing: their words are theirs to keep.
                        {form.typed("form[words]").map(|words| view! { <blockquote class="letter" dir="auto"><p>{words}</p></blockquote> })}
                        <p>"This place takes people in by invitation. If you know somebody here, ask them for one."</p>
                    </section>
                }
                .into_any()
            }}
        </main>
    }
    .into_any())
}

/// One session, as a visitor sees it: on the gathering's own clock.
#[component]
fn Occasion(listed: Listed) -> impl IntoView {
    let at = local(listed.session.starts_at, &listed.zone);
    let place = if listed.place.is_empty() { "online".to_owned() } else { listed.place };
    let this_year = at.year == local(now(), &listed.zone).year;
    let day = if this_year { at.weekday_name().to_owned() } else { format!("{} {}", at.date(), at.year) };
    view! {
        <li class="occasion">
            <p class="occasion-date">
                <span class="occasion-day">{at.day}</span>" "
                <span class="occasion-weekday">{&at.month_name()[..3]}</span>
            </p>
            <div class="occasion-what">
                <h3 class="occasion-title"><a href=format!("/gatherings/{}/{}", listed.slug, listed.session.date) dir="auto">{listed.title}</a></h3>
                <p class="occasion-when">
                    <span class="zones"><time datetime=machine(listed.session.starts_at) title=at.in_full()>{day}", "{at.clock()}" "{in_zone(&listed.zone)}</time></span>
                    ", "<span dir="auto">{place}</span>
                </p>
            </div>
        </li>
    }
}

/// The first rules of a Markdown text, plain: the first items of its lists, each as far as its bold beginning goes; without a
/// list, its first paragraph.
fn excerpt(markdown: &str) -> Vec<String> {
    let items = markdown.lines().filter_map(|line| {
        let line = line.trim();
        let rest = line.strip_prefix(['-', '*', '+']).or_else(|| {
            let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
            if digits.len() < line.len() { digits.strip_prefix(['.', ')']) } else { None }
        })?;
        rest.starts_with(' ').then(|| rest.trim())
    });
    let mut found: Vec<String> = items
        .take(MOST_SHOWN)
        .map(|item| match item.strip_prefix("**").and_then(|bold| bold.split_once("**")) {
            Some((bold, _)) => plain(bold),
            None => plain(item),
        })
        .collect();
    if found.is_empty() {
        let paragraph = markdown.split("\n\n").map(str::trim).find(|text| !text.is_empty() && !text.starts_with('#'));
        found.extend(paragraph.map(plain));
    }
    found
}

/// A line without Markdown's marks, and not longer than a glance.
fn plain(text: &str) -> String {
    let text: String = text.chars().filter(|c| !matches!(c, '*' | '_' | '`' | '#' | '>')).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > 200 { text.chars().take(199).chain(['…']).collect() } else { text }
}

/// `/rules`.
pub(super) async fn house_rules(asked: Asked) -> Page {
    let rules = asked.request.services.place.rules().await?;
    let (place, zone) = (here().name.clone(), here().zone().clone());
    let signed_in = asked.me().is_ok();
    Ok(view! {
        <PageTitle of="House rules"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"House rules"</h1>
                <p class="lede">"How we are with each other at "<span dir="auto">{place}</span>"."</p>
            </header>
            {match rules {
                Some(rules) => view! {
                    <Prose html=rules.html/>
                    <p class="quiet">
                        {if rules.version == 1 { "In force since the beginning, ".to_owned() } else { format!("Version {}, in force since ", rules.version) }}
                        <time datetime=machine(rules.since)>{local(rules.since, &zone).date()}{format!(" {}", local(rules.since, &zone).year)}</time>"."
                    </p>
                }
                .into_any(),
                None => view! {
                    <div class="empty"><p class="empty-title">"Nothing is written down yet."</p><p>"Until it is: be kind, and ask a host when in doubt."</p></div>
                }
                .into_any(),
            }}
            {signed_in.then(|| view! { <p class="quiet"><a href="/about">"About this place"</a>" · "<a href="/pulse">"How we are"</a></p> })}
        </main>
    }
    .into_any())
}

/// `/about`.
pub(super) async fn about(asked: Asked) -> Page {
    let services = &asked.request.services;
    let community = asked.community()?;
    let size = services.place.size().await? as usize;
    // A visitor is told no names; the query knows that, too.
    let hosts: Vec<_> = services.people.everyone(&asked.request.viewer, PeopleOrder::Name).await?;
    let hosts: Vec<_> = hosts.into_iter().filter(|person| person.role >= Role::Host).map(|person| person.who).collect();
    let (member, members) = (here().words.member.clone(), here().words.members.clone());
    let signed_in = asked.me().is_ok();
    Ok(view! {
        <PageTitle of="About"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1 dir="auto">{community.name.clone()}</h1>
                <p class="lede" dir="auto">{community.purpose.clone()}</p>
            </header>
            {(!community.greeting.is_empty()).then(|| view! { <Prose html=community.greeting_html.clone()/> })}
            <p>
                {if size == 1 { format!("One {member} is here so far. ") } else { capital(&format!("{} {members} are here. ", words::number(size))) }}
                {format!("There is room for {}: beyond that, people stop knowing one another.", community.size_cap)}
            </p>
            {(!hosts.is_empty()).then(|| view! {
                <section class="section" aria-labelledby="hosts">
                    <h2 id="hosts">"The hosts"</h2>
                    <ul>
                        {hosts.into_iter().map(|host| view! {
                            <li><a href=format!("/people/{}", host.name) dir="auto">{host.display_name}</a>" "<span class="handle">"@"{host.name.to_string()}</span></li>
                        }).collect_view()}
                    </ul>
                    <p class="quiet">"They keep the light on. Write to any of them."</p>
                </section>
            })}
            {signed_in.then(|| view! {
                <p><a href="/pulse">"How we are"</a>": what becomes of our being together, month by month."</p>
            })}
            <section class="section" aria-labelledby="made">
                <h2 id="made">"How this place is made"</h2>
                <p>
                    "It runs on Porchlight, free software for small communities: one house, one community, on a machine of somebody you can ask. \
                    There are no adverts, nothing is ranked, and nobody keeps score."
                </p>
            </section>
            {(!signed_in).then(|| view! { <p class="actions"><a class="button" href="/">"To the front door"</a></p> })}
        </main>
    }
    .into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_door_shows_the_first_rules_by_their_bold_beginnings() {
        let rules = "# Rules\n\nIntro\n\n1. **Be kind.** Always.\n2. Ask *first*.\n- Bring `soup`\n- And more";
        assert_eq!(excerpt(rules), ["Be kind.", "Ask first.", "Bring soup"]);
    }

    #[test]
    fn rules_without_a_list_are_shown_by_their_first_paragraph() {
        assert_eq!(excerpt("# Rules\n\nWe are **kind**\nto each other.\n\nMore."), ["We are kind to each other."]);
        assert!(excerpt("").is_empty());
    }
}
