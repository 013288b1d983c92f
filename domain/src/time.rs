//! Time: instants in UTC, IANA zones, and the clock that is passed in.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// An instant: milliseconds since 1970-01-01T00:00:00Z. May be negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This instant, later by so many seconds (earlier, if negative).
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * 1000)
    }
    /// This instant, later by so many days of 24 hours.
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days * 86_400)
    }
}

impl From<chrono::DateTime<chrono::Utc>> for Timestamp {
    fn from(at: chrono::DateTime<chrono::Utc>) -> Self {
        Self(at.timestamp_millis())
    }
}

impl From<Timestamp> for chrono::DateTime<chrono::Utc> {
    /// Instants beyond what chrono can hold (some 262,000 years) become the epoch; no form lets one in.
    fn from(at: Timestamp) -> Self {
        chrono::DateTime::from_timestamp_millis(at.0).unwrap_or_default()
    }
}

/// Tells the time. Passed into services, so that tests choose it.
pub trait Clock: Send + Sync {
    /// The current instant.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        chrono::Utc::now().into()
    }
}

/// An IANA time zone by name, such as `Europe/Lisbon`; known to the zone database that this program carries.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Zone(String);

/// The name is not one of the IANA time zones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("We don't know that time zone. Choose one from the list, such as Europe/Lisbon.")]
pub struct UnknownZone;

impl Zone {
    /// Coordinated universal time, for when nothing better is known.
    pub fn utc() -> Self {
        Self("UTC".into())
    }
    /// The zone of that name.
    pub fn parse(name: &str) -> Result<Self, UnknownZone> {
        chrono_tz::Tz::from_str(name.trim()).map(|zone| Self(zone.name().into())).map_err(|_| UnknownZone)
    }
    /// A name that was checked when it was written down.
    pub fn from_record(name: String) -> Self {
        Self(name)
    }
    /// The IANA name.
    pub fn name(&self) -> &str {
        &self.0
    }
    /// The last part of the name with spaces: `Lisbon`, `New York`.
    pub fn city(&self) -> String {
        self.0.rsplit('/').next().unwrap_or(&self.0).replace('_', " ")
    }
    /// `in Lisbon`; a zone that is no city's stands by its name.
    pub fn in_words(&self) -> String {
        if self.0.contains('/') { format!("in {}", self.city()) } else { self.0.clone() }
    }
    /// On which date it is that instant.
    pub fn date(&self, at: Timestamp) -> chrono::NaiveDate {
        chrono::DateTime::<chrono::Utc>::from(at).with_timezone(&self.rules()).date_naive()
    }
    /// The zone's rules. A record from a newer zone database falls back to UTC.
    pub fn rules(&self) -> chrono_tz::Tz {
        chrono_tz::Tz::from_str(&self.0).unwrap_or(chrono_tz::UTC)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
