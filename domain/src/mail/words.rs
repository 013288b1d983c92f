//! What letters say: plain text, short, in the reader's own time.

use super::{Claimed, Letter, MailAddress, What, address::CONFIRM_DAYS};
use crate::{
    gatherings::{Answer, SessionPage, coming::Reminder},
    time::{Timestamp, Zone},
};
use chrono::{DateTime, Datelike};
use chrono_tz::Tz;
use std::fmt::Write;

/// Where letters are written.
pub(super) struct Desk<'a> {
    /// The community's name.
    pub from: &'a str,
    /// The public address of the place, without a slash at the end.
    pub origin: &'a str,
    /// When it is read, if all goes well.
    pub now: Timestamp,
}

impl Desk<'_> {
    /// The letter by which an address is confirmed.
    pub fn confirmation(&self, claimed: &Claimed, address: &MailAddress, code: &str) -> Letter {
        let Self { from, origin, .. } = self;
        let text = format!(
            // Whoever reads it may know nothing of us: none of a member's own words are in it.
            "Hello,\n\n\
             this address was given at {from}. Is it yours? Say so here, and reminders find you:\n\n\
             {origin}/mail/confirm/{code}\n\n\
             The link works once, for {CONFIRM_DAYS} days. If you know nothing of this, let it lie: then nothing more is sent here.\n\n\
             -- \n{from}\n{origin}\n"
        );
        Letter {
            id: claimed.id,
            to: address.clone(),
            called: String::new(),
            from: (*from).to_owned(),
            subject: one_line(&format!("Is this your address? ({from})")),
            text,
            html: None,
            unsubscribe: None,
            at: claimed.at,
        }
    }

    /// A letter about a session; `None` where its member has no address any more.
    pub fn about_session(&self, claimed: &Claimed, what: What, by: Option<&str>, page: &SessionPage) -> Option<Letter> {
        let (to, secret) = (claimed.settings.address.clone()?, claimed.secret.as_deref()?);
        let Self { from, origin, .. } = self;
        let title = &page.gathering.title;
        let zone = &claimed.me.zone;
        let starts = local(page.session.starts_at, zone);
        // What is not about to be is often read on another day than it was written.
        let day = if matches!(what, What::ComesUp(_)) { self.day(starts) } else { format!("on {}", self.date(starts)) };
        let clock = clock(starts);
        let keeper = by.unwrap_or(&page.gathering.host.display_name);
        let (subject, opening) = match what {
            What::ComesUp(Reminder::Day) => {
                let subject = format!("{title} is {day} at {clock}");
                (subject.clone(), format!("{subject}."))
            }
            What::ComesUp(Reminder::Hour) => {
                let subject = format!("{title} begins at {clock}");
                (subject.clone(), format!("{subject}, {}.", self.how_soon(page.session.starts_at)))
            }
            What::Changed => (format!("Changed: {title} is {day} at {clock}"), format!("{keeper} changed {title}. This is how it is now:")),
            What::Cancelled => {
                let all = if page.gathering.cancelled.is_some() { ", and all that was to come of it" } else { "" };
                (format!("Cancelled: {title} {day}"), format!("{title} {day} at {clock} is cancelled{all}."))
            }
            What::On => (format!("It takes place: {title} {day}"), format!("{title} {day} at {clock} takes place after all.")),
            What::Named => {
                (format!("{keeper} asks you to come to {title}"), format!("{keeper} asks you to come to {title}, {day} at {clock}."))
            }
            What::Room => (
                format!("There is room for you: {title} {day}"),
                format!("You waited for a place at {title}, {day} at {clock}. There is room now: you are coming."),
            ),
        };
        let mut text = format!("Hello {},\n\n{opening}\n\n", claimed.me.display_name);
        match page.cancelled.as_deref() {
            Some(why) if !why.is_empty() => text += &format!("    {why}\n\n"),
            Some(_) => {}
            None => {
                text += &self.facts(claimed, page, what);
                text += &self.answers(claimed, page);
            }
        }
        let series = encoded(&page.gathering.slug);
        let date = page.session.date;
        let wish = if matches!(what, What::ComesUp(_)) { "to be reminded" } else { "to hear of such things" };
        // Writing into a string does not fail.
        _ = write!(text, "Its page: {origin}/gatherings/{series}/{date}\n\n");
        _ = write!(text, "-- \n{from}\nYou wish {wish} by mail: {origin}/settings/notifications\n");
        let unsubscribe = format!("{origin}/unsubscribe/{secret}");
        _ = writeln!(text, "No mail any more: {unsubscribe}");
        Some(Letter {
            id: claimed.id,
            to,
            called: claimed.me.display_name.clone(),
            from: (*from).to_owned(),
            subject: one_line(&subject),
            text,
            html: None,
            unsubscribe: Some(unsubscribe),
            at: claimed.at,
        })
    }

    /// When and where, and what one said so far.
    fn facts(&self, claimed: &Claimed, page: &SessionPage, what: What) -> String {
        let zone = &claimed.me.zone;
        let (session, own) = (&page.session, &page.gathering.schedule.zone);
        let (starts, ends) = (local(session.starts_at, zone), local(session.ends_at, zone));
        let until = if session.ends_at.0 - session.starts_at.0 < 86_400_000 {
            clock(ends)
        } else {
            format!("{}, {}", self.date(ends), clock(ends))
        };
        let mut facts = format!("    When    {}, {} to {until}", self.date(starts), clock(starts));
        let there = local(session.starts_at, own);
        if there.naive_local() != starts.naive_local() {
            let day = if there.date_naive() == starts.date_naive() { String::new() } else { format!("{} ", there.format("%A")) };
            _ = write!(facts, " your time ({day}{} {})", clock(there), own.in_words());
        }
        facts.push('\n');
        if let Some(was) = page.moved_from.filter(|_| what == What::Changed) {
            let was = local(was, zone);
            _ = writeln!(facts, "    Usually {} at {}", self.date(was), clock(was));
        }
        match (page.gathering.place.as_str(), page.gathering.online) {
            ("", _) => facts += "    Where   online: those who come find the link on its page\n",
            (place, false) => _ = writeln!(facts, "    Where   {place}"),
            (place, true) => _ = writeln!(facts, "    Where   {place}, and online: those who come find the link on its page"),
        }
        if let Some(mine) = &page.mine {
            let guests = match mine.guests {
                0 => String::new(),
                1 => ", with a guest".to_owned(),
                guests => format!(", with {guests} guests"),
            };
            let said = match mine.answer {
                Answer::Yes if mine.waiting => "yes, and wait for room",
                Answer::Yes => "yes",
                Answer::Maybe => "maybe",
                Answer::No => "not this time",
            };
            _ = writeln!(facts, "    You     said {said}{guests}");
        }
        facts.push('\n');
        facts
    }

    /// The ways to answer. Following one changes nothing: the page there has a button, since mail is read by machines, too.
    fn answers(&self, claimed: &Claimed, page: &SessionPage) -> String {
        let way = |answer: Answer| format!("{}/answer/{}/{}\n", self.origin, claimed.code, answer.word());
        let mut ways = String::new();
        if !page.late {
            ways += &format!("Yes, I’ll come:   {}Maybe:            {}", way(Answer::Yes), way(Answer::Maybe));
        }
        ways + &format!("Not this time:    {}\n", way(Answer::No))
    }

    /// `today`, `tomorrow`, or `on Thursday 3 December`, and with the year if it is not this one.
    fn day(&self, at: DateTime<Tz>) -> String {
        let today = DateTime::<chrono::Utc>::from(self.now).with_timezone(&at.timezone()).date_naive();
        match (at.date_naive() - today).num_days() {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            _ => format!("on {}", self.date(at)),
        }
    }

    /// `Thursday 3 December`, and with the year if it is not this one.
    fn date(&self, at: DateTime<Tz>) -> String {
        let now = DateTime::<chrono::Utc>::from(self.now).with_timezone(&at.timezone());
        let year = if at.year() == now.year() { "" } else { " %Y" };
        at.format(&format!("%A %-d %B{year}")).to_string()
    }

    /// `in an hour`, or in so many minutes.
    fn how_soon(&self, at: Timestamp) -> String {
        match (at.0 - self.now.0 + 59_999) / 60_000 {
            ..=1 => "in a minute".to_owned(),
            minutes @ 2..=54 => format!("in {minutes} minutes"),
            _ => "in an hour".to_owned(),
        }
    }
}

pub(crate) fn local(at: Timestamp, zone: &Zone) -> DateTime<Tz> {
    DateTime::<chrono::Utc>::from(at).with_timezone(&zone.rules())
}

fn clock(at: DateTime<Tz>) -> String {
    at.format("%H:%M").to_string()
}

/// Text of one line, whatever it was.
pub(crate) fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A part of an address as it stands in one.
pub(crate) fn encoded(part: &str) -> String {
    part.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            _ => _ = write!(encoded, "%{byte:02X}"),
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{STARTS, claimed, page},
        *,
    };
    use crate::gatherings::calendar::Cancelled;
    use proptest::prelude::*;

    const DESK: Desk = Desk { from: "Lantern Street", origin: "https://porch.example", now: Timestamp(STARTS.0 - 80_000_000) };

    fn letter(what: What, page: &SessionPage) -> Letter {
        DESK.about_session(&claimed(what), what, None, page).expect("there is an address")
    }

    #[test]
    fn a_reminder_says_when_and_where_and_how_to_answer() {
        let letter = letter(What::ComesUp(Reminder::Day), &page(Some(Answer::Yes)));
        assert_eq!(letter.subject, "Thursday Drawing is tomorrow at 19:30");
        let text = "Hello Bo,\n\nThursday Drawing is tomorrow at 19:30.\n\n    \
            When    Thursday 3 December, 19:30 to 21:00\n    Where   The boathouse\n    You     said yes\n\n\
            Yes, I’ll come:   https://porch.example/answer/code/yes\n\
            Maybe:            https://porch.example/answer/code/maybe\n\
            Not this time:    https://porch.example/answer/code/no\n\n\
            Its page: https://porch.example/gatherings/thursday-drawing/2026-12-03\n\n-- \nLantern Street\n\
            You wish to be reminded by mail: https://porch.example/settings/notifications\n\
            No mail any more: https://porch.example/unsubscribe/secret\n";
        assert_eq!(letter.text, text);
        assert_eq!(letter.unsubscribe.as_deref(), Some("https://porch.example/unsubscribe/secret"));
    }

    #[test]
    fn each_letter_says_in_its_subject_what_it_is_about() {
        let mut off = page(Some(Answer::Yes));
        off.cancelled = Some("The boathouse is flooded.".into());
        let subject = |what| letter(what, &page(Some(Answer::Yes))).subject;
        assert_eq!(subject(What::ComesUp(Reminder::Hour)), "Thursday Drawing begins at 19:30");
        assert_eq!(subject(What::Changed), "Changed: Thursday Drawing is on Thursday 3 December at 19:30");
        assert_eq!(subject(What::On), "It takes place: Thursday Drawing on Thursday 3 December");
        assert_eq!(subject(What::Named), "Ana asks you to come to Thursday Drawing");
        assert_eq!(subject(What::Room), "There is room for you: Thursday Drawing on Thursday 3 December");
        let cancelled = letter(What::Cancelled, &off);
        assert_eq!(cancelled.subject, "Cancelled: Thursday Drawing on Thursday 3 December");
        assert!(cancelled.text.contains("is cancelled.\n\n    The boathouse is flooded.\n"), "{}", cancelled.text);
        assert!(!cancelled.text.contains("/answer/"), "{}", cancelled.text);
        off.gathering.cancelled = Some(Cancelled { at: STARTS, why: String::new() });
        assert!(letter(What::Cancelled, &off).text.contains("is cancelled, and all that was to come of it."));
    }

    #[test]
    fn times_are_the_readers_own_with_the_gatherings_beside_them() {
        let mut to = claimed(What::Changed);
        to.me.zone = Zone::parse("Asia/Tokyo").expect("a zone");
        let moved = SessionPage { moved_from: Some(STARTS.plus_days(-1)), ..page(Some(Answer::No)) };
        let letter = DESK.about_session(&to, What::Changed, Some("Ines"), &moved).expect("there is an address");
        assert_eq!(letter.subject, "Changed: Thursday Drawing is on Friday 4 December at 04:30");
        for line in [
            "Ines changed Thursday Drawing. This is how it is now:\n",
            "    When    Friday 4 December, 04:30 to 06:00 your time (Thursday 19:30 in Lisbon)\n",
            "    Usually Thursday 3 December at 04:30\n",
            "    You     said not this time\n",
        ] {
            assert!(letter.text.contains(line), "{line}{}", letter.text);
        }
    }

    #[test]
    fn no_letter_holds_the_link_of_an_online_session() {
        for place in ["", "The boathouse"] {
            let mut online = page(Some(Answer::Yes));
            (online.gathering.online, online.gathering.place) = (true, place.into());
            online.link = Some(online.gathering.link.clone());
            for what in What::ALL {
                let letter = letter(what, &online);
                assert!(
                    !letter.text.contains("meet.example") && letter.text.contains("those who come find the link on its page"),
                    "{}",
                    letter.text
                );
            }
        }
    }

    #[test]
    fn whoever_is_too_late_for_a_yes_is_offered_none() {
        let text = letter(What::ComesUp(Reminder::Hour), &SessionPage { late: true, ..page(Some(Answer::Yes)) }).text;
        assert!(text.contains("/answer/code/no") && !text.contains("/answer/code/yes"), "{text}");
        assert!(text.contains("begins at 19:30, in an hour."), "{text}");
    }

    #[test]
    fn an_address_is_asked_after_by_one_letter_that_can_be_let_lie() {
        let letter = DESK.confirmation(&claimed(What::On), &MailAddress::from_record("new@example.org".into()), "key");
        assert_eq!((letter.to.as_str(), letter.unsubscribe), ("new@example.org", None));
        assert!(letter.text.contains("https://porch.example/mail/confirm/key\n"), "{}", letter.text);
    }

    proptest! {
        #[test]
        fn whatever_a_gathering_is_called_its_subject_is_one_line(title in ".{0,60}\\r\\nBcc: eve@example.org|\\PC{1,40}") {
            let mut named = page(None);
            named.gathering.title = title;
            prop_assert!(!letter(What::Named, &named).subject.contains(|c: char| c.is_control()));
        }

        #[test]
        fn an_address_made_of_any_title_is_plain(slug in "\\PC{0,20}") {
            prop_assert!(encoded(&slug).bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/' && byte != b'?'));
        }
    }
}
