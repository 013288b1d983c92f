//! `/hosting/invitations/roster`: a group is brought along on a roster, stands here line by line before anybody is invited, and then has a page
//! with a card for each.

use super::{
    Asked, NoPage, Page,
    fields::{Done, Field, Refused},
    hosting::hosting_pages,
    words,
};
use crate::{
    chrome::PageTitle,
    forms::{FormState, use_form},
    here::here,
    invitations::RevokeInvitation,
    request::status,
    rosters::{BringRoster, CallOffOpening, InviteRoster, SetOpening, UndoParty},
    safe_html::{OwnMarkup, TextArea},
    when::{local, now},
};
use axum::http::StatusCode;
use domain::{
    ids::PartyId,
    outcome::Error,
    rosters::{
        DEFAULT_DAYS, Draft, FEWEST, MOST_BYTES, MOST_LINES, Party, PartyGuest, RosterRefusal, Written,
        checking::{Guest, Line, Look},
        opening::{Awaited, First, FirstGathering, Opening, OpeningRefusal, OpensFor},
    },
    time::{Timestamp, Zone},
    viewer::{Host, Me, Viewer},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// How many cards a page has: twelve sheets of eight.
const CARDS: usize = 96;
/// Up to how many lines that need nothing are shown at once.
const SHOWN_AT_ONCE: usize = 12;

/// `/hosting/invitations/roster`, with `?roster=` one that waits.
pub(super) async fn roster(asked: Asked) -> Page {
    let host = asked.host()?;
    let code = asked.query.get("roster").to_owned();
    let look = match asked.request.services.rosters.look(&host, &code).await {
        Ok(look) => look,
        // It could be read when it was brought; after an update it may not.
        Err(Error::Refused(_)) => None,
        Err(Error::Unavailable(cause)) => return Err(cause.into()),
    };
    if let Some((draft, look)) = look {
        return Ok(dry_run(&draft, &look, &code));
    }
    if !code.is_empty() {
        status(StatusCode::NOT_FOUND);
    }
    let form = use_form::<BringRoster, RosterRefusal>();
    let gone = !code.is_empty() && form.trouble().is_none();
    Ok(view! {
        <PageTitle of="A whole group moves in"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/hosting/invitations">"Invitations"</a></p>
                <h1>"A whole group moves in"</h1>
                <p class="lede">
                    "Bring the list of your choir, your book club, your stairwell. You are shown first what becomes of each line; nobody is invited before you say yes."
                </p>
            </header>
            {hosting_pages("/hosting/invitations", true)}
            {if gone {
                view! { <p class="note refusal" role="alert">{RosterRefusal::Gone.to_string()}</p> }.into_any()
            } else {
                view! { <Refused form/> }.into_any()
            }}
            <RosterFields form draft=Draft { called: String::new(), days: DEFAULT_DAYS, text: String::new(), guessed: false } does="Show me what becomes of it"/>
            <details class="more">
                <summary>"What a list may look like"</summary>
                <p>"One name a line is enough. More may stand with it:"</p>
                <pre class="roster-sample">"Ana Souza\nBo Lindqvist <bo@example.org>, mends bicycles"</pre>
                <p>"Or a table from a spreadsheet, saved as CSV or copied and pasted, with its columns in any order. The first line says what they are:"</p>
                <pre class="roster-sample">"Name, Mail, Line, Interests\nAna Souza, ana@example.org, gardener, \"soup, birds\""</pre>
                <p class="quiet">
                    "Whoever has a mail address gets their link by letter. For everybody there is a card to print. The line and the interests are shown to the person themselves when they come, to change or to take out; so leave out what is only for you."
                </p>
            </details>
        </main>
    }
    .into_any())
}

/// The form for a roster, new or to be mended.
#[component]
fn RosterFields(
    /// The form.
    form: FormState,
    /// What stands in it at first.
    draft: Draft,
    /// The code of the roster that it mends; empty for a new one.
    #[prop(default = String::new())]
    instead: String,
    /// What the button says.
    does: &'static str,
) -> impl IntoView {
    let new = draft.text.is_empty();
    // A long text that was refused is not kept: then the one before it stands.
    let text = form.typed("text").filter(|text| !text.is_empty()).unwrap_or(draft.text);
    let hint = if new {
        format!("Or paste it here: one person a line, from {FEWEST} to {MOST_LINES}.")
    } else {
        "Mend it here. What you have brought stands as it is read.".to_owned()
    };
    view! {
        <form class="form" method="post" action=form.address() enctype="multipart/form-data">
            {(!new).then(|| view! { <input type="hidden" name="instead" value=instead/> })}
            <Field
                id="called" label="What is the group called?" hint="They read it in their invitation: \u{201c}with the others from Soup Night\u{201d}."
                error=form.error("called")
            >
                <input
                    id="called" name="called" type="text" dir="auto" required=true maxlength="60" autocomplete="off"
                    value=form.value("called", &draft.called)
                />
            </Field>
            {new.then(|| view! {
                <Field id="file" label="The list, as a file" optional="if you have one" hint="CSV or plain text, up to 1 MB. It goes before what is pasted below.">
                    <input id="file" name="file" type="file" accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"/>
                </Field>
            })}
            <Field id="text" label="The list" hint error=form.error("text")>
                <TextArea id="text" name="text" text rows=if new { 8 } else { 14 } most=MOST_BYTES/>
            </Field>
            <Field id="days" label="For how many days do the links work?" error=form.error("days") class="field short">
                <input id="days" name="days" type="number" required=true min="1" max="365" value=form.value("days", &draft.days.to_string())/>
            </Field>
            <div class="actions"><button class=if new { "button" } else { "button quiet" } type="submit">{does}</button></div>
        </form>
    }
}

/// What would become of each line. Nothing is kept yet.
fn dry_run(draft: &Draft, look: &Look, code: &str) -> AnyView {
    let (invite, mend) = (use_form::<InviteRoster, RosterRefusal>(), use_form::<BringRoster, RosterRefusal>());
    let (fit, wrong): (Vec<&Line>, Vec<&Line>) = look.lines.iter().partition(|line| line.becomes.is_ok());
    let (plain, noted): (Vec<&Line>, Vec<&Line>) = fit.iter().partition(|line| line.notes.is_empty());
    let (many, all) = (fit.len(), look.lines.len());
    let lede = match (many, all - many) {
        (0, _) => "None of the lines can go on yet. It says below what is to be mended; nothing is written so far.".to_owned(),
        (_, 0) => format!("All {all} can be invited. Nothing is written yet: look them through, and say yes below."),
        (many, left) => format!(
            "{many} of {all} can be invited, and {left} {} left out unless you mend {}. Nothing is written yet.",
            if left == 1 { "is" } else { "are" },
            if left == 1 { "it" } else { "them" },
        ),
    };
    let letters = look.guests().filter(|guest| guest.mail.is_some()).count();
    let letters = match (letters, many - letters) {
        (0, _) => "None has a mail address: print the cards, or hand over the links.".to_owned(),
        (_, 0) => "Each gets a letter with their link, at once.".to_owned(),
        (letters, cards) => format!(
            "{letters} {} a letter with their link, at once. For the other {cards} there are cards to print.",
            if letters == 1 { "gets" } else { "get" }
        ),
    };
    let (room, people) = (look.room as usize, if look.room == 1 { "one more".to_owned() } else { format!("{} more", look.room) });
    let mending = mend.trouble().is_some() || many == 0;
    let rows = |lines: &[&Line]| lines.iter().map(|line| line_row(line)).collect_view();
    let (wrong_rows, noted_rows, first, rest) = (
        rows(&wrong),
        rows(&noted),
        rows(&plain[..plain.len().min(SHOWN_AT_ONCE)]),
        (plain.len() > SHOWN_AT_ONCE).then(|| rows(&plain[SHOWN_AT_ONCE..])),
    );
    let not_shown = plain.len().saturating_sub(SHOWN_AT_ONCE);
    let passed_over = passed_over(look);
    view! {
        <PageTitle of=draft.called.clone()/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/hosting/invitations/roster">"A whole group moves in"</a></p>
                <h1 dir="auto">{draft.called.clone()}</h1>
                <p class="lede">{lede}</p>
            </header>
            <Refused form=invite/>
            <Refused form=mend/>
            {(!passed_over.is_empty()).then(|| view! { <p class="quiet">{passed_over}</p> })}
            {draft.guessed.then(|| view! {
                <p class="note warning">"The file does not say in what its letters are written, so some lines were read as western European. If names look wrong, save it as UTF-8 and bring it once more."</p>
            })}
            {(!wrong.is_empty()).then(|| view! {
                <section class="section" aria-labelledby="wrong">
                    <h2 id="wrong">{format!("Left out ({})", wrong.len())}</h2>
                    <ul class="roster-lines">{wrong_rows}</ul>
                </section>
            })}
            <details class="more" open=mending>
                <summary>"Mend the list"</summary>
                <RosterFields form=mend draft=draft.clone() instead=code.to_owned() does="Look again"/>
            </details>
            {(!noted.is_empty()).then(|| view! {
                <section class="section" aria-labelledby="noted">
                    <h2 id="noted">{format!("Invited, with a word ({})", noted.len())}</h2>
                    <ul class="roster-lines">{noted_rows}</ul>
                </section>
            })}
            {(!plain.is_empty()).then(|| view! {
                <section class="section" aria-labelledby="plain">
                    <h2 id="plain">{format!("Invited ({})", plain.len())}</h2>
                    <ul class="roster-lines">{first}</ul>
                    {rest.map(|rest| view! {
                        <details class="more"><summary>{format!("The other {not_shown}")}</summary><ul class="roster-lines">{rest}</ul></details>
                    })}
                </section>
            })}
            {(many > 0).then(|| view! {
                <section class="section" aria-labelledby="yes">
                    <h2 id="yes">"Shall they come?"</h2>
                    <p>{letters}" Each link is for one person and works for "{words::number(draft.days as usize)}{if draft.days == 1 { " day" } else { " days" }}". Until somebody has come, you can take theirs back."</p>
                    {(room < many).then(|| view! {
                        <p class="note warning">{format!("There is room for {people} here. Whoever comes after them finds the house full, until an admin makes more room.")}</p>
                    })}
                    <form method="post" action=invite.address()>
                        <input type="hidden" name="roster" value=code.to_owned()/>
                        <input type="hidden" name="seen" value=look.mark()/>
                        <div class="actions">
                            <button class="button" type="submit">{if many == 1 { "Invite one person".to_owned() } else { format!("Invite these {many}") }}</button>
                            <a class="button plain" href="/hosting/invitations">"Not now"</a>
                        </div>
                    </form>
                </section>
            })}
        </main>
    }
    .into_any()
}

/// What of a roster is nobody's line, in sentences.
fn passed_over(look: &Look) -> String {
    let mut said = Vec::new();
    match look.empty.as_slice() {
        [] => {}
        [one] => said.push(format!("Line {one} is empty and was passed over.")),
        some => said.push(format!("{} empty lines were passed over.", some.len())),
    }
    match look.left_out.as_slice() {
        [] => {}
        [one] => said.push(format!("The column \u{201c}{one}\u{201d} is not taken along.")),
        some => said.push(format!("These columns are not taken along: {}.", some.join(", "))),
    }
    said.join(" ")
}

fn line_row(line: &Line) -> AnyView {
    let number = format!("Line {}", line.number);
    let name = if line.name.is_empty() { "Nobody".to_owned() } else { line.name.clone() };
    let becomes = match &line.becomes {
        Ok(Guest { handle, mail, line, interests, .. }) => {
            let mail = mail.as_ref().map(|mail| mail.as_str().to_owned());
            let said = [mail, (!line.is_empty()).then(|| line.clone()), (!interests.is_empty()).then(|| interests.join(", "))];
            let more = said.into_iter().flatten().map(|said| view! { <span dir="auto">{said}</span> }).collect_view();
            view! { <p class="roster-said"><span class="roster-handle">"@"{handle.to_string()}</span>{more}</p> }.into_any()
        }
        Err(wrong) => view! { <p class="roster-wrong">{wrong.to_string()}</p> }.into_any(),
    };
    let notes = line.notes.iter().map(|note| view! { <p class="roster-note" dir="auto">{note.to_string()}</p> }).collect_view();
    view! {
        <li>
            <p class="roster-name"><strong dir="auto">{name}</strong>" "<span class="quiet">{number}</span></p>
            {becomes}
            {notes}
        </li>
    }
    .into_any()
}

/// How a party stands: `12 of the 20 from Soup Night are here.` And that its opening day rests.
pub(super) fn how_many_are_here(party: &Party) -> String {
    let so_far = so_far(&party.called, party.size as usize, party.came as usize);
    let rests = if party.opening_rests { " Its opening day wants a host: whoever wrote it hosts no more." } else { "" };
    format!("{so_far}{rests}")
}

fn so_far(called: &str, size: usize, came: usize) -> String {
    match came {
        0 if size == 0 => format!("Nobody from {called} is expected any more."),
        0 => format!("None of the {size} from {called} is here yet."),
        1 if size == 1 => format!("The one from {called} is here."),
        came if came == size => format!("All {size} from {called} are here."),
        1 => format!("One of the {size} from {called} is here."),
        came => format!("{came} of the {size} from {called} are here."),
    }
}

/// `/hosting/invitations/roster/{id}`: who of a party has come, and a card for each who has not.
pub(super) async fn party(asked: Asked, id: &str) -> Page {
    let host = asked.host()?;
    let id = id.parse().map_err(|_| NoPage::NotHere)?;
    let (party, guests) = asked.request.services.rosters.one(&host, id).await?.ok_or(NoPage::NotHere)?;
    let planned = planned(&asked, &host).await?;
    let place = asked.community()?.name.clone();
    let until = words::day(party.expires_at, here().zone());
    let open: Vec<&PartyGuest> = guests.iter().filter(|guest| guest.works).collect();
    let from = asked.query.get("from").parse::<usize>().ok().filter(|from| *from < open.len()).unwrap_or(0);
    let cards = open
        .iter()
        .skip(from)
        .take(CARDS)
        .map(|guest| card(guest, &place, &party.called, &asked.request.origin, asked.request.services.qr))
        .collect_view();
    let others = (open.len() > CARDS).then(|| {
        let sheets = (0..open.len()).step_by(CARDS).map(|at| {
            let says = format!("{} to {}", at + 1, (at + CARDS).min(open.len()));
            view! { <li><a href=format!("/hosting/invitations/roster/{id}?from={at}#cards") aria-current=(at == from).then_some("page")>{says}</a></li> }
        });
        view! { <nav class="subnav" aria-label="Cards"><ul>{sheets.collect_view()}</ul></nav> }
    });
    let rows = guests.iter().map(|guest| guest_row(guest, party.id)).collect_view();
    let (none_open, undone) = (open.is_empty(), party.undone);
    let standing = match (party.open, undone) {
        (0, true) => "What nobody had used was taken back.".to_owned(),
        (0, false) if party.came == party.size => String::new(),
        (0, false) if party.expires_at > now() => "The other links were taken back.".to_owned(),
        (0, false) => format!("The other links ended on {until}."),
        (1, _) => format!("One link is out in the world, and works until {until}."),
        (open, _) => format!("{open} links are out in the world, and work until {until}."),
    };
    Ok(view! {
        <PageTitle of=party.called.clone()/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href="/hosting/invitations">"Invitations"</a></p>
                <h1 dir="auto">{party.called.clone()}</h1>
                <p class="lede">{how_many_are_here(&party)}" "{standing}</p>
            </header>
            {hosting_pages("", true)}
            <Done
                done=asked.query.get("done")
                says=&[
                    ("invited", "They are invited. Those with an address get a letter within minutes; for all of them there are cards below."),
                    ("undone", "What nobody had used is taken back: those links open nothing any more, and the names are free again."),
                    ("taken-back", "Taken back. That link opens nothing any more, and the name is free again."),
                    ("opening", "The opening day is kept. Those for whom it opens can see it by now; they get a notice when it comes."),
                    ("called-off", "There is no opening day any more. Nobody gets a notice of that."),
                    ("opened", "It has opened already: the first thread is on the timeline."),
                ]
            />
            {(!none_open).then(|| view! {
                <p class="actions">
                    <a class="button quiet" href=format!("/hosting/invitations/roster/{id}.csv") download="">"Names and links as a table"</a>
                </p>
            })}
            {(!undone || party.opening.is_some()).then(|| view! { <OpeningDay party=party.clone() planned/> })}
            <section class="section" aria-labelledby="who">
                <h2 id="who">"Who is invited"</h2>
                <ul class="roster-lines">{rows}</ul>
            </section>
            {(party.size > party.came).then(|| view! {
                <section class="section" aria-labelledby="undo">
                    <h2 id="undo">"Undo"</h2>
                    <p>"This takes back every link that nobody has used, frees the names that are kept, and forgets who was invited and did not come. Whoever has come in stays."</p>
                    <form method="post" action=UndoParty::url()>
                        <input type="hidden" name="party" value=id.to_string()/>
                        <div class="actions"><button class="button danger" type="submit">"Take back what nobody has used"</button></div>
                    </form>
                </section>
            })}
            {(!none_open).then(|| view! {
                <section class="section" aria-labelledby="cards">
                    <h2 id="cards">"Cards to hand over"</h2>
                    <p>"Print this page: only the cards come out on paper, eight on a sheet."</p>
                    {others}
                    <div class="party-cards">{cards}</div>
                </section>
            })}
        </main>
    }
    .into_any())
}

/// The gatherings that may be the first of an opening: the address part and the title of each.
async fn planned(asked: &Asked, host: &Host) -> Result<Vec<(String, String)>, NoPage> {
    let all = asked.request.services.gatherings.all(&Viewer::Member(host.me().clone())).await?;
    let may_be = |gathering: domain::gatherings::Gathering| {
        let named = (gathering.slug.clone(), gathering.title.clone());
        FirstGathering::of(gathering, now()).map(|_| named)
    };
    let mut planned: Vec<_> = all.into_iter().filter_map(may_be).collect();
    planned.sort_by(|(_, one), (_, other)| one.cmp(other));
    Ok(planned)
}

/// The opening day of a party: the form, or how it stands.
#[component]
fn OpeningDay(
    party: Party,
    /// The gatherings that may be the first.
    planned: Vec<(String, String)>,
) -> impl IntoView {
    let form = use_form::<SetOpening, OpeningRefusal>();
    let (id, zone) = (party.id.to_string(), here().zone.clone());
    if let Some(Opening { at, .. }) = party.opening.as_ref().filter(|opening| opening.done) {
        return view! {
            <section class="section" aria-labelledby="opening">
                <h2 id="opening">"The opening day"</h2>
                <p>{format!("The place opened on {}, with a first thread on the timeline.", day_and_time(*at, &zone))}</p>
            </section>
        }
        .into_any();
    }
    let kept = party.opening.clone();
    let stands = kept.as_ref().map(|opening| format!("It is on {}.", day_and_time(opening.at, &zone)));
    let rests = party.opening_rests.then(|| view! {
        <p class="note warning">"Whoever wrote its first thread hosts no more, and nobody says another’s words: so it does not open by itself. Look at it below, put it into words of your own, and keep it: then it is yours."</p>
    });
    let too_late = kept.as_ref().is_some_and(|opening| party.open > 0 && party.expires_at <= opening.at).then(|| view! {
        <p class="note warning">{format!("Links that nobody has used by then stop working on {}, before the place opens. Choose an earlier day, or send a new link to whoever comes later.", day_and_time(party.expires_at, &zone))}</p>
    });
    let (day, time) = kept.as_ref().map_or_else(
        || (String::new(), "18:00".to_owned()),
        |opening| {
            let at = local(opening.at, &zone);
            (format!("{:04}-{:02}-{:02}", at.year, at.month, at.day), at.clock())
        },
    );
    let (whom, words, first) = kept.map_or((OpensFor::Party, String::new(), None), |opening| (opening.whom, opening.words, opening.first));
    let (chosen, [title, first_day, first_time, place]) = match first {
        Some(First::Planned(slug)) => (slug, Default::default()),
        Some(First::New { title, date, time, place }) => (String::new(), [title, date, time, place]),
        None => Default::default(),
    };
    let one = here().words.gathering.clone();
    let chosen = form.value("form[planned]", &chosen);
    let options = planned.into_iter().map(|(slug, title)| {
        let selected = slug == chosen;
        view! { <option value=slug selected=selected>{title}</option> }
    });
    let options = options.collect_view();
    let new_one = !title.is_empty() || form.typed("form[title]").is_some_and(|typed| !typed.is_empty());
    let (has_one, open) = (stands.is_some(), form.trouble().is_some());
    let choice = move |of: OpensFor, says: String, means: &'static str| {
        view! {
            <label class="choice">
                <input type="radio" name="form[whom]" value=of.word() checked=form.chosen("form[whom]", of.word(), whom == of)/>
                <span><strong>{says}</strong>" "<span class="choice-hint">{means}</span></span>
            </label>
        }
    };
    let called = party.called.clone();
    view! {
        <section class="section" aria-labelledby="opening">
            <h2 id="opening">"An opening day"</h2>
            <p>
                "Until then, whoever is early sees how many of the others are here. On the day your first thread is written, under your name, and all of them are told."
            </p>
            {stands.map(|stands| view! { <p><strong>{stands}</strong></p> })}
            {rests}
            {too_late}
            <Refused form/>
            <details class="more" open=open>
                <summary>{if has_one { "Change it" } else { "Choose a day" }}</summary>
                <form class="form" method="post" action=form.address()>
                    <input type="hidden" name="party" value=id.clone()/>
                    <div class="field-row">
                        <Field id="opening-day" label="On which day?" error=form.error("day")>
                            <input id="opening-day" name="form[day]" type="date" required=true value=form.value("form[day]", &day)/>
                        </Field>
                        <Field id="opening-time" label="At what time?" hint=format!("On the clock {}.", zone.in_words())>
                            <input id="opening-time" name="form[time]" type="time" required=true value=form.value("form[time]", &time)/>
                        </Field>
                    </div>
                    <fieldset class="field">
                        <legend>"For whom does it open?"</legend>
                        {choice(OpensFor::Party, format!("Those from {called}"), "Nobody else hears of it before.")}
                        {choice(
                            OpensFor::Everybody,
                            "Everybody who is here".to_owned(),
                            "Until then all members see the name of this party, how many it has, and who of them has come.",
                        )}
                    </fieldset>
                    <Field id="opening-words" label="The first thread" hint="What you would say when all are in the room." error=form.error("words")>
                        <TextArea id="opening-words" name="form[words]" text=form.value("form[words]", &words) rows=5 required=true/>
                    </Field>
                    <Field
                        id="opening-planned" label=format!("The first {one}") optional="if there is one" error=form.error("planned")
                        hint="It is shown on the timeline with the first thread."
                    >
                        <select id="opening-planned" name="form[planned]"><option value="">"None that is planned already"</option>{options}</select>
                    </Field>
                    <details class="more" open=new_one>
                        <summary>{format!("Or a new {one}, planned on that day under your name")}</summary>
                        <div class="form">
                            <Field id="opening-title" label="What is it called?" error=form.error("title")>
                                <input id="opening-title" name="form[title]" type="text" dir="auto" maxlength="100" value=form.value("form[title]", &title)/>
                            </Field>
                            <div class="field-row">
                                <Field id="first-day" label="Its day" hint="Empty is the opening day." error=form.error("first_day")>
                                    <input id="first-day" name="form[first_day]" type="date" value=form.value("form[first_day]", &first_day)/>
                                </Field>
                                <Field id="first-time" label="Its time" hint="Empty is when the place opens." error=form.error("first_time")>
                                    <input id="first-time" name="form[first_time]" type="time" value=form.value("form[first_time]", &first_time)/>
                                </Field>
                            </div>
                            <Field id="opening-place" label="Where?" error=form.error("place")>
                                <input id="opening-place" name="form[place]" type="text" dir="auto" maxlength="200" value=form.value("form[place]", &place)/>
                            </Field>
                        </div>
                    </details>
                    <div class="actions"><button class="button quiet" type="submit">"Keep the opening day"</button></div>
                </form>
                {has_one.then(|| view! {
                    <form method="post" action=CallOffOpening::url()>
                        <input type="hidden" name="party" value=id/>
                        <div class="actions"><button class="button plain" type="submit">"Have none"</button></div>
                    </form>
                })}
            </details>
        </section>
    }
    .into_any()
}

/// `3 December, 18:00`, on a clock.
fn day_and_time(at: Timestamp, zone: &Zone) -> String {
    format!("{}, {}", words::day(at, zone), local(at, zone).clock())
}

/// `/party`: who of my party is here before the opening day, and who of others where it opens for all. Who has not come is not told.
pub(super) async fn awaited(asked: Asked) -> Page {
    let me = asked.me()?;
    let awaited = asked.request.services.rosters.awaited(&me).await?;
    let first = first_of(&awaited, &me).ok_or(NoPage::NotHere)?;
    let (place, opens) = (here().name.clone(), day_and_time(first.at, &me.zone));
    // Whoever lives here already is not early.
    let (title, opens) = if first.is_of(&me) {
        ("You are early", format!("opens on {opens}. Look round in peace: the light is on already."))
    } else {
        ("More are coming", format!("opens its doors for them on {opens}, and for everybody who is here."))
    };
    let (mine, others): (Vec<_>, Vec<_>) = awaited.iter().partition(|awaited| awaited.is_of(&me));
    let parties = mine.into_iter().chain(others).map(party_so_far).collect_view();
    Ok(view! {
        <PageTitle of="Before the opening day"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>{title}</h1>
                <p class="lede"><span dir="auto">{place}</span>" "{opens}</p>
            </header>
            {parties}
            <p class="actions">
                <a class="button" href="/welcome">"Your welcome"</a>
                <a class="button quiet" href="/">"To the timeline"</a>
                <a class="button plain" href="/people">"Who is here"</a>
            </p>
        </main>
    }
    .into_any())
}

/// The opening day that a member looks forward to first of all: that of their own party.
fn first_of<'a>(awaited: &'a [Awaited], me: &Me) -> Option<&'a Awaited> {
    awaited.iter().find(|awaited| awaited.is_of(me)).or_else(|| awaited.first())
}

/// That an opening day is ahead, and the way to those who are here before it.
pub(super) fn looking_forward(awaited: &[Awaited], me: &Me) -> Option<AnyView> {
    let first = first_of(awaited, me)?;
    let says = format!("The place opens on {}.", day_and_time(first.at, &me.zone));
    let here = so_far(&first.called, first.size as usize, first.here.len());
    let way = if first.is_of(me) { "See who is early" } else { "See who is coming" };
    Some(view! { <p class="note"><span dir="auto">{here}</span>" "{says}" "<a href="/party">{way}</a></p> }.into_any())
}

fn party_so_far(awaited: &Awaited) -> AnyView {
    let people = awaited
        .here
        .iter()
        .map(|who| view! { <li><a href=format!("/people/{}", who.name) dir="auto">{who.display_name.clone()}</a></li> })
        .collect_view();
    view! {
        <section class="section">
            <h2 dir="auto">{so_far(&awaited.called, awaited.size as usize, awaited.here.len())}</h2>
            <ul class="party-here">{people}</ul>
        </section>
    }
    .into_any()
}

fn guest_row(guest: &PartyGuest, party: PartyId) -> AnyView {
    let name = guest.name.clone();
    let standing = match (&guest.came, guest.works, guest.written) {
        (Some(who), ..) => {
            let (address, called) = (format!("/people/{}", who.name), who.display_name.clone());
            return view! {
                <li>
                    <p class="roster-name"><strong dir="auto">{name}</strong></p>
                    <p class="roster-said">"is here as "<a href=address dir="auto">{called}</a></p>
                </li>
            }
            .into_any();
        }
        (None, false, _) => "the link works no more".to_owned(),
        (None, true, written) => {
            let to = guest.mail.as_ref().map(|mail| mail.as_str().to_owned()).unwrap_or_default();
            match written {
                Written::Not => "has no address: hand over the card".to_owned(),
                Written::Waits => format!("a letter to {to} is on its way"),
                Written::Sent => format!("was written to at {to}"),
                Written::GivenUp => format!("the letter to {to} could not be delivered: hand over the card"),
            }
        }
    };
    let take_back = guest.works.then(|| {
        view! {
            <form method="post" action=RevokeInvitation::url()>
                <input type="hidden" name="invitation" value=guest.invitation.to_string()/>
                <input type="hidden" name="party" value=party.to_string()/>
                <button class="button plain" type="submit">"Take back"<span class="visually-hidden">" the invitation for "{name.clone()}</span></button>
            </form>
        }
    });
    view! {
        <li class="roster-guest">
            <div>
                <p class="roster-name"><strong dir="auto">{guest.name.clone()}</strong></p>
                <p class="roster-said"><span class="roster-handle">"@"{guest.handle.to_string()}</span><span>{standing}</span></p>
            </div>
            {take_back}
        </li>
    }
    .into_any()
}

fn card(guest: &PartyGuest, place: &str, party: &str, origin: &str, qr: fn(&str) -> String) -> AnyView {
    let link = format!("{origin}/join/{}", guest.code);
    let shown = link.split_once("://").map_or(link.clone(), |(_, rest)| rest.to_owned());
    view! {
        <section class="party-card" aria-label=format!("Card for {}", guest.name)>
            <OwnMarkup markup=qr(&link) class="qr"/>
            <div>
                <p class="party-card-place" dir="auto">{place.to_owned()}</p>
                <p class="party-card-name" dir="auto">{guest.name.clone()}</p>
                <p>"The light is on, and there is a chair for you, with the others from "<span dir="auto">{party.to_owned()}</span>"."</p>
                <p class="party-card-link">{shown}</p>
            </div>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_of_a_party_are_here_is_said_in_words() {
        let said = |came, size| so_far("Soup Night", size, came);
        assert_eq!(said(0, 0), "Nobody from Soup Night is expected any more.");
        assert_eq!(said(0, 20), "None of the 20 from Soup Night is here yet.");
        assert_eq!(said(1, 20), "One of the 20 from Soup Night is here.");
        assert_eq!(said(12, 20), "12 of the 20 from Soup Night are here.");
        assert_eq!(said(20, 20), "All 20 from Soup Night are here.");
        assert_eq!(said(1, 1), "The one from Soup Night is here.");
    }
}
