//! Rooms' rows: the clock, the wall, who is here, the talk, who was there, and the host's note.
//!
//! A page of a room is one statement beside those of its session: all that is kept of the room as one text.

use super::reading::{self, date};
use crate::{
    connection::{Json, Store, Write, all, column, from_json, one, to_json, value, values},
    law,
    notifications::News,
    people::{byline, sorted_as},
};
use chrono::NaiveDate;
use domain::{
    gatherings::{
        Gathering, Session,
        attendance::{Attendance, KnownBy, MyAttendance},
        clock::{RoomClock, Turn},
        room::{BeingHere, NewAttendance, NewClock, OnPage, OnWall, Place, RoomRecord, RoomRefusal, RoomStore, Wall},
    },
    ids::{GatheringId, MemberId, PictureId, PostId},
    live::{Hint, RoomPart},
    outcome::{Error, Unavailable},
    people::Byline,
    pictures::Picture,
    prose::SafeHtml,
    time::Timestamp,
    timeline::{Audience, ChosenPicture, NewPost, PostRefusal},
    viewer::{Me, Viewer},
};
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct RoomRow {
    clock: Option<String>,
    turns: Option<String>,
    sets: Option<i64>,
    talk_id: Option<i64>,
    note: Option<String>,
    note_html: Option<String>,
    published: Option<bool>,
    shown: Option<bool>,
    wall: Option<String>,
    here: Option<String>,
    attendance: Option<String>,
    others: Option<String>,
}

/// A picture on the wall: its id, width, height and description; the turn; whether its owner agreed; its owner.
#[derive(serde::Deserialize)]
struct WallRow(i64, u32, u32, String, String, u8, i64, String, String, Option<i64>);

/// Somebody.
#[derive(serde::Deserialize)]
struct SomebodyRow(i64, String, String, Option<i64>);

/// Somebody who was there: whether they were, by whom it is known, and who it is.
#[derive(serde::Deserialize)]
struct AttendanceRow(u8, i64, i64, String, String, Option<i64>);

fn known_by(rank: i64) -> Result<KnownBy, Unavailable> {
    KnownBy::ALL.into_iter().find(|known| known.rank() == rank).ok_or_else(|| Unavailable::because("nobody is of that rank"))
}

#[derive(FromQueryResult)]
struct WholeWallRow {
    wall: Option<String>,
    published: Option<bool>,
    host_id: i64,
    cohost: bool,
    before: i64,
}

/// The pictures of a wall, in the order in which they were hung.
fn on_wall(viewer: &Viewer, wall: Option<String>) -> Result<Vec<OnWall>, Unavailable> {
    let me = law::viewer_id(viewer);
    let rows: Vec<WallRow> = wall.as_deref().map(from_json).transpose()?.unwrap_or_default();
    let on_wall = |WallRow(id, width, height, alt, turn, agreed, owner, name, shown, portrait): WallRow| {
        Ok(OnWall {
            picture: Picture { id: PictureId(id), width, height, alt },
            by: byline(owner, &name, shown, portrait.filter(|_| me != 0))?,
            turn,
            agreed: agreed != 0,
            mine: owner == me,
        })
    };
    let mut wall = rows.into_iter().map(on_wall).collect::<Result<Vec<_>, Unavailable>>()?;
    wall.sort_by_key(|one| one.picture.id);
    Ok(wall)
}

/// The pictures `c` of a condition on the wall of the gathering `g` on the day `$3`, as one text, beside what is kept of the room `r`. Of a published
/// keepsake, visitors see the pictures of those who agreed.
fn wall_of(Json { array, list }: Json, which: &str) -> String {
    format!(
        "(SELECT CAST({list}({array}(c.id, c.width, c.height, c.alt, w.turn, CASE WHEN w.agreed THEN 1 ELSE 0 END, \
         m.id, m.name, m.display_name, m.picture_id)) AS TEXT) \
         FROM wall w JOIN pictures c ON c.id = w.picture_id JOIN members m ON m.id = w.member_id \
         WHERE w.gathering_id = g.id AND w.date = $3 AND ($1 <> 0 OR (w.agreed AND r.published)) AND {which}) AS wall"
    )
}

impl RoomRow {
    fn record(self, viewer: &Viewer) -> Result<RoomRecord, Unavailable> {
        let here: Vec<SomebodyRow> = self.here.as_deref().map(from_json).transpose()?.unwrap_or_default();
        let mut here = here
            .into_iter()
            .map(|SomebodyRow(id, name, shown, portrait)| byline(id, &name, shown, portrait))
            .collect::<Result<Vec<_>, _>>()?;
        here.sort_by_cached_key(|who| sorted_as(&who.display_name));
        let rows: Vec<AttendanceRow> = self.attendance.as_deref().map(from_json).transpose()?.unwrap_or_default();
        let attended = |AttendanceRow(came, known, id, name, shown, portrait): AttendanceRow| {
            Ok(Attendance { who: byline(id, &name, shown, portrait)?, came: came != 0, known_by: known_by(known)? })
        };
        let mut attendance = rows.into_iter().map(attended).collect::<Result<Vec<_>, Unavailable>>()?;
        attendance.sort_by_cached_key(|one| sorted_as(&one.who.display_name));
        let json = |text: Option<String>| text.filter(|text| !text.is_empty());
        let turns: Option<Vec<Turn>> = json(self.turns).as_deref().map(from_json).transpose()?;
        let clock: Option<RoomClock> = json(self.clock).as_deref().map(from_json).transpose()?;
        Ok(RoomRecord {
            turns: turns.unwrap_or_default(),
            clock: clock.unwrap_or_default(),
            sets: self.sets.unwrap_or(0),
            talk: self.talk_id.map(PostId),
            note: self.note.unwrap_or_default(),
            note_html: SafeHtml::from_sanitizer(self.note_html.unwrap_or_default()),
            published: self.published.unwrap_or(false),
            wall: on_wall(viewer, self.wall)?,
            here,
            attendance,
            others: self.others.as_deref().map(from_json).transpose()?.unwrap_or_default(),
            shown: self.shown.unwrap_or(true),
        })
    }
}

/// What is kept of a room, as its viewer sees it. Of a published keepsake, visitors see the note, and the pictures of those who agreed.
async fn room(store: &Store, viewer: &Viewer, place: Place, here_since: Timestamp) -> Result<RoomRecord, Unavailable> {
    let Json { array, list } = Json::of(store.read());
    let on = "gathering_id = g.id AND {}.date = $3";
    let of = |alias: &str| format!("{alias}.{}", on.replace("{}", alias));
    let sql = format!(
        "SELECT CASE WHEN $1 <> 0 THEN r.clock END AS clock, CASE WHEN $1 <> 0 THEN r.turns END AS turns, r.sets, \
         CASE WHEN $1 <> 0 THEN r.talk_id END AS talk_id, r.published, \
         CASE WHEN $1 <> 0 THEN r.note END AS note, CASE WHEN $1 <> 0 OR r.published THEN r.note_html END AS note_html, \
         (SELECT m.shown_here FROM members m WHERE m.id = $1) AS shown, \
         {wall}, \
         (SELECT CAST({list}({array}(m.id, m.name, m.display_name, m.picture_id)) AS TEXT) \
         FROM here h JOIN members m ON m.id = h.member_id WHERE {of_here} AND $1 <> 0 AND h.seen_at >= $4 AND m.shown_here) AS here, \
         (SELECT CAST({list}({array}(CASE WHEN a.came THEN 1 ELSE 0 END, a.known_by, m.id, m.name, m.display_name, m.picture_id)) AS TEXT) \
         FROM attendance a JOIN members m ON m.id = a.member_id WHERE {of_attendance} AND $1 <> 0) AS attendance, \
         (SELECT CAST({list}(n.name) AS TEXT) FROM (SELECT o.name FROM attendance_names o WHERE {of_names} AND $1 <> 0 ORDER BY o.place) n) \
         AS others \
         FROM gatherings g LEFT JOIN rooms r ON r.gathering_id = g.id AND r.date = $3 WHERE g.id = $2 AND {law}",
        wall = wall_of(Json::of(store.read()), "TRUE"),
        of_here = of("h"),
        of_attendance = of("a"),
        of_names = of("o"),
        law = law::gathering(viewer)
    );
    let values = values![law::viewer_id(viewer), place.gathering.0, place.session.date.to_string(), here_since.0];
    let row: Option<RoomRow> = one(store.read(), sql, values).await?;
    row.map_or_else(|| Ok(RoomRecord::default()), |row| row.record(viewer))
}

impl Write {
    /// Whoever comes says that it is still on; its host alone does not. Calendars are told, so that it counts as a change.
    pub(super) async fn is_on(&self, gathering: GatheringId, comes: &[MemberId], at: Timestamp) -> Result<(), Unavailable> {
        for member in comes {
            let on = "UPDATE gatherings SET quiet_since = NULL, on_since = $3, changed_at = $3, changes = changes + 1 \
                      WHERE id = $1 AND host_id <> $2 AND quiet_since IS NOT NULL";
            self.run(on, values![gathering.0, member.0, at.0]).await?;
        }
        Ok(())
    }

    /// Has a room to keep something in.
    async fn keep_room(&self, place: Place) -> Result<(), Unavailable> {
        self.keep_session(place.gathering, place.session).await?;
        let keep = "INSERT INTO rooms (gathering_id, date, clock, turns, sets, note, note_html, published) \
                    VALUES ($1, $2, '', '', 0, '', '', FALSE) ON CONFLICT (gathering_id, date) DO NOTHING";
        self.run(keep, values![place.gathering.0, place.session.date.to_string()]).await.map(drop)
    }

    /// Tells those who may see a room what of it changed.
    async fn tell_room(&mut self, place: Place, part: RoomPart) -> Result<(), Unavailable> {
        self.tell_who_may_see(place.gathering, &Hint::Room { gathering: place.gathering, date: place.session.date.to_string(), part }).await
    }

    /// The first post of a room's talk, on no timeline; seen by those who see the gathering, but by no visitor.
    async fn begin_talk(&self, me: &Me, place: Place, post: &NewPost) -> Result<i64, Unavailable> {
        let insert = "INSERT INTO posts (id, root_id, author_id, audience, markdown, html, excerpt, gathering_id, replies, at, taken_back, in_room) \
                      VALUES ($1, $1, $2, $3, $4, $5, $6, $7, 0, $8, FALSE, TRUE) ON CONFLICT (id) DO NOTHING";
        let only: Option<bool> = value(self.db(), "SELECT only_named FROM gatherings WHERE id = $1", values![place.gathering.0]).await?;
        let audience = if only == Some(true) { Audience::Named } else { Audience::Community };
        let values = values![me.id.0, audience.word(), &post.markdown, post.html.as_str(), &post.excerpt, place.gathering.0, post.at.0];
        let id = self.insert(post.at, insert, values).await?;
        let keep = "UPDATE rooms SET talk_id = $3 WHERE gathering_id = $1 AND date = $2";
        self.run(keep, values![place.gathering.0, place.session.date.to_string(), id]).await?;
        Ok(id)
    }
}

#[async_trait::async_trait]
impl RoomStore for Store {
    async fn room(&self, viewer: &Viewer, place: Place, here_since: Timestamp) -> Result<RoomRecord, Unavailable> {
        room(self, viewer, place, here_since).await
    }

    async fn wall(&self, viewer: &Viewer, slug: &str, date: NaiveDate, shown: Option<OnPage>) -> Result<Option<Wall>, Unavailable> {
        let sql = format!(
            "SELECT {wall}, r.published, g.host_id, \
             EXISTS (SELECT 1 FROM gathering_hosts h WHERE h.gathering_id = g.id AND h.member_id = $1) AS cohost, \
             (SELECT COUNT(*) FROM wall w WHERE w.gathering_id = g.id AND w.date = $3 AND w.picture_id <= $4 \
             AND ($1 <> 0 OR (w.agreed AND r.published))) AS before \
             FROM gatherings g LEFT JOIN rooms r ON r.gathering_id = g.id AND r.date = $3 WHERE g.slug = $2 AND {law}",
            wall = wall_of(Json::of(self.read()), "c.id > $4"),
            law = law::gathering(viewer)
        );
        let (last, date) = (shown.map_or(0, |shown| shown.last.0), date.to_string());
        let row: Option<WholeWallRow> = one(self.read(), &sql, values![law::viewer_id(viewer), slug, &date, last]).await?;
        let Some(row) = row else { return Ok(None) };
        // Where a picture was taken down, or one came between, all of it is told.
        let as_shown = row.before.cast_unsigned() == shown.map_or(0, |shown| shown.many);
        let whole = if as_shown { None } else { one(self.read(), sql, values![law::viewer_id(viewer), slug, date, 0_i64]).await? };
        let (row, after) = (whole.unwrap_or(row), shown.filter(|_| as_shown).map(|shown| shown.last));
        let mine = viewer.me().is_some_and(|me| row.cohost || reading::keeps(me, row.host_id));
        Ok(Some(Wall { pictures: on_wall(viewer, row.wall)?, published: row.published.unwrap_or(false), mine, after }))
    }

    async fn set_clock(&self, place: Place, new: &NewClock) -> Result<bool, Unavailable> {
        let mut write = self.write().await?;
        write.keep_room(place).await?;
        let set = "UPDATE rooms SET clock = $3, turns = $4, sets = sets + 1 WHERE gathering_id = $1 AND date = $2 AND sets = $5";
        let (gathering, on) = (place.gathering.0, place.session.date.to_string());
        let set = write.run(set, values![gathering, on, to_json(&new.clock)?, to_json(&new.turns)?, new.seen]).await? > 0;
        if set {
            write.tell_room(place, RoomPart::Clock { clock: new.clock, sets: new.seen + 1 }).await?;
            write.commit().await?;
        }
        Ok(set)
    }

    async fn be_here(&self, me: &Me, place: Place, being: BeingHere) -> Result<(), Unavailable> {
        let mut write = self.write().await?;
        let shown: Option<bool> = value(write.db(), "SELECT shown_here FROM members WHERE id = $1", values![me.id.0]).await?;
        if shown != Some(true) {
            return Ok(());
        }
        write.keep_session(place.gathering, place.session).await?;
        let (gathering, on, member) = (place.gathering.0, place.session.date.to_string(), me.id.0);
        let sql = "SELECT seen_at FROM here WHERE gathering_id = $1 AND date = $2 AND member_id = $3";
        let before: Option<i64> = value(write.db(), sql, values![gathering, &on, member]).await?;
        let keep = "INSERT INTO here (gathering_id, date, member_id, seen_at) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (gathering_id, date, member_id) DO UPDATE SET seen_at = $4";
        write.run(keep, values![gathering, &on, member, being.at.0]).await?;
        if being.counts {
            let came = "INSERT INTO attendance (gathering_id, date, member_id, came, known_by, at) VALUES ($1, $2, $3, TRUE, 0, $4) \
                        ON CONFLICT (gathering_id, date, member_id) DO NOTHING";
            write.run(came, values![gathering, &on, member, being.at.0]).await?;
            write.is_on(place.gathering, &[me.id], being.at).await?;
        }
        if before.is_none_or(|before| before < being.since.0) {
            write.tell_room(place, RoomPart::Here).await?;
        }
        write.commit().await
    }

    async fn be_gone(&self, me: &Me, place: Place) -> Result<(), Unavailable> {
        let mut write = self.write().await?;
        let gone = "DELETE FROM here WHERE gathering_id = $1 AND date = $2 AND member_id = $3";
        if write.run(gone, values![place.gathering.0, place.session.date.to_string(), me.id.0]).await? > 0 {
            write.tell_room(place, RoomPart::Here).await?;
        }
        write.commit().await
    }

    async fn is_shown(&self, me: &Me) -> Result<bool, Unavailable> {
        let shown: Option<bool> = value(self.read(), "SELECT shown_here FROM members WHERE id = $1", values![me.id.0]).await?;
        Ok(shown.unwrap_or(true))
    }

    async fn be_shown(&self, me: &Me, shown: bool, since: Timestamp) -> Result<(), Unavailable> {
        let mut write = self.write().await?;
        write.run("UPDATE members SET shown_here = $2 WHERE id = $1", values![me.id.0, shown]).await?;
        if !shown {
            // Where they are now, they are no longer seen; what was known of it goes as well, unless they or a host said so.
            let rooms = "SELECT gathering_id, date FROM here WHERE member_id = $1 AND seen_at >= $2";
            let rooms: Vec<HereRow> = all(write.db(), rooms, values![me.id.0, since.0]).await?;
            write.run("DELETE FROM here WHERE member_id = $1", values![me.id.0]).await?;
            for HereRow { gathering_id, date: on } in rooms {
                let forget = "DELETE FROM attendance WHERE gathering_id = $1 AND date = $2 AND member_id = $3 AND known_by = 0";
                write.run(forget, values![gathering_id, &on, me.id.0]).await?;
                let gathering = GatheringId(gathering_id);
                write.tell_who_may_see(gathering, &Hint::Room { gathering, date: on, part: RoomPart::Here }).await?;
            }
        }
        write.commit().await
    }

    async fn hang_up(
        &self,
        me: &Me,
        place: Place,
        pictures: &[ChosenPicture],
        turn: &str,
        at: Timestamp,
    ) -> Result<(), Error<RoomRefusal>> {
        let mut write = self.write().await?;
        write.keep_room(place).await?;
        for picture in pictures {
            if !write.hang(me, picture.id).await? {
                return Err(Error::Refused(RoomRefusal::PictureGone));
            }
            write.run("UPDATE pictures SET alt = $2 WHERE id = $1", values![picture.id.0, &picture.alt]).await?;
            let hang =
                "INSERT INTO wall (gathering_id, date, picture_id, member_id, turn, agreed, at) VALUES ($1, $2, $3, $4, $5, FALSE, $6)";
            let (gathering, on) = (place.gathering.0, place.session.date.to_string());
            write.run(hang, values![gathering, on, picture.id.0, me.id.0, turn, at.0]).await?;
        }
        write.tell_room(place, RoomPart::Wall).await?;
        Ok(write.commit().await?)
    }

    async fn take_down(&self, me: &Me, place: Place, picture: PictureId, any: bool) -> Result<bool, Unavailable> {
        let mut write = self.write().await?;
        let take = "DELETE FROM wall WHERE gathering_id = $1 AND date = $2 AND picture_id = $3 AND (member_id = $4 OR $5)";
        let values = values![place.gathering.0, place.session.date.to_string(), picture.0, me.id.0, any];
        let taken = write.run(take, values).await? > 0;
        if taken {
            // Free since ever: the next sweep deletes the files.
            write.run("UPDATE pictures SET free_since = 0 WHERE id = $1", values![picture.0]).await?;
            write.tell_room(place, RoomPart::Wall).await?;
            write.commit().await?;
        }
        Ok(taken)
    }

    async fn agree(&self, me: &Me, place: Place, picture: PictureId, agreed: bool) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let agree = "UPDATE wall SET agreed = $5 WHERE gathering_id = $1 AND date = $2 AND picture_id = $3 AND member_id = $4";
        let values = values![place.gathering.0, place.session.date.to_string(), picture.0, me.id.0, agreed];
        let found = write.run(agree, values).await? > 0;
        write.commit().await?;
        Ok(found)
    }

    async fn say(&self, me: &Me, place: Place, post: &NewPost) -> Result<PostId, Error<PostRefusal>> {
        let mut write = self.write().await?;
        write.keep_room(place).await?;
        // Two who begin to talk at once come one after the other.
        let (gathering, on) = (place.gathering.0, place.session.date.to_string());
        write.run("UPDATE rooms SET sets = sets WHERE gathering_id = $1 AND date = $2", values![gathering, &on]).await?;
        let sql = "SELECT talk_id FROM rooms WHERE gathering_id = $1 AND date = $2";
        let talk: Option<Option<i64>> = value(write.db(), sql, values![gathering, &on]).await?;
        let (id, talk) = match talk.flatten() {
            Some(talk) => (write.add_to_talk(me, talk, post).await?, talk),
            None => {
                let id = write.begin_talk(me, place, post).await?;
                (id, id)
            }
        };
        // Those who are named in the gathering by now read it all: they are in the room together.
        let named = "INSERT INTO post_named (post_id, member_id) SELECT p.id, n.member_id FROM posts p JOIN gathering_named n ON n.gathering_id = $2 \
                     WHERE p.id = $1 AND p.audience = 'named' ON CONFLICT DO NOTHING";
        write.run(named, values![talk, gathering]).await?;
        write.mention_in_talk(me, talk, id, post).await?;
        write.tell_room(place, RoomPart::Talk).await?;
        write.commit().await?;
        Ok(PostId(id))
    }

    async fn keep_attendance(&self, place: Place, new: &NewAttendance) -> Result<(), Unavailable> {
        let mut write = self.write().await?;
        write.keep_room(place).await?;
        let (gathering, on) = (place.gathering.0, place.session.date.to_string());
        for (member, came) in &new.members {
            // Of whom nothing was thought, it need not be said that they were not there, unless they say so themselves.
            let known = "SELECT known_by FROM attendance WHERE gathering_id = $1 AND date = $2 AND member_id = $3";
            let known: Option<i64> = value(write.db(), known, values![gathering, &on, member.0]).await?;
            if known.is_none() && !came && new.known_by != KnownBy::Themselves {
                continue;
            }
            let keep = "INSERT INTO attendance (gathering_id, date, member_id, came, known_by, at) \
                        SELECT $1, $2, m.id, $4, $5, $6 FROM members m WHERE m.id = $3 \
                        ON CONFLICT (gathering_id, date, member_id) DO UPDATE SET came = $4, known_by = $5, at = $6 \
                        WHERE attendance.known_by <= $5";
            write.run(keep, values![gathering, &on, member.0, *came, new.known_by.rank(), new.at.0]).await?;
        }
        let came: Vec<MemberId> = new.members.iter().filter(|(_, came)| **came).map(|(member, _)| *member).collect();
        write.is_on(place.gathering, &came, new.at).await?;
        if let Some(others) = &new.others {
            write.run("DELETE FROM attendance_names WHERE gathering_id = $1 AND date = $2", values![gathering, &on]).await?;
            for (at, name) in others.iter().enumerate() {
                let keep = "INSERT INTO attendance_names (gathering_id, date, place, name) VALUES ($1, $2, $3, $4)";
                write.run(keep, values![gathering, &on, at as i64, name]).await?;
            }
        }
        write.tell_room(place, RoomPart::Here).await?;
        write.commit().await
    }

    async fn keep_note(&self, place: Place, note: (&str, &SafeHtml), published: bool) -> Result<(), Unavailable> {
        let mut write = self.write().await?;
        write.keep_room(place).await?;
        let (gathering, on) = (place.gathering.0, place.session.date.to_string());
        let keep = "UPDATE rooms SET note = $3, note_html = $4, published = $5 WHERE gathering_id = $1 AND date = $2";
        write.run(keep, values![gathering, on, note.0, note.1.as_str(), published]).await?;
        write.tell_who_may_see(place.gathering, &Hint::GatheringChanged { gathering: place.gathering }).await?;
        write.commit().await
    }

    async fn came(
        &self,
        gathering: GatheringId,
        most: usize,
        now: Timestamp,
    ) -> Result<(Vec<NaiveDate>, Vec<(NaiveDate, Byline)>), Unavailable> {
        // The row of the last of those dates ends the search; before it, nothing is read.
        let sql = "SELECT s.date FROM sessions s WHERE s.gathering_id = $1 AND s.ends_at <= $3 \
                   AND (EXISTS (SELECT 1 FROM attendance a WHERE a.gathering_id = $1 AND a.date = s.date AND a.came) \
                   OR EXISTS (SELECT 1 FROM attendance_names n WHERE n.gathering_id = $1 AND n.date = s.date)) ORDER BY s.date DESC LIMIT $2";
        let dates: Vec<String> = column(self.read(), sql, values![gathering.0, most as i64, now.0]).await?;
        let Some(first) = dates.last() else { return Ok((Vec::new(), Vec::new())) };
        let sql = "SELECT a.date, m.id, m.name, m.display_name, m.picture_id FROM attendance a JOIN members m ON m.id = a.member_id \
                   WHERE a.gathering_id = $1 AND a.date >= $2 AND a.came";
        let rows: Vec<CameRow> = all(self.read(), sql, values![gathering.0, first]).await?;
        let came = rows.into_iter().map(|row| Ok((date(&row.date)?, byline(row.id, &row.name, row.display_name, row.picture_id)?)));
        let came = came.collect::<Result<Vec<_>, Unavailable>>()?;
        Ok((dates.iter().map(|on| date(on)).collect::<Result<_, _>>()?, came))
    }

    async fn maybe_over(&self) -> Result<Vec<(Gathering, Option<NaiveDate>, Timestamp)>, Unavailable> {
        let sql = "SELECT g.id, g.on_since, (SELECT MAX(s.date) FROM sessions s WHERE s.gathering_id = g.id AND (\
                   EXISTS (SELECT 1 FROM attendance a WHERE a.gathering_id = g.id AND a.date = s.date AND a.came AND a.member_id <> g.host_id) \
                   OR EXISTS (SELECT 1 FROM attendance_names n WHERE n.gathering_id = g.id AND n.date = s.date) \
                   OR EXISTS (SELECT 1 FROM rsvps v WHERE v.gathering_id = g.id AND v.date = s.date AND v.answer = 'yes' AND NOT v.standing \
                   AND v.member_id <> g.host_id) \
                   OR EXISTS (SELECT 1 FROM wall w WHERE w.gathering_id = g.id AND w.date = s.date AND w.member_id <> g.host_id) \
                   OR EXISTS (SELECT 1 FROM rooms r JOIN posts p ON p.root_id = r.talk_id WHERE r.gathering_id = g.id AND r.date = s.date \
                   AND p.author_id <> g.host_id AND NOT p.taken_back))) AS sign \
                   FROM gatherings g WHERE g.over_at = 9223372036854775807 AND g.quiet_since IS NULL";
        let signs: Vec<SignRow> = all(self.read(), sql, values![]).await?;
        let with_sign = |gathering: Gathering| {
            let row = signs.iter().find(|row| row.id == gathering.id.0);
            let sign = row.and_then(|row| row.sign.as_deref()).map(date).transpose()?;
            let since = Timestamp(row.map_or(0, |row| row.on_since)).max(gathering.planned_at);
            Ok((gathering, sign, since))
        };
        reading::endless(self).await?.into_iter().map(with_sign).collect()
    }

    async fn ask_if_on(&self, gathering: GatheringId, last: Session, at: Timestamp) -> Result<(), Unavailable> {
        let mut write = self.write().await?;
        // Calendars show no more of it than the next session from now on.
        let ask = "UPDATE gatherings SET quiet_since = $2, changed_at = $2, changes = changes + 1 \
                   WHERE id = $1 AND quiet_since IS NULL RETURNING host_id";
        let host: Option<i64> = value(write.db(), ask, values![gathering.0, at.0]).await?;
        // Another process may have asked.
        let Some(host) = host else { return Ok(()) };
        write.keep_session(gathering, last).await?;
        let news = News::Session { gathering: gathering.0, date: last.date.to_string(), what: "still-on" };
        write.notify(host, None, news, at).await?;
        write.tell_who_may_see(gathering, &Hint::GatheringChanged { gathering }).await?;
        write.commit().await
    }

    async fn keep_on(&self, gathering: GatheringId, at: Timestamp) -> Result<(), Unavailable> {
        let mut write = self.write().await?;
        let goes_on =
            "UPDATE gatherings SET quiet_since = NULL, changed_at = $2, changes = changes + 1 WHERE id = $1 AND quiet_since IS NOT NULL";
        write.run(goes_on, values![gathering.0, at.0]).await?;
        write.run("UPDATE gatherings SET on_since = $2 WHERE id = $1", values![gathering.0, at.0]).await?;
        write.tell_who_may_see(gathering, &Hint::GatheringChanged { gathering }).await?;
        write.commit().await
    }

    async fn forget_gone(&self, before: Timestamp) -> Result<(), Unavailable> {
        let write = self.write().await?;
        write.run("DELETE FROM here WHERE seen_at < $1", values![before.0]).await?;
        write.commit().await
    }

    async fn going_on(&self, since: Timestamp) -> Result<Vec<Gathering>, Unavailable> {
        reading::going_on(self, since).await
    }

    async fn tell(&self, gatherings: &[GatheringId]) -> Result<(), Unavailable> {
        let mut write = self.write().await?;
        for gathering in gatherings.iter().copied() {
            write.tell_who_may_see(gathering, &Hint::GatheringChanged { gathering }).await?;
        }
        write.commit().await
    }

    async fn correct(&self, me: &Me, slug: &str, date: NaiveDate, came: bool, at: Timestamp) -> Result<bool, Unavailable> {
        let mut write = self.write().await?;
        let correct = "UPDATE attendance SET came = $4, known_by = $5, at = $6 WHERE member_id = $1 AND date = $3 \
                       AND gathering_id = (SELECT id FROM gatherings WHERE slug = $2) RETURNING gathering_id";
        let values = values![me.id.0, slug, date.to_string(), came, KnownBy::Themselves.rank(), at.0];
        let Some(gathering) = value::<i64>(write.db(), correct, values).await?.map(GatheringId) else { return Ok(false) };
        write.tell_who_may_see(gathering, &Hint::GatheringChanged { gathering }).await?;
        write.commit().await?;
        Ok(true)
    }

    async fn my_attendance(&self, me: &Me, most: usize) -> Result<Vec<MyAttendance>, Unavailable> {
        let sql = format!(
            "SELECT a.date, a.came, a.known_by, g.slug, CASE WHEN {} THEN g.title END AS title, s.starts_at \
             FROM attendance a JOIN gatherings g ON g.id = a.gathering_id \
             JOIN sessions s ON s.gathering_id = a.gathering_id AND s.date = a.date \
             WHERE a.member_id = $1 ORDER BY a.date DESC LIMIT $2",
            law::gathering(&Viewer::Member(me.clone()))
        );
        let rows: Vec<MineRow> = all(self.read(), sql, values![me.id.0, most as i64]).await?;
        let mine = |row: MineRow| {
            Ok(MyAttendance {
                slug: row.slug,
                title: row.title,
                date: date(&row.date)?,
                starts_at: Timestamp(row.starts_at),
                came: row.came,
                known_by: known_by(row.known_by)?,
            })
        };
        rows.into_iter().map(mine).collect()
    }
}

#[derive(FromQueryResult)]
struct SignRow {
    id: i64,
    on_since: i64,
    sign: Option<String>,
}

#[derive(FromQueryResult)]
struct HereRow {
    gathering_id: i64,
    date: String,
}

#[derive(FromQueryResult)]
struct CameRow {
    date: String,
    id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
}

#[derive(FromQueryResult)]
struct MineRow {
    date: String,
    came: bool,
    known_by: i64,
    slug: String,
    title: Option<String>,
    starts_at: i64,
}
