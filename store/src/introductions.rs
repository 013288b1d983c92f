//! Introductions' rows, and what is read as evidence for them.

use crate::{
    connection::{Json, Store, Write, all, among_ids, from_json, one, value, values},
    ids, law,
    notifications::News,
    people::{byline, role},
};
use domain::{
    ids::{InvitationId, MemberId, PartyId, PostId},
    introductions::{
        Elsewhere, Evidence, Introduction, IntroductionRefusal, IntroductionStore, MOST_SAID, NewIntroduction, Pair, proposals::Known,
    },
    outcome::{Error, Unavailable},
    people::Role,
    time::Timestamp,
    timeline::{Audience, PostRefusal},
    viewer::{Host, Me, Viewer},
};
use sea_orm::FromQueryResult;
use std::collections::{BTreeMap, BTreeSet};

#[derive(FromQueryResult)]
struct KnownRow {
    id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
    role: String,
    joined_at: i64,
    invited_by: Option<i64>,
    invitation_id: Option<i64>,
    party_id: Option<i64>,
    line: String,
    interests: String,
    town: String,
}

impl KnownRow {
    fn known(self) -> Result<Known, Unavailable> {
        Ok(Known {
            who: byline(self.id, &self.name, self.display_name, self.picture_id)?,
            host: role(&self.role)? >= Role::Host,
            joined_at: Timestamp(self.joined_at),
            invited_by: self.invited_by.map(MemberId),
            invitation: self.invitation_id.map(InvitationId),
            party: self.party_id.map(PartyId),
            line: self.line,
            interests: from_json(&self.interests)?,
            town: self.town,
            came: BTreeSet::new(),
            said: Vec::new(),
        })
    }
}

#[derive(FromQueryResult)]
struct GatheringRow {
    id: i64,
    title: String,
    came: Option<String>,
}

#[derive(FromQueryResult)]
struct PairRow {
    one_id: i64,
    other_id: i64,
}

impl PairRow {
    fn pair(self) -> Option<Pair> {
        Pair::of(MemberId(self.one_id), MemberId(self.other_id))
    }
}

#[derive(FromQueryResult)]
struct IntroductionRow {
    post_id: i64,
    excerpt: String,
    audience: String,
    at: i64,
    by_id: i64,
    by_name: String,
    by_display_name: String,
    by_picture: Option<i64>,
    one_id: i64,
    one_name: String,
    one_display_name: String,
    one_picture: Option<i64>,
    other_id: i64,
    other_name: String,
    other_display_name: String,
    other_picture: Option<i64>,
    one_spoke: Option<i64>,
    other_spoke: Option<i64>,
    one_answered: Option<i64>,
    other_answered: Option<i64>,
    declined: bool,
}

#[derive(FromQueryResult)]
struct ElsewhereRow {
    at: i64,
    by_id: i64,
    by_name: String,
    by_display_name: String,
    by_picture: Option<i64>,
    one_id: i64,
    one_name: String,
    one_display_name: String,
    one_picture: Option<i64>,
    other_id: i64,
    other_name: String,
    other_display_name: String,
    other_picture: Option<i64>,
}

impl ElsewhereRow {
    fn elsewhere(self) -> Result<Elsewhere, Unavailable> {
        Ok(Elsewhere {
            by: byline(self.by_id, &self.by_name, self.by_display_name, self.by_picture)?,
            two: [
                byline(self.one_id, &self.one_name, self.one_display_name, self.one_picture)?,
                byline(self.other_id, &self.other_name, self.other_display_name, self.other_picture)?,
            ],
            at: Timestamp(self.at),
        })
    }
}

/// The introductions `i` of a condition that the viewer may see, as `$1` sees them. What the two said elsewhere counts only where the viewer may
/// see it, too.
fn introductions(viewer: &Viewer, which: &str) -> String {
    let law = law::post_opened(viewer);
    let spoke = |who: &str| {
        format!(
            "(SELECT MIN(r.at) FROM posts r WHERE r.root_id = i.post_id AND r.id > i.post_id AND r.author_id = i.{who} AND NOT r.taken_back)"
        )
    };
    let thread = law::post_opened_as(viewer, "t");
    let answered = |who: &str, whom: &str| {
        format!(
            "(SELECT MIN(p.at) FROM posts p JOIN posts q ON q.id = p.parent_id WHERE p.author_id = i.{who} AND p.id > i.post_id \
             AND q.author_id = i.{whom} AND p.root_id <> i.post_id AND NOT p.taken_back AND {law})"
        )
    };
    format!(
        "SELECT i.post_id, t.excerpt, t.audience, i.at, b.id AS by_id, b.name AS by_name, b.display_name AS by_display_name, \
         b.picture_id AS by_picture, m.id AS one_id, m.name AS one_name, m.display_name AS one_display_name, m.picture_id AS one_picture, \
         o.id AS other_id, o.name AS other_name, o.display_name AS other_display_name, o.picture_id AS other_picture, \
         {one} AS one_spoke, {other} AS other_spoke, {one_answered} AS one_answered, {other_answered} AS other_answered, \
         CASE WHEN i.one_id = $1 THEN i.one_declined WHEN i.other_id = $1 THEN i.other_declined ELSE FALSE END AS declined \
         FROM introductions i JOIN posts t ON t.id = i.post_id JOIN members b ON b.id = i.host_id JOIN members m ON m.id = i.one_id \
         JOIN members o ON o.id = i.other_id WHERE {which} AND NOT t.taken_back AND {thread}",
        one = spoke("one_id"),
        other = spoke("other_id"),
        one_answered = answered("one_id", "other_id"),
        other_answered = answered("other_id", "one_id"),
    )
}

impl IntroductionRow {
    fn introduction(self) -> Result<(Introduction, bool), Unavailable> {
        let talked = [self.one_answered, self.other_answered].into_iter().flatten().min();
        let introduction = Introduction {
            post: PostId(self.post_id),
            excerpt: self.excerpt,
            by: byline(self.by_id, &self.by_name, self.by_display_name, self.by_picture)?,
            two: [
                byline(self.one_id, &self.one_name, self.one_display_name, self.one_picture)?,
                byline(self.other_id, &self.other_name, self.other_display_name, self.other_picture)?,
            ],
            spoke: [self.one_spoke, self.other_spoke].map(|at| at.map(Timestamp)),
            talked: talked.map(Timestamp),
            on_timeline: self.audience != Audience::Named.word(),
            at: Timestamp(self.at),
        };
        Ok((introduction, self.declined))
    }
}

impl Write {
    /// Leaves a pair alone; and from then on keeps that they were introduced, where they were.
    async fn leave_alone(&self, pair: Pair, introduced: bool, at: Timestamp) -> Result<(), Unavailable> {
        let [one, other] = pair.both();
        let keep = "INSERT INTO left_alone (one_id, other_id, at, introduced) SELECT $1, $2, $3, $4 \
                    WHERE EXISTS (SELECT 1 FROM members WHERE id = $1) AND EXISTS (SELECT 1 FROM members WHERE id = $2) \
                    ON CONFLICT (one_id, other_id) DO UPDATE SET introduced = left_alone.introduced OR excluded.introduced";
        self.run(keep, values![one.0, other.0, at.0, introduced]).await.map(drop)
    }
}

#[async_trait::async_trait]
impl IntroductionStore for Store {
    async fn evidence(&self, host: &Host, said: Timestamp, came: Timestamp) -> Result<Evidence, Unavailable> {
        let (viewer, me) = (host.viewer(), host.me().id.0);
        let Json { array, list } = Json::of(self.read());
        let people = "SELECT m.id, m.name, m.display_name, m.picture_id, m.role, m.joined_at, m.invited_by, m.invitation_id, v.party_id, m.line, m.interests, m.town \
                      FROM members m LEFT JOIN invitations v ON v.id = m.invitation_id WHERE m.id > 0 AND m.id <> $1";
        let people: Vec<KnownRow> = all(self.read(), people, values![me]).await?;
        let mut people =
            people.into_iter().map(|row| row.known().map(|known| (known.who.id.0, known))).collect::<Result<BTreeMap<_, _>, _>>()?;
        let (posts, letters) = MOST_SAID;
        let words = format!(
            "SELECT CAST({list}({array}(found.author_id, found.begins)) AS TEXT) FROM (SELECT p.author_id, substr(p.markdown, 1, {letters}) AS begins \
             FROM posts p WHERE p.id > $2 AND p.author_id <> $1 AND NOT p.taken_back AND {law} ORDER BY p.id DESC LIMIT {posts}) found",
            law = law::post_for_host(&viewer),
        );
        let words: Option<Option<String>> = value(self.read(), words, values![me, ids::before(said)]).await?;
        let words: Vec<(i64, String)> = words.flatten().as_deref().map(from_json).transpose()?.unwrap_or_default();
        for (author, markdown) in words {
            if let Some(known) = people.get_mut(&author) {
                known.said.push(markdown);
            }
        }
        let gatherings = format!(
            "SELECT g.id, g.title, (SELECT CAST({list}({array}(a.member_id, a.date)) AS TEXT) FROM attendance a \
             WHERE a.gathering_id = g.id AND a.date >= $2 AND a.came) AS came FROM gatherings g WHERE g.id > 0 AND {}",
            law::gathering(&viewer)
        );
        let since = chrono::DateTime::from_timestamp_millis(came.0).map_or_else(String::new, |came| came.date_naive().to_string());
        let rows: Vec<GatheringRow> = all(self.read(), gatherings, values![me, since]).await?;
        let mut gatherings = BTreeMap::new();
        for GatheringRow { id, title, came } in rows {
            let came: Vec<(i64, String)> = came.as_deref().map(from_json).transpose()?.unwrap_or_default();
            for (member, date) in came {
                if let Some(known) = people.get_mut(&member) {
                    known.came.insert((id, date));
                }
            }
            gatherings.insert(id, title);
        }
        let alone = "SELECT l.one_id, l.other_id FROM left_alone l WHERE l.one_id > 0 \
                     UNION ALL SELECT k.member_id, k.blocked_id FROM blocks k WHERE k.member_id > 0";
        let alone: Vec<PairRow> = all(self.read(), alone, values![]).await?;
        let left_alone = alone.into_iter().filter_map(PairRow::pair).collect();
        Ok(Evidence { people: people.into_values().collect(), gatherings, left_alone })
    }

    async fn talked(&self, host: &Host, pairs: &[Pair]) -> Result<BTreeSet<Pair>, Unavailable> {
        let Json { array, list } = Json::of(self.read());
        let among = among_ids(self.read(), pairs.iter().flat_map(|pair| pair.both()).map(|id| id.0));
        let sql = format!(
            "SELECT CAST({list}({array}(p.author_id, q.author_id)) AS TEXT) FROM posts p JOIN posts q ON q.id = p.parent_id \
             WHERE p.author_id {among} AND q.author_id {among} AND q.author_id <> p.author_id AND NOT p.taken_back AND {law}",
            among = among.sql,
            law = law::post_for_host(&host.viewer())
        );
        let talked: Option<Option<String>> = value(self.read(), sql, values![host.me().id.0, among.value]).await?;
        let talked: Vec<(i64, i64)> = talked.flatten().as_deref().map(from_json).transpose()?.unwrap_or_default();
        let talked: BTreeSet<Pair> = talked.into_iter().filter_map(|(one, other)| Pair::of(MemberId(one), MemberId(other))).collect();
        Ok(pairs.iter().copied().filter(|pair| talked.contains(pair)).collect())
    }

    async fn leave_alone(&self, _host: &Host, pair: Pair, at: Timestamp) -> Result<(), Unavailable> {
        let write = self.write().await?;
        write.leave_alone(pair, false, at).await?;
        write.commit().await
    }

    async fn introduce(&self, host: &Host, new: &NewIntroduction) -> Result<PostId, Error<IntroductionRefusal>> {
        let mut write = self.write().await?;
        // Two hosts who introduce the same two at once come one after the other.
        write.lock_community().await?;
        let [one, other] = new.pair.both();
        // Who made one that was taken back is not known any more.
        let before = "SELECT m.display_name FROM left_alone l LEFT JOIN introductions i ON i.one_id = l.one_id AND i.other_id = l.other_id \
                      LEFT JOIN members m ON m.id = i.host_id WHERE l.one_id = $1 AND l.other_id = $2 AND l.introduced";
        let before: Option<Option<String>> = value(write.db(), before, values![one.0, other.0]).await?;
        if let Some(by) = before {
            return Err(Error::Refused(IntroductionRefusal::Before { by }));
        }
        let (id, _) = write.put_post(host.me(), &new.post).await.map_err(|error| match error {
            Error::Refused(PostRefusal::PictureGone) => Unavailable::because("an introduction has no pictures").into(),
            Error::Refused(reason) => Unavailable::because(format!("an introduction was refused as a post: {reason}")).into(),
            Error::Unavailable(cause) => Error::Unavailable(cause),
        })?;
        // For whoever blocked the other it is as if they had let it pass at once; to everybody else it looks like any introduction.
        let declined = [write.blocks(one, other).await?, write.blocks(other, one).await?];
        let keep = "INSERT INTO introductions (post_id, one_id, other_id, host_id, at, one_declined, other_declined) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7)";
        write.run(keep, values![id, one.0, other.0, host.me().id.0, new.post.at.0, declined[0], declined[1]]).await?;
        write.leave_alone(new.pair, true, new.post.at).await?;
        for (member, declined) in new.pair.both().into_iter().zip(declined) {
            if declined {
                let hide = "UPDATE post_named SET hidden = TRUE WHERE post_id = $1 AND member_id = $2";
                write.run(hide, values![id, member.0]).await?;
            } else {
                write.notify(member.0, Some(host.me().id), News::Introduced { post: id }, new.post.at).await?;
            }
        }
        write.commit().await?;
        Ok(PostId(id))
    }

    async fn introductions(&self, host: &Host, most: usize) -> Result<Vec<Introduction>, Unavailable> {
        let viewer = host.viewer();
        let sql = format!("{} ORDER BY i.post_id DESC LIMIT $2", introductions(&viewer, "i.post_id > 0"));
        let rows: Vec<IntroductionRow> = all(self.read(), sql, values![host.me().id.0, most as i64]).await?;
        rows.into_iter().map(|row| row.introduction().map(|(introduction, _)| introduction)).collect()
    }

    async fn introduced_elsewhere(&self, host: &Host, most: usize) -> Result<Vec<Elsewhere>, Unavailable> {
        let sees = law::post_opened_as(&Viewer::Member(host.me().clone()), "t");
        let sql = format!(
            "SELECT i.at, b.id AS by_id, b.name AS by_name, b.display_name AS by_display_name, b.picture_id AS by_picture, \
             m.id AS one_id, m.name AS one_name, m.display_name AS one_display_name, m.picture_id AS one_picture, \
             o.id AS other_id, o.name AS other_name, o.display_name AS other_display_name, o.picture_id AS other_picture \
             FROM introductions i JOIN posts t ON t.id = i.post_id JOIN members b ON b.id = i.host_id JOIN members m ON m.id = i.one_id \
             JOIN members o ON o.id = i.other_id WHERE i.post_id > 0 AND NOT t.taken_back AND NOT {sees} ORDER BY i.post_id DESC LIMIT $2"
        );
        let rows: Vec<ElsewhereRow> = all(self.read(), sql, values![host.me().id.0, most as i64]).await?;
        rows.into_iter().map(ElsewhereRow::elsewhere).collect()
    }

    async fn introduction(&self, me: &Me, post: PostId) -> Result<Option<(Introduction, bool)>, Unavailable> {
        let sql = introductions(&Viewer::Member(me.clone()), "i.post_id = $2");
        let row: Option<IntroductionRow> = one(self.read(), sql, values![me.id.0, post.0]).await?;
        row.map(IntroductionRow::introduction).transpose()
    }

    async fn decline(&self, me: &Me, post: PostId, at: Timestamp) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let decline = "UPDATE introductions SET one_declined = one_declined OR one_id = $1, other_declined = other_declined OR other_id = $1 \
                       WHERE post_id = $2 AND (one_id = $1 OR other_id = $1) RETURNING one_id, other_id";
        let pair: Option<PairRow> = one(write.db(), decline, values![me.id.0, post.0]).await?;
        let Some(pair) = pair.and_then(PairRow::pair) else { return Ok(false) };
        write.leave_alone(pair, true, at).await?;
        write.commit().await?;
        Ok(true)
    }
}
