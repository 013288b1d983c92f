//! Rows of what people bring to sessions, and of who hosts which.

use super::reading::date;
use crate::{
    connection::{Json, Store, Write, all, from_json, one, to_json, value, values},
    law,
    people::byline,
};
use chrono::NaiveDate;
use domain::{
    gatherings::{
        bring::{BringRecord, BringRefusal, BringStore, NewList, NewTaking, Taken, Thing, key_of, may_bring, written},
        room::Place,
        rota::{NewTurn, RotaRefusal, may_give},
    },
    ids::{GatheringId, MemberId},
    live::Hint,
    outcome::{Error, OrRefuse, Unavailable},
    viewer::{Me, Viewer},
};
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct BroughtRow {
    usual: String,
    own: Option<String>,
    host: Option<i64>,
    taken: Option<String>,
}

/// What somebody brings: when they took it, what it is called, how many, and who it is.
#[derive(serde::Deserialize)]
struct TakenRow(i64, String, u32, i64, String, String, Option<i64>);

#[derive(FromQueryResult)]
struct ListRow {
    usual: String,
    own: Option<String>,
}

impl ListRow {
    fn stands(self) -> Result<Vec<Thing>, Unavailable> {
        things(self.own.as_deref().unwrap_or(&self.usual))
    }
}

/// How many of a thing others bring, and how many the one who asks.
#[derive(FromQueryResult)]
struct SharesRow {
    others: i64,
    mine: i64,
}

#[derive(FromQueryResult)]
struct TurnRow {
    date: String,
    member_id: i64,
}

fn things(text: &str) -> Result<Vec<Thing>, Unavailable> {
    if text.is_empty() { Ok(Vec::new()) } else { from_json(text) }
}

impl BroughtRow {
    fn record(self) -> Result<BringRecord, Unavailable> {
        let mut rows: Vec<TakenRow> = self.taken.as_deref().map(from_json).transpose()?.unwrap_or_default();
        rows.sort_by_key(|row| (row.0, row.3));
        let taken =
            |TakenRow(_, name, many, id, handle, shown, picture)| Ok(Taken { who: byline(id, &handle, shown, picture)?, name, many });
        Ok(BringRecord {
            usual: things(&self.usual)?,
            own: self.own.as_deref().map(things).transpose()?,
            taken: rows.into_iter().map(taken).collect::<Result<_, Unavailable>>()?,
            host: self.host.map(MemberId),
        })
    }
}

impl Write {
    /// The list of a session as it stands.
    async fn list(&self, place: Place) -> Result<Vec<Thing>, Unavailable> {
        let sql = "SELECT g.things AS usual, o.things AS own FROM gatherings g \
                   LEFT JOIN own_things o ON o.gathering_id = g.id AND o.date = $2 WHERE g.id = $1";
        let row: Option<ListRow> = one(self.db(), sql, values![place.gathering.0, place.session.date.to_string()]).await?;
        row.map_or_else(|| Ok(Vec::new()), ListRow::stands)
    }

    async fn forget_own_list(&self, place: Place) -> Result<(), Unavailable> {
        let gone = "DELETE FROM own_things WHERE gathering_id = $1 AND date = $2";
        self.run(gone, values![place.gathering.0, place.session.date.to_string()]).await.map(drop)
    }

    /// Whoever can't come to a session gives back what they meant to bring.
    pub(super) async fn give_back(&self, gathering: GatheringId, date: &str, member: i64) -> Result<(), Unavailable> {
        let gone = "DELETE FROM takings WHERE gathering_id = $1 AND date = $2 AND member_id = $3";
        self.run(gone, values![gathering.0, date, member]).await.map(drop)
    }

    /// Whose turn a session is, if that is somebody's who keeps the gathering.
    pub(super) async fn host_of(&self, gathering: GatheringId, date: &str) -> Result<Option<i64>, Unavailable> {
        let sql = "SELECT r.member_id FROM rota r JOIN gatherings g ON g.id = r.gathering_id WHERE r.gathering_id = $1 AND r.date = $2 \
                   AND (r.member_id = g.host_id OR EXISTS (\
                   SELECT 1 FROM gathering_hosts h WHERE h.gathering_id = g.id AND h.member_id = r.member_id))";
        value(self.db(), sql, values![gathering.0, date]).await
    }
}

#[async_trait::async_trait]
impl BringStore for Store {
    async fn brought(&self, viewer: &Viewer, place: Place) -> Result<BringRecord, Unavailable> {
        let Json { array, list } = Json::of(self.read());
        let sql = format!(
            "SELECT CASE WHEN $1 <> 0 THEN g.things ELSE '' END AS usual, \
             (SELECT o.things FROM own_things o WHERE o.gathering_id = g.id AND o.date = $3 AND $1 <> 0) AS own, \
             (SELECT r.member_id FROM rota r WHERE r.gathering_id = g.id AND r.date = $3) AS host, \
             (SELECT CAST({list}({array}(t.at, t.name, t.many, m.id, m.name, m.display_name, m.picture_id)) AS TEXT) \
             FROM takings t JOIN members m ON m.id = t.member_id WHERE t.gathering_id = g.id AND t.date = $3 AND $1 <> 0) AS taken \
             FROM gatherings g WHERE g.id = $2 AND {}",
            law::gathering(viewer)
        );
        let values = values![law::viewer_id(viewer), place.gathering.0, place.session.date.to_string()];
        let row: Option<BroughtRow> = one(self.read(), sql, values).await?;
        row.map_or_else(|| Ok(BringRecord::default()), BroughtRow::record)
    }

    async fn keep_list(&self, place: Place, seen: &str, list: &NewList) -> Result<(), Error<BringRefusal>> {
        let mut write = self.write().await?;
        let (id, on) = (place.gathering.0, place.session.date.to_string());
        // Whoever takes something at the same moment comes before or after.
        write.run("UPDATE gatherings SET id = id WHERE id = $1", values![id]).await?;
        if written(&write.list(place).await?) != seen {
            return Err(Error::Refused(BringRefusal::Overtaken));
        }
        match list {
            NewList::Own(things) => {
                write.keep_session(place.gathering, place.session).await?;
                let keep = "INSERT INTO own_things (gathering_id, date, things) VALUES ($1, $2, $3) \
                            ON CONFLICT (gathering_id, date) DO UPDATE SET things = $3";
                write.run(keep, values![id, on, to_json(things)?]).await?;
            }
            NewList::Usual(things) => {
                write.forget_own_list(place).await?;
                write.run("UPDATE gatherings SET things = $2 WHERE id = $1", values![id, to_json(things)?]).await?;
            }
        }
        write.tell_who_may_see(place.gathering, &Hint::GatheringChanged { gathering: place.gathering }).await?;
        Ok(write.commit().await?)
    }

    async fn keep_usual(&self, place: Place) -> Result<(), Unavailable> {
        let mut write = self.write().await?;
        write.forget_own_list(place).await?;
        write.tell_who_may_see(place.gathering, &Hint::GatheringChanged { gathering: place.gathering }).await?;
        write.commit().await
    }

    async fn bring(&self, me: &Me, place: Place, new: &NewTaking) -> Result<bool, Error<BringRefusal>> {
        let mut write = self.write().await?;
        let (gathering, on, thing) = (place.gathering, place.session.date.to_string(), key_of(&new.name));
        if !write.hold_as_seen(gathering, new.seen).await? {
            return Ok(false);
        }
        let list = write.list(place).await?;
        let shares = "SELECT CAST(COALESCE(SUM(CASE WHEN member_id = $4 THEN 0 ELSE many END), 0) AS BIGINT) AS others, \
                      CAST(COALESCE(SUM(CASE WHEN member_id = $4 THEN many ELSE 0 END), 0) AS BIGINT) AS mine \
                      FROM takings WHERE gathering_id = $1 AND date = $2 AND thing = $3";
        let shares: Option<SharesRow> = one(write.db(), shares, values![gathering.0, &on, &thing, me.id.0]).await?;
        let (others, mine) = shares.map_or((0, 0), |row| (row.others as u32, row.mine as u32));
        let needed = may_bring(&list, &new.name, (others, mine), new.many).or_refuse()?;
        match (new.many, mine) {
            (many, mine) if many == mine => return Ok(true),
            (0, _) => {
                let gone = "DELETE FROM takings WHERE gathering_id = $1 AND date = $2 AND thing = $3 AND member_id = $4";
                write.run(gone, values![gathering.0, &on, &thing, me.id.0]).await?;
            }
            (many, mine) if many < mine => {
                let fewer = "UPDATE takings SET many = $5 WHERE gathering_id = $1 AND date = $2 AND thing = $3 AND member_id = $4";
                write.run(fewer, values![gathering.0, &on, &thing, me.id.0, i64::from(many)]).await?;
            }
            (many, _) => {
                write.keep_session(gathering, place.session).await?;
                let keep = "INSERT INTO takings (gathering_id, date, thing, member_id, name, many, needed, at) \
                            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (gathering_id, date, thing, member_id) DO UPDATE \
                            SET name = $5, many = $6, needed = $7";
                let (many, needed) = (i64::from(many), i64::from(needed));
                write.run(keep, values![gathering.0, &on, &thing, me.id.0, &new.name, many, needed, new.at.0]).await?;
            }
        }
        write.tell_who_may_see(gathering, &Hint::GatheringChanged { gathering }).await?;
        write.commit().await?;
        Ok(true)
    }

    async fn rota(&self, gathering: GatheringId, from: NaiveDate) -> Result<(Vec<(NaiveDate, MemberId)>, Option<MemberId>), Unavailable> {
        let sql = "SELECT date, member_id FROM rota WHERE gathering_id = $1 AND date >= $2";
        let rows: Vec<TurnRow> = all(self.read(), sql, values![gathering.0, from.to_string()]).await?;
        let turns = rows.into_iter().map(|row| Ok((date(&row.date)?, MemberId(row.member_id)))).collect::<Result<_, Unavailable>>()?;
        let sql = "SELECT member_id FROM rota WHERE gathering_id = $1 AND date < $2 ORDER BY date DESC LIMIT 1";
        let last: Option<i64> = value(self.read(), sql, values![gathering.0, from.to_string()]).await?;
        Ok((turns, last.map(MemberId)))
    }

    async fn keep_rota(&self, gathering: GatheringId, seen: i64, turns: &[NewTurn]) -> Result<bool, Error<RotaRefusal>> {
        let mut write = self.write().await?;
        if !write.hold_as_seen(gathering, seen).await? {
            return Ok(false);
        }
        for turn in turns {
            let on = turn.session.date.to_string();
            may_give(turn, write.host_of(gathering, &on).await?.map(MemberId)).or_refuse()?;
            let Some(host) = turn.host else {
                write.run("DELETE FROM rota WHERE gathering_id = $1 AND date = $2", values![gathering.0, on]).await?;
                continue;
            };
            write.keep_session(gathering, turn.session).await?;
            let keep = "INSERT INTO rota (gathering_id, date, member_id) VALUES ($1, $2, $3) \
                        ON CONFLICT (gathering_id, date) DO UPDATE SET member_id = $3";
            write.run(keep, values![gathering.0, on, host.0]).await?;
        }
        write.tell_who_may_see(gathering, &Hint::GatheringChanged { gathering }).await?;
        write.commit().await?;
        Ok(true)
    }
}
