//! What is served from the binary: the stylesheet, the client and the icons, as `build.rs` prepared them.
//!
//! Their names change with their content, so a browser may keep them for ever; they are compressed already.

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// One file.
pub struct Asset {
    /// Its address, with the hash of its content in it.
    pub path: &'static str,
    /// What it is.
    pub content_type: &'static str,
    /// Its entity tag, with the quotes.
    pub etag: &'static str,
    /// Its bytes.
    pub raw: &'static [u8],
    /// Its bytes compressed with Brotli, if they are fewer.
    pub brotli: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file at an address.
pub fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}

/// The address of an icon by its name in `style/icons`, such as `favicon.svg`.
pub fn icon(name: &str) -> Option<&'static str> {
    ICONS.iter().find(|(icon, _)| *icon == name).map(|(_, path)| *path)
}

/// Serves `/assets/…`.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match find(&format!("/assets/{name}")) {
        Some(asset) => asset.answer(&headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

impl Asset {
    /// The file, compressed if the browser takes it so, or nothing if the browser has it.
    pub fn answer(&self, asked: &HeaderMap) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
        headers.insert(header::ETAG, HeaderValue::from_static(self.etag));
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        if has_tag(asked, self.etag) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        match self.brotli {
            Some(brotli) if takes_brotli(asked) => {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
                (headers, brotli).into_response()
            }
            _ => (headers, self.raw).into_response(),
        }
    }
}

/// Whether the browser says that it has the version of that entity tag.
pub fn has_tag(asked: &HeaderMap, etag: &str) -> bool {
    let tags = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    // A proxy that compresses on the way marks the tag as weak.
    tags.map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == etag)
}

/// Whether the browser takes what is compressed with Brotli.
pub fn takes_brotli(asked: &HeaderMap) -> bool {
    let codings = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    codings.map(str::trim).any(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, "q=1"));
        let quality = quality.trim().trim_start_matches("q=").parse::<f32>().unwrap_or(0.0);
        name.trim().eq_ignore_ascii_case("br") && quality > 0.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(value: &'static str) -> bool {
        takes_brotli(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]))
    }

    #[test]
    fn brotli_is_sent_to_those_who_take_it() {
        assert!(accepts("gzip, deflate, br, zstd"));
        assert!(accepts("br;q=0.5"));
        assert!(!accepts("gzip, br;q=0"));
        assert!(!accepts("gzip"));
    }

    #[test]
    fn every_file_is_found_at_its_address() {
        for asset in ASSETS {
            assert!(find(asset.path).is_some_and(|found| found.raw == asset.raw), "{}", asset.path);
        }
        assert!(find(STYLE).is_some());
    }
}
