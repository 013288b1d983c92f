//! What the host's desk costs in a community of 500 people with 100,000 posts, and what it costs the others while it works.

use crate::{
    Told, open,
    rows::{self, unavailable},
    table::{Table, whole},
    told,
};
use domain::{
    hosting::round::Since,
    rosters::{
        checking::{Grounds, check},
        reading::read,
    },
    time::{Clock, SystemClock},
    timeline::{PAGE, TimelineQuery, TimelineStore},
    viewer::{Host, Viewer},
};
use server::{front::Front, router};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use store::Store;

/// How many people there are, and how many posts.
const PEOPLE: i64 = 500;
const POSTS: i64 = 100_000;
/// How often each page is asked for.
const TIMES: usize = 15;

/// Makes a community of that size of the demo's, and asks for what a host looks at.
pub async fn measure(folder: &Path) -> Told<[Table; 2]> {
    let store = open(folder).await?;
    store.multiply_members(PEOPLE, SystemClock.now()).await.map_err(unavailable)?;
    store.multiply_posts(POSTS).await.map_err(unavailable)?;
    let (front, host, cookie) = host(&store, folder).await?;
    front.services.pulse.count().await.map_err(unavailable)?;
    let first = front.services.hosting.rounds.begin(&host, Since::Day).await.map_err(|refused| format!("No round begins: {refused:?}"))?;
    let first = first.ok_or("Nobody was here within a day.")?;
    let app = router::router(front.clone());
    let card = format!("/hosting/round/{first}");
    let mut table = Table::new(
        &format!("The host's desk, {} people and {} posts; medians", whole(PEOPLE as u64), whole(POSTS as u64)),
        &["", "queries", "ms in the store", "ms in all", "target, in the store"],
    );
    let pages = [
        "/hosting",
        "/hosting/round",
        &card,
        "/hosting/newcomers",
        "/hosting/introductions",
        "/hosting/sparks",
        "/hosting/pulse",
        "/hosting/hands",
        "/hosting/letter",
        "/pulse",
    ];
    for page in pages {
        rows::ask(&app, page, Some(&cookie)).await?;
        let (mut queries, mut in_store, mut in_all) = (0, Vec::new(), Vec::new());
        for _ in 0..TIMES {
            let (before, waited, begun) = (store.queries(), store.waited(), Instant::now());
            rows::ask(&app, page, Some(&cookie)).await?;
            in_all.push(begun.elapsed());
            in_store.push(store.waited() - waited);
            queries = store.queries() - before;
        }
        let what = if page == card { "a card of the round" } else { page };
        table.row(what, [whole(queries), millis(&mut in_store), millis(&mut in_all), "< 20".to_owned()]);
    }
    table.note("A round's deck has everybody on it who wrote within the day: all of them.");
    let beside = beside(&store, &front, &host).await?;
    drop((app, front));
    store.close().await;
    Ok([table, beside])
}

/// The demo's host, in a place of this process.
async fn host(store: &Store, folder: &Path) -> Told<(Front, Host, String)> {
    let (front, ..) = rows::member(store, folder).await?;
    let signed_in = front.services.sign_in.sign_in("ines", server::demo::PASSWORD, "127.0.0.1").await;
    let signed_in = signed_in.map_err(|refused| format!("Signing in failed: {refused:?}"))?;
    let me = front.services.sign_in.me(signed_in).await.map_err(unavailable)?.ok_or("The host is not there.")?;
    let cookie = front.sign_ins.begin(signed_in).await.map_err(unavailable)?;
    let host = Viewer::Member(me).host().ok_or("The host is none.")?;
    Ok((front, host, cookie))
}

/// What a host's work costs those who read meanwhile; and a roster of 1,000 lines.
async fn beside(store: &Store, front: &Front, host: &Host) -> Told<Table> {
    let mut table = Table::new("Beside the desk; ms, medians", &["", "ms", "target"]);
    let viewer = Viewer::Member(host.me().clone());
    let mut alone = timeline(store, &viewer).await?;
    let working = Arc::new(AtomicBool::new(true));
    let (services, by, goes_on) = (front.services.clone(), host.clone(), working.clone());
    let work = tokio::spawn(async move {
        let mut times = Vec::new();
        while goes_on.load(Ordering::Relaxed) || times.is_empty() {
            let begun = Instant::now();
            if services.introductions.proposals(&by).await.is_err() {
                break;
            }
            times.push(begun.elapsed());
        }
        times
    });
    let mut meanwhile = timeline(store, &viewer).await?;
    working.store(false, Ordering::Relaxed);
    let mut proposing = work.await.map_err(told("Proposing broke off"))?;
    table.row("proposing introductions, with its queries", [millis(&mut proposing), "< 200".to_owned()]);
    table.row("the timeline's query, alone", [millis(&mut alone), String::new()]);
    table.row("the timeline's query, while introductions are proposed", [millis(&mut meanwhile), "as alone".to_owned()]);
    let line = |at: usize| format!("\"Zoë Ångström\",zoe{at}@example.org,\"mends \"\"things\"\"\",soup;birds\r\n");
    let text = format!("name,mail,line,interests\r\n{}", (0..1000).map(line).collect::<String>());
    let grounds = front.services.rosters.grounds(host).await.map_err(unavailable)?;
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let begun = Instant::now();
        let (text, _) = server::rosters::text_of(text.as_bytes()).map_err(|refused| refused.to_string())?;
        let look = check(read(&text).map_err(|refused| refused.to_string())?, &Grounds { ..grounds.clone() });
        times.push(begun.elapsed());
        if look.guests().count() != 1000 {
            return Err("A line of the roster was left out.".to_owned());
        }
    }
    table.row("a roster of 1,000 lines, read and checked", [millis(&mut times), "< 1,000".to_owned()]);
    Ok(table)
}

async fn timeline(store: &Store, viewer: &Viewer) -> Told<Vec<Duration>> {
    let mut times = Vec::new();
    for _ in 0..400 {
        let begun = Instant::now();
        store.timeline(viewer, &TimelineQuery::default(), PAGE + 1).await.map_err(unavailable)?;
        times.push(begun.elapsed());
    }
    Ok(times)
}

fn millis(times: &mut [Duration]) -> String {
    times.sort();
    times.get(times.len() / 2).map_or_else(String::new, |middle| format!("{:.1}", middle.as_secs_f64() * 1e3))
}
