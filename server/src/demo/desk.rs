//! The hosts' desk of Lantern Street: what they say of people, what they note for each other, and their last round.

use super::{Deed, Street, told};
use domain::{
    hosting::{
        round::Since,
        sentences::{SentenceForm, Sentences},
    },
    outcome::Unavailable,
    time::Timestamp,
    viewer::{Host, Viewer},
};

/// What somebody said to the sentence about them.
#[derive(Clone, Copy, Debug)]
enum Then {
    Stands,
    Reworded(&'static str),
    Waits,
    RatherNone,
}

/// About whom, by whom, what, so many days ago, and what they said to it.
type Said = (&'static str, &'static str, &'static str, i64, Then);

const SAID: [Said; 9] = [
    ("tomek", "marco", "Can hear what is wrong with a bicycle from across the street.", 20, Then::Stands),
    ("leila", "ines", "Draws the people in her waiting room, and remembers each of their names.", 18, Then::Stands),
    ("kofi", "marco", "Feeds two hundred children a day and still makes soup on Thursdays.", 17, Then::Stands),
    (
        "teresa",
        "ines",
        "Has known this street for eighty-one years and is not done with it.",
        16,
        Then::Reworded("Ask me who lived there before you."),
    ),
    ("minh", "amara", "Sees the street at four in the morning, and draws what the rest of us sleep through.", 12, Then::Stands),
    ("aoife", "amara", "Has paper for everybody, and a fox on most of it.", 9, Then::Stands),
    ("sven", "marco", "Swims in January and says it is nothing.", 8, Then::RatherNone),
    ("rosa", "ines", "Can tell you where your coat was made, and mends it while she does.", 2, Then::Waits),
    ("tomek", "ines", "Mends what turns, and lately draws it first.", 1, Then::Waits),
];

/// About whom, by whom, what, and so many days ago.
const NOTES: [(&str, &str, &str, i64); 6] = [
    ("teresa", "ines", "Hears better on her left side. Leave her the chair by the stove.", 30),
    ("yuki", "amara", "Homesick on Thursdays. A photograph of the tram stop goes a long way.", 21),
    ("tomek", "marco", "His mother is unwell in Kraków; he may be gone at short notice. Ask, don’t press.", 11),
    ("minh", "amara", "Sleeps until three in the afternoon. Write, don’t ring.", 10),
    ("priya", "marco", "Apologises less since Amara sat next to her. Keep them at one table.", 6),
    ("kofi", "ines", "Would cook for the opening if somebody else did the shopping.", 4),
];

/// What the last round was, so many days ago.
const ROUND: i64 = 2;
/// How many cards of it were seen.
const SEEN: usize = 9;

/// What the hosts did, with when.
pub(super) fn deeds(now: Timestamp) -> Vec<(Timestamp, Deed)> {
    // In the evening before, when the day is done.
    let at = |days: i64, number: usize| now.plus_days(-days).plus_seconds(-600 * (12 - number as i64));
    let said = SAID.iter().enumerate().map(|(number, said)| (at(said.3, number), Deed::SaySentence(number)));
    let notes = NOTES.iter().enumerate().map(|(number, note)| (at(note.3, number), Deed::NoteDown(number)));
    said.chain(notes).chain([(now.plus_days(-ROUND), Deed::GoRound)]).collect()
}

impl Street {
    pub(super) fn host(&self, name: &str) -> Result<Host, Unavailable> {
        Viewer::Member(self.by(name)?.clone()).host().ok_or_else(|| Unavailable::because("the demo has no such host"))
    }

    pub(super) async fn say_sentence(&self, number: usize) -> Result<(), Unavailable> {
        let (about, by, words, _, then) = SAID[number];
        let sentences: &Sentences = &self.hosting.sentences;
        told("a sentence", sentences.propose(&self.host(by)?, about, words).await)?;
        let (answer, words) = match then {
            Then::Waits => return Ok(()),
            Then::Stands => ("stand", ""),
            Then::RatherNone => ("none", ""),
            Then::Reworded(words) => ("reword", words),
        };
        let form = SentenceForm { answer: answer.into(), seen: SAID[number].2.into(), words: words.into() };
        told("an answer to a sentence", sentences.answer(self.by(about)?, &form).await)
    }

    pub(super) async fn note_down(&self, number: usize) -> Result<(), Unavailable> {
        let (about, by, words, _) = NOTES[number];
        told("a note", self.hosting.notes.keep(&self.host(by)?, about, words).await)
    }

    /// Two hosts go round a part of the room, and leave it at that.
    pub(super) async fn go_round(&self) -> Result<(), Unavailable> {
        let rounds = &self.hosting.rounds;
        let (marco, amara) = (self.host("marco")?, self.host("amara")?);
        told("a round", rounds.begin(&marco, Since::Day).await)?;
        let begun = rounds.going(&marco).await?;
        for number in 0..SEEN {
            let host = if number % 3 == 2 { &amara } else { &marco };
            let Some(round) = rounds.going(host).await? else { return Ok(()) };
            let Some(card) = round.next(host.me().id, None, round.begun_at) else { break };
            told("a card", rounds.see(host, card.who.name.as_str()).await)?;
        }
        match begun {
            Some(begun) => rounds.end(&marco, begun.id).await,
            None => Ok(()),
        }
    }
}
