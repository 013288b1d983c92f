//! How many queries a page takes, and how long the timeline's take among few posts and among many. In this process, on the
//! router and the store themselves.

use crate::{
    Told, open,
    table::{Table, whole},
    told,
};
use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use domain::{
    ids::PostId,
    outcome::Unavailable,
    timeline::{PAGE, Post, TimelineQuery, TimelineStore},
    viewer::Viewer,
};
use server::{
    compose,
    config::{Config, Origin},
    demo,
    front::Front,
    passwords::ArgonPasswords,
    router,
};
use std::{
    path::Path,
    time::{Duration, Instant},
};
use store::Store;
use tower::ServiceExt;

/// How often each query is timed.
const TIMES: usize = 2000;

/// A post can be seen by members only if its id is in here; the lower end is before all, the upper after all.
const IDS: (i64, i64) = (0, i64::MAX);

pub fn unavailable(cause: Unavailable) -> String {
    format!("The database does not answer: {}", cause.0)
}

/// The member of the demo, in a place of this process.
pub async fn member(store: &Store, folder: &Path) -> Told<(Front, Viewer, String)> {
    let passwords = ArgonPasswords::new().map_err(unavailable)?;
    let origin: Origin = "http://127.0.0.1:3000".parse().map_err(told("No origin"))?;
    let front = compose::front(store.clone(), Config::for_testing(folder), origin, passwords).await.map_err(unavailable)?;
    let name = std::fs::read_to_string(folder.join("member")).map_err(told("The member's name can't be read"))?;
    let signed_in = front.services.sign_in.sign_in(name.trim(), demo::PASSWORD, "127.0.0.1").await;
    let signed_in = signed_in.map_err(|refused| format!("Signing in failed: {refused:?}"))?;
    let me = front.services.sign_in.me(signed_in).await.map_err(unavailable)?.ok_or("The member is not there.")?;
    let cookie = front.sign_ins.begin(signed_in).await.map_err(unavailable)?;
    Ok((front, Viewer::Member(me), cookie))
}

/// Queries per page, with the sign-in and the community remembered or not.
pub async fn queries(folder: &Path) -> Told<Table> {
    let store = open(folder).await?;
    let (front, viewer, cookie) = member(&store, folder).await?;
    let page = posts(&store, &viewer, None, PAGE).await?;
    let thread = page.iter().max_by_key(|post| post.replies).ok_or("The timeline is empty.")?;
    let second = at_rank(&store, &viewer, 1).await?;
    let pages = [
        ("front door".to_owned(), "/".to_owned(), false),
        (format!("timeline of {} posts", page.len()), "/".to_owned(), true),
        ("timeline of 1 post".to_owned(), format!("/?before={second}"), true),
        (format!("thread with {} replies", thread.replies), format!("/posts/{}", thread.id), true),
        ("gatherings".to_owned(), "/gatherings".to_owned(), true),
        ("people".to_owned(), "/people".to_owned(), true),
        ("notifications".to_owned(), "/notifications".to_owned(), true),
    ];
    let mut table = Table::new("Database queries per page", &["", "queries", "the first after some seconds", "target"]);
    for (what, address, signed_in) in pages {
        // A place that was just opened remembers as little as one that nobody asked for some seconds.
        let fresh = compose::front(store.clone(), front.config.clone(), front.origin.clone(), ArgonPasswords::new().map_err(unavailable)?);
        let app = router::router(fresh.await.map_err(unavailable)?);
        let cookie = signed_in.then_some(cookie.as_str());
        // What is written down once a visit is no part of it.
        ask(&router::router(front.clone()), &address, cookie).await?;
        let mut counted = Vec::new();
        for _ in 0..3 {
            let before = store.queries();
            ask(&app, &address, cookie).await?;
            counted.push(store.queries() - before);
        }
        let fewest = counted.iter().min().copied().unwrap_or(0);
        table.row(&what, [whole(fewest), whole(counted[0]), "≤ 4".to_owned()]);
    }
    table.note("The community is held until it changes, a sign-in for two seconds, and a member for one unless something was written.");
    store.close().await;
    Ok(table)
}

pub async fn ask(app: &Router, address: &str, cookie: Option<&str>) -> Told<()> {
    let mut request = Request::get(address);
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let request = request.body(Body::empty()).map_err(told("No request"))?;
    let Ok(response) = app.clone().oneshot(request).await;
    let status = response.status().as_u16();
    // A page is only made while it is read.
    axum::body::to_bytes(response.into_body(), usize::MAX).await.map_err(told("A page broke off"))?;
    if status == 200 { Ok(()) } else { Err(format!("{address} was answered with {status} and not with 200.")) }
}

/// The time of the timeline's queries among few posts and among many.
pub async fn growth(few: &Path, many: &Path) -> Told<Table> {
    let stores = [open(few).await?, open(many).await?];
    let viewers = [member(&stores[0], few).await?.1, member(&stores[1], many).await?.1];
    let mut table = Table::new(
        "Time of the timeline's queries (20 posts and all that hangs on them), µs, medians",
        &["", &posts_in(&stores[0]).await?, &posts_in(&stores[1]).await?, "growth", "target"],
    );
    for (what, deep) in [("the newest posts", false), ("from the middle on", true)] {
        let mut befores = [None, None];
        if deep {
            for ((store, viewer), before) in stores.iter().zip(&viewers).zip(&mut befores) {
                *before = Some(PostId(middle_id(store, viewer).await?));
            }
        }
        // In turns, so that both have the same luck with whoever else uses the machine.
        let mut times = [Vec::new(), Vec::new()];
        for round in 0..TIMES + TIMES / 10 {
            for at in 0..2 {
                let begun = Instant::now();
                let found = posts(&stores[at], &viewers[at], befores[at], PAGE + 1).await?.len();
                let took = begun.elapsed();
                if found <= PAGE {
                    return Err(format!("The timeline has {found} posts where {} were expected.", PAGE + 1));
                }
                if round >= TIMES / 10 {
                    times[at].push(took);
                }
            }
        }
        let [few, many] = times.map(median);
        let micros = |time: Duration| format!("{:.0}", time.as_secs_f64() * 1e6);
        table.row(what, [micros(few), micros(many), format!("{:.2}", many.as_secs_f64() / few.as_secs_f64()), "< 1.20".to_owned()]);
    }
    for store in stores {
        store.close().await;
    }
    Ok(table)
}

async fn posts(store: &Store, viewer: &Viewer, before: Option<PostId>, most: usize) -> Told<Vec<Post>> {
    store.timeline(viewer, &TimelineQuery { before, ..TimelineQuery::default() }, most).await.map_err(unavailable)
}

async fn posts_in(store: &Store) -> Told<String> {
    let counts = store.counts().await.map_err(unavailable)?;
    let posts = counts.into_iter().find(|(table, _)| table == "posts").map_or(0, |(_, rows)| rows);
    Ok(format!("{} posts", whole(posts.unsigned_abs())))
}

/// An id before which the timeline has so many posts. They are few.
async fn at_rank(store: &Store, viewer: &Viewer, rank: usize) -> Told<PostId> {
    let (mut low, mut high) = IDS;
    while low < high {
        let middle = low + (high - low) / 2;
        match posts(store, viewer, Some(PostId(middle)), rank + 1).await?.len() {
            found if found == rank => return Ok(PostId(middle)),
            found if found > rank => high = middle,
            _ => low = middle + 1,
        }
    }
    Err(format!("The timeline has no {rank} posts."))
}

/// An id half-way between the oldest post and the newest. Ids grow with time.
async fn middle_id(store: &Store, viewer: &Viewer) -> Told<i64> {
    let oldest = at_rank(store, viewer, 1).await?;
    let newest = posts(store, viewer, None, 1).await?.first().map_or(oldest, |post| post.id);
    Ok(oldest.0 + (newest.0 - oldest.0) / 2)
}

pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
