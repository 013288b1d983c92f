//! Somebody leaves, or is removed: what is theirs goes with their row, by the keys of the tables, and what the place hangs on is settled first.
//!
//! Read with it: `timeline/leaving.rs` (what they wrote) and `m2026_12_left.rs` (what may belong to nobody). A table that refers to members says
//! what becomes of its rows (`ON DELETE CASCADE`, `SET NULL`), or is settled here; the contract reads the keys of both databases and holds to that.

use crate::{
    connection::{Store, Write, column, one, value, values},
    people::role,
};
use domain::{
    ids::GatheringId,
    leaving::{LeaveRefusal, LeavingStore, RemoveRefusal},
    live::Hint,
    outcome::{Error, Unavailable},
    people::{Handle, Role},
    time::Timestamp,
    viewer::{Admin, Me},
};
use sea_orm::FromQueryResult;

/// What is settled with one statement each, of the member `$1`, before they go.
const SETTLED: [&str; 12] = [
    // Their pictures go with the next sweep; but not what a gathering or the place goes on showing, which is nobody's from now on.
    "UPDATE pictures SET post_id = NULL, free_since = 0 WHERE owner_id = $1 \
     AND NOT EXISTS (SELECT 1 FROM gatherings g WHERE g.picture_id = pictures.id) AND NOT EXISTS (SELECT 1 FROM community y WHERE y.logo = pictures.id)",
    "UPDATE pictures SET owner_id = NULL WHERE owner_id = $1",
    "UPDATE members SET invited_by = NULL WHERE invited_by = $1",
    "UPDATE house_rules SET made_by = NULL WHERE made_by = $1",
    "UPDATE asks SET answered_by = NULL WHERE answered_by = $1",
    "UPDATE setup SET founder_id = NULL WHERE founder_id = $1",
    // What they meant to say some day, or would have said.
    "DELETE FROM sparks_to_come WHERE host_id = $1",
    "DELETE FROM sparks WHERE host_id = $1 AND became <> 'sent'",
    // What has to be known stays news for whoever has not read it: what became of a session, and what waits for their yes. Who brought it about
    // does not.
    "UPDATE notifications SET actor_id = NULL WHERE actor_id = $1 AND kind IN ('session', 'sentence', 'brought')",
    // To whom: there is nobody any more.
    "DELETE FROM notifications WHERE kind = 'introduced' \
     AND post_id IN (SELECT i.post_id FROM introductions i WHERE i.one_id = $1 OR i.other_id = $1 OR i.host_id = $1)",
    "DELETE FROM sign_in_failures WHERE key = 'present:' || CAST($1 AS TEXT)",
    "DELETE FROM outbox WHERE only_member = $1",
];

#[derive(FromQueryResult)]
struct MemberRow {
    id: i64,
    role: String,
}

#[derive(FromQueryResult)]
struct CameByRow {
    id: i64,
    uses: i64,
}

#[derive(FromQueryResult)]
struct KeptRow {
    id: i64,
    only_named: bool,
}

impl Write {
    /// The admin who has been here longest, but for one member.
    async fn another_admin(&self, but: i64) -> Result<Option<i64>, Unavailable> {
        let sql = "SELECT m.id FROM members m WHERE m.role = 'admin' AND m.id <> $1 ORDER BY m.joined_at, m.id LIMIT 1";
        value(self.db(), sql, values![but]).await
    }

    /// Has a member go, with everything that is theirs. What the place needs of them goes on with `heir`, an admin.
    async fn let_go(&mut self, member: i64, heir: i64, at: Timestamp) -> Result<(), Unavailable> {
        // In the order in which words are brought along: the archive, and then the threads.
        let lock = "UPDATE archives SET at = at WHERE brought_by = $1 \
                    OR id IN (SELECT v.archive_id FROM archive_voices v WHERE v.member_id = $1)";
        self.run(lock, values![member]).await?;
        self.take_all_back(member).await?;
        self.leave_archives(member).await?;
        self.pass_invitations_on(member, heir).await?;
        self.forget_how_they_came(member).await?;
        let mut changed = self.pass_gatherings_on(member, heir).await?;
        for settled in SETTLED {
            self.run(settled, values![member]).await?;
        }
        let said = "SELECT v.gathering_id FROM rsvps v JOIN sessions s ON s.gathering_id = v.gathering_id AND s.date = v.date \
                    WHERE v.member_id = $1 AND s.ends_at > $2 UNION SELECT gathering_id FROM rota WHERE member_id = $1 \
                    UNION SELECT gathering_id FROM takings WHERE member_id = $1";
        changed.extend(column::<i64>(self.db(), said, values![member, at.0]).await?);
        // Their open pages close with their sign-ins.
        self.raise_epoch(member, None).await?;
        self.run("DELETE FROM members WHERE id = $1", values![member]).await?;
        changed.sort_unstable();
        changed.dedup();
        for gathering in changed.into_iter().map(GatheringId) {
            self.move_all_up(gathering, at).await?;
            self.tell_who_may_see(gathering, &Hint::GatheringChanged { gathering }).await?;
        }
        // A round of which theirs was the last card that nobody had seen is walked.
        let walked = "UPDATE rounds SET going = NULL, ended_at = $1 WHERE going = 1 \
                      AND NOT EXISTS (SELECT 1 FROM round_cards c WHERE c.round_id = rounds.id AND c.seen_at IS NULL)";
        self.run(walked, values![at.0]).await.map(drop)
    }

    /// What they kept goes on with whoever kept it with them, else with the heir; but what is for named people stays with one of these, and
    /// goes where there are none. Returns which go on.
    async fn pass_gatherings_on(&mut self, member: i64, heir: i64) -> Result<Vec<i64>, Unavailable> {
        let kept = "SELECT g.id, g.only_named FROM gatherings g WHERE g.host_id = $1";
        let kept: Vec<KeptRow> = crate::connection::all(self.db(), kept, values![member]).await?;
        let mut go_on = Vec::new();
        for KeptRow { id, only_named } in kept {
            let next = |table: &str| {
                format!("SELECT k.member_id FROM {table} k WHERE k.gathering_id = $1 AND k.member_id <> $2 ORDER BY k.member_id LIMIT 1")
            };
            let mut keeper: Option<i64> = value(self.db(), next("gathering_hosts"), values![id, member]).await?;
            if keeper.is_none() {
                keeper = if only_named { value(self.db(), next("gathering_named"), values![id, member]).await? } else { Some(heir) };
            }
            let Some(keeper) = keeper else {
                self.end_gathering(id).await?;
                continue;
            };
            self.run("UPDATE gatherings SET host_id = $2 WHERE id = $1", values![id, keeper]).await?;
            self.run("DELETE FROM gathering_hosts WHERE gathering_id = $1 AND member_id = $2", values![id, keeper]).await?;
            go_on.push(id);
        }
        Ok(go_on)
    }

    /// Deletes a gathering that nobody may see any more, with what hung on its walls.
    async fn end_gathering(&self, id: i64) -> Result<(), Unavailable> {
        for sql in [
            "UPDATE posts SET gathering_id = NULL WHERE gathering_id = $1",
            "UPDATE pictures SET free_since = 0 WHERE id IN (SELECT w.picture_id FROM wall w WHERE w.gathering_id = $1) \
             OR id IN (SELECT g.picture_id FROM gatherings g WHERE g.id = $1)",
            "DELETE FROM gatherings WHERE id = $1",
        ] {
            self.run(sql, values![id]).await?;
        }
        Ok(())
    }

    /// The invitations that they made go, or end where somebody came by them, and their words with them. Those of a party go on, with the party:
    /// others hold its links in their hands; and so does one for whoever was welcomed at the door, since the place said yes.
    async fn pass_invitations_on(&self, member: i64, heir: i64) -> Result<(), Unavailable> {
        for sql in [
            "DELETE FROM invitations WHERE made_by = $1 AND party_id IS NULL AND uses_left = uses \
             AND NOT EXISTS (SELECT 1 FROM asks k WHERE k.invitation_id = invitations.id)",
            "UPDATE invitations SET revoked = TRUE WHERE made_by = $1 AND party_id IS NULL AND uses_left > 0 \
             AND NOT EXISTS (SELECT 1 FROM asks k WHERE k.invitation_id = invitations.id)",
            "UPDATE invitations SET note = '' WHERE made_by = $1 AND party_id IS NULL",
        ] {
            self.run(sql, values![member]).await?;
        }
        for table in ["invitations", "parties"] {
            self.run(format!("UPDATE {table} SET made_by = $2 WHERE made_by = $1"), values![member, heir]).await?;
        }
        Ok(())
    }

    /// Forgets by which invitation they came, which had their name on it, and what they wrote when they asked to join.
    async fn forget_how_they_came(&self, member: i64) -> Result<(), Unavailable> {
        let sql = "SELECT v.id, v.uses FROM invitations v JOIN members m ON m.invitation_id = v.id WHERE m.id = $1";
        let Some(came) = one::<CameByRow>(self.db(), sql, values![member]).await? else { return Ok(()) };
        self.run("UPDATE members SET invitation_id = NULL WHERE id = $1", values![member]).await?;
        if came.uses > 1 {
            return self.run("UPDATE invitations SET uses = uses - 1 WHERE id = $1", values![came.id]).await.map(drop);
        }
        self.run("DELETE FROM asks WHERE invitation_id = $1", values![came.id]).await?;
        self.run("DELETE FROM invitations WHERE id = $1", values![came.id]).await.map(drop)
    }
}

#[async_trait::async_trait]
impl LeavingStore for Store {
    async fn is_last_admin(&self, me: &Me) -> Result<bool, Unavailable> {
        let sql = "SELECT m.id FROM members m WHERE m.role = 'admin' AND m.id <> $1 LIMIT 1";
        Ok(me.role == Role::Admin && value::<i64>(self.read(), sql, values![me.id.0]).await?.is_none())
    }

    async fn leave(&self, me: &Me, at: Timestamp) -> Result<(), Error<LeaveRefusal>> {
        let mut write = self.write().await?;
        // Of two admins who leave at once, one stays.
        write.lock_community().await?;
        let here: Option<i64> = value(write.db(), "SELECT id FROM members WHERE id = $1", values![me.id.0]).await?;
        if here.is_none() {
            return Ok(());
        }
        let Some(heir) = write.another_admin(me.id.0).await? else { return Err(Error::Refused(LeaveRefusal::LastAdmin)) };
        write.let_go(me.id.0, heir, at).await?;
        Ok(write.commit().await?)
    }

    async fn remove(&self, by: &Admin, who: &Handle, at: Timestamp) -> Result<(), Error<RemoveRefusal>> {
        let mut write = self.write().await?;
        write.lock_community().await?;
        if write.role_of(by.me().id).await? != Role::Admin {
            return Err(Error::Refused(RemoveRefusal::NotYours));
        }
        let found: Option<MemberRow> = one(write.db(), "SELECT id, role FROM members WHERE name = $1", values![who.as_str()]).await?;
        let found = match found {
            None => return Err(Error::Refused(RemoveRefusal::Nobody)),
            Some(found) if found.id == by.me().id.0 => return Err(Error::Refused(RemoveRefusal::Yourself)),
            Some(found) if role(&found.role)? == Role::Admin => return Err(Error::Refused(RemoveRefusal::Admin)),
            Some(found) => found,
        };
        let heir = write.another_admin(found.id).await?.unwrap_or(by.me().id.0);
        write.let_go(found.id, heir, at).await?;
        Ok(write.commit().await?)
    }
}
