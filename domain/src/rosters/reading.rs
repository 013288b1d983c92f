//! What stands in a roster: a table out of a spreadsheet, or one name a line.
//!
//! A table is recognised by its first line, where that says what its columns are; without one, by most lines having tabs or semicolons, or commas
//! with a mail address between them. Whatever else is a list: what stands before the first comma is a name, with a mail address in angle
//! brackets or without, and what stands behind it is a line about them.

use super::{FEWEST, MOST_LINES, RosterRefusal};
use std::collections::BTreeMap;

/// Most bytes that one value between quotes may have, and most line breaks in it: a quote that nobody closed must not swallow the rest.
const LONGEST_QUOTED: usize = 4000;
/// See [`LONGEST_QUOTED`].
const MOST_BREAKS: usize = 20;

/// What stands in a roster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Its people, in its order; at most [`MOST_LINES`].
    pub rows: Vec<Row>,
    /// The numbers of lines in which nothing stands.
    pub empty: Vec<usize>,
    /// Columns that say nothing which is of use here, as the first line calls them.
    pub left_out: Vec<String>,
}

/// A line of a roster, as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The number of its first line, from 1.
    pub number: usize,
    /// What they are called.
    pub name: String,
    /// Their mail address.
    pub mail: String,
    /// A line about them.
    pub line: String,
    /// What they care about, with commas between.
    pub interests: String,
    /// How many columns it has and how many it should have, where those differ.
    pub columns: Option<(usize, usize)>,
}

/// What a column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    First,
    Last,
    Mail,
    Line,
    Interests,
    Other,
}

/// A line, or several where a value between quotes goes over more.
struct Record {
    number: usize,
    cells: Vec<String>,
}

impl Record {
    fn is_empty(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

/// Reads a roster. Line breaks are of any kind.
pub fn read(text: &str) -> Result<Reading, RosterRefusal> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    // Most is known without reading on; values over several lines are rare and short.
    let filled = text.lines().filter(|line| !line.trim().is_empty()).count();
    if filled > MOST_LINES * (MOST_BREAKS + 1) {
        return Err(RosterRefusal::TooMany { lines: filled });
    }
    let lines = text.lines().count();
    if lines > 2 * MOST_LINES * (MOST_BREAKS + 1) {
        return Err(RosterRefusal::TooMany { lines });
    }
    if filled == 0 {
        return Err(RosterRefusal::Nothing);
    }
    let mut reading = table(&text).unwrap_or_else(|| list(&text));
    match reading.rows.len() {
        lines if lines > MOST_LINES => Err(RosterRefusal::TooMany { lines }),
        lines if lines < FEWEST => Err(RosterRefusal::TooFew { lines }),
        _ => {
            reading.left_out.dedup();
            Ok(reading)
        }
    }
}

/// The roster as a table, if it is one.
fn table(text: &str) -> Option<Reading> {
    let separators = ['\t', ';', ','];
    let with_head = separators.into_iter().filter_map(|separator| {
        let records = records(text, separator);
        let head = records.iter().position(|record| !record.is_empty())?;
        let columns = columns_of(&records[head].cells)?;
        Some((columns, head, records))
    });
    if let Some((columns, head, mut records)) =
        with_head.max_by_key(|(columns, ..)| columns.len()).filter(|(columns, ..)| columns.len() > 1)
    {
        let names = records[head].cells.clone();
        let before = records.drain(..=head).filter(Record::is_empty).map(|record| record.number).collect();
        let other = |(_, name): &(&Column, &String)| !name.is_empty();
        let left_out =
            columns.iter().zip(&names).filter(|(column, _)| **column == Column::Other).filter(other).map(|(_, name)| name.clone());
        let left_out = left_out.collect();
        return Some(rows(&columns, records, Reading { empty: before, left_out, ..Reading::default() }, false));
    }
    separators.into_iter().find_map(|separator| {
        let records = records(text, separator);
        let filled: Vec<&Record> = records.iter().filter(|record| !record.is_empty()).collect();
        let wide: Vec<&&Record> = filled.iter().filter(|record| record.cells.len() > 1).collect();
        let has_mail = |record: &&&&Record| record.cells[1..].iter().any(|cell| is_mail(cell)) || is_mail(&record.cells[0]);
        let is_table = wide.len() * 2 >= filled.len() && !wide.is_empty();
        if !is_table || (separator == ',' && wide.iter().filter(has_mail).count() * 3 < wide.len()) {
            return None;
        }
        let columns = columns_by_content(&filled);
        let left_out = (1..=columns.len()).filter(|at| columns[at - 1] == Column::Other).map(|at| format!("column {at}")).collect();
        Some(rows(&columns, records, Reading { left_out, ..Reading::default() }, true))
    })
}

/// The rows of a table. Without a first line that says what its columns are, somebody may be in it by name alone.
fn rows(columns: &[Column], records: Vec<Record>, mut reading: Reading, name_alone: bool) -> Reading {
    for Record { number, mut cells } in records {
        if cells.iter().all(String::is_empty) {
            reading.empty.push(number);
            continue;
        }
        while cells.len() > columns.len() && cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        let fits = cells.len() == columns.len() || (name_alone && cells.len() == 1);
        let mut row = Row { number, columns: (!fits).then_some((cells.len(), columns.len())), ..Row::default() };
        let (mut first, mut last) = (String::new(), String::new());
        for (column, cell) in columns.iter().zip(&cells) {
            let cell = unguarded(cell).to_owned();
            match column {
                Column::Name => row.name = cell,
                Column::First => first = cell,
                Column::Last => last = cell,
                Column::Mail => row.mail = cell,
                Column::Line => row.line = cell,
                Column::Interests => row.interests = cell,
                Column::Other => {}
            }
        }
        if row.name.is_empty() {
            row.name = [first, last].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        }
        if row.mail.is_empty() {
            (row.name, row.mail) = name_and_mail(&row.name);
        }
        reading.rows.push(row);
    }
    reading
}

/// One name a line.
fn list(text: &str) -> Reading {
    let mut reading = Reading::default();
    let mut records = records(text, ',').into_iter().peekable();
    while records.next_if(Record::is_empty).is_some() {}
    // Somebody may have left the heading of the one column that they copied.
    if records.peek().is_some_and(|head| columns_of(&head.cells).is_some()) {
        records.next();
    }
    for Record { number, cells } in records {
        let mut cells = cells.into_iter().filter(|cell| !cell.is_empty());
        let Some(head) = cells.next() else {
            reading.empty.push(number);
            continue;
        };
        let (name, mut mail) = name_and_mail(unguarded(&head));
        let mut line = Vec::new();
        for cell in cells {
            if mail.is_empty() && is_mail(&cell) { mail = cell } else { line.push(cell) }
        }
        reading.rows.push(Row { number, name, mail, line: unguarded(&line.join(", ")).to_owned(), ..Row::default() });
    }
    reading
}

/// A name apart from the mail address that stands with it: `Ana Souza <ana@example.org>`.
fn name_and_mail(text: &str) -> (String, String) {
    if let Some((before, rest)) = text.split_once('<')
        && let Some((mail, after)) = rest.split_once('>')
    {
        return (format!("{} {}", before.trim(), after.trim()).trim().to_owned(), mail.trim().to_owned());
    }
    let mail = text.split_whitespace().find(|word| is_mail(word));
    let name = text.split_whitespace().filter(|word| Some(*word) != mail).collect::<Vec<_>>().join(" ");
    (name, mail.unwrap_or_default().to_owned())
}

/// Whether somebody means that as a mail address.
fn is_mail(text: &str) -> bool {
    text.split_once('@').is_some_and(|(before, after)| !before.is_empty() && after.contains('.')) && !text.contains(char::is_whitespace)
}

/// What columns say that are called so; `None` where none of them is a name's.
fn columns_of(head: &[String]) -> Option<Vec<Column>> {
    let columns: Vec<Column> = head.iter().map(|name| column_of(name)).collect();
    columns.iter().any(|column| matches!(column, Column::Name | Column::First | Column::Last)).then_some(columns)
}

/// What a column says that is called so, in the languages of which we know the words. A column of notes is none of these: they are the host's, and
/// a line is shown to the one it is about.
fn column_of(name: &str) -> Column {
    let word: String = name.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
    match word.as_str() {
        "name" | "names" | "fullname" | "displayname" | "called" | "who" | "person" | "nome" | "nomecompleto" | "nom" | "nombre"
        | "nombrecompleto" | "naam" | "imię" | "navn" | "namn" | "имя" => Column::Name,
        "firstname" | "first" | "givenname" | "forename" | "vorname" | "prénom" | "prenom" | "primeironome" => Column::First,
        "lastname" | "last" | "surname" | "familyname" | "nachname" | "familienname" | "nomdefamille" | "apellido" | "apellidos"
        | "sobrenome" | "apelido" | "cognome" | "nazwisko" | "фамилия" => Column::Last,
        "mail" | "email" | "mailaddress" | "emailaddress" | "mails" | "emails" | "correo" | "correoelectrónico" | "courriel"
        | "mailadresse" | "emailadresse" | "почта" => Column::Mail,
        "line" | "about" | "aboutthem" | "alineaboutthem" | "sentence" | "bio" | "über" | "sobre" | "linha" | "satz" => Column::Line,
        "interests" | "interest" | "interestedin" | "tags" | "topics" | "likes" | "interessen" | "interesses" | "intereses"
        | "intérêts" | "interessi" => Column::Interests,
        _ => Column::Other,
    }
}

/// What columns say whose first line does not tell: addresses are known by their looks; of the others, the first is the name, the next a
/// line, the third interests.
fn columns_by_content(records: &[&Record]) -> Vec<Column> {
    let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
    for record in records.iter().filter(|record| record.cells.len() > 1) {
        *widths.entry(record.cells.len()).or_default() += 1;
    }
    let width = widths.into_iter().max_by_key(|(width, many)| (*many, *width)).map_or(1, |(width, _)| width);
    let mails = |at: usize| records.iter().filter(|record| record.cells.get(at).is_some_and(|cell| is_mail(cell))).count();
    let mail = (0..width).map(|at| (mails(at), width - at)).max().filter(|(many, _)| *many > 0).map(|(_, from_end)| width - from_end);
    let mut said = [Column::Name, Column::Line, Column::Interests].into_iter();
    (0..width).map(|at| if mail == Some(at) { Column::Mail } else { said.next().unwrap_or(Column::Other) }).collect()
}

/// The records of a text (RFC 4180), where that separator stands between values.
fn records(text: &str, separator: char) -> Vec<Record> {
    let (mut records, mut rest, mut number) = (Vec::new(), text, 1);
    while !rest.is_empty() {
        let (cells, used) = record(rest, separator);
        records.push(Record { number, cells });
        number += rest[..used].matches('\n').count();
        rest = &rest[used..];
    }
    records
}

/// The first record of a text, and how many bytes it takes with its line break.
fn record(text: &str, separator: char) -> (Vec<String>, usize) {
    let (mut cells, mut at) = (Vec::new(), 0);
    loop {
        let begins = at + text[at..].len() - text[at..].trim_start_matches(' ').len();
        let mut cell = String::new();
        if let Some((inside, used)) = quoted(&text[begins..], separator) {
            cell = inside;
            at = begins + used;
        }
        let rest = &text[at..];
        let end = rest.find([separator, '\n']).unwrap_or(rest.len());
        cell.push_str(&rest[..end]);
        cells.push(cell.trim().to_owned());
        at += end;
        match text[at..].chars().next() {
            Some('\n') => return (cells, at + 1),
            Some(_) => at += separator.len_utf8(),
            None => return (cells, at),
        }
    }
}

/// The value between quotes that a text begins with, and how many bytes it takes with them. What only begins like one is none.
fn quoted(text: &str, separator: char) -> Option<(String, usize)> {
    let mut inside = String::new();
    let (mut breaks, mut chars) = (0, text.char_indices().peekable());
    chars.next_if(|(_, c)| *c == '"')?;
    while let Some((at, c)) = chars.next() {
        breaks += usize::from(c == '\n');
        if at > LONGEST_QUOTED || breaks > MOST_BREAKS {
            return None;
        }
        if c != '"' {
            inside.push(c);
        } else if chars.next_if(|(_, c)| *c == '"').is_some() {
            inside.push('"');
        } else {
            let after = text[at + 1..].trim_start_matches(' ').chars().next();
            return after.is_none_or(|after| [separator, '\n', '<'].contains(&after)).then_some((inside, at + 1));
        }
    }
    None
}

/// Whether a spreadsheet would take that for a formula.
pub fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@'])
}

/// A cell as it was before somebody put a `'` before it so that no spreadsheet takes it for a formula.
fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest.trim_start_matches('\''))).unwrap_or(cell)
}

/// A table as spreadsheets and [`read`] take it: no cell is taken for a formula, and each is between quotes.
pub fn written<const COLUMNS: usize>(rows: impl IntoIterator<Item = [String; COLUMNS]>) -> String {
    let mut text = String::new();
    for row in rows {
        let cells = row.map(|cell| {
            let guard = if is_formula(cell.trim_start_matches(|c: char| c == '\'' || c.is_whitespace())) { "'" } else { "" };
            format!("\"{guard}{}\"", cell.replace('"', "\"\""))
        });
        text += &cells.join(",");
        text += "\r\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn four(rows: &Reading) -> Vec<(&str, &str, &str, &str)> {
        rows.rows.iter().map(|row| (row.name.as_str(), row.mail.as_str(), row.line.as_str(), row.interests.as_str())).collect()
    }

    fn read_all(text: &str) -> Reading {
        read(text).expect("it can be read")
    }

    /// More people, so that there are enough.
    const MORE: &str = "\nDi\nEd\nFay\nGus\nHal";

    #[test]
    fn a_table_is_read_with_its_columns_in_any_order_and_any_separator() {
        for separator in [",", ";", "\t"] {
            let head = ["Interests", "E-Mail", "Phone", "Full name", "About"].join(separator);
            let ana = ["\"soup, birds\"", "ana@example.org", "12", "Ana Souza", "\"mends \"\"things\"\"\""].join(separator);
            let text = format!("\u{feff}\r\n{head}\r\n{}", format!("{ana}\r\n").repeat(5));
            let reading = read_all(&text);
            assert_eq!(four(&reading)[0], ("Ana Souza", "ana@example.org", "mends \"things\"", "soup, birds"), "{separator:?}");
            assert_eq!((reading.rows[0].number, reading.empty, reading.left_out), (3, vec![1], vec!["Phone".to_owned()]));
        }
    }

    #[test]
    fn a_table_needs_no_first_line_and_may_have_the_first_name_apart() {
        let text = "ana@example.org;Ana;gardener;soup\nbo@example.org;Bo;;\nCy\nDi;di@example.org;x\n;Ed;;\n";
        let reading = read_all(text);
        assert_eq!(four(&reading)[..2], [("Ana", "ana@example.org", "gardener", "soup"), ("Bo", "bo@example.org", "", "")]);
        assert_eq!(reading.rows[3].columns, Some((3, 4)));
        let text = format!("Vorname,Nachname\n{}", "Ana,Souza\n".repeat(5));
        assert_eq!(four(&read_all(&text))[4], ("Ana Souza", "", "", ""));
    }

    #[test]
    fn one_name_a_line_is_enough_and_an_address_and_a_line_may_stand_with_it() {
        let text = format!("Ana Souza <ana@example.org>, gardener, mostly\n\nBo bo@example.org\n\"Lima, Cy\" <cy@example.org>{MORE}");
        let reading = read_all(&text);
        let expected = [("Ana Souza", "ana@example.org", "gardener, mostly", ""), ("Bo", "bo@example.org", "", "")];
        assert_eq!((&four(&reading)[..2], reading.empty.as_slice()), (expected.as_slice(), [2].as_slice()));
        assert_eq!(four(&reading)[2], ("Lima, Cy", "cy@example.org", "", ""));
        assert_eq!(four(&read_all(&format!("Name{MORE}"))).len(), 5, "a heading is nobody");
    }

    #[test]
    fn a_quote_that_nobody_closed_swallows_nothing() {
        let text = format!("\"Ana the gardener\nBo \"the cook\" Li{MORE}");
        assert_eq!(four(&read_all(&text))[..2], [("\"Ana the gardener", "", "", ""), ("Bo \"the cook\" Li", "", "", "")]);
    }

    #[test]
    fn a_line_with_a_comma_too_many_says_so() {
        let text = format!("name,line\nAna,gardener, mostly\n{}", "Bo,cook\n".repeat(5));
        assert_eq!(read_all(&text).rows[0].columns, Some((3, 2)));
        assert_eq!(read_all(&text).rows[1].columns, None);
    }

    #[test]
    fn too_few_too_many_and_nothing_are_refused() {
        assert_eq!(read("\n \r\n"), Err(RosterRefusal::Nothing));
        assert_eq!(read("Ana\nBo\nCy\nDi"), Err(RosterRefusal::TooFew { lines: 4 }));
        assert_eq!(read(&"Ana\n".repeat(1001)), Err(RosterRefusal::TooMany { lines: 1001 }));
        assert_eq!(read(&"Ana\n".repeat(100_000)), Err(RosterRefusal::TooMany { lines: 100_000 }));
        assert_eq!(read_all(&"Ana\n".repeat(1000)).rows.len(), 1000);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "([\"',;<>@=\\t a-z\\n]|\\PC){0,200}") {
            for text in [text.clone(), format!("{text}\n{text}\n{text}{MORE}"), format!("name,mail\n{text}{MORE}")] {
                if let Ok(reading) = read(&text) {
                    prop_assert!(reading.rows.iter().all(|row| row.number >= 1 && row.number <= text.lines().count().max(1) + text.matches('\r').count()));
                }
            }
        }

        #[test]
        fn what_is_written_is_read_as_it_was(
            rows in proptest::collection::vec(("[=+@'\"a-z-][^<>@\\s\\pC]{0,12}", "([a-z]{1,9}@[a-z]{1,9}\\.org)?", "('?[=+@-])?[^\\s\\pC]{0,12}", "[^\\s\\pC]{0,12}"), 5..12),
        ) {
            let head = ["Name", "Mail", "Line", "Interests"].map(str::to_owned);
            let cells = rows.iter().map(|(name, mail, line, interests)| [name, mail, line, interests].map(Clone::clone));
            let text = written([head].into_iter().chain(cells));
            let expected: Vec<_> = rows.iter().map(|(n, m, l, i)| (n.as_str(), m.as_str(), l.as_str(), i.as_str())).collect();
            let reading = read_all(&text);
            prop_assert_eq!(four(&reading), expected);
            prop_assert!(records(&text.replace("\r\n", "\n"), ',').iter().flat_map(|record| &record.cells).all(|cell| !is_formula(cell)));
        }
    }
}
