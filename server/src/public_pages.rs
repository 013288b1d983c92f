//! The pages that every visitor is shown alike, written once and held for a moment: the front door has to stand when many knock.
//!
//! A page is held until something is committed in this process, and at the latest for two seconds, for changes by another one. It
//! is held compressed, and with an entity tag, so that a browser that has it is told so in a few bytes.

use crate::assets::{has_tag, takes_brotli};
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    io::{self, Write},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The addresses of these pages.
const PUBLIC: [&str; 3] = ["/", "/rules", "/about"];
/// How long a page is held.
const HELD: Duration = Duration::from_secs(2);
/// Brotli's level: 12 kB take half a millisecond, once for all who come while the page is held.
const LEVEL: u32 = 5;
/// Brotli's window, as a power of two: wider than any of these pages.
const WINDOW: u32 = 18;

/// The pages that are held.
#[derive(Default)]
pub struct PublicPages(Mutex<HashMap<&'static str, Held>>);

struct Held {
    /// How many commits there had been when it was begun.
    commit: u64,
    at: Instant,
    page: Page,
}

/// A written page.
#[derive(Clone)]
pub struct Page {
    headers: HeaderMap,
    etag: HeaderValue,
    plain: Bytes,
    brotli: Bytes,
}

/// The address, if it is one of these pages.
pub fn address(path: &str) -> Option<&'static str> {
    PUBLIC.into_iter().find(|public| *public == path)
}

impl PublicPages {
    /// The page at an address, if one is held and nothing was committed since.
    pub fn find(&self, address: &'static str, commit: u64) -> Option<Page> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.get(address).filter(|held| held.commit == commit && held.at.elapsed() < HELD).map(|held| held.page.clone())
    }

    /// Holds a page that was begun at that commit.
    pub fn hold(&self, address: &'static str, commit: u64, page: Page) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.insert(address, Held { commit, at: Instant::now(), page });
    }
}

impl Page {
    /// A page with its headers.
    pub fn of(headers: HeaderMap, html: String) -> io::Result<Self> {
        let plain = Bytes::from(html);
        let mut brotli = brotli::CompressorWriter::new(Vec::new(), 4096, LEVEL, WINDOW);
        brotli.write_all(&plain)?;
        let brotli = Bytes::from(brotli.into_inner());
        let digest: String = Sha256::digest(&plain).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        let etag = HeaderValue::from_str(&format!("\"{digest}\"")).map_err(io::Error::other)?;
        Ok(Self { headers, etag, plain, brotli })
    }

    /// The page for a browser, or word that it has it already.
    pub fn answer(&self, asked: &HeaderMap) -> Response {
        let compressed = takes_brotli(asked);
        let mut response = if self.etag.to_str().is_ok_and(|etag| has_tag(asked, etag)) {
            StatusCode::NOT_MODIFIED.into_response()
        } else if compressed {
            ([(header::CONTENT_ENCODING, "br")], self.brotli.clone()).into_response()
        } else {
            self.plain.clone().into_response()
        };
        let headers = response.headers_mut();
        headers.extend(self.headers.clone());
        headers.insert(header::ETAG, self.etag.clone());
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Page {
        Page::of(HeaderMap::new(), html.into()).expect("compresses")
    }

    #[test]
    fn a_page_is_held_until_something_is_committed() {
        let pages = PublicPages::default();
        pages.hold("/", 3, page("<p>Come in</p>"));
        assert!(pages.find("/", 3).is_some());
        assert!(pages.find("/", 4).is_none());
        assert!(pages.find("/rules", 3).is_none());
    }

    #[test]
    fn a_browser_that_has_the_page_is_told_so() {
        let page = page("<p>Come in</p>");
        let first = page.answer(&HeaderMap::new());
        let etag = first.headers()[header::ETAG].clone();
        let again = page.answer(&HeaderMap::from_iter([(header::IF_NONE_MATCH, etag)]));
        assert_eq!((first.status(), again.status()), (StatusCode::OK, StatusCode::NOT_MODIFIED));
    }
}
