//! The weekly letter: keeping its draft, sending it, and on which day it is due. The pages are in [`crate::door`].
//!
//! For whoever is no host there is nothing at these addresses: the same 404, whatever is asked.

use crate::fault::{Fault, Never};
use domain::weekly::{LetterForm, LetterRefusal};
use leptos::prelude::*;

/// Keeps the draft, and goes on as the button says: `look` at it before it goes, begin `again` from the week, or nothing more.
#[server(prefix = "/api", endpoint = "hosting/letter/keep")]
pub async fn keep_letter(#[server(default)] form: LetterForm, #[server(default)] then: String) -> Result<(), Fault<LetterRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let weekly = &request.services.weekly;
    answer(weekly.keep(&host, &form).await)?;
    let address = match then.as_str() {
        "look" => {
            // What is wrong with it is said where it can be mended; the draft is kept all the same.
            answer(weekly.preview(&host).await)?;
            "/hosting/letter/preview"
        }
        "again" => "/hosting/letter?again=yes",
        _ => "/hosting/letter?done=kept",
    };
    leptos_axum::redirect(address);
    Ok(())
}

/// Sends the draft as it was seen.
#[server(prefix = "/api", endpoint = "hosting/letter/send")]
pub async fn send_letter(#[server(default)] seen: i64) -> Result<(), Fault<LetterRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    answer(request.services.weekly.send(&host, seen).await)?;
    leptos_axum::redirect("/hosting/letter?done=sent");
    Ok(())
}

/// Chooses the day of the week on which a letter is due: 0 is Monday.
#[server(prefix = "/api", endpoint = "hosting/letter/day")]
pub async fn choose_letter_day(#[server(default)] day: u8) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    // The form has seven days; what is none of them changes nothing.
    if let Ok(day) = chrono::Weekday::try_from(day) {
        answer(request.services.weekly.choose_day(&host, day).await)?;
    }
    leptos_axum::redirect("/hosting/letter?done=day");
    Ok(())
}
