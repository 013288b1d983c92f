//! What hosts see of newcomers. What the host who asks may not see (a post for others, a gathering for others) counts for nothing.

use super::HELLO;
use crate::{
    connection::{Store, all, among_ids, one, value, values},
    invitations::{INVITATIONS, InvitationRow},
    law,
    people::{PEOPLE, PersonRow, byline},
};
use domain::{
    ids::{MemberId, PostId},
    invitations::{Invitation, MOST_LISTED},
    outcome::Unavailable,
    people::Handle,
    time::Timestamp,
    viewer::{Host, Viewer},
    welcome::board::{Asked, Been, BoardStore, NewcomerRecord, Said, Trail},
};
use sea_orm::FromQueryResult;
use std::collections::HashMap;

#[derive(FromQueryResult)]
struct HelloRow {
    author_id: i64,
    id: i64,
    at: i64,
}

#[derive(FromQueryResult)]
struct SaidRow {
    newcomer_id: i64,
    other_id: i64,
    at: i64,
}

#[derive(FromQueryResult)]
struct WithRow {
    newcomer_id: i64,
    other_id: i64,
}

#[derive(FromQueryResult)]
struct BeenRow {
    member_id: i64,
    starts_at: i64,
    others: i64,
}

#[derive(FromQueryResult)]
struct AskedRow {
    newcomer_id: i64,
    state: String,
    at: i64,
    id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
}

#[async_trait::async_trait]
impl BoardStore for Store {
    async fn newcomers(&self, by: &Host, since: Timestamp, only: Option<&Handle>) -> Result<Vec<NewcomerRecord>, Unavailable> {
        let (db, viewer) = (self.read(), Viewer::Member(by.me().clone()));
        let (which, name) = if only.is_some() { ("m.name = $3", only.map_or("", Handle::as_str)) } else { ("$3 = ''", "") };
        let sql = format!(
            "{PEOPLE} WHERE $1 <> 0 AND m.id > 0 AND m.joined_at > $2 AND m.role NOT IN ('host', 'admin') AND {which} ORDER BY m.id DESC"
        );
        let people: Vec<PersonRow> = all(db, sql, values![by.me().id.0, since.0, name]).await?;
        let people = people.into_iter().map(PersonRow::person).collect::<Result<Vec<_>, _>>()?;
        let among = among_ids(db, people.iter().map(|person| person.who.id.0));
        let (post, gathering, of) = (law::post_for_host(&viewer), law::gathering(&viewer), among.sql);
        let both = || [by.me().id.0.into(), among.value.clone()];

        let mut hellos: HashMap<i64, Vec<(PostId, Timestamp)>> = HashMap::new();
        let sql = format!("SELECT p.author_id, p.id, p.at FROM posts p WHERE p.author_id {of} AND {HELLO} AND {post}");
        for row in all::<HelloRow>(db, sql, both()).await? {
            hellos.entry(row.author_id).or_default().push((PostId(row.id), Timestamp(row.at)));
        }

        let mut said: HashMap<i64, Vec<Said>> = HashMap::new();
        let counts = format!("p.author_id <> q.author_id AND NOT p.in_room AND NOT p.taken_back AND {post}");
        let sql = format!(
            "SELECT p.author_id AS newcomer_id, q.author_id AS other_id, p.at FROM posts p JOIN posts q ON q.id = p.parent_id \
             WHERE p.author_id {of} AND p.parent_id IS NOT NULL AND {counts}"
        );
        for SaidRow { newcomer_id, other_id, at } in all(db, sql, both()).await? {
            let reply = Said { from: MemberId(newcomer_id), to: MemberId(other_id), at: Timestamp(at) };
            said.entry(newcomer_id).or_default().push(reply);
        }
        let sql = format!(
            "SELECT q.author_id AS newcomer_id, p.author_id AS other_id, p.at FROM posts q JOIN posts p ON p.parent_id = q.id \
             WHERE q.author_id {of} AND {counts}"
        );
        for SaidRow { newcomer_id, other_id, at } in all(db, sql, both()).await? {
            let reply = Said { from: MemberId(other_id), to: MemberId(newcomer_id), at: Timestamp(at) };
            said.entry(newcomer_id).or_default().push(reply);
        }

        let mut been: HashMap<i64, Vec<Been>> = HashMap::new();
        let sql = format!(
            "SELECT a.member_id, s.starts_at, CAST(CASE WHEN EXISTS (SELECT 1 FROM attendance o WHERE o.gathering_id = a.gathering_id \
             AND o.date = a.date AND o.came AND o.member_id <> a.member_id) THEN 1 ELSE 0 END AS BIGINT) AS others \
             FROM attendance a JOIN sessions s ON s.gathering_id = a.gathering_id AND s.date = a.date \
             JOIN gatherings g ON g.id = a.gathering_id WHERE a.member_id {of} AND a.came AND {gathering}"
        );
        for row in all::<BeenRow>(db, sql, both()).await? {
            let session = Been { at: Timestamp(row.starts_at), with_others: row.others != 0 };
            been.entry(row.member_id).or_default().push(session);
        }

        let sql = format!("SELECT w.member_id FROM welcomes w WHERE $1 <> 0 AND w.member_id {of} AND w.aside");
        let aside: Vec<i64> = crate::connection::column(db, sql, both()).await?;
        let mut asked: HashMap<i64, Vec<AskedRow>> = HashMap::new();
        let sql = format!(
            "SELECT k.newcomer_id, k.state, k.at, m.id, m.name, m.display_name, m.picture_id \
             FROM greetings k JOIN members m ON m.id = k.greeter_id WHERE $1 <> 0 AND k.newcomer_id {of}"
        );
        for row in all::<AskedRow>(db, sql, both()).await? {
            asked.entry(row.newcomer_id).or_default().push(row);
        }

        let mut kept_apart: HashMap<i64, Vec<MemberId>> = HashMap::new();
        let sql = format!("SELECT a.one_id AS newcomer_id, a.other_id FROM ({}) a WHERE $1 <> 0", law::kept_apart(of));
        for row in all::<WithRow>(db, sql, both()).await? {
            kept_apart.entry(row.newcomer_id).or_default().push(MemberId(row.other_id));
        }
        let mut came_with: HashMap<i64, Vec<MemberId>> = HashMap::new();
        let sql = format!("SELECT i.id AS newcomer_id, m.id AS other_id {} AND $1 <> 0", super::came_with(of));
        for row in all::<WithRow>(db, sql, both()).await? {
            came_with.entry(row.newcomer_id).or_default().push(MemberId(row.other_id));
        }

        people
            .into_iter()
            .map(|person| {
                let id = person.who.id.0;
                let joined_at = person.joined_at;
                let hello = hellos.remove(&id).into_iter().flatten().min();
                let (passed, asked): (Vec<_>, Vec<_>) =
                    asked.remove(&id).unwrap_or_default().into_iter().partition(|row| row.state == "passed");
                let asked = asked.into_iter().next().map(|row| {
                    let greeter = byline(row.id, &row.name, row.display_name, row.picture_id)?;
                    Ok(Asked { greeter, accepted: row.state == "accepted", at: Timestamp(row.at) })
                });
                Ok(NewcomerRecord {
                    trail: Trail {
                        joined_at,
                        hello,
                        said: said.remove(&id).into_iter().flatten().filter(|said| said.at >= joined_at).collect(),
                        been: been.remove(&id).unwrap_or_default(),
                    },
                    aside: aside.contains(&id),
                    asked: asked.transpose()?,
                    passed: passed.into_iter().map(|row| MemberId(row.id)).collect(),
                    kept_apart: kept_apart.remove(&id).unwrap_or_default(),
                    came_with: came_with.remove(&id).unwrap_or_default(),
                    person,
                })
            })
            .collect()
    }

    async fn open_invitations(&self, by: &Host, now: Timestamp) -> Result<Vec<Invitation>, Unavailable> {
        let sql = format!(
            "{INVITATIONS} WHERE $1 <> 0 AND v.id > 0 AND v.kind = 'person' AND v.uses_left > 0 AND NOT v.revoked AND v.expires_at > $2 AND v.party_id IS NULL \
             ORDER BY v.id LIMIT {MOST_LISTED}"
        );
        let rows: Vec<InvitationRow> = all(self.read(), sql, values![by.me().id.0, now.0]).await?;
        rows.into_iter().map(|row| row.invitation(Vec::new())).collect()
    }

    async fn set_aside(&self, _by: &Host, name: &Handle, aside: bool) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let member: Option<i64> = value(write.db(), "SELECT id FROM members WHERE name = $1", values![name.as_str()]).await?;
        let Some(member) = member else { return Ok(false) };
        write.keep_welcome(MemberId(member), "aside", aside).await?;
        write.commit().await?;
        Ok(true)
    }

    async fn looked_at_board(&self, by: &Host) -> Result<Option<Timestamp>, Unavailable> {
        #[derive(FromQueryResult)]
        struct LookedRow {
            board_at: Option<i64>,
        }
        let row: Option<LookedRow> = one(self.read(), "SELECT board_at FROM welcomes WHERE member_id = $1", values![by.me().id.0]).await?;
        Ok(row.and_then(|row| row.board_at).map(Timestamp))
    }

    async fn look_at_board(&self, by: &Host, at: Timestamp) -> Result<(), Unavailable> {
        self.keep_welcome(by.me().id, "board_at", at.0).await
    }
}
