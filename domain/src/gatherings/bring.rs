//! Things to bring: a list that those who keep a gathering write, and that people take from.
//!
//! **The rule.** There is a usual list for each session, and a session may have one of its own in its place. A thing is known by its name,
//! whatever its letters' case; of each, so many are needed, and nobody can take more than are still open. What somebody took stays theirs
//! when the list is changed: as long as a thing of that name is on it, it is shown there, even where fewer are needed now; else beside it
//! (“also”). Whoever says that they can't come gives back what they took. All of it is for members who may see the session.
//!
//! The service is also that of the [`super::rota`]: both are what people take upon themselves.

use super::{
    Gathering, GatheringStore, Session, SessionPage,
    room::Place,
    rota::{NewTurn, Rota, RotaForm, RotaRefusal, Turn, in_turns, next_of},
};
use crate::{
    ids::{GatheringId, MemberId},
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::Byline,
    text::{self, Field, TextRefusal},
    time::{Clock, Timestamp},
    viewer::{Me, Viewer},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Most things on a list.
pub const MOST_THINGS: usize = 40;
/// Longest name of a thing, in characters.
pub const LONGEST_THING: usize = 80;
/// Most that can be needed of a thing.
pub const MOST_NEEDED: u32 = 99;
/// How many things of a list are told where there is room for a line.
const TOLD: usize = 6;

/// A thing on a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thing {
    /// What it is called, 1 to [`LONGEST_THING`] characters.
    pub name: String,
    /// How many are needed, 1 to [`MOST_NEEDED`].
    pub needed: u32,
}

/// By what a thing is known: its name in small letters.
pub fn key_of(name: &str) -> String {
    name.to_lowercase()
}

/// Why a list was not kept, or a thing not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum BringRefusal {
    /// A name is too long.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// More than [`MOST_THINGS`].
    #[error("That is more than {MOST_THINGS} things. Write down those that matter most.")]
    TooMany,
    /// Not a number of things.
    #[error(
        "How many are needed is a number from 1 to {MOST_NEEDED}, and “{line}” begins with another. Say it in other words, or put it last."
    )]
    Number {
        /// The line.
        line: String,
    },
    /// Twice on the list.
    #[error("“{name}” is on the list twice. Write it once, with how many are needed in front of it.")]
    Twice {
        /// What it is called.
        name: String,
    },
    /// All that is needed of it is taken.
    #[error("Somebody was quicker: of “{name}”, all that is needed is taken. Below is what is still open.")]
    Full {
        /// What it is called.
        name: String,
    },
    /// It is not on the list.
    #[error("That is not on the list any more. Below is what is.")]
    NotOnList,
    /// The session is over.
    #[error("That one is over: what was brought was brought.")]
    Over,
    /// The session was cancelled.
    #[error("That one was cancelled, so nothing is needed.")]
    Cancelled,
    /// Somebody else changed the list meanwhile.
    #[error(
        "Somebody changed the list while you were writing. What you wrote is still here; beside it you see what stands now. Save again to keep yours."
    )]
    Overtaken,
    /// There is no such session for this member, or it is not theirs to change.
    #[error("That is not here any more.")]
    Gone,
}

impl AboutField for BringRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(reason) => reason.field(),
            Self::TooMany | Self::Number { .. } | Self::Twice { .. } | Self::Overtaken => Some("things"),
            Self::Full { .. } | Self::NotOnList | Self::Over | Self::Cancelled | Self::Gone => None,
        }
    }
}

/// Reads a list as it is typed: one thing a line, with how many are needed in front where that is not one.
pub fn read_list(typed: &str) -> Result<Vec<Thing>, BringRefusal> {
    let mut things: Vec<Thing> = Vec::new();
    for line in typed.lines().filter(|line| !line.trim().is_empty()) {
        let line = text::line(Field("things", "A thing"), line, LONGEST_THING + 20)?;
        let (needed, name) = match numbered(&line) {
            Some((number, name)) => {
                let number = number.parse().ok().filter(|number| (1..=MOST_NEEDED).contains(number));
                (number.ok_or_else(|| BringRefusal::Number { line: line.clone() })?, name)
            }
            None => (1, line.as_str()),
        };
        if name.is_empty() {
            continue;
        }
        let name = text::line(Field("things", "A thing"), name, LONGEST_THING)?;
        if things.iter().any(|thing| key_of(&thing.name) == key_of(&name)) {
            return Err(BringRefusal::Twice { name });
        }
        things.push(Thing { name, needed });
    }
    if things.len() > MOST_THINGS { Err(BringRefusal::TooMany) } else { Ok(things) }
}

/// The number in front of a thing's name, and the name.
fn numbered(line: &str) -> Option<(&str, &str)> {
    line.split_once(' ').filter(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A list as [`read_list`] reads it.
pub fn written(things: &[Thing]) -> String {
    let line = |thing: &Thing| match thing.needed {
        1 if numbered(&thing.name).is_none() => thing.name.clone(),
        needed => format!("{needed} {}", thing.name),
    };
    things.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What somebody brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Who.
    pub who: Byline,
    /// Of what, as it was called when they took it.
    pub name: String,
    /// How many.
    pub many: u32,
}

/// What is kept of what is brought to a session, and of who hosts it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BringRecord {
    /// The usual list.
    pub usual: Vec<Thing>,
    /// The session's own list, in place of the usual one.
    pub own: Option<Vec<Thing>>,
    /// What was taken, in the order in which it was.
    pub taken: Vec<Taken>,
    /// Whose turn it is, whether or not they keep the gathering still.
    pub host: Option<MemberId>,
}

/// A thing on a session's list, and who brings it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The thing.
    pub thing: Thing,
    /// Who brings it, and how many; in the order in which they took it.
    pub by: Vec<(Byline, u32)>,
}

impl Wanted {
    /// How many are taken.
    pub fn taken(&self) -> u32 {
        self.by.iter().map(|(_, many)| many).sum()
    }
    /// How many are still needed.
    pub fn open(&self) -> u32 {
        self.thing.needed.saturating_sub(self.taken())
    }
    /// How many a member brings.
    pub fn of(&self, member: MemberId) -> u32 {
        self.by.iter().filter(|(who, _)| who.id == member).map(|(_, many)| many).sum()
    }
}

/// What is brought to a session, and who hosts it, as its viewer sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// The list, with who brings what.
    pub list: Vec<Wanted>,
    /// What is brought and is not on the list.
    pub also: Vec<Taken>,
    /// The usual list.
    pub usual: Vec<Thing>,
    /// The session has a list of its own.
    pub own: bool,
    /// Whose turn it is, where that is somebody's.
    pub host: Option<Byline>,
}

impl Brought {
    /// What is kept of a session of a gathering, put together.
    pub fn of(record: BringRecord, gathering: &Gathering) -> Self {
        let own = record.own.is_some();
        let things = record.own.unwrap_or_else(|| record.usual.clone());
        let by = |thing: &Thing| {
            let of = record.taken.iter().filter(|taken| key_of(&taken.name) == key_of(&thing.name));
            of.map(|taken| (taken.who.clone(), taken.many)).collect()
        };
        let list: Vec<Wanted> = things.into_iter().map(|thing| Wanted { by: by(&thing), thing }).collect();
        let is_on = |taken: &Taken| list.iter().any(|wanted| key_of(&wanted.thing.name) == key_of(&taken.name));
        let also = record.taken.iter().filter(|taken| !is_on(taken)).cloned().collect();
        Self { also, list, usual: record.usual, own, host: gathering.host_of(record.host).cloned() }
    }

    /// There is something to bring, or somebody brings something.
    pub fn is_something(&self) -> bool {
        !self.list.is_empty() || !self.also.is_empty()
    }

    /// The list, as its keepers type it.
    pub fn written(&self) -> String {
        let things: Vec<Thing> = self.list.iter().map(|wanted| wanted.thing.clone()).collect();
        written(&things)
    }

    /// In a line: `bread (Ana), 2 salads still open`. `None` if there is nothing.
    pub fn in_words(&self) -> Option<String> {
        let mut parts: Vec<String> = self.list.iter().map(wanted_in_words).collect();
        let more = parts.len().saturating_sub(TOLD);
        parts.truncate(TOLD);
        match more {
            0 => {}
            1 => parts.push("one more thing".to_owned()),
            more => parts.push(format!("{more} more things")),
        }
        let also: Vec<String> =
            self.also.iter().take(TOLD).map(|taken| format!("{} ({})", taken.name, from(&taken.who, taken.many))).collect();
        if !also.is_empty() {
            parts.push(format!("also: {}", also.join(", ")));
        }
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// `Ana`, `2 from Ana`.
fn from(who: &Byline, many: u32) -> String {
    if many == 1 { who.display_name.clone() } else { format!("{many} from {}", who.display_name) }
}

fn wanted_in_words(wanted: &Wanted) -> String {
    let (name, open) = (&wanted.thing.name, wanted.open());
    let mut by: Vec<String> = wanted.by.iter().map(|(who, many)| from(who, *many)).collect();
    match (by.is_empty(), open) {
        (true, 1) => return format!("{name} still open"),
        (true, open) => return format!("{open} {name} still open"),
        (false, 0) => {}
        (false, open) => by.push(format!("{open} still open")),
    }
    format!("{name} ({})", by.join(", "))
}

/// Decides whether somebody may bring so many of a thing; returns how many are needed, and 0 where that is of no matter.
///
/// `others` is how many of it others bring, `mine` how many they bring so far, `many` how many they want to from now on.
pub fn may_bring(list: &[Thing], name: &str, (others, mine): (u32, u32), many: u32) -> Result<u32, BringRefusal> {
    if many <= mine {
        return Ok(0);
    }
    let thing = list.iter().find(|thing| key_of(&thing.name) == key_of(name)).ok_or(BringRefusal::NotOnList)?;
    if others.saturating_add(many) > thing.needed {
        return Err(BringRefusal::Full { name: thing.name.clone() });
    }
    Ok(thing.needed)
}

/// The form for a list, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListForm {
    /// The list: one thing a line.
    pub things: String,
    /// The list as it was when the form was shown.
    pub seen: String,
    /// Any text when it is for one session alone.
    pub once: Option<String>,
    /// Any text when the session is to have the usual list again, whatever is typed.
    pub usual: Option<String>,
}

/// What somebody is to bring from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTaking {
    /// What it is called.
    pub name: String,
    /// How many; 0 gives it back.
    pub many: u32,
    /// How often the gathering had been changed when this was decided.
    pub seen: i64,
    /// Now.
    pub at: Timestamp,
}

/// What of lists is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewList {
    /// The usual list, which this session has as well.
    Usual(Vec<Thing>),
    /// A list of the session's own.
    Own(Vec<Thing>),
}

/// What lists and the rota need kept. Each takes the [`Place`] of a session, or the gathering, that its caller was shown.
#[async_trait::async_trait]
pub trait BringStore: Send + Sync {
    /// What is kept of a session; nothing for those who may not see it, and for visitors nothing but whose turn it is. One query.
    async fn brought(&self, viewer: &Viewer, place: Place) -> Result<BringRecord, Unavailable>;
    /// Keeps a list in place of the one that was `seen`, as it is [`written`]; refuses `Overtaken` where another stands by now.
    async fn keep_list(&self, place: Place, seen: &str, list: &NewList) -> Result<(), Error<BringRefusal>>;
    /// Gives a session the usual list again.
    async fn keep_usual(&self, place: Place) -> Result<(), Unavailable>;
    /// Keeps what a member brings, as [`may_bring`] decides; false where the gathering was changed since it was looked at.
    async fn bring(&self, me: &Me, place: Place, new: &NewTaking) -> Result<bool, Error<BringRefusal>>;
    /// Whose turns there are from a date on, and whose was the last before.
    async fn rota(&self, gathering: GatheringId, from: NaiveDate) -> Result<(Vec<(NaiveDate, MemberId)>, Option<MemberId>), Unavailable>;
    /// Keeps whose turn it is at sessions, all or none, as [`may_give`](super::rota::may_give) decides; false where the gathering was changed
    /// since it was looked at: `seen` times by then.
    async fn keep_rota(&self, gathering: GatheringId, seen: i64, turns: &[NewTurn]) -> Result<bool, Error<RotaRefusal>>;
}

/// The page of what is brought to a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BringPage {
    /// The gathering.
    pub gathering: Gathering,
    /// The session.
    pub session: Session,
    /// What is brought.
    pub brought: Brought,
    /// It is over.
    pub over: bool,
}

/// The service for what people take upon themselves: things to bring, and hosting.
#[derive(Clone)]
pub struct Bring {
    store: Arc<dyn BringStore>,
    kept: Arc<dyn GatheringStore>,
    clock: Arc<dyn Clock>,
}

impl Bring {
    /// Over a store of lists and one of gatherings.
    pub fn new(store: Arc<dyn BringStore>, kept: Arc<dyn GatheringStore>, clock: Arc<dyn Clock>) -> Self {
        Self { store, kept, clock }
    }

    /// What is brought to a session that the viewer was shown; nothing, for a visitor.
    pub async fn of(&self, viewer: &Viewer, page: &SessionPage) -> Result<Brought, Unavailable> {
        if viewer.me().is_none() {
            return Ok(Brought::default());
        }
        let place = Place { gathering: page.gathering.id, session: page.session };
        Ok(Brought::of(self.store.brought(viewer, place).await?, &page.gathering))
    }

    /// Whether a session that the viewer was shown is the turn of somebody else than the planner.
    pub async fn is_anothers(&self, viewer: &Viewer, page: &SessionPage) -> Result<bool, Unavailable> {
        let place = Place { gathering: page.gathering.id, session: page.session };
        Ok(self.store.brought(viewer, place).await?.host.is_some_and(|host| host != page.gathering.host.id))
    }

    /// The page of a session's list; `None` if there is none for this member.
    pub async fn page(&self, me: &Me, slug: &str, date: &str) -> Result<Option<BringPage>, Unavailable> {
        let viewer = Viewer::Member(me.clone());
        let Some((gathering, place)) = self.find(&viewer, slug, date).await? else { return Ok(None) };
        let brought = Brought::of(self.store.brought(&viewer, place).await?, &gathering);
        if !brought.is_something() && !gathering.mine {
            return Ok(None);
        }
        let over = place.session.ends_at <= self.clock.now();
        Ok(Some(BringPage { session: place.session, gathering, brought, over }))
    }

    /// Keeps a list, for those who keep the gathering.
    pub async fn write(&self, me: &Me, (slug, date): (&str, &str), form: &ListForm) -> Result<(), Error<BringRefusal>> {
        let viewer = Viewer::Member(me.clone());
        let found = self.find(&viewer, slug, date).await?.filter(|(gathering, _)| gathering.mine);
        let (gathering, place) = found.ok_or(Error::Refused(BringRefusal::Gone))?;
        if place.session.ends_at <= self.clock.now() {
            return Err(Error::Refused(BringRefusal::Over));
        }
        if form.usual.is_some() {
            return Ok(self.store.keep_usual(place).await?);
        }
        let things = read_list(&form.things).or_refuse()?;
        let once = form.once.is_some() && gathering.schedule.rule.is_some();
        let list = if once { NewList::Own(things) } else { NewList::Usual(things) };
        self.store.keep_list(place, form.seen.replace("\r\n", "\n").trim(), &list).await
    }

    /// Keeps how many of a thing the member brings; 0 gives it back.
    pub async fn bring(&self, me: &Me, (slug, date): (&str, &str), name: &str, many: u32) -> Result<(), Error<BringRefusal>> {
        let name = text::needed_line(Field("thing", "What you bring"), name, LONGEST_THING).map_err(|r| Error::Refused(r.into()))?;
        // Whoever changes the gathering at the same moment comes first; then it is looked at once more.
        for _ in 0..5 {
            let found = self.find(&Viewer::Member(me.clone()), slug, date).await?;
            let (gathering, place) = found.ok_or(Error::Refused(BringRefusal::Gone))?;
            let at = self.clock.now();
            if place.session.ends_at <= at {
                return Err(Error::Refused(BringRefusal::Over));
            }
            if place.session.cancelled && many > 0 {
                return Err(Error::Refused(BringRefusal::Cancelled));
            }
            let new = NewTaking { name: name.clone(), many, seen: gathering.changes, at };
            if self.store.bring(me, place, &new).await? {
                return Ok(());
            }
        }
        Err(Unavailable::because("a gathering was changed five times while somebody took a thing").into())
    }

    /// Whose turn it is at the next sessions, for those who keep the gathering.
    pub async fn rota(&self, gathering: &Gathering) -> Result<Rota, Unavailable> {
        let next = next_of(gathering, self.clock.now());
        let from = next.iter().map(|session| session.date).min().unwrap_or(NaiveDate::MAX);
        let (turns, last) = self.store.rota(gathering.id, from).await?;
        let host = |session: &Session| turns.iter().find(|(date, _)| *date == session.date).map(|(_, member)| *member);
        let turn = |session: Session| Turn { host: gathering.host_of(host(&session)).map(|who| who.id), session };
        Ok(Rota { keepers: gathering.keepers().cloned().collect(), turns: next.into_iter().map(turn).collect(), last })
    }

    /// Keeps whose turn it is at the next sessions, as the form says or `in_turns`; for those who keep the gathering.
    pub async fn keep_rota(&self, me: &Me, slug: &str, form: &RotaForm, turns_about: bool) -> Result<(), Error<RotaRefusal>> {
        for _ in 0..5 {
            let gathering = self.kept.gathering(&Viewer::Member(me.clone()), slug).await?.filter(|gathering| gathering.mine);
            let gathering = gathering.ok_or(Error::Refused(RotaRefusal::Gone))?;
            let turns = if turns_about {
                let rota = self.rota(&gathering).await?;
                let keepers: Vec<MemberId> = rota.keepers.iter().map(|who| who.id).collect();
                let sessions: Vec<Session> = rota.turns.iter().map(|turn| turn.session).collect();
                let hosts = in_turns(&keepers, rota.last, &sessions);
                // Whoever fills it in turns means all of it, whatever it was.
                rota.turns.iter().zip(hosts).map(|(turn, host)| NewTurn { session: turn.session, was: turn.host, host }).collect()
            } else {
                form.check(&gathering, self.clock.now()).or_refuse()?
            };
            if self.store.keep_rota(gathering.id, gathering.changes, &turns).await? {
                return Ok(());
            }
        }
        Err(Unavailable::because("a gathering was changed five times while its rota was kept").into())
    }

    async fn find(&self, viewer: &Viewer, slug: &str, date: &str) -> Result<Option<(Gathering, Place)>, Unavailable> {
        Place::find(self.kept.as_ref(), viewer, slug, date).await
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::gathering, *};
    use crate::people::Handle;
    use proptest::prelude::*;

    fn thing(needed: u32, name: &str) -> Thing {
        Thing { name: name.into(), needed }
    }

    fn who(id: i64, name: &str) -> Byline {
        let handle = Handle::parse(&name.to_lowercase()).expect("a name");
        Byline { id: MemberId(id), name: handle, display_name: name.into(), picture: None }
    }

    fn taken(who: Byline, many: u32, name: &str) -> Taken {
        Taken { who, name: name.into(), many }
    }

    #[test]
    fn a_list_is_one_thing_a_line_with_how_many_in_front() {
        let list = read_list("3 loaves of bread\r\n\r\n  a big   salad \n7up\n12\n99 paper cups").expect("a list");
        let expected = [thing(3, "loaves of bread"), thing(1, "a big salad"), thing(1, "7up"), thing(1, "12"), thing(99, "paper cups")];
        assert_eq!(list, expected);
        assert_eq!(read_list(""), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_list_is_refused_in_a_sentence() {
        for (typed, said) in [
            (
                "100 cups",
                "How many are needed is a number from 1 to 99, and “100 cups” begins with another. Say it in other words, or put it last.",
            ),
            (
                "0 cups",
                "How many are needed is a number from 1 to 99, and “0 cups” begins with another. Say it in other words, or put it last.",
            ),
            ("Bread\n2 bread", "“bread” is on the list twice. Write it once, with how many are needed in front of it."),
            (&"x".repeat(81), "A thing is too long: 81 characters, and there is room for 80. Please shorten it."),
            (
                &(1..=41).map(|n| format!("thing {n}\n")).collect::<String>(),
                "That is more than 40 things. Write down those that matter most.",
            ),
        ] {
            let refusal = read_list(typed).expect_err(typed);
            assert_eq!((refusal.to_string().as_str(), refusal.field()), (said, Some("things")));
        }
    }

    #[test]
    fn what_was_taken_stays_taken_while_its_name_is_on_the_list_and_is_shown_beside_it_after() {
        let (ana, bo) = (who(1, "Ana"), who(2, "Bo"));
        let record = BringRecord {
            usual: vec![thing(1, "Bread"), thing(3, "salads"), thing(1, "salt"), thing(2, "lemons")],
            taken: vec![taken(ana.clone(), 1, "bread"), taken(bo.clone(), 2, "salads"), taken(bo, 1, "olives")],
            ..BringRecord::default()
        };
        let kept = gathering("soup", "2026-11-26", "FREQ=WEEKLY");
        let brought = Brought::of(record.clone(), &kept);
        let words = "Bread (Ana), salads (2 from Bo, 1 still open), salt still open, 2 lemons still open, also: olives (Bo)";
        assert_eq!(brought.in_words().as_deref(), Some(words));
        assert_eq!((brought.own, brought.list[1].open(), brought.list[1].of(MemberId(2))), (false, 1, 2));
        // A list of its own goes before the usual one; fewer needed than are taken takes nothing from anybody.
        let brought = Brought::of(BringRecord { own: Some(vec![thing(1, "Salads")]), ..record }, &kept);
        assert_eq!(brought.in_words().as_deref(), Some("Salads (2 from Bo), also: bread (Ana), olives (Bo)"));
        assert_eq!((brought.own, brought.list[0].open()), (true, 0));
        assert_eq!(Brought::default().in_words(), None);
    }

    #[test]
    fn of_a_long_list_a_line_tells_the_beginning() {
        let usual = (1..=9).map(|n| thing(1, &format!("thing {n}"))).collect();
        let brought = Brought::of(BringRecord { usual, ..BringRecord::default() }, &gathering("soup", "2026-11-26", ""));
        assert!(brought.in_words().is_some_and(|words| words.ends_with("thing 6 still open, 3 more things")));
    }

    #[test]
    fn giving_back_is_always_possible_and_taking_only_what_is_open() {
        let list = [thing(3, "Salads")];
        let may = |name: &str, others, mine, many| may_bring(&list, name, (others, mine), many);
        assert_eq!(may("salads", 2, 0, 1), Ok(3));
        assert_eq!(may("salads", 0, 1, 3), Ok(3));
        assert_eq!(may("salads", 3, 0, 1), Err(BringRefusal::Full { name: "Salads".into() }));
        assert_eq!(may("salads", 9, 2, 1), Ok(0), "fewer than so far is no question of room");
        assert_eq!(may("olives", 0, 1, 0), Ok(0));
        assert_eq!(may("olives", 0, 0, 1), Err(BringRefusal::NotOnList));
    }

    proptest! {
        #[test]
        fn a_list_that_is_written_down_is_read_as_it_was(lines in proptest::collection::vec("[0-9]{0,3} ?[a-z 0-9é]{0,12}", 0..12)) {
            if let Ok(list) = read_list(&lines.join("\n")) {
                prop_assert_eq!(read_list(&written(&list)), Ok(list));
            }
        }

        #[test]
        fn never_more_is_taken_than_is_needed(needed in 1u32..8, wishes in proptest::collection::vec((0i64..5, 0u32..5), 0..30)) {
            let list = [thing(needed, "cups")];
            let mut taken = std::collections::BTreeMap::<i64, u32>::new();
            for (member, many) in wishes {
                let others = taken.iter().filter(|(other, _)| **other != member).map(|(_, many)| many).sum();
                let mine = taken.get(&member).copied().unwrap_or(0);
                match may_bring(&list, "Cups", (others, mine), many) {
                    Ok(_) => drop(taken.insert(member, many)),
                    Err(refusal) => {
                        let full = BringRefusal::Full { name: "cups".into() };
                        prop_assert_eq!(refusal, full);
                        prop_assert!(others + many > needed);
                    }
                }
                prop_assert!(taken.values().sum::<u32>() <= needed);
            }
        }
    }
}
