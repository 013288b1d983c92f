//! How a call of a server function ends when it does not end well.
//!
//! A person sees a refusal (a sentence of the domain), that they are signed out, that we failed, or that we could not be
//! reached. The cause of our failure stays in the log: this type can't hold it.

use leptos::{
    prelude::*,
    server_fn::{
        codec::JsonEncoding,
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
    /// It needs somebody who is signed in (or may do it), and nobody is.
    SignedOut,
    /// We failed.
    Ours,
    /// The client could not reach the server.
    Unreached,
}

/// For calls that are never refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Never {}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

/// What a refusal must be able to do to go over the wire and be shown.
pub trait Refusal: fmt::Display + fmt::Debug + Clone + Serialize + DeserializeOwned + Send + Sync + 'static {}
impl<R: fmt::Display + fmt::Debug + Clone + Serialize + DeserializeOwned + Send + Sync + 'static> Refusal for R {}

impl<R: fmt::Display> fmt::Display for Fault<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(reason) => reason.fmt(f),
            Self::SignedOut => f.write_str("You are not signed in any more. Sign in again, and try once more."),
            Self::Ours => f.write_str("Something went wrong on our side, and it has been noted. Please try again in a moment."),
            Self::Unreached => f.write_str("We could not be reached. What you wrote is still here: try again when you are connected."),
        }
    }
}

impl<R: Refusal> FromServerFnError for Fault<R> {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unreached,
            error => {
                note(&error);
                Self::Ours
            }
        }
    }
}

#[cfg(feature = "ssr")]
fn note(error: &ServerFnErrorErr) {
    tracing::warn!(%error, "a server function could not be called");
}
#[cfg(not(feature = "ssr"))]
fn note(_: &ServerFnErrorErr) {}

/// Shows a fault, if there is one.
#[component]
pub fn FaultNote<R: Refusal>(
    /// What went wrong.
    #[prop(into)]
    fault: Signal<Option<Fault<R>>>,
) -> impl IntoView {
    move || {
        fault.get().map(|fault| {
            let signed_out = matches!(fault, Fault::SignedOut);
            view! {
                <div class="note refusal" role="alert">
                    <p>{fault.to_string()}</p>
                    {signed_out.then(|| view! { <p><a href="/sign-in" rel="external">"Sign in"</a></p> })}
                </div>
            }
        })
    }
}
