//! Rows of many hands: whose week it is, who would swap, who is away, and how much time a host gave.

use crate::{
    connection::{Store, Write, all, one, value, values},
    notifications::News,
    people::{byline, sorted_as},
};
use domain::{
    hands::{
        HandsStore, HostHere, Rota, SHOWN_WEEKS, Swap, Taking, WeekRefusal,
        away::{Away, AwayRefusal},
        meter::MeterStore,
        weeks::Week,
    },
    ids::MemberId,
    live::Hint,
    outcome::{Error, Unavailable},
    people::Role,
    time::Timestamp,
    viewer::{Host, Me},
};
use sea_orm::FromQueryResult;
use std::collections::BTreeMap;

#[derive(FromQueryResult)]
struct HostRow {
    id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
    from_at: Option<i64>,
    until_at: Option<i64>,
    word: Option<String>,
}

#[derive(FromQueryResult)]
struct WeekRow {
    week: String,
    member_id: i64,
}

#[derive(FromQueryResult)]
struct SwapRow {
    mine: String,
    by_id: i64,
    theirs: String,
    asked_id: i64,
}

#[derive(FromQueryResult)]
struct AwayRow {
    from_at: i64,
    until_at: i64,
    word: String,
}

#[derive(FromQueryResult)]
struct MeterRow {
    off: bool,
    last_at: i64,
}

#[derive(FromQueryResult)]
struct TimeRow {
    off: bool,
    seconds: Option<i64>,
}

/// A week that was checked when it was written down.
fn week(text: &str) -> Result<Week, Unavailable> {
    text.parse().map_err(|_| Unavailable::because("a kept week is none"))
}

impl HostRow {
    fn host(self) -> Result<HostHere, Unavailable> {
        let away = match (self.from_at, self.until_at, self.word) {
            (Some(from), Some(until), Some(word)) => Some(Away { from: Timestamp(from), until: Timestamp(until), word }),
            _ => None,
        };
        Ok(HostHere { who: byline(self.id, &self.name, self.display_name, self.picture_id)?, away })
    }
}

const SWAPS: &str = "SELECT s.week AS mine, o.member_id AS by_id, s.for_week AS theirs, t.member_id AS asked_id FROM week_swaps s \
     JOIN host_weeks o ON o.week = s.week JOIN host_weeks t ON t.week = s.for_week";

impl SwapRow {
    fn swap(self) -> Result<Swap, Unavailable> {
        Ok(Swap { mine: week(&self.mine)?, by: MemberId(self.by_id), theirs: week(&self.theirs)?, asked: MemberId(self.asked_id) })
    }
}

impl Write {
    /// What goes with being a host: weeks, and what was measured. Who neither hosts nor greets is away from nothing.
    pub async fn give_hosting_up(&self, member: i64) -> Result<(), Unavailable> {
        for gone in [
            "DELETE FROM host_weeks WHERE member_id = $1",
            "DELETE FROM host_time WHERE member_id = $1",
            "DELETE FROM host_meters WHERE member_id = $1",
            "DELETE FROM aways WHERE member_id = $1 AND NOT EXISTS (SELECT 1 FROM welcomes w WHERE w.member_id = $1 AND w.greets)",
        ] {
            self.run(gone, values![member]).await?;
        }
        Ok(())
    }

    /// Weeks change hands one after the other, and only a host's.
    async fn lock_weeks(&self, host: &Host) -> Result<(), Error<WeekRefusal>> {
        self.lock_community().await?;
        if self.role_of(host.me().id).await? < Role::Host {
            return Err(Error::Refused(WeekRefusal::NotYours));
        }
        Ok(())
    }

    /// Whose a week is.
    async fn holder(&self, week: Week) -> Result<Option<i64>, Unavailable> {
        value(self.db(), "SELECT w.member_id FROM host_weeks w WHERE w.week = $1", values![week.to_string()]).await
    }

    async fn hand_week(&self, week: Week, to: i64) -> Result<(), Unavailable> {
        self.run("UPDATE host_weeks SET member_id = $2 WHERE week = $1", values![week.to_string(), to]).await?;
        // What was thought of while it was somebody else's does not hold any more.
        self.run("DELETE FROM week_swaps WHERE week = $1 OR for_week = $1", values![week.to_string()]).await.map(drop)
    }

    /// What is asked anew, or answered, is told once.
    async fn forget_swap_notices(&mut self, member: i64, by: i64) -> Result<(), Unavailable> {
        let gone = "DELETE FROM notifications WHERE member_id = $1 AND kind = 'swap' AND actor_id = $2 AND answer = 'asked' AND unread";
        if self.run(gone, values![member, by]).await? > 0 {
            self.tell(Some(MemberId(member)), &Hint::Notified).await?;
        }
        Ok(())
    }

    async fn swap(&self, mine: Week) -> Result<Option<Swap>, Unavailable> {
        let row: Option<SwapRow> = one(self.db(), format!("{SWAPS} WHERE s.week = $1"), values![mine.to_string()]).await?;
        row.map(SwapRow::swap).transpose()
    }
}

#[async_trait::async_trait]
impl HandsStore for Store {
    async fn host_rota(&self, _host: &Host, this: Week, now: Timestamp) -> Result<Rota, Unavailable> {
        let sql = "SELECT m.id, m.name, m.display_name, m.picture_id, y.from_at, y.until_at, y.word FROM members m \
                   LEFT JOIN aways y ON y.member_id = m.id AND y.until_at > $1 WHERE m.id > 0 AND m.role IN ('host', 'admin')";
        let rows: Vec<HostRow> = all(self.read(), sql, values![now.0]).await?;
        let mut hosts = rows.into_iter().map(HostRow::host).collect::<Result<Vec<_>, _>>()?;
        hosts.sort_by_cached_key(|host| (sorted_as(&host.who.display_name), host.who.id));
        let sql = "SELECT w.week, w.member_id FROM host_weeks w WHERE w.week >= $1 AND w.week < $2";
        let (first, last) = (this.to_string(), this.plus(SHOWN_WEEKS).to_string());
        let rows: Vec<WeekRow> = all(self.read(), sql, values![&first, &last]).await?;
        let taken = rows.into_iter().map(|row| Ok((week(&row.week)?, MemberId(row.member_id)))).collect::<Result<_, Unavailable>>()?;
        let rows: Vec<SwapRow> = all(self.read(), format!("{SWAPS} WHERE s.week >= $1 AND s.for_week >= $1"), values![&first]).await?;
        let swaps = rows.into_iter().map(SwapRow::swap).collect::<Result<_, _>>()?;
        Ok(Rota { hosts, taken, swaps, this })
    }

    async fn take_week(&self, host: &Host, taking: Taking) -> Result<(), Error<WeekRefusal>> {
        let (write, me) = (self.write().await?, host.me().id.0);
        write.lock_weeks(host).await?;
        match write.holder(taking.week).await? {
            None => {
                let insert = "INSERT INTO host_weeks (week, member_id, told) VALUES ($1, $2, $3)";
                write.run(insert, values![taking.week.to_string(), me, taking.begun]).await?;
            }
            Some(holder) if holder == me => {}
            Some(holder) => {
                // Somebody who came back in the meantime has it still.
                let away: Option<i64> =
                    value(write.db(), "SELECT y.member_id FROM aways y WHERE y.member_id = $1", values![holder]).await?;
                if taking.from != Some(MemberId(holder)) || away.is_none() {
                    let by: Option<String> = value(write.db(), "SELECT display_name FROM members WHERE id = $1", values![holder]).await?;
                    return Err(Error::Refused(WeekRefusal::Taken { by: by.unwrap_or_default() }));
                }
                write.hand_week(taking.week, me).await?;
                write.run("UPDATE host_weeks SET told = $2 WHERE week = $1", values![taking.week.to_string(), taking.begun]).await?;
            }
        }
        Ok(write.commit().await?)
    }

    async fn give_week_back(&self, host: &Host, week: Week) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let gone = "DELETE FROM host_weeks WHERE week = $1 AND member_id = $2";
        let given = write.run(gone, values![week.to_string(), host.me().id.0]).await?;
        write.commit().await?;
        Ok(given > 0)
    }

    async fn give_weeks(&self, host: &Host, weeks: &[(Week, MemberId)], this: Week) -> Result<u64, Error<WeekRefusal>> {
        let write = self.write().await?;
        write.lock_weeks(host).await?;
        let mut given = 0;
        for (week, member) in weeks {
            let insert = "INSERT INTO host_weeks (week, member_id, told) SELECT $1, m.id, $3 FROM members m \
                          WHERE m.id = $2 AND m.role IN ('host', 'admin') ON CONFLICT (week) DO NOTHING";
            let told = *member == host.me().id && *week <= this;
            given += write.run(insert, values![week.to_string(), member.0, told]).await?;
        }
        write.commit().await?;
        Ok(given)
    }

    async fn ask_swap(&self, host: &Host, mine: Week, theirs: Week, at: Timestamp) -> Result<(), Error<WeekRefusal>> {
        let (mut write, me) = (self.write().await?, host.me().id);
        write.lock_weeks(host).await?;
        let other = write.holder(theirs).await?.filter(|other| *other != me.0);
        let (Some(other), true) = (other, write.holder(mine).await? == Some(me.0)) else {
            return Err(Error::Refused(WeekRefusal::Changed));
        };
        if let Some(before) = write.swap(mine).await? {
            write.forget_swap_notices(before.asked.0, me.0).await?;
        }
        let keep =
            "INSERT INTO week_swaps (week, for_week, at) VALUES ($1, $2, $3) ON CONFLICT (week) DO UPDATE SET for_week = $2, at = $3";
        write.run(keep, values![mine.to_string(), theirs.to_string(), at.0]).await?;
        write.notify(other, Some(me), News::Swap { answer: "asked" }, at).await?;
        Ok(write.commit().await?)
    }

    async fn answer_swap(&self, host: &Host, mine: Week, agree: bool, at: Timestamp) -> Result<(), Error<WeekRefusal>> {
        let (mut write, me) = (self.write().await?, host.me().id);
        write.lock_weeks(host).await?;
        let Some(swap) = write.swap(mine).await?.filter(|swap| swap.asked == me) else {
            return Err(Error::Refused(WeekRefusal::Changed));
        };
        if agree {
            write.hand_week(swap.mine, me.0).await?;
            write.hand_week(swap.theirs, swap.by.0).await?;
        } else {
            write.run("DELETE FROM week_swaps WHERE week = $1", values![mine.to_string()]).await?;
        }
        write.forget_swap_notices(me.0, swap.by.0).await?;
        write.notify(swap.by.0, Some(me), News::Swap { answer: if agree { "yes" } else { "no" } }, at).await?;
        Ok(write.commit().await?)
    }

    async fn unask_swap(&self, host: &Host, mine: Week) -> Result<bool, Unavailable> {
        let mut write = self.write().await?;
        write.lock_community().await?;
        let Some(swap) = write.swap(mine).await?.filter(|swap| swap.by == host.me().id) else { return Ok(false) };
        write.run("DELETE FROM week_swaps WHERE week = $1", values![mine.to_string()]).await?;
        write.forget_swap_notices(swap.asked.0, swap.by.0).await?;
        write.commit().await?;
        Ok(true)
    }

    async fn begin_week(&self, week: Week, now: Timestamp) -> Result<(), Unavailable> {
        const BEGUN: &str = "week = $1 AND NOT told AND NOT EXISTS (SELECT 1 FROM aways y WHERE y.member_id = host_weeks.member_id \
             AND y.from_at <= $2 AND y.until_at > $2)";
        // Nearly always there is nothing to do, and then nobody has to wait for the one who writes.
        let sql = format!(
            "SELECT member_id FROM host_weeks WHERE {BEGUN} UNION ALL SELECT member_id FROM aways WHERE member_id > 0 AND until_at <= $2"
        );
        if value::<i64>(self.read(), sql, values![week.to_string(), now.0]).await?.is_none() {
            return Ok(());
        }
        let mut write = self.write().await?;
        let tell = format!("UPDATE host_weeks SET told = TRUE WHERE {BEGUN} RETURNING member_id");
        let host: Option<i64> = value(write.db(), tell, values![week.to_string(), now.0]).await?;
        if let Some(host) = host {
            write.notify(host, None, News::Week, now).await?;
        }
        write.run("DELETE FROM aways WHERE until_at <= $1", values![now.0]).await?;
        write.commit().await
    }

    async fn save_away(&self, me: &Me, away: Option<&Away>) -> Result<(), Error<AwayRefusal>> {
        let write = self.write().await?;
        match away {
            None => write.run("DELETE FROM aways WHERE member_id = $1", values![me.id.0]).await?,
            Some(Away { from, until, word }) => {
                write.lock_community().await?;
                let greets = "SELECT w.member_id FROM welcomes w WHERE w.member_id = $1 AND w.greets";
                if write.role_of(me.id).await? < Role::Host && value::<i64>(write.db(), greets, values![me.id.0]).await?.is_none() {
                    return Err(Error::Refused(AwayRefusal::Nothing));
                }
                let keep = "INSERT INTO aways (member_id, from_at, until_at, word) VALUES ($1, $2, $3, $4) \
                            ON CONFLICT (member_id) DO UPDATE SET from_at = $2, until_at = $3, word = $4";
                write.run(keep, values![me.id.0, from.0, until.0, word]).await?
            }
        };
        Ok(write.commit().await?)
    }

    async fn my_away(&self, me: &Me, now: Timestamp) -> Result<Option<Away>, Unavailable> {
        let sql = "SELECT y.from_at, y.until_at, y.word FROM aways y WHERE y.member_id = $1 AND y.until_at > $2";
        let row: Option<AwayRow> = one(self.read(), sql, values![me.id.0, now.0]).await?;
        Ok(row.map(|row| Away { from: Timestamp(row.from_at), until: Timestamp(row.until_at), word: row.word }))
    }
}

#[async_trait::async_trait]
impl MeterStore for Store {
    async fn add_time(&self, host: &Host, seconds: &BTreeMap<Week, i64>, now: Timestamp) -> Result<bool, Unavailable> {
        let (write, me) = (self.write().await?, host.me().id.0);
        // The row is locked, so that two processes add one after the other.
        let lock = "INSERT INTO host_meters (member_id, off, last_at) SELECT m.id, FALSE, $2 FROM members m \
                    WHERE m.id = $1 AND m.role IN ('host', 'admin') ON CONFLICT (member_id) DO UPDATE SET off = host_meters.off \
                    RETURNING off, last_at";
        // Before the first time nothing was counted, and so there is room for all of it.
        let row: Option<MeterRow> = one(write.db(), lock, values![me, 0_i64]).await?;
        let Some(MeterRow { off: false, last_at }) = row else { return Ok(false) };
        let mut room = ((now.0 - last_at + 999) / 1000).max(0);
        for (week, seconds) in seconds.iter().rev() {
            let add = (*seconds).min(room);
            room -= add;
            let keep = "INSERT INTO host_time (member_id, week, seconds) VALUES ($1, $2, $3) \
                        ON CONFLICT (member_id, week) DO UPDATE SET seconds = host_time.seconds + $3";
            write.run(keep, values![me, week.to_string(), add]).await?;
        }
        write.run("UPDATE host_meters SET last_at = $2 WHERE member_id = $1 AND last_at < $2", values![me, now.0]).await?;
        write.commit().await?;
        Ok(true)
    }

    async fn my_time(&self, host: &Host, week: Week) -> Result<Option<i64>, Unavailable> {
        let sql = "SELECT k.off, t.seconds FROM host_meters k LEFT JOIN host_time t ON t.member_id = k.member_id AND t.week = $2 \
                   WHERE k.member_id = $1";
        let row: Option<TimeRow> = one(self.read(), sql, values![host.me().id.0, week.to_string()]).await?;
        Ok(match row {
            Some(TimeRow { off: true, .. }) => None,
            row => Some(row.and_then(|row| row.seconds).unwrap_or(0)),
        })
    }

    async fn turn_meter(&self, host: &Host, on: bool) -> Result<(), Unavailable> {
        let (write, me) = (self.write().await?, host.me().id.0);
        let keep = "INSERT INTO host_meters (member_id, off, last_at) SELECT m.id, $2, 0 FROM members m \
                    WHERE m.id = $1 AND m.role IN ('host', 'admin') ON CONFLICT (member_id) DO UPDATE SET off = $2, last_at = 0";
        write.run(keep, values![me, !on]).await?;
        if !on {
            write.run("DELETE FROM host_time WHERE member_id = $1", values![me]).await?;
        }
        write.commit().await
    }
}
