//! The name that is kept for somebody, made from what they are called.
//!
//! The rule: letters are written in a to z (marks go, `ß` is `ss`, `æ` is `ae`, `ø` is `o`; Greek and Cyrillic letter by letter, as on most road
//! signs), apostrophes go, whatever else stands between letters and digits becomes one `-`, and what stands before the first letter goes. It is
//! cut to 30 characters. What is left of fewer than two is `guest`. Where a name is taken, kept for somebody else or a word of the place's own,
//! it is counted up: `ana-souza-2`, `ana-souza-3`, …

use crate::people::Handle;
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

/// Longest name that a member may have, in characters.
const LONGEST: usize = 30;
/// The name of whoever's letters we can't write in a to z.
const GUEST: &str = "guest";

/// Gives out names, each once.
pub struct Handles {
    taken: BTreeSet<Handle>,
    counts: BTreeMap<String, usize>,
}

impl Handles {
    /// Where those are taken.
    pub fn beside(taken: BTreeSet<Handle>) -> Self {
        Self { taken, counts: BTreeMap::new() }
    }

    /// Whether nothing of what somebody is called can be written in a to z.
    pub fn has_no_letters(called: &str) -> bool {
        base(called) == GUEST && !called.eq_ignore_ascii_case(GUEST)
    }

    /// The name for somebody who is called so; and whether that is the first one that we would have thought of.
    pub fn give(&mut self, called: &str) -> (Handle, bool) {
        let base = base(called);
        let mut count = self.counts.get(&base).copied().unwrap_or(0);
        loop {
            count += 1;
            let name = if count == 1 { base.clone() } else { counted(&base, count) };
            if let Ok(name) = Handle::choose(&name)
                && self.taken.insert(name.clone())
            {
                self.counts.insert(base, count);
                return (name, count == 1);
            }
        }
    }
}

fn counted(base: &str, count: usize) -> String {
    let count = format!("-{count}");
    let room = LONGEST - count.len().min(LONGEST);
    format!("{}{count}", base[..base.len().min(room)].trim_end_matches('-'))
}

/// The name without regard to anybody else's: plain letters, digits and `-`, beginning with a letter, of 2 to 30 characters.
fn base(called: &str) -> String {
    let mut name = String::new();
    for c in called.nfkd().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' => name.push(c),
            '0'..='9' if !name.is_empty() => name.push(c),
            '\'' | '\u{2019}' | '\u{2018}' | '\u{2bc}' | '\u{b4}' | '`' => {}
            '\u{300}'..='\u{36f}' => {}
            c => match written(c) {
                Some(letters) => name.push_str(letters),
                None if name.is_empty() || name.ends_with('-') => {}
                None => name.push('-'),
            },
        }
    }
    // All of it is ASCII by now.
    name.truncate(LONGEST);
    let name = name.trim_end_matches('-');
    if name.len() < 2 { GUEST.to_owned() } else { name.to_owned() }
}

/// A small letter without its marks, in a to z.
fn written(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ł' => "l",
        'ı' => "i",
        'ħ' => "h",
        'ŋ' => "n",
        'ə' => "e",
        // Greek.
        'α' => "a",
        'β' => "v",
        'γ' => "g",
        'δ' => "d",
        'ε' => "e",
        'ζ' => "z",
        'η' | 'ι' => "i",
        'θ' => "th",
        'κ' => "k",
        'λ' => "l",
        'μ' => "m",
        'ν' => "n",
        'ξ' => "x",
        'ο' | 'ω' => "o",
        'π' => "p",
        'ρ' => "r",
        'σ' | 'ς' => "s",
        'τ' => "t",
        'υ' => "y",
        'φ' => "f",
        'χ' => "ch",
        'ψ' => "ps",
        // Cyrillic; й and ё have lost their marks.
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' => "g",
        'д' => "d",
        'е' => "e",
        'є' => "ye",
        'ж' => "zh",
        'з' => "z",
        'и' | 'і' => "i",
        'ј' => "j",
        'к' => "k",
        'л' => "l",
        'љ' => "lj",
        'м' => "m",
        'н' => "n",
        'њ' => "nj",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'ћ' => "c",
        'ђ' => "dj",
        'у' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'џ' => "dz",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'ы' => "y",
        'э' => "e",
        'ю' => "yu",
        'я' => "ya",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn given(names: &[&str]) -> Vec<String> {
        let mut handles = Handles::beside([Handle::parse("ana-souza").expect("a name")].into());
        names.iter().map(|name| handles.give(name).0.as_str().to_owned()).collect()
    }

    #[test]
    fn a_name_is_written_in_plain_letters() {
        let names =
            ["Zoë Ångström", "Nguyễn Văn Đạt", "Łukasz Żółć", "Seán O’Brien", "Þóra Ægisdóttir", "Jürgen Groß", "Юлия Щёкина", "Νίκος"];
        let handles = [
            "zoe-angstrom",
            "nguyen-van-dat",
            "lukasz-zolc",
            "sean-obrien",
            "thora-aegisdottir",
            "jurgen-gross",
            "yuliya-shchekina",
            "nikos",
        ];
        assert_eq!(given(&names), handles);
    }

    #[test]
    fn what_is_taken_or_the_places_own_is_counted_up_and_what_we_cant_write_is_a_guest() {
        let names = ["Ana Souza", "Ana  Souza", "Host", "李明", "Q", "007 Bond", "👋"];
        assert_eq!(given(&names), ["ana-souza-2", "ana-souza-3", "host-2", "guest", "guest-2", "bond", "guest-3"]);
    }

    #[test]
    fn a_long_name_is_cut_also_where_it_is_counted() {
        let long = "Maximiliane Alexandra von Hohenberg-Sonnenschein";
        assert_eq!(given(&[long, long]), ["maximiliane-alexandra-von-hohe", "maximiliane-alexandra-von-ho-2"]);
    }

    proptest! {
        #[test]
        fn names_are_valid_and_each_is_given_once(names in proptest::collection::vec("\\PC{0,12}|[A-Za-zöñçЖ0-9 .'-]{0,40}|(ana|host|me)", 0..20)) {
            let mut handles = Handles::beside([Handle::parse("ana").expect("a name")].into());
            let mut seen = BTreeSet::from([Handle::parse("ana").expect("a name")]);
            for name in names {
                let (handle, _) = handles.give(&name);
                prop_assert_eq!(Handle::choose(handle.as_str()), Ok(handle.clone()));
                prop_assert!(seen.insert(handle.clone()), "{handle} twice");
            }
        }
    }
}
