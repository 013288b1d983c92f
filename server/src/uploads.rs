//! `POST /pictures`: takes one picture in, while its post is still being written.

use crate::front::Front;
use axum::{
    Extension, Json,
    extract::{Multipart, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bytes::{Bytes, BytesMut};
use domain::{
    outcome::Error,
    pictures::{MOST_UPLOAD_BYTES, PictureRefusal},
    viewer::Viewer,
};
use serde_json::json;

/// Takes in the form's field `file` and answers with the picture, or with `{"refused": sentence}`.
pub async fn upload(State(front): State<Front>, Extension(viewer): Extension<Viewer>, form: Multipart) -> Response {
    let Some(me) = viewer.me() else {
        return refused(StatusCode::UNAUTHORIZED, "You are not signed in any more. Sign in again, and try once more.");
    };
    let taken = match file(form).await {
        Ok(bytes) => front.pictures.take_in(me, bytes).await,
        Err(refusal) => Err(Error::Refused(refusal)),
    };
    match taken {
        Ok(picture) => Json(picture).into_response(),
        Err(Error::Refused(refusal)) => {
            let status = match refusal {
                PictureRefusal::TooManyBytes | PictureRefusal::TooManyPixels => StatusCode::PAYLOAD_TOO_LARGE,
                PictureRefusal::Unreadable | PictureRefusal::Nothing => StatusCode::UNPROCESSABLE_ENTITY,
            };
            refused(status, &refusal.to_string())
        }
        Err(Error::Unavailable(cause)) => {
            tracing::error!(cause = %cause.0, "a picture could not be taken in");
            refused(
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong on our side, and it has been noted. Please try again in a moment.",
            )
        }
    }
}

async fn file(mut form: Multipart) -> Result<Bytes, PictureRefusal> {
    // What breaks off on the way is a file that did not arrive.
    while let Some(mut field) = form.next_field().await.map_err(|_| PictureRefusal::Nothing)? {
        if field.name() != Some("file") {
            continue;
        }
        let mut bytes = BytesMut::new();
        while let Some(chunk) = field.chunk().await.map_err(|_| PictureRefusal::Nothing)? {
            if bytes.len() + chunk.len() > MOST_UPLOAD_BYTES {
                return Err(PictureRefusal::TooManyBytes);
            }
            bytes.extend_from_slice(&chunk);
        }
        return if bytes.is_empty() { Err(PictureRefusal::Nothing) } else { Ok(bytes.freeze()) };
    }
    Err(PictureRefusal::Nothing)
}

fn refused(status: StatusCode, sentence: &str) -> Response {
    (status, Json(json!({ "refused": sentence }))).into_response()
}
