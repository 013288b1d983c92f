//! Credentials, epochs, failures and resets; and the web's sign-in records, which are opaque here.

use crate::{
    connection::{Store, Write, one, run, value, values},
    people::{BylineRow, handle, role},
};
use domain::{
    ids::{MemberId, PictureId, PostId},
    live::Hint,
    outcome::{Error, OrRefuse, Unavailable},
    people::{Byline, Handle, Role},
    sign_in::{Credential, MOST_FAILURES, ResetRefusal, SignInStore, SignedIn, Try, may_reset},
    time::{Timestamp, Zone},
    timeline::Looked,
    viewer::{Host, Me},
};
use sea_orm::FromQueryResult;

/// The columns of [`Me`]: read for every page.
pub(crate) const ME: &str = "SELECT m.id, m.name, m.display_name, m.picture_id, m.role, m.zone, \
     m.looked_line, m.looked_newest, m.looked_at, \
     (SELECT COUNT(*) FROM notifications n WHERE n.member_id = m.id AND n.unread) AS unread FROM members m";

#[derive(FromQueryResult)]
pub(crate) struct MeRow {
    id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
    role: String,
    zone: String,
    looked_line: Option<i64>,
    looked_newest: Option<i64>,
    looked_at: Option<i64>,
    unread: i64,
}

impl MeRow {
    pub fn me(self) -> Result<Me, Unavailable> {
        Ok(Me {
            id: MemberId(self.id),
            name: handle(&self.name)?,
            display_name: self.display_name,
            picture: self.picture_id.map(PictureId),
            role: role(&self.role)?,
            zone: Zone::from_record(self.zone),
            unread: self.unread as u32,
            looked: Looked {
                line: self.looked_line.map(PostId),
                newest: self.looked_newest.map(PostId),
                at: self.looked_at.map(Timestamp),
            },
        })
    }
}

#[derive(FromQueryResult)]
struct CredentialRow {
    id: i64,
    epoch: i64,
    password_hash: String,
}

#[derive(FromQueryResult)]
struct TargetRow {
    id: i64,
    role: String,
}

impl Write {
    /// What a member may do by now.
    pub async fn role_of(&self, member: MemberId) -> Result<Role, Unavailable> {
        let word: Option<String> = value(self.db(), "SELECT role FROM members WHERE id = $1", values![member.0]).await?;
        role(&word.ok_or_else(|| Unavailable::because("there is no such member"))?)
    }

    /// Raises the epoch, which ends every sign-in of the member, every link for a new password and every question after an address, and keeps a new password hash if there is one.
    pub async fn raise_epoch(&mut self, member: i64, hash: Option<&str>) -> Result<SignedIn, Unavailable> {
        // Whoever has a link from before could come in after all.
        self.run("DELETE FROM password_resets WHERE member_id = $1", values![member]).await?;
        // And whoever asked for an address of theirs to be confirmed would get what is for the member.
        self.run("DELETE FROM mail_confirmations WHERE member_id = $1", values![member]).await?;
        let raise = "UPDATE members SET epoch = epoch + 1, password_hash = COALESCE($2, password_hash) WHERE id = $1 RETURNING epoch";
        let epoch: Option<i64> = value(self.db(), raise, values![member, hash.map(str::to_owned)]).await?;
        let epoch = epoch.ok_or_else(|| Unavailable::because("there is no such member"))?;
        self.tell(Some(MemberId(member)), &Hint::SignedOut).await?;
        Ok(SignedIn { member: MemberId(member), epoch })
    }
}

#[async_trait::async_trait]
impl SignInStore for Store {
    async fn credential(&self, name: &Handle) -> Result<Option<Credential>, Unavailable> {
        let sql = "SELECT id, epoch, password_hash FROM members WHERE name = $1";
        let row: Option<CredentialRow> = one(self.read(), sql, values![name.as_str()]).await?;
        Ok(row.map(|row| Credential { signed_in: SignedIn { member: MemberId(row.id), epoch: row.epoch }, hash: row.password_hash }))
    }

    async fn me(&self, signed_in: SignedIn) -> Result<Option<Me>, Unavailable> {
        let sql = format!("{ME} WHERE m.id = $1 AND m.epoch = $2");
        let row: Option<MeRow> = one(self.read(), sql, values![signed_in.member.0, signed_in.epoch]).await?;
        row.map(MeRow::me).transpose()
    }

    async fn failures(&self, key: &str, since: Timestamp) -> Result<u32, Unavailable> {
        let sql = "SELECT COUNT(*) FROM sign_in_failures WHERE key = $1 AND at >= $2";
        Ok(value::<i64>(self.read(), sql, values![key, since.0]).await?.unwrap_or(0) as u32)
    }

    async fn settle_try(&self, attempt: &Try) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        // One after the other, so that the count below is still true when the failure is written.
        write.lock_community().await?;
        for key in &attempt.keys {
            let sql = "SELECT COUNT(*) FROM sign_in_failures WHERE key = $1 AND at >= $2";
            let failures: Option<i64> = value(write.db(), sql, values![key, attempt.since.0]).await?;
            if failures.unwrap_or(0) >= i64::from(MOST_FAILURES) {
                return Ok(false);
            }
        }
        if attempt.wrong {
            write.run("DELETE FROM sign_in_failures WHERE at < $1", values![attempt.since.0]).await?;
            for key in &attempt.keys {
                write.run("INSERT INTO sign_in_failures (key, at) VALUES ($1, $2)", values![key, attempt.at.0]).await?;
            }
            write.commit().await?;
        }
        Ok(true)
    }

    async fn end_everywhere(&self, member: MemberId) -> Result<SignedIn, Unavailable> {
        let mut write = self.write().await?;
        let signed_in = write.raise_epoch(member.0, None).await?;
        write.commit().await?;
        Ok(signed_in)
    }

    async fn save_password(&self, member: MemberId, hash: &str) -> Result<SignedIn, Unavailable> {
        let mut write = self.write().await?;
        let signed_in = write.raise_epoch(member.0, Some(hash)).await?;
        write.commit().await?;
        Ok(signed_in)
    }

    async fn save_reset(&self, by: Option<&Host>, name: &Handle, digest: &str, until: Timestamp) -> Result<(), Error<ResetRefusal>> {
        let write = self.write().await?;
        // Nobody's role changes until the commit.
        write.lock_community().await?;
        let found: Option<TargetRow> = one(write.db(), "SELECT id, role FROM members WHERE name = $1", values![name.as_str()]).await?;
        if let Some(by) = by {
            let mine = write.role_of(by.me().id).await?;
            let theirs = found.as_ref().map(|found| role(&found.role)).transpose()?;
            may_reset(mine, theirs.unwrap_or(Role::Member)).or_refuse()?;
        }
        let Some(found) = found else { return Err(Error::Refused(ResetRefusal::Nobody)) };
        let save = "INSERT INTO password_resets (member_id, digest, expires_at) VALUES ($1, $2, $3) \
                    ON CONFLICT (member_id) DO UPDATE SET digest = $2, expires_at = $3";
        write.run(save, values![found.id, digest, until.0]).await?;
        Ok(write.commit().await?)
    }

    async fn reset_for(&self, digest: &str, now: Timestamp) -> Result<Option<Byline>, Unavailable> {
        // Whoever holds the link is not signed in, and portraits are for members.
        let sql = "SELECT m.id, m.name, m.display_name, CAST(NULL AS BIGINT) AS picture_id FROM password_resets r \
                   JOIN members m ON m.id = r.member_id WHERE r.digest = $1 AND r.expires_at > $2";
        one::<BylineRow>(self.read(), sql, values![digest, now.0]).await?.map(BylineRow::byline).transpose()
    }

    async fn use_reset(&self, digest: &str, now: Timestamp, hash: &str) -> Result<Option<SignedIn>, Unavailable> {
        let mut write = self.write().await?;
        let used = "DELETE FROM password_resets WHERE digest = $1 AND expires_at > $2 RETURNING member_id";
        let Some(member) = value::<i64>(write.db(), used, values![digest, now.0]).await? else { return Ok(None) };
        let signed_in = write.raise_epoch(member, Some(hash)).await?;
        write.commit().await?;
        Ok(Some(signed_in))
    }
}

/// The web's sign-in records: which browser is signed in as whom. What is in them is the server's business.
impl Store {
    /// Keeps a new record; `false` if there is one of that id.
    pub async fn create_sign_in(&self, id: &str, data: &[u8], expires_at: Timestamp) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let insert = "INSERT INTO sign_ins (id, data, expires_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";
        let kept = write.run(insert, values![id, data, expires_at.0]).await?;
        write.commit().await?;
        Ok(kept > 0)
    }

    /// Changes a record that is there. A record that was forgotten in the meantime stays forgotten.
    pub async fn save_sign_in(&self, id: &str, data: &[u8], expires_at: Timestamp) -> Result<(), Unavailable> {
        let write = self.write().await?;
        write.run("UPDATE sign_ins SET data = $2, expires_at = $3 WHERE id = $1", values![id, data, expires_at.0]).await?;
        write.commit().await
    }

    /// A record's data, if it is there and still holds.
    pub async fn sign_in(&self, id: &str, now: Timestamp) -> Result<Option<Vec<u8>>, Unavailable> {
        value(self.read(), "SELECT data FROM sign_ins WHERE id = $1 AND expires_at > $2", values![id, now.0]).await
    }

    /// Forgets a record.
    pub async fn forget_sign_in(&self, id: &str) -> Result<(), Unavailable> {
        let write = self.write().await?;
        write.run("DELETE FROM sign_ins WHERE id = $1", values![id]).await?;
        write.commit().await
    }

    /// Forgets sign-in records and resets that no longer hold, and failures that no longer count.
    pub async fn forget_expired(&self, now: Timestamp) -> Result<(), Unavailable> {
        let write = self.write().await?;
        let window = now.plus_seconds(-60 * domain::sign_in::FAILURE_WINDOW_MINUTES);
        for (delete, before) in [
            ("DELETE FROM sign_ins WHERE expires_at <= $1", now),
            ("DELETE FROM password_resets WHERE expires_at <= $1", now),
            ("DELETE FROM sign_in_failures WHERE at < $1", window),
        ] {
            run(write.db(), delete, values![before.0]).await?;
        }
        write.commit().await
    }
}
