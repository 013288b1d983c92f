//! Backups: the whole place as one `.tar` file, made while it serves; bringing one back; and the check that all is in order.
//!
//! In the file are `porchlight.db` (a copy that the database made of itself; `porchlight.sql` for PostgreSQL), every picture
//! under `media/`, and at the end `manifest.json` with the hash of each. A backup is written beside its name and gets the name
//! when it is whole; a restore reads the file twice, and writes nothing before every hash was found right.

use crate::{
    config::Database,
    passwords::{hex, hex_digest},
    pictures::Media,
};
use bytes::Bytes;
use domain::{
    outcome::{Error, OrRefuse, Unavailable},
    pictures::{PictureStore, Size},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};
use store::Store;
use tokio::sync::mpsc;

const MANIFEST: &str = "manifest.json";
const SQLITE: &str = "porchlight.db";
const SQL: &str = "porchlight.sql";
const MEDIA: &str = "media/";
/// The layout told in this module's head.
const FORMAT: u32 = 1;
/// Largest manifest that is read: some 200 bytes for each of 100,000 pictures.
const LARGEST_MANIFEST: u64 = 20 * 1024 * 1024;

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The layout of the file.
    pub format: u32,
    /// The version of the program that made it.
    pub version: String,
    /// When, by RFC 3339.
    pub made_at: String,
    /// How many rows each table had.
    pub counts: BTreeMap<String, i64>,
    /// Every file, by name.
    pub files: BTreeMap<String, Kept>,
}

/// One file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of its content, in hexadecimal.
    pub sha256: String,
}

/// Why no backup was made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BackupRefusal {
    /// A file of that name is there.
    #[error("There is a file {} already. Choose another name, or move it away.", .0.display())]
    Exists(PathBuf),
    /// The folder it should go into is not there.
    #[error("There is no folder for {}. Make it first.", .0.display())]
    NoFolder(PathBuf),
}

/// Why nothing was restored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreRefusal {
    /// There is no such backup.
    #[error("There is no file {}.", .0.display())]
    NoFile(PathBuf),
    /// Something is in the data folder.
    #[error("The data folder {} is not empty. Restore into an empty one, so that nothing is overwritten.", .0.display())]
    NotEmpty(PathBuf),
    /// Not a file that `porchlight backup` made, or cut off.
    #[error("That file is not a whole backup of Porchlight: {0}.")]
    NotABackup(String),
    /// A file in it is not what it was.
    #[error("The backup is damaged: {0} is not what it was when the backup was made. Nothing was restored.")]
    Damaged(String),
    /// Of a community on PostgreSQL, where none is configured.
    #[error(
        "The backup is of a community on PostgreSQL, and none is named: name an empty database with --database-url. Nothing was restored."
    )]
    FromPostgres,
    /// Of a community in its folder, where a PostgreSQL is configured.
    #[error(
        "The backup is of a community that is kept in its folder, and a PostgreSQL is named: leave out --database-url and PORCHLIGHT_DATABASE_URL. Nothing was restored."
    )]
    FromFolder,
    /// From a version that keeps backups differently.
    #[error("The backup was made by a newer version ({0}). Restore it with that version or a later one.")]
    Newer(String),
}

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What the backup said of itself.
    pub manifest: Manifest,
    /// For a community on PostgreSQL: the dump that is to be read into an empty database, see [`read_into_postgres`].
    pub dump: Option<PathBuf>,
}

/// Makes a backup while the place serves. The database is copied first: a picture that comes later is not in the backup, and
/// one that a sweep takes meanwhile hung on nothing.
pub async fn backup(store: &Store, media: &Media, into: &Path) -> Result<Manifest, Error<BackupRefusal>> {
    let folder = into.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = into.file_name().ok_or_else(|| Error::Refused(BackupRefusal::NoFolder(into.to_owned())))?;
    if !folder.is_dir() {
        return Err(Error::Refused(BackupRefusal::NoFolder(into.to_owned())));
    }
    if into.exists() {
        return Err(Error::Refused(BackupRefusal::Exists(into.to_owned())));
    }
    let workshop = Workshop::beside(folder, &name.to_string_lossy()).map_err(|error| about(into, &error))?;

    let copy = workshop.path("database");
    store.back_up_into(&copy).await?;
    let counts = store.counts().await?.into_iter().collect();

    let (send, receive) = mpsc::channel(2);
    let unfinished = workshop.path("backup.tar");
    let writer = tokio::task::spawn_blocking(move || write(&unfinished, &copy, counts, receive));
    for name in media.names().await? {
        // Something else in the media folder is no picture, and no part of the place.
        if media_file(&name).is_none() {
            continue;
        }
        let Some(bytes) = media.read(&name).await? else { continue };
        if send.send((format!("{MEDIA}{name}"), bytes)).await.is_err() {
            // The writer has stopped; it tells why.
            break;
        }
    }
    drop(send);
    let manifest = writer.await.map_err(|error| Unavailable(Box::new(error)))?.map_err(|error| about(into, &error))?;
    fs::rename(workshop.path("backup.tar"), into).and_then(|()| sync_folder(folder)).map_err(|error| about(into, &error))?;
    Ok(manifest)
}

/// A hidden folder beside the backup, for its owner's eyes only, which goes when it is dropped.
struct Workshop(PathBuf);

impl Workshop {
    fn beside(folder: &Path, name: &str) -> io::Result<Self> {
        let folder = folder.join(format!(".{name}.unfinished"));
        // What an earlier try left when the power went.
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        Ok(Self(folder))
    }
    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // Nothing more can be done about a folder that can't be removed; the next backup of that name tries again.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn write(to: &Path, database: &Path, counts: BTreeMap<String, i64>, mut pictures: mpsc::Receiver<(String, Bytes)>) -> io::Result<Manifest> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut tar = tar::Builder::new(BufWriter::new(options.open(to)?));
    let mut files = BTreeMap::new();

    let mut copy = File::open(database)?;
    let length = copy.metadata()?.len();
    let mut hashing = Hashing::of(&mut copy);
    let name = database_name(database)?;
    append(&mut tar, name, length, &mut hashing)?;
    files.insert(name.to_owned(), hashing.done());

    while let Some((name, bytes)) = pictures.blocking_recv() {
        let mut hashing = Hashing::of(bytes.as_ref());
        append(&mut tar, &name, bytes.len() as u64, &mut hashing)?;
        files.insert(name, hashing.done());
    }

    let made_at = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let manifest = Manifest { format: FORMAT, version: env!("CARGO_PKG_VERSION").into(), made_at, counts, files };
    let text = serde_json::to_vec_pretty(&manifest)?;
    append(&mut tar, MANIFEST, text.len() as u64, text.as_slice())?;
    let mut file = tar.into_inner()?;
    file.flush()?;
    file.get_ref().sync_all()?;
    Ok(manifest)
}

/// A copy by SQLite says so in its first bytes (SQLite's file format, 1.3.1); everything else is a dump in SQL.
fn database_name(copy: &Path) -> io::Result<&'static str> {
    let mut head = Vec::new();
    File::open(copy)?.take(16).read_to_end(&mut head)?;
    Ok(if head == b"SQLite format 3\0" { SQLITE } else { SQL })
}

fn append(tar: &mut tar::Builder<BufWriter<File>>, name: &str, length: u64, content: impl Read) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(length);
    header.set_mode(0o600);
    header.set_mtime(u64::try_from(chrono::Utc::now().timestamp()).unwrap_or_default());
    tar.append_data(&mut header, name, content)
}

/// Hashes what is read through it.
struct Hashing<R> {
    inner: R,
    bytes: u64,
    hash: Sha256,
}

impl<R: Read> Hashing<R> {
    fn of(inner: R) -> Self {
        Self { inner, bytes: 0, hash: Sha256::new() }
    }
    fn done(self) -> Kept {
        Kept { bytes: self.bytes, sha256: hex(&self.hash.finalize()) }
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.bytes += length as u64;
        self.hash.update(&buffer[..length]);
        Ok(length)
    }
}

/// Where a backup is brought back to.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// An empty (or new) data folder.
    pub folder: &'a Path,
    /// Where the rows are to be.
    pub database: &'a Database,
    /// Where the pictures are to be, if not in the folder.
    pub bucket: Option<&'a Media>,
}

/// Brings a backup back. Nothing of it is there before all of it was found right.
pub async fn restore(from: &Path, target: &Target<'_>) -> Result<Restored, Error<RestoreRefusal>> {
    let (tar, folder, postgres) = (from.to_owned(), target.folder.to_owned(), *target.database != Database::Sqlite);
    let manifest = blocking(move || examine(&tar, &folder, postgres)).await??;
    if let Some(bucket) = target.bucket {
        fill(bucket, from).await?;
    }
    let (tar, folder, pictures_too) = (from.to_owned(), target.folder.to_owned(), target.bucket.is_none());
    blocking(move || unpack(&tar, &folder, pictures_too).map_err(|error| about(&folder, &error))).await??;
    let dump = manifest.files.contains_key(SQL).then(|| target.folder.join(SQL));
    Ok(Restored { manifest, dump })
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Unavailable> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Unavailable(Box::new(error)))
}

/// Whether a backup can be brought back into a folder, beside such a database.
fn examine(from: &Path, folder: &Path, postgres: bool) -> Result<Manifest, Error<RestoreRefusal>> {
    if !from.is_file() {
        return Err(Error::Refused(RestoreRefusal::NoFile(from.to_owned())));
    }
    let in_the_way = match fs::read_dir(folder) {
        Ok(entries) => entries.filter_map(Result::ok).any(|entry| entry.path() != unfinished(folder)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(about(folder, &error).into()),
    };
    if in_the_way {
        return Err(Error::Refused(RestoreRefusal::NotEmpty(folder.to_owned())));
    }
    let manifest = look_through(from).or_refuse()?;
    match (manifest.files.contains_key(SQL), postgres) {
        (true, false) => Err(Error::Refused(RestoreRefusal::FromPostgres)),
        (false, true) => Err(Error::Refused(RestoreRefusal::FromFolder)),
        _ => Ok(manifest),
    }
}

/// Where a restore puts what it has not finished.
fn unfinished(folder: &Path) -> PathBuf {
    folder.join(".restoring")
}

/// Puts the pictures of a backup into a bucket. Before the rows: without them the pictures are nobody's, and another try finds the
/// folder still empty.
async fn fill(bucket: &Media, from: &Path) -> Result<(), Unavailable> {
    let (send, mut receive) = mpsc::channel::<(String, Bytes)>(2);
    let tar = from.to_owned();
    let reading = tokio::task::spawn_blocking(move || {
        for entry in tar::Archive::new(BufReader::new(File::open(&tar)?)).entries()? {
            let mut entry = entry?;
            let name = entry_name(&entry).map_err(io::Error::other)?;
            let Some(name) = name.strip_prefix(MEDIA) else { continue };
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            if send.blocking_send((name.to_owned(), bytes.into())).is_err() {
                // The bucket did not take one; the other side tells why.
                break;
            }
        }
        Ok::<(), io::Error>(())
    });
    while let Some((name, bytes)) = receive.recv().await {
        bucket.write(&name, bytes).await?;
    }
    reading.await.map_err(|error| Unavailable(Box::new(error)))?.map_err(|error| about(from, &error))
}

/// Reads a dump into the empty PostgreSQL database of that URL, all of it or nothing, by the `psql` of this machine.
pub async fn read_into_postgres(dump: &Path, url: &str) -> Result<(), Unavailable> {
    let (url, password) = without_password(url);
    let mut psql = tokio::process::Command::new("psql");
    psql.args(["--no-psqlrc", "--quiet", "--single-transaction", "--set", "ON_ERROR_STOP=1", "--file"]).arg(dump).arg("--dbname").arg(url);
    if let Some(password) = password {
        // In the arguments everybody on the machine could read it.
        psql.env("PGPASSWORD", password);
    }
    let output = psql
        .stdin(std::process::Stdio::null())
        .output()
        .await
        .map_err(|error| Unavailable::because(format!("psql could not be started (is PostgreSQL's client installed?): {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Unavailable::because(format!("psql did not take {}: {}", dump.display(), String::from_utf8_lossy(&output.stderr).trim())))
}

/// A URL without its password, and the password, which a URL writes with `%XX` for what has a meaning in it.
fn without_password(url: &str) -> (String, Option<String>) {
    let parts = url.split_once("://").and_then(|(scheme, rest)| {
        let (user, rest) =
            rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len())).0.rsplit_once('@').map(|(user, _)| rest.split_at(user.len()))?;
        let (user, password) = user.split_once(':')?;
        Some((format!("{scheme}://{user}{rest}"), percent_decoded(password)))
    });
    parts.map_or_else(|| (url.to_owned(), None), |(url, password)| (url, Some(password)))
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let decoded = after.get(..2).filter(|_| *first == b'%').and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(decoded.unwrap_or(*first));
        rest = if decoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads a backup from beginning to end and compares every file with the manifest.
fn look_through(from: &Path) -> Result<Manifest, RestoreRefusal> {
    let broken = |error: io::Error| RestoreRefusal::NotABackup(error.to_string());
    let mut tar = tar::Archive::new(BufReader::new(File::open(from).map_err(broken)?));
    let mut found = BTreeMap::new();
    let mut manifest: Option<Manifest> = None;
    for entry in tar.entries().map_err(broken)? {
        let entry = entry.map_err(broken)?;
        let name = entry_name(&entry)?;
        if name == MANIFEST {
            let mut text = Vec::new();
            entry.take(LARGEST_MANIFEST).read_to_end(&mut text).map_err(broken)?;
            manifest = Some(serde_json::from_slice(&text).map_err(|error| RestoreRefusal::NotABackup(error.to_string()))?);
            continue;
        }
        let mut hashing = Hashing::of(entry);
        io::copy(&mut hashing, &mut io::sink()).map_err(broken)?;
        if found.insert(name.clone(), hashing.done()).is_some() {
            return Err(RestoreRefusal::NotABackup(format!("{name} is in it twice")));
        }
    }
    let manifest = manifest.ok_or_else(|| RestoreRefusal::NotABackup("it breaks off before its end".into()))?;
    if manifest.format > FORMAT {
        return Err(RestoreRefusal::Newer(manifest.version));
    }
    let odd = manifest.files.iter().find(|(name, kept)| found.get(*name) != Some(kept)).map(|(name, _)| name.clone());
    if let Some(name) = odd.or_else(|| found.keys().find(|name| !manifest.files.contains_key(*name)).cloned()) {
        return Err(RestoreRefusal::Damaged(name));
    }
    if !manifest.files.contains_key(SQLITE) && !manifest.files.contains_key(SQL) {
        return Err(RestoreRefusal::NotABackup("there is no database in it".into()));
    }
    Ok(manifest)
}

/// The name of an entry, if it is one that a backup has. There is no path here that could lead out of the data folder: what is
/// not one of a few exact names is refused.
fn entry_name<R: Read>(entry: &tar::Entry<'_, R>) -> Result<String, RestoreRefusal> {
    let path = entry.path_bytes();
    let name = String::from_utf8_lossy(&path).into_owned();
    let known = matches!(name.as_str(), MANIFEST | SQLITE | SQL) || name.strip_prefix(MEDIA).is_some_and(|name| media_file(name).is_some());
    if known && entry.header().entry_type().is_file() {
        return Ok(name);
    }
    Err(RestoreRefusal::NotABackup(format!("{} does not belong into one", name.escape_debug())))
}

/// The hash and the size of a picture's file, by its name.
fn media_file(name: &str) -> Option<(&str, Size)> {
    let (hash, file) = name.split_once('/')?;
    let size = [Size::Large, Size::Small].into_iter().find(|size| file.strip_suffix(".webp") == Some(size.word()))?;
    let is_hash = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    is_hash.then_some((hash, size))
}

/// Writes everything into a hidden folder, then moves it up; the database last, since a folder without one is not a place.
fn unpack(from: &Path, data_folder: &Path, pictures_too: bool) -> io::Result<()> {
    let unfinished = unfinished(data_folder);
    match fs::remove_dir_all(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::create_dir_all(data_folder)?;
    // What members wrote is nobody's business who has another account on the machine; also in a folder that was there before.
    fs::set_permissions(data_folder, fs::Permissions::from_mode(0o700))?;
    fs::create_dir_all(unfinished.join("media"))?;
    let mut names = BTreeSet::new();
    for entry in tar::Archive::new(BufReader::new(File::open(from)?)).entries()? {
        let mut entry = entry?;
        // The file was looked through just now; should it have changed since, the names are checked again.
        let name = entry_name(&entry).map_err(io::Error::other)?;
        if name == MANIFEST || (!pictures_too && name.starts_with(MEDIA)) {
            continue;
        }
        let path = unfinished.join(&name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = File::create(path)?;
        io::copy(&mut entry, &mut file)?;
        file.sync_all()?;
        names.insert(name);
    }
    if pictures_too {
        fs::rename(unfinished.join("media"), data_folder.join("media"))?;
    }
    for name in names.iter().filter(|name| !name.starts_with(MEDIA)) {
        fs::rename(unfinished.join(name), data_folder.join(name))?;
    }
    fs::remove_dir_all(unfinished)?;
    sync_folder(data_folder)
}

/// A new name survives a power cut when its folder was written.
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn about(path: &Path, error: &io::Error) -> Unavailable {
    Unavailable::because(format!("{}: {error}", path.display()))
}

/// What is wrong with the place, one sentence each; nothing, if all is in order.
pub async fn check(store: &Store, media: &Media) -> Result<Vec<String>, Unavailable> {
    let mut problems = store.problems().await?;
    let hashes: BTreeSet<String> = store.hashes().await?.into_iter().collect();
    problems.extend(check_pictures(&hashes, media).await?);
    Ok(problems)
}

async fn check_pictures(hashes: &BTreeSet<String>, media: &Media) -> Result<Vec<String>, Unavailable> {
    let mut problems = Vec::new();
    for hash in hashes {
        for size in [Size::Large, Size::Small] {
            let name = Media::name(hash, size);
            match media.read(&name).await? {
                None => problems.push(format!("The picture media/{name} is missing.")),
                Some(bytes) if size == Size::Large && hex_digest(&bytes) != *hash => {
                    problems.push(format!("The picture media/{name} is damaged."));
                }
                Some(bytes) if !is_whole_webp(&bytes) => problems.push(format!("The picture media/{name} is damaged.")),
                Some(_) => {}
            }
        }
    }
    for name in media.names().await? {
        if !media_file(&name).is_some_and(|(hash, _)| hashes.contains(hash)) {
            problems.push(format!("The file media/{name} belongs to no picture."));
        }
    }
    Ok(problems)
}

/// A WebP file says how long it is (RFC 9649, 2.4).
fn is_whole_webp(bytes: &[u8]) -> bool {
    let length = bytes.get(4..8).and_then(|length| length.try_into().ok()).map(u32::from_le_bytes);
    bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") && length.is_some_and(|length| length as usize + 8 == bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::{
        MediaConfig, Pictures,
        tests::{me, pictures, png},
    };
    use store::Location;

    async fn restore(from: &Path, folder: &Path) -> Result<Restored, Error<RestoreRefusal>> {
        super::restore(from, &Target { folder, database: &Database::Sqlite, bucket: None }).await
    }

    async fn place(folder: &Path) -> (Store, Pictures) {
        let store = Store::open(&Location::Sqlite(folder.join(SQLITE))).await.expect("a database");
        let pictures = pictures(&folder.join("media"));
        pictures.take_in(&me(1), png(60, 40)).await.expect("taken in");
        (store, pictures)
    }

    fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            let name = entry.file_name().expect("a name").to_string_lossy().into_owned();
            if entry.is_dir() {
                files.extend(files_below(&entry).into_iter().map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
            } else {
                files.insert(name, fs::read(entry).expect("read"));
            }
        }
        files
    }

    #[tokio::test]
    async fn what_was_backed_up_comes_back_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        fs::create_dir(&data).expect("made");
        let (store, pictures) = place(&data).await;
        let tar = folder.path().join("porch.tar");
        let manifest = backup(&store, pictures.media(), &tar).await.expect("backed up");
        assert_eq!(manifest.files.len(), 3);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2, "nothing unfinished stays");

        let again = backup(&store, pictures.media(), &tar).await;
        assert!(matches!(again, Err(Error::Refused(BackupRefusal::Exists(_)))));

        let new = folder.path().join("new");
        let restored = restore(&tar, &new).await.expect("restored");
        assert_eq!((restored.manifest, restored.dump), (manifest, None));
        let (old, new_files) = (files_below(&data.join("media")), files_below(&new));
        for (name, bytes) in old {
            assert_eq!(new_files.get(&format!("media/{name}")), Some(&bytes), "{name}");
        }
        let reopened = Store::open(&Location::Sqlite(new.join(SQLITE))).await.expect("a database");
        assert_eq!(reopened.counts().await.expect("counted"), store.counts().await.expect("counted"));
        assert!(reopened.problems().await.expect("checked").is_empty());
    }

    #[tokio::test]
    async fn a_folder_with_something_in_it_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("letter.txt"), "dear").expect("written");
        let tar = folder.path().join("x.tar");
        fs::write(&tar, "x").expect("written");
        assert!(matches!(restore(&tar, folder.path()).await, Err(Error::Refused(RestoreRefusal::NotEmpty(_)))));
        assert_eq!(fs::read_to_string(folder.path().join("letter.txt")).expect("read"), "dear");
    }

    fn tar_of(files: &[(&str, &[u8])], manifest: Option<&Manifest>) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.tar");
        let mut tar = tar::Builder::new(File::create(&path).expect("made"));
        let mut put = |name: &str, content: &[u8]| {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            header.set_mode(0o600);
            // Written by hand, since the library itself refuses names that lead out.
            header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            tar.append(&header, content).expect("written");
        };
        for (name, content) in files {
            put(name, content);
        }
        if let Some(manifest) = manifest {
            put(MANIFEST, &serde_json::to_vec(manifest).expect("written"));
        }
        tar.finish().expect("written");
        drop(tar);
        (folder, path)
    }

    fn manifest_of(files: &[(&str, &[u8])]) -> Manifest {
        let kept = |content: &[u8]| Kept { bytes: content.len() as u64, sha256: hex_digest(content) };
        let files = files.iter().map(|(name, content)| ((*name).to_owned(), kept(content))).collect();
        Manifest { format: FORMAT, version: "0".into(), made_at: String::new(), counts: BTreeMap::new(), files }
    }

    #[tokio::test]
    async fn a_name_that_leads_out_of_the_folder_is_refused() {
        for name in ["../evil", "/etc/evil", "media/../../evil", "media/x/large.webp", "porchlight.db/../x", ".ssh/authorized_keys"] {
            let files: [(&str, &[u8]); 1] = [(name, b"x")];
            let (folder, tar) = tar_of(&files, Some(&manifest_of(&files)));
            let refused = restore(&tar, &folder.path().join("data")).await;
            assert!(matches!(refused, Err(Error::Refused(RestoreRefusal::NotABackup(_)))), "{name}: {refused:?}");
            assert!(!folder.path().join("data").exists());
        }
    }

    #[tokio::test]
    async fn a_changed_byte_is_found_before_anything_is_written() {
        let (folder, tar) = tar_of(&[(SQLITE, b"changed")], Some(&manifest_of(&[(SQLITE, b"as it was")])));
        let refused = restore(&tar, &folder.path().join("data")).await;
        assert!(matches!(refused, Err(Error::Refused(RestoreRefusal::Damaged(name))) if name == SQLITE));
        assert!(!folder.path().join("data").exists());
    }

    #[tokio::test]
    async fn a_backup_that_breaks_off_or_is_from_later_is_refused() {
        let (folder, tar) = tar_of(&[(SQLITE, b"x")], None);
        let data = folder.path().join("data");
        assert!(matches!(restore(&tar, &data).await, Err(Error::Refused(RestoreRefusal::NotABackup(_)))));
        let later = Manifest { format: FORMAT + 1, ..manifest_of(&[(SQLITE, b"x")]) };
        let (_folder, tar) = tar_of(&[(SQLITE, b"x")], Some(&later));
        assert!(matches!(restore(&tar, &data).await, Err(Error::Refused(RestoreRefusal::Newer(_)))));
        fs::write(folder.path().join("noise"), vec![7; 4096]).expect("written");
        assert!(matches!(restore(&folder.path().join("noise"), &data).await, Err(Error::Refused(RestoreRefusal::NotABackup(_)))));
    }

    #[tokio::test]
    async fn a_dump_is_left_for_psql() {
        let files: [(&str, &[u8]); 1] = [(SQL, b"create table x();")];
        let (folder, tar) = tar_of(&files, Some(&manifest_of(&files)));
        let data = folder.path().join("data");
        let postgres = Database::Postgres("postgres://db/porch".into());
        let restored = super::restore(&tar, &Target { folder: &data, database: &postgres, bucket: None }).await;
        assert_eq!(restored.expect("restored").dump, Some(data.join(SQL)));
        assert_eq!(fs::read(data.join(SQL)).expect("read"), b"create table x();");
    }

    #[tokio::test]
    async fn a_backup_for_another_kind_of_database_is_refused() {
        let postgres = Database::Postgres("postgres://db/porch".into());
        for (file, database, refusal) in
            [(SQL, Database::Sqlite, RestoreRefusal::FromPostgres), (SQLITE, postgres, RestoreRefusal::FromFolder)]
        {
            let files: [(&str, &[u8]); 1] = [(file, b"x")];
            let (folder, tar) = tar_of(&files, Some(&manifest_of(&files)));
            let data = folder.path().join("data");
            let refused = super::restore(&tar, &Target { folder: &data, database: &database, bucket: None }).await;
            assert!(matches!(&refused, Err(Error::Refused(reason)) if *reason == refusal), "{refused:?}");
            assert!(!data.exists());
        }
    }

    #[tokio::test]
    async fn a_restored_folder_is_its_owners_alone() {
        let files: [(&str, &[u8]); 1] = [(SQLITE, b"x")];
        let (folder, tar) = tar_of(&files, Some(&manifest_of(&files)));
        let (new, empty) = (folder.path().join("new"), folder.path().join("empty"));
        fs::create_dir(&empty).expect("made");
        fs::set_permissions(&empty, fs::Permissions::from_mode(0o755)).expect("set");
        for data in [new, empty] {
            restore(&tar, &data).await.expect("restored");
            let mode = data.metadata().expect("a folder").permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{}", data.display());
        }
    }

    #[tokio::test]
    async fn pictures_go_back_into_the_bucket_where_there_is_one() {
        let name = format!("{}/large.webp", "a".repeat(64));
        let in_tar = format!("{MEDIA}{name}");
        let files: [(&str, &[u8]); 2] = [(SQLITE, b"x"), (&in_tar, b"a picture")];
        let (folder, tar) = tar_of(&files, Some(&manifest_of(&files)));
        let (data, bucket) = (folder.path().join("data"), Media::over(object_store::memory::InMemory::new()));
        let target = Target { folder: &data, database: &Database::Sqlite, bucket: Some(&bucket) };
        super::restore(&tar, &target).await.expect("restored");
        assert_eq!(bucket.read(&name).await.expect("available").as_deref(), Some(b"a picture".as_slice()));
        assert_eq!(files_below(&data).into_keys().collect::<Vec<_>>(), [SQLITE]);
    }

    #[test]
    fn a_password_is_taken_out_of_the_address() {
        let split = |url: &str| {
            let (url, password) = without_password(url);
            (url, password.unwrap_or_default())
        };
        assert_eq!(split("postgres://ana:s%40:c@db/porch"), ("postgres://ana@db/porch".into(), "s@:c".into()));
        assert_eq!(split("postgres://db/porch?x=a:b@c"), ("postgres://db/porch?x=a:b@c".into(), String::new()));
        assert_eq!(split("postgres://ana@db/porch"), ("postgres://ana@db/porch".into(), String::new()));
    }

    #[tokio::test]
    async fn missing_damaged_and_left_over_pictures_are_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let pictures = pictures(folder.path());
        pictures.take_in(&me(1), png(60, 40)).await.expect("taken in");
        let names = pictures.media().names().await.expect("listed");
        let hash = names[0].split('/').next().expect("a hash").to_owned();
        let media = Media::open(&MediaConfig::folder(folder.path())).expect("a folder");
        let hashes = BTreeSet::from([hash.clone()]);
        assert!(check_pictures(&hashes, &media).await.expect("checked").is_empty());

        let large = folder.path().join(&hash).join("large.webp");
        let mut bytes = fs::read(&large).expect("read");
        if let Some(last) = bytes.last_mut() {
            *last ^= 1;
        }
        fs::write(&large, bytes).expect("written");
        fs::remove_file(folder.path().join(&hash).join("small.webp")).expect("removed");
        fs::write(folder.path().join("notes.txt"), "x").expect("written");
        assert_eq!(
            check_pictures(&hashes, &media).await.expect("checked"),
            [
                format!("The picture media/{hash}/large.webp is damaged."),
                format!("The picture media/{hash}/small.webp is missing."),
                "The file media/notes.txt belongs to no picture.".to_owned(),
            ]
        );
    }
}
