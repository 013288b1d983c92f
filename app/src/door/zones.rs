//! The choice of a time zone: a plain list, which works wherever a form does.

use leptos::prelude::*;

/// The regions of zones that people live in.
const REGIONS: [&str; 10] = ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];

/// Names that the zone database keeps for old records; each has a newer one in the list.
const RETIRED: [&str; 71] = [
    "Africa/Asmera",
    "Africa/Timbuktu",
    "America/Argentina/ComodRivadavia",
    "America/Atka",
    "America/Buenos_Aires",
    "America/Catamarca",
    "America/Coral_Harbour",
    "America/Cordoba",
    "America/Ensenada",
    "America/Fort_Wayne",
    "America/Godthab",
    "America/Indianapolis",
    "America/Jujuy",
    "America/Knox_IN",
    "America/Louisville",
    "America/Mendoza",
    "America/Montreal",
    "America/Nipigon",
    "America/Pangnirtung",
    "America/Porto_Acre",
    "America/Rainy_River",
    "America/Rosario",
    "America/Santa_Isabel",
    "America/Shiprock",
    "America/Thunder_Bay",
    "America/Virgin",
    "America/Yellowknife",
    "Antarctica/South_Pole",
    "Asia/Ashkhabad",
    "Asia/Calcutta",
    "Asia/Choibalsan",
    "Asia/Chongqing",
    "Asia/Chungking",
    "Asia/Dacca",
    "Asia/Harbin",
    "Asia/Istanbul",
    "Asia/Kashgar",
    "Asia/Katmandu",
    "Asia/Macao",
    "Asia/Rangoon",
    "Asia/Saigon",
    "Asia/Tel_Aviv",
    "Asia/Thimbu",
    "Asia/Ujung_Pandang",
    "Asia/Ulan_Bator",
    "Atlantic/Faeroe",
    "Atlantic/Jan_Mayen",
    "Australia/ACT",
    "Australia/Canberra",
    "Australia/Currie",
    "Australia/LHI",
    "Australia/NSW",
    "Australia/North",
    "Australia/Queensland",
    "Australia/South",
    "Australia/Tasmania",
    "Australia/Victoria",
    "Australia/West",
    "Australia/Yancowinna",
    "Europe/Belfast",
    "Europe/Kiev",
    "Europe/Nicosia",
    "Europe/Tiraspol",
    "Europe/Uzhgorod",
    "Europe/Zaporozhye",
    "Pacific/Enderbury",
    "Pacific/Johnston",
    "Pacific/Ponape",
    "Pacific/Samoa",
    "Pacific/Truk",
    "Pacific/Yap",
];

/// For a visitor's page, which is to be small: one or two zones for each hour of the day.
const COMMON: [&str; 36] = [
    "Pacific/Honolulu",
    "America/Anchorage",
    "America/Los_Angeles",
    "America/Denver",
    "America/Mexico_City",
    "America/Chicago",
    "America/Bogota",
    "America/New_York",
    "America/Toronto",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "Atlantic/Azores",
    "Europe/London",
    "Europe/Lisbon",
    "Africa/Lagos",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Rome",
    "Europe/Madrid",
    "Europe/Warsaw",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Europe/Athens",
    "Europe/Kyiv",
    "Europe/Istanbul",
    "Africa/Nairobi",
    "Asia/Tehran",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Bangkok",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
];

/// A list of time zones, by region.
#[component]
pub fn ZoneSelect(
    /// The field's id, for its label.
    id: &'static str,
    /// The field's name.
    name: &'static str,
    /// What is chosen; empty asks to choose.
    chosen: String,
    /// Only the common ones.
    #[prop(optional)]
    short: bool,
) -> impl IntoView {
    let listed = if short { by_region(&COMMON) } else { all() };
    let is_listed = listed.iter().any(|(_, zones)| zones.contains(&chosen.as_str()));
    let first = match chosen.as_str() {
        "" => Some(view! { <option value="" selected=true>"Choose one …"</option> }.into_any()),
        zone if !is_listed => Some(view! { <option value=zone.to_owned() selected=true>{label(zone)}</option> }.into_any()),
        _ => None,
    };
    let groups = listed
        .into_iter()
        .map(|(region, zones)| {
            let options = zones
                .into_iter()
                .map(|zone| {
                    let selected = zone == chosen;
                    view! { <option value=zone selected=selected>{label(zone)}</option> }
                })
                .collect_view();
            view! { <optgroup label=region>{options}</optgroup> }
        })
        .collect_view();
    view! { <select id=id name=name required=true>{first}{groups}</select> }
}

fn all() -> Vec<(&'static str, Vec<&'static str>)> {
    let names: Vec<&'static str> = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).filter(|name| !RETIRED.contains(name)).collect();
    by_region(&names)
}

fn by_region(names: &[&'static str]) -> Vec<(&'static str, Vec<&'static str>)> {
    let in_region = |region: &str| {
        let mut zones: Vec<&'static str> =
            names.iter().copied().filter(|name| name.split_once('/').is_some_and(|(first, _)| first == region)).collect();
        zones.sort_by_key(|zone| label(zone));
        zones
    };
    REGIONS.into_iter().map(|region| (region, in_region(region))).filter(|(_, zones)| !zones.is_empty()).collect()
}

/// `Lisbon`, and `Buenos Aires, Argentina` for the few that have three parts.
fn label(zone: &str) -> String {
    let place = zone.split_once('/').map_or(zone, |(_, rest)| rest);
    place.rsplit('/').collect::<Vec<_>>().join(", ").replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::time::Zone;

    #[test]
    fn every_zone_of_the_lists_can_be_chosen() {
        let all = all();
        let names: Vec<&str> = all.iter().flat_map(|(_, zones)| zones.iter().copied()).collect();
        assert!((400..440).contains(&names.len()), "{}", names.len());
        assert!(names.iter().all(|name| Zone::parse(name).is_ok()));
        assert!(COMMON.iter().all(|name| names.contains(name)));
    }

    #[test]
    fn a_zone_is_called_by_its_city() {
        assert_eq!(label("Europe/Lisbon"), "Lisbon");
        assert_eq!(label("America/Argentina/Buenos_Aires"), "Buenos Aires, Argentina");
    }
}
