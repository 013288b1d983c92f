//! Introductions: two people, a reason, and a thread that it opens.
//!
//! Reading order: [`proposals`] says who could be introduced to whom, and why; here is what a host makes of it, and what became of it.
//! The desk proposes and shows its evidence; the host writes what is said of each, and says it under their own name. What a host may not
//! see is no evidence. Whoever would rather not be introduced says so to nobody: no one is told, and the two are not proposed again.

pub mod proposals;

use crate::{
    ids::{MemberId, PostId},
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::{Byline, Handle, PeopleStore, Person, meant, nobody_called},
    text::{self, Field, TextRefusal},
    time::{Clock, Timestamp},
    timeline::{Audience, NewPost, PostRefusal, Timeline},
    viewer::{Host, Me},
};
use proposals::{Known, Proposal, Reason, has_room};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// How many pairs the desk proposes at once.
pub const PROPOSED: usize = 8;
/// How far back what people said is looked at for words, in days.
pub const SAID_DAYS: i64 = 30;
/// How far back gatherings count at which both were, in days.
pub const CAME_DAYS: i64 = 180;
/// Most posts in which words are looked for, the newest; and most characters of each.
pub const MOST_SAID: (usize, usize) = (20_000, 2_000);
/// Longest sentence about somebody, in characters.
pub const LONGEST_ABOUT: usize = 300;
/// How many introductions the desk looks back on.
pub const LOOKED_BACK_ON: usize = 60;
/// After how many days the desk looks whether the two spoke.
pub const LOOKS_AFTER: [i64; 2] = [7, 30];
/// How many of the best pairs are asked about at once, whether they have spoken before.
const ASKED_AT_ONCE: usize = 48;

/// Two people; the one with the smaller id first, so that a pair has one form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair(MemberId, MemberId);

impl Pair {
    /// Of two people; `None` if they are the same.
    pub fn of(one: MemberId, other: MemberId) -> Option<Self> {
        match one.cmp(&other) {
            std::cmp::Ordering::Less => Some(Self(one, other)),
            std::cmp::Ordering::Greater => Some(Self(other, one)),
            std::cmp::Ordering::Equal => None,
        }
    }
    /// Both.
    pub fn both(self) -> [MemberId; 2] {
        [self.0, self.1]
    }
}

/// The form for an introduction, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct IntroductionForm {
    /// The name of one of the two.
    pub one: String,
    /// The name of the other.
    pub other: String,
    /// Who the one is, for the other to read; up to [`LONGEST_ABOUT`] characters.
    pub about_one: String,
    /// Who the other is, for the one to read.
    pub about_other: String,
    /// Why they should know each other; up to [`LONGEST_ABOUT`] characters, may be empty.
    pub why: String,
    /// On the timeline for all; else for the two and the host.
    pub on_timeline: bool,
}

/// Why an introduction was not made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum IntroductionRefusal {
    /// A field's text does not fit.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// One of the two is not here.
    #[error("{}", nobody_called(name))]
    Nobody {
        /// What was typed.
        name: String,
        /// In which field.
        field: String,
    },
    /// The same person twice.
    #[error("These two know each other: they are one person. Choose somebody else.")]
    Same,
    /// The host is one of the two.
    #[error("You are one of the two. Write to the other yourself; that is the best introduction.")]
    Yourself,
    /// Somebody introduced the two before.
    #[error("{} introduced these two already. If it came to nothing, leave it at that.", by.as_deref().unwrap_or("A host"))]
    Before {
        /// Who; nobody, where it was taken back.
        by: Option<String>,
    },
}

impl AboutField for IntroductionRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(reason) => reason.field(),
            Self::Nobody { field, .. } => Some(field),
            Self::Same | Self::Yourself => Some("other"),
            Self::Before { .. } => None,
        }
    }
}

/// An introduction that is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIntroduction {
    /// Whom.
    pub pair: Pair,
    /// What is said, which opens the thread.
    pub post: NewPost,
}

/// An introduction, and what is known of how it went. Only what its reader may see counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introduction {
    /// The post that opens its thread; by this it is known.
    pub post: PostId,
    /// How it begins, as plain text.
    pub excerpt: String,
    /// Who introduced them.
    pub by: Byline,
    /// The two.
    pub two: [Byline; 2],
    /// When each of them first spoke in its thread.
    pub spoke: [Option<Timestamp>; 2],
    /// When one of them first answered the other anywhere else, since.
    pub talked: Option<Timestamp>,
    /// It stands on the timeline for all.
    pub on_timeline: bool,
    /// When it was made.
    pub at: Timestamp,
}

/// How an introduction went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Went {
    /// Both spoke: each in its thread, or with each other elsewhere.
    Both,
    /// One did; which one of the two.
    One(usize),
    /// Neither did.
    Neither,
}

impl Introduction {
    /// How it stood at a moment.
    pub fn went(&self, until: Timestamp) -> Went {
        let by_then = |at: Option<Timestamp>| at.is_some_and(|at| at <= until);
        match (by_then(self.spoke[0]), by_then(self.spoke[1])) {
            _ if by_then(self.talked) => Went::Both,
            (true, true) => Went::Both,
            (true, false) => Went::One(0),
            (false, true) => Went::One(1),
            (false, false) => Went::Neither,
        }
    }

    /// How it stood after each of [`LOOKS_AFTER`], as far as that long has passed.
    pub fn looks(&self, now: Timestamp) -> Vec<(i64, Went)> {
        let looks = LOOKS_AFTER.into_iter().map(|days| (days, self.at.plus_days(days)));
        looks.filter(|(_, until)| *until <= now).map(|(days, until)| (days, self.went(until))).collect()
    }
}

/// Of how many introductions that are so old, how many led to both speaking within that time: days, those, all.
pub fn what_became(introductions: &[Introduction], now: Timestamp) -> Vec<(i64, usize, usize)> {
    let of = |days: i64| {
        let old: Vec<_> = introductions.iter().filter(|one| one.at.plus_days(days) <= now).collect();
        let both = old.iter().filter(|one| one.went(one.at.plus_days(days)) == Went::Both).count();
        (days, both, old.len())
    };
    LOOKS_AFTER.into_iter().map(of).filter(|(_, _, all)| *all > 0).collect()
}

/// That a host introduced two people in a thread that the reader does not see: the bare fact, so that nobody introduces them again. What was
/// said, whether they spoke, and that one would rather not, are not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// Who introduced them.
    pub by: Byline,
    /// The two.
    pub two: [Byline; 2],
    /// When.
    pub at: Timestamp,
}

/// What is known of those who could be introduced.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// The people.
    pub people: Vec<Known>,
    /// What gatherings are called.
    pub gatherings: BTreeMap<i64, String>,
    /// Pairs that were introduced before, or that a host or one of the two would rather leave alone.
    pub left_alone: BTreeSet<Pair>,
}

/// What introductions need kept.
#[async_trait::async_trait]
pub trait IntroductionStore: Send + Sync {
    /// What is known of everybody but the host, as far as the host may see it: what they said since `said`, up to [`MOST_SAID`], where
    /// they came since `came`. Four queries.
    async fn evidence(&self, host: &Host, said: Timestamp, came: Timestamp) -> Result<Evidence, Unavailable>;
    /// Which of these pairs have spoken with each other, as far as the host may see it. One query.
    async fn talked(&self, host: &Host, pairs: &[Pair]) -> Result<BTreeSet<Pair>, Unavailable>;
    /// Leaves a pair alone from now on.
    async fn leave_alone(&self, host: &Host, pair: Pair, at: Timestamp) -> Result<(), Unavailable>;
    /// Keeps an introduction, and tells the two. Refuses `Before`, also where the former was taken back.
    async fn introduce(&self, host: &Host, new: &NewIntroduction) -> Result<PostId, Error<IntroductionRefusal>>;
    /// The latest introductions, the newest first.
    async fn introductions(&self, host: &Host, most: usize) -> Result<Vec<Introduction>, Unavailable>;
    /// Of the latest introductions those that the host does not see, the newest first: the bare facts. What was taken back is none.
    async fn introduced_elsewhere(&self, host: &Host, most: usize) -> Result<Vec<Elsewhere>, Unavailable>;
    /// One introduction, for the two and for hosts; whether the reader is one of the two and has declined it.
    async fn introduction(&self, me: &Me, post: PostId) -> Result<Option<(Introduction, bool)>, Unavailable>;
    /// Keeps that one of the two would rather not; false if the member is not one of them.
    async fn decline(&self, me: &Me, post: PostId, at: Timestamp) -> Result<bool, Unavailable>;
}

/// Compares people with each other, on a thread of its own: where there are many, that takes long.
#[async_trait::async_trait]
pub trait Comparing: Send + Sync {
    /// [`proposals::propose`].
    async fn propose(&self, known: Evidence, now: Timestamp) -> Result<Vec<Proposal>, Unavailable>;
    /// [`proposals::evidence`], of those of these names.
    async fn evidence(&self, known: Evidence, two: [Handle; 2]) -> Result<Vec<Reason>, Unavailable>;
}

/// The service for introductions.
#[derive(Clone)]
pub struct Introductions {
    store: Arc<dyn IntroductionStore>,
    people: Arc<dyn PeopleStore>,
    comparing: Arc<dyn Comparing>,
    timeline: Timeline,
    clock: Arc<dyn Clock>,
}

impl Introductions {
    /// Over stores, and the service that posts.
    pub fn new(
        (store, people): (Arc<dyn IntroductionStore>, Arc<dyn PeopleStore>),
        comparing: Arc<dyn Comparing>,
        timeline: Timeline,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { store, people, comparing, timeline, clock }
    }

    /// Whom the host could introduce to whom, the best first, up to [`PROPOSED`]; by the rule of [`proposals`].
    pub async fn proposals(&self, host: &Host) -> Result<Vec<Proposal>, Unavailable> {
        let known = self.known(host).await?;
        let mut all = self.comparing.propose(known, self.clock.now()).await?.into_iter();
        let mut proposals: Vec<Proposal> = Vec::new();
        // Whether two have spoken is asked of the best only: of everybody, it would be read all that was ever said.
        loop {
            let next: Vec<Proposal> = all.by_ref().filter(|next| has_room(&proposals, next.pair)).take(ASKED_AT_ONCE).collect();
            if next.is_empty() {
                return Ok(proposals);
            }
            let pairs: Vec<Pair> = next.iter().map(|proposal| proposal.pair).collect();
            let talked = self.store.talked(host, &pairs).await?;
            for proposal in next.into_iter().filter(|proposal| !talked.contains(&proposal.pair)) {
                if has_room(&proposals, proposal.pair) {
                    proposals.push(proposal);
                }
                if proposals.len() == PROPOSED {
                    return Ok(proposals);
                }
            }
        }
    }

    /// What speaks for introducing two people to each other, whoever they are; nothing, if one is not here.
    pub async fn reasons(&self, host: &Host, one: &Handle, other: &Handle) -> Result<Vec<Reason>, Unavailable> {
        self.comparing.evidence(self.known(host).await?, [one.clone(), other.clone()]).await
    }

    /// Somebody, for the form: by their name, or by what they are called, where nobody else is called the same.
    pub async fn person(&self, host: &Host, name: &str) -> Result<Option<Person>, Unavailable> {
        meant(self.people.as_ref(), host.me(), name).await
    }

    /// Leaves two people alone: they are not proposed again. Who is not here is left alone anyway.
    pub async fn leave_alone(&self, host: &Host, one: MemberId, other: MemberId) -> Result<(), Unavailable> {
        match Pair::of(one, other) {
            Some(pair) => self.store.leave_alone(host, pair, self.clock.now()).await,
            None => Ok(()),
        }
    }

    /// Introduces two people: what the form says becomes a post of the host's, for the two or for all, which opens a thread.
    pub async fn introduce(&self, host: &Host, form: &IntroductionForm) -> Result<(PostId, Pair), Error<IntroductionRefusal>> {
        let one = self.member(host, "one", &form.one).await?;
        let other = self.member(host, "other", &form.other).await?;
        let pair = Pair::of(one.id, other.id).ok_or(Error::Refused(IntroductionRefusal::Same))?;
        if pair.both().contains(&host.me().id) {
            return Err(Error::Refused(IntroductionRefusal::Yourself));
        }
        let sentence = |name, what, text| text::needed_line(Field(name, what), text, LONGEST_ABOUT);
        let about_one = sentence("about_one", "Who they are", &form.about_one).map_err(IntroductionRefusal::from).or_refuse()?;
        let about_other = sentence("about_other", "Who they are", &form.about_other).map_err(IntroductionRefusal::from).or_refuse()?;
        let why = text::lines(Field("why", "Why they should know each other"), &form.why, LONGEST_ABOUT);
        let why = why.map_err(IntroductionRefusal::from).or_refuse()?;
        let words = in_words((&one.name, &about_one), (&other.name, &about_other), &why);
        let mut post = self.timeline.checked(&words, "", &[]).await.map_err(as_ours)?;
        if !form.on_timeline {
            post.audience = Audience::Named;
            post.named = pair.both().to_vec();
        }
        Ok((self.store.introduce(host, &NewIntroduction { pair, post }).await?, pair))
    }

    /// The latest introductions, the newest first, up to [`LOOKED_BACK_ON`].
    pub async fn made(&self, host: &Host) -> Result<Vec<Introduction>, Unavailable> {
        self.store.introductions(host, LOOKED_BACK_ON).await
    }

    /// Whom other hosts introduced where the host does not read along, the newest first, up to [`LOOKED_BACK_ON`].
    pub async fn elsewhere(&self, host: &Host) -> Result<Vec<Elsewhere>, Unavailable> {
        self.store.introduced_elsewhere(host, LOOKED_BACK_ON).await
    }

    /// An introduction, for the two; and whether the reader would rather not.
    pub async fn mine(&self, me: &Me, post: PostId) -> Result<Option<(Introduction, bool)>, Unavailable> {
        let found = self.store.introduction(me, post).await?;
        Ok(found.filter(|(introduction, _)| introduction.two.iter().any(|who| who.id == me.id)))
    }

    /// One of the two would rather not: nobody is told, and they are not introduced again. False if the member is not one of them.
    pub async fn decline(&self, me: &Me, post: PostId) -> Result<bool, Unavailable> {
        self.store.decline(me, post, self.clock.now()).await
    }

    async fn known(&self, host: &Host) -> Result<Evidence, Unavailable> {
        let now = self.clock.now();
        self.store.evidence(host, now.plus_days(-SAID_DAYS), now.plus_days(-CAME_DAYS)).await
    }

    async fn member(&self, host: &Host, field: &str, typed: &str) -> Result<Byline, Error<IntroductionRefusal>> {
        let nobody = || IntroductionRefusal::Nobody { name: typed.trim().chars().take(60).collect(), field: field.to_owned() };
        let person = self.person(host, typed).await?;
        person.map(|person| person.who).ok_or_else(nobody).or_refuse()
    }
}

/// A post of our own making fits, so that it is refused for nothing that the host could mend.
fn as_ours(error: Error<PostRefusal>) -> Error<IntroductionRefusal> {
    match error {
        Error::Refused(reason) => Error::Unavailable(Unavailable::because(format!("an introduction was refused as a post: {reason}"))),
        Error::Unavailable(cause) => Error::Unavailable(cause),
    }
}

/// What an introduction says: to each, who the other is, and why.
fn in_words((one, about_one): (&Handle, &str), (other, about_other): (&Handle, &str), why: &str) -> String {
    let mut words = format!("@{one}, meet @{other}. {about_other}\n\n@{other}, meet @{one}. {about_one}");
    if !why.is_empty() {
        words = format!("{words}\n\n{why}");
    }
    words
}

/// What an introduction's words say of one of the two, where they stand as [`in_words`] wrote them.
pub fn said_of<'a>(words: &'a str, name: &str) -> Option<&'a str> {
    let meets = format!(", meet @{name}. ");
    words.split("\n\n").find_map(|line| {
        let (other, said) = line.strip_prefix('@')?.split_once(&meets)?;
        Handle::parse(other).is_ok().then_some(said)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(id: i64, name: &str) -> Byline {
        Byline { id: MemberId(id), name: Handle::parse(name).expect("a name"), display_name: name.into(), picture: None }
    }

    fn made(days: i64, spoke: [Option<i64>; 2], talked: Option<i64>) -> Introduction {
        let at = Timestamp(0).plus_days(days);
        let after = |days: Option<i64>| days.map(|days| at.plus_days(days));
        Introduction {
            post: PostId(1),
            excerpt: String::new(),
            by: who(9, "marco"),
            two: [who(1, "ana"), who(2, "bo")],
            spoke: spoke.map(after),
            talked: after(talked),
            on_timeline: false,
            at,
        }
    }

    #[test]
    fn a_pair_has_one_form_and_nobody_is_a_pair() {
        let (ana, bo) = (MemberId(1), MemberId(2));
        assert_eq!(Pair::of(bo, ana), Pair::of(ana, bo));
        assert_eq!(Pair::of(ana, ana), None);
    }

    #[test]
    fn an_introduction_led_to_something_when_both_spoke_within_the_time() {
        let now = Timestamp(0).plus_days(40);
        assert_eq!(made(0, [Some(2), Some(9)], None).looks(now), [(7, Went::One(0)), (30, Went::Both)]);
        assert_eq!(made(0, [None, None], Some(3)).looks(now), [(7, Went::Both), (30, Went::Both)], "they met elsewhere");
        assert_eq!(made(0, [None, Some(35)], None).looks(now), [(7, Went::Neither), (30, Went::Neither)]);
        assert_eq!(made(30, [Some(1), Some(1)], None).looks(now), [(7, Went::Both)], "thirty days have not passed");
        assert_eq!(made(38, [Some(1), Some(1)], None).looks(now), []);
        let all = [made(0, [Some(2), Some(9)], None), made(0, [Some(1), Some(1)], None), made(30, [None, None], None)];
        assert_eq!(what_became(&all, now), [(7, 1, 3), (30, 2, 2)]);
        assert_eq!(what_became(&[], now), []);
    }

    #[test]
    fn each_reads_who_the_other_is() {
        let (ana, bo) = (who(1, "ana").name, who(2, "bo").name);
        let words = in_words((&ana, "She builds boats."), (&bo, "He paints them."), "You both begin too early.");
        assert_eq!(words, "@ana, meet @bo. He paints them.\n\n@bo, meet @ana. She builds boats.\n\nYou both begin too early.");
        assert!(in_words((&ana, "A."), (&bo, "B."), "").ends_with("A."));
        assert_eq!((said_of(&words, "ana"), said_of(&words, "bo")), (Some("She builds boats."), Some("He paints them.")));
        assert_eq!((said_of(&words, "an"), said_of("Meet @ana. She sings.", "ana")), (None, None));
    }
}
