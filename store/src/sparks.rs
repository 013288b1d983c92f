//! Rows of sparks, of prompts, and of posts that wait for an answer.

mod coming;
mod noticing;
mod prompts;
mod went;

use crate::people::byline;
use domain::{outcome::Unavailable, people::Byline};

/// Somebody who may have left, from the columns of a member that was joined to.
fn who(id: Option<i64>, name: Option<String>, display_name: Option<String>, picture: Option<i64>) -> Result<Option<Byline>, Unavailable> {
    match (id, name, display_name) {
        (Some(id), Some(name), Some(display_name)) => byline(id, &name, display_name, picture).map(Some),
        _ => Ok(None),
    }
}
