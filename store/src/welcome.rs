//! Rows of newcomers' welcomes: their own side here, the hosts' board in [`board`], and the greeters in [`greeters`].

mod board;
mod greeters;

use crate::{
    connection::{Store, Write, all, column, from_json, one, to_json, values},
    law,
    people::BylineRow,
};
use domain::{
    ids::{MemberId, PostId},
    outcome::Unavailable,
    time::Timestamp,
    viewer::{Admin, Me, Viewer},
    welcome::{Facts, Hello, Step, WelcomePath, WelcomeStore},
};
use sea_orm::FromQueryResult;
use std::collections::BTreeSet;

/// That a post in table alias `p` is somebody's hello, if it is their first such: words to everybody, in no room, and not from before they came
/// (brought along from elsewhere).
const HELLO: &str = "p.parent_id IS NULL AND p.audience IN ('public', 'community') AND p.gathering_id IS NULL AND NOT p.in_room AND NOT p.taken_back \
     AND p.at >= (SELECT j.joined_at FROM members j WHERE j.id = p.author_id)";

/// How far ahead it counts that two mean to come to the same, in days.
const AHEAD_DAYS: i64 = 60;

/// Those (in table alias `m`) who came by the same invitation as the members of table alias `i` whose id is as said, or with the same party: on a
/// roster each has an invitation of their own.
fn came_with(id: &str) -> String {
    let both = format!("WHERE i.id {id} AND m.id <> i.id");
    format!(
        "FROM members i JOIN invitations v ON v.id = i.invitation_id JOIN invitations w ON w.id = v.id OR w.party_id = v.party_id \
         JOIN members m ON m.invitation_id = w.id {both}"
    )
}

#[derive(FromQueryResult)]
struct PathRow {
    steps: String,
    questions: String,
    within_hours: i64,
}

#[derive(FromQueryResult)]
struct KnownRow {
    accepted: i64,
    put_away: bool,
    answered: i64,
}

#[derive(FromQueryResult)]
struct AlongRow {
    member_id: i64,
    title: String,
}

impl Write {
    /// Keeps something in a member's row of `welcomes`: `set` names the column, and `$2` is its value.
    async fn keep_welcome(&self, member: MemberId, column: &str, value: impl Into<sea_orm::Value> + Send) -> Result<(), Unavailable> {
        let keep =
            format!("INSERT INTO welcomes (member_id, {column}) VALUES ($1, $2) ON CONFLICT (member_id) DO UPDATE SET {column} = $2");
        self.run(keep, [member.0.into(), value.into()]).await.map(drop)
    }
}

impl Store {
    /// Keeps one thing in a member's row of `welcomes`.
    async fn keep_welcome(&self, member: MemberId, column: &str, value: impl Into<sea_orm::Value> + Send) -> Result<(), Unavailable> {
        let write = self.write().await?;
        write.keep_welcome(member, column, value).await?;
        write.commit().await
    }

    async fn hello(&self, me: &Me) -> Result<Option<Hello>, Unavailable> {
        let law = law::post(&Viewer::Member(me.clone()));
        let sql = format!("SELECT p.id FROM posts p WHERE p.author_id = $1 AND {HELLO} AND {law} ORDER BY p.id LIMIT 1");
        let Some(post) = column::<i64>(self.read(), sql, values![me.id.0]).await?.pop() else { return Ok(None) };
        let sql = format!(
            "SELECT m.id, m.name, m.display_name, m.picture_id FROM posts p JOIN members m ON m.id = p.author_id \
             WHERE p.parent_id = $2 AND p.author_id <> $1 AND NOT p.taken_back AND {law} ORDER BY p.id LIMIT 12"
        );
        let rows: Vec<BylineRow> = all(self.read(), sql, values![me.id.0, post]).await?;
        let mut answered_by = rows.into_iter().map(BylineRow::byline).collect::<Result<Vec<_>, _>>()?;
        let mut seen = BTreeSet::new();
        answered_by.retain(|who| seen.insert(who.id));
        answered_by.truncate(3);
        Ok(Some(Hello { post: PostId(post), answered_by }))
    }

    /// To whom a member spoke since they came; of many times, the first are enough to know.
    async fn spoken_to(&self, me: &Me) -> Result<Vec<i64>, Unavailable> {
        let replied = "SELECT q.author_id FROM posts p JOIN posts q ON q.id = p.parent_id JOIN members j ON j.id = p.author_id \
                       WHERE p.author_id = $1 AND p.parent_id IS NOT NULL AND q.author_id <> $1 AND NOT p.in_room AND NOT p.taken_back \
                       AND p.at >= j.joined_at ORDER BY p.id LIMIT 2000";
        let wrote = "SELECT n.member_id FROM posts p JOIN post_named n ON n.post_id = p.id \
                     WHERE p.author_id = $1 AND p.parent_id IS NULL AND p.audience = 'named' AND n.member_id <> $1 AND p.gathering_id IS NULL \
                     AND NOT p.in_room AND NOT p.taken_back LIMIT 500";
        let mut spoken_to = column(self.read(), replied, values![me.id.0]).await?;
        spoken_to.extend(column::<i64>(self.read(), wrote, values![me.id.0]).await?);
        Ok(spoken_to)
    }
}

#[async_trait::async_trait]
impl WelcomeStore for Store {
    async fn welcome_path(&self) -> Result<WelcomePath, Unavailable> {
        let sql = "SELECT steps, questions, within_hours FROM welcome_path WHERE id = 1";
        let Some(row) = one::<PathRow>(self.read(), sql, values![]).await? else { return Ok(WelcomePath::default()) };
        Ok(WelcomePath {
            steps: from_json(&row.steps)?,
            questions: from_json(&row.questions)?,
            within_hours: u32::try_from(row.within_hours).unwrap_or(u32::MAX),
        })
    }

    async fn save_welcome_path(&self, _by: &Admin, path: &WelcomePath) -> Result<(), Unavailable> {
        let write = self.write().await?;
        let save = "INSERT INTO welcome_path (id, steps, questions, within_hours) VALUES (1, $1, $2, $3) \
                    ON CONFLICT (id) DO UPDATE SET steps = $1, questions = $2, within_hours = $3";
        write.run(save, values![to_json(&path.steps)?, to_json(&path.questions)?, i64::from(path.within_hours)]).await?;
        write.commit().await
    }

    async fn facts(&self, me: &Me, now: Timestamp) -> Result<Facts, Unavailable> {
        let db = self.read();
        let sql = "SELECT COALESCE(w.accepted, 0) AS accepted, COALESCE(w.put_away, FALSE) AS put_away, \
                   CAST(CASE WHEN EXISTS (SELECT 1 FROM rsvps v WHERE v.member_id = m.id) \
                   OR EXISTS (SELECT 1 FROM attendance a WHERE a.member_id = m.id AND a.came) THEN 1 ELSE 0 END AS BIGINT) AS answered \
                   FROM members m LEFT JOIN welcomes w ON w.member_id = m.id WHERE m.id = $1";
        let Some(known) = one::<KnownRow>(db, sql, values![me.id.0]).await? else { return Ok(Facts::default()) };
        let later: Vec<String> = column(db, "SELECT step FROM welcome_later WHERE member_id = $1", values![me.id.0]).await?;
        let greeter = "SELECT m.id, m.name, m.display_name, m.picture_id FROM greetings k JOIN members m ON m.id = k.greeter_id \
                       WHERE k.newcomer_id = $1 AND k.state = 'accepted' \
                       AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.member_id = $1 AND b.blocked_id = m.id)";
        let greeter: Option<BylineRow> = one(db, greeter, values![me.id.0]).await?;
        let party = format!("SELECT m.id, m.name, m.display_name, m.picture_id {}", came_with("= $1"));
        let party: Vec<BylineRow> = all(db, party, values![me.id.0]).await?;
        let blocked: Vec<i64> = column(db, "SELECT k.blocked_id FROM blocks k WHERE k.member_id = $1", values![me.id.0]).await?;
        let apart = format!("SELECT a.other_id FROM ({}) a", law::kept_apart("= $1"));
        let apart: Vec<i64> = column(db, apart, values![me.id.0]).await?;
        let along = format!(
            "SELECT o.member_id, g.title FROM rsvps v JOIN sessions s ON s.gathering_id = v.gathering_id AND s.date = v.date \
             JOIN gatherings g ON g.id = v.gathering_id JOIN rsvps o ON o.gathering_id = v.gathering_id AND o.date = v.date \
             WHERE v.member_id = $1 AND v.answer <> 'no' AND NOT v.waiting AND o.member_id <> $1 AND o.answer <> 'no' AND NOT o.waiting \
             AND s.ends_at > $2 AND s.starts_at < $3 AND s.cancelled IS NULL AND s.standing <> 'left-out' \
             AND (g.cancelled_at IS NULL OR s.starts_at < g.cancelled_at) AND {}",
            law::gathering(&Viewer::Member(me.clone()))
        );
        let along: Vec<AlongRow> = all(db, along, values![me.id.0, now.0, now.plus_days(AHEAD_DAYS).0]).await?;
        Ok(Facts {
            accepted: known.accepted,
            put_away: known.put_away,
            answered: known.answered != 0,
            later: later.iter().filter_map(|word| Step::from_word(word)).collect(),
            hello: self.hello(me).await?,
            spoken_to: self.spoken_to(me).await?.into_iter().map(MemberId).collect(),
            greeter: greeter.map(BylineRow::byline).transpose()?,
            party: party.into_iter().map(BylineRow::byline).collect::<Result<_, _>>()?,
            blocked: blocked.into_iter().map(MemberId).collect(),
            kept_apart: apart.into_iter().map(MemberId).collect(),
            coming_along: along.into_iter().map(|row| (MemberId(row.member_id), row.title)).collect(),
        })
    }

    async fn accept_rules(&self, me: &Me, version: i64) -> Result<(), Unavailable> {
        let write = self.write().await?;
        // A page that was opened before the rules changed takes nothing back.
        let keep = "INSERT INTO welcomes (member_id, accepted) VALUES ($1, $2) ON CONFLICT (member_id) DO UPDATE \
                    SET accepted = CASE WHEN welcomes.accepted > $2 THEN welcomes.accepted ELSE $2 END";
        write.run(keep, values![me.id.0, version]).await?;
        write.commit().await
    }

    async fn put_off(&self, me: &Me, step: Step, off: bool) -> Result<(), Unavailable> {
        let write = self.write().await?;
        let keep = if off {
            "INSERT INTO welcome_later (member_id, step) VALUES ($1, $2) ON CONFLICT (member_id, step) DO NOTHING"
        } else {
            "DELETE FROM welcome_later WHERE member_id = $1 AND step = $2"
        };
        write.run(keep, values![me.id.0, step.word()]).await?;
        write.commit().await
    }

    async fn put_away(&self, me: &Me, away: bool) -> Result<(), Unavailable> {
        self.keep_welcome(me.id, "put_away", away).await
    }
}
