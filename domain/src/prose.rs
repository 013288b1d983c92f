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
    /// Its first line that has text, without markup; empty, where there is none.
    pub fn first_line(&self) -> String {
        let mut text = String::new();
        for (at, piece) in self.0.split('<').enumerate() {
            // What stands before the first tag is text.
            let (tag, after) = if at == 0 { ("", piece) } else { piece.split_once('>').unwrap_or((piece, "")) };
            let ends = ["br", "/p", "/h", "/li", "/blockquote", "/pre"].iter().any(|end| tag.starts_with(end));
            if ends && !text.trim().is_empty() {
                break;
            }
            text.push_str(after);
        }
        // The sanitizer writes no other characters by name. The ampersand comes last: what it begins was text.
        let text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// An address that somebody typed and that may stand in a link: one of the web. No other is an `href`, since `javascript:` is one too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SafeUrl(String);

/// It is no address of the web.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("That is no address that begins with https:// or http://.")]
pub struct NoUrl;

impl SafeUrl {
    /// What is shown of it: what it begins and ends with goes without saying.
    pub fn shown(&self) -> &str {
        self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest).trim_end_matches('/')
    }
}

impl TryFrom<String> for SafeUrl {
    type Error = NoUrl;
    fn try_from(text: String) -> Result<Self, NoUrl> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let whole = rest.is_some_and(|rest| rest.len() > 1 && !rest.contains(|c: char| c.is_whitespace() || c.is_control()));
        if whole { Ok(Self(text)) } else { Err(NoUrl) }
    }
}

impl From<SafeUrl> for String {
    fn from(url: SafeUrl) -> Self {
        url.0
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
    fn of_markup_the_first_line_is_its_text() {
        let first = |html: &str| SafeHtml::from_sanitizer(html.into()).first_line();
        assert_eq!(
            first("<p>We drew <strong>hands</strong>,\nand <a href=\"/people/bo\">@bo</a>.</p><p>Then cake.</p>"),
            "We drew hands, and @bo."
        );
        assert_eq!(first("<h2>Hands</h2><p>All evening.</p>"), "Hands");
        assert_eq!(first("<p><img src=\"/a\"></p><ul><li>Ink &amp; &lt;b&gt; &amp;lt;</li><li>Pen</li></ul>"), "Ink & <b> &lt;");
        assert_eq!((first("One line.<br>Two."), first(""), first("<p></p>")), ("One line.".into(), String::new(), String::new()));
    }

    #[test]
    fn an_address_of_the_web_is_all_that_a_link_takes() {
        for text in ["https://meet.example.org/thursday/", "http://a.example", "https://münchen.example/räume?a=1#b"] {
            let url = SafeUrl::try_from(text.to_owned()).expect(text);
            assert_eq!(String::from(url), text);
        }
        for text in [
            "",
            "https://",
            "meet.example.org",
            "javascript:alert(1)",
            " https://a.example",
            "https://a.example b",
            "data:text/html,x",
            "HTTPS",
        ] {
            assert_eq!(SafeUrl::try_from(text.to_owned()), Err(NoUrl), "{text}");
            assert!(serde_json::from_value::<SafeUrl>(text.into()).is_err(), "{text}");
        }
        let shown = |text: &str| SafeUrl::try_from(text.to_owned()).map(|url| url.shown().to_owned());
        assert_eq!(shown("https://meet.example.org/thursday/"), Ok("meet.example.org/thursday".into()));
    }

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
