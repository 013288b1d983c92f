//! Many hands at the desk of Lantern Street: three hosts who take turns, one of whom is away next week.

use super::{Street, told};
use domain::{
    hands::{
        ShareForm,
        away::AwayForm,
        weeks::{Week, date_at},
    },
    outcome::Unavailable,
    time::Timestamp,
};
use std::collections::BTreeMap;

/// In which order they take turns.
const ORDER: [&str; 3] = ["marco", "amara", "ines"];
/// For how many weeks they have shared it out: after these nobody has a week yet.
const SHARED: u32 = 6;
/// What each gave of their time this week, in minutes.
const GAVE: [(&str, i64); 3] = [("marco", 80), ("amara", 152), ("ines", 45)];
/// How far the steps of a host at the desk lie apart, in seconds.
const APART: i64 = 120;

impl Street {
    /// The hosts share the weeks out; then one is away, and one would swap.
    pub(super) async fn take_turns(&self, now: Timestamp) -> Result<(), Unavailable> {
        let (marco, amara, ines) = (self.host("marco")?, self.host("amara")?, self.host("ines")?);
        let this = Week::at(now, &self.zone);
        let order: BTreeMap<String, String> =
            ORDER.iter().enumerate().map(|(at, name)| ((at + 1).to_string(), (*name).to_owned())).collect();
        let form = ShareForm { order, weeks: SHARED.to_string() };
        told("a rota", self.hands.share(&marco, &form, &self.zone).await)?;
        let next = this.plus(1);
        let from = next.first_day().max(date_at(now, &self.zone));
        let away = AwayForm { from: from.to_string(), to: next.last_day().to_string(), word: "At my sister’s, without a screen.".into() };
        told("being away", self.hands.go_away(amara.me(), &away, &self.zone).await)?;
        told("a swap", self.hands.ask_swap(&ines, this.plus(2), this.plus(3), &self.zone).await)?;
        for (name, minutes) in GAVE {
            let (host, steps) = (self.host(name)?, minutes * 60 / APART);
            for step in 0..=steps {
                self.clock.set(now.plus_seconds(-3600 - APART * (steps - step)));
                self.hands.meter.step(&host, &self.zone).await?;
            }
        }
        self.clock.set(now);
        Ok(())
    }
}
