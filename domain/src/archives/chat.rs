//! Reading a chat as WhatsApp exports it: a text in which each message begins with a date, a time and who wrote it.
//!
//! How dates are written depends on the phone: `12.03.24, 19:45 - `, `[3/12/24, 7:45:33 PM] `, `2024-03-12, 19:45 - `. Whether the day or the
//! month comes first is found out from the whole file: a number above twelve is a day; where there is none, that order is right in which time
//! runs forward; where both do, the day comes first, unless it is said otherwise.

use super::{ArchiveRefusal, MOST_MESSAGES, MOST_VOICES, Message, Read};
use crate::{gatherings::sessions::instant, time::Zone, timeline::LONGEST_POST};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// Which comes first in the dates of a chat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// It is found out.
    #[default]
    Unsaid,
    /// `31/12/2024`.
    DayFirst,
    /// `12/31/2024`.
    MonthFirst,
}

impl Order {
    /// The word for it in forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unsaid => "",
            Self::DayFirst => "day",
            Self::MonthFirst => "month",
        }
    }
    /// The order of that word; any other word says nothing.
    pub fn from_word(word: &str) -> Self {
        [Self::DayFirst, Self::MonthFirst].into_iter().find(|order| order.word() == word).unwrap_or_default()
    }
}

/// A date as it stands there: three numbers, of which the year may be the first or the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Written {
    numbers: [u32; 3],
    year_first: bool,
    time: NaiveTime,
}

impl Written {
    fn date(&self, day_first: bool) -> Option<NaiveDateTime> {
        let [a, b, c] = self.numbers;
        let (year, month, day) = if self.year_first {
            (a, b, c)
        } else if day_first {
            (c, b, a)
        } else {
            (c, a, b)
        };
        let year = if year < 100 { 2000 + year } else { year };
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).map(|date| date.and_time(self.time))
    }
}

/// A message as it stands there.
struct Raw {
    written: Written,
    voice: String,
    words: String,
}

/// Reads a chat. Times are on the clock of `zone`, since the file does not say on whose.
pub fn read(text: &str, order: Order, zone: &Zone) -> Result<Read, ArchiveRefusal> {
    let mut raws: Vec<Raw> = Vec::new();
    let mut read = Read::default();
    // Whether lines that begin nothing belong to a message that is taken along.
    let mut open = false;
    for line in text.lines() {
        match beginning(line) {
            Some((written, rest)) => {
                let said = rest.split_once(": ").or_else(|| rest.strip_suffix(':').map(|voice| (voice, "")));
                open = said.is_some_and(|(voice, _)| !called(voice).is_empty());
                match said {
                    Some((voice, words)) if open => {
                        if raws.len() >= MOST_MESSAGES {
                            return Err(ArchiveRefusal::TooMany);
                        }
                        raws.push(Raw { written, voice: called(voice), words: words.to_owned() });
                    }
                    // "Rosa created the group": it is the program that says so.
                    _ => read.told_by_program += 1,
                }
            }
            None if open => {
                if let Some(last) = raws.last_mut() {
                    last.words.push('\n');
                    last.words.push_str(line);
                }
            }
            None => {}
        }
    }
    if raws.is_empty() {
        return Err(ArchiveRefusal::NoChat);
    }
    read.day_first = match order {
        Order::DayFirst => true,
        Order::MonthFirst => false,
        Order::Unsaid => day_comes_first(&raws),
    };
    // Where all of them begin so, it says nothing.
    let marks = raws.iter().any(|raw| !raw.words.trim_start().starts_with(PROGRAM));
    for Raw { written, voice, words } in raws {
        let Some(at) = written.date(read.day_first) else {
            read.unreadable += 1;
            continue;
        };
        let at = instant(at, zone);
        let (words, pictures) = said(&words, marks);
        read.pictures += pictures;
        let Some(words) = words else {
            read.told_by_program += usize::from(pictures == 0);
            continue;
        };
        if words.chars().count() > LONGEST_POST {
            read.too_long += 1;
        } else {
            let voice = match read.voices.iter().position(|known| *known == voice) {
                Some(known) => known,
                None if read.voices.len() >= MOST_VOICES => return Err(ArchiveRefusal::TooManyVoices),
                None => {
                    read.voices.push(voice);
                    read.voices.len() - 1
                }
            };
            read.messages.push(Message { voice, at, words, answers: None });
        }
    }
    Ok(read)
}

/// What a voice is called: without the marks of direction and the tilde that programs put before names.
fn called(voice: &str) -> String {
    let clean: String = voice.chars().filter(|c| !is_mark(*c)).collect();
    clean.trim().trim_start_matches(['~', '\u{202f}', ' ']).chars().take(super::LONGEST_VOICE).collect()
}

/// Marks of direction, by which programs keep names and numbers apart.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// By this mark an iPhone begins what the program says in somebody's place, in whatever language: that a picture is there, or that they renamed
/// the group.
const PROGRAM: char = '\u{200e}';

/// What somebody said, without what the program says in its place or behind it, and how many pictures and files stay behind with it. `marks` is
/// whether [`PROGRAM`] tells the one from the other.
fn said(words: &str, marks: bool) -> (Option<String>, usize) {
    let (first, rest) = words.split_once('\n').unwrap_or((words, ""));
    let marked = marks && first.trim_start().starts_with(PROGRAM);
    if is_left_out(&tidy(first), marked) {
        // What stands below a picture was said of it.
        return (Some(tidy(rest)).filter(|caption| !caption.is_empty()), 1);
    }
    if marked {
        return (None, 0);
    }
    let (words, pictures) = match words.rsplit_once(PROGRAM) {
        Some((before, tail)) if !tail.contains('\n') && is_left_out(&tidy(tail), true) => {
            (before, usize::from(!EDITED.contains(&tail.trim())))
        }
        _ => (words, 0),
    };
    (Some(tidy(words)).filter(|words| !words.is_empty() && !is_taken_back(words)), pictures)
}

/// The words without marks of direction and without what the program says of them.
fn tidy(words: &str) -> String {
    let clean: String = words.chars().filter(|c| !is_mark(*c) && (!c.is_control() || matches!(c, '\n' | '\t'))).collect();
    let clean = clean.trim();
    let edited = EDITED.iter().find_map(|mark| clean.strip_suffix(mark));
    edited.unwrap_or(clean).trim_end().to_owned()
}

/// What stands behind words that were changed.
const EDITED: [&str; 5] = [
    "<This message was edited>",
    "<Diese Nachricht wurde bearbeitet.>",
    "<Se editó este mensaje.>",
    "<Esta mensagem foi editada>",
    "<Ce message a été modifié>",
];

/// Whether a line stands for a picture or file that is not in the text; `marked` is whether it is the program's own.
fn is_left_out(line: &str, marked: bool) -> bool {
    const OMITTED: [&str; 7] = [" omitted", " omitted.", " weggelassen", " omitido", " omitida", " omis", " omise"];
    const ATTACHED: [&str; 6] =
        [" (file attached)", " (datei angehängt)", " (archivo adjunto)", " (arquivo anexado)", " (ficheiro anexado)", " (fichier joint)"];
    let (lower, words) = (line.to_lowercase(), line.split_whitespace().count());
    let ends = |with: &[&str]| words < 30 && with.iter().any(|end| lower.ends_with(end));
    // "<Media omitted>" in any language, "image omitted", "‎IMG-20240312-WA0001.jpg (file attached)", "<attached: 00000042-PHOTO.jpg>".
    let bracketed = line.starts_with('<') && line.ends_with('>') && words <= 6;
    bracketed || ends(&ATTACHED) || ((marked || words == 2) && ends(&OMITTED))
}

/// Whether the program says that the words were taken back, or that there was a call.
fn is_taken_back(words: &str) -> bool {
    const SAID: [&str; 13] = [
        "this message was deleted",
        "you deleted this message",
        "null",
        "missed voice call",
        "missed video call",
        "diese nachricht wurde gelöscht",
        "du hast diese nachricht gelöscht",
        "se eliminó este mensaje",
        "eliminaste este mensaje",
        "esta mensagem foi apagada",
        "apagou esta mensagem",
        "ce message a été supprimé",
        "vous avez supprimé ce message",
    ];
    let lower = words.to_lowercase();
    SAID.contains(&lower.trim_end_matches('.'))
}

/// Whether the day comes first where the year comes last.
fn day_comes_first(raws: &[Raw]) -> bool {
    let dates = raws.iter().filter(|raw| !raw.written.year_first);
    let falls = |day_first: bool| {
        let mut before = None;
        let mut falls = 0_usize;
        for raw in dates.clone() {
            match (raw.written.date(day_first), before) {
                // What is no date at all this way round weighs more than any disorder.
                (None, _) => falls += raws.len(),
                (Some(at), Some(last)) if at < last => falls += 1,
                _ => {}
            }
            before = raw.written.date(day_first).or(before);
        }
        falls
    };
    falls(true) <= falls(false)
}

/// The date and time at the beginning of a message's first line, and what stands behind them.
fn beginning(line: &str) -> Option<(Written, &str)> {
    let line = line.trim_start_matches(is_mark);
    let (bracket, line) = match line.strip_prefix('[') {
        Some(line) => (true, line.trim_start_matches(is_mark)),
        None => (false, line),
    };
    let (first, line) = number(line, 4)?;
    let separator = line.chars().next().filter(|c| matches!(c, '.' | '/' | '-'))?;
    // "3. 12. 24" is written with spaces in some places.
    let part =
        |line: &'_ str| -> Option<usize> { Some(line.len() - line.strip_prefix(separator)?.trim_start_matches([' ', '\u{a0}']).len()) };
    let line = &line[part(line)?..];
    let (second, line) = number(line, 2)?;
    let line = &line[part(line)?..];
    let (third, line) = number(line, 4)?;
    let year_first = first.1 == 4;
    if [first.1, second.1, third.1].iter().filter(|digits| **digits == 3).count() > 0
        || (year_first && third.1 == 4)
        || (!year_first && third.1 == 1)
    {
        return None;
    }
    // Between the date and the time there is a comma, a space, or a short word.
    let gap = line.find(|c: char| c.is_ascii_digit()).filter(|at| *at > 0 && line[..*at].chars().count() <= 8)?;
    if line[..gap].contains([':', ']']) {
        return None;
    }
    let (hour, line) = number(&line[gap..], 2)?;
    let line = line.strip_prefix([':', '.'])?;
    let (minute, line) = number(line, 2).filter(|(minute, _)| minute.1 == 2)?;
    let (second_of_minute, line) = match line.strip_prefix([':', '.']).and_then(|rest| number(rest, 2)) {
        Some((second, rest)) if second.1 == 2 => (second.0, rest),
        _ => (0, line),
    };
    let (half, line) = half_of_day(line);
    let hour = match half {
        None => hour.0,
        Some(after_noon) if (1..=12).contains(&hour.0) => hour.0 % 12 + if after_noon { 12 } else { 0 },
        Some(_) => return None,
    };
    let time = NaiveTime::from_hms_opt(hour, minute.0, second_of_minute.min(59))?;
    let rest =
        if bracket { line.strip_prefix(']')?.strip_prefix(' ')? } else { line.strip_prefix(" - ").or_else(|| line.strip_prefix(" – "))? };
    Some((Written { numbers: [first.0, second.0, third.0], year_first, time }, rest))
}

/// A number of up to so many digits at the beginning: its value and how many digits it has, and what stands behind it.
fn number(text: &str, most: usize) -> Option<((u32, usize), &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > most {
        return None;
    }
    Some(((text[..digits].parse().ok()?, digits), &text[digits..]))
}

/// `AM`, `p.m.`, `p. m.` at the beginning: whether it is after noon.
fn half_of_day(text: &str) -> (Option<bool>, &str) {
    let trimmed = text.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    for (mark, after_noon) in [("am", false), ("pm", true)] {
        let mut letters = mark.chars();
        let mut wanted = letters.next();
        for (at, c) in trimmed.char_indices() {
            match wanted {
                Some(letter) if c.to_ascii_lowercase() == letter => wanted = letters.next(),
                _ if matches!(c, '.' | ' ' | '\u{a0}' | '\u{202f}') && at > 0 && wanted.is_some() => {}
                None => return (Some(after_noon), trimmed[at..].strip_prefix('.').unwrap_or(&trimmed[at..])),
                _ => break,
            }
        }
    }
    (None, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lisbon() -> Zone {
        Zone::parse("Europe/Lisbon").expect("a zone")
    }

    fn read_all(text: &str) -> Read {
        read(text, Order::Unsaid, &lisbon()).expect("a chat")
    }

    /// Voice, time on Lisbon's clock, words.
    fn told(read: &Read) -> Vec<(String, String, String)> {
        let rules = lisbon().rules();
        let line = |message: &Message| {
            let at = chrono::DateTime::<chrono::Utc>::from(message.at).with_timezone(&rules);
            (read.voices[message.voice].clone(), at.format("%Y-%m-%d %H:%M:%S").to_string(), message.words.clone())
        };
        read.messages.iter().map(line).collect()
    }

    fn line(voice: &str, at: &str, words: &str) -> (String, String, String) {
        (voice.to_owned(), at.to_owned(), words.to_owned())
    }

    #[test]
    fn a_chat_is_read_as_android_writes_it() {
        let chat = "03/03/2024, 19:45 - Messages and calls are end-to-end encrypted. No one outside of this chat can read them.\n\
                    03/03/2024, 19:45 - Marco created group \"Soup Night\"\n\
                    03/03/2024, 19:46 - Rosa ☕: who brings bread?\n\
                    13/03/2024, 20:02 - Kofi: I do.\nAnd there is cheese: the old one.\n\
                    13/03/2024, 20:05 - Rosa ☕: <Media omitted>\n\
                    14/03/2024, 07:00 - Kofi: This message was deleted\n";
        let read = read_all(chat);
        assert_eq!(
            told(&read),
            [
                line("Rosa ☕", "2024-03-03 19:46:00", "who brings bread?"),
                line("Kofi", "2024-03-13 20:02:00", "I do.\nAnd there is cheese: the old one."),
            ]
        );
        assert_eq!((read.told_by_program, read.pictures, read.day_first), (3, 1, true));
    }

    #[test]
    fn a_chat_is_read_as_an_iphone_writes_it() {
        let chat = "\u{200e}[12.03.24, 19:45:33] Leila: bis gleich\n\u{200e}[12.03.24, 19:46:01] Marco: \u{200e}Bild weggelassen\n[13.3.24, 08:00:00] ~\u{202f}Ben: \u{200e}<attached: 00000042-PHOTO.jpg>\n[13.3.24, 08:00:59] ~\u{202f}Ben: da";
        let read = read_all(chat);
        assert_eq!(told(&read), [line("Leila", "2024-03-12 19:45:33", "bis gleich"), line("Ben", "2024-03-13 08:00:59", "da")]);
        assert_eq!(read.pictures, 2);
    }

    #[test]
    fn what_the_program_says_in_somebodys_place_is_not_theirs_and_what_they_say_of_a_picture_is() {
        let chat = "[12.03.24, 19:45:33] Leila: am I omitted, or was that me who omitted\n\
                    [12.03.24, 19:46:01] Marco: \u{200e}Marco heeft de groepsnaam gewijzigd in “Soep”\n\
                    [12.03.24, 19:46:02] Marco: \u{200e}afbeelding weggelaten door Marco\n\
                    [12.03.24, 19:46:03] Marco: the pot \u{200e}image omitted\n\
                    [12.03.24, 19:46:04] Marco: and the lid \u{200e}<attached: 00000042-PHOTO.jpg>\n\
                    [12.03.24, 19:46:05] Marco: it is blue \u{200e}<This message was edited>\n\
                    [12.03.24, 19:46:06] Ben: <Media omitted>\nmy kitchen\n\
                    [12.03.24, 19:46:07] Ben: \u{200e}IMG-1.jpg (file attached)\nmy hall\n\
                    [12.03.24, 19:46:08] ~: nobody";
        let read = read_all(chat);
        let words: Vec<_> = read.messages.iter().map(|message| message.words.as_str()).collect();
        let leilas = "am I omitted, or was that me who omitted";
        assert_eq!(words, [leilas, "the pot", "and the lid", "it is blue", "my kitchen", "my hall"]);
        assert_eq!((read.pictures, read.told_by_program, read.voices.len()), (4, 3, 3));
        let all_marked = "[12.03.24, 19:45:33] Leila: \u{200e}one\n[12.03.24, 19:46:33] Leila: \u{200e}two";
        assert_eq!(read_all(all_marked).messages.len(), 2, "a mark that all of them have says nothing");
    }

    #[test]
    fn dates_are_read_as_the_phone_writes_them() {
        for (head, at) in [
            ("3/13/24, 7:45\u{202f}PM - ", "2024-03-13 19:45:00"),
            ("3/13/24, 12:05 AM - ", "2024-03-13 00:05:00"),
            ("[3/13/24, 12:05:09 PM] ", "2024-03-13 12:05:09"),
            ("2024-03-13, 19:45 - ", "2024-03-13 19:45:00"),
            ("2024/03/13 19:45 - ", "2024-03-13 19:45:00"),
            ("13.3.2024 klo 19.45 - ", "2024-03-13 19:45:00"),
            ("13.03.24, 19:45 - ", "2024-03-13 19:45:00"),
            ("13-03-2024 19:45 - ", "2024-03-13 19:45:00"),
            ("13/3/24, 7:45 p. m. - ", "2024-03-13 19:45:00"),
            ("13/3/24 7:45 a.\u{a0}m. - ", "2024-03-13 07:45:00"),
            ("13. 3. 2024 19:45 - ", "2024-03-13 19:45:00"),
        ] {
            assert_eq!(told(&read_all(&format!("{head}Ana: hello"))), [line("Ana", at, "hello")], "{head}");
        }
    }

    #[test]
    fn which_comes_first_is_found_out_or_said() {
        // No day above twelve: time runs forward with the month first alone.
        let forward = "1/2/24, 9:00 - Ana: one\n2/1/24, 9:00 - Ana: two\n3/1/24, 9:00 - Ana: three\n3/2/24, 9:00 - Ana: four";
        assert!(!read_all(forward).day_first);
        let either = "1/2/24, 9:00 - Ana: one\n2/3/24, 9:00 - Ana: two";
        assert!(read_all(either).day_first);
        let said = read(either, Order::MonthFirst, &lisbon()).expect("a chat");
        assert_eq!(told(&said)[0].1, "2024-01-02 09:00:00");
    }

    #[test]
    fn a_line_that_only_looks_like_a_beginning_is_part_of_what_was_said() {
        let chat = "13/03/2024, 20:02 - Kofi: the list:\n1. bread\n12.50 - for the cheese: mine\n12/3 - later";
        assert_eq!(told(&read_all(chat))[0].2, "the list:\n1. bread\n12.50 - for the cheese: mine\n12/3 - later");
    }

    #[test]
    fn an_hour_that_the_clocks_skip_or_repeat_is_an_instant() {
        let chat = "31.03.24, 01:30 - Ana: skipped\n27.10.24, 01:30 - Ana: twice";
        let told = told(&read_all(chat));
        assert_eq!((told[0].1.as_str(), told[1].1.as_str()), ("2024-03-31 02:30:00", "2024-10-27 01:30:00"));
    }

    #[test]
    fn what_is_no_chat_is_refused() {
        for text in ["", "Dear diary", "name;mail\nAna;ana@example.org", "12/3/24 - no time: here"] {
            assert_eq!(read(text, Order::Unsaid, &lisbon()).map(|_| ()), Err(ArchiveRefusal::NoChat), "{text}");
        }
    }

    #[test]
    fn too_many_messages_or_voices_are_refused_and_long_words_stay_behind() {
        let many = "13/03/24, 20:02 - Kofi: x\n".repeat(MOST_MESSAGES + 1);
        assert_eq!(read(&many, Order::Unsaid, &lisbon()).map(|_| ()), Err(ArchiveRefusal::TooMany));
        let crowd: String = (0..=MOST_VOICES).map(|at| format!("13/03/24, 20:02 - Guest {at}: x\n")).collect();
        assert_eq!(read(&crowd, Order::Unsaid, &lisbon()).map(|_| ()), Err(ArchiveRefusal::TooManyVoices));
        let long = format!("13/03/24, 20:02 - Kofi: {}\n13/03/24, 20:03 - Kofi: short", "x".repeat(LONGEST_POST + 1));
        let read = read_all(&long);
        assert_eq!((read.messages.len(), read.too_long), (1, 1));
    }

    proptest! {
        #[test]
        fn any_text_is_a_chat_or_a_refusal(text in "\\PC{0,200}", head in "(\\[)?[0-9]{1,4}[./-][0-9]{1,3}[./-][0-9]{1,4},? [0-9]{1,2}[:.][0-9]{2} ?(AM|p\\. m\\.)?(\\] | - )?") {
            for text in [text.clone(), format!("{head}{text}"), format!("{head}Ana: {text}\n{text}")] {
                if let Ok(read) = read(&text, Order::Unsaid, &lisbon()) {
                    prop_assert!(read.messages.iter().all(|message| message.voice < read.voices.len() && !message.words.is_empty()));
                }
            }
        }
    }
}
