//! The community's own row, and the versions of its house rules.

use crate::connection::{Store, Write, all, from_json, one, to_json, value, values};
use domain::{
    community::{Community, CommunityChange, CommunityStore, HouseRules, WhoInvites, Words, palette::Colour},
    ids::{MemberId, PictureId},
    live::Hint,
    outcome::Unavailable,
    prose::SafeHtml,
    time::{Timestamp, Zone},
    viewer::Admin,
};
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct CommunityRow {
    name: String,
    purpose: String,
    greeting: String,
    greeting_html: String,
    language: String,
    zone: String,
    size_cap: i64,
    accent: String,
    logo: Option<i64>,
    words: String,
    who_invites: String,
    asks_open: bool,
    reactions: String,
    revision: i64,
    founded_at: Option<i64>,
}

impl CommunityRow {
    fn community(self) -> Result<Community, Unavailable> {
        Ok(Community {
            name: self.name,
            purpose: self.purpose,
            greeting: self.greeting,
            greeting_html: SafeHtml::from_sanitizer(self.greeting_html),
            language: self.language,
            zone: Zone::from_record(self.zone),
            size_cap: self.size_cap as u32,
            accent: self.accent.parse().map_err(|_| Unavailable::because("the kept accent is not a colour"))?,
            logo: self.logo.map(PictureId),
            words: from_json(&self.words)?,
            who_invites: who_invites(&self.who_invites),
            asks_open: self.asks_open,
            reactions: from_json(&self.reactions)?,
            revision: self.revision,
        })
    }
}

/// Who may invite, from its word; the table allows no third one.
pub(crate) fn who_invites(word: &str) -> WhoInvites {
    if word == "hosts" { WhoInvites::Hosts } else { WhoInvites::Everyone }
}

fn word(who: WhoInvites) -> &'static str {
    match who {
        WhoInvites::Everyone => "everyone",
        WhoInvites::Hosts => "hosts",
    }
}

#[derive(FromQueryResult)]
struct RulesRow {
    version: i64,
    markdown: String,
    html: String,
    since: i64,
}

impl Store {
    async fn community_row(&self) -> Result<Option<CommunityRow>, Unavailable> {
        one(self.read(), "SELECT * FROM community", values![]).await
    }

    /// The community while it is being founded, too: setup shows what was entered, and takes its zone.
    pub async fn founding_community(&self) -> Result<Option<Community>, Unavailable> {
        self.community_row().await?.map(CommunityRow::community).transpose()
    }

    async fn change_place(&self, set: &str, values: Vec<sea_orm::Value>) -> Result<(), Unavailable> {
        let mut write = self.write().await?;
        write.run(format!("UPDATE community SET {set}, revision = revision + 1"), values).await?;
        write.tell(None, &Hint::PlaceChanged).await?;
        write.commit().await
    }
}

#[async_trait::async_trait]
impl CommunityStore for Store {
    async fn community(&self) -> Result<Option<Community>, Unavailable> {
        self.community_row().await?.filter(|row| row.founded_at.is_some()).map(CommunityRow::community).transpose()
    }

    async fn size(&self) -> Result<u32, Unavailable> {
        size(self.read()).await
    }

    async fn rules(&self) -> Result<Option<HouseRules>, Unavailable> {
        let rules: Vec<RulesRow> =
            all(self.read(), "SELECT version, markdown, html, since FROM house_rules ORDER BY version DESC LIMIT 1", values![]).await?;
        Ok(rules.into_iter().next().map(|row| HouseRules {
            version: row.version,
            markdown: row.markdown,
            html: SafeHtml::from_sanitizer(row.html),
            since: Timestamp(row.since),
        }))
    }

    async fn save_community(&self, _by: &Admin, change: &CommunityChange) -> Result<(), Unavailable> {
        self.change_place(
            "name = $1, purpose = $2, greeting = $3, greeting_html = $4, language = $5, zone = $6, size_cap = $7, \
             who_invites = $8, asks_open = $9, reactions = $10",
            values![
                &change.name,
                &change.purpose,
                &change.greeting,
                change.greeting_html.as_str(),
                &change.language,
                change.zone.name(),
                i64::from(change.size_cap),
                word(change.who_invites),
                change.asks_open,
                to_json(&change.reactions)?,
            ],
        )
        .await
    }

    async fn save_words(&self, _by: &Admin, words: &Words) -> Result<(), Unavailable> {
        self.change_place("words = $1", values![to_json(words)?]).await
    }

    async fn save_accent(&self, _by: &Admin, accent: Colour) -> Result<(), Unavailable> {
        self.change_place("accent = $1", values![accent.to_string()]).await
    }

    async fn save_logo(&self, by: &Admin, picture: Option<PictureId>) -> Result<bool, Unavailable> {
        let mut write = self.write().await?;
        write.lock_community().await?;
        let former: Option<i64> = value(write.db(), "SELECT logo FROM community", values![]).await?.flatten();
        if former == picture.map(|picture| picture.0) {
            return Ok(true);
        }
        if let Some(picture) = picture
            && !write.hang(by.me(), picture).await?
        {
            return Ok(false);
        }
        write.free(former).await?;
        write.run("UPDATE community SET logo = $1, revision = revision + 1", values![picture.map(|picture| picture.0)]).await?;
        write.tell(None, &Hint::PlaceChanged).await?;
        write.commit().await?;
        Ok(true)
    }

    async fn save_rules(&self, by: MemberId, markdown: &str, html: &SafeHtml, at: Timestamp) -> Result<(), Unavailable> {
        let mut write = self.write().await?;
        write.lock_community().await?;
        let insert = "INSERT INTO house_rules (version, markdown, html, since, made_by) \
                      SELECT COALESCE(MAX(version), 0) + 1, $1, $2, $3, $4 FROM house_rules";
        write.run(insert, values![markdown, html.as_str(), at.0, by.0]).await?;
        write.tell(None, &Hint::PlaceChanged).await?;
        write.commit().await
    }
}

/// How many members there are.
pub(crate) async fn size(db: &impl sea_orm::ConnectionTrait) -> Result<u32, Unavailable> {
    Ok(value::<i64>(db, "SELECT COUNT(*) FROM members", values![]).await?.unwrap_or(0) as u32)
}

impl Write {
    /// The community's reactions.
    pub async fn reactions(&self) -> Result<Vec<String>, Unavailable> {
        let reactions: Option<String> = value(self.db(), "SELECT reactions FROM community", values![]).await?;
        reactions.map_or(Ok(Vec::new()), |text| from_json(&text))
    }
}
