//! Coming in: `/join/{code}`, and `/ask/{code}` for whoever asked at the front door.

use super::{
    Asked, NoPage, Page,
    fields::{AccountFields, Field, Refused},
    words,
    zones::ZoneSelect,
};
use crate::{
    chrome::{PageTitle, capital},
    fault::{FaultNote, Trouble},
    forms::use_form,
    here::here,
    invitations::Join,
    safe_html::{Prose, TextArea},
    timeline::post::names_in_words,
};
use domain::invitations::{AskAnswer, Invited, JoinRefusal};
use leptos::prelude::*;

/// `/join/{code}`. Whatever is wrong with a code, it is the same page that is not here.
pub(super) async fn join(asked: Asked, code: &str) -> Page {
    let services = &asked.request.services;
    let form = use_form::<Join, JoinRefusal>();
    let Some(open) = services.invitations.look(code).await? else { return used_up_meanwhile(form.trouble()) };
    if let Ok(me) = asked.me() {
        return Ok(inside_already(&me.display_name));
    }
    let rules = services.place.rules().await?;
    let full = open.size >= asked.community()?.size_cap;
    let (greeting, note) = match &open.invited {
        Invited::Person { name, note } => (format!("{name}, come in"), note.clone()),
        Invited::Group { label, .. } => (format!("{}, come in", capital(label)), String::new()),
    };
    let suggested = match &open.invited {
        Invited::Person { name, .. } => name.clone(),
        Invited::Group { .. } => String::new(),
    };
    let (place, inviter) = (here().name.clone(), open.made_by.display_name.clone());
    let filled_in = open.filled_in.unwrap_or_default();
    let letter = if note.is_empty() {
        let with = (!filled_in.party.is_empty()).then(|| {
            view! { ", with the others from "<span dir="auto">{filled_in.party.clone()}</span> }
        });
        view! { <p class="lede"><span dir="auto">{inviter}</span>" would like to have you at "<span dir="auto">{place}</span>{with}"."</p> }
            .into_any()
    } else {
        let lines = note.lines().filter(|line| !line.trim().is_empty()).map(|line| view! { <p>{line.to_owned()}</p> }).collect_view();
        view! { <blockquote class="letter" dir="auto">{lines}<footer>{inviter}</footer></blockquote> }.into_any()
    };
    let faces = open
        .here
        .iter()
        .map(|name| {
            let letter = name.chars().find(|c| c.is_alphanumeric()).map_or_else(|| "·".to_owned(), |c| c.to_uppercase().to_string());
            view! { <li><span class="face small" role="img" aria-label=name.clone()>{letter}</span></li> }
        })
        .collect_view();
    let others = (open.size as usize).saturating_sub(open.here.len());
    let who = who_is_here(&open.here, open.size as usize, &here().words.members);
    let of_party = who_of_party(&open.here, filled_in.of_party as usize, &filled_in.party);
    let zone = form.value("form[time_zone]", here().zone.name());
    let kept = filled_in.handle.clone();
    let field = |name: &str, filled_in: &str| form.value(&format!("form[{name}]"), filled_in);
    let (pronouns, line) = (field("pronouns", ""), field("line", &filled_in.line));
    let interests = field("interests", &filled_in.interests);
    let more_open = [&pronouns, &line, &interests].iter().any(|said| !said.is_empty()) || form.error("time_zone").is_some();
    let unread = form.error("rules").is_some();
    Ok(view! {
        <PageTitle of="Come in"/>
        <main class="page narrow" id="page" tabindex="-1">
            <header class="page-head"><h1 dir="auto">{greeting}</h1></header>
            {letter}
            <section class="section here" aria-labelledby="here">
                <h2 id="here">"Who is here"</h2>
                <ul class="faces">
                    {faces}
                    {(others > 0).then(|| view! { <li class="faces-more">"and "{words::number(others)}{if others == 1 { " other" } else { " others" }}</li> })}
                </ul>
                {of_party.map(|sentence| view! { <p dir="auto">{sentence}</p> })}
                <p>{who}</p>
            </section>
            {rules.map(|rules| view! {
                <section class="section" aria-labelledby="rules">
                    <h2 id="rules">"How we are with each other"</h2>
                    <Prose html=rules.html/>
                </section>
            })}
            <section class="section" aria-labelledby="account">
                <h2 id="account">"Your key"</h2>
                <Refused form/>
                {(full && form.trouble().is_none()).then(|| view! {
                    <div class="note warning"><p>"The house is full just now. Ask whoever invited you whether there will be room soon."</p></div>
                })}
                <form class="form" method="post" action=form.address()>
                    <input type="hidden" name="code" value=code.to_owned()/>
                    <AccountFields form asks="Display name" suggested kept/>
                    <details class="more" open=more_open>
                        <summary>"More about you, if you like"</summary>
                        <Field id="pronouns" label="Pronouns" error=form.error("pronouns")>
                            <input id="pronouns" name="form[pronouns]" type="text" dir="auto" maxlength="40" autocomplete="off" value=pronouns/>
                        </Field>
                        <Field
                            id="line" label="A line about you" hint="Who you are, as a friend would say it while introducing you."
                            error=form.error("line")
                        >
                            <TextArea id="line" name="form[line]" text=line rows=2 most=200/>
                        </Field>
                        <Field id="interests" label="Interests" hint="A few words with commas between them." error=form.error("interests")>
                            <input
                                id="interests" name="form[interests]" type="text" dir="auto" maxlength="400" autocomplete="off"
                                value=interests
                            />
                        </Field>
                        <Field
                            id="zone" label="Your clock" error=form.error("time_zone")
                            hint="Not in the list? Take one with the same time; your settings have all of them."
                        >
                            <ZoneSelect id="zone" name="form[time_zone]" chosen=zone short=true/>
                        </Field>
                    </details>
                    <div class="field" id=unread.then_some("refused")>
                        {form.error("rules").map(|sentence| view! { <p class="field-error" id="rules-error">{sentence}</p> })}
                        <label class="choice">
                            <input
                                type="checkbox" name="form[rules]" value="read" required=true checked=form.chosen("form[rules]", "read", false)
                                aria-describedby=unread.then_some("rules-error") aria-invalid=unread.then_some("true") autofocus=unread
                            />
                            <span>"I have read the house rules and will keep them."</span>
                        </label>
                    </div>
                    <div class="actions"><button class="button" type="submit">"Move in"</button></div>
                </form>
            </section>
        </main>
    }
    .into_any())
}

/// The invitation that worked when the page was opened, and did not when the form was sent. Whoever sent none sees nothing.
fn used_up_meanwhile(fault: Option<Trouble>) -> Page {
    let fault = fault.ok_or(NoPage::NotHere)?;
    Ok(view! {
        <PageTitle of="Come in"/>
        <main class="page narrow" id="page" tabindex="-1">
            <header class="page-head"><h1>"That was a moment too late"</h1></header>
            <FaultNote fault=Signal::stored(Some(fault))/>
            <p class="actions"><a class="button quiet" href="/">"To the front door"</a></p>
        </main>
    }
    .into_any())
}

/// Who is here, in a sentence: two by name, the others by number.
fn who_is_here(names: &[String], size: usize, members: &str) -> String {
    match names {
        [one] if size == 1 => format!("{one} is here so far, and you would be the second."),
        [one, two] if size == 2 => format!("{one} and {two} are here."),
        [one, two, ..] if size == 3 => format!("{one}, {two} and one other are here."),
        [one, two, ..] => format!("{one}, {two} and {} others are here.", words::number(size - 2)),
        _ => capital(&format!("{} {members} are here.", words::number(size))),
    }
}

/// Who of one's party is here, in a sentence; they stand first among the names.
fn who_of_party(names: &[String], many: usize, party: &str) -> Option<String> {
    let (is, named) = (if many == 1 { "is" } else { "are" }, &names[..many.min(3).min(names.len())]);
    let names = match named {
        [] => return None,
        named if named.len() == many => names_in_words(named),
        named => format!("{} and {} more", named.join(", "), words::number(many - named.len())),
    };
    Some(format!("From {party} {is} here already: {names}."))
}

fn inside_already(display_name: &str) -> AnyView {
    let name = display_name.to_owned();
    view! {
        <PageTitle of="You are in already"/>
        <main class="page narrow" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"You are in already"</h1>
                <p class="lede">
                    "This invitation works. You are signed in as "<span dir="auto">{name}</span>
                    ", so there is nothing left to do with it: give it to whom it is for."
                </p>
            </header>
            <p class="actions"><a class="button" href="/">"To the timeline"</a></p>
        </main>
    }
    .into_any()
}

/// `/ask/{code}`: how an ask stands. Whoever has the address sees it, nobody else.
pub(super) async fn asked_before(asked: Asked, code: &str) -> Page {
    let answer = asked.request.services.invitations.ask_answer(code).await?.ok_or(NoPage::NotHere)?;
    let place = here().name.clone();
    let page = match answer {
        AskAnswer::Waiting => view! {
            <header class="page-head">
                <h1>"Thank you for knocking"</h1>
                <p class="lede">"Your words are with the hosts of "<span dir="auto">{place}</span>". They are people with days of their own, so it may take one or two."</p>
            </header>
            <p><strong>"Keep this page: bookmark it, or write its address down."</strong>" The answer will be here, and only here."</p>
            <p class="actions"><a class="button quiet" href="">"Look again"</a> <a class="button plain" href="/">"To the front door"</a></p>
        }
        .into_any(),
        AskAnswer::Welcome { code } => view! {
            <header class="page-head">
                <h1>"Come in"</h1>
                <p class="lede">"The hosts of "<span dir="auto">{place}</span>" would like to have you. Here is your invitation; it works once."</p>
            </header>
            <p class="actions"><a class="button" href=format!("/join/{code}")>"Open the invitation"</a></p>
        }
        .into_any(),
        AskAnswer::Declined { words } => view! {
            <header class="page-head">
                <h1>"Not this time"</h1>
                <p class="lede">"The hosts of "<span dir="auto">{place}</span>" have read your words, and cannot take you in just now."</p>
            </header>
            {(!words.is_empty()).then(|| {
                let lines = words.lines().filter(|line| !line.trim().is_empty()).map(|line| view! { <p>{line.to_owned()}</p> }).collect_view();
                view! { <blockquote class="letter" dir="auto">{lines}<footer>"a host"</footer></blockquote> }
            })}
            <p>"It is no verdict on you. Places like this keep to a size and a purpose."</p>
            <p class="actions"><a class="button quiet" href="/">"To the front door"</a></p>
        }
        .into_any(),
    };
    Ok(view! {
        <PageTitle of="Your knock at the door"/>
        <main class="page narrow" id="page" tabindex="-1">{page}</main>
    }
    .into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_are_named_and_the_others_counted() {
        let names = ["Amara", "Kofi", "Mei"].map(str::to_owned);
        assert_eq!(who_is_here(&names[..1], 1, "members"), "Amara is here so far, and you would be the second.");
        assert_eq!(who_is_here(&names[..2], 2, "members"), "Amara and Kofi are here.");
        assert_eq!(who_is_here(&names, 3, "members"), "Amara, Kofi and one other are here.");
        assert_eq!(who_is_here(&names, 40, "members"), "Amara, Kofi and thirty-eight others are here.");
        assert_eq!(who_is_here(&[], 40, "members"), "Forty members are here.");
    }

    #[test]
    fn who_of_ones_party_is_here_is_said_by_name() {
        let names = ["Ana", "Bo", "Cy", "Di"].map(str::to_owned);
        let said = |many| who_of_party(&names, many, "Soup Night");
        assert_eq!(said(0), None);
        assert_eq!(said(1).as_deref(), Some("From Soup Night is here already: Ana."));
        assert_eq!(said(2).as_deref(), Some("From Soup Night are here already: Ana and Bo."));
        assert_eq!(said(12).as_deref(), Some("From Soup Night are here already: Ana, Bo, Cy and nine more."));
    }
}
