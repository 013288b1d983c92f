//! Bringing a calendar file along: sending it, and saying yes to what of it is taken in. The page between the two is in [`crate::door`].

use crate::fault::Fault;
use domain::gatherings::import::ImportRefusal;
use leptos::{
    prelude::*,
    server_fn::codec::{MultipartData, MultipartFormData},
};

/// Reads a calendar file, and shows what would become of it. Nothing of it is on the agenda yet.
#[server(prefix = "/api", endpoint = "gatherings/import/read", input = MultipartFormData)]
pub async fn read_calendar_file(form: MultipartData) -> Result<(), Fault<ImportRefusal>> {
    use crate::request::{answer, read_file, request};
    use domain::{gatherings::import::MOST_BYTES, outcome::OrRefuse};
    let request = request()?;
    let me = request.me()?;
    let services = &request.services;
    let file = answer(
        read_file(form, MOST_BYTES)
            .await
            .map_err(|too_large| match too_large {
                true => ImportRefusal::TooLarge,
                false => ImportRefusal::Broken,
            })
            .or_refuse(),
    )?;
    let code = services.codes.new_code();
    answer(services.imports.wait(&me, &code, file).await)?;
    leptos_axum::redirect(&format!("/gatherings/import?file={code}"));
    Ok(())
}

/// Takes what is ticked of a waiting file in, and shows it.
#[server(prefix = "/api", endpoint = "gatherings/import/take")]
pub async fn take_calendar_in(
    #[server(default)] file: String,
    #[server(default)] take: Vec<String>,
    #[server(default)] audience: String,
) -> Result<(), Fault<ImportRefusal>> {
    use crate::request::{answer, request};
    use domain::timeline::Audience;
    let request = request()?;
    let me = request.me()?;
    let zone = &request.community()?.zone;
    let ticked = take.iter().filter_map(|at| at.parse().ok()).collect();
    let audience = Audience::from_word(&audience).unwrap_or_default();
    let slugs = answer(request.services.imports.take(&me, &file, &ticked, zone, audience).await)?;
    match slugs.as_slice() {
        [slug] => leptos_axum::redirect(&format!("/gatherings/{}", crate::address::encoded(slug))),
        all => leptos_axum::redirect(&format!("/gatherings/import?taken={}", all.len())),
    }
    Ok(())
}
