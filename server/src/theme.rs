//! `/theme.css`: the community's colours, as one small stylesheet that comes after our own.
//!
//! Colours are typed and written out from their numbers, so nothing that was typed into a form can get into it.

use crate::{assets, front::Front, plain};
use axum::{
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::community::{
    Community,
    palette::{FIRST_ACCENT, Palette, Shades},
};
use serde::Deserialize;

/// Which revision a page asks for.
#[derive(Deserialize)]
pub struct Wanted {
    v: Option<i64>,
}

/// Serves the stylesheet. While the place is being founded it shows the colours as far as they are chosen.
pub async fn serve(State(front): State<Front>, Query(wanted): Query<Wanted>, headers: HeaderMap) -> Response {
    let now = async {
        match front.community.now().await? {
            Some(community) => Ok((palette(&community), Some(community.revision))),
            None => front.store.founding_community().await.map(|so_far| (so_far.as_ref().map_or(Palette::of(FIRST_ACCENT), palette), None)),
        }
    };
    let (palette, revision) = match now.await {
        Ok(now) => now,
        Err(cause) => {
            tracing::error!(cause = %cause.0, "the theme could not be made");
            return plain::say(&headers, StatusCode::SERVICE_UNAVAILABLE, "This place can't answer just now.");
        }
    };
    let css = stylesheet(&palette);
    let etag = format!("\"{:016x}\"", fingerprint(&css));
    let current = wanted.v.is_some() && wanted.v == revision;
    let caching = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = if assets::has_tag(&headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], css).into_response()
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

fn palette(community: &Community) -> Palette {
    community.palette()
}

fn stylesheet(palette: &Palette) -> String {
    let shades =
        |shades: &Shades| format!(":root{{--accent:{};--on-accent:{};--accent-soft:{}}}", shades.accent, shades.on_accent, shades.soft);
    format!("{}@media (prefers-color-scheme:dark){{{}}}\n", shades(&palette.light), shades(&palette.dark))
}

/// FNV-1a: two stylesheets of one community differ in their colours, and that is all there is to tell apart.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_schemes_have_their_shades() {
        let css = stylesheet(&Palette::of(FIRST_ACCENT));
        assert!(css.starts_with(&format!(":root{{--accent:{FIRST_ACCENT};--on-accent:#ffffff;--accent-soft:#")), "{css}");
        assert!(css.contains("@media (prefers-color-scheme:dark){:root{--accent:#"), "{css}");
    }
}
