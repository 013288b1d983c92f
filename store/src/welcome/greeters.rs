//! Who likes to greet, and who greets whom.

use crate::{
    connection::{Store, Write, all, column, one, value, values},
    notifications::News,
    people::{PEOPLE, PersonRow},
};
use domain::{
    ids::MemberId,
    live::Hint,
    outcome::{Error, Unavailable},
    people::{Handle, Person},
    time::Timestamp,
    viewer::{Host, Me},
    welcome::greeters::{Candidate, GreeterRefusal, GreeterStore, MOST_LOOKED_AFTER, NewGreeting},
};
use sea_orm::FromQueryResult;

/// How many newcomers, of those who joined after `$2`, somebody (`$1`) looks after or was asked to.
const LOOKS_AFTER: &str = "SELECT COUNT(*) FROM greetings k JOIN members n ON n.id = k.newcomer_id \
     WHERE k.greeter_id = $1 AND k.state <> 'passed' AND n.joined_at > $2";

#[derive(FromQueryResult)]
struct GreetingRow {
    newcomer_id: i64,
    state: String,
    spoken: i64,
}

impl Write {
    /// Whoever would have shown a newcomer round does not: a notice of it that was not read yet has nothing more to tell.
    async fn forget_greeter_notices(&mut self, newcomer: i64) -> Result<(), Unavailable> {
        let gone = "DELETE FROM notifications WHERE member_id = $1 AND kind = 'greeter' AND unread";
        if self.run(gone, values![newcomer]).await? > 0 {
            self.tell(Some(MemberId(newcomer)), &Hint::Notified).await?;
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl GreeterStore for Store {
    async fn candidates(&self, by: &Host, since: Timestamp, now: Timestamp) -> Result<Vec<Candidate>, Unavailable> {
        let sql = format!(
            "{PEOPLE} JOIN welcomes w ON w.member_id = m.id WHERE $1 <> 0 AND w.greets AND w.member_id > 0 \
             AND NOT EXISTS (SELECT 1 FROM aways y WHERE y.member_id = m.id AND y.from_at <= $2 AND y.until_at > $2)"
        );
        let people: Vec<PersonRow> = all(self.read(), sql, values![by.me().id.0, now.0]).await?;
        let sql = "SELECT k.greeter_id FROM greetings k JOIN members n ON n.id = k.newcomer_id \
                   WHERE $1 <> 0 AND k.greeter_id > 0 AND k.state <> 'passed' AND n.joined_at > $2";
        let busy: Vec<i64> = column(self.read(), sql, values![by.me().id.0, since.0]).await?;
        people
            .into_iter()
            .map(|row| {
                let person = row.person()?;
                let looks_after = busy.iter().filter(|greeter| **greeter == person.who.id.0).count() as u32;
                Ok(Candidate { person, looks_after })
            })
            .collect()
    }

    async fn ask_greeter(&self, by: &Host, asked: NewGreeting) -> Result<(), Error<GreeterRefusal>> {
        let NewGreeting { newcomer, greeter, since, at } = asked;
        let mut write = self.write().await?;
        // Of two hosts who ask at once, the second finds what the first did.
        write.lock_community().await?;
        let sql = "SELECT m.id FROM members m WHERE m.id = $1 AND m.joined_at > $2";
        if value::<i64>(write.db(), sql, values![newcomer.0, since.0]).await?.is_none() {
            return Err(Error::Refused(GreeterRefusal::NoNewcomer));
        }
        let sql = "SELECT k.newcomer_id FROM greetings k WHERE k.newcomer_id = $1 AND k.state <> 'passed'";
        if value::<i64>(write.db(), sql, values![newcomer.0]).await?.is_some() {
            return Err(Error::Refused(GreeterRefusal::Taken));
        }
        let sql = "SELECT w.member_id FROM welcomes w WHERE w.member_id = $2 AND w.greets \
                   AND NOT EXISTS (SELECT 1 FROM greetings k WHERE k.newcomer_id = $1 AND k.greeter_id = $2) \
                   AND NOT EXISTS (SELECT 1 FROM aways y WHERE y.member_id = $2 AND y.from_at <= $3 AND y.until_at > $3)";
        let willing: Option<i64> = value(write.db(), sql, values![newcomer.0, greeter.0, at.0]).await?;
        let busy: Option<i64> = value(write.db(), LOOKS_AFTER, values![greeter.0, since.0]).await?;
        if willing.is_none() || busy.unwrap_or(0) >= i64::from(MOST_LOOKED_AFTER) {
            return Err(Error::Refused(GreeterRefusal::NotWilling));
        }
        let insert = "INSERT INTO greetings (newcomer_id, greeter_id, asked_by, at, state) VALUES ($1, $2, $3, $4, 'asked')";
        write.run(insert, values![newcomer.0, greeter.0, by.me().id.0, at.0]).await?;
        write.notify(greeter.0, Some(newcomer), News::Greet, at).await?;
        Ok(write.commit().await?)
    }

    async fn unask_greeter(&self, _by: &Host, newcomer: &Handle) -> Result<bool, Unavailable> {
        let mut write = self.write().await?;
        let gone = "DELETE FROM greetings WHERE newcomer_id = (SELECT m.id FROM members m WHERE m.name = $1) AND state <> 'passed' \
                    RETURNING newcomer_id";
        let unasked: Option<i64> = value(write.db(), gone, values![newcomer.as_str()]).await?;
        if let Some(newcomer) = unasked {
            write.forget_greeter_notices(newcomer).await?;
        }
        write.commit().await?;
        Ok(unasked.is_some())
    }

    async fn greetings(&self, me: &Me, since: Timestamp) -> Result<Vec<(Person, bool, bool)>, Unavailable> {
        let sql = format!(
            "{PEOPLE} JOIN greetings k ON k.newcomer_id = m.id WHERE k.greeter_id = $1 AND k.state <> 'passed' AND m.joined_at > $2 \
             AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.member_id = $1 AND b.blocked_id = m.id)"
        );
        let people: Vec<PersonRow> = all(self.read(), sql, values![me.id.0, since.0]).await?;
        let sql = "SELECT k.newcomer_id, k.state, CAST(CASE WHEN EXISTS (SELECT 1 FROM post_named n JOIN posts p ON p.id = n.post_id \
                   WHERE n.member_id = k.newcomer_id AND p.author_id = $1 AND NOT p.taken_back) \
                   OR EXISTS (SELECT 1 FROM posts p JOIN posts q ON q.id = p.parent_id WHERE p.author_id = $1 AND p.parent_id IS NOT NULL \
                   AND q.author_id = k.newcomer_id AND NOT p.taken_back) THEN 1 ELSE 0 END AS BIGINT) AS spoken \
                   FROM greetings k WHERE k.greeter_id = $1 AND k.state <> 'passed'";
        let states: Vec<GreetingRow> = all(self.read(), sql, values![me.id.0]).await?;
        let people = people.into_iter().map(PersonRow::person).collect::<Result<Vec<_>, _>>()?;
        let mut greetings: Vec<_> = people
            .into_iter()
            .filter_map(|person| {
                let state = states.iter().find(|state| state.newcomer_id == person.who.id.0)?;
                Some((person, state.state == "accepted", state.spoken != 0))
            })
            .collect();
        greetings.sort_by_key(|(person, ..)| std::cmp::Reverse(person.who.id));
        Ok(greetings)
    }

    async fn answer_greeting(&self, me: &Me, newcomer: &Handle, accept: bool, at: Timestamp) -> Result<bool, Unavailable> {
        let mut write = self.write().await?;
        let (state, from) = if accept { ("accepted", "state = 'asked'") } else { ("passed", "state <> 'passed'") };
        let answer = format!(
            "UPDATE greetings SET state = $3 WHERE greeter_id = $1 AND newcomer_id = (SELECT m.id FROM members m WHERE m.name = $2) AND {from} \
             RETURNING newcomer_id"
        );
        let answered: Option<i64> = value(write.db(), answer, values![me.id.0, newcomer.as_str(), state]).await?;
        match answered {
            Some(newcomer) if accept => write.notify(newcomer, Some(me.id), News::Greeter, at).await?,
            Some(newcomer) => write.forget_greeter_notices(newcomer).await?,
            None => {}
        }
        write.commit().await?;
        Ok(answered.is_some())
    }

    async fn saw_greeter(&self, me: &Me) -> Result<(), Unavailable> {
        let mut write = self.write().await?;
        let seen = "UPDATE notifications SET unread = FALSE WHERE member_id = $1 AND kind = 'greeter' AND unread";
        if write.run(seen, values![me.id.0]).await? > 0 {
            write.tell(Some(me.id), &Hint::Notified).await?;
        }
        write.commit().await
    }

    async fn greets(&self, me: &Me) -> Result<bool, Unavailable> {
        #[derive(FromQueryResult)]
        struct GreetsRow {
            greets: bool,
        }
        let row: Option<GreetsRow> = one(self.read(), "SELECT greets FROM welcomes WHERE member_id = $1", values![me.id.0]).await?;
        Ok(row.is_some_and(|row| row.greets))
    }

    async fn save_greets(&self, me: &Me, greets: bool) -> Result<(), Unavailable> {
        self.keep_welcome(MemberId(me.id.0), "greets", greets).await
    }
}
