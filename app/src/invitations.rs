//! Coming in: invitations, joining by one, and asking at the front door. The pages are in [`crate::door`].

use crate::fault::{Fault, Never};
use domain::{
    ids::{AskId, InvitationId, PartyId},
    invitations::{AskForm, AskRefusal, InvitationForm, InviteRefusal, JoinForm, JoinRefusal},
    text::TextRefusal,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Whom an invitation is for: the first choice of the form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForWhom {
    /// One person, by name.
    #[default]
    Person,
    /// Whoever of a group has the link.
    Group,
}

impl ForWhom {
    /// The form without what was typed for the other choice.
    pub fn only(self, form: InvitationForm) -> InvitationForm {
        match self {
            Self::Person => InvitationForm { label: String::new(), ..form },
            Self::Group => InvitationForm { name: String::new(), ..form },
        }
    }
}

/// Makes an invitation and shows it.
#[server(prefix = "/api", endpoint = "invitations/make")]
pub async fn make_invitation(
    #[server(default)] kind: ForWhom,
    #[server(default)] form: InvitationForm,
) -> Result<(), Fault<InviteRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    let invitation = answer(request.services.invitations.invite(&me, &kind.only(form)).await)?;
    leptos_axum::redirect(&format!("/hosting/invitations/{}", invitation.id));
    Ok(())
}

/// Takes an invitation back; from the page of a party, to which one goes back.
#[server(prefix = "/api", endpoint = "invitations/take-back")]
pub async fn revoke_invitation(invitation: InvitationId, #[server(default)] party: Option<PartyId>) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let me = request.me()?;
    answer(request.services.invitations.revoke(&me, invitation).await)?;
    let from = party.map(|party| format!("/roster/{party}")).unwrap_or_default();
    leptos_axum::redirect(&format!("/hosting/invitations{from}?done=taken-back"));
    Ok(())
}

/// Makes an account by an invitation and signs it in.
#[server(prefix = "/api", endpoint = "join")]
pub async fn join(#[server(default)] code: String, #[server(default)] form: JoinForm) -> Result<(), Fault<JoinRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let community = request.community()?;
    let signed_in = answer(request.services.invitations.join(&code, &form, community.zone.name()).await)?;
    answer(request.cookie.begin(signed_in).await)?;
    // Whoever comes before the opening day of their party is shown who else is here.
    let me = answer(request.services.sign_in.me(signed_in).await)?;
    let awaits = match &me {
        Some(me) => answer(request.services.rosters.awaited(me).await)?.iter().any(|awaited| awaited.is_of(me)),
        None => false,
    };
    leptos_axum::redirect(if awaits { "/party" } else { "/welcome" });
    Ok(())
}

/// Takes down a visitor's wish to join, and leads them to the address where they will see the answer.
#[server(prefix = "/api", endpoint = "asks/ask")]
pub async fn ask_to_join(#[server(default)] form: AskForm) -> Result<(), Fault<AskRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let code = answer(request.services.invitations.ask(&form).await)?;
    leptos_axum::redirect(&format!("/ask/{code}"));
    Ok(())
}

/// Lets somebody in who asked.
#[server(prefix = "/api", endpoint = "asks/welcome")]
pub async fn welcome_asker(ask: AskId) -> Result<(), Fault<Never>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let waited = answer(request.services.invitations.approve(&host, ask).await)?;
    leptos_axum::redirect(if waited { "/hosting/invitations?done=welcomed" } else { "/hosting/invitations?done=answered-before" });
    Ok(())
}

/// Declines somebody who asked, with kind words or none.
#[server(prefix = "/api", endpoint = "asks/decline")]
pub async fn decline_asker(ask: AskId, #[server(default)] words: String) -> Result<(), Fault<TextRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let host = request.host()?;
    let waited = answer(request.services.invitations.decline(&host, ask, &words).await)?;
    leptos_axum::redirect(if waited { "/hosting/invitations?done=declined" } else { "/hosting/invitations?done=answered-before" });
    Ok(())
}
