//! Rosters of groups that move in together: bringing one, saying yes to what would become of it, and undoing that. The pages are in
//! [`crate::door`]. To whoever is no host, there is none of it.

use crate::fault::{Fault, Never};
use domain::{
    ids::PartyId,
    rosters::{
        RosterRefusal,
        opening::{OpeningForm, OpeningRefusal},
    },
};
use leptos::{
    prelude::*,
    server_fn::codec::{MultipartData, MultipartFormData},
};

/// Reads a roster, and shows what would become of each of its lines. Nobody is invited yet.
#[server(prefix = "/api", endpoint = "rosters/bring", input = MultipartFormData)]
pub async fn bring_roster(form: MultipartData) -> Result<(), Fault<RosterRefusal>> {
    use crate::request::{answer, read_text_form, request};
    use domain::{
        outcome::OrRefuse,
        rosters::{MOST_BYTES, RosterForm},
    };
    let request = request()?;
    let host = request.host()?;
    let read = read_text_form(&request, form, MOST_BYTES).await;
    let refusal = |too_large: bool| if too_large { RosterRefusal::TooLarge } else { RosterRefusal::Broken };
    let (fields, file) = answer(read.map_err(refusal).or_refuse())?;
    let typed =
        RosterForm { called: fields.text("called"), days: fields.text("days"), text: fields.text("text"), instead: fields.text("instead") };
    let code = request.services.codes.new_code();
    answer(request.services.rosters.bring(&host, &code, &typed, file).await)?;
    leptos_axum::redirect(&format!("/hosting/invitations/roster?roster={code}"));
    Ok(())
}

/// Invites those of a waiting roster whose lines can go on, and shows their cards.
#[server(prefix = "/api", endpoint = "rosters/invite")]
pub async fn invite_roster(#[server(default)] roster: String, #[server(default)] seen: String) -> Result<(), Fault<RosterRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let party = answer(request.services.rosters.invite(&host, &roster, &seen).await)?;
    leptos_axum::redirect(&format!("/hosting/invitations/roster/{party}?done=invited"));
    Ok(())
}

/// Takes back what nobody of a party has claimed.
#[server(prefix = "/api", endpoint = "rosters/undo")]
pub async fn undo_party(party: PartyId) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request, status};
    let request = request()?;
    let host = request.host()?;
    if answer(request.services.rosters.undo(&host, party).await)?.is_none() {
        status(axum::http::StatusCode::NOT_FOUND);
        return Err(Fault::NotYours);
    }
    leptos_axum::redirect(&format!("/hosting/invitations/roster/{party}?done=undone"));
    Ok(())
}

/// Gives a party an opening day.
#[server(prefix = "/api", endpoint = "rosters/opening")]
pub async fn set_opening(party: PartyId, #[server(default)] form: OpeningForm) -> Result<(), Fault<OpeningRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let zone = request.community()?.zone.clone();
    answer(request.services.rosters.set_opening(&host, party, &form, &zone).await)?;
    leptos_axum::redirect(&format!("/hosting/invitations/roster/{party}?done=opening"));
    Ok(())
}

/// Takes a party's opening day away.
#[server(prefix = "/api", endpoint = "rosters/call-off")]
pub async fn call_off_opening(party: PartyId) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let done = if answer(request.services.rosters.call_off_opening(&host, party).await)? { "called-off" } else { "opened" };
    leptos_axum::redirect(&format!("/hosting/invitations/roster/{party}?done={done}"));
    Ok(())
}
