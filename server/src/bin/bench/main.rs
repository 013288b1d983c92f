//! `make bench`: figures of speed and size, beside the targets and what they are compared with. It prints; it doesn't judge.
//!
//! Reading order: here what is measured and in which order, then one module a kind of figure: [`bytes`] (what a browser fetches),
//! [`load`] (pages per second and their times), [`room`] (two hundred people in one), [`rows`] (queries and their time), [`calendars`] (sessions, the
//! agenda and the feeds), [`hosting`] (the host's desk). [`web`] asks, [`served`] is the server that is
//! measured, [`table`] prints. It is a binary and not an example, because the examples of a crate are built with the
//! dependencies of its tests, which would build nearly everything a second time.

mod bytes;
mod calendars;
mod desk;
mod hosting;
mod load;
mod room;
mod rows;
mod served;
mod table;
mod web;

use served::Served;
use std::{fmt::Display, path::Path, process::ExitCode, time::Duration};
use store::{Location, Store};
use table::{Table, whole};

// As the server has it: the bare handler is answered from here.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many posts the large database has.
const MANY: i64 = 1_000_000;
/// How long the server is left alone before its memory is looked at.
const REST: Duration = Duration::from_secs(2);

/// What was measured, or why it could not be.
type Told<T> = Result<T, String>;

/// An error as a sentence of what failed.
fn told<E: Display>(what: &str) -> impl FnOnce(E) -> String {
    move |error| format!("{what}: {error}")
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(told("no threads")).and_then(|runtime| {
        runtime.block_on(async {
            match arguments.as_slice() {
                ["multiply", folder] => multiply(Path::new(folder)).await,
                ["measure", porchlight, few, many, member] => measure(Path::new(porchlight), Path::new(few), Path::new(many), member).await,
                _ => Err("This is a part of scripts/bench, which knows what to ask for.".to_owned()),
            }
        })
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("The benchmark stopped. {reason}");
            ExitCode::FAILURE
        }
    }
}

async fn open(folder: &Path) -> Told<Store> {
    Store::open(&Location::Sqlite(folder.join("porchlight.db"))).await.map_err(told("A database can't be opened"))
}

async fn multiply(folder: &Path) -> Told<()> {
    let store = open(folder).await?;
    store.multiply_posts(MANY).await.map_err(|cause| format!("The posts can't be multiplied: {}", cause.0))?;
    store.close().await;
    Ok(())
}

async fn measure(porchlight: &Path, few: &Path, many: &Path, member: &str) -> Told<()> {
    let party = room::plan(few).await?;
    let served = Served::start(porchlight, few).await?;
    let started = served.memory()?;
    let cookie = web::sign_in(served.address, member, server::demo::PASSWORD).await?;
    bytes::measure(served.address, &cookie).await?.print();
    tokio::time::sleep(REST).await;
    let at_rest = served.memory()?;

    eprintln!("Asking for pages as fast as they come; about a minute and a half …");
    load::measure(served.address, &cookie).await?;
    tokio::time::sleep(REST).await;
    let after = served.memory()?;
    let mut memory = Table::new("Resident memory of the server, MB", &["", "now", "allocated", "target"]);
    memory.row("just started", [started.now.as_str(), &started.allocated, "< 40"]);
    memory.row("at rest, after a sign-in and a few pages", [at_rest.now.as_str(), &at_rest.allocated, "< 40"]);
    memory.row("at rest after the load", [after.now.as_str(), &after.allocated, "< 80"]);
    memory.row("at its most", [after.most.as_str(), "", "< 80"]);
    memory.note("What is not allocated is the program itself, as far as it was used; the system can drop it and read it again.");
    memory.print();
    room::measure(&served, &party).await?.print();
    drop(served);

    rows::queries(few).await?.print();
    eprintln!("Reading the timeline of {} posts …", whole(MANY as u64));
    rows::growth(few, many).await?.print();
    calendars::expanding()?.print();
    calendars::hostile()?.print();
    calendars::hostile_files()?.print();
    calendars::agenda(few).await?.print();
    hosting::proposals(few).await?.print();
    for table in desk::measure(few).await? {
        table.print();
    }
    Ok(())
}
