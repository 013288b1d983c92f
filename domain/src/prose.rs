//! What people write, between the keyboard and the page: Markdown in, [`SafeHtml`] out, with mentions and tags found on the way.
//!
//! The rendering itself (Markdown parser, sanitizer) is the server's; here is what everybody must agree on: what counts as a
//! mention or a tag, and the one type that may be put on a page as HTML.

use crate::people::Handle;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// HTML that came out of the sanitizer. Only the server's [`Prose`] makes it and only `store` keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// For the sanitizer, and for reading back what the sanitizer made. Never for text from anywhere else.
    pub fn from_sanitizer(html: String) -> Self {
        Self(html)
    }
    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Turns Markdown into HTML that is safe to show to anybody.
pub trait Prose: Send + Sync {
    /// Renders `markdown`; `known` are the members whose mention becomes a link.
    fn render(&self, markdown: &str, known: &BTreeSet<Handle>) -> SafeHtml;
}

/// The members mentioned in a text as `@name`, in no particular order; not every one needs to exist.
pub fn mentions(text: &str) -> BTreeSet<Handle> {
    marked_words(text, '@').into_iter().filter_map(|(_, word)| Handle::parse(word).ok()).collect()
}

/// The tags in a text, as `#word`, lower-cased and without the mark. A tag has a letter in it (`#1` is a number).
pub fn tags(text: &str) -> BTreeSet<String> {
    marked_words(text, '#')
        .into_iter()
        .filter(|(_, word)| word.chars().any(char::is_alphabetic) && word.chars().count() <= 50)
        .map(|(_, word)| word.to_lowercase())
        .collect()
}

/// The words that follow a mark, with the byte offset of the mark. The mark must stand at the start of a word: the `@` in
/// `ana@example.org` and the `#` in `page#top` mark nothing.
pub fn marked_words(text: &str, mark: char) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        if c == mark && before.is_none_or(|b| !b.is_alphanumeric() && !matches!(b, '_' | '-' | '/' | '@' | '#' | '&')) {
            let rest = &text[at + c.len_utf8()..];
            let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(rest.len());
            let word = rest[..end].trim_end_matches(['-', '_']);
            if !word.is_empty() {
                found.push((at, word));
            }
        }
        before = Some(c);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_ends_before_the_full_stop() {
        let found: Vec<_> = mentions("Thanks @ana. And (@bo-li), @ana!").into_iter().map(|h| h.to_string()).collect();
        assert_eq!(found, ["ana", "bo-li"]);
    }

    #[test]
    fn an_address_of_mail_mentions_nobody() {
        assert!(mentions("write to ana@example.org").is_empty());
    }

    #[test]
    fn a_tag_may_be_in_any_script_but_is_not_a_number() {
        assert_eq!(tags("#Zeichnen #отдых #1 page#top"), BTreeSet::from(["zeichnen".to_owned(), "отдых".to_owned()]));
    }
}
