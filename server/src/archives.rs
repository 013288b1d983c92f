//! Archives as they come: a chat's text or the packed file that it lies in, and the posts of a Mastodon archive. What stands in a chat is read by
//! [`domain::archives::chat`]; all of it on threads of their own, and within bounds, since a file comes from anywhere.

use ammonia::Builder;
use domain::{
    archives::{
        ArchiveReader, ArchiveRefusal, LONGEST_VOICE, MOST_MESSAGES, MOST_UNPACKED, Message, Read,
        chat::{self, Order},
    },
    outcome::{Error, OrRefuse, Unavailable},
    time::{Timestamp, Zone},
    timeline::LONGEST_POST,
};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use serde::{
    Deserialize, Deserializer,
    de::{self, IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{
    collections::{HashMap, HashSet},
    fmt,
    io::{Cursor, Read as _},
};
use tokio::sync::Semaphore;
use zip::ZipArchive;

/// Reads on threads of their own.
pub struct Aside;

#[async_trait::async_trait]
impl ArchiveReader for Aside {
    async fn chat(&self, file: Vec<u8>, order: Order, zone: Zone) -> Result<Read, Error<ArchiveRefusal>> {
        aside(move || {
            let text = text_of(unpacked(file, is_chat, ArchiveRefusal::NoChat)?);
            chat::read(&text, order, &zone)
        })
        .await?
        .or_refuse()
    }

    async fn posts(&self, file: Vec<u8>) -> Result<Read, Error<ArchiveRefusal>> {
        aside(move || {
            let file = unpacked(file, |name| name == "outbox.json" || name.ends_with("/outbox.json"), ArchiveRefusal::NoPosts)?;
            posts(&file)
        })
        .await?
        .or_refuse()
    }
}

/// One file at a time: each may take a few hundred megabytes while it is read, and whoever brings another waits a moment.
static READS: Semaphore = Semaphore::const_new(1);

async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Unavailable> {
    let _alone = READS.acquire().await.map_err(|error| Unavailable(Box::new(error)))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| Unavailable(Box::new(error)))
}

/// A chat in a packed file is its one text that is not within a folder.
fn is_chat(name: &str) -> bool {
    name.ends_with(".txt") && !name.contains('/')
}

/// The file itself, or the one that is looked for within a packed one. A packed file says how large what is in it is; what it says is not believed.
fn unpacked(file: Vec<u8>, wanted: fn(&str) -> bool, nothing: ArchiveRefusal) -> Result<Vec<u8>, ArchiveRefusal> {
    if !file.starts_with(b"PK\x03\x04") {
        return Ok(file);
    }
    let mut packed = ZipArchive::new(Cursor::new(file)).map_err(|_| nothing.clone())?;
    let at = packed.file_names().position(|name| name.is_ok_and(|name| wanted(&name))).ok_or(nothing.clone())?;
    let found = packed.by_index(at).map_err(|_| nothing.clone())?;
    let mut bytes = Vec::new();
    found.take(MOST_UNPACKED as u64 + 1).read_to_end(&mut bytes).map_err(|_| nothing)?;
    if bytes.len() > MOST_UNPACKED { Err(ArchiveRefusal::TooLarge) } else { Ok(bytes) }
}

/// The text of a file: in UTF-8, as phones write it, or in UTF-16 where it says so.
fn text_of(file: Vec<u8>) -> String {
    match Encoding::for_bom(&file) {
        Some((encoding, mark)) if encoding == UTF_8 => String::from_utf8_lossy(&file[mark..]).into_owned(),
        Some((encoding, _)) if encoding == UTF_16LE || encoding == UTF_16BE => encoding.decode(&file).0.into_owned(),
        _ => String::from_utf8_lossy(&file).into_owned(),
    }
}

/// Most things in an outbox: posts, and four times as much that was passed on.
const MOST_ITEMS: usize = 5 * MOST_MESSAGES;
/// Longest HTML of a post that is looked at, in bytes. A post that may stay has [`LONGEST_POST`] characters, and links make it several times as long.
const LONGEST_HTML: usize = 16 * LONGEST_POST;
/// Most tags of such a post: what is nested takes as long as the square of it.
const MOST_TAGS: usize = 1000;

/// An outbox (ActivityStreams, `OrderedCollection`): of what else stands in it nothing is read. What stands in it is looked at one by one, since a
/// file of nothing but brackets would take a hundred times its size if all of it were taken apart at once.
#[derive(Deserialize)]
struct Outbox<'a> {
    #[serde(rename = "orderedItems", borrow)]
    items: Items<'a>,
}

/// What stands in an outbox, unread; of more than [`MOST_ITEMS`], one more.
struct Items<'a>(Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Items<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Vec<&'de RawValue>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while items.len() <= MOST_ITEMS
                    && let Some(item) = seq.next_element()?
                {
                    items.push(item);
                }
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(items)
            }
        }
        from.deserialize_seq(Each).map(Self)
    }
}

#[derive(Deserialize)]
struct Activity<'a> {
    #[serde(rename = "type")]
    kind: String,
    actor: String,
    #[serde(borrow)]
    object: &'a RawValue,
}

#[derive(Deserialize)]
struct Note {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    published: chrono::DateTime<chrono::Utc>,
    #[serde(default)]
    to: Whom,
    #[serde(default)]
    cc: Whom,
    #[serde(rename = "inReplyTo", default)]
    answers: Option<String>,
    #[serde(default)]
    summary: Option<String>,
    #[serde(default)]
    content: String,
    #[serde(default)]
    attachment: Vec<IgnoredAny>,
}

/// For whom a post is, as far as it matters here.
#[derive(Clone, Copy, Default)]
struct Whom {
    everybody: bool,
}

impl<'de> Deserialize<'de> for Whom {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        const EVERYBODY: [&str; 3] = ["https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"];
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Whom;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an address or a list of them")
            }
            fn visit_str<E: de::Error>(self, whom: &str) -> Result<Whom, E> {
                Ok(Whom { everybody: EVERYBODY.contains(&whom) })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Whom, A::Error> {
                let mut everybody = false;
                while let Some(whom) = seq.next_element::<String>()? {
                    everybody |= EVERYBODY.contains(&whom.as_str());
                }
                Ok(Whom { everybody })
            }
        }
        from.deserialize_any(Each)
    }
}

impl Note {
    /// Whether it was for everybody to read.
    fn is_public(&self) -> bool {
        self.to.everybody || self.cc.everybody
    }
}

/// Reads the posts of an outbox: those that were for everybody, and what goes on from them.
fn posts(file: &[u8]) -> Result<Read, ArchiveRefusal> {
    let outbox: Outbox<'_> = serde_json::from_slice(file).map_err(|_| ArchiveRefusal::NoPosts)?;
    let items = outbox.items.0;
    if items.len() > MOST_ITEMS {
        return Err(ArchiveRefusal::TooMany);
    }
    let mut read = Read::default();
    let mut notes = Vec::new();
    for item in items {
        let Ok(activity) = serde_json::from_str::<Activity<'_>>(item.get()) else {
            read.unreadable += 1;
            continue;
        };
        // What was passed on is somebody else's.
        if activity.kind != "Create" {
            read.not_ours += 1;
            continue;
        }
        match serde_json::from_str::<Note>(activity.object.get()) {
            Ok(note) if note.kind == "Note" || note.kind == "Article" => {
                if read.voices.is_empty() {
                    read.voices.push(account(&activity.actor));
                }
                notes.push(note);
            }
            Ok(_) => read.not_ours += 1,
            Err(_) => read.unreadable += 1,
        }
    }
    notes.sort_by_key(|note| note.published);
    if notes.len() > MOST_MESSAGES {
        return Err(ArchiveRefusal::TooMany);
    }
    let own: HashSet<String> = notes.iter().filter(|note| note.is_public()).map(|note| note.id.clone()).collect();
    let mut places: HashMap<String, usize> = HashMap::new();
    for note in notes {
        let is_ours = note.is_public() && note.answers.as_ref().is_none_or(|answers| own.contains(answers));
        if !is_ours {
            read.not_ours += 1;
            continue;
        }
        read.pictures += note.attachment.len();
        if note.content.len() > LONGEST_HTML || note.content.bytes().filter(|byte| *byte == b'<').count() > MOST_TAGS {
            read.too_long += 1;
            continue;
        }
        let words = plain(&note.content);
        let words = match note.summary.as_deref().map(str::trim).filter(|summary| !summary.is_empty()) {
            Some(summary) => format!("{summary}\n\n{words}"),
            None => words,
        };
        let length = words.chars().count();
        if length == 0 {
            continue;
        }
        if length > LONGEST_POST {
            read.too_long += 1;
            continue;
        }
        let answers = note.answers.as_ref().and_then(|answers| places.get(answers)).copied();
        places.insert(note.id, read.messages.len());
        read.messages.push(Message { voice: 0, at: Timestamp::from(note.published), words, answers });
    }
    Ok(read)
}

/// What an account is called: `ana@example.social` of `https://example.social/users/ana`.
fn account(actor: &str) -> String {
    let rest = actor.split_once("://").map_or(actor, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let name = path.rsplit('/').next().unwrap_or(path).trim_start_matches('@');
    let account = if name.is_empty() { host.to_owned() } else { format!("{name}@{host}") };
    account.chars().filter(|c| !c.is_control()).take(LONGEST_VOICE).collect()
}

/// The words of a post in HTML, paragraph by paragraph.
fn plain(html: &str) -> String {
    let clean =
        Builder::new().tags(HashSet::from(["p", "br", "li", "blockquote"])).generic_attributes(HashSet::new()).clean(html).to_string();
    let lines =
        clean.replace('\n', " ").replace("<br>", "\n").replace("</p>", "\n\n").replace("</li>", "\n").replace("</blockquote>", "\n\n");
    let mut words = String::with_capacity(lines.len());
    let mut within = false;
    for c in lines.chars() {
        match c {
            '<' => within = true,
            '>' if within => within = false,
            _ if within => {}
            _ => words.push(c),
        }
    }
    // The sanitizer writes no other characters by name. The ampersand comes last: what it begins was text.
    let words = words.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    let words: String = words.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    words.lines().map(str::trim).collect::<Vec<_>>().join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::archives::as_markdown;
    use proptest::prelude::*;
    use std::io::Write as _;
    use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).expect("a file");
            zip.write_all(bytes).expect("writes");
        }
        zip.finish().expect("a zip").into_inner()
    }

    const CHAT: &[u8] = "\u{200e}[12.03.24, 19:45:33] Leila: bis gleich".as_bytes();

    #[test]
    fn a_chat_is_found_in_a_packed_file() {
        let zip = packed(&[("photos/caption.txt", b"no"), ("_chat.txt", CHAT), ("IMG-1.jpg", b"\xff\xd8")]);
        assert_eq!(unpacked(zip, is_chat, ArchiveRefusal::NoChat), Ok(CHAT.to_vec()));
        assert_eq!(unpacked(packed(&[("IMG-1.jpg", b"\xff\xd8")]), is_chat, ArchiveRefusal::NoChat), Err(ArchiveRefusal::NoChat));
        assert_eq!(unpacked(b"PK\x03\x04 and so on".to_vec(), is_chat, ArchiveRefusal::NoChat), Err(ArchiveRefusal::NoChat));
    }

    #[test]
    fn a_packed_file_that_unfolds_without_end_is_refused() {
        let zip = packed(&[("_chat.txt", &vec![b'a'; MOST_UNPACKED + 1])]);
        assert!(zip.len() < 100_000);
        assert_eq!(unpacked(zip, is_chat, ArchiveRefusal::NoChat), Err(ArchiveRefusal::TooLarge));
    }

    #[test]
    fn a_chat_in_utf_16_is_read() {
        let wide: Vec<u8> = [0xfeff_u16].into_iter().chain("Zoë".encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(text_of(wide), "Zoë");
        assert_eq!(text_of("\u{feff}Zoë".as_bytes().to_vec()), "Zoë");
    }

    fn note(id: &str, more: &serde_json::Value) -> serde_json::Value {
        let mut object = serde_json::json!({
            "id": id, "type": "Note", "published": "2024-03-12T19:45:00Z", "to": ["https://www.w3.org/ns/activitystreams#Public"],
            "cc": ["https://example.social/users/ana/followers"], "inReplyTo": null, "summary": null, "content": "<p>Soup &amp; bread</p>", "attachment": [],
        });
        for (key, value) in more.as_object().expect("an object") {
            object[key] = value.clone();
        }
        serde_json::json!({ "type": "Create", "actor": "https://example.social/users/ana", "object": object })
    }

    #[test]
    fn of_an_outbox_what_was_for_everybody_is_read_with_what_goes_on_from_it() {
        use serde_json::json;
        let outbox = json!({ "type": "OrderedCollection", "orderedItems": [
            note("2", &json!({ "published": "2024-03-12T20:00:00Z", "inReplyTo": "1", "content": "<p>and <a href=\"https://example.org/a\"><span class=\"invisible\">https://</span>example.org/a</a></p><p>cheese<br />too</p>" })),
            note("1", &json!({})),
            note("3", &json!({ "to": ["https://example.social/users/ana/followers"], "cc": [] })),
            note("4", &json!({ "inReplyTo": "https://elsewhere.example/1" })),
            note("5", &json!({ "summary": "food", "published": "2024-03-13T20:00:00Z", "attachment": [{ "type": "Document" }] })),
            note("6", &json!({ "inReplyTo": "3" })),
            { "type": "Announce", "actor": "https://example.social/users/ana", "object": "https://elsewhere.example/2" },
            "nonsense",
        ]});
        let read = posts(outbox.to_string().as_bytes()).expect("an outbox");
        let words: Vec<_> = read.messages.iter().map(|message| (message.words.as_str(), message.answers)).collect();
        assert_eq!(words, [("Soup & bread", None), ("and https://example.org/a\n\ncheese\ntoo", Some(0)), ("food\n\nSoup & bread", None)]);
        assert_eq!(
            (read.voices.as_slice(), read.not_ours, read.pictures, read.unreadable),
            (["ana@example.social".to_owned()].as_slice(), 4, 1, 1)
        );
        assert_eq!(posts(b"{}").map(|_| ()), Err(ArchiveRefusal::NoPosts));
    }

    #[test]
    fn whom_a_post_is_for_may_be_one_address() {
        let outbox = serde_json::json!({ "orderedItems": [note("1", &serde_json::json!({ "to": "as:Public", "cc": [] }))] });
        assert_eq!(posts(outbox.to_string().as_bytes()).expect("an outbox").messages.len(), 1);
    }

    #[test]
    fn an_outbox_of_nothing_but_brackets_takes_no_more_room_than_it_has() {
        let many = format!("{{\"orderedItems\":[{}0]}}", "{\"a\":0},".repeat(MOST_ITEMS + 1));
        assert_eq!(posts(many.as_bytes()).map(|_| ()), Err(ArchiveRefusal::TooMany));
        let within =
            format!("{{\"orderedItems\":[{{\"type\":\"Create\",\"actor\":\"a\",\"object\":[{}0]}}]}}", "{\"a\":0},".repeat(100_000));
        assert_eq!(posts(within.as_bytes()).map(|read| (read.unreadable, read.messages.len())), Ok((1, 0)));
    }

    #[test]
    fn a_post_of_more_html_than_any_post_has_stays_behind() {
        for (content, stays) in [
            ("a".repeat(LONGEST_HTML + 1), true),
            ("<blockquote>a".repeat(MOST_TAGS + 1), true),
            ("<blockquote>a".repeat(MOST_TAGS), false),
        ] {
            let outbox = serde_json::json!({ "orderedItems": [note("1", &serde_json::json!({ "content": content }))] });
            let read = posts(outbox.to_string().as_bytes()).expect("an outbox");
            assert_eq!((read.too_long, read.messages.len()), (usize::from(stays), usize::from(!stays)), "{} bytes", content.len());
        }
    }

    proptest! {
        #[test]
        fn words_from_elsewhere_are_shown_as_they_were_written(words in "[ -~éß☕\n]{0,80}") {
            // Spaces at a line's ends, and more than one empty line, are not kept.
            let lines: Vec<&str> = words.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            prop_assume!(!words.contains("://") && !words.contains("www.") && !words.contains('@'));
            let shown = crate::prose::plain(&as_markdown(&words));
            let shown: Vec<&str> = shown.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            prop_assert_eq!(shown, lines);
        }

        #[test]
        fn any_bytes_are_an_archive_or_a_refusal(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let zip = [b"PK\x03\x04".as_slice(), &bytes].concat();
            for bytes in [bytes, zip] {
                if let Ok(read) = posts(&bytes) {
                    prop_assert!(read.messages.is_empty());
                }
                match unpacked(bytes.clone(), is_chat, ArchiveRefusal::NoChat) {
                    Ok(text) => prop_assert_eq!(text, bytes),
                    Err(reason) => prop_assert_eq!(reason, ArchiveRefusal::NoChat),
                }
            }
        }
    }
}
