//! Who could be introduced to whom, and why.
//!
//! There is no score. What speaks for a pair is a list of [`Reason`]s, each of which a host can look at and judge, and the list *is* the
//! ranking:
//!
//! 1. Whoever has more kinds of reasons comes first.
//! 2. Of those with as many, whoever's first kind comes earlier in the order of [`Reason`]: that one asks what the other answers, then
//!    interests, the town, words, gatherings (where they may have met without being introduced).
//! 3. Of those, whoever has more of them (more interests in common, more words).
//! 4. Of those, the pair with whoever came latest: newcomers know the fewest.
//!
//! Left out are pairs that were introduced or left alone before, who came in together or by each other (they know each other), and who
//! have spoken with each other. Hosts introduce themselves. Nobody is proposed more than [`TIMES_EACH`] times at once.
//!
//! A *word* counts if few said it: at least [`WORD_LETTERS`] letters, said lately by two to [`WORD_PEOPLE`] people, and at least
//! [`WORDS_NEEDED`] of them in common that one of the two came back to, so that what all say now and then proves nothing. One *asks what the
//! other answers* if a word of a question (a sentence that ends in a question mark) is an interest of the other's or a tag that they used,
//! however short; or a rare word of at least [`WORD_LETTERS`] letters of the line in which they say who they are.

use super::{Evidence, Pair};
use crate::{
    ids::{InvitationId, MemberId, PartyId},
    people::{Byline, Handle, Interests},
    time::Timestamp,
    welcome::LARGEST_PARTY,
};
use std::{
    borrow::Cow,
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
};

/// How often somebody is proposed at once.
pub const TIMES_EACH: usize = 2;
/// Fewest letters of a word that counts.
pub const WORD_LETTERS: usize = 6;
/// Most people that said a word that counts.
pub const WORD_PEOPLE: usize = 3;
/// How many rare words two must have in common.
pub const WORDS_NEEDED: usize = 2;
/// With what a sentence ends.
const ENDS: [char; 7] = ['.', '!', '?', '…', '؟', '？', '。'];
/// With what one ends that asks.
const ASKS: [char; 3] = ['?', '؟', '？'];

/// Somebody, as far as it matters to whom they could be introduced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub who: Byline,
    /// They are a host.
    pub host: bool,
    /// When they joined.
    pub joined_at: Timestamp,
    /// Who invited them.
    pub invited_by: Option<MemberId>,
    /// By which invitation they came.
    pub invitation: Option<InvitationId>,
    /// With which party they moved in.
    pub party: Option<PartyId>,
    /// The line in which they say who they are.
    pub line: String,
    /// What they care about.
    pub interests: Vec<String>,
    /// Where they live, as they say; may be empty.
    pub town: String,
    /// The sessions at which they were: the gathering's id, and the date.
    pub came: BTreeSet<(i64, String)>,
    /// What they wrote lately, as typed.
    pub said: Vec<String>,
}

/// What speaks for an introduction. The order is that of the rule above.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// One asked about what is the other's.
    Asks {
        /// Who asked.
        who: MemberId,
        /// About what.
        about: Vec<String>,
    },
    /// They care about the same.
    Interests(Vec<String>),
    /// They live in the same town.
    Town(String),
    /// They lately said the same words, which hardly anybody else did.
    Words(Vec<String>),
    /// They were at the same sessions of these gatherings.
    Gatherings(Vec<String>),
}

impl Reason {
    fn kind(&self) -> u8 {
        match self {
            Self::Asks { .. } => 0,
            Self::Interests(_) => 1,
            Self::Town(_) => 2,
            Self::Words(_) => 3,
            Self::Gatherings(_) => 4,
        }
    }
    fn many(&self) -> usize {
        match self {
            Self::Asks { about, .. } => about.len(),
            Self::Gatherings(things) | Self::Interests(things) | Self::Words(things) => things.len(),
            Self::Town(_) => 1,
        }
    }
}

/// Two people who could be introduced, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Whom, as a pair.
    pub pair: Pair,
    /// Whom, as in the pair.
    pub two: [Byline; 2],
    /// Why.
    pub reasons: Vec<Reason>,
}

/// Words by number: to compare numbers is quick.
#[derive(Default)]
struct Lexicon {
    numbers: HashMap<String, u32>,
    words: Vec<String>,
}

impl Lexicon {
    fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = self.words.len() as u32;
        self.words.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }

    fn numbers(&mut self, words: impl Iterator<Item = impl AsRef<str>>) -> Vec<u32> {
        ascending(words.map(|word| self.number(word.as_ref())).collect())
    }

    /// Words of these numbers, by the alphabet.
    fn in_words(&self, numbers: &[u32]) -> Vec<String> {
        let mut words: Vec<String> = numbers.iter().map(|number| self.words[*number as usize].clone()).collect();
        words.sort();
        words
    }

    /// For each word, how many of these lists it is in.
    fn often<'a>(&self, lists: impl Iterator<Item = &'a Vec<u32>>) -> Vec<usize> {
        let mut often = vec![0; self.words.len()];
        lists.flatten().for_each(|number| often[*number as usize] += 1);
        often
    }
}

/// Each number once, ascending.
fn ascending(mut numbers: Vec<u32>) -> Vec<u32> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// What is in both of two ascending lists.
fn in_both(one: &[u32], other: &[u32]) -> Vec<u32> {
    let (mut at, mut beside, mut both) = (0, 0, Vec::new());
    while let (Some(here), Some(there)) = (one.get(at), other.get(beside)) {
        if here == there {
            both.push(*here);
        }
        (at, beside) = (at + usize::from(here <= there), beside + usize::from(there <= here));
    }
    both
}

/// Somebody, read for comparing; words and sessions by ascending number.
struct Read {
    interests: Interests,
    /// The interests, as they are compared.
    cares: Vec<u32>,
    /// Tags that they used.
    tags: Vec<u32>,
    /// All words that they said, or that stand in their line.
    words: Vec<u32>,
    /// Those of them that they came back to in another post.
    came_back_to: Vec<u32>,
    /// Words of their questions.
    asks: Vec<u32>,
    /// What is theirs to answer: interests, the words of those, tags, words of their line.
    theirs: Vec<u32>,
    /// Where they live, as it is compared.
    town: String,
    /// The sessions at which they were.
    came: Vec<u32>,
}

/// The words of a text, in lower case.
fn all_words(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’' && c != '@');
    let words = words.filter(|word| !word.is_empty() && !word.contains(|c: char| c == '@' || c.is_ascii_digit()));
    words.map(|word| if word.bytes().all(|byte| byte.is_ascii_lowercase()) { word.into() } else { word.to_lowercase().into() })
}

fn is_long(word: &str) -> bool {
    word.chars().nth(WORD_LETTERS - 1).is_some()
}

/// Those that are long enough to count.
fn words(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    all_words(text).filter(|word| is_long(word))
}

impl Read {
    fn of(known: &Known, lexicon: &mut Lexicon, sessions: &[&(i64, String)]) -> Self {
        let interests = Interests::of(&known.interests);
        let cares = lexicon.numbers(interests.keys());
        let line = lexicon.numbers(words(&known.line));
        let (mut tags, mut asks, mut said) = (Vec::new(), Vec::new(), line.clone());
        for post in &known.said {
            let mut once = Vec::new();
            for paragraph in post.lines() {
                let mut sentence = Vec::new();
                // Links are not words.
                for written in paragraph.split_whitespace().filter(|written| !written.contains("://")) {
                    let tag = written.strip_prefix('#').map(|tag| tag.trim_end_matches(|c: char| !c.is_alphanumeric()));
                    tags.extend(tag.filter(|tag| !tag.is_empty()).map(|tag| lexicon.number(&tag.to_lowercase())));
                    for part in written.split_inclusive(ENDS) {
                        for word in all_words(part) {
                            if is_long(&word) {
                                once.push(lexicon.number(&word));
                            }
                            sentence.push(word);
                        }
                        if part.ends_with(ASKS) {
                            asks.extend(sentence.iter().map(|word| lexicon.number(word)));
                        }
                        if part.ends_with(ENDS) {
                            sentence.clear();
                        }
                    }
                }
            }
            said.extend(ascending(once));
        }
        said.sort_unstable();
        let came_back_to = ascending(said.windows(2).filter(|two| two[0] == two[1]).map(|two| two[0]).collect());
        let mut theirs = lexicon.numbers(interests.keys().flat_map(|interest| words(interest)));
        theirs.extend(cares.iter().chain(&line).chain(&tags));
        let came = known.came.iter().filter_map(|session| sessions.binary_search(&session).ok()).map(|number| number as u32);
        Self {
            interests,
            cares,
            tags: ascending(tags),
            words: ascending(said),
            came_back_to,
            asks: ascending(asks),
            theirs: ascending(theirs),
            town: known.town.to_lowercase(),
            came: came.collect(),
        }
    }
}

/// Everybody, read, with the words that can count alone: to compare all with all is quick then.
struct Everybody<'a> {
    known: &'a Evidence,
    reads: Vec<Read>,
    lexicon: Lexicon,
    /// The gathering's id, and the date, by number.
    sessions: Vec<&'a (i64, String)>,
}

impl<'a> Everybody<'a> {
    fn of(known: &'a Evidence) -> Self {
        let mut lexicon = Lexicon::default();
        let sessions: BTreeSet<_> = known.people.iter().flat_map(|person| &person.came).collect();
        let sessions: Vec<_> = sessions.into_iter().collect();
        let mut reads: Vec<Read> = known.people.iter().map(|person| Read::of(person, &mut lexicon, &sessions)).collect();
        let said = lexicon.often(reads.iter().map(|read| &read.words));
        let answers = lexicon.often(reads.iter().map(|read| &read.theirs));
        let named = lexicon.often(reads.iter().flat_map(|read| [&read.cares, &read.tags]));
        for read in &mut reads {
            read.words.retain(|word| (2..=WORD_PEOPLE).contains(&said[*word as usize]));
            read.asks.retain(|word| {
                let word = *word as usize;
                named[word] > 0 || (answers[word] > 0 && said[word] <= WORD_PEOPLE && is_long(&lexicon.words[word]))
            });
        }
        Self { known, reads, lexicon, sessions }
    }

    /// What speaks for two, by their places among those known.
    fn compare(&self, at: usize, beside: usize) -> Vec<Reason> {
        let both = [at, beside].map(|place| (&self.known.people[place], &self.reads[place]));
        let [(one, reads), (other, others)] = both;
        let (mut reasons, mut asked) = (Vec::new(), Vec::new());
        for (who, asks, of) in [(one, reads, others), (other, others, reads)] {
            let about = in_both(&asks.asks, &of.theirs);
            if !about.is_empty() {
                reasons.push(Reason::Asks { who: who.who.id, about: self.lexicon.in_words(&about) });
            }
            asked.extend(about);
        }
        let is_shared = !in_both(&reads.cares, &others.cares).is_empty();
        let interests = if is_shared { others.interests.shared_with(&one.interests) } else { Vec::new() };
        let shared = |word: &str| interests.iter().any(|interest| interest.to_lowercase().contains(word));
        let mut common = in_both(&reads.words, &others.words);
        common.retain(|word| {
            let came_back = [reads, others].iter().any(|read| read.came_back_to.binary_search(word).is_ok());
            came_back && !asked.contains(word) && !shared(&self.lexicon.words[*word as usize])
        });
        if !interests.is_empty() {
            reasons.push(Reason::Interests(interests));
        }
        if !reads.town.is_empty() && reads.town == others.town {
            reasons.push(Reason::Town(one.town.clone()));
        }
        if common.len() >= WORDS_NEEDED {
            reasons.push(Reason::Words(self.lexicon.in_words(&common)));
        }
        let mut gatherings: Vec<i64> = in_both(&reads.came, &others.came).iter().map(|number| self.sessions[*number as usize].0).collect();
        gatherings.dedup();
        let titles: Vec<String> = gatherings.iter().filter_map(|gathering| self.known.gatherings.get(gathering)).cloned().collect();
        if !titles.is_empty() {
            reasons.push(Reason::Gatherings(titles));
        }
        reasons
    }
}

/// All pairs for which something speaks, the best first; how new somebody is counts back from `now`.
pub fn propose(known: &Evidence, now: Timestamp) -> Vec<Proposal> {
    let everybody = Everybody::of(known);
    let ways = Ways::of(&known.people);
    let mut proposals = Vec::new();
    for (at, one) in known.people.iter().enumerate().filter(|(_, one)| !one.host) {
        for (beside, other) in known.people.iter().enumerate().skip(at + 1).filter(|(_, other)| !other.host) {
            let Some(pair) = Pair::of(one.who.id, other.who.id) else { continue };
            if known.left_alone.contains(&pair) || ways.know_each_other(one, other) {
                continue;
            }
            let reasons = everybody.compare(at, beside);
            if !reasons.is_empty() {
                let kinds = reasons.iter().fold(0_u8, |kinds, reason| kinds | 1 << reason.kind());
                let many: usize = reasons.iter().map(Reason::many).sum();
                let newest = now.0 - one.joined_at.max(other.joined_at).0;
                let rank = (Reverse(kinds.count_ones()), kinds.trailing_zeros(), Reverse(many), newest, pair);
                let two = if pair.both()[0] == one.who.id { [&one.who, &other.who] } else { [&other.who, &one.who] };
                proposals.push((rank, two, reasons));
            }
        }
    }
    proposals.sort_unstable_by_key(|(rank, ..)| *rank);
    proposals.into_iter().map(|((.., pair), two, reasons)| Proposal { pair, two: two.map(Clone::clone), reasons }).collect()
}

/// What speaks for a pair, whether or not they would be proposed; nothing, if one is not among those known.
pub fn evidence(known: &Evidence, one: &Handle, other: &Handle) -> Vec<Reason> {
    let of = |name: &Handle| known.people.iter().position(|person| person.who.name == *name);
    of(one).zip(of(other)).map_or_else(Vec::new, |(one, other)| Everybody::of(known).compare(one, other))
}

/// Whether both of a pair may still be proposed beside these.
pub fn has_room(beside: &[Proposal], pair: Pair) -> bool {
    let often = |member: MemberId| beside.iter().filter(|one| one.pair.both().contains(&member)).count();
    pair.both().into_iter().all(|member| often(member) < TIMES_EACH)
}

/// By which links and with which parties people came, and how many of them by each.
#[derive(Default)]
struct Ways {
    links: BTreeMap<InvitationId, usize>,
    parties: BTreeMap<PartyId, usize>,
}

impl Ways {
    fn of(people: &[Known]) -> Self {
        let mut ways = Self::default();
        for person in people {
            if let Some(link) = person.invitation {
                *ways.links.entry(link).or_default() += 1;
            }
            if let Some(party) = person.party {
                *ways.parties.entry(party).or_default() += 1;
            }
        }
        ways
    }

    /// Who came by one link, with one party, or by each other, know each other; but by a link that brought more than [`LARGEST_PARTY`] came all
    /// sorts of people.
    fn know_each_other(&self, one: &Known, other: &Known) -> bool {
        let few = |many: Option<&usize>| many.is_some_and(|many| *many <= LARGEST_PARTY);
        let by_link = one.invitation.filter(|_| one.invitation == other.invitation).is_some_and(|link| few(self.links.get(&link)));
        let by_party = one.party.filter(|_| one.party == other.party).is_some_and(|party| few(self.parties.get(&party)));
        by_link || by_party || one.invited_by == Some(other.who.id) || other.invited_by == Some(one.who.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known(id: i64, name: &str) -> Known {
        let who = Byline { id: MemberId(id), name: Handle::parse(name).expect("a name"), display_name: name.into(), picture: None };
        Known {
            who,
            host: false,
            joined_at: Timestamp(id),
            invited_by: None,
            invitation: None,
            party: None,
            line: String::new(),
            interests: Vec::new(),
            town: String::new(),
            came: BTreeSet::new(),
            said: Vec::new(),
        }
    }

    fn of(people: Vec<Known>) -> Evidence {
        Evidence { people, gatherings: BTreeMap::from([(7, "Soup night".into())]), left_alone: BTreeSet::new() }
    }

    fn list(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn names(proposals: &[Proposal]) -> Vec<String> {
        let name = |proposal: &Proposal| proposal.two.iter().map(|who| who.name.as_str()).collect::<Vec<_>>().join(" and ");
        proposals.iter().map(name).collect()
    }

    #[test]
    fn each_reason_is_shown_with_what_it_rests_on() {
        let ana = Known {
            interests: list(&["Boats", "soup"]),
            town: "Porto".into(),
            came: BTreeSet::from([(7, "2026-11-15".into())]),
            said: list(&["Does anybody know about beekeeping? The glaze from my kiln cracked."]),
            ..known(1, "ana")
        };
        let bo = Known {
            interests: list(&["boats", "chess"]),
            town: "porto ".trim().into(),
            line: "Beekeeping on a roof.".into(),
            came: BTreeSet::from([(7, "2026-11-15".into()), (8, "2026-11-16".into())]),
            said: list(&["My cracked mug. Who sails?"]),
            ..known(2, "bo")
        };
        let all = of(vec![ana, bo]);
        let proposals = propose(&all, Timestamp(9));
        assert_eq!(names(&proposals), ["ana and bo"]);
        assert_eq!(
            proposals[0].reasons,
            [
                Reason::Asks { who: MemberId(1), about: list(&["beekeeping"]) },
                Reason::Interests(list(&["Boats"])),
                Reason::Town("Porto".into()),
                Reason::Gatherings(list(&["Soup night"])),
            ],
            "one rare word in common is chance"
        );
        assert_eq!(evidence(&all, &all.people[1].who.name, &all.people[0].who.name).len(), 4);
    }

    #[test]
    fn a_question_meets_an_interest_or_a_tag_however_short_it_is() {
        let ana = Known { said: list(&["Does anybody play chess? Who has jam?"]), ..known(1, "ana") };
        let bo = Known { interests: list(&["Chess"]), line: "I play.".into(), ..known(2, "bo") };
        let cy = Known { said: list(&["Eleven jars. #jam"]), ..known(3, "cy") };
        let found = propose(&of(vec![ana, bo, cy]), Timestamp(9));
        let reasons: Vec<_> = found.iter().flat_map(|proposal| proposal.reasons.clone()).collect();
        let asks = |about: &str| Reason::Asks { who: MemberId(1), about: list(&[about]) };
        assert_eq!(reasons, [asks("jam"), asks("chess")], "what all say (play) is nobody's");
        let lines = Known { said: list(&["I carved a chess set\nIs that soup hot?"]), ..known(1, "ana") };
        let bo = Known { interests: list(&["Chess"]), ..known(2, "bo") };
        assert!(propose(&of(vec![lines, bo]), Timestamp(9)).is_empty(), "a question ends where its line began");
    }

    #[test]
    fn of_many_interests_in_common_each_counts_and_none_is_a_word_as_well() {
        let six = ["pottery", "birdsong", "chess", "kayaking", "soup", "weaving"];
        let says = list(&["Kayaking and weaving.", "Weaving, kayaking!"]);
        let with = |id: i64, name: &str, many: usize| Known { interests: list(&six[..many]), said: says.clone(), ..known(id, name) };
        let found = propose(&of(vec![with(1, "ana", 6), with(2, "bo", 6)]), Timestamp(9));
        assert_eq!(found[0].reasons, [Reason::Interests(list(&six))]);
        let cares = |id: i64, name: &str, many: usize| Known { interests: list(&six[..many]), ..known(id, name) };
        let more = of(vec![cares(1, "ana", 6), cares(2, "bo", 6), cares(3, "cy", 5)]);
        assert_eq!(names(&propose(&more, Timestamp(9))), ["ana and bo", "ana and cy", "bo and cy"], "more of them comes first");
    }

    #[test]
    fn nobody_has_room_beside_as_many_proposals_as_one_is_in() {
        let proposal = |one: i64, other: i64| {
            let (one, other) = (known(one, "ana").who, known(other, "bo").who);
            Proposal { pair: Pair::of(one.id, other.id).expect("two"), two: [one, other], reasons: Vec::new() }
        };
        let pair = |one: i64, other: i64| Pair::of(MemberId(one), MemberId(other)).expect("two");
        let beside = [proposal(1, 2), proposal(1, 3)];
        assert!(!has_room(&beside, pair(1, 4)) && has_room(&beside, pair(2, 3)));
    }

    #[test]
    fn words_count_when_hardly_anybody_else_says_them_and_there_are_two_of_them() {
        let says = |id: i64, name: &str, said: &str| Known { said: list(&[said]), ..known(id, name) };
        let glaze = "The glazing and the kilnwash, together with everything";
        let once = vec![says(1, "ana", glaze), says(2, "bo", "kilnwash before glazing, with everything")];
        assert!(propose(&of(once.clone()), Timestamp(9)).is_empty(), "once is chance");
        let mut both = once;
        both[0].said.push("More kilnwash, more glazing, more of everything.".into());
        let found = propose(&of(both.clone()), Timestamp(9));
        assert_eq!(found[0].reasons, [Reason::Words(list(&["everything", "glazing", "kilnwash"]))]);
        let mut many = both;
        many.extend((3..6).map(|id| says(id, ["cy", "di", "ed"][id as usize - 3], "everything is fine, https://glazing.example/kilnwash")));
        let found = propose(&of(many), Timestamp(9));
        assert_eq!(found[0].reasons, [Reason::Words(list(&["glazing", "kilnwash"]))], "what all say proves nothing, nor does a link");
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn more_kinds_of_reasons_come_first_then_the_better_kind_then_more_of_it_then_newcomers() {
        let with = |id: i64, name: &str, interests: &[&str], town: &str| Known {
            interests: list(interests),
            town: town.into(),
            ..known(id, name)
        };
        let all = of(vec![
            with(1, "ana", &["boats"], "Porto"),
            with(2, "bo", &["boats"], "Porto"),
            with(3, "cy", &["chess", "go"], ""),
            with(4, "di", &["chess", "go"], ""),
            with(5, "ed", &["soup"], ""),
            with(6, "flo", &["soup"], ""),
            with(7, "gus", &[], "Faro"),
            with(8, "hal", &[], "Faro"),
        ]);
        assert_eq!(names(&propose(&all, Timestamp(9))), ["ana and bo", "cy and di", "ed and flo", "gus and hal"]);
        let newer = of(vec![with(1, "ana", &["soup"], ""), with(2, "bo", &["soup"], ""), with(3, "cy", &["soup"], "")]);
        assert_eq!(names(&propose(&newer, Timestamp(9)))[2], "ana and bo", "those who came latest know the fewest");
    }

    #[test]
    fn who_knows_each_other_or_was_left_alone_is_not_proposed() {
        let with = |id: i64, name: &str| Known { interests: list(&["soup"]), ..known(id, name) };
        let sisters = [1, 2].map(|id| Known { invitation: Some(InvitationId(5)), ..with(id, ["ana", "bo"][id as usize - 1]) });
        assert!(propose(&of(sisters.to_vec()), Timestamp(9)).is_empty());
        let party = [1, 2].map(|id| {
            let (invitation, party) = (Some(InvitationId(id)), Some(PartyId(5)));
            Known { invitation, party, ..with(id, ["ana", "bo"][id as usize - 1]) }
        });
        assert!(propose(&of(party.to_vec()), Timestamp(9)).is_empty(), "each by their own link");
        let door = (1..=LARGEST_PARTY as i64 + 1).map(|id| Known { invitation: Some(InvitationId(5)), ..with(id, &format!("guest{id}")) });
        assert!(!propose(&of(door.collect()), Timestamp(9)).is_empty(), "a link for all is no party");
        let invited = vec![with(1, "ana"), Known { invited_by: Some(MemberId(1)), ..with(2, "bo") }];
        assert!(propose(&of(invited), Timestamp(9)).is_empty());
        let host = vec![with(1, "ana"), Known { host: true, ..with(2, "bo") }];
        assert!(propose(&of(host), Timestamp(9)).is_empty(), "hosts introduce themselves");
        let mut alone = of(vec![with(1, "ana"), with(2, "bo")]);
        alone.left_alone.extend(Pair::of(MemberId(2), MemberId(1)));
        assert!(propose(&alone, Timestamp(9)).is_empty());
    }

    proptest! {
        #[test]
        fn whatever_people_say_a_pair_is_proposed_once_and_with_a_reason(said in proptest::collection::vec(".{0,60}", 1..8)) {
            let names = ["ana", "bo", "cy", "di", "ed", "flo", "gus", "hal"];
            let people = said.iter().enumerate().map(|(at, said)| Known { said: vec![said.clone()], line: said.clone(), ..known(at as i64 + 1, names[at]) });
            let proposals = propose(&of(people.collect()), Timestamp(9));
            let pairs: BTreeSet<Pair> = proposals.iter().map(|proposal| proposal.pair).collect();
            prop_assert_eq!(pairs.len(), proposals.len());
            prop_assert!(proposals.iter().all(|proposal| !proposal.reasons.is_empty()));
        }
    }
}
