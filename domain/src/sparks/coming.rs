//! Sparks to come: on a day, or each week. Kept as a rule on the community's wall clock (a date, a time of day), so that nine o'clock stays nine
//! o'clock when the clocks change; what it means as an instant is decided when it is looked at.
//!
//! A weekly spark may have several wordings, which take turns. Any host may hold back what another host wrote (pause it, leave the next one out,
//! stop it), since it is the place of all of them; nobody words it but its author, and it goes on again by its author alone.

use super::SparkRefusal;
use crate::{
    gatherings::sessions::instant,
    ids::{MemberId, PostId, SparkId},
    outcome::{Error, Unavailable},
    people::Byline,
    text::{self, Field},
    time::{Timestamp, Zone},
    timeline::{LONGEST_POST, NewPost},
    viewer::Host,
};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// How far ahead a spark may be, in days: a year.
pub const FURTHEST_DAYS: i64 = 366;
/// How long after its time a spark is still sent, in seconds, where the server was not running: six hours, after which good morning is no
/// morning.
pub const GRACE_SECONDS: i64 = 6 * 3600;
/// Most wordings of a weekly spark: a year of them.
pub const MOST_WORDINGS: usize = 52;
/// Most sparks to come, of all hosts.
pub const MOST_TO_COME: usize = 40;

/// When a spark is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// Now.
    #[default]
    Now,
    /// Once, on a day.
    Day,
    /// Each week.
    Weekly,
}

impl When {
    /// The word for it in forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Day => "day",
            Self::Weekly => "weekly",
        }
    }
}

/// The form for a spark, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SparkForm {
    /// What it says, in Markdown; of a weekly one each line is a wording of its own.
    pub words: String,
    /// The key of the prompt that it was made of; may be empty.
    pub prompt: String,
    /// When.
    pub when: When,
    /// For [`When::Day`], `yyyy-mm-dd`.
    pub date: String,
    /// For [`When::Weekly`], the day of the week, 0 being Monday.
    pub weekday: String,
    /// `hh:mm` on the community's clock; for both.
    pub time: String,
}

/// What a form asks for, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// To say this now.
    Now(String),
    /// To have it come.
    Later(NewComing),
}

/// A spark that is to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewComing {
    /// What it says: one wording, or several that take turns.
    pub wordings: Vec<String>,
    /// The key of the prompt that it was made of.
    pub prompt: Option<String>,
    /// The date of the next time, on the community's calendar.
    pub date: NaiveDate,
    /// The time of day, on the community's clock.
    pub time: NaiveTime,
    /// It comes each week.
    pub weekly: bool,
}

impl SparkForm {
    /// The key of the prompt, if it is made of one. A key is short and plain; what is not is none of ours.
    pub fn prompt(&self) -> Option<&str> {
        let plain = |key: &&str| key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        Some(self.prompt.trim()).filter(|key| !key.is_empty() && key.len() <= 40).filter(plain)
    }

    /// Checks the form, in the community's zone.
    pub fn check(&self, zone: &Zone, now: Timestamp) -> Result<Plan, SparkRefusal> {
        let words = text::needed_lines(Field("words", "What you ask"), &self.words, LONGEST_POST)?;
        if self.when == When::Now {
            return Ok(Plan::Now(words));
        }
        let weekly = self.when == When::Weekly;
        let time = || NaiveTime::parse_from_str(self.time.trim(), "%H:%M").map_err(|_| SparkRefusal::Time);
        let (date, time) = if weekly {
            let weekday = self.weekday.trim().parse().ok().filter(|day| *day < 7).ok_or(SparkRefusal::Weekday)?;
            let time = time()?;
            (next_weekday(weekday, time, zone, now), time)
        } else {
            let date: NaiveDate = self.date.trim().parse().map_err(|_| SparkRefusal::Day)?;
            // Near the ends of the calendar, there is no instant to a date.
            if !(1..=9999).contains(&date.year()) {
                return Err(SparkRefusal::NotToCome);
            }
            (date, time()?)
        };
        let at = instant(date.and_time(time), zone);
        if at <= now || at > now.plus_days(FURTHEST_DAYS) {
            return Err(SparkRefusal::NotToCome);
        }
        let wordings = if weekly { wordings(&words) } else { vec![words] };
        if wordings.len() > MOST_WORDINGS {
            return Err(SparkRefusal::TooManyWordings);
        }
        Ok(Plan::Later(NewComing { wordings, prompt: self.prompt().map(str::to_owned), date, time, weekly }))
    }
}

fn wordings(words: &str) -> Vec<String> {
    words.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The date on which it is that day of the week (0 is Monday) and that time next.
fn next_weekday(weekday: u32, time: NaiveTime, zone: &Zone, now: Timestamp) -> NaiveDate {
    let today = zone.date(now);
    let days = (weekday + 7 - today.weekday().num_days_from_monday()) % 7;
    let first = today + Days::new(u64::from(days));
    if instant(first.and_time(time), zone) > now { first } else { first + Days::new(7) }
}

/// A spark to come, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    /// Which.
    pub id: SparkId,
    /// Whose; nobody's, if they have left.
    pub by: Option<Byline>,
    /// Its author is a host.
    pub by_host: bool,
    /// What it is.
    pub new: NewComing,
    /// Which wording is next, counted from 0 over all its weeks.
    pub turn: u32,
    /// It rests until its author lets it go on.
    pub paused: bool,
    /// Who paused it, where that was another host who is still here.
    pub paused_by: Option<Byline>,
    /// How often it was changed; who changes it says what they saw.
    pub changes: i64,
}

/// What becomes of a spark at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Becomes {
    /// Its time has not come; this is when.
    Ahead(Timestamp),
    /// It is sent; a weekly one comes again on a date.
    Due {
        /// When it is next.
        then: Option<NaiveDate>,
    },
    /// It is too late for it.
    Late {
        /// For how many later times it is too late as well.
        missed: u32,
        /// When a weekly one is next.
        then: Option<NaiveDate>,
    },
}

/// What a host wants of a spark to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hold {
    /// That it rests.
    Pause,
    /// That it goes on.
    GoOn,
    /// That the next one is left out.
    Skip,
    /// That it comes no more.
    Stop,
}

/// What that makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// It rests.
    Paused,
    /// It goes on, or is next, on a date.
    On(NaiveDate),
    /// It comes no more.
    Stopped,
}

impl Coming {
    /// When it is next.
    pub fn at(&self, zone: &Zone) -> Timestamp {
        instant(self.new.date.and_time(self.new.time), zone)
    }

    /// Whether the host wrote it.
    pub fn is_by(&self, host: &Host) -> bool {
        self.by.as_ref().is_some_and(|by| by.id == host.me().id)
    }

    /// What it says next.
    pub fn words(&self) -> &str {
        let wordings = &self.new.wordings;
        wordings.get(self.turn as usize % wordings.len().max(1)).map_or("", String::as_str)
    }

    /// The first of its weeks, from `weeks` on, whose instant fits.
    fn week(&self, zone: &Zone, weeks: u32, fits: impl Fn(Timestamp) -> bool) -> (u32, NaiveDate) {
        let on = |week: u32| self.new.date + Days::new(7 * u64::from(week));
        let mut week = weeks;
        while !fits(instant(on(week).and_time(self.new.time), zone)) {
            week += 1;
        }
        (week, on(week))
    }

    /// What becomes of it now.
    pub fn becomes(&self, zone: &Zone, now: Timestamp) -> Becomes {
        let at = self.at(zone);
        if now < at {
            return Becomes::Ahead(at);
        }
        if now <= at.plus_seconds(GRACE_SECONDS) {
            return Becomes::Due { then: self.new.weekly.then(|| self.week(zone, 1, |at| at > now).1) };
        }
        if !self.new.weekly {
            return Becomes::Late { missed: 0, then: None };
        }
        let (week, then) = self.week(zone, 1, |at| at.plus_seconds(GRACE_SECONDS) >= now);
        Becomes::Late { missed: week - 1, then: Some(then) }
    }

    /// What its author's change makes of it. What rests goes on resting and what was left out stays so, whatever it says by now: only the word
    /// for that lets it go on. The turn stays with the wording whose it is.
    pub fn reworded(&self, new: NewComing) -> Self {
        let (old, weekly) = (&self.new, self.new.weekly && new.weekly);
        let turn = if old.wordings.len() == new.wordings.len() {
            self.turn
        } else {
            new.wordings.iter().position(|words| words == self.words()).unwrap_or_default() as u32
        };
        let same_time = weekly && old.date.weekday() == new.date.weekday() && old.time == new.time;
        let date = if same_time { old.date.max(new.date) } else { new.date };
        let new = NewComing { date, prompt: old.prompt.clone(), ..new };
        Self { turn, paused: weekly && self.paused, new, ..self.clone() }
    }

    /// What a member's wish makes of it; nothing, if it is not theirs to have. Pausing, going on and leaving out are for weekly ones.
    pub fn held(&self, hold: Hold, who: MemberId, zone: &Zone, now: Timestamp) -> Option<Held> {
        let own = self.by.as_ref().is_some_and(|by| by.id == who);
        match hold {
            Hold::Stop => Some(Held::Stopped),
            Hold::Pause if self.new.weekly && !self.paused => Some(Held::Paused),
            Hold::GoOn if self.paused && own => Some(Held::On(self.week(zone, 0, |at| at > now).1)),
            Hold::Skip if self.new.weekly && !self.paused => Some(Held::On(self.week(zone, 1, |at| at > now).1)),
            _ => None,
        }
    }
}

/// Up to which date there may be sparks whose time has come, in any zone, or will come soon.
pub fn looks_until(now: Timestamp) -> NaiveDate {
    DateTime::<Utc>::from(now).date_naive() + Days::new(2)
}

/// What is kept of sparks to come.
#[async_trait::async_trait]
pub trait ComingStore: Send + Sync {
    /// All of them, of all hosts. One query.
    async fn coming(&self, host: &Host) -> Result<Vec<Coming>, Unavailable>;
    /// Keeps one to come; the same one of the same host once. Refuses `TooManyToCome`.
    async fn plan(&self, host: &Host, new: &NewComing, at: Timestamp) -> Result<(), Error<SparkRefusal>>;
    /// Changes one of the host's own as it was seen; `false` if it has changed since.
    async fn change(&self, host: &Host, seen: &Coming, reworded: &Coming) -> Result<bool, Unavailable>;
    /// Holds one as it was seen, or lets it go on; `false` if it has changed since. That a host stopped another's is kept.
    async fn hold(&self, host: &Host, seen: &Coming, held: Held, at: Timestamp) -> Result<bool, Unavailable>;
    /// Those that do not rest and whose date is not after `until`.
    async fn due(&self, until: NaiveDate) -> Result<Vec<Coming>, Unavailable>;
    /// Sends one, as it was seen, if nobody else has: the post, that it was a spark, and when it is next (or that it comes no more) are one
    /// unit. Where its author is no host any more, that is kept in place of the post, and it comes no more. Returns the post, if one was sent.
    async fn send(&self, seen: &Coming, post: &NewPost, then: Option<NaiveDate>) -> Result<Option<PostId>, Unavailable>;
    /// Keeps that it was too late for one, as it was seen, and `missed` later times, and when it is next.
    async fn miss(&self, seen: &Coming, missed: u32, then: Option<NaiveDate>, at: Timestamp) -> Result<(), Unavailable>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Handle;
    use chrono::TimeZone;
    use proptest::prelude::*;

    fn zone(name: &str) -> Zone {
        Zone::parse(name).expect("a zone")
    }

    fn at(text: &str) -> Timestamp {
        text.parse::<DateTime<Utc>>().expect("an instant").into()
    }

    fn form(when: When) -> SparkForm {
        SparkForm {
            words: "What are you making?".into(),
            when,
            date: "2026-11-30".into(),
            weekday: "0".into(),
            time: "09:00".into(),
            ..SparkForm::default()
        }
    }

    fn later(form: &SparkForm, zone: &Zone, now: &str) -> NewComing {
        match form.check(zone, at(now)) {
            Ok(Plan::Later(new)) => new,
            other => panic!("{other:?}"),
        }
    }

    fn coming(new: NewComing) -> Coming {
        let by = Byline { id: MemberId(1), name: Handle::parse("marco").expect("a name"), display_name: "Marco".into(), picture: None };
        Coming { id: SparkId(1), by: Some(by), by_host: true, new, turn: 0, paused: false, paused_by: None, changes: 0 }
    }

    #[test]
    fn a_day_is_one_to_come_within_a_year() {
        let lisbon = zone("Europe/Lisbon");
        let new = later(&form(When::Day), &lisbon, "2026-11-30T08:59:59Z");
        assert_eq!((new.date.to_string(), new.time.to_string(), new.weekly), ("2026-11-30".into(), "09:00:00".into(), false));
        for (now, refusal) in [("2026-11-30T09:00:00Z", SparkRefusal::NotToCome), ("2025-11-28T09:00:00Z", SparkRefusal::NotToCome)] {
            assert_eq!(form(When::Day).check(&lisbon, at(now)), Err(refusal));
        }
        let wrong = |form: SparkForm| form.check(&lisbon, at("2026-11-26T09:00:00Z")).expect_err("refused");
        assert_eq!(wrong(SparkForm { date: "30 November".into(), ..form(When::Day) }), SparkRefusal::Day);
        assert_eq!(wrong(SparkForm { time: "nine".into(), ..form(When::Day) }), SparkRefusal::Time);
        assert_eq!(wrong(SparkForm { weekday: "7".into(), ..form(When::Weekly) }), SparkRefusal::Weekday);
        assert_eq!(wrong(SparkForm { weekday: String::new(), ..form(When::Weekly) }), SparkRefusal::Weekday);
        assert!(matches!(wrong(SparkForm { words: " ".into(), ..form(When::Now) }), SparkRefusal::Text(_)));
        assert_eq!(wrong(SparkForm { words: "a\n".repeat(53), ..form(When::Weekly) }), SparkRefusal::TooManyWordings);
    }

    #[test]
    fn a_week_begins_with_the_next_such_day_and_its_lines_take_turns() {
        let lisbon = zone("Europe/Lisbon");
        let weekly = SparkForm { words: "First?\n\n Second? \nThird?".into(), ..form(When::Weekly) };
        for (now, first) in [
            ("2026-11-26T12:00:00Z", "2026-11-30"),
            ("2026-11-30T08:59:00Z", "2026-11-30"),
            ("2026-11-30T09:00:00Z", "2026-12-07"),
            ("2026-11-29T23:59:00Z", "2026-11-30"),
        ] {
            assert_eq!(later(&weekly, &lisbon, now).date.to_string(), first, "{now}");
        }
        let mut spark = coming(later(&weekly, &lisbon, "2026-11-26T12:00:00Z"));
        let mut said = Vec::new();
        for turn in 0..4 {
            spark.turn = turn;
            said.push(spark.words().to_owned());
        }
        assert_eq!(said, ["First?", "Second?", "Third?", "First?"]);
    }

    #[test]
    fn nine_stays_nine_when_the_clocks_change() {
        let lisbon = zone("Europe/Lisbon");
        let mut spark = coming(later(&form(When::Weekly), &lisbon, "2026-10-18T12:00:00Z"));
        assert_eq!(spark.at(&lisbon), at("2026-10-19T08:00:00Z"), "in summer");
        let Becomes::Due { then: Some(then) } = spark.becomes(&lisbon, at("2026-10-19T08:00:05Z")) else { panic!("due") };
        spark.new.date = then;
        assert_eq!(spark.at(&lisbon), at("2026-10-26T09:00:00Z"), "the clocks went back on the 25th");
        assert_eq!(spark.becomes(&lisbon, at("2026-10-26T08:30:00Z")), Becomes::Ahead(at("2026-10-26T09:00:00Z")));
    }

    #[test]
    fn a_spark_is_sent_within_six_hours_and_not_after() {
        let utc = Zone::utc();
        let once = coming(later(&form(When::Day), &utc, "2026-11-26T12:00:00Z"));
        assert_eq!(once.becomes(&utc, at("2026-11-30T15:00:00Z")), Becomes::Due { then: None });
        assert_eq!(once.becomes(&utc, at("2026-11-30T15:00:01Z")), Becomes::Late { missed: 0, then: None });
        let weekly = coming(later(&form(When::Weekly), &utc, "2026-11-26T12:00:00Z"));
        let on = |date: &str| Some(date.parse().expect("a date"));
        assert_eq!(weekly.becomes(&utc, at("2026-11-30T15:00:01Z")), Becomes::Late { missed: 0, then: on("2026-12-07") });
        assert_eq!(weekly.becomes(&utc, at("2026-12-14T10:00:00Z")), Becomes::Late { missed: 1, then: on("2026-12-14") });
    }

    #[test]
    fn what_no_calendar_has_is_refused_and_no_key_of_a_prompt_is_kept() {
        for zone in ["America/New_York", "Pacific/Apia", "UTC"].map(zone) {
            for date in ["-262143-01-01", "+262142-12-31", "-0001-01-01", "+10000-01-01"] {
                let form = SparkForm { date: date.into(), ..form(When::Day) };
                assert!(form.check(&zone, at("2026-11-26T12:00:00Z")).is_err(), "{date}");
            }
        }
        let key = |key: &str| SparkForm { prompt: key.into(), ..SparkForm::default() }.prompt().map(str::to_owned);
        assert_eq!((key(" own-12 "), key("bread\0"), key("é"), key(&"x".repeat(41))), (Some("own-12".into()), None, None, None));
    }

    #[test]
    fn a_change_lets_nothing_go_on_and_takes_no_turn_away() {
        let utc = Zone::utc();
        let weekly = |words: &str| later(&SparkForm { words: words.into(), ..form(When::Weekly) }, &utc, "2026-11-26T12:00:00Z");
        let mut spark = Coming { turn: 4, paused: true, ..coming(weekly("First?\nSecnd?\nThird?")) };
        spark.new.date = "2026-12-14".parse().expect("a date");
        let mended = spark.reworded(weekly("First?\nSecond?\nThird?"));
        assert_eq!((mended.words(), mended.paused, mended.new.date.to_string()), ("Second?", true, "2026-12-14".into()));
        assert_eq!(spark.reworded(weekly("None?\nThird?\nSecnd?\nFirst?")).words(), "Secnd?", "its turn goes along");
        assert_eq!(spark.reworded(weekly("Anew?\nAgain?")).words(), "Anew?");
        let later_that_day = later(&SparkForm { time: "10:30".into(), ..form(When::Weekly) }, &utc, "2026-11-26T12:00:00Z");
        assert_eq!(spark.reworded(later_that_day).new.date.to_string(), "2026-11-30", "another time is a new beginning");
        let once = spark.reworded(later(&form(When::Day), &utc, "2026-11-26T12:00:00Z"));
        assert_eq!((once.paused, once.words()), (false, "What are you making?"), "what comes once does not rest");
    }

    #[test]
    fn any_host_holds_a_spark_back_and_its_author_lets_it_go_on() {
        let utc = Zone::utc();
        let (author, other) = (MemberId(1), MemberId(2));
        let spark = coming(later(&form(When::Weekly), &utc, "2026-11-26T12:00:00Z"));
        let now = at("2026-11-26T12:00:00Z");
        let on = |date: &str| Some(Held::On(date.parse().expect("a date")));
        for who in [author, other] {
            assert_eq!(spark.held(Hold::Stop, who, &utc, now), Some(Held::Stopped));
            assert_eq!(spark.held(Hold::Pause, who, &utc, now), Some(Held::Paused));
            assert_eq!(spark.held(Hold::Skip, who, &utc, now), on("2026-12-07"));
            assert_eq!(spark.held(Hold::GoOn, who, &utc, now), None, "it does not rest");
        }
        let resting = Coming { paused: true, ..spark };
        assert_eq!(resting.held(Hold::GoOn, other, &utc, now), None, "nobody else has it speak for them");
        assert_eq!(resting.held(Hold::GoOn, author, &utc, at("2026-12-10T12:00:00Z")), on("2026-12-14"));
        assert_eq!([Hold::Pause, Hold::Skip].map(|hold| resting.held(hold, author, &utc, now)), [None, None]);
        let once = coming(later(&form(When::Day), &utc, "2026-11-26T12:00:00Z"));
        assert_eq!([Hold::Pause, Hold::Skip, Hold::GoOn].map(|hold| once.held(hold, author, &utc, now)), [None; 3]);
    }

    fn some_zone() -> impl Strategy<Value = Zone> {
        proptest::sample::select(vec!["Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "UTC"])
            .prop_map(zone)
    }

    proptest! {
        #[test]
        fn what_a_form_plans_is_to_come_and_at_that_time_on_the_wall(
            zone in some_zone(), seconds in 0_i64..4 * 366 * 86_400, weekday in 0_u32..7, minutes in 0_u32..1440,
        ) {
            let now = at("2024-01-01T00:00:00Z").plus_seconds(seconds);
            let time = NaiveTime::from_num_seconds_from_midnight_opt(60 * minutes, 0).expect("a time");
            let form = SparkForm { weekday: weekday.to_string(), time: time.format("%H:%M").to_string(), ..form(When::Weekly) };
            let Ok(Plan::Later(new)) = form.check(&zone, now) else { return Err(TestCaseError::fail("refused")) };
            let planned = instant(new.date.and_time(new.time), &zone);
            prop_assert!(now < planned && planned <= now.plus_days(8));
            prop_assert_eq!(new.date.weekday().num_days_from_monday(), weekday);
        }

        #[test]
        fn each_week_happens_once_however_the_clock_is_looked_at(
            zone in some_zone(), begins in 0_i64..366 * 86_400, weekday in 0_u32..7, minutes in 0_u32..1440,
            looks in proptest::collection::vec(prop_oneof![1_i64..120, 60_i64..86_400, 86_400_i64..3_000_000], 1..120),
        ) {
            let mut now = at("2025-06-01T00:00:00Z").plus_seconds(begins);
            let time = NaiveTime::from_num_seconds_from_midnight_opt(60 * minutes, 0).expect("a time");
            let form = SparkForm { weekday: weekday.to_string(), time: time.format("%H:%M").to_string(), ..form(When::Weekly) };
            let Ok(Plan::Later(new)) = form.check(&zone, now) else { return Err(TestCaseError::fail("refused")) };
            let (mut spark, mut next) = (coming(new.clone()), new.date);
            for look in looks {
                now = now.plus_seconds(look);
                loop {
                    let planned = spark.at(&zone);
                    prop_assert_eq!(spark.new.date, next, "no week is passed over in silence");
                    match spark.becomes(&zone, now) {
                        Becomes::Ahead(at) => { prop_assert!(at > now && at == planned); break; }
                        Becomes::Due { then: Some(then) } => {
                            prop_assert!(planned <= now && now.0 - planned.0 <= 1000 * GRACE_SECONDS);
                            let skipped = zone.rules().from_local_datetime(&next.and_time(time)).earliest().is_none();
                            let wall = DateTime::<Utc>::from(planned).with_timezone(&zone.rules()).naive_local();
                            prop_assert!(skipped || wall == next.and_time(time), "{wall} is not {time} on {next}");
                            next = next + Days::new(7);
                            prop_assert_eq!(then, next);
                            spark.new.date = then;
                        }
                        Becomes::Late { missed, then: Some(then) } => {
                            prop_assert!(planned.plus_seconds(GRACE_SECONDS) < now);
                            next = next + Days::new(7 * u64::from(missed + 1));
                            prop_assert_eq!(then, next);
                            spark.new.date = then;
                        }
                        other => return Err(TestCaseError::fail(format!("{other:?}"))),
                    }
                }
            }
        }
    }
}
