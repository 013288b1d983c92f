//! `/livez` and `/readyz`: whether the process is up, and whether the place can answer. For whoever watches over the machine.

use crate::{config::DataFolder, front::Front};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::{
    fs,
    io::Write,
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

/// How long the database may take to answer before it counts as not answering.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a look is good for: whoever asks more often costs no write to the disk each time.
const HELD: Duration = Duration::from_secs(1);

/// What the last look found. One looks at a time.
#[derive(Default)]
pub struct Readiness(Mutex<Option<(Instant, Result<(), &'static str>)>>);

/// The process is up; that it answers is the proof.
pub async fn live() -> &'static str {
    "alive\n"
}

/// The database answers and the data folder can be written.
pub async fn ready(State(front): State<Front>) -> Response {
    let now = if *front.closing.borrow() { Err("the server is closing") } else { looked(&front).await };
    match now {
        Ok(()) => "ready\n".into_response(),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response(),
    }
}

async fn looked(front: &Front) -> Result<(), &'static str> {
    let mut last = front.readiness.0.lock().await;
    match *last {
        Some((at, found)) if at.elapsed() < HELD => found,
        _ => {
            let found = can_answer(front).await;
            *last = Some((Instant::now(), found));
            found
        }
    }
}

async fn can_answer(front: &Front) -> Result<(), &'static str> {
    match tokio::time::timeout(PATIENCE, front.store.ready()).await {
        Ok(Ok(())) => {}
        Ok(Err(cause)) => {
            tracing::warn!(cause = %cause.0, "not ready: the database does not answer");
            return Err("the database does not answer");
        }
        Err(_) => return Err("the database does not answer in time"),
    }
    let folder = front.config.data.clone();
    match tokio::task::spawn_blocking(move || try_writing(&folder)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the data folder can't be written");
            Err("the data folder can't be written")
        }
        Err(_) => Err("the data folder could not be tried"),
    }
}

/// Writes a small file and takes it away again. A folder may look writable and its disk be full.
pub fn try_writing(folder: &DataFolder) -> std::io::Result<()> {
    let trial = folder.path().join(format!(".trial-{}", std::process::id()));
    let written = fs::File::create(&trial).and_then(|mut file| file.write_all(&[b'.'; 4096]).and_then(|()| file.sync_all()));
    let removed = fs::remove_file(&trial);
    written.and(removed)
}
