//! What became of sparks: what each led to, counted from what people wrote, or why it was not sent.

use crate::{
    ids::{MemberId, PostId, SparkId},
    outcome::{Error, Unavailable},
    people::Byline,
    time::Timestamp,
    timeline::NewPost,
    viewer::Host,
};
use std::collections::BTreeSet;

use super::SparkRefusal;

/// For how long a prompt counts as asked lately, in days.
pub const LATELY_DAYS: i64 = 90;
/// How many of the latest sparks are looked at for that.
pub const MOST_ASKED: usize = 200;
/// How many of the latest sparks the desk looks back on.
pub const MOST_SHOWN: usize = 12;

/// How long after a spark the same words of the same host are the button pressed twice, in seconds.
pub const TWICE_SECONDS: i64 = 60;

/// A spark that went by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spark {
    /// Which.
    pub id: SparkId,
    /// Whose; nobody's, if they have left.
    pub by: Option<Byline>,
    /// The key of the prompt that it was made of, if it was.
    pub prompt: Option<String>,
    /// When it was sent, or would have been.
    pub at: Timestamp,
    /// What became of it.
    pub became: Became,
}

/// What became of a spark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Became {
    /// It was sent, and led to something or nothing.
    Led(Led),
    /// It was sent, and its post was taken back.
    TakenBack,
    /// The server was not running when its time came, nor soon after; and so many times more, of a weekly one.
    Late {
        /// What it would have said.
        words: String,
        /// How many later ones it was too late for as well.
        more: u32,
    },
    /// Its author was no host any more.
    NoHost {
        /// What it would have said.
        words: String,
    },
    /// Another host stopped it before its time.
    Stopped {
        /// Who; nobody, if they have left.
        by: Option<Byline>,
        /// What it would have said.
        words: String,
    },
}

/// What a spark led to: people, counted once each. Its author is not counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Led {
    /// Its post.
    pub post: PostId,
    /// How it begins.
    pub excerpt: String,
    /// How many different people answered, anywhere in its thread.
    pub answered: usize,
    /// How many different people reacted to it.
    pub reacted: usize,
    /// How many conversations there were between others: pairs of people, of whom one answered the other.
    pub between_others: usize,
}

impl Led {
    /// Counts what stands in a thread: each reply's author with whom they answered, and who reacted to the post.
    pub fn counted(post: PostId, excerpt: String, by: MemberId, replies: &[(MemberId, MemberId)], reacted: &[MemberId]) -> Self {
        let others = |member: &MemberId| *member != by;
        let answered: BTreeSet<_> = replies.iter().map(|(who, _)| *who).filter(others).collect();
        let reacted: BTreeSet<_> = reacted.iter().copied().filter(others).collect();
        let pairs = replies.iter().filter(|(who, whom)| who != whom && others(who) && others(whom));
        let pairs: BTreeSet<_> = pairs.map(|(who, whom)| (who.min(whom), who.max(whom))).collect();
        Self { post, excerpt, answered: answered.len(), reacted: reacted.len(), between_others: pairs.len() }
    }
}

/// What is kept of sparks that went by.
#[async_trait::async_trait]
pub trait WentStore: Send + Sync {
    /// Sends a spark now: a post of the host's, told as every post is, and known as a spark. The same words within [`TWICE_SECONDS`] are the same
    /// spark.
    async fn send_now(&self, host: &Host, post: &NewPost, prompt: Option<&str>) -> Result<PostId, Error<SparkRefusal>>;
    /// Sparks that went by since an instant, the newest first, up to `most`, with what they led to. One query.
    async fn went(&self, host: &Host, since: Timestamp, most: usize) -> Result<Vec<Spark>, Unavailable>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn led(replies: &[(i64, i64)], reacted: &[i64]) -> (usize, usize, usize) {
        let replies: Vec<_> = replies.iter().map(|(who, whom)| (MemberId(*who), MemberId(*whom))).collect();
        let reacted: Vec<_> = reacted.iter().map(|who| MemberId(*who)).collect();
        let led = Led::counted(PostId(9), String::new(), MemberId(1), &replies, &reacted);
        (led.answered, led.reacted, led.between_others)
    }

    #[test]
    fn people_are_counted_once_and_the_host_not_at_all() {
        assert_eq!(led(&[], &[1]), (0, 0, 0));
        assert_eq!(led(&[(2, 1), (2, 1), (1, 2), (3, 1)], &[2, 3, 3, 1]), (2, 2, 0), "answers to the host are no talk between others");
        assert_eq!(led(&[(2, 1), (3, 2), (2, 3), (4, 3), (2, 2)], &[]), (3, 0, 2), "two who answer each other are one conversation");
    }

    proptest! {
        #[test]
        fn there_are_never_more_conversations_than_pairs_of_people(replies in proptest::collection::vec((1..6_i64, 1..6_i64), 0..40)) {
            let (answered, _, pairs) = led(&replies, &[]);
            let people: BTreeSet<_> = replies.iter().flat_map(|(who, whom)| [*who, *whom]).filter(|id| *id != 1).collect();
            prop_assert!(answered <= people.len());
            prop_assert!(pairs <= people.len() * people.len().saturating_sub(1) / 2);
            prop_assert!(pairs <= replies.len());
        }
    }
}
