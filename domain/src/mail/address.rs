//! Where somebody gets mail, and what they want by it.
//!
//! An address is typed, and is the member's when they have followed the link in the one letter that is sent to it before. Whether there is
//! somebody behind an address is known to its server alone, so what is checked here is only whether it can be one that we can write to.

use super::What;
use crate::{outcome::AboutField, time::Timestamp};
use serde::{Deserialize, Serialize};

/// Longest address, in characters (RFC 5321, 4.5.3.1.3, less the angle brackets).
pub const LONGEST_ADDRESS: usize = 254;
/// How many days the link in the letter to an address works.
pub const CONFIRM_DAYS: i64 = 3;
/// How many letters to addresses that are to be confirmed one member may cause in a day.
pub const MOST_CONFIRMATIONS: u32 = 5;

/// An address that can be written to, such as `ana@example.org`: plain letters, and nothing that could end a line or begin another header.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MailAddress(String);

impl MailAddress {
    /// The address that was typed. Its host is written in small letters; the part before it is for that host to read.
    pub fn parse(typed: &str) -> Result<Self, AddressRefusal> {
        let typed = typed.trim();
        let (mailbox, host) = typed.rsplit_once('@').ok_or(AddressRefusal::NotOne)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
        let mailbox_is_one = mailbox.len() <= 64 && mailbox.split('.').all(|part| !part.is_empty() && part.chars().all(plain));
        let label = |label: &str| {
            let inside = label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            (1..=63).contains(&label.len()) && inside && !label.starts_with('-') && !label.ends_with('-')
        };
        let host_is_one = host.contains('.') && host.split('.').all(label);
        if typed.len() > LONGEST_ADDRESS || !mailbox_is_one || !host_is_one {
            return Err(AddressRefusal::NotOne);
        }
        Ok(Self(format!("{mailbox}@{}", host.to_ascii_lowercase())))
    }
    /// An address that was checked when it was written down.
    pub fn from_record(address: String) -> Self {
        Self(address)
    }
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why an address was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AddressRefusal {
    /// It can't be one.
    #[error("That is no address that we can write to. One looks like ana@example.org, in plain letters.")]
    NotOne,
    /// It is theirs.
    #[error("That is where we write to already.")]
    Already,
    /// Too many letters to confirm an address of late.
    #[error(
        "We have written {MOST_CONFIRMATIONS} of these letters for you today. Look among what your mail took for spam, or try again tomorrow."
    )]
    TooMany,
}

impl AboutField for AddressRefusal {
    fn field(&self) -> Option<&str> {
        Some("address")
    }
}

/// What somebody wants by mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailWishes {
    /// Reminders, a day or an hour before, as they chose for their notices.
    pub reminders: bool,
    /// That a session is changed, cancelled, or on again; that there is room for them; that they are asked to come.
    pub changes: bool,
    /// The hosts' weekly letter. Nobody gets it who has not asked for it.
    pub weekly: bool,
}

impl MailWishes {
    /// Nothing.
    pub const NONE: Self = Self { reminders: false, changes: false, weekly: false };

    /// Whether they hold what a letter says.
    pub fn hold(self, what: What) -> bool {
        match what {
            What::ComesUp(_) => self.reminders,
            _ => self.changes,
        }
    }
}

/// Where and what somebody gets by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailSettings {
    /// Their address, confirmed.
    pub address: Option<MailAddress>,
    /// The address that they are asked to confirm.
    pub waiting: Option<MailAddress>,
    /// What they want.
    pub wishes: MailWishes,
}

/// An address that is to be confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConfirmation {
    /// The address.
    pub address: MailAddress,
    /// By which code.
    pub code: String,
    /// When it was typed.
    pub at: Timestamp,
    /// Until when the code works.
    pub until: Timestamp,
    /// Since when such letters count, of which there may be [`MOST_CONFIRMATIONS`].
    pub since: Timestamp,
}

impl NewConfirmation {
    /// Of an address that was typed at that instant.
    pub fn of(address: MailAddress, code: String, at: Timestamp) -> Self {
        Self { address, code, at, until: at.plus_days(CONFIRM_DAYS), since: at.plus_days(-1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_is_taken_as_people_write_theirs() {
        let taken = |typed: &str| MailAddress::parse(typed).map(|address| address.as_str().to_owned());
        assert_eq!(taken(" Ana.Reis+porch@Mail.Example.ORG "), Ok("Ana.Reis+porch@mail.example.org".into()));
        for wrong in [
            "",
            "ana",
            "ana@",
            "@example.org",
            "ana@example",
            "ana@-example.org",
            "ana@example..org",
            ".ana@example.org",
            "ana@example.org\r\nBcc: eve@example.org",
            "ana reis@example.org",
            "Ana <ana@example.org>",
            "ana@example.org,bo@example.org",
            "\"ana\"@example.org",
            "ána@example.org",
        ] {
            assert_eq!(taken(wrong), Err(AddressRefusal::NotOne), "{wrong:?}");
        }
        assert_eq!(taken(&format!("{}@example.org", "a".repeat(65))), Err(AddressRefusal::NotOne));
    }

    proptest! {
        #[test]
        fn what_is_taken_for_an_address_can_end_no_line_and_name_nobody_else(typed in "\\PC{0,20}@[a-z.<>, \r\n-]{0,20}") {
            if let Ok(address) = MailAddress::parse(&typed) {
                prop_assert!(address.as_str().bytes().all(|byte| byte.is_ascii_graphic() && !b"<>,;:\"()[]\\".contains(&byte)));
                prop_assert_eq!(MailAddress::parse(address.as_str()), Ok(address.clone()));
            }
        }
    }
}
