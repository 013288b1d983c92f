//! Rows of the host's desk: sentences, private notes, rounds.

mod notes;
mod rounds;
mod sentences;
