//! What every request needs at hand, made once by [`crate::compose`].

use crate::{
    arriving::Arriving,
    community::CommunityNow,
    config::{Config, Limits, Network, Origin},
    export::Exports,
    feeds::Feeds,
    forms::KeptForms,
    live::Hub,
    pictures::Pictures,
    public_pages::PublicPages,
    ready::Readiness,
    session::SignIns,
    throttle::Throttle,
};
use app::{request::Services, shell::Assets};
use std::{ops::Deref, sync::Arc};
use store::Store;
use tokio::sync::{Semaphore, watch};

/// The server's parts. Cheap to clone.
#[derive(Clone)]
pub struct Front(Arc<Parts>);

/// See [`Front`].
pub struct Parts {
    /// The rows.
    pub store: Store,
    /// The domain's services.
    pub services: Services,
    /// The pictures.
    pub pictures: Arc<Pictures>,
    /// What calendar feeds are made from.
    pub feeds: Arc<Feeds>,
    /// Who is signed in.
    pub sign_ins: SignIns,
    /// The community as it is now.
    pub community: CommunityNow,
    /// Hands hints to live streams.
    pub hub: Hub,
    /// Pages that visitors are shown.
    pub public_pages: PublicPages,
    /// Forms that were refused, to be shown again.
    pub kept: KeptForms,
    /// Counts what visitors send.
    pub throttle: Throttle,
    /// Where people find the place.
    pub origin: Origin,
    /// The proxies whose word is taken.
    pub proxies: Vec<Network>,
    /// What is built in for pages.
    pub assets: Assets,
    /// How the place was configured.
    pub config: Config,
    /// How much is taken on at once.
    pub limits: Limits,
    /// Requests with something in them that are on their way.
    pub arriving: Arc<Arriving>,
    /// What the last look found of whether the place can answer.
    pub readiness: Readiness,
    /// One permit for each request that is answered.
    pub room: Arc<Semaphore>,
    /// What people take home, a few at once.
    pub exports: Exports,
    /// Becomes true when the server closes.
    pub closing: watch::Sender<bool>,
}

impl Front {
    /// Of these parts.
    pub fn of(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Of a place that nobody has founded yet, in that folder.
    #[cfg(test)]
    pub(crate) async fn for_testing(folder: &std::path::Path) -> Self {
        let config = Config::for_testing(folder);
        let store = Store::open(&config.location()).await.expect("a database");
        let passwords = crate::passwords::ArgonPasswords::for_testing().expect("passwords");
        crate::compose::front(store, config, Origin::for_testing(), passwords).await.expect("a front")
    }

    /// Founds the place; the cookie of its founder.
    #[cfg(test)]
    pub(crate) async fn founded_for_testing(&self) -> String {
        use domain::{invitations::JoinForm, setup::PlaceForm};
        let setup = &self.services.setup;
        let key = setup.key("key").await.expect("available").expect("not founded yet");
        let (name, size_cap) = ("Lantern Street".to_owned(), "9".to_owned());
        let place = PlaceForm { purpose: name.clone(), name, size_cap, time_zone: "UTC".into(), language: "en".into() };
        setup.place(&key, &place).await.expect("a place");
        let form = JoinForm { name: "house-host".into(), password: "four words in a row".into(), ..JoinForm::default() };
        let founder = setup.founder(&key, &form, "UTC").await.expect("a founder");
        setup.looks(&key, "#a04028", "").await.expect("looks");
        setup.rules(&key, "Be kind.").await.expect("rules");
        setup.finish(&key).await.expect("founded");
        self.sign_ins.begin(founder).await.expect("signed in")
    }

    /// With other services.
    #[cfg(test)]
    pub(crate) fn with_services(mut self, services: impl FnOnce(Services) -> Services) -> Self {
        let parts = Arc::get_mut(&mut self.0).expect("nobody else has it yet");
        parts.services = services(parts.services.clone());
        self
    }

    /// With other assets.
    #[cfg(test)]
    pub(crate) fn with_assets(mut self, assets: Assets) -> Self {
        Arc::get_mut(&mut self.0).expect("nobody else has it yet").assets = assets;
        self
    }
}

impl Deref for Front {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
