//! Posts that nobody but their author has answered or reacted to for a day. What a host said of a post, that it needs no answer, is known to all
//! hosts and to nobody else.

use crate::{ids::PostId, outcome::Unavailable, people::Byline, time::Timestamp, viewer::Host};

/// How long a post waits before the desk notices, in seconds: a day.
pub const WAITED_SECONDS: i64 = 24 * 3600;
/// How far back the desk looks, in days: what is older has had its time.
pub const WITHIN_DAYS: i64 = 14;
/// How many the desk shows at once.
pub const MOST_UNANSWERED: usize = 12;

/// A post that waits for a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered {
    /// The post.
    pub post: PostId,
    /// Who wrote it.
    pub by: Byline,
    /// How it begins, as plain text; where it has a content note, that; empty for a picture without words.
    pub excerpt: String,
    /// It is folded under a content note, which is what `excerpt` says.
    pub folded: bool,
    /// It asks something.
    pub asks: bool,
    /// It is for named people; so it is not for everybody to be asked again.
    pub named: bool,
    /// When it was written.
    pub at: Timestamp,
}

/// Whether a text asks something: whether the last mark that ends a sentence in it, if any does, is a question mark.
pub fn asks(text: &str) -> bool {
    let ends = |c: &char| matches!(c, '.' | '!' | '?' | '…' | '؟' | '？' | '。' | '！');
    text.chars().rev().find(ends).is_some_and(|mark| matches!(mark, '?' | '؟' | '？'))
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
