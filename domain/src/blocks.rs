//! Blocking: one member does not want to read another, nor to be brought together with them.
//!
//! It is for the peace of whoever does it, and told to nobody: not to the one whom they blocked, not to a host, not to an admin. What the blocked one
//! sees and does is as before, and nothing that they do is refused for it. What holds for whoever blocked:
//!
//! 1. What the other writes is not there for them, nor are threads that they began (`timeline::may_see`). A host reads it all the same on the
//!    desk and where they open it, since they look after everybody.
//! 2. Nothing that the other does becomes a notice or a mail. What has to be known (that an evening is off) does.
//! 3. Nobody proposes the two to each other, in either direction: not for an introduction, not as greeter and newcomer, not among people to
//!    meet. A host who introduces them by hand is not refused; for whoever blocked it is as if they had let it pass.
//!
//! At gatherings both stay as they are: lists and rooms show who is there.

use crate::{
    ids::{MemberId, PostId},
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::{Byline, Handle, PeopleStore, meant, nobody_called},
    time::{Clock, Timestamp},
    viewer::Me,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Somebody whom a member blocked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// Who.
    pub who: Byline,
    /// When.
    pub at: Timestamp,
}

/// Why nobody was blocked. None of it has to do with who is meant, but that they are there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum BlockRefusal {
    /// Nobody is meant, or it can't be told who.
    #[error("{}", nobody_called(name))]
    Nobody {
        /// What was typed.
        name: String,
    },
    /// The member themselves.
    #[error("That is you. If you would rather not be here for a while, you need not be: nobody counts.")]
    Yourself,
}

impl AboutField for BlockRefusal {
    fn field(&self) -> Option<&str> {
        Some("name")
    }
}

/// What blocks need kept. Each read and write is of the member's own.
#[async_trait::async_trait]
pub trait BlockStore: Send + Sync {
    /// Whom the member blocked, the latest first.
    async fn blocks(&self, me: &Me) -> Result<Vec<Blocked>, Unavailable>;
    /// Keeps that the member blocked somebody, and takes what that one did from their notices. Nothing changes where they had.
    async fn block(&self, me: &Me, whom: MemberId, at: Timestamp) -> Result<(), Unavailable>;
    /// Takes it back; `false` if the member had not blocked anybody of that name.
    async fn unblock(&self, me: &Me, whom: &Handle) -> Result<bool, Unavailable>;
    /// Whether the member blocked anybody.
    async fn blocks_anybody(&self, member: MemberId) -> Result<bool, Unavailable>;
    /// Whether a post is not there for the member since they blocked somebody: for hints that it stands on the timeline.
    async fn is_hidden(&self, member: MemberId, post: PostId) -> Result<bool, Unavailable>;
}

/// The service for blocks.
#[derive(Clone)]
pub struct Blocks {
    store: Arc<dyn BlockStore>,
    people: Arc<dyn PeopleStore>,
    clock: Arc<dyn Clock>,
}

impl Blocks {
    /// Over a store, and over that of the people who are meant.
    pub fn new(store: Arc<dyn BlockStore>, people: Arc<dyn PeopleStore>, clock: Arc<dyn Clock>) -> Self {
        Self { store, people, clock }
    }

    /// Whom the member blocked, the latest first.
    pub async fn mine(&self, me: &Me) -> Result<Vec<Blocked>, Unavailable> {
        self.store.blocks(me).await
    }

    /// Blocks somebody, by their name, or by what they are called, where nobody else is called the same. Nobody is told.
    pub async fn block(&self, me: &Me, name: &str) -> Result<(), Error<BlockRefusal>> {
        let nobody = || BlockRefusal::Nobody { name: name.trim().chars().take(60).collect() };
        let whom = meant(self.people.as_ref(), me, name).await?.ok_or_else(nobody).or_refuse()?.who.id;
        if whom == me.id {
            return Err(Error::Refused(BlockRefusal::Yourself));
        }
        Ok(self.store.block(me, whom, self.clock.now()).await?)
    }

    /// Takes it back. Nobody is told. `false` if the member had not blocked anybody of that name.
    pub async fn unblock(&self, me: &Me, name: &str) -> Result<bool, Unavailable> {
        match Handle::parse(name) {
            Ok(name) => self.store.unblock(me, &name).await,
            Err(_) => Ok(false),
        }
    }

    /// Whether the member blocked anybody.
    pub async fn any_by(&self, member: MemberId) -> Result<bool, Unavailable> {
        self.store.blocks_anybody(member).await
    }

    /// Whether a post is not there for the member since they blocked somebody.
    pub async fn hide(&self, member: MemberId, post: PostId) -> Result<bool, Unavailable> {
        self.store.is_hidden(member, post).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_to_do_and_never_anything_of_whoever_is_meant() {
        let nobody = BlockRefusal::Nobody { name: "Robin".into() };
        assert_eq!(
            nobody.to_string(),
            "Nobody here is called Robin, or more than one is. Write the name that stands in the address of their page."
        );
        assert_eq!((nobody.field(), BlockRefusal::Yourself.field()), (Some("name"), Some("name")));
    }
}
