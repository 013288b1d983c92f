//! Private notes: what hosts keep in mind about somebody, for each other.
//!
//! Only hosts read them, and nobody what is noted about themselves, also as a host. Each says whose it is. An entry can be taken away by who wrote it, or by an admin.

use crate::{
    ids::NoteId,
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::{Byline, Handle, Role},
    text::{self, Field, TextRefusal},
    time::{Clock, Timestamp},
    viewer::{Host, Me},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Longest note, in characters: a short paragraph.
pub const LONGEST_NOTE: usize = 1_000;
/// Most notes about one person that are kept: the newest.
pub const MOST_NOTES: usize = 100;

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// What it says.
    pub words: String,
    /// Who wrote it; nobody, where they have left.
    pub by: Option<Byline>,
    /// When.
    pub at: Timestamp,
}

impl Note {
    /// Whether somebody may take it away.
    pub fn may_be_taken_away_by(&self, me: &Me) -> bool {
        me.role == Role::Admin || (me.role == Role::Host && self.by.as_ref().is_some_and(|by| by.id == me.id))
    }
}

/// Why a note was not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum NoteRefusal {
    /// The words do not fit.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// No such member.
    #[error("There is nobody of that name here.")]
    Nobody,
}

impl AboutField for NoteRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(refusal) => refusal.field(),
            Self::Nobody => None,
        }
    }
}

/// What notes need kept.
#[async_trait::async_trait]
pub trait NoteStore: Send + Sync {
    /// The notes about somebody, newest first; none, where that is the host.
    async fn notes(&self, host: &Host, name: &Handle) -> Result<Vec<Note>, Unavailable>;
    /// Keeps a note about somebody, and of all only the newest [`MOST_NOTES`]; `false` if there is nobody of that name.
    async fn keep_note(&self, host: &Host, name: &Handle, words: &str, at: Timestamp) -> Result<bool, Unavailable>;
    /// Takes a note about somebody else away, where [`Note::may_be_taken_away_by`]; `false` where there is none such.
    async fn take_note_away(&self, host: &Host, note: NoteId) -> Result<bool, Unavailable>;
}

/// The service for notes.
#[derive(Clone)]
pub struct Notes {
    store: Arc<dyn NoteStore>,
    clock: Arc<dyn Clock>,
}

impl Notes {
    /// Over a store.
    pub fn new(store: Arc<dyn NoteStore>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// The notes about somebody, newest first.
    pub async fn about(&self, host: &Host, name: &Handle) -> Result<Vec<Note>, Unavailable> {
        self.store.notes(host, name).await
    }

    /// Keeps a note about somebody.
    pub async fn keep(&self, host: &Host, name: &str, words: &str) -> Result<(), Error<NoteRefusal>> {
        let name = Handle::parse(name).map_err(|_| NoteRefusal::Nobody).or_refuse()?;
        let words = text::needed_lines(Field("words", "The note"), words, LONGEST_NOTE).map_err(NoteRefusal::from).or_refuse()?;
        let kept = self.store.keep_note(host, &name, &words, self.clock.now()).await?;
        if kept { Ok(()) } else { Err(Error::Refused(NoteRefusal::Nobody)) }
    }

    /// Takes a note away; `false` where there is none that the host may take away.
    pub async fn take_away(&self, host: &Host, note: NoteId) -> Result<bool, Unavailable> {
        self.store.take_note_away(host, note).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ids::MemberId, time::Zone, timeline::Looked};

    fn me(id: i64, role: Role) -> Me {
        Me {
            id: MemberId(id),
            name: Handle::parse("kofi").expect("a name"),
            display_name: "Kofi".into(),
            picture: None,
            role,
            zone: Zone::utc(),
            unread: 0,
            looked: Looked::default(),
        }
    }

    #[test]
    fn a_note_is_taken_away_by_whoever_wrote_it_or_by_an_admin() {
        let by = |id| Byline { id: MemberId(id), name: Handle::parse("kofi").expect("a name"), display_name: "Kofi".into(), picture: None };
        let note = |by| Note { id: NoteId(1), words: "Moved here in May.".into(), by, at: Timestamp(0) };
        let may = |by_whom, id, role| note(by_whom).may_be_taken_away_by(&me(id, role));
        assert!(may(Some(by(1)), 1, Role::Host) && may(Some(by(1)), 2, Role::Admin) && may(None, 2, Role::Admin));
        assert!(!may(Some(by(1)), 2, Role::Host) && !may(None, 2, Role::Host) && !may(Some(by(1)), 1, Role::Member));
    }
}
