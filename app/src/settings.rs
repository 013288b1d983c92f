//! My own settings: who I am, how I sign in, my calendar. The pages are in [`crate::door`].

use crate::{
    fault::{Fault, Never},
    uploads::UploadRefusal,
};
use domain::{gatherings::coming::Reminders, mail::address::AddressRefusal, people::ProfileRefusal, sign_in::PasswordRefusal};
use leptos::{
    prelude::*,
    server_fn::codec::{MultipartData, MultipartFormData},
};

/// Changes my profile, and my portrait if a picture comes with the form.
#[server(prefix = "/api", endpoint = "settings/profile", input = MultipartFormData)]
pub async fn change_profile(form: MultipartData) -> Result<(), Fault<UploadRefusal<ProfileRefusal>>> {
    use crate::{
        request::{answer, request},
        uploads::{of_form, read_upload},
    };
    use domain::people::ProfileForm;
    let request = request()?;
    let me = request.me()?;
    let read = read_upload(&request, &me, form).await?;
    let form = ProfileForm {
        display_name: read.text("display_name"),
        pronouns: read.text("pronouns"),
        line: read.text("line"),
        town: read.text("town"),
        interests: read.text("interests"),
        time_zone: read.text("time_zone"),
    };
    answer(request.services.people.change_profile(&me, &form).await.map_err(of_form))?;
    // A picture that was taken in with an earlier, refused try comes back by its id.
    let picture = read.uploaded.first().map(|picture| picture.id).or_else(|| read.text("picture").parse().ok());
    if picture.is_some() {
        answer(request.services.people.change_portrait(&me, picture).await)?;
    }
    leptos_axum::redirect("/settings?done=profile");
    Ok(())
}

/// Takes my portrait away.
#[server(prefix = "/api", endpoint = "settings/portrait/remove")]
pub async fn remove_portrait() -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.people.change_portrait(&me, None).await)?;
    leptos_axum::redirect("/settings?done=no-portrait");
    Ok(())
}

/// Changes my password: every other browser is signed out, this one stays.
#[server(prefix = "/api", endpoint = "settings/password")]
pub async fn change_password(
    #[server(default)] present_password: String,
    #[server(default)] new_password: String,
) -> Result<(), Fault<PasswordRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    let signed_in = answer(request.services.sign_in.change_password(&me, &present_password, &new_password).await)?;
    answer(request.cookie.begin(signed_in).await)?;
    leptos_axum::redirect("/settings/sign-in?done=password");
    Ok(())
}

/// Signs me out wherever I am signed in, here too.
#[server(prefix = "/api", endpoint = "settings/sign-out-everywhere")]
pub async fn sign_out_everywhere() -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.sign_in.end_everywhere(&me).await)?;
    answer(request.cookie.end().await)?;
    crate::request::forget_in_browser();
    leptos_axum::redirect("/sign-in?done=everywhere");
    Ok(())
}

/// Keeps of what I want to be reminded.
#[server(prefix = "/api", endpoint = "settings/reminders")]
pub async fn change_reminders(reminders: Reminders) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.gatherings.save_reminders(&me, reminders).await)?;
    leptos_axum::redirect("/settings/notifications?done=reminders");
    Ok(())
}

/// Writes to an address, to find out whether it is mine.
#[server(prefix = "/api", endpoint = "settings/mail/address")]
pub async fn change_mail_address(#[server(default)] address: String) -> Result<(), Fault<AddressRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.mail.ask_to_confirm(&me, &address).await)?;
    leptos_axum::redirect("/settings/notifications?done=asked#mail");
    Ok(())
}

/// Keeps what I want by mail; what is ticked is any text.
#[server(prefix = "/api", endpoint = "settings/mail/wishes")]
pub async fn change_mail_wishes(
    #[server(default)] reminders: String,
    #[server(default)] changes: String,
    #[server(default)] weekly: String,
) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    use domain::mail::address::MailWishes;
    let request = request()?;
    let me = request.me()?;
    let wishes = MailWishes { reminders: !reminders.is_empty(), changes: !changes.is_empty(), weekly: !weekly.is_empty() };
    answer(request.services.mail.save_wishes(&me, wishes).await)?;
    leptos_axum::redirect("/settings/notifications?done=wishes#mail");
    Ok(())
}

/// Forgets my address.
#[server(prefix = "/api", endpoint = "settings/mail/forget")]
pub async fn forget_mail_address() -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.mail.forget_address(&me).await)?;
    leptos_axum::redirect("/settings/notifications?done=no-mail#mail");
    Ok(())
}

/// Puts a new address for my calendar in place of the old one.
#[server(prefix = "/api", endpoint = "settings/calendar/renew")]
pub async fn renew_calendar() -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    let fresh = request.services.codes.new_code();
    answer(request.services.gatherings.renew_calendar_secret(&me, &fresh).await)?;
    leptos_axum::redirect("/settings/calendar?done=calendar");
    Ok(())
}
