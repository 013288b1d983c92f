//! Forms that work with and without script.
//!
//! Without script, the server keeps a refused form for a while and sends the browser back to the page, which shows the fault and
//! what was typed ([`use_form`]). With it, [`SentForm`] sends the same form to the same address in the background, and the
//! browser still has what was typed. Nothing about a form is typed in the client: it sends what the form holds.

use crate::fault::{Fault, FaultNote, Refusal, Trouble};
use leptos::{ev::SubmitEvent, html, prelude::*, server_fn::ServerFn, web_sys};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;

/// A form that was sent without script and refused: shown again on the page it came from, with what was typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KeptForm {
    /// The path of the server function.
    pub path: String,
    /// What was typed, without passwords.
    pub fields: Vec<(String, String)>,
    /// The fault, as it went over the wire.
    pub fault: String,
}

/// Puts the kept form into the context of the document's first page. The pages that follow begin with empty forms.
pub fn provide_kept(form: Option<KeptForm>) {
    let form = StoredValue::new(form);
    provide_context(Kept(form));
    // Effects run in the browser alone, when the first page stands.
    Effect::new(move |_| form.set_value(None));
}

/// Whether a form is shown again on this page.
#[cfg(feature = "ssr")]
pub fn any_is_kept() -> bool {
    use_context::<Kept>().is_some_and(|kept| kept.0.with_value(Option::is_some))
}

#[derive(Clone, Copy)]
struct Kept(StoredValue<Option<KeptForm>>);

/// A form of a server function: where it is sent, what was typed before it was refused, and why it was.
#[derive(Clone, Copy)]
pub struct FormState {
    kept: StoredValue<Option<KeptForm>>,
    address: &'static str,
}

impl FormState {
    /// What was typed into a field before the form was refused, else `or`.
    pub fn value(&self, field: &str, or: &str) -> String {
        self.typed(field).unwrap_or_else(|| or.to_owned())
    }
    /// What was typed into a field before the form was refused, if it was.
    pub fn typed(&self, field: &str) -> Option<String> {
        self.kept.with_value(|kept| {
            kept.as_ref().map(|kept| kept.fields.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone()).unwrap_or_default())
        })
    }
    /// Whether a box or a choice was made before the form was refused, else `or`.
    pub fn chosen(&self, field: &str, value: &str, or: bool) -> bool {
        self.kept.with_value(|kept| kept.as_ref().map_or(or, |kept| kept.fields.iter().any(|(name, text)| name == field && text == value)))
    }
    /// All that was typed into a field that may come several times, before the form was refused.
    pub fn all(&self, field: &str) -> Vec<String> {
        self.kept.with_value(|kept| {
            kept.iter().flat_map(|kept| &kept.fields).filter(|(name, _)| name == field).map(|(_, text)| text.clone()).collect()
        })
    }
    /// The same form where several of its kind stand on a page: it was refused only if that field of it said so.
    pub fn about(self, field: &str, value: &str) -> Self {
        if self.typed(field).is_some_and(|typed| typed != value) {
            self.kept.set_value(None);
        }
        self
    }
    /// All that was typed, before the form was refused.
    #[cfg(feature = "ssr")]
    pub fn fields(&self) -> Option<Vec<(String, String)>> {
        self.kept.with_value(|kept| kept.as_ref().map(|kept| kept.fields.clone()))
    }
    /// The same form where its fields were sent to the server function `G` to be looked at.
    #[cfg(feature = "ssr")]
    pub fn or_looked_at_by<G: ServerFn>(self) -> Self {
        let kept = use_context::<Kept>().and_then(|kept| kept.0.get_value()).filter(|kept| kept.path == G::PATH);
        if kept.is_some() {
            self.kept.set_value(kept);
        }
        self
    }
    /// Why the form was refused.
    pub fn trouble(&self) -> Option<Trouble> {
        self.kept.with_value(|kept| kept.as_ref().map(|kept| Trouble::told(&kept.fault)))
    }
    /// As [`FormState::trouble`], for what shows how the sending of a form goes.
    pub fn fault(&self) -> Signal<Option<Trouble>> {
        let trouble = self.trouble();
        Signal::derive(move || trouble.clone())
    }
    /// Why the form was refused, if that is about this field of it.
    #[cfg(feature = "ssr")]
    pub fn error(&self, field: &str) -> Option<String> {
        self.trouble().filter(|trouble| trouble.is_about(field)).map(|trouble| trouble.sentence)
    }
    /// The address that the form is sent to.
    pub fn address(&self) -> &'static str {
        self.address
    }
}

/// The form of the server function `F`.
pub fn use_form<F, R>() -> FormState
where
    F: ServerFn<Error = Fault<R>>,
    R: Refusal,
{
    let kept = use_context::<Kept>().and_then(|kept| kept.0.get_value()).filter(|kept| kept.path == F::PATH);
    FormState { kept: StoredValue::new(kept), address: F::url() }
}

/// How the sending of a form goes.
#[derive(Clone, Copy)]
pub struct Sending {
    /// It is on its way.
    pub busy: RwSignal<bool>,
    /// Why the latest try did not succeed.
    pub fault: RwSignal<Option<Trouble>>,
}

impl Sending {
    /// Nothing has been sent yet; `fault` is why the form was refused before, without script.
    pub fn new(fault: Option<Trouble>) -> Self {
        Self { busy: RwSignal::new(false), fault: RwSignal::new(fault) }
    }

    /// Sends a form's data to its address; `done` is given the answer's text.
    pub fn send(self, form: &web_sys::HtmlFormElement, data: web_sys::FormData, done: Callback<String>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let (address, multipart) = (form.action(), form.enctype() == "multipart/form-data");
        leptos::task::spawn_local(async move {
            let answer = crate::wire::send(&address, data, multipart).await;
            self.busy.try_set(false);
            match answer {
                Ok(text) => {
                    self.fault.try_set(None);
                    done.run(text);
                }
                Err(trouble) => {
                    self.fault.try_set(Some(trouble));
                }
            }
        });
    }
}

/// The data of a form that is being submitted, with the button that did it.
pub fn submitted(event: &SubmitEvent, form: &web_sys::HtmlFormElement) -> Option<web_sys::FormData> {
    let data = web_sys::FormData::new_with_form(form).ok()?;
    if let Some(button) = event.submitter().and_then(|button| button.dyn_into::<web_sys::HtmlButtonElement>().ok())
        && !button.name().is_empty()
    {
        _ = data.append_with_str(&button.name(), &button.value());
    }
    Some(data)
}

/// A form that the client sends in the background; without the client it is a plain form.
#[component]
pub fn SentForm(
    /// The form.
    form: FormState,
    /// Its class.
    #[prop(optional)]
    class: &'static str,
    /// Called with the answer's text when it was done.
    #[prop(into)]
    done: Callback<String>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let sending = Sending::new(form.trouble());
    let element = NodeRef::<html::Form>::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(form) = element.get_untracked()
            && let Some(data) = submitted(&event, &form)
        {
            sending.send(&form, data, done);
        }
    };
    view! {
        <FaultNote fault=sending.fault/>
        <form node_ref=element class=class method="post" action=form.address() aria-busy=move || sending.busy.get().then_some("true") on:submit=submit>
            {children()}
        </form>
    }
}
