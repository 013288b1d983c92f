//! Handing the community over to another admin, in three steps: an admin chooses somebody, they accept, the admin confirms with their password.
//!
//! Until the last step nothing changes, and either may stop: whoever was chosen without the admin being told, the admin by taking it back.
//! What was not finished within [`OPEN_DAYS`] days is over. The last step is one unit in the store: the other becomes an admin, and whoever
//! gave stays one, becomes a host, or a member; so there is no moment without an admin. Only rights go along, nothing that anybody wrote.

use crate::{
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::{Byline, Handle, Role},
    sign_in::{PasswordRefusal, SignIn},
    time::{Clock, Timestamp},
    viewer::{Admin, Me},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// For how many days somebody may think about it.
pub const OPEN_DAYS: i64 = 14;

/// A handing over that has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// The admin who gives.
    pub giver: Byline,
    /// Whoever was chosen.
    pub taker: Byline,
    /// What the giver will be.
    pub becomes: Role,
    /// When it began.
    pub at: Timestamp,
    /// When the other accepted.
    pub accepted_at: Option<Timestamp>,
}

impl HandOver {
    /// When it is over, unless it is finished.
    pub fn ends(&self) -> Timestamp {
        self.at.plus_days(OPEN_DAYS)
    }
}

/// The form of the first step, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HandOverForm {
    /// The name of whoever is chosen.
    pub name: String,
    /// What the giver will be: a role's word.
    pub becomes: String,
}

/// Why a step was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum HandOverRefusal {
    /// No such member.
    #[error("There is nobody of that name here.")]
    Nobody,
    /// The giver chose themselves.
    #[error("That is you. Choose whoever is to look after the place after you, or beside you.")]
    Yourself,
    /// They are an admin.
    #[error("They are an admin already: there is nothing to hand over. What you are yourself, you change under Roles.")]
    AdminAlready,
    /// What the giver will be is no role.
    #[error("Choose what you will be yourself: an admin as before, a host, or a member.")]
    Becomes,
    /// It was taken back, is over, or was not accepted.
    #[error("It has not come to that, or it is over by now. Look at how it stands, below.")]
    Gone,
    /// Whoever asks is no admin any more.
    #[error("Only an admin hands the place over, and you are not one any more.")]
    NotYours,
    /// The password is wrong.
    #[error(transparent)]
    Password(#[from] PasswordRefusal),
}

impl AboutField for HandOverRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Nobody | Self::Yourself | Self::AdminAlready => Some("name"),
            Self::Becomes => Some("becomes"),
            Self::Password(PasswordRefusal::PresentIsWrong) => Some("password"),
            Self::Gone | Self::NotYours | Self::Password(_) => None,
        }
    }
}

/// What handing over needs kept.
#[async_trait::async_trait]
pub trait HandOverStore: Send + Sync {
    /// Keeps that an admin chose somebody, in place of what they began before, and tells them.
    async fn begin_hand_over(&self, by: &Admin, to: &Handle, becomes: Role, at: Timestamp) -> Result<(), Error<HandOverRefusal>>;
    /// What the admin began and is not over, if it began after `since`. That the other declined is not told.
    async fn my_hand_over(&self, by: &Admin, since: Timestamp) -> Result<Option<HandOver>, Unavailable>;
    /// What is offered to the member and was not declined, of what began after `since`; the newest first.
    async fn offered(&self, me: &Me, since: Timestamp) -> Result<Vec<HandOver>, Unavailable>;
    /// Accepts, and tells the giver; or declines, and tells nobody. `false` if it is not offered.
    async fn answer_hand_over(&self, me: &Me, giver: &Handle, accept: bool, since: Timestamp, at: Timestamp) -> Result<bool, Unavailable>;
    /// Takes back what the admin began; `false` if there was nothing.
    async fn take_hand_over_back(&self, by: &Admin) -> Result<bool, Unavailable>;
    /// The last step: the other becomes an admin, the giver what they chose, and the other is told. Refuses where it was not accepted by
    /// `to`, or is not as it was.
    async fn finish_hand_over(&self, by: &Admin, to: &Handle, since: Timestamp, at: Timestamp) -> Result<Role, Error<HandOverRefusal>>;
}

/// The service for handing over.
#[derive(Clone)]
pub struct HandingOver {
    store: Arc<dyn HandOverStore>,
    sign_in: SignIn,
    clock: Arc<dyn Clock>,
}

impl HandingOver {
    /// Over a store; `sign_in` knows passwords.
    pub fn new(store: Arc<dyn HandOverStore>, sign_in: SignIn, clock: Arc<dyn Clock>) -> Self {
        Self { store, sign_in, clock }
    }

    fn since(&self) -> Timestamp {
        self.clock.now().plus_days(-OPEN_DAYS)
    }

    /// The first step: an admin chooses somebody.
    pub async fn begin(&self, by: &Admin, form: &HandOverForm) -> Result<(), Error<HandOverRefusal>> {
        let to = Handle::parse(&form.name).map_err(|_| Error::Refused(HandOverRefusal::Nobody))?;
        let becomes = Role::from_word(&form.becomes).ok_or(HandOverRefusal::Becomes).or_refuse()?;
        if to == by.me().name {
            return Err(Error::Refused(HandOverRefusal::Yourself));
        }
        self.store.begin_hand_over(by, &to, becomes, self.clock.now()).await
    }

    /// What the admin began, as far as it is not over.
    pub async fn begun(&self, by: &Admin) -> Result<Option<HandOver>, Unavailable> {
        self.store.my_hand_over(by, self.since()).await
    }

    /// What is offered to the member.
    pub async fn offered(&self, me: &Me) -> Result<Vec<HandOver>, Unavailable> {
        self.store.offered(me, self.since()).await
    }

    /// The second step: whoever was chosen accepts, or declines without anybody being told; the latter also after having accepted. `false` if
    /// nothing is offered.
    pub async fn answer(&self, me: &Me, giver: &str, accept: bool) -> Result<bool, Unavailable> {
        match Handle::parse(giver) {
            Ok(giver) => self.store.answer_hand_over(me, &giver, accept, self.since(), self.clock.now()).await,
            Err(_) => Ok(false),
        }
    }

    /// Stops it, before the last step.
    pub async fn take_back(&self, by: &Admin) -> Result<bool, Unavailable> {
        self.store.take_hand_over_back(by).await
    }

    /// The last step, with the giver's password, for the person whom they had before them. What the giver is from now on.
    pub async fn finish(&self, by: &Admin, to: &str, password: &str) -> Result<Role, Error<HandOverRefusal>> {
        let to = Handle::parse(to).map_err(|_| Error::Refused(HandOverRefusal::Gone))?;
        self.sign_in.confirm(by.me(), password).await.map_err(|error| match error {
            Error::Refused(reason) => Error::Refused(HandOverRefusal::Password(reason)),
            Error::Unavailable(cause) => Error::Unavailable(cause),
        })?;
        self.store.finish_hand_over(by, &to, self.since(), self.clock.now()).await
    }
}

/// What whoever looks after the place should know of how it is set up; for admins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// The folder of the data, on the machine.
    pub folder: String,
    /// Where the rows are: in the folder, or in a PostgreSQL beside it.
    pub in_folder: bool,
    /// By which server letters are sent, and in whose name; `None` lays them down as files.
    pub mail: Option<(String, String)>,
}
