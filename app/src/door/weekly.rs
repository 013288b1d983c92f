//! `/hosting/letter`: the weekly letter as hosts write it, and those that went out. And `/hosting/letter/preview`: how it will look, as a post
//! and by mail, with the button that sends it.

use super::{
    Asked, NoPage, Page,
    fields::{Done, Field, Refused},
    hosting::hosting_pages,
    words,
};
use crate::{
    chrome::{Face, PageTitle, capital},
    fault::Never,
    forms::{FormState, use_form},
    here::here,
    safe_html::{Prose, TextArea},
    timeline::post::names_in_words,
    weekly::{ChooseLetterDay, KeepLetter, SendLetter},
    when::{WEEKDAYS, When, local, now},
};
use chrono::Weekday;
use domain::{
    mail::weekly::text_of,
    outcome::Error,
    people::Byline,
    timeline::LONGEST_POST,
    viewer::Host,
    weekly::{Draft, LONGEST_TITLE, LetterForm, LetterRefusal, LetterWords, Preview, Sent, Wanted, week::Week},
};
use leptos::prelude::*;

/// Why the letter wants a host today, and what one does about it.
pub(super) async fn wants(asked: &Asked, host: &Host) -> Result<Option<(String, &'static str)>, NoPage> {
    let zone = asked.community()?.zone.clone();
    Ok(asked.request.services.weekly.wanted(host, &zone).await?.map(|wanted| match wanted {
        Wanted::Begun(draft) => (format!("A draft is begun. {}", kept_by(&draft)), "Go on with it"),
        Wanted::Week(week) => (capital(&format!("{}: enough for a letter.", of_week(&week))), "Write it"),
    }))
}

/// What a week holds: `four posts were loved, one person arrived and two things are coming`.
fn of_week(week: &Week) -> String {
    let said = |many: usize, one: &str, more: &str| match many {
        0 => None,
        1 => Some(format!("one {one}")),
        many => Some(format!("{} {more}", words::number(many))),
    };
    let parts = [
        said(week.loved.len(), "post was loved", "posts were loved"),
        said(week.arrived.len(), "person arrived", "people arrived"),
        said(week.coming.len(), "thing is coming", "things are coming"),
    ];
    names_in_words(&parts.into_iter().flatten().collect::<Vec<_>>())
}

/// `You kept it at 19:30.`, `Ines kept it on Tue 19:30.`
fn kept_by(draft: &Draft) -> String {
    let (then, today) = (local(draft.at, here().zone()), local(now(), here().zone()));
    let when = if then.same_day(today) { format!("at {}", then.clock()) } else { format!("on {}", then.date()) };
    format!("{} kept it {when}.", capital(&who(draft.by.as_ref())))
}

/// What somebody is called, within a sentence; for themselves, `you`.
fn who(by: Option<&Byline>) -> String {
    match by {
        Some(by) if here().me().is_some_and(|me| me.id == by.id) => "you".to_owned(),
        Some(by) => by.display_name.clone(),
        None => "a host".to_owned(),
    }
}

/// `/hosting/letter`.
pub(super) async fn letter(asked: Asked) -> Page {
    let host = asked.host()?;
    let weekly = &asked.request.services.weekly;
    let zone = asked.community()?.zone.clone();
    let (stand, sent) = (weekly.stands(&host).await?, weekly.sent(&host).await?);
    let anew = stand.draft.is_none() || asked.query.get("again") == "yes";
    let made = if anew { Some(weekly.made_of_week(&host, &stand, &zone).await?) } else { None };
    let form = use_form::<KeepLetter, LetterRefusal>();
    // What was kept stays until what was made anew is kept in its place.
    let before = stand.draft.as_ref().filter(|_| anew && form.trouble().is_none()).map(|draft| draft.words.week.clone());
    let text = match (&stand.draft, made) {
        (Some(draft), Some(made)) => draft.renewed(made, &zone),
        (Some(draft), None) => draft.words.clone(),
        (None, made) => made.unwrap_or_default(),
    };
    let theirs = stand.draft.as_ref().filter(|draft| is_other(form, &draft.words)).cloned();
    let begun = stand.draft.is_some();
    let empty = text.week.is_empty() && !begun;
    let standing = stand.draft.as_ref().map_or_else(|| "Made of the week just now. It is kept when you keep it.".to_owned(), kept_by);
    Ok(view! {
        <PageTitle of="The letter"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"The letter"</h1>
                <p class="lede">"What the week was, from you to everybody: a post of yours, and mail to those who want it. Nothing goes out before you have looked at it."</p>
            </header>
            {hosting_pages("/hosting/letter", true)}
            <Done
                done=asked.query.get("done")
                says=&[
                    ("kept", "The draft is kept. Any host can go on with it."),
                    ("sent", "It is out: on the timeline, and on its way to those who want it by mail."),
                    ("day", "Saved. That is when the desk reminds you."),
                ]
            />
            <Refused form/>
            {theirs.map(|draft| view! { <Theirs draft/> })}
            {before.map(|before| view! {
                <div class="note" role="status">
                    <p>"The week is made anew below, and your own words are as they were. What stood there is kept until you keep this. "<a href="/hosting/letter">"Go on with what stood there"</a></p>
                    <details class="more"><summary>"What stood there"</summary><pre class="letter-text" dir="auto">{before}</pre></details>
                </div>
            })}
            {empty.then(|| view! { <p class="note">"It was a quiet week, and nothing is coming: there is nothing to fill in for you. Your own words are enough, and so is no letter."</p> })}
            <p class="quiet"><bdi>{standing}</bdi></p>
            <form class="form wide letter-form" method="post" action=form.address()>
                <input type="hidden" name="form[seen]" value=stand.version/>
                <Field id="title" label="Its title" hint="The heading of the post, and the subject of the mail." error=form.error("title")>
                    <input id="title" name="form[title]" type="text" dir="auto" required=true maxlength=LONGEST_TITLE value=form.value("form[title]", &text.title)/>
                </Field>
                <Part form name="opening" label="What you say first" hint="Your own words: how the week was, for you and for all of you." text=text.opening rows=4/>
                <Part form name="week" label="The week" hint="Change it, take lines out, put others in. Only what all members may see is filled in." text=text.week rows=14/>
                <Part form name="closing" label="What you say last" hint="A wish, a question, good night." text=text.closing rows=3/>
                <div class="actions">
                    <button class="button" type="submit" name="then" value="look">"Look at it"</button>
                    <button class="button quiet" type="submit" name="then" value="keep">"Keep the draft"</button>
                    {begun.then(|| view! { <button class="button plain" type="submit" name="then" value="again">"Start again from the week"</button> })}
                </div>
            </form>
            <Day day=stand.day/>
            {past(sent)}
        </main>
    }
    .into_any())
}

/// Whether a refused form says something else than what is kept.
fn is_other(form: FormState, kept: &LetterWords) -> bool {
    let typed = |field: &str| form.value(&format!("form[{field}]"), "");
    let typed = LetterForm { title: typed("title"), opening: typed("opening"), week: typed("week"), closing: typed("closing"), seen: 0 };
    form.trouble().is_some() && typed.check().is_ok_and(|words| words != *kept)
}

/// What another host kept meanwhile.
#[component]
fn Theirs(draft: Draft) -> impl IntoView {
    let Draft { words: LetterWords { title, opening, week, closing }, .. } = draft.clone();
    let whole = [title, opening, week, closing].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    view! {
        <section class="section" aria-labelledby="theirs">
            <h2 id="theirs">"What is kept"</h2>
            <p class="quiet"><bdi>{kept_by(&draft)}</bdi>" Yours stands below it, and takes its place when you keep it."</p>
            <pre class="letter-text" dir="auto">{whole}</pre>
        </section>
    }
}

/// A part of the letter.
#[component]
fn Part(
    form: FormState,
    /// Its name in the form.
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    /// What stands in it at first.
    text: String,
    rows: u32,
) -> impl IntoView {
    let field = format!("form[{name}]");
    let text = form.value(&field, &text);
    view! {
        <Field id=name label hint error=form.error(name)>
            <TextArea id=name name=field text rows most=LONGEST_POST/>
        </Field>
    }
}

/// On which day the desk reminds.
#[component]
fn Day(day: Weekday) -> impl IntoView {
    let form = use_form::<ChooseLetterDay, Never>();
    let chosen = day.num_days_from_monday() as usize;
    let days = WEEKDAYS.iter().enumerate().map(move |(at, name)| view! { <option value=at selected=at == chosen>{*name}</option> });
    view! {
        <details class="more">
            <summary>{format!("Due on {}s", WEEKDAYS[chosen % 7])}</summary>
            <form class="form" method="post" action=form.address()>
                <Field id="day" label="On which day does the desk remind you?" hint="On the community’s clock; until a letter goes out." class="field short">
                    <select id="day" name="day">{days.collect_view()}</select>
                </Field>
                <div class="actions"><button class="button quiet" type="submit">"Save the day"</button></div>
            </form>
        </details>
    }
}

/// The letters that went out.
fn past(sent: Vec<Sent>) -> Option<impl IntoView> {
    let row = |sent: Sent| {
        let (by, mails) = (who(sent.by.as_ref()), by_mail(sent.mails, sent.waiting, sent.given_up));
        let title = match sent.post {
            Some(post) => view! { <a href=format!("/posts/{post}") dir="auto">{sent.title}</a> }.into_any(),
            None => view! { <bdi>{sent.title}</bdi>" "<span class="quiet">"(the post was taken back)"</span> }.into_any(),
        };
        view! {
            <li>
                <p class="row-title">{title}</p>
                <p class="quiet">"by "<bdi>{by}</bdi>", "<When at=sent.at/>"; "{mails}</p>
            </li>
        }
    };
    (!sent.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="sent">
                <h2 id="sent">"What went out"</h2>
                <ul class="rows">{sent.into_iter().map(row).collect_view()}</ul>
            </section>
        }
    })
}

/// To how many it went by mail, as far as that is known.
fn by_mail(mails: u32, waiting: u32, given_up: u32) -> String {
    let to = match mails {
        0 => return "to nobody by mail".to_owned(),
        1 => "by mail to one person".to_owned(),
        mails => format!("by mail to {} people", words::number(mails as usize)),
    };
    let waiting = match waiting {
        0 => String::new(),
        1 => ", one still on its way".to_owned(),
        waiting => format!(", {} still on their way", words::number(waiting as usize)),
    };
    let given_up = match given_up {
        0 => String::new(),
        given_up => format!(", {} could not be delivered", words::number(given_up as usize)),
    };
    format!("{to}{waiting}{given_up}")
}

/// `/hosting/letter/preview`.
pub(super) async fn preview(asked: Asked) -> Page {
    let host = asked.host()?;
    let form = use_form::<SendLetter, LetterRefusal>();
    let body = match asked.request.services.weekly.preview(&host).await {
        Ok(Some(preview)) => shown(preview, &asked, &host, form).into_any(),
        Ok(None) => {
            view! { <p>"There is no draft. Perhaps it has been sent already: what went out stands below the letter."</p> }.into_any()
        }
        Err(Error::Refused(reason)) => view! { <p class="note refusal" role="alert">{reason.to_string()}</p> }.into_any(),
        Err(Error::Unavailable(cause)) => return Err(cause.into()),
    };
    Ok(view! {
        <PageTitle of="The letter, before it goes"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/hosting/letter">"The letter"</a></p>
                <h1>"Before it goes"</h1>
            </header>
            <Refused form/>
            {body}
            <p class="actions"><a class="button plain" href="/hosting/letter">"Back to writing"</a></p>
        </main>
    }
    .into_any())
}

fn shown(preview: Preview, asked: &Asked, host: &Host, form: FormState) -> impl IntoView + use<> {
    let Preview { version, title, html, by: kept_by, readers } = preview;
    let (place, me, origin) = (here().name.clone(), host.me(), asked.request.origin.clone());
    let text = text_of(&html, &origin);
    let by = Byline { id: me.id, name: me.name.clone(), display_name: me.display_name.clone(), picture: me.picture };
    let theirs = kept_by
        .filter(|by| by.id != me.id)
        .map(|by| view! { " It was "<bdi>{by.display_name}</bdi>" who kept it last: see that it says what you would say." });
    let to = match readers {
        0 => "Nobody has asked for it by mail yet, so it is a post alone.".to_owned(),
        1 => "It goes to one person who wants it by mail. What was sent can’t be called back.".to_owned(),
        readers => {
            format!("It goes to {} people who want it by mail. What was sent can’t be called back.", words::number(readers as usize))
        }
    };
    view! {
        <section class="section" aria-labelledby="post">
            <h2 id="post">"As a post"</h2>
            <p class="quiet">"Under your name, for all members. Whoever is named with @ is told."{theirs}</p>
            <div class="letter-paper">
                <p class="letter-by"><Face who=by class="face small"/><bdi>{me.display_name.clone()}</bdi></p>
                <Prose html/>
            </div>
        </section>
        <section class="section" aria-labelledby="by-mail">
            <h2 id="by-mail">"By mail"</h2>
            <p class="quiet">{to}</p>
            <div class="letter-paper">
                <dl class="facts letter-head">
                    <div><dt>"From"</dt><dd dir="auto">{place}</dd></div>
                    <div><dt>"Subject"</dt><dd dir="auto">{title}</dd></div>
                </dl>
                <p>"It looks as above, with who wrote it, the way to answer, and how to have no letter any more below it."</p>
                <details class="more">
                    <summary>"As plain text"</summary>
                    <pre class="letter-text" dir="auto">{text}</pre>
                </details>
            </div>
        </section>
        <form method="post" action=form.address()>
            <input type="hidden" name="seen" value=version/>
            <div class="actions"><button class="button" type="submit">"Send it"</button></div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::weekly::week::Arrived;

    #[test]
    fn what_a_week_holds_is_said_in_words() {
        let who = Byline {
            id: domain::ids::MemberId(1),
            name: domain::people::Handle::parse("bo").expect("a name"),
            display_name: "Bo".into(),
            picture: None,
        };
        let arrived = vec![Arrived { who, line: String::new() }; 2];
        assert_eq!(of_week(&Week { arrived: arrived.clone(), ..Week::default() }), "two people arrived");
        assert_eq!(of_week(&Week { arrived: arrived[..1].to_vec(), ..Week::default() }), "one person arrived");
    }

    #[test]
    fn to_how_many_it_went_is_said_in_words() {
        assert_eq!(by_mail(0, 0, 0), "to nobody by mail");
        assert_eq!(by_mail(1, 1, 0), "by mail to one person, one still on its way");
        assert_eq!(
            (by_mail(12, 0, 0), by_mail(12, 3, 2)),
            ("by mail to twelve people".into(), "by mail to twelve people, three still on their way, two could not be delivered".into())
        );
    }
}
