//! What is written of gatherings and of single sessions: each function is one unit, with its notifications and hints.

use super::reading::{KeptSchedule, TIME, answered, date};
use crate::{
    connection::{Store, Write, all, column, one, to_json, value, values},
    notifications::News,
};
use chrono::NaiveDate;
use domain::{
    gatherings::{
        NewGathering, PlanRefusal, Session,
        calendar::{Exception, Rhythm, Standing},
        calling_off::CallingOff,
        changes::{Carried, SeriesChange, SessionChange, SessionRefusal, Told},
        clock::RoomPlan,
        coming,
        rule::Rule,
        sessions::{self, Schedule},
    },
    ids::{GatheringId, MemberId},
    live::Hint,
    outcome::{Error, Unavailable},
    people::Role,
    time::Timestamp,
    timeline::Audience,
    viewer::Me,
};
use sea_orm::FromQueryResult;
use std::collections::{BTreeMap, BTreeSet};

#[derive(FromQueryResult)]
struct FormerRow {
    picture_id: Option<i64>,
    audience: String,
    changes: i64,
    host_id: i64,
    only_named: bool,
    cancelled_at: Option<i64>,
    #[sea_orm(nested)]
    schedule: KeptSchedule,
    place: String,
    link: String,
}

/// By which date a session is known that was known by another one.
#[derive(FromQueryResult)]
struct DatesRow {
    was: String,
    date: String,
}

impl Write {
    /// Keeps a gathering of the host's, under a free slug, and has open pages told of it.
    pub async fn keep_gathering(&mut self, host: &Me, gathering: &NewGathering) -> Result<String, Error<PlanRefusal>> {
        let (id, slug) = self.keep_untold(host, gathering).await?;
        self.tell_who_may_see(id, &Hint::GatheringChanged { gathering: id }).await?;
        Ok(slug)
    }

    /// Keeps a gathering of the host's, under a free slug.
    pub(super) async fn keep_untold(&mut self, host: &Me, gathering: &NewGathering) -> Result<(GatheringId, String), Error<PlanRefusal>> {
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
                      capacity, guests, answer_by, room) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, $17, $17, $18, $19, $20, \
                      $21, $22, $23, $24) \
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
        values.extend(term_values(gathering)?);
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
        Ok((id, slug))
    }

    /// The slug itself, or with the lowest number that makes it unique.
    async fn free_slug(&self, slug: &str) -> Result<String, Unavailable> {
        // All that begin so are between the dash and the character after it.
        let sql = "SELECT slug FROM gatherings WHERE slug = $1 OR (slug > $2 AND slug < $3)";
        let taken: BTreeSet<String> =
            column(self.db(), sql, values![slug, format!("{slug}-"), format!("{slug}.")]).await?.into_iter().collect();
        let numbered = (2..).map(|number| format!("{slug}-{number}"));
        let free = [slug.to_owned()].into_iter().chain(numbered).find(|wanted| !taken.contains(wanted));
        free.ok_or_else(|| Unavailable::because("all addresses of a title are taken"))
    }

    /// A gathering that a member may change, held until the commit.
    async fn to_change(&self, by: &Me, id: GatheringId) -> Result<Option<FormerRow>, Unavailable> {
        self.run("UPDATE gatherings SET id = id WHERE id = $1", values![id.0]).await?;
        let sql = "SELECT picture_id, audience, changes, host_id, only_named, cancelled_at, first_date, start_time, minutes, zone, rule, place, link \
                   FROM gatherings g WHERE id = $1 AND (host_id = $2 OR $3 OR EXISTS (SELECT 1 FROM gathering_hosts h WHERE h.gathering_id = g.id AND h.member_id = $2))";
        one(self.db(), sql, values![id.0, by.id.0, by.role >= Role::Host]).await
    }

    /// Keeps a session's row, with when it is.
    pub(super) async fn keep_session(&self, gathering: GatheringId, session: Session) -> Result<(), Unavailable> {
        let keep = "INSERT INTO sessions (gathering_id, date, starts_at, ends_at) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (gathering_id, date) DO UPDATE SET starts_at = $3, ends_at = $4";
        self.run(keep, values![gathering.0, session.date.to_string(), session.starts_at.0, session.ends_at.0]).await.map(drop)
    }

    /// Keeps what a date has of its own; `session` is the session that stands there with it, or that was left out.
    pub(super) async fn keep_exception(
        &self,
        gathering: GatheringId,
        own: &Exception,
        session: Session,
        until: Timestamp,
    ) -> Result<(), Unavailable> {
        self.keep_session(gathering, session).await?;
        let save = "UPDATE sessions SET standing = $3, moved_date = $4, moved_time = $5, moved_minutes = $6, cancelled = $7, place = $8, \
                    link = $9, markdown = $10, html = $11, changes = $12, changed_at = $13, special_until = $14, room = $15, \
                    door = $16 WHERE gathering_id = $1 AND date = $2";
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
            own.room.as_ref().map(to_json).transpose()?,
            own.door.as_deref(),
        ];
        self.run(save, values).await.map(drop)
    }

    /// Keeps what a gathering was before, in place of what was kept of it.
    async fn keep_rhythms(&self, gathering: GatheringId, former: &[Rhythm]) -> Result<(), Unavailable> {
        self.run("DELETE FROM rhythms WHERE gathering_id = $1", values![gathering.0]).await?;
        let keep = "INSERT INTO rhythms (gathering_id, first_date, start_time, minutes, zone, rule, place, link, door) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        for Rhythm { schedule, place, link, door, .. } in former {
            let mut values = values![gathering.0];
            values.extend(schedule_values(schedule));
            values.extend(values![place, link, door]);
            self.run(keep, values).await?;
        }
        Ok(())
    }

    /// Has those who answered go along to what their sessions became, and keeps what dates have of their own from then on.
    async fn carry(&self, change: &SeriesChange) -> Result<(), Unavailable> {
        let id = change.gathering;
        let usual = "UPDATE sessions SET standing = 'usual', moved_date = NULL, moved_time = NULL, moved_minutes = NULL, cancelled = NULL, \
                     place = NULL, link = NULL, door = NULL, markdown = '', html = '', room = NULL, special_until = NULL \
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
        self.keep_former_dates(id, &moving().map(|carried| (carried.from, carried.session.date)).collect()).await
    }

    /// Keeps by which dates sessions were known that are known by other ones now.
    async fn keep_former_dates(&self, id: GatheringId, moved: &BTreeMap<NaiveDate, NaiveDate>) -> Result<(), Unavailable> {
        if moved.is_empty() {
            return Ok(());
        }
        let kept = "SELECT was, date FROM former_dates WHERE gathering_id = $1";
        let kept: Vec<DatesRow> = all(self.db(), kept, values![id.0]).await?;
        let mut former = BTreeMap::new();
        for DatesRow { was, date: on } in &kept {
            let on = date(on)?;
            former.insert(date(was)?, moved.get(&on).copied().unwrap_or(on));
        }
        former.extend(moved);
        self.run("DELETE FROM former_dates WHERE gathering_id = $1", values![id.0]).await?;
        for (was, on) in former.into_iter().filter(|(was, on)| was != on) {
            let keep = "INSERT INTO former_dates (gathering_id, was, date) VALUES ($1, $2, $3)";
            self.run(keep, values![id.0, was.to_string(), on.to_string()]).await?;
        }
        Ok(())
    }

    /// Gives all that hangs on a session's date to another date.
    async fn rename_session(&self, gathering: GatheringId, from: &str, to: &str, session: Session) -> Result<(), Unavailable> {
        let keep = "INSERT INTO sessions (gathering_id, date, starts_at, ends_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        self.run(keep, values![gathering.0, to, session.starts_at.0, session.ends_at.0]).await?;
        for table in ["own_things", "rota"] {
            // What was set for a date to which others come gives way to what they bring along.
            let way = format!(
                "DELETE FROM {table} WHERE gathering_id = $1 AND date = $3 \
                 AND EXISTS (SELECT 1 FROM {table} o WHERE o.gathering_id = $1 AND o.date = $2)"
            );
            self.run(way, values![gathering.0, from, to]).await?;
        }
        let rows = ["rsvps", "reminded", "notifications", "rooms", "wall", "here", "attendance", "attendance_names"];
        for table in rows.into_iter().chain(["takings", "own_things", "rota"]) {
            let sql = format!("UPDATE {table} SET date = $3 WHERE gathering_id = $1 AND date = $2");
            self.run(sql, values![gathering.0, from, to]).await?;
        }
        // Each letter is there once.
        let letters = "UPDATE letters SET date = $3 WHERE gathering_id = $1 AND date = $2 AND NOT EXISTS (SELECT 1 FROM letters o \
                       WHERE o.member_id = letters.member_id AND o.what = letters.what AND o.gathering_id = $1 AND o.date = $3 \
                       AND o.cause = letters.cause)";
        self.run(letters, values![gathering.0, from, to]).await?;
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
                ("takings", " AND date IN (SELECT date FROM sessions WHERE gathering_id = $1 AND starts_at > $2)"),
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

    /// Whether something was said, shown or written down among the named people of a gathering: in a room by anybody, or as an answer, which
    /// says who was asked, and that in words for these few, by somebody other than those who kept it and go on keeping it.
    async fn is_among_them(&self, id: GatheringId, planner: i64, cohosts: &[MemberId]) -> Result<bool, Unavailable> {
        let kept = "SELECT date FROM rooms WHERE gathering_id = $1 UNION SELECT date FROM attendance WHERE gathering_id = $1 \
                    UNION SELECT date FROM takings WHERE gathering_id = $1 LIMIT 1";
        if value::<String>(self.db(), kept, values![id.0]).await?.is_some() {
            return Ok(true);
        }
        let hosts = "SELECT member_id FROM gathering_hosts WHERE gathering_id = $1";
        let keep: Vec<i64> = column(self.db(), hosts, values![id.0]).await?;
        let keeps = |member: i64| member == planner || keep.contains(&member) && cohosts.contains(&MemberId(member));
        let said = "SELECT member_id FROM rsvps WHERE gathering_id = $1 UNION SELECT member_id FROM standing_answers WHERE gathering_id = $1 \
                    UNION SELECT member_id FROM here WHERE gathering_id = $1";
        Ok(column::<i64>(self.db(), said, values![id.0]).await?.into_iter().any(|member| !keeps(member)))
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
        // What was said in its rooms as well, also where the first word of it was taken back and names no gathering any more.
        const ITS: &str = "(SELECT id FROM posts WHERE gathering_id = $1 UNION SELECT talk_id FROM rooms WHERE gathering_id = $1 AND talk_id IS NOT NULL)";
        let announces = format!("root_id IN {ITS}");
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
                let known = format!(
                    "INSERT INTO post_named (post_id, member_id) SELECT p.id, n.member_id FROM posts p JOIN gathering_named n ON n.gathering_id = $1 \
                     WHERE p.id IN {ITS} AND p.audience <> 'named'"
                );
                self.run(known, values![id.0]).await?;
                self.run(format!("UPDATE posts SET audience = $2 WHERE {announces}"), values![id.0, audience.word()]).await?;
                let gone = format!(
                    "DELETE FROM post_named WHERE post_id IN {ITS} \
                     AND member_id NOT IN (SELECT member_id FROM gathering_named WHERE gathering_id = $1)"
                );
                self.run(gone, values![id.0]).await?;
            }
        }
        Ok(())
    }

    /// Takes back that keepsakes of a gathering that was not public, or is not any more, are published, and what people agreed to for that:
    /// where it is public again, both are asked anew.
    async fn publish_no_more(&self, id: GatheringId) -> Result<(), Unavailable> {
        self.run("UPDATE rooms SET published = FALSE WHERE gathering_id = $1 AND published", values![id.0]).await?;
        self.run("UPDATE wall SET agreed = FALSE WHERE gathering_id = $1 AND agreed", values![id.0]).await.map(drop)
    }

    /// Tells a hint to those who may see a gathering.
    pub async fn tell_who_may_see(&mut self, gathering: GatheringId, hint: &Hint) -> Result<(), Unavailable> {
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

/// Whether it is for named people, the terms, and what is set up for its rooms, in the order of the columns.
fn term_values(gathering: &NewGathering) -> Result<Vec<sea_orm::Value>, Unavailable> {
    let (terms, room) = (&gathering.terms, &gathering.room);
    Ok(values![
        gathering.audience == Audience::Named,
        &terms.door,
        i64::from(terms.link_opens),
        terms.capacity.map(i64::from),
        i64::from(terms.guests),
        terms.answer_by.map(i64::from),
        if *room == RoomPlan::default() { String::new() } else { to_json(room)? },
    ])
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

pub(super) async fn keep_gathering(store: &Store, host: &Me, gathering: &NewGathering) -> Result<String, Error<PlanRefusal>> {
    let mut write = store.write().await?;
    let slug = write.keep_gathering(host, gathering).await?;
    write.commit().await?;
    Ok(slug)
}

pub(super) async fn save_gathering(store: &Store, by: &Me, change: &SeriesChange) -> Result<(), Error<PlanRefusal>> {
    let mut write = store.write().await?;
    let (id, new) = (change.gathering, &change.new);
    let former = write.to_change(by, id).await?.ok_or(Error::Refused(PlanRefusal::Gone))?;
    if former.changes != change.seen || answered(write.db(), id, change.from).await? != change.answered {
        return Err(Error::Refused(PlanRefusal::Overtaken));
    }
    if former.only_named && new.audience != Audience::Named && write.is_among_them(id, former.host_id, &new.cohosts).await? {
        return Err(Error::Refused(PlanRefusal::AmongThem));
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
                answer_by = $21, room = $22 WHERE id = $1";
    let mut values = values![id.0];
    values.extend(schedule_values(&new.schedule));
    values.push(change.over_at.0.into());
    let audience = audience(new).word();
    values.extend(values![&new.title, &new.markdown, new.html.as_str(), picture, &new.place, &new.link, audience, new.at.0]);
    values.extend(term_values(new)?);
    write.run(save, values).await?;
    let asked = write.keep_people(id, former.host_id, new).await?;
    for carried in &change.carried {
        write.remind_anew(id, carried.from, carried.session.starts_at).await?;
    }
    write.keep_rhythms(id, &change.former).await?;
    write.carry(change).await?;
    write.run("UPDATE posts SET excerpt = $2 WHERE gathering_id = $1 AND markdown = ''", values![id.0, &new.title]).await?;
    if let Some(next) = change.next {
        write.ask(by, id, asked, next, new.at).await?;
    }
    write.follow_inwards(id, &former, new.audience).await?;
    if former.audience != Audience::Public.word() || new.audience != Audience::Public {
        write.publish_no_more(id).await?;
    }
    let mut told = BTreeSet::new();
    for carried in &change.carried {
        if let Some(news) = carried.told {
            write.tell_answered(by, id, carried.session.date, news, new.at, &mut told).await?;
        }
    }
    let other = coming::first_other(change, &former.schedule.read()?, (&former.place, &former.link));
    if let Some(other) = other.filter(|_| former.cancelled_at.is_none()) {
        write.tell_standing(by, id, other, Told::Changed, new.at, &told).await?;
    }
    // There may be more room now, also on dates that are as they were: seats are counted alike for all, and names were taken off.
    write.move_all_up(id, new.at).await?;
    write.tell_who_may_see(id, &Hint::GatheringChanged { gathering: id }).await?;
    Ok(write.commit().await?)
}

pub(super) async fn save_session(store: &Store, by: &Me, change: &SessionChange) -> Result<(), Error<SessionRefusal>> {
    let mut write = store.write().await?;
    let (id, own) = (change.gathering, &change.own);
    let former = write.to_change(by, id).await?.ok_or(Error::Refused(SessionRefusal::Gone))?;
    if former.changes != change.seen {
        return Err(Error::Refused(SessionRefusal::Overtaken));
    }
    write.remind_anew(id, own.date, change.session.starts_at).await?;
    if own.standing == Standing::LeftOut && answered(write.db(), id, own.date).await?.first() == Some(&own.date) {
        return Err(Error::Refused(SessionRefusal::Answered));
    }
    write.keep_exception(id, own, change.session, change.until).await?;
    let count = "UPDATE gatherings SET over_at = $2, changed_at = $3, changes = changes + 1 WHERE id = $1";
    write.run(count, values![id.0, change.over_at.0, own.changed_at.0]).await?;
    if let Some(told) = change.told {
        let mut members = BTreeSet::new();
        write.tell_answered(by, id, own.date, told, own.changed_at, &mut members).await?;
        write.tell_standing(by, id, change.session, told, own.changed_at, &members).await?;
    }
    // While it was cancelled, nobody moved up.
    write.move_up(id, &own.date.to_string(), own.changed_at).await?;
    write.tell_who_may_see(id, &Hint::GatheringChanged { gathering: id }).await?;
    Ok(write.commit().await?)
}

pub(super) async fn cancel_gathering(store: &Store, by: &Me, change: &CallingOff) -> Result<(), Error<SessionRefusal>> {
    let mut write = store.write().await?;
    let (id, cancelled, at) = (change.gathering, change.cancelled.as_ref(), change.at);
    let former = write.to_change(by, id).await?.ok_or(Error::Refused(SessionRefusal::Gone))?;
    if former.changes != change.seen {
        return Err(Error::Refused(SessionRefusal::Overtaken));
    }
    let save =
        "UPDATE gatherings SET cancelled = $2, cancelled_at = $3, over_at = $4, changed_at = $5, changes = changes + 1 WHERE id = $1";
    let (why, from) = (cancelled.map(|cancelled| cancelled.why.as_str()), cancelled.map(|cancelled| cancelled.at.0));
    write.run(save, values![id.0, why, from, change.over_at.0, at.0]).await?;
    if cancelled.is_none() {
        // Whoever lets it go on says that it is on.
        write.run("UPDATE gatherings SET quiet_since = NULL, on_since = $2 WHERE id = $1", values![id.0, at.0]).await?;
    }
    for (own, session, until) in &change.missed {
        write.keep_exception(id, own, *session, *until).await?;
    }
    let sql = "SELECT date FROM sessions WHERE gathering_id = $1 AND starts_at >= $2 AND cancelled IS NULL ORDER BY date";
    let dates: Vec<String> = column(write.db(), sql, values![id.0, at.0]).await?;
    let (told, mut members) = (if cancelled.is_some() { Told::Cancelled } else { Told::On }, BTreeSet::new());
    for on in dates {
        write.tell_answered(by, id, date(&on)?, told, at, &mut members).await?;
    }
    if let Some(next) = change.next {
        write.tell_standing(by, id, next, told, at, &members).await?;
    }
    // While it was cancelled, nobody moved up.
    write.move_all_up(id, at).await?;
    write.tell_who_may_see(id, &Hint::GatheringChanged { gathering: id }).await?;
    Ok(write.commit().await?)
}
