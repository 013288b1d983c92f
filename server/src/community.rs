//! The community as it is now, in memory: every page needs it, and it changes a few times a year.
//!
//! It is read anew when a hint says that the place changed (those of another process are read each second), and when something was
//! committed that the hints have not been read for yet, so that whoever changes it sees the change on the very next page. A hint can
//! be missed, so it is read anew each minute as well.

use domain::{
    community::{Community, CommunityStore},
    outcome::Unavailable,
};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use store::Store;
use tokio::sync::watch;

/// How long it is held without asking.
const HELD: Duration = Duration::from_secs(60);

/// The community as it is now.
pub struct CommunityNow {
    store: Store,
    committed: watch::Receiver<u64>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    community: Option<(Instant, Option<Arc<Community>>)>,
    /// Up to which commit it is known that the place did not change since it was read.
    good_until: u64,
    /// Grows when the place changes, so that what was read before a change is not held after it.
    changes: u64,
}

impl CommunityNow {
    /// Kept in `store`.
    pub fn new(store: Store) -> Self {
        let committed = store.committed();
        Self { store, committed, held: Mutex::default() }
    }

    /// The community; `None` until it is founded.
    pub async fn now(&self) -> Result<Option<Arc<Community>>, Unavailable> {
        let commit = *self.committed.borrow();
        let changes = {
            let held = self.held();
            if let Some((read_at, community)) = &held.community
                && held.good_until >= commit
                && read_at.elapsed() < HELD
            {
                return Ok(community.clone());
            }
            held.changes
        };
        let community = self.store.community().await?.map(Arc::new);
        let mut held = self.held();
        if held.changes == changes {
            held.community = Some((Instant::now(), community.clone()));
            held.good_until = held.good_until.max(commit);
        }
        Ok(community)
    }

    /// The place changed.
    pub fn changed(&self) {
        let mut held = self.held();
        held.community = None;
        held.changes += 1;
    }

    /// All hints up to that commit were read.
    pub fn heard(&self, commit: u64) {
        let mut held = self.held();
        held.good_until = held.good_until.max(commit);
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
