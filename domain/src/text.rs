//! Text that people type, made fit to keep: trimmed, without control characters, and of a bounded length.
//!
//! Lengths count Unicode scalar values, which is what a person sees for most scripts. Direction overrides are removed from
//! one-line fields, since a name with one can turn round the rest of the line; inside a post they are left to Markdown.

use crate::outcome::AboutField;
use serde::{Deserialize, Serialize};

/// A field of a form: its name in the form's struct, and its label, by which a sentence can name it.
#[derive(Clone, Copy, Debug)]
pub struct Field(pub &'static str, pub &'static str);

/// Why a piece of text was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum TextRefusal {
    /// It was empty, and it is needed.
    #[error("{label} is still empty. Please write something there.")]
    Missing {
        /// The field's name in the form.
        field: String,
        /// Its label.
        label: String,
    },
    /// It was longer than `most` characters.
    #[error("{label} is too long: {length} characters, and there is room for {most}. Please shorten it.")]
    TooLong {
        /// The field's name in the form.
        field: String,
        /// Its label.
        label: String,
        /// What was given, in characters.
        length: usize,
        /// What fits, in characters.
        most: usize,
    },
}

impl AboutField for TextRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Missing { field, .. } | Self::TooLong { field, .. } => Some(field),
        }
    }
}

/// One line: control characters and line breaks become spaces, runs of space become one, ends are trimmed. May be empty.
pub fn line(field: Field, text: &str, most: usize) -> Result<String, TextRefusal> {
    let spaced: String = text.chars().filter(|c| !turns_direction(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    bounded(field, spaced.split_whitespace().collect::<Vec<_>>().join(" "), most)
}

/// As [`line`], and not empty.
pub fn needed_line(field: Field, text: &str, most: usize) -> Result<String, TextRefusal> {
    not_empty(field, line(field, text, most)?)
}

/// Several lines: line breaks become `\n`, other control characters but tabs go, ends are trimmed. May be empty.
pub fn lines(field: Field, text: &str, most: usize) -> Result<String, TextRefusal> {
    let unix = text.replace("\r\n", "\n").replace('\r', "\n");
    let clean: String = unix.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    bounded(field, clean.trim().to_owned(), most)
}

/// As [`lines`], and not empty.
pub fn needed_lines(field: Field, text: &str, most: usize) -> Result<String, TextRefusal> {
    not_empty(field, lines(field, text, most)?)
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn bounded(field: Field, text: String, most: usize) -> Result<String, TextRefusal> {
    let length = text.chars().count();
    if length > most {
        return Err(TextRefusal::TooLong { field: field.0.into(), label: field.1.into(), length, most });
    }
    Ok(text)
}

fn not_empty(field: Field, text: String) -> Result<String, TextRefusal> {
    if text.is_empty() {
        return Err(TextRefusal::Missing { field: field.0.into(), label: field.1.into() });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_break_in_a_name_becomes_a_space() {
        assert_eq!(needed_line(Field("name", "Name"), " Ana\r\n\u{202E}Lucía ", 60), Ok("Ana Lucía".into()));
    }

    #[test]
    fn what_is_too_long_is_named_with_both_lengths() {
        let refusal = line(Field("about", "About you"), "aaaaa", 4).expect_err("five is more than four");
        assert_eq!(refusal.to_string(), "About you is too long: 5 characters, and there is room for 4. Please shorten it.");
        assert_eq!(refusal.field(), Some("about"));
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(text in ".{0,60}") {
            let field = Field("x", "X");
            let once = line(field, &text, 1000).expect("short enough");
            prop_assert_eq!(line(field, &once, 1000).expect("short enough"), once.clone());
            let once = lines(field, &text, 1000).expect("short enough");
            prop_assert_eq!(lines(field, &once, 1000).expect("short enough"), once.clone());
        }
    }
}
