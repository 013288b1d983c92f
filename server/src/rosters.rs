//! Rosters as they come: the text of a file, whatever it is encoded in, and the table of links that a host takes away. What stands in a roster
//! is read and checked by [`domain::rosters`], on threads of their own.

use crate::{front::Front, pages};
use app::request::Request as Asked;
use axum::{
    Extension,
    extract::{Path, Request, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::{
    outcome::{Error, OrRefuse, Unavailable},
    rosters::{
        MOST_BYTES, RosterReader, RosterRefusal,
        checking::{Grounds, Look, check},
        reading::read,
    },
};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Reads and checks on threads of their own.
pub struct Aside;

#[async_trait::async_trait]
impl RosterReader for Aside {
    async fn text(&self, file: Vec<u8>) -> Result<(String, bool), Error<RosterRefusal>> {
        aside(move || text_of(&file)).await?.or_refuse()
    }

    async fn look(&self, text: String, grounds: Grounds) -> Result<Look, Error<RosterRefusal>> {
        aside(move || read(&text).map(|reading| check(reading, &grounds))).await?.or_refuse()
    }
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Unavailable> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Unavailable(Box::new(error)))
}

/// The text of a file: in UTF-16 where it says so or looks so, else each line in UTF-8, or as Windows writes it in western Europe where that
/// can't be, which is told; so that a file that was put together from several can be read, too. What has zeros in it is no text.
pub fn text_of(file: &[u8]) -> Result<(String, bool), RosterRefusal> {
    if file.len() > MOST_BYTES {
        return Err(RosterRefusal::TooLarge);
    }
    let mut guessed = false;
    let text = match (Encoding::for_bom(file), file) {
        (Some((encoding, _)), _) if encoding != UTF_8 => encoding.decode(file).0.into_owned(),
        // A plain letter and a zero.
        (None, [1..=127, 0, 1..=127, 0, ..]) => UTF_16LE.decode(file).0.into_owned(),
        (None, [0, 1..=127, 0, 1..=127, ..]) => UTF_16BE.decode(file).0.into_owned(),
        _ => {
            let mut text = String::with_capacity(file.len());
            for line in file.split_inclusive(|byte| *byte == b'\n') {
                match std::str::from_utf8(line) {
                    Ok(line) => text.push_str(line),
                    Err(_) => {
                        guessed = true;
                        text.push_str(&WINDOWS_1252.decode_without_bom_handling(line).0);
                    }
                }
            }
            text
        }
    };
    // A spreadsheet's own file is a compressed one, which has them; a text has none.
    if text.contains('\0') || file.starts_with(b"PK\x03\x04") { Err(RosterRefusal::NoText) } else { Ok((text, guessed)) }
}

/// A party's page, or the table of its links where the address ends so.
pub async fn party_or_sheet(
    State(front): State<Front>,
    Path(file): Path<String>,
    Extension(asked): Extension<Asked>,
    request: Request,
) -> Response {
    let (Some(id), Some(host)) = (file.strip_suffix(".csv").and_then(|id| id.parse().ok()), asked.viewer.host()) else {
        return pages::page(State(front), request).await;
    };
    let rosters = &front.services.rosters;
    match rosters.one(&host, id).await {
        Ok(Some((_, guests))) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
                (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"invitations.csv\"")),
                (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
            ];
            // By the mark at its beginning, spreadsheets know that it is UTF-8.
            (headers, format!("\u{feff}{}", rosters.sheet(&guests))).into_response()
        }
        Ok(None) => pages::page(State(front), request).await,
        Err(cause) => {
            tracing::error!(cause = %cause.0, "could not write a table of links");
            crate::plain::failed()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAMES: &str = "Zoë Ångström\nJosé\n";

    #[test]
    fn a_file_is_read_in_whatever_it_was_written() {
        let wide = |to: fn(u16) -> [u8; 2]| NAMES.encode_utf16().flat_map(to).collect::<Vec<_>>();
        let (little, big) = (wide(u16::to_le_bytes), wide(u16::to_be_bytes));
        let western = WINDOWS_1252.encode(NAMES).0.into_owned();
        let mixed = [NAMES.as_bytes(), &western].concat();
        for (file, text, guessed) in [
            (NAMES.as_bytes().to_vec(), NAMES.to_owned(), false),
            ([b"\xff\xfe", little.as_slice()].concat(), NAMES.to_owned(), false),
            ([b"\xfe\xff", big.as_slice()].concat(), NAMES.to_owned(), false),
            (little, NAMES.to_owned(), false),
            (big, NAMES.to_owned(), false),
            (western, NAMES.to_owned(), true),
            (mixed, format!("{NAMES}{NAMES}"), true),
        ] {
            assert_eq!(
                text_of(&file).map(|(text, guessed)| (text.trim_start_matches('\u{feff}').to_owned(), guessed)),
                Ok((text, guessed))
            );
        }
    }

    #[test]
    fn what_is_no_text_or_too_much_is_refused_in_a_sentence() {
        assert_eq!(text_of(b"PK\x03\x04 and so on"), Err(RosterRefusal::NoText));
        assert_eq!(text_of(b"a\x01\x02\x00\x00 and so on"), Err(RosterRefusal::NoText));
        assert_eq!(text_of(&vec![b'a'; 10_000_000]), Err(RosterRefusal::TooLarge));
    }

    #[test]
    fn a_thousand_lines_are_checked_within_a_second_and_a_hundred_thousand_refused_at_once() {
        let line = |at: usize| format!("\"Zoë Ångström\",zoe{at}@example.org,\"mends \"\"things\"\"\",soup;birds\r\n");
        let text = format!("name,mail,line,interests\r\n{}", (0..1000).map(line).collect::<String>());
        let handle = |name: String| domain::people::Handle::parse(&name).expect("a name");
        let members = (0..500).map(|at| (handle(format!("m{at}")), format!("Member {at}"))).collect();
        let began = std::time::Instant::now();
        let look = check(read(&text_of(text.as_bytes()).expect("text").0).expect("read"), &Grounds { members, ..Grounds::default() });
        assert_eq!(look.guests().count(), 1000);
        let many = "Ana Li\n".repeat(100_000);
        assert_eq!(read(&many), Err(RosterRefusal::TooMany { lines: 100_000 }));
        assert!(began.elapsed().as_millis() < 1000, "{:?}", began.elapsed());
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_roster_or_a_refusal(file in proptest::collection::vec(any::<u8>(), 0..300), lines in 0..20_usize) {
            let filled = [file.as_slice(), b"\nname;mail\n", &b"Ana;ana@example.org\n".repeat(lines), &file].concat();
            for file in [file, filled] {
                match text_of(&file).and_then(|(text, _)| read(&text)) {
                    Ok(reading) => prop_assert_eq!(check(reading.clone(), &Grounds::default()).lines.len(), reading.rows.len()),
                    Err(refusal) => prop_assert!(refusal.to_string().ends_with('.')),
                }
            }
        }
    }
}
