//! What the server gives to each page and each server function: who is asking, and the services that answer.
//!
//! The server provides one [`Request`] as Leptos context before anything runs. Server functions take it with [`request`] before
//! their first `.await`.

use crate::{
    fault::{Fault, Refusal},
    forms::KeptForm,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use bytes::Bytes;
use domain::{
    archives::Archives,
    blocks::Blocks,
    community::{Community, Place},
    export::Export,
    gatherings::{Gatherings, bring::Bring, import::Imports, room::Rooms},
    hand_over::{HandingOver, Keeping},
    hands::Hands,
    hosting::Hosting,
    introductions::Introductions,
    invitations::Invitations,
    leaving::Leaving,
    mail::Mail,
    notifications::Notifications,
    outcome::{Error, Unavailable},
    people::People,
    pictures::{MOST_UPLOAD_BYTES, Picture, PictureRefusal},
    pulse::Pulse,
    rosters::Rosters,
    setup::Setup,
    sign_in::{Codes, SignIn, SignedIn},
    sparks::Sparks,
    timeline::{ChosenPicture, Timeline},
    viewer::{Admin, Host, Me, Viewer},
    weekly::Weekly,
    welcome::Welcome,
};
use leptos::{prelude::*, server_fn::codec::MultipartData};
use multer::Multipart;
use std::sync::{Arc, Mutex};

/// The services, built once by the server's `compose.rs`.
#[derive(Clone)]
pub struct Services {
    /// The community's place.
    pub place: Place,
    /// Founding.
    pub setup: Setup,
    /// People.
    pub people: People,
    /// Whom each blocked.
    pub blocks: Blocks,
    /// Signing in.
    pub sign_in: SignIn,
    /// Introductions.
    pub introductions: Introductions,
    /// Invitations.
    pub invitations: Invitations,
    /// The host's desk.
    pub hosting: Hosting,
    /// Its many hands: weeks, being away, and each one's time.
    pub hands: Hands,
    /// Handing the place over.
    pub handing_over: HandingOver,
    /// Going away.
    pub leaving: Leaving,
    /// How the place is set up, for admins.
    pub keeping: Keeping,
    /// The timeline.
    pub timeline: Timeline,
    /// Notifications.
    pub notifications: Notifications,
    /// Gatherings.
    pub gatherings: Gatherings,
    /// The rooms of their sessions.
    pub rooms: Rooms,
    /// What people bring to their sessions, and who hosts which.
    pub bring: Bring,
    /// Mail.
    pub mail: Mail,
    /// Imports of calendar files.
    pub imports: Imports,
    /// The weekly letter.
    pub weekly: Weekly,
    /// The pulse.
    pub pulse: Pulse,
    /// Newcomers.
    pub welcome: Welcome,
    /// Rosters of groups that move in together.
    pub rosters: Rosters,
    /// What they had before they moved in.
    pub archives: Archives,
    /// What people take home.
    pub export: Export,
    /// Sparks, and who waits for an answer.
    pub sparks: Sparks,
    /// Takes uploaded pictures in.
    pub pictures: Arc<dyn TakesPictures>,
    /// Makes codes.
    pub codes: Arc<dyn Codes>,
    /// Draws QR codes, as SVG.
    pub qr: fn(&str) -> String,
    /// The place while it is being founded, for the steps of setup.
    pub founding: Arc<dyn Founding>,
}

/// Takes an uploaded picture in: decodes, encodes anew, keeps.
#[async_trait::async_trait]
pub trait TakesPictures: Send + Sync {
    /// Keeps a picture of the member's.
    async fn take_in(&self, owner: &Me, bytes: Bytes) -> Result<Picture, Error<PictureRefusal>>;
}

/// The place while it is being founded.
#[async_trait::async_trait]
pub trait Founding: Send + Sync {
    /// The community as far as it has come; also before it is founded.
    async fn so_far(&self) -> Result<Option<Community>, Unavailable>;
}

/// The sign-in of this browser: the server's cookie, of which nothing else is known here.
#[async_trait::async_trait]
pub trait SignInCookie: Send + Sync {
    /// Signs this browser in, under a new id.
    async fn begin(&self, signed_in: SignedIn) -> Result<(), Unavailable>;
    /// Signs this browser out.
    async fn end(&self) -> Result<(), Unavailable>;
    /// The key of the one-time link, if this browser came by it.
    async fn founding_key(&self) -> Option<String>;
    /// Keeps the key of the one-time link.
    async fn keep_founding_key(&self, key: String) -> Result<(), Unavailable>;
}

/// One request.
#[derive(Clone)]
pub struct Request {
    /// The services.
    pub services: Services,
    /// Who is asking.
    pub viewer: Viewer,
    /// The community; `None` until it is founded.
    pub community: Option<Arc<Community>>,
    /// This browser's sign-in.
    pub cookie: Arc<dyn SignInCookie>,
    /// The network address that asks.
    pub from: String,
    /// The public address of this place, without a slash at the end.
    pub origin: String,
    /// The form that is shown again, if one is.
    pub kept: Option<Arc<KeptForm>>,
    /// How far the outbox was when the request began: the page's stream of hints begins there.
    pub heard: i64,
    /// What was typed into a multipart form, put here by [`read_form`] for the case that it is refused.
    pub typed: Arc<Mutex<Vec<(String, String)>>>,
}

/// This request.
pub fn request<R>() -> Result<Request, Fault<R>> {
    use_context::<Request>().ok_or_else(|| {
        tracing::error!("a server function ran without a request in its context");
        Fault::Ours
    })
}

impl Request {
    /// The member who asks.
    pub fn me<R>(&self) -> Result<Me, Fault<R>> {
        self.viewer.me().cloned().ok_or_else(signed_out)
    }
    /// The host who asks. For a member there is nothing at the addresses of the desk: the same 404, whatever is asked.
    pub fn host<R>(&self) -> Result<Host, Fault<R>> {
        self.me()?;
        self.viewer.host().ok_or_else(|| {
            status(StatusCode::NOT_FOUND);
            Fault::NotYours
        })
    }
    /// The admin who asks.
    pub fn admin<R>(&self) -> Result<Admin, Fault<R>> {
        self.me()?;
        self.viewer.admin().ok_or_else(not_yours)
    }
    /// The community, founded.
    pub fn community<R>(&self) -> Result<Arc<Community>, Fault<R>> {
        self.community.clone().ok_or_else(signed_out)
    }
}

fn signed_out<R>() -> Fault<R> {
    status(StatusCode::UNAUTHORIZED);
    Fault::SignedOut
}

fn not_yours<R>() -> Fault<R> {
    status(StatusCode::FORBIDDEN);
    Fault::NotYours
}

/// Has the browser forget what it kept of this place: what stands in its cache, and drafts.
pub fn forget_in_browser() {
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.insert_header(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\", \"storage\""));
    }
}

/// Sets the status of the answer, be it a page or a call.
pub fn status(status: StatusCode) {
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(status);
    }
}

/// Turns a domain's answer into the wire's: the one place where causes are logged and statuses set.
pub fn answer<T, R: Refusal>(result: Result<T, impl Into<Error<R>>>) -> Result<T, Fault<R>> {
    result.map_err(|error| match error.into() {
        Error::Refused(reason) => {
            status(StatusCode::UNPROCESSABLE_ENTITY);
            Fault::Refused(reason)
        }
        Error::Unavailable(cause) => {
            tracing::error!(cause = %cause.0, "could not answer");
            status(StatusCode::INTERNAL_SERVER_ERROR);
            Fault::Ours
        }
    })
}

/// A multipart form, read.
#[derive(Debug, Default)]
pub struct ReadForm {
    /// Its text fields, in order.
    pub fields: Vec<(String, String)>,
    /// The pictures that came as files, taken in.
    pub uploaded: Vec<Picture>,
}

impl ReadForm {
    /// A field's text; empty if there is none.
    pub fn text(&self, name: &str) -> String {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, text)| text.clone()).unwrap_or_default()
    }
    /// Whether a box was ticked.
    pub fn ticked(&self, name: &str) -> Option<String> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, text)| text.clone())
    }
    /// All texts of a field that may come several times.
    pub fn texts(&self, name: &str) -> Vec<String> {
        self.fields.iter().filter(|(field, _)| field == name).map(|(_, text)| text.clone()).collect()
    }
    /// The pictures: those uploaded before (`picture` beside `alt`, in order), then those that came as files (beside `new_alt`).
    pub fn pictures(&self) -> Vec<ChosenPicture> {
        let alts = self.texts("alt");
        let before = self
            .texts("picture")
            .into_iter()
            .enumerate()
            .filter_map(|(at, id)| Some(ChosenPicture { id: id.parse().ok()?, alt: alts.get(at).cloned().unwrap_or_default() }));
        let new_alts = self.texts("new_alt");
        let new = self
            .uploaded
            .iter()
            .enumerate()
            .map(|(at, picture)| ChosenPicture { id: picture.id, alt: new_alts.get(at).cloned().unwrap_or_default() });
        before.chain(new).collect()
    }
}

/// Why a form with files could not be read.
pub enum FormTrouble {
    /// A file was not taken as a picture.
    Picture(Error<PictureRefusal>),
    /// The form broke off, or has too much in it.
    Broken,
}

/// Most text fields of a form; ours have some twenty.
const MOST_FIELDS: usize = 100;
/// Most bytes of one text field.
const MOST_FIELD_BYTES: usize = 128 * 1024;

/// Reads a multipart form and takes its pictures in, up to `most_pictures`.
pub async fn read_form(request: &Request, me: &Me, data: MultipartData, most_pictures: usize) -> Result<ReadForm, FormTrouble> {
    let mut form = ReadForm::default();
    let mut parts = Parts::of(data, true)?;
    while let Some(part) = parts.next().await? {
        match part {
            Part::Text(name, text) => {
                remember(request, (name.clone(), text.clone()));
                form.fields.push((name, text));
            }
            // A browser sends an empty file for a file input that was left alone.
            Part::File(bytes) if !bytes.is_empty() && form.uploaded.len() < most_pictures => {
                let picture = request.services.pictures.take_in(me, bytes.into()).await.map_err(FormTrouble::Picture)?;
                remember(request, ("picture".into(), picture.id.to_string()));
                form.uploaded.push(picture);
            }
            Part::File(_) => {}
        }
    }
    Ok(form)
}

/// Reads the file of a multipart form that brings one, up to so many bytes; empty, if none came. Refuses with whether there were more.
pub async fn read_file(data: MultipartData, most: usize) -> Result<Vec<u8>, bool> {
    let mut parts = Parts::of(data, true).map_err(|_| false)?;
    parts.most_file = most;
    while let Some(part) = parts.next().await.map_err(|trouble| matches!(trouble, FormTrouble::Picture(_)))? {
        if let Part::File(bytes) = part {
            return Ok(bytes);
        }
    }
    Ok(Vec::new())
}

/// Reads a multipart form that brings a file or a long text, each up to so many bytes. Refuses with whether there were more. What was typed is
/// remembered, except for long texts.
pub async fn read_text_form(request: &Request, data: MultipartData, most: usize) -> Result<(ReadForm, Vec<u8>), bool> {
    let (mut form, mut file) = (ReadForm::default(), Vec::new());
    let mut parts = Parts::of(data, true).map_err(|_| false)?;
    (parts.most_file, parts.most_text) = (most, most);
    while let Some(part) = parts.next().await.map_err(|trouble| matches!(trouble, FormTrouble::Picture(_)))? {
        match part {
            Part::Text(name, text) => {
                remember(request, (name.clone(), text.clone()));
                form.fields.push((name, text));
            }
            Part::File(bytes) => file = bytes,
        }
    }
    Ok((form, file))
}

/// What was typed into a multipart form, as far as it can be read; its files are let go.
pub async fn typed(data: MultipartData) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let Ok(mut parts) = Parts::of(data, false) else { return fields };
    while let Ok(Some(part)) = parts.next().await {
        if let Part::Text(name, text) = part {
            fields.push((name, text));
        }
    }
    fields
}

/// A part of a multipart form.
enum Part {
    /// A field's name and text.
    Text(String, String),
    /// A file; empty if files are let go.
    File(Vec<u8>),
}

/// The parts of a multipart form, each within its bounds.
struct Parts {
    multipart: Multipart<'static>,
    keep_files: bool,
    most_file: usize,
    most_text: usize,
    texts: usize,
}

impl Parts {
    fn of(data: MultipartData, keep_files: bool) -> Result<Self, FormTrouble> {
        Ok(Self {
            multipart: data.into_inner().ok_or(FormTrouble::Broken)?,
            keep_files,
            most_file: MOST_UPLOAD_BYTES,
            most_text: MOST_FIELD_BYTES,
            texts: 0,
        })
    }

    async fn next(&mut self) -> Result<Option<Part>, FormTrouble> {
        let Some(mut field) = self.multipart.next_field().await.map_err(|_| FormTrouble::Broken)? else { return Ok(None) };
        let name = field.name().unwrap_or_default().to_owned();
        let is_file = field.file_name().is_some();
        let most = if is_file { self.most_file } else { self.most_text };
        let mut bytes: Vec<u8> = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|_| FormTrouble::Broken)? {
            if bytes.len() + chunk.len() > most {
                // Read to its end: whoever is still sending would find the connection broken, and not the sentence. The gate bounds it.
                while let Ok(Some(_)) = field.chunk().await {}
                let tells = is_file || self.most_text > MOST_FIELD_BYTES;
                return Err(if tells { FormTrouble::Picture(Error::Refused(PictureRefusal::TooManyBytes)) } else { FormTrouble::Broken });
            }
            if self.keep_files || !is_file {
                bytes.extend_from_slice(&chunk);
            }
        }
        if is_file {
            return Ok(Some(Part::File(bytes)));
        }
        self.texts += 1;
        if self.texts > MOST_FIELDS {
            return Err(FormTrouble::Broken);
        }
        Ok(Some(Part::Text(name, String::from_utf8_lossy(&bytes).into_owned())))
    }
}

fn remember(request: &Request, field: (String, String)) {
    if let Ok(mut typed) = request.typed.lock() {
        typed.push(field);
    }
}
