//! The live stream: tells open pages that something changed, within a second.
//!
//! One task follows the outbox and hands each entry to every stream; a stream passes on what its member may hear of. A stream that
//! dropped says where it was (`Last-Event-ID`) and gets what it missed. Streams carry hints alone, so what a hint leads to is
//! asked for by its viewer like any page.

use crate::{assets, community::CommunityNow, front::Front, plain};
use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::{
    ids::MemberId,
    live::{Entry, Hint, Outbox},
    outcome::Unavailable,
    viewer::Viewer,
};
use futures::stream;
use serde::Deserialize;
use std::{
    collections::{HashMap, HashSet, VecDeque},
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::{broadcast, watch};
use tower_sessions::{Session, session::Id};

/// How often the outbox is read when nothing says that something was committed (another process may have).
const POLL: Duration = Duration::from_secs(1);
/// How often a stream makes sure that its member is still signed in.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// How often a silent stream says that it is there; proxies cut what is silent for 30 or 60 seconds.
const STILL_HERE: Duration = Duration::from_secs(15);
/// How many entries are kept in memory for streams that come back: those of some minutes of a lively evening.
const RECENT: usize = 1024;
/// As many entries as [`Outbox::entries_after`] gives at a time. Whoever missed more than that loads the page anew instead.
const BATCH: usize = 500;

/// An entry, with its hint already written as JSON.
#[derive(Debug)]
struct Heard {
    entry: Entry,
    json: String,
}

/// Hands the entries of the outbox to all streams.
pub struct Hub {
    heard: Mutex<Recent>,
    seats: Arc<Mutex<HashMap<MemberId, usize>>>,
    streams_of_one: usize,
    streams: usize,
}

struct Recent {
    entries: VecDeque<Arc<Heard>>,
    newest: i64,
    sender: broadcast::Sender<Arc<Heard>>,
}

/// What a stream begins with.
enum Missed {
    /// What came after its position, in the order in which it was heard.
    Known(Vec<Arc<Heard>>),
    /// Its position is older than what is kept in memory.
    LongAgo,
}

impl Hub {
    /// Beginning after that position of the outbox.
    pub fn new(newest: i64, streams_of_one: usize, streams: usize) -> Self {
        let recent = Recent { entries: VecDeque::new(), newest, sender: broadcast::Sender::new(RECENT) };
        Self { heard: Mutex::new(recent), seats: Arc::default(), streams_of_one, streams }
    }

    /// How far the outbox has been read.
    pub fn position(&self) -> i64 {
        self.heard().newest
    }

    /// Follows the outbox until the server closes. `late` is how long after a newer entry an older one may appear.
    pub async fn follow(
        &self,
        outbox: &dyn Outbox,
        community: &CommunityNow,
        late: Duration,
        mut committed: watch::Receiver<u64>,
        mut closing: watch::Receiver<bool>,
    ) {
        let mut reading = Reading { reach: self.position(), recent: VecDeque::new(), known: HashSet::new(), late };
        let mut failing = false;
        loop {
            let commit = *committed.borrow_and_update();
            match reading.read(outbox).await {
                Ok(entries) => {
                    failing = false;
                    for entry in entries {
                        if entry.hint == Hint::PlaceChanged {
                            community.changed();
                        }
                        self.tell(entry);
                    }
                    community.heard(commit);
                }
                Err(cause) => {
                    // Said once: a database that is down for an hour is one line, not 3,600.
                    if !failing {
                        tracing::error!(cause = %cause.0, "could not read the outbox; trying again each second");
                    }
                    failing = true;
                    tokio::time::sleep(POLL).await;
                }
            }
            tokio::select! {
                _ = committed.changed() => {}
                () = tokio::time::sleep(POLL) => {}
                _ = closing.wait_for(|closing| *closing) => return,
            }
        }
    }

    fn tell(&self, entry: Entry) {
        let json = match serde_json::to_string(&entry.hint) {
            Ok(json) => json,
            Err(error) => {
                tracing::error!(%error, "a hint could not be written");
                return;
            }
        };
        let mut recent = self.heard();
        recent.newest = recent.newest.max(entry.position);
        let heard = Arc::new(Heard { entry, json });
        if recent.entries.len() == RECENT {
            recent.entries.pop_front();
        }
        recent.entries.push_back(heard.clone());
        // Nobody may be listening, which is no fault.
        _ = recent.sender.send(heard);
    }

    /// Begins to listen, with what was missed since a position. Both in one step, so that nothing falls between them.
    fn join(&self, after: Option<i64>) -> (broadcast::Receiver<Arc<Heard>>, i64, Missed) {
        let recent = self.heard();
        let receiver = recent.sender.subscribe();
        let Some(after) = after else { return (receiver, recent.newest, Missed::Known(Vec::new())) };
        let missed = match recent.entries.iter().position(|heard| heard.entry.position == after) {
            Some(at) => Missed::Known(recent.entries.iter().skip(at + 1).cloned().collect()),
            None if after < recent.newest => Missed::LongAgo,
            // It heard the last before we began, or it comes from before a backup was restored.
            None => return (receiver, recent.newest, Missed::Known(Vec::new())),
        };
        (receiver, after, missed)
    }

    /// A seat for one more stream of a member, if there is one.
    fn seat(&self, member: MemberId) -> Option<Seat> {
        let mut seats = lock(&self.seats);
        let all: usize = seats.values().sum();
        let of_one = seats.entry(member).or_default();
        if *of_one >= self.streams_of_one || all >= self.streams {
            return None;
        }
        *of_one += 1;
        Some(Seat { seats: self.seats.clone(), member })
    }

    fn heard(&self) -> std::sync::MutexGuard<'_, Recent> {
        lock(&self.heard)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A stream's place; free again when the stream is dropped.
struct Seat {
    seats: Arc<Mutex<HashMap<MemberId, usize>>>,
    member: MemberId,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = lock(&self.seats);
        if let Some(taken) = seats.get_mut(&self.member) {
            *taken -= 1;
            if *taken == 0 {
                seats.remove(&self.member);
            }
        }
    }
}

/// Reads the outbox so that entries are found that were committed after newer ones (two processes on PostgreSQL): what was
/// found within `late` is read again, and left out the second time.
struct Reading {
    reach: i64,
    recent: VecDeque<(Instant, i64)>,
    known: HashSet<i64>,
    late: Duration,
}

impl Reading {
    async fn read(&mut self, outbox: &dyn Outbox) -> Result<Vec<Entry>, Unavailable> {
        let mut found = Vec::new();
        let mut after = self.reach;
        loop {
            let batch = outbox.entries_after(after).await?;
            let full = batch.len() >= BATCH;
            after = batch.iter().map(|entry| entry.position).fold(after, i64::max);
            found.extend(batch);
            if !full {
                break;
            }
        }
        // Only now that nothing can fail any more: what is known is not told again.
        let mut fresh = Vec::new();
        for entry in found {
            if self.known.insert(entry.position) {
                self.recent.push_back((Instant::now(), entry.position));
                fresh.push(entry);
            }
        }
        while let Some((at, position)) = self.recent.front().copied()
            && at.elapsed() >= self.late
        {
            self.recent.pop_front();
            self.known.remove(&position);
            self.reach = self.reach.max(position);
        }
        Ok(fresh)
    }
}

/// Where a stream wants to begin.
#[derive(Deserialize)]
pub struct From {
    after: Option<i64>,
}

/// Serves `/live` to members.
pub async fn stream(
    State(front): State<Front>,
    Extension(viewer): Extension<Viewer>,
    Extension(session): Extension<Session>,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Response {
    let (Some(member), Some(sign_in)) = (viewer.id(), session.id()) else {
        return plain::say(&headers, StatusCode::UNAUTHORIZED, "Sign in to hear what is new.");
    };
    let Some(seat) = front.hub.seat(member) else {
        let mut full = plain::say(
            &headers,
            StatusCode::TOO_MANY_REQUESTS,
            "This place is open in too many windows. Close some, and load this one anew.",
        );
        full.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        return full;
    };
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let (receiver, begins, missed) = front.hub.join(last.or(from.after));

    let hello = Event::default().event("hello").id(begins.to_string()).retry(Duration::from_secs(2)).data(assets::BUILD_ID);
    let blocks = front.services.blocks.any_by(member).await.unwrap_or(false);
    let mut listening = Listening {
        queue: VecDeque::from([hello]),
        sent: HashSet::new(),
        receiver,
        member,
        sign_in,
        look_again: tokio::time::Instant::now() + LOOK_AGAIN,
        ended: front.sign_ins.ended(),
        closing: front.closing.subscribe(),
        over: false,
        blocks,
        front,
        _seat: seat,
    };
    if let Err(cause) = listening.catch_up(begins, missed).await {
        tracing::error!(cause = %cause.0, "could not read what a stream had missed");
        return plain::say(&headers, StatusCode::SERVICE_UNAVAILABLE, "This place can't answer just now. Please try again in a moment.");
    }
    let events = stream::unfold(listening, async |mut listening| {
        let event = listening.next().await?;
        Some((Ok::<_, Infallible>(event), listening))
    });
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(STILL_HERE).text("still here")).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    // nginx would hold the stream back until a buffer is full.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

/// One open stream.
struct Listening {
    queue: VecDeque<Event>,
    /// Positions that were sent while catching up and may be heard once more.
    sent: HashSet<i64>,
    receiver: broadcast::Receiver<Arc<Heard>>,
    member: MemberId,
    sign_in: Id,
    look_again: tokio::time::Instant,
    ended: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
    over: bool,
    /// The member blocked somebody. Nearly nobody did, and so nearly nobody's stream asks of each post.
    blocks: bool,
    front: Front,
    _seat: Seat,
}

impl Listening {
    async fn catch_up(&mut self, begins: i64, missed: Missed) -> Result<(), Unavailable> {
        match missed {
            Missed::Known(missed) => {
                for heard in missed {
                    self.hear(&heard.entry, &heard.json).await;
                }
            }
            Missed::LongAgo => {
                let missed = self.front.store.entries_after(begins).await?;
                if missed.len() >= BATCH {
                    self.queue.push_back(Event::default().event("stale").id(self.front.hub.position().to_string()).data("load anew"));
                    return Ok(());
                }
                for entry in missed {
                    self.sent.insert(entry.position);
                    match serde_json::to_string(&entry.hint) {
                        Ok(json) => self.hear(&entry, &json).await,
                        Err(error) => tracing::error!(%error, "a hint could not be written"),
                    }
                }
            }
        }
        Ok(())
    }

    async fn hear(&mut self, entry: &Entry, json: &str) {
        if entry.only.is_none_or(|only| only == self.member) && !self.is_hidden(&entry.hint).await {
            self.queue.push_back(Event::default().event("hint").id(entry.position.to_string()).data(json));
        }
    }

    /// Whether a hint is of a post that is not there for the member, since they blocked somebody: a page counts new posts without asking for them.
    async fn is_hidden(&self, hint: &Hint) -> bool {
        match hint {
            // To tell of one too many is better than of none.
            Hint::Posted { post } if self.blocks => self.front.services.blocks.hide(self.member, *post).await.unwrap_or(false),
            _ => false,
        }
    }

    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.queue.pop_front() {
                return Some(event);
            }
            if self.over {
                return None;
            }
            tokio::select! {
                heard = self.receiver.recv() => match heard {
                    Ok(heard) => {
                        if !self.sent.remove(&heard.entry.position) {
                            self.hear(&heard.entry, &heard.json).await;
                        }
                        if heard.entry.hint == Hint::SignedOut && heard.entry.only == Some(self.member) {
                            self.look_again().await;
                        }
                    }
                    // It fell behind by a thousand entries: the browser comes back and is told what it missed, or to load anew.
                    Err(_) => self.over = true,
                },
                changed = self.ended.changed() => match changed {
                    Ok(()) => self.look_again().await,
                    Err(_) => self.over = true,
                },
                () = tokio::time::sleep_until(self.look_again) => self.look_again().await,
                () = closed(&mut self.closing) => self.over = true,
            }
        }
    }

    async fn look_again(&mut self) {
        self.look_again = tokio::time::Instant::now() + LOOK_AGAIN;
        // While the database does not answer nothing new is heard either, so the stream may stay.
        if let Ok(false) = self.front.sign_ins.holds(self.sign_in).await {
            self.over = true;
        }
        self.blocks = self.front.services.blocks.any_by(self.member).await.unwrap_or(self.blocks);
    }
}

/// Waits until the server closes.
async fn closed(closing: &mut watch::Receiver<bool>) {
    // An error says that the server is gone, which comes to the same.
    _ = closing.wait_for(|closing| *closing).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::PostId;

    /// An outbox in which entries appear in any order.
    #[derive(Default)]
    struct Committed(Mutex<Vec<i64>>);

    impl Committed {
        fn commit(&self, positions: impl IntoIterator<Item = i64>) {
            lock(&self.0).extend(positions);
        }
    }

    #[async_trait::async_trait]
    impl Outbox for Committed {
        async fn newest(&self) -> Result<i64, Unavailable> {
            Ok(lock(&self.0).iter().copied().max().unwrap_or(0))
        }
        async fn entries_after(&self, position: i64) -> Result<Vec<Entry>, Unavailable> {
            let mut after: Vec<i64> = lock(&self.0).iter().copied().filter(|p| *p > position).collect();
            after.sort_unstable();
            after.truncate(BATCH);
            Ok(after.into_iter().map(|position| Entry { position, only: None, hint: Hint::Posted { post: PostId(position) } }).collect())
        }
        async fn prune(&self, _keep: i64) -> Result<(), Unavailable> {
            Ok(())
        }
    }

    fn reading(late: Duration) -> Reading {
        Reading { reach: 0, recent: VecDeque::new(), known: HashSet::new(), late }
    }

    async fn positions(reading: &mut Reading, outbox: &Committed) -> Vec<i64> {
        reading.read(outbox).await.expect("available").into_iter().map(|entry| entry.position).collect()
    }

    #[tokio::test]
    async fn an_entry_that_is_committed_after_a_newer_one_is_heard_once() {
        let (outbox, mut reading) = (Committed::default(), reading(Duration::from_secs(10)));
        outbox.commit([1, 3]);
        assert_eq!(positions(&mut reading, &outbox).await, [1, 3]);
        outbox.commit([2, 4]);
        assert_eq!(positions(&mut reading, &outbox).await, [2, 4]);
        assert!(positions(&mut reading, &outbox).await.is_empty());
    }

    #[tokio::test]
    async fn more_than_one_batch_is_read_at_once_and_nothing_of_it_again() {
        let (outbox, mut reading) = (Committed::default(), reading(Duration::ZERO));
        outbox.commit(1..=1200);
        assert_eq!(positions(&mut reading, &outbox).await.len(), 1200);
        assert_eq!((reading.reach, reading.known.len(), reading.recent.len()), (1200, 0, 0));
        assert!(positions(&mut reading, &outbox).await.is_empty());
    }

    #[test]
    fn a_stream_that_comes_back_gets_what_came_after_its_position_or_learns_that_it_was_long_ago() {
        let hub = Hub::new(0, 1, 1);
        for position in [10, 12, 11] {
            hub.tell(Entry { position, only: None, hint: Hint::Notified });
        }
        let missed = |after| match hub.join(after).2 {
            Missed::Known(missed) => Some(missed.iter().map(|heard| heard.entry.position).collect::<Vec<_>>()),
            Missed::LongAgo => None,
        };
        assert_eq!(missed(Some(10)), Some(vec![12, 11]), "in the order in which they were heard");
        assert_eq!(missed(Some(12)), Some(vec![11]), "the newest is not the last that was heard");
        assert_eq!(missed(Some(7)), None);
        assert_eq!(missed(Some(99)), Some(Vec::new()), "from before a backup was restored");
        assert_eq!(missed(None), Some(Vec::new()));
    }
}
