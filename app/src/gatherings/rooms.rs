//! What is done in the room of a session and with what is left of it. The pages are in [`crate::door`].
//!
//! Each leads back to the session's page; the room's script stays where it is, and asks for the part that changed.

use crate::{fault::Fault, uploads::UploadRefusal};
use domain::{
    gatherings::{
        attendance::{AttendanceRefusal, CheckForm},
        clock::Act,
        room::RoomRefusal,
    },
    ids::PictureId,
    timeline::PostRefusal,
};
use leptos::{
    prelude::*,
    server_fn::codec::{MultipartData, MultipartFormData},
};

/// Sets the clock of a room.
#[server(prefix = "/api", endpoint = "rooms/clock")]
pub async fn set_clock(slug: String, session: String, act: Act, seen: i64) -> Result<(), Fault<RoomRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    crate::request::answer(request.services.rooms.act(&me, (&slug, &session), act, seen).await)?;
    back(&slug, &session, "#clock");
    Ok(())
}

/// Says that one is in a room.
#[server(prefix = "/api", endpoint = "rooms/here")]
pub async fn be_here(slug: String, session: String) -> Result<(), Fault<RoomRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    crate::request::answer(request.services.rooms.be_here(&me, (&slug, &session)).await)?;
    back(&slug, &session, "");
    Ok(())
}

/// Says that one leaves a room.
#[server(prefix = "/api", endpoint = "rooms/gone")]
pub async fn be_gone(slug: String, session: String) -> Result<(), Fault<RoomRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    crate::request::answer(request.services.rooms.be_gone(&me, (&slug, &session)).await)
}

/// Lets others see in which room one is, or not; said in a room, or in the settings.
#[server(prefix = "/api", endpoint = "rooms/shown")]
pub async fn be_shown(#[server(default)] slug: String, #[server(default)] session: String, shown: bool) -> Result<(), Fault<RoomRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    crate::request::answer(request.services.rooms.be_shown(&me, shown).await)?;
    if slug.is_empty() {
        leptos_axum::redirect("/settings/calendar#been");
        return Ok(());
    }
    if shown {
        crate::request::answer(request.services.rooms.be_here(&me, (&slug, &session)).await)?;
    }
    back(&slug, &session, "#here");
    Ok(())
}

/// Hangs pictures on the wall.
#[server(prefix = "/api", endpoint = "rooms/wall", input = MultipartFormData)]
pub async fn hang_up(form: MultipartData) -> Result<(), Fault<UploadRefusal<RoomRefusal>>> {
    use crate::{
        request::{answer, request},
        uploads::{of_form, read_uploads},
    };
    use domain::gatherings::room::MOST_AT_ONCE;
    let request = request()?;
    let me = request.me()?;
    let form = read_uploads(&request, &me, form, MOST_AT_ONCE).await?;
    let (slug, session) = (form.text("slug"), form.text("session"));
    let mut pictures = form.pictures();
    // One description stands for all that come at once.
    let alt = form.text("new_alt");
    pictures.iter_mut().for_each(|picture| picture.alt.clone_from(&alt));
    answer(request.services.rooms.hang_up(&me, (&slug, &session), &pictures).await.map_err(of_form))?;
    back(&slug, &session, "#wall");
    Ok(())
}

/// Takes a picture down from the wall.
#[server(prefix = "/api", endpoint = "rooms/take-down")]
pub async fn take_down(slug: String, session: String, picture: PictureId) -> Result<(), Fault<RoomRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    crate::request::answer(request.services.rooms.take_down(&me, (&slug, &session), picture).await)?;
    back(&slug, &session, "#wall");
    Ok(())
}

/// Says whether visitors may see a picture of one's own.
#[server(prefix = "/api", endpoint = "rooms/agree")]
pub async fn agree(slug: String, session: String, picture: PictureId, agreed: bool) -> Result<(), Fault<RoomRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    crate::request::answer(request.services.rooms.agree(&me, (&slug, &session), picture, agreed).await)?;
    back(&slug, &session, "#wall");
    Ok(())
}

/// Says something in a room.
#[server(prefix = "/api", endpoint = "rooms/say")]
pub async fn say(slug: String, session: String, text: String) -> Result<(), Fault<PostRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    crate::request::answer(request.services.rooms.say(&me, (&slug, &session), &text).await)?;
    back(&slug, &session, "#talk");
    Ok(())
}

/// Says of oneself whether one was at a session. `from` is where that was said: `settings`, else its page.
#[server(prefix = "/api", endpoint = "rooms/was-there")]
pub async fn was_there(slug: String, session: String, came: bool, #[server(default)] from: String) -> Result<(), Fault<AttendanceRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    crate::request::answer(request.services.rooms.was_there(&me, (&slug, &session), came).await)?;
    if from == "settings" {
        leptos_axum::redirect("/settings/calendar#been");
    } else {
        back(&slug, &session, "#mine");
    }
    Ok(())
}

/// Keeps the host's list of who was there.
#[server(prefix = "/api", endpoint = "rooms/check")]
pub async fn check(slug: String, session: String, #[server(default)] form: CheckForm) -> Result<(), Fault<AttendanceRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    crate::request::answer(request.services.rooms.check(&me, (&slug, &session), &form).await)?;
    back(&slug, &session, "#who-came");
    Ok(())
}

/// Says that a gathering is still on.
#[server(prefix = "/api", endpoint = "gatherings/still-on")]
pub async fn keep_on(slug: String) -> Result<(), Fault<RoomRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    crate::request::answer(request.services.rooms.keep_on(&me, &slug).await)?;
    leptos_axum::redirect(&format!("/gatherings/{}", crate::address::encoded(&slug)));
    Ok(())
}

/// Keeps the host's note, and whether the keepsake is for visitors, too.
#[server(prefix = "/api", endpoint = "rooms/note")]
pub async fn keep_note(
    slug: String,
    session: String,
    note: String,
    #[server(default)] publish: Option<String>,
) -> Result<(), Fault<RoomRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    crate::request::answer(request.services.rooms.keep_note(&me, (&slug, &session), &note, publish.is_some()).await)?;
    back(&slug, &session, "#note");
    Ok(())
}

/// Leads back to a session's page, or to a part of it.
#[cfg(feature = "ssr")]
pub(super) fn back(slug: &str, session: &str, part: &str) {
    // What is no date leads nowhere else.
    let session: String = session.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
    leptos_axum::redirect(&format!("/gatherings/{}/{session}{part}", crate::address::encoded(slug)));
}
