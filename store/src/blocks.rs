//! Blocks' rows. What they hide is in [`crate::law`]; what they keep from being told is asked here by [`Write::is_kept_from`].

use crate::{
    connection::{Store, Write, all, value, values},
    notifications::NEED_NOT_BE_KNOWN,
    people::byline,
};
use domain::{
    blocks::{BlockStore, Blocked},
    ids::{MemberId, PostId},
    live::Hint,
    outcome::Unavailable,
    people::Handle,
    time::Timestamp,
    viewer::Me,
};
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct BlockedRow {
    id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
    at: i64,
}

impl Write {
    /// Whether a member blocked another.
    pub async fn blocks(&self, member: MemberId, whom: MemberId) -> Result<bool, Unavailable> {
        let sql = "SELECT k.blocked_id FROM blocks k WHERE k.member_id = $1 AND k.blocked_id = $2";
        Ok(value::<i64>(self.db(), sql, values![member.0, whom.0]).await?.is_some())
    }

    /// Whether a member blocked whoever did something, or whoever began the thread of the post that it is about.
    pub async fn is_kept_from(&self, member: i64, by: Option<MemberId>, post: Option<i64>) -> Result<bool, Unavailable> {
        let sql = "SELECT k.blocked_id FROM blocks k WHERE k.member_id = $1 AND (k.blocked_id = $2 OR k.blocked_id = (\
                   SELECT r.author_id FROM posts p JOIN posts r ON r.id = p.root_id WHERE p.id = $3 AND NOT p.in_room)) LIMIT 1";
        let values = values![member, by.map_or(0, |by| by.0), post.unwrap_or(0)];
        Ok(value::<i64>(self.db(), sql, values).await?.is_some())
    }
}

#[async_trait::async_trait]
impl BlockStore for Store {
    async fn blocks(&self, me: &Me) -> Result<Vec<Blocked>, Unavailable> {
        let sql = "SELECT m.id, m.name, m.display_name, m.picture_id, k.at FROM blocks k JOIN members m ON m.id = k.blocked_id WHERE k.member_id = $1";
        let rows: Vec<BlockedRow> = all(self.read(), sql, values![me.id.0]).await?;
        let blocked =
            |row: BlockedRow| Ok(Blocked { who: byline(row.id, &row.name, row.display_name, row.picture_id)?, at: Timestamp(row.at) });
        let mut blocks = rows.into_iter().map(blocked).collect::<Result<Vec<_>, Unavailable>>()?;
        blocks.sort_by_key(|blocked| std::cmp::Reverse((blocked.at, blocked.who.id)));
        Ok(blocks)
    }

    async fn block(&self, me: &Me, whom: MemberId, at: Timestamp) -> Result<(), Unavailable> {
        let mut write = self.write().await?;
        let keep = "INSERT INTO blocks (member_id, blocked_id, at) SELECT $1, m.id, $3 FROM members m WHERE m.id = $2 \
                    ON CONFLICT (member_id, blocked_id) DO NOTHING";
        write.run(keep, values![me.id.0, whom.0, at.0]).await?;
        // What they did and need not be known; and what others said in threads that they began, of which nothing is shown any more.
        let theirs = format!("DELETE FROM notifications WHERE member_id = $1 AND actor_id = $2 AND kind IN ({NEED_NOT_BE_KNOWN})");
        let around = "DELETE FROM notifications WHERE member_id = $1 AND $2 = (\
                      SELECT r.author_id FROM posts p JOIN posts r ON r.id = p.root_id WHERE p.id = notifications.post_id AND NOT p.in_room)";
        if write.run(theirs, values![me.id.0, whom.0]).await? + write.run(around, values![me.id.0, whom.0]).await? > 0 {
            write.tell(Some(me.id), &Hint::Notified).await?;
        }
        write.commit().await
    }

    async fn unblock(&self, me: &Me, whom: &Handle) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let gone = "DELETE FROM blocks WHERE member_id = $1 AND blocked_id = (SELECT m.id FROM members m WHERE m.name = $2)";
        let gone = write.run(gone, values![me.id.0, whom.as_str()]).await? > 0;
        // An introduction that was made meanwhile is there from now on, as what they wrote is.
        let shown = "UPDATE post_named SET hidden = FALSE WHERE member_id = $1 AND hidden AND post_id IN (\
                     SELECT i.post_id FROM introductions i JOIN members m ON m.id IN (i.one_id, i.other_id) \
                     WHERE $1 IN (i.one_id, i.other_id) AND m.name = $2)";
        write.run(shown, values![me.id.0, whom.as_str()]).await?;
        write.commit().await?;
        Ok(gone)
    }

    async fn blocks_anybody(&self, member: MemberId) -> Result<bool, Unavailable> {
        let sql = "SELECT k.blocked_id FROM blocks k WHERE k.member_id = $1 LIMIT 1";
        Ok(value::<i64>(self.read(), sql, values![member.0]).await?.is_some())
    }

    async fn is_hidden(&self, member: MemberId, post: PostId) -> Result<bool, Unavailable> {
        let sql = "SELECT p.id FROM posts p WHERE p.id = $2 AND (\
                   EXISTS (SELECT 1 FROM blocks k WHERE k.member_id = $1 AND k.blocked_id = p.author_id) \
                   OR EXISTS (SELECT 1 FROM post_named n WHERE n.post_id = p.id AND n.member_id = $1 AND n.hidden))";
        Ok(value::<i64>(self.read(), sql, values![member.0, post.0]).await?.is_some())
    }
}
