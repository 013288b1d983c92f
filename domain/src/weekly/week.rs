//! A week as a draft: what was loved, who arrived, what is coming, each as lines that a host may change.
//!
//! **The rule.** Loved is what most different people reacted or replied to, at least [`FEWEST_PEOPLE`] and not counting its author; the five
//! that moved most people, one an author. It is told in the order in which it was written and without numbers: the letter is no leaderboard.
//! Everything in a draft all members may see: no posts for named people, no get-togethers for some, nothing that stood folded under a note.
//!
//! What people wrote is quoted as they wrote it: marks of Markdown in it are no marks in the letter, and nobody is told that they were mentioned
//! because somebody is quoted who mentioned them.

use crate::{
    gatherings::{Gathering, Session},
    ids::{MemberId, PostId},
    mail::words::{encoded, local, one_line},
    people::Byline,
    prose::marked_words,
    time::{Timestamp, Zone},
    timeline::Audience,
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// Most posts of a week that are looked at: the newest. More than a place of 500 writes in a lively one.
pub const MOST_READ: usize = 500;
/// How many people must have reacted or replied for a post to count as loved: one may be a friend.
pub const FEWEST_PEOPLE: usize = 2;
/// Most posts in a draft.
pub const MOST_LOVED: usize = 5;
/// Most who arrived that a draft tells one by one.
pub const MOST_ARRIVED: usize = 12;
/// Most get-togethers in a draft.
pub const MOST_COMING: usize = 12;
/// How many days ahead a draft tells what is coming: to the next letter, and a weekend after it.
pub const COMING_DAYS: i64 = 9;
/// Most characters of a draft: more than half of a letter's room is left to its host's own words.
pub const MOST_DRAFTED: usize = 4800;
/// How much of a post is quoted, in characters.
const LONGEST_QUOTE: usize = 90;

/// A post of the week, with whom it moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The post.
    pub post: PostId,
    /// Who wrote it.
    pub by: Byline,
    /// How it begins, as plain text; empty where it is pictures alone.
    pub excerpt: String,
    /// Who reacted or replied.
    pub moved: BTreeSet<MemberId>,
}

/// Somebody who joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// Who.
    pub who: Byline,
    /// Their own line; may be empty.
    pub line: String,
}

/// A get-together that is coming.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    /// Its address part.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its next session.
    pub session: Session,
    /// Where, in words; empty if only online.
    pub place: String,
    /// On whose clock it is planned.
    pub zone: Zone,
}

/// A week.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week {
    /// What was loved, the oldest first.
    pub loved: Vec<Candidate>,
    /// Who arrived, the first to come first.
    pub arrived: Vec<Arrived>,
    /// What is coming, soonest first.
    pub coming: Vec<Coming>,
}

/// What of a week's posts was loved: see the rule above.
pub fn loved(mut posts: Vec<Candidate>) -> Vec<Candidate> {
    for post in &mut posts {
        post.moved.remove(&post.by.id);
    }
    posts.retain(|post| post.moved.len() >= FEWEST_PEOPLE);
    posts.sort_by_key(|post| (Reverse(post.moved.len()), Reverse(post.post)));
    let mut authors = BTreeSet::new();
    posts.retain(|post| authors.insert(post.by.id));
    posts.truncate(MOST_LOVED);
    posts.sort_by_key(|post| post.post);
    posts
}

/// The next session of each of the gatherings that all members may see, where it takes place within [`COMING_DAYS`].
pub fn coming(gatherings: &[Gathering], now: Timestamp) -> Vec<Coming> {
    let until = now.plus_days(COMING_DAYS);
    // Nobody came to one that is quiet, and its host is asked whether it is still on: it is not announced meanwhile.
    let for_all = gatherings.iter().filter(|gathering| gathering.audience != Audience::Named && !gathering.quiet);
    let next = for_all.filter_map(|gathering| {
        let soon = gathering.not_over(now).take_while(|session| session.starts_at < until);
        let session = soon.into_iter().find(|session| session.starts_at > now && !session.cancelled)?;
        let place = gathering.place_on(session.date).0.to_owned();
        let zone = gathering.schedule.zone.clone();
        Some(Coming { slug: gathering.slug.clone(), title: gathering.title.clone(), session, place, zone })
    });
    let mut coming: Vec<Coming> = next.collect();
    coming.sort_by(|one, other| (one.session.starts_at, &one.title).cmp(&(other.session.starts_at, &other.title)));
    coming.truncate(MOST_COMING);
    coming
}

/// The title of a letter that is written at that instant: `The week until Sunday 29 November`.
pub fn title(now: Timestamp, zone: &Zone) -> String {
    local(now, zone).format("The week until %A %-d %B").to_string()
}

impl Week {
    /// Whether there is something to tell of what was. Something is always coming.
    pub fn has_happened(&self) -> bool {
        !self.loved.is_empty() || !self.arrived.is_empty()
    }

    /// The week as Markdown, on the community's clock: up to [`MOST_DRAFTED`] characters, empty where there is nothing to tell.
    pub fn in_words(&self, zone: &Zone) -> String {
        let loved = self.loved.iter().map(|post| {
            let quote = if post.excerpt.is_empty() { "a picture".to_owned() } else { format!("“{}”", literal(&quote(&post.excerpt))) };
            format!("{}: [{quote}](/posts/{})", linked(&post.by), post.post)
        });
        let others = self.arrived.len().saturating_sub(MOST_ARRIVED);
        let arrived = self.arrived.iter().take(MOST_ARRIVED).map(|arrived| match arrived.line.trim() {
            "" => linked(&arrived.who),
            line => format!("{}: {}", linked(&arrived.who), literal(line)),
        });
        let and_others = (others > 0).then(|| format!("and {others} more: [who is here](/people)"));
        let coming = self.coming.iter().map(|coming| {
            let (starts, there) = (local(coming.session.starts_at, zone), local(coming.session.starts_at, &coming.zone));
            let mut when = starts.format("%A %-d %B, %H:%M").to_string();
            if there.naive_local() != starts.naive_local() {
                let day = if there.date_naive() == starts.date_naive() { "" } else { "%A " };
                when += &format!(" ({} {})", there.format(&format!("{day}%H:%M")), coming.zone.in_words());
            }
            let place = if coming.place.is_empty() { "online".to_owned() } else { literal(&coming.place) };
            let address = format!("/gatherings/{}/{}", encoded(&coming.slug), coming.session.date);
            format!("{when}: [{}]({address}), {place}", literal(&coming.title))
        });
        let mut text = String::new();
        let mut room = MOST_DRAFTED;
        let sections: [(&str, Vec<String>); 3] = [
            ("What you loved", loved.collect()),
            ("Who arrived", arrived.chain(and_others).collect()),
            ("What is coming", coming.collect()),
        ];
        for (title, lines) in sections {
            let mut above = format!("{}### {title}\n", if text.is_empty() { "" } else { "\n\n" });
            for line in lines {
                let line = format!("{above}\n- {line}");
                let length = line.chars().count();
                if length > room {
                    break;
                }
                room -= length;
                text.push_str(&line);
                above.clear();
            }
        }
        text
    }
}

/// Somebody, by what they are called, with the way to their page. Nobody is told that they were mentioned.
fn linked(who: &Byline) -> String {
    format!("[{}](/people/{})", literal(&who.display_name), who.name)
}

/// How a text begins, in whole words, as far as there are any.
fn quote(excerpt: &str) -> String {
    beginning(excerpt, LONGEST_QUOTE)
}

/// How a line begins, in up to `most` characters, and in whole words as far as there are any.
pub(crate) fn beginning(line: &str, most: usize) -> String {
    if line.chars().count() <= most {
        return line.to_owned();
    }
    let short: String = line.chars().take(most).collect();
    let whole = short.rfind(char::is_whitespace).map_or_else(|| clusters(&short), |end| &short[..end]);
    format!("{}…", whole.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':')))
}

/// A text without the last of its characters as people see them, which may have lost a part: a flag, an accent, a family.
fn clusters(text: &str) -> &str {
    let joins = |c: char| {
        matches!(c, '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{1F1E6}'..='\u{1F1FF}')
            || unicode_normalization::char::is_combining_mark(c)
    };
    let mut before = text;
    loop {
        let Some(last) = before.chars().next_back() else { return text };
        before = &before[..before.len() - last.len_utf8()];
        let joined = joins(last) || before.chars().next_back().is_some_and(|c| c == '\u{200D}');
        if !joined {
            return before;
        }
    }
}

/// Text that stands for itself in a line of Markdown: as one line, with no mark in it that means anything and nobody mentioned.
pub fn literal(text: &str) -> String {
    let text = unmarked(&unmarked(&one_line(text), '@'), '#');
    let mut literal = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '&') {
            literal.push('\\');
        }
        literal.push(c);
    }
    literal
}

/// A text without the marks that would mention somebody, or make a tag.
fn unmarked(text: &str, mark: char) -> String {
    let marks: BTreeMap<usize, &str> = marked_words(text, mark).into_iter().collect();
    text.char_indices().filter(|(at, _)| !marks.contains_key(at)).map(|(_, c)| c).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        gatherings::{calendar::Cancelled, coming::Terms, sessions::Schedule},
        ids::GatheringId,
        people::Handle,
        prose::{SafeHtml, mentions, tags},
    };
    use proptest::prelude::*;

    /// Thursday 26 November 2026, 19:30 UTC.
    const NOW: Timestamp = Timestamp(1_795_721_400_000);

    fn who(id: i64, called: &str) -> Byline {
        Byline { id: MemberId(id), name: Handle::parse(&format!("m{id}")).expect("a name"), display_name: called.into(), picture: None }
    }

    fn candidate(post: i64, by: i64, excerpt: &str, moved: &[i64]) -> Candidate {
        Candidate {
            post: PostId(post),
            by: who(by, &format!("Member {by}")),
            excerpt: excerpt.into(),
            moved: moved.iter().copied().map(MemberId).collect(),
        }
    }

    fn gathering(slug: &str, first: &str, rule: &str) -> Gathering {
        Gathering {
            id: GatheringId(1),
            slug: slug.into(),
            title: slug.into(),
            markdown: String::new(),
            html: SafeHtml::default(),
            picture: None,
            schedule: Schedule {
                first: first.parse().expect("a date"),
                time: "19:30:00".parse().expect("a time"),
                rule: rule.parse().ok(),
                ..Schedule::for_testing()
            },
            former: Vec::new(),
            exceptions: Vec::new(),
            cancelled: None,
            place: "the hall".into(),
            online: false,
            link: String::new(),
            audience: Audience::Community,
            host: who(1, "Ana"),
            cohosts: Vec::new(),
            named: Vec::new(),
            terms: Terms::default(),
            room: Default::default(),
            quiet: false,
            changes: 0,
            planned_at: NOW,
            changed_at: NOW,
            mine: false,
        }
    }

    fn ids(posts: &[Candidate]) -> Vec<i64> {
        posts.iter().map(|post| post.post.0).collect()
    }

    #[test]
    fn loved_is_what_moved_most_people_one_an_author_in_the_order_of_time() {
        let posts = vec![
            candidate(7, 1, "", &[2, 3, 4]),
            candidate(6, 1, "", &[2, 3]),
            candidate(5, 2, "", &[2, 3]),
            candidate(4, 3, "", &[1, 2]),
            candidate(3, 4, "", &[1, 2, 3, 5]),
            candidate(2, 5, "", &[1]),
        ];
        assert_eq!(ids(&loved(posts)), [3, 4, 7], "not one's own, not one friend alone, one an author");
        let many = (1..=9).map(|id| candidate(id, id, "", &[10, 11 + id % 2, 20 + id])).collect();
        assert_eq!(ids(&loved(many)), [5, 6, 7, 8, 9], "of those that moved as many, the newest");
    }

    #[test]
    fn what_is_coming_is_the_next_of_each_within_nine_days_that_all_may_see() {
        let weekly = gathering("drawing", "2026-11-05", "FREQ=WEEKLY;BYDAY=TH");
        let far = gathering("picnic", "2026-12-06", "");
        let soon = gathering("soup", "2026-11-27", "");
        let secret = Gathering { audience: Audience::Named, ..gathering("surprise", "2026-11-28", "") };
        let quiet = Gathering { quiet: true, ..gathering("chess", "2026-11-28", "") };
        let off = Gathering { cancelled: Some(Cancelled { at: NOW, why: String::new() }), ..gathering("walk", "2026-11-28", "") };
        let coming = coming(&[weekly, far, soon, secret, quiet, off], NOW);
        let told: Vec<_> = coming.iter().map(|coming| format!("{} {}", coming.slug, coming.session.date)).collect();
        assert_eq!(told, ["soup 2026-11-27", "drawing 2026-12-03"], "what has begun is not coming");
    }

    #[test]
    fn a_week_is_told_as_a_letter_tells_it() {
        let week = Week {
            loved: vec![candidate(5, 2, "I drew the pump. I *always* draw it", &[3, 4]), candidate(6, 3, "", &[1, 2])],
            arrived: vec![
                Arrived { who: who(8, "Ayla [the poet]"), line: "Writes by hand, @m2 knows.".into() },
                Arrived { who: who(9, "Bo"), line: " ".into() },
            ],
            coming: coming(&[gathering("súp", "2026-11-27", "")], NOW),
        };
        let zone = Zone::parse("Europe/Berlin").expect("a zone");
        assert_eq!(
            week.in_words(&zone),
            "### What you loved\n\n\
             - [Member 2](/people/m2): [“I drew the pump. I \\*always\\* draw it”](/posts/5)\n\
             - [Member 3](/people/m3): [a picture](/posts/6)\n\n\
             ### Who arrived\n\n\
             - [Ayla \\[the poet\\]](/people/m8): Writes by hand, m2 knows.\n\
             - [Bo](/people/m9)\n\n\
             ### What is coming\n\n\
             - Friday 27 November, 20:30 (19:30 UTC): [súp](/gatherings/s%C3%BAp/2026-11-27), the hall"
        );
        let there = |zone: &str| Week { coming: week.coming.clone(), ..Week::default() }.in_words(&Zone::parse(zone).expect("a zone"));
        assert!(there("Asia/Tokyo").contains("- Saturday 28 November, 04:30 (Friday 19:30 UTC): "), "{}", there("Asia/Tokyo"));
        assert!(there("Europe/London").contains("- Friday 27 November, 19:30: "), "the same on both clocks");
        assert_eq!(title(NOW, &zone), "The week until Thursday 26 November");
        assert_eq!(Week::default().in_words(&zone), "");
    }

    #[test]
    fn of_many_who_arrived_the_first_are_told_and_the_others_counted() {
        let arrived = (1..=20).map(|id| Arrived { who: who(id, "Bo"), line: String::new() }).collect();
        let text = Week { arrived, ..Week::default() }.in_words(&Zone::utc());
        assert_eq!(text.lines().count(), 2 + MOST_ARRIVED + 1);
        assert!(text.ends_with("- and 8 more: [who is here](/people)"), "{text}");
    }

    #[test]
    fn a_quote_ends_with_a_whole_word_or_a_whole_character() {
        assert_eq!((quote("Soup at seven").as_str(), quote("I wonder…").as_str()), ("Soup at seven", "I wonder…"));
        assert_eq!(
            quote(&format!("{}, bread and more…", "soup ".repeat(16).trim_end())),
            format!("{}, bread…", "soup ".repeat(16).trim_end())
        );
        let families = "👩‍👩‍👧".repeat(40);
        let quoted = quote(&families);
        let whole = quoted.trim_end_matches('…');
        assert!(whole.chars().count().is_multiple_of(5) && families.starts_with(whole), "{quoted}");
        let accents = quote(&"e\u{301}".repeat(80));
        assert!(accents.trim_end_matches('…').ends_with('\u{301}'), "{accents}");
    }

    proptest! {
        #[test]
        fn a_draft_is_bounded_and_mentions_nobody(
            names in proptest::collection::vec("\\PC{1,60}", 1..30),
            words in "[\\PC]{0,200}|(@m1 |#soup |[*_`<\\[\\]&~\\\\@#-]){0,60}",
        ) {
            let said = words.chars().take(120).collect::<String>();
            let week = Week {
                loved: names.iter().take(MOST_LOVED).enumerate().map(|(at, name)| Candidate { by: who(at as i64, name), ..candidate(1, 1, &said, &[]) }).collect(),
                arrived: names.iter().map(|name| Arrived { who: who(1, name), line: words.clone() }).collect(),
                coming: Vec::new(),
            };
            let text = week.in_words(&Zone::utc());
            prop_assert!(text.chars().count() <= MOST_DRAFTED);
            prop_assert!(mentions(&text).is_empty(), "{}", text);
            // The marks of headings are no tags.
            prop_assert!(tags(&text.replace("###", "")).is_empty(), "{}", text);
        }

        #[test]
        fn a_quote_is_a_beginning_of_what_was_said(text in "\\PC{0,200}") {
            let excerpt = crate::timeline::excerpt(&text);
            let quoted = quote(&excerpt);
            prop_assert!(quoted.chars().count() <= LONGEST_QUOTE + 1);
            prop_assert!(excerpt.starts_with(quoted.trim_end_matches('…')));
        }

        #[test]
        fn literal_text_is_one_line_without_marks(text in "\\PC{0,40}[\\r\\n]{0,2}\\PC{0,40}") {
            let literal = literal(&text);
            prop_assert!(!literal.contains(char::is_control));
            prop_assert!(!literal.replace("\\]", "").contains(']') && mentions(&literal).is_empty() && tags(&literal).is_empty());
        }
    }
}
