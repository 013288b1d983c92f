//! An opening day: until then whoever of a party has come early sees how many of the others are here; on the day the host's first thread is
//! written, under the host's own name, and all for whom the place opens are told once.

use crate::{
    gatherings::sessions::instant,
    ids::PartyId,
    outcome::AboutField,
    people::Byline,
    time::{Timestamp, Zone},
    timeline::PostRefusal,
    viewer::Me,
};
use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

/// How far ahead an opening day may be, in days.
pub const FURTHEST_DAYS: i64 = 366;

/// For whom the place opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OpensFor {
    /// Those who came by this party.
    #[default]
    Party,
    /// Everybody who is here.
    Everybody,
}

impl OpensFor {
    /// The word for it in records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Party => "party",
            Self::Everybody => "everybody",
        }
    }
    /// What that word says; what is no such word is the party alone.
    pub fn from_word(word: &str) -> Self {
        if word == Self::Everybody.word() { Self::Everybody } else { Self::Party }
    }
}

/// The opening day of a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// When the place opens.
    pub at: Timestamp,
    /// For whom.
    pub whom: OpensFor,
    /// The first thread, as it was typed.
    pub words: String,
    /// It has opened.
    pub done: bool,
}

/// The form for an opening day, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpeningForm {
    /// `yyyy-mm-dd`.
    pub day: String,
    /// `hh:mm`, on the community's clock.
    pub time: String,
    /// For whom.
    pub whom: OpensFor,
    /// The first thread.
    pub words: String,
}

/// Why an opening day was not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum OpeningRefusal {
    /// No day, or no time.
    #[error("When does it open? Choose a day and a time.")]
    When,
    /// It is over, or too far away.
    #[error("The opening day is one to come, within a year.")]
    NotToCome,
    /// The first thread does not fit.
    #[error(transparent)]
    Words(#[from] PostRefusal),
    /// It has opened.
    #[error("It has opened already: the first thread is on the timeline.")]
    Opened,
}

impl AboutField for OpeningRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::When | Self::NotToCome => Some("day"),
            Self::Words(_) => Some("words"),
            Self::Opened => None,
        }
    }
}

impl OpeningForm {
    /// When it opens, in the community's zone.
    pub fn when(&self, zone: &Zone, now: Timestamp) -> Result<Timestamp, OpeningRefusal> {
        let day: NaiveDate = self.day.trim().parse().map_err(|_| OpeningRefusal::When)?;
        let time = NaiveTime::parse_from_str(self.time.trim(), "%H:%M").map_err(|_| OpeningRefusal::When)?;
        // Days far beyond any calendar can't be reckoned with.
        let today = chrono::DateTime::<chrono::Utc>::from(now).date_naive();
        if (day - today).num_days().abs() > FURTHEST_DAYS + 2 {
            return Err(OpeningRefusal::NotToCome);
        }
        let at = instant(day.and_time(time), zone);
        if at <= now || at > now.plus_days(FURTHEST_DAYS) { Err(OpeningRefusal::NotToCome) } else { Ok(at) }
    }
}

/// An opening that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Whose.
    pub party: PartyId,
    /// Who writes the first thread.
    pub by: Me,
    /// The first thread, as it was typed.
    pub words: String,
}

/// An opening day to come, as those for whom it is see it. Who has not come is not among it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaited {
    /// What the party is called.
    pub called: String,
    /// How many it has.
    pub size: u32,
    /// When the place opens.
    pub at: Timestamp,
    /// Those of it who are here, the first to come first.
    pub here: Vec<Byline>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opening_day_is_one_to_come_on_the_communitys_clock() {
        let zone = Zone::parse("Europe/Lisbon").expect("a zone");
        // 2026-11-26T12:00:00Z.
        let now = Timestamp(1_795_694_400_000);
        let when = |day: &str, time: &str| OpeningForm { day: day.into(), time: time.into(), ..OpeningForm::default() }.when(&zone, now);
        assert_eq!(when("2026-11-26", "12:01"), Ok(now.plus_seconds(60)));
        assert_eq!(when("2026-11-26", "12:00"), Err(OpeningRefusal::NotToCome));
        for far in ["2028-01-01", "1970-01-01", "+262142-12-31", "-262143-01-01"] {
            assert_eq!(when(far, "12:00"), Err(OpeningRefusal::NotToCome), "{far}");
        }
        assert_eq!(
            [when("", "12:00"), when("2026-12-01", ""), when("soon", "25:00")],
            [Err(OpeningRefusal::When), Err(OpeningRefusal::When), Err(OpeningRefusal::When)]
        );
    }
}
