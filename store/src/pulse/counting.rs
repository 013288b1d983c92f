//! What is counted, and what is kept of it. Counted is only what all members may see: nothing that is for named people.

use super::{first_words, said, timestamp};
use crate::{
    archives::WRITTEN_HERE,
    connection::{Json, Store, Write, all, from_json, run, to_json, value, values},
    gatherings::date,
    ids::{at, before},
};
use chrono::NaiveDate;
use domain::{
    ids::{GatheringId, MemberId},
    outcome::Unavailable,
    pulse::{
        CountStore,
        counting::{Counted, DayOf, Happened, Month},
        depth::FirstWord,
    },
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Value};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

#[derive(FromQueryResult)]
struct CountedRow {
    month: String,
    counted_at: i64,
}

#[derive(FromQueryResult)]
struct HourRow {
    at: i64,
    came: i64,
}

#[derive(FromQueryResult)]
struct DayRow {
    member_id: i64,
    day: String,
    wrote: bool,
    came: bool,
}

/// A list that the database wrote as JSON, which is much quicker than rows; of no rows, an empty one.
pub(super) async fn list_of<T: DeserializeOwned>(
    store: &Store,
    sql: String,
    values: impl IntoIterator<Item = Value> + Send,
) -> Result<Vec<T>, Unavailable> {
    let rows: Option<Option<String>> = value(store.read(), sql, values).await?;
    Ok(rows.flatten().as_deref().map(from_json).transpose()?.unwrap_or_default())
}

/// A list of rows that is bound as `$1`, to be read from as `row`, and how a cell of it is written: its place, its type.
fn bound(db: &impl ConnectionTrait) -> (&'static str, impl Fn(usize, &str) -> String) {
    let sqlite = db.get_database_backend() == DbBackend::Sqlite;
    let from = if sqlite { "json_each($1) row" } else { "json_array_elements(CAST($1 AS JSON)) AS row (value)" };
    let cell = move |place: usize, kind: &str| {
        if sqlite { format!("json_extract(row.value, '$[{place}]')") } else { format!("CAST(row.value ->> {place} AS {kind})") }
    };
    (from, cell)
}

#[async_trait::async_trait]
impl CountStore for Store {
    async fn months_counted(&self) -> Result<BTreeMap<NaiveDate, Timestamp>, Unavailable> {
        let sql = "SELECT y.month, y.counted_at FROM pulse_months y WHERE y.month > ''";
        let rows: Vec<CountedRow> = all(self.read(), sql, values![]).await?;
        rows.into_iter().map(|row| Ok((date(&row.month)?, Timestamp(row.counted_at)))).collect()
    }

    async fn happened(&self, month: &Month) -> Result<Happened, Unavailable> {
        let Json { array, list: json } = Json::of(self.read());
        // An id is a time: what has one of this month is of this month.
        let ids = || values![before(month.from), before(month.until)];
        let wrote = format!(
            "SELECT CAST({json}({array}(p.author_id, p.id)) AS TEXT) FROM posts p \
             WHERE p.id > $1 AND p.id < $2 AND NOT p.taken_back AND p.audience <> 'named' AND {WRITTEN_HERE}"
        );
        let reacted = format!(
            "SELECT CAST({json}({array}(r.member_id, r.id)) AS TEXT) FROM reactions r JOIN posts p ON p.id = r.post_id \
             WHERE r.id > $1 AND r.id < $2 AND p.audience <> 'named'"
        );
        // An answer that was made of a standing one shows nobody about.
        let answered = format!(
            "SELECT CAST({json}({array}(v.member_id, v.at)) AS TEXT) FROM rsvps v JOIN gatherings g ON g.id = v.gathering_id \
             WHERE v.at >= $1 AND v.at < $2 AND NOT v.standing AND NOT g.only_named"
        );
        let came = format!(
            "SELECT CAST({json}({array}(a.member_id, a.gathering_id, a.date)) AS TEXT) FROM gatherings g \
             JOIN attendance a ON a.gathering_id = g.id WHERE g.id > 0 AND NOT g.only_named AND a.date >= $1 AND a.date < $2 AND a.came"
        );
        let threads = "SELECT t.root_id FROM posts t WHERE t.id > $1 AND t.id < $2 AND t.parent_id IS NOT NULL AND t.audience <> 'named'";
        let moments = |rows: Vec<(i64, i64)>| rows.into_iter().map(|(who, id)| (MemberId(who), at(id))).collect();
        let answered: Vec<(i64, i64)> = list_of(self, answered, values![month.from.0, month.until.0]).await?;
        let came: Vec<(i64, i64, NaiveDate)> = list_of(self, came, values![month.first.to_string(), month.next.to_string()]).await?;
        let joined = first_words("p.audience <> 'named' AND $1 = 0", "m.id > $2 AND m.id < $3");
        let joined = all(self.read(), joined, values![0_i64, before(month.from), before(month.until)]).await?;
        Ok(Happened {
            wrote: moments(list_of(self, wrote, ids()).await?),
            reacted: moments(list_of(self, reacted, ids()).await?),
            answered: answered.into_iter().map(|(who, at)| (MemberId(who), Timestamp(at))).collect(),
            came: came.into_iter().map(|(who, gathering, date)| (MemberId(who), GatheringId(gathering), date)).collect(),
            said: said(self, &format!("p.root_id IN ({threads}) AND p.id < $2 AND {WRITTEN_HERE}"), ids()).await?,
            first_words: joined
                .into_iter()
                .map(|row: super::FirstWordRow| FirstWord { at: Timestamp(row.at), answered: timestamp(row.answered) })
                .collect(),
        })
    }

    async fn keep_month(&self, month: &Month, counted: &Counted, oldest: NaiveDate, at: Timestamp) -> Result<(), Unavailable> {
        let write = self.write().await?;
        write.keep_hours(month, counted).await?;
        write.keep_days(month, counted).await?;
        let keep = "INSERT INTO pulse_months (month, counted_at, wrote, talked, conversations, newcomers, answered, sessions, came) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (month) DO UPDATE SET counted_at = excluded.counted_at, \
                    wrote = excluded.wrote, talked = excluded.talked, conversations = excluded.conversations, newcomers = excluded.newcomers, \
                    answered = excluded.answered, sessions = excluded.sessions, came = excluded.came";
        let figures = counted.figures;
        let mut values = values![month.first.to_string(), at.0];
        let each =
            [figures.wrote, figures.talked, figures.conversations, figures.newcomers, figures.answered, figures.sessions, figures.came];
        values.extend(each.map(|figure| Value::from(i64::from(figure))));
        write.run(keep, values).await?;
        for forget in ["DELETE FROM pulse_months WHERE month < $1", "DELETE FROM pulse_days WHERE day < $1"] {
            write.run(forget, values![oldest.to_string()]).await?;
        }
        write.commit().await
    }
}

impl Write {
    /// Keeps the hours of a month. Only what has changed is written, since most of a month never does.
    async fn keep_hours(&self, month: &Month, counted: &Counted) -> Result<(), Unavailable> {
        let kept = "SELECT h.at, h.came FROM pulse_hours h WHERE h.at >= $1 AND h.at < $2";
        let kept: Vec<HourRow> = all(self.db(), kept, values![month.from.0, month.until.0]).await?;
        let kept: BTreeMap<i64, i64> = kept.into_iter().map(|row| (row.at, row.came)).collect();
        let gone = kept.keys().filter(|at| !counted.hours.contains_key(&Timestamp(**at)));
        for at in gone {
            self.run("DELETE FROM pulse_hours WHERE at = $1", values![*at]).await?;
        }
        let now = counted.hours.iter().map(|(at, came)| (at.0, i64::from(*came)));
        let changed: Vec<(i64, i64)> = now.filter(|(at, came)| kept.get(at) != Some(came)).collect();
        if changed.is_empty() {
            return Ok(());
        }
        let (rows, cell) = bound(self.db());
        let keep = format!(
            "INSERT INTO pulse_hours (at, came) SELECT {}, {} FROM {rows} WHERE TRUE ON CONFLICT (at) DO UPDATE SET came = excluded.came",
            cell(0, "BIGINT"),
            cell(1, "BIGINT")
        );
        run(self.db(), keep, values![to_json(&changed)?]).await.map(drop)
    }

    /// Keeps on which days of a month who came; of whoever was removed meanwhile, nothing.
    async fn keep_days(&self, month: &Month, counted: &Counted) -> Result<(), Unavailable> {
        let kept = "SELECT d.member_id, d.day, d.wrote, d.came FROM pulse_days d WHERE d.day >= $1 AND d.day < $2";
        let kept: Vec<DayRow> = all(self.db(), kept, values![month.first.to_string(), month.next.to_string()]).await?;
        let kept = kept.into_iter().map(|row| {
            let DayRow { member_id, day, wrote, came } = row;
            Ok(((MemberId(member_id), date(&day)?), DayOf { wrote, came }))
        });
        let kept: BTreeMap<(MemberId, NaiveDate), DayOf> = kept.collect::<Result<_, Unavailable>>()?;
        for (who, day) in kept.keys().filter(|day| !counted.days.contains_key(day)) {
            self.run("DELETE FROM pulse_days WHERE member_id = $1 AND day = $2", values![who.0, day.to_string()]).await?;
        }
        let changed = counted.days.iter().filter(|(day, did)| kept.get(day) != Some(did));
        let changed: Vec<(i64, NaiveDate, bool, bool)> = changed.map(|((who, day), did)| (who.0, *day, did.wrote, did.came)).collect();
        if changed.is_empty() {
            return Ok(());
        }
        let (rows, cell) = bound(self.db());
        let keep = format!(
            "INSERT INTO pulse_days (member_id, day, wrote, came) SELECT m.id, {}, {}, {} FROM {rows} JOIN members m ON m.id = {} \
             WHERE TRUE ON CONFLICT (member_id, day) DO UPDATE SET wrote = excluded.wrote, came = excluded.came",
            cell(1, "TEXT"),
            cell(2, "BOOLEAN"),
            cell(3, "BOOLEAN"),
            cell(0, "BIGINT")
        );
        run(self.db(), keep, values![to_json(&changed)?]).await.map(drop)
    }
}
