//! What could be said, from what is here: each proposal shows its evidence, and has a first draft, which a host makes their own.
//!
//! The rule: this place's own birthday, people who came on these days in another year, conversations of three or more that ended with a
//! question, and what took place about this day a year ago; in this order, since a birthday waits for nobody and a question can wait a day.
//! What the host may not see is no evidence, nor what is for named people alone: what is made of it is for everybody. Whoever has left is in no
//! row that is read, so in no draft.

use super::unanswered::{asks, question};
use crate::{
    ids::{MemberId, PostId},
    mail::words::encoded,
    outcome::Unavailable,
    people::Byline,
    time::{Timestamp, Zone},
    viewer::Host,
    weekly::week::literal,
};
use chrono::{Datelike, Days, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};

/// How long a question that ended a conversation waits until the desk notices, in days.
pub const PAUSED_DAYS: i64 = 3;
/// How far back the desk looks for such conversations, in days.
pub const PAUSED_WITHIN_DAYS: i64 = 30;
/// How many voices make a conversation.
pub const VOICES: usize = 3;
/// For how many days an anniversary is one.
pub const ANNIVERSARY_DAYS: i64 = 7;
/// How many days before and after this day a year ago an evening may have been.
pub const AROUND_DAYS: u64 = 4;
/// How many of a kind are proposed at once.
pub const OF_A_KIND: usize = 3;

/// The end of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Its last reply.
    pub reply: PostId,
    /// The post that began it.
    pub root: PostId,
    /// Who wrote the last reply.
    pub by: Byline,
    /// What it says.
    pub words: String,
    /// Who spoke in it.
    pub voices: BTreeSet<MemberId>,
    /// When the last reply was written.
    pub at: Timestamp,
}

/// A session that took place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evening {
    /// The gathering's address part.
    pub slug: String,
    /// What it is called.
    pub title: String,
    /// When it was, on its own calendar.
    pub date: NaiveDate,
    /// How many were there.
    pub came: u32,
}

/// What is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grounds {
    /// When this place was founded.
    pub founded_at: Option<Timestamp>,
    /// Everybody but the host, with when they joined.
    pub joined: Vec<(Byline, Timestamp)>,
    /// How conversations ended that the host may see and that are not for named people, the latest first.
    pub endings: Vec<Ending>,
    /// Sessions about this day a year ago that everybody here could come to, and somebody did.
    pub evenings: Vec<Evening>,
}

/// Something that could be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// This place was founded so many years ago.
    Birthday {
        /// How many.
        years: i32,
        /// On which date.
        on: NaiveDate,
    },
    /// People joined so many years ago.
    Anniversary {
        /// Who, in the order in which they came.
        who: Vec<Byline>,
        /// How many.
        years: i32,
        /// On which date the first of them did.
        on: NaiveDate,
    },
    /// A conversation ended with a question.
    Paused(Ending),
    /// Something took place a year ago.
    LastYear(Evening),
}

impl Proposal {
    /// By which it is found again: letters, digits and hyphens.
    pub fn key(&self) -> String {
        match self {
            Self::Birthday { years, .. } => format!("birthday-{years}"),
            Self::Anniversary { years, .. } => format!("joined-{years}"),
            Self::Paused(ending) => format!("paused-{}", ending.reply),
            Self::LastYear(evening) => format!("evening-{}-{}", evening.slug, evening.date),
        }
    }

    /// What a host could say, to be made their own.
    pub fn draft(&self) -> String {
        match self {
            Self::Birthday { years, .. } => {
                format!("This place is {} old this week. How did you come here, and what has stayed with you since?", of_years(*years))
            }
            Self::Anniversary { who, years, .. } => {
                let (ago, names) = (capital(&of_years(*years)), names(who));
                format!(
                    "{ago} ago this week {names} joined us. What do you remember of their first days here? And what would you not want to miss since?"
                )
            }
            Self::Paused(ending) => format!(
                "We never got to the end of this one. @{} asked: “{}” [Here is how we came to it.](/posts/{}) What would you say?",
                ending.by.name,
                literal(&question(&ending.words)),
                ending.root
            ),
            Self::LastYear(evening) => format!(
                "About this time last year we met for [{}](/gatherings/{}/{}). Who was there, and what do you still think of?",
                literal(&evening.title),
                encoded(&evening.slug),
                evening.date
            ),
        }
    }
}

/// `a year`, `3 years`.
pub fn of_years(years: i32) -> String {
    if years == 1 { "a year".to_owned() } else { format!("{years} years") }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Up to five names to be called by, and how many more.
fn names(who: &[Byline]) -> String {
    let mut parts: Vec<String> = who.iter().take(5).map(|who| format!("@{}", who.name)).collect();
    if who.len() > 5 {
        let more = who.len() - 5;
        parts.push(if more == 1 { "one more".to_owned() } else { format!("{more} more") });
    }
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}

/// What is proposed at a moment, in the order of this module's rule.
pub fn propose(grounds: &Grounds, zone: &Zone, now: Timestamp) -> Vec<Proposal> {
    let today = zone.date(now);
    let birthday = grounds.founded_at.map(|at| zone.date(at));
    let birthday = birthday.and_then(|on| Some(Proposal::Birthday { years: anniversary(on, today)?, on }));
    let mut joined: Vec<_> = grounds.joined.iter().map(|(who, at)| (*at, who)).collect();
    joined.sort_by_key(|(at, who)| (*at, who.id));
    let mut by_years: BTreeMap<i32, (Vec<Byline>, NaiveDate)> = BTreeMap::new();
    for (at, who) in joined {
        let on = zone.date(at);
        if let Some(years) = anniversary(on, today) {
            by_years.entry(years).or_insert_with(|| (Vec::new(), on)).0.push(who.clone());
        }
    }
    let anniversaries = by_years.into_iter().map(|(years, (who, on))| Proposal::Anniversary { who, years, on });
    let paused = grounds.endings.iter().filter(|ending| ended_in_the_middle(ending, now)).cloned().map(Proposal::Paused);
    let evenings = grounds.evenings.iter().filter(|evening| evening.came > 0).cloned().map(Proposal::LastYear);
    birthday.into_iter().chain(anniversaries.take(OF_A_KIND)).chain(paused.take(OF_A_KIND)).chain(evenings.take(OF_A_KIND)).collect()
}

fn ended_in_the_middle(ending: &Ending, now: Timestamp) -> bool {
    ending.voices.len() >= VOICES && asks(&ending.words) && ending.at.plus_days(PAUSED_DAYS) <= now
}

/// How many years ago it was, to the day or up to [`ANNIVERSARY_DAYS`] days since that day.
fn anniversary(on: NaiveDate, today: NaiveDate) -> Option<i32> {
    // In the first days of January, it may be the anniversary of last year's last days.
    [today.year(), today.year() - 1].into_iter().find_map(|year| {
        // Whoever came on 29 February has their day on the 28th elsewhere.
        let day = on.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 2, 28))?;
        let since = (today - day).num_days();
        (year > on.year() && (0..ANNIVERSARY_DAYS).contains(&since)).then_some(year - on.year())
    })
}

/// From which date to which an evening was about this day a year ago.
pub fn a_year_ago(now: Timestamp, zone: &Zone) -> (NaiveDate, NaiveDate) {
    let today = zone.date(now);
    let then = today.with_year(today.year() - 1).unwrap_or(today - Days::new(366));
    (then - Days::new(AROUND_DAYS), then + Days::new(AROUND_DAYS))
}

/// What proposals are read from.
#[async_trait::async_trait]
pub trait ProposalStore: Send + Sync {
    /// What is known, as far as the host may see it. Four queries.
    async fn what_is_here(&self, host: &Host, now: Timestamp, zone: &Zone) -> Result<Grounds, Unavailable>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Handle;
    use chrono::{DateTime, Utc};
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse::<DateTime<Utc>>().expect("an instant").into()
    }

    fn who(id: i64, name: &str) -> Byline {
        Byline { id: MemberId(id), name: Handle::parse(name).expect("a name"), display_name: name.to_uppercase(), picture: None }
    }

    fn ending(words: &str, voices: &[i64], when: &str) -> Ending {
        let voices = voices.iter().map(|id| MemberId(*id)).collect();
        Ending { reply: PostId(7), root: PostId(3), by: who(2, "bo"), words: words.into(), voices, at: at(when) }
    }

    const NOW: &str = "2026-11-26T12:00:00Z";

    fn proposed(grounds: &Grounds) -> Vec<String> {
        propose(grounds, &Zone::utc(), at(NOW)).iter().map(Proposal::key).collect()
    }

    #[test]
    fn what_is_proposed_comes_in_the_order_of_the_rule() {
        let grounds = Grounds {
            founded_at: Some(at("2024-11-24T08:00:00Z")),
            joined: vec![
                (who(4, "di"), at("2025-11-26T23:00:00Z")),
                (who(3, "cy"), at("2025-11-20T10:00:00Z")),
                (who(5, "ed"), at("2025-11-19T10:00:00Z")),
                (who(6, "fe"), at("2026-11-26T01:00:00Z")),
                (who(7, "gu"), at("2023-11-25T01:00:00Z")),
            ],
            endings: vec![ending("And who fired it?", &[1, 2, 3], "2026-11-23T11:00:00Z")],
            evenings: vec![Evening { slug: "soup".into(), title: "Soup".into(), date: at("2025-11-27T19:00:00Z").date(), came: 9 }],
        };
        assert_eq!(proposed(&grounds), ["birthday-2", "joined-1", "joined-3", "paused-7", "evening-soup-2025-11-27"]);
        let Some(Proposal::Anniversary { who, .. }) = propose(&grounds, &Zone::utc(), at(NOW)).into_iter().nth(1) else { panic!("one") };
        let names: Vec<_> = who.iter().map(|who| who.name.as_str()).collect();
        assert_eq!(names, ["cy", "di"], "a day more than a week ago is over, and whoever came today has no year yet");
    }

    #[test]
    fn a_conversation_has_to_end_with_a_question_among_three_some_days_ago() {
        for (ending, proposed_it) in [
            (ending("Who fired it?", &[1, 2, 3], "2026-11-23T12:00:00Z"), true),
            (ending("Who fired it?", &[1, 2, 3], "2026-11-23T12:00:01Z"), false),
            (ending("Who fired it?", &[1, 2], "2026-11-20T12:00:00Z"), false),
            (ending("I fired it.", &[1, 2, 3], "2026-11-20T12:00:00Z"), false),
        ] {
            assert_eq!(!proposed(&Grounds { endings: vec![ending.clone()], ..Grounds::default() }).is_empty(), proposed_it, "{ending:?}");
        }
        let many = Grounds { endings: vec![ending("Who?", &[1, 2, 3], "2026-11-20T12:00:00Z"); 9], ..Grounds::default() };
        assert_eq!(proposed(&many).len(), OF_A_KIND);
    }

    #[test]
    fn an_evening_to_which_nobody_is_known_to_have_come_is_none() {
        let evening = Evening { slug: "soup".into(), title: "Soup".into(), date: at(NOW).date(), came: 0 };
        assert!(proposed(&Grounds { evenings: vec![evening], ..Grounds::default() }).is_empty());
    }

    #[test]
    fn a_draft_calls_people_by_their_names_and_leads_to_what_it_speaks_of() {
        let one = Proposal::Anniversary { who: vec![who(2, "bo")], years: 1, on: at(NOW).date() };
        assert_eq!(
            one.draft(),
            "A year ago this week @bo joined us. What do you remember of their first days here? And what would you not want to miss since?"
        );
        let many = Proposal::Anniversary { who: (1..9).map(|id| who(id, &format!("m{id}"))).collect(), years: 2, on: at(NOW).date() };
        assert!(many.draft().starts_with("2 years ago this week @m1, @m2, @m3, @m4, @m5 and 3 more joined us."), "{}", many.draft());
        let title = "Soup [and] @bread".to_owned();
        let evening = Proposal::LastYear(Evening { slug: "sopa à noite".into(), title, date: at("2025-11-27T19:00:00Z").date(), came: 9 });
        assert!(evening.draft().contains("[Soup \\[and\\] bread](/gatherings/sopa%20%C3%A0%20noite/2025-11-27)"), "{}", evening.draft());
        let quoted = Proposal::Paused(ending("So it stood for a week. @di, what is a [kiln](/a) for?", &[], NOW)).draft();
        assert!(quoted.contains("“So it stood for a week. di, what is a \\[kiln\\](/a) for?”"), "who is quoted mentions nobody: {quoted}");
        let paused = Proposal::Paused(ending("And who *fired* it?", &[], NOW)).draft();
        assert!(paused.contains("@bo asked: “And who fired it?”") && paused.contains("(/posts/3)"), "{paused}");
    }

    #[test]
    fn the_last_days_of_a_year_have_their_anniversary_in_the_next() {
        let on = |text: &str| text.parse::<NaiveDate>().expect("a date");
        assert_eq!(anniversary(on("2024-12-30"), on("2027-01-02")), Some(2));
        assert_eq!(anniversary(on("2024-02-29"), on("2026-02-28")), Some(2));
        assert_eq!(anniversary(on("2024-02-29"), on("2028-02-29")), Some(4));
        assert_eq!(anniversary(on("2026-01-01"), on("2026-01-03")), None);
    }

    trait DateOf {
        fn date(self) -> NaiveDate;
    }
    impl DateOf for Timestamp {
        fn date(self) -> NaiveDate {
            Zone::utc().date(self)
        }
    }

    proptest! {
        #[test]
        fn everybody_has_an_anniversary_for_a_week_of_each_year(joined in 0_i64..3000, year in 1_i64..5) {
            let on = NaiveDate::from_ymd_opt(2020, 1, 1).expect("a date") + Days::new(joined as u64);
            let days: Vec<i32> = (0..366).filter_map(|day| anniversary(on, on + Days::new((365 * year + day) as u64))).collect();
            prop_assert!((6..=14).contains(&days.len()), "{:?}", days);
            prop_assert!(days.iter().all(|years| (year as i32 - 1..=year as i32 + 1).contains(years)), "{:?}", days);
        }
    }
}
