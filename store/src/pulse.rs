//! The pulse's rows: what was counted, and what hosts and members are told of it.

mod counting;

use crate::{
    archives::WRITTEN_HERE,
    connection::{Json, Store, all, among_ids, from_json, value, values},
    gatherings::date,
    ids::{at, before},
    law,
    people::byline,
};
use chrono::NaiveDate;
use counting::list_of;
use domain::{
    ids::{MemberId, PostId},
    outcome::Unavailable,
    people::{Byline, Handle},
    pulse::{
        DepthStore, PulseStore,
        depth::{Figures, FirstWord, Said, Series, Unanswered, Unspoken},
        drifting::{Drifting, LeftBe, Rhythm},
        quiet::Hours,
    },
    time::Timestamp,
    viewer::{Host, Me, Viewer},
};
use sea_orm::{FromQueryResult, Value};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

/// How many of those whom somebody answered most are named.
const TALKS_WITH: usize = 3;
/// How many of the last things that somebody wrote tell whom they answered.
const LATELY: usize = 40;

#[derive(FromQueryResult)]
struct RhythmRow {
    id: i64,
    days: i64,
    first: String,
    last: String,
}

#[derive(FromQueryResult)]
struct WroteRow {
    id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
    wrote: Option<i64>,
}

#[derive(FromQueryResult)]
struct WasAtRow {
    member_id: i64,
    slug: String,
    title: String,
    date: String,
}

#[derive(FromQueryResult)]
struct LeftBeRow {
    id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
    until: i64,
}

#[derive(FromQueryResult)]
struct FirstWordRow {
    id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
    post: i64,
    excerpt: String,
    at: i64,
    answered: Option<i64>,
}

#[derive(FromQueryResult)]
struct SeriesRow {
    slug: String,
    title: String,
    came: Option<String>,
}

#[derive(FromQueryResult)]
struct ByLineRow {
    id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
}

#[derive(FromQueryResult)]
struct FiguresRow {
    month: String,
    wrote: i64,
    talked: i64,
    conversations: i64,
    newcomers: i64,
    answered: i64,
    sessions: i64,
    came: i64,
}

fn viewer(host: &Host) -> Viewer {
    Viewer::Member(host.me().clone())
}

fn timestamp(at: Option<i64>) -> Option<Timestamp> {
    at.map(Timestamp)
}

/// Those newcomers `m` of a condition who have said something here that is `seen` (of a post `p`), the newest first: the first of it, and
/// when somebody answered it, or came back to the thread in which they answered.
fn first_words(seen: &str, which: &str) -> String {
    format!(
        "SELECT m.id, m.name, m.display_name, m.picture_id, w.id AS post, w.excerpt, w.at, (SELECT MIN(r.at) FROM posts r \
         WHERE r.root_id = w.root_id AND r.id > w.id AND r.author_id <> m.id AND NOT r.taken_back \
         AND (r.parent_id = w.id OR r.author_id = a.author_id)) AS answered \
         FROM members m JOIN posts w ON w.id = (SELECT p.id FROM posts p WHERE p.author_id = m.id AND {WRITTEN_HERE} AND NOT p.taken_back AND {seen} \
         ORDER BY p.id LIMIT 1) LEFT JOIN posts a ON a.id = w.parent_id WHERE {which} ORDER BY m.id DESC"
    )
}

/// Everything that was said in posts `p` of a condition, thread by thread. Whoever answers what was taken back answers nobody.
async fn said(store: &Store, which: &str, values: Vec<Value>) -> Result<Vec<Said>, Unavailable> {
    let Json { array, list } = Json::of(store.read());
    let sql = format!(
        "SELECT CAST({list}({array}(p.root_id, p.id, p.author_id, CASE WHEN NOT q.taken_back THEN q.author_id END)) AS TEXT) \
         FROM posts p LEFT JOIN posts q ON q.id = p.parent_id WHERE {which} AND NOT p.taken_back"
    );
    let mut rows: Vec<(i64, i64, i64, Option<i64>)> = list_of(store, sql, values).await?;
    rows.sort_unstable();
    let one = |(root, post, author, answers): (i64, i64, i64, Option<i64>)| Said {
        root: PostId(root),
        post: PostId(post),
        author: MemberId(author),
        answers: answers.map(MemberId),
        at: at(post),
    };
    Ok(rows.into_iter().map(one).collect())
}

#[async_trait::async_trait]
impl PulseStore for Store {
    async fn hours(&self, since: Timestamp) -> Result<(Hours, Timestamp), Unavailable> {
        let Json { array, list } = Json::of(self.read());
        let hours = format!("SELECT CAST({list}({array}(h.at, h.came)) AS TEXT) FROM pulse_hours h WHERE h.at >= $1");
        let hours: Vec<(i64, i64)> = list_of(self, hours, values![since.0]).await?;
        let place_since = "SELECT m.joined_at FROM members m WHERE m.id > 0 ORDER BY m.id LIMIT 1";
        let place_since: Option<i64> = value(self.read(), place_since, values![]).await?;
        let hours = hours.into_iter().map(|(at, came)| (Timestamp(at), u32::try_from(came).unwrap_or_default())).collect();
        Ok((hours, Timestamp(place_since.unwrap_or(i64::MAX))))
    }

    async fn came_since(&self, since: Timestamp) -> Result<Vec<Timestamp>, Unavailable> {
        let list = Json::of(self.read()).list;
        let wrote = format!(
            "SELECT CAST({list}(p.id) AS TEXT) FROM posts p WHERE p.id > $1 AND NOT p.taken_back AND p.audience <> 'named' \
             AND {WRITTEN_HERE}"
        );
        let reacted = format!(
            "SELECT CAST({list}(r.id) AS TEXT) FROM reactions r JOIN posts p ON p.id = r.post_id \
             WHERE r.id > $1 AND p.audience <> 'named'"
        );
        let mut ids: Vec<i64> = list_of(self, wrote, values![before(since)]).await?;
        ids.extend(list_of::<i64>(self, reacted, values![before(since)]).await?);
        Ok(ids.into_iter().map(at).collect())
    }

    async fn rhythms(
        &self,
        host: &Host,
        (since, until): (NaiveDate, NaiveDate),
        now: Timestamp,
    ) -> Result<Vec<(MemberId, Rhythm)>, Unavailable> {
        let sql = "SELECT m.id, COUNT(d.day) AS days, MIN(d.day) AS first, MAX(d.day) AS last FROM members m \
                   JOIN pulse_days d ON d.member_id = m.id AND d.day >= $2 WHERE m.id > 0 AND m.id <> $1 \
                   AND NOT EXISTS (SELECT 1 FROM pulse_days l WHERE l.member_id = m.id AND l.day > $4) \
                   AND NOT EXISTS (SELECT 1 FROM left_be l WHERE l.member_id = m.id AND l.until > $3) GROUP BY m.id";
        let rows: Vec<RhythmRow> = all(self.read(), sql, values![host.me().id.0, since.to_string(), now.0, until.to_string()]).await?;
        let rhythm = |row: RhythmRow| Ok((MemberId(row.id), Rhythm { days: row.days, first: date(&row.first)?, last: date(&row.last)? }));
        rows.into_iter().map(rhythm).collect()
    }

    async fn known_of(&self, host: &Host, who: &[(MemberId, Rhythm)]) -> Result<Vec<Drifting>, Unavailable> {
        let (viewer, Json { array, list }) = (viewer(host), Json::of(self.read()));
        let (post, gathering) = (law::post_for_host(&viewer), law::gathering(&viewer));
        let among = among_ids(self.read(), who.iter().map(|(id, _)| id.0));
        let (of, both) = (among.sql, || values![host.me().id.0, among.value.clone()]);
        let wrote = format!(
            "SELECT m.id, m.name, m.display_name, m.picture_id, (SELECT p.id FROM posts p WHERE p.author_id = m.id AND NOT p.taken_back \
             AND {WRITTEN_HERE} AND {post} ORDER BY p.id DESC LIMIT 1) AS wrote FROM members m WHERE m.id {of}"
        );
        let people: Vec<WroteRow> = all(self.read(), wrote, both()).await?;
        let mut people: HashMap<i64, WroteRow> = people.into_iter().map(|row| (row.id, row)).collect();

        let was_at = format!(
            "SELECT a.member_id, g.slug, g.title, a.date FROM attendance a JOIN gatherings g ON g.id = a.gathering_id \
             WHERE a.member_id {of} AND a.came AND {gathering}"
        );
        let was_at: Vec<WasAtRow> = all(self.read(), was_at, both()).await?;
        let answered = format!(
            "SELECT CAST({list}({array}(p.author_id, q.author_id)) AS TEXT) FROM members m JOIN posts p ON p.id IN (\
             SELECT l.id FROM posts l WHERE l.author_id = m.id ORDER BY l.id DESC LIMIT {LATELY}) JOIN posts q ON q.id = p.parent_id \
             WHERE m.id {of} AND q.author_id <> m.id AND NOT p.taken_back AND {WRITTEN_HERE} AND {post}"
        );
        let answered: Vec<(i64, i64)> = list_of(self, answered, both()).await?;
        let mut often: BTreeMap<(i64, i64), usize> = BTreeMap::new();
        for pair in answered {
            *often.entry(pair).or_default() += 1;
        }
        let most = |who: MemberId| -> Vec<MemberId> {
            let mut others: Vec<_> =
                often.range((who.0, i64::MIN)..=(who.0, i64::MAX)).map(|((_, other), times)| (Reverse(*times), *other)).collect();
            others.sort_unstable();
            others.into_iter().take(TALKS_WITH).map(|(_, other)| MemberId(other)).collect()
        };
        let most: Vec<Vec<MemberId>> = who.iter().map(|(id, _)| most(*id)).collect();
        let called = self.called(&viewer, &most.concat()).await?;

        let mut known = Vec::new();
        for ((id, rhythm), most) in who.iter().zip(most) {
            // Whoever was removed a moment ago does not drift.
            let Some(row) = people.remove(&id.0) else { continue };
            let latest = was_at.iter().filter(|row| row.member_id == id.0).max_by(|one, other| one.date.cmp(&other.date));
            known.push(Drifting {
                who: byline(row.id, &row.name, row.display_name, row.picture_id)?,
                rhythm: *rhythm,
                wrote: row.wrote.map(|post| (PostId(post), at(post))),
                was_at: latest.map(|row| Ok((row.slug.clone(), row.title.clone(), date(&row.date)?))).transpose()?,
                talks_with: most.iter().filter_map(|id| called.get(id).cloned()).collect(),
            });
        }
        Ok(known)
    }

    async fn leave_be(&self, _host: &Host, name: &Handle, until: Option<Timestamp>) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let found: Option<i64> = value(write.db(), "SELECT id FROM members WHERE name = $1", values![name.as_str()]).await?;
        let Some(member) = found else { return Ok(false) };
        match until {
            Some(until) => {
                let keep = "INSERT INTO left_be (member_id, until) SELECT m.id, $2 FROM members m WHERE m.id = $1 \
                            ON CONFLICT (member_id) DO UPDATE SET until = excluded.until";
                write.run(keep, values![member, until.0]).await?
            }
            None => write.run("DELETE FROM left_be WHERE member_id = $1", values![member]).await?,
        };
        write.commit().await?;
        Ok(true)
    }

    async fn left_be(&self, _host: &Host, now: Timestamp) -> Result<Vec<LeftBe>, Unavailable> {
        let sql = "SELECT m.id, m.name, m.display_name, m.picture_id, l.until FROM left_be l JOIN members m ON m.id = l.member_id \
                   WHERE l.member_id > 0 AND l.until > $1";
        let rows: Vec<LeftBeRow> = all(self.read(), sql, values![now.0]).await?;
        let left =
            |row: LeftBeRow| Ok(LeftBe { who: byline(row.id, &row.name, row.display_name, row.picture_id)?, until: Timestamp(row.until) });
        let mut left = rows.into_iter().map(left).collect::<Result<Vec<_>, Unavailable>>()?;
        left.sort_by_key(|left| (left.until, left.who.id));
        Ok(left)
    }

    async fn unspoken(&self, host: &Host, since: Timestamp, day: NaiveDate) -> Result<Vec<Unspoken>, Unavailable> {
        let law = law::post_for_host(&viewer(host));
        let sql = format!(
            "SELECT m.id, m.name, m.display_name, m.picture_id, (SELECT p.id FROM posts p WHERE p.author_id = m.id AND p.id > $2 \
             AND NOT p.taken_back AND {WRITTEN_HERE} AND {law} ORDER BY p.id DESC LIMIT 1) AS wrote FROM members m WHERE m.id > 0 AND m.id <> $1 \
             AND EXISTS (SELECT 1 FROM pulse_days d WHERE d.member_id = m.id AND d.day >= $3) \
             AND NOT EXISTS (SELECT 1 FROM pulse_days d WHERE d.member_id = m.id AND d.day >= $3 AND d.came) \
             AND NOT EXISTS (SELECT 1 FROM post_named n JOIN posts p ON p.id = n.post_id WHERE n.member_id = m.id AND n.post_id > $2 \
             AND p.author_id <> m.id AND {WRITTEN_HERE} AND {law}) \
             AND NOT EXISTS (SELECT 1 FROM posts q JOIN posts p ON p.parent_id = q.id WHERE q.author_id = m.id AND q.id > $4 \
             AND p.id > $2 AND p.author_id <> m.id AND NOT p.taken_back AND {WRITTEN_HERE} AND {law}) \
             AND NOT EXISTS (SELECT 1 FROM posts r JOIN posts q ON q.id = r.parent_id JOIN posts p ON p.root_id = r.root_id AND p.id > r.id \
             WHERE r.author_id = m.id AND r.id > $4 AND q.author_id <> m.id AND p.author_id = q.author_id AND p.id > $2 \
             AND NOT r.taken_back AND NOT p.taken_back AND {WRITTEN_HERE} AND {law}) ORDER BY m.id"
        );
        // An answer may be to something from some time before.
        let long_before = since.plus_days(-30);
        let values = values![host.me().id.0, before(since), day.to_string(), before(long_before)];
        let rows: Vec<WroteRow> = all(self.read(), sql, values).await?;
        let unspoken = |row: WroteRow| {
            let who = byline(row.id, &row.name, row.display_name, row.picture_id)?;
            Ok(Unspoken { who, wrote: row.wrote.map(|post| (PostId(post), at(post))) })
        };
        let mut unspoken = rows.into_iter().map(unspoken).collect::<Result<Vec<_>, Unavailable>>()?;
        // Whoever spoke and was not answered comes first.
        unspoken.sort_by_key(|one| (one.wrote.is_none(), Reverse(one.wrote), one.who.id));
        Ok(unspoken)
    }

    async fn first_words(&self, host: &Host, since: Timestamp) -> Result<Vec<Unanswered>, Unavailable> {
        let sql = first_words(&law::post_for_host(&viewer(host)), "m.id > $2 AND m.id <> $1");
        let rows: Vec<FirstWordRow> = all(self.read(), sql, values![host.me().id.0, before(since)]).await?;
        let unanswered = |row: FirstWordRow| {
            Ok(Unanswered {
                who: byline(row.id, &row.name, row.display_name, row.picture_id)?,
                post: PostId(row.post),
                excerpt: row.excerpt,
                first: FirstWord { at: Timestamp(row.at), answered: timestamp(row.answered) },
            })
        };
        rows.into_iter().map(unanswered).collect()
    }
}

#[async_trait::async_trait]
impl DepthStore for Store {
    async fn series(&self, viewer: &Viewer, since: NaiveDate) -> Result<Vec<Series>, Unavailable> {
        let Json { array, list } = Json::of(self.read());
        let sql = format!(
            "SELECT g.slug, g.title, (SELECT CAST({list}({array}(a.member_id, a.date)) AS TEXT) FROM attendance a \
             WHERE a.gathering_id = g.id AND a.date >= $2 AND a.came) AS came FROM gatherings g WHERE g.id > 0 \
             AND EXISTS (SELECT 1 FROM attendance a WHERE a.gathering_id = g.id AND a.date >= $2 AND a.came) AND {}",
            law::gathering(viewer)
        );
        let rows: Vec<SeriesRow> = all(self.read(), sql, values![law::viewer_id(viewer), since.to_string()]).await?;
        let series = |row: SeriesRow| {
            let came: Vec<(i64, NaiveDate)> = row.came.as_deref().map(from_json).transpose()?.unwrap_or_default();
            Ok(Series { slug: row.slug, title: row.title, came: came.into_iter().map(|(who, date)| (MemberId(who), date)).collect() })
        };
        rows.into_iter().map(series).collect()
    }

    async fn called(&self, viewer: &Viewer, who: &[MemberId]) -> Result<BTreeMap<MemberId, Byline>, Unavailable> {
        let among = among_ids(self.read(), who.iter().map(|id| id.0));
        let sql = format!("SELECT m.id, m.name, m.display_name, m.picture_id FROM members m WHERE $1 <> 0 AND m.id {}", among.sql);
        let rows: Vec<ByLineRow> = all(self.read(), sql, values![law::viewer_id(viewer), among.value]).await?;
        rows.into_iter().map(|row| Ok((MemberId(row.id), byline(row.id, &row.name, row.display_name, row.picture_id)?))).collect()
    }

    async fn months(&self, _me: &Me) -> Result<Vec<(NaiveDate, Figures)>, Unavailable> {
        let sql = "SELECT y.month, y.wrote, y.talked, y.conversations, y.newcomers, y.answered, y.sessions, y.came FROM pulse_months y \
                   WHERE y.month > '' ORDER BY y.month";
        let rows: Vec<FiguresRow> = all(self.read(), sql, values![]).await?;
        let of = |figure: i64| u32::try_from(figure).unwrap_or_default();
        let month = |row: FiguresRow| {
            let figures = Figures {
                wrote: of(row.wrote),
                talked: of(row.talked),
                conversations: of(row.conversations),
                newcomers: of(row.newcomers),
                answered: of(row.answered),
                sessions: of(row.sessions),
                came: of(row.came),
            };
            Ok((date(&row.month)?, figures))
        };
        rows.into_iter().map(month).collect()
    }

    async fn my_threads(&self, me: &Me, since: Timestamp) -> Result<Vec<Said>, Unavailable> {
        let mine = "SELECT t.root_id FROM posts t WHERE t.author_id = $1 AND t.id > $2";
        let which = format!("p.root_id IN ({mine}) AND {WRITTEN_HERE} AND {}", law::post(&Viewer::Member(me.clone())));
        said(self, &which, values![me.id.0, before(since)]).await
    }
}
