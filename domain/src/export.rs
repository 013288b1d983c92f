//! What somebody brought here, in their own hands: all that is theirs, as one file that they can take home and that other programs can read.
//!
//! **The rule.** Theirs is what they wrote, chose and answered, what stands about them and what they were asked to let stand. Not theirs are the
//! words of others: of a thread that somebody else began, the file has the address and nothing else. Others are named only where these words
//! name them, or where they acted together: whom a post is for, who wrote the sentence, who introduced them to whom. What hosts note for hosts,
//! and whatever opens a door (passwords, secrets, sign-ins), is in no file. What becomes of each table is decided in `store/src/export.rs`.
//!
//! The types here are the file `porchlight.json`: their fields in this order, under these names. Instants are RFC 3339 in UTC, dates and times of
//! gatherings those on the gathering's own clock; addresses begin with a slash and are below `community.address`.

use crate::{
    gatherings::bring::Thing,
    ids::{PictureId, PostId},
    outcome::Unavailable,
    prose::SafeHtml,
    time::{Clock, Timestamp},
    viewer::Me,
};
use chrono::{NaiveDate, SecondsFormat};
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// Which form `porchlight.json` has. It grows when a field goes or means something else; that one is added changes nothing.
pub const VERSION: u32 = 1;

/// An instant, written as RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At(pub Timestamp);

impl Serialize for At {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&chrono::DateTime::from(self.0).to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// A post or reply, by its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostAddress(pub PostId);

impl Serialize for PostAddress {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&format_args!("/posts/{}", self.0))
    }
}

/// A picture, by where it lies beside `porchlight.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PictureFile(pub PictureId);

impl std::fmt::Display for PictureFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "pictures/{}.webp", self.0)
    }
}

impl Serialize for PictureFile {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// Somebody whom one's own words name, or who acted together with one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Somebody {
    /// Their name (handle).
    pub name: String,
    /// What they are called.
    pub display_name: String,
}

/// All that is somebody's.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Belongings {
    /// [`VERSION`].
    pub version: u32,
    /// When it was put together.
    pub made_at: At,
    /// Who they are.
    pub profile: Profile,
    /// Where and what they get by mail.
    pub mail: MailWishes,
    /// Who they are in one line, as a host said it.
    pub sentence: SentencesAbout,
    /// Their posts and replies, the oldest first; what they took back is gone.
    pub posts: Vec<Post>,
    /// What they put beside others' posts.
    pub reactions: Vec<Reaction>,
    /// What they answered to sessions.
    pub rsvps: Vec<Rsvp>,
    /// To which gatherings they come each time.
    pub standing_answers: Vec<StandingAnswer>,
    /// Where they were, as far as that is known.
    pub attendance: Vec<Attendance>,
    /// What they bring, or brought.
    pub bringing: Vec<Bringing>,
    /// Whose turn it is to host: theirs.
    pub turns: Vec<Session>,
    /// The gatherings that they planned, or keep together with others.
    pub gatherings: Vec<Gathering>,
    /// What they hung on walls.
    pub wall: Vec<OnWall>,
    /// Introductions in which they are one of the two.
    pub introductions: Vec<Introduction>,
    /// Their welcome.
    pub welcome: Welcome,
    /// Newcomers whom they agreed to greet.
    pub greetings: Vec<Greeting>,
    /// Whom they blocked, the latest first.
    pub blocks: Vec<Block>,
    /// Words of theirs from elsewhere that are not here yet. Those that are here are posts.
    pub from_before: Vec<FromBefore>,
    /// Days on which they wrote something or came to something that all members can see.
    pub days_here: Vec<DayHere>,
    /// Whom they invited, one by one or as a group.
    pub invitations: Vec<Invitation>,
    /// What they did as a host; of nobody else.
    pub hosting: Hosting,
    /// Their pictures, which lie beside this file.
    pub pictures: Vec<Picture>,
}

/// Who somebody is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// Their name (handle).
    pub name: String,
    /// What they are called.
    pub display_name: String,
    /// As they gave them; may be empty.
    pub pronouns: String,
    /// Their own line; may be empty.
    pub line: String,
    /// Where they live; may be empty.
    pub town: String,
    /// What they like.
    pub interests: Vec<String>,
    /// The IANA zone in which they read times.
    pub zone: String,
    /// `member`, `host` or `admin`.
    pub role: String,
    /// Since when they are here.
    pub joined_at: At,
    /// Who invited them.
    pub invited_by: Option<Somebody>,
    /// Their portrait.
    pub picture: Option<PictureFile>,
    /// When they are reminded of what they answered: `both` (a day and an hour before), `day`, `hour` or `none`.
    pub reminders: String,
    /// Others see when they are in a room.
    pub shown_in_rooms: bool,
}

/// Where and what somebody gets by mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MailWishes {
    /// The address that they confirmed.
    pub address: Option<String>,
    /// One that they have not confirmed yet.
    pub unconfirmed: Option<String>,
    /// Reminders come by mail.
    pub reminders: bool,
    /// What changes comes by mail.
    pub changes: bool,
    /// The weekly letter comes by mail.
    pub weekly: bool,
}

/// The sentences about somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SentencesAbout {
    /// What the others see.
    pub stands: Option<Sentence>,
    /// What waits for their yes.
    pub waits: Option<Sentence>,
    /// They want none.
    pub wants_none: bool,
}

/// A sentence about somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sentence {
    /// What it says.
    pub words: String,
    /// Who wrote it: a host, or themselves; nobody, where that host has left.
    pub by: Option<Somebody>,
    /// When.
    pub at: At,
}

/// A post or a reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Post {
    /// Where it stands.
    pub address: PostAddress,
    /// The post that began its thread; its own address, where it is that post.
    pub thread: PostAddress,
    /// What it answers; of a post, nothing.
    pub answers: Option<PostAddress>,
    /// When it was written.
    pub at: At,
    /// When it was last changed.
    pub edited_at: Option<At>,
    /// `public`, `community` or `named`.
    pub audience: String,
    /// For whom it is beside its author, where it is for named people.
    pub named: Vec<Somebody>,
    /// The content note that stands over it.
    pub note: Option<String>,
    /// As it was typed.
    pub markdown: String,
    /// As it is shown.
    pub html: SafeHtml,
    /// Its tags.
    pub tags: Vec<String>,
    /// Which gathering it announces.
    pub gathering: Option<GatheringName>,
    /// It was said in the room of a session, and stands on no timeline.
    pub in_room: bool,
    /// It came along from elsewhere.
    pub from_before: bool,
    /// The pictures that hang on it.
    pub pictures: Vec<PictureFile>,
    /// How it stood before it was changed, the oldest first.
    pub earlier: Vec<Earlier>,
}

/// How a post stood once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Earlier {
    /// Since when.
    pub at: At,
    /// Its content note.
    pub note: Option<String>,
    /// As it was shown.
    pub html: SafeHtml,
}

/// A reaction of theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reaction {
    /// To what.
    pub post: PostAddress,
    /// Which.
    pub reaction: String,
}

/// What a gathering is called, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GatheringName {
    /// Its title.
    pub title: String,
    /// Its address.
    pub address: String,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Session {
    /// Of which gathering; none, where they are not asked to that any more.
    pub gathering: Option<GatheringName>,
    /// The date by which it is known.
    pub date: NaiveDate,
}

/// An answer to a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rsvp {
    /// To which.
    #[serde(flatten)]
    pub session: Session,
    /// `yes`, `maybe` or `no`.
    pub answer: String,
    /// Their note; may be empty.
    pub note: String,
    /// How many they bring along.
    pub guests: u32,
    /// There was no room, and they wait for some.
    pub waiting: bool,
    /// It was made of a standing answer.
    pub standing: bool,
    /// When.
    pub at: At,
}

/// That they come each time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StandingAnswer {
    /// To what; none, where they are not asked to that any more.
    pub gathering: Option<GatheringName>,
    /// How many they bring along.
    pub guests: u32,
    /// Since when.
    pub at: At,
}

/// That they were somewhere, or were not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attendance {
    /// Where.
    #[serde(flatten)]
    pub session: Session,
    /// Whether they were.
    pub came: bool,
    /// Who says so: `themselves`, `host` or `room`.
    pub known_by: &'static str,
    /// Since when.
    pub at: At,
}

/// Something that they bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bringing {
    /// To which session.
    #[serde(flatten)]
    pub session: Session,
    /// What.
    pub thing: String,
    /// How many.
    pub many: u32,
    /// When they said so.
    pub at: At,
}

/// A gathering, as those who keep it see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gathering {
    /// What it is called.
    pub title: String,
    /// Its address.
    pub address: String,
    /// They planned it; else they keep it together with whoever did.
    pub planned: bool,
    /// Who keeps it beside its planner.
    pub cohosts: Vec<Somebody>,
    /// `public`, `community` or `named`.
    pub audience: String,
    /// Whom it is for, where it is for named people.
    pub named: Vec<Somebody>,
    /// What it is, as it was typed.
    pub markdown: String,
    /// As it is shown.
    pub html: SafeHtml,
    /// When and where it is.
    #[serde(flatten)]
    pub rhythm: Rhythm,
    /// When and where it was before it was changed from some session on, the oldest first.
    pub former: Vec<Rhythm>,
    /// Sessions that have something of their own.
    pub sessions: Vec<OwnSession>,
    /// How many seats there are.
    pub capacity: Option<u32>,
    /// How many guests each may bring.
    pub guests: u32,
    /// How many hours before a session one has to answer.
    pub answer_by_hours: Option<u32>,
    /// What is usually to be brought.
    pub things: Vec<Thing>,
    /// When it was planned.
    pub planned_at: At,
    /// Since when all that is to come is cancelled.
    pub cancelled_at: Option<At>,
    /// And why.
    pub cancelled: Option<String>,
}

/// When and where a gathering is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rhythm {
    /// The first date, on its own clock.
    pub first_date: NaiveDate,
    /// When it begins, on its own clock: `19:30`.
    pub start_time: String,
    /// How long it takes.
    pub minutes: i64,
    /// The IANA zone of that clock.
    pub zone: String,
    /// How it recurs, as RRULE (RFC 5545); none, where it does not.
    pub rule: Option<String>,
    /// Where; may be empty.
    pub place: String,
    /// Where online; may be empty.
    pub link: String,
    /// What to look for at the door; may be empty.
    pub door: String,
}

/// What a session has of its own. What is none is as usual.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnSession {
    /// The date by which it is known.
    pub date: NaiveDate,
    /// `usual`, `left-out` or `extra`.
    pub standing: String,
    /// To which date it was moved.
    pub moved_date: Option<String>,
    /// To what time: `19:30`.
    pub moved_time: Option<String>,
    /// How long it takes instead.
    pub moved_minutes: Option<i64>,
    /// Why it was cancelled.
    pub cancelled: Option<String>,
    /// Where it is instead.
    pub place: Option<String>,
    /// Where online instead.
    pub link: Option<String>,
    /// What to look for instead.
    pub door: Option<String>,
    /// What is said of it, as it was typed; may be empty.
    pub markdown: String,
    /// As it is shown.
    pub html: SafeHtml,
    /// What is to be brought, in place of the usual.
    pub things: Option<Vec<Thing>>,
    /// The host's note on its keepsake, as it was typed; may be empty.
    pub keepsake: String,
    /// As it is shown.
    pub keepsake_html: SafeHtml,
    /// Visitors may see the keepsake.
    pub keepsake_published: bool,
}

impl OwnSession {
    /// A session of that date that has nothing of its own.
    pub fn usual(date: NaiveDate) -> Self {
        Self {
            date,
            standing: "usual".to_owned(),
            moved_date: None,
            moved_time: None,
            moved_minutes: None,
            cancelled: None,
            place: None,
            link: None,
            door: None,
            markdown: String::new(),
            html: SafeHtml::default(),
            things: None,
            keepsake: String::new(),
            keepsake_html: SafeHtml::default(),
            keepsake_published: false,
        }
    }
}

/// A picture on the wall of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OnWall {
    /// Of which.
    #[serde(flatten)]
    pub session: Session,
    /// The picture.
    pub picture: PictureFile,
    /// What was on when it came; may be empty.
    pub turn: String,
    /// Visitors may see it, where the keepsake is published.
    pub agreed: bool,
    /// When it came.
    pub at: At,
}

/// An introduction of theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Introduction {
    /// The thread that it opened.
    pub thread: PostAddress,
    /// Who introduced them.
    pub by: Somebody,
    /// To whom.
    pub with: Somebody,
    /// What was said of them; of the other, nothing is here. None, where the host changed the words since.
    pub sentence: Option<String>,
    /// They would rather not.
    pub declined: bool,
    /// When.
    pub at: At,
}

/// Their welcome. Which of its steps is done follows from all else that stands here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Welcome {
    /// Which version of the house rules they accepted; 0 is none since the rules have versions.
    pub rules_accepted: i64,
    /// They put their welcome away.
    pub put_away: bool,
    /// Steps that they put off.
    pub put_off: Vec<String>,
    /// They like to greet newcomers.
    pub greets: bool,
}

/// Somebody whom they blocked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Block {
    /// Whom.
    pub who: Somebody,
    /// Since when.
    pub since: At,
}

/// A newcomer whom they agreed to greet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Greeting {
    /// Whom.
    pub newcomer: Somebody,
    /// When they were asked.
    pub at: At,
}

/// Words from elsewhere that are not here yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FromBefore {
    /// What it is called.
    pub called: String,
    /// `chat` or `posts`.
    pub kind: String,
    /// What they are called in it.
    pub voice: String,
    /// The words.
    pub messages: Vec<Message>,
}

/// One message from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// When it was written.
    pub at: At,
    /// Plain words.
    pub words: String,
    /// It is to be left out.
    pub left_out: bool,
}

/// A day on which they were here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayHere {
    /// The day, on the community's clock.
    pub day: NaiveDate,
    /// They wrote something.
    pub wrote: bool,
    /// They came to something.
    pub came: bool,
}

/// An invitation of theirs. The link itself is not in it: it opens the door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Invitation {
    /// `person` or `group`.
    pub kind: String,
    /// For whom.
    pub name: String,
    /// What they wrote to them; may be empty.
    pub note: String,
    /// When.
    pub at: At,
}

/// What somebody did as a host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hosting {
    /// Their weeks, by their Mondays.
    pub weeks: Vec<NaiveDate>,
    /// When they are away.
    pub away: Option<Away>,
    /// How much time they gave.
    pub time: Vec<WeekTime>,
    /// Their sparks that went by. What a sent one says stands in its post.
    pub sparks: Vec<Spark>,
    /// Their sparks to come.
    pub sparks_to_come: Vec<SparkToCome>,
    /// Prompts that they wrote.
    pub prompts: Vec<Prompt>,
}

/// When a host is away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Away {
    /// From when.
    pub from: At,
    /// Until when.
    pub until: At,
    /// What they wrote to the other hosts; may be empty.
    pub word: String,
}

/// The time of a host in a week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WeekTime {
    /// The week, by its Monday.
    pub week: NaiveDate,
    /// How much.
    pub seconds: i64,
}

/// A spark that went by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Spark {
    /// When.
    pub at: At,
    /// `sent`, `late`, `no-host` or `stopped`.
    pub became: String,
    /// The post that it became, if that is still there.
    pub post: Option<PostAddress>,
    /// What it would have said, where it was not sent.
    pub words: String,
}

/// A spark to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SparkToCome {
    /// What it says; of a weekly one, the wordings that take turns.
    pub wordings: Vec<String>,
    /// The date of the next, on the community's clock.
    pub date: NaiveDate,
    /// And its time: `09:00`.
    pub time: String,
    /// Each week.
    pub weekly: bool,
    /// It rests.
    pub paused: bool,
}

/// A prompt of a host's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Prompt {
    /// What it says.
    pub words: String,
    /// When it was written.
    pub at: At,
}

/// A picture of theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// Where it lies.
    pub file: PictureFile,
    /// Says in words what is seen; may be empty.
    pub alt: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The post on which it hangs.
    pub post: Option<PostAddress>,
    /// Under what the server keeps it. It is in no file.
    #[serde(skip)]
    pub hash: String,
}

impl Belongings {
    /// Leaves out a picture whose file is missing.
    pub fn without(&mut self, picture: PictureFile) {
        self.pictures.retain(|kept| kept.file != picture);
        self.wall.retain(|kept| kept.picture != picture);
        self.profile.picture = self.profile.picture.filter(|kept| *kept != picture);
        for post in &mut self.posts {
            post.pictures.retain(|kept| *kept != picture);
        }
    }
}

/// What exports need read.
#[async_trait::async_trait]
pub trait ExportStore: Send + Sync {
    /// All that is the member's, as it stands now; a fixed number of queries, however much it is.
    async fn belongings(&self, me: &Me, at: Timestamp) -> Result<Belongings, Unavailable>;
}

/// The service for what people take home.
#[derive(Clone)]
pub struct Export {
    store: Arc<dyn ExportStore>,
    clock: Arc<dyn Clock>,
}

impl Export {
    /// Over a store.
    pub fn new(store: Arc<dyn ExportStore>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// All that is the member's.
    pub async fn of(&self, me: &Me) -> Result<Belongings, Unavailable> {
        self.store.belongings(me, self.clock.now()).await
    }
}

/// What the file is called: after the community, and the member's day.
pub fn file_name(community: &str, me: &Me, at: Timestamp) -> String {
    format!("{}-{}.zip", crate::gatherings::slug_of(community), me.zone.date(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_in_utc_as_rfc_3339() {
        let written = |at: i64| serde_json::to_string(&At(Timestamp(at))).expect("JSON");
        assert_eq!(written(1_793_620_800_000), "\"2026-11-02T12:00:00Z\"");
        assert_eq!(written(1_793_620_800_250), "\"2026-11-02T12:00:00.250Z\"");
    }

    #[test]
    fn posts_and_pictures_are_told_by_where_they_are() {
        assert_eq!(serde_json::to_string(&PostAddress(PostId(7))).expect("JSON"), "\"/posts/7\"");
        assert_eq!(serde_json::to_string(&PictureFile(PictureId(7))).expect("JSON"), "\"pictures/7.webp\"");
    }
}
