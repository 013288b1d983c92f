//! Times as people read them: in the reader's zone, as calm labels that stay true while the page is open ("Tue 21:04", never
//! "3 minutes ago").
//!
//! The server knows the zones' rules; the client asks the browser's `Intl` for them, so that the zone database is not downloaded.

use crate::here::here;
use domain::{
    time::{Timestamp, Zone},
    viewer::Viewer,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A local date and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Local {
    /// The year.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// 0 is Monday.
    pub weekday: u32,
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
}

/// The months' names.
pub const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
/// The days' names, from Monday.
pub const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

impl Local {
    /// `Thursday`.
    pub fn weekday_name(self) -> &'static str {
        WEEKDAYS[self.weekday as usize % 7]
    }
    /// `November`.
    pub fn month_name(self) -> &'static str {
        MONTHS[(self.month as usize).wrapping_sub(1) % 12]
    }
    /// `19:30`.
    pub fn clock(self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }
    /// `Thursday 26 November 2026, 19:30`.
    pub fn in_full(self) -> String {
        format!("{} {} {} {}, {}", self.weekday_name(), self.day, self.month_name(), self.year, self.clock())
    }
    /// `Thursday 26 November`.
    pub fn date(self) -> String {
        format!("{} {} {}", self.weekday_name(), self.day, self.month_name())
    }
    /// Whether both are on one day.
    pub fn same_day(self, other: Self) -> bool {
        (self.year, self.month, self.day) == (other.year, other.month, other.day)
    }
    /// `March`, and with the year if it is not this one: `March 2025`.
    pub fn month_seen_from(self, now: Self) -> String {
        if self.year == now.year { self.month_name().to_owned() } else { format!("{} {}", self.month_name(), self.year) }
    }
    /// `Thursday 26 November`, and with the year if it is not this one.
    pub fn date_seen_from(self, now: Self) -> String {
        if self.year == now.year { self.date() } else { format!("{} {}", self.date(), self.year) }
    }
    /// As short as stays clear: `19:30` today, `Thu 19:30` within a week, `26 November` within half a year, else with the year.
    pub fn short(self, now: Self, days_ago: i64) -> String {
        match days_ago {
            _ if self.same_day(now) => self.clock(),
            0..=5 => format!("{} {}", &self.weekday_name()[..3], self.clock()),
            6..=180 => format!("{} {}", self.day, self.month_name()),
            _ => format!("{} {} {}", self.day, self.month_name(), self.year),
        }
    }
}

/// The local date and time of an instant in a zone.
#[cfg(feature = "ssr")]
pub fn local(at: Timestamp, zone: &Zone) -> Local {
    use chrono::{Datelike, Timelike};
    let at = chrono::DateTime::<chrono::Utc>::from(at).with_timezone(&zone.rules());
    Local {
        year: at.year(),
        month: at.month(),
        day: at.day(),
        weekday: at.weekday().num_days_from_monday(),
        hour: at.hour(),
        minute: at.minute(),
    }
}

/// The local date and time of an instant in a zone.
#[cfg(not(feature = "ssr"))]
pub fn local(at: Timestamp, zone: &Zone) -> Local {
    use js_sys::{Array, Date, Intl::DateTimeFormat, Object, Reflect};
    use wasm_bindgen::JsValue;
    let options = Object::new();
    for (key, value) in [
        ("timeZone", zone.name()),
        ("hourCycle", "h23"),
        ("year", "numeric"),
        ("month", "2-digit"),
        ("day", "2-digit"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("weekday", "short"),
    ] {
        // Setting a property of a fresh object does not fail.
        _ = Reflect::set(&options, &key.into(), &value.into());
    }
    let format = DateTimeFormat::new(&Array::of1(&"en-GB".into()), &options);
    let parts = format.format_to_parts(&Date::new(&JsValue::from_f64(at.0 as f64)));
    let part = |name: &str| {
        parts.iter().find_map(|part| {
            let get = |key: &str| Reflect::get(&part, &key.into()).ok().and_then(|value| value.as_string());
            get("type").filter(|kind| kind == name).and_then(|_| get("value"))
        })
    };
    let number = |name: &str| part(name).and_then(|text| text.parse::<u32>().ok()).unwrap_or_default();
    let weekday = part("weekday").unwrap_or_default();
    Local {
        year: number("year") as i32,
        month: number("month"),
        day: number("day"),
        weekday: WEEKDAYS.iter().position(|name| name.starts_with(&weekday)).unwrap_or_default() as u32,
        hour: number("hour"),
        minute: number("minute"),
    }
}

/// The current instant.
#[cfg(feature = "ssr")]
pub fn now() -> Timestamp {
    use domain::time::Clock;
    domain::time::SystemClock.now()
}

/// The current instant.
#[cfg(not(feature = "ssr"))]
pub fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64)
}

/// An instant for machines: `2026-11-26T19:30:00Z`.
pub fn machine(at: Timestamp) -> String {
    let utc = local(at, &Zone::utc());
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        utc.year,
        utc.month,
        utc.day,
        utc.hour,
        utc.minute,
        at.0.div_euclid(1000).rem_euclid(60)
    )
}

/// When something was, as short as stays clear, in the reader's zone.
#[component]
pub fn When(
    /// The instant.
    at: Timestamp,
) -> impl IntoView {
    let here = here();
    let (then, now_at) = (local(at, here.zone()), now());
    let label = then.short(local(now_at, here.zone()), (now_at.0 - at.0).div_euclid(86_400_000));
    view! { <time datetime=machine(at) title=then.in_full()>{label}</time> }
}

/// When a session is, in words that the server chose: the client shows them without knowing a clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Its start, for machines.
    pub machine: String,
    /// Its start in full, on the reader's clock.
    pub in_full: String,
    /// It: `19:30 to 21:30`.
    pub label: String,
    /// What stands between it and the other clock; may be empty.
    pub between: String,
    /// The same on another clock; may be empty.
    pub other: String,
}

impl Hours {
    /// When a session is: in the reader's zone, with the gathering's own time beside it where they differ. A visitor's zone is not
    /// known, so a visitor reads the gathering's own. The end is told where there is one.
    pub fn of(viewer: &Viewer, starts_at: Timestamp, ends_at: Option<Timestamp>, zone: &Zone) -> Self {
        let readers = viewer.zone_or(zone);
        let (starts, own) = (local(starts_at, readers), local(starts_at, zone));
        let until = ends_at.map(|at| until(local(at, readers), at.0 - starts_at.0)).unwrap_or_default();
        let differ = starts != own;
        let whose = if differ {
            " your time".to_owned()
        } else if viewer.me().is_none() {
            format!(" {}", in_zone(zone))
        } else {
            String::new()
        };
        Self {
            machine: machine(starts_at),
            in_full: starts.in_full(),
            label: format!("{}{until}{whose}", starts.clock()),
            between: if differ { " ".to_owned() } else { String::new() },
            other: if differ { format!("{} {}", beside(own, starts), in_zone(zone)) } else { String::new() },
        }
    }

    /// When something that repeats starts, after words that count on its own clock: that clock first, then the reader's for the next
    /// time where it differs, such as `19:30 in Lisbon, for an hour: for you Friday 04:30`. `lasting` is how long it takes, in words;
    /// `one_day`, that the words before it name the one day of the week that it falls on.
    pub fn usual(viewer: &Viewer, starts_at: Timestamp, zone: &Zone, lasting: &str, one_day: bool) -> Self {
        let (own, readers) = (local(starts_at, zone), local(starts_at, viewer.zone_or(zone)));
        let for_you = for_you(own, readers, one_day);
        Self {
            machine: machine(starts_at),
            in_full: readers.in_full(),
            label: if own != readers || viewer.me().is_none() { format!("{} {}", own.clock(), in_zone(zone)) } else { own.clock() },
            between: format!(", {lasting}{}", if for_you.is_some() { ": " } else { "" }),
            other: for_you.unwrap_or_default(),
        }
    }
}

/// When a session is, in the words that the server chose.
#[component]
pub fn InHours(
    /// The words.
    hours: Hours,
) -> impl IntoView {
    let Hours { machine, in_full, label, between, other } = hours;
    // An empty text would be written as a space, for the client to find it by.
    view! {
        <span class="zones">
            <time datetime=machine title=in_full>{label}</time>
            {(!between.is_empty()).then_some(between)}
            {(!other.is_empty()).then(|| view! { <span class="zones-other">{other}</span> })}
        </span>
    }
}

/// As [`InHours`], for the pages that the server writes by itself.
#[component]
pub fn Zones(
    /// When it starts.
    starts_at: Timestamp,
    /// When it ends, where that is to be shown.
    #[prop(optional)]
    ends_at: Option<Timestamp>,
    /// The gathering's own zone.
    zone: Zone,
) -> impl IntoView {
    let hours = Hours::of(&here().viewer, starts_at, ends_at, &zone);
    view! { <InHours hours/> }
}

/// The reader's clock beside the gathering's own where they differ: `for you 20:30`, and where the day differs, which: by its name
/// if there is but one day, else as the one before or after.
fn for_you(own: Local, readers: Local, one_day: bool) -> Option<String> {
    let clock = readers.clock();
    match own.same_day(readers) {
        _ if own == readers => None,
        true => Some(format!("for you {clock}")),
        false if one_day => Some(format!("for you {} {clock}", readers.weekday_name())),
        false => {
            let after = (readers.year, readers.month, readers.day) > (own.year, own.month, own.day);
            Some(format!("for you {clock} the day {}", if after { "after" } else { "before" }))
        }
    }
}

/// `on Lisbon’s clock`; a zone that is no city's stands by its name.
pub fn on_clock(zone: &Zone) -> String {
    if zone.name().contains('/') { format!("on {}’s clock", zone.city()) } else { format!("in {}", zone.name()) }
}

/// `in Lisbon`; a zone that is no city's stands by its name.
pub fn in_zone(zone: &Zone) -> String {
    zone.in_words()
}

/// The end of a session so long: ` to 21:00`, with the date if it lasts a day or more.
fn until(ends: Local, milliseconds: i64) -> String {
    if milliseconds < 86_400_000 { format!(" to {}", ends.clock()) } else { format!(" to {}, {}", ends.date(), ends.clock()) }
}

/// The same instant on another clock: `19:30`, with its day if that is another there.
fn beside(own: Local, readers: Local) -> String {
    if own.same_day(readers) { own.clock() } else { format!("{} {}", own.weekday_name(), own.clock()) }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_in_the_readers_zone() {
        let at = Timestamp(1_795_721_400_000);
        assert_eq!(machine(at), "2026-11-26T19:30:00Z");
        assert_eq!(local(at, &Zone::parse("Asia/Tokyo").expect("a zone")).in_full(), "Friday 27 November 2026, 04:30");
    }

    #[test]
    fn labels_are_as_short_as_stays_clear() {
        let zone = Zone::utc();
        let at = |days: i64| local(Timestamp(1_795_721_400_000).plus_days(-days), &zone);
        let labels: Vec<_> = [0, 2, 20, 400].map(|days| at(days).short(at(0), days)).into();
        assert_eq!(labels, ["19:30", "Tue 19:30", "6 November", "22 October 2025"]);
    }

    #[test]
    fn another_clock_names_its_day_where_that_differs() {
        let at = |zone: &str| local(Timestamp(1_795_721_400_000), &Zone::parse(zone).expect("a zone"));
        assert_eq!(beside(at("Europe/Lisbon"), at("Europe/Berlin")), "19:30");
        assert_eq!(beside(at("Europe/Lisbon"), at("Asia/Tokyo")), "Thursday 19:30");
    }

    #[test]
    fn what_repeats_is_told_on_its_own_clock_and_then_on_the_readers() {
        let at = |zone: &str| local(Timestamp(1_795_721_400_000), &Zone::parse(zone).expect("a zone"));
        let [lisbon, berlin, tokyo, honolulu] = ["Europe/Lisbon", "Europe/Berlin", "Asia/Tokyo", "Pacific/Honolulu"].map(at);
        assert_eq!(for_you(lisbon, lisbon, true), None);
        assert_eq!(for_you(lisbon, berlin, true).as_deref(), Some("for you 20:30"));
        assert_eq!(for_you(lisbon, tokyo, true).as_deref(), Some("for you Friday 04:30"));
        assert_eq!(for_you(lisbon, tokyo, false).as_deref(), Some("for you 04:30 the day after"));
        assert_eq!(for_you(tokyo, honolulu, false).as_deref(), Some("for you 09:30 the day before"));
    }

    #[test]
    fn a_clock_is_a_citys_or_stands_by_its_name() {
        assert_eq!(on_clock(&Zone::parse("America/New_York").expect("a zone")), "on New York’s clock");
        assert_eq!(on_clock(&Zone::utc()), "in UTC");
    }

    #[test]
    fn a_date_of_another_year_says_so() {
        let at = |days: i64| local(Timestamp(1_795_721_400_000).plus_days(days), &Zone::utc());
        assert_eq!(at(7).date_seen_from(at(0)), "Thursday 3 December");
        assert_eq!(at(60).date_seen_from(at(0)), "Monday 25 January 2027");
    }

    #[test]
    fn an_end_names_its_date_after_a_day_or_more() {
        let ends = local(Timestamp(1_795_721_400_000), &Zone::utc());
        assert_eq!(until(ends, 3_600_000), " to 19:30");
        assert_eq!(until(ends, 2 * 86_400_000), " to Thursday 26 November, 19:30");
    }
}
