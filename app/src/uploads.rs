//! Forms that bring a picture along: how one is read, and how it may be refused.

use domain::{outcome::AboutField, pictures::PictureRefusal};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a form with a picture was not taken, where its other fields may be refused for the reasons `R`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum UploadRefusal<R> {
    /// What was typed.
    Form(R),
    /// The picture.
    Picture(PictureRefusal),
    /// The form did not arrive whole.
    Broken,
}

impl<R: fmt::Display> fmt::Display for UploadRefusal<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(reason) => reason.fmt(f),
            Self::Picture(reason) => reason.fmt(f),
            Self::Broken => f.write_str("That did not arrive whole. Please send it once more."),
        }
    }
}

impl<R: AboutField> AboutField for UploadRefusal<R> {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Form(reason) => reason.field(),
            Self::Picture(_) => Some("picture"),
            Self::Broken => None,
        }
    }
}

#[cfg(feature = "ssr")]
pub use paths::takes_files;

#[cfg(feature = "ssr")]
mod paths {
    use crate::{
        archives::{BringChat, BringPosts},
        community::ChangeLogo,
        gatherings::{
            import::ReadCalendarFile,
            plan::{ChangeGathering, PlanGathering, PreviewGathering},
            rooms::HangUp,
        },
        rosters::BringRoster,
        settings::ChangeProfile,
        timeline::{UploadPicture, WritePost, WriteReply},
    };
    use leptos::server_fn::{
        Http, ServerFn,
        codec::{Json, MultipartFormData},
    };

    /// The path of a server function, which must be one whose form brings files.
    const fn path<F: ServerFn<Protocol = Http<MultipartFormData, Json>>>() -> &'static str {
        F::PATH
    }

    /// Whether the server function at a path takes a form with files. Such a function reads nothing else, and no other reads such a
    /// form: the framework's own reader would panic.
    pub fn takes_files(address: &str) -> bool {
        const PATHS: [&str; 13] = [
            path::<WritePost>(),
            path::<WriteReply>(),
            path::<UploadPicture>(),
            path::<PlanGathering>(),
            path::<ChangeGathering>(),
            path::<PreviewGathering>(),
            path::<HangUp>(),
            path::<ReadCalendarFile>(),
            path::<BringRoster>(),
            path::<BringChat>(),
            path::<BringPosts>(),
            path::<ChangeProfile>(),
            path::<ChangeLogo>(),
        ];
        PATHS.contains(&address)
    }
}

#[cfg(feature = "ssr")]
pub(crate) use on_the_server::{of_form, read_upload, read_uploads};

#[cfg(feature = "ssr")]
mod on_the_server {
    use super::UploadRefusal;
    use crate::{
        fault::{Fault, Refusal},
        request::{FormTrouble, ReadForm, Request, answer, read_form},
    };
    use domain::{outcome::Error, viewer::Me};
    use leptos::server_fn::codec::MultipartData;

    /// Reads a form with one picture or none.
    pub(crate) async fn read_upload<R: Refusal>(
        request: &Request,
        me: &Me,
        form: MultipartData,
    ) -> Result<ReadForm, Fault<UploadRefusal<R>>> {
        read_uploads(request, me, form, 1).await
    }

    /// Reads a form with up to so many pictures.
    pub(crate) async fn read_uploads<R: Refusal>(
        request: &Request,
        me: &Me,
        form: MultipartData,
        most: usize,
    ) -> Result<ReadForm, Fault<UploadRefusal<R>>> {
        answer(read_form(request, me, form, most).await.map_err(|trouble| match trouble {
            FormTrouble::Picture(Error::Refused(reason)) => Error::Refused(UploadRefusal::Picture(reason)),
            FormTrouble::Picture(Error::Unavailable(cause)) => Error::Unavailable(cause),
            FormTrouble::Broken => Error::Refused(UploadRefusal::Broken),
        }))
    }

    /// A refusal of what was typed.
    pub(crate) fn of_form<R>(error: Error<R>) -> Error<UploadRefusal<R>> {
        match error {
            Error::Refused(reason) => Error::Refused(UploadRefusal::Form(reason)),
            Error::Unavailable(cause) => Error::Unavailable(cause),
        }
    }
}
