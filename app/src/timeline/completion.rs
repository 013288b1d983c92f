//! Completion while typing: `@` proposes people, `#` proposes tags.
//!
//! The pure part finds the word at the caret and puts a choice in its place; the list itself is the composer's.

/// What is being completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// `@` or `#`.
    pub mark: char,
    /// What follows the mark so far.
    pub start: String,
    /// Where the mark is, in UTF-16 units, as the browser counts.
    pub from: usize,
    /// Where the caret is, in UTF-16 units.
    pub to: usize,
}

/// The mention or tag that ends at the caret (in UTF-16 units), if one does.
pub fn started(text: &str, caret: usize) -> Option<Started> {
    let units: Vec<u16> = text.encode_utf16().take(caret).collect();
    let before = String::from_utf16(&units).ok()?;
    let at = before.rfind(['@', '#'])?;
    let (head, tail) = before.split_at(at);
    let mark = tail.chars().next()?;
    let start = &tail[mark.len_utf8()..];
    let word = start.chars().all(is_of_word);
    let begins = head.chars().next_back().is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '/' | '&' | '@' | '#'));
    // A lone # is a heading or a number sign; a lone @ asks who is here.
    (word && begins && start.chars().count() <= 30 && (mark == '@' || !start.is_empty())).then(|| Started {
        mark,
        start: start.to_owned(),
        from: head.encode_utf16().count(),
        to: units.len(),
    })
}

/// The name that ends at the caret (in UTF-16 units) in a list of names, if one does; its mark may be missing.
pub fn name_started(text: &str, caret: usize) -> Option<Started> {
    let units: Vec<u16> = text.encode_utf16().take(caret).collect();
    let before = String::from_utf16(&units).ok()?;
    let from = before.rfind([' ', ',']).map_or(0, |at| at + 1);
    let (head, word) = before.split_at(from);
    let start = word.strip_prefix('@').unwrap_or(word);
    (!word.is_empty() && start.chars().all(is_of_word)).then(|| Started {
        mark: '@',
        start: start.to_owned(),
        from: head.encode_utf16().count(),
        to: units.len(),
    })
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

/// The text with the choice (without its mark) in place of what was started, and where the caret goes, in UTF-16 units.
pub fn completed(text: &str, started: &Started, choice: &str) -> (String, usize) {
    let units: Vec<u16> = text.encode_utf16().collect();
    let head = String::from_utf16_lossy(&units[..started.from.min(units.len())]);
    let tail = String::from_utf16_lossy(&units[started.to.min(units.len())..]);
    let space = if tail.starts_with([' ', '\n', '.', ',']) { "" } else { " " };
    let put = format!("{}{choice}{space}", started.mark);
    let caret = started.from + put.encode_utf16().count();
    (format!("{head}{put}{tail}"), caret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_is_found_at_the_caret_and_completed() {
        let text = "🎨 thanks @ko for it";
        let caret = "🎨 thanks @ko".encode_utf16().count();
        let found = started(text, caret).expect("a mention");
        assert_eq!((found.mark, found.start.as_str()), ('@', "ko"));
        let (text, caret) = completed(text, &found, "kofi");
        assert_eq!(text, "🎨 thanks @kofi for it");
        assert_eq!(caret, "🎨 thanks @kofi".encode_utf16().count());
    }

    #[test]
    fn a_name_in_a_list_needs_no_mark() {
        for (text, completed_as) in [("ko", "@kofi "), ("@ko", "@kofi "), ("@mei ko", "@mei @kofi "), ("mei,@ko", "mei,@kofi ")] {
            let found = name_started(text, text.len()).expect("a name");
            assert_eq!((found.mark, found.start.as_str()), ('@', "ko"), "{text}");
            assert_eq!(completed(text, &found, "kofi").0, completed_as);
        }
        for finished in ["", "@kofi ", "@kofi,", "who?"] {
            assert_eq!(name_started(finished, finished.len()), None, "{finished}");
        }
    }

    #[test]
    fn an_address_of_mail_or_a_finished_word_completes_nothing() {
        assert_eq!(started("ana@exa", 7), None);
        assert_eq!(started("@ana hello", 10), None);
        assert_eq!(started("# ", 1), None);
    }
}
