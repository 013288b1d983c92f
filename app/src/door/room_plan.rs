//! The fields for what happens in the room of a session: on the form for a gathering, and on that for one session of it.

use super::fields::Field;
use crate::{forms::FormState, safe_html::TextArea};
use domain::gatherings::clock::{LONGEST_BREAK, LONGEST_TURN, MOST_ROUNDS, RoomForm, RoomKind};
use leptos::prelude::*;

const KINDS: [(RoomKind, &str, &str); 3] = [
    (RoomKind::Table, "Just the table", "People meet, talk, and hang up pictures."),
    (RoomKind::Rounds, "Rounds", "Each with its time and a prompt, such as four times ten minutes of drawing."),
    (RoomKind::Silence, "A silence", "With a bell at the beginning and at the end."),
];

/// The fields. `name` gives the name under which the form of the page knows a field.
#[component]
pub(super) fn RoomFields(
    /// The form that they are in.
    form: FormState,
    /// What is set up now.
    now: RoomForm,
    /// Somebody else changed what the form is about since it was filled in.
    overtaken: bool,
    /// The name of a field in that form.
    name: fn(&str) -> String,
) -> impl IntoView {
    let value = |field: &str, now: &str| form.value(&name(field), now).replace("\r\n", "\n");
    let typed = |field: &str| form.typed(&name(field)).map(|typed| typed.replace("\r\n", "\n"));
    let stands = |field: &str, now: &str| (overtaken && typed(field).as_deref() != Some(now)).then(|| now.to_owned());
    let kind_stands = stands("kind", now.kind.word()).and_then(|_| KINDS.into_iter().find(|(kind, ..)| *kind == now.kind));
    let (prompts_stand, rounds_stand, minutes_stand) =
        (stands("prompts", &now.prompts), stands("rounds", &now.rounds), stands("minutes", &now.minutes));
    let (rest_stands, silence_stands, opening_stand) =
        (stands("rest", &now.rest), stands("silence", &now.silence), stands("opening", &now.opening));
    let kinds = KINDS.map(|(kind, label, hint)| {
        let checked = form.chosen(&name("kind"), kind.word(), now.kind == kind);
        view! {
            <label class="choice">
                <input type="radio" name=name("kind") value=kind.word() checked=checked/>
                <span>{label}" "<span class="choice-hint">{hint}</span></span>
            </label>
        }
    });
    let (rounds, minutes, rest) = (value("rounds", &now.rounds), value("minutes", &now.minutes), value("rest", &now.rest));
    let (silence, prompts, opening) = (value("silence", &now.silence), value("prompts", &now.prompts), value("opening", &now.opening));
    view! {
        <fieldset class="choices room-kinds">
            <legend>"What happens in its room?"</legend>
            {kind_stands.map(|(_, label, _)| view! { <p class="field-now">"Now it is "<strong>{label}</strong></p> })}
            {kinds}
        </fieldset>
        <Field
            id="prompts" label="Prompts" optional="one a line, one for each round" class="field only-rounds" error=form.error("prompts")
            hint="What people draw, write or talk about." now=prompts_stand
        >
            <TextArea id="prompts" name=name("prompts") text=prompts rows=4 most=6000 placeholder="Hands"/>
        </Field>
        <div class="field-row only-rounds">
            <Field id="rounds" label="Rounds" error=form.error("rounds") now=rounds_stand class="field short">
                <input id="rounds" name=name("rounds") type="number" min="1" max=MOST_ROUNDS placeholder="as prompts" value=rounds/>
            </Field>
            <Field id="round_minutes" label="Minutes each" error=form.error("round_minutes") now=minutes_stand class="field short">
                <input id="round_minutes" name=name("minutes") type="number" min="1" max=LONGEST_TURN placeholder="10" value=minutes/>
            </Field>
            <Field id="rest" label="Rest between" error=form.error("rest") now=rest_stands class="field short">
                <input id="rest" name=name("rest") type="number" min="0" max=LONGEST_BREAK placeholder="0" value=rest/>
            </Field>
        </div>
        <Field id="silence" label="How many minutes of silence?" error=form.error("silence") now=silence_stands class="field short only-silence">
            <input id="silence" name=name("silence") type="number" min="1" max=LONGEST_TURN placeholder="20" value=silence/>
        </Field>
        <Field
            id="opening" label="Opening words" optional="if you like" error=form.error("opening")
            hint="They stand at the head of the room: how it goes, and what people need." now=opening_stand
        >
            <TextArea id="opening" name=name("opening") text=opening rows=3 most=1000/>
        </Field>
    }
}
