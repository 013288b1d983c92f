//! What the weekly letter says by mail: what its post says, as text and as a page, with addresses that work outside the place. No pictures,
//! nothing that is loaded from anywhere, and so nothing by which reading could be noticed.

use super::{
    Claimed, Letter,
    words::{Desk, one_line},
};
use crate::{ids::PostId, prose::SafeHtml};
use std::fmt::Write;

impl Desk<'_> {
    /// The weekly letter; `None` where its member has no address any more.
    pub(super) fn weekly(&self, claimed: &Claimed, (title, post): (&str, PostId), html: &SafeHtml, by: &str) -> Option<Letter> {
        let (to, secret) = (claimed.settings.address.clone()?, claimed.secret.as_deref()?);
        let Self { from, origin, .. } = self;
        let (thread, settings) = (format!("{origin}/posts/{post}"), format!("{origin}/settings/notifications"));
        let unsubscribe = format!("{origin}/unsubscribe/{secret}/letter");
        let text = format!(
            "{}\n\n-- \n{}, from {}\nAnswer it there: {thread}\nYou wish for this letter by mail: {settings}\nNo letter any more: {unsubscribe}\n",
            text_of(html, origin),
            one_line(by),
            one_line(from),
        );
        let page = format!(
            "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{}</title></head>\n\
             <body dir=\"auto\" style=\"max-width: 38em; margin: 0 auto; padding: 1em; font: 17px/1.5 Georgia, serif\">\n{}\n<hr>\n\
             <p style=\"font-size: 15px\">{}, from {}<br>\n<a href=\"{thread}\">Answer it there</a>. You wish for this letter by mail: \
             <a href=\"{settings}\">choose in your settings</a>, or <a href=\"{unsubscribe}\">have no letter any more</a>.</p>\n</body></html>\n",
            escaped(title),
            with_whole_addresses(html, origin),
            escaped(by),
            escaped(from),
        );
        Some(Letter {
            id: claimed.id,
            to,
            called: claimed.me.display_name.clone(),
            from: (*from).to_owned(),
            subject: one_line(title),
            text,
            html: Some(page),
            unsubscribe: Some(unsubscribe),
            at: claimed.at,
        })
    }
}

/// Text as it stands in markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What the sanitizer let through, with addresses of our own made whole. In its output `<` opens nothing but its own elements.
fn with_whole_addresses(html: &SafeHtml, origin: &str) -> String {
    html.as_str().replace("<a href=\"/", &format!("<a href=\"{}/", escaped(origin)))
}

/// What the sanitizer let through, as text: each link with its whole address behind it, but for those to people and tags, by whose names one
/// finds them.
pub fn text_of(html: &SafeHtml, origin: &str) -> String {
    let mut text = Lines::default();
    for (at, piece) in html.as_str().split('<').enumerate() {
        // What stands before the first tag is text.
        let (tag, after) = if at == 0 { ("", piece) } else { piece.split_once('>').unwrap_or((piece, "")) };
        text.tag(tag, origin);
        text.words(after);
    }
    text.all.truncate(text.all.trim_end().len());
    text.all
}

/// A text that is being written.
#[derive(Default)]
struct Lines {
    all: String,
    /// The address of the link that is open, and where its words begin.
    link: Option<(String, usize)>,
    /// The lists that are open: of each that is numbered, which number is next.
    lists: Vec<Option<usize>>,
    quotes: usize,
    verbatim: bool,
}

impl Lines {
    fn tag(&mut self, tag: &str, origin: &str) {
        let name = tag.split([' ', '/']).find(|name| !name.is_empty()).unwrap_or_default();
        let opens = !tag.starts_with('/');
        match name {
            "br" => self.end_line(),
            "hr" => {
                self.end_paragraph();
                self.words("* * *");
                self.end_paragraph();
            }
            "p" | "h3" | "h4" if !self.all.ends_with("- ") && !self.all.ends_with(". ") => self.end_paragraph(),
            "pre" => {
                self.end_paragraph();
                self.verbatim = opens;
            }
            "blockquote" => {
                self.end_paragraph();
                self.quotes = if opens { self.quotes + 1 } else { self.quotes.saturating_sub(1) };
            }
            "ul" | "ol" if opens => {
                if self.lists.is_empty() {
                    self.end_paragraph();
                }
                let first = tag.split("start=\"").nth(1).and_then(|rest| rest.split('"').next()?.parse().ok());
                self.lists.push((name == "ol").then(|| first.unwrap_or(1)));
            }
            "ul" | "ol" => {
                self.lists.pop();
                if self.lists.is_empty() {
                    self.end_paragraph();
                }
            }
            "li" if opens => {
                self.end_line();
                let inset = "  ".repeat(self.lists.len().saturating_sub(1));
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                self.begin_line();
                self.all += &(inset + &mark);
            }
            "li" => self.end_line(),
            "a" if opens => {
                let address = tag.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).map(plain).unwrap_or_default();
                let own_words = ["/people/", "/?tag="].iter().any(|known| address.starts_with(known)) || address.is_empty();
                let address = if address.starts_with('/') { format!("{origin}{address}") } else { address };
                self.link = (!own_words).then_some((address, self.all.len()));
            }
            "a" => {
                if let Some((address, from)) = self.link.take()
                    && self.all.get(from..).is_some_and(|words| words.trim() != address)
                {
                    _ = write!(self.all, " <{address}>");
                }
            }
            _ => {}
        }
    }

    fn words(&mut self, html: &str) {
        let text = plain(html);
        if self.verbatim {
            for (at, line) in text.split('\n').enumerate() {
                if at > 0 {
                    self.all.push('\n');
                }
                self.begin_line();
                self.all += line;
            }
            return;
        }
        for (at, word) in text.split(char::is_whitespace).enumerate() {
            let within = !self.all.is_empty() && !self.all.ends_with([' ', '\n']);
            if at > 0 && within {
                self.all.push(' ');
            }
            if !word.is_empty() {
                self.begin_line();
                self.all += word;
            }
        }
    }

    /// Marks a line that begins within a quote.
    fn begin_line(&mut self) {
        if self.all.is_empty() || self.all.ends_with('\n') {
            self.all += &"> ".repeat(self.quotes);
        }
    }

    fn end_line(&mut self) {
        self.all.truncate(self.all.trim_end_matches(' ').len());
        if !self.all.is_empty() && !self.all.ends_with('\n') {
            self.all.push('\n');
        }
    }

    fn end_paragraph(&mut self) {
        self.end_line();
        if !self.all.is_empty() && !self.all.ends_with("\n\n") && self.lists.is_empty() {
            self.all.push('\n');
        }
    }
}

/// The text of a piece of markup between two tags. The sanitizer writes no other characters by name. The ampersand comes last: what it begins
/// was text.
fn plain(html: &str) -> String {
    html.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            MailWishes, What,
            tests::{STARTS, claimed},
        },
        *,
    };
    use proptest::prelude::*;

    const ORIGIN: &str = "https://porch.example";
    const DESK: Desk = Desk { from: "Lantern <Street>", origin: ORIGIN, now: STARTS };

    fn html(text: &str) -> SafeHtml {
        SafeHtml::from_sanitizer(text.into())
    }

    fn letter(title: &str, text: &str, by: &str) -> Letter {
        let mut claimed = claimed(What::On);
        claimed.settings.wishes = MailWishes { weekly: true, ..MailWishes::NONE };
        DESK.weekly(&claimed, (title, PostId(7)), &html(text), by).expect("there is an address")
    }

    #[test]
    fn a_letter_is_text_with_whole_addresses() {
        let text = text_of(
            &html(
                "<h3>The week</h3>\n<p>Dear all,<br>\nit <strong>rained</strong> &amp; rained.</p>\n<h4>What you loved</h4>\n<ul>\n\
                 <li><a href=\"/people/bo\">Bo</a>: <a href=\"/posts/5\">“The pump”</a></li>\n<li>\n<p>by <a href=\"/people/cy\" class=\"mention\">@cy</a></p>\n</li>\n</ul>\n\
                 <blockquote>\n<p>One<br>\ntwo</p>\n</blockquote>\n<ol start=\"3\">\n<li>three</li>\n<li>four</li>\n</ol>\n\
                 <p><a rel=\"nofollow\" href=\"https://a.example/?a=1&amp;b=2\">https://a.example/?a=1&amp;b=2</a></p>\n<pre><code>a\n  b\n</code></pre>\n<hr>\n",
            ),
            ORIGIN,
        );
        assert_eq!(
            text,
            "The week\n\nDear all,\nit rained & rained.\n\nWhat you loved\n\n- Bo: “The pump” <https://porch.example/posts/5>\n- by @cy\n\n\
             > One\n> two\n\n3. three\n4. four\n\nhttps://a.example/?a=1&b=2\n\na\n  b\n\n* * *"
        );
    }

    #[test]
    fn a_letter_says_who_wrote_it_where_to_answer_and_how_to_have_none() {
        let letter = letter("The week\r\nBcc: eve@example.org", "<p>Soup &lt;b&gt;. <a href=\"/posts/5\">More</a></p>", "Ana & <Co>");
        assert_eq!((letter.subject.as_str(), letter.to.as_str()), ("The week Bcc: eve@example.org", "bo@example.org"));
        assert_eq!(letter.unsubscribe.as_deref(), Some("https://porch.example/unsubscribe/secret/letter"));
        assert_eq!(
            letter.text,
            "Soup <b>. More <https://porch.example/posts/5>\n\n-- \nAna & <Co>, from Lantern <Street>\n\
             Answer it there: https://porch.example/posts/7\nYou wish for this letter by mail: https://porch.example/settings/notifications\n\
             No letter any more: https://porch.example/unsubscribe/secret/letter\n"
        );
        let page = letter.html.expect("a page");
        for part in [
            "<p>Soup &lt;b&gt;. <a href=\"https://porch.example/posts/5\">More</a></p>",
            "Ana &amp; &lt;Co&gt;, from Lantern &lt;Street&gt;<br>",
            "<a href=\"https://porch.example/unsubscribe/secret/letter\">",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("src=") && !page.contains("url("), "nothing is loaded from anywhere: {page}");
    }

    #[test]
    fn whoever_gave_up_their_address_gets_none() {
        let mut claimed = claimed(What::On);
        claimed.settings.address = None;
        assert_eq!(DESK.weekly(&claimed, ("The week", PostId(7)), &html("<p>Soup</p>"), "Ana"), None);
    }

    proptest! {
        #[test]
        fn whatever_is_written_no_line_of_the_head_is_ended(title in "\\PC{0,20}(\\r\\n|\\n|\\r)?(Bcc: eve@example.org)?\\PC{0,20}") {
            prop_assert!(!letter(&title, "<p>Soup</p>", &title).subject.contains(char::is_control));
        }

        #[test]
        fn no_markup_comes_of_names(name in "[\\PC<>\"&]{0,40}") {
            let page = letter("The week", "<p>Soup</p>", &name).html.expect("a page");
            prop_assert_eq!(page.matches('<').count(), letter("The week", "<p>Soup</p>", "").html.expect("a page").matches('<').count());
        }

        #[test]
        fn text_without_markup_is_said_as_it_is(words in proptest::collection::vec("[a-zäß&<>\"]{1,8}", 0..12)) {
            let words = words.join(" ");
            prop_assert_eq!(text_of(&html(&format!("<p>{}</p>", escaped(&words))), ORIGIN), words);
        }
    }
}
