//! Parts of forms that several pages have.

use leptos::prelude::*;

/// A text to copy into something else. There is no button: these pages run no script, and one tap selects the text.
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
