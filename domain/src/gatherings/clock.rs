//! What a host sets up for the room of a session, and the clock that everybody there sees.
//!
//! The clock is a fact and not a process: when the turn that is on ends, or how much of it is left while it is paused. What it shows
//! at any moment follows from that ([`RoomClock::at`]), so that nothing has to run, a server may begin anew in the middle of a turn, and
//! whoever comes late sees the same second as the others.

use super::Session;
use crate::{
    outcome::AboutField,
    text::{self, Field, TextRefusal},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Most rounds of a session.
pub const MOST_ROUNDS: usize = 24;
/// Longest round or silence, in minutes.
pub const LONGEST_TURN: u32 = 180;
/// Longest pause between rounds, in minutes.
pub const LONGEST_BREAK: u32 = 60;
/// How long before a session its room opens, in minutes.
pub const OPENS_BEFORE: i64 = 30;
/// How long after a session its room stays open, in minutes: a good evening is not cut off.
pub const OPEN_AFTER: i64 = 60;

/// What happens in a room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoomKind {
    /// Nothing but that people meet there: the table.
    #[default]
    Table,
    /// Rounds, each with its time and its prompt.
    Rounds,
    /// A silence that a bell begins and ends.
    Silence,
}

impl RoomKind {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Table, Self::Rounds, Self::Silence];
    /// The word for it in records and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Rounds => "rounds",
            Self::Silence => "silence",
        }
    }
    /// The kind of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What a host sets up for the room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoomPlan {
    /// What happens.
    pub kind: RoomKind,
    /// What is said at the beginning, as plain text; may be empty.
    pub opening: String,
    /// How many rounds, up to [`MOST_ROUNDS`]; 0 where there are none.
    pub rounds: usize,
    /// How long each round, or the silence, is, in minutes, up to [`LONGEST_TURN`]; 0 where there is neither.
    pub minutes: u32,
    /// How long people rest between two rounds, in minutes, up to [`LONGEST_BREAK`].
    pub rest: u32,
    /// A prompt for each round, as far as there are any.
    pub prompts: Vec<String>,
}

/// The form's part on the room, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoomForm {
    /// What happens.
    pub kind: RoomKind,
    /// What is said at the beginning, up to 1,000 characters.
    pub opening: String,
    /// How many rounds; empty is as many as there are prompts.
    pub rounds: String,
    /// Minutes of a round; empty is 10.
    pub minutes: String,
    /// Minutes between rounds; empty is none.
    pub rest: String,
    /// The prompts, one a line, each up to 200 characters.
    pub prompts: String,
    /// Minutes of the silence; empty is 20.
    pub silence: String,
}

/// Why a room can't be set up so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum RoomPlanRefusal {
    /// A field's text does not fit.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// Not a number of rounds.
    #[error("How many rounds there are is a number from 1 to {MOST_ROUNDS}.")]
    Rounds,
    /// More prompts than rounds.
    #[error("There are {prompts} prompts for {rounds} rounds. Make it more rounds, or take a prompt away.")]
    Prompts {
        /// How many prompts.
        prompts: usize,
        /// How many rounds.
        rounds: usize,
    },
    /// Not a length of a round.
    #[error("How long a round is, is a number of minutes from 1 to {LONGEST_TURN}.")]
    Minutes,
    /// Not a length of a rest.
    #[error("How long to rest between rounds is a number of minutes from 0 to {LONGEST_BREAK}.")]
    Rest,
    /// Not a length of a silence.
    #[error("How long the silence is, is a number of minutes from 1 to {LONGEST_TURN}.")]
    Silence,
}

impl AboutField for RoomPlanRefusal {
    fn field(&self) -> Option<&str> {
        Some(match self {
            Self::Text(reason) => return reason.field(),
            Self::Rounds => "rounds",
            Self::Prompts { .. } => "prompts",
            Self::Minutes => "round_minutes",
            Self::Rest => "rest",
            Self::Silence => "silence",
        })
    }
}

impl RoomForm {
    /// The form filled in with what is set up.
    pub fn of(plan: &RoomPlan) -> Self {
        let number = |number: u32| if number == 0 { String::new() } else { number.to_string() };
        let (minutes, silence) = if plan.kind == RoomKind::Silence { (0, plan.minutes) } else { (plan.minutes, 0) };
        Self {
            kind: plan.kind,
            opening: plan.opening.clone(),
            rounds: number(plan.rounds as u32),
            minutes: number(minutes),
            rest: number(plan.rest),
            prompts: plan.prompts.join("\n"),
            silence: number(silence),
        }
    }

    /// Checks the form. What does not belong to the kind is let go.
    pub fn check(&self) -> Result<RoomPlan, RoomPlanRefusal> {
        let opening = text::lines(Field("opening", "What is said at the beginning"), &self.opening, 1000)?;
        let plan = RoomPlan { kind: self.kind, opening, ..RoomPlan::default() };
        match self.kind {
            RoomKind::Table => Ok(plan),
            RoomKind::Silence => {
                let minutes = number(&self.silence, 20, 1, LONGEST_TURN).ok_or(RoomPlanRefusal::Silence)?;
                Ok(RoomPlan { minutes, ..plan })
            }
            RoomKind::Rounds => {
                let minutes = number(&self.minutes, 10, 1, LONGEST_TURN).ok_or(RoomPlanRefusal::Minutes)?;
                let rest = number(&self.rest, 0, 0, LONGEST_BREAK).ok_or(RoomPlanRefusal::Rest)?;
                let mut prompts = Vec::new();
                for prompt in self.prompts.lines().filter(|prompt| !prompt.trim().is_empty()) {
                    prompts.push(text::line(Field("prompts", "A prompt"), prompt, 200)?);
                }
                let most = MOST_ROUNDS as u32;
                let said = number(&self.rounds, prompts.len().clamp(1, MOST_ROUNDS) as u32, 1, most).ok_or(RoomPlanRefusal::Rounds)?;
                let rounds = said as usize;
                if prompts.len() > rounds {
                    return Err(RoomPlanRefusal::Prompts { prompts: prompts.len(), rounds });
                }
                Ok(RoomPlan { rounds, minutes, rest, prompts, ..plan })
            }
        }
    }
}

fn number(typed: &str, usual: u32, least: u32, most: u32) -> Option<u32> {
    match typed.trim() {
        "" => Some(usual),
        typed => typed.parse().ok().filter(|number| (least..=most).contains(number)),
    }
}

/// What a stretch of time is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TurnKind {
    /// A round; the first is 1.
    Round(usize),
    /// The rest before the next round.
    Rest,
    /// The silence.
    Silence,
}

/// A stretch of time on the clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// What it is for.
    pub kind: TurnKind,
    /// Its prompt; may be empty.
    pub prompt: String,
    /// How long it is, in milliseconds; more than 0.
    pub lasts: i64,
}

impl Turn {
    /// What it is called.
    pub fn name(&self) -> String {
        match self.kind {
            TurnKind::Round(number) => format!("Round {number}"),
            TurnKind::Rest => "A short rest".to_owned(),
            TurnKind::Silence => "Silence".to_owned(),
        }
    }
}

impl RoomPlan {
    /// The stretches of time that follow one another, none for a table.
    pub fn turns(&self) -> Vec<Turn> {
        let lasts = |minutes: u32| 60_000 * i64::from(minutes);
        match self.kind {
            RoomKind::Table => Vec::new(),
            RoomKind::Silence => vec![Turn { kind: TurnKind::Silence, prompt: String::new(), lasts: lasts(self.minutes) }],
            RoomKind::Rounds => {
                let round = |at: usize| {
                    let prompt = self.prompts.get(at).cloned().unwrap_or_default();
                    let rest =
                        (at > 0 && self.rest > 0).then(|| Turn { kind: TurnKind::Rest, prompt: prompt.clone(), lasts: lasts(self.rest) });
                    let round = Turn { kind: TurnKind::Round(at + 1), prompt, lasts: lasts(self.minutes) };
                    rest.into_iter().chain([round])
                };
                (0..self.rounds).flat_map(round).collect()
            }
        }
    }
}

/// How the clock of a room stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoomClock {
    /// Nothing has begun.
    #[default]
    Waiting,
    /// A turn is on; those after it follow by themselves.
    Running {
        /// Which turn, counted from 0.
        turn: usize,
        /// When it ends.
        ends_at: Timestamp,
    },
    /// A turn is paused.
    Paused {
        /// Which turn, counted from 0.
        turn: usize,
        /// How much of it is left, in milliseconds.
        left: i64,
    },
    /// The last turn is over.
    Done,
}

/// What a host does with the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Begins the first turn.
    Start,
    /// Stops the clock for a while.
    Pause,
    /// Lets it go on.
    Resume,
    /// Goes on to the next turn at once.
    Next,
    /// Gives the turn a minute more.
    Minute,
    /// Puts it back to before the first turn.
    Reset,
}

/// Why the clock was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ClockRefusal {
    /// That is not possible as it stands.
    #[error("The clock stands otherwise by now: somebody else was quicker. This is how it stands.")]
    Otherwise,
    /// There are no turns.
    #[error("Nothing is set up here that a clock would count. On the page “Change it” you can plan rounds or a silence.")]
    NoTurns,
}

impl RoomClock {
    /// How it stands at a moment: turns that have ended by then are followed by the next ones.
    pub fn at(self, turns: &[Turn], now: Timestamp) -> Self {
        let Self::Running { mut turn, mut ends_at } = self else { return self };
        while ends_at <= now {
            turn += 1;
            match turns.get(turn) {
                Some(next) => ends_at = Timestamp(ends_at.0.saturating_add(next.lasts.max(1))),
                None => return Self::Done,
            }
        }
        Self::Running { turn, ends_at }
    }

    /// How it stands after something was done with it.
    pub fn after(self, act: Act, turns: &[Turn], now: Timestamp) -> Result<Self, ClockRefusal> {
        let running = |turn: usize| match turns.get(turn) {
            Some(next) => Self::Running { turn, ends_at: Timestamp(now.0 + next.lasts) },
            None => Self::Done,
        };
        match (act, self.at(turns, now)) {
            _ if turns.is_empty() => Err(ClockRefusal::NoTurns),
            (Act::Start, Self::Waiting) => Ok(running(0)),
            (Act::Pause, Self::Running { turn, ends_at }) => Ok(Self::Paused { turn, left: ends_at.0 - now.0 }),
            (Act::Resume, Self::Paused { turn, left }) => Ok(Self::Running { turn, ends_at: Timestamp(now.0 + left) }),
            (Act::Next, Self::Running { turn, .. } | Self::Paused { turn, .. }) => Ok(running(turn + 1)),
            (Act::Minute, Self::Running { turn, ends_at }) => Ok(Self::Running { turn, ends_at: ends_at.plus_seconds(60) }),
            (Act::Minute, Self::Paused { turn, left }) => Ok(Self::Paused { turn, left: left + 60_000 }),
            (Act::Reset, Self::Running { .. } | Self::Paused { .. } | Self::Done) => Ok(Self::Waiting),
            _ => Err(ClockRefusal::Otherwise),
        }
    }

    /// Which turn is on, or paused.
    pub fn turn(self) -> Option<usize> {
        match self {
            Self::Running { turn, .. } | Self::Paused { turn, .. } => Some(turn),
            Self::Waiting | Self::Done => None,
        }
    }
}

/// What the page of a session is at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Who comes; also for one that was cancelled.
    Ahead,
    /// The room.
    Room,
    /// The keepsake.
    Past,
}

impl Phase {
    /// What the page of a session is. A room opens [`OPENS_BEFORE`] minutes before, and closes [`OPEN_AFTER`] minutes after it.
    pub fn of(session: &Session, now: Timestamp) -> Self {
        if session.cancelled || now < session.starts_at.plus_seconds(-60 * OPENS_BEFORE) {
            Self::Ahead
        } else if now < session.ends_at.plus_seconds(60 * OPEN_AFTER) {
            Self::Room
        } else {
            Self::Past
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BEGAN: Timestamp = Timestamp(1_796_000_000_000);

    fn party() -> RoomPlan {
        let form = RoomForm { kind: RoomKind::Rounds, prompts: "Hands\nA window\n\nThe kettle\nEach other".into(), ..RoomForm::default() };
        form.check().expect("a plan")
    }

    fn later(minutes: i64) -> Timestamp {
        BEGAN.plus_seconds(60 * minutes)
    }

    #[test]
    fn a_drawing_party_has_a_round_for_each_prompt() {
        let turns = party().turns();
        let names: Vec<_> = turns.iter().map(|turn| (turn.name(), turn.prompt.as_str(), turn.lasts)).collect();
        assert_eq!(names[0], ("Round 1".into(), "Hands", 600_000));
        assert_eq!(names[3], ("Round 4".into(), "Each other", 600_000));
        assert_eq!(names.len(), 4);
    }

    #[test]
    fn a_form_that_is_filled_in_with_a_plan_gives_that_plan() {
        let silence = RoomForm { kind: RoomKind::Silence, silence: "15".into(), opening: "Sit as you like.".into(), ..RoomForm::default() };
        let five = RoomForm { kind: RoomKind::Rounds, rounds: "5".into(), rest: "3".into(), ..RoomForm::default() };
        for plan in [RoomPlan::default(), party(), silence.check().expect("a plan"), five.check().expect("a plan")] {
            assert_eq!(RoomForm::of(&plan).check(), Ok(plan));
        }
    }

    #[test]
    fn between_rounds_people_rest_and_see_what_comes_next() {
        let turns = RoomPlan { rest: 2, ..party() }.turns();
        let names: Vec<_> = turns.iter().take(3).map(|turn| (turn.name(), turn.prompt.as_str())).collect();
        assert_eq!(names, [("Round 1".into(), "Hands"), ("A short rest".into(), "A window"), ("Round 2".into(), "A window")]);
        assert_eq!(turns.len(), 7);
    }

    #[test]
    fn a_silence_is_one_turn_and_a_table_has_none() {
        let silence = RoomForm { kind: RoomKind::Silence, silence: "15".into(), ..RoomForm::default() }.check().expect("a plan");
        assert_eq!(silence.turns().iter().map(|turn| turn.lasts).collect::<Vec<_>>(), [900_000]);
        assert_eq!(RoomForm::default().check().expect("a plan").turns(), []);
    }

    #[test]
    fn what_can_not_be_kept_is_refused_at_its_field() {
        let form = RoomForm { kind: RoomKind::Rounds, ..RoomForm::default() };
        for (form, field) in [
            (RoomForm { rounds: "0".into(), ..form.clone() }, "rounds"),
            (RoomForm { rounds: "2".into(), prompts: "a\nb\nc".into(), ..form.clone() }, "prompts"),
            (RoomForm { prompts: "x\n".repeat(25), ..form.clone() }, "prompts"),
            (RoomForm { prompts: "x".repeat(201), ..form.clone() }, "prompts"),
            (RoomForm { minutes: "a while".into(), ..form.clone() }, "round_minutes"),
            (RoomForm { rest: "61".into(), ..form.clone() }, "rest"),
            (RoomForm { kind: RoomKind::Silence, silence: "0".into(), ..form.clone() }, "silence"),
            (RoomForm { opening: "x".repeat(1001), ..form }, "opening"),
        ] {
            let refusal = form.check().expect_err("refused");
            assert_eq!(refusal.field(), Some(field), "{refusal}");
        }
    }

    #[test]
    fn rounds_follow_one_another_while_nobody_looks() {
        let turns = party().turns();
        let clock = RoomClock::Waiting.after(Act::Start, &turns, BEGAN).expect("started");
        assert_eq!(clock.at(&turns, later(9)), RoomClock::Running { turn: 0, ends_at: later(10) });
        assert_eq!(clock.at(&turns, later(10)), RoomClock::Running { turn: 1, ends_at: later(20) }, "a round ends where the next begins");
        assert_eq!(clock.at(&turns, later(39)), RoomClock::Running { turn: 3, ends_at: later(40) });
        assert_eq!(clock.at(&turns, later(40)), RoomClock::Done);
    }

    #[test]
    fn a_pause_takes_nothing_from_a_round_and_a_minute_more_is_a_minute_more() {
        let turns = party().turns();
        let clock = RoomClock::Waiting.after(Act::Start, &turns, BEGAN).expect("started");
        let paused = clock.after(Act::Pause, &turns, later(14)).expect("paused");
        assert_eq!(paused, RoomClock::Paused { turn: 1, left: 360_000 });
        assert_eq!(paused.at(&turns, later(500)), paused);
        let more = paused.after(Act::Minute, &turns, later(30)).expect("a minute");
        let on = more.after(Act::Resume, &turns, later(60)).expect("on");
        assert_eq!(on, RoomClock::Running { turn: 1, ends_at: later(67) });
        assert_eq!(on.after(Act::Next, &turns, later(61)), Ok(RoomClock::Running { turn: 2, ends_at: later(71) }));
    }

    #[test]
    fn two_hosts_who_press_at_once_do_the_same_once() {
        let turns = party().turns();
        let clock = RoomClock::Waiting.after(Act::Start, &turns, BEGAN).expect("started");
        assert_eq!(clock.after(Act::Start, &turns, later(1)), Err(ClockRefusal::Otherwise));
        let paused = clock.after(Act::Pause, &turns, later(1)).expect("paused");
        assert_eq!(paused.after(Act::Pause, &turns, later(1)), Err(ClockRefusal::Otherwise));
        assert_eq!(RoomClock::Waiting.after(Act::Start, &[], BEGAN), Err(ClockRefusal::NoTurns));
    }

    #[test]
    fn a_room_opens_half_an_hour_before_and_stays_open_for_an_hour() {
        let session = Session { date: chrono::NaiveDate::default(), starts_at: later(0), ends_at: later(90), cancelled: false };
        let phases = [-31, -30, 149, 150].map(|minutes| Phase::of(&session, later(minutes)));
        assert_eq!(phases, [Phase::Ahead, Phase::Room, Phase::Room, Phase::Past]);
        assert_eq!(Phase::of(&Session { cancelled: true, ..session }, later(10)), Phase::Ahead);
    }

    fn acts() -> impl Strategy<Value = Vec<(i64, Act)>> {
        let act = prop_oneof![Just(Act::Start), Just(Act::Pause), Just(Act::Resume), Just(Act::Next), Just(Act::Minute)];
        proptest::collection::vec((0i64..900_000, act), 0..30)
    }

    proptest! {
        /// Whoever looks in between changes nothing, and neither does a server that begins anew: it reads what was written.
        #[test]
        fn the_clock_shows_the_same_whether_or_not_somebody_looked(acts in acts(), rest in 0u32..3, after in 0i64..5_000_000) {
            let turns = RoomPlan { rest, ..party() }.turns();
            let (mut looked, mut unlooked, mut now) = (RoomClock::Waiting, RoomClock::Waiting, BEGAN);
            for (wait, act) in acts {
                for step in 1..=3 {
                    looked = looked.at(&turns, Timestamp(now.0 + wait * step / 3));
                }
                now = Timestamp(now.0 + wait);
                let kept: RoomClock = serde_json::from_str(&serde_json::to_string(&unlooked).expect("text")).expect("a clock");
                let (one, other) = (looked.after(act, &turns, now), kept.after(act, &turns, now));
                prop_assert_eq!(one, other);
                (looked, unlooked) = (one.unwrap_or(looked), other.unwrap_or(kept));
            }
            let then = Timestamp(now.0 + after);
            prop_assert_eq!(looked.at(&turns, then), unlooked.at(&turns, then));
        }

        /// A turn that is on has some of it left, and never more than it was given.
        #[test]
        fn what_is_left_of_a_turn_is_between_nothing_and_all_of_it(acts in acts()) {
            let turns = party().turns();
            let (mut clock, mut now, mut minutes) = (RoomClock::Waiting, BEGAN, 0);
            for (wait, act) in acts {
                now = Timestamp(now.0 + wait);
                if let Ok(next) = clock.after(act, &turns, now) {
                    minutes += i64::from(act == Act::Minute);
                    clock = next;
                }
                let left = match clock.at(&turns, now) {
                    RoomClock::Running { ends_at, .. } => ends_at.0 - now.0,
                    RoomClock::Paused { left, .. } => left,
                    RoomClock::Waiting | RoomClock::Done => continue,
                };
                prop_assert!(0 < left && left <= 600_000 + 60_000 * minutes);
            }
        }
    }
}
