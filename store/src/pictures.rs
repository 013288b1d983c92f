//! Pictures' rows: whose they are, what they hang on, and who may see them.
//!
//! `free_since` is set exactly while a picture hangs on nothing; then it is its owner's alone, and is forgotten after a while.

use crate::{
    connection::{Store, Write, column, now, value, values},
    law,
};
use domain::{
    ids::PictureId,
    outcome::Unavailable,
    pictures::{NewPicture, Picture, PictureStore},
    time::Timestamp,
    viewer::{Me, Viewer},
};
use std::collections::BTreeSet;

impl Write {
    /// Takes a free picture of the member's own, to hang it on something; `false` if it is not theirs or not free.
    pub async fn hang(&self, owner: &Me, picture: PictureId) -> Result<bool, Unavailable> {
        let take = "UPDATE pictures SET free_since = NULL WHERE id = $1 AND owner_id = $2 AND free_since IS NOT NULL";
        Ok(self.run(take, values![picture.0, owner.id.0]).await? > 0)
    }

    /// Lets go of a picture that hung on something.
    pub async fn free(&self, picture: Option<i64>) -> Result<(), Unavailable> {
        if let Some(picture) = picture {
            self.run("UPDATE pictures SET free_since = $2, post_id = NULL WHERE id = $1", values![picture, now().0]).await?;
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl PictureStore for Store {
    async fn keep(&self, owner: &Me, picture: &NewPicture) -> Result<Picture, Unavailable> {
        let write = self.write().await?;
        let at = now();
        let insert = "INSERT INTO pictures (id, owner_id, hash, width, height, alt, place, free_since) \
                      VALUES ($1, $2, $3, $4, $5, '', 0, $6) ON CONFLICT (id) DO NOTHING";
        let values = values![owner.id.0, &picture.hash, i64::from(picture.width), i64::from(picture.height), at.0];
        let id = write.insert(at, insert, values).await?;
        write.commit().await?;
        Ok(Picture { id: PictureId(id), width: picture.width, height: picture.height, alt: String::new() })
    }

    async fn hash_for(&self, viewer: &Viewer, picture: PictureId) -> Result<Option<String>, Unavailable> {
        let sql = format!(
            "SELECT c.hash FROM pictures c WHERE c.id = $2 AND (\
             (c.free_since IS NOT NULL AND c.owner_id = $1 AND $1 <> 0) \
             OR EXISTS (SELECT 1 FROM posts p WHERE p.id = c.post_id AND NOT p.taken_back AND {}) \
             OR EXISTS (SELECT 1 FROM gatherings g WHERE g.picture_id = c.id AND {}) \
             OR EXISTS (SELECT 1 FROM wall w JOIN gatherings g ON g.id = w.gathering_id \
             LEFT JOIN rooms r ON r.gathering_id = w.gathering_id AND r.date = w.date \
             WHERE w.picture_id = c.id AND ($1 <> 0 OR (w.agreed AND r.published)) AND {}) \
             OR EXISTS (SELECT 1 FROM members m WHERE m.picture_id = c.id AND $1 <> 0) \
             OR EXISTS (SELECT 1 FROM community y WHERE y.logo = c.id))",
            law::post_opened(viewer),
            law::gathering(viewer),
            law::gathering(viewer)
        );
        value(self.read(), sql, values![law::viewer_id(viewer), picture.0]).await
    }

    async fn forget_unused(&self, before: Timestamp) -> Result<Vec<String>, Unavailable> {
        let write = self.write().await?;
        let forget = "DELETE FROM pictures WHERE free_since < $1 RETURNING hash";
        let forgotten: BTreeSet<String> = column(write.db(), forget, values![before.0]).await?.into_iter().collect();
        let mut unused = Vec::new();
        for hash in forgotten {
            // The same file may have been uploaded twice.
            let used: Option<i64> = value(write.db(), "SELECT id FROM pictures WHERE hash = $1 LIMIT 1", values![&hash]).await?;
            if used.is_none() {
                unused.push(hash);
            }
        }
        write.commit().await?;
        Ok(unused)
    }

    async fn hashes(&self) -> Result<Vec<String>, Unavailable> {
        column(self.read(), "SELECT DISTINCT hash FROM pictures ORDER BY hash", values![]).await
    }
}
