//! What hosts do about the pulse: leave somebody be, and write to them. The pages are in [`crate::door`].

use crate::fault::{Fault, Never};
use domain::timeline::PostRefusal;
use leptos::prelude::*;

/// Leaves somebody be for some time, for all hosts.
#[server(prefix = "/api", endpoint = "pulse/leave-be")]
pub async fn leave_be(#[server(default)] name: String) -> Result<(), Fault<Never>> {
    let request = crate::request::request()?;
    let host = request.host()?;
    crate::request::answer(request.services.pulse.leave_be(&host, &name).await)?;
    leptos_axum::redirect("/hosting/pulse?done=left-be");
    Ok(())
}

/// Looks out for somebody again who was left be.
#[server(prefix = "/api", endpoint = "pulse/look-out-for")]
pub async fn look_out_for(#[server(default)] name: String) -> Result<(), Fault<Never>> {
    let request = crate::request::request()?;
    let host = request.host()?;
    crate::request::answer(request.services.pulse.look_out_for(&host, &name).await)?;
    leptos_axum::redirect("/hosting/pulse?done=looked-out-for");
    Ok(())
}

/// Writes to somebody, and to nobody else.
#[server(prefix = "/api", endpoint = "pulse/write")]
pub async fn write_to_them(#[server(default)] name: String, #[server(default)] markdown: String) -> Result<(), Fault<PostRefusal>> {
    let request = crate::request::request()?;
    let host = request.host()?;
    crate::request::answer(request.services.hosting.rounds.greet(&host, &name, &markdown).await)?;
    leptos_axum::redirect("/hosting/pulse?done=wrote");
    Ok(())
}
