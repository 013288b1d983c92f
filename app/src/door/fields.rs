//! Parts of forms that several pages have.

use crate::forms::FormState;
use domain::sign_in::{LONGEST_PASSWORD, SHORTEST_PASSWORD};
use leptos::prelude::*;

/// What makes a good password.
pub fn password_hint() -> String {
    format!("{SHORTEST_PASSWORD} characters or more. A small sentence is easiest to keep.")
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
) -> impl IntoView {
    view! {
        <div class="field">
            <label for="display-name">{asks}</label>
            <p class="field-hint" id="display-name-hint">"As people would call you across the table."</p>
            <input
                id="display-name" name="form[display_name]" type="text" dir="auto" autocomplete="name" required=true maxlength="60"
                value=form.value("form[display_name]", &suggested) aria-describedby="display-name-hint"
            />
        </div>
        <div class="field">
            <label for="name">"Name to sign in with"</label>
            <p class="field-hint" id="name-hint">"Short: letters from a to z, digits, - and _. Others write @ and this name to reach you."</p>
            <input
                id="name" name="form[name]" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required=true
                minlength="2" maxlength="31" value=form.value("form[name]", "") aria-describedby="name-hint"
            />
        </div>
        <div class="field">
            <label for="password">"Password"</label>
            <p class="field-hint" id="password-hint">{password_hint()}</p>
            <input
                id="password" name="form[password]" type="password" autocomplete="new-password" required=true
                minlength=SHORTEST_PASSWORD maxlength=LONGEST_PASSWORD aria-describedby="password-hint"
            />
        </div>
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

/// Links between the pages of one part.
#[component]
pub fn Subnav(
    /// What the part is.
    label: &'static str,
    /// The pages: address and name.
    pages: Vec<(&'static str, &'static str)>,
    /// The address that is shown.
    current: &'static str,
) -> impl IntoView {
    let links = pages
        .into_iter()
        .map(|(address, name)| {
            let here = (address == current).then_some("page");
            view! { <li><a href=address aria-current=here>{name}</a></li> }
        })
        .collect_view();
    view! { <nav class="subnav" aria-label=label><ul>{links}</ul></nav> }
}
