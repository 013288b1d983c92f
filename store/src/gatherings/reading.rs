//! What is read of gatherings, always as its viewer.

use crate::{
    connection::{Json, Store, all, column, from_json, value, values},
    law,
    people::{byline, sorted_as},
};
use chrono::{NaiveDate, NaiveTime};
use domain::{
    gatherings::{
        Answer, Gathering, Left, NAMED_COMING, Rsvp, Tally,
        calendar::{Cancelled, Exception, Moved, Rhythm, Standing},
        coming::Terms,
        rule::RuleRefusal,
        sessions::Schedule,
    },
    ids::{GatheringId, MemberId, PictureId},
    outcome::Unavailable,
    people::{Byline, Role},
    pictures::Picture,
    prose::SafeHtml,
    time::{Timestamp, Zone},
    timeline::Audience,
    viewer::{Me, Viewer},
};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use serde::Deserialize;
use std::collections::BTreeSet;

/// A gathering with all that belongs to it, in the order of [`whole`].
#[derive(Deserialize)]
struct GatheringRow {
    id: i64,
    slug: String,
    title: String,
    markdown: String,
    html: String,
    picture: Option<i64>,
    width: Option<u32>,
    height: Option<u32>,
    alt: Option<String>,
    first_date: String,
    start_time: String,
    minutes: i64,
    zone: String,
    rule: Option<String>,
    place: String,
    link: String,
    audience: String,
    host_id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
    changes: i64,
    planned_at: i64,
    changed_at: i64,
    cancelled: Option<String>,
    cancelled_at: Option<i64>,
    exceptions: Option<Vec<ExceptionRow>>,
    former: Option<Vec<RhythmRow>>,
    only_named: u8,
    door: String,
    link_opens: u32,
    capacity: Option<u32>,
    guests: u32,
    answer_by: Option<u32>,
    cohosts: Option<Vec<SomebodyRow>>,
    named: Option<Vec<SomebodyRow>>,
    room: String,
    quiet: u8,
    said: Option<Vec<SaidRow>>,
}

/// What was said of a session: its date, how many come, what the viewer said and whether they wait.
#[derive(Deserialize)]
struct SaidRow(String, u32, Option<String>, Option<u8>);

impl SaidRow {
    fn tally(self, gathering: i64) -> Result<Tally, Unavailable> {
        let Self(on, yes, mine, waiting) = self;
        Ok(Tally {
            gathering: GatheringId(gathering),
            date: date(&on)?,
            yes,
            mine: mine.as_deref().map(answer).transpose()?,
            waiting: waiting == Some(1),
            names: Vec::new(),
        })
    }
}

/// Somebody, as a row of a list in [`GatheringRow`].
#[derive(Deserialize)]
struct SomebodyRow(i64, String, String, Option<i64>);

fn somebodies(rows: Option<Vec<SomebodyRow>>) -> Result<Vec<Byline>, Unavailable> {
    let byline = |SomebodyRow(id, name, shown, picture)| byline(id, &name, shown, picture);
    let mut people = rows.into_iter().flatten().map(byline).collect::<Result<Vec<_>, _>>()?;
    people.sort_by_cached_key(|who| sorted_as(&who.display_name));
    Ok(people)
}

/// What a session has of its own, as a row of the list in [`GatheringRow`].
#[derive(Deserialize)]
struct ExceptionRow(
    String,
    String,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
    String,
    i64,
    i64,
    Option<String>,
    Option<String>,
);

impl ExceptionRow {
    fn exception(self, member: bool) -> Result<Exception, Unavailable> {
        let Self(
            on,
            standing,
            moved_date,
            moved_time,
            moved_minutes,
            cancelled,
            place,
            link,
            markdown,
            html,
            changes,
            changed_at,
            room,
            door,
        ) = self;
        let moved = match (moved_date, moved_time, moved_minutes) {
            (Some(day), Some(at), Some(minutes)) => Some(Moved { date: date(&day)?, time: time(&at)?, minutes: minutes as u32 }),
            _ => None,
        };
        Ok(Exception {
            date: date(&on)?,
            standing: Standing::from_word(&standing).ok_or_else(|| Unavailable::because("a kept standing is not one"))?,
            moved,
            cancelled,
            place,
            online: link.as_ref().map(|link| !link.is_empty()),
            link: link.map(|link| if member { link } else { String::new() }),
            door,
            markdown,
            html: SafeHtml::from_sanitizer(html),
            room: room.as_deref().map(from_json).transpose()?,
            changes,
            changed_at: Timestamp(changed_at),
        })
    }
}

/// A rhythm, as a row of the list in [`GatheringRow`].
#[derive(Deserialize)]
struct RhythmRow(String, String, i64, String, Option<String>, String, String, String);

impl RhythmRow {
    fn rhythm(self, member: bool) -> Result<Rhythm, Unavailable> {
        let Self(first_date, start_time, minutes, zone, rule, place, link, door) = self;
        let schedule = KeptSchedule { first_date, start_time, minutes, zone, rule }.read()?;
        Ok(Rhythm { schedule, place, online: !link.is_empty(), link: if member { link } else { String::new() }, door })
    }
}

/// What of gatherings is read.
#[derive(Clone, Copy)]
enum Detail {
    /// For lists: what of single dates is not over at `$2`, and neither descriptions nor pictures.
    InLists,
    /// As for lists; of what is over at `$2`, all that single dates had of their own, to tell when it was. And what was said of the sessions
    /// that are not over.
    Announced,
    /// All of it.
    Whole,
}

/// The statement that reads the gatherings `g` of a condition with all that belongs to them. It answers with one text, as the
/// timeline's does: to hand row after row from the database's thread to ours took longer than to find them.
fn whole(Json { array, list }: Json, detail: Detail, which: &str) -> String {
    let (words, own_words, since) = match detail {
        Detail::InLists => ("'', ''", "'', ''", "$2"),
        Detail::Announced => ("'', ''", "'', ''", "CASE WHEN g.over_at > $2 THEN $2 ELSE 0 END"),
        Detail::Whole => ("g.markdown, g.html", "s.markdown, s.html", "0"),
    };
    let (room, own_room) = match detail {
        Detail::InLists | Detail::Announced => ("''", "NULL"),
        Detail::Whole => ("g.room", "s.room"),
    };
    let (picture, pictures) = match detail {
        Detail::InLists | Detail::Announced => ("NULL, NULL, NULL, NULL", ""),
        Detail::Whole => ("c.id, c.width, c.height, c.alt", " LEFT JOIN pictures c ON c.id = g.picture_id"),
    };
    let said = match detail {
        Detail::InLists | Detail::Whole => "NULL".to_owned(),
        Detail::Announced => format!(
            // One by one, each found by its key: taken together, all answers that there ever were would be read.
            "(SELECT {list}({array}(s.date, \
             (SELECT CAST(COALESCE(SUM(1 + v.guests), 0) AS BIGINT) FROM rsvps v \
             WHERE v.gathering_id = s.gathering_id AND v.date = s.date AND v.answer = 'yes' AND NOT v.waiting), \
             (SELECT v.answer FROM rsvps v WHERE v.gathering_id = s.gathering_id AND v.date = s.date AND v.member_id = $1), \
             (SELECT CASE WHEN v.waiting THEN 1 ELSE 0 END FROM rsvps v \
             WHERE v.gathering_id = s.gathering_id AND v.date = s.date AND v.member_id = $1))) \
             FROM sessions s WHERE s.gathering_id = g.id AND s.ends_at > $2 AND $1 <> 0)"
        ),
    };
    format!(
        "SELECT CAST({list}({array}(g.id, g.slug, g.title, {words}, {picture}, g.first_date, g.start_time, g.minutes, g.zone, g.rule, \
         g.place, g.link, g.audience, g.host_id, m.name, m.display_name, m.picture_id, g.changes, g.planned_at, \
         CASE WHEN g.quiet_since > g.changed_at THEN g.quiet_since ELSE g.changed_at END, g.cancelled, g.cancelled_at, \
         (SELECT {list}({array}(s.date, s.standing, s.moved_date, s.moved_time, s.moved_minutes, s.cancelled, s.place, s.link, \
         {own_words}, s.changes, s.changed_at, {own_room}, s.door)) FROM sessions s WHERE s.gathering_id = g.id AND s.special_until > {since}), \
         (SELECT {list}({array}(r.first_date, r.start_time, r.minutes, r.zone, r.rule, r.place, r.link, r.door)) FROM rhythms r \
         WHERE r.gathering_id = g.id), \
         CASE WHEN g.only_named THEN 1 ELSE 0 END, g.door, g.link_opens, g.capacity, g.guests, g.answer_by, \
         (SELECT {list}({array}(o.id, o.name, o.display_name, o.picture_id)) FROM gathering_hosts h \
         JOIN members o ON o.id = h.member_id WHERE h.gathering_id = g.id), \
         CASE WHEN g.only_named THEN (SELECT {list}({array}(o.id, o.name, o.display_name, o.picture_id)) \
         FROM gathering_named n JOIN members o ON o.id = n.member_id WHERE n.gathering_id = g.id AND n.member_id <> g.host_id \
         AND NOT EXISTS (SELECT 1 FROM gathering_hosts k WHERE k.gathering_id = g.id AND k.member_id = n.member_id)) END, {room}, \
         CASE WHEN g.quiet_since IS NULL THEN 0 ELSE 1 END, {said})) AS TEXT) FROM gatherings g JOIN members m ON m.id = g.host_id{pictures} WHERE {which}"
    )
}

/// The rows of the gatherings `g` of a condition.
async fn rows(store: &Store, detail: Detail, which: &str, values: Vec<Value>) -> Result<Vec<GatheringRow>, Unavailable> {
    let text: Option<Option<String>> = value(store.read(), whole(Json::of(store.read()), detail, which), values).await?;
    Ok(text.flatten().as_deref().map(from_json).transpose()?.unwrap_or_default())
}

/// The gatherings `g` of a condition, as a viewer sees them.
async fn found(store: &Store, viewer: &Viewer, detail: Detail, which: &str, values: Vec<Value>) -> Result<Vec<Gathering>, Unavailable> {
    rows(store, detail, which, values).await?.into_iter().map(|row| row.gathering(viewer)).collect()
}

/// Whether a member keeps a gathering of somebody's, unless they are a co-host of it.
pub(super) fn keeps(me: &Me, host: i64) -> bool {
    me.id.0 == host || me.role >= Role::Host
}

pub(super) const TIME: &str = "%H:%M:%S";

impl GatheringRow {
    fn gathering(self, viewer: &Viewer) -> Result<Gathering, Unavailable> {
        let me = viewer.me();
        let picture = match (self.picture, self.width, self.height) {
            (Some(id), Some(width), Some(height)) => Some(Picture { id: PictureId(id), width, height, alt: self.alt.unwrap_or_default() }),
            _ => None,
        };
        let rows = self.exceptions.into_iter().flatten();
        let mut exceptions = rows.map(|row| row.exception(me.is_some())).collect::<Result<Vec<_>, _>>()?;
        exceptions.sort_by_key(|exception| exception.date);
        let rows = self.former.into_iter().flatten();
        let mut former = rows.map(|row| row.rhythm(me.is_some())).collect::<Result<Vec<_>, _>>()?;
        former.sort_by_key(|rhythm| rhythm.schedule.first);
        let (cohosts, named) = (somebodies(self.cohosts)?, somebodies(self.named)?);
        let cancelled = self.cancelled_at.map(|at| Cancelled { at: Timestamp(at), why: self.cancelled.unwrap_or_default() });
        Ok(Gathering {
            id: GatheringId(self.id),
            slug: self.slug,
            title: self.title,
            markdown: self.markdown,
            html: SafeHtml::from_sanitizer(self.html),
            picture,
            schedule: KeptSchedule {
                first_date: self.first_date,
                start_time: self.start_time,
                minutes: self.minutes,
                zone: self.zone,
                rule: self.rule,
            }
            .read()?,
            former,
            exceptions,
            cancelled,
            place: self.place,
            online: !self.link.is_empty(),
            link: if me.is_some() { self.link } else { String::new() },
            audience: match Audience::from_word(&self.audience) {
                Some(Audience::Community) if self.only_named != 0 => Audience::Named,
                kept => kept.ok_or_else(|| Unavailable::because("a kept audience is not one"))?,
            },
            mine: me.is_some_and(|me| keeps(me, self.host_id) || cohosts.iter().any(|cohost| cohost.id == me.id)),
            // Who else keeps it is for members, as are portraits.
            cohosts: if me.is_some() { cohosts } else { Vec::new() },
            named: if me.is_some() { named } else { Vec::new() },
            terms: Terms {
                door: self.door,
                link_opens: self.link_opens,
                capacity: self.capacity,
                guests: self.guests,
                answer_by: self.answer_by,
            },
            room: Some(self.room).filter(|room| !room.is_empty()).as_deref().map(from_json).transpose()?.unwrap_or_default(),
            quiet: self.quiet != 0,
            host: byline(self.host_id, &self.name, self.display_name, self.picture_id.filter(|_| me.is_some()))?,
            changes: self.changes,
            planned_at: Timestamp(self.planned_at),
            changed_at: Timestamp(self.changed_at),
        })
    }
}

/// A date of a record. Dates in records are `yyyy-mm-dd`, so that their order is the order of the text.
pub(crate) fn date(text: &str) -> Result<NaiveDate, Unavailable> {
    text.parse().map_err(|_| Unavailable::because("a kept date is not one"))
}

fn time(text: &str) -> Result<NaiveTime, Unavailable> {
    NaiveTime::parse_from_str(text, TIME).map_err(|_| Unavailable::because("a kept time is not one"))
}

/// When a gathering is, as its row says it.
#[derive(FromQueryResult)]
pub(super) struct KeptSchedule {
    pub first_date: String,
    pub start_time: String,
    pub minutes: i64,
    pub zone: String,
    pub rule: Option<String>,
}

impl KeptSchedule {
    pub fn read(self) -> Result<Schedule, Unavailable> {
        let rule = self.rule.as_deref().map(str::parse).transpose();
        Ok(Schedule {
            first: date(&self.first_date)?,
            time: time(&self.start_time)?,
            minutes: self.minutes as u32,
            zone: Zone::from_record(self.zone),
            rule: rule.map_err(|refusal: RuleRefusal| Unavailable(Box::new(refusal)))?,
        })
    }
}

fn answer(word: &str) -> Result<Answer, Unavailable> {
    Answer::from_word(word).ok_or_else(|| Unavailable::because("a kept answer is not one"))
}

/// A tally: its gathering, date, how many come, what the viewer said and whether they wait, and names.
#[derive(Deserialize)]
struct TallyRow(i64, String, u32, Option<String>, u8, Option<Vec<String>>);

#[derive(FromQueryResult)]
struct RsvpRow {
    id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
    answer: String,
    note: String,
    guests: i64,
    waiting: bool,
    always: bool,
    since: i64,
    line: String,
}

/// The dates of a gathering, from one on, that somebody answered, or to which somebody brings something.
pub(super) async fn answered(db: &impl ConnectionTrait, gathering: GatheringId, from: NaiveDate) -> Result<Vec<NaiveDate>, Unavailable> {
    // What else hangs on a date goes along with it as those do who answered it.
    let sql = "SELECT date FROM rsvps WHERE gathering_id = $1 AND date >= $2 UNION SELECT date FROM rooms WHERE gathering_id = $1 AND date >= $2 \
               UNION SELECT date FROM attendance WHERE gathering_id = $1 AND date >= $2 \
               UNION SELECT date FROM here WHERE gathering_id = $1 AND date >= $2 \
               UNION SELECT date FROM takings WHERE gathering_id = $1 AND date >= $2 ORDER BY date";
    let dates: Vec<String> = column(db, sql, values![gathering.0, from.to_string()]).await?;
    dates.iter().map(|on| date(on)).collect()
}

/// The dates of a gathering that are somebody's turn, have a list of their own, or of which somebody was told.
pub(super) async fn set_up(db: &impl ConnectionTrait, gathering: GatheringId) -> Result<Vec<NaiveDate>, Unavailable> {
    // Whoever was told of a date finds it, too.
    let sql = "SELECT date FROM rota WHERE gathering_id = $1 UNION ALL SELECT date FROM own_things WHERE gathering_id = $1 \
               UNION ALL SELECT date FROM notifications WHERE gathering_id = $1 AND date IS NOT NULL";
    let dates: Vec<String> = column(db, sql, values![gathering.0]).await?;
    let dates = dates.iter().map(|on| date(on)).collect::<Result<BTreeSet<_>, _>>()?;
    Ok(dates.into_iter().collect())
}

/// Those who bring something to a session.
pub(super) async fn bringing(
    store: &Store,
    viewer: &Viewer,
    gathering: GatheringId,
    date: NaiveDate,
) -> Result<Vec<MemberId>, Unavailable> {
    let sql = format!(
        "SELECT t.member_id FROM takings t JOIN gatherings g ON g.id = t.gathering_id \
         WHERE t.gathering_id = $2 AND t.date = $3 AND $1 <> 0 AND {}",
        law::gathering(viewer)
    );
    let members: Vec<i64> = column(store.read(), sql, values![law::viewer_id(viewer), gathering.0, date.to_string()]).await?;
    // Whoever brings several things is one.
    let members: BTreeSet<i64> = members.into_iter().collect();
    Ok(members.into_iter().map(MemberId).collect())
}

pub(super) async fn gatherings(store: &Store, viewer: &Viewer, since: Timestamp) -> Result<Vec<Gathering>, Unavailable> {
    let which = format!("g.over_at > $2 AND {}", law::gathering(viewer));
    found(store, viewer, Detail::InLists, &which, values![law::viewer_id(viewer), since.0]).await
}

pub(super) async fn announced(
    store: &Store,
    viewer: &Viewer,
    gatherings: &[GatheringId],
    now: Timestamp,
) -> Result<Vec<(Gathering, Vec<Tally>)>, Unavailable> {
    let mut values = values![law::viewer_id(viewer), now.0];
    let places: Vec<String> = (values.len() + 1..).zip(gatherings).map(|(place, _)| format!("${place}")).collect();
    values.extend(gatherings.iter().map(|gathering| Value::from(gathering.0)));
    let which = format!("g.id IN ({}) AND {}", places.join(", "), law::gathering(viewer));
    let with_said = |mut row: GatheringRow| {
        let (id, said) = (row.id, row.said.take());
        let said = said.into_iter().flatten().map(|said| said.tally(id)).collect::<Result<Vec<_>, _>>()?;
        Ok((row.gathering(viewer)?, said))
    };
    rows(store, Detail::Announced, &which, values).await?.into_iter().map(with_said).collect()
}

pub(super) async fn calendar(store: &Store, viewer: &Viewer, since: Timestamp) -> Result<Vec<Gathering>, Unavailable> {
    let which = format!("g.over_at > $2 AND {}", law::gathering(viewer));
    found(store, viewer, Detail::Whole, &which, values![law::viewer_id(viewer), since.0]).await
}

pub(super) async fn gathering(store: &Store, viewer: &Viewer, slug: &str) -> Result<Option<Gathering>, Unavailable> {
    let which = format!("g.slug = $2 AND {}", law::gathering(viewer));
    Ok(found(store, viewer, Detail::Whole, &which, values![law::viewer_id(viewer), slug]).await?.into_iter().next())
}

pub(super) async fn moved_to(store: &Store, viewer: &Viewer, slug: &str, was: NaiveDate) -> Result<Option<NaiveDate>, Unavailable> {
    let sql = format!(
        "SELECT f.date FROM former_dates f JOIN gatherings g ON g.id = f.gathering_id WHERE $1 >= 0 AND g.slug = $2 AND f.was = $3 AND {}",
        law::gathering(viewer)
    );
    let found: Option<String> = value(store.read(), sql, values![law::viewer_id(viewer), slug, was.to_string()]).await?;
    found.as_deref().map(date).transpose()
}

pub(super) async fn with_standing_answers(store: &Store, since: Timestamp) -> Result<Vec<Gathering>, Unavailable> {
    // Nobody looks: what is made of them is answers that somebody gave beforehand.
    let which = "g.over_at > $2 AND $1 = 0 AND EXISTS (SELECT 1 FROM standing_answers a WHERE a.gathering_id = g.id)";
    found(store, &Viewer::Visitor, Detail::InLists, which, values![law::viewer_id(&Viewer::Visitor), since.0]).await
}

pub(super) async fn going_on(store: &Store, since: Timestamp) -> Result<Vec<Gathering>, Unavailable> {
    // Nobody looks here either.
    let which = "g.over_at > $2 AND $1 = 0";
    found(store, &Viewer::Visitor, Detail::InLists, which, values![law::viewer_id(&Viewer::Visitor), since.0]).await
}

/// The series without an end whose hosts have not been asked whether they are still on.
pub(super) async fn endless(store: &Store) -> Result<Vec<Gathering>, Unavailable> {
    // Nobody looks here either.
    let which = "g.over_at = 9223372036854775807 AND g.quiet_since IS NULL AND $1 = 0 AND $2 = 0";
    found(store, &Viewer::Visitor, Detail::InLists, which, values![law::viewer_id(&Viewer::Visitor), 0_i64]).await
}

pub(super) async fn tallies(store: &Store, viewer: &Viewer, dates: (NaiveDate, NaiveDate)) -> Result<Vec<Tally>, Unavailable> {
    let Json { array, list } = Json::of(store.read());
    // Names are looked for only where somebody else comes.
    let sql = format!(
        "SELECT CAST({list}({array}(found.gathering_id, found.date, found.yes, found.mine, found.waiting, \
         CASE WHEN found.others > 0 THEN (SELECT {list}(named.display_name) FROM (\
         SELECT m.display_name FROM rsvps w JOIN members m ON m.id = w.member_id \
         WHERE w.date = found.date AND w.gathering_id = found.gathering_id AND w.answer = 'yes' AND NOT w.waiting AND w.member_id <> $1 \
         ORDER BY w.member_id LIMIT {NAMED_COMING}) named) END)) AS TEXT) FROM (\
         SELECT v.gathering_id, v.date, \
         CAST(SUM(CASE WHEN v.answer = 'yes' AND NOT v.waiting THEN 1 + v.guests ELSE 0 END) AS BIGINT) AS yes, \
         MAX(CASE WHEN v.member_id = $1 THEN v.answer END) AS mine, \
         MAX(CASE WHEN v.member_id = $1 AND v.waiting THEN 1 ELSE 0 END) AS waiting, \
         MAX(CASE WHEN v.member_id <> $1 AND v.answer = 'yes' AND NOT v.waiting THEN 1 ELSE 0 END) AS others \
         FROM rsvps v JOIN gatherings g ON g.id = v.gathering_id \
         WHERE v.date >= $2 AND v.date <= $3 AND $1 <> 0 AND {law} GROUP BY v.date, v.gathering_id) found",
        law = law::gathering(viewer)
    );
    let values = values![law::viewer_id(viewer), dates.0.to_string(), dates.1.to_string()];
    let text: Option<Option<String>> = value(store.read(), sql, values).await?;
    let rows: Vec<TallyRow> = text.flatten().as_deref().map(from_json).transpose()?.unwrap_or_default();
    let tally = |TallyRow(gathering, on, yes, mine, waiting, names)| {
        Ok(Tally {
            gathering: GatheringId(gathering),
            date: date(&on)?,
            yes,
            mine: mine.as_deref().map(answer).transpose()?,
            waiting: waiting != 0,
            names: names.unwrap_or_default(),
        })
    };
    rows.into_iter().map(tally).collect()
}

pub(super) async fn rsvps(store: &Store, viewer: &Viewer, gathering: GatheringId, date: NaiveDate) -> Result<Vec<Rsvp>, Unavailable> {
    let sql = format!(
        "SELECT m.id, m.name, m.display_name, m.picture_id, m.line, v.answer, v.note, v.guests, v.waiting, v.since, \
         EXISTS (SELECT 1 FROM standing_answers a WHERE a.gathering_id = v.gathering_id AND a.member_id = v.member_id) AS always \
         FROM rsvps v JOIN members m ON m.id = v.member_id JOIN gatherings g ON g.id = v.gathering_id \
         WHERE v.gathering_id = $2 AND v.date = $3 AND $1 <> 0 AND {}",
        law::gathering(viewer)
    );
    let rows: Vec<RsvpRow> = all(store.read(), sql, values![law::viewer_id(viewer), gathering.0, date.to_string()]).await?;
    let rsvp = |row: RsvpRow| {
        let who = byline(row.id, &row.name, row.display_name, row.picture_id)?;
        let (answer, guests) = (answer(&row.answer)?, row.guests as u32);
        Ok((row.since, Rsvp { who, answer, note: row.note, guests, waiting: row.waiting, always: row.always, line: row.line }))
    };
    let mut rsvps = rows.into_iter().map(rsvp).collect::<Result<Vec<_>, Unavailable>>()?;
    rsvps.sort_by_cached_key(|(since, rsvp)| {
        let place = Answer::ALL.iter().position(|answer| *answer == rsvp.answer);
        // Those who wait stand in the order in which they move up.
        (place, rsvp.waiting.then_some(*since), sorted_as(&rsvp.who.display_name), rsvp.who.id)
    });
    Ok(rsvps.into_iter().map(|(_, rsvp)| rsvp).collect())
}

#[derive(FromQueryResult)]
struct LeftRow {
    date: String,
    note_html: String,
    pictures: i64,
}

/// What is left of sessions. Of what was published, visitors see the note, and the pictures of those who agreed.
pub(super) async fn left(store: &Store, viewer: &Viewer, gathering: GatheringId, dates: &[NaiveDate]) -> Result<Vec<Left>, Unavailable> {
    let mut values = values![law::viewer_id(viewer), gathering.0];
    let places: Vec<String> = (values.len() + 1..).zip(dates).map(|(place, _)| format!("${place}")).collect();
    values.extend(dates.iter().map(|date| Value::from(date.to_string())));
    let sql = format!(
        "SELECT r.date, CASE WHEN $1 <> 0 OR r.published THEN r.note_html ELSE '' END AS note_html, \
         (SELECT COUNT(*) FROM wall w WHERE w.gathering_id = r.gathering_id AND w.date = r.date \
         AND ($1 <> 0 OR (w.agreed AND r.published))) AS pictures \
         FROM rooms r JOIN gatherings g ON g.id = r.gathering_id WHERE r.gathering_id = $2 AND r.date IN ({}) AND {}",
        places.join(", "),
        law::gathering(viewer)
    );
    let rows: Vec<LeftRow> = all(store.read(), sql, values).await?;
    let left =
        |row: LeftRow| Ok(Left { date: date(&row.date)?, note: SafeHtml::from_sanitizer(row.note_html), pictures: row.pictures as u32 });
    rows.into_iter().map(left).collect()
}
