//! Rows of sparks to come, and sending them: each once, however many processes look at the clock.

use super::went::{Gone, NewSpark};
use crate::{
    connection::{Store, Write, all, from_json, one, to_json, value, values},
    people::{BylineRow, role},
    sign_in::{ME, MeRow},
};
use chrono::NaiveDate;
use domain::{
    ids::{PostId, SparkId},
    outcome::{Error, Unavailable},
    people::Role,
    sparks::{
        SparkRefusal,
        coming::{Coming, ComingStore, Held, MOST_TO_COME, NewComing},
    },
    time::Timestamp,
    timeline::NewPost,
    viewer::{Host, Me},
};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

#[derive(FromQueryResult)]
struct ComingRow {
    id: i64,
    wordings: String,
    prompt: Option<String>,
    date: String,
    time: String,
    weekly: bool,
    turn: i64,
    paused: bool,
    changes: i64,
    #[sea_orm(nested(prefix = "by_"))]
    by: Option<BylineRow>,
    role: Option<String>,
    #[sea_orm(nested(prefix = "pauser_"))]
    pauser: Option<BylineRow>,
}

const COMING: &str = "SELECT c.id, c.wordings, c.prompt, c.date, c.time, c.weekly, c.turn, c.paused, c.changes, \
     h.id AS by_id, h.name AS by_name, h.display_name AS by_display_name, h.picture_id AS by_picture_id, h.role, \
     b.id AS pauser_id, b.name AS pauser_name, b.display_name AS pauser_display_name, b.picture_id AS pauser_picture_id \
     FROM sparks_to_come c LEFT JOIN members h ON h.id = c.host_id \
     LEFT JOIN members b ON b.id = c.paused_by AND c.paused_by <> COALESCE(c.host_id, 0)";

impl ComingRow {
    fn coming(self) -> Result<Coming, Unavailable> {
        let wrong = |_| Unavailable::because("a kept date or time is not one");
        Ok(Coming {
            id: SparkId(self.id),
            by: self.by.map(BylineRow::byline).transpose()?,
            by_host: self.role.as_deref().map(role).transpose()?.is_some_and(|role| role >= Role::Host),
            new: NewComing {
                wordings: from_json(&self.wordings)?,
                prompt: self.prompt,
                date: self.date.parse().map_err(wrong)?,
                time: self.time.parse().map_err(wrong)?,
                weekly: self.weekly,
            },
            turn: self.turn as u32,
            paused: self.paused,
            paused_by: self.pauser.map(BylineRow::byline).transpose()?,
            changes: self.changes,
        })
    }
}

async fn read(db: &impl ConnectionTrait, which: &str, values: Vec<Value>) -> Result<Vec<Coming>, Unavailable> {
    let rows: Vec<ComingRow> = all(db, format!("{COMING} WHERE {which}"), values).await?;
    rows.into_iter().map(ComingRow::coming).collect()
}

impl Write {
    /// Moves a spark on to when it is next, or has it come no more, if nobody has changed it since it was seen. Whoever is second waits here, and
    /// finds it changed.
    async fn pass(&self, seen: &Coming, then: Option<NaiveDate>, turns: i64) -> Result<bool, Unavailable> {
        let passed = match then {
            Some(then) => {
                let pass = "UPDATE sparks_to_come SET date = $3, turn = turn + $4, changes = changes + 1 \
                            WHERE id = $1 AND changes = $2 AND NOT paused";
                self.run(pass, values![seen.id.0, seen.changes, then.to_string(), turns]).await?
            }
            None => self.run("DELETE FROM sparks_to_come WHERE id = $1 AND changes = $2", values![seen.id.0, seen.changes]).await?,
        };
        Ok(passed > 0)
    }
}

#[async_trait::async_trait]
impl ComingStore for Store {
    async fn coming(&self, _host: &Host) -> Result<Vec<Coming>, Unavailable> {
        read(self.read(), "c.id > 0", values![]).await
    }

    async fn plan(&self, host: &Host, new: &NewComing, at: Timestamp) -> Result<(), Error<SparkRefusal>> {
        let write = self.write().await?;
        write.lock_community().await?;
        let (me, wordings) = (host.me().id.0, to_json(&new.wordings)?);
        let (date, time) = (new.date.to_string(), new.time.to_string());
        // Whoever presses twice has it come once.
        let same = "SELECT id FROM sparks_to_come WHERE date = $1 AND host_id = $2 AND wordings = $3 AND time = $4 AND weekly = $5";
        if value::<i64>(write.db(), same, values![&date, me, &wordings, &time, new.weekly]).await?.is_some() {
            return Ok(());
        }
        let many: Option<i64> = value(write.db(), "SELECT COUNT(*) FROM sparks_to_come", values![]).await?;
        if many.unwrap_or_default() >= MOST_TO_COME as i64 {
            return Err(Error::Refused(SparkRefusal::TooManyToCome));
        }
        let insert = "INSERT INTO sparks_to_come (id, host_id, wordings, prompt, date, time, weekly, turn, paused, changes) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, 0, FALSE, 0) ON CONFLICT (id) DO NOTHING";
        write.insert(at, insert, values![me, wordings, new.prompt.clone(), date, time, new.weekly]).await?;
        Ok(write.commit().await?)
    }

    async fn change(&self, host: &Host, seen: &Coming, reworded: &Coming) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let change = "UPDATE sparks_to_come SET wordings = $4, date = $5, time = $6, weekly = $7, turn = $8, paused = $9, \
                      paused_by = CASE WHEN $9 THEN paused_by END, changes = changes + 1 WHERE id = $1 AND host_id = $2 AND changes = $3";
        let Coming { new, turn, paused, .. } = reworded;
        let wordings = to_json(&new.wordings)?;
        let mut values = values![seen.id.0, host.me().id.0, seen.changes, wordings, new.date.to_string(), new.time.to_string()];
        values.extend(values![new.weekly, i64::from(*turn), *paused]);
        let changed = write.run(change, values).await? > 0;
        write.commit().await?;
        Ok(changed)
    }

    async fn hold(&self, host: &Host, seen: &Coming, held: Held, at: Timestamp) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let me = host.me().id.0;
        let done = match held {
            Held::Paused => {
                let pause = "UPDATE sparks_to_come SET paused = TRUE, paused_by = $3, changes = changes + 1 WHERE id = $1 AND changes = $2";
                write.run(pause, values![seen.id.0, seen.changes, me]).await? > 0
            }
            Held::On(date) => {
                let on = "UPDATE sparks_to_come SET date = $3, paused = FALSE, paused_by = NULL, changes = changes + 1 \
                          WHERE id = $1 AND changes = $2";
                write.run(on, values![seen.id.0, seen.changes, date.to_string()]).await? > 0
            }
            Held::Stopped => {
                let stopped = write.pass(seen, None, 0).await?;
                // Its author is told on the desk why it does not come; what they stopped themselves they know.
                if stopped && !seen.is_by(host) {
                    let gone = Gone { became: "stopped", words: seen.words(), more: 0, by: Some(host.me().id) };
                    write.keep_spark(&NewSpark::of(seen, at), Err(gone)).await?;
                }
                stopped
            }
        };
        write.commit().await?;
        Ok(done)
    }

    async fn due(&self, until: NaiveDate) -> Result<Vec<Coming>, Unavailable> {
        read(self.read(), "c.date <= $1 AND NOT c.paused", values![until.to_string()]).await
    }

    async fn send(&self, seen: &Coming, post: &NewPost, then: Option<NaiveDate>) -> Result<Option<PostId>, Unavailable> {
        let mut write = self.write().await?;
        if !write.pass(seen, then, 1).await? {
            return Ok(None);
        }
        let new = NewSpark::of(seen, post.at);
        let by: Option<MeRow> = match &seen.by {
            Some(by) => one(write.db(), format!("{ME} WHERE m.id = $1"), values![by.id.0]).await?,
            None => None,
        };
        let by: Option<Me> = by.map(MeRow::me).transpose()?.filter(|by| by.role >= Role::Host);
        let sent = match by {
            Some(by) => {
                let id = write.send_post(&by, post).await.map_err(|error| match error {
                    Error::Refused(reason) => Unavailable::because(format!("a spark was refused as a post: {reason}")),
                    Error::Unavailable(cause) => cause,
                })?;
                write.keep_spark(&new, Ok(id)).await?;
                Some(id)
            }
            None => {
                // It was passed on above; in the name of somebody who is no host any more it comes no more.
                write.run("DELETE FROM sparks_to_come WHERE id = $1", values![seen.id.0]).await?;
                let gone = Gone { became: "no-host", words: seen.words(), more: 0, by: None };
                write.keep_spark(&new, Err(gone)).await?;
                None
            }
        };
        write.commit().await?;
        Ok(sent)
    }

    async fn miss(&self, seen: &Coming, missed: u32, then: Option<NaiveDate>, at: Timestamp) -> Result<(), Unavailable> {
        let write = self.write().await?;
        if write.pass(seen, then, 0).await? {
            let gone = Gone { became: "late", words: seen.words(), more: i64::from(missed), by: None };
            write.keep_spark(&NewSpark::of(seen, at), Err(gone)).await?;
        }
        write.commit().await
    }
}
