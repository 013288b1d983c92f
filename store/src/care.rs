//! Taking care of the database: is it there, is it sound, how much is in it, a copy of it.

use crate::{
    connection::{Store, all, column, run, value, values},
    opening::Location,
};
use domain::outcome::Unavailable;
use sea_orm::{FromQueryResult, Value};
use std::path::{Path, PathBuf};

/// Every table of ours. The test of counts compares the list with the database's own.
const TABLES: [&str; 73] = [
    "archive_messages",
    "archive_months",
    "archive_voices",
    "archives",
    "asks",
    "attendance",
    "attendance_names",
    "aways",
    "blocks",
    "community",
    "former_dates",
    "gathering_hosts",
    "gathering_named",
    "gatherings",
    "greetings",
    "hand_overs",
    "here",
    "host_meters",
    "host_notes",
    "host_time",
    "host_weeks",
    "house_rules",
    "imports",
    "introductions",
    "invitations",
    "left_alone",
    "left_be",
    "letters",
    "mail_confirmations",
    "members",
    "needs_no_answer",
    "notifications",
    "outbox",
    "own_things",
    "parties",
    "party_guests",
    "password_resets",
    "pictures",
    "post_named",
    "post_tags",
    "posts",
    "prompts",
    "pulse_days",
    "pulse_hours",
    "pulse_months",
    "reactions",
    "reminded",
    "revisions",
    "rhythms",
    "rooms",
    "roster_drafts",
    "rota",
    "round_cards",
    "round_deeds",
    "rounds",
    "rsvps",
    "seaql_migrations",
    "sentences",
    "sessions",
    "setup",
    "sign_in_failures",
    "sign_ins",
    "sparks",
    "sparks_to_come",
    "standing_answers",
    "takings",
    "wall",
    "week_swaps",
    "weekly_draft",
    "weekly_letters",
    "welcome_later",
    "welcome_path",
    "welcomes",
];

/// What must not be: a sentence, and a query that counts it.
const INVARIANTS: [(&str, &str); 16] = [
    (
        "replies whose thread does not begin with a post, or is for other people",
        "SELECT COUNT(*) FROM posts p JOIN posts r ON r.id = p.root_id \
         WHERE r.parent_id IS NOT NULL OR r.root_id <> r.id OR r.audience <> p.audience \
         OR (p.parent_id IS NULL) <> (p.id = p.root_id) OR p.id < r.id",
    ),
    (
        "replies that answer a post of another thread",
        "SELECT COUNT(*) FROM posts p JOIN posts a ON a.id = p.parent_id WHERE a.root_id <> p.root_id OR a.id >= p.id",
    ),
    (
        "posts with a wrong number of replies",
        "SELECT COUNT(*) FROM posts p WHERE p.replies <> \
         (SELECT COUNT(*) FROM posts a WHERE p.parent_id IS NULL AND a.root_id = p.id AND a.id <> p.id AND NOT a.taken_back)",
    ),
    (
        "posts that were taken back and still say something, or hold an empty place for nothing",
        "SELECT COUNT(*) FROM posts p WHERE p.taken_back AND (p.markdown <> '' OR p.html <> '' \
         OR NOT EXISTS (SELECT 1 FROM posts a WHERE a.parent_id = p.id))",
    ),
    (
        "posts for named people that their author can't see",
        "SELECT COUNT(*) FROM posts p WHERE p.audience = 'named' AND p.parent_id IS NULL \
         AND p.author_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM post_named n WHERE n.post_id = p.id AND n.member_id = p.author_id)",
    ),
    ("posts that nobody wrote and that still say something", "SELECT COUNT(*) FROM posts p WHERE p.author_id IS NULL AND NOT p.taken_back"),
    (
        "posts that are not for named people and name some",
        "SELECT COUNT(*) FROM post_named n JOIN posts p ON p.id = n.post_id WHERE p.audience <> 'named' OR p.parent_id IS NOT NULL",
    ),
    (
        "pictures that hang on nothing and don't say since when, or on two things",
        "SELECT COUNT(*) FROM pictures c WHERE \
         CASE WHEN c.free_since IS NULL THEN 1 ELSE 0 END <> \
         CASE WHEN c.post_id IS NULL THEN 0 ELSE 1 END \
         + (SELECT COUNT(*) FROM members m WHERE m.picture_id = c.id) \
         + (SELECT COUNT(*) FROM gatherings g WHERE g.picture_id = c.id) \
         + (SELECT COUNT(*) FROM wall w WHERE w.picture_id = c.id) \
         + (SELECT COUNT(*) FROM community y WHERE y.logo = c.id)",
    ),
    (
        "rooms whose talk is on the timeline",
        "SELECT COUNT(*) FROM rooms r JOIN posts p ON p.id = r.talk_id WHERE NOT p.in_room OR p.parent_id IS NOT NULL",
    ),
    (
        "things to bring of which more is taken than was needed",
        "SELECT COUNT(*) FROM (SELECT t.thing FROM takings t GROUP BY t.gathering_id, t.date, t.thing HAVING SUM(t.many) > MAX(t.needed)) q",
    ),
    (
        "invitations whose uses do not add up",
        "SELECT COUNT(*) FROM invitations v WHERE v.uses - v.uses_left <> \
         (SELECT COUNT(*) FROM members m WHERE m.invitation_id = v.id)",
    ),
    (
        "invitations of a party that keep nothing for anybody, or of none that do",
        "SELECT COUNT(*) FROM invitations v WHERE (v.party_id IS NOT NULL) <> \
         EXISTS (SELECT 1 FROM party_guests g WHERE g.invitation_id = v.id)",
    ),
    (
        "founded communities without an admin",
        "SELECT COUNT(*) FROM community WHERE founded_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM members WHERE role = 'admin')",
    ),
    (
        "founded communities whose founding still goes on",
        "SELECT COUNT(*) FROM community WHERE founded_at IS NOT NULL AND EXISTS (SELECT 1 FROM setup)",
    ),
    ("asks that were welcomed without an invitation", "SELECT COUNT(*) FROM asks WHERE (state = 'welcome') <> (invitation_id IS NOT NULL)"),
    (
        "gatherings announced to more people than may see them",
        "SELECT COUNT(*) FROM posts p JOIN gatherings g ON g.id = p.gathering_id WHERE (p.audience = 'public' AND g.audience <> 'public') \
         OR (p.audience <> 'named' AND g.only_named)",
    ),
];

#[derive(FromQueryResult)]
struct CountRow {
    name: String,
    rows: i64,
}

#[derive(FromQueryResult)]
struct RangeRow {
    count: i64,
    lowest: Option<i64>,
    earliest: Option<i64>,
}

impl Store {
    /// Whether the database answers.
    pub async fn ready(&self) -> Result<(), Unavailable> {
        value::<i64>(self.read(), "SELECT COALESCE(MAX(position), 0) FROM outbox", values![]).await.map(drop)
    }

    /// What is wrong with what is kept, in sentences; nothing, if all is well.
    pub async fn problems(&self) -> Result<Vec<String>, Unavailable> {
        let mut problems = Vec::new();
        if let Location::Sqlite(_) = self.location() {
            let checked: Vec<String> = column(self.read(), "PRAGMA integrity_check", values![]).await?;
            problems.extend(checked.into_iter().filter(|line| line != "ok").map(|line| format!("The database file is damaged: {line}.")));
            let broken: Vec<String> = column(self.read(), "PRAGMA foreign_key_check", values![]).await?;
            problems.extend(broken.into_iter().map(|table| format!("A row of {table} points to a row that is not there.")));
        }
        for (what, count) in INVARIANTS {
            let count: i64 = value(self.read(), count, values![]).await?.unwrap_or(0);
            if count > 0 {
                problems.push(format!("There are {count} {what}."));
            }
        }
        Ok(problems)
    }

    /// Every table and its number of rows, by name.
    pub async fn counts(&self) -> Result<Vec<(String, i64)>, Unavailable> {
        let each = TABLES.map(|table| format!("SELECT '{table}' AS name, COUNT(*) AS rows FROM {table}"));
        let sql = format!("SELECT name, rows FROM ({}) t ORDER BY name", each.join(" UNION ALL "));
        let rows: Vec<CountRow> = all(self.read(), sql, values![]).await?;
        Ok(rows.into_iter().map(|row| (row.name, row.rows)).collect())
    }

    /// Writes a copy of the whole database into a new file: a SQLite file from SQLite, plain SQL from PostgreSQL (by `pg_dump`).
    pub async fn back_up_into(&self, file: &Path) -> Result<(), Unavailable> {
        let failed = |cause: std::io::Error| Unavailable(Box::new(cause));
        match self.location() {
            Location::Sqlite(_) => {
                run(self.read(), "VACUUM INTO $1", values![file.display().to_string()]).await?;
            }
            Location::Postgres(url) => dump(url, file).await?,
        }
        // A backup that is only in the machine's memory is none.
        tokio::fs::File::open(file).await.map_err(failed)?.sync_all().await.map_err(failed)
    }

    /// Copies the first member until there are `up_to`, each with a line of their own and a post within the day before `now`: for the benchmark.
    pub async fn multiply_members(&self, up_to: i64, now: domain::time::Timestamp) -> Result<(), Unavailable> {
        let write = self.write().await?;
        let count: i64 = crate::connection::value(write.db(), "SELECT COUNT(*) FROM members", values![]).await?.unwrap_or(0);
        for number in count..up_to {
            let at = now.plus_seconds(-60 * (number + 1));
            let copy = "INSERT INTO members (id, name, password_hash, epoch, role, display_name, pronouns, line, interests, zone, sought_as, joined_at) \
                        SELECT $1, $2, m.password_hash, 0, 'member', $3, '', $4, m.interests, m.zone, $2, $5 \
                        FROM members m ORDER BY m.id LIMIT 1 ON CONFLICT (id) DO NOTHING";
            let (name, called) = (format!("guest{number}"), format!("Guest {number}"));
            let joined = now.plus_days(-(number % 700));
            let member = write.insert(joined, copy, values![&name, &called, format!("Lives at number {number}."), joined.0]).await?;
            let post = "INSERT INTO posts (id, root_id, author_id, audience, markdown, html, excerpt, replies, at, taken_back) \
                        SELECT $1, $1, $2, 'community', p.markdown, p.html, p.excerpt, 0, $3, FALSE FROM posts p \
                        WHERE p.parent_id IS NULL AND p.audience = 'community' ORDER BY p.id LIMIT 1 ON CONFLICT (id) DO NOTHING";
            write.insert(at, post, values![member, at.0]).await?;
        }
        write.commit().await
    }

    /// Copies posts by one statement, with earlier and earlier times, until there are `up_to` at the top level: for the
    /// benchmark, which wants a community that has talked for years.
    pub async fn multiply_posts(&self, up_to: i64) -> Result<(), Unavailable> {
        let write = self.write().await?;
        let sql = "SELECT COUNT(*) AS count, MIN(id) AS lowest, MIN(at) AS earliest FROM posts WHERE parent_id IS NULL";
        let range: Option<RangeRow> = crate::connection::one(write.db(), sql, values![]).await?;
        let Some(RangeRow { count, lowest: Some(lowest), earliest: Some(earliest) }) = range else {
            return Err(Unavailable::because("there is no post to multiply"));
        };
        let missing = up_to - count;
        if missing <= 0 {
            return Ok(());
        }
        // A minute apart, or closer where a million would reach back beyond the first id.
        let apart = (60_000_i64 << 20).min(lowest / (missing + 1));
        let copy = "INSERT INTO posts (id, root_id, author_id, audience, markdown, html, note, excerpt, replies, at, taken_back) \
             WITH RECURSIVE numbers (number) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT number + 1 FROM numbers WHERE number < $1), \
             sources AS (SELECT p.*, ROW_NUMBER() OVER (ORDER BY p.id) - 1 AS place FROM posts p \
             WHERE p.parent_id IS NULL AND p.audience <> 'named' AND NOT p.taken_back) \
             SELECT $2 - n.number * $3, $2 - n.number * $3, s.author_id, s.audience, s.markdown, s.html, s.note, s.excerpt, 0, \
             $4 - n.number * ($3 / 1048576), FALSE \
             FROM numbers n JOIN sources s ON s.place = n.number % (SELECT COUNT(*) FROM sources)";
        let values: Vec<Value> = values![missing, lowest, apart, earliest];
        write.run(copy, values).await?;
        write.commit().await?;
        if let Location::Postgres(_) = self.location() {
            // It would notice by itself, but only after a minute in which it plans for the few rows that were there before.
            run(self.read(), "ANALYZE posts", values![]).await?;
        }
        Ok(())
    }
}

/// Dumps a PostgreSQL database as plain SQL.
async fn dump(url: &str, file: &Path) -> Result<(), Unavailable> {
    let (url, password) = without_password(url);
    let mut command = tokio::process::Command::new(pg_dump());
    command.args(["--format=plain", "--no-owner", "--no-privileges"]).arg("--file").arg(file).arg("--dbname").arg(url);
    if let Some(password) = password {
        // Arguments can be read by everybody on the machine; the environment can't.
        command.env("PGPASSWORD", password);
    }
    let done = command.output().await.map_err(|cause| {
        Unavailable::because(format!(
            "PostgreSQL is backed up by pg_dump, and it can't be run ({cause}): install the PostgreSQL client, of the server's version or newer"
        ))
    })?;
    if done.status.success() {
        return Ok(());
    }
    Err(Unavailable::because(format!("pg_dump failed: {}", String::from_utf8_lossy(&done.stderr).trim())))
}

/// The newest `pg_dump` that Debian's packages installed, else the one on the PATH.
fn pg_dump() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = folders
        .filter_map(|folder| Some((folder.file_name().to_str()?.parse::<u32>().ok()?, folder.path().join("bin/pg_dump"))))
        .filter(|(_, program)| program.is_file())
        .max();
    newest.map_or_else(|| "pg_dump".into(), |(_, program)| program)
}

/// A URL without its password, and the password.
fn without_password(url: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = url.split_once("://") else { return (url.into(), None) };
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    let Some((user, password)) = authority.rsplit_once('@').and_then(|(who, _)| who.split_once(':')) else { return (url.into(), None) };
    let url = format!("{scheme}://{user}{}", &rest[user.len() + 1 + password.len()..]);
    (url, Some(percent_decoded(password)))
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let byte = after.get(..2).filter(|_| *first == b'%').and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        rest = if byte.is_some() { &after[2..] } else { after };
        bytes.push(byte.unwrap_or(*first));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_taken_out_of_the_url_and_read_as_it_is_meant() {
        let (url, password) = without_password("postgres://porch:li%40ght@db.example:5432/home?sslmode=require");
        assert_eq!(url, "postgres://porch@db.example:5432/home?sslmode=require");
        assert_eq!(password.as_deref(), Some("li@ght"));
        assert_eq!(without_password("postgres://porch@/home?host=/run"), ("postgres://porch@/home?host=/run".into(), None));
    }
}
