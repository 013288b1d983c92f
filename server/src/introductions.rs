//! Comparing everybody with everybody, on a thread of its own.

use domain::{
    introductions::{
        Comparing, Evidence,
        proposals::{Proposal, Reason, evidence, propose},
    },
    outcome::Unavailable,
    people::Handle,
    time::Timestamp,
};
use tokio::task::spawn_blocking;

/// Compares on a thread of its own.
pub struct Aside;

#[async_trait::async_trait]
impl Comparing for Aside {
    async fn propose(&self, known: Evidence, now: Timestamp) -> Result<Vec<Proposal>, Unavailable> {
        spawn_blocking(move || propose(&known, now)).await.map_err(|error| Unavailable(Box::new(error)))
    }

    async fn evidence(&self, known: Evidence, [one, other]: [Handle; 2]) -> Result<Vec<Reason>, Unavailable> {
        spawn_blocking(move || evidence(&known, &one, &other)).await.map_err(|error| Unavailable(Box::new(error)))
    }
}
