//! More of everything, for the benchmark: people, posts and gatherings put together from pieces. They are for measuring, not
//! for reading.

use super::{
    cast::{CAST, Character},
    dice::Dice,
    plans::PLANS,
    talk::TALKS,
};
use chrono::{Days, NaiveDate};
use domain::{
    gatherings::{GatheringForm, rule::How},
    timeline::Audience,
};

/// The person of that number; after the forty come namesakes of theirs.
pub fn person(at: usize) -> (String, String, Character) {
    let character = CAST[at % CAST.len()];
    if at < CAST.len() {
        return (character.name.into(), character.called.into(), character);
    }
    let round = at / CAST.len() + 1;
    (format!("{}{round}", character.name), format!("{} {round}", character.called), Character { by: CAST[0].name, ..character })
}

/// A post put together from sentences that somebody on the street said, of usual and now and then of great length.
pub fn post(dice: &mut Dice) -> String {
    let paragraphs = if dice.below(20) == 0 { 6 } else { 1 + dice.below(2) };
    let mut text = String::new();
    for at in 0..paragraphs {
        text.push_str(if at == 0 { "" } else { "\n\n" });
        for _ in 0..1 + dice.below(3) {
            let said = dice.pick(TALKS).text;
            let sentences: Vec<&str> = said.split_inclusive(['.', '?', '!']).map(str::trim).filter(|s| s.len() > 12).collect();
            if !sentences.is_empty() {
                text.push_str(sentences[dice.below(sentences.len())]);
                text.push(' ');
            }
        }
    }
    text.trim().to_owned()
}

/// A gathering like one of the street's, on other days.
pub fn gathering(dice: &mut Dice, number: usize, founded: NaiveDate, days: i64) -> GatheringForm {
    let plan = dice.pick(&PLANS);
    let mut form = plan.form(founded + Days::new(dice.roll() % days.unsigned_abs().max(1)));
    form.title = format!("{} {number}", plan.title);
    form.announce = None;
    form.audience = if number.is_multiple_of(4) { Audience::Public } else { Audience::Community };
    // Most things happen once.
    if !number.is_multiple_of(5) {
        form.repeat.how = How::Once;
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn posts_vary_and_fit() {
        let mut dice = Dice::new(1);
        let posts: Vec<String> = (0..2000).map(|_| post(&mut dice)).collect();
        assert!(posts.iter().all(|post| !post.is_empty() && post.chars().count() < domain::timeline::LONGEST_POST));
        assert!(posts.iter().collect::<BTreeSet<_>>().len() > 1500);
    }

    #[test]
    fn everybody_has_a_name_of_their_own() {
        let names: BTreeSet<String> = (0..120).map(|at| person(at).0).collect();
        assert_eq!(names.len(), 120);
    }
}
