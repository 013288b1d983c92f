//! Whom a newcomer could meet, and why: up to three people, each with their own line and the reasons beside it.
//!
//! There is no hidden score. Whoever has more kinds of reasons goes first; then whoever shares more interests; then whoever came
//! last, since two who are new have that in common as well. Those who look after the place come after all others, so that there is
//! somebody to speak to also where nothing is known yet. Left out are the newcomer, who invited them and their greeter (they are
//! named above), whom they spoke to already, with whom they came (nobody is introduced to their own sister), and from whom they are kept apart.

use super::Facts;
use crate::people::{Interests, Person, Role};
use std::{cmp::Reverse, collections::BTreeSet};

/// How many people a newcomer is told of.
pub const MOST_TO_MEET: usize = 3;

/// A reason to meet somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Both care about these.
    Interests(Vec<String>),
    /// Both mean to come to this.
    Gathering(String),
    /// They are a host here.
    LooksAfter,
}

impl Why {
    /// The reason, as a sentence to the newcomer.
    pub fn sentence(&self) -> String {
        match self {
            Self::Interests(shared) => format!("You both like {}.", listed(shared)),
            Self::Gathering(title) => format!("You both mean to come to {title}."),
            Self::LooksAfter => "Looks after this place, and is glad of questions.".to_owned(),
        }
    }
}

/// `birds`, `birds and soup`, `birds, soup and maps`.
pub fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// Somebody to meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Who.
    pub person: Person,
    /// Why; at least one reason.
    pub why: Vec<Why>,
}

/// The interests that two people share, as the second one writes them.
pub fn shared_interests(one: &Person, other: &Person) -> Vec<String> {
    Interests::of(&one.interests).shared_with(&other.interests)
}

/// Whom somebody could meet, up to [`MOST_TO_MEET`]: see the head of this module for the rule.
pub fn worth_meeting(me: &Person, everyone: &[Person], facts: &Facts) -> Vec<Meeting> {
    let known = me
        .invited_by
        .iter()
        .chain(&facts.greeter)
        .map(|who| who.id)
        .chain(facts.party.iter().map(|who| who.id))
        .chain([me.who.id])
        .chain(facts.spoken_to.iter().chain(&facts.kept_apart).copied());
    let known: BTreeSet<_> = known.collect();
    let mut meetings: Vec<(usize, usize, Meeting)> = everyone
        .iter()
        .filter(|person| !known.contains(&person.who.id))
        .filter_map(|person| {
            let shared = shared_interests(me, person);
            let many = shared.len();
            let interests = (many > 0).then_some(Why::Interests(shared));
            let along = facts.coming_along.iter().find(|(member, _)| *member == person.who.id);
            let mut why: Vec<Why> = interests.into_iter().chain(along.map(|(_, title)| Why::Gathering(title.clone()))).collect();
            let reasons = why.len();
            if person.role >= Role::Host {
                why.push(Why::LooksAfter);
            }
            (!why.is_empty()).then(|| (reasons, many, Meeting { person: person.clone(), why }))
        })
        .collect();
    meetings.sort_by_key(|(reasons, many, meeting)| Reverse((*reasons, *many, meeting.person.who.id)));
    meetings.into_iter().map(|(_, _, meeting)| meeting).take(MOST_TO_MEET).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ids::MemberId, welcome::tests::person};
    use proptest::prelude::*;

    fn ids(meetings: &[Meeting]) -> Vec<i64> {
        meetings.iter().map(|meeting| meeting.person.who.id.0).collect()
    }

    #[test]
    fn more_reasons_go_first_and_hosts_are_there_where_there_is_none() {
        let me = person(9, &["Birds", "soup"]);
        let host = Person { role: Role::Host, ..person(1, &[]) };
        let everyone = [me.clone(), host, person(2, &["birds"]), person(3, &["soup", "birds"]), person(4, &["maps"]), person(5, &["soup"])];
        let facts = Facts { coming_along: vec![(MemberId(2), "Soup night".into())], ..Facts::default() };
        let meetings = worth_meeting(&me, &everyone, &facts);
        assert_eq!(ids(&meetings), [2, 3, 5]);
        assert_eq!(meetings[0].why, [Why::Interests(vec!["birds".into()]), Why::Gathering("Soup night".into())]);
        assert_eq!(meetings[1].why[0].sentence(), "You both like soup and birds.");
        assert_eq!(ids(&worth_meeting(&person(9, &[]), &everyone, &Facts::default())), [1]);
    }

    #[test]
    fn whoever_is_known_already_is_not_among_them() {
        let inviter = person(1, &["soup"]);
        let me = Person { invited_by: Some(inviter.who.clone()), ..person(9, &["soup"]) };
        let everyone = [inviter, me.clone(), person(2, &["soup"]), person(3, &["soup"]), person(4, &["soup"])];
        let facts = Facts { greeter: Some(person(2, &[]).who), spoken_to: [MemberId(3)].into(), ..Facts::default() };
        assert_eq!(ids(&worth_meeting(&me, &everyone, &facts)), [4]);
        let apart = Facts { kept_apart: [MemberId(4)].into(), ..facts.clone() };
        assert!(worth_meeting(&me, &everyone, &apart).is_empty(), "they are kept apart, for whatever reason");
        let sister = Facts { party: vec![person(4, &[]).who], ..facts };
        assert!(worth_meeting(&me, &everyone, &sister).is_empty(), "they came together");
    }

    proptest! {
        #[test]
        fn at_most_three_are_named_each_once_and_with_a_reason(interests in proptest::collection::vec(proptest::collection::vec("[a-c]", 0..3), 1..9)) {
            let everyone: Vec<Person> = interests
                .iter()
                .enumerate()
                .map(|(id, words)| person(id as i64, &words.iter().map(String::as_str).collect::<Vec<_>>()))
                .collect();
            let meetings = worth_meeting(&everyone[0], &everyone, &Facts::default());
            let named: BTreeSet<i64> = ids(&meetings).into_iter().collect();
            prop_assert!(meetings.len() <= MOST_TO_MEET && named.len() == meetings.len() && !named.contains(&0));
            prop_assert!(meetings.iter().all(|meeting| !meeting.why.is_empty()));
        }
    }
}
