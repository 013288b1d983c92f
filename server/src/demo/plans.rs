//! The gatherings of Lantern Street: dates are told in days from the founding, so that they are always around today.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use domain::{
    gatherings::{
        GatheringForm,
        rule::{How, RepeatForm},
    },
    timeline::Audience,
};

/// A gathering and how many come.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Who plans it.
    pub by: &'static str,
    /// When it is planned, in days after the founding.
    pub planned: i64,
    /// The first date is the first such day of the week, this many days after the founding or later.
    pub first: (i64, Weekday),
    /// How it repeats, and the N of "every N".
    pub how: (How, &'static str),
    /// Its title.
    pub title: &'static str,
    /// What it is.
    pub markdown: &'static str,
    /// The wall-clock start.
    pub time: &'static str,
    /// How long it takes.
    pub minutes: &'static str,
    /// Its zone, where it is not the community's.
    pub zone: &'static str,
    /// Where to go.
    pub place: &'static str,
    /// Where to click.
    pub link: &'static str,
    /// For everybody.
    pub public: bool,
    /// How many of a hundred members answer a session.
    pub answers: usize,
}

/// The gatherings; the first is planned while the community is founded.
pub const PLANS: [Plan; 6] = [
    Plan {
        by: "ines",
        planned: 0,
        first: (1, Weekday::Thu),
        how: (How::Weekly, ""),
        title: "Thursday drawing party",
        markdown: "Bring anything that leaves a mark. We begin with a **prompt**, go quiet for an hour, then lay everything on the long table and look.\n\nNobody has to show. Nobody has to be good. There's tea.",
        time: "19:30",
        minutes: "120",
        zone: "",
        place: "The hall with the blue door",
        link: "https://meet.lantern.example/thursday",
        public: true,
        answers: 46,
    },
    Plan {
        by: "kofi",
        planned: 2,
        first: (5, Weekday::Sun),
        how: (How::MonthlyByWeekday, ""),
        title: "Soup night",
        markdown: "One pot, many bowls. Bring *your own bowl*, and bread if you pass the second bakery. Tell @kofi what you can't eat.",
        time: "18:00",
        minutes: "180",
        zone: "",
        place: "Canteen behind the school",
        link: "",
        public: true,
        answers: 62,
    },
    Plan {
        by: "hannah",
        planned: 9,
        first: (12, Weekday::Tue),
        how: (How::Weekly, "2"),
        title: "Kitchen choir",
        markdown: "Four songs, no audience, dumplings by Mei-lin. Come for the second verse.",
        time: "20:00",
        minutes: "90",
        zone: "",
        place: "Number 13, second floor, the kitchen",
        link: "",
        public: false,
        answers: 34,
    },
    Plan {
        by: "yuki",
        planned: 11,
        first: (13, Weekday::Sun),
        how: (How::Weekly, ""),
        title: "Early brushes with Yuki",
        markdown: "Half an hour of brush and ink while it's morning in Nagoya and late on the street. Cameras on the paper, not on faces.",
        time: "07:30",
        minutes: "30",
        zone: "Asia/Tokyo",
        place: "",
        link: "https://meet.lantern.example/brushes",
        public: false,
        answers: 14,
    },
    Plan {
        by: "ines",
        planned: 30,
        first: (34, Weekday::Sat),
        how: (How::Once, ""),
        title: "The night of the lanterns",
        markdown: "Ninety-one windows, one string, a tram that goes slowly. Teresa lights the first.",
        time: "18:30",
        minutes: "180",
        zone: "",
        place: "The whole street",
        link: "",
        public: true,
        answers: 88,
    },
    Plan {
        by: "baptiste",
        planned: 35,
        first: (46, Weekday::Sat),
        how: (How::Once, ""),
        title: "Sketch walk down to the water",
        markdown: "From the hall to the water by way of every staircase:\n\n1. two hours\n2. eleven stops\n3. a custard tart at each end\n\nThe *scenic route* (tram to stop five) needs no stairs; we meet at the fountain.",
        time: "10:00",
        minutes: "150",
        zone: "",
        place: "The hall with the blue door",
        link: "",
        public: false,
        answers: 40,
    },
];

/// What people write beside their answer.
pub const NOTES: [&str; 14] = [
    "Bringing bread.",
    "A little late, start without me.",
    "With the twins!",
    "Only for the first hour.",
    "I'll carry chairs.",
    "By the call, from the kitchen.",
    "If the shift lets me.",
    "Bringing somebody new.",
    "I'll bring the good tea.",
    "Saving a seat by the heater, please.",
    "I have a cold, so I'll sit by the door.",
    "Finally!",
    "I'll make the dumplings.",
    "One pencil, ready.",
];

impl Plan {
    /// The form as somebody would fill it in who plans this with a community founded on that day.
    pub fn form(&self, founded: NaiveDate) -> GatheringForm {
        let (after, weekday) = self.first;
        let earliest = founded + Days::new(after.unsigned_abs());
        let wait = (7 + weekday.num_days_from_monday() - earliest.weekday().num_days_from_monday()) % 7;
        GatheringForm {
            title: self.title.into(),
            markdown: self.markdown.into(),
            date: (earliest + Days::new(u64::from(wait))).to_string(),
            time: self.time.into(),
            minutes: self.minutes.into(),
            time_zone: self.zone.into(),
            repeat: RepeatForm { how: self.how.0, every: self.how.1.into(), ..RepeatForm::default() },
            place: self.place.into(),
            link: self.link.into(),
            audience: if self.public { Audience::Public } else { Audience::Community },
            announce: (self.planned > 0).then(|| "on".into()),
            ..GatheringForm::default()
        }
    }
}

/// The roster of a choir that is about to move in.
pub const CHOIR: &str = "\
Name; A line about them; Interests
Graça Antunes; sings alto, and knows every verse; fado, baking
Zoë Ångström; came for the choir and stayed for the soup; soup, swimming
Nguyễn Văn Đạt; the only bass, so he is never late; cycling, repair
Seán O’Brien; conducts with a wooden spoon; baking, folk songs
Юлия Щёкина; has perfect pitch and keeps quiet about it; piano, tea
Teodoro Pinto; lends out his van; vans, dogs
";

/// What the founder says to the choir on its opening day.
pub const CHOIR_OPENS: &str = "Dear Tuesday choir, the light is on. Tell the street what you are rehearsing, and who of you can draw.";
