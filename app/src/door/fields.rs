//! Parts of forms that several pages have.

use super::{languages::LanguageField, zones::ZoneSelect};
use crate::{
    fault::{FaultNote, Trouble},
    forms::FormState,
    safe_html::TextArea,
};
use domain::{
    community::LARGEST_SIZE_CAP,
    sign_in::{LONGEST_PASSWORD, SHORTEST_PASSWORD},
};
use leptos::prelude::*;

/// Why a form was refused, above it. Where that is about a field, the field says it as well and asks for the focus; but not every
/// browser goes there by itself.
#[component]
pub fn Refused(
    /// The form.
    form: FormState,
) -> impl IntoView {
    match form.trouble() {
        Some(Trouble { sentence, field: Some(_), .. }) => view! { <FieldNote sentence/> }.into_any(),
        _ => view! { <FaultNote fault=form.fault()/> }.into_any(),
    }
}

/// What is wrong with a field of this page, and the way there.
#[component]
pub fn FieldNote(
    /// What is wrong.
    sentence: String,
) -> impl IntoView {
    view! { <p class="note refusal" role="alert"><a href="#refused">{sentence}</a></p> }
}

/// A field of a form: what it is called, what helps to fill it in, why it was refused, and the control.
#[component]
pub fn Field(
    /// The control's id.
    #[prop(into)]
    id: String,
    /// What it is called.
    #[prop(into)]
    label: String,
    /// Said after its name: when it may stay empty.
    #[prop(default = "")]
    optional: &'static str,
    /// What helps to fill it in.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The id of what helps to fill it in and stands elsewhere.
    #[prop(optional)]
    described_by: Option<&'static str>,
    /// Why it was refused. A page shows one refused form, and a form is refused for one field.
    #[prop(default = None)]
    error: Option<String>,
    /// What stands now, where somebody else changed it since the form was filled in.
    #[prop(default = None)]
    now: Option<String>,
    /// Its classes.
    #[prop(default = "field")]
    class: &'static str,
    /// The control.
    children: Children,
) -> impl IntoView {
    let refused = error.is_some();
    let hint = hint.filter(|hint| !hint.is_empty()).map(|hint| (format!("{id}-hint"), hint));
    let error = error.map(|error| (format!("{id}-error"), error));
    let now = now.map(|now| (format!("{id}-now"), if now.is_empty() { "nothing".to_owned() } else { now }));
    let said = hint.iter().chain(&error).chain(&now).map(|(id, _)| id.as_str());
    let described_by = described_by.into_iter().chain(said).collect::<Vec<_>>().join(" ");
    let says = view! {
        <{..}
            aria-describedby=(!described_by.is_empty()).then_some(described_by)
            aria-invalid=refused.then_some("true")
            autofocus=refused
        />
    };
    view! {
        <div class=class id=refused.then_some("refused")>
            <label for=id>{label}{(!optional.is_empty()).then(|| view! { " "<span class="field-optional">{optional}</span> })}</label>
            {hint.map(|(id, hint)| view! { <p class="field-hint" id=id>{hint}</p> })}
            {error.map(|(id, error)| view! { <p class="field-error" id=id>{error}</p> })}
            {now.map(|(id, now)| view! { <p class="field-now" id=id>"Now it is "<strong dir="auto">{now}</strong></p> })}
            {children().add_any_attr(says)}
        </div>
    }
}

/// A field for longer text, with what was typed into it. It must be filled in, unless it says when it may stay empty.
#[component]
pub fn TextField(
    /// The form that it is in.
    form: FormState,
    /// Its id.
    #[prop(into)]
    id: String,
    /// Its name.
    #[prop(into)]
    name: String,
    /// What it is called.
    #[prop(into)]
    label: String,
    /// Said after its name: when it may stay empty.
    #[prop(default = "")]
    optional: &'static str,
    /// What helps to fill it in.
    #[prop(default = String::new(), into)]
    hint: String,
    /// What stands in it at first.
    #[prop(default = String::new(), into)]
    text: String,
    /// How many lines to show.
    rows: u32,
    /// Most characters.
    most: usize,
) -> impl IntoView {
    let text = form.value(&name, &text);
    let error = form.error(name.strip_prefix("form[").and_then(|name| name.strip_suffix(']')).unwrap_or(&name));
    view! {
        <Field id=id.clone() label optional hint error>
            <TextArea id name text rows most required=optional.is_empty()/>
        </Field>
    }
}

/// What an account needs: what one is called, the name to sign in with, and a password.
#[component]
pub fn AccountFields(
    /// The form that they are in.
    form: FormState,
    /// How one is asked what one is called.
    asks: &'static str,
    /// What one is called, as far as it is known.
    #[prop(default = String::new())]
    suggested: String,
    /// The name to sign in with, where one is kept for them.
    #[prop(default = String::new())]
    kept: String,
) -> impl IntoView {
    view! {
        <Field id="display-name" label=asks hint="As people would call you across the table." error=form.error("display_name")>
            <input
                id="display-name" name="form[display_name]" type="text" dir="auto" autocomplete="name" required=true maxlength="60"
                value=form.value("form[display_name]", &suggested)
            />
        </Field>
        <Field
            id="name" label="Name to sign in with" error=form.error("name")
            hint="Short: letters from a to z, digits, - and _. Others write @ and this name to reach you."
        >
            <input
                id="name" name="form[name]" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required=true
                minlength="2" maxlength="31" value=form.value("form[name]", &kept)
            />
        </Field>
        <NewPassword id="password" name="form[password]" label="Password" error=form.error("password")/>
    }
}

/// The field for a password that is to be kept from now on.
#[component]
pub fn NewPassword(
    /// Its id.
    id: &'static str,
    /// Its name.
    name: &'static str,
    /// What it is called.
    label: &'static str,
    /// Why it was refused.
    error: Option<String>,
) -> impl IntoView {
    let hint = format!("{SHORTEST_PASSWORD} characters or more. A small sentence is easiest to keep.");
    view! {
        <Field id label hint error>
            <input
                id=id name=name type="password" autocomplete="new-password" required=true minlength=SHORTEST_PASSWORD maxlength=LONGEST_PASSWORD
            />
        </Field>
    }
}

/// What a community lives within: its clock, its language, and how many it has room for.
#[component]
pub fn FrameFields(
    /// The form that they are in.
    form: FormState,
    /// Its zone.
    zone: String,
    /// The tag of its language.
    language: String,
    /// How many it has room for.
    size_cap: String,
    /// What helps to choose that.
    #[prop(into)]
    size_hint: String,
) -> impl IntoView {
    view! {
        <div class="field-row">
            <Field id="zone" label="Its clock" error=form.error("time_zone")>
                <ZoneSelect id="zone" name="form[time_zone]" chosen=zone/>
            </Field>
            <LanguageField form chosen=language/>
        </div>
        <Field id="size" label="Room for how many?" hint=size_hint error=form.error("size_cap") class="field short">
            <input id="size" name="form[size_cap]" type="number" required=true min="2" max=LARGEST_SIZE_CAP value=size_cap/>
        </Field>
    }
}

/// A text to copy into something else. There is no button, since these pages run no script: whoever comes by keyboard has all of it
/// selected, and three clicks or a long tap select it as well.
#[component]
pub fn CopyField(
    /// The text.
    #[prop(into)]
    text: String,
    /// What it is.
    label: &'static str,
) -> impl IntoView {
    view! { <div class="copy"><input class="copy-text" type="text" readonly=true value=text aria-label=label/></div> }
}

/// What was done just now, if something was.
#[component]
pub fn Done(
    /// Sentences by the word in the address.
    says: &'static [(&'static str, &'static str)],
    /// The word in the address.
    #[prop(into)]
    done: String,
) -> impl IntoView {
    let sentence = says.iter().find(|(word, _)| *word == done).map(|(_, sentence)| *sentence);
    sentence.map(|sentence| view! { <p class="note" role="status">{sentence}</p> })
}

/// Links between the pages of one part: side by side where there is room for all; on a phone folded behind the one that is shown.
#[component]
pub fn Subnav(
    /// What the part is.
    label: &'static str,
    /// The pages: address and name.
    pages: Vec<(&'static str, &'static str)>,
    /// The address that is shown.
    current: &'static str,
) -> impl IntoView {
    let way = |(address, name): &(&'static str, &'static str)| {
        let here = (*address == current).then_some("page");
        view! { <li><a href=*address aria-current=here>{*name}</a></li> }
    };
    let ways = || pages.iter().map(way).collect_view();
    let shown = pages.iter().find(|(address, _)| *address == current);
    let shown = shown.map_or_else(|| label.to_owned(), |(_, name)| format!("{label} · {name}"));
    view! {
        <nav class="subnav" aria-label=label><ul>{ways()}</ul></nav>
        <nav class="subnav-fold" aria-label=label><details><summary>{shown}</summary><ul>{ways()}</ul></details></nav>
    }
}
