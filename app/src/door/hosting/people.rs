//! `/hosting/people/{name}`: what hosts say of somebody and note about them, for hosts alone; and these two parts by themselves, as a card
//! of a round has them too.

use super::hosting_pages;
use crate::{
    chrome::{Face, PageTitle},
    door::{
        Asked, NoPage, Page,
        fields::{Done, Field, Refused, TextField},
        words::day,
    },
    forms::use_form,
    here::here,
    hosting::{KeepNote, ProposeSentence, TakeNoteAway},
};
use domain::{
    hosting::{
        notes::{LONGEST_NOTE, Note, NoteRefusal},
        sentences::{LONGEST_SENTENCE, SentenceRefusal, SentencesAbout},
    },
    leaving::may_remove,
    people::{Handle, Person},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What is said of what was done for somebody.
pub(super) const DONE: [(&str, &str); 6] = [
    ("sentence", "The sentence waits for their yes: they are told, and see it first."),
    ("note", "Noted, for hosts alone."),
    ("no-note", "The note is gone."),
    ("reply", "Your reply is sent."),
    ("greet", "Your words are on their way, for nobody else to see."),
    ("introduced", "They are introduced, and both are told. Here you go on."),
];

/// `/hosting/people/{name}`.
pub(in crate::door) async fn page(asked: Asked, name: &str) -> Page {
    let host = asked.host()?;
    let name = Handle::parse(name).map_err(|_| NoPage::NotHere)?;
    let services = &asked.request.services;
    let person = services.people.person(&asked.request.viewer, name.as_str()).await?.ok_or(NoPage::NotHere)?;
    let sentences = services.hosting.sentences.about(&host, &name).await?.unwrap_or_default();
    let notes = services.hosting.notes.about(&host, &name).await?;
    let may_go = asked.request.viewer.admin().is_some_and(|admin| may_remove(&admin, &person).is_ok());
    Ok(view! {
        <PageTitle of=person.who.display_name.clone()/>
        <main class="page" id="page" tabindex="-1">
            {hosting_pages("", true)}
            <header class="host-head">
                <Face who=person.who.clone() class="face large"/>
                <h1 dir="auto">{person.who.display_name.clone()}</h1>
                <p class="quiet">"As hosts see them. "<a href=format!("/people/{name}")>"Their page"</a></p>
            </header>
            <Done done=asked.query.get("done") says=&DONE/>
            <SentencePart person=person.clone() sentences card=false/>
            {(person.who.id != host.me().id).then(|| view! { <NotesPart person notes card=false/> })}
            {may_go.then(|| view! { <p class="section quiet"><a href=format!("/admin/remove/{name}")>"Remove from the community"</a></p> })}
        </main>
    }
    .into_any())
}

/// The sentence about somebody: as it stands, as it waits, and the form for another.
#[component]
pub(super) fn SentencePart(
    /// About whom.
    person: Person,
    /// What is said of them.
    sentences: SentencesAbout,
    /// It stands on a card of a round.
    card: bool,
) -> impl IntoView {
    let form = use_form::<ProposeSentence, SentenceRefusal>();
    let yourself = here().me().is_some_and(|me| me.id == person.who.id);
    let (called, handle) = (person.who.display_name.clone(), person.who.name.to_string());
    let writes = if sentences.stands.is_some() || sentences.waits.is_some() { "Write another" } else { "Write one" };
    let begins = sentences.waits.as_ref().or(sentences.stands.as_ref()).map(|sentence| sentence.words.clone()).unwrap_or_default();
    // What stands is said already; what waits is not, and looks so.
    let line = |stands: bool, sentence: domain::hosting::sentences::Sentence| {
        let by = match sentence.by {
            Some(by) if by.id == person.who.id => "in their own words".to_owned(),
            Some(by) => format!("by \u{2068}{}\u{2069}", by.display_name),
            None => "by a host who has left".to_owned(),
        };
        let says = format!("{}{by}, {}", if stands { "Stands, " } else { "" }, day(sentence.at, here().zone()));
        view! {
            <figure class="said-by" data-waits=(!stands).then_some("")>
                {(!stands).then(|| view! { <p class="label">"Waits for their yes"</p> })}
                <blockquote dir="auto">{sentence.words}</blockquote>
                <figcaption>{says}</figcaption>
            </figure>
        }
    };
    let nothing = sentences.stands.is_none() && sentences.waits.is_none();
    view! {
        <section class="section" aria-labelledby="sentence">
            <h2 id="sentence">"The sentence"</h2>
            {sentences.stands.map(|stands| line(true, stands))}
            {sentences.waits.map(|waits| line(false, waits))}
            {match () {
                () if sentences.wants_none => view! {
                    <p class="note">"They would rather have no sentence said of them. Please leave it at that."</p>
                }.into_any(),
                () if yourself => view! {
                    <p class="quiet">"A sentence is what somebody else would say of you. What stands you change in "<a href="/settings/sentence">"your settings"</a>"."</p>
                }.into_any(),
                () => view! {
                    {nothing.then(|| view! { <p class="quiet">"Nobody has said yet who they are."</p> })}
                    <Refused form/>
                    <details class="more" id="write-sentence" open=form.trouble().is_some()>
                        <summary>{writes}<kbd>"s"</kbd></summary>
                        <form class="form" method="post" action=form.address() data-done=DONE[0].1>
                            <input type="hidden" name="name" value=handle/>
                            {card.then(|| view! { <input type="hidden" name="card" value="true"/> })}
                            <Field
                                id="words" label="Who they are, in one sentence" error=form.error("words")
                                hint=format!("\u{2068}{called}\u{2069} is told, and sees it first. All members see it once they let it stand; they may also reword or hide it.")
                            >
                                <input
                                    id="words" name="words" type="text" dir="auto" autocomplete="off" required=true maxlength=LONGEST_SENTENCE
                                    value=form.value("words", &begins)
                                />
                            </Field>
                            <div class="actions"><button class="button" type="submit">"Propose it"</button></div>
                        </form>
                    </details>
                }.into_any(),
            }}
        </section>
    }
}

/// What hosts noted about somebody, and the form for more.
#[component]
pub(super) fn NotesPart(
    /// About whom.
    person: Person,
    /// The notes, newest first.
    notes: Vec<Note>,
    /// It stands on a card of a round.
    card: bool,
) -> impl IntoView {
    let form = use_form::<KeepNote, NoteRefusal>();
    let handle = person.who.name.to_string();
    let reads = format!("Only hosts read it. \u{2068}{}\u{2069} does not, even as a host, and is not told.", person.who.display_name);
    view! {
        <section class="section private" aria-labelledby="notes">
            <h2 id="notes">"Private notes "<span class="label">"for hosts alone"</span></h2>
            {(!notes.is_empty()).then(|| view! {
                <ul class="host-notes">{notes.into_iter().map(|note| view! { <NoteLine note handle=handle.clone() card/> }).collect_view()}</ul>
            })}
            <Refused form/>
            <details class="more" id="write-note" open=form.trouble().is_some()>
                <summary>"Note something"<kbd>"n"</kbd></summary>
                <form class="form" method="post" action=form.address() data-done=DONE[1].1>
                    <input type="hidden" name="name" value=handle/>
                    {card.then(|| view! { <input type="hidden" name="card" value="true"/> })}
                    <TextField form id="note" name="words" label="Private note" hint=reads rows=3 most=LONGEST_NOTE/>
                    <div class="actions"><button class="button" type="submit">"Keep the note"</button></div>
                </form>
            </details>
        </section>
    }
}

#[component]
fn NoteLine(note: Note, handle: String, card: bool) -> impl IntoView {
    let mine = here().me().is_some_and(|me| note.may_be_taken_away_by(me));
    let by = note.by.map_or_else(|| "A host who has left".to_owned(), |by| format!("\u{2068}{}\u{2069}", by.display_name));
    let says = format!("{by}, {}", day(note.at, here().zone()));
    view! {
        <li>
            <p class="host-note" dir="auto">{note.words}</p>
            <div class="actions">
                <span class="quiet">{says.clone()}</span>
                {mine.then(|| view! {
                    <form method="post" action=TakeNoteAway::url() data-done=DONE[2].1>
                        <input type="hidden" name="note" value=note.id.to_string()/>
                        <input type="hidden" name="name" value=handle/>
                        {card.then(|| view! { <input type="hidden" name="card" value="true"/> })}
                        <button class="button plain" type="submit">"Take it away"<span class="visually-hidden">{format!(" ({says})")}</span></button>
                    </form>
                })}
            </div>
        </li>
    }
}
