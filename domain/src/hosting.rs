//! Hosting: what a host does for the people here, day by day, and what they keep for it.
//!
//! A tool never speaks by itself in the community: it notices and proposes, and a host speaks. What hosts keep about people is of two
//! kinds that never mix. A *sentence* says who somebody is, is for everybody, and stands only as that person lets it stand. A *note* is for
//! hosts alone. Both go away with the person.
//!
//! Reading order: [`sentences`] and [`notes`]; then [`round`], the walk through everybody who has been about, which brings them together.

pub mod notes;
pub mod round;
pub mod sentences;

use crate::{hosting::notes::Notes, hosting::round::Rounds, hosting::sentences::Sentences};

/// The services of the host's desk.
#[derive(Clone)]
pub struct Hosting {
    /// Sentences.
    pub sentences: Sentences,
    /// Private notes.
    pub notes: Notes,
    /// Rounds.
    pub rounds: Rounds,
}
