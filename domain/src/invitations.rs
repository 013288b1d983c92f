//! Invitations: how people come in. Personal ones carry a name and a reason; group links carry a number of uses; whoever has
//! neither may ask at the front door.
//!
//! A code has 128 bits and is the whole secret. Whatever is wrong with one (used up, expired, revoked, never made) looks the
//! same from outside. Who invited whom is kept.

use crate::{
    community::WhoInvites,
    ids::{AskId, InvitationId},
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::{Byline, Handle, HandleRefusal, Profile, ProfileForm, ProfileRefusal, Role},
    rosters::FilledIn,
    sign_in::{Codes, PasswordRefusal, Passwords, SignedIn, check_password},
    text::{self, Field, TextRefusal},
    time::{Clock, Timestamp},
    viewer::{Host, Me},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How long an invitation works when nobody chose, in days.
pub const DEFAULT_DAYS: i64 = 30;
/// Most invitations that are listed.
pub const MOST_LISTED: usize = 200;
/// Most uses of a group link.
pub const MOST_USES: u32 = 500;

/// Whom an invitation is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "kebab-case")]
pub enum Invited {
    /// One person.
    Person {
        /// What they are called.
        name: String,
        /// Why the inviter would love them here; may be empty.
        note: String,
    },
    /// Whoever of a group has the link.
    Group {
        /// What the group is called.
        label: String,
        /// How many may come in by it.
        uses: u32,
    },
}

impl Invited {
    /// How many may come in by it.
    pub fn uses(&self) -> u32 {
        match self {
            Self::Person { .. } => 1,
            Self::Group { uses, .. } => *uses,
        }
    }
}

/// An invitation, as its maker and the hosts see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The code in its address, `/join/{code}`.
    pub code: String,
    /// Whom it is for.
    pub invited: Invited,
    /// Who made it.
    pub made_by: Byline,
    /// When.
    pub made_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// Taken back before its time.
    pub revoked: bool,
    /// Who came in by it, newest first.
    pub came: Vec<Byline>,
}

impl Invitation {
    /// Whether somebody can still come in by it.
    pub fn works(&self, now: Timestamp) -> bool {
        !self.revoked && self.expires_at > now && (self.came.len() as u32) < self.invited.uses()
    }
}

/// An invitation that works, as the one who was invited sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenInvitation {
    /// Whom it is for.
    pub invited: Invited,
    /// Who invites.
    pub made_by: Byline,
    /// Some who are here already, those who came by the same link or with the same party first; up to 12, by what they are called only.
    pub here: Vec<String>,
    /// How many are here.
    pub size: u32,
    /// What is filled in for them, where they were invited by a roster.
    pub filled_in: Option<FilledIn>,
}

/// The form for an invitation, as typed. `name` filled makes a personal one, else `label` and `uses` a group link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InvitationForm {
    /// What the invited person is called, up to 60 characters.
    pub name: String,
    /// Up to 500 characters.
    pub note: String,
    /// What the group is called, up to 60 characters.
    pub label: String,
    /// A number from 1 to 500.
    pub uses: String,
    /// Days until it stops working, 1 to 365; empty is 30.
    pub days: String,
}

/// Why an invitation was not made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum InviteRefusal {
    /// A field's text does not fit.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// Neither a name nor a group.
    #[error("Whom do you want to invite? Write the name of a person, or what the group is called.")]
    Nobody,
    /// Not a number from 1 to 500.
    #[error("How many may use the link is a number from 1 to {MOST_USES}.")]
    Uses,
    /// Not a number from 1 to 365.
    #[error("How long it works is a number of days from 1 to 365.")]
    Days,
    /// Only hosts invite here.
    #[error("In this community the hosts do the inviting. Tell one of them whom you would love to have here.")]
    HostsOnly,
}

impl AboutField for InviteRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(reason) => reason.field(),
            Self::Nobody => Some("name"),
            Self::Uses => Some("uses"),
            Self::Days => Some("days"),
            Self::HostsOnly => None,
        }
    }
}

/// An invitation that may be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInvitation {
    /// Its code.
    pub code: String,
    /// Whom it is for.
    pub invited: Invited,
    /// When it is made.
    pub at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
}

impl InvitationForm {
    /// Checks the form: whom it is for, and for how many days.
    pub fn check(&self) -> Result<(Invited, i64), InviteRefusal> {
        let name = text::line(Field("name", "The name"), &self.name, 60)?;
        let label = text::line(Field("label", "What the group is called"), &self.label, 60)?;
        let invited = if !name.is_empty() {
            Invited::Person { name, note: text::lines(Field("note", "The note"), &self.note, 500)? }
        } else if !label.is_empty() {
            let uses = self.uses.trim().parse().ok().filter(|n| (1..=MOST_USES).contains(n)).ok_or(InviteRefusal::Uses)?;
            Invited::Group { label, uses }
        } else {
            return Err(InviteRefusal::Nobody);
        };
        let days = match self.days.trim() {
            "" => DEFAULT_DAYS,
            days => days.parse().ok().filter(|n| (1..=365).contains(n)).ok_or(InviteRefusal::Days)?,
        };
        Ok((invited, days))
    }
}

/// The form of `/join/{code}`, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JoinForm {
    /// The wished-for name (handle).
    pub name: String,
    /// The wished-for password.
    pub password: String,
    /// What they are called.
    pub display_name: String,
    /// May be empty.
    pub pronouns: String,
    /// May be empty.
    pub line: String,
    /// Comma-separated; may be empty.
    pub interests: String,
    /// An IANA name; empty takes the community's.
    pub time_zone: String,
    /// Any text when the box "I have read the house rules" is ticked.
    pub rules: Option<String>,
}

impl std::fmt::Debug for JoinForm {
    /// The password stays out of every log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JoinForm").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Why nobody joined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum JoinRefusal {
    /// The invitation does not work (any more).
    #[error("This invitation no longer works. Ask whoever sent it for a new one.")]
    DeadInvitation,
    /// The name does not fit.
    #[error(transparent)]
    Name(#[from] HandleRefusal),
    /// Somebody has that name.
    #[error("Somebody here has that name already. Please choose another.")]
    NameTaken,
    /// The password does not do.
    #[error(transparent)]
    Password(#[from] PasswordRefusal),
    /// Something else in the profile.
    #[error(transparent)]
    Profile(#[from] ProfileRefusal),
    /// The rules were not accepted.
    #[error("Please read the house rules and tick the box: they are what everyone here agreed on.")]
    Rules,
    /// The community has as many members as it wants.
    #[error("The house is full just now: this community keeps to a size at which people know one another. Ask whoever invited you.")]
    Full,
}

impl AboutField for JoinRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Name(_) | Self::NameTaken => Some("name"),
            Self::Password(_) => Some("password"),
            Self::Profile(reason) => reason.field(),
            Self::Rules => Some("rules"),
            Self::DeadInvitation | Self::Full => None,
        }
    }
}

/// A new member, checked, before they are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMember {
    /// Their name.
    pub name: Handle,
    /// The hash of their password.
    pub password_hash: String,
    /// Their profile.
    pub profile: Profile,
    /// What they may do.
    pub role: Role,
    /// When they join.
    pub at: Timestamp,
}

/// Somebody's wish to join, as hosts see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Its id.
    pub id: AskId,
    /// What they are called.
    pub name: String,
    /// How to reach them; may be empty.
    pub reach: String,
    /// Their few words.
    pub words: String,
    /// When they asked.
    pub at: Timestamp,
}

/// How an ask stands, as the asker sees it at the private address they were given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AskAnswer {
    /// Nobody has answered yet.
    Waiting,
    /// They may come in by this code.
    Welcome {
        /// The code of their invitation.
        code: String,
    },
    /// Not now, with a host's kind words (may be empty).
    Declined {
        /// The host's words.
        words: String,
    },
}

/// The front door's form, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AskForm {
    /// What they are called, up to 60 characters.
    pub name: String,
    /// How to reach them, up to 120 characters; may be empty.
    pub reach: String,
    /// A few words, up to 1,000 characters.
    pub words: String,
}

/// Why an ask was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AskRefusal {
    /// A field's text does not fit.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// The community takes no asks.
    #[error("This community takes people in by invitation only. If you know somebody here, ask them.")]
    Closed,
    /// More than [`MOST_WAITING`] wait already.
    #[error("Many people have asked, and the hosts are still reading. Please come back in a few days.")]
    TooMany,
}

impl AboutField for AskRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(reason) => reason.field(),
            Self::Closed | Self::TooMany => None,
        }
    }
}

/// Most asks that wait for an answer, so that nobody can bury the hosts.
pub const MOST_WAITING: u32 = 100;

/// An ask that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAsk {
    /// What they are called.
    pub name: String,
    /// How to reach them.
    pub reach: String,
    /// Their words.
    pub words: String,
    /// When.
    pub at: Timestamp,
    /// Digest of the code of the address where they see the answer.
    pub digest: String,
}

/// What invitations need kept.
#[async_trait::async_trait]
pub trait InvitationStore: Send + Sync {
    /// Who may invite here.
    async fn who_invites(&self) -> Result<WhoInvites, Unavailable>;
    /// Keeps an invitation, if the member may invite by then.
    async fn keep_invitation(&self, by: &Me, invitation: &NewInvitation) -> Result<Invitation, Error<InviteRefusal>>;
    /// Those that the member made; all, for a host. Newest first, up to [`MOST_LISTED`]; or only that one of them.
    async fn invitations(&self, me: &Me, only: Option<InvitationId>) -> Result<Vec<Invitation>, Unavailable>;
    /// Takes one back, if it is the member's own or they are a host; `false` if there is none such.
    async fn revoke(&self, me: &Me, invitation: InvitationId) -> Result<bool, Unavailable>;
    /// An invitation that works now.
    async fn open_invitation(&self, code: &str, now: Timestamp) -> Result<Option<OpenInvitation>, Unavailable>;
    /// Uses an invitation up by one and keeps the new member with their inviter, who is notified: in one step, within the size
    /// cap, and one use is won by one of many parallel tries.
    async fn join(&self, code: &str, member: &NewMember) -> Result<SignedIn, Error<JoinRefusal>>;
    /// Keeps an ask and notifies the hosts, if the door is open to asks.
    async fn keep_ask(&self, ask: &NewAsk) -> Result<(), Error<AskRefusal>>;
    /// Asks that wait, oldest first.
    async fn asks(&self, by: &Host) -> Result<Vec<Ask>, Unavailable>;
    /// Answers an ask: with an invitation (made for the asker by the host), or without one and with words. `false` if it does not wait.
    async fn answer_ask(&self, by: &Host, ask: AskId, invitation: Option<&NewInvitation>, words: &str) -> Result<bool, Unavailable>;
    /// The waiting ask of an id.
    async fn ask(&self, by: &Host, ask: AskId) -> Result<Option<Ask>, Unavailable>;
    /// How an ask stands.
    async fn ask_answer(&self, digest: &str) -> Result<Option<AskAnswer>, Unavailable>;
}

/// The service for invitations.
#[derive(Clone)]
pub struct Invitations {
    store: Arc<dyn InvitationStore>,
    passwords: Arc<dyn Passwords>,
    codes: Arc<dyn Codes>,
    clock: Arc<dyn Clock>,
}

impl Invitations {
    /// Over a store.
    pub fn new(store: Arc<dyn InvitationStore>, passwords: Arc<dyn Passwords>, codes: Arc<dyn Codes>, clock: Arc<dyn Clock>) -> Self {
        Self { store, passwords, codes, clock }
    }

    /// Whether the member may make invitations.
    pub async fn may_invite(&self, me: &Me) -> Result<bool, Unavailable> {
        Ok(self.store.who_invites().await?.lets(me))
    }

    /// Makes an invitation.
    pub async fn invite(&self, me: &Me, form: &InvitationForm) -> Result<Invitation, Error<InviteRefusal>> {
        if !self.may_invite(me).await? {
            return Err(Error::Refused(InviteRefusal::HostsOnly));
        }
        self.store.keep_invitation(me, &self.ready(form).or_refuse()?).await
    }

    /// The invitation that a form wishes for, to be kept.
    pub(crate) fn ready(&self, form: &InvitationForm) -> Result<NewInvitation, InviteRefusal> {
        let (invited, days) = form.check()?;
        Ok(self.new_invitation(invited, days))
    }

    /// The newest [`MOST_LISTED`] of the member's invitations; of all, for a host.
    pub async fn list(&self, me: &Me) -> Result<Vec<Invitation>, Unavailable> {
        self.store.invitations(me, None).await
    }

    /// One of the member's invitations; any, for a host.
    pub async fn one(&self, me: &Me, invitation: InvitationId) -> Result<Option<Invitation>, Unavailable> {
        Ok(self.store.invitations(me, Some(invitation)).await?.pop())
    }

    /// Takes an invitation back.
    pub async fn revoke(&self, me: &Me, invitation: InvitationId) -> Result<bool, Unavailable> {
        self.store.revoke(me, invitation).await
    }

    /// What an invitation says, if it works.
    pub async fn look(&self, code: &str) -> Result<Option<OpenInvitation>, Unavailable> {
        self.store.open_invitation(code, self.clock.now()).await
    }

    /// Makes an account by an invitation and signs it in.
    pub async fn join(&self, code: &str, form: &JoinForm, community_zone: &str) -> Result<SignedIn, Error<JoinRefusal>> {
        if self.look(code).await?.is_none() {
            return Err(Error::Refused(JoinRefusal::DeadInvitation));
        }
        let (name, profile) = form.check(community_zone).or_refuse()?;
        let password_hash = self.passwords.hash(&form.password).await?;
        let member = NewMember { name, password_hash, profile, role: Role::Member, at: self.clock.now() };
        self.store.join(code, &member).await
    }

    /// Takes down a visitor's wish to join; returns the code of the address where they will see the answer.
    pub async fn ask(&self, form: &AskForm) -> Result<String, Error<AskRefusal>> {
        let text = |r: TextRefusal| Error::Refused(AskRefusal::from(r));
        let code = self.codes.new_code();
        let ask = NewAsk {
            name: text::needed_line(Field("name", "Your name"), &form.name, 60).map_err(text)?,
            reach: text::line(Field("reach", "How to reach you"), &form.reach, 120).map_err(text)?,
            words: text::needed_lines(Field("words", "Your few words"), &form.words, 1000).map_err(text)?,
            at: self.clock.now(),
            digest: self.codes.digest(&code),
        };
        self.store.keep_ask(&ask).await?;
        Ok(code)
    }

    /// Asks that wait for an answer.
    pub async fn asks(&self, by: &Host) -> Result<Vec<Ask>, Unavailable> {
        self.store.asks(by).await
    }

    /// Approves an ask: the asker finds an invitation at their address. `false` if it does not wait any more.
    pub async fn approve(&self, by: &Host, ask: AskId) -> Result<bool, Unavailable> {
        let Some(waiting) = self.store.ask(by, ask).await? else { return Ok(false) };
        let invitation = self.new_invitation(Invited::Person { name: waiting.name, note: String::new() }, DEFAULT_DAYS);
        self.store.answer_ask(by, ask, Some(&invitation), "").await
    }

    /// Declines an ask, with kind words or none. `false` if it does not wait any more.
    pub async fn decline(&self, by: &Host, ask: AskId, words: &str) -> Result<bool, Error<TextRefusal>> {
        let words = text::lines(Field("words", "Your words"), words, 1000).or_refuse()?;
        Ok(self.store.answer_ask(by, ask, None, &words).await?)
    }

    /// How an ask stands; `None` for every code that is not one.
    pub async fn ask_answer(&self, code: &str) -> Result<Option<AskAnswer>, Unavailable> {
        self.store.ask_answer(&self.codes.digest(code)).await
    }

    fn new_invitation(&self, invited: Invited, days: i64) -> NewInvitation {
        let at = self.clock.now();
        NewInvitation { code: self.codes.new_code(), invited, at, expires_at: at.plus_days(days) }
    }
}

impl JoinForm {
    /// Checks everything but the invitation: the name, the password, the profile and the rules.
    pub fn check(&self, community_zone: &str) -> Result<(Handle, Profile), JoinRefusal> {
        let name = Handle::choose(&self.name)?;
        let time_zone = if self.time_zone.trim().is_empty() { community_zone } else { &self.time_zone };
        let display_name = if self.display_name.trim().is_empty() { name.as_str() } else { &self.display_name };
        let profile = ProfileForm {
            display_name: display_name.to_owned(),
            pronouns: self.pronouns.clone(),
            line: self.line.clone(),
            town: String::new(),
            interests: self.interests.clone(),
            time_zone: time_zone.to_owned(),
        };
        let profile = profile.check()?;
        check_password(&self.password, name.as_str())?;
        if self.rules.is_none() {
            return Err(JoinRefusal::Rules);
        }
        Ok((name, profile))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_link_needs_a_number_of_uses() {
        let form = InvitationForm { label: "Soup Night".into(), uses: "lots".into(), ..InvitationForm::default() };
        assert_eq!(form.check(), Err(InviteRefusal::Uses));
    }

    #[test]
    fn nobody_joins_without_the_house_rules() {
        let form = JoinForm { name: "ines".into(), password: "three small boats".into(), ..JoinForm::default() };
        assert_eq!(form.check("Europe/Lisbon"), Err(JoinRefusal::Rules));
    }

    #[test]
    fn a_refused_newcomer_is_told_at_which_field() {
        let fits = JoinForm { name: "ines".into(), password: "three small boats".into(), rules: Some("on".into()), ..JoinForm::default() };
        let long = "x".repeat(500);
        let unfit = [
            ("name", JoinForm { name: "9".into(), ..fits.clone() }),
            ("password", JoinForm { password: "ines".into(), ..fits.clone() }),
            ("display_name", JoinForm { display_name: long.clone(), ..fits.clone() }),
            ("pronouns", JoinForm { pronouns: long.clone(), ..fits.clone() }),
            ("line", JoinForm { line: long.clone(), ..fits.clone() }),
            ("interests", JoinForm { interests: "a,b,c,d,e,f,g,h,i,j,k,l,m".into(), ..fits.clone() }),
            ("interests", JoinForm { interests: long, ..fits.clone() }),
            ("time_zone", JoinForm { time_zone: "Atlantis".into(), ..fits.clone() }),
            ("rules", JoinForm { rules: None, ..fits.clone() }),
        ];
        for (field, form) in unfit {
            assert_eq!(form.check("Europe/Lisbon").expect_err(field).field(), Some(field));
        }
        assert_eq!(JoinRefusal::NameTaken.field(), Some("name"));
        assert_eq!(JoinRefusal::Full.field(), None, "no field of theirs is wrong");
    }

    #[test]
    fn who_gives_no_other_name_is_called_by_their_handle() {
        let form = JoinForm { name: "ines".into(), password: "three small boats".into(), rules: Some("on".into()), ..JoinForm::default() };
        let (_, profile) = form.check("Europe/Lisbon").expect("fits");
        assert_eq!((profile.display_name.as_str(), profile.zone.name()), ("ines", "Europe/Lisbon"));
    }
}
