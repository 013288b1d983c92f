//! How an operation ends when it does not end well.
//!
//! People see *refusals*: a small enum per operation, whose `Display` is the sentence shown. Logs see *causes*. The two never
//! mix: a cause has no way onto the wire.

use std::{error::Error as StdError, fmt};

/// The place cannot answer now: the database, the disk or the network failed. Holds the cause for the log.
#[derive(Debug)]
pub struct Unavailable(pub Box<dyn StdError + Send + Sync>);

impl Unavailable {
    /// For a cause that is only a sentence for the log.
    pub fn because(cause: impl Into<String>) -> Self {
        Self(cause.into().into())
    }
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unavailable: {}", self.0)
    }
}

/// Why an operation that may be refused did not happen.
#[derive(Debug)]
pub enum Error<R> {
    /// It may not be; the reason is for the person who asked.
    Refused(R),
    /// It could not be decided or recorded; the cause is for the log.
    Unavailable(Unavailable),
}

impl<R> From<Unavailable> for Error<R> {
    fn from(cause: Unavailable) -> Self {
        Self::Unavailable(cause)
    }
}

/// A refusal, asked which field of its form it is about: there the form says it when it is shown again.
pub trait AboutField {
    /// The field's name, as in the form's struct; `None` where it is about no field, or about more than one.
    fn field(&self) -> Option<&str> {
        None
    }
}

/// Lets a pure check's refusal leave a service by `?`.
pub trait OrRefuse<T, R> {
    /// Turns a plain refusal into an [`Error`].
    fn or_refuse(self) -> Result<T, Error<R>>;
}

impl<T, R> OrRefuse<T, R> for Result<T, R> {
    fn or_refuse(self) -> Result<T, Error<R>> {
        self.map_err(Error::Refused)
    }
}
