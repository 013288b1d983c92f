//! Rows of sparks that went by, and what they led to.

use crate::{
    connection::{Json, Store, Write, all, from_json, value, values},
    ids::before,
    law,
    people::BylineRow,
};
use domain::{
    ids::{MemberId, PostId, SparkId},
    outcome::{Error, Unavailable},
    sparks::{
        SparkRefusal,
        coming::Coming,
        went::{Became, Led, Spark, TWICE_SECONDS, WentStore},
    },
    time::Timestamp,
    timeline::NewPost,
    viewer::{Host, Viewer},
};
use sea_orm::FromQueryResult;

/// A spark that goes by.
pub(super) struct NewSpark<'a> {
    by: Option<MemberId>,
    prompt: Option<&'a str>,
    at: Timestamp,
}

impl<'a> NewSpark<'a> {
    /// Of one that was to come.
    pub fn of(coming: &'a Coming, at: Timestamp) -> Self {
        Self { by: coming.by.as_ref().map(|by| by.id), prompt: coming.new.prompt.as_deref(), at }
    }
}

/// Why one was not sent.
pub(super) struct Gone<'a> {
    /// The word for it.
    pub became: &'static str,
    /// What it would have said.
    pub words: &'a str,
    /// For how many later weeks it was so as well.
    pub more: i64,
    /// Who did that.
    pub by: Option<MemberId>,
}

impl Write {
    /// Keeps a spark that goes by: its post, or why there is none.
    pub(super) async fn keep_spark(&self, new: &NewSpark<'_>, sent: Result<PostId, Gone<'_>>) -> Result<(), Unavailable> {
        let insert = "INSERT INTO sparks (id, host_id, prompt, at, post_id, became, words, more, by_id) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING";
        let mut row = values![new.by.map(|by| by.0), new.prompt.map(str::to_owned), new.at.0];
        row.extend(match sent {
            Ok(post) => values![Some(post.0), "sent", "", 0_i64, None::<i64>],
            Err(gone) => values![None::<i64>, gone.became, gone.words, gone.more, gone.by.map(|by| by.0)],
        });
        self.insert(new.at, insert, row).await.map(drop)
    }
}

#[derive(FromQueryResult)]
struct SparkRow {
    id: i64,
    prompt: Option<String>,
    at: i64,
    became: String,
    words: String,
    more: i64,
    #[sea_orm(nested(prefix = "by_"))]
    by: Option<BylineRow>,
    #[sea_orm(nested(prefix = "stopper_"))]
    stopper: Option<BylineRow>,
    post: Option<i64>,
    author_id: Option<i64>,
    excerpt: Option<String>,
    replies: Option<String>,
    reacted: Option<String>,
}

impl SparkRow {
    fn spark(self) -> Result<Spark, Unavailable> {
        let became = match (self.became.as_str(), self.post, self.author_id, self.excerpt) {
            ("sent", Some(post), Some(author), Some(excerpt)) => {
                let replies: Vec<(i64, i64)> = self.replies.as_deref().map(from_json).transpose()?.unwrap_or_default();
                let replies: Vec<_> = replies.into_iter().map(|(who, whom)| (MemberId(who), MemberId(whom))).collect();
                let reacted: Vec<i64> = self.reacted.as_deref().map(from_json).transpose()?.unwrap_or_default();
                let reacted: Vec<_> = reacted.into_iter().map(MemberId).collect();
                Became::Led(Led::counted(PostId(post), excerpt, MemberId(author), &replies, &reacted))
            }
            ("sent", ..) => Became::TakenBack,
            ("late", ..) => Became::Late { words: self.words, more: self.more as u32 },
            ("no-host", ..) => Became::NoHost { words: self.words },
            _ => Became::Stopped { by: self.stopper.map(BylineRow::byline).transpose()?, words: self.words },
        };
        let by = self.by.map(BylineRow::byline).transpose()?;
        Ok(Spark { id: SparkId(self.id), by, prompt: self.prompt, at: Timestamp(self.at), became })
    }
}

#[async_trait::async_trait]
impl WentStore for Store {
    async fn send_now(&self, host: &Host, post: &NewPost, prompt: Option<&str>) -> Result<PostId, Error<SparkRefusal>> {
        let mut write = self.write().await?;
        write.lock_community().await?;
        let twice = "SELECT p.id FROM sparks s JOIN posts p ON p.id = s.post_id \
                     WHERE s.id > $1 AND s.host_id = $2 AND p.markdown = $3 AND NOT p.taken_back";
        let since = before(post.at.plus_seconds(-TWICE_SECONDS));
        if let Some(id) = value::<i64>(write.db(), twice, values![since, host.me().id.0, &post.markdown]).await? {
            return Ok(PostId(id));
        }
        let id = write.send_post(host.me(), post).await.map_err(|error| match error {
            Error::Refused(reason) => Error::Refused(SparkRefusal::Post(reason)),
            Error::Unavailable(cause) => Error::Unavailable(cause),
        })?;
        write.keep_spark(&NewSpark { by: Some(host.me().id), prompt, at: post.at }, Ok(id)).await?;
        write.commit().await?;
        Ok(id)
    }

    async fn went(&self, host: &Host, since: Timestamp, most: usize) -> Result<Vec<Spark>, Unavailable> {
        let Json { array, list } = Json::of(self.read());
        let sql = format!(
            "SELECT s.id, s.prompt, s.at, s.became, s.words, s.more, h.id AS by_id, h.name AS by_name, h.display_name AS by_display_name, h.picture_id AS by_picture_id, \
             b.id AS stopper_id, b.name AS stopper_name, b.display_name AS stopper_display_name, b.picture_id AS stopper_picture_id, \
             p.id AS post, p.author_id, p.excerpt, \
             (SELECT CAST({list}({array}(r.author_id, COALESCE(q.author_id, r.author_id))) AS TEXT) FROM posts r JOIN posts q ON q.id = r.parent_id \
              WHERE r.root_id = p.id AND NOT r.taken_back) AS replies, \
             (SELECT CAST({list}(x.member_id) AS TEXT) FROM reactions x WHERE x.post_id = p.id) AS reacted \
             FROM sparks s LEFT JOIN members h ON h.id = s.host_id LEFT JOIN members b ON b.id = s.by_id \
             LEFT JOIN posts p ON p.id = s.post_id AND NOT p.taken_back AND {law} WHERE s.id > $2 ORDER BY s.id DESC LIMIT $3",
            law = law::post_for_host(&Viewer::Member(host.me().clone()))
        );
        let rows: Vec<SparkRow> = all(self.read(), sql, values![host.me().id.0, before(since), most as i64]).await?;
        rows.into_iter().map(SparkRow::spark).collect()
    }
}
