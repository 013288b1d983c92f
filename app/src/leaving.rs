//! Going away: leaving, and an admin who removes somebody. The pages are in [`crate::door`].

use crate::fault::Fault;
use domain::leaving::{LeaveRefusal, RemoveRefusal};
use leptos::prelude::*;

/// Deletes my account with everything that is mine, with my password, and signs me out.
#[server(prefix = "/api", endpoint = "settings/leave")]
pub async fn leave(#[server(default)] password: String) -> Result<(), Fault<LeaveRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.leaving.leave(&me, &password).await)?;
    answer(request.cookie.end().await)?;
    crate::request::forget_in_browser();
    leptos_axum::redirect("/?done=left");
    Ok(())
}

/// Removes a member, whose name is typed once more.
#[server(prefix = "/api", endpoint = "admin/remove")]
pub async fn remove_member(#[server(default)] name: String, #[server(default)] typed: String) -> Result<(), Fault<RemoveRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let admin = request.admin()?;
    answer(request.services.leaving.remove(&admin, &name, &typed).await)?;
    leptos_axum::redirect("/admin/roles?done=removed");
    Ok(())
}
