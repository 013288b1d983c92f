//! People: who is a member, what others call them, and what they say of themselves.
//!
//! A member's page is for members; visitors meet a name only beside something that was made public. A profile is the person's
//! own words, and beside them what a host says of them as far as they let it stand ([`crate::hosting::sentences`]).

use crate::{
    ids::{MemberId, PictureId},
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    text::{self, Field, TextRefusal},
    time::{Timestamp, UnknownZone, Zone},
    viewer::{Admin, Me, Viewer},
};
use serde::{Deserialize, Deserializer, Serialize};
use std::{collections::BTreeSet, fmt, sync::Arc};

/// A member's name in addresses and mentions: 2 to 30 of `a-z`, `0-9`, `-`, `_`, beginning with a letter; unique here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Handle(String);

/// Why a name was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum HandleRefusal {
    /// Not 2 to 30 characters.
    #[error("A name has 2 to 30 characters.")]
    Length,
    /// Something else than letters, digits, `-` and `_`, or not beginning with a letter.
    #[error(
        "A name is made of the letters a to z, digits, - and _, and begins with a letter. What you are called can be anything: that is the other field."
    )]
    Letters,
    /// One of the words that could be mistaken for the place itself.
    #[error("That name could be mistaken for the place itself. Please choose another.")]
    Reserved,
}

/// Names that could be taken for the place speaking, or that addresses need.
const RESERVED: [&str; 22] = [
    "admin",
    "admins",
    "administrator",
    "all",
    "api",
    "community",
    "everyone",
    "here",
    "host",
    "hosts",
    "hosting",
    "me",
    "member",
    "members",
    "new",
    "null",
    "porchlight",
    "root",
    "settings",
    "support",
    "system",
    "undefined",
];

impl Handle {
    /// The name in that text, with or without a leading `@`, in any case.
    pub fn parse(text: &str) -> Result<Self, HandleRefusal> {
        let name = text.trim().trim_start_matches('@').to_ascii_lowercase();
        if !(2..=30).contains(&name.chars().count()) {
            return Err(HandleRefusal::Length);
        }
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(fits) {
            return Err(HandleRefusal::Letters);
        }
        Ok(Self(name))
    }
    /// The names in a text such as `@ana @bo` or `ana, bo`; the first word that is none as an error.
    pub fn listed(text: &str) -> Result<BTreeSet<Self>, String> {
        let words = text.split([' ', ',', ';', '\n', '\r', '\t']).filter(|word| !word.is_empty());
        words.map(|word| Self::parse(word).map_err(|_| word.to_owned())).collect()
    }
    /// As [`Handle::parse`], for a new member.
    pub fn choose(text: &str) -> Result<Self, HandleRefusal> {
        let name = Self::parse(text)?;
        if RESERVED.contains(&name.0.as_str()) {
            return Err(HandleRefusal::Reserved);
        }
        Ok(name)
    }
    /// The name without `@`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Handle {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What somebody may do. Ordered: an admin is a host, a host is a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Reads and writes.
    Member,
    /// Has the host's desk as well.
    Host,
    /// Shapes the place as well.
    Admin,
}

impl Role {
    /// The word for it, as kept in records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Host => "host",
            Self::Admin => "admin",
        }
    }
    /// The role of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Member, Self::Host, Self::Admin].into_iter().find(|role| role.word() == word)
    }
}

/// Somebody, as named beside what they wrote or did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Byline {
    /// Their id.
    pub id: MemberId,
    /// Their name (handle).
    pub name: Handle,
    /// What they are called.
    pub display_name: String,
    /// Their picture, if they gave one.
    pub picture: Option<PictureId>,
}

impl Byline {
    /// Stands beside an empty place whose writer left: it leads to nobody, since the name is none that anybody may have.
    pub fn left() -> Self {
        Self { id: MemberId(0), name: Handle("null".to_owned()), display_name: "Somebody who left".to_owned(), picture: None }
    }
}

/// Somebody's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who it is.
    pub who: Byline,
    /// Their pronouns; may be empty.
    pub pronouns: String,
    /// A line about them in their own words; may be empty.
    pub line: String,
    /// Where they live, in a word or two of their own; may be empty.
    pub town: String,
    /// What is said of them and they let stand, as it is shown ([`crate::hosting::sentences::shown`]); may be empty.
    pub sentence: String,
    /// What they care about, as free tags.
    pub interests: Vec<String>,
    /// What they may do.
    pub role: Role,
    /// Their time zone.
    pub zone: Zone,
    /// When they joined.
    pub joined_at: Timestamp,
    /// Who invited them; the founder was invited by nobody.
    pub invited_by: Option<Byline>,
}

/// The order of the list of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeopleOrder {
    /// Who joined last comes first.
    #[default]
    Newest,
    /// By what they are called.
    Name,
}

/// The profile form, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProfileForm {
    /// What they are called, 1 to 60 characters.
    pub display_name: String,
    /// Up to 40 characters.
    pub pronouns: String,
    /// Up to 200 characters.
    pub line: String,
    /// Up to 60 characters.
    pub town: String,
    /// Comma-separated, up to 12 of up to 30 characters.
    pub interests: String,
    /// An IANA name.
    pub time_zone: String,
}

/// A profile that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// What they are called.
    pub display_name: String,
    /// Pronouns; may be empty.
    pub pronouns: String,
    /// A line about them; may be empty.
    pub line: String,
    /// Where they live; may be empty.
    pub town: String,
    /// What they care about, without doubles.
    pub interests: Vec<String>,
    /// Their zone.
    pub zone: Zone,
}

/// Why a profile was not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ProfileRefusal {
    /// A field's text does not fit.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// More than 12 interests.
    #[error("That is a lot of interests. Please keep the 12 that say most about you.")]
    TooManyInterests,
    /// No such zone.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
}

impl AboutField for ProfileRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(reason) => reason.field(),
            Self::TooManyInterests => Some("interests"),
            Self::Zone(_) => Some("time_zone"),
        }
    }
}

/// What somebody cares about, to compare with what others do: how it is written does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interests(BTreeSet<String>);

impl Interests {
    /// Of interests as they are written.
    pub fn of(written: &[String]) -> Self {
        Self(written.iter().map(|interest| interest.to_lowercase()).collect())
    }
    /// Each in the form in which interests are compared.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.iter()
    }
    /// Those of another's that are among them, as the other writes them.
    pub fn shared_with(&self, written: &[String]) -> Vec<String> {
        written.iter().filter(|interest| self.0.contains(&interest.to_lowercase())).cloned().collect()
    }
}

impl ProfileForm {
    /// Checks the form.
    pub fn check(&self) -> Result<Profile, ProfileRefusal> {
        let mut seen = BTreeSet::new();
        let mut interests = Vec::new();
        for interest in self.interests.split([',', ';', '\n']) {
            let interest = text::line(Field("interests", "An interest"), interest.trim_start_matches([' ', '#']), 30)?;
            if !interest.is_empty() && seen.insert(interest.to_lowercase()) {
                interests.push(interest);
            }
        }
        if interests.len() > 12 {
            return Err(ProfileRefusal::TooManyInterests);
        }
        Ok(Profile {
            display_name: text::needed_line(Field("display_name", "What you are called"), &self.display_name, 60)?,
            pronouns: text::line(Field("pronouns", "Pronouns"), &self.pronouns, 40)?,
            line: text::line(Field("line", "A line about you"), &self.line, 200)?,
            town: text::line(Field("town", "Where you live"), &self.town, 60)?,
            interests,
            zone: Zone::parse(&self.time_zone)?,
        })
    }
}

/// Why a role was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum RoleRefusal {
    /// No such member.
    #[error("There is nobody of that name here.")]
    Nobody,
    /// The community would be left without an admin.
    #[error("Somebody has to be able to look after the place. Make somebody else an admin first.")]
    LastAdmin,
    /// Whoever asks is no admin any more.
    #[error("Only an admin says who looks after what, and you are not one any more.")]
    NotYours,
}

impl AboutField for RoleRefusal {
    fn field(&self) -> Option<&str> {
        matches!(self, Self::Nobody).then_some("name")
    }
}

/// What people need kept.
#[async_trait::async_trait]
pub trait PeopleStore: Send + Sync {
    /// Everyone, for a member; nobody, for a visitor.
    async fn everyone(&self, viewer: &Viewer, order: PeopleOrder) -> Result<Vec<Person>, Unavailable>;
    /// One person, if the viewer may see them.
    async fn person(&self, viewer: &Viewer, name: &Handle) -> Result<Option<Person>, Unavailable>;
    /// Up to 8 members whose name or display name begins with (a word of it) `start`, in any case; empty start gives the most recently active.
    async fn beginning_with(&self, me: &Me, start: &str) -> Result<Vec<Byline>, Unavailable>;
    /// Those of the names that belong to members.
    async fn known(&self, names: &BTreeSet<Handle>) -> Result<Vec<(Handle, MemberId)>, Unavailable>;
    /// Keeps a member's profile.
    async fn save_profile(&self, me: &Me, profile: &Profile) -> Result<(), Unavailable>;
    /// Keeps the member's line or what they care about, and nothing else of their profile.
    async fn save_about(&self, me: &Me, line: Option<&str>, interests: Option<&[String]>) -> Result<(), Unavailable>;
    /// Makes an uploaded picture of the member's own their portrait, or takes it away. `false` if it is not theirs.
    async fn save_portrait(&self, me: &Me, picture: Option<PictureId>) -> Result<bool, Unavailable>;
    /// Changes a member's role; refuses where no admin would be left.
    async fn save_role(&self, by: &Admin, name: &Handle, role: Role) -> Result<(), Error<RoleRefusal>>;
}

/// The members of all these names, or else the first name that is nobody's.
pub(crate) async fn all_known(people: &dyn PeopleStore, names: &BTreeSet<Handle>) -> Result<Result<Vec<MemberId>, Handle>, Unavailable> {
    let known = people.known(names).await?;
    Ok(match names.iter().find(|name| !known.iter().any(|(known, _)| known == *name)) {
        Some(unknown) => Err(unknown.clone()),
        None => Ok(known.into_iter().map(|(_, member)| member).collect()),
    })
}

/// The service for people.
#[derive(Clone)]
pub struct People {
    store: Arc<dyn PeopleStore>,
}

impl People {
    /// Over a store.
    pub fn new(store: Arc<dyn PeopleStore>) -> Self {
        Self { store }
    }
    /// Everyone whom the viewer may see.
    pub async fn everyone(&self, viewer: &Viewer, order: PeopleOrder) -> Result<Vec<Person>, Unavailable> {
        self.store.everyone(viewer, order).await
    }
    /// One person; `None` is "not for you" and "not at all" alike.
    pub async fn person(&self, viewer: &Viewer, name: &str) -> Result<Option<Person>, Unavailable> {
        match Handle::parse(name) {
            Ok(name) => self.store.person(viewer, &name).await,
            Err(_) => Ok(None),
        }
    }
    /// Whom `@start` could mean, for completion while typing.
    pub async fn beginning_with(&self, me: &Me, start: &str) -> Result<Vec<Byline>, Unavailable> {
        self.store.beginning_with(me, start.trim().trim_start_matches('@')).await
    }
    /// Changes the member's own profile.
    pub async fn change_profile(&self, me: &Me, form: &ProfileForm) -> Result<(), Error<ProfileRefusal>> {
        let profile = form.check().or_refuse()?;
        Ok(self.store.save_profile(me, &profile).await?)
    }
    /// Changes the member's own portrait; `false` if the picture is not one that they uploaded.
    pub async fn change_portrait(&self, me: &Me, picture: Option<PictureId>) -> Result<bool, Unavailable> {
        self.store.save_portrait(me, picture).await
    }
    /// Makes somebody a member, host or admin.
    pub async fn change_role(&self, by: &Admin, name: &str, role: Role) -> Result<(), Error<RoleRefusal>> {
        let name = Handle::parse(name).map_err(|_| Error::Refused(RoleRefusal::Nobody))?;
        self.store.save_role(by, &name, role).await
    }
}

/// Somebody by their name, or by what they are called, where nobody else is called the same.
pub(crate) async fn meant(people: &dyn PeopleStore, me: &Me, name: &str) -> Result<Option<Person>, Unavailable> {
    let viewer = Viewer::Member(me.clone());
    if let Ok(handle) = Handle::parse(name)
        && let Some(person) = people.person(&viewer, &handle).await?
    {
        return Ok(Some(person));
    }
    let called = name.trim().to_lowercase();
    if called.is_empty() {
        return Ok(None);
    }
    let found = people.beginning_with(me, &called).await?;
    let mut found = found.iter().filter(|who| who.display_name.to_lowercase() == called);
    match (found.next(), found.next()) {
        (Some(one), None) => people.person(&viewer, &one.name).await,
        _ => Ok(None),
    }
}

/// That [`meant`] found nobody, as a sentence.
pub(crate) fn nobody_called(name: &str) -> String {
    let who = if name.is_empty() { "Whom do you mean?".to_owned() } else { format!("Nobody here is called {name}, or more than one is.") };
    format!("{who} Write the name that stands in the address of their page.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_with_or_without_its_mark_and_in_any_case() {
        assert_eq!(Handle::parse("@Ana-Li"), Handle::parse("ana-li"));
    }

    #[test]
    fn nobody_can_be_called_admin() {
        assert_eq!(Handle::choose("Admin"), Err(HandleRefusal::Reserved));
    }

    #[test]
    fn interests_lose_doubles_marks_and_blanks() {
        let form = ProfileForm {
            display_name: "Ana".into(),
            interests: "#soup, Birds,, soup ,SOUP".into(),
            time_zone: "Europe/Lisbon".into(),
            ..ProfileForm::default()
        };
        assert_eq!(form.check().expect("fits").interests, ["soup", "Birds"]);
    }
}
