//! Founding: from an empty folder to a ready place, in a few steps, once.
//!
//! The one-time link carries a key that exists until the community is founded. Each step is kept as it is taken, so a founder
//! may close the window, lose the browser or restart the server, open the link again and go on where they were.

use crate::{
    community::{self, CommunityRefusal, FIRST_REACTIONS, HouseRules, palette, palette::Colour},
    gatherings::{GatheringForm, Gatherings, NewGathering, PlanRefusal},
    ids::InvitationId,
    invitations::{InvitationForm, Invitations, InviteRefusal, JoinForm, JoinRefusal, NewInvitation, NewMember},
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::Role,
    prose::{Prose, SafeHtml},
    sign_in::{Passwords, SignedIn},
    text::{self, Field},
    time::{Clock, Timestamp, Zone},
    viewer::Me,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};

/// The steps, in order. Each is taken before the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The community's name, purpose, zone, language and size.
    Place,
    /// The founder's account.
    Founder,
    /// The accent colour and the greeting.
    Looks,
    /// The house rules.
    Rules,
    /// A first gathering (may be left for later).
    Gathering,
    /// A first invitation (may be left for later); with it the community is founded.
    Invitation,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 6] = [Self::Place, Self::Founder, Self::Looks, Self::Rules, Self::Gathering, Self::Invitation];
    /// The word for it in records and addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Founder => "founder",
            Self::Looks => "looks",
            Self::Rules => "rules",
            Self::Gathering => "gathering",
            Self::Invitation => "invitation",
        }
    }
    /// The step of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.word() == word)
    }
    /// The step that follows.
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|step| *step > self)
    }
}

/// How far the founding is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The step to take now.
    pub step: Step,
    /// The founder, once they have an account: whoever holds the key is signed in as them.
    pub founder: Option<SignedIn>,
}

/// The first step's form, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlaceForm {
    /// 1 to 60 characters.
    pub name: String,
    /// 1 to 200 characters.
    pub purpose: String,
    /// An IANA name.
    pub time_zone: String,
    /// A BCP 47 tag.
    pub language: String,
    /// A number from 2 to 500.
    pub size_cap: String,
}

/// The community at its first step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPlace {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// Its zone.
    pub zone: Zone,
    /// Its language.
    pub language: String,
    /// Most members.
    pub size_cap: u32,
    /// The reactions it begins with.
    pub reactions: Vec<String>,
    /// The accent it begins with.
    pub accent: Colour,
}

impl PlaceForm {
    /// Checks the form.
    pub fn check(&self) -> Result<NewPlace, CommunityRefusal> {
        Ok(NewPlace {
            name: text::needed_line(Field("name", "The name"), &self.name, 60)?,
            purpose: text::needed_line(Field("purpose", "What it is for"), &self.purpose, 200)?,
            zone: Zone::parse(&self.time_zone)?,
            language: community::check_language(&self.language)?,
            size_cap: community::check_size_cap(&self.size_cap)?,
            reactions: FIRST_REACTIONS.map(str::to_owned).to_vec(),
            accent: palette::FIRST_ACCENT,
        })
    }
}

/// What founding needs kept.
#[async_trait::async_trait]
pub trait SetupStore: Send + Sync {
    /// The key of the one-time link: the kept one, else `fresh`, which is then kept. `None` once the community is founded.
    async fn key(&self, fresh: &str) -> Result<Option<String>, Unavailable>;
    /// How far the founding is, for whoever holds the key. `None` for a wrong key and for a founded community alike.
    async fn progress(&self, key: &str) -> Result<Option<Progress>, Unavailable>;
    /// Keeps the place (again, if the founder went back) and moves on to the founder's account, unless that was reached before.
    async fn save_place(&self, key: &str, place: &NewPlace) -> Result<bool, Unavailable>;
    /// Keeps the founder's account, once.
    async fn save_founder(&self, key: &str, founder: &NewMember) -> Result<Option<SignedIn>, Unavailable>;
    /// Keeps the accent and the greeting.
    async fn save_looks(&self, key: &str, accent: Colour, greeting: &str, greeting_html: &SafeHtml) -> Result<bool, Unavailable>;
    /// Keeps the house rules as version 1.
    async fn save_first_rules(&self, key: &str, rules: &HouseRules) -> Result<bool, Unavailable>;
    /// Moves past a step that is left for later; done again, it changes nothing.
    async fn pass(&self, key: &str, step: Step) -> Result<bool, Unavailable>;
    /// Keeps a first gathering of the founder's and moves past its step: both or neither. Where the step was taken before, it changes
    /// nothing. `false` if it is not at its turn yet, or the key is gone or wrong.
    async fn keep_first_gathering(&self, key: &str, host: &Me, gathering: &NewGathering) -> Result<bool, Error<PlanRefusal>>;
    /// The community is founded: the key is gone.
    async fn finish(&self, key: &str) -> Result<bool, Unavailable>;
    /// As [`SetupStore::finish`], with a first invitation by the founder: both or neither. `None` if the key is gone or wrong.
    async fn finish_inviting(&self, key: &str, by: &Me, invitation: &NewInvitation) -> Result<Option<InvitationId>, Unavailable>;
}

/// Why the founding did not move on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum SetupRefusal {
    /// The key is wrong, or the community is founded.
    #[error(
        "This link has done its work: the community is founded, or the link is not complete. The server prints the link again when it starts, until the community is founded."
    )]
    DeadLink,
    /// Something about the place.
    #[error(transparent)]
    Place(#[from] CommunityRefusal),
    /// Something about the founder's account.
    #[error(transparent)]
    Founder(#[from] JoinRefusal),
}

impl AboutField for SetupRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::DeadLink => None,
            Self::Place(reason) => reason.field(),
            Self::Founder(reason) => reason.field(),
        }
    }
}

/// Why a step that makes a first thing was not taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum FirstRefusal<R> {
    /// The founding itself.
    #[error("{0}")]
    Setup(SetupRefusal),
    /// The thing.
    #[error("{0}")]
    Thing(R),
}

impl<R: AboutField> AboutField for FirstRefusal<R> {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Setup(reason) => reason.field(),
            Self::Thing(reason) => reason.field(),
        }
    }
}

/// The service for founding.
#[derive(Clone)]
pub struct Setup {
    store: Arc<dyn SetupStore>,
    passwords: Arc<dyn Passwords>,
    prose: Arc<dyn Prose>,
    clock: Arc<dyn Clock>,
}

/// A first gathering that is to be planned.
pub struct First<'a> {
    /// By whom it is planned.
    pub gatherings: &'a Gatherings,
    /// As typed.
    pub form: &'a GatheringForm,
    /// The community's zone.
    pub zone: &'a Zone,
}

type Done = Result<(), Error<SetupRefusal>>;

impl Setup {
    /// Over a store.
    pub fn new(store: Arc<dyn SetupStore>, passwords: Arc<dyn Passwords>, prose: Arc<dyn Prose>, clock: Arc<dyn Clock>) -> Self {
        Self { store, passwords, prose, clock }
    }
    /// The key of the one-time link, the same at every start until the community is founded.
    pub async fn key(&self, fresh: &str) -> Result<Option<String>, Unavailable> {
        self.store.key(fresh).await
    }
    /// How far the founding is.
    pub async fn progress(&self, key: &str) -> Result<Option<Progress>, Unavailable> {
        self.store.progress(key).await
    }
    /// The first step.
    pub async fn place(&self, key: &str, form: &PlaceForm) -> Done {
        let place = form.check().map_err(|r| Error::Refused(r.into()))?;
        alive(self.store.save_place(key, &place).await?)
    }
    /// The second step: the founder, who is an admin.
    pub async fn founder(&self, key: &str, form: &JoinForm, community_zone: &str) -> Result<SignedIn, Error<SetupRefusal>> {
        // The founder writes the rules two steps on; there is nothing to accept yet.
        let form = JoinForm { rules: Some(String::new()), ..form.clone() };
        let (name, profile) = form.check(community_zone).map_err(SetupRefusal::from).or_refuse()?;
        let password_hash = self.passwords.hash(&form.password).await?;
        let founder = NewMember { name, password_hash, profile, role: Role::Admin, at: self.clock.now() };
        self.store.save_founder(key, &founder).await?.ok_or(Error::Refused(SetupRefusal::DeadLink))
    }
    /// The third step.
    pub async fn looks(&self, key: &str, accent: &str, greeting: &str) -> Done {
        let refuse = |r: CommunityRefusal| Error::Refused(SetupRefusal::Place(r));
        let accent = palette::choose(accent).map_err(|r| refuse(r.into()))?;
        let greeting = text::lines(Field("greeting", "The greeting"), greeting, 2000).map_err(|r| refuse(r.into()))?;
        let html = self.prose.render(&greeting, &BTreeSet::new());
        alive(self.store.save_looks(key, accent, &greeting, &html).await?)
    }
    /// The fourth step.
    pub async fn rules(&self, key: &str, markdown: &str) -> Done {
        let markdown = text::needed_lines(Field("markdown", "The text of the house rules"), markdown, 20_000)
            .map_err(|r| Error::Refused(SetupRefusal::Place(r.into())))?;
        let html = self.prose.render(&markdown, &BTreeSet::new());
        let since: Timestamp = self.clock.now();
        alive(self.store.save_first_rules(key, &HouseRules { version: 1, markdown, html, since }).await?)
    }
    /// The fifth step, a first gathering: planned once, however often it is sent.
    pub async fn gathering(&self, key: &str, me: &Me, planning: First<'_>) -> Result<(), Error<FirstRefusal<PlanRefusal>>> {
        let First { gatherings, form, zone } = planning;
        let gathering = gatherings.ready(form, zone).map_err(FirstRefusal::Thing).or_refuse()?;
        match self.store.keep_first_gathering(key, me, &gathering).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error::Refused(FirstRefusal::Setup(SetupRefusal::DeadLink))),
            Err(Error::Refused(reason)) => Err(Error::Refused(FirstRefusal::Thing(reason))),
            Err(Error::Unavailable(cause)) => Err(Error::Unavailable(cause)),
        }
    }
    /// The end, with a first invitation.
    pub async fn invitation(
        &self,
        key: &str,
        me: &Me,
        invitations: &Invitations,
        form: &InvitationForm,
    ) -> Result<InvitationId, Error<FirstRefusal<InviteRefusal>>> {
        let invitation = invitations.ready(form).map_err(FirstRefusal::Thing).or_refuse()?;
        let kept = self.store.finish_inviting(key, me, &invitation).await?;
        kept.ok_or(Error::Refused(FirstRefusal::Setup(SetupRefusal::DeadLink)))
    }
    /// Leaves the gathering for later.
    pub async fn gathering_done(&self, key: &str) -> Done {
        alive(self.store.pass(key, Step::Gathering).await?)
    }
    /// The end, with the first invitation left for later.
    pub async fn finish(&self, key: &str) -> Done {
        alive(self.store.finish(key).await?)
    }
}

fn alive(done: bool) -> Done {
    if done { Ok(()) } else { Err(Error::Refused(SetupRefusal::DeadLink)) }
}
