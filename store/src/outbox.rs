//! The outbox as the live hub reads it. Entries are written by [`crate::connection::Write::tell`], in the transaction of what
//! causes them.

use crate::connection::{Store, all, from_json, value, values};
use domain::{
    ids::MemberId,
    live::{Entry, Outbox},
    outcome::Unavailable,
};
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct EntryRow {
    position: i64,
    only_member: Option<i64>,
    hint: String,
}

#[async_trait::async_trait]
impl Outbox for Store {
    async fn newest(&self) -> Result<i64, Unavailable> {
        Ok(value(self.read(), "SELECT COALESCE(MAX(position), 0) FROM outbox", values![]).await?.unwrap_or(0))
    }

    async fn entries_after(&self, position: i64) -> Result<Vec<Entry>, Unavailable> {
        let sql = "SELECT position, only_member, hint FROM outbox WHERE position > $1 ORDER BY position LIMIT 500";
        let rows: Vec<EntryRow> = all(self.read(), sql, values![position]).await?;
        // A newer version beside this one may tell what this one does not know: that is no reason to hear nothing any more.
        let entry =
            |row: EntryRow| Some(Entry { position: row.position, only: row.only_member.map(MemberId), hint: from_json(&row.hint).ok()? });
        Ok(rows.into_iter().filter_map(entry).collect())
    }

    async fn prune(&self, keep: i64) -> Result<(), Unavailable> {
        let write = self.write().await?;
        let prune = "DELETE FROM outbox WHERE position <= (SELECT position FROM outbox ORDER BY position DESC LIMIT 1 OFFSET $1)";
        write.run(prune, values![keep]).await?;
        write.commit().await
    }
}
