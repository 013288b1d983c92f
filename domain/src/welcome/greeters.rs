//! Greeters: members who like to show newcomers round. A host asks one; they accept, or pass without a word to anybody.
//!
//! Whom the board proposes for a newcomer follows a rule that can be read off the reasons shown: whoever shares more interests goes
//! first; of those who share as many, whoever looks after fewer newcomers now; then whoever has been here longest. Nobody is proposed
//! who is away, who looks after [`MOST_LOOKED_AFTER`] already, who passed, who invited the newcomer or came with them and so knows them
//! anyway, or who is kept apart from them; but a host may ask them. A greeter sees
//! whom they were asked for, and nothing of the board.

use super::{
    LARGEST_PARTY, NEWCOMER_DAYS, Welcome,
    board::NewcomerRecord,
    meeting::{listed, shared_interests},
};
use crate::{
    ids::{MemberId, PostId},
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::{Handle, Person},
    time::Timestamp,
    timeline::PostRefusal,
    viewer::{Host, Me, Viewer},
};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// How many newcomers one greeter looks after at a time: as many as one can write to in a week without hurry.
pub const MOST_LOOKED_AFTER: u32 = 3;
/// How many greeters are proposed for one newcomer.
pub const MOST_PROPOSED: usize = 4;

/// A member who likes to greet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person: Person,
    /// How many newcomers they look after now, or were asked to.
    pub looks_after: u32,
}

/// A greeter who is proposed for a newcomer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Who.
    pub person: Person,
    /// What both care about.
    pub shared: Vec<String>,
    /// How many newcomers they look after now.
    pub looks_after: u32,
}

impl Proposal {
    /// Why they are proposed, as a sentence for hosts.
    pub fn reason(&self) -> String {
        let shared =
            if self.shared.is_empty() { "Shares no interest so far".to_owned() } else { format!("Both like {}", listed(&self.shared)) };
        match self.looks_after {
            0 => format!("{shared}; looks after nobody now."),
            1 => format!("{shared}; looks after one newcomer."),
            many => format!("{shared}; looks after {many} newcomers."),
        }
    }
}

/// Whether a member may be asked to greet a newcomer: they have room for one more, have not passed, and do not know them anyway.
fn fits(newcomer: &NewcomerRecord, candidate: &Candidate) -> bool {
    let who = candidate.person.who.id;
    let invited = newcomer.person.invited_by.as_ref().is_some_and(|inviter| inviter.id == who);
    let party = newcomer.came_with.len() < LARGEST_PARTY && newcomer.came_with.contains(&who);
    let knows = who == newcomer.person.who.id || invited || party;
    candidate.looks_after < MOST_LOOKED_AFTER && !knows && !newcomer.passed.contains(&who)
}

/// Who could greet a newcomer, up to [`MOST_PROPOSED`]: see the head of this module for the rule.
pub fn propose(newcomer: &NewcomerRecord, candidates: &[Candidate]) -> Vec<Proposal> {
    let mut proposals: Vec<Proposal> = candidates
        .iter()
        .filter(|candidate| fits(newcomer, candidate) && !newcomer.kept_apart.contains(&candidate.person.who.id))
        .map(|candidate| Proposal {
            shared: shared_interests(&newcomer.person, &candidate.person),
            person: candidate.person.clone(),
            looks_after: candidate.looks_after,
        })
        .collect();
    proposals.sort_by_key(|proposal| (Reverse(proposal.shared.len()), proposal.looks_after, proposal.person.who.id));
    proposals.truncate(MOST_PROPOSED);
    proposals
}

/// A newcomer whom a member was asked to greet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// Who is new.
    pub newcomer: Person,
    /// The member said yes.
    pub accepted: bool,
    /// What both care about.
    pub shared: Vec<String>,
    /// They have written to each other since.
    pub spoken: bool,
}

impl Greeting {
    /// A line to start with, in the greeter's name; to be changed at will.
    pub fn starting_line(&self, me: &Me) -> String {
        let (newcomer, me) = (&self.newcomer.who.display_name, &me.display_name);
        let bridge = match self.shared.as_slice() {
            [] => "What would you like to find here? Ask me anything, small things too.".to_owned(),
            shared => format!(
                "I saw that you like {}, and so do I: what are you at just now? And ask me anything, small things too.",
                listed(shared)
            ),
        };
        format!("Hello {newcomer}, I am {me}, and would like to show you round. {bridge}")
    }
}

/// Why nobody was asked to greet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum GreeterRefusal {
    /// There is no such newcomer.
    #[error("There is no newcomer of that name any more.")]
    NoNewcomer,
    /// Whoever was to be asked does not want to, passed, or has enough.
    #[error("They do not greet just now. Choose somebody else.")]
    NotWilling,
    /// Somebody greets them, or was asked, by now.
    #[error("Somebody has been asked to greet them already.")]
    Taken,
}

impl AboutField for GreeterRefusal {}

/// A request to greet, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewGreeting {
    /// Who is new.
    pub newcomer: MemberId,
    /// Who is asked.
    pub greeter: MemberId,
    /// Since when those who joined are newcomers.
    pub since: Timestamp,
    /// When they are asked.
    pub at: Timestamp,
}

/// What greeters need kept.
#[async_trait::async_trait]
pub trait GreeterStore: Send + Sync {
    /// Members who like to greet and are not away `now`, with how many of those who joined since then they look after.
    async fn candidates(&self, by: &Host, since: Timestamp, now: Timestamp) -> Result<Vec<Candidate>, Unavailable>;
    /// Asks a member to greet, and tells them; refuses where the newcomer has somebody by then, or the member passed or has enough.
    async fn ask_greeter(&self, by: &Host, asked: NewGreeting) -> Result<(), Error<GreeterRefusal>>;
    /// Takes back that somebody was asked, or that they greet; `false` if nobody was.
    async fn unask_greeter(&self, by: &Host, newcomer: &Handle) -> Result<bool, Unavailable>;
    /// Whom the member was asked to greet or greets, of those who joined since then; newest first.
    async fn greetings(&self, me: &Me, since: Timestamp) -> Result<Vec<(Person, bool, bool)>, Unavailable>;
    /// Accepts, and tells the newcomer; or passes. `false` if the member was not asked.
    async fn answer_greeting(&self, me: &Me, newcomer: &Handle, accept: bool, at: Timestamp) -> Result<bool, Unavailable>;
    /// The member has seen who shows them round: a notice of it has nothing more to tell.
    async fn saw_greeter(&self, me: &Me) -> Result<(), Unavailable>;
    /// Whether the member likes to greet.
    async fn greets(&self, me: &Me) -> Result<bool, Unavailable>;
    /// Keeps whether the member likes to greet.
    async fn save_greets(&self, me: &Me, greets: bool) -> Result<(), Unavailable>;
}

impl Welcome {
    /// Asks a member to greet a newcomer.
    pub async fn ask_greeter(&self, by: &Host, newcomer: &str, greeter: &str) -> Result<(), Error<GreeterRefusal>> {
        let at = self.clock.now();
        let Some((newcomer, candidates)) = self.newcomer(by, newcomer).await? else {
            return Err(Error::Refused(GreeterRefusal::NoNewcomer));
        };
        if newcomer.record.asked.is_some() {
            return Err(Error::Refused(GreeterRefusal::Taken));
        }
        let greeter =
            candidates.iter().find(|candidate| candidate.person.who.name.as_str() == greeter.trim() && fits(&newcomer.record, candidate));
        let greeter = greeter.ok_or(GreeterRefusal::NotWilling).or_refuse()?.person.who.id;
        let asked = NewGreeting { newcomer: newcomer.record.person.who.id, greeter, since: at.plus_days(-NEWCOMER_DAYS), at };
        self.greeters.ask_greeter(by, asked).await
    }

    /// Takes back that somebody was asked to greet a newcomer, or greets them.
    pub async fn unask_greeter(&self, by: &Host, newcomer: &str) -> Result<bool, Unavailable> {
        match Handle::parse(newcomer) {
            Ok(newcomer) => self.greeters.unask_greeter(by, &newcomer).await,
            Err(_) => Ok(false),
        }
    }

    /// Whom the member was asked to greet, or greets.
    pub async fn greetings(&self, me: &Me) -> Result<Vec<Greeting>, Unavailable> {
        let since = self.clock.now().plus_days(-NEWCOMER_DAYS);
        let person = self.people.person(&Viewer::Member(me.clone()), &me.name).await?;
        let greeting = |(newcomer, accepted, spoken): (Person, bool, bool)| {
            let shared = person.as_ref().map(|mine| shared_interests(mine, &newcomer)).unwrap_or_default();
            Greeting { newcomer, accepted, shared, spoken }
        };
        Ok(self.greeters.greetings(me, since).await?.into_iter().map(greeting).collect())
    }

    /// Accepts to greet a newcomer, who is told; or passes, which nobody is. `false` if the member was not asked.
    pub async fn answer_greeting(&self, me: &Me, newcomer: &str, accept: bool) -> Result<bool, Unavailable> {
        match Handle::parse(newcomer) {
            Ok(newcomer) => self.greeters.answer_greeting(me, &newcomer, accept, self.clock.now()).await,
            Err(_) => Ok(false),
        }
    }

    /// Writes to a newcomer whom the member greets: a post that is for them alone. Whom they do not greet is nobody to them.
    pub async fn write_to_newcomer(&self, me: &Me, newcomer: &str, markdown: &str) -> Result<PostId, Error<PostRefusal>> {
        let greetings = self.greetings(me).await?;
        let greeted = greetings.iter().find(|greeting| greeting.accepted && greeting.newcomer.who.name.as_str() == newcomer.trim());
        let greeted = greeted.ok_or(PostRefusal::Gone).or_refuse()?;
        self.write_to(me, greeted.newcomer.who.name.as_str(), markdown).await
    }

    /// Whether the member likes to greet newcomers.
    pub async fn greets(&self, me: &Me) -> Result<bool, Unavailable> {
        self.greeters.greets(me).await
    }

    /// Keeps whether the member likes to greet newcomers.
    pub async fn change_greets(&self, me: &Me, greets: bool) -> Result<(), Unavailable> {
        self.greeters.save_greets(me, greets).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::welcome::{board::Trail, tests::person};
    use proptest::prelude::*;

    fn newcomer(interests: &[&str]) -> NewcomerRecord {
        NewcomerRecord {
            person: person(9, interests),
            trail: Trail::default(),
            aside: false,
            asked: None,
            passed: Vec::new(),
            came_with: Vec::new(),
            kept_apart: Vec::new(),
        }
    }

    fn candidate(id: i64, interests: &[&str], looks_after: u32) -> Candidate {
        Candidate { person: person(id, interests), looks_after }
    }

    fn ids(proposals: &[Proposal]) -> Vec<i64> {
        proposals.iter().map(|proposal| proposal.person.who.id.0).collect()
    }

    #[test]
    fn what_both_like_goes_before_how_many_one_looks_after() {
        let all = [
            candidate(1, &[], 0),
            candidate(2, &["soup"], 2),
            candidate(3, &["Soup", "birds"], 2),
            candidate(4, &["soup"], 0),
            candidate(5, &["soup", "birds"], MOST_LOOKED_AFTER),
        ];
        let proposals = propose(&newcomer(&["birds", "soup"]), &all);
        assert_eq!(ids(&proposals), [3, 4, 2, 1]);
        assert_eq!(proposals[0].reason(), "Both like Soup and birds; looks after 2 newcomers.");
        assert_eq!(proposals[3].reason(), "Shares no interest so far; looks after nobody now.");
    }

    #[test]
    fn whoever_passed_or_invited_them_is_not_proposed() {
        let mut record = newcomer(&[]);
        record.person.invited_by = Some(person(1, &[]).who);
        record.passed = vec![MemberId(2)];
        record.came_with = vec![MemberId(7)];
        record.kept_apart = vec![MemberId(4)];
        let all = [1, 2, 3, 4, 9].map(|id| candidate(id, &[], 0));
        assert_eq!(ids(&propose(&record, &all)), [3]);
        assert!(fits(&record, &all[3]), "a host who asks them is not refused, since that would tell");
    }

    proptest! {
        #[test]
        fn nobody_is_given_more_than_they_can_look_after(busy in proptest::collection::vec(0_u32..6, 0..8)) {
            let all: Vec<Candidate> = busy.iter().enumerate().map(|(id, many)| candidate(id as i64, &[], *many)).collect();
            let proposals = propose(&newcomer(&[]), &all);
            prop_assert!(proposals.len() <= MOST_PROPOSED);
            prop_assert!(proposals.iter().all(|proposal| proposal.looks_after < MOST_LOOKED_AFTER));
            prop_assert!(proposals.is_sorted_by_key(|proposal| proposal.looks_after));
        }
    }
}
