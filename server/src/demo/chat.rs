//! What the street had before it had a place: the chat of the first soup night, which waits for what its people say.

use domain::{
    archives::{ArchiveStore, Kind, NewArchive, WAITS_DAYS, chat},
    outcome::Unavailable,
    time::{Timestamp, Zone},
    viewer::{Host, Me},
};

/// The chat, with the number of a month for each day, so that it lies before the street's story whenever that is told.
const CHAT: &str = "\
[03.{a}, 18:02:10] Marco Bellini: The hall is ours on Friday. Who is in for soup?
[03.{a}, 18:03:44] Leila: Me, if somebody shows me where the light switch is
[03.{a}, 18:09:02] Tomek: I bring the big pot. It does not fit through the door upright
[03.{a}, 18:15:30] Tomek: \u{200e}image omitted
[03.{a}, 19:40:00] Dona Graça: There will be bread. Do not ask how much
[07.{a}, 09:12:21] Leila: I still smell of leeks. Best evening since I moved here
[07.{a}, 09:15:03] Tomek: The pot is at mine. So is somebody's left glove, green
[07.{a}, 09:21:48] Leila: Mine! I thought the cat had it
[07.{a}, 12:00:00] Marco Bellini: Same again in four weeks?
[02.{b}, 20:11:09] Tomek: Drew all of you while the soup cooked. Nobody has noses yet
[02.{b}, 20:14:55] Leila: Bring it on Thursday, we could all draw
[02.{b}, 20:31:17] Marco Bellini: That is how it starts, isn't it
";

/// Brings the chat along for a host, and asks two of those who speak in it.
pub async fn bring(store: &dyn ArchiveStore, host: &Host, asked: [&Me; 2], (now, zone): (Timestamp, &Zone)) -> Result<(), Unavailable> {
    let month = |days: i64| chrono::DateTime::<chrono::Utc>::from(now.plus_days(-days)).format("%m.%y").to_string();
    let text = CHAT.replace("{a}", &month(1000)).replace("{b}", &month(960));
    let read = chat::read(&text, chat::Order::DayFirst, zone).map_err(|reason| Unavailable::because(reason.to_string()))?;
    let left_behind = read.left_behind();
    let places = ["Leila", "Tomek"].map(|called| read.voices.iter().position(|voice| voice == called));
    let chat = NewArchive {
        kind: Kind::Chat,
        called: "Soup, the first winter".into(),
        left_behind,
        voices: read.voices,
        messages: read.messages,
        at: now.plus_days(-2),
        until: now.plus_days(WAITS_DAYS - 2),
    };
    let id = store.keep_chat(host, &chat).await?;
    let who: Vec<_> = places.iter().zip(asked).filter_map(|(place, who)| Some((u32::try_from((*place)?).ok()?, Some(who.id)))).collect();
    store.ask_voices(host, id, &who, now.plus_days(-2)).await.map(drop)
}
