//! Identities: one newtype per kind of thing over a time-ordered 64-bit integer.
//!
//! The integer is minted by `store` (milliseconds in the high bits), so that ordering by id is ordering by time and key-set
//! pagination needs no other column. In addresses and on the wire an id is a decimal string, since JavaScript's numbers end
//! at 2^53. Ids are not secrets: whoever guesses one still meets the query that takes the `Viewer`.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, concat!(stringify!($name), "({})"), self.0) }
        }
        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(s: &str) -> Result<Self, Self::Err> { s.parse().map(Self) }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_str(&self.0) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    )+};
}

id! {
    /// A member of this community (or one who has left; the id is never given again).
    MemberId,
    /// An entry on the timeline, or a reply to one.
    PostId,
    /// A picture, whatever it hangs on.
    PictureId,
    /// A gathering: a series or a one-off.
    GatheringId,
    /// An invitation, personal or for a group.
    InvitationId,
    /// Somebody's wish to join, left at the front door.
    AskId,
    /// One line of somebody's notifications.
    NotificationId,
    /// A letter: one message by mail.
    LetterId,
    /// A party: a group that moves in together on one roster.
    PartyId,
    /// A host's private note about somebody.
    NoteId,
    /// A host's round.
    RoundId,
    /// What somebody brought along from elsewhere.
    ArchiveId,
    /// A spark: one to come, or one that went by.
    SparkId,
    /// A prompt of the hosts' own.
    PromptId,
}
