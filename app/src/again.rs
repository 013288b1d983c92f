//! Parts of pages that were written a moment ago. A part that is made from the same looks the same, and writing it again from memory
//! takes a tenth of the time. What it was made from is compared in full, so that nobody is shown what was written for somebody to
//! whom it looks different.

use crate::safe_html::written;
use leptos::prelude::*;
use quick_cache::{Equivalent, sync::Cache};
use std::{
    hash::Hash,
    sync::{Arc, LazyLock},
};

/// Most that are kept of one kind; past this the least asked for is forgotten. A community has some hundreds of members, and the
/// pages that they look at hold some dozens of posts, each in a few looks.
const MOST: usize = 600;

/// Parts of one kind, each with all that it was made from.
pub(crate) struct Again<K>(LazyLock<Cache<K, Arc<str>>>);

impl<K: Eq + Hash> Again<K> {
    /// None yet.
    pub const fn new() -> Self {
        Self(LazyLock::new(|| Cache::new(MOST)))
    }

    /// The part that is made from `from`, and from nothing else. To compare, `from` need not be owned; to be kept, it becomes so.
    pub fn part<V: IntoView>(&self, from: impl Hash + Equivalent<K> + Into<K>, make: impl FnOnce() -> V) -> AnyView {
        let html = self.0.get(&from).unwrap_or_else(|| {
            let html: Arc<str> = make().into_view().to_html().into();
            self.0.insert(from.into(), html.clone());
            html
        });
        written(String::from(&*html)).into_any()
    }
}
