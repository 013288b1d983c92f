//! Invitations' and asks' rows; and the one step by which somebody becomes a member.

use crate::{
    community::{size, who_invites},
    connection::{Store, Write, all, among_ids, column, from_json, on_constraint, one, value, values},
    notifications::News,
    people::byline,
};
use domain::{
    community::WhoInvites,
    ids::{AskId, InvitationId, MemberId},
    invitations::{
        Ask, AskAnswer, AskRefusal, Invitation, InvitationStore, InviteRefusal, Invited, JoinRefusal, MOST_LISTED, MOST_WAITING, NewAsk,
        NewInvitation, NewMember, OpenInvitation,
    },
    outcome::{Error, Unavailable},
    people::{Byline, Role},
    rosters::FilledIn,
    sign_in::SignedIn,
    time::Timestamp,
    viewer::{Host, Me},
};
use sea_orm::FromQueryResult;
use std::collections::HashMap;

/// An invitation, as [`INVITATIONS`] reads it.
#[derive(FromQueryResult)]
pub(crate) struct InvitationRow {
    id: i64,
    code: String,
    kind: String,
    called: String,
    note: String,
    uses: i64,
    made_by: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
    made_at: i64,
    expires_at: i64,
    revoked: bool,
}

/// Reads invitations in table alias `v`.
pub(crate) const INVITATIONS: &str = "SELECT v.id, v.code, v.kind, v.name AS called, v.note, v.uses, v.made_by, m.name, m.display_name, m.picture_id, \
     v.made_at, v.expires_at, v.revoked FROM invitations v JOIN members m ON m.id = v.made_by";

fn invited(kind: &str, called: String, note: String, uses: i64) -> Invited {
    if kind == "person" { Invited::Person { name: called, note } } else { Invited::Group { label: called, uses: uses as u32 } }
}

impl InvitationRow {
    pub fn invitation(self, came: Vec<Byline>) -> Result<Invitation, Unavailable> {
        Ok(Invitation {
            id: InvitationId(self.id),
            code: self.code,
            invited: invited(&self.kind, self.called, self.note, self.uses),
            made_by: byline(self.made_by, &self.name, self.display_name, self.picture_id)?,
            made_at: Timestamp(self.made_at),
            expires_at: Timestamp(self.expires_at),
            revoked: self.revoked,
            came,
        })
    }
}

#[derive(FromQueryResult)]
struct CameRow {
    invitation_id: i64,
    id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
}

#[derive(FromQueryResult)]
struct OpenRow {
    id: i64,
    kind: String,
    called: String,
    note: String,
    uses: i64,
    made_by: i64,
    name: String,
    display_name: String,
    size: i64,
    party_id: Option<i64>,
    party: Option<String>,
    of_party: i64,
    handle: Option<String>,
    line: Option<String>,
    interests: Option<String>,
}

impl OpenRow {
    fn filled_in(&mut self) -> Result<Option<FilledIn>, Unavailable> {
        let (Some(handle), Some(party)) = (self.handle.take(), self.party.take()) else { return Ok(None) };
        let interests: Vec<String> = self.interests.as_deref().map(from_json).transpose()?.unwrap_or_default();
        let (line, of_party) = (self.line.take().unwrap_or_default(), self.of_party as u32);
        Ok(Some(FilledIn { handle, line, interests: interests.join(", "), party, of_party }))
    }
}

#[derive(FromQueryResult)]
struct ClaimRow {
    id: i64,
    made_by: i64,
}

#[derive(FromQueryResult)]
struct AskRow {
    id: i64,
    name: String,
    reach: String,
    words: String,
    at: i64,
}

impl From<AskRow> for Ask {
    fn from(row: AskRow) -> Self {
        Self { id: AskId(row.id), name: row.name, reach: row.reach, words: row.words, at: Timestamp(row.at) }
    }
}

#[derive(FromQueryResult)]
struct AnswerRow {
    state: String,
    answer: String,
    code: Option<String>,
}

impl Write {
    pub async fn keep_invitation(&self, by: &Me, invitation: &NewInvitation) -> Result<InvitationId, Unavailable> {
        let (kind, name, note) = match &invitation.invited {
            Invited::Person { name, note } => ("person", name.as_str(), note.as_str()),
            Invited::Group { label, .. } => ("group", label.as_str(), ""),
        };
        let uses = i64::from(invitation.invited.uses());
        let insert = "INSERT INTO invitations (id, code, kind, name, note, uses, uses_left, made_by, made_at, expires_at, revoked) \
                      VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, FALSE) ON CONFLICT (id) DO NOTHING";
        let values = values![&invitation.code, kind, name, note, uses, by.id.0, invitation.at.0, invitation.expires_at.0];
        Ok(InvitationId(self.insert(invitation.at, insert, values).await?))
    }
}

#[async_trait::async_trait]
impl InvitationStore for Store {
    async fn who_invites(&self) -> Result<WhoInvites, Unavailable> {
        let word: Option<String> = value(self.read(), "SELECT who_invites FROM community", values![]).await?;
        Ok(word.map_or(WhoInvites::Hosts, |word| who_invites(&word)))
    }

    async fn keep_invitation(&self, by: &Me, invitation: &NewInvitation) -> Result<Invitation, Error<InviteRefusal>> {
        let write = self.write().await?;
        // Neither who may invite nor what the member may do changes until the commit.
        write.lock_community().await?;
        let word: Option<String> = value(write.db(), "SELECT who_invites FROM community", values![]).await?;
        let inviting = word.map_or(WhoInvites::Hosts, |word| who_invites(&word));
        if !inviting.lets(&Me { role: write.role_of(by.id).await?, ..by.clone() }) {
            return Err(Error::Refused(InviteRefusal::HostsOnly));
        }
        let id = write.keep_invitation(by, invitation).await?;
        write.commit().await?;
        Ok(Invitation {
            id,
            code: invitation.code.clone(),
            invited: invitation.invited.clone(),
            made_by: Byline { id: by.id, name: by.name.clone(), display_name: by.display_name.clone(), picture: by.picture },
            made_at: invitation.at,
            expires_at: invitation.expires_at,
            revoked: false,
            came: Vec::new(),
        })
    }

    async fn invitations(&self, me: &Me, only: Option<InvitationId>) -> Result<Vec<Invitation>, Unavailable> {
        let whose = if me.role >= Role::Host { "$1 <> 0" } else { "v.made_by = $1" };
        // Those of a party stand on its own page, which is for hosts.
        let which = match only {
            Some(_) if me.role >= Role::Host => "v.id = $2",
            Some(_) => "v.id = $2 AND v.party_id IS NULL",
            None => "v.id > $2 AND v.party_id IS NULL",
        };
        let sql = format!("{INVITATIONS} WHERE {whose} AND {which} ORDER BY v.id DESC LIMIT {MOST_LISTED}");
        let rows: Vec<InvitationRow> = all(self.read(), sql, values![me.id.0, only.map_or(0, |only| only.0)]).await?;
        let among = among_ids(self.read(), rows.iter().map(|row| row.id));
        let sql = format!(
            "SELECT m.invitation_id, m.id, m.name, m.display_name, m.picture_id FROM members m \
             WHERE $1 <> 0 AND m.invitation_id {}",
            among.sql
        );
        let mut came: HashMap<i64, Vec<Byline>> = HashMap::new();
        for row in all::<CameRow>(self.read(), sql, [me.id.0.into(), among.value]).await? {
            let who = byline(row.id, &row.name, row.display_name, row.picture_id)?;
            came.entry(row.invitation_id).or_default().push(who);
        }
        rows.into_iter()
            .map(|row| {
                let mut came = came.remove(&row.id).unwrap_or_default();
                came.sort_by_key(|who| std::cmp::Reverse(who.id));
                row.invitation(came)
            })
            .collect()
    }

    async fn revoke(&self, me: &Me, invitation: InvitationId) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let revoke = "UPDATE invitations SET revoked = TRUE WHERE id = $1 AND (made_by = $2 OR $3)";
        let revoked = write.run(revoke, values![invitation.0, me.id.0, me.role >= Role::Host]).await?;
        write.commit().await?;
        Ok(revoked > 0)
    }

    async fn open_invitation(&self, code: &str, now: Timestamp) -> Result<Option<OpenInvitation>, Unavailable> {
        let sql = "SELECT v.id, v.kind, v.name AS called, v.note, v.uses, v.made_by, m.name, m.display_name, \
                   (SELECT COUNT(*) FROM members) AS size, v.party_id, t.called AS party, g.handle, g.line, g.interests, \
                   (SELECT COUNT(*) FROM invitations w WHERE w.party_id = v.party_id AND w.uses_left = 0) AS of_party \
                   FROM invitations v JOIN members m ON m.id = v.made_by \
                   LEFT JOIN parties t ON t.id = v.party_id LEFT JOIN party_guests g ON g.invitation_id = v.id \
                   WHERE v.code = $1 AND NOT v.revoked AND v.expires_at > $2 AND v.uses_left > 0";
        let Some(mut row) = one::<OpenRow>(self.read(), sql, values![code, now.0]).await? else { return Ok(None) };
        let sql = "SELECT m.display_name FROM members m LEFT JOIN invitations v ON v.id = m.invitation_id \
                   ORDER BY CASE WHEN m.invitation_id = $1 OR v.party_id = $2 THEN 0 ELSE 1 END, m.id DESC LIMIT 12";
        let here = column(self.read(), sql, values![row.id, row.party_id]).await?;
        Ok(Some(OpenInvitation {
            filled_in: row.filled_in()?,
            invited: invited(&row.kind, row.called, row.note, row.uses),
            // Portraits are for members.
            made_by: byline(row.made_by, &row.name, row.display_name, None)?,
            here,
            size: row.size as u32,
        }))
    }

    async fn join(&self, code: &str, member: &NewMember) -> Result<SignedIn, Error<JoinRefusal>> {
        let mut write = self.write().await?;
        // First the community, then the invitation, as for whoever leaves.
        write.lock_community().await?;
        let claim = "UPDATE invitations SET uses_left = uses_left - 1 \
                     WHERE code = $1 AND NOT revoked AND expires_at > $2 AND uses_left > 0 RETURNING id, made_by";
        let Some(claimed) = one::<ClaimRow>(write.db(), claim, values![code, member.at.0]).await? else {
            return Err(Error::Refused(JoinRefusal::DeadInvitation));
        };
        let cap: Option<i64> = value(write.db(), "SELECT size_cap FROM community", values![]).await?;
        if i64::from(size(write.db()).await?) >= cap.unwrap_or(0) {
            return Err(Error::Refused(JoinRefusal::Full));
        }
        if write.is_kept(member.name.as_str(), claimed.id, member.at).await? {
            return Err(Error::Refused(JoinRefusal::NameTaken));
        }
        let by = (InvitationId(claimed.id), MemberId(claimed.made_by));
        let signed_in = on_constraint(write.keep_member(member, Some(by)).await, "members.name", JoinRefusal::NameTaken)?;
        write.forget_guest(claimed.id).await?;
        write.notify(claimed.made_by, Some(signed_in.member), News::Joined, member.at).await?;
        write.commit().await?;
        Ok(signed_in)
    }

    async fn keep_ask(&self, ask: &NewAsk) -> Result<(), Error<AskRefusal>> {
        let mut write = self.write().await?;
        write.lock_community().await?;
        let open: Option<bool> = value(write.db(), "SELECT asks_open FROM community WHERE founded_at IS NOT NULL", values![]).await?;
        if open != Some(true) {
            return Err(Error::Refused(AskRefusal::Closed));
        }
        let waiting: Option<i64> = value(write.db(), "SELECT COUNT(*) FROM asks WHERE state = 'waiting'", values![]).await?;
        if waiting.unwrap_or(0) >= i64::from(MOST_WAITING) {
            return Err(Error::Refused(AskRefusal::TooMany));
        }
        let insert = "INSERT INTO asks (id, digest, name, reach, words, at, state, answer) \
                      VALUES ($1, $2, $3, $4, $5, $6, 'waiting', '') ON CONFLICT (id) DO NOTHING";
        let id = write.insert(ask.at, insert, values![&ask.digest, &ask.name, &ask.reach, &ask.words, ask.at.0]).await?;
        let hosts: Vec<i64> = column(write.db(), "SELECT id FROM members WHERE role IN ('host', 'admin')", values![]).await?;
        for host in hosts {
            write.notify(host, None, News::Asked { ask: id }, ask.at).await?;
        }
        Ok(write.commit().await?)
    }

    async fn asks(&self, _by: &Host) -> Result<Vec<Ask>, Unavailable> {
        let sql = "SELECT id, name, reach, words, at FROM asks WHERE state = 'waiting' ORDER BY id";
        Ok(all::<AskRow>(self.read(), sql, values![]).await?.into_iter().map(Ask::from).collect())
    }

    async fn answer_ask(&self, by: &Host, ask: AskId, invitation: Option<&NewInvitation>, words: &str) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let state = if invitation.is_some() { "welcome" } else { "declined" };
        let answer = "UPDATE asks SET state = $2, answer = $3, answered_by = $4 WHERE id = $1 AND state = 'waiting'";
        if write.run(answer, values![ask.0, state, words, by.me().id.0]).await? == 0 {
            return Ok(false);
        }
        if let Some(invitation) = invitation {
            let id = write.keep_invitation(by.me(), invitation).await?;
            write.run("UPDATE asks SET invitation_id = $2 WHERE id = $1", values![ask.0, id.0]).await?;
        }
        write.commit().await?;
        Ok(true)
    }

    async fn ask(&self, _by: &Host, ask: AskId) -> Result<Option<Ask>, Unavailable> {
        let sql = "SELECT id, name, reach, words, at FROM asks WHERE id = $1 AND state = 'waiting'";
        Ok(one::<AskRow>(self.read(), sql, values![ask.0]).await?.map(Ask::from))
    }

    async fn ask_answer(&self, digest: &str) -> Result<Option<AskAnswer>, Unavailable> {
        let sql = "SELECT k.state, k.answer, v.code FROM asks k LEFT JOIN invitations v ON v.id = k.invitation_id WHERE k.digest = $1";
        let row: Option<AnswerRow> = one(self.read(), sql, values![digest]).await?;
        Ok(row.map(|row| match (row.state.as_str(), row.code) {
            ("welcome", Some(code)) => AskAnswer::Welcome { code },
            ("declined", _) => AskAnswer::Declined { words: row.answer },
            _ => AskAnswer::Waiting,
        }))
    }
}
