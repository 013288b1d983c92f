//! The hosts' board of newcomers: how far each has come, how long ago, what is overdue, and what to do next.
//!
//! Where somebody stands follows from facts by [`reached`]; nobody moves a card. It is the furthest that they came, so whoever was at
//! a gathering before they ever wrote stands there. A hello is overdue when nobody answered within the community's own limit, also where they
//! have come further in another way. Hosts alone see any of it.

use super::{NEWCOMER_DAYS, Welcome, greeters::Candidate};
use crate::{
    ids::{MemberId, PostId},
    invitations::{Invitation, Invited},
    outcome::{Error, OrRefuse, Unavailable},
    people::{Byline, Handle, Person},
    time::Timestamp,
    timeline::PostRefusal,
    viewer::{Host, Viewer},
};

/// How far somebody has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// There is an invitation for them.
    Invited,
    /// They came in.
    Joined,
    /// They said hello to everybody.
    SaidHello,
    /// Somebody answered them.
    Answered,
    /// They met someone: each answered the other, or both were in one room.
    Met,
    /// They came to a gathering.
    Came,
}

impl Stage {
    /// All stages, in their order.
    pub const ALL: [Self; 6] = [Self::Invited, Self::Joined, Self::SaidHello, Self::Answered, Self::Met, Self::Came];
    /// What it is called on the board.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Invited => "Invited",
            Self::Joined => "Joined",
            Self::SaidHello => "Said hello",
            Self::Answered => "Was answered",
            Self::Met => "Met someone",
            Self::Came => "Came to a gathering",
        }
    }
}

/// One answered another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// Who wrote the reply.
    pub from: MemberId,
    /// Who wrote what it answers.
    pub to: MemberId,
    /// When.
    pub at: Timestamp,
}

/// A session at which somebody was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Been {
    /// When it started.
    pub at: Timestamp,
    /// Others were there as well.
    pub with_others: bool,
}

/// What is known of a newcomer's first weeks, as far as the host may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// When they joined.
    pub joined_at: Timestamp,
    /// Their first post to everybody.
    pub hello: Option<(PostId, Timestamp)>,
    /// Replies of theirs to others and of others to them, in any order.
    pub said: Vec<Said>,
    /// Sessions at which they were, in any order.
    pub been: Vec<Been>,
}

/// The stages that somebody has reached and when, in the order of stages. Of those before the furthest, some may never have been.
pub fn reached(who: MemberId, trail: &Trail) -> Vec<(Stage, Timestamp)> {
    let to_them = || trail.said.iter().filter(|said| said.to == who && said.from != who);
    let by_them = |other: MemberId| trail.said.iter().filter(move |said| said.from == who && said.to == other).map(|said| said.at).min();
    // With each, the moment at which the second of the two had answered.
    let exchanged = to_them().filter_map(|said| by_them(said.from).map(|theirs| theirs.max(said.at))).min();
    let together = trail.been.iter().filter(|been| been.with_others).map(|been| been.at).min();
    let stages = [
        (Stage::Joined, Some(trail.joined_at)),
        (Stage::SaidHello, trail.hello.map(|(_, at)| at)),
        (Stage::Answered, to_them().map(|said| said.at).min()),
        (Stage::Met, exchanged.into_iter().chain(together).min()),
        (Stage::Came, trail.been.iter().map(|been| been.at).min()),
    ];
    stages.into_iter().filter_map(|(stage, at)| Some((stage, at?))).collect()
}

/// For how many hours a hello has gone unanswered, where that is longer than it should.
pub fn overdue(reached: &[(Stage, Timestamp)], within_hours: u32, now: Timestamp) -> Option<i64> {
    let when = |stage| reached.iter().find(|(reached, _)| *reached == stage).map(|(_, at)| at.0);
    let hours = (now.0 - when(Stage::SaidHello)?) / 3_600_000;
    (when(Stage::Answered).is_none() && hours >= i64::from(within_hours)).then_some(hours)
}

/// That a hello is overdue, as a sentence for hosts. Up to two days in hours, beyond that in days.
pub fn unanswered(hours: i64) -> String {
    match hours {
        1 => "This hello has gone unanswered for an hour.".to_owned(),
        ..48 => format!("This hello has gone unanswered for {hours} hours."),
        _ => format!("This hello has gone unanswered for {} days.", hours / 24),
    }
}

/// Who greets a newcomer, or was asked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Who.
    pub greeter: Byline,
    /// They said yes.
    pub accepted: bool,
    /// When they were asked.
    pub at: Timestamp,
}

/// A newcomer's record, as the host who asks may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewcomerRecord {
    /// Who it is.
    pub person: Person,
    /// What is known.
    pub trail: Trail,
    /// A host set them aside: they know their way.
    pub aside: bool,
    /// Who greets them, or was asked to and has not answered.
    pub asked: Option<Asked>,
    /// Who passed; they are not proposed again.
    pub passed: Vec<MemberId>,
    /// Who came by the same invitation or with the same party.
    pub came_with: Vec<MemberId>,
    /// Who is not proposed as their greeter: one of the two blocked the other, or a host left them alone. Which of them is not known.
    pub kept_apart: Vec<MemberId>,
}

/// A newcomer on the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// What is kept.
    pub record: NewcomerRecord,
    /// How far they came and when, in the order of stages.
    pub reached: Vec<(Stage, Timestamp)>,
    /// For how many hours their hello has gone unanswered, where that is too long.
    pub overdue: Option<i64>,
}

impl Newcomer {
    /// Where they stand.
    pub fn stage(&self) -> Stage {
        self.reached.last().map_or(Stage::Joined, |(stage, _)| *stage)
    }
    /// Since when they stand there.
    pub fn since(&self) -> Timestamp {
        self.reached.last().map_or(self.record.person.joined_at, |(_, at)| *at)
    }
}

/// The board.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// Personal invitations that still work, oldest first.
    pub invited: Vec<Invitation>,
    /// Newcomers: what is overdue first, then whoever has stood longest where they stand.
    pub newcomers: Vec<Newcomer>,
    /// Those that a host set aside.
    pub aside: Vec<Newcomer>,
}

/// What of newcomers wants a host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnTheDesk {
    /// How many hellos are overdue.
    pub overdue: usize,
    /// How many came since the host last looked at the board.
    pub came: usize,
}

/// What the board needs kept.
#[async_trait::async_trait]
pub trait BoardStore: Send + Sync {
    /// Those who joined since then and are no hosts, newest first, with what the host may see of their first weeks; or only one of them.
    async fn newcomers(&self, by: &Host, since: Timestamp, only: Option<&Handle>) -> Result<Vec<NewcomerRecord>, Unavailable>;
    /// Personal invitations that work now, oldest first.
    async fn open_invitations(&self, by: &Host, now: Timestamp) -> Result<Vec<Invitation>, Unavailable>;
    /// Sets a member aside, or takes that back; `false` if there is none of that name.
    async fn set_aside(&self, by: &Host, name: &Handle, aside: bool) -> Result<bool, Unavailable>;
    /// When the host last looked at the board.
    async fn looked_at_board(&self, by: &Host) -> Result<Option<Timestamp>, Unavailable>;
    /// Keeps that the host looks at the board.
    async fn look_at_board(&self, by: &Host, at: Timestamp) -> Result<(), Unavailable>;
}

impl Welcome {
    /// The board, as a host sees it.
    pub async fn board(&self, by: &Host) -> Result<Board, Unavailable> {
        let now = self.clock.now();
        let invited = self.board.open_invitations(by, now).await?;
        let mut all = self.newcomers(by, None, now).await?;
        all.sort_by_key(|newcomer| (std::cmp::Reverse(newcomer.overdue), newcomer.since()));
        let (aside, newcomers) = all.into_iter().partition(|newcomer| newcomer.record.aside);
        self.board.look_at_board(by, now).await?;
        Ok(Board { invited, newcomers, aside })
    }

    /// One newcomer, with those who could greet them; `None` for whoever is none.
    pub async fn newcomer(&self, by: &Host, name: &str) -> Result<Option<(Newcomer, Vec<Candidate>)>, Unavailable> {
        let Ok(name) = Handle::parse(name) else { return Ok(None) };
        let now = self.clock.now();
        let Some(newcomer) = self.newcomers(by, Some(&name), now).await?.pop() else { return Ok(None) };
        Ok(Some((newcomer, self.greeters.candidates(by, now.plus_days(-NEWCOMER_DAYS), now).await?)))
    }

    async fn newcomers(&self, by: &Host, only: Option<&Handle>, now: Timestamp) -> Result<Vec<Newcomer>, Unavailable> {
        let within = self.store.welcome_path().await?.within_hours;
        let records = self.board.newcomers(by, now.plus_days(-NEWCOMER_DAYS), only).await?;
        let newcomer = |record: NewcomerRecord| {
            let reached = reached(record.person.who.id, &record.trail);
            Newcomer { overdue: overdue(&reached, within, now), reached, record }
        };
        Ok(records.into_iter().map(newcomer).collect())
    }

    /// What of newcomers wants a host today.
    pub async fn on_the_desk(&self, by: &Host) -> Result<OnTheDesk, Unavailable> {
        let looked = self.board.looked_at_board(by).await?.unwrap_or(Timestamp(0));
        let newcomers = self.newcomers(by, None, self.clock.now()).await?;
        let here = || newcomers.iter().filter(|newcomer| !newcomer.record.aside);
        Ok(OnTheDesk {
            overdue: here().filter(|newcomer| newcomer.overdue.is_some()).count(),
            came: here().filter(|newcomer| newcomer.record.person.joined_at > looked).count(),
        })
    }

    /// Sets somebody aside, who knows their way; or takes that back.
    pub async fn set_aside(&self, by: &Host, name: &str, aside: bool) -> Result<bool, Unavailable> {
        match Handle::parse(name) {
            Ok(name) => self.board.set_aside(by, &name, aside).await,
            Err(_) => Ok(false),
        }
    }

    /// Writes to a newcomer: a post that is for them alone.
    pub async fn greet(&self, by: &Host, name: &str, markdown: &str) -> Result<PostId, Error<PostRefusal>> {
        let name = Handle::parse(name).map_err(|_| PostRefusal::Unknown { name: name.chars().take(40).collect() }).or_refuse()?;
        self.write_to(by.me(), name.as_str(), markdown).await
    }

    /// The next session that takes place, as a host sees it.
    pub async fn next_for(&self, by: &Host) -> Result<Option<crate::gatherings::Listed>, Unavailable> {
        self.next(&Viewer::Member(by.me().clone())).await
    }
}

/// Whom a personal invitation is for.
pub fn called(invitation: &Invitation) -> &str {
    match &invitation.invited {
        Invited::Person { name, .. } => name,
        Invited::Group { label, .. } => label,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ME: MemberId = MemberId(1);
    const HOUR: i64 = 3_600_000;

    fn said(from: i64, to: i64, at: i64) -> Said {
        Said { from: MemberId(from), to: MemberId(to), at: Timestamp(at) }
    }

    fn furthest(trail: &Trail) -> (Stage, i64) {
        let (stage, at) = *reached(ME, trail).last().expect("joined at least");
        (stage, at.0)
    }

    #[test]
    fn each_fact_leads_one_stage_further() {
        let mut trail = Trail { joined_at: Timestamp(1), ..Trail::default() };
        assert_eq!(furthest(&trail), (Stage::Joined, 1));
        trail.hello = Some((PostId(7), Timestamp(2)));
        assert_eq!(furthest(&trail), (Stage::SaidHello, 2));
        trail.said.push(said(2, 1, 3));
        assert_eq!(furthest(&trail), (Stage::Answered, 3));
        trail.said.push(said(1, 3, 4));
        assert_eq!(furthest(&trail).0, Stage::Answered, "to answer somebody else is no exchange");
        trail.said.push(said(1, 2, 5));
        assert_eq!(furthest(&trail), (Stage::Met, 5));
        trail.been.push(Been { at: Timestamp(6), with_others: false });
        assert_eq!(furthest(&trail), (Stage::Came, 6));
    }

    #[test]
    fn to_sit_in_a_room_with_others_is_to_meet_them() {
        let been = vec![Been { at: Timestamp(6), with_others: true }];
        let trail = Trail { joined_at: Timestamp(1), been, ..Trail::default() };
        assert_eq!(reached(ME, &trail).iter().map(|(stage, _)| *stage).collect::<Vec<_>>(), [Stage::Joined, Stage::Met, Stage::Came]);
    }

    #[test]
    fn to_answer_oneself_is_nothing() {
        let trail = Trail { joined_at: Timestamp(1), said: vec![said(1, 1, 2)], ..Trail::default() };
        assert_eq!(furthest(&trail), (Stage::Joined, 1));
    }

    #[test]
    fn a_hello_is_overdue_from_the_limit_on_until_somebody_answers() {
        let mut trail = Trail { joined_at: Timestamp(0), hello: Some((PostId(7), Timestamp(0))), ..Trail::default() };
        let at = |trail: &Trail, hours: i64| overdue(&reached(ME, trail), 24, Timestamp(hours * HOUR));
        assert_eq!((at(&trail, 23), at(&trail, 24), at(&trail, 26)), (None, Some(24), Some(26)));
        trail.been.push(Been { at: Timestamp(2 * HOUR), with_others: true });
        assert_eq!(at(&trail, 26), Some(26), "who came to something meanwhile waits for an answer all the same");
        trail.said.push(said(2, 1, 25 * HOUR));
        assert_eq!(at(&trail, 99), None);
    }

    #[test]
    fn how_long_is_said_in_hours_and_then_in_days() {
        assert_eq!(unanswered(1), "This hello has gone unanswered for an hour.");
        assert_eq!(unanswered(26), "This hello has gone unanswered for 26 hours.");
        assert_eq!(unanswered(75), "This hello has gone unanswered for 3 days.");
    }

    proptest! {
        #[test]
        fn more_facts_never_lead_back(all in proptest::collection::vec((1_i64..4, 1_i64..4, 1_i64..50), 0..12), with_others in proptest::collection::vec(any::<bool>(), 0..3)) {
            let mut trail = Trail { joined_at: Timestamp(0), ..Trail::default() };
            let mut before = Stage::Joined;
            for (from, to, at) in all {
                trail.said.push(said(from, to, at));
                prop_assert!(furthest(&trail).0 >= before);
                before = furthest(&trail).0;
            }
            for with_others in with_others {
                trail.been.push(Been { at: Timestamp(60), with_others });
                prop_assert_eq!(furthest(&trail).0, Stage::Came);
            }
        }

        #[test]
        fn the_order_of_what_was_said_does_not_matter(mut all in proptest::collection::vec((1_i64..4, 1_i64..4, 1_i64..50), 0..12)) {
            let trail = |all: &[(i64, i64, i64)]| Trail { said: all.iter().map(|(from, to, at)| said(*from, *to, *at)).collect(), ..Trail::default() };
            let one = reached(ME, &trail(&all));
            all.reverse();
            prop_assert_eq!(one, reached(ME, &trail(&all)));
        }
    }
}
