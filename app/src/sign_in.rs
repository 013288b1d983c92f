//! Signing in and out, and setting a new password by a link that a host made. The pages are in [`crate::door`].

use crate::fault::{Fault, Never};
use domain::sign_in::{PasswordRefusal, ResetRefusal, SignInRefusal};
use leptos::{prelude::*, server_fn::ServerFn};

/// Signs this browser in and goes on to `next`.
#[server(prefix = "/api", endpoint = "sign-in")]
pub async fn sign_in(
    #[server(default)] name: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), Fault<SignInRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let signed_in = answer(request.services.sign_in.sign_in(&name, &password, &request.from).await)?;
    answer(request.cookie.begin(signed_in).await)?;
    leptos_axum::redirect(&local(&next).unwrap_or_else(|| "/".to_owned()));
    Ok(())
}

/// Signs this browser out.
#[server(prefix = "/api", endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    answer(request.cookie.end().await)?;
    crate::request::forget_in_browser();
    leptos_axum::redirect("/");
    Ok(())
}

/// Sets a new password by the code of a link, once, and signs this browser in.
#[server(prefix = "/api", endpoint = "reset-password")]
pub async fn reset_password(
    #[server(default)] code: String,
    #[server(default)] new_password: String,
) -> Result<(), Fault<PasswordRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let signed_in = answer(request.services.sign_in.reset(&code, &new_password).await)?;
    answer(request.cookie.begin(signed_in).await)?;
    leptos_axum::redirect("/");
    Ok(())
}

/// Makes the link by which a member sets a new password; a host then gives it to them.
#[server(prefix = "/api", endpoint = "hosting/sign-in-help")]
pub async fn help_sign_in(#[server(default)] name: String) -> Result<(), Fault<ResetRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let code = answer(request.services.sign_in.make_reset(&host, &name).await)?;
    leptos_axum::redirect(&format!("/hosting/sign-in-help?code={code}"));
    Ok(())
}

/// Where the sign-out button sends its form.
pub fn sign_out_address() -> &'static str {
    SignOut::url()
}

/// The address as it is sent, if a browser would stay in this place with it: `//evil` and `/\evil` are other places.
pub fn local(address: &str) -> Option<String> {
    let plain = address.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic() && byte != b'\\' || !byte.is_ascii());
    let stays = plain && address.starts_with('/') && !address.starts_with("//");
    // What was read from a query has lost its escapes.
    let escaped = |byte: u8| if byte.is_ascii_graphic() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    stays.then(|| address.bytes().map(escaped).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_this_place_is_gone_on_to() {
        assert_eq!(local("/posts/7?x=1#reply").as_deref(), Some("/posts/7?x=1#reply"));
        assert_eq!(local("/gatherings/sopa-à-noite").as_deref(), Some("/gatherings/sopa-%C3%A0-noite"));
        for elsewhere in ["", "posts", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "ä"] {
            assert_eq!(local(elsewhere), None, "{elsewhere}");
        }
    }
}
