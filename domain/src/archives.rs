//! What a group had before it moved in comes along: a chat that they exported, or what one of them posted elsewhere.
//!
//! Reading order: [`chat`] (how an exported chat is read), [`words`] (how its words are shown), then here the service. A host brings a chat, and
//! says which voice in it is whom. Each of those is asked, and only the words of whoever says yes come along; until then the words wait, for
//! their person alone. They stand on the day on which they were written, and nobody is told of them. What somebody posted elsewhere they bring
//! themselves, look at it, and say yes as well.
//!
//! No host reads any of the words here: that they are a voice themselves is not theirs to say, but for the host who brought the chat and has the
//! file. Whoever says no is not told on: to hosts it is as if they had not answered yet.

pub mod chat;
mod words;

pub use words::as_markdown;

use crate::{
    gatherings::sessions::instant,
    ids::{ArchiveId, MemberId},
    mail::Around,
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::{Byline, Handle, PeopleStore},
    text::{self, Field, TextRefusal},
    time::{Timestamp, Zone},
    timeline::{NewPost, Timeline},
    viewer::{Host, Me},
};
use chat::Order;
use chrono::{Datelike, NaiveTime};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// Most bytes of a file: a chat of years without its pictures, packed or not.
pub const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Most bytes of the text within a packed file.
pub const MOST_UNPACKED: usize = 32 * 1024 * 1024;
/// Most messages of one archive.
pub const MOST_MESSAGES: usize = 50_000;
/// Most voices of one chat.
pub const MOST_VOICES: usize = 300;
/// Longest name of a voice that is kept, in characters.
pub const LONGEST_VOICE: usize = 60;
/// For how many days words wait for their person's yes; after that they are forgotten.
pub const WAITS_DAYS: i64 = 90;
/// How many of one's own words a page shows.
pub const PAGE: usize = 100;
/// How many posts are written at once: few enough that nobody waits for them.
const AT_ONCE: usize = 100;
/// Most archives that are listed.
pub const MOST_LISTED: usize = 50;
/// 2020-01-01: this place can't sort anything into the time before it.
pub const EARLIEST: Timestamp = Timestamp(1_577_836_800_000);

/// What an archive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A chat of several, brought by a host.
    Chat,
    /// What somebody posted elsewhere, brought by themselves.
    Posts,
}

impl Kind {
    /// The word for it in records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Posts => "posts",
        }
    }
    /// The kind of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Chat, Self::Posts].into_iter().find(|kind| kind.word() == word)
    }
}

/// A message of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Whose it is: a place among the voices.
    pub voice: usize,
    /// When it was written.
    pub at: Timestamp,
    /// Plain words.
    pub words: String,
    /// Which message of the same archive it goes on from, by its place.
    pub answers: Option<usize>,
}

/// What stands in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// What those who speak in it are called there.
    pub voices: Vec<String>,
    /// What they said, oldest first.
    pub messages: Vec<Message>,
    /// Whether dates were read with the day first, where the year comes last.
    pub day_first: bool,
    /// How many lines were the program's own, or were taken back.
    pub told_by_program: usize,
    /// How many pictures and files stay behind.
    pub pictures: usize,
    /// How many messages are longer than a post may be.
    pub too_long: usize,
    /// How many have a date that does not exist.
    pub unreadable: usize,
    /// How many are older than [`EARLIEST`], or dated after today.
    pub out_of_time: usize,
    /// How many were for few, or answers to others, and stay where they were.
    pub not_ours: usize,
}

impl Read {
    /// Leaves out what can't be sorted in here.
    fn within(mut self, now: Timestamp) -> Self {
        let mut kept_as = vec![None; self.messages.len()];
        let mut kept: Vec<Message> = Vec::with_capacity(self.messages.len());
        for (at, mut message) in std::mem::take(&mut self.messages).into_iter().enumerate() {
            if message.at < EARLIEST || message.at > now {
                self.out_of_time += 1;
                continue;
            }
            message.answers = message.answers.and_then(|answers| kept_as.get(answers).copied().flatten());
            kept_as[at] = Some(kept.len());
            kept.push(message);
        }
        self.messages = kept;
        self
    }

    /// What stays behind, in a sentence; empty if nothing does.
    pub fn left_behind(&self) -> String {
        let counted = [
            (self.pictures, "picture or file", "pictures and files"),
            (
                self.told_by_program,
                "line that was taken back or is the program’s own",
                "lines that were taken back or are the program’s own",
            ),
            (self.too_long, "message that is longer than a post may be", "messages that are longer than a post may be"),
            (self.unreadable, "message whose date can’t be read", "messages whose date can’t be read"),
            (self.out_of_time, "message from before 2020 or from a day to come", "messages from before 2020 or from a day to come"),
            (self.not_ours, "post that was for few or an answer to others", "posts that were for few or answers to others"),
        ];
        let said: Vec<String> = counted
            .into_iter()
            .filter(|(many, ..)| *many > 0)
            .map(|(many, one, more)| format!("{many} {}", if many == 1 { one } else { more }))
            .collect();
        match said.as_slice() {
            [] => String::new(),
            [one] => format!("What stays behind: {one}."),
            [most @ .., last] => format!("What stays behind: {} and {last}.", most.join(", ")),
        }
    }
}

/// Why a file was not taken, or a voice not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ArchiveRefusal {
    /// A field's text does not fit.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// There is nothing in it.
    #[error("No file came along. Choose the file that was exported, then send it.")]
    Nothing,
    /// More than [`MOST_BYTES`].
    #[error("That is more than 16 MB. Export it once more without pictures and videos: the words alone are much smaller.")]
    TooLarge,
    /// It is no chat that we know.
    #[error(
        "We find no messages in that. Send what WhatsApp exports: in the chat, choose More, then Export chat, Without media. It is a .txt or a .zip."
    )]
    NoChat,
    /// It is no archive of posts that we know.
    #[error("We find no posts in that. Send the .zip that Mastodon prepares under Import and export, or the file outbox.json out of it.")]
    NoPosts,
    /// More than [`MOST_MESSAGES`].
    #[error("That is more than {MOST_MESSAGES} messages. Bring it in parts: cut the text in two between two messages.")]
    TooMany,
    /// More than [`MOST_VOICES`].
    #[error("More than {MOST_VOICES} people speak in that, which is more than anybody here can know.")]
    TooManyVoices,
    /// Nobody here has that name.
    #[error("Nobody here has the name {name}. Please check how it is written, or leave it empty.")]
    Unknown {
        /// The field.
        field: String,
        /// As typed.
        name: String,
    },
    /// A host who did not bring the chat would read words as theirs by saying so.
    #[error("That you are in it yourself is for {by} to say, who brought this chat along. Please ask them.")]
    NotYours {
        /// The field.
        field: String,
        /// Who brought it.
        by: String,
    },
    /// It did not arrive whole.
    #[error("That did not arrive whole. Please send it once more.")]
    Broken,
    /// It waits no more.
    #[error("That is not here any more.")]
    Gone,
}

impl AboutField for ArchiveRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(reason) => reason.field(),
            Self::Nothing | Self::TooLarge | Self::NoChat | Self::NoPosts | Self::TooMany | Self::TooManyVoices => Some("file"),
            Self::Unknown { field, .. } | Self::NotYours { field, .. } => Some(field),
            Self::Broken | Self::Gone => None,
        }
    }
}

/// How somebody answered whether their words come along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// They come.
    Yes,
    /// They don't, and are forgotten.
    No,
}

impl Answer {
    /// The word for it in records and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
        }
    }
    /// The answer of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Yes, Self::No].into_iter().find(|answer| answer.word() == word)
    }
}

/// A voice of a chat, as hosts see it: never its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voice {
    /// Its place in the chat.
    pub place: u32,
    /// What it is called there.
    pub called: String,
    /// How many messages it has that wait or came along.
    pub messages: u32,
    /// Who that is here.
    pub who: Option<Byline>,
    /// Their words are here. Of a no, hosts are told nothing.
    pub came: bool,
}

/// A chat, as hosts see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chat {
    /// Its id.
    pub id: ArchiveId,
    /// What it is called.
    pub called: String,
    /// Who brought it.
    pub by: Byline,
    /// When.
    pub at: Timestamp,
    /// Until when its words wait.
    pub until: Timestamp,
    /// What stayed behind, in a sentence.
    pub left_behind: String,
    /// Its first and its last message's time.
    pub span: (Timestamp, Timestamp),
    /// Who speaks in it, those who said most first.
    pub voices: Vec<Voice>,
}

/// Somebody's own part of an archive, as they see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mine {
    /// The archive.
    pub id: ArchiveId,
    /// What it is.
    pub kind: Kind,
    /// What it is called.
    pub called: String,
    /// Who brought it.
    pub by: Byline,
    /// What they are called in it; several, if they had several numbers.
    pub voices: Vec<String>,
    /// What stayed behind, in a sentence.
    pub left_behind: String,
    /// How many of their messages wait.
    pub waiting: u32,
    /// How many of those are to be left out.
    pub left_out: u32,
    /// How many have come along.
    pub came: u32,
    /// What they answered.
    pub answer: Option<Answer>,
    /// Until when the words wait.
    pub until: Timestamp,
}

/// One of somebody's own messages that wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its place in the archive.
    pub place: u32,
    /// When it was written.
    pub at: Timestamp,
    /// Its words.
    pub words: String,
    /// It is to be left out.
    pub left_out: bool,
}

/// An archive that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewArchive {
    /// What it is.
    pub kind: Kind,
    /// What it is called.
    pub called: String,
    /// What stays behind, in a sentence.
    pub left_behind: String,
    /// Its voices, by what they are called there.
    pub voices: Vec<String>,
    /// Its messages.
    pub messages: Vec<Message>,
    /// When it is brought.
    pub at: Timestamp,
    /// Until when its words wait.
    pub until: Timestamp,
}

/// Messages that come along now: those of one voice whose person said yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    /// The archive.
    pub archive: ArchiveId,
    /// What it is.
    pub kind: Kind,
    /// What it is called.
    pub called: String,
    /// Whose words they are.
    pub author: MemberId,
    /// The messages: place, time and words.
    pub messages: Vec<(u32, Timestamp, String)>,
}

/// A message as the post that it becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackDated {
    /// Its place in the archive.
    pub place: u32,
    /// The post.
    pub post: NewPost,
    /// For a chat: the month that it belongs to, `yyyy-mm`, and how that month's thread begins.
    pub month: Option<(String, NewPost)>,
}

/// What archives need kept.
#[async_trait::async_trait]
pub trait ArchiveStore: Send + Sync {
    /// Keeps a chat; nobody is asked yet. Of one host, the oldest chats that nobody was asked about make room for it.
    async fn keep_chat(&self, host: &Host, chat: &NewArchive) -> Result<ArchiveId, Unavailable>;
    /// Keeps somebody's own posts, which wait for their yes. Those that waited before are forgotten.
    async fn keep_posts(&self, me: &Me, posts: &NewArchive) -> Result<ArchiveId, Unavailable>;
    /// The chats, newest first, up to [`MOST_LISTED`].
    async fn chats(&self, host: &Host) -> Result<Vec<Chat>, Unavailable>;
    /// One chat.
    async fn chat(&self, host: &Host, chat: ArchiveId) -> Result<Option<Chat>, Unavailable>;
    /// Says who a voice is, or that nobody knows, and asks those who are new to it. A voice whose person has said yes stays theirs. `false` if there is no such
    /// chat or voice.
    async fn ask_voices(&self, host: &Host, chat: ArchiveId, who: &[(u32, Option<MemberId>)], at: Timestamp) -> Result<bool, Unavailable>;
    /// Throws a chat's waiting words away. What has come along stays. `false` if there is no such chat.
    async fn throw_away(&self, host: &Host, chat: ArchiveId) -> Result<bool, Unavailable>;
    /// Archives in which the member has a part, newest first, up to [`MOST_LISTED`].
    async fn mine(&self, me: &Me) -> Result<Vec<Mine>, Unavailable>;
    /// Up to `most` of the member's own messages that wait, from a place on, in the archive's order.
    async fn waiting(&self, me: &Me, archive: ArchiveId, from: u32, most: usize) -> Result<Vec<Waiting>, Unavailable>;
    /// Has the member's messages between two places be left out, or not: all of them as `left_out` says.
    async fn leave_out(&self, me: &Me, archive: ArchiveId, shown: &[u32], left_out: &[u32]) -> Result<bool, Unavailable>;
    /// Keeps the member's answer. A no forgets what waits. `false` if they have no part in that archive.
    async fn answer(&self, me: &Me, archive: ArchiveId, answer: Answer, at: Timestamp) -> Result<bool, Unavailable>;
    /// The member says that a voice is not theirs: nobody is, until a host says who.
    async fn not_me(&self, me: &Me, archive: ArchiveId) -> Result<bool, Unavailable>;
    /// Up to `most` messages of one archive and person that are to come along and have not; of whomever waits longest.
    async fn to_bring(&self, most: usize) -> Result<Option<Coming>, Unavailable>;
    /// Writes messages as posts, each on its day, those that are still to come: nobody is told. Their words are kept in the posts alone.
    async fn bring(&self, coming: &Coming, posts: &[BackDated]) -> Result<(), Unavailable>;
    /// Takes up to `most` posts that came by an archive back, of somebody who says no by now; `false` if there are none.
    async fn take_back_some(&self, most: usize) -> Result<bool, Unavailable>;
    /// Forgets words that wait no more.
    async fn forget(&self, now: Timestamp) -> Result<(), Unavailable>;
}

/// Reads files, aside from where requests are answered.
#[async_trait::async_trait]
pub trait ArchiveReader: Send + Sync {
    /// What stands in a chat's file, a text or a packed one.
    async fn chat(&self, file: Vec<u8>, order: Order, zone: Zone) -> Result<Read, Error<ArchiveRefusal>>;
    /// What stands in an archive of somebody's own posts.
    async fn posts(&self, file: Vec<u8>) -> Result<Read, Error<ArchiveRefusal>>;
}

/// What is typed beside a chat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChatForm {
    /// What it is called, up to 60 characters.
    pub called: String,
    /// Which comes first in its dates.
    pub order: Order,
}

/// The service for archives.
#[derive(Clone)]
pub struct Archives {
    store: Arc<dyn ArchiveStore>,
    reader: Arc<dyn ArchiveReader>,
    people: Arc<dyn PeopleStore>,
    timeline: Timeline,
    around: Around,
}

impl Archives {
    /// Over a store, and over those of the people who are asked.
    pub fn new(
        (store, people): (Arc<dyn ArchiveStore>, Arc<dyn PeopleStore>),
        reader: Arc<dyn ArchiveReader>,
        timeline: Timeline,
        around: Around,
    ) -> Self {
        Self { store, reader, people, timeline, around }
    }

    fn new_archive(&self, kind: Kind, called: String, read: Read, nothing: ArchiveRefusal) -> Result<NewArchive, Error<ArchiveRefusal>> {
        let at = self.around.clock.now();
        let read = read.within(at);
        if read.messages.is_empty() {
            return Err(Error::Refused(nothing));
        }
        let left_behind = read.left_behind();
        Ok(NewArchive { kind, called, left_behind, voices: read.voices, messages: read.messages, at, until: at.plus_days(WAITS_DAYS) })
    }

    /// Takes a chat in. Its words wait; nobody is asked yet.
    pub async fn bring_chat(&self, host: &Host, form: &ChatForm, file: Vec<u8>, zone: &Zone) -> Result<ArchiveId, Error<ArchiveRefusal>> {
        let refused = |reason: TextRefusal| Error::Refused(ArchiveRefusal::from(reason));
        let called = text::needed_line(Field("called", "What the chat is called"), &form.called, 60).map_err(refused)?;
        let read = self.reader.chat(within_bounds(file)?, form.order, zone.clone()).await?;
        let chat = self.new_archive(Kind::Chat, called, read, ArchiveRefusal::NoChat)?;
        Ok(self.store.keep_chat(host, &chat).await?)
    }

    /// Takes in what somebody posted elsewhere. It waits for their yes.
    pub async fn bring_posts(&self, me: &Me, file: Vec<u8>) -> Result<ArchiveId, Error<ArchiveRefusal>> {
        let read = self.reader.posts(within_bounds(file)?).await?;
        let called = read.voices.first().cloned().unwrap_or_default();
        let posts = self.new_archive(Kind::Posts, called, read, ArchiveRefusal::NoPosts)?;
        Ok(self.store.keep_posts(me, &posts).await?)
    }

    /// The chats, newest first.
    pub async fn chats(&self, host: &Host) -> Result<Vec<Chat>, Unavailable> {
        self.store.chats(host).await
    }

    /// One chat.
    pub async fn chat(&self, host: &Host, chat: ArchiveId) -> Result<Option<Chat>, Unavailable> {
        self.store.chat(host, chat).await
    }

    /// Says who the voices of a chat are, by their names here, and asks those people whether their words may come along. An empty name says
    /// that nobody knows. All or nothing. That they are in it themselves says only the host who brought it, who has read it anyway.
    pub async fn ask_voices(&self, host: &Host, chat: ArchiveId, who: &[(u32, String)]) -> Result<(), Error<ArchiveRefusal>> {
        let Chat { by, voices, .. } = self.store.chat(host, chat).await?.ok_or(ArchiveRefusal::Gone).or_refuse()?;
        let field = |place: &u32| format!("who[{place}]");
        let mut handles = Vec::with_capacity(who.len());
        for (place, name) in who {
            let name = name.trim().trim_start_matches('@');
            let unknown = || ArchiveRefusal::Unknown { field: field(place), name: name.chars().take(40).collect() };
            let handle = Some(name).filter(|name| !name.is_empty()).map(|name| Handle::parse(name).map_err(|_| unknown()));
            handles.push((*place, handle.transpose().or_refuse()?));
        }
        let known: BTreeMap<_, _> =
            self.people.known(&handles.iter().filter_map(|(_, handle)| handle.clone()).collect()).await?.into_iter().collect();
        let mut named = Vec::with_capacity(handles.len());
        for (place, handle) in handles {
            let Some(handle) = handle else {
                named.push((place, None));
                continue;
            };
            let unknown = || ArchiveRefusal::Unknown { field: field(&place), name: handle.to_string() };
            let member = *known.get(&handle).ok_or_else(unknown).or_refuse()?;
            let me = host.me().id;
            let was_me = || voices.iter().any(|voice| voice.place == place && voice.who.as_ref().is_some_and(|who| who.id == me));
            if member == me && by.id != me && !was_me() {
                return Err(Error::Refused(ArchiveRefusal::NotYours { field: field(&place), by: by.display_name }));
            }
            named.push((place, Some(member)));
        }
        let kept = self.store.ask_voices(host, chat, &named, self.around.clock.now()).await?;
        Some(()).filter(|()| kept).ok_or(ArchiveRefusal::Gone).or_refuse()
    }

    /// Throws a chat's waiting words away; `false` if there is no such chat.
    pub async fn throw_away(&self, host: &Host, chat: ArchiveId) -> Result<bool, Unavailable> {
        self.store.throw_away(host, chat).await
    }

    /// Archives in which the member has a part.
    pub async fn mine(&self, me: &Me) -> Result<Vec<Mine>, Unavailable> {
        self.store.mine(me).await
    }

    /// The member's part of one archive, and up to [`PAGE`] of their messages from a place on; one more, where there are more.
    pub async fn my_words(&self, me: &Me, archive: ArchiveId, from: u32) -> Result<Option<(Mine, Vec<Waiting>)>, Unavailable> {
        let Some(mine) = self.store.mine(me).await?.into_iter().find(|mine| mine.id == archive) else { return Ok(None) };
        let words = self.store.waiting(me, archive, from, PAGE + 1).await?;
        Ok(Some((mine, words)))
    }

    /// Has some of the messages shown be left out, and the others not.
    pub async fn leave_out(&self, me: &Me, archive: ArchiveId, shown: &[u32], left_out: &[u32]) -> Result<bool, Unavailable> {
        self.store.leave_out(me, archive, shown, left_out).await
    }

    /// Answers whether the member's words come along. It begins to be seen to at once; what is left comes by the clock.
    pub async fn answer(&self, me: &Me, archive: ArchiveId, answer: Answer) -> Result<(), Error<ArchiveRefusal>> {
        let kept = self.store.answer(me, archive, answer, self.around.clock.now()).await?;
        Some(()).filter(|()| kept).ok_or(ArchiveRefusal::Gone).or_refuse()?;
        self.keep_up_once().await?;
        Ok(())
    }

    /// The member says that none of it is theirs.
    pub async fn not_me(&self, me: &Me, archive: ArchiveId) -> Result<(), Error<ArchiveRefusal>> {
        let kept = self.store.not_me(me, archive).await?;
        Some(()).filter(|()| kept).ok_or(ArchiveRefusal::Gone).or_refuse()
    }

    /// Brings along what was said yes to, and takes back what was said no to afterwards; done every minute. Two processes that do it at once
    /// bring each message once.
    pub async fn keep_up(&self) -> Result<(), Unavailable> {
        while self.keep_up_once().await? {}
        Ok(())
    }

    /// Takes back or brings up to [`AT_ONCE`] of whomever waits longest; whether there was anything. Whoever wants words gone waits for nobody's
    /// that come.
    async fn keep_up_once(&self) -> Result<bool, Unavailable> {
        if self.store.take_back_some(AT_ONCE).await? {
            return Ok(true);
        }
        let Some(coming) = self.store.to_bring(AT_ONCE).await? else { return Ok(false) };
        let Some(community) = self.around.community.community().await? else { return Ok(false) };
        let dated = |(place, at, words): &(u32, Timestamp, String)| self.dated_back(&coming, *place, *at, words, &community.zone);
        let posts: Vec<BackDated> = coming.messages.iter().map(dated).collect();
        self.store.bring(&coming, &posts).await?;
        Ok(true)
    }

    fn dated_back(&self, coming: &Coming, place: u32, at: Timestamp, words: &str, zone: &Zone) -> BackDated {
        let month = (coming.kind == Kind::Chat).then(|| {
            let day = chrono::DateTime::<chrono::Utc>::from(at).with_timezone(&zone.rules());
            // The thread of a month stands at its beginning, so that it is above all that was said in it, whoever says yes first.
            let first = day.date_naive().with_day(1).map(|first| instant(first.and_time(NaiveTime::MIN), zone));
            let begun = first.unwrap_or(at).min(at);
            let begins =
                format!("From our chat “{}”, {}. Here is what those of us wrote who said yes to it.", coming.called, day.format("%B %Y"));
            (day.format("%Y-%m").to_string(), self.timeline.dated_back(&as_markdown(&begins), begun))
        });
        BackDated { place, post: self.timeline.dated_back(&as_markdown(words), at), month }
    }

    /// Forgets words that wait no more; done every now and then.
    pub async fn tidy(&self) -> Result<(), Unavailable> {
        self.store.forget(self.around.clock.now()).await
    }
}

fn within_bounds(file: Vec<u8>) -> Result<Vec<u8>, Error<ArchiveRefusal>> {
    match file.len() {
        0 => Err(Error::Refused(ArchiveRefusal::Nothing)),
        many if many > MOST_BYTES => Err(Error::Refused(ArchiveRefusal::TooLarge)),
        _ => Ok(file),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(at: i64, answers: Option<usize>) -> Message {
        Message { voice: 0, at: Timestamp(EARLIEST.0 + at), words: "soup".to_owned(), answers }
    }

    #[test]
    fn what_is_from_before_our_time_or_from_a_day_to_come_stays_behind() {
        let read =
            Read { messages: vec![message(-1, None), message(0, Some(0)), message(5, Some(1)), message(11, None)], ..Read::default() };
        let read = read.within(Timestamp(EARLIEST.0 + 10));
        assert_eq!(read.messages, [message(0, None), message(5, Some(0))]);
        assert_eq!(read.left_behind(), "What stays behind: 2 messages from before 2020 or from a day to come.");
    }

    #[test]
    fn what_stays_behind_is_told_in_one_sentence() {
        assert_eq!(Read::default().left_behind(), "");
        let read = Read { pictures: 42, told_by_program: 1, not_ours: 3, ..Read::default() };
        assert_eq!(
            read.left_behind(),
            "What stays behind: 42 pictures and files, 1 line that was taken back or is the program’s own and 3 posts that were for few or answers to others."
        );
    }
}
