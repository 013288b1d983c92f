//! Rows of the hosts' own prompts.

use crate::{
    connection::{Store, all, value, values},
    people::BylineRow,
};
use domain::{
    ids::PromptId,
    outcome::{Error, Unavailable},
    sparks::prompts::{Kind, MOST_OWN, Mood, OwnPrompt, PromptForm, PromptRefusal, PromptStore},
    time::Timestamp,
    viewer::Host,
};
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct PromptRow {
    id: i64,
    words: String,
    kind: String,
    mood: String,
    #[sea_orm(nested(prefix = "by_"))]
    by: Option<BylineRow>,
}

impl PromptRow {
    fn prompt(self) -> Result<OwnPrompt, Unavailable> {
        let (Some(kind), Some(mood)) = (Kind::from_word(&self.kind), Mood::from_word(&self.mood)) else {
            return Err(Unavailable::because("a kept kind or mood is not one"));
        };
        let by = self.by.map(BylineRow::byline).transpose()?;
        Ok(OwnPrompt { id: PromptId(self.id), words: self.words, kind, mood, by })
    }
}

#[async_trait::async_trait]
impl PromptStore for Store {
    async fn prompts(&self, _host: &Host) -> Result<Vec<OwnPrompt>, Unavailable> {
        let sql = "SELECT t.id, t.words, t.kind, t.mood, b.id AS by_id, b.name AS by_name, b.display_name AS by_display_name, b.picture_id AS by_picture_id \
                   FROM prompts t LEFT JOIN members b ON b.id = t.by_id WHERE t.id > 0 ORDER BY t.id DESC";
        let rows: Vec<PromptRow> = all(self.read(), sql, values![]).await?;
        rows.into_iter().map(PromptRow::prompt).collect()
    }

    async fn keep_prompt(&self, host: &Host, id: Option<PromptId>, prompt: &PromptForm, at: Timestamp) -> Result<(), Error<PromptRefusal>> {
        let write = self.write().await?;
        let (kind, mood) = (prompt.kind.word(), prompt.mood.word());
        if let Some(id) = id {
            let reword = "UPDATE prompts SET words = $2, kind = $3, mood = $4 WHERE id = $1";
            if write.run(reword, values![id.0, &prompt.words, kind, mood]).await? == 0 {
                return Err(Error::Refused(PromptRefusal::Gone));
            }
            return Ok(write.commit().await?);
        }
        // Two that are kept at once are counted one after the other.
        write.lock_community().await?;
        let many: Option<i64> = value(write.db(), "SELECT COUNT(*) FROM prompts", values![]).await?;
        if many.unwrap_or_default() >= MOST_OWN as i64 {
            return Err(Error::Refused(PromptRefusal::TooMany));
        }
        let insert = "INSERT INTO prompts (id, words, kind, mood, by_id, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING";
        write.insert(at, insert, values![&prompt.words, kind, mood, host.me().id.0, at.0]).await?;
        Ok(write.commit().await?)
    }

    async fn remove_prompt(&self, _host: &Host, id: PromptId) -> Result<(), Unavailable> {
        let write = self.write().await?;
        write.run("DELETE FROM prompts WHERE id = $1", values![id.0]).await?;
        write.commit().await
    }
}
