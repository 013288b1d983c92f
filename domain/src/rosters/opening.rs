//! An opening day: until then whoever of a party has come early sees how many of the others are here; on the day the host's first thread is
//! written, under the host's own name, and all for whom the place opens are told once. A first gathering may come with it: one that is planned
//! already is shown on the timeline then; one that is new is planned then, as the host's own.

use crate::{
    gatherings::{Gathering, GatheringForm, NewGathering, PlanRefusal, sessions::instant},
    ids::{GatheringId, PartyId},
    outcome::AboutField,
    people::Byline,
    time::{Timestamp, Zone},
    timeline::{Audience, PostRefusal},
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

/// The first gathering of an opening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum First {
    /// One that is planned already, by its address part.
    Planned(String),
    /// One that is planned when the place opens, as it was typed.
    New {
        /// Its title.
        title: String,
        /// Its day, `yyyy-mm-dd`.
        date: String,
        /// Its time, `hh:mm`, on the community's clock.
        time: String,
        /// Where.
        place: String,
    },
}

impl First {
    /// The form by which a new one is planned; it is told on the timeline. None, where it is planned already.
    pub fn form(&self) -> Option<GatheringForm> {
        let Self::New { title, date, time, place } = self else { return None };
        Some(GatheringForm {
            title: title.clone(),
            date: date.clone(),
            time: time.clone(),
            place: place.clone(),
            announce: Some("yes".to_owned()),
            ..GatheringForm::default()
        })
    }
}

/// A first gathering as it is shown to all on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FirstGathering {
    /// One that is planned: which, who may see it, and its title.
    Planned(GatheringId, Audience, String),
    /// One to be planned.
    New(Box<NewGathering>),
}

impl FirstGathering {
    /// A planned one, if it is for all and something of it is still to come.
    pub fn of(gathering: Gathering, now: Timestamp) -> Option<Self> {
        let comes = gathering.not_over(now).any(|session| !session.cancelled);
        let for_all = gathering.audience != Audience::Named;
        (comes && for_all).then_some(Self::Planned(gathering.id, gathering.audience, gathering.title))
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
    /// The first gathering, if one comes with it.
    pub first: Option<First>,
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
    /// The address part of a gathering that is planned already; may be empty.
    pub planned: String,
    /// The title of a new one; empty, where there is none.
    pub title: String,
    /// Its day, `yyyy-mm-dd`; empty is the opening day.
    pub first_day: String,
    /// Its time, `hh:mm`; empty is that of the opening.
    pub first_time: String,
    /// Where.
    pub place: String,
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
    /// Both a gathering that is planned and a new one.
    #[error("Choose a first one that is planned already, or write down a new one: not both.")]
    Both,
    /// It is not there, or not for all, or over.
    #[error("That one is not there any more, or is not for everybody here. Choose another.")]
    NoSuch,
    /// The new one can't be planned.
    #[error(transparent)]
    First(#[from] PlanRefusal),
    /// The new one is before the opening.
    #[error("The first one comes when the place is open: choose the opening day, or one after it.")]
    BeforeOpening,
    /// It has opened.
    #[error("It has opened already: the first thread is on the timeline.")]
    Opened,
}

impl AboutField for OpeningRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::When | Self::NotToCome => Some("day"),
            Self::Words(_) => Some("words"),
            Self::Both | Self::NoSuch => Some("planned"),
            Self::First(PlanRefusal::Nowhere) => Some("place"),
            Self::First(PlanRefusal::Date | PlanRefusal::Past) | Self::BeforeOpening => Some("first_day"),
            Self::First(PlanRefusal::Time) => Some("first_time"),
            Self::First(_) => Some("title"),
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

impl OpeningForm {
    /// The first gathering that is wished for, if one is.
    pub fn first(&self) -> Result<Option<First>, OpeningRefusal> {
        let [planned, title, place] = [&self.planned, &self.title, &self.place].map(|typed| typed.trim().to_owned());
        let or = |typed: &str, or: &str| if typed.trim().is_empty() { or.trim().to_owned() } else { typed.trim().to_owned() };
        match (planned.is_empty(), title.is_empty() && place.is_empty()) {
            (true, true) => Ok(None),
            (false, true) => Ok(Some(First::Planned(planned))),
            (true, false) => {
                Ok(Some(First::New { title, date: or(&self.first_day, &self.day), time: or(&self.first_time, &self.time), place }))
            }
            (false, false) => Err(OpeningRefusal::Both),
        }
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
    /// The first gathering, if one comes with it.
    pub first: Option<First>,
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

impl Awaited {
    /// Whether it is the party by which a member came.
    pub fn is_of(&self, me: &Me) -> bool {
        self.here.iter().any(|who| who.id == me.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_gathering_is_one_that_is_planned_or_a_new_one() {
        let form = |planned: &str, title: &str, place: &str| OpeningForm {
            day: "2026-12-03".into(),
            time: "18:00".into(),
            planned: planned.into(),
            title: title.into(),
            place: place.into(),
            ..OpeningForm::default()
        };
        assert_eq!(form("", " ", "").first(), Ok(None));
        assert_eq!(form("soup", "", "").first(), Ok(Some(First::Planned("soup".into()))));
        assert_eq!(form("soup", "Songs", "").first(), Err(OpeningRefusal::Both));
        let new =
            |date: &str, time: &str| First::New { title: "Songs".into(), date: date.into(), time: time.into(), place: "The hall".into() };
        assert_eq!(form("", "Songs", "The hall").first(), Ok(Some(new("2026-12-03", "18:00"))));
        let later = OpeningForm { first_day: "2026-12-05".into(), first_time: "20:00".into(), ..form("", "Songs", "The hall") };
        assert_eq!(later.first(), Ok(Some(new("2026-12-05", "20:00"))));
        assert!(new("2026-12-05", "20:00").form().is_some_and(|form| form.announce.is_some()));
        assert_eq!(First::Planned("soup".into()).form(), None);
    }

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
