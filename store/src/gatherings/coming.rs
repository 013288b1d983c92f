//! Who comes: answers and those that stand for each time, seats, and who is reminded or told.

use crate::{
    connection::{Store, Write, all, column, one, value, values},
    notifications::News,
};
use chrono::NaiveDate;
use domain::{
    gatherings::{
        Answer, NewRsvp, Session,
        changes::Told,
        coming::{self, Reminder, Reminders},
    },
    ids::{GatheringId, MemberId},
    live::Hint,
    outcome::Unavailable,
    time::Timestamp,
    viewer::Me,
};
use sea_orm::FromQueryResult;
use std::collections::BTreeSet;

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

/// On which terms one comes, and to whom.
#[derive(FromQueryResult)]
struct TermsRow {
    capacity: Option<i64>,
    guests: i64,
    host_id: i64,
}

impl TermsRow {
    /// How many there is room for.
    fn capacity(&self) -> Option<u32> {
        self.capacity.map(|seats| seats as u32)
    }
}

/// Somebody who waits, or who comes each time.
#[derive(FromQueryResult)]
struct PartyRow {
    member_id: i64,
    guests: i64,
}

/// What became of a session, in records.
fn word(told: Told) -> &'static str {
    match told {
        Told::Changed => "changed",
        Told::Cancelled => "cancelled",
        Told::On => "on",
    }
}

impl Write {
    /// Holds a gathering until the commit; false where it was changed since it was looked at.
    pub(super) async fn hold_as_seen(&self, gathering: GatheringId, seen: i64) -> Result<bool, Unavailable> {
        let hold = "UPDATE gatherings SET id = id WHERE id = $1 AND changes = $2";
        Ok(self.run(hold, values![gathering.0, seen]).await? > 0)
    }

    /// How many seats of a session are taken, by others than one member.
    async fn taken(&self, gathering: GatheringId, date: &str, but: i64) -> Result<u32, Unavailable> {
        let sql = "SELECT CAST(COALESCE(SUM(1 + guests), 0) AS BIGINT) FROM rsvps \
                   WHERE gathering_id = $1 AND date = $2 AND answer = 'yes' AND NOT waiting AND member_id <> $3";
        Ok(value::<i64>(self.db(), sql, values![gathering.0, date, but]).await?.unwrap_or(0) as u32)
    }

    /// The terms of a gathering that is there.
    async fn terms(&self, gathering: GatheringId) -> Result<TermsRow, Unavailable> {
        let sql = "SELECT capacity, guests, host_id FROM gatherings WHERE id = $1";
        one(self.db(), sql, values![gathering.0]).await?.ok_or_else(|| Unavailable::because("there is no such gathering"))
    }

    /// Keeps an answer to a session: with a seat if there is room, else waiting for one.
    async fn answer(&self, me: &Me, date: &str, new: &NewRsvp, former: Option<&SaidRow>, terms: &TermsRow) -> Result<(), Unavailable> {
        let (gathering, member, guests) = (new.gathering, me.id.0, new.guests);
        let yes = former.filter(|former| former.answer == Answer::Yes.word());
        // Whoever has a seat keeps it, with no more guests than before.
        let seated = yes.is_some_and(|yes| !yes.waiting && i64::from(guests) <= yes.guests);
        let waiting = new.answer == Answer::Yes
            && !seated
            && !coming::has_room(terms.capacity(), self.taken(gathering, date, member).await?, 1 + guests);
        let since = yes.map_or(new.at.0, |yes| yes.since);
        let keep = "INSERT INTO rsvps (gathering_id, date, member_id, answer, note, at, guests, waiting, since, standing) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, FALSE) ON CONFLICT (gathering_id, date, member_id) DO UPDATE \
                    SET answer = $4, note = $5, at = $6, guests = $7, waiting = $8, since = $9, standing = FALSE";
        let (answer, guests) = (new.answer.word(), i64::from(guests));
        self.run(keep, values![gathering.0, date, member, answer, &new.note, new.at.0, guests, waiting, since]).await.map(drop)
    }

    /// Has those who wait for a session move up as far as there is room, and tells them.
    pub(super) async fn move_up(&mut self, gathering: GatheringId, date: &str, at: Timestamp) -> Result<(), Unavailable> {
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
        let terms = self.terms(gathering).await?;
        let up = coming::moved_up(terms.capacity(), self.taken(gathering, date, 0).await?, &parties);
        for member in up {
            let seat = "UPDATE rsvps SET waiting = FALSE WHERE gathering_id = $1 AND date = $2 AND member_id = $3";
            self.run(seat, values![gathering.0, date, member.0]).await?;
            let news = News::Session { gathering: gathering.0, date: date.to_owned(), what: "room" };
            self.notify(member.0, Some(MemberId(terms.host_id)), news, at).await?;
        }
        Ok(())
    }

    /// Has those who wait for any session that is not over move up.
    pub async fn move_all_up(&mut self, gathering: GatheringId, at: Timestamp) -> Result<(), Unavailable> {
        let sql = "SELECT DISTINCT v.date FROM rsvps v JOIN sessions s ON s.gathering_id = v.gathering_id AND s.date = v.date \
                   WHERE v.gathering_id = $1 AND v.waiting AND s.ends_at > $2 ORDER BY v.date";
        let dates: Vec<String> = column(self.db(), sql, values![gathering.0, at.0]).await?;
        for date in dates {
            self.move_up(gathering, &date, at).await?;
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
        let terms = self.terms(gathering).await?;
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
            self.move_up(gathering, &date, at).await?;
            let mut taken = self.taken(gathering, &date, 0).await?;
            for PartyRow { member_id, guests } in parties {
                let guests = guests.min(terms.guests);
                let party = 1 + guests as u32;
                let waiting = !coming::has_room(terms.capacity(), taken, party);
                taken += if waiting { 0 } else { party };
                let keep = "INSERT INTO rsvps (gathering_id, date, member_id, answer, note, at, guests, waiting, since, standing) \
                            VALUES ($1, $2, $3, 'yes', '', $4, $5, $6, $4, TRUE) ON CONFLICT (gathering_id, date, member_id) DO NOTHING";
                self.run(keep, values![gathering.0, &date, member_id, at.0, guests, waiting]).await?;
            }
        }
        Ok(filled)
    }

    /// Tells those who answered a session what became of it; each hears of one kind of news but once.
    pub(super) async fn tell_answered(
        &mut self,
        by: &Me,
        gathering: GatheringId,
        date: NaiveDate,
        told: Told,
        at: Timestamp,
        members: &mut BTreeSet<(i64, &'static str)>,
    ) -> Result<(), Unavailable> {
        let date = date.to_string();
        let what = word(told);
        // Whoever brings something means to come, also where they did not say so.
        let sql = "SELECT member_id FROM rsvps WHERE gathering_id = $1 AND date = $2 AND member_id <> $3 UNION \
                   SELECT member_id FROM takings WHERE gathering_id = $1 AND date = $2 AND member_id <> $3";
        let answered: Vec<i64> = column(self.db(), sql, values![gathering.0, &date, by.id.0]).await?;
        for member in answered {
            if !members.insert((member, what)) {
                continue;
            }
            self.tell_member((member, by), gathering, &date, what, at).await?;
        }
        Ok(())
    }

    /// Tells those who come each time, and were not told yet, what became of a session that nobody can have answered so far ahead.
    pub(super) async fn tell_standing(
        &mut self,
        by: &Me,
        gathering: GatheringId,
        session: Session,
        told: Told,
        at: Timestamp,
        members: &BTreeSet<(i64, &'static str)>,
    ) -> Result<(), Unavailable> {
        let knows = |member: i64| member == by.id.0 || members.iter().any(|(other, _)| *other == member);
        let sql = "SELECT member_id FROM standing_answers WHERE gathering_id = $1 ORDER BY member_id";
        let mut standing: Vec<i64> = column(self.db(), sql, values![gathering.0]).await?;
        standing.retain(|member| !knows(*member));
        if !standing.is_empty() {
            self.keep_session(gathering, session).await?;
        }
        for member in standing {
            self.tell_member((member, by), gathering, &session.date.to_string(), word(told), at).await?;
        }
        Ok(())
    }

    /// Tells a member what somebody made of a session.
    async fn tell_member(
        &mut self,
        (member, by): (i64, &Me),
        gathering: GatheringId,
        date: &str,
        what: &'static str,
        at: Timestamp,
    ) -> Result<(), Unavailable> {
        // What is true now takes the place of what was.
        let forget = "DELETE FROM notifications WHERE kind = 'session' AND member_id = $1 AND gathering_id = $2 AND date = $3";
        self.run(forget, values![member, gathering.0, date]).await?;
        self.notify(member, Some(by.id), News::Session { gathering: gathering.0, date: date.to_owned(), what }, at).await
    }

    /// Has those be reminded once more who were reminded of a session that is to start at another time than it was.
    pub(super) async fn remind_anew(&self, gathering: GatheringId, date: NaiveDate, starts_at: Timestamp) -> Result<(), Unavailable> {
        let forget = "DELETE FROM reminded WHERE gathering_id = $1 AND date = $2 \
                      AND EXISTS (SELECT 1 FROM sessions s WHERE s.gathering_id = $1 AND s.date = $2 AND s.starts_at <> $3)";
        self.run(forget, values![gathering.0, date.to_string(), starts_at.0]).await.map(drop)
    }
}

pub(super) async fn record_rsvp(store: &Store, me: &Me, new: &NewRsvp) -> Result<bool, Unavailable> {
    let mut write = store.write().await?;
    let (gathering, date) = (new.gathering, new.session.date.to_string());
    if !write.hold_as_seen(gathering, new.seen).await? {
        return Ok(false);
    }
    write.keep_session(gathering, new.session).await?;
    if new.answer == Answer::Yes {
        // Whoever waits sits down before anybody who comes later.
        write.move_up(gathering, &date, new.at).await?;
    }
    let sql = "SELECT answer, guests, waiting, since FROM rsvps WHERE gathering_id = $1 AND date = $2 AND member_id = $3";
    let former: Option<SaidRow> = one(write.db(), sql, values![gathering.0, &date, me.id.0]).await?;
    let terms = write.terms(gathering).await?;
    write.answer(me, &date, new, former.as_ref(), &terms).await?;
    let former = former.map(|former| former.answer);
    write.move_up(gathering, &date, new.at).await?;
    if let Some(always) = new.always {
        write.stand(me, always, new).await?;
    }
    if new.answer == Answer::No {
        write.give_back(gathering, &date, me.id.0).await?;
    } else {
        write.is_on(gathering, &[me.id], new.at).await?;
    }
    if former.as_deref() != Some(new.answer.word()) {
        // One line for each member and session: the new answer takes the place of the former one, whoever was told, and is news again.
        let forget = "DELETE FROM notifications WHERE kind = 'answered' AND actor_id = $1 AND gathering_id = $2 AND date = $3";
        write.run(forget, values![me.id.0, gathering.0, &date]).await?;
        // Whose turn it is hears of it.
        let host = write.host_of(gathering, &date).await?.unwrap_or(terms.host_id);
        if host != me.id.0 {
            let news = News::Answered { gathering: gathering.0, date, answer: new.answer.word() };
            write.notify(host, Some(me.id), news, new.at).await?;
        }
    }
    write.tell_who_may_see(gathering, &Hint::GatheringChanged { gathering }).await?;
    write.commit().await?;
    Ok(true)
}

pub(super) async fn remind(store: &Store, reminder: Reminder, between: (Timestamp, Timestamp), at: Timestamp) -> Result<(), Unavailable> {
    // Whoever answered after that time need not be told, and neither must anybody be told twice.
    let among = |rows: &str, comes: &str| {
        format!(
            "SELECT v.gathering_id, v.date, v.member_id, m.reminders FROM sessions s \
             JOIN {rows} v ON v.gathering_id = s.gathering_id AND v.date = s.date \
             JOIN members m ON m.id = v.member_id JOIN gatherings g ON g.id = s.gathering_id \
             WHERE s.starts_at > $1 AND s.starts_at <= $2 AND s.cancelled IS NULL AND s.standing <> 'left-out' \
             AND (g.cancelled_at IS NULL OR s.starts_at < g.cancelled_at) AND v.at <= s.starts_at - $3 AND {comes} \
             AND (NOT g.only_named OR EXISTS (SELECT 1 FROM gathering_named n WHERE n.gathering_id = g.id AND n.member_id = v.member_id)) \
             AND NOT EXISTS (SELECT 1 FROM reminded r WHERE r.gathering_id = v.gathering_id AND r.date = v.date \
             AND r.member_id = v.member_id AND r.reminder = $4)"
        )
    };
    let sql = format!(
        "{} UNION ALL {}",
        among("rsvps", "v.answer IN ('yes', 'maybe') AND NOT v.waiting"),
        // Whoever brings something means to come, also where they did not say so.
        among(
            "takings",
            "NOT EXISTS (SELECT 1 FROM rsvps a WHERE a.gathering_id = v.gathering_id AND a.date = v.date AND a.member_id = v.member_id)"
        )
    );
    let ahead = reminder.ahead() * 1000;
    let values = values![between.0.0, between.1.0, ahead, reminder.word()];
    let due: Vec<DueRow> = all(store.read(), sql, values).await?;
    if due.is_empty() {
        return Ok(());
    }
    let mut write = store.write().await?;
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

pub(super) async fn reminders(store: &Store, me: &Me) -> Result<Reminders, Unavailable> {
    let word: Option<String> = value(store.read(), "SELECT reminders FROM members WHERE id = $1", values![me.id.0]).await?;
    Ok(word.as_deref().and_then(Reminders::from_word).unwrap_or_default())
}

pub(super) async fn save_reminders(store: &Store, me: &Me, reminders: Reminders) -> Result<(), Unavailable> {
    let write = store.write().await?;
    write.run("UPDATE members SET reminders = $2 WHERE id = $1", values![me.id.0, reminders.word()]).await?;
    write.commit().await
}

pub(super) async fn comes_each_time(store: &Store, me: &Me, gathering: GatheringId) -> Result<bool, Unavailable> {
    let sql = "SELECT at FROM standing_answers WHERE gathering_id = $1 AND member_id = $2";
    Ok(value::<i64>(store.read(), sql, values![gathering.0, me.id.0]).await?.is_some())
}

pub(super) async fn keep_up(
    store: &Store,
    gathering: GatheringId,
    seen: i64,
    coming: &[Session],
    at: Timestamp,
) -> Result<(), Unavailable> {
    let mut write = store.write().await?;
    if write.fill(gathering, seen, coming, at).await? {
        write.tell_who_may_see(gathering, &Hint::GatheringChanged { gathering }).await?;
    }
    write.commit().await
}
