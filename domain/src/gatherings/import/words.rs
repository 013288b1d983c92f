//! What calendars say in words, made into what stands here: HTML into plain text, plain text into Markdown that shows just that, and
//! the links to online meetings found in it.
//!
//! Each goes through its text once, since a file may hold anything: a thousand marks that open nothing, or none that ever closes.

/// Hosts whose links are rooms to meet in, as the part of the address after `://`: itself, or what ends in `.` and it.
const ROOMS: [&str; 16] = [
    "zoom.us",
    "meet.google.com",
    "teams.microsoft.com",
    "teams.live.com",
    "meet.jit.si",
    "jitsi.org",
    "whereby.com",
    "webex.com",
    "gotomeeting.com",
    "gotomeet.me",
    "meet.goto.com",
    "bluejeans.com",
    "chime.aws",
    "discord.gg",
    "big-blue-button.org",
    "join.skype.com",
];

/// A text that may hold markup.
pub(super) fn is_html(text: &str) -> bool {
    const TELLING: [&str; 12] = ["br", "p", "/p", "a ", "div", "html", "ul", "ol", "b", "i", "span", "strong"];
    text.split('<').skip(1).any(|after| {
        let name: String = after.chars().take(6).collect::<String>().to_ascii_lowercase();
        TELLING.iter().any(|tag| name.strip_prefix(tag).is_some_and(|rest| tag.ends_with(' ') || rest.starts_with(['>', '/', ' '])))
    })
}

/// The words of a piece of HTML. Links to elsewhere stand behind what they are called.
pub(super) fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut link: Option<(String, usize)> = None;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&spaced(&rest[..at]));
        let after = &rest[at + 1..];
        let begins_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        let Some(end) = begins_tag.then(|| after.find('>')).flatten() else {
            text.push('<');
            rest = after;
            if !begins_tag {
                continue;
            }
            // No tag ends any more.
            break;
        };
        let tag = &after[..end];
        rest = &after[end + 1..];
        let name: String = tag.chars().take_while(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        match name.trim_end_matches('/') {
            "br" => text.push('\n'),
            "p" | "div" | "/p" | "/div" | "ul" | "/ul" | "ol" | "/ol" | "tr" | "/tr" | "h1" | "h2" | "h3" | "/h1" | "/h2" | "/h3" => {
                if !text.is_empty() && !text.ends_with('\n') {
                    text.push('\n');
                }
                if name == "p" && !text.is_empty() && !text.ends_with("\n\n") {
                    text.push('\n');
                }
            }
            "li" => text.push_str(if text.is_empty() || text.ends_with('\n') { "- " } else { "\n- " }),
            "a" => link = href(tag).map(|href| (href, text.len())),
            "/a" => {
                if let Some((href, from)) = link.take()
                    && text.get(from..).is_some_and(|shown| !shown.contains(href.trim_end_matches('/')))
                {
                    text.push_str(&format!(" ({href})"));
                }
            }
            "style" | "script" | "head" | "title" => {
                // What stands in those is for no reader.
                let closing = format!("</{name}");
                let at = rest.as_bytes().windows(closing.len()).position(|part| part.eq_ignore_ascii_case(closing.as_bytes()));
                rest = at.and_then(|at| rest.get(at..)).unwrap_or_default();
            }
            _ => {}
        }
    }
    text.push_str(&spaced(rest));
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut whole = String::with_capacity(text.len());
    for line in lines {
        if !(line.is_empty() && (whole.is_empty() || whole.ends_with("\n\n"))) {
            whole.push_str(line);
            whole.push('\n');
        }
    }
    whole.trim().to_owned()
}

/// Text between tags: white space is one space, and entities are their characters. A line break of its own stays where the text has
/// breaks besides those of its markup, as calendars that mix both do.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        spaced.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        // No name of an entity that we know is longer.
        let window = after.char_indices().nth(9).map_or(after, |(at, _)| &after[..at]);
        let known = window.find(';').and_then(|end| Some((entity(&window[..end])?, end)));
        match known {
            Some((c, end)) => {
                spaced.push(c);
                rest = &after[end + 1..];
            }
            None => {
                spaced.push('&');
                rest = after;
            }
        }
    }
    spaced.push_str(rest);
    spaced
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "euro" => '€',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            if code == 0xA0 { ' ' } else { char::from_u32(code)? }
        }
    })
}

/// Where a link leads, if it is to an address of the web.
fn href(tag: &str) -> Option<String> {
    let at = tag.to_ascii_lowercase().find("href=")? + "href=".len();
    let value = tag.get(at..)?;
    let value = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next()?,
        _ => value.split_whitespace().next()?,
    };
    let value = spaced(value);
    is_link(&value).then_some(value)
}

/// Whether a word is a link.
pub(super) fn is_link(word: &str) -> bool {
    let scheme = word.split_once("://").filter(|(scheme, _)| ["https", "http"].iter().any(|known| scheme.eq_ignore_ascii_case(known)));
    scheme.is_some_and(|(_, rest)| rest.len() > 2) && !word.contains(|c: char| c.is_whitespace() || c.is_control()) && word.len() <= 500
}

/// A link as it is followed: with its scheme, in small letters.
pub(super) fn followed(link: &str) -> String {
    match link.split_once("://") {
        Some((scheme, rest)) => format!("{}://{rest}", scheme.to_ascii_lowercase()),
        None => format!("https://{link}"),
    }
}

/// Whether a word is a link to a room, without the beginning of one: `zoom.us/j/123`.
fn is_bare_room(word: &str) -> bool {
    let Some((host, path)) = word.split_once('/') else { return false };
    !path.is_empty() && word.len() <= 500 && !word.contains(char::is_control) && is_known_room(&host.to_ascii_lowercase())
}

fn is_known_room(host: &str) -> bool {
    ROOMS.iter().any(|room| host.strip_suffix(room).is_some_and(|before| before.is_empty() || before.ends_with('.')))
}

/// Whether a link is a room to meet in.
pub(super) fn is_room(link: &str) -> bool {
    let Some((_, rest)) = link.split_once("://") else { return is_bare_room(link) };
    // Some mail programs wrap links into others of theirs.
    let wrapped = rest.to_ascii_lowercase().replace("%3a", ":").replace("%2f", "/");
    if wrapped.find("://").is_some_and(|at| is_room(&wrapped[at..])) {
        return true;
    }
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default().to_ascii_lowercase();
    is_known_room(&host) || host.starts_with("meet.") || host.starts_with("bbb.")
}

/// The links in a text, each as it stands there, without what stands round it; those to known rooms also where they have no scheme.
pub(super) fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')' | '[' | ']'))
        // In small letters, it has the same bytes at the same places.
        .map(|word| word.to_ascii_lowercase().find("http").map_or(word, |at| &word[at..]))
        .map(|word| word.trim_end_matches(['.', ',', ';', '!', '?', ':', '\'']).trim_start_matches(['\'', ':', ',', ';']))
        .filter(|word| is_link(word) || is_bare_room(word))
}

/// What else leads into a room.
const WAYS_IN: [&str; 12] = [
    "meeting id",
    "meeting-id",
    "conference id",
    "passcode",
    "pass code",
    "password",
    "access code",
    "kenncode",
    "one tap mobile",
    "dial by",
    "dial in",
    "dial-in",
];

/// A description without what programs write into it about a meeting: Google's calendar a part between two lines of dashes, tildes and
/// colons, and others numbers and words by which one comes in as well as by the link.
pub(super) fn without_machine_lines(text: &str) -> String {
    let is_rule = |line: &str| {
        let line = line.trim();
        line.len() >= 20 && line.contains(":~:") && line.chars().all(|c| matches!(c, '-' | ':' | '~'))
    };
    let (mut kept, mut within) = (Vec::new(), false);
    for line in text.lines() {
        if is_rule(line) {
            within = !within;
        } else if !within && !WAYS_IN.iter().any(|way| line.to_lowercase().contains(way)) {
            kept.push(line);
        }
    }
    kept.join("\n").trim().to_owned()
}

/// Markdown that shows a plain text just as it is. Links stay links.
pub(super) fn as_markdown(text: &str) -> String {
    let mut markdown = String::with_capacity(text.len() + text.len() / 16);
    for (at, line) in text.lines().enumerate() {
        if at > 0 {
            markdown.push('\n');
        }
        // Spaces before it would make it code.
        let line = line.trim();
        let mut rest = line;
        if let Some(first) = line.chars().next() {
            let digits = line.chars().take_while(char::is_ascii_digit).count();
            if matches!(first, '#' | '>' | '-' | '+' | '=' | '|' | ':') {
                markdown.push('\\');
                markdown.push(first);
                rest = &line[1..];
            } else if (1..10).contains(&digits) && line[digits..].starts_with(['.', ')']) {
                markdown.push_str(&line[..digits]);
                markdown.push('\\');
                markdown.push_str(&line[digits..=digits]);
                rest = &line[digits + 1..];
            }
        }
        for word in rest.split_inclusive(char::is_whitespace) {
            let link = word.trim_end();
            if is_link(link) && followed(link) == link {
                markdown.push_str(word);
            } else {
                for c in word.chars() {
                    if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '&') {
                        markdown.push('\\');
                    }
                    markdown.push(c);
                }
            }
        }
    }
    markdown.trim().to_owned()
}

/// What Markdown of [`as_markdown`] says, in one line and no more than `most` characters of it.
pub(super) fn beginning(markdown: &str, most: usize) -> String {
    let mut words = String::new();
    let mut escaped = false;
    // Twice as much as is shown has every mark in front of every letter.
    for c in markdown.chars().take(2 * most + 2) {
        escaped = c == '\\' && !escaped;
        if !escaped {
            words.push(c);
        }
    }
    super::line(&words, most).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn html_becomes_its_words() {
        for (html, words) in [
            ("<p>Bring a bowl.</p><p>And&nbsp;a spoon &amp; bread.</p>", "Bring a bowl.\n\nAnd a spoon & bread."),
            ("one<br>two<br/>three<BR />four", "one\ntwo\nthree\nfour"),
            ("<ul><li>salt</li><li>leeks</li></ul>", "- salt\n- leeks"),
            ("See <a href=\"https://soup.example/a?b=1&amp;c=2\">the recipe</a>.", "See the recipe (https://soup.example/a?b=1&c=2)."),
            ("<a href='https://soup.example/'>https://soup.example</a>", "https://soup.example"),
            ("<a href=\"javascript:alert(1)\">press</a>", "press"),
            ("<style>p { color: red }</style><b>Soup</b><script>alert(1)</script>", "Soup"),
            ("3 < 4 and 5 > 2 <b>yes</b>", "3 < 4 and 5 > 2 yes"),
            ("<b>open <i", "open <i"),
            ("&#8364; &#x20AC; &unknown; &#xFFFFFFF;", "€ € &unknown; &#xFFFFFFF;"),
        ] {
            assert_eq!(plain(html), words, "{html}");
        }
    }

    #[test]
    fn what_only_looks_like_markup_is_none() {
        for text in ["I <3 soup", "a < b > c", "<ana@example.org>", "https://a.example/<x>", "<>"] {
            assert!(!is_html(text), "{text}");
        }
        for html in ["one<br>two", "<p>one</p>", "<a href=\"x\">", "<html><body>", "<b>x</b>", "<P>"] {
            assert!(is_html(html), "{html}");
        }
    }

    #[test]
    fn a_room_is_known_by_its_host() {
        for room in [
            "https://us02web.zoom.us/j/123",
            "https://meet.google.com/abc-defg-hij",
            "https://meet.jit.si/Soup",
            "https://bbb.uni.example/b/x",
            "HTTPS://ZOOM.US/J/1",
            "us02web.zoom.us/j/1",
        ] {
            assert!(is_room(room), "{room}");
        }
        for other in
            ["https://www.meetup.com/soup/events/1", "https://notzoom.us/x", "https://a.example/zoom.us", "zoom.us", "a.example/zoom.us/j"]
        {
            assert!(!is_room(other), "{other}");
        }
        assert_eq!(
            links("Join (https://zoom.us/j/1), or <https://a.example/x>.").collect::<Vec<_>>(),
            ["https://zoom.us/j/1", "https://a.example/x"]
        );
        let found = "Zoom: zoom.us/j/1, or HTTPS://Meet.Google.com/abc. Not soup.example/recipe; and/or";
        assert_eq!(links(found).collect::<Vec<_>>(), ["zoom.us/j/1", "HTTPS://Meet.Google.com/abc"]);
        assert_eq!(["zoom.us/j/1", "HTTPS://A.example/B"].map(followed), ["https://zoom.us/j/1", "https://A.example/B"]);
    }

    #[test]
    fn what_google_writes_about_its_meeting_is_left_out() {
        let text = "Bring a bowl.\n\n-::~:~::~:~:~:~:~:~:~:~:~::~:~::-\nJoin with Google Meet: https://meet.google.com/abc\n\nPlease do not edit this section.\n-::~:~::~:~:~:~:~:~:~:~:~::~:~::-";
        assert_eq!(without_machine_lines(text), "Bring a bowl.");
    }

    #[test]
    fn plain_text_means_nothing_as_markdown() {
        assert_eq!(as_markdown("# 1 *soup*\n    - a_b [x](y)\n1. two"), "\\# 1 \\*soup\\*\n\\- a\\_b \\[x\\](y)\n1\\. two");
        assert_eq!(as_markdown("see https://a.example/b_c*d now_then"), "see https://a.example/b_c*d now\\_then");
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "(<[a-z/ ]{0,4}>?|&[#a-z0-9]{0,4};?|[ -~]{0,4}|\\PC{0,3}|\n){0,40}") {
            _ = is_html(&text);
            _ = links(&text).count();
            _ = without_machine_lines(&text);
            let words = plain(&text);
            prop_assert!(words.len() <= text.len() * 2 + 2);
            let line = |text: &str| super::super::line(text, usize::MAX).0;
            prop_assert_eq!(beginning(&as_markdown(&words), 10_000), line(&words));
        }
    }

    #[test]
    fn what_leads_into_a_room_stands_nowhere_but_behind_its_door() {
        assert!(is_room("https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fus02web.zoom.us%2Fj%2F1&data=05"));
        assert!(is_room("https://www.google.com/url?q=https://zoom.us/j/1"));
        assert!(!is_room("https://www.google.com/url?q=https://soup.example/recipe"));
        let words = "Bring a bowl.\nMeeting ID: 123 4567 8910\nPasscode: 123456\nOne tap mobile +1 555\nAnd a spoon.";
        assert_eq!(without_machine_lines(words), "Bring a bowl.\nAnd a spoon.");
        assert_eq!(plain("<HTML><HEAD><TITLE>x</TITLE></HEAD><BODY>Bring a bowl</BODY></HTML>").trim(), "Bring a bowl");
    }
}
