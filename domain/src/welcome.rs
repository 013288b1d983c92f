//! Newcomers: the welcome path that they walk at their own pace, what hosts see of it, and the greeters who show them round.
//!
//! Reading order: here the path and its steps, of which each knows by facts whether it is done (nobody ticks anything, so nothing
//! is left of what was not done); [`meeting`] says whom a newcomer is told of, and why; [`board`] is the hosts' side, and
//! [`greeters`] who looks after whom. [`Welcome`] is the service. A newcomer is never shown where they stand on the board, nor that
//! something is late.

pub mod board;
pub mod greeters;
pub mod meeting;

use crate::{
    community::{CommunityStore, HouseRules},
    gatherings::{Gatherings, Listed, Show},
    ids::{MemberId, PostId},
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::{Byline, PeopleOrder, PeopleStore, Person, Profile, ProfileForm, ProfileRefusal},
    text::{self, Field, TextRefusal},
    time::{Clock, Timestamp},
    timeline::{Audience, PostForm, PostRefusal, Timeline},
    viewer::{Admin, Me, Viewer},
};
use board::BoardStore;
use greeters::GreeterStore;
use meeting::Meeting;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// How long somebody is a newcomer, in days: eight weeks, in which a weekly gathering comes round often enough to become a habit.
pub const NEWCOMER_DAYS: i64 = 56;
/// How many may come by one link or roster and be a party, whose people know each other: a link that brought more is a front door.
pub const LARGEST_PARTY: usize = 40;

/// Whether somebody who joined then is a newcomer.
pub fn is_newcomer(joined_at: Timestamp, now: Timestamp) -> bool {
    joined_at.plus_days(NEWCOMER_DAYS) > now
}

/// How many hours a hello may wait for an answer where no admin chose: a day.
pub const FIRST_WITHIN_HOURS: u32 = 24;
/// Most hours that may be chosen for it: a week.
pub const MOST_WITHIN_HOURS: u32 = 168;
/// Longest question to start from, in characters.
pub const LONGEST_QUESTION: usize = 120;

/// A step of the welcome path. Their order is the order in which they are walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Accept the house rules as they are.
    Rules,
    /// Write a line about oneself.
    Line,
    /// Say what one cares about.
    Interests,
    /// Say hello to everybody.
    Hello,
    /// Speak with one's greeter.
    Greeter,
    /// Speak with somebody of those one is told of.
    People,
    /// Answer a session.
    Gathering,
}

impl Step {
    /// All steps, in their order.
    pub const ALL: [Self; 7] = [Self::Rules, Self::Line, Self::Interests, Self::Hello, Self::Greeter, Self::People, Self::Gathering];
    /// The word for it in records and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Line => "line",
            Self::Interests => "interests",
            Self::Hello => "hello",
            Self::Greeter => "greeter",
            Self::People => "people",
            Self::Gathering => "gathering",
        }
    }
    /// The step of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.word() == word)
    }
}

/// The community's welcome path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelcomePath {
    /// Its steps.
    pub steps: BTreeSet<Step>,
    /// Questions to start a hello from, up to three.
    pub questions: Vec<String>,
    /// Within how many hours a hello is to be answered, 1 to [`MOST_WITHIN_HOURS`]. For hosts.
    pub within_hours: u32,
}

impl Default for WelcomePath {
    fn default() -> Self {
        let questions =
            ["What brought you here?", "What are you making, reading or tending these days?", "For what would you like to find somebody?"];
        Self { steps: Step::ALL.into(), questions: questions.map(str::to_owned).into(), within_hours: FIRST_WITHIN_HOURS }
    }
}

/// The form for the welcome path, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PathForm {
    /// The words of the steps that are ticked, with any text.
    pub steps: BTreeMap<String, String>,
    /// Up to [`LONGEST_QUESTION`] characters; may be empty.
    pub first: String,
    /// As the first.
    pub second: String,
    /// As the first.
    pub third: String,
    /// A number of hours.
    pub within: String,
}

/// Why the welcome path was not changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PathRefusal {
    /// A question is too long.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// Not a number from 1 to [`MOST_WITHIN_HOURS`].
    #[error("How long a hello may wait is a number of hours from 1 to {MOST_WITHIN_HOURS}.")]
    Within,
}

impl AboutField for PathRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(reason) => reason.field(),
            Self::Within => Some("within"),
        }
    }
}

impl PathForm {
    /// Checks the form.
    pub fn check(&self) -> Result<WelcomePath, PathRefusal> {
        let mut questions = Vec::new();
        for (name, typed) in [("first", &self.first), ("second", &self.second), ("third", &self.third)] {
            let question = text::line(Field(name, "A question"), typed, LONGEST_QUESTION)?;
            if !question.is_empty() {
                questions.push(question);
            }
        }
        let within_hours = self.within.trim().parse().ok().filter(|hours| (1..=MOST_WITHIN_HOURS).contains(hours));
        Ok(WelcomePath {
            steps: self.steps.keys().filter_map(|word| Step::from_word(word)).collect(),
            questions,
            within_hours: within_hours.ok_or(PathRefusal::Within)?,
        })
    }
}

/// Somebody's first post to everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// The post.
    pub post: PostId,
    /// Who answered it; the first three.
    pub answered_by: Vec<Byline>,
}

/// What is known of a member and their welcome: by it each step is done or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The version of the house rules that they accepted on their path; 0 for none.
    pub accepted: i64,
    /// What they put off.
    pub later: BTreeSet<Step>,
    /// They know their way, and put the path away.
    pub put_away: bool,
    /// Their hello.
    pub hello: Option<Hello>,
    /// To whom they spoke: whom they answered, or wrote to by name.
    pub spoken_to: BTreeSet<MemberId>,
    /// They answered a session, or came to one.
    pub answered: bool,
    /// Who shows them round.
    pub greeter: Option<Byline>,
    /// Who came by the same invitation.
    pub party: Vec<Byline>,
    /// Who else means to come to what they mean to come to, with its title.
    pub coming_along: Vec<(MemberId, String)>,
    /// Whom they blocked.
    pub blocked: BTreeSet<MemberId>,
    /// With whom they are not to be brought together: one blocked the other, or a host left the two alone. Which of them is not known.
    pub kept_apart: BTreeSet<MemberId>,
}

/// Whether a step is done, by facts alone.
///
/// Whoever came in while the house rules stood as they are accepted them at the door.
pub fn is_done(step: Step, who: &Person, rules: Option<&HouseRules>, facts: &Facts) -> bool {
    let greeter = facts.greeter.as_ref().map(|greeter| greeter.id);
    match step {
        Step::Rules => rules.is_none_or(|rules| facts.accepted >= rules.version || who.joined_at >= rules.since),
        Step::Line => !who.line.is_empty(),
        Step::Interests => !who.interests.is_empty(),
        Step::Hello => facts.hello.is_some(),
        Step::Greeter => greeter.is_some_and(|greeter| facts.spoken_to.contains(&greeter)),
        Step::People => facts.spoken_to.iter().any(|spoken_to| Some(*spoken_to) != greeter),
        Step::Gathering => facts.answered,
    }
}

/// A member's welcome path, as they see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MyWelcome {
    /// Who they are.
    pub who: Person,
    /// The house rules as they are.
    pub rules: Option<HouseRules>,
    /// Questions to start a hello from.
    pub questions: Vec<String>,
    /// What is known of them.
    pub facts: Facts,
    /// Steps that wait, in their order.
    pub open: Vec<Step>,
    /// Steps that wait and were put off.
    pub later: Vec<Step>,
    /// Steps that are done.
    pub done: Vec<Step>,
    /// Whom they could meet.
    pub meet: Vec<Meeting>,
    /// What is on next.
    pub next: Option<Listed>,
}

/// What the newcomer's side needs kept.
#[async_trait::async_trait]
pub trait WelcomeStore: Send + Sync {
    /// The community's welcome path.
    async fn welcome_path(&self) -> Result<WelcomePath, Unavailable>;
    /// Keeps the community's welcome path.
    async fn save_welcome_path(&self, by: &Admin, path: &WelcomePath) -> Result<(), Unavailable>;
    /// What is known of a member and their welcome; of sessions, those that are not over `now`.
    async fn facts(&self, me: &Me, now: Timestamp) -> Result<Facts, Unavailable>;
    /// Keeps that the member accepted a version of the house rules.
    async fn accept_rules(&self, me: &Me, version: i64) -> Result<(), Unavailable>;
    /// Keeps whether the member put a step off.
    async fn put_off(&self, me: &Me, step: Step, off: bool) -> Result<(), Unavailable>;
    /// Keeps whether the member put their path away.
    async fn put_away(&self, me: &Me, away: bool) -> Result<(), Unavailable>;
}

/// What the service for newcomers stands on: their own side, the board, and the greeters.
pub type Kept = (Arc<dyn WelcomeStore>, Arc<dyn BoardStore>, Arc<dyn GreeterStore>);

/// The service for newcomers.
#[derive(Clone)]
pub struct Welcome {
    store: Arc<dyn WelcomeStore>,
    board: Arc<dyn BoardStore>,
    greeters: Arc<dyn GreeterStore>,
    people: Arc<dyn PeopleStore>,
    place: Arc<dyn CommunityStore>,
    timeline: Timeline,
    gatherings: Gatherings,
    clock: Arc<dyn Clock>,
}

impl Welcome {
    /// Over a store; hellos are posts, and what is next is a session.
    pub fn new(
        (store, board, greeters): Kept,
        (people, place): (Arc<dyn PeopleStore>, Arc<dyn CommunityStore>),
        (timeline, gatherings): (Timeline, Gatherings),
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { store, board, greeters, people, place, timeline, gatherings, clock }
    }

    /// The community's welcome path.
    pub async fn path(&self) -> Result<WelcomePath, Unavailable> {
        self.store.welcome_path().await
    }

    /// Changes the community's welcome path.
    pub async fn change_path(&self, by: &Admin, form: &PathForm) -> Result<(), Error<PathRefusal>> {
        let path = form.check().or_refuse()?;
        Ok(self.store.save_welcome_path(by, &path).await?)
    }

    /// The member's own path. A step that has nothing to it (no greeter, nothing planned) is left out until it has.
    pub async fn mine(&self, me: &Me) -> Result<MyWelcome, Unavailable> {
        let viewer = Viewer::Member(me.clone());
        let (path, mut facts) = (self.store.welcome_path().await?, self.store.facts(me, self.clock.now()).await?);
        if facts.party.len() >= LARGEST_PARTY {
            facts.party.clear();
        }
        let rules = self.place.rules().await?;
        if facts.greeter.is_some() && me.unread > 0 {
            self.greeters.saw_greeter(me).await?;
        }
        let everyone = self.people.everyone(&viewer, PeopleOrder::Newest).await?;
        let who = everyone.iter().find(|person| person.who.id == me.id).cloned();
        let mut who = who.ok_or_else(|| Unavailable::because("a member who is signed in is nobody"))?;
        // Whom they blocked does not look forward to them. Who blocked them is not left out of these facts: to miss them would tell.
        facts.party.retain(|other| !facts.blocked.contains(&other.id));
        who.invited_by = who.invited_by.filter(|inviter| !facts.blocked.contains(&inviter.id));
        let meet = meeting::worth_meeting(&who, &everyone, &facts);
        let next = self.next(&viewer).await?;
        let has_something = |step: &Step| match step {
            Step::Rules => rules.is_some(),
            Step::Line | Step::Interests | Step::Hello => true,
            Step::Greeter => facts.greeter.is_some(),
            Step::People => !meet.is_empty(),
            Step::Gathering => next.is_some(),
        };
        let (done, waiting): (Vec<Step>, Vec<Step>) =
            path.steps.iter().copied().partition(|step| is_done(*step, &who, rules.as_ref(), &facts));
        let (later, open) = waiting.into_iter().filter(has_something).partition(|step| facts.later.contains(step));
        Ok(MyWelcome { who, rules, questions: path.questions, facts, open, later, done, meet, next })
    }

    /// The next session that takes place.
    async fn next(&self, viewer: &Viewer) -> Result<Option<Listed>, Unavailable> {
        let (agenda, now) = (self.gatherings.agenda(viewer, Show::All).await?, self.clock.now());
        let comes = |listed: &Listed| !listed.session.cancelled && listed.session.starts_at > now;
        Ok(agenda.soon.into_iter().chain(agenda.later).find(comes))
    }

    /// Accepts the house rules, as far as they are still those that the member read.
    pub async fn accept_rules(&self, me: &Me, version: i64) -> Result<(), Unavailable> {
        let now = self.place.rules().await?.map_or(0, |rules| rules.version);
        self.store.accept_rules(me, version.clamp(0, now)).await
    }

    /// Changes the member's line, and nothing else of their profile.
    pub async fn write_line(&self, me: &Me, line: &str) -> Result<(), Error<ProfileRefusal>> {
        let profile = self.profile_with(me, |form| form.line = line.to_owned()).await?;
        Ok(self.people.save_about(me, Some(&profile.line), None).await?)
    }

    /// Changes what the member cares about, and nothing else of their profile.
    pub async fn write_interests(&self, me: &Me, interests: &str) -> Result<(), Error<ProfileRefusal>> {
        let profile = self.profile_with(me, |form| form.interests = interests.to_owned()).await?;
        Ok(self.people.save_about(me, None, Some(&profile.interests)).await?)
    }

    /// The member's profile with a change, if that may be.
    async fn profile_with(&self, me: &Me, change: impl FnOnce(&mut ProfileForm) + Send) -> Result<Profile, Error<ProfileRefusal>> {
        let person = self.people.person(&Viewer::Member(me.clone()), &me.name).await?;
        let person = person.ok_or_else(|| Unavailable::because("a member who is signed in is nobody"))?;
        let mut form = ProfileForm {
            display_name: person.who.display_name,
            pronouns: person.pronouns,
            line: person.line,
            town: person.town,
            interests: person.interests.join(", "),
            time_zone: person.zone.name().to_owned(),
        };
        change(&mut form);
        form.check().or_refuse()
    }

    /// Says hello: an ordinary post to the community.
    pub async fn say_hello(&self, me: &Me, markdown: &str) -> Result<PostId, Error<PostRefusal>> {
        let form = PostForm { markdown: markdown.to_owned(), audience: Audience::Community, ..PostForm::default() };
        self.timeline.write(me, &form).await
    }

    /// Writes to one person: a post that is for them alone.
    async fn write_to(&self, me: &Me, name: &str, markdown: &str) -> Result<PostId, Error<PostRefusal>> {
        let form = PostForm { markdown: markdown.to_owned(), audience: Audience::Named, named: name.to_owned(), ..PostForm::default() };
        self.timeline.write(me, &form).await
    }

    /// Puts a step off, or takes it up again.
    pub async fn put_off(&self, me: &Me, step: Step, off: bool) -> Result<(), Unavailable> {
        self.store.put_off(me, step, off).await
    }

    /// Puts the path away, or takes it up again.
    pub async fn put_away(&self, me: &Me, away: bool) -> Result<(), Unavailable> {
        self.store.put_away(me, away).await
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{
        ids::MemberId,
        people::{Handle, Role},
        prose::SafeHtml,
        time::Zone,
    };
    use proptest::prelude::*;

    pub(crate) fn person(id: i64, interests: &[&str]) -> Person {
        let names = ["ana", "bo", "cy", "di", "ed", "flo", "gus", "hal", "ida", "jo"];
        let name = names[id as usize % names.len()];
        Person {
            who: Byline { id: MemberId(id), name: Handle::parse(name).expect("a name"), display_name: name.into(), picture: None },
            pronouns: String::new(),
            line: String::new(),
            town: String::new(),
            sentence: String::new(),
            interests: interests.iter().map(|word| (*word).to_owned()).collect(),
            role: Role::Member,
            zone: Zone::utc(),
            joined_at: Timestamp(id),
            invited_by: None,
        }
    }

    fn rules(version: i64, since: i64) -> HouseRules {
        HouseRules { version, markdown: String::new(), html: SafeHtml::default(), since: Timestamp(since) }
    }

    #[test]
    fn eight_weeks_after_joining_one_is_no_newcomer_any_more() {
        let now = Timestamp(1_795_721_400_000);
        assert!(is_newcomer(now.plus_days(-55), now) && !is_newcomer(now.plus_days(-56), now));
    }

    #[test]
    fn whoever_came_in_while_the_rules_stood_accepted_them_at_the_door() {
        let (who, facts) = (person(5, &[]), Facts::default());
        assert!(is_done(Step::Rules, &who, Some(&rules(1, 3)), &facts));
        assert!(!is_done(Step::Rules, &who, Some(&rules(2, 9)), &facts), "they changed since");
        assert!(is_done(Step::Rules, &who, Some(&rules(2, 9)), &Facts { accepted: 2, ..Facts::default() }));
        assert!(!is_done(Step::Rules, &who, Some(&rules(3, 10)), &Facts { accepted: 2, ..Facts::default() }));
    }

    #[test]
    fn to_speak_with_the_greeter_is_a_step_of_its_own() {
        let (who, greeter) = (person(5, &[]), person(2, &[]).who);
        let mut facts = Facts { greeter: Some(greeter), spoken_to: [MemberId(2)].into(), ..Facts::default() };
        assert!(is_done(Step::Greeter, &who, None, &facts) && !is_done(Step::People, &who, None, &facts));
        facts.spoken_to = [MemberId(3)].into();
        assert!(!is_done(Step::Greeter, &who, None, &facts) && is_done(Step::People, &who, None, &facts));
    }

    #[test]
    fn a_form_without_questions_or_steps_is_a_path_too() {
        let form = PathForm { within: " 12 ".into(), ..PathForm::default() };
        assert_eq!(form.check(), Ok(WelcomePath { steps: BTreeSet::new(), questions: Vec::new(), within_hours: 12 }));
        for within in ["", "0", "169", "-1", "soon"] {
            let form = PathForm { within: within.into(), ..PathForm::default() };
            assert_eq!(form.check(), Err(PathRefusal::Within), "{within}");
        }
    }

    proptest! {
        #[test]
        fn a_form_keeps_the_steps_that_there_are(words in proptest::collection::btree_set("[a-z]{4,9}", 0..4), mut chosen in proptest::sample::subsequence(Step::ALL.to_vec(), 0..7)) {
            let mut steps: BTreeMap<String, String> = words.into_iter().map(|word| (word, "yes".to_owned())).collect();
            steps.retain(|word, _| Step::from_word(word).is_none());
            steps.extend(chosen.iter().map(|step| (step.word().to_owned(), "yes".to_owned())));
            let path = PathForm { steps, within: "24".into(), ..PathForm::default() }.check().expect("fits");
            chosen.sort();
            prop_assert_eq!(path.steps.into_iter().collect::<Vec<_>>(), chosen);
        }

        #[test]
        fn what_was_put_off_or_put_away_makes_nothing_done(step in proptest::sample::select(Step::ALL.to_vec()), away: bool) {
            let facts = Facts { later: Step::ALL.into(), put_away: away, ..Facts::default() };
            let rules = rules(1, 9);
            prop_assert!(!is_done(step, &person(5, &[]), Some(&rules), &facts));
        }
    }
}
