//! Signing in and out.
use crate::fault::{Fault, Never};
use leptos::{prelude::*, server_fn::ServerFn};

/// Signs this browser out.
#[server(prefix = "/api", endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    answer(request.cookie.end().await)?;
    leptos_axum::redirect("/");
    Ok(())
}

/// Where the sign-out button sends its form.
pub fn sign_out_address() -> &'static str {
    SignOut::url()
}
