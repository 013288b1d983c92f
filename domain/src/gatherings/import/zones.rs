//! Zones as calendars write them: by IANA's names, by those names behind a prefix of the program's own, and by Windows' names.

use crate::time::Zone;
use chrono::NaiveDate;
use chrono_tz::Tz;
use std::{collections::BTreeMap, sync::LazyLock};

/// Windows' names for zones, and the IANA zone of each (Unicode CLDR 47, `windowsZones.xml`, territory 001).
const WINDOWS: [(&str, &str); 138] = [
    ("AUS Central Standard Time", "Australia/Darwin"),
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    ("Afghanistan Standard Time", "Asia/Kabul"),
    ("Alaskan Standard Time", "America/Anchorage"),
    ("Aleutian Standard Time", "America/Adak"),
    ("Altai Standard Time", "Asia/Barnaul"),
    ("Arab Standard Time", "Asia/Riyadh"),
    ("Arabian Standard Time", "Asia/Dubai"),
    ("Arabic Standard Time", "Asia/Baghdad"),
    ("Argentina Standard Time", "America/Argentina/Buenos_Aires"),
    ("Astrakhan Standard Time", "Europe/Astrakhan"),
    ("Atlantic Standard Time", "America/Halifax"),
    ("Aus Central W. Standard Time", "Australia/Eucla"),
    ("Azerbaijan Standard Time", "Asia/Baku"),
    ("Azores Standard Time", "Atlantic/Azores"),
    ("Bahia Standard Time", "America/Bahia"),
    ("Bangladesh Standard Time", "Asia/Dhaka"),
    ("Belarus Standard Time", "Europe/Minsk"),
    ("Bougainville Standard Time", "Pacific/Bougainville"),
    ("Canada Central Standard Time", "America/Regina"),
    ("Cape Verde Standard Time", "Atlantic/Cape_Verde"),
    ("Caucasus Standard Time", "Asia/Yerevan"),
    ("Cen. Australia Standard Time", "Australia/Adelaide"),
    ("Central America Standard Time", "America/Guatemala"),
    ("Central Asia Standard Time", "Asia/Bishkek"),
    ("Central Brazilian Standard Time", "America/Cuiaba"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("Central Pacific Standard Time", "Pacific/Guadalcanal"),
    ("Central Standard Time", "America/Chicago"),
    ("Central Standard Time (Mexico)", "America/Mexico_City"),
    ("Chatham Islands Standard Time", "Pacific/Chatham"),
    ("China Standard Time", "Asia/Shanghai"),
    ("Cuba Standard Time", "America/Havana"),
    ("Dateline Standard Time", "Etc/GMT+12"),
    ("E. Africa Standard Time", "Africa/Nairobi"),
    ("E. Australia Standard Time", "Australia/Brisbane"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("E. South America Standard Time", "America/Sao_Paulo"),
    ("Easter Island Standard Time", "Pacific/Easter"),
    ("Eastern Standard Time", "America/New_York"),
    ("Eastern Standard Time (Mexico)", "America/Cancun"),
    ("Egypt Standard Time", "Africa/Cairo"),
    ("Ekaterinburg Standard Time", "Asia/Yekaterinburg"),
    ("FLE Standard Time", "Europe/Kiev"),
    ("Fiji Standard Time", "Pacific/Fiji"),
    ("GMT Standard Time", "Europe/London"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("Georgian Standard Time", "Asia/Tbilisi"),
    ("Greenland Standard Time", "America/Godthab"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("Haiti Standard Time", "America/Port-au-Prince"),
    ("Hawaiian Standard Time", "Pacific/Honolulu"),
    ("India Standard Time", "Asia/Calcutta"),
    ("Iran Standard Time", "Asia/Tehran"),
    ("Israel Standard Time", "Asia/Jerusalem"),
    ("Jordan Standard Time", "Asia/Amman"),
    ("Kaliningrad Standard Time", "Europe/Kaliningrad"),
    ("Korea Standard Time", "Asia/Seoul"),
    ("Libya Standard Time", "Africa/Tripoli"),
    ("Line Islands Standard Time", "Pacific/Kiritimati"),
    ("Lord Howe Standard Time", "Australia/Lord_Howe"),
    ("Magadan Standard Time", "Asia/Magadan"),
    ("Magallanes Standard Time", "America/Punta_Arenas"),
    ("Marquesas Standard Time", "Pacific/Marquesas"),
    ("Mauritius Standard Time", "Indian/Mauritius"),
    ("Middle East Standard Time", "Asia/Beirut"),
    ("Montevideo Standard Time", "America/Montevideo"),
    ("Morocco Standard Time", "Africa/Casablanca"),
    ("Mountain Standard Time", "America/Denver"),
    ("Mountain Standard Time (Mexico)", "America/Mazatlan"),
    ("Myanmar Standard Time", "Asia/Rangoon"),
    ("N. Central Asia Standard Time", "Asia/Novosibirsk"),
    ("Namibia Standard Time", "Africa/Windhoek"),
    ("Nepal Standard Time", "Asia/Katmandu"),
    ("New Zealand Standard Time", "Pacific/Auckland"),
    ("Newfoundland Standard Time", "America/St_Johns"),
    ("Norfolk Standard Time", "Pacific/Norfolk"),
    ("North Asia East Standard Time", "Asia/Irkutsk"),
    ("North Asia Standard Time", "Asia/Krasnoyarsk"),
    ("North Korea Standard Time", "Asia/Pyongyang"),
    ("Omsk Standard Time", "Asia/Omsk"),
    ("Pacific SA Standard Time", "America/Santiago"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("Pacific Standard Time (Mexico)", "America/Tijuana"),
    ("Pakistan Standard Time", "Asia/Karachi"),
    ("Paraguay Standard Time", "America/Asuncion"),
    ("Qyzylorda Standard Time", "Asia/Qyzylorda"),
    ("Romance Standard Time", "Europe/Paris"),
    ("Russia Time Zone 10", "Asia/Srednekolymsk"),
    ("Russia Time Zone 11", "Asia/Kamchatka"),
    ("Russia Time Zone 3", "Europe/Samara"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("SA Eastern Standard Time", "America/Cayenne"),
    ("SA Pacific Standard Time", "America/Bogota"),
    ("SA Western Standard Time", "America/La_Paz"),
    ("SE Asia Standard Time", "Asia/Bangkok"),
    ("Saint Pierre Standard Time", "America/Miquelon"),
    ("Sakhalin Standard Time", "Asia/Sakhalin"),
    ("Samoa Standard Time", "Pacific/Apia"),
    ("Sao Tome Standard Time", "Africa/Sao_Tome"),
    ("Saratov Standard Time", "Europe/Saratov"),
    ("Singapore Standard Time", "Asia/Singapore"),
    ("South Africa Standard Time", "Africa/Johannesburg"),
    ("South Sudan Standard Time", "Africa/Juba"),
    ("Sri Lanka Standard Time", "Asia/Colombo"),
    ("Sudan Standard Time", "Africa/Khartoum"),
    ("Syria Standard Time", "Asia/Damascus"),
    ("Taipei Standard Time", "Asia/Taipei"),
    ("Tasmania Standard Time", "Australia/Hobart"),
    ("Tocantins Standard Time", "America/Araguaina"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("Tomsk Standard Time", "Asia/Tomsk"),
    ("Tonga Standard Time", "Pacific/Tongatapu"),
    ("Transbaikal Standard Time", "Asia/Chita"),
    ("Turkey Standard Time", "Europe/Istanbul"),
    ("Turks And Caicos Standard Time", "America/Grand_Turk"),
    ("US Eastern Standard Time", "America/Indiana/Indianapolis"),
    ("US Mountain Standard Time", "America/Phoenix"),
    ("UTC+12", "Etc/GMT-12"),
    ("UTC+13", "Etc/GMT-13"),
    ("UTC-02", "Etc/GMT+2"),
    ("UTC-08", "Etc/GMT+8"),
    ("UTC-09", "Etc/GMT+9"),
    ("UTC-11", "Etc/GMT+11"),
    ("Ulaanbaatar Standard Time", "Asia/Ulaanbaatar"),
    ("Venezuela Standard Time", "America/Caracas"),
    ("Vladivostok Standard Time", "Asia/Vladivostok"),
    ("Volgograd Standard Time", "Europe/Volgograd"),
    ("W. Australia Standard Time", "Australia/Perth"),
    ("W. Central Africa Standard Time", "Africa/Lagos"),
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("W. Mongolia Standard Time", "Asia/Hovd"),
    ("West Asia Standard Time", "Asia/Tashkent"),
    ("West Bank Standard Time", "Asia/Hebron"),
    ("West Pacific Standard Time", "Pacific/Port_Moresby"),
    ("Yakutsk Standard Time", "Asia/Yakutsk"),
    ("Yukon Standard Time", "America/Whitehorse"),
];

/// The zone that a calendar means by a name; `None` where it is none that the world agreed on.
pub(super) fn named(written: &str) -> Option<Zone> {
    let name = written.trim().trim_matches('"');
    if let Some(zone) = iana(name) {
        return Some(zone);
    }
    if let Ok(at) = WINDOWS.binary_search_by(|(windows, _)| windows.cmp(&name)) {
        return Zone::parse(WINDOWS[at].1).ok();
    }
    // `/freeassociation.sourceforge.net/Europe/Berlin`, `/mozilla.org/20050126_1/America/Argentina/Buenos_Aires`: the longest end
    // that is a name. No name of more than three parts is one.
    let parts: Vec<&str> = name.rsplitn(4, '/').collect();
    let ends = (2..=parts.len().min(3)).rev().map(|count| parts[..count].iter().rev().copied().collect::<Vec<_>>().join("/"));
    let found = ends.into_iter().find_map(|end| iana(&end));
    let found = found.or_else(|| cities(name));
    // `tzone://Microsoft/Utc`.
    found.or_else(|| parts.first().filter(|last| parts.len() > 1 && last.eq_ignore_ascii_case("utc")).map(|_| Zone::utc()))
}

/// Zones by their cities: the first of its name.
static CITIES: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
    let named = chrono_tz::TZ_VARIANTS.iter().filter(|zone| zone.name().contains('/') && !zone.name().starts_with("Etc/"));
    let by_city = named.map(|zone| (zone.name().rsplit('/').next().unwrap_or_default().replace('_', " "), zone.name()));
    // Later ones give way to earlier ones.
    by_city.rev().collect()
});

/// `(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna`: the zone of the first city that has one of its name.
fn cities(name: &str) -> Option<Zone> {
    let (clock, cities) = name.split_once(')')?;
    if !(clock.starts_with("(UTC") || clock.starts_with("(GMT")) {
        return None;
    }
    let found = cities.split(',').take(10).find_map(|city| CITIES.get(city.trim()))?;
    Zone::parse(found).ok()
}

fn iana(name: &str) -> Option<Zone> {
    if matches!(name.to_ascii_uppercase().as_str(), "UTC" | "Z" | "GMT" | "ETC/UTC") {
        return Some(Zone::utc());
    }
    // What the database keeps from earlier days (`EST`, `CET`, `W-SU`) stays as it is; `US/Pacific` too.
    Zone::parse(name).ok()
}

/// Whether two zones have the same clock around a date: at its middle of each of the twelve months that follow.
pub(super) fn agree(one: &Zone, other: &Zone, from: NaiveDate) -> bool {
    use chrono::{Months, Offset, TimeZone};
    let offset = |zone: &Tz, at: NaiveDate| zone.offset_from_utc_datetime(&at.and_time(chrono::NaiveTime::MIN)).fix();
    let (one, other) = (one.rules(), other.rules());
    (0..12).filter_map(|month| from.checked_add_months(Months::new(month))).all(|at| offset(&one, at) == offset(&other, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_windows_is_a_zone_and_is_found() {
        for (windows, iana) in WINDOWS {
            assert_eq!(named(windows), Some(Zone::parse(iana).expect(iana)), "{windows}");
        }
        assert!(WINDOWS.is_sorted(), "they are searched in order");
    }

    #[test]
    fn a_zone_is_found_behind_a_prefix_of_the_program_s_own() {
        for (written, name) in [
            ("Europe/Berlin", "Europe/Berlin"),
            ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"),
            ("/freeassociation.sourceforge.net/Tzfile/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
            ("/mozilla.org/20050126_1/America/New_York", "America/New_York"),
            ("\"Asia/Tokyo\"", "Asia/Tokyo"),
            ("tzone://Microsoft/Utc", "UTC"),
            ("W. Europe Standard Time", "Europe/Berlin"),
            ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Amsterdam"),
            ("(GMT-08:00) Pacific Time (US & Canada), Los Angeles", "America/Los_Angeles"),
            ("(UTC+00:00) Dublin, Edinburgh, Lisbon, London", "Europe/Dublin"),
        ] {
            assert_eq!(named(written), Some(Zone::parse(name).expect(name)), "{written}");
        }
        for nothing in [
            "",
            "Customized Time Zone",
            "Mars/Olympus_Mons",
            "/a/b/c/d/e/f",
            "////",
            "Hall 3/Berlin",
            "(UTC+01:00) Nowhere",
            "(UTC",
            "Berlin) Paris",
        ] {
            assert_eq!(named(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn two_clocks_agree_where_they_show_the_same_all_year() {
        let zone = |name: &str| Zone::parse(name).expect(name);
        let from = NaiveDate::from_ymd_opt(2026, 11, 1).expect("a date");
        assert!(agree(&zone("Europe/Berlin"), &zone("Europe/Paris"), from));
        assert!(!agree(&zone("Europe/London"), &zone("UTC"), from));
    }
}
