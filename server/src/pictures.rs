//! Pictures: uploads decoded within limits and encoded anew, and the files they are kept in.
//!
//! Reading order: [`Media`] is where files are (a folder, or a bucket by configuration); [`Pictures`] takes a picture in,
//! opens one as its viewer, and sweeps; `shapes` (private) is the decoding. What may be seen is the store's to say; the two
//! addresses are in [`routes`].

pub mod routes;
mod shapes;

use crate::passwords::hex_digest;
use bytes::Bytes;
use domain::{
    ids::PictureId,
    outcome::{Error, OrRefuse, Unavailable},
    pictures::{LONGEST_SECONDS, MOST_UPLOAD_BYTES, NewPicture, Picture, PictureRefusal, PictureStore, Size},
    time::{Clock, SystemClock},
    viewer::{Me, Viewer},
};
use futures::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, aws::AmazonS3Builder, local::LocalFileSystem, path::Path as Key};
use std::{path::PathBuf, sync::Arc, time::Duration};
use tokio::sync::{RwLock, Semaphore};

/// How long an upload may hang on nothing, in days: a draft that somebody comes back to tomorrow keeps its pictures.
const UNUSED_DAYS: i64 = 1;

/// How long a bucket may take to answer before the place begins without it.
const REACHING: Duration = Duration::from_secs(10);

/// Where pictures are kept.
#[derive(Clone, Debug)]
pub struct MediaConfig {
    /// A folder on this machine; made if it is not there.
    pub folder: PathBuf,
    /// A bucket, which takes the folder's place.
    pub s3: Option<Bucket>,
}

/// A bucket that speaks S3. Keys, region and session come from the usual `AWS_…` variables.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// The address of a service other than Amazon's; `http://` is taken for one on the own network.
    pub endpoint: Option<String>,
    /// Its region, if not by variable.
    pub region: Option<String>,
}

impl MediaConfig {
    /// A folder.
    pub fn folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), s3: None }
    }
}

/// The files of pictures, each under the hash of its large one: `{hash}/large.webp` and `{hash}/small.webp`.
#[derive(Clone, Debug)]
pub struct Media {
    files: Arc<dyn ObjectStore>,
}

impl Media {
    /// Opens the place that the configuration names.
    pub fn open(config: &MediaConfig) -> Result<Self, Unavailable> {
        let files: Arc<dyn ObjectStore> = match &config.s3 {
            Some(bucket) => {
                // Another part of the process may have set it before, which is as good.
                _ = rustls::crypto::ring::default_provider().install_default();
                let mut builder = AmazonS3Builder::from_env().with_bucket_name(&bucket.name);
                if let Some(endpoint) = &bucket.endpoint {
                    builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
                }
                if let Some(region) = &bucket.region {
                    builder = builder.with_region(region);
                }
                Arc::new(builder.build().map_err(failed)?)
            }
            None => {
                std::fs::create_dir_all(&config.folder)
                    .map_err(|error| Unavailable::because(format!("the media folder {}: {error}", config.folder.display())))?;
                // A picture that was acknowledged survives a power cut, as the row does.
                let folder = LocalFileSystem::new_with_prefix(&config.folder).map_err(failed)?;
                Arc::new(folder.with_fsync(true).with_automatic_cleanup(true))
            }
        };
        Ok(Self { files })
    }

    /// Over any store of objects.
    #[cfg(test)]
    pub(crate) fn over(files: impl ObjectStore) -> Self {
        Self { files: Arc::new(files) }
    }

    /// The name of a file, below the place.
    pub fn name(hash: &str, size: Size) -> String {
        format!("{hash}/{}.webp", size.word())
    }

    /// Whether a bucket can be read: one that is not there, or not for us, looks like an empty one until something is put into it.
    pub async fn reach(&self, config: &MediaConfig) -> Result<(), Unavailable> {
        let Some(bucket) = &config.s3 else { return Ok(()) };
        let name = &bucket.name;
        let Ok(listed) = tokio::time::timeout(REACHING, self.files.list(None).try_next()).await else {
            tracing::error!(bucket = name, "the bucket for the pictures does not answer; the place is on without them");
            return Ok(());
        };
        listed.map(drop).map_err(|error| {
            Unavailable::because(format!(
                "the bucket {name:?} for the pictures can't be read. Is its name right, and are --media-endpoint, --media-region, \
                 AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY? In its own words: {error}"
            ))
        })
    }

    /// A file's bytes; `None` if there is no such file.
    pub async fn read(&self, name: &str) -> Result<Option<Bytes>, Unavailable> {
        match self.files.get(&Key::from(name)).await {
            Ok(found) => found.bytes().await.map(Some).map_err(failed),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// Keeps a file, whole or not at all.
    pub async fn write(&self, name: &str, bytes: Bytes) -> Result<(), Unavailable> {
        self.files.put(&Key::from(name), PutPayload::from_bytes(bytes)).await.map(drop).map_err(failed)
    }

    /// The names of all files, in order.
    pub async fn names(&self) -> Result<Vec<String>, Unavailable> {
        let mut names: Vec<String> = self.files.list(None).map_ok(|file| file.location.to_string()).try_collect().await.map_err(failed)?;
        names.sort();
        Ok(names)
    }

    async fn remove(&self, hash: &str) -> Result<(), Unavailable> {
        for size in [Size::Large, Size::Small] {
            match self.files.delete(&Key::from(Self::name(hash, size))).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(())
    }
}

fn failed(error: object_store::Error) -> Unavailable {
    Unavailable(Box::new(error))
}

/// A picture as its viewer gets it.
#[derive(Clone, Debug)]
pub enum Opened {
    /// The viewer's copy is still good.
    Unchanged,
    /// The WebP file, with a tag by which the viewer's copy can be told.
    File {
        /// The file.
        bytes: Bytes,
        /// Names the content.
        tag: String,
    },
}

/// The service for pictures.
pub struct Pictures {
    media: Media,
    store: Arc<dyn PictureStore>,
    clock: Arc<dyn Clock>,
    /// One decoding at a time: it may take 60 million pixels of memory, and a second one as much again.
    turn: Arc<Semaphore>,
    /// How long it may take to have one's turn and be decoded.
    patience: Duration,
    /// Taking in holds it shared, sweeping alone: else a sweep could take the file from under an upload of the same picture.
    sweeping: RwLock<()>,
}

impl Pictures {
    /// Over files and rows.
    pub fn new(media: Media, store: Arc<dyn PictureStore>) -> Self {
        Self::with_clock(media, store, Arc::new(SystemClock))
    }

    /// As [`Pictures::new`], by a clock that a test or the demo sets.
    pub fn with_clock(media: Media, store: Arc<dyn PictureStore>, clock: Arc<dyn Clock>) -> Self {
        let patience = Duration::from_secs(LONGEST_SECONDS);
        Self { media, store, clock, turn: Arc::new(Semaphore::new(1)), patience, sweeping: RwLock::new(()) }
    }

    /// The files, for backups and checks.
    pub fn media(&self) -> &Media {
        &self.media
    }

    /// Takes an upload in. It hangs on nothing yet, and is its owner's alone.
    pub async fn take_in(&self, owner: &Me, bytes: Bytes) -> Result<Picture, Error<PictureRefusal>> {
        if bytes.is_empty() {
            return Err(Error::Refused(PictureRefusal::Nothing));
        }
        if bytes.len() > MOST_UPLOAD_BYTES {
            return Err(Error::Refused(PictureRefusal::TooManyBytes));
        }
        let in_turn = async {
            let turn = self.turn.clone().acquire_owned().await.map_err(|error| Unavailable(Box::new(error)))?;
            let work = move || {
                let shaped = shapes::shape(&bytes);
                // The turn ends with the work, not with the request.
                drop(turn);
                shaped
            };
            tokio::task::spawn_blocking(work).await.map_err(|error| Unavailable(Box::new(error)))
        };
        let shaped = tokio::time::timeout(self.patience, in_turn).await;
        let shaped = shaped.map_err(|_| Error::Refused(PictureRefusal::TooSlow))??.or_refuse()?;
        let picture = NewPicture { hash: hex_digest(&shaped.large), width: shaped.width, height: shaped.height };
        let _taking_in = self.sweeping.read().await;
        self.media.write(&Media::name(&picture.hash, Size::Small), shaped.small.into()).await?;
        self.media.write(&Media::name(&picture.hash, Size::Large), shaped.large.into()).await?;
        Ok(self.store.keep(owner, &picture).await?)
    }

    /// Opens a picture as its viewer, who may have a copy with one of the tags in `copies` (the value of `If-None-Match`).
    /// `None` is "not for you" and "not at all" alike.
    pub async fn open(&self, viewer: &Viewer, id: PictureId, size: Size, copies: Option<&str>) -> Result<Option<Opened>, Unavailable> {
        let Some(hash) = self.store.hash_for(viewer, id).await? else { return Ok(None) };
        let tag = format!("\"{hash}-{}\"", size.word());
        if copies.is_some_and(|copies| routes::names_tag(copies, &tag)) {
            return Ok(Some(Opened::Unchanged));
        }
        let Some(bytes) = self.media.read(&Media::name(&hash, size)).await? else {
            tracing::error!(picture = %id, %hash, "a picture's file is missing; `porchlight check` tells more");
            return Ok(None);
        };
        Ok(Some(Opened::File { bytes, tag }))
    }

    /// Forgets uploads that have hung on nothing for a day, and the files that nothing uses any more. Returns how many files'
    /// hashes went.
    pub async fn sweep(&self) -> Result<usize, Unavailable> {
        let _alone = self.sweeping.write().await;
        let unused = self.store.forget_unused(self.clock.now().plus_days(-UNUSED_DAYS)).await?;
        for hash in &unused {
            self.media.remove(hash).await?;
        }
        Ok(unused.len())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use domain::{
        ids::MemberId,
        people::{Handle, Role},
        time::{Timestamp, Zone},
        timeline::Looked,
    };
    use std::{collections::BTreeMap, sync::Mutex};

    /// Pictures that hang on nothing: visible to their owner alone.
    #[derive(Default)]
    pub(crate) struct Uploads(pub(crate) Mutex<BTreeMap<i64, (MemberId, String)>>);

    #[async_trait::async_trait]
    impl PictureStore for Uploads {
        async fn keep(&self, owner: &Me, picture: &NewPicture) -> Result<Picture, Unavailable> {
            let mut uploads = self.0.lock().expect("not poisoned");
            let id = uploads.len() as i64 + 1;
            uploads.insert(id, (owner.id, picture.hash.clone()));
            Ok(Picture { id: PictureId(id), width: picture.width, height: picture.height, alt: String::new() })
        }
        async fn hash_for(&self, viewer: &Viewer, picture: PictureId) -> Result<Option<String>, Unavailable> {
            let uploads = self.0.lock().expect("not poisoned");
            Ok(uploads.get(&picture.0).filter(|(owner, _)| viewer.id() == Some(*owner)).map(|(_, hash)| hash.clone()))
        }
        async fn forget_unused(&self, _before: Timestamp) -> Result<Vec<String>, Unavailable> {
            Ok(std::mem::take(&mut *self.0.lock().expect("not poisoned")).into_values().map(|(_, hash)| hash).collect())
        }
        async fn hashes(&self) -> Result<Vec<String>, Unavailable> {
            Ok(self.0.lock().expect("not poisoned").values().map(|(_, hash)| hash.clone()).collect())
        }
    }

    pub(crate) fn me(id: i64) -> Me {
        Me {
            id: MemberId(id),
            name: Handle::parse("ana").expect("a name"),
            display_name: "Ana".into(),
            picture: None,
            role: Role::Member,
            zone: Zone::utc(),
            unread: 0,
            looked: Looked::default(),
        }
    }

    pub(crate) fn pictures(folder: &std::path::Path) -> Pictures {
        let media = Media::open(&MediaConfig::folder(folder)).expect("a folder");
        Pictures::new(media, Arc::new(Uploads::default()))
    }

    pub(crate) fn png(width: u32, height: u32) -> Bytes {
        let mut file = Vec::new();
        let picture = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 90]));
        picture.write_to(&mut std::io::Cursor::new(&mut file), image::ImageFormat::Png).expect("encoded");
        file.into()
    }

    #[tokio::test]
    async fn an_upload_is_its_owners_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let pictures = pictures(folder.path());
        let kept = pictures.take_in(&me(1), png(2560, 320)).await.expect("taken in");
        assert_eq!((kept.width, kept.height), (2048, 256));
        let (pictures, id) = (&pictures, kept.id);
        let open = |viewer: Viewer| async move { pictures.open(&viewer, id, Size::Small, None).await.expect("available") };
        assert!(matches!(open(Viewer::Member(me(1))).await, Some(Opened::File { .. })));
        assert!(open(Viewer::Member(me(2))).await.is_none());
        assert!(open(Viewer::Visitor).await.is_none());
    }

    #[tokio::test]
    async fn a_sweep_takes_the_files_of_what_nothing_uses() {
        let folder = tempfile::tempdir().expect("a folder");
        let pictures = pictures(folder.path());
        pictures.take_in(&me(1), png(10, 10)).await.expect("taken in");
        assert_eq!(pictures.media().names().await.expect("listed").len(), 2);
        assert_eq!(pictures.sweep().await.expect("swept"), 1);
        assert!(pictures.media().names().await.expect("listed").is_empty());
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "no empty folder stays behind");
    }

    #[test]
    fn a_bucket_is_opened_by_configuration() {
        let folder = tempfile::tempdir().expect("a folder");
        let bucket = |endpoint: Option<&str>| Bucket {
            name: "porch-pictures".into(),
            endpoint: endpoint.map(str::to_owned),
            region: Some("eu-west-9".into()),
        };
        for endpoint in [None, Some("http://minio.home:9000"), Some("https://s3.example.org")] {
            let config = MediaConfig { folder: folder.path().join("media"), s3: Some(bucket(endpoint)) };
            let opened = format!("{:?}", Media::open(&config).expect("opened").files);
            assert!(opened.contains("porch-pictures"), "{opened}");
            assert!(opened.contains(endpoint.unwrap_or("eu-west-9")), "{opened}");
        }
        assert!(!folder.path().join("media").exists(), "it takes the folder's place");
    }

    #[tokio::test]
    async fn files_are_kept_in_a_bucket_as_in_a_folder() {
        let media = Media::over(object_store::memory::InMemory::new());
        let pictures = Pictures::new(media.clone(), Arc::new(Uploads::default()));
        let kept = pictures.take_in(&me(1), png(60, 40)).await.expect("taken in");
        assert_eq!(media.names().await.expect("listed").len(), 2);
        let opened = pictures.open(&Viewer::Member(me(1)), kept.id, Size::Large, None).await.expect("available");
        let Some(Opened::File { bytes, .. }) = opened else { panic!("not opened: {opened:?}") };
        assert!(bytes.starts_with(b"RIFF"));
        assert!(media.read("none/large.webp").await.expect("available").is_none());
        assert_eq!(pictures.sweep().await.expect("swept"), 1);
        assert!(media.names().await.expect("listed").is_empty());
    }

    #[tokio::test]
    async fn a_picture_that_takes_too_long_is_refused_and_the_next_has_its_turn() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut pictures = pictures(folder.path());
        let (patience, large) = (pictures.patience, png(3000, 2000));
        pictures.patience = Duration::ZERO;
        let slow = pictures.take_in(&me(1), large.clone()).await;
        assert!(matches!(slow, Err(Error::Refused(PictureRefusal::TooSlow))), "{slow:?}");
        pictures.patience = patience;
        pictures.take_in(&me(1), large).await.expect("taken in");
    }

    #[tokio::test]
    async fn nothing_and_too_much_are_refused_before_decoding() {
        let folder = tempfile::tempdir().expect("a folder");
        let pictures = pictures(folder.path());
        let nothing = pictures.take_in(&me(1), Bytes::new()).await;
        assert!(matches!(nothing, Err(Error::Refused(PictureRefusal::Nothing))));
        let much = pictures.take_in(&me(1), vec![0; MOST_UPLOAD_BYTES + 1].into()).await;
        assert!(matches!(much, Err(Error::Refused(PictureRefusal::TooManyBytes))));
    }
}
