//! Gatherings' rows, the sessions on which something hangs, and answers.

use crate::{
    connection::{Json, Store, Write, all, from_json, one, value, values},
    law,
    notifications::News,
    people::{byline, sorted_as},
    sign_in::{ME, MeRow},
};
use chrono::{NaiveDate, NaiveTime};
use domain::{
    gatherings::{
        Answer, Gathering, GatheringStore, NAMED_COMING, NewGathering, PlanRefusal, Rsvp, Session, Tally,
        rule::{Ends, Rule, RuleRefusal},
        sessions::{self, Schedule},
    },
    ids::{GatheringId, PictureId},
    live::Hint,
    outcome::{Error, Unavailable},
    people::Role,
    pictures::Picture,
    prose::SafeHtml,
    time::{Timestamp, Zone},
    timeline::Audience,
    viewer::{Me, Viewer},
};
use sea_orm::FromQueryResult;

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
}

const GATHERINGS: &str = "SELECT g.id, g.slug, g.title, g.markdown, g.html, c.id AS picture, c.width, c.height, c.alt, g.first_date, g.start_time, \
     g.minutes, g.zone, g.rule, g.place, g.link, g.audience, g.host_id, m.name, m.display_name, m.picture_id, g.changes, \
     g.planned_at, g.changed_at \
     FROM gatherings g JOIN members m ON m.id = g.host_id LEFT JOIN pictures c ON c.id = g.picture_id";

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
            place: self.place,
            online: !self.link.is_empty(),
            link: if me.is_some() { self.link } else { String::new() },
            audience: Audience::from_word(&self.audience).ok_or_else(|| Unavailable::because("a kept audience is not one"))?,
            host: byline(self.host_id, &self.name, self.display_name, self.picture_id.filter(|_| me.is_some()))?,
            changes: self.changes,
            planned_at: Timestamp(self.planned_at),
            changed_at: Timestamp(self.changed_at),
            mine: me.is_some_and(|me| me.id.0 == self.host_id || me.role >= Role::Host),
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

/// When the session on a kept date starts, by a kept time and zone.
pub(crate) fn start(on: &str, at: &str, zone: &Zone) -> Result<Timestamp, Unavailable> {
    Ok(sessions::instant(date(on)?.and_time(time(at)?), zone))
}

fn answer(word: &str) -> Result<Answer, Unavailable> {
    Answer::from_word(word).ok_or_else(|| Unavailable::because("a kept answer is not one"))
}

/// When the last session of a schedule ends; the largest number if none is the last.
fn over_at(schedule: &Schedule) -> i64 {
    match &schedule.rule {
        Some(Rule { ends: Ends::Never, .. }) => i64::MAX,
        _ => sessions::last(schedule).map_or(0, |session| session.ends_at.0),
    }
}

#[derive(FromQueryResult)]
struct TallyRow {
    gathering_id: i64,
    date: String,
    yes: i64,
    mine: Option<String>,
    names: Option<String>,
}

#[derive(FromQueryResult)]
struct RsvpRow {
    id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
    answer: String,
    note: String,
}

#[derive(FromQueryResult)]
struct FormerRow {
    picture_id: Option<i64>,
    audience: String,
}

impl Write {
    /// Keeps a gathering of the host's, under a free slug.
    pub async fn keep_gathering(&mut self, host: &Me, gathering: &NewGathering) -> Result<String, Error<PlanRefusal>> {
        // Slugs are chosen one after the other.
        self.lock_community().await?;
        let slug = self.free_slug(&gathering.slug).await?;
        if let Some(picture) = gathering.picture
            && !self.hang(host, picture).await?
        {
            return Err(Error::Refused(PlanRefusal::PictureGone));
        }
        self.describe(gathering).await?;
        let insert = "INSERT INTO gatherings (id, first_date, start_time, minutes, zone, rule, over_at, slug, title, markdown, html, \
                      picture_id, place, link, audience, host_id, changes, planned_at, changed_at) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, $17, $17) \
                      ON CONFLICT (id) DO NOTHING";
        let mut values = schedule_values(&gathering.schedule);
        values.extend(values![
            &slug,
            &gathering.title,
            &gathering.markdown,
            gathering.html.as_str(),
            gathering.picture.map(|picture| picture.0),
            &gathering.place,
            &gathering.link,
            gathering.audience.word(),
            host.id.0,
            gathering.at.0,
        ]);
        let id = GatheringId(self.insert(gathering.at, insert, values).await?);
        if gathering.announce {
            self.announce(host, id, gathering.audience, &gathering.title, gathering.at).await?;
        }
        self.tell(None, &Hint::GatheringChanged { gathering: id }).await?;
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

    /// Keeps what the picture of a gathering shows.
    async fn describe(&self, gathering: &NewGathering) -> Result<(), Unavailable> {
        if let Some(picture) = gathering.picture {
            self.run("UPDATE pictures SET alt = $2 WHERE id = $1", values![picture.0, &gathering.alt]).await?;
        }
        Ok(())
    }
}

fn schedule_values(schedule: &Schedule) -> Vec<sea_orm::Value> {
    values![
        schedule.first.to_string(),
        schedule.time.format(TIME).to_string(),
        i64::from(schedule.minutes),
        schedule.zone.name(),
        schedule.rule.as_ref().map(Rule::to_string),
        over_at(schedule),
    ]
}

#[async_trait::async_trait]
impl GatheringStore for Store {
    async fn gatherings(&self, viewer: &Viewer, since: Timestamp) -> Result<Vec<Gathering>, Unavailable> {
        let sql = format!("{GATHERINGS} WHERE g.over_at > $2 AND {}", law::gathering(viewer));
        let rows: Vec<GatheringRow> = all(self.read(), sql, values![law::viewer_id(viewer), since.0]).await?;
        rows.into_iter().map(|row| row.gathering(viewer)).collect()
    }

    async fn gathering(&self, viewer: &Viewer, slug: &str) -> Result<Option<Gathering>, Unavailable> {
        let sql = format!("{GATHERINGS} WHERE g.slug = $2 AND {}", law::gathering(viewer));
        let row: Option<GatheringRow> = one(self.read(), sql, values![law::viewer_id(viewer), slug]).await?;
        row.map(|row| row.gathering(viewer)).transpose()
    }

    async fn tallies(&self, viewer: &Viewer, from: NaiveDate) -> Result<Vec<Tally>, Unavailable> {
        // Every member may see every gathering, as long as there are the two audiences that the table allows.
        let sql = format!(
            "SELECT v.gathering_id, v.date, COUNT(CASE WHEN v.answer = 'yes' THEN 1 END) AS yes, \
             MAX(CASE WHEN v.member_id = $1 THEN v.answer END) AS mine, \
             (SELECT CAST({list}(found.display_name) AS TEXT) FROM (\
             SELECT m.display_name FROM rsvps w JOIN members m ON m.id = w.member_id \
             WHERE w.date = v.date AND w.gathering_id = v.gathering_id AND w.answer = 'yes' AND w.member_id <> $1 \
             ORDER BY w.member_id LIMIT {NAMED_COMING}) found) AS names \
             FROM rsvps v WHERE v.date >= $2 AND $1 <> 0 GROUP BY v.date, v.gathering_id",
            list = Json::of(self.read()).list
        );
        let rows: Vec<TallyRow> = all(self.read(), sql, values![law::viewer_id(viewer), from.to_string()]).await?;
        let tally = |row: TallyRow| {
            Ok(Tally {
                gathering: GatheringId(row.gathering_id),
                date: date(&row.date)?,
                yes: row.yes as u32,
                mine: row.mine.as_deref().map(answer).transpose()?,
                names: row.names.as_deref().map(from_json).transpose()?.unwrap_or_default(),
            })
        };
        rows.into_iter().map(tally).collect()
    }

    async fn rsvps(&self, viewer: &Viewer, gathering: GatheringId, date: NaiveDate) -> Result<Vec<Rsvp>, Unavailable> {
        let sql = format!(
            "SELECT m.id, m.name, m.display_name, m.picture_id, v.answer, v.note FROM rsvps v \
             JOIN members m ON m.id = v.member_id JOIN gatherings g ON g.id = v.gathering_id \
             WHERE v.gathering_id = $2 AND v.date = $3 AND $1 <> 0 AND {}",
            law::gathering(viewer)
        );
        let rows: Vec<RsvpRow> = all(self.read(), sql, values![law::viewer_id(viewer), gathering.0, date.to_string()]).await?;
        let rsvp = |row: RsvpRow| {
            Ok(Rsvp { who: byline(row.id, &row.name, row.display_name, row.picture_id)?, answer: answer(&row.answer)?, note: row.note })
        };
        let mut rsvps = rows.into_iter().map(rsvp).collect::<Result<Vec<_>, Unavailable>>()?;
        rsvps.sort_by_cached_key(|rsvp| {
            let place = Answer::ALL.iter().position(|answer| *answer == rsvp.answer);
            (place, sorted_as(&rsvp.who.display_name), rsvp.who.id)
        });
        Ok(rsvps)
    }

    async fn keep_gathering(&self, host: &Me, gathering: &NewGathering) -> Result<String, Error<PlanRefusal>> {
        let mut write = self.write().await?;
        let slug = write.keep_gathering(host, gathering).await?;
        write.commit().await?;
        Ok(slug)
    }

    async fn save_gathering(&self, by: &Me, id: GatheringId, change: &NewGathering) -> Result<(), Error<PlanRefusal>> {
        let mut write = self.write().await?;
        write.run("UPDATE gatherings SET id = id WHERE id = $1", values![id.0]).await?;
        let sql = "SELECT picture_id, audience FROM gatherings WHERE id = $1 AND (host_id = $2 OR $3)";
        let may: Option<FormerRow> = one(write.db(), sql, values![id.0, by.id.0, by.role >= Role::Host]).await?;
        let Some(former) = may else { return Err(Error::Refused(PlanRefusal::Gone)) };
        let picture = change.picture.map(|picture| picture.0);
        if picture != former.picture_id {
            if let Some(picture) = change.picture
                && !write.hang(by, picture).await?
            {
                return Err(Error::Refused(PlanRefusal::PictureGone));
            }
            write.free(former.picture_id).await?;
        }
        write.describe(change).await?;
        let save = "UPDATE gatherings SET first_date = $2, start_time = $3, minutes = $4, zone = $5, rule = $6, over_at = $7, \
                    title = $8, markdown = $9, html = $10, picture_id = $11, place = $12, link = $13, audience = $14, \
                    changed_at = $15, changes = changes + 1 WHERE id = $1";
        let mut values = values![id.0];
        values.extend(schedule_values(&change.schedule));
        values.extend(values![
            &change.title,
            &change.markdown,
            change.html.as_str(),
            picture,
            &change.place,
            &change.link,
            change.audience.word(),
            change.at.0,
        ]);
        write.run(save, values).await?;
        write.run("UPDATE posts SET excerpt = $2 WHERE gathering_id = $1 AND markdown = ''", values![id.0, &change.title]).await?;
        if former.audience == Audience::Public.word() && change.audience != Audience::Public {
            // What announces it follows it inwards. It never follows it outwards: its replies were not written for everybody.
            let narrow = "UPDATE posts SET audience = $2 WHERE root_id IN (SELECT id FROM posts WHERE gathering_id = $1)";
            write.run(narrow, values![id.0, change.audience.word()]).await?;
        }
        write.tell(None, &Hint::GatheringChanged { gathering: id }).await?;
        Ok(write.commit().await?)
    }

    async fn record_rsvp(
        &self,
        me: &Me,
        gathering: GatheringId,
        session: Session,
        answer: Answer,
        note: &str,
        at: Timestamp,
    ) -> Result<(), Unavailable> {
        let mut write = self.write().await?;
        let date = session.date.to_string();
        let keep = "INSERT INTO sessions (gathering_id, date, starts_at, ends_at) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (gathering_id, date) DO UPDATE SET starts_at = $3, ends_at = $4";
        write.run(keep, values![gathering.0, &date, session.starts_at.0, session.ends_at.0]).await?;
        let sql = "SELECT answer FROM rsvps WHERE gathering_id = $1 AND date = $2 AND member_id = $3";
        let former: Option<String> = value(write.db(), sql, values![gathering.0, &date, me.id.0]).await?;
        let keep = "INSERT INTO rsvps (gathering_id, date, member_id, answer, note, at) VALUES ($1, $2, $3, $4, $5, $6) \
                    ON CONFLICT (gathering_id, date, member_id) DO UPDATE SET answer = $4, note = $5, at = $6";
        write.run(keep, values![gathering.0, &date, me.id.0, answer.word(), note, at.0]).await?;
        let host: Option<i64> = value(write.db(), "SELECT host_id FROM gatherings WHERE id = $1", values![gathering.0]).await?;
        if let Some(host) = host.filter(|host| *host != me.id.0 && former.as_deref() != Some(answer.word())) {
            // One line for each member and session: the new answer takes the place of the former one, and is news again.
            let forget = "DELETE FROM notifications WHERE kind = 'answered' AND member_id = $1 AND actor_id = $2 \
                          AND gathering_id = $3 AND date = $4";
            write.run(forget, values![host, me.id.0, gathering.0, &date]).await?;
            let news = News::Answered { gathering: gathering.0, date, answer: answer.word() };
            write.notify(host, Some(me.id), news, at).await?;
        }
        write.tell(None, &Hint::GatheringChanged { gathering }).await?;
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
