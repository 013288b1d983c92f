//! What people take upon themselves: things to bring to a session, and hosting it. The pages are in [`crate::door`].

use crate::fault::Fault;
use domain::gatherings::{
    bring::{BringRefusal, ListForm},
    rota::{RotaForm, RotaRefusal},
};
use leptos::prelude::*;

/// Takes so many of a thing that is to be brought, in place of those that one took before; none gives it back.
#[server(prefix = "/api", endpoint = "bring/take")]
pub async fn take_thing(slug: String, session: String, thing: String, many: u32) -> Result<(), Fault<BringRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    crate::request::answer(request.services.bring.bring(&me, (&slug, &session), &thing, many).await)?;
    let done = if many == 0 { "given-back" } else { "taken" };
    // Where that was the last of a list that is empty by now, there is no page of it.
    match crate::request::answer(request.services.bring.page(&me, &slug, &session).await)? {
        Some(_) => back(&slug, &session, &format!("?done={done}")),
        None => super::rooms::back(&slug, &session, ""),
    }
    Ok(())
}

/// Keeps the list of what is to be brought to a session, or each time.
#[server(prefix = "/api", endpoint = "bring/list")]
pub async fn write_list(slug: String, session: String, #[server(default)] form: ListForm) -> Result<(), Fault<BringRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    crate::request::answer(request.services.bring.write(&me, (&slug, &session), &form).await)?;
    back(&slug, &session, "?done=list");
    Ok(())
}

/// Keeps whose turn it is at the next sessions: as chosen, or in turns.
#[server(prefix = "/api", endpoint = "bring/rota")]
pub async fn keep_rota(
    slug: String,
    #[server(default)] form: RotaForm,
    #[server(default)] in_turns: Option<String>,
) -> Result<(), Fault<RotaRefusal>> {
    let request = crate::request::request()?;
    let me = request.me()?;
    crate::request::answer(request.services.bring.keep_rota(&me, &slug, &form, in_turns.is_some()).await)?;
    leptos_axum::redirect(&format!("/gatherings/{}/edit?done=rota#rota", crate::address::encoded(&slug)));
    Ok(())
}

#[cfg(feature = "ssr")]
fn back(slug: &str, session: &str, part: &str) {
    // What is no date leads nowhere else.
    let session: String = session.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
    leptos_axum::redirect(&format!("/gatherings/{}/{session}/bring{part}", crate::address::encoded(slug)));
}
