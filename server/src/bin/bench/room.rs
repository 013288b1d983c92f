//! What a room with two hundred people costs: how soon all of them know that the host went on to the next round, and have a new picture
//! on their wall, and how much of the server that takes.

use crate::{
    Told, open, rows,
    served::Served,
    table::Table,
    told,
    web::{self, attribute},
};
use chrono::Utc;
use domain::{
    gatherings::{
        GatheringForm,
        clock::{RoomForm, RoomKind},
    },
    time::Zone,
};
use server::demo;
use std::{
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    sync::mpsc,
};

/// How many pages are open.
const PEOPLE: usize = 200;
/// How many of them are one member's: the place has fifty members, and a member may have as many streams.
const PAGES_EACH: usize = 4;
/// How often each thing is done.
const TIMES: usize = 5;
/// Within which time a page asks for its wall after it hears of it (`room.js`).
const SPREAD: Duration = Duration::from_millis(150);

/// What a page heard or saw, and when.
enum Seen {
    Turn(Instant),
    Wall(Instant, usize),
}

/// A drawing party that goes on now, and who comes.
pub struct Party {
    slug: String,
    date: String,
    /// The lines that make a request its host's, and each of the others'.
    host: String,
    people: Vec<String>,
}

/// Plans a drawing party, and signs those in who come to it: a server that is asked fifty times for a sign-in by one machine would
/// take that for an attack.
pub async fn plan(folder: &Path) -> Told<Party> {
    let store = open(folder).await?;
    let (front, viewer, cookie) = rows::member(&store, folder).await?;
    let host = viewer.me().ok_or("The member is not there.")?;
    let began = Utc::now() - chrono::Duration::minutes(5);
    let form = GatheringForm {
        title: "Measured party".into(),
        date: began.format("%Y-%m-%d").to_string(),
        time: began.format("%H:%M").to_string(),
        minutes: "120".into(),
        time_zone: "UTC".into(),
        link: "https://meet.example/measured".into(),
        room: RoomForm { kind: RoomKind::Rounds, rounds: "20".into(), ..RoomForm::default() },
        ..GatheringForm::default()
    };
    let slug = front.services.gatherings.plan(host, &form, &Zone::utc()).await;
    let slug = slug.map_err(|refused| format!("The party can't be planned: {refused:?}"))?;
    let mut people = Vec::new();
    for at in 0..PEOPLE / PAGES_EACH {
        let signed_in = front.services.sign_in.sign_in(&demo::member_name(at), demo::PASSWORD, "127.0.0.1").await;
        let signed_in = signed_in.map_err(|refused| format!("Signing in failed: {refused:?}"))?;
        people.push(format!("Cookie: {}\r\n", front.sign_ins.begin(signed_in).await.map_err(rows::unavailable)?));
    }
    drop(front);
    store.close().await;
    Ok(Party { slug, date: form.date, host: format!("Cookie: {cookie}\r\n"), people })
}

/// Measures the room of a session that goes on.
pub async fn measure(served: &Served, party: &Party) -> Told<Table> {
    let Party { slug, date, host: cookie, people } = party;
    let path = format!("/gatherings/{slug}/{date}");
    let page = web::get(served.address, &path, cookie).await?;
    let page = String::from_utf8_lossy(&page.body).into_owned();
    let after = attribute(&page, "data-after").ok_or("The page of the room doesn't say where its stream begins.")?.to_owned();
    // What a picture costs before anybody sees it.
    let picture = picture()?;
    let work = served.worked()?;
    hang(served.address, cookie, (slug, date), &picture).await?;
    let alone = served.worked()? - work;
    let (tell, mut seen) = mpsc::unbounded_channel();
    let mut pages = Vec::new();
    for cookie in people {
        for _ in 0..PAGES_EACH {
            pages.push(tokio::spawn(follow(served.address, cookie.clone(), after.clone(), path.clone(), tell.clone())));
        }
    }
    // All are there when all have heard one thing.
    let form = |act: &str, sets: usize| format!("slug={slug}&session={date}&act={act}&seen={sets}");
    press(served.address, cookie, &form("start", 0)).await?;
    all(&mut seen, |one| matches!(one, Seen::Turn(_))).await?;

    let mut table = Table::new("A room with 200 people", &["", "last of them after, ms", "target", "the server, ms", "target"]);
    let (mut turns, mut walls) = (Vec::new(), Vec::new());
    for at in 1..=TIMES {
        let (work, began) = (served.worked()?, Instant::now());
        press(served.address, cookie, &form("next", at)).await?;
        let last = all(&mut seen, |one| matches!(one, Seen::Turn(_))).await?;
        turns.push((last - began, served.worked()? - work));
    }
    for at in 1..=TIMES {
        let (work, began) = (served.worked()?, Instant::now());
        hang(served.address, cookie, (slug, date), &picture).await?;
        let last = all(&mut seen, |one| matches!(one, Seen::Wall(_, pictures) if *pictures > at)).await?;
        walls.push((last - began, served.worked()? - work));
    }
    pages.iter().for_each(tokio::task::JoinHandle::abort);
    for (what, times) in [("the host goes on to the next round", turns), ("a picture is hung up, and on each wall", walls)] {
        let middle = |of: fn(&(Duration, Duration)) -> Duration| {
            let mut all: Vec<Duration> = times.iter().map(of).collect();
            all.sort();
            format!("{:.0}", all[all.len() / 2].as_secs_f64() * 1000.0)
        };
        table.row(what, [middle(|one| one.0).as_str(), "< 500", &middle(|one| one.1), "< 100"]);
    }
    table.note(format!("The middle of {TIMES} times each. 100 ms of work in the second in which it happens are 10 % of one core."));
    table.note(format!(
        "The picture is taken in, made small and encoded within that time, which takes {:.0} ms by itself; then 200 pages ask for their wall.",
        alone.as_secs_f64() * 1000.0
    ));
    Ok(table)
}

/// Waits until every page has seen something, and returns when the last one had.
async fn all(seen: &mut mpsc::UnboundedReceiver<Seen>, is_it: impl Fn(&Seen) -> bool) -> Told<Instant> {
    let waiting = async {
        let (mut count, mut last) = (0, Instant::now());
        while count < PEOPLE {
            let Some(one) = seen.recv().await else { return Err("The pages have ended.".to_owned()) };
            if is_it(&one) {
                count += 1;
                last = match one {
                    Seen::Turn(at) | Seen::Wall(at, _) => at,
                };
            }
        }
        Ok(last)
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.map_err(|_| "Not all pages heard of it within 20 seconds.")?
}

/// The wall, as a page shows it.
#[derive(Default)]
struct Wall {
    last: String,
    pictures: usize,
}

impl Wall {
    /// Asks for what is new on it.
    async fn look(&mut self, asks: &mut web::Kept, path: &str, cookie: &str) -> Told<()> {
        let Self { last, pictures } = self;
        let shown = if *pictures == 0 { String::new() } else { format!("?after={last}&of={pictures}") };
        let came = asks.get(&format!("{path}/room/wall{shown}"), cookie).await?;
        let new: Vec<_> = came.split("<li id=\"picture-").skip(1).collect();
        if attribute(&came, "data-after").is_none() {
            *pictures = 0;
        }
        *pictures += new.len();
        if let Some(id) = new.last().and_then(|line| line.split('"').next()) {
            *last = id.to_owned();
        }
        Ok(())
    }
}

/// An open page: its stream, and what it asks for when it hears of something.
async fn follow(address: SocketAddr, cookie: String, after: String, path: String, tell: mpsc::UnboundedSender<Seen>) -> Told<()> {
    let stream = TcpStream::connect(address).await.map_err(told("The stream can't be opened"))?;
    let (read, mut write) = stream.into_split();
    let request = format!("GET /live?after={after} HTTP/1.1\r\nHost: {address}\r\nAccept: text/event-stream\r\n{cookie}\r\n");
    write.write_all(request.as_bytes()).await.map_err(told("The stream can't be asked for"))?;
    let mut lines = BufReader::new(read).lines();
    let mut asks = web::Kept::open(address).await?;
    let mut wall = Wall::default();
    wall.look(&mut asks, &path, &cookie).await?;
    while let Some(line) = lines.next_line().await.map_err(told("The stream broke off"))? {
        let Some(data) = line.strip_prefix("data:") else { continue };
        if data.contains("\"clock\"") {
            _ = tell.send(Seen::Turn(Instant::now()));
        } else if data.contains("\"part\":\"wall\"") {
            // Nothing else comes before the wall is there: one picture is hung after the other has been seen by all.
            tokio::time::sleep(SPREAD.mul_f64(rand::random::<f64>())).await;
            wall.look(&mut asks, &path, &cookie).await?;
            _ = tell.send(Seen::Wall(Instant::now(), wall.pictures));
        }
    }
    Ok(())
}

async fn press(address: SocketAddr, cookie: &str, form: &str) -> Told<()> {
    web::post(address, "/api/rooms/clock", cookie, "application/x-www-form-urlencoded", form.as_bytes()).await
}

async fn hang(address: SocketAddr, cookie: &str, (slug, date): (&str, &str), picture: &[u8]) -> Told<()> {
    const EDGE: &str = "an-edge-that-no-picture-has";
    let mut body = Vec::new();
    for (name, value) in [("slug", slug), ("session", date), ("new_alt", "")] {
        body.extend(format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
    }
    body.extend(
        format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n")
            .into_bytes(),
    );
    body.extend(picture);
    body.extend(format!("\r\n--{EDGE}--\r\n").into_bytes());
    web::post(address, "/api/rooms/wall", cookie, &format!("multipart/form-data; boundary={EDGE}"), &body).await
}

/// A drawing of 1,000 by 750 pixels, as a file.
fn picture() -> Told<Vec<u8>> {
    let mut file = std::io::Cursor::new(Vec::new());
    let line = |x: u32, y: u32| if (x / 25 + y / 18).is_multiple_of(7) { [60, 50, 50] } else { [246, 240, 228] };
    let drawing = image::RgbImage::from_fn(1000, 750, |x, y| image::Rgb(line(x, y)));
    drawing.write_to(&mut file, image::ImageFormat::Png).map_err(told("No picture can be made"))?;
    Ok(file.into_inner())
}
