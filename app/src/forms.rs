//! Forms that work with and without script.
//!
//! With script, a form is sent by an action and its fault appears above it; the browser still has what was typed. Without,
//! the server keeps a refused form for a while and sends the browser back to the page, which shows the fault and what was typed.
//! [`use_form`] is both: the fault to show, and the values to begin with.

use crate::fault::{Fault, Refusal};
use leptos::{prelude::*, server_fn::ServerFn};
use serde::{Deserialize, Serialize};

/// What was kept of a form: its fault as it went over the wire, and its fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Kept {
    fault: String,
    fields: Vec<(String, String)>,
}

/// A form of the server function `F`, refused for the reasons `R`.
pub struct FormState<F: ServerFn, R: Refusal> {
    kept: StoredValue<Option<Kept>>,
    fault: Signal<Option<Fault<R>>>,
    function: std::marker::PhantomData<fn() -> F>,
}

impl<F: ServerFn, R: Refusal> Clone for FormState<F, R> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<F: ServerFn, R: Refusal> Copy for FormState<F, R> {}

impl<F: ServerFn, R: Refusal> FormState<F, R> {
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
    /// Why the form was refused.
    pub fn fault(&self) -> Signal<Option<Fault<R>>> {
        self.fault
    }
    /// The address that the form is sent to.
    pub fn address(&self) -> &'static str {
        F::url()
    }
}

/// The form of a server function on a page that the client does not take over.
pub fn use_form<F, R>() -> FormState<F, R>
where
    F: ServerFn<Error = Fault<R>>,
    R: Refusal,
{
    use_form_with::<F, R>(|| None)
}

/// The form of a server function that an action sends: `latest` is the fault of its latest try.
pub fn use_form_with<F, R>(latest: impl Fn() -> Option<Fault<R>> + Send + Sync + 'static) -> FormState<F, R>
where
    F: ServerFn<Error = Fault<R>>,
    R: Refusal,
{
    let kept = SharedValue::new(|| kept_form(F::PATH)).into_inner();
    let first: Option<Fault<R>> = kept.as_ref().and_then(|kept| serde_json::from_str(&kept.fault).ok());
    let fault = Signal::derive(move || latest().or_else(|| first.clone()));
    FormState { kept: StoredValue::new(kept), fault, function: std::marker::PhantomData }
}

#[cfg(feature = "ssr")]
fn kept_form(path: &str) -> Option<Kept> {
    let kept = use_context::<crate::request::Request>()?.kept.filter(|kept| kept.path == path)?;
    Some(Kept { fault: kept.fault.clone(), fields: kept.fields.clone() })
}
#[cfg(not(feature = "ssr"))]
fn kept_form(_: &str) -> Option<Kept> {
    None
}
