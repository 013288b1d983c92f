//! What the desk notices: posts that wait, and what proposals are made of; always as the host may see it.

use crate::{
    archives::WRITTEN_HERE,
    connection::{Json, Store, all, from_json, value, values},
    ids::before,
    law,
    people::BylineRow,
};
use domain::{
    ids::{MemberId, PostId},
    outcome::Unavailable,
    sparks::{
        proposals::{Ending, Evening, Grounds, PAUSED_DAYS, PAUSED_WITHIN_DAYS, ProposalStore, a_year_ago},
        unanswered::{Unanswered, UnansweredStore},
    },
    time::{Timestamp, Zone},
    timeline::Audience,
    viewer::{Host, Viewer},
};
use sea_orm::FromQueryResult;
use std::collections::BTreeSet;

/// How many ends of conversations are looked at: those that are none drop out after.
const MOST_ENDINGS: i64 = 60;

#[derive(FromQueryResult)]
struct UnansweredRow {
    post: i64,
    note: Option<String>,
    markdown: String,
    audience: String,
    at: i64,
    #[sea_orm(nested)]
    by: BylineRow,
}

#[derive(FromQueryResult)]
struct JoinedRow {
    #[sea_orm(nested)]
    by: BylineRow,
    joined_at: i64,
}

#[derive(FromQueryResult)]
struct EndingRow {
    reply: i64,
    root_id: i64,
    markdown: String,
    at: i64,
    #[sea_orm(nested)]
    by: BylineRow,
    voices: Option<String>,
}

#[derive(FromQueryResult)]
struct EveningRow {
    slug: String,
    title: String,
    date: String,
    came: i64,
}

/// A post or reply `p` of which no host said that it needs no answer.
const WANTED: &str = "NOT EXISTS (SELECT 1 FROM needs_no_answer n WHERE n.post_id = p.id)";

#[async_trait::async_trait]
impl UnansweredStore for Store {
    async fn unanswered(&self, host: &Host, between: (Timestamp, Timestamp), most: usize) -> Result<Vec<Unanswered>, Unavailable> {
        let viewer = Viewer::Member(host.me().clone());
        let sql = format!(
            "SELECT p.id AS post, p.note, p.markdown, p.audience, p.at, m.id, m.name, m.display_name, m.picture_id \
             FROM posts p JOIN members m ON m.id = p.author_id \
             WHERE p.parent_id IS NULL AND p.id > $2 AND p.id < $3 AND p.author_id <> $1 AND NOT p.taken_back AND NOT p.in_room \
             AND p.gathering_id IS NULL AND {WANTED} AND {WRITTEN_HERE} AND {law} \
             AND NOT EXISTS (SELECT 1 FROM posts a WHERE a.root_id = p.id AND a.author_id <> p.author_id AND NOT a.taken_back) \
             AND NOT EXISTS (SELECT 1 FROM reactions r WHERE r.post_id = p.id AND r.member_id <> p.author_id) \
             AND NOT EXISTS (SELECT 1 FROM introductions i WHERE i.post_id = p.id) \
             AND NOT EXISTS (SELECT 1 FROM weekly_letters w WHERE w.post_id = p.id) \
             AND NOT EXISTS (SELECT 1 FROM sparks s WHERE s.post_id = p.id) ORDER BY p.id DESC LIMIT $4",
            law = law::post_for_host(&viewer)
        );
        let values = values![host.me().id.0, before(between.0), before(between.1), most as i64];
        let rows: Vec<UnansweredRow> = all(self.read(), sql, values).await?;
        let unanswered = |row: UnansweredRow| {
            let by = row.by.byline()?;
            let named = row.audience == Audience::Named.word();
            Ok(Unanswered::of(PostId(row.post), by, &row.markdown, row.note, named, Timestamp(row.at)))
        };
        rows.into_iter().map(unanswered).collect()
    }

    async fn set_aside(&self, host: &Host, post: PostId, aside: bool, at: Timestamp) -> Result<(), Unavailable> {
        let write = self.write().await?;
        let law = law::post_for_host(&Viewer::Member(host.me().clone()));
        if aside {
            let keep = format!(
                "INSERT INTO needs_no_answer (post_id, by_id, at) SELECT p.id, CAST($1 AS BIGINT), CAST($3 AS BIGINT) FROM posts p \
                 WHERE p.id = $2 AND NOT p.taken_back AND {law} ON CONFLICT (post_id) DO NOTHING"
            );
            write.run(keep, values![host.me().id.0, post.0, at.0]).await?;
        } else {
            let forget = format!("DELETE FROM needs_no_answer WHERE post_id = (SELECT p.id FROM posts p WHERE p.id = $2 AND {law})");
            write.run(forget, values![host.me().id.0, post.0]).await?;
        }
        write.commit().await
    }
}

#[async_trait::async_trait]
impl ProposalStore for Store {
    async fn what_is_here(&self, host: &Host, now: Timestamp, zone: &Zone) -> Result<Grounds, Unavailable> {
        let (db, me, viewer) = (self.read(), host.me().id.0, Viewer::Member(host.me().clone()));
        let founded: Option<Option<i64>> = value(db, "SELECT founded_at FROM community", values![]).await?;
        let sql = "SELECT m.id, m.name, m.display_name, m.picture_id, m.joined_at FROM members m WHERE m.id > 0 AND m.id <> $1";
        let joined: Vec<JoinedRow> = all(db, sql, values![me]).await?;
        let joined = joined.into_iter().map(|row| {
            let joined_at = Timestamp(row.joined_at);
            Ok((row.by.byline()?, joined_at))
        });
        // What stands behind a content note is not quoted to everybody.
        let sql = format!(
            "SELECT p.id AS reply, p.root_id, p.markdown, p.at, m.id, m.name, m.display_name, m.picture_id, \
             (SELECT CAST({list}(v.author_id) AS TEXT) FROM posts v WHERE v.root_id = p.root_id AND NOT v.taken_back) AS voices \
             FROM posts p JOIN posts o ON o.id = p.root_id JOIN members m ON m.id = p.author_id \
             WHERE p.id > $2 AND p.id < $3 AND p.parent_id IS NOT NULL AND p.author_id <> $1 AND NOT p.taken_back AND NOT p.in_room \
             AND NOT o.taken_back AND o.note IS NULL AND p.note IS NULL AND p.audience <> 'named' \
             AND (p.markdown LIKE '%?%' OR p.markdown LIKE '%؟%' OR p.markdown LIKE '%？%') AND {WANTED} AND {WRITTEN_HERE} AND {law} \
             AND NOT EXISTS (SELECT 1 FROM posts l WHERE l.root_id = p.root_id AND l.id > p.id AND NOT l.taken_back) \
             ORDER BY p.id DESC LIMIT {MOST_ENDINGS}",
            list = Json::of(db).list,
            law = law::post_for_host(&viewer)
        );
        let (since, until) = (before(now.plus_days(-PAUSED_WITHIN_DAYS)), before(now.plus_days(-PAUSED_DAYS)));
        let endings: Vec<EndingRow> = all(db, sql, values![me, since, until]).await?;
        let endings = endings.into_iter().map(|row| {
            let voices: Vec<i64> = row.voices.as_deref().map(from_json).transpose()?.unwrap_or_default();
            Ok(Ending {
                reply: PostId(row.reply),
                root: PostId(row.root_id),
                by: row.by.byline()?,
                words: row.markdown,
                voices: voices.into_iter().map(MemberId).collect::<BTreeSet<_>>(),
                at: Timestamp(row.at),
            })
        });
        let sql = format!(
            "SELECT g.slug, g.title, s.date, (SELECT COUNT(*) FROM attendance a \
             WHERE a.gathering_id = s.gathering_id AND a.date = s.date AND a.came) AS came \
             FROM gatherings g JOIN sessions s ON s.gathering_id = g.id WHERE g.id > 0 AND s.date >= $2 AND s.date <= $3 \
             AND s.cancelled IS NULL AND s.standing <> 'left-out' AND NOT g.only_named AND {}",
            law::gathering(&viewer)
        );
        let (from, to) = a_year_ago(now, zone);
        let mut evenings: Vec<EveningRow> = all(db, sql, values![me, from.to_string(), to.to_string()]).await?;
        evenings.sort_by(|one, other| other.came.cmp(&one.came).then_with(|| one.date.cmp(&other.date)));
        let evenings = evenings.into_iter().map(|row| {
            let date = row.date.parse().map_err(|_| Unavailable::because("a kept date is not one"))?;
            Ok(Evening { slug: row.slug, title: row.title, date, came: row.came as u32 })
        });
        Ok(Grounds {
            founded_at: founded.flatten().map(Timestamp),
            joined: joined.collect::<Result<_, Unavailable>>()?,
            endings: endings.collect::<Result<_, Unavailable>>()?,
            evenings: evenings.collect::<Result<_, Unavailable>>()?,
        })
    }
}
