//! Sentences: who somebody is, in one line, as the host would say it; by consent.
//!
//! **The rule.** A host proposes a sentence. Only the person and the hosts see what waits. The person lets it stand, rewords it (then it is
//! their own words, and stands) or hides it; only what they let stand is shown to other members, and while a new one waits the former goes
//! on standing. What stands can be reworded or hidden at any time. Whoever wants none says so once: nothing stands then, and none is taken.
//! Visitors never see any.

use crate::{
    ids::MemberId,
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::{Byline, Handle},
    text::{self, Field, TextRefusal},
    time::{Clock, Timestamp},
    viewer::{Host, Me},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Longest sentence, in characters: what one says in one breath.
pub const LONGEST_SENTENCE: usize = 160;

/// A sentence about somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// What it says.
    pub words: String,
    /// Whose words they are: a host's, or the person's own; nobody's, where that host has left.
    pub by: Option<Byline>,
    /// Since when.
    pub at: Timestamp,
}

/// The sentences about somebody, for hosts and for themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentencesAbout {
    /// What the others see.
    pub stands: Option<Sentence>,
    /// What a host proposed and the person has not answered.
    pub waits: Option<Sentence>,
    /// They want none.
    pub wants_none: bool,
}

/// What somebody does with the sentences about them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SentenceAnswer {
    /// What waits may stand. With its words as they were seen: a host may have proposed others since.
    Stand {
        /// What was seen.
        seen: String,
    },
    /// It shall say this, in their own words, in place of what waits and what stands.
    Reword {
        /// The new words.
        words: String,
    },
    /// What waits is not wanted. With its words as they were seen.
    Decline {
        /// What was seen.
        seen: String,
    },
    /// What stands is not shown any more.
    Hide,
    /// They want none, or would have one again.
    Want {
        /// Whether any is wanted.
        any: bool,
    },
}

/// The person's form, as sent: which button, and what was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SentenceForm {
    /// `stand`, `reword`, `decline`, `hide`, `none` or `some`.
    pub answer: String,
    /// The words that waited when the form was shown.
    pub seen: String,
    /// Their own words.
    pub words: String,
}

/// Why a sentence was not taken, or an answer to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum SentenceRefusal {
    /// The words do not fit.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// No such member.
    #[error("There is nobody of that name here.")]
    Nobody,
    /// It would be about whoever writes it.
    #[error("A sentence is what somebody else would say of you. Ask another host, or say it yourself in your own line.")]
    Yourself,
    /// They want none.
    #[error("They would rather have no sentence said of them, so none was kept.")]
    WantsNone,
    /// It is what stands already.
    #[error("That is what stands already.")]
    Stands,
    /// What was answered does not wait any more.
    #[error("A host changed that sentence while you were reading. Below is how it stands now.")]
    Overtaken,
    /// The button is none of ours.
    #[error("We could not read what you chose. Please choose once more.")]
    Unreadable,
}

impl AboutField for SentenceRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(refusal) => refusal.field(),
            Self::Stands => Some("words"),
            Self::Nobody | Self::Yourself | Self::WantsNone | Self::Overtaken | Self::Unreadable => None,
        }
    }
}

/// The words of a sentence, checked.
pub fn check(words: &str) -> Result<String, TextRefusal> {
    text::needed_line(Field("words", "The sentence"), words, LONGEST_SENTENCE)
}

/// Whether a host may propose these words about somebody.
pub fn may_propose(host: MemberId, about: MemberId, now: &SentencesAbout, words: &str) -> Result<(), SentenceRefusal> {
    match now {
        _ if host == about => Err(SentenceRefusal::Yourself),
        SentencesAbout { wants_none: true, .. } => Err(SentenceRefusal::WantsNone),
        SentencesAbout { stands: Some(stands), .. } if stands.words == words => Err(SentenceRefusal::Stands),
        _ => Ok(()),
    }
}

/// How the sentences about somebody stand after their answer.
pub fn answered(now: SentencesAbout, me: &Byline, answer: &SentenceAnswer, at: Timestamp) -> Result<SentencesAbout, SentenceRefusal> {
    let waiting = |seen: &str| now.waits.clone().filter(|waits| waits.words == seen).ok_or(SentenceRefusal::Overtaken);
    Ok(match answer {
        SentenceAnswer::Stand { seen } => SentencesAbout { stands: Some(waiting(seen)?), waits: None, ..now },
        SentenceAnswer::Decline { seen } => {
            waiting(seen)?;
            SentencesAbout { waits: None, ..now }
        }
        SentenceAnswer::Reword { words } => {
            SentencesAbout { stands: Some(Sentence { words: words.clone(), by: Some(me.clone()), at }), waits: None, wants_none: false }
        }
        SentenceAnswer::Hide => SentencesAbout { stands: None, ..now },
        SentenceAnswer::Want { any: true } => SentencesAbout { wants_none: false, ..now },
        SentenceAnswer::Want { any: false } => SentencesAbout { stands: None, waits: None, wants_none: true },
    })
}

/// What members are shown of the sentence that stands: with whose words it is, but for one's own, which need no name beside them.
pub fn shown(words: &str, by: Option<&str>, own: bool) -> String {
    match by {
        _ if words.is_empty() => String::new(),
        _ if own => words.to_owned(),
        Some(by) => format!("\u{2068}{by}\u{2069} says: “\u{2068}{words}\u{2069}”"),
        None => format!("A host says: “\u{2068}{words}\u{2069}”"),
    }
}

/// What sentences need kept.
#[async_trait::async_trait]
pub trait SentenceStore: Send + Sync {
    /// The sentences about somebody, for a host; `None` if there is nobody of that name.
    async fn sentences_about(&self, host: &Host, name: &Handle) -> Result<Option<SentencesAbout>, Unavailable>;
    /// The sentences about the member.
    async fn sentences_about_me(&self, me: &Me) -> Result<SentencesAbout, Unavailable>;
    /// Keeps a proposed sentence in place of what waits, and tells the person, if [`may_propose`].
    async fn propose_sentence(&self, host: &Host, name: &Handle, words: &str, at: Timestamp) -> Result<MemberId, Error<SentenceRefusal>>;
    /// Keeps what [`answered`] says.
    async fn answer_sentence(&self, me: &Me, answer: &SentenceAnswer, at: Timestamp) -> Result<(), Error<SentenceRefusal>>;
}

/// The service for sentences.
#[derive(Clone)]
pub struct Sentences {
    store: Arc<dyn SentenceStore>,
    clock: Arc<dyn Clock>,
}

impl Sentences {
    /// Over a store.
    pub fn new(store: Arc<dyn SentenceStore>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// The sentences about somebody, for a host.
    pub async fn about(&self, host: &Host, name: &Handle) -> Result<Option<SentencesAbout>, Unavailable> {
        self.store.sentences_about(host, name).await
    }

    /// The sentences about the member.
    pub async fn about_me(&self, me: &Me) -> Result<SentencesAbout, Unavailable> {
        self.store.sentences_about_me(me).await
    }

    /// Proposes a sentence about somebody. Returns about whom.
    pub async fn propose(&self, host: &Host, name: &str, words: &str) -> Result<MemberId, Error<SentenceRefusal>> {
        let name = Handle::parse(name).map_err(|_| SentenceRefusal::Nobody).or_refuse()?;
        let words = check(words).map_err(SentenceRefusal::from).or_refuse()?;
        self.store.propose_sentence(host, &name, &words, self.clock.now()).await
    }

    /// Answers what is said of the member.
    pub async fn answer(&self, me: &Me, form: &SentenceForm) -> Result<(), Error<SentenceRefusal>> {
        let seen = form.seen.clone();
        let answer = match form.answer.as_str() {
            "stand" => SentenceAnswer::Stand { seen },
            "decline" => SentenceAnswer::Decline { seen },
            "reword" => SentenceAnswer::Reword { words: check(&form.words).map_err(SentenceRefusal::from).or_refuse()? },
            "hide" => SentenceAnswer::Hide,
            "none" => SentenceAnswer::Want { any: false },
            "some" => SentenceAnswer::Want { any: true },
            _ => return Err(Error::Refused(SentenceRefusal::Unreadable)),
        };
        self.store.answer_sentence(me, &answer, self.clock.now()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn who(id: i64) -> Byline {
        Byline { id: MemberId(id), name: Handle::parse("tomek").expect("a name"), display_name: "Tomek".into(), picture: None }
    }

    fn said(words: &str, by: i64) -> Option<Sentence> {
        Some(Sentence { words: words.into(), by: Some(who(by)), at: Timestamp(1) })
    }

    fn both() -> SentencesAbout {
        SentencesAbout { stands: said("Draws boats.", 9), waits: said("Draws ferries.", 9), wants_none: false }
    }

    fn after(now: SentencesAbout, answer: SentenceAnswer) -> Result<SentencesAbout, SentenceRefusal> {
        answered(now, &who(1), &answer, Timestamp(2))
    }

    #[test]
    fn what_waits_stands_only_by_a_yes_to_these_words() {
        let seen = |words: &str| SentenceAnswer::Stand { seen: words.into() };
        assert_eq!(after(both(), seen("Draws ferries.")), Ok(SentencesAbout { stands: said("Draws ferries.", 9), ..Default::default() }));
        assert_eq!(after(both(), seen("Draws boats.")), Err(SentenceRefusal::Overtaken));
    }

    #[test]
    fn declining_leaves_what_stands_and_hiding_leaves_what_waits() {
        let declined = after(both(), SentenceAnswer::Decline { seen: "Draws ferries.".into() }).expect("declined");
        assert_eq!((declined.stands, declined.waits), (said("Draws boats.", 9), None));
        let hidden = after(both(), SentenceAnswer::Hide).expect("hidden");
        assert_eq!((hidden.stands, hidden.waits), (None, said("Draws ferries.", 9)));
    }

    #[test]
    fn reworded_it_is_their_own() {
        let own = after(both(), SentenceAnswer::Reword { words: "I draw.".into() }).expect("reworded");
        assert_eq!((own.stands.and_then(|stands| stands.by), own.waits), (Some(who(1)), None));
    }

    #[test]
    fn whoever_wants_none_has_none_and_is_proposed_none() {
        let none = after(both(), SentenceAnswer::Want { any: false }).expect("none");
        assert_eq!(none, SentencesAbout { wants_none: true, ..Default::default() });
        assert_eq!(may_propose(MemberId(9), MemberId(1), &none, "Draws."), Err(SentenceRefusal::WantsNone));
        let again = after(none, SentenceAnswer::Want { any: true }).expect("again");
        assert_eq!(may_propose(MemberId(9), MemberId(1), &again, "Draws."), Ok(()));
    }

    #[test]
    fn nobody_proposes_a_sentence_about_themselves_or_what_stands() {
        assert_eq!(may_propose(MemberId(9), MemberId(9), &both(), "Draws."), Err(SentenceRefusal::Yourself));
        assert_eq!(may_propose(MemberId(9), MemberId(1), &both(), "Draws boats."), Err(SentenceRefusal::Stands));
    }

    #[test]
    fn a_hosts_words_are_shown_as_theirs() {
        assert_eq!(shown("Draws.", Some("Marco"), false), "\u{2068}Marco\u{2069} says: “\u{2068}Draws.\u{2069}”");
        assert_eq!(shown("Draws.", None, false), "A host says: “\u{2068}Draws.\u{2069}”");
        assert_eq!((shown("I draw.", Some("Tomek"), true), shown("", None, false)), ("I draw.".into(), String::new()));
    }

    proptest! {
        // Whatever a person answers, nothing comes to stand that they have not seen or written.
        #[test]
        fn nothing_stands_that_they_did_not_let_stand(which in 0..6_u8, seen in "[ab]{0,2}", words in "[ab]{1,2}", waits in proptest::option::of("[ab]{1,2}")) {
            let now = SentencesAbout { waits: waits.as_deref().and_then(|waits| said(waits, 9)), ..Default::default() };
            let answer = match which {
                0 => SentenceAnswer::Stand { seen: seen.clone() },
                1 => SentenceAnswer::Reword { words: words.clone() },
                2 => SentenceAnswer::Decline { seen: seen.clone() },
                3 => SentenceAnswer::Hide,
                _ => SentenceAnswer::Want { any: which == 4 },
            };
            if let Ok(SentencesAbout { stands: Some(stands), .. }) = after(now, answer) {
                prop_assert!((which == 0 && stands.words == seen) || (which == 1 && stands.words == words));
            }
        }
    }
}
