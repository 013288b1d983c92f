//! What is done beside the requests: tidying every now and then, reminding and opening rooms every minute, sending sparks when their time has
//! come, and delivering letters as they are written. Other servers come with their own issue.

use crate::{front::Front, mail};
use domain::{
    live::Outbox,
    mail::Delivered,
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
    let mut failing = [false; 5];
    loop {
        tokio::select! {
            () = tokio::time::sleep(REMIND_EVERY.mul_f64(rand::rng().random_range(0.8..1.2))) => {}
            _ = closing.wait_for(|closing| *closing) => return,
        }
        note("reminding of gatherings", front.services.gatherings.remind().await, &mut failing[0]);
        note("opening rooms", front.services.rooms.open().await, &mut failing[1]);
        note("opening the place for a party", front.services.rosters.open().await, &mut failing[2]);
        note("bringing old words along", front.services.archives.keep_up().await, &mut failing[3]);
        note("telling whose week has begun", front.services.hands.begin_week().await, &mut failing[4]);
    }
}

/// How often it is looked for letters that another process wrote down, or that are to be tried again.
const DELIVER_EVERY: Duration = Duration::from_secs(20);

/// Delivers letters until the server closes: at once when one is written down here, else within a minute. Of two processes that do it at
/// once, one delivers each.
pub async fn deliver(front: Front) {
    let (mut closing, mut committed) = (front.closing.subscribe(), front.store.committed());
    let mut failing = false;
    loop {
        // What was written before is seen now; what is written from here on wakes us.
        committed.mark_unchanged();
        while !*closing.borrow() {
            let jitter = rand::rng().random_range(0.5..1.5);
            let delivered = match front.services.mail.deliver(jitter).await {
                Ok(Delivered::Nothing) => front.services.rosters.deliver(jitter).await,
                delivered => delivered,
            };
            match delivered {
                Ok(Delivered::Nothing) => {
                    failing = false;
                    break;
                }
                Ok(Delivered::Sent | Delivered::Dropped) => {}
                Ok(Delivered::Later(letter, Unavailable(cause))) => {
                    tracing::warn!(%letter, %cause, "a letter was not sent; it is tried again")
                }
                Ok(Delivered::GivenUp(letter, cause)) => tracing::error!(%letter, cause, "a letter could not be sent and was given up"),
                Err(cause) => {
                    note("delivering letters", Err(cause), &mut failing);
                    break;
                }
            }
        }
        tokio::select! {
            () = tokio::time::sleep(DELIVER_EVERY.mul_f64(rand::rng().random_range(0.8..1.2))) => {}
            changed = committed.changed() => if changed.is_err() { return },
            _ = closing.wait_for(|closing| *closing) => return,
        }
    }
}

/// How often it is looked for sparks whose time has come, at the least.
const SPARK_EVERY: Duration = Duration::from_secs(60);
/// How long after its time a spark is looked for at most, so that several processes do not all look in the same moment.
const SPARK_JITTER: Duration = Duration::from_secs(2);

/// Sends sparks whose time has come until the server closes: those that it missed while it was down first, then each within seconds of its time.
/// Two processes that do it at once send each once.
pub async fn spark(front: Front) {
    let mut closing = front.closing.subscribe();
    let mut failing = false;
    loop {
        let sent = front.services.sparks.send_due().await;
        let now = SystemClock.now();
        let next = sent.as_ref().ok().and_then(|next| *next).map(|at| Duration::from_millis((at.0 - now.0).max(0) as u64));
        note("sending sparks", sent.map(drop), &mut failing);
        let jitter = SPARK_JITTER.mul_f64(rand::rng().random_range(0.0..1.0));
        let pause = next.map_or(SPARK_EVERY, |next| next.min(SPARK_EVERY)) + jitter;
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = closing.wait_for(|closing| *closing) => return,
        }
    }
}

/// Tidies until the server closes.
pub async fn work(front: Front) {
    let mut closing = front.closing.subscribe();
    let mut failing = [false; 11];
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
            ("forgetting calendar files that nobody took in", front.services.imports.forget().await),
            ("forgetting rosters that nobody took in", front.services.rosters.tidy().await),
            ("forgetting old words that nobody said yes to", front.services.archives.tidy().await),
            ("counting the pulse", front.services.pulse.count().await),
            ("answering for those who come each time", front.services.gatherings.keep_up().await),
            ("asking whether gatherings are still on", front.services.rooms.ask_if_on().await),
            ("forgetting old letters", front.services.mail.tidy().await),
            ("forgetting old files of letters", mail::sweep(front.config.data.mail()).await),
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
