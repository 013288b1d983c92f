//! Shaping the place: its settings, words, looks, rules and roles. For admins; the pages are in [`crate::door`].

use crate::{
    fault::{Fault, Never},
    uploads::UploadRefusal,
};
use domain::{
    community::{CommunityForm, CommunityRefusal, Words},
    people::{Role, RoleRefusal},
};
use leptos::{
    prelude::*,
    server_fn::codec::{MultipartData, MultipartFormData},
};

/// Changes the settings of the place.
#[server(prefix = "/api", endpoint = "community/change")]
pub async fn change_community(#[server(default)] form: CommunityForm) -> Result<(), Fault<CommunityRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let admin = request.admin()?;
    answer(request.services.place.change(&admin, &form).await)?;
    leptos_axum::redirect("/admin?done=place");
    Ok(())
}

/// Changes the words for things.
#[server(prefix = "/api", endpoint = "community/words")]
pub async fn change_words(#[server(default)] words: Words) -> Result<(), Fault<CommunityRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let admin = request.admin()?;
    answer(request.services.place.change_words(&admin, &words).await)?;
    leptos_axum::redirect("/admin/words?done=words");
    Ok(())
}

/// Changes the accent: a colour of the palette, or `own` and a colour of one's own.
#[server(prefix = "/api", endpoint = "community/accent")]
pub async fn change_accent(#[server(default)] accent: String, #[server(default)] own: String) -> Result<(), Fault<CommunityRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let admin = request.admin()?;
    answer(request.services.place.change_accent(&admin, chosen_accent(&accent, &own)).await)?;
    leptos_axum::redirect("/admin/looks?done=accent");
    Ok(())
}

/// The colour that the form's two fields mean.
pub fn chosen_accent<'a>(accent: &'a str, own: &'a str) -> &'a str {
    if accent == "own" { own } else { accent }
}

/// Changes the logo to the picture that comes with the form.
#[server(prefix = "/api", endpoint = "community/logo", input = MultipartFormData)]
pub async fn change_logo(form: MultipartData) -> Result<(), Fault<UploadRefusal<Never>>> {
    use crate::{
        request::{answer, request},
        uploads::read_upload,
    };
    use domain::{outcome::Error, pictures::PictureRefusal};
    let request = request()?;
    let admin = request.admin()?;
    let read = read_upload(&request, admin.me(), form).await?;
    let picture = answer(read.uploaded.first().ok_or(Error::Refused(UploadRefusal::Picture(PictureRefusal::Nothing))))?;
    answer(request.services.place.change_logo(&admin, Some(picture.id)).await)?;
    leptos_axum::redirect("/admin/looks?done=logo");
    Ok(())
}

/// Takes the logo away: the lantern comes back.
#[server(prefix = "/api", endpoint = "community/logo/remove")]
pub async fn remove_logo() -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let admin = request.admin()?;
    answer(request.services.place.change_logo(&admin, None).await)?;
    leptos_axum::redirect("/admin/looks?done=no-logo");
    Ok(())
}

/// Puts new house rules in force.
#[server(prefix = "/api", endpoint = "community/rules")]
pub async fn change_rules(#[server(default)] markdown: String) -> Result<(), Fault<CommunityRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let admin = request.admin()?;
    answer(request.services.place.change_rules(&admin, &markdown).await)?;
    leptos_axum::redirect("/admin/rules?done=rules");
    Ok(())
}

/// Makes somebody a member, a host or an admin.
#[server(prefix = "/api", endpoint = "community/role")]
pub async fn change_role(#[server(default)] name: String, role: Role) -> Result<(), Fault<RoleRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let admin = request.admin()?;
    answer(request.services.people.change_role(&admin, &name, role).await)?;
    // Whoever has just stepped down has no such page any more.
    let mine = admin.me().name.as_str() == name.trim().trim_start_matches('@').to_lowercase();
    leptos_axum::redirect(if mine && role != Role::Admin { "/" } else { "/admin/roles?done=role" });
    Ok(())
}
