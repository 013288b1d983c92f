//! Rows of handing over: one for each admin who has begun it.

use crate::{
    connection::{Store, Write, all, one, value, values},
    notifications::News,
    people::{byline, role},
};
use domain::{
    hand_over::{HandOver, HandOverRefusal, HandOverStore},
    ids::MemberId,
    live::Hint,
    outcome::{Error, Unavailable},
    people::{Handle, Role},
    time::Timestamp,
    viewer::{Admin, Me},
};
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct HandOverRow {
    giver_id: i64,
    giver_name: String,
    giver_shown: String,
    giver_picture: Option<i64>,
    taker_id: i64,
    taker_name: String,
    taker_shown: String,
    taker_picture: Option<i64>,
    becomes: String,
    at: i64,
    accepted_at: Option<i64>,
}

impl HandOverRow {
    fn hand_over(self) -> Result<HandOver, Unavailable> {
        Ok(HandOver {
            giver: byline(self.giver_id, &self.giver_name, self.giver_shown, self.giver_picture)?,
            taker: byline(self.taker_id, &self.taker_name, self.taker_shown, self.taker_picture)?,
            becomes: role(&self.becomes)?,
            at: Timestamp(self.at),
            accepted_at: self.accepted_at.map(Timestamp),
        })
    }
}

#[derive(FromQueryResult)]
struct MemberRow {
    id: i64,
    role: String,
}

#[derive(FromQueryResult)]
struct FinishedRow {
    taker_id: i64,
    becomes: String,
}

/// Reads what was begun: only admins give, and whoever is one is given nothing.
const HAND_OVERS: &str = "SELECT h.giver_id, g.name AS giver_name, g.display_name AS giver_shown, g.picture_id AS giver_picture, \
     h.taker_id, t.name AS taker_name, t.display_name AS taker_shown, t.picture_id AS taker_picture, h.becomes, h.at, h.accepted_at \
     FROM hand_overs h JOIN members g ON g.id = h.giver_id JOIN members t ON t.id = h.taker_id \
     WHERE g.role = 'admin' AND t.role <> 'admin'";

impl Write {
    /// Roles change one after the other; and only an admin does it.
    async fn lock_roles(&self, by: &Admin) -> Result<(), Error<HandOverRefusal>> {
        self.lock_community().await?;
        if self.role_of(by.me().id).await? != Role::Admin {
            return Err(Error::Refused(HandOverRefusal::NotYours));
        }
        Ok(())
    }

    /// What holds no more leaves no notice, which would lead nowhere.
    async fn forget_step(&mut self, member: i64, by: i64, step: &str) -> Result<(), Unavailable> {
        let gone = "DELETE FROM notifications WHERE member_id = $1 AND kind = 'hand-over' AND actor_id = $2 AND answer = $3";
        if self.run(gone, values![member, by, step]).await? > 0 {
            self.tell(Some(MemberId(member)), &Hint::Notified).await?;
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl HandOverStore for Store {
    async fn begin_hand_over(&self, by: &Admin, to: &Handle, becomes: Role, at: Timestamp) -> Result<(), Error<HandOverRefusal>> {
        let (mut write, me) = (self.write().await?, by.me().id);
        write.lock_roles(by).await?;
        let found: Option<MemberRow> = one(write.db(), "SELECT id, role FROM members WHERE name = $1", values![to.as_str()]).await?;
        let found = match found {
            None => return Err(Error::Refused(HandOverRefusal::Nobody)),
            Some(found) if found.id == me.0 => return Err(Error::Refused(HandOverRefusal::Yourself)),
            Some(found) if role(&found.role)? == Role::Admin => return Err(Error::Refused(HandOverRefusal::AdminAlready)),
            Some(found) => found,
        };
        let keep = "INSERT INTO hand_overs (giver_id, taker_id, becomes, at, accepted_at, declined) VALUES ($1, $2, $3, $4, NULL, FALSE) \
                    ON CONFLICT (giver_id) DO UPDATE SET taker_id = $2, becomes = $3, at = $4, accepted_at = NULL, declined = FALSE";
        let before: Option<i64> = value(write.db(), "SELECT taker_id FROM hand_overs WHERE giver_id = $1", values![me.0]).await?;
        if let Some(before) = before {
            write.forget_step(before, me.0, "offered").await?;
        }
        write.run(keep, values![me.0, found.id, becomes.word(), at.0]).await?;
        write.notify(found.id, Some(me), News::HandOver { step: "offered" }, at).await?;
        Ok(write.commit().await?)
    }

    async fn my_hand_over(&self, by: &Admin, since: Timestamp) -> Result<Option<HandOver>, Unavailable> {
        let sql = format!("{HAND_OVERS} AND h.giver_id = $1 AND h.at > $2");
        let row: Option<HandOverRow> = one(self.read(), sql, values![by.me().id.0, since.0]).await?;
        row.map(HandOverRow::hand_over).transpose()
    }

    async fn offered(&self, me: &Me, since: Timestamp) -> Result<Vec<HandOver>, Unavailable> {
        let sql = format!("{HAND_OVERS} AND h.taker_id = $1 AND h.at > $2 AND NOT h.declined");
        let rows: Vec<HandOverRow> = all(self.read(), sql, values![me.id.0, since.0]).await?;
        let mut offered = rows.into_iter().map(HandOverRow::hand_over).collect::<Result<Vec<_>, _>>()?;
        offered.sort_by_key(|offer| std::cmp::Reverse(offer.at));
        Ok(offered)
    }

    async fn answer_hand_over(&self, me: &Me, giver: &Handle, accept: bool, since: Timestamp, at: Timestamp) -> Result<bool, Unavailable> {
        let mut write = self.write().await?;
        // The last step is not taken while somebody thinks better of it.
        write.lock_community().await?;
        let answer = "UPDATE hand_overs SET accepted_at = CASE WHEN $3 THEN COALESCE(accepted_at, $5) END, declined = NOT $3 \
                      WHERE taker_id = $1 AND giver_id = (SELECT g.id FROM members g WHERE g.name = $2 AND g.role = 'admin') \
                      AND at > $4 AND NOT declined RETURNING giver_id";
        let values = values![me.id.0, giver.as_str(), accept, since.0, at.0];
        let Some(giver) = value::<i64>(write.db(), answer, values).await? else { return Ok(false) };
        // A yes may have been said before.
        write.forget_step(giver, me.id.0, "accepted").await?;
        if accept {
            write.notify(giver, Some(me.id), News::HandOver { step: "accepted" }, at).await?;
        }
        write.commit().await?;
        Ok(true)
    }

    async fn take_hand_over_back(&self, by: &Admin) -> Result<bool, Unavailable> {
        let mut write = self.write().await?;
        let gone = "DELETE FROM hand_overs WHERE giver_id = $1 RETURNING taker_id";
        let Some(taker) = value::<i64>(write.db(), gone, values![by.me().id.0]).await? else { return Ok(false) };
        write.forget_step(taker, by.me().id.0, "offered").await?;
        write.commit().await?;
        Ok(true)
    }

    async fn finish_hand_over(&self, by: &Admin, to: &Handle, since: Timestamp, at: Timestamp) -> Result<Role, Error<HandOverRefusal>> {
        let (mut write, me) = (self.write().await?, by.me().id);
        write.lock_roles(by).await?;
        let finish = "DELETE FROM hand_overs WHERE giver_id = $1 AND at > $3 AND accepted_at IS NOT NULL \
                      AND taker_id = (SELECT t.id FROM members t WHERE t.name = $2 AND t.role <> 'admin') RETURNING taker_id, becomes";
        let row: Option<FinishedRow> = one(write.db(), finish, values![me.0, to.as_str(), since.0]).await?;
        let Some(FinishedRow { taker_id, becomes }) = row else { return Err(Error::Refused(HandOverRefusal::Gone)) };
        let becomes = role(&becomes)?;
        write.forget_step(taker_id, me.0, "offered").await?;
        // First the one, then the other: there is no moment without an admin, not even within.
        write.give_role(taker_id, Role::Admin).await?;
        if becomes != Role::Admin {
            write.give_role(me.0, becomes).await?;
        }
        write.notify(taker_id, Some(me), News::HandOver { step: "done" }, at).await?;
        write.commit().await?;
        Ok(becomes)
    }
}
