//! The rota: who hosts which session.
//!
//! **The rule.** A session may be somebody's turn: that of its planner or of a co-host. Where it is nobody's, it is everybody's who keeps the
//! gathering. Whoever keeps it no longer is no longer shown as its host, and the turn is everybody's again. In turns, they follow one
//! another in the order in which they are named, from the one after who was last; what was cancelled is nobody's turn and skips nobody.

use super::{Gathering, NEXT_SESSIONS, Session, read_date};
use crate::{ids::MemberId, outcome::AboutField, people::Byline, time::Timestamp};
use serde::{Deserialize, Serialize};

/// A session, and whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The session.
    pub session: Session,
    /// Whose turn it is; `None` is everybody's.
    pub host: Option<MemberId>,
}

/// Whose turn it is at the next sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rota {
    /// Who can have a turn: the planner, then the co-hosts.
    pub keepers: Vec<Byline>,
    /// The next sessions, up to [`NEXT_SESSIONS`].
    pub turns: Vec<Turn>,
    /// Whose turn was the last before those, whether or not they keep the gathering still.
    pub last: Option<MemberId>,
}

/// A turn that somebody gives to somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewTurn {
    /// The session.
    pub session: Session,
    /// Whose turn it was when they looked; `None` is everybody's.
    pub was: Option<MemberId>,
    /// Whose turn it is to be.
    pub host: Option<MemberId>,
}

/// The form for a rota, as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RotaForm {
    /// The dates of sessions, `yyyy-mm-dd`.
    pub dates: Vec<String>,
    /// Who hosts each, by id; empty is everybody.
    pub hosts: Vec<String>,
    /// Who hosted each when the form was shown.
    pub seen: Vec<String>,
}

/// Why a rota was not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum RotaRefusal {
    /// One of the sessions is over, or not there any more.
    #[error("The dates are not those any more that you chose for. Below are those that stand now.")]
    OtherDates,
    /// One of the hosts does not keep the gathering.
    #[error("Only those who keep this can have a turn. Name them above, as somebody who keeps it with you, and save that first.")]
    NotAKeeper,
    /// Somebody else gave one of the turns away meanwhile.
    #[error(
        "Somebody else gave one of these turns away while you were choosing. What you chose is still here; beside it you see what stands now. Save again to keep yours."
    )]
    Overtaken,
    /// Not there, or not theirs to change.
    #[error("That is not here any more.")]
    Gone,
}

impl AboutField for RotaRefusal {}

impl RotaForm {
    /// Checks the form: the turns that are to change. What was left as it was seen is nobody's wish, and stays as it is by now.
    pub fn check(&self, gathering: &Gathering, now: Timestamp) -> Result<Vec<NewTurn>, RotaRefusal> {
        let next = next_of(gathering, now);
        let id = |typed: &str| typed.trim().parse().ok().map(MemberId);
        let turn = |at: usize, date: &String, host: &String| {
            let session = read_date(date).and_then(|date| next.iter().find(|session| session.date == date));
            let session = *session.ok_or(RotaRefusal::OtherDates)?;
            let host = match host.trim() {
                "" => None,
                host => Some(gathering.host_of(id(host)).ok_or(RotaRefusal::NotAKeeper)?.id),
            };
            let was = self.seen.get(at).and_then(|seen| id(seen));
            Ok((was != host).then_some(NewTurn { session, was, host }))
        };
        let turns = self.dates.iter().zip(&self.hosts).enumerate().map(|(at, (date, host))| turn(at, date, host));
        turns.filter_map(Result::transpose).collect()
    }
}

/// Decides whether a turn may be given away that is `stands`'s by now: nobody overwrites what they did not see.
pub fn may_give(turn: &NewTurn, stands: Option<MemberId>) -> Result<(), RotaRefusal> {
    if stands == turn.was || stands == turn.host { Ok(()) } else { Err(RotaRefusal::Overtaken) }
}

/// The sessions that a rota is about, soonest first.
pub fn next_of(gathering: &Gathering, now: Timestamp) -> Vec<Session> {
    gathering.not_over(now).take(NEXT_SESSIONS).collect()
}

/// Decides who hosts each of some sessions where `keepers` take turns and `last` had the last one.
pub fn in_turns(keepers: &[MemberId], last: Option<MemberId>, sessions: &[Session]) -> Vec<Option<MemberId>> {
    let first = last.and_then(|last| keepers.iter().position(|keeper| *keeper == last)).map_or(0, |at| at + 1);
    let mut following = keepers.iter().copied().cycle().skip(first);
    sessions.iter().map(|session| if session.cancelled { None } else { following.next() }).collect()
}

impl Gathering {
    /// Who has a turn of which a record says whose it is: they, if they still keep it.
    pub fn host_of(&self, kept: Option<MemberId>) -> Option<&Byline> {
        self.keepers().find(|who| Some(who.id) == kept)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::gathering, *};
    use crate::people::Handle;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const NOW: Timestamp = Timestamp(1_796_000_000_000);

    fn weekly() -> Gathering {
        let bo = Byline { id: MemberId(2), name: Handle::parse("bo").expect("a name"), display_name: "Bo".into(), picture: None };
        Gathering { cohosts: vec![bo], ..gathering("soup", "2026-11-26", "FREQ=WEEKLY") }
    }

    fn ids(turns: &[Option<MemberId>]) -> Vec<i64> {
        turns.iter().map(|turn| turn.map_or(0, |member| member.0)).collect()
    }

    #[test]
    fn turns_go_on_after_whoever_was_last_and_what_is_cancelled_skips_nobody() {
        let keepers = [1, 2, 3].map(MemberId);
        let mut sessions = next_of(&weekly(), NOW);
        assert_eq!(ids(&in_turns(&keepers, None, &sessions)), [1, 2, 3, 1, 2, 3, 1, 2]);
        assert_eq!(ids(&in_turns(&keepers, Some(MemberId(2)), &sessions))[..3], [3, 1, 2]);
        assert_eq!(ids(&in_turns(&keepers, Some(MemberId(9)), &sessions))[..3], [1, 2, 3], "somebody who keeps it no longer");
        sessions[1].cancelled = true;
        assert_eq!(ids(&in_turns(&keepers, None, &sessions))[..4], [1, 0, 2, 3]);
        assert_eq!(ids(&in_turns(&[], None, &sessions))[..2], [0, 0]);
    }

    #[test]
    fn a_turn_is_that_of_somebody_who_keeps_it_at_a_session_that_is_to_come() {
        let kept = weekly();
        let form =
            |date: &str, host: &str, seen: &str| RotaForm { dates: vec![date.into()], hosts: vec![host.into()], seen: vec![seen.into()] };
        let check = |date: &str, host: &str| form(date, host, "1").check(&kept, NOW);
        let session = next_of(&kept, NOW)[0];
        let date = session.date.to_string();
        let turn = |host| NewTurn { session, was: Some(MemberId(1)), host };
        assert_eq!(check(&date, "2"), Ok(vec![turn(Some(MemberId(2)))]));
        assert_eq!(check(&date, ""), Ok(vec![turn(None)]));
        assert_eq!((check(&date, "1"), form(&date, "", "").check(&kept, NOW)), (Ok(vec![]), Ok(vec![])), "as it was seen");
        assert_eq!((check(&date, "3"), check(&date, "bo")), (Err(RotaRefusal::NotAKeeper), Err(RotaRefusal::NotAKeeper)));
        assert_eq!((check("2026-11-27", "2"), check("soon", "2")), (Err(RotaRefusal::OtherDates), Err(RotaRefusal::OtherDates)));
        assert_eq!((kept.host_of(Some(MemberId(2))).map(|who| who.id), kept.host_of(Some(MemberId(3)))), (Some(MemberId(2)), None));
    }

    #[test]
    fn nobody_gives_a_turn_away_that_somebody_else_has_meanwhile() {
        let [one, two, three] = [1, 2, 3].map(|id| Some(MemberId(id)));
        let give = |stands| may_give(&NewTurn { session: next_of(&weekly(), NOW)[0], was: one, host: two }, stands);
        assert_eq!((give(one), give(two)), (Ok(()), Ok(())), "as it was, or as it is to be");
        assert_eq!((give(three), give(None)), (Err(RotaRefusal::Overtaken), Err(RotaRefusal::Overtaken)));
    }

    proptest! {
        #[test]
        fn in_turns_everybody_hosts_as_often_as_the_others_or_once_more(many in 1i64..6, last in 0i64..8, off in proptest::collection::vec(any::<bool>(), 8)) {
            let keepers: Vec<MemberId> = (1..=many).map(MemberId).collect();
            let mut sessions = next_of(&weekly(), NOW);
            sessions.iter_mut().zip(&off).for_each(|(session, off)| session.cancelled = *off);
            let turns = in_turns(&keepers, Some(MemberId(last)), &sessions);
            prop_assert!(turns.iter().zip(&sessions).all(|(turn, session)| turn.is_none() == session.cancelled));
            let hosts: Vec<MemberId> = turns.into_iter().flatten().collect();
            let mut times: BTreeMap<MemberId, usize> = keepers.iter().map(|keeper| (*keeper, 0)).collect();
            for host in &hosts {
                *times.entry(*host).or_default() += 1;
            }
            let (least, most) = (times.values().min().copied().unwrap_or(0), times.values().max().copied().unwrap_or(0));
            prop_assert!(most - least <= 1);
            prop_assert!(many == 1 || (hosts.first() != Some(&MemberId(last)) && hosts.windows(2).all(|two| two[0] != two[1])));
        }
    }
}
