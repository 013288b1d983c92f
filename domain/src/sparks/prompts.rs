//! Prompts: those of the library, which come with Porchlight, and those that the hosts of a place keep for themselves. One that was
//! asked lately is marked and stands last, so that a place is not asked the same thing twice in a season.

use super::{library::LIBRARY, went::Became, went::Spark};
use crate::{
    ids::{PostId, PromptId},
    outcome::{AboutField, Error, Unavailable},
    people::Byline,
    text::{self, Field, TextRefusal},
    time::Timestamp,
    viewer::Host,
};
use serde::{Deserialize, Serialize};

/// Longest prompt of one's own, in characters.
pub const LONGEST_PROMPT: usize = 500;
/// Most prompts of the hosts' own.
pub const MOST_OWN: usize = 200;

/// What a prompt is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// What is there to see.
    Looking,
    /// What people make.
    Making,
    /// What people eat.
    Food,
    /// How the days go.
    #[default]
    Days,
    /// What was.
    Memory,
    /// What one can pass on.
    Sharing,
    /// What one needs or can do for others.
    Helping,
    /// What is for fun.
    Playing,
}

/// How a prompt sounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mood {
    /// Answered in passing.
    #[default]
    Light,
    /// Answered with a smile for somebody.
    Warm,
    /// Answered by doing something.
    Lively,
    /// Answered after a while.
    Thoughtful,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Looking, Self::Making, Self::Food, Self::Days, Self::Memory, Self::Sharing, Self::Helping, Self::Playing];
    /// The word for it in records, forms and addresses, which is also what it is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Looking => "looking",
            Self::Making => "making",
            Self::Food => "food",
            Self::Days => "days",
            Self::Memory => "memory",
            Self::Sharing => "sharing",
            Self::Helping => "helping",
            Self::Playing => "playing",
        }
    }
    /// The kind of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl Mood {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Light, Self::Warm, Self::Lively, Self::Thoughtful];
    /// The word for it in records, forms and addresses, which is also what it is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Warm => "warm",
            Self::Lively => "lively",
            Self::Thoughtful => "thoughtful",
        }
    }
    /// The mood of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mood| mood.word() == word)
    }
}

/// The form for a prompt of one's own, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PromptForm {
    /// What it says; up to [`LONGEST_PROMPT`] characters.
    pub words: String,
    /// What it is about.
    pub kind: Kind,
    /// How it sounds.
    pub mood: Mood,
}

/// Why a prompt was not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PromptRefusal {
    /// The words do not fit.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// More than [`MOST_OWN`].
    #[error("There are {MOST_OWN} prompts of your own already. Take one away that you never ask.")]
    TooMany,
    /// It was taken away meanwhile.
    #[error("Somebody took this prompt away meanwhile. What you wrote is still here; you can keep it as a new one.")]
    Gone,
}

impl AboutField for PromptRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(reason) => reason.field(),
            Self::TooMany | Self::Gone => None,
        }
    }
}

impl PromptForm {
    /// Checks the form.
    pub fn check(&self) -> Result<Self, PromptRefusal> {
        let words = text::needed_line(Field("words", "The prompt"), &self.words, LONGEST_PROMPT)?;
        Ok(Self { words, ..self.clone() })
    }
}

/// A prompt of the hosts' own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPrompt {
    /// Which.
    pub id: PromptId,
    /// What it says.
    pub words: String,
    /// What it is about.
    pub kind: Kind,
    /// How it sounds.
    pub mood: Mood,
    /// Who keeps it; nobody, if they have left.
    pub by: Option<Byline>,
}

/// That a prompt was asked lately.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// When.
    pub at: Timestamp,
    /// By whom; by nobody, if they have left.
    pub by: Option<Byline>,
    /// The post, and how many people answered; nothing, if it was taken back.
    pub led: Option<(PostId, usize)>,
}

/// A prompt as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// By which it is known: a word of the library, or `own-` and an id.
    pub key: String,
    /// What it says.
    pub words: String,
    /// What it is about.
    pub kind: Kind,
    /// How it sounds.
    pub mood: Mood,
    /// Which of the hosts' own it is, and whose, if it is one.
    pub own: Option<(PromptId, Option<Byline>)>,
    /// When it was last asked, if that was lately.
    pub asked: Option<Asked>,
}

/// The hosts' own prompts and then the library's; those that were asked lately come last, the longest ago first.
pub fn listed(own: Vec<OwnPrompt>, went: &[Spark]) -> Vec<Listed> {
    let own = own.into_iter().map(|prompt| {
        let key = format!("own-{}", prompt.id);
        Listed { key, words: prompt.words, kind: prompt.kind, mood: prompt.mood, own: Some((prompt.id, prompt.by)), asked: None }
    });
    let library = LIBRARY.into_iter().map(|(key, kind, mood, words)| Listed {
        key: key.to_owned(),
        words: words.to_owned(),
        kind,
        mood,
        own: None,
        asked: None,
    });
    let asked = |key: &str| {
        let of_it = went.iter().filter(|spark| spark.prompt.as_deref() == Some(key));
        let sent = of_it.filter_map(|spark| match &spark.became {
            Became::Led(led) => Some((spark, Some((led.post, led.answered)))),
            Became::TakenBack => Some((spark, None)),
            Became::Late { .. } | Became::NoHost { .. } | Became::Stopped { .. } => None,
        });
        sent.max_by_key(|(spark, _)| spark.at).map(|(spark, led)| Asked { at: spark.at, by: spark.by.clone(), led })
    };
    let mut all: Vec<Listed> = own.chain(library).map(|prompt| Listed { asked: asked(&prompt.key), ..prompt }).collect();
    all.sort_by_key(|prompt| prompt.asked.as_ref().map(|asked| asked.at));
    all
}

/// A few prompts for a day: the same all day, and others tomorrow; none that was asked lately, as long as there are others.
pub fn for_the_day(listed: &[Listed], day: i64, few: usize) -> Vec<&Listed> {
    let fresh = listed.iter().filter(|prompt| prompt.asked.is_none()).count();
    let among = if fresh == 0 { listed.len().max(1) } else { fresh };
    // A stride that has no factor in common with how many there are goes through all of them before one comes again.
    let stride = (27..).find(|stride| in_common(*stride, among) == 1).unwrap_or(1);
    let step = |at: usize| (day.rem_euclid(1 << 20) as usize * few + at) * stride % among;
    let mut chosen: Vec<&Listed> = Vec::new();
    for at in 0..among {
        if let Some(prompt) = listed.get(step(at)).filter(|prompt| !chosen.iter().any(|one| one.key == prompt.key)) {
            chosen.push(prompt);
        }
        if chosen.len() == few {
            break;
        }
    }
    chosen
}

/// The greatest factor that two numbers have in common.
fn in_common(one: usize, other: usize) -> usize {
    if other == 0 { one } else { in_common(other, one % other) }
}

/// What is kept of the hosts' own prompts.
#[async_trait::async_trait]
pub trait PromptStore: Send + Sync {
    /// All of them, the newest first. One query.
    async fn prompts(&self, host: &Host) -> Result<Vec<OwnPrompt>, Unavailable>;
    /// Keeps one, or rewords the one of that id, whoever kept it. Refuses `TooMany` and `Gone`.
    async fn keep_prompt(&self, host: &Host, id: Option<PromptId>, prompt: &PromptForm, at: Timestamp) -> Result<(), Error<PromptRefusal>>;
    /// Takes one away.
    async fn remove_prompt(&self, host: &Host, id: PromptId) -> Result<(), Unavailable>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ids::SparkId, sparks::went::Led};
    use std::collections::BTreeSet;

    #[test]
    fn the_library_has_something_of_each_kind_and_mood_and_says_nothing_twice() {
        let keys: BTreeSet<_> = LIBRARY.iter().map(|prompt| prompt.0).collect();
        let words: BTreeSet<_> = LIBRARY.iter().map(|prompt| prompt.3).collect();
        assert_eq!((keys.len(), words.len()), (LIBRARY.len(), LIBRARY.len()));
        for kind in Kind::ALL {
            assert_eq!(LIBRARY.iter().filter(|prompt| prompt.1 == kind).count(), 8, "{kind:?}");
            assert_eq!(Kind::from_word(kind.word()), Some(kind));
        }
        for mood in Mood::ALL {
            assert!(LIBRARY.iter().filter(|prompt| prompt.2 == mood).count() >= 10, "{mood:?}");
            assert_eq!(Mood::from_word(mood.word()), Some(mood));
        }
        for (key, _, _, words) in LIBRARY {
            assert!(
                key.len() <= 40 && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') && !key.starts_with("own-"),
                "{key}"
            );
            assert!(words.ends_with(['?', '.']) && words.chars().count() <= 90, "{words}");
        }
    }

    fn spark(prompt: &str, at: i64, became: Became) -> Spark {
        Spark { id: SparkId(at), by: None, prompt: Some(prompt.into()), at: Timestamp(at), became }
    }

    fn led(answered: usize) -> Became {
        Became::Led(Led { post: PostId(1), excerpt: String::new(), answered, reacted: 0, between_others: 0 })
    }

    #[test]
    fn what_was_asked_lately_is_marked_and_comes_last() {
        let own = vec![OwnPrompt { id: PromptId(5), words: "Tea?".into(), kind: Kind::Food, mood: Mood::Warm, by: None }];
        let late = Became::Late { words: String::new(), more: 0 };
        let went = [spark("own-5", 30, led(2)), spark("bread", 40, Became::TakenBack), spark("bread", 10, led(7)), spark("rain", 50, late)];
        let all = listed(own, &went);
        assert_eq!(all.len(), 65);
        let last: Vec<_> = all[63..].iter().map(|prompt| (prompt.key.as_str(), prompt.asked.as_ref().map(|a| (a.at.0, a.led)))).collect();
        assert_eq!(last, [("own-5", Some((30, Some((PostId(1), 2))))), ("bread", Some((40, None)))]);
        assert!(all.iter().any(|prompt| prompt.key == "rain" && prompt.asked.is_none()), "what was not sent was not asked");
    }

    #[test]
    fn the_prompts_of_the_day_go_through_the_whole_library_before_one_comes_again() {
        let all = listed(Vec::new(), &[]);
        let days: Vec<&str> = (20_000..20_016).flat_map(|day| for_the_day(&all, day, 4)).map(|prompt| prompt.key.as_str()).collect();
        let different: BTreeSet<_> = days.iter().collect();
        assert_eq!((days.len(), different.len()), (64, 64));
        assert_eq!(for_the_day(&all, 20_000, 4), for_the_day(&all, 20_000, 4));
        for many in 1..=LIBRARY.len() {
            let days = many.div_ceil(4) as i64;
            let different: BTreeSet<_> =
                (20_000..20_000 + days).flat_map(|day| for_the_day(&all[..many], day, 4)).map(|prompt| prompt.key.as_str()).collect();
            assert_eq!(different.len(), many, "of {many} all come within {days} days");
        }
        assert!(for_the_day(&[], 1, 4).is_empty());
        assert_eq!(for_the_day(&all[..2], 1, 4).len(), 2);
        let asked: Vec<Spark> = LIBRARY[1..].iter().map(|prompt| spark(prompt.0, 9, led(1))).collect();
        assert_eq!(for_the_day(&listed(Vec::new(), &asked), 7, 4).len(), 1, "what was asked lately is not asked again");
    }

    #[test]
    fn a_prompt_is_one_line_that_says_something() {
        let form = |words: &str| PromptForm { words: words.into(), ..PromptForm::default() };
        assert_eq!(form(" What\nnow? ").check().map(|form| form.words), Ok("What now?".into()));
        assert!(form("  ").check().is_err());
        assert!(form(&"x".repeat(501)).check().is_err());
    }
}
