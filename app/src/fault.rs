//! How a call of a server function ends when it does not end well.
//!
//! A person sees a refusal (a sentence of the domain), that they are signed out, that we failed, or that we could not be
//! reached. The cause of our failure stays in the log: this type can't hold it. On the wire a fault goes with its sentence, so
//! that pages and the client need to know sentences alone ([`Trouble`]) and not every reason there is.

use domain::outcome::AboutField;
use leptos::{
    prelude::*,
    server_fn::{
        ContentType, Decodes, Encodes, Format, FormatType,
        error::{FromServerFnError, ServerFnErrorErr},
    },
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::fmt;

/// What can go wrong, for a call that may be refused for the reasons `R`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fault<R> {
    /// It may not be, and why.
    Refused(R),
    /// It needs somebody who is signed in, and nobody is.
    SignedOut,
    /// It is for hosts or admins, and whoever asks is none.
    NotYours,
    /// What arrived is not what a page of ours sends.
    Unreadable,
    /// We failed.
    Ours,
}

/// For calls that are never refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Never {}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl AboutField for Never {}

/// What a refusal must be able to do to go over the wire and be shown.
pub trait Refusal: AboutField + fmt::Display + fmt::Debug + Clone + Serialize + DeserializeOwned + Send + Sync + 'static {}
impl<R: AboutField + fmt::Display + fmt::Debug + Clone + Serialize + DeserializeOwned + Send + Sync + 'static> Refusal for R {}

impl<R: fmt::Display> fmt::Display for Fault<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(reason) => reason.fmt(f),
            Self::SignedOut => f.write_str("You are not signed in any more. Sign in again, and try once more."),
            Self::NotYours => f.write_str("That is for those who look after this place. Ask one of the hosts to do it."),
            Self::Unreadable => f.write_str("We could not read what arrived, so nothing was done. Load the page again, and try once more."),
            Self::Ours => f.write_str("Something went wrong on our side, and it has been noted. Please try again in a moment."),
        }
    }
}

impl<R: Refusal> FromServerFnError for Fault<R> {
    type Encoder = Told;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                unreadable();
                Self::Unreadable
            }
            error => {
                note(&error);
                Self::Ours
            }
        }
    }
}

#[cfg(feature = "ssr")]
fn unreadable() {
    crate::request::status(axum::http::StatusCode::BAD_REQUEST);
}
#[cfg(not(feature = "ssr"))]
fn unreadable() {}

#[cfg(feature = "ssr")]
fn note(error: &ServerFnErrorErr) {
    tracing::warn!(%error, "a server function could not be called");
}
#[cfg(not(feature = "ssr"))]
fn note(_: &ServerFnErrorErr) {}

/// How a fault goes over the wire: as JSON, with its sentence beside it.
pub struct Told;

#[derive(Serialize, Deserialize)]
struct TellFault<R> {
    fault: R,
    sentence: String,
    signed_out: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

impl ContentType for Told {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for Told {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<R: Refusal> Encodes<Fault<R>> for Told {
    type Error = serde_json::Error;
    fn encode(fault: &Fault<R>) -> Result<leptos::server_fn::Bytes, Self::Error> {
        let field = match fault {
            Fault::Refused(reason) => reason.field().map(str::to_owned),
            _ => None,
        };
        let tell = TellFault { fault, sentence: fault.to_string(), signed_out: matches!(fault, Fault::SignedOut), field };
        serde_json::to_vec(&tell).map(Into::into)
    }
}

impl<R: Refusal> Decodes<Fault<R>> for Told {
    type Error = serde_json::Error;
    fn decode(bytes: leptos::server_fn::Bytes) -> Result<Fault<R>, Self::Error> {
        serde_json::from_slice::<TellFault<Fault<R>>>(&bytes).map(|told| told.fault)
    }
}

/// What went wrong, as it is shown: the sentence, what field it is about, and whether signing in would help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// For the person.
    pub sentence: String,
    /// The name of the field of the form that it is about.
    #[serde(default)]
    pub field: Option<String>,
    /// They are not signed in.
    #[serde(default)]
    pub signed_out: bool,
}

impl Trouble {
    /// What went over the wire; what can't be read is our failure.
    pub fn told(text: &str) -> Self {
        serde_json::from_slice(text.as_bytes()).unwrap_or_else(|_| Self::from(Fault::<Never>::Ours))
    }
    /// Whether it is about this field of the form.
    pub fn is_about(&self, field: &str) -> bool {
        self.field.as_deref() == Some(field)
    }
    /// The client could not reach the server.
    pub fn unreached() -> Self {
        Self {
            sentence: "We could not be reached. What you wrote is still here: try again when you are connected.".into(),
            field: None,
            signed_out: false,
        }
    }
}

impl<R: fmt::Display> From<Fault<R>> for Trouble {
    fn from(fault: Fault<R>) -> Self {
        Self { sentence: fault.to_string(), field: None, signed_out: matches!(fault, Fault::SignedOut) }
    }
}

/// Shows what went wrong, if something did.
#[component]
pub fn FaultNote(
    /// What went wrong.
    #[prop(into)]
    fault: Signal<Option<Trouble>>,
) -> impl IntoView {
    move || {
        fault.get().map(|trouble| {
            view! {
                <div class="note refusal" role="alert">
                    <p>{trouble.sentence}</p>
                    {trouble.signed_out.then(|| view! { <p><a href="/sign-in" rel="external">"Sign in"</a></p> })}
                </div>
            }
        })
    }
}
