//! Going away: somebody leaves, or an admin removes somebody. Either way it is the same: their account is deleted, and with it what they wrote, their
//! pictures and answers, what is said and noted of them, and their place in introductions.
//!
//! What stays: what others wrote, also where it names them, with an empty place under it where they answered; the gatherings they kept, with another
//! keeper; and what they did for the place as a host, without their name. Nobody is told. The last admin can't leave, and an admin is not removed
//! before they stopped being one: so there is always somebody who looks after the place, and no quarrel among admins is settled by a button.

use crate::{
    outcome::{AboutField, Error, Unavailable},
    people::{Handle, Person},
    sign_in::{PasswordRefusal, SignIn},
    time::{Clock, Timestamp},
    viewer::{Admin, Me},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Why somebody did not leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum LeaveRefusal {
    /// Nobody else is an admin.
    #[error(
        "You are the only admin, and somebody has to look after the place. Make somebody else an admin, or hand the place over; then you can leave."
    )]
    LastAdmin,
    /// The password is wrong.
    #[error(transparent)]
    Password(#[from] PasswordRefusal),
}

impl AboutField for LeaveRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Password(PasswordRefusal::PresentIsWrong) => Some("password"),
            Self::LastAdmin | Self::Password(_) => None,
        }
    }
}

/// Why somebody was not removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum RemoveRefusal {
    /// No such member.
    #[error("There is nobody of that name here. They may have left already.")]
    Nobody,
    /// It is the admin themselves.
    #[error("That is you. Leaving is in your settings.")]
    Yourself,
    /// They are an admin.
    #[error("They look after the place as an admin. Talk with them, and make them a member first.")]
    Admin,
    /// What was typed is not their name.
    #[error("That is not their name. Type the short one, after the @, so that it is surely them whom you mean.")]
    NotTheirName,
    /// Whoever asks is no admin any more.
    #[error("Only an admin removes somebody, and you are not one any more.")]
    NotYours,
}

impl AboutField for RemoveRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::NotTheirName => Some("typed"),
            Self::Nobody | Self::Yourself | Self::Admin | Self::NotYours => None,
        }
    }
}

/// Whether an admin may remove that person, as far as it can be told beforehand.
pub fn may_remove(by: &Admin, person: &Person) -> Result<(), RemoveRefusal> {
    match person.role {
        _ if person.who.id == by.me().id => Err(RemoveRefusal::Yourself),
        crate::people::Role::Admin => Err(RemoveRefusal::Admin),
        _ => Ok(()),
    }
}

/// What going away needs kept.
#[async_trait::async_trait]
pub trait LeavingStore: Send + Sync {
    /// Whether the member is the only admin.
    async fn is_last_admin(&self, me: &Me) -> Result<bool, Unavailable>;
    /// Deletes the member with everything that is theirs, in one step; whoever is gone already stays gone. Refuses `LastAdmin`.
    async fn leave(&self, me: &Me, at: Timestamp) -> Result<(), Error<LeaveRefusal>>;
    /// As [`LeavingStore::leave`], of somebody else. Refuses all but `NotTheirName`.
    async fn remove(&self, by: &Admin, who: &Handle, at: Timestamp) -> Result<(), Error<RemoveRefusal>>;
}

/// The service for going away.
#[derive(Clone)]
pub struct Leaving {
    store: Arc<dyn LeavingStore>,
    sign_in: SignIn,
    clock: Arc<dyn Clock>,
}

impl Leaving {
    /// Over a store; `sign_in` knows passwords.
    pub fn new(store: Arc<dyn LeavingStore>, sign_in: SignIn, clock: Arc<dyn Clock>) -> Self {
        Self { store, sign_in, clock }
    }

    /// Whether the member is the only admin, and so can't leave.
    pub async fn is_last_admin(&self, me: &Me) -> Result<bool, Unavailable> {
        self.store.is_last_admin(me).await
    }

    /// Leaves, with the member's password.
    pub async fn leave(&self, me: &Me, password: &str) -> Result<(), Error<LeaveRefusal>> {
        self.sign_in.confirm(me, password).await.map_err(|error| match error {
            Error::Refused(reason) => Error::Refused(LeaveRefusal::Password(reason)),
            Error::Unavailable(cause) => Error::Unavailable(cause),
        })?;
        self.store.leave(me, self.clock.now()).await
    }

    /// Removes a member of that name, which the admin typed once more.
    pub async fn remove(&self, by: &Admin, name: &str, typed: &str) -> Result<(), Error<RemoveRefusal>> {
        let who = Handle::parse(name).map_err(|_| Error::Refused(RemoveRefusal::Nobody))?;
        if Handle::parse(typed).ok().as_ref() != Some(&who) {
            return Err(Error::Refused(RemoveRefusal::NotTheirName));
        }
        self.store.remove(by, &who, self.clock.now()).await
    }
}
