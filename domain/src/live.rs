//! What open pages are told while they are open: hints, never content (but for the time on a room's clock).
//!
//! A hint says *that* something changed. The page then asks for it as its viewer, by the same query as everybody, so a hint
//! can't carry what the viewer may not see. Each hint is written in the transaction of what causes it (the outbox), so it
//! exists exactly when the change does; later deliveries (mail, push, other servers) read the same entries.

use crate::{
    gatherings::clock::RoomClock,
    ids::{GatheringId, MemberId, PostId},
    outcome::Unavailable,
};
use serde::{Deserialize, Serialize};

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hint {
    /// A new post stands at the head of the timeline.
    Posted {
        /// The post.
        post: PostId,
    },
    /// A post was edited, deleted or reacted to.
    PostChanged {
        /// The post or reply that changed.
        post: PostId,
        /// The thread it belongs to: its root post.
        thread: PostId,
    },
    /// A thread has a new reply.
    Replied {
        /// The reply.
        post: PostId,
        /// The root post of the thread.
        thread: PostId,
    },
    /// A gathering was planned or changed, or somebody answered.
    GatheringChanged {
        /// The gathering.
        gathering: GatheringId,
    },
    /// Something happened in the room of a session.
    Room {
        /// The gathering.
        gathering: GatheringId,
        /// Its session's date, `yyyy-mm-dd`. As text: to read dates would cost the client more than all else that hints say.
        date: String,
        /// What.
        part: RoomPart,
    },
    /// The member has a new notification (or has read some).
    Notified,
    /// The community's looks or words changed: pages load anew what they show of them.
    PlaceChanged,
    /// The member's sign-ins ended: their streams close.
    SignedOut,
}

/// What of a room changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoomPart {
    /// Its clock. How it stands is told at once, the one thing that is: it is a number that all who may hear of it see alike, and two
    /// hundred pages would ask for it in the same moment, when it matters that they know.
    Clock {
        /// How it stands.
        clock: RoomClock,
        /// How often it was set by now.
        sets: i64,
    },
    /// Its wall.
    Wall,
    /// Its talk.
    Talk,
    /// Who is here, or was there.
    Here,
}

/// One entry of the outbox as the live hub reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Position in the outbox. Grows, but two processes may commit out of order: see [`Outbox::entries_after`].
    pub position: i64,
    /// The only member who may hear of it; `None` is every member.
    pub only: Option<MemberId>,
    /// What changed.
    pub hint: Hint,
}

/// Reads the outbox.
#[async_trait::async_trait]
pub trait Outbox: Send + Sync {
    /// The newest position, 0 when there is none.
    async fn newest(&self) -> Result<i64, Unavailable>;
    /// Up to 500 entries after a position, oldest first. Two processes on PostgreSQL may commit out of order, so a reader looks
    /// again at the last few positions and leaves out what it has seen.
    async fn entries_after(&self, position: i64) -> Result<Vec<Entry>, Unavailable>;
    /// Forgets entries older than the newest `keep`.
    async fn prune(&self, keep: i64) -> Result<(), Unavailable>;
}
