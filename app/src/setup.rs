//! Founding the community, step by step. Whoever holds the key of the one-time link takes the steps; the pages are in
//! [`crate::door`].

use crate::{fault::Fault, invitations::ForWhom};
use domain::{
    gatherings::PlanRefusal,
    invitations::{InvitationForm, InviteRefusal, JoinForm},
    setup::{FirstRefusal, PlaceForm, SetupRefusal},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The form for the first gathering, as typed: only what nobody can do without.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FirstGatheringForm {
    /// What it is called.
    pub title: String,
    /// The first date, `yyyy-mm-dd`.
    pub date: String,
    /// The wall-clock start, `hh:mm`.
    pub time: String,
    /// How often.
    pub often: crate::gatherings::plan::Often,
    /// `online` or `place`.
    pub at: String,
    /// Where to go.
    pub place: String,
    /// Where to click.
    pub link: String,
}

/// The first step: the place.
#[server(prefix = "/api", endpoint = "setup/place")]
pub async fn found_place(#[server(default)] form: PlaceForm) -> Result<(), Fault<SetupRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let key = on_the_server::key(&request, |dead| dead).await?;
    answer(request.services.setup.place(&key, &form).await)?;
    leptos_axum::redirect("/setup");
    Ok(())
}

/// The second step: the founder's account, which signs this browser in.
#[server(prefix = "/api", endpoint = "setup/founder")]
pub async fn found_account(#[server(default)] form: JoinForm) -> Result<(), Fault<SetupRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let key = on_the_server::key(&request, |dead| dead).await?;
    let zone = on_the_server::zone(&request).await?;
    let signed_in = answer(request.services.setup.founder(&key, &form, zone.name()).await)?;
    answer(request.cookie.begin(signed_in).await)?;
    leptos_axum::redirect("/setup");
    Ok(())
}

/// The third step: the accent and the greeting.
#[server(prefix = "/api", endpoint = "setup/looks")]
pub async fn found_looks(
    #[server(default)] accent: String,
    #[server(default)] own: String,
    #[server(default)] greeting: String,
) -> Result<(), Fault<SetupRefusal>> {
    use crate::{
        community::chosen_accent,
        request::{answer, request},
    };
    let request = request()?;
    let key = on_the_server::key(&request, |dead| dead).await?;
    answer(request.services.setup.looks(&key, chosen_accent(&accent, &own), &greeting).await)?;
    leptos_axum::redirect("/setup");
    Ok(())
}

/// The fourth step: the house rules.
#[server(prefix = "/api", endpoint = "setup/rules")]
pub async fn found_rules(#[server(default)] markdown: String) -> Result<(), Fault<SetupRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let key = on_the_server::key(&request, |dead| dead).await?;
    answer(request.services.setup.rules(&key, &markdown).await)?;
    leptos_axum::redirect("/setup");
    Ok(())
}

/// The fifth step: a first gathering, announced on the timeline.
#[server(prefix = "/api", endpoint = "setup/gathering")]
pub async fn found_gathering(#[server(default)] form: FirstGatheringForm) -> Result<(), Fault<FirstRefusal<PlanRefusal>>> {
    use crate::request::{answer, request};
    use domain::{gatherings::GatheringForm, setup::First};
    let request = request()?;
    let me = request.me()?;
    let key = on_the_server::key(&request, FirstRefusal::Setup).await?;
    let zone = on_the_server::zone(&request).await?;
    let online = form.at == "online";
    let form = GatheringForm {
        title: form.title,
        date: form.date,
        time: form.time,
        repeat: form.often.repeat().unwrap_or_default(),
        place: if online { String::new() } else { form.place },
        link: if online { form.link } else { String::new() },
        announce: Some(String::new()),
        ..GatheringForm::default()
    };
    let first = First { gatherings: &request.services.gatherings, form: &form, zone: &zone };
    answer(request.services.setup.gathering(&key, &me, first).await)?;
    leptos_axum::redirect("/setup");
    Ok(())
}

/// Leaves the first gathering for later.
#[server(prefix = "/api", endpoint = "setup/gathering/later")]
pub async fn leave_gathering() -> Result<(), Fault<SetupRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let key = on_the_server::key(&request, |dead| dead).await?;
    answer(request.services.setup.gathering_done(&key).await)?;
    leptos_axum::redirect("/setup");
    Ok(())
}

/// The last step: a first invitation. With it the community is founded.
#[server(prefix = "/api", endpoint = "setup/invitation")]
pub async fn found_invitation(
    #[server(default)] kind: ForWhom,
    #[server(default)] form: InvitationForm,
) -> Result<(), Fault<FirstRefusal<InviteRefusal>>> {
    use crate::request::{answer, request};
    use domain::{outcome::Error, people::Role};
    let request = request()?;
    let me = request.me()?;
    let key = on_the_server::key(&request, FirstRefusal::Setup).await?;
    let founded = request.services.setup.invitation(&key, &me, &request.services.invitations, &kind.only(form)).await;
    let address = match founded {
        Ok(invitation) => format!("/setup/done?invitation={invitation}"),
        // The button was pressed twice: the first time did it.
        Err(Error::Refused(FirstRefusal::Setup(SetupRefusal::DeadLink))) if me.role == Role::Admin => "/setup/done".to_owned(),
        refused => return answer(refused).map(drop),
    };
    leptos_axum::redirect(&address);
    Ok(())
}

/// Founds the community and leaves the first invitation for later.
#[server(prefix = "/api", endpoint = "setup/invitation/later")]
pub async fn leave_invitation() -> Result<(), Fault<SetupRefusal>> {
    use crate::request::{answer, request};
    let request = request()?;
    let key = on_the_server::key(&request, |dead| dead).await?;
    answer(request.services.setup.finish(&key).await)?;
    leptos_axum::redirect("/setup/done");
    Ok(())
}

#[cfg(feature = "ssr")]
mod on_the_server {
    use crate::{
        fault::{Fault, Refusal},
        request::{Request, answer},
    };
    use domain::{outcome::Error, setup::SetupRefusal, time::Zone};

    /// The key by which this browser came.
    pub(super) async fn key<R: Refusal>(request: &Request, refuse: impl FnOnce(SetupRefusal) -> R) -> Result<String, Fault<R>> {
        let key = request.cookie.founding_key().await;
        answer(key.ok_or_else(|| Error::Refused(refuse(SetupRefusal::DeadLink))))
    }

    /// The zone that was chosen for the community.
    pub(super) async fn zone<R: Refusal>(request: &Request) -> Result<Zone, Fault<R>> {
        let so_far = answer(request.services.founding.so_far().await)?;
        Ok(so_far.map_or_else(Zone::utc, |community| community.zone))
    }
}
