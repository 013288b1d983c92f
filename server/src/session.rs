//! From a cookie to a [`Viewer`]: the sign-in of a browser. ("Session" is what the web calls it, and what the crate does; in the
//! community's words a session is one date of a gathering.)
//!
//! The cookie holds 128 random bits; the database has their digest with the member and the epoch of the sign-in, so that a copy
//! of the database opens no door. A visitor has no cookie and no row. A record that was deleted is never written again, so a
//! sign-out that races a slow request wins.

use crate::{address, front::Front, letters, plain};
use app::request::{self, SignInCookie};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use domain::{
    outcome::Unavailable,
    sign_in::{SignIn, SignedIn},
    time::{Clock, SystemClock, Timestamp},
    viewer::{Me, Viewer},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use store::Store;
use time::OffsetDateTime;
use tokio::sync::watch;
use tower_sessions::{
    Expiry, Session, SessionStore,
    session::{Id, Record},
    session_store,
};

/// How long a browser stays signed in that nobody uses.
const KEPT: time::Duration = time::Duration::days(60);
/// How long a record is remembered without asking the database. The member's epoch is looked at with every request all the same.
const REMEMBERED: Duration = Duration::from_secs(2);
/// How long a member is remembered as long as nothing of members is written here: a page and its pictures ask for them at once. It bounds how
/// long what another process did (a new password by the command line) is not noticed.
const MEMBER_REMEMBERED: Duration = Duration::from_secs(1);
/// Most records and most members remembered; past this all are forgotten, which costs each browser one query.
const MOST_REMEMBERED: usize = 4096;

const SIGNED_IN: &str = "signed-in";
const FOUNDING_KEY: &str = "founding-key";
/// The day (since 1970) on which the sign-in was last prolonged: once a day is enough, and spares a write with each page.
const PROLONGED: &str = "prolonged";

/// The sign-ins of all browsers.
pub struct SignIns {
    records: Arc<Records>,
    members: Members,
    https: bool,
}

impl SignIns {
    /// Kept in `store`; `https` is whether people come that way.
    pub fn new(store: Store, members: SignIn, https: bool) -> Self {
        let members = Members { store: store.clone(), members, remembered: Mutex::default() };
        Self { records: Arc::new(Records { store, remembered: Mutex::default(), ended: watch::Sender::new(0) }), members, https }
    }

    /// The cookie's name. Browsers take a cookie of the first name only if it is `Secure` and of this host alone.
    pub fn cookie_name(&self) -> &'static str {
        if self.https { "__Host-porchlight" } else { "porchlight" }
    }

    /// Whether a request sends our cookie; what it is worth is not asked.
    pub fn sends_cookie(&self, headers: &HeaderMap) -> bool {
        self.cookie(headers).is_some()
    }

    /// Signs a browser in without a request of its own and returns what it has to send as `Cookie`.
    pub async fn begin(&self, signed_in: SignedIn) -> Result<String, Unavailable> {
        let session = self.session(None);
        Browser::of(session.clone()).begin(signed_in).await?;
        session.save().await.map_err(unavailable)?;
        let id = session.id().ok_or_else(|| Unavailable::because("a saved sign-in has no id"))?;
        Ok(format!("{}={id}", self.cookie_name()))
    }

    /// Whether a sign-in still holds: it was not ended, nor were all of the member's.
    pub async fn holds(&self, id: Id) -> Result<bool, Unavailable> {
        let record = self.records.load(&id).await.map_err(unavailable)?;
        let signed_in = record.and_then(|mut record| serde_json::from_value(record.data.remove(SIGNED_IN)?).ok());
        match signed_in {
            // Past what is remembered: another process may have ended it just now.
            Some(signed_in) => Ok(self.members.members.me(signed_in).await?.is_some()),
            None => Ok(false),
        }
    }

    /// Changes whenever a sign-in ends, so that its streams can look again.
    pub fn ended(&self) -> watch::Receiver<u64> {
        self.records.ended.subscribe()
    }

    fn session(&self, id: Option<Id>) -> Session {
        Session::new(id, self.records.clone(), Some(Expiry::OnInactivity(KEPT)))
    }

    fn cookie<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
        pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == self.cookie_name()).map(|(_, value)| value)
    }

    /// The member who is signed in, if one still is; what no longer holds is ended.
    async fn member(&self, browser: &Browser) -> Result<Option<Me>, Unavailable> {
        let session = &browser.session;
        if session.id().is_none() {
            return Ok(None);
        }
        let Some(signed_in) = session.get::<SignedIn>(SIGNED_IN).await.map_err(unavailable)? else { return Ok(None) };
        let Some(me) = self.members.me(signed_in).await? else {
            browser.end().await?;
            return Ok(None);
        };
        session.insert(PROLONGED, today()).await.map_err(unavailable)?;
        Ok(Some(me))
    }

    /// Writes down what changed, and what the browser is told of it. Its cookie is taken away only by the request that ended the
    /// sign-in: one that came with an older cookie, and is late, knows nothing of the one that the browser has by now.
    async fn conclude(&self, browser: &Browser) -> Result<Option<HeaderValue>, Unavailable> {
        let session = &browser.session;
        let secure = if self.https { "; Secure" } else { "" };
        let name = self.cookie_name();
        let told = if session.is_empty().await {
            browser.ended.load(Ordering::Acquire).then(|| format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}"))
        } else if session.is_modified() {
            session.save().await.map_err(unavailable)?;
            let age = KEPT.whole_seconds();
            let kept = match session.id() {
                // What was ended in the meantime was not written down again.
                Some(id) => self.records.load(&id).await.map_err(unavailable)?.map(|_| id),
                None => None,
            };
            kept.map(|id| format!("{name}={id}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}"))
        } else {
            None
        };
        told.map(|told| HeaderValue::from_str(&told).map_err(|error| Unavailable(Box::new(error)))).transpose()
    }
}

/// Finds out who is asking, and puts that and all that a page needs on the request.
pub async fn recognise(State(front): State<Front>, mut request: Request, next: Next) -> Response {
    let asked = request.headers().clone();
    let cannot = |cause: Unavailable| {
        tracing::error!(cause = %cause.0, "could not tell who is asking");
        plain::say(&asked, StatusCode::SERVICE_UNAVAILABLE, "This place can't answer just now. Please try again in a moment.")
    };
    let cookie = front.sign_ins.cookie(&asked);
    let session = front.sign_ins.session(cookie.and_then(|value| value.parse().ok()));
    let browser = Arc::new(Browser::of(session.clone()));
    let viewer = match front.sign_ins.member(&browser).await {
        Ok(me) => me.map_or(Viewer::Visitor, Viewer::Member),
        Err(cause) => return cannot(cause),
    };
    // Before the page's own queries: a hint that is newer than what they find is then heard, at worst once too often.
    let heard = front.hub.position();
    let community = match front.community.now().await {
        Ok(community) => community,
        Err(cause) => return cannot(cause),
    };
    let peer = request.extensions().get::<address::Peer>().copied().unwrap_or_default();
    let from = address::asking(peer, &asked, &front.proxies);

    let is_form = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // Providers end the mail of many from one address, and do not come back.
    let bounded = is_form && viewer == Viewer::Visitor && !letters::ends_mail(request.uri().path());
    if bounded && !front.throttle.take(from, Instant::now()) {
        let mut wait = plain::say(&asked, StatusCode::TOO_MANY_REQUESTS, "That was a lot at once. Please wait a minute and try again.");
        wait.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        return wait;
    }

    let extensions = request.extensions_mut();
    extensions.insert(request::Request {
        services: front.services.clone(),
        viewer: viewer.clone(),
        community,
        cookie: browser.clone(),
        from: address::household(from).to_string(),
        origin: front.origin.as_str().to_owned(),
        kept: None,
        heard,
        typed: Arc::default(),
    });
    extensions.insert(viewer);
    extensions.insert(session);

    let mut response = next.run(request).await;
    match front.sign_ins.conclude(&browser).await {
        Ok(None) => response,
        Ok(Some(told)) => {
            response.headers_mut().append(header::SET_COOKIE, told);
            response
        }
        Err(cause) => cannot(cause),
    }
}

/// The sign-in of the browser that asks.
struct Browser {
    session: Session,
    /// This request ended the sign-in.
    ended: AtomicBool,
}

impl Browser {
    fn of(session: Session) -> Self {
        Self { session, ended: AtomicBool::new(false) }
    }
}

#[async_trait::async_trait]
impl SignInCookie for Browser {
    async fn begin(&self, signed_in: SignedIn) -> Result<(), Unavailable> {
        // A new id, so that an id which somebody else put into this browser is worth nothing.
        self.session.cycle_id().await.map_err(unavailable)?;
        self.session.insert(SIGNED_IN, signed_in).await.map_err(unavailable)?;
        self.session.insert(PROLONGED, today()).await.map_err(unavailable)
    }

    async fn end(&self) -> Result<(), Unavailable> {
        self.session.flush().await.map_err(unavailable)?;
        self.ended.store(true, Ordering::Release);
        Ok(())
    }

    async fn founding_key(&self) -> Option<String> {
        // Also while the session waits for its new id: a page that signs in is asked more than once while it is written.
        self.session.get(FOUNDING_KEY).await.ok().flatten()
    }

    async fn keep_founding_key(&self, key: String) -> Result<(), Unavailable> {
        self.session.insert(FOUNDING_KEY, key).await.map_err(unavailable)
    }
}

/// The members who are signed in.
struct Members {
    store: Store,
    members: SignIn,
    remembered: Mutex<HashMap<SignedIn, (Instant, u64, Me)>>,
}

impl Members {
    /// The member of a sign-in, unless it was ended.
    async fn me(&self, signed_in: SignedIn) -> Result<Option<Me>, Unavailable> {
        let changes = self.store.member_changes();
        if let Some((at, then, me)) = self.remembered().get(&signed_in)
            && *then == changes
            && at.elapsed() < MEMBER_REMEMBERED
        {
            return Ok(Some(me.clone()));
        }
        let (asked, me) = (Instant::now(), self.members.me(signed_in).await?);
        let mut remembered = self.remembered();
        if let Some(me) = &me {
            if remembered.len() >= MOST_REMEMBERED {
                remembered.clear();
            }
            remembered.insert(signed_in, (asked, changes, me.clone()));
        } else {
            remembered.remove(&signed_in);
        }
        Ok(me)
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, HashMap<SignedIn, (Instant, u64, Me)>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The records of sign-ins: `tower-sessions`' idea of a store over ours.
struct Records {
    store: Store,
    remembered: Mutex<Remembered>,
    ended: watch::Sender<u64>,
}

#[derive(Default)]
struct Remembered {
    records: HashMap<Id, (Instant, Record)>,
    /// Grows with each change, so that what was read before a change is not remembered after it.
    changes: u64,
}

/// What is written down, under the digest of the id.
#[derive(Serialize, Deserialize)]
struct Kept {
    data: HashMap<String, Value>,
    until: i64,
}

impl Records {
    fn remembered(&self) -> std::sync::MutexGuard<'_, Remembered> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget(&self, id: &Id) {
        let mut remembered = self.remembered();
        remembered.changes += 1;
        remembered.records.remove(id);
    }
}

#[async_trait::async_trait]
impl SessionStore for Records {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        loop {
            let (data, until) = written(record)?;
            if self.store.create_sign_in(&digest(&record.id), &data, until).await.map_err(backend)? {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let (data, until) = written(record)?;
        let saved = self.store.save_sign_in(&digest(&record.id), &data, until).await.map_err(backend);
        self.forget(&record.id);
        saved
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let changes = {
            let remembered = self.remembered();
            if let Some((at, record)) = remembered.records.get(id)
                && at.elapsed() < REMEMBERED
            {
                return Ok(Some(record.clone()));
            }
            remembered.changes
        };
        let Some(data) = self.store.sign_in(&digest(id), SystemClock.now()).await.map_err(backend)? else { return Ok(None) };
        let kept: Kept = serde_json::from_slice(&data).map_err(|error| session_store::Error::Decode(error.to_string()))?;
        let expiry_date =
            OffsetDateTime::from_unix_timestamp(kept.until).map_err(|error| session_store::Error::Decode(error.to_string()))?;
        let record = Record { id: *id, data: kept.data, expiry_date };
        let mut remembered = self.remembered();
        if remembered.changes == changes {
            if remembered.records.len() >= MOST_REMEMBERED {
                remembered.records.clear();
            }
            remembered.records.insert(*id, (Instant::now(), record.clone()));
        }
        Ok(Some(record))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        let deleted = self.store.forget_sign_in(&digest(id)).await.map_err(backend);
        self.forget(id);
        self.ended.send_modify(|times| *times += 1);
        deleted
    }
}

impl fmt::Debug for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nothing of it belongs into a log.
        f.write_str("Records")
    }
}

fn written(record: &Record) -> session_store::Result<(Vec<u8>, Timestamp)> {
    let until = record.expiry_date.unix_timestamp();
    let kept = Kept { data: record.data.clone(), until };
    let data = serde_json::to_vec(&kept).map_err(|error| session_store::Error::Encode(error.to_string()))?;
    Ok((data, Timestamp(until.saturating_mul(1000))))
}

fn digest(id: &Id) -> String {
    Sha256::digest(id.0.to_le_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn today() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp() / 86_400
}

fn backend(cause: Unavailable) -> session_store::Error {
    session_store::Error::Backend(cause.to_string())
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> Unavailable {
    Unavailable(Box::new(error))
}
