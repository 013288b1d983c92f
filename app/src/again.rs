//! Parts of pages that were written a moment ago. A part that is made from the same looks the same, and writing it again from memory
//! takes a tenth of the time.

use crate::safe_html::written;
use leptos::prelude::*;
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

/// Most that are kept of one kind; past this all are forgotten. A community has some hundreds of members.
const MOST: usize = 600;

/// Parts of one kind, each with all that it was made from.
pub(crate) struct Again<K>(LazyLock<Mutex<HashMap<K, Arc<str>>>>);

impl<K: Eq + Hash> Again<K> {
    /// None yet.
    pub const fn new() -> Self {
        Self(LazyLock::new(Mutex::default))
    }

    /// The part that is made from `from`, and from nothing else.
    pub fn part<V: IntoView>(&self, from: K, make: impl FnOnce() -> V) -> AnyView {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&from).cloned();
        let html = known.unwrap_or_else(|| {
            let html: Arc<str> = make().into_view().to_html().into();
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if all.len() >= MOST {
                all.clear();
            }
            all.insert(from, html.clone());
            html
        });
        written(String::from(&*html)).into_any()
    }
}
