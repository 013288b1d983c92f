//! Files that wait for their sender's yes, and the gatherings that came out of them.

use crate::{
    connection::{Store, Write, among_words, column, from_json, to_json, value, values},
    law,
};
use domain::{
    gatherings::import::{ImportStore, ReadCalendar, Taken},
    ids::GatheringId,
    live::Hint,
    outcome::{Error, Unavailable},
    time::Timestamp,
    viewer::{Me, Viewer},
};
use std::collections::BTreeSet;

/// Most files that wait of one member: the next one takes the place of the oldest.
const MOST_OF_ONE: i64 = 3;
/// Most files that wait of all. The text of one is some 4 MB at the very most.
const MOST_OF_ALL: i64 = 30;

/// Which of these keys belong to gatherings that the viewer may see.
async fn imported(db: &impl sea_orm::ConnectionTrait, viewer: &Viewer, keys: &BTreeSet<String>) -> Result<BTreeSet<String>, Unavailable> {
    let among = among_words(db, keys.iter().map(String::as_str));
    let sql = format!("SELECT g.imported_as FROM gatherings g WHERE g.imported_as {} AND {}", among.sql, law::gathering(viewer));
    Ok(column(db, sql, [law::viewer_id(viewer).into(), among.value]).await?.into_iter().collect())
}

impl Write {
    /// Keeps a gathering out of a file.
    async fn keep_taken(&mut self, host: &Me, taken: &Taken) -> Result<(GatheringId, String), Unavailable> {
        let (id, slug) = match self.keep_untold(host, &taken.new).await {
            Ok(kept) => kept,
            Err(Error::Unavailable(cause)) => return Err(cause),
            // It is refused for its picture alone, and has none.
            Err(Error::Refused(reason)) => return Err(Unavailable::because(reason.to_string())),
        };
        let known = "UPDATE gatherings SET imported_as = $2, over_at = $3 WHERE id = $1";
        self.run(known, values![id.0, &taken.key, taken.over_at().0]).await?;
        for (own, session, until) in &taken.own {
            self.keep_exception(id, own, *session, *until).await?;
        }
        Ok((id, slug))
    }
}

#[async_trait::async_trait]
impl ImportStore for Store {
    async fn keep_import(&self, me: &Me, code: &str, calendar: &ReadCalendar, at: Timestamp, until: Timestamp) -> Result<(), Unavailable> {
        let calendar = to_json(calendar)?;
        let write = self.write().await?;
        write.run("DELETE FROM imports WHERE until <= $1", values![at.0]).await?;
        let keep = "INSERT INTO imports (code, member_id, calendar, at, until) VALUES ($1, $2, $3, $4, $5)";
        write.run(keep, values![code, me.id.0, calendar, at.0, until.0]).await?;
        let many = "DELETE FROM imports WHERE member_id = $1 AND code IN (\
                    SELECT code FROM imports WHERE member_id = $1 ORDER BY at DESC, code LIMIT 1000 OFFSET $2)";
        write.run(many, values![me.id.0, MOST_OF_ONE]).await?;
        let many = "DELETE FROM imports WHERE code IN (SELECT code FROM imports ORDER BY until DESC, code LIMIT 1000 OFFSET $1)";
        write.run(many, values![MOST_OF_ALL]).await?;
        write.commit().await
    }

    async fn import(&self, me: &Me, code: &str, at: Timestamp) -> Result<Option<ReadCalendar>, Unavailable> {
        let sql = "SELECT calendar FROM imports WHERE code = $1 AND member_id = $2 AND until > $3";
        let calendar: Option<String> = value(self.read(), sql, values![code, me.id.0, at.0]).await?;
        calendar.as_deref().map(from_json).transpose()
    }

    async fn forget_imports(&self, at: Timestamp) -> Result<(), Unavailable> {
        let write = self.write().await?;
        write.run("DELETE FROM imports WHERE until <= $1", values![at.0]).await?;
        write.commit().await
    }

    async fn imported(&self, viewer: &Viewer, keys: &BTreeSet<String>) -> Result<BTreeSet<String>, Unavailable> {
        imported(self.read(), viewer, keys).await
    }

    async fn keep_imported(&self, host: &Me, taken: &[Taken]) -> Result<Vec<String>, Unavailable> {
        let mut write = self.write().await?;
        // Whoever presses twice sends it twice: the second waits here, and finds all of it.
        write.lock_community().await?;
        let keys = taken.iter().map(|taken| taken.key.clone()).collect();
        let here = imported(write.db(), &Viewer::Member(host.clone()), &keys).await?;
        let mut slugs = Vec::new();
        let mut last = None;
        for taken in taken.iter().filter(|taken| !here.contains(&taken.key)) {
            let (id, slug) = write.keep_taken(host, taken).await?;
            slugs.push(slug);
            last = Some(id);
        }
        if let Some(gathering) = last {
            // Open pages load the agenda anew once, and not once for each.
            write.tell_who_may_see(gathering, &Hint::GatheringChanged { gathering }).await?;
        }
        write.commit().await?;
        Ok(slugs)
    }
}
