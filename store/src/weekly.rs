//! The weekly letter's rows: what a week holds for every member, the draft that hosts share, and the letters. That it goes by mail is rows of
//! [`crate::mail`], written in the unit that posts it.

use crate::{
    connection::{Store, Write, all, among_ids, column, one, value, values},
    ids::before,
    law,
    notifications::News,
    people::BylineRow,
};
use chrono::Weekday;
use domain::{
    ids::{MemberId, PostId},
    mail::Errand,
    outcome::{Error, Unavailable},
    prose::SafeHtml,
    time::Timestamp,
    viewer::{Host, Me, Viewer},
    weekly::{
        DEFAULT_DAY, Draft, LetterRefusal, LetterWords, NewLetter, Sent, Stand, WeeklyStore, not_for_all,
        week::{Arrived, Candidate},
    },
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::{BTreeMap, BTreeSet};

#[derive(FromQueryResult)]
struct WrittenRow {
    post_id: i64,
    excerpt: String,
    #[sea_orm(nested)]
    by: BylineRow,
}

#[derive(FromQueryResult)]
struct MovedRow {
    post: i64,
    member: i64,
}

#[derive(FromQueryResult)]
struct ArrivedRow {
    #[sea_orm(nested)]
    who: BylineRow,
    line: String,
}

#[derive(FromQueryResult)]
struct StandRow {
    day: i64,
    version: i64,
    title: Option<String>,
    opening: Option<String>,
    week: Option<String>,
    closing: Option<String>,
    at: Option<i64>,
    #[sea_orm(nested(prefix = "by_"))]
    by: Option<BylineRow>,
}

#[derive(FromQueryResult)]
struct SentRow {
    post: Option<i64>,
    title: String,
    sent_at: i64,
    mails: i64,
    waiting: i64,
    given_up: i64,
    #[sea_orm(nested(prefix = "by_"))]
    by: Option<BylineRow>,
}

#[derive(FromQueryResult)]
struct ErrandRow {
    title: String,
    post: i64,
    html: String,
    called: Option<String>,
}

impl StandRow {
    fn stand(self, last: Option<Timestamp>) -> Result<Stand, Unavailable> {
        let by = self.by.map(BylineRow::byline).transpose()?;
        let draft = self.title.zip(self.at).map(|(title, at)| Draft {
            words: LetterWords {
                title,
                opening: self.opening.unwrap_or_default(),
                week: self.week.unwrap_or_default(),
                closing: self.closing.unwrap_or_default(),
            },
            by,
            at: Timestamp(at),
        });
        let day = u8::try_from(self.day).ok().and_then(|day| Weekday::try_from(day).ok()).unwrap_or(DEFAULT_DAY);
        Ok(Stand { day, version: self.version, draft, last })
    }
}

/// How it stands with the draft.
const STAND: &str = "SELECT w.day, w.version, w.title, w.opening, w.week, w.closing, w.at, \
     m.id AS by_id, m.name AS by_name, m.display_name AS by_display_name, m.picture_id AS by_picture_id \
     FROM weekly_draft w LEFT JOIN members m ON m.id = w.by_id WHERE w.id = 1";

/// The first of some posts that is not there for every member.
async fn first_not_for_all(db: &impl ConnectionTrait, posts: &BTreeSet<PostId>) -> Result<Option<PostId>, Unavailable> {
    if posts.is_empty() {
        return Ok(None);
    }
    let among = among_ids(db, posts.iter().map(|post| post.0));
    // `$1` is not used: lists are always `$2`.
    let sql = format!("SELECT p.id FROM posts p WHERE $1 = 0 AND p.id {} AND NOT p.taken_back AND {}", among.sql, law::POST_FOR_ALL);
    let there: Vec<i64> = column(db, sql, [0_i64.into(), among.value]).await?;
    Ok(posts.iter().find(|post| !there.contains(&post.0)).copied())
}

/// The letter that was made of a version of the draft, as far as its post is still there.
async fn letter_of(db: &impl ConnectionTrait, version: i64) -> Result<Option<PostId>, Unavailable> {
    let sql = "SELECT post_id FROM weekly_letters WHERE version = $1";
    Ok(value::<Option<i64>>(db, sql, values![version]).await?.flatten().map(PostId))
}

impl Write {
    /// What a letter by mail is about, for the member it is for: its post as it stands now, if they may see it.
    pub async fn weekly_errand(&self, me: &Me, weekly: i64) -> Result<Option<Errand>, Unavailable> {
        let sql = format!(
            "SELECT w.title, p.id AS post, p.html, m.display_name AS called FROM weekly_letters w JOIN posts p ON p.id = w.post_id \
             LEFT JOIN members m ON m.id = w.by_id WHERE w.id = $2 AND NOT p.taken_back AND {}",
            law::post(&Viewer::Member(me.clone()))
        );
        let row: Option<ErrandRow> = one(self.db(), sql, values![me.id.0, weekly]).await?;
        Ok(row.map(|row| Errand::Weekly {
            title: row.title,
            post: PostId(row.post),
            html: SafeHtml::from_sanitizer(row.html),
            by: row.called.unwrap_or_default(),
        }))
    }
}

#[async_trait::async_trait]
impl WeeklyStore for Store {
    async fn posts_of_week(&self, host: &Host, since: Timestamp, most: usize) -> Result<Vec<Candidate>, Unavailable> {
        let (me, since) = (host.me().id.0, before(since));
        let for_all = format!("{} AND {}", law::POST_FOR_ALL, law::post_for_host(&Viewer::Member(host.me().clone())));
        let written = format!(
            "SELECT p.id AS post_id, p.excerpt, m.id, m.name, m.display_name, m.picture_id FROM posts p JOIN members m ON m.id = p.author_id \
             WHERE p.parent_id IS NULL AND p.id > $2 AND NOT p.taken_back AND NOT p.in_room AND p.gathering_id IS NULL AND p.note IS NULL \
             AND {for_all} AND NOT EXISTS (SELECT 1 FROM weekly_letters w WHERE w.post_id = p.id) ORDER BY p.id DESC LIMIT $3"
        );
        let written: Vec<WrittenRow> = all(self.read(), written, values![me, since, most as i64]).await?;
        let reacted = format!(
            "SELECT p.id AS post, r.member_id AS member FROM posts p JOIN reactions r ON r.post_id = p.id \
             WHERE p.parent_id IS NULL AND p.id > $2 AND {for_all}"
        );
        let replied = format!(
            "SELECT p.id AS post, a.author_id AS member FROM posts p JOIN posts a ON a.root_id = p.id AND a.id > p.id AND NOT a.taken_back \
             WHERE p.parent_id IS NULL AND p.id > $2 AND {for_all}"
        );
        let mut moved: BTreeMap<i64, BTreeSet<MemberId>> = BTreeMap::new();
        for sql in [reacted, replied] {
            for row in all::<MovedRow>(self.read(), sql, values![me, since]).await? {
                moved.entry(row.post).or_default().insert(MemberId(row.member));
            }
        }
        let candidate = |row: WrittenRow| {
            Ok(Candidate {
                post: PostId(row.post_id),
                by: row.by.byline()?,
                excerpt: row.excerpt,
                moved: moved.remove(&row.post_id).unwrap_or_default(),
            })
        };
        written.into_iter().map(candidate).collect()
    }

    async fn arrived(&self, _host: &Host, since: Timestamp) -> Result<Vec<Arrived>, Unavailable> {
        let sql = "SELECT m.id, m.name, m.display_name, m.picture_id, m.line FROM members m WHERE m.id > $1 ORDER BY m.id";
        let rows: Vec<ArrivedRow> = all(self.read(), sql, values![before(since)]).await?;
        let arrived = |row: ArrivedRow| Ok(Arrived { who: row.who.byline()?, line: row.line });
        rows.into_iter().map(arrived).collect()
    }

    async fn letter_stands(&self, _host: &Host) -> Result<Stand, Unavailable> {
        let sql = "SELECT sent_at FROM weekly_letters WHERE id > 0 ORDER BY id DESC LIMIT 1";
        let last: Option<i64> = value(self.read(), sql, values![]).await?;
        let last = last.map(Timestamp);
        match one::<StandRow>(self.read(), STAND, values![]).await? {
            Some(row) => row.stand(last),
            None => Ok(Stand { last, ..Stand::default() }),
        }
    }

    async fn keep_letter(&self, host: &Host, words: &LetterWords, seen: i64, at: Timestamp) -> Result<(), Error<LetterRefusal>> {
        let write = self.write().await?;
        // Whoever presses twice has kept it already, and whoever only looks has not written it.
        let kept = one::<StandRow>(write.db(), STAND, values![]).await?.map(|row| row.stand(None)).transpose()?;
        if kept.and_then(|kept| kept.draft).is_some_and(|draft| draft.words == *words) {
            return Ok(());
        }
        // Where there is no row yet, whoever is second finds that of the first.
        let keep = "INSERT INTO weekly_draft (id, day, version, title, opening, week, closing, by_id, at) VALUES (1, $8, 1, $2, $3, $4, $5, $6, $7) \
                    ON CONFLICT (id) DO UPDATE SET version = weekly_draft.version + 1, title = $2, opening = $3, week = $4, closing = $5, \
                    by_id = $6, at = $7 WHERE weekly_draft.version = $1";
        let day = i64::from(DEFAULT_DAY.num_days_from_monday());
        let LetterWords { title, opening, week, closing } = words;
        let values = values![seen, title, opening, week, closing, host.me().id.0, at.0, day];
        if write.run(keep, values).await? == 0 {
            let begun = value::<i64>(write.db(), "SELECT id FROM weekly_draft WHERE id = 1 AND title IS NOT NULL", values![]).await?;
            return Err(Error::Refused(if begun.is_some() { LetterRefusal::Overtaken } else { LetterRefusal::WentOut }));
        }
        Ok(write.commit().await?)
    }

    async fn save_letter_day(&self, _host: &Host, day: Weekday) -> Result<(), Unavailable> {
        let write = self.write().await?;
        let save = "INSERT INTO weekly_draft (id, day, version) VALUES (1, $1, 0) ON CONFLICT (id) DO UPDATE SET day = $1";
        write.run(save, values![i64::from(day.num_days_from_monday())]).await?;
        write.commit().await
    }

    async fn letter_readers(&self, _host: &Host) -> Result<u32, Unavailable> {
        let sql = "SELECT COUNT(*) FROM members m WHERE m.id > 0 AND m.mail_weekly AND m.mail_address IS NOT NULL";
        Ok(value::<i64>(self.read(), sql, values![]).await?.unwrap_or(0) as u32)
    }

    async fn not_for_all(&self, _host: &Host, posts: &BTreeSet<PostId>) -> Result<Option<PostId>, Unavailable> {
        first_not_for_all(self.read(), posts).await
    }

    async fn send_letter(&self, host: &Host, new: &NewLetter) -> Result<PostId, Error<LetterRefusal>> {
        let mut write = self.write().await?;
        let (me, at) = (host.me(), new.post.at);
        // Whoever is second waits here, and finds it sent.
        let take = "UPDATE weekly_draft SET version = version + 1, title = NULL, opening = NULL, week = NULL, closing = NULL, by_id = NULL, \
                    at = NULL WHERE id = 1 AND version = $1 AND title IS NOT NULL";
        if write.run(take, values![new.version]).await? == 0 {
            return letter_of(write.db(), new.version).await?.ok_or(Error::Refused(LetterRefusal::NotAsSeen));
        }
        if let Some(post) = first_not_for_all(write.db(), &new.leads_to).await? {
            return Err(Error::Refused(not_for_all(post)));
        }
        let (post, _) = write.put_post(me, &new.post).await.map_err(|error| match error {
            Error::Refused(reason) => Error::Refused(LetterRefusal::Post(reason)),
            Error::Unavailable(cause) => Error::Unavailable(cause),
        })?;
        for member in new.post.mentioned.iter().filter(|member| **member != me.id) {
            write.notify(member.0, Some(me.id), News::Mentioned { post }, at).await?;
        }
        let sql = "SELECT m.id FROM members m WHERE m.id > 0 AND m.mail_weekly AND m.mail_address IS NOT NULL ORDER BY m.id";
        let readers: Vec<i64> = column(write.db(), sql, values![]).await?;
        let insert = "INSERT INTO weekly_letters (id, post_id, by_id, title, version, sent_at, mails) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                      ON CONFLICT (id) DO NOTHING";
        let letter = write.insert(at, insert, values![post, me.id.0, &new.title, new.version, at.0, readers.len() as i64]).await?;
        let insert = "INSERT INTO letters (id, member_id, what, cause, by_id, at, due_at, tries, weekly_id) \
                      VALUES ($1, $2, 'weekly', $3, $4, $3, $3, 0, $5) ON CONFLICT (id) DO NOTHING";
        for reader in readers {
            write.insert(at, insert, values![reader, at.0, me.id.0, letter]).await?;
        }
        write.commit().await?;
        Ok(PostId(post))
    }

    async fn letter_of(&self, _host: &Host, version: i64) -> Result<Option<PostId>, Unavailable> {
        letter_of(self.read(), version).await
    }

    async fn letters_sent(&self, _host: &Host, most: usize) -> Result<Vec<Sent>, Unavailable> {
        let sql = "SELECT p.id AS post, w.title, w.sent_at, w.mails, \
                   (SELECT COUNT(*) FROM letters l WHERE l.weekly_id = w.id AND l.settled_at IS NULL) AS waiting, \
                   (SELECT COUNT(*) FROM letters l WHERE l.weekly_id = w.id AND l.outcome = 'given-up') AS given_up, \
                   m.id AS by_id, m.name AS by_name, m.display_name AS by_display_name, m.picture_id AS by_picture_id \
                   FROM weekly_letters w LEFT JOIN members m ON m.id = w.by_id \
                   LEFT JOIN posts p ON p.id = w.post_id AND NOT p.taken_back WHERE w.id > 0 ORDER BY w.id DESC LIMIT $1";
        let rows: Vec<SentRow> = all(self.read(), sql, values![most as i64]).await?;
        let sent = |row: SentRow| {
            Ok(Sent {
                post: row.post.map(PostId),
                title: row.title,
                by: row.by.map(BylineRow::byline).transpose()?,
                at: Timestamp(row.sent_at),
                mails: row.mails as u32,
                waiting: row.waiting as u32,
                given_up: row.given_up as u32,
            })
        };
        rows.into_iter().map(sent).collect()
    }
}
