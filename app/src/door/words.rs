//! Numbers and days as a person would write them in a letter.

use crate::{timeline::post::in_words, when::local};
use domain::time::{Timestamp, Zone};

/// A number within a sentence.
pub fn number(n: usize) -> String {
    in_words(n as u32).to_lowercase()
}

/// `7 December`, and the year where it is not this one.
pub fn day(at: Timestamp, zone: &Zone) -> String {
    let (then, today) = (local(at, zone), local(crate::when::now(), zone));
    let year = if then.year == today.year { String::new() } else { format!(" {}", then.year) };
    format!("{} {}{year}", then.day, then.month_name())
}
