//! The rows of [`super`]'s statements, and what each says in the file.

use crate::{connection::from_json, gatherings::date};
use domain::{
    export::{At, GatheringName, OwnSession, PictureFile, Post, PostAddress, Rhythm, Session, Somebody},
    gatherings::bring::Thing,
    ids::{PictureId, PostId},
    outcome::Unavailable,
    prose::SafeHtml,
    time::Timestamp,
};
use sea_orm::FromQueryResult;

/// An instant that is kept as a number.
pub fn at(kept: i64) -> At {
    At(Timestamp(kept))
}

pub fn html(kept: String) -> SafeHtml {
    SafeHtml::from_sanitizer(kept)
}

pub fn post_address(id: i64) -> PostAddress {
    PostAddress(PostId(id))
}

pub fn picture_file(id: i64) -> PictureFile {
    PictureFile(PictureId(id))
}

pub fn somebody(name: Option<String>, display_name: Option<String>) -> Option<Somebody> {
    Some(Somebody { name: name?, display_name: display_name? })
}

/// What a gathering is called, where it may be seen.
pub fn named(slug: Option<String>, title: Option<String>) -> Option<GatheringName> {
    Some(GatheringName { address: format!("/gatherings/{}", slug?), title: title? })
}

/// A time of day, without the seconds that none has.
pub fn clock(kept: &str) -> String {
    kept.chars().take("19:30".len()).collect()
}

pub fn things(kept: &str) -> Result<Vec<Thing>, Unavailable> {
    if kept.is_empty() { Ok(Vec::new()) } else { from_json(kept) }
}

#[derive(FromQueryResult)]
pub struct MemberRow {
    pub name: String,
    pub display_name: String,
    pub pronouns: String,
    pub line: String,
    pub town: String,
    pub interests: String,
    pub zone: String,
    pub role: String,
    pub joined_at: i64,
    pub inviter: Option<String>,
    pub inviter_shown: Option<String>,
    pub picture_id: Option<i64>,
    pub reminders: String,
    pub shown_here: bool,
    pub mail_address: Option<String>,
    pub unconfirmed: Option<String>,
    pub mail_reminders: bool,
    pub mail_changes: bool,
    pub mail_weekly: bool,
    pub accepted: Option<i64>,
    pub put_away: Option<bool>,
    pub greets: Option<bool>,
    pub away_from: Option<i64>,
    pub away_until: Option<i64>,
    pub away_word: Option<String>,
}

#[derive(FromQueryResult)]
pub struct PostRow {
    pub id: i64,
    pub root_id: i64,
    pub parent_id: Option<i64>,
    pub audience: String,
    pub markdown: String,
    pub html: String,
    pub note: Option<String>,
    pub at: i64,
    pub edited_at: Option<i64>,
    pub in_room: bool,
    pub brought: i64,
    pub slug: Option<String>,
    pub title: Option<String>,
}

impl PostRow {
    pub fn post(self) -> Post {
        Post {
            address: post_address(self.id),
            thread: post_address(self.root_id),
            answers: self.parent_id.map(post_address),
            at: at(self.at),
            edited_at: self.edited_at.map(at),
            audience: self.audience,
            named: Vec::new(),
            note: self.note,
            markdown: self.markdown,
            html: html(self.html),
            tags: Vec::new(),
            gathering: named(self.slug, self.title),
            in_room: self.in_room,
            from_before: self.brought > 0,
            pictures: Vec::new(),
            earlier: Vec::new(),
        }
    }
}

#[derive(FromQueryResult)]
pub struct NamedRow {
    pub of: i64,
    pub name: String,
    pub display_name: String,
}

#[derive(FromQueryResult)]
pub struct TagRow {
    pub post_id: i64,
    pub tag: String,
}

#[derive(FromQueryResult)]
pub struct EarlierRow {
    pub id: i64,
    pub post_id: i64,
    pub html: String,
    pub note: Option<String>,
    pub at: i64,
}

#[derive(FromQueryResult)]
pub struct PictureRow {
    pub id: i64,
    pub hash: String,
    pub width: i64,
    pub height: i64,
    pub alt: String,
    pub post_id: Option<i64>,
    pub place: i64,
}

#[derive(FromQueryResult)]
pub struct ReactionRow {
    pub post_id: i64,
    pub reaction: String,
}

/// Which session, as far as its gathering may be seen: the columns of [`of_session`].
#[derive(FromQueryResult)]
pub struct SessionRow {
    pub date: String,
    pub slug: Option<String>,
    pub title: Option<String>,
}

impl SessionRow {
    pub fn session(self) -> Result<Session, Unavailable> {
        Ok(Session { gathering: named(self.slug, self.title), date: date(&self.date)? })
    }
}

#[derive(FromQueryResult)]
pub struct RsvpRow {
    #[sea_orm(nested)]
    pub of: SessionRow,
    pub answer: String,
    pub note: String,
    pub guests: i64,
    pub waiting: bool,
    pub standing: bool,
    pub at: i64,
}

#[derive(FromQueryResult)]
pub struct StandingRow {
    pub slug: Option<String>,
    pub title: Option<String>,
    pub guests: i64,
    pub at: i64,
}

#[derive(FromQueryResult)]
pub struct AttendanceRow {
    #[sea_orm(nested)]
    pub of: SessionRow,
    pub came: bool,
    pub known_by: i64,
    pub at: i64,
}

#[derive(FromQueryResult)]
pub struct BringingRow {
    #[sea_orm(nested)]
    pub of: SessionRow,
    pub name: String,
    pub many: i64,
    pub at: i64,
}

#[derive(FromQueryResult)]
pub struct TurnRow {
    #[sea_orm(nested)]
    pub of: SessionRow,
}

#[derive(FromQueryResult)]
pub struct WallRow {
    #[sea_orm(nested)]
    pub of: SessionRow,
    pub picture_id: i64,
    pub turn: String,
    pub agreed: bool,
    pub at: i64,
}

#[derive(FromQueryResult)]
pub struct RhythmRow {
    pub first_date: String,
    pub start_time: String,
    pub minutes: i64,
    pub zone: String,
    pub rule: Option<String>,
    pub place: String,
    pub link: String,
    pub door: String,
}

impl RhythmRow {
    pub fn rhythm(self) -> Result<Rhythm, Unavailable> {
        Ok(Rhythm {
            first_date: date(&self.first_date)?,
            start_time: clock(&self.start_time),
            minutes: self.minutes,
            zone: self.zone,
            rule: self.rule,
            place: self.place,
            link: self.link,
            door: self.door,
        })
    }
}

#[derive(FromQueryResult)]
pub struct GatheringRow {
    pub id: i64,
    pub slug: String,
    pub title: String,
    pub host_id: i64,
    pub audience: String,
    pub only_named: bool,
    pub markdown: String,
    pub html: String,
    #[sea_orm(nested)]
    pub rhythm: RhythmRow,
    pub capacity: Option<i64>,
    pub guests: i64,
    pub answer_by: Option<i64>,
    pub things: String,
    pub planned_at: i64,
    pub cancelled_at: Option<i64>,
    pub cancelled: Option<String>,
}

#[derive(FromQueryResult)]
pub struct FormerRow {
    pub gathering_id: i64,
    #[sea_orm(nested)]
    pub rhythm: RhythmRow,
}

#[derive(FromQueryResult)]
pub struct OwnRow {
    pub gathering_id: i64,
    pub date: String,
    pub standing: String,
    pub moved_date: Option<String>,
    pub moved_time: Option<String>,
    pub moved_minutes: Option<i64>,
    pub cancelled: Option<String>,
    pub place: Option<String>,
    pub link: Option<String>,
    pub door: Option<String>,
    pub markdown: String,
    pub html: String,
    pub things: Option<String>,
    pub keepsake: Option<String>,
    pub keepsake_html: Option<String>,
    pub published: Option<bool>,
}

impl OwnRow {
    pub fn session(self) -> Result<OwnSession, Unavailable> {
        Ok(OwnSession {
            date: date(&self.date)?,
            standing: self.standing,
            moved_date: self.moved_date,
            moved_time: self.moved_time.as_deref().map(clock),
            moved_minutes: self.moved_minutes,
            cancelled: self.cancelled,
            place: self.place,
            link: self.link,
            door: self.door,
            markdown: self.markdown,
            html: html(self.html),
            things: self.things.as_deref().map(things).transpose()?,
            keepsake: self.keepsake.unwrap_or_default(),
            keepsake_html: html(self.keepsake_html.unwrap_or_default()),
            keepsake_published: self.published.unwrap_or_default(),
        })
    }
}

#[derive(FromQueryResult)]
pub struct IntroductionRow {
    pub post_id: i64,
    pub at: i64,
    pub markdown: String,
    pub by_name: String,
    pub by_shown: String,
    pub with_name: String,
    pub with_shown: String,
    pub declined: bool,
}

#[derive(FromQueryResult)]
pub struct GreetingRow {
    pub name: String,
    pub display_name: String,
    pub at: i64,
}

#[derive(FromQueryResult)]
pub struct VoiceRow {
    pub archive_id: i64,
    pub place: i64,
    pub called: String,
    pub kind: String,
    pub voice: String,
}

#[derive(FromQueryResult)]
pub struct MessageRow {
    pub archive_id: i64,
    pub voice: i64,
    pub at: i64,
    pub words: String,
    pub left_out: bool,
}

#[derive(FromQueryResult)]
pub struct DayRow {
    pub day: String,
    pub wrote: bool,
    pub came: bool,
}

#[derive(FromQueryResult)]
pub struct InvitationRow {
    pub kind: String,
    pub name: String,
    pub note: String,
    pub made_at: i64,
}

#[derive(FromQueryResult)]
pub struct TimeRow {
    pub week: String,
    pub seconds: i64,
}

#[derive(FromQueryResult)]
pub struct SparkRow {
    pub at: i64,
    pub became: String,
    pub post_id: Option<i64>,
    pub words: String,
}

#[derive(FromQueryResult)]
pub struct ToComeRow {
    pub wordings: String,
    pub date: String,
    pub time: String,
    pub weekly: bool,
    pub paused: bool,
}

#[derive(FromQueryResult)]
pub struct PromptRow {
    pub words: String,
    pub at: i64,
}
