//! Rows of sentences: one for each person of whom one was ever said.

use crate::{
    connection::{Store, Write, one, value, values},
    notifications::News,
    people::maybe_byline,
};
use domain::{
    hosting::sentences::{Sentence, SentenceAnswer, SentenceRefusal, SentenceStore, SentencesAbout, answered, may_propose},
    ids::MemberId,
    live::Hint,
    outcome::{Error, OrRefuse, Unavailable},
    people::{Byline, Handle},
    time::Timestamp,
    viewer::{Host, Me},
};
use sea_orm::{ConnectionTrait, FromQueryResult};

#[derive(FromQueryResult)]
struct SentencesRow {
    stands: Option<String>,
    stands_by: Option<i64>,
    stands_at: Option<i64>,
    stander: Option<String>,
    stander_shown: Option<String>,
    stander_picture: Option<i64>,
    waits: Option<String>,
    waits_by: Option<i64>,
    waits_at: Option<i64>,
    waiter: Option<String>,
    waiter_shown: Option<String>,
    waiter_picture: Option<i64>,
    wants_none: Option<bool>,
}

fn sentence(words: Option<String>, by: Option<Byline>, at: Option<i64>) -> Option<Sentence> {
    let words = words.filter(|words| !words.is_empty())?;
    Some(Sentence { words, by, at: Timestamp(at.unwrap_or_default()) })
}

impl SentencesRow {
    fn sentences(self) -> Result<SentencesAbout, Unavailable> {
        let stander = maybe_byline(self.stands_by, self.stander, self.stander_shown, self.stander_picture)?;
        let waiter = maybe_byline(self.waits_by, self.waiter, self.waiter_shown, self.waiter_picture)?;
        Ok(SentencesAbout {
            stands: sentence(self.stands, stander, self.stands_at),
            waits: sentence(self.waits, waiter, self.waits_at),
            wants_none: self.wants_none.unwrap_or_default(),
        })
    }
}

const SENTENCES: &str = "SELECT t.stands, t.stands_by, t.stands_at, s.name AS stander, s.display_name AS stander_shown, \
     s.picture_id AS stander_picture, t.waits, t.waits_by, t.waits_at, w.name AS waiter, w.display_name AS waiter_shown, \
     w.picture_id AS waiter_picture, t.wants_none FROM members m LEFT JOIN sentences t ON t.member_id = m.id \
     LEFT JOIN members s ON s.id = t.stands_by LEFT JOIN members w ON w.id = t.waits_by";

async fn about(db: &impl ConnectionTrait, member: MemberId) -> Result<SentencesAbout, Unavailable> {
    let row: Option<SentencesRow> = one(db, format!("{SENTENCES} WHERE m.id = $1"), values![member.0]).await?;
    Ok(row.map(SentencesRow::sentences).transpose()?.unwrap_or_default())
}

impl Write {
    /// Locks what is said of a member until the commit, and makes the row for it where there is none.
    async fn lock_sentences(&self, member: MemberId) -> Result<SentencesAbout, Unavailable> {
        let make = "INSERT INTO sentences (member_id, stands, stands_at, waits, waits_at, wants_none) VALUES ($1, '', 0, '', 0, FALSE) \
                    ON CONFLICT (member_id) DO UPDATE SET stands = sentences.stands";
        self.run(make, values![member.0]).await?;
        about(self.db(), member).await
    }

    async fn save_sentences(&self, member: MemberId, sentences: &SentencesAbout) -> Result<(), Unavailable> {
        let save = "UPDATE sentences SET stands = $2, stands_by = $3, stands_at = $4, waits = $5, waits_by = $6, waits_at = $7, \
                    wants_none = $8 WHERE member_id = $1";
        let columns = |sentence: &Option<Sentence>| match sentence {
            Some(Sentence { words, by, at }) => (words.clone(), by.as_ref().map(|by| by.id.0), at.0),
            None => (String::new(), None, 0),
        };
        let (stands, waits) = (columns(&sentences.stands), columns(&sentences.waits));
        let values = values![member.0, stands.0, stands.1, stands.2, waits.0, waits.1, waits.2, sentences.wants_none];
        self.run(save, values).await.map(drop)
    }

    /// What waits is answered: a notice of it that was not read yet has nothing more to tell.
    async fn forget_sentence_notices(&mut self, member: MemberId) -> Result<(), Unavailable> {
        let gone = "DELETE FROM notifications WHERE member_id = $1 AND kind = 'sentence' AND unread";
        if self.run(gone, values![member.0]).await? > 0 {
            self.tell(Some(member), &Hint::Notified).await?;
        }
        Ok(())
    }
}

fn as_byline(me: &Me) -> Byline {
    Byline { id: me.id, name: me.name.clone(), display_name: me.display_name.clone(), picture: me.picture }
}

#[async_trait::async_trait]
impl SentenceStore for Store {
    async fn sentences_about(&self, _host: &Host, name: &Handle) -> Result<Option<SentencesAbout>, Unavailable> {
        let row: Option<SentencesRow> = one(self.read(), format!("{SENTENCES} WHERE m.name = $1"), values![name.as_str()]).await?;
        row.map(SentencesRow::sentences).transpose()
    }

    async fn sentences_about_me(&self, me: &Me) -> Result<SentencesAbout, Unavailable> {
        about(self.read(), me.id).await
    }

    async fn propose_sentence(&self, host: &Host, name: &Handle, words: &str, at: Timestamp) -> Result<MemberId, Error<SentenceRefusal>> {
        let mut write = self.write().await?;
        let member: Option<i64> = value(write.db(), "SELECT id FROM members WHERE name = $1", values![name.as_str()]).await?;
        let Some(member) = member.map(MemberId) else { return Err(Error::Refused(SentenceRefusal::Nobody)) };
        let now = write.lock_sentences(member).await?;
        may_propose(host.me().id, member, &now, words).or_refuse()?;
        let waits = Some(Sentence { words: words.to_owned(), by: Some(as_byline(host.me())), at });
        write.save_sentences(member, &SentencesAbout { waits, ..now }).await?;
        write.forget_sentence_notices(member).await?;
        write.notify(member.0, Some(host.me().id), News::Sentence, at).await?;
        write.commit().await?;
        Ok(member)
    }

    async fn answer_sentence(&self, me: &Me, answer: &SentenceAnswer, at: Timestamp) -> Result<(), Error<SentenceRefusal>> {
        let mut write = self.write().await?;
        let now = write.lock_sentences(me.id).await?;
        let after = answered(now, &as_byline(me), answer, at).or_refuse()?;
        write.save_sentences(me.id, &after).await?;
        if after.waits.is_none() {
            write.forget_sentence_notices(me.id).await?;
        }
        Ok(write.commit().await?)
    }
}
