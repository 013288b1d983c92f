//! From a folder to a listening port, and back: opening the place, the accept loop, and an orderly end.
//!
//! The loop is our own, since `axum::serve` sets no limits on connections: here a head must arrive in time, small writes leave at
//! once (`TCP_NODELAY`: streamed pages were ten times slower without), connections are counted, and all of them end within thirty
//! seconds of a signal.

use crate::{
    address::Peer,
    compose,
    config::{Config, DataFolder, Database, Listen, Origin},
    front::Front,
    passwords::ArgonPasswords,
    ready, router,
};
use axum::{Router, extract::Request};
use domain::outcome::Unavailable;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    fs::{self, File, TryLockError},
    io::{self, ErrorKind, Write},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};
use store::{OpenError, Store};
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
    sync::{Semaphore, watch},
    task::JoinSet,
};
use tower::ServiceExt;

/// How long the head of a request may take to arrive; it is a packet or two.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// How long what is under way may take to end after a signal.
const DRAIN: Duration = Duration::from_secs(30);
/// Most connections: all live streams, a request beside each, and room for those who only knock.
const MOST_CONNECTIONS: usize = 5_000;

/// Why the command ended: a sentence for whoever typed it, and the exit code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Failure {
    /// What is wrong, and what to do.
    pub sentence: String,
    /// 1: it could not be done. 2: it was asked for wrongly.
    pub code: u8,
}

impl Failure {
    /// It could not be done.
    pub fn because(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), code: 1 }
    }
    /// It was asked for wrongly.
    pub fn asked_wrongly(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), code: 2 }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::because(error.to_string())
    }
}

impl From<Unavailable> for Failure {
    fn from(cause: Unavailable) -> Self {
        Self::because(format!("That could not be done: {}.", cause.0))
    }
}

/// The data folder, in use by nobody else while this is held.
pub struct InUse {
    _lock: File,
}

/// Makes the data folder if it is missing, and makes sure that it can be written.
pub fn prepare_folder(folder: &DataFolder) -> Result<(), Failure> {
    let path = folder.path().display();
    let failed = |error: io::Error| {
        Failure::because(match error.kind() {
            ErrorKind::PermissionDenied => {
                format!("The data folder {path} can't be written by this user. Change its owner, or choose another folder with --data.")
            }
            ErrorKind::ReadOnlyFilesystem => {
                format!("The data folder {path} is on a disk that can only be read. Choose another folder with --data.")
            }
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                format!("There is no room left on the disk of the data folder {path}. Make some, and start again; nothing was changed.")
            }
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
                format!("The data folder {path} can't be made, because there is a file of that name. Choose another folder with --data.")
            }
            _ => format!("The data folder {path} can't be used: {error}."),
        })
    };
    if !folder.path().exists() {
        fs::create_dir_all(folder.path()).map_err(failed)?;
        private(folder).map_err(failed)?;
    }
    if !folder.path().is_dir() {
        return Err(failed(ErrorKind::NotADirectory.into()));
    }
    ready::try_writing(folder).map_err(failed)
}

/// What members wrote is nobody's business who has another account on the machine.
fn private(folder: &DataFolder) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700))
}

/// Takes the folder into use, if nobody else has it: two servers on one SQLite file would not hear of one another.
pub fn take_into_use(folder: &DataFolder) -> Result<InUse, Failure> {
    let path = folder.path().display();
    let failed = |error: io::Error| Failure::because(format!("The data folder {path} can't be taken into use: {error}."));
    let mut lock = File::options().create(true).truncate(false).write(true).open(folder.lock()).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(Failure::because(format!(
                "Another Porchlight is using the data folder {path}. Stop that one first, or choose another folder with --data."
            )));
        }
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    // For a person who looks; nobody reads it. The lock itself ends with the process, however that ends.
    lock.set_len(0).and_then(|()| writeln!(lock, "{}", std::process::id())).map_err(failed)?;
    Ok(InUse { _lock: lock })
}

/// Serves until a signal says that it is enough.
pub async fn serve(config: Config, listen: Listen, origin: Option<Origin>) -> Result<(), Failure> {
    prepare_folder(&config.data)?;
    let _in_use = match config.database {
        Database::Sqlite => Some(take_into_use(&config.data)?),
        Database::Postgres(_) => None,
    };
    let listener = TcpListener::bind(listen.0).await.map_err(|error| not_listening(listen.0, &error))?;
    let address = listener.local_addr().map_err(|error| not_listening(listen.0, &error))?;
    let origin = origin.unwrap_or_else(|| Origin::of_listener(address));

    let store = Store::open(&config.location()).await?;
    remember_origin(&config.data, &origin)?;
    let front = compose::front(store, config, origin, ArgonPasswords::new()?).await?;
    compose::begin(&front);
    // From here on a signal ends us in order; before, nothing is under way that it could cut off, and it ends us at once.
    let mut signals = Signals::listen()?;
    announce(&front, address).await?;
    accept(listener, front.clone(), MOST_CONNECTIONS, async || signals.any().await).await;
    front.store.clone().close().await;
    Ok(())
}

/// Keeps the public address for the links that the command line prints.
pub fn remember_origin(folder: &DataFolder, origin: &Origin) -> Result<(), Failure> {
    let file = folder.origin();
    fs::write(&file, origin.as_str()).map_err(|error| Failure::because(format!("{} can't be written: {error}.", file.display())))
}

fn not_listening(address: SocketAddr, error: &io::Error) -> Failure {
    let port = address.port();
    Failure::because(match error.kind() {
        ErrorKind::AddrInUse => {
            format!(
                "The port {port} is taken: another program listens there. Stop it, or choose another port with --listen {}:PORT.",
                address.ip()
            )
        }
        ErrorKind::PermissionDenied => format!(
            "This user may not listen on port {port}: ports below 1024 are for the system. Choose one above, such as --listen {}:3000, and put a proxy in front.",
            address.ip()
        ),
        ErrorKind::AddrNotAvailable => {
            format!("This machine has no address {}. Choose one that it has, such as --listen 127.0.0.1:{port}.", address.ip())
        }
        _ => format!("It is not possible to listen on {address}: {error}."),
    })
}

/// Says where the place is, and how to found it as long as nobody has.
async fn announce(front: &Front, address: SocketAddr) -> Result<(), Failure> {
    let origin = &front.origin;
    let mut lines = vec![format!("Porchlight is on, at {origin}")];
    if Origin::of_listener(address) != *origin {
        lines.push(format!("(listening on {address})"));
    }
    if let Some(key) = front.services.setup.key(&front.services.codes.new_code()).await? {
        lines.push(format!("\nFound your community here (the link works once):\n\n    {origin}/setup?key={key}\n"));
    }
    // Whoever started us may have closed the other end, which is no reason not to serve.
    _ = writeln!(io::stdout(), "{}", lines.join("\n"));
    _ = io::stdout().flush();
    Ok(())
}

struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    fn listen() -> Result<Self, Failure> {
        let on = |kind| signal(kind).map_err(|error| Failure::because(format!("Signals can't be received: {error}.")));
        Ok(Self { terminate: on(SignalKind::terminate())?, interrupt: on(SignalKind::interrupt())? })
    }

    async fn any(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Accepts up to `most` connections at a time until it is `enough`, then lets what is under way end. The second time ends at once.
async fn accept(listener: TcpListener, front: Front, most: usize, mut enough: impl AsyncFnMut()) {
    let app = router::router(front.clone());
    let room = Arc::new(Semaphore::new(most));
    let mut connections = JoinSet::new();
    loop {
        let next = async {
            // At the limit nobody more is let in; who waits is held by the system.
            let place = room.clone().acquire_owned().await.map_err(io::Error::other)?;
            listener.accept().await.map(|(stream, peer)| (place, stream, peer))
        };
        tokio::select! {
            accepted = next => match accepted {
                Ok((place, stream, peer)) => {
                    let (app, closing) = (app.clone(), front.closing.subscribe());
                    connections.spawn(async move {
                        answer(stream, peer, app, closing).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    // Out of file handles, for the most part: it passes when others go.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
            () = enough() => break,
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    front.closing.send_replace(true);
    let drained = async { while connections.join_next().await.is_some() {} };
    tokio::select! {
        () = drained => {}
        () = tokio::time::sleep(DRAIN) => tracing::warn!("some answers did not end in time and were broken off"),
        () = enough() => {}
    }
}

async fn answer(stream: TcpStream, peer: SocketAddr, app: Router, mut closing: watch::Receiver<bool>) {
    // Without it a small write waits up to 40 ms for the other side's acknowledgement of the one before.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer.ip()));
        app.clone().oneshot(request.map(axum::body::Body::new))
    });
    let connection =
        http1::Builder::new().timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE).serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let closed = async {
        // Nobody left to say it comes to the same.
        _ = closing.wait_for(|closing| *closing).await;
    };
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = closed => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    // Somebody who hangs up is no fault of ours.
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::{io::AsyncReadExt, sync::Notify};

    #[tokio::test]
    async fn it_ends_also_when_no_more_connections_are_let_in() {
        let folder = tempfile::tempdir().expect("a folder");
        let front = Front::for_testing(folder.path()).await;
        let listener = TcpListener::bind(Listen::for_testing().0).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let enough = Arc::new(Notify::new());
        let waiting = enough.clone();
        let serving = tokio::spawn(accept(listener, front, 1, async move || waiting.notified().await));
        let mut only = TcpStream::connect(address).await.expect("connected");
        let _waits = TcpStream::connect(address).await.expect("held by the system");
        tokio::io::AsyncWriteExt::write_all(&mut only, b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("sent");
        assert!(only.read(&mut [0; 12]).await.expect("an answer") > 0, "the only place is taken");
        enough.notify_one();
        tokio::time::timeout(Duration::from_secs(5), serving).await.expect("in time").expect("in order");
    }
}
