//! Pictures: what may be uploaded, and who may see one.
//!
//! The server decodes every upload within limits and encodes it anew, so nothing of the original file (name, place, camera)
//! is kept. A picture is visible with what it hangs on: a post's to those who see the post, a portrait to members, the
//! community's logo to everybody; one that hangs on nothing yet, to its owner alone.

use crate::{
    ids::{GatheringId, MemberId, PictureId, PostId},
    outcome::Unavailable,
    viewer::{Me, Viewer},
};
use serde::{Deserialize, Serialize};

/// Most bytes of one upload: a phone's photograph is 3 to 8 MB.
pub const MOST_UPLOAD_BYTES: usize = 15 * 1024 * 1024;
/// Longest side of the kept large picture, in pixels: sharp on a desk's full width.
pub const LARGE_SIDE: u32 = 2048;
/// Longest side of the kept small picture, in pixels: twice a phone's column.
pub const SMALL_SIDE: u32 = 720;
/// Longest side of an upload, in pixels; together with [`MOST_PIXELS`] it bounds the memory of decoding.
pub const LONGEST_UPLOAD_SIDE: u32 = 16_000;
/// Most pixels of an upload (width times height).
pub const MOST_PIXELS: u64 = 60_000_000;
/// How long an upload may take to open, in seconds: a phone's photograph takes one.
pub const LONGEST_SECONDS: u64 = 60;
/// Longest alt text, in characters.
pub const LONGEST_ALT: usize = 500;

/// Why an upload was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PictureRefusal {
    /// More than [`MOST_UPLOAD_BYTES`].
    #[error("That picture is larger than 15 MB. Please make it smaller, or take a screenshot of it.")]
    TooManyBytes,
    /// More pixels than the limits.
    #[error("That picture has more pixels than we can take in (60 million). Please make it smaller.")]
    TooManyPixels,
    /// Not one of the formats, or broken.
    #[error(
        "We can't read that file as a picture. JPEG, PNG, GIF and WebP work; if it came from a phone, try sending it to yourself as a JPEG first."
    )]
    Unreadable,
    /// It was not opened in [`LONGEST_SECONDS`].
    #[error("It takes too long to open that picture just now. Please try again in a minute, or make it smaller.")]
    TooSlow,
    /// There was no file.
    #[error("No picture arrived. Please choose one and try again.")]
    Nothing,
}

/// Which of the two kept sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Size {
    /// At most [`LARGE_SIDE`] on its longest side.
    Large,
    /// At most [`SMALL_SIDE`] on its longest side.
    Small,
}

impl Size {
    /// The word for it in addresses and keys.
    pub fn word(self) -> &'static str {
        match self {
            Self::Large => "large",
            Self::Small => "small",
        }
    }
}

/// A picture as a page lays it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Its id; its addresses are `/pictures/{id}/large.webp` and `/pictures/{id}/small.webp`.
    pub id: PictureId,
    /// Width of the large one, in pixels.
    pub width: u32,
    /// Height of the large one, in pixels.
    pub height: u32,
    /// What it shows, for who can't see it; may be empty.
    pub alt: String,
}

impl Picture {
    /// The address of a picture in a size.
    pub fn address(id: PictureId, size: Size) -> String {
        format!("/pictures/{id}/{}.webp", size.word())
    }
}

/// A picture that was decoded and encoded anew, and is kept under its content's hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPicture {
    /// Hash of the large picture's bytes (SHA-256 in hex), under which both sizes are kept.
    pub hash: String,
    /// Width of the large one, in pixels.
    pub width: u32,
    /// Height of the large one, in pixels.
    pub height: u32,
}

/// What a picture hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hangs {
    /// On nothing yet.
    Nowhere,
    /// It is somebody's portrait.
    Portrait(MemberId),
    /// On a post or reply.
    Post(PostId),
    /// On a gathering.
    Gathering(GatheringId),
    /// It is the community's logo.
    Logo,
}

/// What pictures need kept.
#[async_trait::async_trait]
pub trait PictureStore: Send + Sync {
    /// Keeps an uploaded picture; it hangs on nothing yet.
    async fn keep(&self, owner: &Me, picture: &NewPicture) -> Result<Picture, Unavailable>;
    /// The hash of a picture, if the viewer may see it.
    async fn hash_for(&self, viewer: &Viewer, picture: PictureId) -> Result<Option<String>, Unavailable>;
    /// Forgets the pictures that have hung on nothing since `before`; returns the hashes that no picture uses any more.
    async fn forget_unused(&self, before: crate::time::Timestamp) -> Result<Vec<String>, Unavailable>;
    /// Every hash in use, for the check of integrity and for backups.
    async fn hashes(&self) -> Result<Vec<String>, Unavailable>;
}
