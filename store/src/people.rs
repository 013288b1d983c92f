//! Members' rows: profiles, roles, and whom a name means.

use crate::{
    connection::{Store, Write, all, among_words, from_json, one, to_json, value, values},
    law,
};
use domain::{
    hosting::sentences::shown,
    ids::{InvitationId, MemberId, PictureId},
    invitations::NewMember,
    outcome::{Error, Unavailable},
    people::{Byline, Handle, PeopleOrder, PeopleStore, Person, Profile, Role, RoleRefusal},
    sign_in::SignedIn,
    time::{Timestamp, Zone},
    viewer::{Admin, Me, Viewer},
};
use sea_orm::FromQueryResult;
use std::collections::BTreeSet;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A byline from its columns.
pub(crate) fn byline(id: i64, name: &str, display_name: String, picture: Option<i64>) -> Result<Byline, Unavailable> {
    Ok(Byline { id: MemberId(id), name: handle(name)?, display_name, picture: picture.map(PictureId) })
}

/// A byline from columns that are empty where nobody is meant, or whoever was has left.
pub(crate) fn maybe_byline(
    id: Option<i64>,
    name: Option<String>,
    display_name: Option<String>,
    picture: Option<i64>,
) -> Result<Option<Byline>, Unavailable> {
    match (id, name, display_name) {
        (Some(id), Some(name), Some(display_name)) => byline(id, &name, display_name, picture).map(Some),
        _ => Ok(None),
    }
}

/// A name that was checked when it was written down.
pub(crate) fn handle(name: &str) -> Result<Handle, Unavailable> {
    Handle::parse(name).map_err(|_| Unavailable::because("a kept name is not one"))
}

/// A role that was checked when it was written down.
pub(crate) fn role(word: &str) -> Result<Role, Unavailable> {
    Role::from_word(word).ok_or_else(|| Unavailable::because("a kept role is not one"))
}

/// The columns of a byline, of a member in table alias `m`.
#[derive(FromQueryResult)]
pub(crate) struct BylineRow {
    id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
}

impl BylineRow {
    pub fn byline(self) -> Result<Byline, Unavailable> {
        byline(self.id, &self.name, self.display_name, self.picture_id)
    }
}

/// A person, as [`PEOPLE`] reads them.
#[derive(FromQueryResult)]
pub(crate) struct PersonRow {
    id: i64,
    name: String,
    display_name: String,
    picture_id: Option<i64>,
    pronouns: String,
    line: String,
    town: String,
    stands: Option<String>,
    stands_by: Option<i64>,
    sayer: Option<String>,
    interests: String,
    role: String,
    zone: String,
    joined_at: i64,
    inviter_id: Option<i64>,
    inviter_name: Option<String>,
    inviter_display_name: Option<String>,
    inviter_picture_id: Option<i64>,
}

/// Reads people: of the members in table alias `m`, all that their pages show.
pub(crate) const PEOPLE: &str = "SELECT m.id, m.name, m.display_name, m.picture_id, m.pronouns, m.line, m.town, \
     t.stands, t.stands_by, b.display_name AS sayer, m.interests, m.role, m.zone, m.joined_at, \
     i.id AS inviter_id, i.name AS inviter_name, i.display_name AS inviter_display_name, i.picture_id AS inviter_picture_id \
     FROM members m LEFT JOIN members i ON i.id = m.invited_by \
     LEFT JOIN sentences t ON t.member_id = m.id LEFT JOIN members b ON b.id = t.stands_by";

impl PersonRow {
    pub fn person(self) -> Result<Person, Unavailable> {
        let invited_by = maybe_byline(self.inviter_id, self.inviter_name, self.inviter_display_name, self.inviter_picture_id)?;
        Ok(Person {
            who: byline(self.id, &self.name, self.display_name, self.picture_id)?,
            pronouns: self.pronouns,
            line: self.line,
            town: self.town,
            sentence: shown(self.stands.as_deref().unwrap_or_default(), self.sayer.as_deref(), self.stands_by == Some(self.id)),
            interests: from_json(&self.interests)?,
            role: role(&self.role)?,
            zone: Zone::from_record(self.zone),
            joined_at: Timestamp(self.joined_at),
            invited_by,
        })
    }
}

/// What completion looks in: see the column's comment.
fn sought_as(name: &str, display_name: &str) -> String {
    let words = display_name.to_lowercase();
    std::iter::once(name).chain(words.split_whitespace()).map(|word| format!(" {word}")).collect()
}

/// Where a name stands in a list of names: without the difference of case, nor that of accents. Letters that are no letter with an
/// accent (ø, ł) keep their place after those of their alphabet; to know better would need the collation of each language.
pub(crate) fn sorted_as(display_name: &str) -> String {
    display_name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// Text that stands for itself in a LIKE pattern whose escape is `\`.
pub(crate) fn like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

impl Write {
    /// Keeps a new member; a name that somebody has is a violation of `members.name`.
    pub async fn keep_member(&self, member: &NewMember, invitation: Option<(InvitationId, MemberId)>) -> Result<SignedIn, Unavailable> {
        let insert = "INSERT INTO members (id, name, password_hash, epoch, role, display_name, pronouns, line, interests, zone, \
                      sought_as, joined_at, invited_by, invitation_id, town) \
                      VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (id) DO NOTHING";
        let profile = &member.profile;
        let values = values![
            member.name.as_str(),
            &member.password_hash,
            member.role.word(),
            &profile.display_name,
            &profile.pronouns,
            &profile.line,
            to_json(&profile.interests)?,
            profile.zone.name(),
            sought_as(member.name.as_str(), &profile.display_name),
            member.at.0,
            invitation.map(|(_, by)| by.0),
            invitation.map(|(id, _)| id.0),
            &profile.town,
        ];
        let id = self.insert(member.at, insert, values).await?;
        Ok(SignedIn { member: MemberId(id), epoch: 1 })
    }

    /// Gives a member a role, and takes what goes with a higher one. Whether an admin is left is for the caller to see to.
    pub async fn give_role(&self, member: i64, role: Role) -> Result<(), Unavailable> {
        // A link that a host could make for a member must not open the door to an admin.
        self.run("DELETE FROM password_resets WHERE member_id = $1", values![member]).await?;
        self.run("UPDATE members SET role = $2 WHERE id = $1", values![member, role.word()]).await?;
        if role < Role::Host {
            // Who asks to join is for hosts; and what is left out of the list must not be counted as unread.
            self.run("DELETE FROM notifications WHERE member_id = $1 AND kind IN ('asked', 'week', 'swap')", values![member]).await?;
            self.give_hosting_up(member).await?;
        }
        let over =
            if role == Role::Admin { "DELETE FROM hand_overs WHERE taker_id = $1" } else { "DELETE FROM hand_overs WHERE giver_id = $1" };
        self.run(over, values![member]).await.map(drop)
    }
}

#[async_trait::async_trait]
impl PeopleStore for Store {
    async fn everyone(&self, viewer: &Viewer, order: PeopleOrder) -> Result<Vec<Person>, Unavailable> {
        let sql = format!("{PEOPLE} WHERE $1 <> 0 AND m.id > 0 ORDER BY m.id DESC");
        let rows: Vec<PersonRow> = all(self.read(), sql, values![law::viewer_id(viewer)]).await?;
        let mut people = rows.into_iter().map(PersonRow::person).collect::<Result<Vec<_>, _>>()?;
        if order == PeopleOrder::Name {
            people.sort_by_cached_key(|person| (sorted_as(&person.who.display_name), person.who.id));
        }
        Ok(people)
    }

    async fn person(&self, viewer: &Viewer, name: &Handle) -> Result<Option<Person>, Unavailable> {
        let sql = format!("{PEOPLE} WHERE $1 <> 0 AND m.name = $2");
        let row: Option<PersonRow> = one(self.read(), sql, values![law::viewer_id(viewer), name.as_str()]).await?;
        row.map(PersonRow::person).transpose()
    }

    async fn beginning_with(&self, _me: &Me, start: &str) -> Result<Vec<Byline>, Unavailable> {
        let sql = "SELECT m.id, m.name, m.display_name, m.picture_id FROM members m WHERE m.sought_as LIKE $1 ESCAPE '\\' \
                   ORDER BY COALESCE(m.looked_at, m.joined_at) DESC, m.id DESC LIMIT 8";
        let pattern = format!("% {}%", like(&start.to_lowercase()));
        let rows: Vec<BylineRow> = all(self.read(), sql, values![pattern]).await?;
        rows.into_iter().map(BylineRow::byline).collect()
    }

    async fn known(&self, names: &BTreeSet<Handle>) -> Result<Vec<(Handle, MemberId)>, Unavailable> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let among = among_words(self.read(), names.iter().map(Handle::as_str));
        // `$1` is not used: lists are always `$2`.
        let sql = format!("SELECT id, name, display_name, picture_id FROM members WHERE $1 = 0 AND name {}", among.sql);
        let rows: Vec<BylineRow> = all(self.read(), sql, [0_i64.into(), among.value]).await?;
        rows.into_iter().map(|row| Ok((handle(&row.name)?, MemberId(row.id)))).collect()
    }

    async fn save_profile(&self, me: &Me, profile: &Profile) -> Result<(), Unavailable> {
        let write = self.write().await?;
        let save = "UPDATE members SET display_name = $2, pronouns = $3, line = $4, interests = $5, zone = $6, sought_as = $7, town = $8 \
             WHERE id = $1";
        let values = values![
            me.id.0,
            &profile.display_name,
            &profile.pronouns,
            &profile.line,
            to_json(&profile.interests)?,
            profile.zone.name(),
            sought_as(me.name.as_str(), &profile.display_name),
            &profile.town,
        ];
        write.run(save, values).await?;
        write.commit().await
    }

    async fn save_about(&self, me: &Me, line: Option<&str>, interests: Option<&[String]>) -> Result<(), Unavailable> {
        let write = self.write().await?;
        let save = "UPDATE members SET line = COALESCE($2, line), interests = COALESCE($3, interests) WHERE id = $1";
        let interests = interests.map(|interests| to_json(&interests)).transpose()?;
        write.run(save, values![me.id.0, line.map(str::to_owned), interests]).await?;
        write.commit().await
    }

    async fn save_portrait(&self, me: &Me, picture: Option<PictureId>) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        write.run("UPDATE members SET id = id WHERE id = $1", values![me.id.0]).await?;
        let former: Option<i64> = value(write.db(), "SELECT picture_id FROM members WHERE id = $1", values![me.id.0]).await?.flatten();
        if former == picture.map(|picture| picture.0) {
            return Ok(true);
        }
        if let Some(picture) = picture
            && !write.hang(me, picture).await?
        {
            return Ok(false);
        }
        write.free(former).await?;
        write.run("UPDATE members SET picture_id = $2 WHERE id = $1", values![me.id.0, picture.map(|picture| picture.0)]).await?;
        write.commit().await?;
        Ok(true)
    }

    async fn save_role(&self, by: &Admin, name: &Handle, role: Role) -> Result<(), Error<RoleRefusal>> {
        let write = self.write().await?;
        write.lock_community().await?;
        if write.role_of(by.me().id).await? != Role::Admin {
            return Err(Error::Refused(RoleRefusal::NotYours));
        }
        let found: Option<i64> = value(write.db(), "SELECT id FROM members WHERE name = $1", values![name.as_str()]).await?;
        let Some(member) = found else { return Err(Error::Refused(RoleRefusal::Nobody)) };
        write.give_role(member, role).await?;
        let admins: Option<i64> = value(write.db(), "SELECT COUNT(*) FROM members WHERE role = 'admin'", values![]).await?;
        if admins.unwrap_or(0) == 0 {
            return Err(Error::Refused(RoleRefusal::LastAdmin));
        }
        Ok(write.commit().await?)
    }
}
