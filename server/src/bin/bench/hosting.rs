//! What the host's desk costs.

use crate::{
    Told,
    rows::{self, unavailable},
    table::Table,
    told,
};
use domain::{
    ids::MemberId,
    introductions::{
        Evidence,
        proposals::{Known, propose},
    },
    people::{Byline, Handle},
    time::{Clock, SystemClock, Timestamp},
};
use std::{collections::BTreeMap, path::Path, time::Instant};

/// How many people there are.
const PEOPLE: i64 = 500;
/// How often each thing is done.
const TIMES: usize = 9;

/// How long it takes to propose introductions: to compare all with all, and with what the store says of a community.
pub async fn proposals(folder: &Path) -> Told<Table> {
    let mut table = Table::new("Proposing introductions; ms, medians", &["", "ms", "target"]);
    let (known, now) = (everybody()?, SystemClock.now());
    let middle = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        format!("{:.1}", times[times.len() / 2])
    };
    let mut times = Vec::new();
    let mut found = 0;
    for _ in 0..TIMES {
        let begun = Instant::now();
        found = propose(&known, now).len();
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    table.row(&format!("all of {PEOPLE} people compared with all"), [middle(times).as_str(), "< 200"]);
    let store = crate::open(folder).await?;
    let (front, ..) = rows::member(&store, folder).await?;
    let signed_in = front.services.sign_in.sign_in("ines", server::demo::PASSWORD, "127.0.0.1").await;
    let signed_in = signed_in.map_err(|refused| format!("Signing in failed: {refused:?}"))?;
    let me = front.services.sign_in.me(signed_in).await.map_err(unavailable)?.ok_or("The host is not there.")?;
    let host = domain::viewer::Viewer::Member(me).host().ok_or("The host is none.")?;
    let (mut times, queries) = (Vec::new(), store.queries());
    for _ in 0..TIMES {
        let begun = Instant::now();
        front.services.introductions.proposals(&host).await.map_err(unavailable)?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    let queries = (store.queries() - queries) / TIMES as u64;
    table.row(&format!("50 people with 10,000 posts, with its queries ({queries})"), [middle(times).as_str(), "< 200"]);
    table.note(format!("Of {PEOPLE} people who wrote ten posts in a month, {found} pairs have something that speaks for them."));
    drop(front);
    store.close().await;
    Ok(table)
}

/// People who say and care about this and that: always the same.
fn everybody() -> Told<Evidence> {
    let mut seed = 7_u64;
    let mut dice = move |sides: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % sides
    };
    let mut people = Vec::new();
    for id in 1..=PEOPLE {
        let name = format!("person{id}");
        let who = Byline { id: MemberId(id), name: Handle::parse(&name).map_err(told("No name"))?, display_name: name, picture: None };
        let mut post =
            || (0..25).map(|_| format!("word{}", letters(dice(6000)))).collect::<Vec<_>>().join(" ") + if dice(3) == 0 { "?" } else { "." };
        let said = (0..10).map(|_| post()).collect();
        people.push(Known {
            who,
            host: false,
            joined_at: Timestamp(id),
            invited_by: None,
            invitation: None,
            party: None,
            line: format!("I like word{}.", letters(dice(6000))),
            interests: (0..5).map(|_| format!("word{}", letters(dice(300)))).collect(),
            town: format!("Town {}", dice(40)),
            came: (0..20).map(|_| (dice(20) as i64, format!("2026-11-{:02}", dice(28) + 1))).collect(),
            said,
        });
    }
    let gatherings = (0..20).map(|id| (id, format!("Gathering {id}"))).collect::<BTreeMap<_, _>>();
    Ok(Evidence { people, gatherings, left_alone: Default::default() })
}

/// A number in letters, since words with digits are none.
fn letters(number: u64) -> String {
    number.to_string().bytes().map(|digit| char::from(b'a' + (digit - b'0'))).collect()
}
