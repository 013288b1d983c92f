//! Rows of hosts' private notes.

use crate::{
    connection::{Store, all, value, values},
    people::maybe_byline,
};
use domain::{
    hosting::notes::{MOST_NOTES, Note, NoteStore},
    ids::NoteId,
    outcome::Unavailable,
    people::{Handle, Role},
    time::Timestamp,
    viewer::Host,
};
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct NoteRow {
    id: i64,
    words: String,
    at: i64,
    by_id: Option<i64>,
    name: Option<String>,
    display_name: Option<String>,
    picture_id: Option<i64>,
}

impl NoteRow {
    fn note(self) -> Result<Note, Unavailable> {
        let by = maybe_byline(self.by_id, self.name, self.display_name, self.picture_id)?;
        Ok(Note { id: NoteId(self.id), words: self.words, by, at: Timestamp(self.at) })
    }
}

#[async_trait::async_trait]
impl NoteStore for Store {
    async fn notes(&self, host: &Host, name: &Handle) -> Result<Vec<Note>, Unavailable> {
        let sql = "SELECT n.id, n.words, n.at, n.by_id, b.name, b.display_name, b.picture_id FROM host_notes n \
                   LEFT JOIN members b ON b.id = n.by_id WHERE n.about_id = (SELECT m.id FROM members m WHERE m.name = $1) \
                   AND n.about_id <> $2 ORDER BY n.id DESC";
        let rows: Vec<NoteRow> = all(self.read(), sql, values![name.as_str(), host.me().id.0]).await?;
        rows.into_iter().map(NoteRow::note).collect()
    }

    async fn keep_note(&self, host: &Host, name: &Handle, words: &str, at: Timestamp) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let about: Option<i64> = value(write.db(), "SELECT id FROM members WHERE name = $1", values![name.as_str()]).await?;
        let Some(about) = about else { return Ok(false) };
        let insert = "INSERT INTO host_notes (id, about_id, by_id, words, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING";
        write.insert(at, insert, values![about, host.me().id.0, words, at.0]).await?;
        let older = "DELETE FROM host_notes WHERE about_id = $1 AND id < (SELECT MIN(n.id) FROM \
                     (SELECT id FROM host_notes WHERE about_id = $1 ORDER BY id DESC LIMIT $2) n)";
        write.run(older, values![about, MOST_NOTES as i64]).await?;
        write.commit().await?;
        Ok(true)
    }

    async fn take_note_away(&self, host: &Host, note: NoteId) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let gone = "DELETE FROM host_notes WHERE id = $1 AND about_id <> $2 AND (by_id = $2 OR $3)";
        let gone = write.run(gone, values![note.0, host.me().id.0, host.me().role == Role::Admin]).await?;
        write.commit().await?;
        Ok(gone > 0)
    }
}
