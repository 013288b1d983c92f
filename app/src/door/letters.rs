//! What letters lead to: `/answer/{code}`, `/unsubscribe/{secret}` and `/mail/confirm/{code}`. Whoever has the code in the address is shown
//! what it is for and nothing else of the place, signed in or not. The forms are sent to the same addresses (the server's `letters.rs`).

use super::{Asked, NoPage, Page, fields::Field};
use crate::{
    chrome::PageTitle,
    here::here,
    safe_html::TextArea,
    timeline::post::in_words,
    when::{in_zone, local, machine},
};
use domain::{
    gatherings::{Answer, RsvpRefusal, SessionPage},
    mail::{Answering, address::MailWishes},
    time::Zone,
};
use leptos::prelude::*;

/// `/answer/{code}`, and with the answer that the letter's link is for; that changes nothing but which button stands out.
pub(super) async fn answer(asked: Asked, code: &str, offered: &str) -> Page {
    let Answering { me, page } = asked.request.services.mail.answering(code).await?.ok_or(NoPage::NotHere)?;
    let offered = if offered.is_empty() { None } else { Some(Answer::from_word(offered).ok_or(NoPage::NotHere)?) };
    let address = format!("/gatherings/{}/{}", crate::address::encoded(&page.gathering.slug), page.session.date);
    let mine = page.mine.as_ref().map(|mine| mine.answer);
    let waiting = page.mine.as_ref().is_some_and(|mine| mine.waiting);
    let note = match (asked.query.get("done"), mine) {
        ("said", Some(_)) if waiting => Some("Thank you. There is no room yet: you wait, and are told when you move up."),
        ("said", Some(Answer::Yes)) => Some("Thank you. They know: you are coming."),
        ("said", Some(Answer::Maybe)) => Some("Thank you. They know: you might come."),
        ("said", Some(Answer::No)) => Some("Thank you. They know: not this time."),
        _ => None,
    };
    let most = page.gathering.terms.guests;
    let refused = match asked.query.get("done") {
        "not" => Some("That was not taken: it has changed since the letter was written.".to_owned()),
        "guests" => Some(format!("That was not taken. {}", RsvpRefusal::Guests { most })),
        "note" => Some("That was not taken. A word with it can be up to 200 characters long.".to_owned()),
        _ => None,
    };
    let so_far = mine.filter(|_| note.is_none()).map(|mine| match mine {
        Answer::Yes if waiting => "So far you said yes, and wait for room.",
        Answer::Yes => "So far you said yes.",
        Answer::Maybe => "So far you said maybe.",
        Answer::No => "So far you said: not this time.",
    });
    // Whoever is too late for a yes may still say no.
    let open = |answer: &Answer| !page.late || *answer == Answer::No || mine == Some(*answer);
    let stands_out = offered.or(if mine.is_none() { Some(Answer::Yes) } else { None });
    let buttons = Answer::ALL.into_iter().filter(open).map(|answer| {
        let label = match answer {
            Answer::Yes => "Yes, I’ll come",
            Answer::Maybe => "Maybe",
            Answer::No => "Not this time",
        };
        let class = if stands_out == Some(answer) { "button" } else { "button quiet" };
        let mine = mine == Some(answer);
        view! {
            <button class=class type="submit" name="answer" value=answer.word() aria-pressed=if mine { "true" } else { "false" } autofocus=offered == Some(answer)>
                {label}
            </button>
        }
    });
    let closed = page.cancelled.clone();
    let form = closed.is_none().then(|| {
        view! {
            <form class="form answers" method="post" action=format!("/answer/{code}")>
                {said_with(&page)}
                <div class="actions" role="group" aria-label="Will you come?">{buttons.collect_view()}</div>
            </form>
        }
    });
    Ok(view! {
        <PageTitle of=page.gathering.title.clone()/>
        <main class="page narrow" id="page" tabindex="-1">
            <header class="page-head gathering-head">
                <h1 dir="auto">{page.gathering.title.clone()}</h1>
                {when(&page, &me.zone)}
                {(!page.gathering.place.is_empty()).then(|| view! { <p dir="auto">{page.gathering.place.clone()}</p> })}
            </header>
            {refused.map(|refused| view! { <p class="note refusal" role="alert">{refused}</p> })}
            {closed.map(|why| view! { <div class="note warning"><p>"This one is cancelled. "<span dir="auto">{why}</span></p></div> })}
            {note.map(|note| view! { <p class="note" role="status">{note}</p> })}
            {so_far.map(|so_far| view! { <p>{so_far}</p> })}
            {(page.late && page.cancelled.is_none()).then(|| view! { <p>"It is too late to say yes. Write to whoever keeps it: there may still be a way."</p> })}
            {form}
            <p class="quiet">"This answers for "<span dir="auto">{me.display_name}</span>". Who else comes is on "<a href=address>"its page"</a>"."</p>
        </main>
    }
    .into_any())
}

/// What can be said with an answer. The word that was said before is not shown to whoever has the letter. Neither field sends the form when
/// Enter is pressed in it: that would take the first of the buttons.
fn said_with(page: &SessionPage) -> impl IntoView + use<> {
    let (most, mine) = (page.gathering.terms.guests, page.mine.as_ref());
    let guests = mine.map_or(0, |mine| mine.guests.min(most));
    let hint = if mine.is_some_and(|mine| !mine.note.is_empty()) {
        "What you wrote before stays, unless you write something else here."
    } else {
        "It stands beside your name."
    };
    let brings = (0..=most).map(move |number| {
        let name = match number {
            0 => "nobody".to_owned(),
            1 => "one guest".to_owned(),
            more => format!("{} guests", in_words(more).to_lowercase()),
        };
        view! { <option value=number selected=number == guests>{name}</option> }
    });
    view! {
        <Field id="note" label="A word with it" optional="if you like" hint=hint>
            <TextArea id="note" name="note" text=String::new() rows=2 most=200/>
        </Field>
        {(most > 0).then(|| view! {
            <Field id="guests" label="With me comes" class="field short"><select id="guests" name="guests">{brings.collect_view()}</select></Field>
        })}
    }
}

/// When a session is, on its reader's clock, with its own beside it where they differ.
fn when(page: &SessionPage, zone: &Zone) -> impl IntoView + use<> {
    let (session, own_zone) = (&page.session, &page.gathering.schedule.zone);
    let (starts, ends, own) = (local(session.starts_at, zone), local(session.ends_at, zone), local(session.starts_at, own_zone));
    let until =
        if session.ends_at.0 - session.starts_at.0 < 86_400_000 { ends.clock() } else { format!("{}, {}", ends.date(), ends.clock()) };
    let beside = (own != starts).then(|| {
        let day = if own.same_day(starts) { String::new() } else { format!("{} ", own.weekday_name()) };
        format!("{day}{} {}", own.clock(), in_zone(own_zone))
    });
    view! {
        <p class="gathering-when">
            <time datetime=machine(session.starts_at)>{format!("{}, {} to {until}", starts.date(), starts.clock())}</time>
            {beside.map(|beside| view! { " "<span class="zones-other">{beside}</span> })}
        </p>
    }
}

/// `/unsubscribe/{secret}`.
pub(super) async fn unsubscribe(asked: Asked, secret: &str) -> Page {
    let wishes = asked.request.services.mail.subscribed(secret).await?.ok_or(NoPage::NotHere)?;
    let place = here().name.clone();
    let settings = view! { <a href="/settings/notifications">"Choose in your settings"</a> };
    if wishes == MailWishes::NONE {
        return Ok(view! {
            <PageTitle of="No mail any more"/>
            <main class="page narrow" id="page" tabindex="-1">
                <header class="page-head"><h1>"No mail any more"</h1></header>
                <p role="status"><span dir="auto">{place}</span>" sends you nothing by mail. Your notices wait for you as before."</p>
                <p>"Did you mean to keep some of it? "{settings}"."</p>
            </main>
        }
        .into_any());
    }
    Ok(view! {
        <PageTitle of="No mail any more?"/>
        <main class="page narrow" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"No mail any more?"</h1>
                <p class="lede"><span dir="auto">{place}</span>" will mail you neither reminders nor changes, and no letter. Your notices wait for you as before."</p>
            </header>
            <form method="post" action=format!("/unsubscribe/{secret}")>
                <div class="actions"><button class="button" type="submit">"End all mail"</button></div>
            </form>
            <p class="quiet">"Is only one kind of it too much? "{settings}"."</p>
        </main>
    }
    .into_any())
}

/// `/unsubscribe/{secret}/letter`: the weekly letter alone.
pub(super) async fn unsubscribe_weekly(asked: Asked, secret: &str) -> Page {
    let wishes = asked.request.services.mail.subscribed(secret).await?.ok_or(NoPage::NotHere)?;
    let (title, more) = if wishes.weekly {
        let form = view! {
            <form method="post" action=format!("/unsubscribe/{secret}/letter")>
                <div class="actions"><button class="button" type="submit">"No letter any more"</button></div>
            </form>
        };
        ("No weekly letter any more?", form.into_any())
    } else {
        (
            "No weekly letter any more",
            view! { <p role="status">"It is not mailed to you. It stands on the timeline, as before."</p> }.into_any(),
        )
    };
    let others = (wishes.reminders || wishes.changes).then(|| {
        view! { <p class="quiet">"Reminders and changes reach you as before. "<a href=format!("/unsubscribe/{secret}")>"End those as well"</a>"."</p> }
    });
    Ok(view! {
        <PageTitle of=title/>
        <main class="page narrow" id="page" tabindex="-1">
            <header class="page-head">
                <h1>{title}</h1>
                <p class="lede" dir="auto">{here().name.clone()}</p>
            </header>
            {more}
            {others}
        </main>
    }
    .into_any())
}

/// `/mail/confirm/{code}`.
pub(super) async fn confirm(asked: Asked, code: &str) -> Page {
    let confirmation = asked.request.services.mail.confirmation(code).await?.ok_or(NoPage::NotHere)?;
    let (place, address) = (here().name.clone(), confirmation.address.as_str().to_owned());
    if confirmation.done {
        return Ok(view! {
            <PageTitle of="Your address"/>
            <main class="page narrow" id="page" tabindex="-1">
                <header class="page-head"><h1>"Thank you"</h1></header>
                <p role="status">"From now on "<span dir="auto">{place}</span>" writes to "<strong class="mail-address">{address}</strong>"."</p>
                <p>"What comes by mail is up to you: "<a href="/settings/notifications">"choose it in your settings"</a>"."</p>
            </main>
        }
        .into_any());
    }
    Ok(view! {
        <PageTitle of="Is this your address?"/>
        <main class="page narrow" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"Is this your address?"</h1>
                <p class="lede"><strong class="mail-address">{address}</strong></p>
            </header>
            <p>"Then reminders from "<span dir="auto">{place}</span>" find you there, and what changes at short notice."</p>
            <form method="post" action=format!("/mail/confirm/{code}")>
                <div class="actions"><button class="button" type="submit">"Yes, it is mine"</button></div>
            </form>
        </main>
    }
    .into_any())
}
