//! Signing in and out: passwords, the epoch that ends every sign-in at once, and reset links.
//!
//! A sign-in (what the web calls a session) carries the member's id and the *epoch* it was made in. A new password or "sign out
//! everywhere" raises the epoch, and every older sign-in, stream and token stops with the next look at it. The answer to a
//! wrong password is the same, and takes as long, whether or not the name exists.

use crate::{
    ids::MemberId,
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::{Byline, Handle, Role},
    time::{Clock, Timestamp},
    viewer::{Host, Me},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Shortest password, in characters: with the limit on tries, ten characters that are not on a list hold.
pub const SHORTEST_PASSWORD: usize = 10;
/// Longest password, in characters, so that hashing cannot be made to work on a megabyte.
pub const LONGEST_PASSWORD: usize = 200;
/// Failed tries for one name (or from one address) within [`FAILURE_WINDOW_MINUTES`] before the next must wait.
pub const MOST_FAILURES: u32 = 10;
/// How long a failed try counts, in minutes.
pub const FAILURE_WINDOW_MINUTES: i64 = 15;
/// How long a reset link works, in days.
pub const RESET_DAYS: i64 = 3;

/// Makes and compares password hashes; slow by design, so it is done off the threads that answer.
#[async_trait::async_trait]
pub trait Passwords: Send + Sync {
    /// A salted hash in PHC string format.
    async fn hash(&self, password: &str) -> Result<String, Unavailable>;
    /// Whether the password belongs to the hash. With no hash it takes the same time and answers `false`.
    async fn matches(&self, password: &str, hash: Option<&str>) -> Result<bool, Unavailable>;
}

/// Makes unguessable codes (128 bits or more) and the digest under which a code is kept.
pub trait Codes: Send + Sync {
    /// A new code, safe in an address.
    fn new_code(&self) -> String;
    /// The digest to keep and look up by.
    fn digest(&self, code: &str) -> String;
}

/// What a sign-in is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SignedIn {
    /// Who.
    pub member: MemberId,
    /// The member's epoch when they signed in.
    pub epoch: i64,
}

/// What is kept to check a password against.
#[derive(Clone, Debug)]
pub struct Credential {
    /// What a sign-in would be made of.
    pub signed_in: SignedIn,
    /// The kept hash.
    pub hash: String,
}

/// Why somebody was not signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum SignInRefusal {
    /// The name or the password is wrong; which one is nobody's business.
    #[error("That name and password don't belong together. Try again, or ask a host for a link to set a new password.")]
    Mismatch,
    /// Too many failed tries of late.
    #[error(
        "There were too many tries. Please wait {FAILURE_WINDOW_MINUTES} minutes and try again, or ask a host for a link to set a new password."
    )]
    TooManyTries,
}

// Which of the two fields is wrong is nobody's business.
impl AboutField for SignInRefusal {}

/// Why a password was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PasswordRefusal {
    /// Shorter than [`SHORTEST_PASSWORD`].
    #[error("A password has at least {SHORTEST_PASSWORD} characters. Three or four words in a row are easy to remember and hard to guess.")]
    TooShort,
    /// Longer than [`LONGEST_PASSWORD`].
    #[error("A password has at most {LONGEST_PASSWORD} characters.")]
    TooLong,
    /// On the list of what is tried first, or the member's own name.
    #[error("That password is one of the first that anybody would try. Please choose another.")]
    TooCommon,
    /// The present password, asked for before a change, is wrong.
    #[error("Your present password is not that one. Please try again.")]
    PresentIsWrong,
    /// Too many wrong present passwords of late.
    #[error("There were too many tries. Please wait {FAILURE_WINDOW_MINUTES} minutes and try again.")]
    TooManyTries,
    /// The reset link was used, is too old, or never was.
    #[error("This link no longer works. Ask a host for a new one.")]
    DeadLink,
}

impl AboutField for PasswordRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::TooShort | Self::TooLong | Self::TooCommon => Some("new_password"),
            Self::PresentIsWrong => Some("present_password"),
            Self::TooManyTries | Self::DeadLink => None,
        }
    }
}

/// Why no link for a new password was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ResetRefusal {
    /// No such member.
    #[error("There is nobody of that name here. Look them up among the people: the name is what follows the @.")]
    Nobody,
    /// They are an admin, and whoever asks is not: the link would hand over the place.
    #[error("They look after the whole place, so only another admin can make this link for them.")]
    AdminsOnly,
    /// Whoever asks is no host any more.
    #[error("Only hosts make these links. Ask one of them.")]
    HostsOnly,
}

impl AboutField for ResetRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Nobody | Self::AdminsOnly => Some("name"),
            Self::HostsOnly => None,
        }
    }
}

/// Who may make a link by which a member of role `theirs` sets a new password.
pub fn may_reset(mine: Role, theirs: Role) -> Result<(), ResetRefusal> {
    match (mine, theirs) {
        (Role::Member, _) => Err(ResetRefusal::HostsOnly),
        (Role::Host, Role::Admin) => Err(ResetRefusal::AdminsOnly),
        _ => Ok(()),
    }
}

/// A try at a password that was looked at, before anybody is told how it went.
#[derive(Clone, Debug)]
pub struct Try {
    /// Under what it is counted.
    pub keys: Vec<String>,
    /// Whether the password was wrong.
    pub wrong: bool,
    /// When.
    pub at: Timestamp,
    /// Earlier ones do not count any more, and are forgotten.
    pub since: Timestamp,
}

/// Checks that a password may be used; `name` is the member's name, which it must not be.
pub fn check_password(password: &str, name: &str) -> Result<(), PasswordRefusal> {
    const COMMON: [&str; 16] = [
        "1234567890",
        "0123456789",
        "0987654321",
        "qwertyuiop",
        "1q2w3e4r5t",
        "passwordpassword",
        "password12",
        "password123",
        "password1234",
        "iloveyou123",
        "letmein123",
        "welcome123",
        "administrator",
        "porchlight",
        "qwerty12345",
        "abcdefghij",
    ];
    let length = password.chars().count();
    if length < SHORTEST_PASSWORD {
        return Err(PasswordRefusal::TooShort);
    }
    if length > LONGEST_PASSWORD {
        return Err(PasswordRefusal::TooLong);
    }
    let lower = password.to_lowercase();
    let one_character = lower.chars().all(|c| lower.starts_with(c));
    if COMMON.contains(&lower.as_str()) || one_character || lower == name.to_lowercase() {
        return Err(PasswordRefusal::TooCommon);
    }
    Ok(())
}

/// What signing in needs kept.
#[async_trait::async_trait]
pub trait SignInStore: Send + Sync {
    /// The credential of a name.
    async fn credential(&self, name: &Handle) -> Result<Option<Credential>, Unavailable>;
    /// The member of a sign-in, if its epoch still holds.
    async fn me(&self, signed_in: SignedIn) -> Result<Option<Me>, Unavailable>;
    /// Failures recorded under a key since then.
    async fn failures(&self, key: &str, since: Timestamp) -> Result<u32, Unavailable>;
    /// Settles a try, one after the other however many come at once: `false` if one of its keys has [`MOST_FAILURES`] already since
    /// then, whether it was right or wrong; else `true`, and a wrong one is recorded under each key.
    async fn settle_try(&self, attempt: &Try) -> Result<bool, Unavailable>;
    /// Ends every sign-in of a member: raises the epoch. Returns what a new sign-in is made of.
    async fn end_everywhere(&self, member: MemberId) -> Result<SignedIn, Unavailable>;
    /// Keeps a new password hash and raises the epoch.
    async fn save_password(&self, member: MemberId, hash: &str) -> Result<SignedIn, Unavailable>;
    /// Keeps the digest of a reset code for a member in place of any earlier one, if `by` may by then; without one it is done for
    /// whoever holds the data folder.
    async fn save_reset(&self, by: Option<&Host>, name: &Handle, digest: &str, until: Timestamp) -> Result<(), Error<ResetRefusal>>;
    /// Whom a reset code is for, if it still works.
    async fn reset_for(&self, digest: &str, now: Timestamp) -> Result<Option<Byline>, Unavailable>;
    /// Uses a reset code up: keeps the new hash and raises the epoch, in one step that only one of many parallel tries wins.
    async fn use_reset(&self, digest: &str, now: Timestamp, hash: &str) -> Result<Option<SignedIn>, Unavailable>;
}

/// The service for signing in.
#[derive(Clone)]
pub struct SignIn {
    store: Arc<dyn SignInStore>,
    passwords: Arc<dyn Passwords>,
    codes: Arc<dyn Codes>,
    clock: Arc<dyn Clock>,
}

impl SignIn {
    /// Over a store.
    pub fn new(store: Arc<dyn SignInStore>, passwords: Arc<dyn Passwords>, codes: Arc<dyn Codes>, clock: Arc<dyn Clock>) -> Self {
        Self { store, passwords, codes, clock }
    }

    /// Checks a name and a password. `from` is the visitor's network address, which is counted as the name is.
    pub async fn sign_in(&self, name: &str, password: &str, from: &str) -> Result<SignedIn, Error<SignInRefusal>> {
        // However a name is written, it is counted as the one that it means; what can't be a name is nobody's.
        let name = Handle::parse(name).ok();
        let mut keys = vec![format!("from:{}", self.codes.digest(from))];
        keys.extend(name.as_ref().map(|name| format!("name:{}", self.codes.digest(name.as_str()))));
        if self.too_many(&keys).await? {
            return Err(Error::Refused(SignInRefusal::TooManyTries));
        }
        let credential = match &name {
            Some(name) => self.store.credential(name).await?,
            None => None,
        };
        let bounded = if password.chars().count() > LONGEST_PASSWORD { "" } else { password };
        let right = self.passwords.matches(bounded, credential.as_ref().map(|c| c.hash.as_str())).await?;
        let found = credential.filter(|_| right);
        // Many that were sent at once are all let this far; only so many of them are told anything.
        if !self.settle(keys, found.is_none()).await? {
            return Err(Error::Refused(SignInRefusal::TooManyTries));
        }
        found.map(|credential| credential.signed_in).ok_or(Error::Refused(SignInRefusal::Mismatch))
    }

    /// The member of a sign-in, if it still holds.
    pub async fn me(&self, signed_in: SignedIn) -> Result<Option<Me>, Unavailable> {
        self.store.me(signed_in).await
    }

    /// Signs the member out wherever they are signed in.
    pub async fn end_everywhere(&self, me: &Me) -> Result<(), Unavailable> {
        self.store.end_everywhere(me.id).await.map(drop)
    }

    /// Makes sure that it is the member who asks, by their present password.
    pub async fn confirm(&self, me: &Me, present: &str) -> Result<(), Error<PasswordRefusal>> {
        let keys = vec![format!("present:{}", me.id)];
        if self.too_many(&keys).await? {
            return Err(Error::Refused(PasswordRefusal::TooManyTries));
        }
        let credential = self.store.credential(&me.name).await?;
        let bounded = if present.chars().count() > LONGEST_PASSWORD { "" } else { present };
        let right = self.passwords.matches(bounded, credential.as_ref().map(|c| c.hash.as_str())).await?;
        if !self.settle(keys, !right).await? {
            return Err(Error::Refused(PasswordRefusal::TooManyTries));
        }
        if !right {
            return Err(Error::Refused(PasswordRefusal::PresentIsWrong));
        }
        Ok(())
    }

    /// Changes the member's password; other sign-ins end, and the returned one takes this one's place.
    pub async fn change_password(&self, me: &Me, present: &str, new: &str) -> Result<SignedIn, Error<PasswordRefusal>> {
        self.confirm(me, present).await?;
        check_password(new, me.name.as_str()).or_refuse()?;
        let hash = self.passwords.hash(new).await?;
        Ok(self.store.save_password(me.id, &hash).await?)
    }

    /// Makes the code of a reset link for a member, on a host's word.
    pub async fn make_reset(&self, by: &Host, name: &str) -> Result<String, Error<ResetRefusal>> {
        self.reset_made(Some(by), name).await
    }

    /// As [`SignIn::make_reset`], for whoever holds the data folder (the command line).
    pub async fn make_reset_by_keeper(&self, name: &str) -> Result<String, Error<ResetRefusal>> {
        self.reset_made(None, name).await
    }

    async fn reset_made(&self, by: Option<&Host>, name: &str) -> Result<String, Error<ResetRefusal>> {
        let name = Handle::parse(name).map_err(|_| Error::Refused(ResetRefusal::Nobody))?;
        let code = self.codes.new_code();
        let until = self.clock.now().plus_days(RESET_DAYS);
        self.store.save_reset(by, &name, &self.codes.digest(&code), until).await?;
        Ok(code)
    }

    /// Whom a reset link is for; `None` for every link that does not work, whatever the reason.
    pub async fn reset_for(&self, code: &str) -> Result<Option<Byline>, Unavailable> {
        self.store.reset_for(&self.codes.digest(code), self.clock.now()).await
    }

    /// Sets a new password by a reset link, once.
    pub async fn reset(&self, code: &str, new: &str) -> Result<SignedIn, Error<PasswordRefusal>> {
        let digest = self.codes.digest(code);
        let Some(who) = self.store.reset_for(&digest, self.clock.now()).await? else {
            return Err(Error::Refused(PasswordRefusal::DeadLink));
        };
        check_password(new, who.name.as_str()).or_refuse()?;
        let hash = self.passwords.hash(new).await?;
        let used = self.store.use_reset(&digest, self.clock.now(), &hash).await?;
        used.ok_or(Error::Refused(PasswordRefusal::DeadLink))
    }

    async fn too_many(&self, keys: &[String]) -> Result<bool, Unavailable> {
        let since = self.window_start();
        for key in keys {
            if self.store.failures(key, since).await? >= MOST_FAILURES {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn settle(&self, keys: Vec<String>, wrong: bool) -> Result<bool, Unavailable> {
        self.store.settle_try(&Try { keys, wrong, at: self.clock.now(), since: self.window_start() }).await
    }

    fn window_start(&self) -> Timestamp {
        self.clock.now().plus_seconds(-60 * FAILURE_WINDOW_MINUTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_of_one_repeated_character_is_refused() {
        assert_eq!(check_password("zzzzzzzzzzzz", "ana"), Err(PasswordRefusal::TooCommon));
    }

    #[test]
    fn a_host_makes_no_link_for_an_admin() {
        assert_eq!(may_reset(Role::Host, Role::Admin), Err(ResetRefusal::AdminsOnly));
        assert_eq!(may_reset(Role::Member, Role::Member), Err(ResetRefusal::HostsOnly));
        assert_eq!((may_reset(Role::Host, Role::Host), may_reset(Role::Admin, Role::Admin)), (Ok(()), Ok(())));
    }

    #[test]
    fn a_password_in_any_script_counts_its_characters() {
        assert_eq!(check_password("пароль сад", "ana"), Ok(()));
    }
}
