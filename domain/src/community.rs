//! The community's own place: its name, its words for things, its looks and its house rules.
//!
//! Reading order: [`Community`] is what every page knows; [`palette`] turns one accent colour into readable light and dark
//! shades; [`Place`] is the service by which an admin changes it. There is one community on one server.

pub mod palette;

use crate::{
    ids::{MemberId, PictureId},
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::Role,
    prose::{Prose, SafeHtml},
    text::{self, Field, TextRefusal},
    time::{Clock, Timestamp, UnknownZone, Zone},
    viewer::{Admin, Me},
};
use palette::{Colour, ColourRefusal, Palette};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};

/// The size cap when nobody chose one. Up to about a hundred people can know one another by name; past that a place becomes
/// an audience.
pub const DEFAULT_SIZE_CAP: u32 = 100;
/// The largest size cap: what Porchlight is made for.
pub const LARGEST_SIZE_CAP: u32 = 500;
/// The reactions of a new community.
pub const FIRST_REACTIONS: [&str; 6] = ["❤️", "😂", "🎉", "🙏", "👀", "🍲"];

/// The community, as every page knows it. Nothing in it is private.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Community {
    /// Its name, 1 to 60 characters.
    pub name: String,
    /// What it is for, in a sentence.
    pub purpose: String,
    /// The greeting at the front door; Markdown as typed.
    pub greeting: String,
    /// The greeting as shown.
    pub greeting_html: SafeHtml,
    /// Its language, as a BCP 47 tag such as `en` or `pt-BR`.
    pub language: String,
    /// Its time zone.
    pub zone: Zone,
    /// Most members.
    pub size_cap: u32,
    /// The accent colour that was chosen.
    pub accent: Colour,
    /// Its logo, if it has one.
    pub logo: Option<PictureId>,
    /// Its words for things.
    pub words: Words,
    /// Who may invite.
    pub who_invites: WhoInvites,
    /// Whether the front door has the "ask to join" form.
    pub asks_open: bool,
    /// The small set of reactions, 1 to 12.
    pub reactions: Vec<String>,
    /// Grows with every change, so that pages and caches can tell.
    pub revision: i64,
}

impl Community {
    /// The shades made of the accent. It was checked when it was chosen.
    pub fn palette(&self) -> Palette {
        Palette::of(self.accent)
    }
}

/// What the community calls things where it shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    /// One entry on the timeline: `post`.
    pub post: String,
    /// Several: `posts`.
    pub posts: String,
    /// A gathering: `gathering`.
    pub gathering: String,
    /// Several: `gatherings`.
    pub gatherings: String,
    /// A member: `member`.
    pub member: String,
    /// Several: `members`.
    pub members: String,
}

impl Default for Words {
    fn default() -> Self {
        let [post, posts, gathering, gatherings, member, members] =
            ["post", "posts", "gathering", "gatherings", "member", "members"].map(String::from);
        Self { post, posts, gathering, gatherings, member, members }
    }
}

impl Words {
    /// The words, each made one line of up to 30 characters.
    pub fn check(&self) -> Result<Self, TextRefusal> {
        let word = |name, label, text: &str| text::needed_line(Field(name, label), text, 30);
        Ok(Self {
            post: word("post", "The word for a post", &self.post)?,
            posts: word("posts", "The word for posts", &self.posts)?,
            gathering: word("gathering", "The word for a gathering", &self.gathering)?,
            gatherings: word("gatherings", "The word for gatherings", &self.gatherings)?,
            member: word("member", "The word for a member", &self.member)?,
            members: word("members", "The word for members", &self.members)?,
        })
    }
}

/// Who may make invitations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhoInvites {
    /// Every member.
    #[default]
    Everyone,
    /// Hosts and admins.
    Hosts,
}

impl WhoInvites {
    /// Whether a member may make invitations.
    pub fn lets(self, me: &Me) -> bool {
        me.role >= Role::Host || self == Self::Everyone
    }
}

/// The house rules in force. Every change makes a new version; earlier ones are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseRules {
    /// 1 for the first.
    pub version: i64,
    /// As typed.
    pub markdown: String,
    /// As shown.
    pub html: SafeHtml,
    /// Since when they hold.
    pub since: Timestamp,
}

/// The form for the community's looks, words and door, as typed. A check box that is not ticked does not arrive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CommunityForm {
    /// 1 to 60 characters.
    pub name: String,
    /// 1 to 200 characters.
    pub purpose: String,
    /// Up to 2,000 characters of Markdown.
    pub greeting: String,
    /// A BCP 47 tag; empty keeps what is.
    pub language: String,
    /// An IANA name; empty keeps what is.
    pub time_zone: String,
    /// A number from 2 to 500.
    pub size_cap: String,
    /// `everyone` or `hosts`.
    pub who_invites: WhoInvites,
    /// Any text when ticked.
    pub asks_open: Option<String>,
    /// Separated by spaces, 1 to 12.
    pub reactions: String,
}

/// The community's settings, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommunityChange {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// The greeting as typed.
    pub greeting: String,
    /// The greeting as shown.
    pub greeting_html: SafeHtml,
    /// Its language.
    pub language: String,
    /// Its zone.
    pub zone: Zone,
    /// Most members.
    pub size_cap: u32,
    /// Who may invite.
    pub who_invites: WhoInvites,
    /// Whether visitors may ask to join.
    pub asks_open: bool,
    /// The reactions.
    pub reactions: Vec<String>,
}

/// Why the community was not changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum CommunityRefusal {
    /// A field's text does not fit.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// No such zone.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// Not a language tag.
    #[error("A language is written as a short tag, such as en, de or pt-BR.")]
    Language,
    /// Not a number from 2 to 500.
    #[error("The size of a community is a number from 2 to {LARGEST_SIZE_CAP}. Beyond that people stop knowing one another.")]
    SizeCap,
    /// No reaction, more than 12, or one that is not short.
    #[error("Choose 1 to 12 reactions, separated by spaces; each is one emoji or a very short word.")]
    Reactions,
    /// The accent can't be read.
    #[error(transparent)]
    Colour(#[from] ColourRefusal),
}

impl AboutField for CommunityRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(reason) => reason.field(),
            Self::Zone(_) => Some("time_zone"),
            Self::Language => Some("language"),
            Self::SizeCap => Some("size_cap"),
            Self::Reactions => Some("reactions"),
            Self::Colour(_) => Some("accent"),
        }
    }
}

/// A size cap from a form.
pub fn check_size_cap(text: &str) -> Result<u32, CommunityRefusal> {
    text.trim().parse().ok().filter(|n| (2..=LARGEST_SIZE_CAP).contains(n)).ok_or(CommunityRefusal::SizeCap)
}

/// A language tag from a form: 2 or 3 letters, then parts of 2 to 8 letters or digits.
pub fn check_language(text: &str) -> Result<String, CommunityRefusal> {
    let tag = text.trim();
    let mut parts = tag.split('-');
    let first = parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphabetic()));
    let rest = parts.all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    if first && rest && tag.len() <= 35 { Ok(tag.to_owned()) } else { Err(CommunityRefusal::Language) }
}

impl CommunityForm {
    /// Checks the form against what is now; `prose` renders the greeting.
    pub fn check(&self, now: &Community, prose: &dyn Prose) -> Result<CommunityChange, CommunityRefusal> {
        let greeting = text::lines(Field("greeting", "The greeting"), &self.greeting, 2000)?;
        let mut reactions: Vec<String> = Vec::new();
        for reaction in self.reactions.split_whitespace() {
            if !reactions.iter().any(|r| r == reaction) {
                reactions.push(reaction.to_owned());
            }
        }
        if !(1..=12).contains(&reactions.len()) || reactions.iter().any(|r| r.chars().count() > 12) {
            return Err(CommunityRefusal::Reactions);
        }
        Ok(CommunityChange {
            name: text::needed_line(Field("name", "The name"), &self.name, 60)?,
            purpose: text::needed_line(Field("purpose", "What it is for"), &self.purpose, 200)?,
            greeting_html: prose.render(&greeting, &BTreeSet::new()),
            greeting,
            language: if self.language.trim().is_empty() { now.language.clone() } else { check_language(&self.language)? },
            zone: if self.time_zone.trim().is_empty() { now.zone.clone() } else { Zone::parse(&self.time_zone)? },
            size_cap: check_size_cap(&self.size_cap)?,
            who_invites: self.who_invites,
            asks_open: self.asks_open.is_some(),
            reactions,
        })
    }
}

/// What the community's place needs kept.
#[async_trait::async_trait]
pub trait CommunityStore: Send + Sync {
    /// The community; `None` until it has been founded.
    async fn community(&self) -> Result<Option<Community>, Unavailable>;
    /// How many members there are.
    async fn size(&self) -> Result<u32, Unavailable>;
    /// The house rules in force.
    async fn rules(&self) -> Result<Option<HouseRules>, Unavailable>;
    /// Keeps the settings.
    async fn save_community(&self, by: &Admin, change: &CommunityChange) -> Result<(), Unavailable>;
    /// Keeps the words.
    async fn save_words(&self, by: &Admin, words: &Words) -> Result<(), Unavailable>;
    /// Keeps the accent.
    async fn save_accent(&self, by: &Admin, accent: Colour) -> Result<(), Unavailable>;
    /// Makes an uploaded picture of the admin's the logo, or takes the logo away. `false` if the picture is not theirs.
    async fn save_logo(&self, by: &Admin, picture: Option<PictureId>) -> Result<bool, Unavailable>;
    /// Keeps new house rules as the next version.
    async fn save_rules(&self, by: MemberId, markdown: &str, html: &SafeHtml, at: Timestamp) -> Result<(), Unavailable>;
}

/// The service for the community's place.
#[derive(Clone)]
pub struct Place {
    store: Arc<dyn CommunityStore>,
    prose: Arc<dyn Prose>,
    clock: Arc<dyn Clock>,
}

impl Place {
    /// Over a store.
    pub fn new(store: Arc<dyn CommunityStore>, prose: Arc<dyn Prose>, clock: Arc<dyn Clock>) -> Self {
        Self { store, prose, clock }
    }
    /// The community; `None` until it has been founded.
    pub async fn community(&self) -> Result<Option<Community>, Unavailable> {
        self.store.community().await
    }
    /// How many members there are.
    pub async fn size(&self) -> Result<u32, Unavailable> {
        self.store.size().await
    }
    /// The house rules in force.
    pub async fn rules(&self) -> Result<Option<HouseRules>, Unavailable> {
        self.store.rules().await
    }
    /// Changes the settings.
    pub async fn change(&self, by: &Admin, form: &CommunityForm) -> Result<(), Error<CommunityRefusal>> {
        let now = self.store.community().await?.ok_or_else(|| Unavailable::because("no community, but an admin"))?;
        let change = form.check(&now, self.prose.as_ref()).or_refuse()?;
        Ok(self.store.save_community(by, &change).await?)
    }
    /// Changes the words.
    pub async fn change_words(&self, by: &Admin, words: &Words) -> Result<(), Error<CommunityRefusal>> {
        let words = words.check().map_err(|r| Error::Refused(r.into()))?;
        Ok(self.store.save_words(by, &words).await?)
    }
    /// Changes the accent; a colour that cannot be read is refused with its ratio and the nearest that can.
    pub async fn change_accent(&self, by: &Admin, accent: &str) -> Result<(), Error<CommunityRefusal>> {
        let accent = palette::choose(accent).map_err(|r| Error::Refused(r.into()))?;
        Ok(self.store.save_accent(by, accent).await?)
    }
    /// Changes the logo; `false` if the picture is not one that the admin uploaded.
    pub async fn change_logo(&self, by: &Admin, picture: Option<PictureId>) -> Result<bool, Unavailable> {
        self.store.save_logo(by, picture).await
    }
    /// Puts new house rules in force. What is the same as before makes no new version.
    pub async fn change_rules(&self, by: &Admin, markdown: &str) -> Result<(), Error<CommunityRefusal>> {
        let markdown =
            text::needed_lines(Field("markdown", "The text of the house rules"), markdown, 20_000).map_err(|r| Error::Refused(r.into()))?;
        if self.store.rules().await?.is_some_and(|rules| rules.markdown == markdown) {
            return Ok(());
        }
        let html = self.prose.render(&markdown, &BTreeSet::new());
        Ok(self.store.save_rules(by.me().id, &markdown, &html, self.clock.now()).await?)
    }
}
