//! Gatherings' rows, the sessions on which something hangs, and answers.

use crate::{
    connection::{Json, Store, Write, all, column, from_json, one, value, values},
    law,
    notifications::News,
    people::{byline, sorted_as},
    sign_in::{ME, MeRow},
};
use chrono::{NaiveDate, NaiveTime};
use domain::{
    gatherings::{
        Answer, Gathering, GatheringStore, NAMED_COMING, NewGathering, NewRsvp, PlanRefusal, Rsvp, Session, Tally,
        calendar::{Cancelled, Exception, Moved, Rhythm, Standing},
        changes::{Carried, SeriesChange, SessionChange, SessionRefusal, Told},
        coming::{self, Reminder, Reminders, Terms},
        rule::{Rule, RuleRefusal},
        sessions::{self, Schedule},
    },
    ids::{GatheringId, MemberId, PictureId},
    live::Hint,
    outcome::{Error, Unavailable},
    people::{Byline, Role},
    pictures::Picture,
    prose::SafeHtml,
    time::{Timestamp, Zone},
    timeline::Audience,
    viewer::{Me, Viewer},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::BTreeSet;

#[derive(FromQueryResult)]
struct GatheringRow {
    id: i64,
    slug: String,
    title: String,
    markdown: String,
    html: String,
    picture: Option<i64>,
    width: Option<i64>,
    height: Option<i64>,
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
    exceptions: Option<String>,
    former: Option<String>,
    only_named: bool,
    door: String,
    link_opens: i64,
    capacity: Option<i64>,
    guests: i64,
    answer_by: Option<i64>,
    cohosts: Option<String>,
    named: Option<String>,
}

/// Somebody, as a row of a list in [`GatheringRow`].
#[derive(serde::Deserialize)]
struct SomebodyRow(i64, String, String, Option<i64>);

fn somebodies(list: Option<&str>) -> Result<Vec<Byline>, Unavailable> {
    let rows: Vec<SomebodyRow> = list.map(from_json).transpose()?.unwrap_or_default();
    let mut people =
        rows.into_iter().map(|SomebodyRow(id, name, shown, picture)| byline(id, &name, shown, picture)).collect::<Result<Vec<_>, _>>()?;
    people.sort_by_cached_key(|who| sorted_as(&who.display_name));
    Ok(people)
}

/// What a session has of its own, as a row of the list in [`GatheringRow`].
#[derive(serde::Deserialize)]
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
);

impl ExceptionRow {
    fn exception(self, member: bool) -> Result<Exception, Unavailable> {
        let Self(on, standing, moved_date, moved_time, moved_minutes, cancelled, place, link, markdown, html, changes, changed_at) = self;
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
            markdown,
            html: SafeHtml::from_sanitizer(html),
            changes,
            changed_at: Timestamp(changed_at),
        })
    }
}

/// A rhythm, as a row of the list in [`GatheringRow`].
#[derive(serde::Deserialize)]
struct RhythmRow(String, String, i64, String, Option<String>, String, String);

impl RhythmRow {
    fn rhythm(self, member: bool) -> Result<Rhythm, Unavailable> {
        let Self(first_date, start_time, minutes, zone, rule, place, link) = self;
        let schedule = KeptSchedule { first_date, start_time, minutes, zone, rule }.read()?;
        Ok(Rhythm { schedule, place, online: !link.is_empty(), link: if member { link } else { String::new() } })
    }
}

/// The gatherings, with what of their sessions and rhythms matters after an instant.
fn gatherings(json: Json, since: &str) -> String {
    let Json { array, list } = json;
    format!(
        "SELECT g.id, g.slug, g.title, g.markdown, g.html, c.id AS picture, c.width, c.height, c.alt, g.first_date, g.start_time, \
         g.minutes, g.zone, g.rule, g.place, g.link, g.audience, g.host_id, m.name, m.display_name, m.picture_id, g.changes, \
         g.planned_at, g.changed_at, g.cancelled, g.cancelled_at, \
         (SELECT CAST({list}({array}(s.date, s.standing, s.moved_date, s.moved_time, s.moved_minutes, s.cancelled, s.place, s.link, \
         s.markdown, s.html, s.changes, s.changed_at)) AS TEXT) FROM sessions s \
         WHERE s.gathering_id = g.id AND s.special_until > {since}) AS exceptions, \
         (SELECT CAST({list}({array}(r.first_date, r.start_time, r.minutes, r.zone, r.rule, r.place, r.link)) AS TEXT) FROM rhythms r \
         WHERE r.gathering_id = g.id) AS former, \
         g.only_named, g.door, g.link_opens, g.capacity, g.guests, g.answer_by, \
         (SELECT CAST({list}({array}(o.id, o.name, o.display_name, o.picture_id)) AS TEXT) FROM gathering_hosts h \
         JOIN members o ON o.id = h.member_id WHERE h.gathering_id = g.id) AS cohosts, \
         CASE WHEN g.only_named THEN (SELECT CAST({list}({array}(o.id, o.name, o.display_name, o.picture_id)) AS TEXT) \
         FROM gathering_named n JOIN members o ON o.id = n.member_id WHERE n.gathering_id = g.id AND n.member_id <> g.host_id \
         AND NOT EXISTS (SELECT 1 FROM gathering_hosts k WHERE k.gathering_id = g.id AND k.member_id = n.member_id)) END AS named \
         FROM gatherings g JOIN members m ON m.id = g.host_id LEFT JOIN pictures c ON c.id = g.picture_id"
    )
}

const TIME: &str = "%H:%M:%S";

impl GatheringRow {
    fn gathering(self, viewer: &Viewer) -> Result<Gathering, Unavailable> {
        let me = viewer.me();
        let picture = match (self.picture, self.width, self.height) {
            (Some(id), Some(width), Some(height)) => {
                Some(Picture { id: PictureId(id), width: width as u32, height: height as u32, alt: self.alt.unwrap_or_default() })
            }
            _ => None,
        };
        let rows: Vec<ExceptionRow> = self.exceptions.as_deref().map(from_json).transpose()?.unwrap_or_default();
        let mut exceptions = rows.into_iter().map(|row| row.exception(me.is_some())).collect::<Result<Vec<_>, _>>()?;
        exceptions.sort_by_key(|exception| exception.date);
        let rows: Vec<RhythmRow> = self.former.as_deref().map(from_json).transpose()?.unwrap_or_default();
        let mut former = rows.into_iter().map(|row| row.rhythm(me.is_some())).collect::<Result<Vec<_>, _>>()?;
        former.sort_by_key(|rhythm| rhythm.schedule.first);
        let (cohosts, named) = (somebodies(self.cohosts.as_deref())?, somebodies(self.named.as_deref())?);
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
                Some(Audience::Community) if self.only_named => Audience::Named,
                kept => kept.ok_or_else(|| Unavailable::because("a kept audience is not one"))?,
            },
            mine: me.is_some_and(|me| me.id.0 == self.host_id || me.role >= Role::Host || cohosts.iter().any(|cohost| cohost.id == me.id)),
            // Who else keeps it is for members, as are portraits.
            cohosts: if me.is_some() { cohosts } else { Vec::new() },
            named: if me.is_some() { named } else { Vec::new() },
            terms: Terms {
                door: self.door,
                link_opens: self.link_opens as u32,
                capacity: self.capacity.map(|seats| seats as u32),
                guests: self.guests as u32,
                answer_by: self.answer_by.map(|hours| hours as u32),
            },
            host: byline(self.host_id, &self.name, self.display_name, self.picture_id.filter(|_| me.is_some()))?,
            changes: self.changes,
            planned_at: Timestamp(self.planned_at),
            changed_at: Timestamp(self.changed_at),
        })
    }
}

/// A date of a record. Dates in records are `yyyy-mm-dd`, so that their order is the order of the text.
fn date(text: &str) -> Result<NaiveDate, Unavailable> {
    text.parse().map_err(|_| Unavailable::because("a kept date is not one"))
}

fn time(text: &str) -> Result<NaiveTime, Unavailable> {
    NaiveTime::parse_from_str(text, TIME).map_err(|_| Unavailable::because("a kept time is not one"))
}

/// When a gathering is, as its row says it.
pub(crate) struct KeptSchedule {
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

#[derive(FromQueryResult)]
struct TallyRow {
    gathering_id: i64,
    date: String,
    yes: i64,
    mine: Option<String>,
    names: Option<String>,
    waiting: i64,
}

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

/// What somebody said before.
#[derive(FromQueryResult)]
struct SaidRow {
    answer: String,
    guests: i64,
    waiting: bool,
    since: i64,
}

/// Somebody who is to be reminded of a session.
#[derive(FromQueryResult)]
struct DueRow {
    gathering_id: i64,
    date: String,
    member_id: i64,
    reminders: String,
}

/// Somebody who waits, or who comes each time.
#[derive(FromQueryResult)]
struct PartyRow {
    member_id: i64,
    guests: i64,
}

#[derive(FromQueryResult)]
struct FormerRow {
    picture_id: Option<i64>,
    audience: String,
    changes: i64,
    host_id: i64,
}

/// The dates of a gathering, from one on, that somebody answered.
async fn answered(db: &impl ConnectionTrait, gathering: GatheringId, from: NaiveDate) -> Result<Vec<NaiveDate>, Unavailable> {
    let sql = "SELECT DISTINCT date FROM rsvps WHERE gathering_id = $1 AND date >= $2 ORDER BY date";
    let dates: Vec<String> = column(db, sql, values![gathering.0, from.to_string()]).await?;
    dates.iter().map(|on| date(on)).collect()
}

impl Write {
    /// Keeps a gathering of the host's, under a free slug.
    pub async fn keep_gathering(&mut self, host: &Me, gathering: &NewGathering) -> Result<String, Error<PlanRefusal>> {
        // Slugs are chosen one after the other.
        self.lock_community().await?;
        // One that nobody else may know of must not be guessed by the number that another of its name would get.
        let named = gathering.audience == Audience::Named;
        let wanted = if named { format!("{}-{:06}", gathering.slug, fastrand::u32(..1_000_000)) } else { gathering.slug.clone() };
        let slug = self.free_slug(&wanted).await?;
        if let Some(picture) = gathering.picture
            && !self.hang(host, picture).await?
        {
            return Err(Error::Refused(PlanRefusal::PictureGone));
        }
        self.describe(gathering).await?;
        let insert = "INSERT INTO gatherings (id, first_date, start_time, minutes, zone, rule, over_at, slug, title, markdown, html, \
                      picture_id, place, link, audience, host_id, changes, planned_at, changed_at, only_named, door, link_opens, \
                      capacity, guests, answer_by) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, $17, $17, $18, $19, $20, \
                      $21, $22, $23) \
                      ON CONFLICT (id) DO NOTHING";
        let mut values = schedule_values(&gathering.schedule);
        values.extend(values![
            gathering.over_at().0,
            &slug,
            &gathering.title,
            &gathering.markdown,
            gathering.html.as_str(),
            gathering.picture.map(|picture| picture.0),
            &gathering.place,
            &gathering.link,
            audience(gathering).word(),
            host.id.0,
            gathering.at.0,
        ]);
        values.extend(term_values(gathering));
        let id = GatheringId(self.insert(gathering.at, insert, values).await?);
        for session in gathering.left_out() {
            let own = Exception { standing: Standing::LeftOut, changed_at: gathering.at, ..Exception::none(session.date) };
            self.keep_exception(id, &own, session, session.ends_at).await?;
        }
        let asked = self.keep_people(id, host.id.0, gathering).await?;
        if let Some(first) = sessions::all(&gathering.schedule).find(|session| !gathering.without.contains(&session.date)) {
            self.ask(host, id, asked, first, gathering.at).await?;
        }
        if gathering.announce {
            self.announce(host, id, gathering.audience, &gathering.title, gathering.at).await?;
        }
        self.tell_who_may_see(id, &Hint::GatheringChanged { gathering: id }).await?;
        Ok(slug)
    }

    /// The slug itself, or with the lowest number that makes it unique.
    async fn free_slug(&self, slug: &str) -> Result<String, Unavailable> {
        let mut wanted = slug.to_owned();
        for number in 2.. {
            let taken: Option<i64> = value(self.db(), "SELECT id FROM gatherings WHERE slug = $1", values![&wanted]).await?;
            if taken.is_none() {
                break;
            }
            wanted = format!("{slug}-{number}");
        }
        Ok(wanted)
    }

    /// A gathering that a member may change, held until the commit.
    async fn to_change(&self, by: &Me, id: GatheringId) -> Result<Option<FormerRow>, Unavailable> {
        self.run("UPDATE gatherings SET id = id WHERE id = $1", values![id.0]).await?;
        let sql = "SELECT picture_id, audience, changes, host_id FROM gatherings g WHERE id = $1 AND (host_id = $2 OR $3 OR EXISTS (\
                   SELECT 1 FROM gathering_hosts h WHERE h.gathering_id = g.id AND h.member_id = $2))";
        one(self.db(), sql, values![id.0, by.id.0, by.role >= Role::Host]).await
    }

    /// Holds a gathering until the commit; false where it was changed since it was looked at.
    async fn hold_as_seen(&self, gathering: GatheringId, seen: i64) -> Result<bool, Unavailable> {
        let hold = "UPDATE gatherings SET id = id WHERE id = $1 AND changes = $2";
        Ok(self.run(hold, values![gathering.0, seen]).await? > 0)
    }

    /// Keeps a session's row, with when it is.
    async fn keep_session(&self, gathering: GatheringId, session: Session) -> Result<(), Unavailable> {
        let keep = "INSERT INTO sessions (gathering_id, date, starts_at, ends_at) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (gathering_id, date) DO UPDATE SET starts_at = $3, ends_at = $4";
        self.run(keep, values![gathering.0, session.date.to_string(), session.starts_at.0, session.ends_at.0]).await.map(drop)
    }

    /// Keeps what a date has of its own; `session` is the session that stands there with it, or that was left out.
    async fn keep_exception(&self, gathering: GatheringId, own: &Exception, session: Session, until: Timestamp) -> Result<(), Unavailable> {
        self.keep_session(gathering, session).await?;
        let save = "UPDATE sessions SET standing = $3, moved_date = $4, moved_time = $5, moved_minutes = $6, cancelled = $7, place = $8, \
                    link = $9, markdown = $10, html = $11, changes = $12, changed_at = $13, special_until = $14 \
                    WHERE gathering_id = $1 AND date = $2";
        let values = values![
            gathering.0,
            own.date.to_string(),
            own.standing.word(),
            own.moved.map(|moved| moved.date.to_string()),
            own.moved.map(|moved| moved.time.format(TIME).to_string()),
            own.moved.map(|moved| i64::from(moved.minutes)),
            own.cancelled.as_deref(),
            own.place.as_deref(),
            own.link.as_deref(),
            &own.markdown,
            own.html.as_str(),
            own.changes,
            own.changed_at.0,
            until.0,
        ];
        self.run(save, values).await.map(drop)
    }

    /// Keeps what a gathering was before, in place of what was kept of it.
    async fn keep_rhythms(&self, gathering: GatheringId, former: &[Rhythm]) -> Result<(), Unavailable> {
        self.run("DELETE FROM rhythms WHERE gathering_id = $1", values![gathering.0]).await?;
        let keep = "INSERT INTO rhythms (gathering_id, first_date, start_time, minutes, zone, rule, place, link) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        for Rhythm { schedule, place, link, .. } in former {
            let mut values = values![gathering.0];
            values.extend(schedule_values(schedule));
            values.extend(values![place, link]);
            self.run(keep, values).await?;
        }
        Ok(())
    }

    /// Has those who answered go along to what their sessions became, and keeps what dates have of their own from then on.
    async fn carry(&self, change: &SeriesChange) -> Result<(), Unavailable> {
        let id = change.gathering;
        let usual = "UPDATE sessions SET standing = 'usual', moved_date = NULL, moved_time = NULL, moved_minutes = NULL, cancelled = NULL, \
                     place = NULL, link = NULL, markdown = '', html = '', special_until = NULL \
                     WHERE gathering_id = $1 AND date >= $2 AND special_until IS NOT NULL";
        self.run(usual, values![id.0, change.from.to_string()]).await?;
        for (own, session, until) in &change.exceptions {
            self.keep_exception(id, own, *session, *until).await?;
        }
        // The new dates may be old ones of others: all step aside before any takes its place.
        let moving = || change.carried.iter().filter(|carried| carried.from != carried.session.date);
        for Carried { from, session, .. } in moving() {
            let aside = Session { date: *from, ..*session };
            self.rename_session(id, &from.to_string(), &format!("to {}", session.date), aside).await?;
        }
        for Carried { session, .. } in moving() {
            self.rename_session(id, &format!("to {}", session.date), &session.date.to_string(), *session).await?;
        }
        for Carried { session, .. } in &change.carried {
            self.keep_session(id, *session).await?;
        }
        Ok(())
    }

    /// Gives all that hangs on a session's date to another date.
    async fn rename_session(&self, gathering: GatheringId, from: &str, to: &str, session: Session) -> Result<(), Unavailable> {
        let keep = "INSERT INTO sessions (gathering_id, date, starts_at, ends_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        self.run(keep, values![gathering.0, to, session.starts_at.0, session.ends_at.0]).await?;
        for table in ["rsvps", "reminded", "notifications"] {
            let sql = format!("UPDATE {table} SET date = $3 WHERE gathering_id = $1 AND date = $2");
            self.run(sql, values![gathering.0, from, to]).await?;
        }
        let gone = "DELETE FROM sessions WHERE gathering_id = $1 AND date = $2 AND special_until IS NULL";
        self.run(gone, values![gathering.0, from]).await.map(drop)
    }

    /// Keeps who is named in a gathering: its co-hosts, and for whom it is. Returns who is so for the first time.
    async fn keep_people(&self, id: GatheringId, planner: i64, gathering: &NewGathering) -> Result<BTreeSet<i64>, Unavailable> {
        let known = "SELECT member_id FROM gathering_named WHERE gathering_id = $1 UNION SELECT member_id FROM gathering_hosts WHERE gathering_id = $1";
        let known: BTreeSet<i64> = column::<i64>(self.db(), known, values![id.0]).await?.into_iter().collect();
        let named = [planner].into_iter().chain(gathering.cohosts.iter().chain(&gathering.named).map(|member| member.0));
        let only_named = gathering.audience == Audience::Named;
        let named: BTreeSet<i64> = named.filter(|_| only_named).collect();
        let cohosts: BTreeSet<i64> = gathering.cohosts.iter().map(|member| member.0).collect();
        let asked = cohosts.union(&named).copied().filter(|member| *member != planner && !known.contains(member)).collect();
        for (table, members) in [("gathering_hosts", cohosts), ("gathering_named", named)] {
            self.run(format!("DELETE FROM {table} WHERE gathering_id = $1"), values![id.0]).await?;
            for member in members {
                self.run(format!("INSERT INTO {table} (gathering_id, member_id) VALUES ($1, $2)"), values![id.0, member]).await?;
            }
        }
        if only_named {
            // Whoever is not named any more holds no seat and hears nothing more of it. What was is not rewritten.
            for (table, of) in [
                ("standing_answers", ""),
                ("rsvps", " AND date IN (SELECT date FROM sessions WHERE gathering_id = $1 AND starts_at > $2)"),
                ("notifications", ""),
            ] {
                let gone = format!(
                    "DELETE FROM {table} WHERE gathering_id = $1 AND $2 > 0{of} \
                     AND member_id NOT IN (SELECT member_id FROM gathering_named WHERE gathering_id = $1)"
                );
                self.run(gone, values![id.0, gathering.at.0]).await?;
            }
        }
        Ok(asked)
    }

    /// Asks those who are named in a gathering to come.
    async fn ask(&mut self, by: &Me, id: GatheringId, members: BTreeSet<i64>, to: Session, at: Timestamp) -> Result<(), Unavailable> {
        if !members.is_empty() {
            self.keep_session(id, to).await?;
        }
        for member in members.into_iter().filter(|member| *member != by.id.0) {
            let news = News::Session { gathering: id.0, date: to.date.to_string(), what: "named" };
            self.notify(member, Some(by.id), news, at).await?;
        }
        Ok(())
    }

    /// Has what announces a gathering follow it inwards. It never follows it outwards: its replies were not written for more people.
    async fn follow_inwards(&self, id: GatheringId, former: &FormerRow, audience: Audience) -> Result<(), Unavailable> {
        let announces = "root_id IN (SELECT id FROM posts WHERE gathering_id = $1)";
        match audience {
            Audience::Public => {}
            Audience::Community => {
                if former.audience == Audience::Public.word() {
                    let narrow = format!("UPDATE posts SET audience = $2 WHERE {announces} AND audience = 'public'");
                    self.run(narrow, values![id.0, audience.word()]).await?;
                }
            }
            Audience::Named => {
                // Those who could read it so far and are named go on reading it.
                let known = "INSERT INTO post_named (post_id, member_id) SELECT p.id, n.member_id FROM posts p \
                             JOIN gathering_named n ON n.gathering_id = p.gathering_id WHERE p.gathering_id = $1 AND p.audience <> 'named'";
                self.run(known, values![id.0]).await?;
                self.run(format!("UPDATE posts SET audience = $2 WHERE {announces}"), values![id.0, audience.word()]).await?;
                let gone = "DELETE FROM post_named WHERE post_id IN (SELECT id FROM posts WHERE gathering_id = $1) \
                            AND member_id NOT IN (SELECT member_id FROM gathering_named WHERE gathering_id = $1)";
                self.run(gone, values![id.0]).await?;
            }
        }
        Ok(())
    }

    /// Tells a hint to those who may see a gathering.
    async fn tell_who_may_see(&mut self, gathering: GatheringId, hint: &Hint) -> Result<(), Unavailable> {
        let only: Option<bool> = value(self.db(), "SELECT only_named FROM gatherings WHERE id = $1", values![gathering.0]).await?;
        if only != Some(true) {
            return self.tell(None, hint).await;
        }
        let named = "SELECT member_id FROM gathering_named WHERE gathering_id = $1";
        for member in column::<i64>(self.db(), named, values![gathering.0]).await? {
            self.tell(Some(MemberId(member)), hint).await?;
        }
        Ok(())
    }

    /// How many seats of a session are taken, by others than one member.
    async fn taken(&self, gathering: GatheringId, date: &str, but: i64) -> Result<u32, Unavailable> {
        let sql = "SELECT CAST(COALESCE(SUM(1 + guests), 0) AS BIGINT) FROM rsvps \
                   WHERE gathering_id = $1 AND date = $2 AND answer = 'yes' AND NOT waiting AND member_id <> $3";
        Ok(value::<i64>(self.db(), sql, values![gathering.0, date, but]).await?.unwrap_or(0) as u32)
    }

    /// How many a gathering has room for.
    async fn capacity(&self, gathering: GatheringId) -> Result<Option<u32>, Unavailable> {
        let sql = "SELECT capacity FROM gatherings WHERE id = $1";
        let capacity: Option<Option<i64>> = value(self.db(), sql, values![gathering.0]).await?;
        Ok(capacity.flatten().map(|seats| seats as u32))
    }

    /// Keeps an answer to a session: with a seat if there is room, else waiting for one.
    async fn answer(&self, me: &Me, date: &str, new: &NewRsvp, former: Option<&SaidRow>) -> Result<(), Unavailable> {
        let (gathering, member, guests) = (new.gathering, me.id.0, new.guests);
        let yes = former.filter(|former| former.answer == Answer::Yes.word());
        // Whoever has a seat keeps it, with no more guests than before.
        let seated = yes.is_some_and(|yes| !yes.waiting && i64::from(guests) <= yes.guests);
        let waiting = new.answer == Answer::Yes
            && !seated
            && !coming::has_room(self.capacity(gathering).await?, self.taken(gathering, date, member).await?, 1 + guests);
        let since = yes.map_or(new.at.0, |yes| yes.since);
        let keep = "INSERT INTO rsvps (gathering_id, date, member_id, answer, note, at, guests, waiting, since, standing) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, FALSE) ON CONFLICT (gathering_id, date, member_id) DO UPDATE \
                    SET answer = $4, note = $5, at = $6, guests = $7, waiting = $8, since = $9, standing = FALSE";
        let (answer, guests) = (new.answer.word(), i64::from(guests));
        self.run(keep, values![gathering.0, date, member, answer, &new.note, new.at.0, guests, waiting, since]).await.map(drop)
    }

    /// Has those who wait for a session move up as far as there is room, and tells them.
    async fn move_up(&mut self, gathering: GatheringId, date: &str, at: Timestamp) -> Result<(), Unavailable> {
        let sql = "SELECT member_id, guests FROM rsvps WHERE gathering_id = $1 AND date = $2 AND waiting ORDER BY since, member_id";
        let waiting: Vec<PartyRow> = all(self.db(), sql, values![gathering.0, date]).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let cancelled = "SELECT s.starts_at FROM sessions s JOIN gatherings g ON g.id = s.gathering_id WHERE s.gathering_id = $1 AND s.date = $2 \
                         AND (s.cancelled IS NOT NULL OR g.cancelled_at <= s.starts_at)";
        let cancelled: Option<i64> = value(self.db(), cancelled, values![gathering.0, date]).await?;
        if cancelled.is_some() {
            return Ok(());
        }
        let parties: Vec<(MemberId, u32)> = waiting.iter().map(|row| (MemberId(row.member_id), 1 + row.guests as u32)).collect();
        let up = coming::moved_up(self.capacity(gathering).await?, self.taken(gathering, date, 0).await?, &parties);
        let host: Option<i64> = value(self.db(), "SELECT host_id FROM gatherings WHERE id = $1", values![gathering.0]).await?;
        for member in up {
            let seat = "UPDATE rsvps SET waiting = FALSE WHERE gathering_id = $1 AND date = $2 AND member_id = $3";
            self.run(seat, values![gathering.0, date, member.0]).await?;
            let news = News::Session { gathering: gathering.0, date: date.to_owned(), what: "room" };
            self.notify(member.0, host.map(MemberId), news, at).await?;
        }
        Ok(())
    }

    /// Keeps that a member comes each time, or no longer, and what follows from it for the sessions some weeks ahead.
    async fn stand(&mut self, me: &Me, always: bool, new: &NewRsvp) -> Result<(), Unavailable> {
        let gathering = new.gathering;
        if !always {
            let gone = "DELETE FROM standing_answers WHERE gathering_id = $1 AND member_id = $2";
            if self.run(gone, values![gathering.0, me.id.0]).await? == 0 {
                return Ok(());
            }
            let made = "SELECT date FROM rsvps WHERE gathering_id = $1 AND member_id = $2 AND standing AND date IN \
                        (SELECT date FROM sessions WHERE gathering_id = $1 AND starts_at > $3)";
            let dates: Vec<String> = column(self.db(), made, values![gathering.0, me.id.0, new.at.0]).await?;
            for date in dates {
                let gone = "DELETE FROM rsvps WHERE gathering_id = $1 AND member_id = $2 AND date = $3";
                self.run(gone, values![gathering.0, me.id.0, &date]).await?;
                self.move_up(gathering, &date, new.at).await?;
            }
            return Ok(());
        }
        let keep = "INSERT INTO standing_answers (gathering_id, member_id, guests, at) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (gathering_id, member_id) DO UPDATE SET guests = CASE WHEN $5 THEN $3 ELSE standing_answers.guests END";
        // Who can't come once does not come without their guests the other times.
        let yes = new.answer == Answer::Yes;
        self.run(keep, values![gathering.0, me.id.0, i64::from(new.guests), new.at.0, yes]).await?;
        self.fill(gathering, new.seen, &new.coming, new.at).await.map(drop)
    }

    /// Makes standing answers answers to sessions where there are none yet; whether there were any.
    async fn fill(&mut self, gathering: GatheringId, seen: i64, coming: &[Session], at: Timestamp) -> Result<bool, Unavailable> {
        if !self.hold_as_seen(gathering, seen).await? {
            return Ok(false);
        }
        let most: Option<i64> = value(self.db(), "SELECT guests FROM gatherings WHERE id = $1", values![gathering.0]).await?;
        let most = most.unwrap_or(0);
        let mut filled = false;
        for session in coming {
            let date = session.date.to_string();
            let sql = "SELECT a.member_id, a.guests FROM standing_answers a WHERE a.gathering_id = $1 AND NOT EXISTS (\
                       SELECT 1 FROM rsvps v WHERE v.gathering_id = $1 AND v.date = $2 AND v.member_id = a.member_id) ORDER BY a.at, a.member_id";
            let parties: Vec<PartyRow> = all(self.db(), sql, values![gathering.0, &date]).await?;
            if parties.is_empty() {
                continue;
            }
            filled = true;
            self.keep_session(gathering, *session).await?;
            let (capacity, mut taken) = (self.capacity(gathering).await?, self.taken(gathering, &date, 0).await?);
            for PartyRow { member_id, guests } in parties {
                let guests = guests.min(most);
                let party = 1 + guests as u32;
                let waiting = !coming::has_room(capacity, taken, party);
                taken += if waiting { 0 } else { party };
                let keep = "INSERT INTO rsvps (gathering_id, date, member_id, answer, note, at, guests, waiting, since, standing) \
                            VALUES ($1, $2, $3, 'yes', '', $4, $5, $6, $4, TRUE) ON CONFLICT (gathering_id, date, member_id) DO NOTHING";
                self.run(keep, values![gathering.0, &date, member_id, at.0, guests, waiting]).await?;
            }
        }
        Ok(filled)
    }

    /// Tells those who answered a session what became of it; each hears of one kind of news but once.
    async fn tell_answered(
        &mut self,
        by: &Me,
        gathering: GatheringId,
        date: NaiveDate,
        told: Told,
        at: Timestamp,
        members: &mut BTreeSet<(i64, &'static str)>,
    ) -> Result<(), Unavailable> {
        let date = date.to_string();
        if told == Told::Changed {
            // Of what is at another time one is reminded again.
            self.run("DELETE FROM reminded WHERE gathering_id = $1 AND date = $2", values![gathering.0, &date]).await?;
        }
        let what = match told {
            Told::Changed => "changed",
            Told::Cancelled => "cancelled",
            Told::On => "on",
        };
        let sql = "SELECT member_id FROM rsvps WHERE gathering_id = $1 AND date = $2 AND member_id <> $3";
        let answered: Vec<i64> = column(self.db(), sql, values![gathering.0, &date, by.id.0]).await?;
        for member in answered {
            if !members.insert((member, what)) {
                continue;
            }
            // What is true now takes the place of what was.
            let forget = "DELETE FROM notifications WHERE kind = 'session' AND member_id = $1 AND gathering_id = $2 AND date = $3";
            self.run(forget, values![member, gathering.0, &date]).await?;
            self.notify(member, Some(by.id), News::Session { gathering: gathering.0, date: date.clone(), what }, at).await?;
        }
        Ok(())
    }

    /// Keeps what the picture of a gathering shows.
    async fn describe(&self, gathering: &NewGathering) -> Result<(), Unavailable> {
        if let Some(picture) = gathering.picture {
            self.run("UPDATE pictures SET alt = $2 WHERE id = $1", values![picture.0, &gathering.alt]).await?;
        }
        Ok(())
    }
}

/// The audience of a record: one for named people is the community's, narrowed by who is named.
fn audience(gathering: &NewGathering) -> Audience {
    if gathering.audience == Audience::Named { Audience::Community } else { gathering.audience }
}

/// Whether it is for named people, and the terms, in the order of the columns.
fn term_values(gathering: &NewGathering) -> Vec<sea_orm::Value> {
    let terms = &gathering.terms;
    values![
        gathering.audience == Audience::Named,
        &terms.door,
        i64::from(terms.link_opens),
        terms.capacity.map(i64::from),
        i64::from(terms.guests),
        terms.answer_by.map(i64::from),
    ]
}

/// When it is, in the order of the columns.
fn schedule_values(schedule: &Schedule) -> Vec<sea_orm::Value> {
    values![
        schedule.first.to_string(),
        schedule.time.format(TIME).to_string(),
        i64::from(schedule.minutes),
        schedule.zone.name(),
        schedule.rule.as_ref().map(Rule::to_string),
    ]
}

#[async_trait::async_trait]
impl GatheringStore for Store {
    async fn gatherings(&self, viewer: &Viewer, since: Timestamp) -> Result<Vec<Gathering>, Unavailable> {
        let sql = format!("{} WHERE g.over_at > $2 AND {}", gatherings(Json::of(self.read()), "$2"), law::gathering(viewer));
        let rows: Vec<GatheringRow> = all(self.read(), sql, values![law::viewer_id(viewer), since.0]).await?;
        rows.into_iter().map(|row| row.gathering(viewer)).collect()
    }

    async fn calendar(&self, viewer: &Viewer, since: Timestamp) -> Result<Vec<Gathering>, Unavailable> {
        let sql = format!("{} WHERE g.over_at > $2 AND {}", gatherings(Json::of(self.read()), "0"), law::gathering(viewer));
        let rows: Vec<GatheringRow> = all(self.read(), sql, values![law::viewer_id(viewer), since.0]).await?;
        rows.into_iter().map(|row| row.gathering(viewer)).collect()
    }

    async fn gathering(&self, viewer: &Viewer, slug: &str) -> Result<Option<Gathering>, Unavailable> {
        let sql = format!("{} WHERE g.slug = $2 AND {}", gatherings(Json::of(self.read()), "0"), law::gathering(viewer));
        let row: Option<GatheringRow> = one(self.read(), sql, values![law::viewer_id(viewer), slug]).await?;
        row.map(|row| row.gathering(viewer)).transpose()
    }

    async fn tallies(&self, viewer: &Viewer, from: NaiveDate) -> Result<Vec<Tally>, Unavailable> {
        let sql = format!(
            "SELECT v.gathering_id, v.date, \
             CAST(SUM(CASE WHEN v.answer = 'yes' AND NOT v.waiting THEN 1 + v.guests ELSE 0 END) AS BIGINT) AS yes, \
             MAX(CASE WHEN v.member_id = $1 THEN v.answer END) AS mine, \
             CAST(MAX(CASE WHEN v.member_id = $1 AND v.waiting THEN 1 ELSE 0 END) AS BIGINT) AS waiting, \
             (SELECT CAST({list}(found.display_name) AS TEXT) FROM (\
             SELECT m.display_name FROM rsvps w JOIN members m ON m.id = w.member_id \
             WHERE w.date = v.date AND w.gathering_id = v.gathering_id AND w.answer = 'yes' AND NOT w.waiting AND w.member_id <> $1 \
             ORDER BY w.member_id LIMIT {NAMED_COMING}) found) AS names \
             FROM rsvps v JOIN gatherings g ON g.id = v.gathering_id \
             WHERE v.date >= $2 AND $1 <> 0 AND {law} GROUP BY v.date, v.gathering_id",
            list = Json::of(self.read()).list,
            law = law::gathering(viewer)
        );
        let rows: Vec<TallyRow> = all(self.read(), sql, values![law::viewer_id(viewer), from.to_string()]).await?;
        let tally = |row: TallyRow| {
            Ok(Tally {
                gathering: GatheringId(row.gathering_id),
                date: date(&row.date)?,
                yes: row.yes as u32,
                mine: row.mine.as_deref().map(answer).transpose()?,
                waiting: row.waiting > 0,
                names: row.names.as_deref().map(from_json).transpose()?.unwrap_or_default(),
            })
        };
        rows.into_iter().map(tally).collect()
    }

    async fn rsvps(&self, viewer: &Viewer, gathering: GatheringId, date: NaiveDate) -> Result<Vec<Rsvp>, Unavailable> {
        let sql = format!(
            "SELECT m.id, m.name, m.display_name, m.picture_id, m.line, v.answer, v.note, v.guests, v.waiting, v.since, \
             EXISTS (SELECT 1 FROM standing_answers a WHERE a.gathering_id = v.gathering_id AND a.member_id = v.member_id) AS always \
             FROM rsvps v JOIN members m ON m.id = v.member_id JOIN gatherings g ON g.id = v.gathering_id \
             WHERE v.gathering_id = $2 AND v.date = $3 AND $1 <> 0 AND {}",
            law::gathering(viewer)
        );
        let rows: Vec<RsvpRow> = all(self.read(), sql, values![law::viewer_id(viewer), gathering.0, date.to_string()]).await?;
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

    async fn keep_gathering(&self, host: &Me, gathering: &NewGathering) -> Result<String, Error<PlanRefusal>> {
        let mut write = self.write().await?;
        let slug = write.keep_gathering(host, gathering).await?;
        write.commit().await?;
        Ok(slug)
    }

    async fn answered(&self, gathering: GatheringId, from: NaiveDate) -> Result<Vec<NaiveDate>, Unavailable> {
        answered(self.read(), gathering, from).await
    }

    async fn save_gathering(&self, by: &Me, change: &SeriesChange) -> Result<(), Error<PlanRefusal>> {
        let mut write = self.write().await?;
        let (id, new) = (change.gathering, &change.new);
        let former = write.to_change(by, id).await?.ok_or(Error::Refused(PlanRefusal::Gone))?;
        if former.changes != change.seen || answered(write.db(), id, change.from).await? != change.answered {
            return Err(Error::Refused(PlanRefusal::Overtaken));
        }
        let picture = new.picture.map(|picture| picture.0);
        if picture != former.picture_id {
            if let Some(picture) = new.picture
                && !write.hang(by, picture).await?
            {
                return Err(Error::Refused(PlanRefusal::PictureGone));
            }
            write.free(former.picture_id).await?;
        }
        write.describe(new).await?;
        let save = "UPDATE gatherings SET first_date = $2, start_time = $3, minutes = $4, zone = $5, rule = $6, over_at = $7, \
                    title = $8, markdown = $9, html = $10, picture_id = $11, place = $12, link = $13, audience = $14, \
                    changed_at = $15, changes = changes + 1, only_named = $16, door = $17, link_opens = $18, capacity = $19, guests = $20, \
                    answer_by = $21 WHERE id = $1";
        let mut values = values![id.0];
        values.extend(schedule_values(&new.schedule));
        values.push(change.over_at.0.into());
        let audience = audience(new).word();
        values.extend(values![&new.title, &new.markdown, new.html.as_str(), picture, &new.place, &new.link, audience, new.at.0]);
        values.extend(term_values(new));
        write.run(save, values).await?;
        let asked = write.keep_people(id, former.host_id, new).await?;
        write.keep_rhythms(id, &change.former).await?;
        write.carry(change).await?;
        write.run("UPDATE posts SET excerpt = $2 WHERE gathering_id = $1 AND markdown = ''", values![id.0, &new.title]).await?;
        if let Some(next) = change.next {
            write.ask(by, id, asked, next, new.at).await?;
        }
        write.follow_inwards(id, &former, new.audience).await?;
        for carried in &change.carried {
            // There may be more room now.
            write.move_up(id, &carried.session.date.to_string(), new.at).await?;
        }
        let mut told = BTreeSet::new();
        for carried in &change.carried {
            if let Some(news) = carried.told {
                write.tell_answered(by, id, carried.session.date, news, new.at, &mut told).await?;
            }
        }
        write.tell_who_may_see(id, &Hint::GatheringChanged { gathering: id }).await?;
        Ok(write.commit().await?)
    }

    async fn save_session(&self, by: &Me, change: &SessionChange) -> Result<(), Error<SessionRefusal>> {
        let mut write = self.write().await?;
        let (id, own) = (change.gathering, &change.own);
        let former = write.to_change(by, id).await?.ok_or(Error::Refused(SessionRefusal::Gone))?;
        if former.changes != change.seen {
            return Err(Error::Refused(SessionRefusal::Overtaken));
        }
        if own.standing == Standing::LeftOut && answered(write.db(), id, own.date).await?.first() == Some(&own.date) {
            return Err(Error::Refused(SessionRefusal::Answered));
        }
        write.keep_exception(id, own, change.session, change.until).await?;
        let count = "UPDATE gatherings SET over_at = $2, changed_at = $3, changes = changes + 1 WHERE id = $1";
        write.run(count, values![id.0, change.over_at.0, own.changed_at.0]).await?;
        if let Some(told) = change.told {
            write.tell_answered(by, id, own.date, told, own.changed_at, &mut BTreeSet::new()).await?;
        }
        write.tell_who_may_see(id, &Hint::GatheringChanged { gathering: id }).await?;
        Ok(write.commit().await?)
    }

    async fn cancel_gathering(
        &self,
        by: &Me,
        gathering: &Gathering,
        over_at: Timestamp,
        at: Timestamp,
    ) -> Result<(), Error<SessionRefusal>> {
        let mut write = self.write().await?;
        let (id, cancelled) = (gathering.id, gathering.cancelled.as_ref());
        let former = write.to_change(by, id).await?.ok_or(Error::Refused(SessionRefusal::Gone))?;
        if former.changes != gathering.changes {
            return Err(Error::Refused(SessionRefusal::Overtaken));
        }
        let save =
            "UPDATE gatherings SET cancelled = $2, cancelled_at = $3, over_at = $4, changed_at = $5, changes = changes + 1 WHERE id = $1";
        let (why, from) = (cancelled.map(|cancelled| cancelled.why.as_str()), cancelled.map(|cancelled| cancelled.at.0));
        write.run(save, values![id.0, why, from, over_at.0, at.0]).await?;
        let sql = "SELECT date FROM sessions WHERE gathering_id = $1 AND starts_at >= $2 AND cancelled IS NULL ORDER BY date";
        let dates: Vec<String> = column(write.db(), sql, values![id.0, at.0]).await?;
        let (told, mut members) = (if cancelled.is_some() { Told::Cancelled } else { Told::On }, BTreeSet::new());
        for on in dates {
            write.tell_answered(by, id, date(&on)?, told, at, &mut members).await?;
        }
        write.tell_who_may_see(id, &Hint::GatheringChanged { gathering: id }).await?;
        Ok(write.commit().await?)
    }

    async fn record_rsvp(&self, me: &Me, new: &NewRsvp) -> Result<bool, Unavailable> {
        let mut write = self.write().await?;
        let (gathering, date) = (new.gathering, new.session.date.to_string());
        if !write.hold_as_seen(gathering, new.seen).await? {
            return Ok(false);
        }
        write.keep_session(gathering, new.session).await?;
        let sql = "SELECT answer, guests, waiting, since FROM rsvps WHERE gathering_id = $1 AND date = $2 AND member_id = $3";
        let former: Option<SaidRow> = one(write.db(), sql, values![gathering.0, &date, me.id.0]).await?;
        write.answer(me, &date, new, former.as_ref()).await?;
        let former = former.map(|former| former.answer);
        write.move_up(gathering, &date, new.at).await?;
        if let Some(always) = new.always {
            write.stand(me, always, new).await?;
        }
        let host: Option<i64> = value(write.db(), "SELECT host_id FROM gatherings WHERE id = $1", values![gathering.0]).await?;
        if let Some(host) = host.filter(|host| *host != me.id.0 && former.as_deref() != Some(new.answer.word())) {
            // One line for each member and session: the new answer takes the place of the former one, and is news again.
            let forget = "DELETE FROM notifications WHERE kind = 'answered' AND member_id = $1 AND actor_id = $2 \
                          AND gathering_id = $3 AND date = $4";
            write.run(forget, values![host, me.id.0, gathering.0, &date]).await?;
            let news = News::Answered { gathering: gathering.0, date, answer: new.answer.word() };
            write.notify(host, Some(me.id), news, new.at).await?;
        }
        write.tell_who_may_see(gathering, &Hint::GatheringChanged { gathering }).await?;
        write.commit().await?;
        Ok(true)
    }

    async fn with_standing_answers(&self, since: Timestamp) -> Result<Vec<Gathering>, Unavailable> {
        let sql = format!(
            "{} WHERE g.over_at > $1 AND EXISTS (SELECT 1 FROM standing_answers a WHERE a.gathering_id = g.id)",
            gatherings(Json::of(self.read()), "$1")
        );
        let rows: Vec<GatheringRow> = all(self.read(), sql, values![since.0]).await?;
        rows.into_iter().map(|row| row.gathering(&Viewer::Visitor)).collect()
    }

    async fn remind(&self, reminder: Reminder, between: (Timestamp, Timestamp), at: Timestamp) -> Result<(), Unavailable> {
        // Whoever answered after that time need not be told, and neither must anybody be told twice.
        let sql = "SELECT v.gathering_id, v.date, v.member_id, m.reminders FROM sessions s \
                   JOIN rsvps v ON v.gathering_id = s.gathering_id AND v.date = s.date \
                   JOIN members m ON m.id = v.member_id JOIN gatherings g ON g.id = s.gathering_id \
                   WHERE s.starts_at > $1 AND s.starts_at <= $2 AND s.cancelled IS NULL AND s.standing <> 'left-out' \
                   AND (g.cancelled_at IS NULL OR s.starts_at < g.cancelled_at) AND v.answer IN ('yes', 'maybe') AND NOT v.waiting \
                   AND v.at <= s.starts_at - $3 \
                   AND (NOT g.only_named OR EXISTS (SELECT 1 FROM gathering_named n WHERE n.gathering_id = g.id AND n.member_id = v.member_id)) \
                   AND NOT EXISTS (SELECT 1 FROM reminded r WHERE r.gathering_id = v.gathering_id AND r.date = v.date \
                   AND r.member_id = v.member_id AND r.reminder = $4)";
        let ahead = reminder.ahead() * 1000;
        let values = values![between.0.0, between.1.0, ahead, reminder.word()];
        let due: Vec<DueRow> = all(self.read(), sql, values).await?;
        if due.is_empty() {
            return Ok(());
        }
        let mut write = self.write().await?;
        for DueRow { gathering_id, date, member_id, reminders } in due {
            let wanted = Reminders::from_word(&reminders).unwrap_or_default().hold(reminder);
            let once = "INSERT INTO reminded (gathering_id, date, member_id, reminder) VALUES ($1, $2, $3, $4) \
                        ON CONFLICT (gathering_id, date, member_id, reminder) DO NOTHING";
            let first = write.run(once, values![gathering_id, &date, member_id, reminder.word()]).await? > 0;
            if wanted && first {
                write.notify(member_id, None, News::Session { gathering: gathering_id, date, what: reminder.word() }, at).await?;
            }
        }
        write.commit().await
    }

    async fn reminders(&self, me: &Me) -> Result<Reminders, Unavailable> {
        let word: Option<String> = value(self.read(), "SELECT reminders FROM members WHERE id = $1", values![me.id.0]).await?;
        Ok(word.as_deref().and_then(Reminders::from_word).unwrap_or_default())
    }

    async fn save_reminders(&self, me: &Me, reminders: Reminders) -> Result<(), Unavailable> {
        let write = self.write().await?;
        write.run("UPDATE members SET reminders = $2 WHERE id = $1", values![me.id.0, reminders.word()]).await?;
        write.commit().await
    }

    async fn comes_each_time(&self, me: &Me, gathering: GatheringId) -> Result<bool, Unavailable> {
        let sql = "SELECT at FROM standing_answers WHERE gathering_id = $1 AND member_id = $2";
        Ok(value::<i64>(self.read(), sql, values![gathering.0, me.id.0]).await?.is_some())
    }

    async fn keep_up(&self, gathering: GatheringId, seen: i64, coming: &[Session], at: Timestamp) -> Result<(), Unavailable> {
        let mut write = self.write().await?;
        if write.fill(gathering, seen, coming, at).await? {
            write.tell_who_may_see(gathering, &Hint::GatheringChanged { gathering }).await?;
        }
        write.commit().await
    }

    async fn calendar_secret(&self, me: &Me, fresh: &str) -> Result<String, Unavailable> {
        let write = self.write().await?;
        let keep = "UPDATE members SET calendar_secret = COALESCE(calendar_secret, $2) WHERE id = $1 RETURNING calendar_secret";
        let secret: Option<String> = value(write.db(), keep, values![me.id.0, fresh]).await?;
        write.commit().await?;
        secret.ok_or_else(|| Unavailable::because("there is no such member"))
    }

    async fn renew_calendar_secret(&self, me: &Me, fresh: &str) -> Result<(), Unavailable> {
        let write = self.write().await?;
        write.run("UPDATE members SET calendar_secret = $2 WHERE id = $1", values![me.id.0, fresh]).await?;
        write.commit().await
    }

    async fn calendar_owner(&self, secret: &str) -> Result<Option<Me>, Unavailable> {
        let sql = format!("{ME} WHERE m.calendar_secret = $1");
        one::<MeRow>(self.read(), sql, values![secret]).await?.map(MeRow::me).transpose()
    }
}
