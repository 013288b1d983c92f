//! `/admin/hand-over`: handing the community over to another admin, in three steps; and `/settings/hand-over`, where whoever was chosen says
//! yes or no.

use super::{
    Asked, NoPage, Page, admin,
    fields::{Done, Field, Refused},
    settings,
    words::day,
};
use crate::{
    chrome::{Face, capital, with_article},
    forms::use_form,
    hand_over::{AnswerHandOver, BeginHandOver, FinishHandOver, TakeHandOverBack},
    here::here,
    timeline::post::names_in_words,
};
use domain::{
    hand_over::{HandOver, HandOverRefusal, Keeping, OPEN_DAYS},
    people::{PeopleOrder, Role},
    sign_in::LONGEST_PASSWORD,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What somebody is, in the community's words.
fn called(role: Role) -> String {
    match role {
        Role::Admin => "an admin".to_owned(),
        Role::Host => "a host".to_owned(),
        Role::Member => with_article(&here().words.member),
    }
}

/// `/admin/hand-over`.
pub(super) async fn page(asked: Asked) -> Page {
    let admin = asked.admin()?;
    let begun = asked.request.services.handing_over.begun(&admin).await?;
    let everyone = asked.request.services.people.everyone(&asked.request.viewer, PeopleOrder::Name).await?;
    let hosts: Vec<String> =
        everyone.iter().filter(|person| person.role > Role::Member).map(|person| person.who.display_name.clone()).collect();
    let origin = asked.request.origin.clone();
    let keeping = asked.request.services.keeping.clone();
    let choices: Vec<(String, String)> = everyone
        .into_iter()
        .filter(|person| person.role != Role::Admin)
        .map(|person| (person.who.name.to_string(), person.who.display_name))
        .collect();
    let accepted = begun.as_ref().is_some_and(|begun| begun.accepted_at.is_some());
    let step = match (&begun, accepted) {
        (None, _) => 0,
        (Some(_), false) => 1,
        (Some(_), true) => 2,
    };
    let steps = ["You choose", "They accept", "You confirm"].into_iter().enumerate().map(|(at, says)| {
        view! { <li data-done=(at < step).then_some("") aria-current=(at == step).then_some("step")>{says}</li> }
    });
    let steps = steps.collect_view();
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {admin::head("/admin/hand-over")}
            <p class="lede">"Somebody else looks after the place, after you or beside you. Until the last step nothing changes, and either of you can stop."</p>
            <Done
                done=asked.query.get("done")
                says=&[
                    ("begun", "Asked. They are told what it means; you are told if they would."),
                    ("taken-back", "Taken back. Everything is as it was."),
                    ("finished", "Done. They are an admin from their next step on."),
                ]
            />
            <ol class="hand-steps" aria-label="The three steps">{steps}</ol>
            {match begun {
                None if choices.is_empty() => view! {
                    <div class="empty">
                        <p class="empty-title">"There is nobody yet to whom it could go."</p>
                        <p>"Whoever comes in can be asked here, when the time has come."</p>
                        <p class="actions"><a class="button" href="/hosting/invitations">"Invite somebody"</a></p>
                    </div>
                }
                .into_any(),
                None => view! { <Choose choices/> }.into_any(),
                Some(begun) if accepted => view! { <Confirm begun/> }.into_any(),
                Some(begun) => view! { <Waits begun/> }.into_any(),
            }}
            <GoesAlong/>
            <Checklist keeping hosts origin/>
        </main>
    }
    .into_any())
}

/// The first step.
#[component]
fn Choose(choices: Vec<(String, String)>) -> impl IntoView {
    let form = use_form::<BeginHandOver, HandOverRefusal>();
    let becomes = form.value("form[becomes]", "host");
    let roles = [Role::Host, Role::Admin, Role::Member].map(|role| {
        let hint = match role {
            Role::Admin => "The two of you look after it together.",
            Role::Host => "You still welcome people and go round; you do not shape the place.",
            Role::Member => "You read, write and come along. You have done enough.",
        };
        let checked = becomes == role.word();
        view! {
            <label class="choice">
                <input type="radio" name="form[becomes]" value=role.word() checked=checked/>
                <span><strong>{capital(&called(role))}</strong>" "<span class="choice-hint">{hint}</span></span>
            </label>
        }
    });
    let names = choices.into_iter().map(|(name, shown)| view! { <option value=name>{shown}</option> }).collect_view();
    view! {
        <section class="section" aria-labelledby="choose">
            <h2 id="choose">"To whom?"</h2>
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                <Field id="name" label="Name" hint="The short one, after the @. Talk with them first; this page is only where it is written down." error=form.error("name")>
                    <input
                        id="name" name="form[name]" type="text" list="names" autocomplete="off" autocapitalize="none" spellcheck="false" required=true
                        maxlength="31" value=form.value("form[name]", "")
                    />
                </Field>
                <datalist id="names">{names}</datalist>
                <fieldset class="choices">
                    <legend>"And what will you be?"</legend>
                    {roles}
                    {form.error("becomes").map(|error| view! { <p class="field-error">{error}</p> })}
                </fieldset>
                <div class="actions"><button class="button" type="submit">"Ask them"</button></div>
            </form>
        </section>
    }
}

/// Between the first step and the last.
#[component]
fn Waits(begun: HandOver) -> impl IntoView {
    let ends = day(begun.ends(), here().zone());
    view! {
        <section class="section" aria-labelledby="waits">
            <h2 id="waits"><bdi>{begun.taker.display_name.clone()}</bdi>" is asked"</h2>
            <p>"They have until "{ends}" to say yes. You would be "{called(begun.becomes)}" then. If you hear nothing, ask them when you see them."</p>
            <TakeBack/>
        </section>
    }
}

/// The last step.
#[component]
fn Confirm(begun: HandOver) -> impl IntoView {
    let form = use_form::<FinishHandOver, HandOverRefusal>();
    let taker = begun.taker.display_name.clone();
    let ends = day(begun.ends(), here().zone());
    view! {
        <section class="section" aria-labelledby="confirm">
            <h2 id="confirm"><bdi>{taker.clone()}</bdi>" would do it"</h2>
            <p class="hand-to"><Face who=begun.taker.clone() class="face small"/><span>"With your password "<bdi>{taker}</bdi>" becomes an admin, and you are "{called(begun.becomes)}" from then on."</span></p>
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                <input type="hidden" name="to" value=begun.taker.name.to_string()/>
                <Field id="password" label="Your password" hint=format!("It is open until {ends}.") error=form.error("password")>
                    <input id="password" name="password" type="password" autocomplete="current-password" required=true maxlength=LONGEST_PASSWORD/>
                </Field>
                <div class="actions"><button class="button" type="submit">"Hand it over"</button></div>
            </form>
            <TakeBack/>
        </section>
    }
}

#[component]
fn TakeBack() -> impl IntoView {
    view! {
        <form method="post" action=TakeHandOverBack::url()>
            <div class="actions"><button class="button plain" type="submit">"Stop, and leave everything as it is"</button></div>
        </form>
    }
}

/// What goes along, and what does not.
#[component]
fn GoesAlong() -> impl IntoView {
    view! {
        <section class="section" aria-labelledby="along">
            <h2 id="along">"What goes along"</h2>
            <p>"The right to shape the place: its looks, words, rules and welcome, and who looks after what. And the hosts’ desk, with what hosts note for each other."</p>
            <h3>"What does not"</h3>
            <p>"What you wrote stays yours, under your name. So do your mail, your password, and your time at the desk, which nobody else ever sees. Letters to the \
                two of you stay with the two of you: an admin reads nothing that is for others."</p>
        </section>
    }
}

/// What whoever looks after the place should know of it.
#[component]
fn Checklist(keeping: Keeping, hosts: Vec<String>, origin: String) -> impl IntoView {
    let Keeping { folder, in_folder, mail } = keeping;
    let secure = origin.starts_with("https://");
    view! {
        <section class="section" aria-labelledby="know">
            <h2 id="know">"What an admin here should know"</h2>
            <dl class="facts">
                <dt>"Its address"</dt>
                <dd>
                    <a href=origin.clone()>{origin.clone()}</a>
                    <p class="quiet">{if secure {
                        "Whoever pays for that name and renews it has to be known to you, too."
                    } else {
                        "That is this machine alone. For others to come, it needs a name and https."
                    }}</p>
                </dd>
                <dt>"Its data"</dt>
                <dd>
                    "In the folder "<code>{folder.clone()}</code>" of the machine that serves it"
                    {if in_folder { "." } else { "; what people wrote is in a PostgreSQL database beside it." }}
                    <p class="quiet">"Know who can sign in to that machine, and who pays for it."</p>
                </dd>
                <dt>"Backups"</dt>
                <dd>
                    "Porchlight makes one when it is told to, while people are here: "<code>{format!("porchlight backup --data {folder} FILE.tar")}</code>
                    <p class="quiet">"Whether a timer on the machine does that, and where the files go, only whoever set it up knows. Ask them, and have one brought back once, to see."</p>
                </dd>
                <dt>"Mail"</dt>
                <dd>
                    {match mail {
                        Some((server, from)) => view! { "Sent by "<code>{server}</code>", in the name of "<code>{from}</code>"." }.into_any(),
                        None => view! { "No mail server is set up. Letters are laid down in the folder "<code>"mail"</code>" of its data, for you to pass on." }.into_any(),
                    }}
                </dd>
                <dt>"Who hosts"</dt>
                <dd>
                    <bdi>{names_in_words(&hosts)}</bdi>
                    <p class="quiet"><a href="/admin/roles">"Roles"</a>" · "<a href="/hosting/hands">"Whose week it is"</a></p>
                </dd>
            </dl>
        </section>
    }
}

/// `/settings/hand-over`. Where nothing is offered there is no such page.
pub(super) async fn offered(asked: Asked) -> Page {
    let me = asked.me()?;
    let offered = asked.request.services.handing_over.offered(&me).await?;
    let done = asked.query.get("done");
    if offered.is_empty() && !["declined", "gone", "handed-over"].contains(&done) {
        return Err(NoPage::NotHere);
    }
    let place = here().name.clone();
    let nothing = offered.is_empty();
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {settings::head("/settings/hand-over")}
            <Done
                done=done
                says=&[
                    ("accepted", "They are told. It is theirs to take the last step; you are told when they have."),
                    ("declined", "That is fine. Nobody is told, and you hear no more of it."),
                    ("gone", "That is not here any more."),
                    ("handed-over", "Handed over. Thank you for having kept the light on."),
                ]
            />
            {offered.into_iter().map(|offer| view! { <Offer offer place=place.clone()/> }).collect_view()}
            {nothing.then(|| view! { <p class="actions"><a class="button quiet" href="/">"To the timeline"</a></p> })}
        </main>
    }
    .into_any())
}

/// What an admin offers, and what it means.
#[component]
fn Offer(offer: HandOver, place: String) -> impl IntoView {
    let giver = offer.giver.display_name.clone();
    let (name, ends) = (offer.giver.name.to_string(), day(offer.ends(), here().zone()));
    let accepted = offer.accepted_at.is_some();
    let id = format!("from-{name}");
    let hidden = name.clone();
    view! {
        <section class="section" aria-labelledby=id.clone()>
            <h2 id=id.clone()><bdi>{giver.clone()}</bdi>" would hand "<bdi>{place}</bdi>" to you"</h2>
            <p class="hand-to"><Face who=offer.giver.clone() class="face small"/><span><bdi>{giver.clone()}</bdi>" would be "{called(offer.becomes)}" then."</span></p>
            <p>"You would be an admin: a host who also shapes the place."</p>
            <ul class="reasons">
                <li>"You say how it looks, what it calls things, what its rules are, and who hosts."</li>
                <li>"You have the hosts’ desk: whoever knocks, whoever is new, and what hosts note for each other."</li>
                <li>"You are who people turn to when something is wrong. It takes about two hours a week, and less with others beside you."</li>
                <li>"What you get to know of where it runs, its backups and its mail, stands on a page of its own once it is yours."</li>
            </ul>
            <p>"Nothing of what "<bdi>{giver}</bdi>" wrote to others becomes yours to read, and nothing of yours theirs."</p>
            {if accepted {
                view! { <p class="note" role="status">"You said yes. The last step is theirs, until "{ends.clone()}"; up to then you can think better of it."</p> }.into_any()
            } else {
                view! { <p class="quiet">{format!("It is open until {ends}: {OPEN_DAYS} days from when you were asked. If you’d rather not, nobody is told.")}</p> }.into_any()
            }}
            <form class="actions" method="post" action=AnswerHandOver::url()>
                <input type="hidden" name="giver" value=hidden/>
                {(!accepted).then(|| view! { <button class="button" type="submit" name="accept" value="yes">"Yes, I would"</button> })}
                <button class="button plain" type="submit">{if accepted { "I’d rather not, after all" } else { "I’d rather not" }}</button>
            </form>
        </section>
    }
}
