//! Letters' rows: written by what causes them through [`Write::notify`], claimed and settled here; and members' addresses.

use crate::{
    connection::{Store, Write, one, value, values},
    sign_in::{ME, MeRow},
};
use domain::{
    gatherings::coming::Reminders,
    ids::{LetterId, MemberId},
    mail::{
        Claimed, Confirmation, End, Errand, MailStore, What,
        address::{AddressRefusal, MOST_CONFIRMATIONS, MailAddress, MailSettings, MailWishes, NewConfirmation},
    },
    outcome::{Error, Unavailable},
    time::Timestamp,
    viewer::Me,
};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult};

#[derive(FromQueryResult)]
struct SettingsRow {
    mail_address: Option<String>,
    waiting: Option<String>,
    mail_reminders: bool,
    mail_changes: bool,
    mail_weekly: bool,
}

impl SettingsRow {
    fn settings(self) -> MailSettings {
        MailSettings {
            address: self.mail_address.map(MailAddress::from_record),
            waiting: self.waiting.map(MailAddress::from_record),
            wishes: MailWishes { reminders: self.mail_reminders, changes: self.mail_changes, weekly: self.mail_weekly },
        }
    }
}

/// Where a member gets mail by `$2`.
const SETTINGS: &str = "SELECT m.mail_address, c.address AS waiting, m.mail_reminders, m.mail_changes, m.mail_weekly FROM members m \
     LEFT JOIN mail_confirmations c ON c.member_id = m.id AND c.used_at IS NULL AND c.expires_at > $2 WHERE m.id = $1";

#[derive(FromQueryResult)]
struct WishesRow {
    mail_reminders: bool,
    mail_changes: bool,
    mail_weekly: bool,
}

#[derive(FromQueryResult)]
struct ConfirmationRow {
    address: String,
    done: bool,
}

#[derive(FromQueryResult)]
struct ConfirmedRow {
    member_id: i64,
    address: String,
}

#[derive(FromQueryResult)]
struct AnsweredRow {
    member_id: i64,
    slug: String,
    date: String,
}

#[derive(FromQueryResult)]
struct LetterRow {
    member_id: i64,
    what: String,
    slug: Option<String>,
    date: Option<String>,
    called: Option<String>,
    at: i64,
    tries: i64,
    brings: bool,
    code: String,
    mail_secret: Option<String>,
    reminders: String,
    confirms: Option<String>,
    weekly_id: Option<i64>,
}

impl LetterRow {
    fn claimed(self, id: i64, me: Me, settings: MailSettings, weekly: Option<Errand>) -> Claimed {
        let session = match (What::from_word(&self.what), self.slug, self.date, self.confirms, &settings.waiting) {
            (Some(what), Some(slug), Some(date), ..) => Some(Errand::Session { slug, date, what, by: self.called }),
            (None, _, _, Some(code), Some(address)) if self.what == "confirm" => Some(Errand::Confirm { address: address.clone(), code }),
            _ => None,
        };
        Claimed {
            id: LetterId(id),
            me,
            errand: session.or(weekly),
            at: Timestamp(self.at),
            tries: self.tries as u32,
            brings: self.brings,
            code: self.code,
            reminders: Reminders::from_word(&self.reminders).unwrap_or_default(),
            secret: self.mail_secret,
            settings,
        }
    }
}

impl Write {
    /// Writes down a letter about a session to a member who wants such letters, once for each cause. What became of a session takes the
    /// place of all that is not yet delivered about it; except that whoever is not mailed of changes is reminded all the same.
    pub async fn write_letter(
        &mut self,
        member: i64,
        by: Option<MemberId>,
        (gathering, date): (i64, &str),
        what: &str,
        at: Timestamp,
    ) -> Result<(), Unavailable> {
        // What a host is asked in the app alone has no letter.
        let Some(news) = What::from_word(what) else { return Ok(()) };
        if matches!(news, What::Changed | What::Cancelled | What::On) {
            let stale = "UPDATE letters SET settled_at = $4, outcome = 'dropped' \
                         WHERE gathering_id = $1 AND date = $2 AND member_id = $3 AND settled_at IS NULL \
                         AND (what NOT IN ('tomorrow', 'soon') OR EXISTS (SELECT 1 FROM members m WHERE m.id = $3 AND m.mail_changes))";
            self.run(stale, values![gathering, date, member, at.0]).await?;
        }
        let (wish, cause) = match news {
            What::ComesUp(_) => ("mail_reminders", "(SELECT s.starts_at FROM sessions s WHERE s.gathering_id = $3 AND s.date = $4)"),
            _ => ("mail_changes", "$5"),
        };
        let wanted = format!(
            "SELECT COALESCE({cause}, $5) FROM members m WHERE m.id = $1 AND m.mail_address IS NOT NULL AND m.{wish} AND NOT EXISTS (\
             SELECT 1 FROM letters l WHERE l.member_id = $1 AND l.what = $2 AND l.gathering_id = $3 AND l.date = $4 AND l.cause = COALESCE({cause}, $5))"
        );
        let cause: Option<i64> = value(self.db(), wanted, values![member, what, gathering, date, at.0]).await?;
        let Some(cause) = cause else { return Ok(()) };
        let insert = "INSERT INTO letters (id, member_id, what, gathering_id, date, cause, by_id, at, due_at, tries) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 0) ON CONFLICT (id) DO NOTHING";
        self.insert(at, insert, values![member, what, gathering, date, cause, by.map(|by| by.0), at.0]).await.map(drop)
    }

    /// Lets letters by which a member would confirm an address lie.
    async fn confirm_no_more(&self, me: &Me, at: Timestamp) -> Result<(), Unavailable> {
        let stale =
            "UPDATE letters SET settled_at = $2, outcome = 'dropped' WHERE member_id = $1 AND what = 'confirm' AND settled_at IS NULL";
        self.run(stale, values![me.id.0, at.0]).await.map(drop)
    }
}

#[async_trait::async_trait]
impl MailStore for Store {
    async fn mail_settings(&self, me: &Me, now: Timestamp) -> Result<MailSettings, Unavailable> {
        let row: Option<SettingsRow> = one(self.read(), SETTINGS, values![me.id.0, now.0]).await?;
        row.map(SettingsRow::settings).ok_or_else(|| Unavailable::because("there is no such member"))
    }

    async fn save_mail_wishes(&self, me: &Me, wishes: MailWishes) -> Result<(), Unavailable> {
        let write = self.write().await?;
        let save = "UPDATE members SET mail_reminders = $2, mail_changes = $3, mail_weekly = $4 WHERE id = $1";
        write.run(save, values![me.id.0, wishes.reminders, wishes.changes, wishes.weekly]).await?;
        write.commit().await
    }

    async fn ask_to_confirm(&self, me: &Me, new: &NewConfirmation) -> Result<(), Error<AddressRefusal>> {
        let mut write = self.write().await?;
        // A member's are counted one after the other.
        write.run("UPDATE members SET id = id WHERE id = $1", values![me.id.0]).await?;
        let count = "SELECT COUNT(*) FROM letters WHERE member_id = $1 AND what = 'confirm' AND at > $2";
        let asked: Option<i64> = value(write.db(), count, values![me.id.0, new.since.0]).await?;
        if asked.unwrap_or(0) >= i64::from(MOST_CONFIRMATIONS) {
            return Err(Error::Refused(AddressRefusal::TooMany));
        }
        write.confirm_no_more(me, new.at).await?;
        let keep = "INSERT INTO mail_confirmations (member_id, address, code, expires_at) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (member_id) DO UPDATE SET address = $2, code = $3, expires_at = $4, used_at = NULL";
        write.run(keep, values![me.id.0, new.address.as_str(), &new.code, new.until.0]).await?;
        let insert = "INSERT INTO letters (id, member_id, what, cause, at, due_at, tries) VALUES ($1, $2, 'confirm', $3, $3, $3, 0) \
                      ON CONFLICT (id) DO NOTHING";
        write.insert(new.at, insert, values![me.id.0, new.at.0]).await?;
        // It is delivered by those who wait for news.
        write.tell(Some(me.id), &domain::live::Hint::Notified).await?;
        Ok(write.commit().await?)
    }

    async fn forget_address(&self, me: &Me, at: Timestamp) -> Result<(), Unavailable> {
        let write = self.write().await?;
        write.run("UPDATE members SET mail_address = NULL, mail_secret = NULL WHERE id = $1", values![me.id.0]).await?;
        write.run("DELETE FROM mail_confirmations WHERE member_id = $1", values![me.id.0]).await?;
        write.confirm_no_more(me, at).await?;
        write.commit().await
    }

    async fn confirmation(&self, code: &str, now: Timestamp) -> Result<Option<Confirmation>, Unavailable> {
        let sql = "SELECT c.address, c.used_at IS NOT NULL AS done FROM mail_confirmations c JOIN members m ON m.id = c.member_id \
                   WHERE c.code = $1 AND c.expires_at > $2 AND (c.used_at IS NULL OR m.mail_address = c.address)";
        let row: Option<ConfirmationRow> = one(self.read(), sql, values![code, now.0]).await?;
        Ok(row.map(|row| Confirmation { address: MailAddress::from_record(row.address), done: row.done }))
    }

    async fn confirm(&self, code: &str, secret: &str, now: Timestamp) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let used = "UPDATE mail_confirmations SET used_at = $2 WHERE code = $1 AND used_at IS NULL AND expires_at > $2 \
                    RETURNING member_id, address";
        let Some(row) = one::<ConfirmedRow>(write.db(), used, values![code, now.0]).await? else { return Ok(false) };
        // Links in letters to an earlier address are of no use any more.
        let keep = "UPDATE members SET mail_address = $2, mail_secret = $3 WHERE id = $1";
        write.run(keep, values![row.member_id, row.address, secret]).await?;
        write.commit().await?;
        Ok(true)
    }

    async fn subscribed(&self, secret: &str) -> Result<Option<MailWishes>, Unavailable> {
        let sql = "SELECT mail_reminders, mail_changes, mail_weekly FROM members WHERE mail_secret = $1";
        let row: Option<WishesRow> = one(self.read(), sql, values![secret]).await?;
        Ok(row.map(|row| MailWishes { reminders: row.mail_reminders, changes: row.mail_changes, weekly: row.mail_weekly }))
    }

    async fn unsubscribe(&self, secret: &str) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let end = "UPDATE members SET mail_reminders = FALSE, mail_changes = FALSE, mail_weekly = FALSE WHERE mail_secret = $1";
        let found = write.run(end, values![secret]).await? > 0;
        write.commit().await?;
        Ok(found)
    }

    async fn unsubscribe_weekly(&self, secret: &str) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let found = write.run("UPDATE members SET mail_weekly = FALSE WHERE mail_secret = $1", values![secret]).await? > 0;
        write.commit().await?;
        Ok(found)
    }

    async fn claim(&self, now: Timestamp, until: Timestamp, fresh: &str) -> Result<Option<Claimed>, Unavailable> {
        let due = "SELECT id FROM letters WHERE settled_at IS NULL AND due_at <= $1 ORDER BY due_at, id LIMIT 1";
        // Most of the time there is none, and then nobody is kept from writing.
        if value::<i64>(self.read(), due, values![now.0]).await?.is_none() {
            return Ok(None);
        }
        let write = self.write().await?;
        // On SQLite the whole unit is alone; on PostgreSQL two that claim at once get two letters.
        let alone = if write.db().get_database_backend() == DbBackend::Sqlite { "" } else { " FOR UPDATE SKIP LOCKED" };
        let claim = format!(
            "UPDATE letters SET due_at = $2, tries = tries + 1, \
             code = CASE WHEN code IS NULL OR epoch <> (SELECT m.epoch FROM members m WHERE m.id = letters.member_id) THEN $3 ELSE code END, \
             epoch = (SELECT m.epoch FROM members m WHERE m.id = letters.member_id) WHERE id = ({due}{alone}) RETURNING id"
        );
        let Some(id) = value::<i64>(write.db(), claim, values![now.0, until.0, fresh]).await? else { return Ok(None) };
        let sql = "SELECT l.member_id, l.what, g.slug, l.date, b.display_name AS called, l.at, l.tries, l.code, m.mail_secret, m.reminders, \
                   EXISTS (SELECT 1 FROM takings t WHERE t.gathering_id = l.gathering_id AND t.date = l.date AND t.member_id = l.member_id) \
                   AS brings, c.code AS confirms, l.weekly_id FROM letters l JOIN members m ON m.id = l.member_id LEFT JOIN gatherings g ON g.id = l.gathering_id \
                   LEFT JOIN members b ON b.id = l.by_id LEFT JOIN mail_confirmations c ON c.member_id = l.member_id WHERE l.id = $1";
        let missing = || Unavailable::because("a letter that was claimed is not there");
        let row: LetterRow = one(write.db(), sql, values![id]).await?.ok_or_else(missing)?;
        let settings: SettingsRow = one(write.db(), SETTINGS, values![row.member_id, now.0]).await?.ok_or_else(missing)?;
        let me: MeRow = one(write.db(), format!("{ME} WHERE m.id = $1"), values![row.member_id]).await?.ok_or_else(missing)?;
        let me = me.me()?;
        let weekly = match row.weekly_id {
            Some(weekly) => write.weekly_errand(&me, weekly).await?,
            None => None,
        };
        write.commit().await?;
        Ok(Some(row.claimed(id, me, settings.settings(), weekly)))
    }

    async fn settle(&self, letter: LetterId, end: End, at: Timestamp) -> Result<(), Unavailable> {
        let write = self.write().await?;
        let settle = "UPDATE letters SET settled_at = $2, outcome = $3 WHERE id = $1";
        write.run(settle, values![letter.0, at.0, end.word()]).await?;
        write.commit().await
    }

    async fn put_off(&self, letter: LetterId, tries: u32, due_at: Timestamp) -> Result<(), Unavailable> {
        let write = self.write().await?;
        let put_off = "UPDATE letters SET due_at = $3 WHERE id = $1 AND tries = $2 AND settled_at IS NULL";
        write.run(put_off, values![letter.0, i64::from(tries), due_at.0]).await?;
        write.commit().await
    }

    async fn answers_for(&self, code: &str) -> Result<Option<(Me, String, String)>, Unavailable> {
        let sql = "SELECT l.member_id, g.slug, l.date FROM letters l JOIN members m ON m.id = l.member_id AND m.epoch = l.epoch \
                   JOIN gatherings g ON g.id = l.gathering_id WHERE l.code = $1";
        let Some(row) = one::<AnsweredRow>(self.read(), sql, values![code]).await? else { return Ok(None) };
        let me: Option<MeRow> = one(self.read(), format!("{ME} WHERE m.id = $1"), values![row.member_id]).await?;
        me.map(|me| Ok((me.me()?, row.slug, row.date))).transpose()
    }

    async fn forget_letters(&self, settled_before: Timestamp, now: Timestamp) -> Result<(), Unavailable> {
        let write = self.write().await?;
        let letters = "DELETE FROM letters WHERE settled_at < $1 AND NOT EXISTS (\
                       SELECT 1 FROM sessions s WHERE s.gathering_id = letters.gathering_id AND s.date = letters.date AND s.ends_at > $2)";
        write.run(letters, values![settled_before.0, now.0]).await?;
        write.run("DELETE FROM mail_confirmations WHERE expires_at <= $1", values![now.0]).await?;
        write.commit().await
    }
}
