//! What is done beside the requests: tidying every now and then, and reminding and opening rooms every minute. Mail and other servers come with their own
//! issues.

use crate::front::Front;
use domain::{
    live::Outbox,
    outcome::Unavailable,
    time::{Clock, SystemClock},
};
use rand::RngExt;
use std::time::Duration;

/// How often the place is tidied.
const EVERY: Duration = Duration::from_secs(15 * 60);
/// How many outbox entries are kept for streams that come back: days of a lively community, some 500 kB.
const KEEP_ENTRIES: i64 = 5_000;

/// How often it is looked for whom to remind.
const REMIND_EVERY: Duration = Duration::from_secs(60);

/// Reminds and opens rooms until the server closes. Two processes that do it at once remind once.
pub async fn remind(front: Front) {
    let mut closing = front.closing.subscribe();
    let mut failing = [false; 2];
    loop {
        tokio::select! {
            () = tokio::time::sleep(REMIND_EVERY.mul_f64(rand::rng().random_range(0.8..1.2))) => {}
            _ = closing.wait_for(|closing| *closing) => return,
        }
        note("reminding of gatherings", front.services.gatherings.remind().await, &mut failing[0]);
        note("opening rooms", front.services.rooms.open().await, &mut failing[1]);
    }
}

/// Tidies until the server closes.
pub async fn work(front: Front) {
    let mut closing = front.closing.subscribe();
    let mut failing = [false; 5];
    loop {
        // At no fixed moment, so that several processes, or several places on one machine, do not all work in the same second.
        let pause = EVERY.mul_f64(rand::rng().random_range(0.8..1.2));
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = closing.wait_for(|closing| *closing) => return,
        }
        let done = [
            ("forgetting old outbox entries", front.store.prune(KEEP_ENTRIES).await),
            ("forgetting old sign-ins", front.store.forget_expired(SystemClock.now()).await.map(drop)),
            ("forgetting pictures that nothing uses", front.pictures.sweep().await.map(drop)),
            ("answering for those who come each time", front.services.gatherings.keep_up().await),
            ("asking whether gatherings are still on", front.services.rooms.ask_if_on().await),
        ];
        for ((job, result), failing) in done.into_iter().zip(&mut failing) {
            note(job, result, failing);
        }
    }
}

/// Says that a job fails when it begins to, and not each time.
fn note(job: &str, result: Result<(), Unavailable>, failing: &mut bool) {
    match result {
        Ok(()) => *failing = false,
        Err(cause) if !*failing => {
            *failing = true;
            tracing::error!(job, cause = %cause.0, "a job failed; it is tried again from time to time");
        }
        Err(_) => {}
    }
}
