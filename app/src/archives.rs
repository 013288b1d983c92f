//! What a group had before it moved in: chats that hosts bring along, and what everybody says of their own words. The pages are in
//! [`crate::door`]. Of a chat there is nothing for whoever is no host, but their own words.

use crate::fault::{Fault, Never};
use domain::{archives::ArchiveRefusal, ids::ArchiveId};
use leptos::{
    prelude::*,
    server_fn::codec::{MultipartData, MultipartFormData},
};
use std::collections::BTreeMap;

/// Takes an exported chat in. Nobody is asked yet.
#[server(prefix = "/api", endpoint = "archives/chat", input = MultipartFormData)]
pub async fn bring_chat(form: MultipartData) -> Result<(), Fault<ArchiveRefusal>> {
    use crate::request::{answer, read_text_form, request};
    use domain::{
        archives::{ChatForm, MOST_BYTES, chat::Order},
        outcome::OrRefuse,
    };
    let request = request()?;
    let host = request.host()?;
    let refusal = |too_large: bool| if too_large { ArchiveRefusal::TooLarge } else { ArchiveRefusal::Broken };
    let read = read_text_form(&request, form, MOST_BYTES).await;
    let (fields, file) = answer(read.map_err(refusal).or_refuse())?;
    let typed = ChatForm { called: fields.text("called"), order: Order::from_word(&fields.text("order")) };
    let zone = request.community()?.zone.clone();
    let chat = answer(request.services.archives.bring_chat(&host, &typed, file, &zone).await)?;
    leptos_axum::redirect(&format!("/hosting/invitations/chats/{chat}?done=read"));
    Ok(())
}

/// Says who the voices of a chat are, and asks those people.
#[server(prefix = "/api", endpoint = "archives/ask")]
pub async fn ask_voices(chat: ArchiveId, #[server(default)] who: BTreeMap<String, String>) -> Result<(), Fault<ArchiveRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let who: Vec<(u32, String)> = who.into_iter().filter_map(|(place, name)| Some((place.parse().ok()?, name))).collect();
    answer(request.services.archives.ask_voices(&host, chat, &who).await)?;
    leptos_axum::redirect(&format!("/hosting/invitations/chats/{chat}?done=asked"));
    Ok(())
}

/// Throws away what waits of a chat.
#[server(prefix = "/api", endpoint = "archives/throw-away")]
pub async fn throw_chat_away(chat: ArchiveId) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request, status};
    let request = request()?;
    let host = request.host()?;
    if !answer(request.services.archives.throw_away(&host, chat).await)? {
        status(axum::http::StatusCode::NOT_FOUND);
        return Err(Fault::NotYours);
    }
    leptos_axum::redirect("/hosting/invitations/chats?done=thrown");
    Ok(())
}

/// Takes in what the member posted elsewhere. It waits for their yes.
#[server(prefix = "/api", endpoint = "archives/posts", input = MultipartFormData)]
pub async fn bring_posts(form: MultipartData) -> Result<(), Fault<ArchiveRefusal>> {
    use crate::request::{answer, read_text_form, request};
    use domain::{archives::MOST_BYTES, outcome::OrRefuse};
    let request = request()?;
    let me = request.me()?;
    let refusal = |too_large: bool| if too_large { ArchiveRefusal::TooLarge } else { ArchiveRefusal::Broken };
    let read = read_text_form(&request, form, MOST_BYTES).await;
    let (_, file) = answer(read.map_err(refusal).or_refuse())?;
    let archive = answer(request.services.archives.bring_posts(&me, file).await)?;
    leptos_axum::redirect(&format!("/settings/archives/{archive}?show=words"));
    Ok(())
}

/// Has some of the member's messages that are shown be left out, and the others not. `says` may be `yes`, which lets the others come along;
/// `then` is from which place on the next page shows them.
#[server(prefix = "/api", endpoint = "archives/leave-out")]
pub async fn leave_out(
    archive: ArchiveId,
    #[server(default)] shown: Vec<u32>,
    #[server(default)] out: Vec<u32>,
    #[server(default)] from: u32,
    #[server(default)] says: String,
    #[server(default)] then: Option<u32>,
) -> Result<(), Fault<ArchiveRefusal>> {
    use crate::request::{answer, request};
    use domain::{
        archives::{Answer, PAGE},
        outcome::OrRefuse,
    };
    let request = request()?;
    let me = request.me()?;
    let archives = &request.services.archives;
    let shown = shown.get(..PAGE).unwrap_or(&shown);
    let kept = archives.leave_out(&me, archive, shown, &out).await;
    answer(kept.map_err(Into::into).and_then(|kept| Some(()).filter(|()| kept).ok_or(ArchiveRefusal::Gone).or_refuse()))?;
    if says == Answer::Yes.word() {
        answer(archives.answer(&me, archive, Answer::Yes).await)?;
        leptos_axum::redirect(&format!("/settings/archives/{archive}?done=yes"));
    } else {
        let from = then.unwrap_or(from);
        leptos_axum::redirect(&format!("/settings/archives/{archive}?show=words&from={from}&done=left-out"));
    }
    Ok(())
}

/// Answers whether the member's words come along: `yes`, `no`, or `not-me`.
#[server(prefix = "/api", endpoint = "archives/answer")]
pub async fn answer_archive(archive: ArchiveId, #[server(default)] says: String) -> Result<(), Fault<ArchiveRefusal>> {
    use crate::request::{answer, request};
    use domain::{archives::Answer, outcome::Error};
    let request = request()?;
    let me = request.me()?;
    let archives = &request.services.archives;
    answer(match (Answer::from_word(&says), says.as_str()) {
        (Some(said), _) => archives.answer(&me, archive, said).await,
        (None, "not-me") => archives.not_me(&me, archive).await,
        (None, _) => Err(Error::Refused(ArchiveRefusal::Gone)),
    })?;
    leptos_axum::redirect(&match says.as_str() {
        "yes" => format!("/settings/archives/{archive}?done=yes"),
        said => format!("/settings/archives?done={said}"),
    });
    Ok(())
}
