//! The choice of a language, each by its own name.

use super::fields::Field;
use crate::forms::FormState;
use leptos::prelude::*;

const LANGUAGES: [(&str, &str); 40] = [
    ("ar", "العربية"),
    ("bg", "Български"),
    ("ca", "Català"),
    ("cs", "Čeština"),
    ("cy", "Cymraeg"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("eo", "Esperanto"),
    ("es", "Español"),
    ("eu", "Euskara"),
    ("fa", "فارسی"),
    ("fi", "Suomi"),
    ("fr", "Français"),
    ("ga", "Gaeilge"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("hr", "Hrvatski"),
    ("hu", "Magyar"),
    ("id", "Bahasa Indonesia"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("nb", "Norsk bokmål"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("pt-BR", "Português do Brasil"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("sk", "Slovenčina"),
    ("sl", "Slovenščina"),
    ("sv", "Svenska"),
    ("sw", "Kiswahili"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("ur", "اردو"),
    ("vi", "Tiếng Việt"),
    ("zh", "中文"),
];

/// The field for a community's language.
#[component]
pub fn LanguageField(
    /// The form that it is in.
    form: FormState,
    /// The tag of the chosen one.
    chosen: String,
) -> impl IntoView {
    let listed = LANGUAGES.iter().any(|(tag, _)| *tag == chosen);
    let other = (!listed).then(|| view! { <option value=chosen.clone() selected=true>{chosen.clone()}</option> });
    let options = LANGUAGES
        .into_iter()
        .map(|(tag, own_name)| {
            let selected = tag == chosen;
            view! { <option value=tag lang=tag selected=selected>{own_name}</option> }
        })
        .collect_view();
    view! {
        <Field
            id="language" label="Its language" hint="What people write in here. The buttons speak English so far." error=form.error("language")
        >
            <select id="language" name="form[language]">{other}{options}</select>
        </Field>
    }
}
