//! `/settings/export.zip`: what somebody brought here, as the file that they take home.
//!
//! It is put together in a file that has no name (so that nothing is left of it, however it ends) and sent from there; pictures go into it one by
//! one. `readme` (private) is what one reads of it; `porchlight.json` is [`domain::export`] as it stands.

mod readme;

use crate::{front::Front, pictures::Media, plain, prose::percent_encoded};
use app::{request::Request as Asked, shell::needs_sign_in};
use axum::{
    Extension,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use bytes::Bytes;
use chrono::{Datelike, Timelike};
use domain::{
    export::{Belongings, PictureFile, file_name},
    ids::MemberId,
    outcome::Unavailable,
    pictures::Size,
    time::Zone,
    viewer::Me,
};
use futures::stream;
use serde::Serialize;
use std::{
    collections::HashSet,
    fs::File,
    io::{BufWriter, Seek, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    io::AsyncReadExt,
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
};
use zip::{CompressionMethod, ZipWriter, result::ZipError, write::SimpleFileOptions};

/// How many are put together or sent at once: each takes as much of the disk as the pictures in it.
const AT_ONCE: usize = 3;
/// How long whoever downloads may take for the next piece: after that their place is somebody else's.
const STALLED: Duration = Duration::from_secs(60);
/// Bytes of a piece.
const PIECE: usize = 64 * 1024;
/// The page that tells of it.
const PAGE: &str = "/settings/export";

/// The files that are put together or sent: a few at once, and one of each person.
pub struct Exports {
    folder: PathBuf,
    room: Arc<Semaphore>,
    under_way: Arc<Mutex<HashSet<MemberId>>>,
}

impl Exports {
    /// Files that are put together in that folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), room: Arc::new(Semaphore::new(AT_ONCE)), under_way: Arc::default() }
    }

    /// The member's turn; none, while theirs is under way, or as many as may be.
    fn turn(&self, member: MemberId) -> Option<Turn> {
        let room = self.room.clone().try_acquire_owned().ok()?;
        let is_first = self.under_way.lock().unwrap_or_else(PoisonError::into_inner).insert(member);
        is_first.then(|| Turn { member, under_way: Arc::clone(&self.under_way), _room: room })
    }
}

/// Somebody's turn, until it is dropped.
struct Turn {
    member: MemberId,
    under_way: Arc<Mutex<HashSet<MemberId>>>,
    _room: OwnedSemaphorePermit,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.member);
    }
}

/// What `porchlight.json` is.
#[derive(Serialize)]
struct Contents {
    #[serde(flatten)]
    mine: Belongings,
    community: Community,
    /// On whose clock the readme tells times.
    #[serde(skip)]
    zone: Zone,
}

/// Where all of it comes from.
#[derive(Serialize)]
struct Community {
    /// What it is called.
    name: String,
    /// Where it is, without a slash at the end: below it are the addresses in the file.
    address: String,
}

/// Answers `GET /settings/export.zip`. Whoever is not signed in is led to where the page would lead them.
pub async fn download(State(front): State<Front>, Extension(asked): Extension<Asked>, headers: HeaderMap) -> Response {
    let (Some(me), Some(community)) = (asked.viewer.me(), &asked.community) else {
        return Redirect::to(needs_sign_in(PAGE, &asked.viewer).as_deref().unwrap_or(PAGE)).into_response();
    };
    let Some(turn) = front.exports.turn(me.id) else {
        let sentence = "Your file is on its way already, or several are at once. Please try again in a moment.";
        let mut busy = plain::say(&headers, StatusCode::SERVICE_UNAVAILABLE, sentence);
        busy.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
        return busy;
    };
    let community = Community { name: community.name.clone(), address: asked.origin.clone() };
    match packed(&front, me, community).await {
        Ok((file, name)) => send(file, &name, turn).await,
        Err(cause) => {
            tracing::error!(cause = %cause.0, "a file to take home could not be put together");
            plain::say(
                &headers,
                StatusCode::INTERNAL_SERVER_ERROR,
                "Your file could not be put together, and that has been noted. Please try again in a moment.",
            )
        }
    }
}

/// What goes into the file, in this order.
enum Part {
    /// A picture.
    Picture(PictureFile, Bytes),
    /// All that is read, once it is known which pictures are there.
    Contents(Box<Contents>),
}

/// The file, and what it is called.
async fn packed(front: &Front, me: &Me, community: Community) -> Result<(File, String), Unavailable> {
    let mut mine = front.services.export.of(me).await?;
    let name = file_name(&community.name, me, mine.made_at.0);
    let made_at = chrono::DateTime::from(mine.made_at.0).with_timezone(&me.zone.rules()).naive_local();
    // One picture waits while another one is written: never more than two of them are in memory.
    let (parts, coming) = mpsc::channel(1);
    let folder = front.exports.folder.clone();
    let packing = tokio::task::spawn_blocking(move || pack(&folder, made_at, coming));
    for (file, hash) in mine.pictures.iter().map(|picture| (picture.file, picture.hash.clone())).collect::<Vec<_>>() {
        let Some(bytes) = front.pictures.media().read(&Media::name(&hash, Size::Large)).await? else {
            tracing::error!(picture = %file, %hash, "a picture's file is missing; `porchlight check` tells more");
            mine.without(file);
            continue;
        };
        if parts.send(Part::Picture(file, bytes)).await.is_err() {
            break;
        }
    }
    // Where nobody takes it any more, the packing failed and says why.
    _ = parts.send(Part::Contents(Box::new(Contents { mine, community, zone: me.zone.clone() }))).await;
    drop(parts);
    let packed = packing.await.map_err(|error| Unavailable(Box::new(error)))?;
    let file = packed.map_err(|error| Unavailable(Box::new(error)))?;
    Ok((file.ok_or_else(|| Unavailable::because("nothing came to be packed"))?, name))
}

/// Packs what comes into a file without a name; `None`, where it broke off.
fn pack(folder: &Path, made_at: chrono::NaiveDateTime, mut coming: mpsc::Receiver<Part>) -> Result<Option<File>, ZipError> {
    let mut zip = ZipWriter::new(BufWriter::new(tempfile::tempfile_in(folder)?));
    let mut options = SimpleFileOptions::default();
    let (year, month, day) = (u16::try_from(made_at.year()).unwrap_or_default(), made_at.month() as u8, made_at.day() as u8);
    if let Ok(at) = zip::DateTime::from_date_and_time(year, month, day, made_at.hour() as u8, made_at.minute() as u8, 0) {
        options = options.last_modified_time(at);
    }
    while let Some(part) = coming.blocking_recv() {
        match part {
            Part::Picture(file, bytes) => {
                // A picture is as small as it gets.
                zip.start_file(file.to_string(), options.compression_method(CompressionMethod::Stored))?;
                zip.write_all(&bytes)?;
            }
            Part::Contents(contents) => {
                let options = options.compression_method(CompressionMethod::Deflated);
                zip.start_file("porchlight.json", options)?;
                serde_json::to_writer_pretty(&mut zip, &contents).map_err(std::io::Error::from)?;
                zip.start_file("readme.html", options)?;
                readme::write(&mut zip, &contents)?;
                let mut file = zip.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
                file.rewind()?;
                return Ok(Some(file));
            }
        }
    }
    Ok(None)
}

/// Sends the file piece by piece, as fast as it is taken; then it is gone.
async fn send(file: File, name: &str, turn: Turn) -> Response {
    let mut file = tokio::fs::File::from_std(file);
    let length = file.metadata().await.map(|file| file.len());
    let (pieces, taken) = mpsc::channel::<std::io::Result<Bytes>>(1);
    tokio::spawn(async move {
        let _turn = turn;
        loop {
            let mut piece = vec![0; PIECE];
            let read = file.read(&mut piece).await.map(|many| {
                piece.truncate(many);
                Bytes::from(piece)
            });
            let last = read.as_ref().map_or(true, Bytes::is_empty);
            // Where nobody takes it any more, or not in time, the answer breaks off: its length tells that it is not whole.
            let went = tokio::time::timeout(STALLED, pieces.send(read)).await;
            if last || !matches!(went, Ok(Ok(()))) {
                return;
            }
        }
    });
    let body = stream::unfold(taken, |mut taken| async move { Some((taken.recv().await?, taken)) });
    let mut response = Body::from_stream(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(length) = length {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    let plain = if name.is_ascii() { name } else { "porchlight.zip" };
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", percent_encoded(name));
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_at_a_time_for_each_and_a_few_for_all() {
        let exports = Exports::in_folder(Path::new("."));
        let first = exports.turn(MemberId(1));
        assert!(first.is_some() && exports.turn(MemberId(1)).is_none());
        let others: Vec<_> = (2..9).filter_map(|member| exports.turn(MemberId(member))).collect();
        assert_eq!(others.len(), AT_ONCE - 1);
        drop(first);
        assert!(exports.turn(MemberId(1)).is_some(), "whose is done may have another");
    }
}
