//! The one place where markup is put on a page as it is: what came out of the sanitizer, what is escaped right here, and our own
//! constants.

use crate::here::here;
use domain::prose::SafeHtml;
use leptos::prelude::*;

/// Text that somebody wrote, as the sanitizer left it.
#[component]
pub fn Prose(
    /// The text.
    html: SafeHtml,
    /// Classes besides `prose`.
    #[prop(default = "prose")]
    class: &'static str,
) -> impl IntoView {
    view! { <div class=class lang=here().language.clone() dir="auto" inner_html=html.as_str().to_owned()></div> }
}

/// A text area whose text is escaped: a bare `<textarea>` would let markup in it live.
#[component]
pub fn TextArea(
    /// The field's name.
    #[prop(into)]
    name: String,
    /// Its id, for the label.
    #[prop(into)]
    id: String,
    /// What stands in it at first.
    #[prop(into)]
    text: String,
    /// How many lines to show.
    #[prop(default = 4)]
    rows: u32,
    /// What it says while empty.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// It must be filled in.
    #[prop(optional)]
    required: bool,
    /// Most characters.
    #[prop(optional)]
    most: Option<usize>,
    /// Its class.
    #[prop(optional)]
    class: Option<&'static str>,
) -> impl IntoView {
    // A page's parser drops a line break right after the opening tag; so one is put there for it to drop.
    let text = if cfg!(feature = "ssr") { format!("\n{}", escape(&text)) } else { escape(&text) };
    view! {
        <textarea
            id=id
            class=class
            name=name
            rows=rows
            dir="auto"
            placeholder=placeholder
            required=required
            maxlength=most
            inner_html=text
        ></textarea>
    }
}

/// Text as it stands in markup, also between quotes.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Buttons by which a form says one of several words, as list items. A timeline has hundreds of them, and none changes by itself: so
/// they are written as one piece, which takes a tenth of the time.
#[component]
pub fn ChoiceItems(
    /// The field's name.
    name: &'static str,
    /// Of each button, what it sends and what it says.
    choices: Vec<(String, String)>,
) -> impl IntoView {
    let items: String = choices
        .iter()
        .map(|(value, label)| {
            format!(r#"<li><button type="submit" name="{name}" value="{}">{}</button></li>"#, escape(value), escape(label))
        })
        .collect();
    view! { <ul inner_html=items></ul> }
}

/// Names with what each of them left, as list items, written as one piece for the same reason.
#[component]
pub fn NameItems(
    /// What was left, and who left it.
    names: Vec<(String, String)>,
) -> impl IntoView {
    let item =
        |(left, name): &(String, String)| format!(r#"<li><span>{}</span> <span dir="auto">{}</span></li>"#, escape(left), escape(name));
    let items: String = names.iter().map(item).collect();
    view! { <ul inner_html=items></ul> }
}

/// Markup of the program's own, such as a QR code that it drew.
#[component]
pub fn OwnMarkup(
    /// The markup. Never anything that somebody typed.
    markup: String,
    /// The element's class.
    class: &'static str,
) -> impl IntoView {
    view! { <figure class=class inner_html=markup></figure> }
}

/// A part of the page that the app itself wrote before the rest.
#[cfg(feature = "ssr")]
pub fn written(html: impl Into<std::borrow::Cow<'static, str>>) -> leptos::tachys::html::InertElement {
    leptos::tachys::html::InertElement::new(html)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_choice_and_a_name_say_no_more_than_they_are() {
        let word = "\"><script>x</script>".to_owned();
        let html = Owner::new().with(|| {
            let (choices, names) = (vec![(word.clone(), word.clone())], vec![(word.clone(), word)]);
            view! { <ChoiceItems name="choice" choices/> <NameItems names/> }.to_html()
        });
        assert!(!html.contains("<script>") && html.matches("&quot;&gt;&lt;script&gt;").count() == 4, "{html}");
    }

    #[test]
    fn what_is_typed_stays_in_its_text_area() {
        let owner = Owner::new();
        let html = owner.with(|| {
            let text = "\nsoup</textarea><script>alert(1)</script>&lt;b&gt;";
            view! { <TextArea name="words" id="words" text=text placeholder="\"><script>x</script>"/> }.to_html()
        });
        assert_eq!(html.matches("</textarea>").count(), 1, "{html}");
        assert!(html.ends_with("</textarea>") && !html.contains("<script>alert"), "{html}");
        assert!(html.contains(">\n\nsoup&lt;/textarea&gt;&lt;script&gt;"), "its first line break too: {html}");
        assert!(html.contains("&amp;lt;b&amp;gt;"), "and as it was typed: {html}");
    }
}
