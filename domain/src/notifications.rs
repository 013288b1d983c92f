//! Notifications: what concerns me, quietly. Somebody spoke to me, answered me, came in by my invitation.
//!
//! They are written in the transaction of what causes them, only to members who may see what they point to, and never to the
//! one who caused them.

use crate::{
    ids::{MemberId, NotificationId, PostId},
    outcome::Unavailable,
    people::Byline,
    time::Timestamp,
    viewer::Me,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happening {
    /// Somebody named me in a post or reply.
    Mentioned {
        /// The post.
        post: PostId,
        /// Its root, whose page shows it.
        thread: PostId,
        /// How it begins, as plain text.
        excerpt: String,
    },
    /// Somebody answered a post or reply of mine, or a thread that I began.
    Replied {
        /// The reply.
        post: PostId,
        /// Its root.
        thread: PostId,
        /// How it begins, as plain text.
        excerpt: String,
    },
    /// Somebody wrote a post for named people, and I am one of them.
    WroteToMe {
        /// The post.
        post: PostId,
        /// How it begins, as plain text.
        excerpt: String,
    },
    /// Somebody reacted to what I wrote.
    Reacted {
        /// My post.
        post: PostId,
        /// Its root.
        thread: PostId,
        /// With what.
        reaction: String,
        /// How my post begins, as plain text.
        excerpt: String,
    },
    /// A host introduced me to somebody.
    Introduced {
        /// The post that does it.
        post: PostId,
        /// To whom: what they are called.
        to: String,
    },
    /// Somebody joined by my invitation.
    Joined,
    /// Somebody is new here, and I am asked to show them round. The actor is whoever is new.
    Greet,
    /// Somebody asks to join (hosts hear of it). There is no actor.
    Asked {
        /// The name that the asker gave.
        name: String,
    },
    /// The opening day of my party, or of the whole place, has come, and a host wrote the first thread.
    Opened {
        /// The thread.
        post: PostId,
        /// How it begins, as plain text.
        excerpt: String,
    },
    /// Somebody answered a gathering that I host.
    Answered {
        /// The gathering's address part.
        slug: String,
        /// The session's date on the gathering's own calendar, `yyyy-mm-dd`: its address part.
        date: String,
        /// When the session starts.
        starts_at: Timestamp,
        /// The gathering's title.
        title: String,
        /// `yes`, `maybe` or `no`.
        answer: String,
    },
    /// A session that I answered is not as it was.
    Session {
        /// The gathering's address part.
        slug: String,
        /// The session's date on the gathering's own calendar, `yyyy-mm-dd`: its address part.
        date: String,
        /// When the session starts now.
        starts_at: Timestamp,
        /// The gathering's title.
        title: String,
        /// `changed`, `cancelled`, `on` (it takes place after all), `named` (I am asked to come), `room` (I waited, and there is a seat), or that it
        /// comes up: `tomorrow`, `soon`.
        news: String,
        /// Why it was cancelled.
        why: String,
    },
    /// A host wrote a sentence about me, which waits for what I say.
    Sentence,
    /// A host brought a chat along in which I speak; my words wait for my yes.
    Brought,
    /// A greeter would like to show me round.
    Greeter,
    /// My week as a host has begun. There is no actor.
    Week,
    /// Another host asks me to swap weeks, or answered me.
    Swap {
        /// `asked`, `yes` or `no`.
        answer: String,
    },
    /// An admin hands the place over to me, or somebody would take it.
    HandOver {
        /// `offered`, `accepted` or `done`.
        step: String,
    },
}

/// One line of `/notifications`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// Who did it; nobody for [`Happening::Asked`], [`Happening::Week`] and for a reminder.
    pub by: Option<Byline>,
    /// What they did.
    pub happening: Happening,
    /// When.
    pub at: Timestamp,
    /// Not read before.
    pub unread: bool,
}

/// How many notifications a page holds.
pub const PAGE: usize = 40;

/// One page of notifications, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationPage {
    /// The lines.
    pub lines: Vec<Notification>,
    /// Where the next page starts, if there is one.
    pub before: Option<NotificationId>,
}

/// What notifications need kept. (They are written by what causes them.)
#[async_trait::async_trait]
pub trait NotificationStore: Send + Sync {
    /// Mine, newest first, up to `most`, older than `before`. What I may no longer see is left out.
    async fn notifications(&self, me: &Me, before: Option<NotificationId>, most: usize) -> Result<Vec<Notification>, Unavailable>;
    /// Marks all of mine up to and with `newest` as read.
    async fn mark_read(&self, me: &Me, newest: NotificationId) -> Result<(), Unavailable>;
    /// Whom a stream of hints is for: used to tell the hub that a member was notified.
    async fn unread(&self, member: MemberId) -> Result<u32, Unavailable>;
}

/// The service for notifications.
#[derive(Clone)]
pub struct Notifications {
    store: Arc<dyn NotificationStore>,
}

impl Notifications {
    /// Over a store.
    pub fn new(store: Arc<dyn NotificationStore>) -> Self {
        Self { store }
    }
    /// A page of mine; looking at the first page marks them as read (they are still shown as new on it).
    pub async fn look(&self, me: &Me, before: Option<NotificationId>) -> Result<NotificationPage, Unavailable> {
        let mut lines = self.store.notifications(me, before, PAGE + 1).await?;
        let more = lines.len() > PAGE;
        lines.truncate(PAGE);
        if before.is_none()
            && lines.iter().any(|line| line.unread)
            && let Some(newest) = lines.first()
        {
            self.store.mark_read(me, newest.id).await?;
        }
        let before = lines.last().map(|line| line.id).filter(|_| more);
        Ok(NotificationPage { lines, before })
    }
    /// How many of mine are unread.
    pub async fn unread(&self, me: &Me) -> Result<u32, Unavailable> {
        self.store.unread(me.id).await
    }
}
