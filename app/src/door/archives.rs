//! What a group had before it moved in: `/hosting/invitations/chats`, where hosts bring a chat along and say who speaks in it, and
//! `/settings/archives`, where everybody says whether their own words come.

use super::{
    Asked, NoPage, Page,
    fields::{Done, Field, Refused},
    hosting::hosting_pages,
    settings, words,
};
use crate::{
    archives::{AnswerArchive, AskVoices, BringChat, BringPosts, LeaveOut, ThrowChatAway},
    chrome::PageTitle,
    forms::use_form,
    here::here,
    when::{local, now},
};
use domain::{
    archives::{Answer, ArchiveRefusal, Chat, Kind, Mine, PAGE, Voice, Waiting},
    people::{Byline, PeopleOrder},
    time::Timestamp,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `one message`, `214 messages`.
fn messages(many: u32) -> String {
    if many == 1 { "one message".to_owned() } else { format!("{} messages", words::number(many as usize)) }
}

/// From which day to which: one day where it is one.
fn span((first, last): (Timestamp, Timestamp)) -> String {
    let (first, last) = (words::day(first, here().zone()), words::day(last, here().zone()));
    if first == last { format!("from {first}") } else { format!("from {first} to {last}") }
}

/// `/hosting/invitations/chats`: the chats that were brought, and bringing one.
pub(super) async fn chats(asked: Asked) -> Page {
    let host = asked.host()?;
    let chats = asked.request.services.archives.chats(&host).await?;
    let form = use_form::<BringChat, ArchiveRefusal>();
    let order = form.value("order", "");
    let rows = chats.iter().map(chat_row).collect_view();
    let orders = [("", "Find out by the file"), ("day", "The day: 31/12/2024"), ("month", "The month: 12/31/2024")];
    let orders = orders.map(|(word, says)| view! { <option value=word selected=order == word>{says}</option> });
    Ok(view! {
        <PageTitle of="An old chat"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/hosting/invitations">"Invitations"</a></p>
                <h1>"An old chat"</h1>
                <p class="lede">
                    "Where you all wrote before need not be lost. Bring the chat along, say who is who, and each of them decides about their own words. Nobody else reads them here before, you included."
                </p>
            </header>
            {hosting_pages("/hosting/invitations", true)}
            <Done done=asked.query.get("done") says=&[("thrown", "It is thrown away. What came along by somebody’s yes stays theirs.")]/>
            <Refused form/>
            <form class="form" method="post" action=form.address() enctype="multipart/form-data">
                <Field id="called" label="What was it called?" hint="Those you ask read it: \u{201c}your words in Soup Night\u{201d}." error=form.error("called")>
                    <input
                        id="called" name="called" type="text" dir="auto" required=true maxlength="60" autocomplete="off"
                        value=form.value("called", "")
                    />
                </Field>
                <Field id="file" label="The chat, as a file" hint="What WhatsApp exports, without media: a .txt or a .zip, up to 16 MB." error=form.error("file")>
                    <input id="file" name="file" type="file" accept=".txt,.zip,text/plain,application/zip" required=true/>
                </Field>
                <Field id="order" label="What comes first in its dates?" class="field short">
                    <select id="order" name="order">{orders}</select>
                </Field>
                <div class="actions"><button class="button" type="submit">"Show me who speaks in it"</button></div>
            </form>
            <details class="more">
                <summary>"Where do I find that file?"</summary>
                <p>"On the phone, open the chat, then its menu: More, Export chat, Without media. Send it to yourself, and choose it here."</p>
            </details>
            {(!chats.is_empty()).then(|| view! {
                <section class="section" aria-labelledby="brought">
                    <h2 id="brought">"Brought along"</h2>
                    <ul class="rows">{rows}</ul>
                </section>
            })}
            <p class="quiet">"What somebody posted on Mastodon they bring themselves, in their settings. A calendar comes along under "<a href="/gatherings/import">"Bring a calendar along"</a>"."</p>
        </main>
    }
    .into_any())
}

fn chat_row(chat: &Chat) -> impl IntoView + use<> {
    let known = chat.voices.iter().filter(|voice| voice.who.is_some()).count();
    let came = chat.voices.iter().filter(|voice| voice.came).count();
    let says = format!(
        "{} of {} who speak in it are known, and the words of {} are here.",
        words::number(known),
        words::number(chat.voices.len()),
        if came == 0 { "none".to_owned() } else { words::number(came) },
    );
    let by = format!("Brought by {} on {}.", chat.by.display_name, words::day(chat.at, here().zone()));
    view! {
        <li class="row">
            <div class="row-what">
                <p class="row-title" dir="auto">{chat.called.clone()}</p>
                <p class="quiet">{crate::chrome::capital(&says)}" "{by}</p>
            </div>
            <div class="actions"><a class="button quiet" href=format!("/hosting/invitations/chats/{}", chat.id)>"Who is who"</a></div>
        </li>
    }
}

/// `/hosting/invitations/chats/{id}`: who speaks in a chat.
pub(super) async fn chat(asked: Asked, id: &str) -> Page {
    let host = asked.host()?;
    let id = id.parse().map_err(|_| NoPage::NotHere)?;
    let chat = asked.request.services.archives.chat(&host, id).await?.ok_or(NoPage::NotHere)?;
    let people: Vec<Byline> = asked
        .request
        .services
        .people
        .everyone(&asked.request.viewer, PeopleOrder::Name)
        .await?
        .into_iter()
        .map(|person| person.who)
        .collect();
    // Whoever did not bring it does not say that they are in it themselves.
    let guessed: Vec<Byline> = people.iter().filter(|who| chat.by.id == host.me().id || who.id != host.me().id).cloned().collect();
    let (ask, throw) = (use_form::<AskVoices, ArchiveRefusal>(), ThrowChatAway::PATH);
    let total: u32 = chat.voices.iter().map(|voice| voice.messages).sum();
    let options = people.iter().map(|who| view! { <option value=who.name.to_string()>{who.display_name.clone()}</option> }).collect_view();
    let rows = chat
        .voices
        .iter()
        .map(|voice| {
            let field = format!("who[{}]", voice.place);
            let known = voice.who.as_ref().map(|who| who.name.to_string()).or_else(|| likely(voice, &guessed));
            voice_row(voice, ask.value(&field, &known.unwrap_or_default()), ask.error(&field))
        })
        .collect_view();
    let waits = format!("What nobody has said yes to by {} is forgotten.", words::day(chat.until, here().zone()));
    let over = chat.until.0 == i64::MAX;
    Ok(view! {
        <PageTitle of=chat.called.clone()/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/hosting/invitations/chats">"An old chat"</a></p>
                <h1 dir="auto">{chat.called.clone()}</h1>
                <p class="lede">{crate::chrome::capital(&messages(total))}" "{span(chat.span)}", on this community’s clock. "{chat.left_behind.clone()}</p>
            </header>
            {hosting_pages("", true)}
            <Done
                done=asked.query.get("done")
                says=&[
                    ("read", "It is read, and nobody was asked yet. Look whether the days are right: if not, throw it away and bring it once more."),
                    ("asked", "They are asked. Each sees their own words first, and whoever says no is not told on."),
                ]
            />
            <Refused form=ask/>
            {over.then(|| view! { <p class="note">"What waited of it is forgotten. What came along stays its people’s own."</p> })}
            {(!over).then(|| view! {
                <form class="form" method="post" action=ask.address()>
                    <input type="hidden" name="chat" value=chat.id.to_string()/>
                    <h2 id="who">"Who is who?"</h2>
                    <p class="quiet">"Write the name by which they sign in here, or leave it empty: whoever moves in later can be asked later. "{waits}" For each month of which something comes along, a thread begins, under the name of whoever brought the chat."</p>
                    <datalist id="people">{options}</datalist>
                    <ul class="rows voices">{rows}</ul>
                    <div class="actions"><button class="button" type="submit">"Ask them"</button></div>
                </form>
                <form method="post" action=throw>
                    <input type="hidden" name="chat" value=chat.id.to_string()/>
                    <div class="actions"><button class="button plain" type="submit">"Throw away what waits of it"</button></div>
                </form>
            })}
        </main>
    }
    .into_any())
}

/// Whoever here is called as the voice is, if that is one person.
fn likely(voice: &Voice, people: &[Byline]) -> Option<String> {
    let called = voice.called.to_lowercase();
    let mut alike = people.iter().filter(|who| {
        let name = who.display_name.to_lowercase();
        name == called || who.name.as_str() == called || name.split_whitespace().next() == called.split_whitespace().next()
    });
    alike.next().filter(|_| alike.next().is_none()).map(|who| who.name.to_string())
}

fn voice_row(voice: &Voice, name: String, error: Option<String>) -> impl IntoView + use<> {
    let (id, field) = (format!("who-{}", voice.place), format!("who[{}]", voice.place));
    let said = crate::chrome::capital(&messages(voice.messages));
    match (&voice.who, voice.came) {
        (Some(who), true) => view! {
            <li class="row">
                <div class="row-what">
                    <p class="row-title" dir="auto">{voice.called.clone()}</p>
                    <p class="quiet">{said}", here as the words of "<a href=format!("/people/{}", who.name)><bdi>{who.display_name.clone()}</bdi></a></p>
                </div>
            </li>
        }
        .into_any(),
        (who, _) => {
            let hint = match who {
                Some(who) => format!("{said}. {} is asked.", who.display_name),
                None if name.is_empty() => format!("{said}."),
                None => format!("{said}. Is that who it is? We go by the name alone."),
            };
            view! {
                <li class="row">
                    <Field id=id.clone() label=voice.called.clone() hint error class="field short">
                        <input id=id name=field type="text" list="people" autocapitalize="none" spellcheck="false" autocomplete="off" maxlength="32" value=name/>
                    </Field>
                </li>
            }
            .into_any()
        }
    }
}

/// `/settings/archives`: in what the member speaks, and bringing along what they posted elsewhere.
pub(super) async fn mine(asked: Asked) -> Page {
    let me = asked.me()?;
    let mine = asked.request.services.archives.mine(&me).await?;
    let form = use_form::<BringPosts, ArchiveRefusal>();
    let rows = mine.iter().map(my_row).collect_view();
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {settings::head("/settings/archives")}
            <p class="lede">"What you wrote before there was this place can come along: your own words, if you say yes, each on the day on which you wrote it. Nobody is told."</p>
            <Done
                done=asked.query.get("done")
                says=&[
                    ("no", "They don’t come along, and are forgotten here. Nobody was told."),
                    ("not-me", "Then it was somebody else. Hosts see that nobody is known by that name, and nothing more."),
                ]
            />
            {(!mine.is_empty()).then(|| view! {
                <section class="section" aria-labelledby="mine">
                    <h2 id="mine">"Your words"</h2>
                    <ul class="rows">{rows}</ul>
                </section>
            })}
            <section class="section" aria-labelledby="bring">
                <h2 id="bring">"What you posted on Mastodon"</h2>
                <p>"In its settings, under Import and export, ask for your archive. Of that, those posts come along that everybody could read; you look at them first."</p>
                <Refused form/>
                <form class="form" method="post" action=form.address() enctype="multipart/form-data">
                    <Field id="file" label="Your archive" hint="The file outbox.json, or the .zip that it is in if that is no larger than 16 MB." error=form.error("file")>
                        <input id="file" name="file" type="file" accept=".json,.zip,application/json,application/zip" required=true/>
                    </Field>
                    <div class="actions"><button class="button quiet" type="submit">"Show me what is in it"</button></div>
                </form>
            </section>
        </main>
    }
    .into_any())
}

/// What an archive is, as its people know it.
fn what(mine: &Mine) -> String {
    match mine.kind {
        Kind::Chat => mine.called.clone(),
        Kind::Posts => format!("What you posted as {}", mine.called),
    }
}

fn my_row(mine: &Mine) -> impl IntoView + use<> {
    let says = match (mine.answer, mine.waiting, mine.came) {
        (Some(Answer::Yes), 0, came) => format!("{} of yours came along.", crate::chrome::capital(&messages(came))),
        (Some(Answer::Yes), ..) => "Your words are on their way.".to_owned(),
        (Some(Answer::No), ..) => "What came along is being taken away.".to_owned(),
        (None, waiting, _) => match mine.kind {
            Kind::Chat => format!(
                "{} brought it along. {} of yours wait for what you say.",
                mine.by.display_name,
                crate::chrome::capital(&messages(waiting))
            ),
            Kind::Posts => format!("{} wait for what you say.", crate::chrome::capital(&messages(waiting))),
        },
    };
    let does = if mine.answer.is_none() { "Decide" } else { "Look" };
    view! {
        <li class="row">
            <div class="row-what">
                <p class="row-title" dir="auto">{what(mine)}</p>
                <p class="quiet">{says}</p>
            </div>
            <div class="actions"><a class="button quiet" href=format!("/settings/archives/{}", mine.id)>{does}</a></div>
        </li>
    }
}

/// `/settings/archives/{id}`: the member's own words in an archive, and what they say to that.
pub(super) async fn my_words(asked: Asked, id: &str) -> Page {
    let me = asked.me()?;
    let id = id.parse().map_err(|_| NoPage::NotHere)?;
    let from = asked.query.get("from").parse().unwrap_or(0);
    let (mine, mut waiting) = asked.request.services.archives.my_words(&me, id, from).await?.ok_or(NoPage::NotHere)?;
    let next = (waiting.len() > PAGE).then(|| waiting[PAGE].place);
    waiting.truncate(PAGE);
    let form = use_form::<AnswerArchive, ArchiveRefusal>();
    let shows = asked.query.get("show") == "words" && mine.answer.is_none();
    let voices = mine.voices.join(", ");
    let lede = match (mine.kind, mine.answer) {
        (Kind::Chat, None) => format!(
            "{} brought this chat along. In it somebody called {voices} wrote {}; we take it that this is you.",
            mine.by.display_name,
            messages(mine.waiting)
        ),
        (Kind::Posts, None) => format!("{} can come along. {}", crate::chrome::capital(&messages(mine.waiting)), mine.left_behind),
        (_, Some(Answer::Yes)) if mine.waiting > 0 => "Your words are on their way: each to the day on which you wrote it.".to_owned(),
        (_, Some(Answer::Yes)) => {
            format!("{} of yours came along, each on the day on which you wrote it.", crate::chrome::capital(&messages(mine.came)))
        }
        (_, Some(Answer::No)) => "What came along is being taken away.".to_owned(),
    };
    let says = |word: &'static str, label: &'static str, class: &'static str| {
        view! {
            <form method="post" action=form.address()>
                <input type="hidden" name="archive" value=id.to_string()/>
                <input type="hidden" name="says" value=word/>
                <button class=class type="submit">{label}</button>
            </form>
        }
    };
    let standing = match mine.kind {
        Kind::Chat => {
            "If you say yes, they stand in one thread for each month, on the days on which you wrote them, for all members to read. Nobody is told. You can change each of them, or take all of them away again."
        }
        Kind::Posts => {
            "If you say yes, they stand on the timeline on the days on which you wrote them, for all members to read. Nobody is told. You can change each of them, or take all of them away again."
        }
    };
    let left_out = match mine.left_out {
        0 => String::new(),
        1 => " One of them you leave out.".to_owned(),
        many => format!(" {} of them you leave out.", crate::chrome::capital(&words::number(many as usize))),
    };
    let undecided = mine.answer.is_none();
    let came = mine.answer == Some(Answer::Yes);
    let is_chat = mine.kind == Kind::Chat;
    let forgotten = words::day(mine.until, here().zone());
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {settings::head("")}
            <p class="label"><a href="/settings/archives">"From before"</a></p>
            <h2 dir="auto">{what(&mine)}</h2>
            <Done
                done=asked.query.get("done")
                says=&[("yes", "Thank you. They come along now."), ("left-out", "What you ticked is left out.")]
            />
            <Refused form/>
            <p class="lede">{lede}{left_out}</p>
            {undecided.then(|| view! {
                <p>{standing}" What you have not answered by "{forgotten}" is forgotten."</p>
                {shows.then(|| view! { <MyWords archive=id.to_string() waiting from next/> })}
                <div class="actions">
                    {(!shows).then(|| view! {
                        <a class="button" href=format!("/settings/archives/{id}?show=words")>
                            {if is_chat { "That is me: show me what I wrote" } else { "Show me what I wrote" }}
                        </a>
                    })}
                    {says("no", "No, forget them", "button quiet")}
                    {is_chat.then(|| says("not-me", "That is not me", "button plain"))}
                </div>
            })}
            {came.then(|| view! { <div class="actions">{says("no", "Take all of it away again", "button quiet")}</div> })}
        </main>
    }
    .into_any())
}

/// The member's own messages, each with a box to leave it out.
#[component]
fn MyWords(archive: String, waiting: Vec<Waiting>, from: u32, next: Option<u32>) -> impl IntoView {
    let today = local(now(), here().zone());
    let rows = waiting.into_iter().map(move |message| {
        let at = local(message.at, here().zone());
        let place = message.place.to_string();
        view! {
            <li>
                <input type="hidden" name="shown[]" value=place.clone()/>
                <p class="archived" dir="auto">{message.words}</p>
                <label class="choice">
                    <input type="checkbox" name="out[]" value=place checked=message.left_out/>
                    <span>"Leave it out"<span class="choice-hint">{at.date_seen_from(today)}", "{at.clock()}</span></span>
                </label>
            </li>
        }
    });
    let rows = rows.collect_view();
    // Every button keeps the ticks. The one that comes first is the one that the Enter key presses.
    let more = next.map(
        |next| view! { <button class="button quiet" type="submit" name="then" value=next.to_string()>"Show those after them"</button> },
    );
    view! {
        <section class="section" aria-labelledby="words">
            <h2 id="words">"What you wrote"</h2>
            <p class="quiet">"Tick what is to stay behind. What you do not tick comes along, once you say yes."</p>
            <form class="form" method="post" action=LeaveOut::PATH>
                <input type="hidden" name="archive" value=archive/>
                <input type="hidden" name="from" value=from.to_string()/>
                <ul class="roster-lines">{rows}</ul>
                <div class="actions">
                    <button class="button quiet" type="submit">"Leave out what is ticked"</button>
                    {more}
                    <button class="button" type="submit" name="says" value="yes">"Yes, bring them along"</button>
                </div>
            </form>
        </section>
    }
}
