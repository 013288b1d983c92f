//! What each line of a roster becomes, and what is to be said of it. Nothing is kept here.

use super::{
    handles::Handles,
    reading::{Reading, Row, is_formula},
};
use crate::{
    mail::address::MailAddress,
    people::Handle,
    text::{self, Field},
};
use std::collections::BTreeMap;

/// Longest name, in characters: as in a profile.
const LONGEST_NAME: usize = 60;
/// Longest line about somebody, in characters: as in a profile.
const LONGEST_LINE: usize = 200;
/// Longest interest, in characters, and most of them: as in a profile.
const LONGEST_INTEREST: usize = 30;
/// See [`LONGEST_INTEREST`].
const MOST_INTERESTS: usize = 12;
/// How much of what is wrong is shown, in characters.
const SHOWN: usize = 40;

/// Who is here, and whose names are kept, when a roster is checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grounds {
    /// Members, by name and by what they are called.
    pub members: Vec<(Handle, String)>,
    /// Those who are invited by another roster and have not come yet: the name that is kept for them, what they are called, and their party.
    pub invited: Vec<(Handle, String, String)>,
    /// To which addresses their letters went, or are to go, and with which party.
    pub written: BTreeMap<MailAddress, String>,
    /// How many more there is room for here.
    pub room: u32,
}

/// Somebody who can be invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// The name that is kept for them.
    pub handle: Handle,
    /// What they are called.
    pub name: String,
    /// Where they are written to, if anywhere.
    pub mail: Option<MailAddress>,
    /// A line about them; may be empty.
    pub line: String,
    /// What they care about.
    pub interests: Vec<String>,
}

/// A line of a roster, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub number: usize,
    /// The name in it, as it is shown; may be empty.
    pub name: String,
    /// Who is invited by it, or why nobody is.
    pub becomes: Result<Guest, Wrong>,
    /// What is to be said of somebody who is invited.
    pub notes: Vec<Note>,
}

/// Why a line is left out. The sentences say how it is mended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It has more columns than there should be.
    #[error("It has {has} columns where {wants} are expected. Put what has a comma in it between quotation marks.")]
    TooManyColumns {
        /// How many it has.
        has: usize,
        /// How many it should have.
        wants: usize,
    },
    /// It has fewer columns than there should be.
    #[error("It has {has} of {wants} columns. Add what is missing, even if nothing stands in it.")]
    TooFewColumns {
        /// See [`Wrong::TooManyColumns`].
        has: usize,
        /// See [`Wrong::TooManyColumns`].
        wants: usize,
    },
    /// It names nobody.
    #[error("There is no name in it. Write one before the rest.")]
    NoName,
    /// The name is too long.
    #[error("The name is {0} characters long, and there is room for {LONGEST_NAME}. Is all of it the name?")]
    LongName(usize),
    /// The line about them is too long.
    #[error("The line about them is {0} characters long, and there is room for {LONGEST_LINE}. Please shorten it.")]
    LongLine(usize),
    /// The same name and the same address stand in another line.
    #[error("The same name and address are in line {0}. That line is taken, and this one is left out.")]
    Double(usize),
    /// A letter went to that address already.
    #[error("A letter with a link is out to {mail} already, with {party}. Nobody is written to twice: take the line out, or its address.")]
    Written {
        /// The address.
        mail: String,
        /// With whom they are invited.
        party: String,
    },
}

/// What is to be said of somebody who is invited.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Note {
    /// Another line has the same name.
    #[error("Line {0} has the same name. If they are one person, take one of the lines out.")]
    SameName(usize),
    /// Another line has the same address.
    #[error("Line {0} has the same mail address: both letters will go there.")]
    SameMail(usize),
    /// Somebody of that name is here.
    #[error("{called} (@{handle}) is here already. If that is the same person, take this line out.")]
    Here {
        /// What they are called.
        called: String,
        /// Their name.
        handle: Handle,
    },
    /// Somebody of that name is invited already.
    #[error("{called} is invited already, with {party}. If that is the same person, take this line out.")]
    Invited {
        /// What they are called.
        called: String,
        /// With whom.
        party: String,
    },
    /// The address can't be one.
    #[error("\u{201c}{0}\u{201d} is no mail address that we can write to. They get a link all the same, for you to hand over.")]
    WrongMail(String),
    /// It begins as formulas do.
    #[error("\u{201c}{0}\u{201d} begins as a formula does. It is taken as plain text.")]
    Formula(String),
    /// Interests that do not fit.
    #[error("Of the interests, {0} are left out: there is room for {MOST_INTERESTS}, of up to {LONGEST_INTEREST} characters each.")]
    Interests(usize),
    /// The name is somebody else's, or the place's own.
    #[error("Their first choice of a name to sign in with is taken, so this one is counted up.")]
    CountedUp,
    /// The name is in letters that we can't write in a to z.
    #[error("We can’t write that name in the letters a to z. They choose a better one when they come.")]
    NoLetters,
}

impl Note {
    /// Whether it says already why somebody else has the name.
    fn is_about_the_name(&self) -> bool {
        matches!(self, Self::SameName(_) | Self::Here { .. } | Self::Invited { .. })
    }
}

/// What a roster would become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Each of its lines, in its order.
    pub lines: Vec<Line>,
    /// The numbers of lines in which nothing stands.
    pub empty: Vec<usize>,
    /// Columns that say nothing which is of use here.
    pub left_out: Vec<String>,
    /// How many more there is room for here.
    pub room: u32,
}

impl Look {
    /// A mark of what the lines become and of what is said of them: by it a yes is known to be for what was looked at.
    pub fn mark(&self) -> String {
        // FNV-1a, which is for telling things apart and keeps no secret.
        let said = self.lines.iter().map(|line| format!("{:?}{:?}", line.becomes, line.notes));
        let mark = said
            .flat_map(String::into_bytes)
            .fold(0xcbf2_9ce4_8422_2325_u64, |mark, byte| (mark ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
        format!("{mark:016x}")
    }

    /// Those who can be invited.
    pub fn guests(&self) -> impl Iterator<Item = &Guest> {
        self.lines.iter().filter_map(|line| line.becomes.as_ref().ok())
    }
}

/// Decides about each line.
pub fn check(reading: Reading, grounds: &Grounds) -> Look {
    let taken = grounds.members.iter().map(|(handle, _)| handle).chain(grounds.invited.iter().map(|(handle, ..)| handle));
    let mut handles = Handles::beside(taken.cloned().collect());
    let members: BTreeMap<String, &(Handle, String)> = grounds.members.iter().map(|member| (key(&member.1), member)).collect();
    let invited: BTreeMap<String, &(Handle, String, String)> = grounds.invited.iter().map(|guest| (key(&guest.1), guest)).collect();
    let (mut names, mut mails) = (BTreeMap::new(), BTreeMap::new());
    let mut doubles = BTreeMap::new();
    let lines = reading.rows.into_iter().map(|row| {
        let (number, shown) = (row.number, cut(&row.name, LONGEST_NAME));
        let mut notes = Vec::new();
        let becomes = fitting(&row, &mut notes).and_then(|(name, mail, line, interests)| {
            let same = (key(&name), mail.clone());
            if mail.is_some()
                && let Some(other) = doubles.get(&same)
            {
                return Err(Wrong::Double(*other));
            }
            if let Some(party) = mail.as_ref().and_then(|mail| grounds.written.get(mail)) {
                let mail = same.1.as_ref().map(|mail| mail.as_str().to_owned()).unwrap_or_default();
                return Err(Wrong::Written { mail, party: party.clone() });
            }
            if let Some(other) = names.get(&same.0) {
                notes.push(Note::SameName(*other));
            }
            if let Some(other) = mail.as_ref().and_then(|mail| mails.get(mail)) {
                notes.push(Note::SameMail(*other));
            }
            if let Some((handle, called)) = members.get(&same.0) {
                notes.push(Note::Here { called: called.clone(), handle: handle.clone() });
            }
            if let Some((_, called, party)) = invited.get(&same.0) {
                notes.push(Note::Invited { called: called.clone(), party: party.clone() });
            }
            names.entry(same.0.clone()).or_insert(number);
            if let Some(mail) = &mail {
                mails.entry(mail.clone()).or_insert(number);
            }
            doubles.insert(same, number);
            let (handle, first_choice) = handles.give(&name);
            if Handles::has_no_letters(&name) {
                notes.push(Note::NoLetters);
            } else if !first_choice && !notes.iter().any(Note::is_about_the_name) {
                notes.push(Note::CountedUp);
            }
            Ok(Guest { handle, name, mail, line, interests })
        });
        Line { number, name: shown, becomes, notes }
    });
    Look { lines: lines.collect(), empty: reading.empty, left_out: reading.left_out, room: grounds.room }
}

type Fitting = (String, Option<MailAddress>, String, Vec<String>);

/// What stands in a line, as it would be kept.
fn fitting(row: &Row, notes: &mut Vec<Note>) -> Result<Fitting, Wrong> {
    match row.columns {
        Some((has, wants)) if has > wants => return Err(Wrong::TooManyColumns { has, wants }),
        Some((has, wants)) => return Err(Wrong::TooFewColumns { has, wants }),
        None => {}
    }
    let one_line = |text: &str, most| text::line(Field("text", "The roster"), text, most).map_err(|_| text.chars().count());
    let name = one_line(&row.name, LONGEST_NAME).map_err(Wrong::LongName)?;
    if !name.chars().any(char::is_alphanumeric) {
        return Err(Wrong::NoName);
    }
    let line = one_line(&row.line, LONGEST_LINE).map_err(Wrong::LongLine)?;
    let mail = MailAddress::parse(&row.mail).ok();
    if mail.is_none() && !row.mail.is_empty() {
        notes.push(Note::WrongMail(cut(&row.mail, SHOWN)));
    }
    let mut interests: Vec<String> = Vec::new();
    let mut left_out = 0;
    for interest in row.interests.split([',', ';', '\n']) {
        match one_line(interest.trim_start_matches([' ', '#']), LONGEST_INTEREST) {
            Ok(interest) if interest.is_empty() || interests.iter().any(|known| key(known) == key(&interest)) => {}
            Ok(interest) if interests.len() < MOST_INTERESTS => interests.push(interest),
            _ => left_out += 1,
        }
    }
    if left_out > 0 {
        notes.push(Note::Interests(left_out));
    }
    for cell in [&name, &line, &row.interests] {
        if is_formula(cell) {
            notes.push(Note::Formula(cut(cell, SHOWN)));
        }
    }
    Ok((name, mail, line, interests))
}

/// By what two are taken for the same.
fn key(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn cut(text: &str, most: usize) -> String {
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(most).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::{super::reading::read, *};
    use proptest::prelude::*;

    fn handle(name: &str) -> Handle {
        Handle::parse(name).expect("a name")
    }

    fn looked(text: &str, grounds: &Grounds) -> Vec<(usize, String, Vec<String>)> {
        let look = check(read(text).expect("it can be read"), grounds);
        let said = |line: Line| {
            let becomes = line.becomes.map_or_else(|wrong| wrong.to_string(), |guest| format!("@{}", guest.handle));
            (line.number, becomes, line.notes.iter().map(Note::to_string).collect())
        };
        look.lines.into_iter().map(said).collect()
    }

    fn plain(number: usize, handle: &str) -> (usize, String, Vec<String>) {
        (number, handle.to_owned(), Vec::new())
    }

    #[test]
    fn each_line_says_what_becomes_of_it() {
        let text = "name,mail,line,interests\n\
            Ana Souza,ana@example.org,gardener,soup\n\
            Ana Souza,other@example.org,,\n\
            Ana Souza,ana@example.org,,\n\
            Bo,ana@example.org,,\n\
            Cy Lima,nonsense,,\n\
            Marco,,,\n\
            Di,,=1+1,\n\
            ,ed@example.org,,\n\
            Fay,,a,b,c\n\
            Gus\n\
            Ivy,,,\n\
            Jo,jo@example.org,,\n";
        let grounds = Grounds {
            members: vec![(handle("marco"), "Marco".into())],
            invited: vec![(handle("ivy"), "Ivy".into(), "the choir".into())],
            written: [(MailAddress::parse("jo@example.org").expect("an address"), "the choir".to_owned())].into(),
            room: 9,
        };
        let expected = [
            plain(2, "@ana-souza"),
            (3, "@ana-souza-2".into(), vec!["Line 2 has the same name. If they are one person, take one of the lines out.".into()]),
            plain(4, "The same name and address are in line 2. That line is taken, and this one is left out."),
            (5, "@bo".into(), vec!["Line 2 has the same mail address: both letters will go there.".into()]),
            (
                6,
                "@cy-lima".into(),
                vec!["“nonsense” is no mail address that we can write to. They get a link all the same, for you to hand over.".into()],
            ),
            (7, "@marco-2".into(), vec!["Marco (@marco) is here already. If that is the same person, take this line out.".into()]),
            (8, "@di".into(), vec!["“=1+1” begins as a formula does. It is taken as plain text.".into()]),
            plain(9, "There is no name in it. Write one before the rest."),
            plain(10, "It has 5 columns where 4 are expected. Put what has a comma in it between quotation marks."),
            plain(11, "It has 1 of 4 columns. Add what is missing, even if nothing stands in it."),
            (12, "@ivy-2".into(), vec!["Ivy is invited already, with the choir. If that is the same person, take this line out.".into()]),
            plain(
                13,
                "A letter with a link is out to jo@example.org already, with the choir. Nobody is written to twice: take the line out, or its address.",
            ),
        ];
        assert_eq!(looked(text, &grounds), expected);
    }

    #[test]
    fn what_is_too_long_is_left_out_or_said() {
        let long = "x".repeat(201);
        let many = (0..14).map(|at| format!("soup{at}")).collect::<Vec<_>>().join(";");
        let text = format!("name,line,interests\n{long},,\nAna,{long},\nBo,,{many}\nCy,,\n李明,,\n");
        let said = looked(&text, &Grounds::default());
        assert_eq!(said[0].1, "The name is 201 characters long, and there is room for 60. Is all of it the name?");
        assert_eq!(said[1].1, "The line about them is 201 characters long, and there is room for 200. Please shorten it.");
        assert_eq!(said[2].2, ["Of the interests, 2 are left out: there is room for 12, of up to 30 characters each."]);
        assert_eq!(said[4].2, ["We can’t write that name in the letters a to z. They choose a better one when they come."]);
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_roster_those_who_are_invited_fit(text in "(name,mail,line,interests\n)?(([\"',;<>@=\\t a-z]|\\PC){0,40}\n){5,20}") {
            let grounds = Grounds { members: vec![(handle("a1"), "a1".into())], ..Grounds::default() };
            let Ok(reading) = read(&text) else { return Ok(()) };
            let rows = reading.rows.len();
            let look = check(reading, &grounds);
            prop_assert_eq!(look.lines.len(), rows);
            let handles: std::collections::BTreeSet<_> = look.guests().map(|guest| &guest.handle).collect();
            prop_assert_eq!(handles.len(), look.guests().count());
            for guest in look.guests() {
                prop_assert!((1..=60).contains(&guest.name.chars().count()) && guest.line.chars().count() <= 200);
                prop_assert!(guest.handle != handle("a1") && guest.interests.len() <= 12);
            }
        }
    }
}
