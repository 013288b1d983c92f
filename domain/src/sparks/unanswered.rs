//! Posts that nobody but their author has answered or reacted to for a day. What a host said of a post, that it needs no answer, is known to all
//! hosts and to nobody else.

use crate::{
    ids::PostId,
    outcome::Unavailable,
    people::Byline,
    time::Timestamp,
    timeline::as_one_line,
    viewer::Host,
    weekly::week::{beginning, literal},
};

/// How long a post waits before the desk notices, in seconds: a day.
pub const WAITED_SECONDS: i64 = 24 * 3600;
/// How far back the desk looks by itself, in days; what is older is a page of its own.
pub const WITHIN_DAYS: i64 = 14;
/// How many the desk shows at once.
pub const MOST_UNANSWERED: usize = 12;

/// How much of a post the desk shows, in characters: enough to answer it.
const SHOWN: usize = 400;
/// How long a question may be that is quoted, in characters.
const LONGEST_QUESTION: usize = 200;

/// A post that waits for a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered {
    /// The post.
    pub post: PostId,
    /// Who wrote it.
    pub by: Byline,
    /// What it says, as one line; where it has a content note, that; empty for a picture without words.
    pub says: String,
    /// It is folded under a content note, which is what it says here.
    pub folded: bool,
    /// What it asks, if it asks something.
    pub asks: Option<String>,
    /// It is for named people; so it is not for everybody to be asked again.
    pub named: bool,
    /// When it was written.
    pub at: Timestamp,
}

impl Unanswered {
    /// A post of these words, in Markdown, and its content note.
    pub fn of(post: PostId, by: Byline, markdown: &str, note: Option<String>, named: bool, at: Timestamp) -> Self {
        let asks = asks(markdown).then(|| question(markdown));
        let folded = note.is_some();
        Self { post, by, says: note.unwrap_or_else(|| beginning(&as_one_line(markdown), SHOWN)), folded, asks, named, at }
    }

    /// What a host could say to ask it for them; nothing, where it is not for everybody to be asked again.
    pub fn draft(&self) -> Option<String> {
        let asks = self.asks.as_ref().filter(|_| !self.named && !self.folded)?;
        let (name, post) = (&self.by.name, self.post);
        Some(format!("@{name} asked: “{}” [It stands here.](/posts/{post}) I would like to know, too. Who can help?", literal(asks)))
    }
}

/// Whether a text asks something: whether the last mark that ends a sentence in it, if any does, is a question mark.
pub fn asks(text: &str) -> bool {
    text.chars().rev().find(|c| ends(*c)).is_some_and(|mark| matches!(mark, '?' | '؟' | '？'))
}

fn ends(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '؟' | '？' | '。' | '！')
}

/// What a text asks, as one line: all of it where it is short, else the last sentence that asks.
pub fn question(markdown: &str) -> String {
    let line = as_one_line(markdown);
    if line.chars().count() <= LONGEST_QUESTION { line } else { last_question(&line) }
}

fn last_question(line: &str) -> String {
    let asked = line.rfind(ends).map_or(line, |last| &line[..last + line[last..].chars().next().map_or(0, char::len_utf8)]);
    let words = asked.trim_end_matches(ends);
    // A mark within a word or a number ends no sentence.
    let begins = |(at, c): &(usize, char)| ends(*c) && words[at + c.len_utf8()..].starts_with(|c: char| c.is_whitespace() || !c.is_ascii());
    let from = words.char_indices().rev().find(begins).map_or(0, |(at, c)| at + c.len_utf8());
    beginning(asked[from..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '”' | '’' | ')')), LONGEST_QUESTION)
}

/// What is kept of posts that wait for an answer.
#[async_trait::async_trait]
pub trait UnansweredStore: Send + Sync {
    /// Posts of others between two instants that the host may see, that nobody but their author answered or reacted to, and that no host set
    /// aside; the newest first, up to `most`. What announces a gathering, introduces two people or was a spark is none. One query.
    async fn unanswered(&self, host: &Host, between: (Timestamp, Timestamp), most: usize) -> Result<Vec<Unanswered>, Unavailable>;
    /// Keeps that a post or reply which the host may see needs no answer, or forgets it.
    async fn set_aside(&self, host: &Host, post: PostId, aside: bool, at: Timestamp) -> Result<(), Unavailable>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ids::MemberId, people::Handle};
    use proptest::prelude::*;

    fn post(markdown: &str) -> Unanswered {
        let by = Byline { id: MemberId(1), name: Handle::parse("bo").expect("a name"), display_name: "Bo".into(), picture: None };
        Unanswered::of(PostId(7), by, markdown, None, false, Timestamp(0))
    }

    #[test]
    fn what_is_asked_is_its_last_whole_question() {
        for (text, asked) in [
            ("Eleven bricks are on my landing, at 3.50 each. Who has a *use* for them? I do not", "Who has a use for them?"),
            ("Kiln?!?", "Kiln?!?"),
            ("Who fires it, and when?", "Who fires it, and when?"),
            ("He said “never.” Is it true?", "Is it true?"),
            ("窯はどこ。だれが知っていますか？", "だれが知っていますか？"),
            ("Why? How?", "How?"),
        ] {
            assert_eq!(last_question(&as_one_line(text)), asked);
        }
        assert_eq!(
            question("Eleven bricks are on my landing.\n\nWho has a *use* for them?"),
            "Eleven bricks are on my landing. Who has a use for them?"
        );
        let long = format!("Is it {}?", "true or ".repeat(60));
        assert!(question(&long).ends_with("or…") && question(&long).chars().count() <= LONGEST_QUESTION + 1);
    }

    #[test]
    fn what_is_asked_for_somebody_is_quoted_whole_and_mentions_nobody_else() {
        let draft = post(&format!("{} Who has a kiln, @cy?", "I have clay. ".repeat(20))).draft().expect("a draft");
        assert!(draft.starts_with("@bo asked: “Who has a kiln, cy?” [It stands here.](/posts/7)"), "{draft}");
        assert_eq!(post("I have clay.").draft(), None);
        assert_eq!(Unanswered { named: true, ..post("Why?") }.draft(), None);
        assert_eq!(Unanswered { folded: true, ..post("Why?") }.draft(), None);
    }

    proptest! {
        #[test]
        fn a_question_is_a_part_of_what_was_said(text in "[a-z .!?…？窯\\n]{0,80}") {
            let asked = last_question(&as_one_line(&text));
            prop_assert!(as_one_line(&text).contains(&asked), "{asked:?} of {text:?}");
            prop_assert!(!asks(&text) || asks(&asked), "{asked:?} of {text:?}");
        }
    }

    #[test]
    fn a_text_asks_if_it_ends_by_asking() {
        for text in ["Has anybody a kiln?", "Who has a kiln? I do not", "هل هنا أحد؟", "Kiln?!?", "“Why?”"] {
            assert!(asks(text), "{text}");
        }
        for text in ["", "A kiln", "Who knows? I do.", "Hello!"] {
            assert!(!asks(text), "{text}");
        }
    }
}
