//! Away: from a day to a day somebody neither hosts nor greets. It ends by itself, or when they say so; members see nothing of it.

use super::weeks::{date_at, day_begins};
use crate::{
    outcome::AboutField,
    text::{self, Field, TextRefusal},
    time::{Timestamp, Zone},
};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// Longest word to the other hosts, in characters.
pub const LONGEST_WORD: usize = 200;
/// For how many days at most one is away, and how far ahead it can be said: whoever is gone for longer gives hosting up.
pub const MOST_DAYS: u64 = 366;

/// That somebody is away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Away {
    /// When it begins.
    pub from: Timestamp,
    /// When they are back.
    pub until: Timestamp,
    /// A word to the other hosts; may be empty.
    pub word: String,
}

impl Away {
    /// Whether they are away at that moment.
    pub fn is_on(&self, now: Timestamp) -> bool {
        self.from <= now && now < self.until
    }
    /// The first and the last day, on a zone's clock.
    pub fn days(&self, zone: &Zone) -> (NaiveDate, NaiveDate) {
        (date_at(self.from, zone), date_at(self.until.plus_seconds(-1), zone))
    }
}

/// The form, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AwayForm {
    /// The first day, `yyyy-mm-dd`; empty is today.
    pub from: String,
    /// The last day.
    pub to: String,
    /// A word to the other hosts, up to [`LONGEST_WORD`] characters; may be empty.
    pub word: String,
}

/// Why it was not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AwayRefusal {
    /// The word is too long.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// The first day is none.
    #[error("From which day are you away? Write it as 2026-12-24, or leave it empty for today.")]
    From,
    /// The last day is none.
    #[error("Until which day are you away? Write the last one, as 2026-12-24. You can come back earlier by a button.")]
    To,
    /// It ends before it begins, or has ended already.
    #[error("The last day is before the first one, or over. Choose one that is still to come.")]
    Order,
    /// More than [`MOST_DAYS`].
    #[error("That is more than a year. Say it for a part, or let somebody else host in your place.")]
    TooLong,
    /// Neither hosts nor greets, so that there is nothing to be away from.
    #[error("You neither host nor greet, so nobody waits for you. Go, and come back when you like.")]
    Nothing,
}

impl AboutField for AwayRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(reason) => reason.field(),
            Self::From => Some("from"),
            Self::To | Self::Order | Self::TooLong => Some("to"),
            Self::Nothing => None,
        }
    }
}

impl AwayForm {
    /// Checks the form: days are those of the community's clock.
    pub fn check(&self, now: Timestamp, zone: &Zone) -> Result<Away, AwayRefusal> {
        let today = date_at(now, zone);
        let day = |text: &str| text.trim().parse::<NaiveDate>().ok();
        let from = if self.from.trim().is_empty() { today } else { day(&self.from).ok_or(AwayRefusal::From)? };
        let to = day(&self.to).ok_or(AwayRefusal::To)?;
        if to < from || to < today {
            return Err(AwayRefusal::Order);
        }
        // Days far beyond any calendar can't be reckoned with: what lies too far ahead is known before anything is added to it.
        let furthest = today + Days::new(MOST_DAYS);
        if from > furthest || to > today.max(from) + Days::new(MOST_DAYS) {
            return Err(AwayRefusal::TooLong);
        }
        let word = text::line(Field("word", "The word to the other hosts"), &self.word, LONGEST_WORD)?;
        // What began before today has been so since today.
        Ok(Away { from: day_begins(from.max(today), zone), until: day_begins(to + Days::new(1), zone), word })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hands::weeks::Week;

    /// Thursday 26 November 2026, 19:30 UTC.
    const NOW: Timestamp = Timestamp(1_795_721_400_000);

    fn form(from: &str, to: &str) -> AwayForm {
        AwayForm { from: from.into(), to: to.into(), word: " At the sea. ".into() }
    }

    #[test]
    fn days_are_whole_ones_of_the_communitys_clock() {
        let lisbon = Zone::parse("Europe/Lisbon").expect("a zone");
        let away = form("2026-12-07", "2026-12-09").check(NOW, &lisbon).expect("fits");
        assert_eq!(away.days(&lisbon), ("2026-12-07".parse().expect("a date"), "2026-12-09".parse().expect("a date")));
        assert_eq!((away.until.0 - away.from.0, away.word.as_str()), (3 * 86_400_000, "At the sea."));
        assert!(!away.is_on(NOW) && away.is_on(away.from) && !away.is_on(away.until));
        let week = |text: &str| text.parse::<Week>().expect("a Monday").is_missed_by(&away, &lisbon);
        assert_eq!([week("2026-11-30"), week("2026-12-07"), week("2026-12-14")], [false, true, false]);
    }

    #[test]
    fn from_nothing_on_is_from_today_on() {
        let away = form("", "2026-11-26").check(NOW, &Zone::utc()).expect("fits");
        assert!(away.is_on(NOW));
        let tokyo = Zone::parse("Asia/Tokyo").expect("a zone");
        assert_eq!(form("", "2026-11-26").check(NOW, &tokyo), Err(AwayRefusal::Order), "there it is the 27th");
    }

    #[test]
    fn what_can_not_be_says_why() {
        for (from, to, reason) in [
            ("soon", "2026-12-09", AwayRefusal::From),
            ("", "", AwayRefusal::To),
            ("2026-12-09", "2026-12-08", AwayRefusal::Order),
            ("2026-11-01", "2026-11-20", AwayRefusal::Order),
            ("", "2028-01-01", AwayRefusal::TooLong),
            ("2030-01-01", "2030-01-02", AwayRefusal::TooLong),
            ("+262142-12-31", "+262142-12-31", AwayRefusal::TooLong),
            ("-262143-01-01", "-262143-01-01", AwayRefusal::Order),
        ] {
            assert_eq!(form(from, to).check(NOW, &Zone::utc()), Err(reason), "{from} to {to}");
        }
        let long = AwayForm { word: "x".repeat(LONGEST_WORD + 1), ..form("", "2026-12-01") };
        assert!(matches!(long.check(NOW, &Zone::utc()), Err(AwayRefusal::Text(_))));
    }
}
