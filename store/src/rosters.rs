//! Parties' rows, the names that are kept for their people, and the letters to them. An invitation of a party is one like all others, with a
//! row beside it that says what is kept for whom.

use crate::{
    connection::{Store, Write, all, column, from_json, one, to_json, value, values},
    notifications::News,
    people::{BylineRow, byline, handle, maybe_byline, role},
    sign_in::{ME, MeRow},
};
use domain::{
    gatherings::PlanRefusal,
    ids::{InvitationId, PartyId, PostId},
    live::Hint,
    mail::{End, address::MailAddress},
    outcome::{Error, Unavailable},
    people::{Handle, Role},
    rosters::{
        ClaimedInvite, Draft, MOST_LETTERS, MOST_LISTED, NewParty, Party, PartyGuest, RosterRefusal, RosterStore, Written,
        checking::{Grounds, Guest},
        opening::{Awaited, Due, FirstGathering, Opening, OpensFor},
    },
    time::Timestamp,
    timeline::NewPost,
    viewer::{Host, Me},
};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult};
use std::collections::{BTreeMap, BTreeSet};

/// Most rosters that wait of one host: the next one takes the place of the oldest.
const MOST_DRAFTS: i64 = 5;

/// Whether an invitation in table alias `v` works at `$1` and nobody has come by it.
const WORKS: &str = "NOT v.revoked AND v.expires_at > $1 AND v.uses_left > 0";

/// Parties, as they stand at `$1`.
const PARTIES: &str = "SELECT t.id, t.called, t.made_by, m.name, m.display_name, m.picture_id, t.made_at, t.expires_at, \
     t.undone_at IS NOT NULL AS undone, t.opens_at, t.opens_for, t.opening_words, t.opening_first, t.opened_at IS NOT NULL AS opened, \
     (SELECT b.role FROM members b WHERE b.id = t.opening_by) AS opener, \
     (SELECT COUNT(*) FROM invitations v WHERE v.party_id = t.id AND (v.uses_left = 0 OR NOT v.revoked)) AS size, \
     (SELECT COUNT(*) FROM invitations v WHERE v.party_id = t.id AND v.uses_left = 0) AS came, \
     (SELECT COUNT(*) FROM invitations v WHERE v.party_id = t.id AND NOT v.revoked AND v.expires_at > $1 AND v.uses_left > 0) AS open \
     FROM parties t JOIN members m ON m.id = t.made_by";

#[derive(FromQueryResult)]
struct PartyRow {
    id: i64,
    called: String,
    made_by: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
    made_at: i64,
    expires_at: i64,
    undone: bool,
    opens_at: Option<i64>,
    opens_for: Option<String>,
    opening_words: Option<String>,
    opening_first: Option<String>,
    opened: bool,
    opener: Option<String>,
    size: i64,
    came: i64,
    open: i64,
}

impl PartyRow {
    fn party(self) -> Result<Party, Unavailable> {
        let (whom, words) = (OpensFor::from_word(&self.opens_for.unwrap_or_default()), self.opening_words.unwrap_or_default());
        let first = self.opening_first.as_deref().map(from_json).transpose()?;
        let opening = self.opens_at.map(|at| Opening { at: Timestamp(at), whom, words, first, done: self.opened });
        let opener = self.opener.as_deref().map(role).transpose()?;
        Ok(Party {
            opening_rests: opening.as_ref().is_some_and(|opening| !opening.done) && opener.is_none_or(|opener| opener < Role::Host),
            opening,
            id: PartyId(self.id),
            called: self.called,
            made_by: byline(self.made_by, &self.name, self.display_name, self.picture_id)?,
            made_at: Timestamp(self.made_at),
            expires_at: Timestamp(self.expires_at),
            size: self.size as u32,
            came: self.came as u32,
            open: self.open as u32,
            undone: self.undone,
        })
    }
}

#[derive(FromQueryResult)]
struct GuestRow {
    id: i64,
    called: String,
    code: String,
    works: bool,
    handle: String,
    mail: Option<String>,
    due_at: Option<i64>,
    outcome: Option<String>,
    member_id: Option<i64>,
    name: Option<String>,
    display_name: Option<String>,
    picture_id: Option<i64>,
}

impl GuestRow {
    fn guest(self) -> Result<PartyGuest, Unavailable> {
        let written = match (self.outcome.as_deref(), self.due_at, &self.mail) {
            (Some("sent"), ..) => Written::Sent,
            (Some("given-up"), ..) => Written::GivenUp,
            // Nobody could try it in time, such as when the server was off.
            (Some("dropped"), _, Some(_)) if self.works => Written::GivenUp,
            (None, Some(_), Some(_)) if self.works => Written::Waits,
            _ => Written::Not,
        };
        let came = maybe_byline(self.member_id, self.name, self.display_name, self.picture_id)?;
        Ok(PartyGuest {
            invitation: InvitationId(self.id),
            name: self.called,
            handle: handle(&self.handle)?,
            code: self.code,
            works: self.works,
            mail: self.mail.map(MailAddress::from_record),
            written,
            came,
        })
    }
}

#[derive(FromQueryResult)]
struct NamedRow {
    handle: String,
    called: String,
}

#[derive(FromQueryResult)]
struct InvitedRow {
    handle: String,
    called: String,
    party: String,
    mail: Option<String>,
}

#[derive(FromQueryResult)]
struct DueRow {
    id: i64,
    by_id: i64,
    words: String,
    first: Option<String>,
}

#[derive(FromQueryResult)]
struct AwaitedRow {
    id: i64,
    called: String,
    opens_at: i64,
    size: i64,
}

#[derive(FromQueryResult)]
struct InviteRow {
    called: String,
    mail: String,
    code: String,
    by_name: String,
    party: String,
    expires_at: i64,
    made_at: i64,
    tries: i64,
}

/// The names that are members'.
const NAMED: &str = "SELECT m.name AS handle, m.display_name AS called FROM members m WHERE m.id > 0";

/// Those of parties who have not come and whose link works.
async fn invited(db: &impl ConnectionTrait, at: Timestamp) -> Result<Vec<InvitedRow>, Unavailable> {
    let sql = format!(
        "SELECT g.handle, v.name AS called, t.called AS party, g.mail FROM invitations v JOIN party_guests g ON g.invitation_id = v.id \
         JOIN parties t ON t.id = v.party_id WHERE v.party_id > 0 AND {WORKS} ORDER BY v.party_id, v.id"
    );
    all(db, sql, values![at.0]).await
}

impl Write {
    /// Whether a name is kept for somebody who is invited by another invitation than that.
    pub async fn is_kept(&self, name: &str, invitation: i64, at: Timestamp) -> Result<bool, Unavailable> {
        let sql = format!(
            "SELECT COUNT(*) FROM party_guests g JOIN invitations v ON v.id = g.invitation_id \
             WHERE g.handle = $2 AND g.invitation_id <> $3 AND {WORKS}"
        );
        Ok(value::<i64>(self.db(), sql, values![at.0, name, invitation]).await?.unwrap_or(0) > 0)
    }

    /// Forgets what was noted of somebody who has come: from here on they speak for themselves.
    pub async fn forget_guest(&self, invitation: i64) -> Result<(), Unavailable> {
        let forget = "UPDATE party_guests SET mail = NULL, line = '', interests = '[]', due_at = NULL WHERE invitation_id = $1";
        self.run(forget, values![invitation]).await.map(drop)
    }

    /// Keeps somebody of a party: their invitation, what is kept for them, and a letter where there is an address.
    async fn keep_guest(&self, host: &Host, party: (i64, &NewParty), (guest, code): &(Guest, String)) -> Result<(), Unavailable> {
        let (id, new) = party;
        let insert = "INSERT INTO invitations (id, code, kind, name, note, uses, uses_left, made_by, made_at, expires_at, revoked, party_id) \
                      VALUES ($1, $2, 'person', $3, '', 1, 1, $4, $5, $6, FALSE, $7) ON CONFLICT (id) DO NOTHING";
        let values = values![code, &guest.name, host.me().id.0, new.at.0, new.expires_at.0, id];
        let invitation = self.insert(new.at, insert, values).await?;
        let mail = guest.mail.as_ref().map(|mail| mail.as_str().to_owned());
        let due_at = mail.as_ref().map(|_| new.at.0);
        let keep =
            "INSERT INTO party_guests (invitation_id, handle, mail, line, interests, due_at, tries) VALUES ($1, $2, $3, $4, $5, $6, 0)";
        let values = values![invitation, guest.handle.as_str(), mail, &guest.line, to_json(&guest.interests)?, due_at];
        self.run(keep, values).await.map(drop)
    }
}

/// A first gathering brings no picture, which is all that could be refused of it by now.
fn not_planned(error: Error<PlanRefusal>) -> Unavailable {
    match error {
        Error::Refused(reason) => Unavailable::because(reason.to_string()),
        Error::Unavailable(cause) => cause,
    }
}

#[async_trait::async_trait]
impl RosterStore for Store {
    async fn keep_draft(&self, host: &Host, code: &str, draft: &Draft, at: Timestamp, until: Timestamp) -> Result<(), Unavailable> {
        let draft = to_json(draft)?;
        let write = self.write().await?;
        write.run("DELETE FROM roster_drafts WHERE until <= $1", values![at.0]).await?;
        let me = host.me().id.0;
        let keep = "INSERT INTO roster_drafts (code, member_id, draft, until) VALUES ($1, $2, $3, $4)";
        write.run(keep, values![code, me, draft, until.0]).await?;
        let many = "DELETE FROM roster_drafts WHERE member_id = $1 AND code IN (\
                    SELECT code FROM roster_drafts WHERE member_id = $1 ORDER BY until DESC, code LIMIT 1000 OFFSET $2)";
        write.run(many, values![me, MOST_DRAFTS]).await?;
        write.commit().await
    }

    async fn forget_draft(&self, host: &Host, code: &str) -> Result<(), Unavailable> {
        let write = self.write().await?;
        write.run("DELETE FROM roster_drafts WHERE code = $1 AND member_id = $2", values![code, host.me().id.0]).await?;
        write.commit().await
    }

    async fn draft(&self, host: &Host, code: &str, at: Timestamp) -> Result<Option<Draft>, Unavailable> {
        let sql = "SELECT draft FROM roster_drafts WHERE code = $1 AND member_id = $2 AND until > $3";
        let draft: Option<String> = value(self.read(), sql, values![code, host.me().id.0, at.0]).await?;
        draft.as_deref().map(from_json).transpose()
    }

    async fn forget_drafts(&self, at: Timestamp) -> Result<(), Unavailable> {
        let write = self.write().await?;
        write.run("DELETE FROM roster_drafts WHERE until <= $1", values![at.0]).await?;
        let ended = "UPDATE party_guests SET mail = NULL, line = '', interests = '[]', due_at = NULL WHERE (mail IS NOT NULL OR line <> '' OR interests <> '[]') AND EXISTS (\
                     SELECT 1 FROM invitations v WHERE v.id = party_guests.invitation_id AND (v.revoked OR v.expires_at <= $1))";
        write.run(ended, values![at.0]).await?;
        write.commit().await
    }

    async fn grounds(&self, _host: &Host, at: Timestamp) -> Result<Grounds, Unavailable> {
        let cap: Option<i64> = value(self.read(), "SELECT size_cap FROM community", values![]).await?;
        let members: Vec<NamedRow> = all(self.read(), NAMED, values![]).await?;
        let members = members.into_iter().map(|row| Ok((handle(&row.handle)?, row.called))).collect::<Result<Vec<_>, Unavailable>>()?;
        let (mut invited, mut written) = (Vec::new(), BTreeMap::new());
        for row in self::invited(self.read(), at).await? {
            if let Some(mail) = row.mail {
                written.insert(MailAddress::from_record(mail), row.party.clone());
            }
            invited.push((handle(&row.handle)?, row.called, row.party));
        }
        let room = cap.unwrap_or(0).saturating_sub(members.len() as i64).max(0) as u32;
        Ok(Grounds { members, invited, written, room })
    }

    async fn party_of_draft(&self, host: &Host, draft: &str) -> Result<Option<PartyId>, Unavailable> {
        let sql = "SELECT id FROM parties WHERE draft = $1 AND made_by = $2";
        Ok(value(self.read(), sql, values![draft, host.me().id.0]).await?.map(PartyId))
    }

    async fn keep_party(&self, host: &Host, party: &NewParty) -> Result<PartyId, Error<RosterRefusal>> {
        let mut write = self.write().await?;
        // Nobody joins until the commit, and whoever presses twice waits here.
        write.lock_community().await?;
        let me = host.me().id.0;
        let kept = "SELECT id FROM parties WHERE draft = $1 AND made_by = $2";
        if let Some(kept) = value(write.db(), kept, values![&party.draft, me]).await? {
            return Ok(PartyId(kept));
        }
        let gone = "DELETE FROM roster_drafts WHERE code = $1 AND member_id = $2";
        if write.run(gone, values![&party.draft, me]).await? == 0 {
            return Err(Error::Refused(RosterRefusal::Gone));
        }
        let members: Vec<NamedRow> = all(write.db(), NAMED, values![]).await?;
        let mut taken: BTreeSet<Handle> = BTreeSet::new();
        let invited = invited(write.db(), party.at).await?;
        for name in members.iter().map(|row| &row.handle).chain(invited.iter().map(|row| &row.handle)) {
            taken.insert(handle(name)?);
        }
        if party.guests.iter().any(|(guest, _)| !taken.insert(guest.handle.clone())) {
            return Err(Error::Refused(RosterRefusal::NameTaken));
        }
        // Letters that went out count also where the party was undone.
        let letters = party.guests.iter().filter(|(guest, _)| guest.mail.is_some()).count();
        let count = "SELECT CAST(COALESCE(SUM(t.letters), 0) AS BIGINT) FROM parties t WHERE t.made_by = $1 AND t.made_at > $2";
        let before: Option<i64> = value(write.db(), count, values![me, party.at.plus_days(-1).0]).await?;
        let room = MOST_LETTERS.saturating_sub(before.unwrap_or(0) as usize);
        if letters > room {
            return Err(Error::Refused(RosterRefusal::TooManyLetters { letters, room }));
        }
        let insert = "INSERT INTO parties (id, called, draft, made_by, made_at, expires_at, letters) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                      ON CONFLICT (id) DO NOTHING";
        let values = values![&party.called, &party.draft, me, party.at.0, party.expires_at.0, letters as i64];
        let id = write.insert(party.at, insert, values).await?;
        for guest in &party.guests {
            write.keep_guest(host, (id, party), guest).await?;
        }
        // The letters are delivered by those who wait for news.
        write.tell(Some(host.me().id), &Hint::Notified).await?;
        write.commit().await?;
        Ok(PartyId(id))
    }

    async fn parties(&self, _host: &Host, at: Timestamp) -> Result<Vec<Party>, Unavailable> {
        let sql = format!("{PARTIES} WHERE t.id > 0 ORDER BY t.id DESC LIMIT {MOST_LISTED}");
        let rows: Vec<PartyRow> = all(self.read(), sql, values![at.0]).await?;
        rows.into_iter().map(PartyRow::party).collect()
    }

    async fn party(&self, _host: &Host, party: PartyId, at: Timestamp) -> Result<Option<(Party, Vec<PartyGuest>)>, Unavailable> {
        let row: Option<PartyRow> = one(self.read(), format!("{PARTIES} WHERE t.id = $2"), values![at.0, party.0]).await?;
        let Some(row) = row else { return Ok(None) };
        let sql = format!(
            "SELECT v.id, v.name AS called, v.code, ({WORKS}) AS works, g.handle, g.mail, g.due_at, g.outcome, \
             m.id AS member_id, m.name, m.display_name, m.picture_id FROM invitations v JOIN party_guests g ON g.invitation_id = v.id \
             LEFT JOIN members m ON m.invitation_id = v.id WHERE v.party_id = $2 ORDER BY v.id"
        );
        let guests: Vec<GuestRow> = all(self.read(), sql, values![at.0, party.0]).await?;
        Ok(Some((row.party()?, guests.into_iter().map(GuestRow::guest).collect::<Result<_, _>>()?)))
    }

    async fn undo(&self, _host: &Host, party: PartyId, at: Timestamp) -> Result<Option<u32>, Unavailable> {
        let write = self.write().await?;
        // Whoever is coming in at this moment is waited for: then theirs is used. What is kept for the others goes with their invitations.
        let gone = write.run("DELETE FROM invitations WHERE party_id = $1 AND uses_left > 0", values![party.0]).await?;
        if write.run("UPDATE parties SET undone_at = $2 WHERE id = $1", values![party.0, at.0]).await? == 0 {
            return Ok(None);
        }
        write.commit().await?;
        Ok(Some(gone as u32))
    }

    async fn save_opening(&self, host: &Host, party: PartyId, opening: Option<&Opening>) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let save = "UPDATE parties SET opens_at = $2, opens_for = $3, opening_words = $4, opening_by = $5, opening_first = $6 WHERE id = $1 AND opened_at IS NULL";
        let values = values![
            party.0,
            opening.map(|opening| opening.at.0),
            opening.map(|opening| opening.whom.word().to_owned()),
            opening.map(|opening| opening.words.clone()),
            opening.map(|_| host.me().id.0),
            opening.and_then(|opening| opening.first.as_ref()).map(to_json).transpose()?,
        ];
        let saved = write.run(save, values).await? > 0;
        write.commit().await?;
        Ok(saved)
    }

    async fn due_openings(&self, now: Timestamp) -> Result<Vec<Due>, Unavailable> {
        // Nobody says another's words, and whoever hosts no more opens nothing.
        let sql = "SELECT t.id, b.id AS by_id, COALESCE(t.opening_words, '') AS words, t.opening_first AS first FROM parties t \
                   JOIN members b ON b.id = t.opening_by \
                   WHERE t.opens_at <= $1 AND t.opened_at IS NULL AND b.role IN ('host', 'admin')";
        let mut due = Vec::new();
        for row in all::<DueRow>(self.read(), sql, values![now.0]).await? {
            let by: Option<MeRow> = one(self.read(), format!("{ME} WHERE m.id = $1"), values![row.by_id]).await?;
            if let Some(by) = by {
                let first = row.first.as_deref().map(from_json).transpose()?;
                due.push(Due { party: PartyId(row.id), by: by.me()?, words: row.words, first });
            }
        }
        Ok(due)
    }

    async fn open(&self, due: &Due, post: &NewPost, first: Option<&FirstGathering>) -> Result<bool, Unavailable> {
        let mut write = self.write().await?;
        // Whoever is second waits here, and finds it open.
        let open = "UPDATE parties SET opened_at = $2 WHERE id = $1 AND opens_at <= $2 AND opened_at IS NULL AND opening_words = $3 \
                    AND COALESCE(opening_first, '') = $4 RETURNING opens_for";
        let with = due.first.as_ref().map(to_json).transpose()?.unwrap_or_default();
        let Some(whom) = value::<String>(write.db(), open, values![due.party.0, post.at.0, &due.words, with]).await? else {
            return Ok(false);
        };
        // The first thread stands above it.
        match first {
            Some(FirstGathering::Planned(gathering, audience, title)) => {
                write.announce(&due.by, *gathering, *audience, title, post.at).await?;
            }
            Some(FirstGathering::New(new)) => {
                write.keep_gathering(&due.by, new).await.map_err(not_planned)?;
            }
            None => {}
        }
        let id = write.insert_post(due.by.id, post).await?;
        write.run("UPDATE parties SET opening_post = $2 WHERE id = $1", values![due.party.0, id]).await?;
        write.tell(None, &Hint::Posted { post: PostId(id) }).await?;
        let told: Vec<i64> = match OpensFor::from_word(&whom) {
            OpensFor::Everybody => column(write.db(), "SELECT id FROM members WHERE id <> $1", values![due.by.id.0]).await?,
            OpensFor::Party => {
                let sql = "SELECT m.id FROM invitations v JOIN members m ON m.invitation_id = v.id WHERE v.party_id = $2 AND m.id <> $1";
                column(write.db(), sql, values![due.by.id.0, due.party.0]).await?
            }
        };
        for member in told {
            write.notify(member, Some(due.by.id), News::Opened { post: id }, post.at).await?;
        }
        write.commit().await?;
        Ok(true)
    }

    async fn awaited(&self, me: &Me) -> Result<Vec<Awaited>, Unavailable> {
        let sql = "SELECT t.id, t.called, t.opens_at, (SELECT COUNT(*) FROM invitations v WHERE v.party_id = t.id AND (v.uses_left = 0 OR NOT v.revoked)) AS size FROM parties t \
                   WHERE t.opens_at > 0 AND t.opened_at IS NULL \
                   AND EXISTS (SELECT 1 FROM members b WHERE b.id = t.opening_by AND b.role IN ('host', 'admin')) AND (t.opens_for = 'everybody' OR EXISTS (\
                   SELECT 1 FROM members m JOIN invitations v ON v.id = m.invitation_id WHERE m.id = $1 AND v.party_id = t.id)) ORDER BY t.opens_at";
        let mut awaited = Vec::new();
        for row in all::<AwaitedRow>(self.read(), sql, values![me.id.0]).await? {
            let sql = "SELECT m.id, m.name, m.display_name, m.picture_id FROM invitations v JOIN members m ON m.invitation_id = v.id \
                       WHERE v.party_id = $1";
            let here: Vec<BylineRow> = all(self.read(), sql, values![row.id]).await?;
            let mut here = here.into_iter().map(BylineRow::byline).collect::<Result<Vec<_>, _>>()?;
            here.sort_by_key(|who| who.id);
            awaited.push(Awaited { called: row.called, size: row.size as u32, at: Timestamp(row.opens_at), here });
        }
        Ok(awaited)
    }

    async fn claim_invite(&self, now: Timestamp, until: Timestamp) -> Result<Option<ClaimedInvite>, Unavailable> {
        let due = "SELECT invitation_id FROM party_guests WHERE due_at <= $1 ORDER BY due_at LIMIT 1";
        // Most of the time there is none, and then nobody is kept from writing.
        if value::<i64>(self.read(), due, values![now.0]).await?.is_none() {
            return Ok(None);
        }
        let write = self.write().await?;
        loop {
            // On SQLite the whole unit is alone; on PostgreSQL two that claim at once get two letters.
            let alone = if write.db().get_database_backend() == DbBackend::Sqlite { "" } else { " FOR UPDATE SKIP LOCKED" };
            let claim = format!(
                "UPDATE party_guests SET due_at = $2, tries = tries + 1 WHERE invitation_id = ({due}{alone}) RETURNING invitation_id"
            );
            let Some(id) = value::<i64>(write.db(), claim, values![now.0, until.0]).await? else {
                write.commit().await?;
                return Ok(None);
            };
            let sql = format!(
                "SELECT v.name AS called, g.mail, v.code, m.display_name AS by_name, t.called AS party, v.expires_at, v.made_at, g.tries \
                 FROM party_guests g JOIN invitations v ON v.id = g.invitation_id JOIN parties t ON t.id = v.party_id \
                 JOIN members m ON m.id = v.made_by WHERE g.invitation_id = $2 AND g.mail IS NOT NULL AND {WORKS}"
            );
            let row: Option<InviteRow> = one(write.db(), sql, values![now.0, id]).await?;
            let Some(row) = row else {
                // Taken back meanwhile, or they came by themselves: there is nothing to write.
                let settle = "UPDATE party_guests SET due_at = NULL, outcome = $2 WHERE invitation_id = $1";
                write.run(settle, values![id, End::Dropped.word()]).await?;
                continue;
            };
            write.commit().await?;
            return Ok(Some(ClaimedInvite {
                invitation: InvitationId(id),
                name: row.called,
                mail: MailAddress::from_record(row.mail),
                code: row.code,
                by: row.by_name,
                party: row.party,
                expires_at: Timestamp(row.expires_at),
                at: Timestamp(row.made_at),
                tries: row.tries as u32,
            }));
        }
    }

    async fn settle_invite(&self, invitation: InvitationId, end: End) -> Result<(), Unavailable> {
        let write = self.write().await?;
        let settle = "UPDATE party_guests SET due_at = NULL, outcome = $2 WHERE invitation_id = $1";
        write.run(settle, values![invitation.0, end.word()]).await?;
        write.commit().await
    }

    async fn put_off_invite(&self, invitation: InvitationId, tries: u32, due_at: Timestamp) -> Result<(), Unavailable> {
        let write = self.write().await?;
        let put_off = "UPDATE party_guests SET due_at = $3 WHERE invitation_id = $1 AND tries = $2 AND due_at IS NOT NULL";
        write.run(put_off, values![invitation.0, i64::from(tries), due_at.0]).await?;
        write.commit().await
    }
}
