//! The founding under way: one row with the key and the step, which goes when the community is founded.

use crate::connection::{Store, Write, now, one, to_json, value, values};
use domain::{
    community::{HouseRules, Words, palette::Colour},
    gatherings::{NewGathering, PlanRefusal},
    ids::{InvitationId, MemberId},
    invitations::{NewInvitation, NewMember},
    live::Hint,
    outcome::{Error, Unavailable},
    prose::SafeHtml,
    setup::{NewPlace, Progress, SetupStore, Step},
    sign_in::SignedIn,
    viewer::Me,
};
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct SetupRow {
    step: String,
    founder_id: Option<i64>,
    epoch: Option<i64>,
}

impl SetupRow {
    fn progress(self) -> Result<Progress, Unavailable> {
        let step = Step::from_word(&self.step).ok_or_else(|| Unavailable::because("setup stands at no step"))?;
        let founder = self.founder_id.zip(self.epoch).map(|(member, epoch)| SignedIn { member: MemberId(member), epoch });
        Ok(Progress { step, founder })
    }
}

const PROGRESS: &str =
    "SELECT s.step, s.founder_id, m.epoch FROM setup s LEFT JOIN members m ON m.id = s.founder_id WHERE s.id = 1 AND s.key = $1";

impl Write {
    /// The founding of that key, if it has come to `step`, locked until the commit.
    async fn founding(&self, key: &str, step: Step) -> Result<Option<Progress>, Unavailable> {
        self.run("UPDATE setup SET step = step WHERE id = 1", values![]).await?;
        let progress = one::<SetupRow>(self.db(), PROGRESS, values![key]).await?.map(SetupRow::progress).transpose()?;
        Ok(progress.filter(|progress| progress.step >= step))
    }

    /// Founds the community; `false` if the key does not do it, or not yet.
    async fn found(&mut self, key: &str) -> Result<bool, Unavailable> {
        // The last two steps may be left for later; what comes before them makes a community.
        if self.founding(key, Step::Gathering).await?.is_none() {
            return Ok(false);
        }
        self.run("DELETE FROM setup", values![]).await?;
        self.run("UPDATE community SET founded_at = $1, revision = revision + 1", values![now().0]).await?;
        self.tell(None, &Hint::PlaceChanged).await?;
        Ok(true)
    }

    /// Moves on to the step after `taken`, unless a later one was reached before, and commits.
    async fn next_step(self, progress: &Progress, taken: Step) -> Result<bool, Unavailable> {
        let step = taken.next().unwrap_or(taken).max(progress.step);
        self.run("UPDATE setup SET step = $1 WHERE id = 1", values![step.word()]).await?;
        self.commit().await?;
        Ok(true)
    }
}

#[async_trait::async_trait]
impl SetupStore for Store {
    async fn key(&self, fresh: &str) -> Result<Option<String>, Unavailable> {
        let write = self.write().await?;
        let begin = "INSERT INTO setup (id, key, step) SELECT 1, $1, 'place' \
                     WHERE NOT EXISTS (SELECT 1 FROM community WHERE founded_at IS NOT NULL) ON CONFLICT (id) DO NOTHING";
        write.run(begin, values![fresh]).await?;
        let key = value(write.db(), "SELECT key FROM setup WHERE id = 1", values![]).await?;
        write.commit().await?;
        Ok(key)
    }

    async fn progress(&self, key: &str) -> Result<Option<Progress>, Unavailable> {
        one::<SetupRow>(self.read(), PROGRESS, values![key]).await?.map(SetupRow::progress).transpose()
    }

    async fn save_place(&self, key: &str, place: &NewPlace) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let Some(progress) = write.founding(key, Step::Place).await? else { return Ok(false) };
        let save = "INSERT INTO community (id, name, purpose, greeting, greeting_html, language, zone, size_cap, accent, words, \
                    who_invites, asks_open, reactions, revision) \
                    VALUES (1, $1, $2, '', '', $3, $4, $5, $6, $7, 'everyone', TRUE, $8, 1) \
                    ON CONFLICT (id) DO UPDATE SET name = $1, purpose = $2, language = $3, zone = $4, size_cap = $5, \
                    revision = community.revision + 1";
        let values = values![
            &place.name,
            &place.purpose,
            &place.language,
            place.zone.name(),
            i64::from(place.size_cap),
            place.accent.to_string(),
            to_json(&Words::default())?,
            to_json(&place.reactions)?,
        ];
        write.run(save, values).await?;
        write.next_step(&progress, Step::Place).await
    }

    async fn save_founder(&self, key: &str, founder: &NewMember) -> Result<Option<SignedIn>, Unavailable> {
        let write = self.write().await?;
        let Some(progress) = write.founding(key, Step::Founder).await? else { return Ok(None) };
        if progress.founder.is_some() {
            return Ok(progress.founder);
        }
        let signed_in = write.keep_member(founder, None).await?;
        write.run("UPDATE setup SET founder_id = $1 WHERE id = 1", values![signed_in.member.0]).await?;
        write.next_step(&progress, Step::Founder).await?;
        Ok(Some(signed_in))
    }

    async fn save_looks(&self, key: &str, accent: Colour, greeting: &str, greeting_html: &SafeHtml) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let Some(progress) = write.founding(key, Step::Looks).await? else { return Ok(false) };
        let save = "UPDATE community SET accent = $1, greeting = $2, greeting_html = $3, revision = revision + 1";
        write.run(save, values![accent.to_string(), greeting, greeting_html.as_str()]).await?;
        write.next_step(&progress, Step::Looks).await
    }

    async fn save_first_rules(&self, key: &str, rules: &HouseRules) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let Some(progress) = write.founding(key, Step::Rules).await? else { return Ok(false) };
        let save = "INSERT INTO house_rules (version, markdown, html, since, made_by) VALUES (1, $1, $2, $3, $4) \
                    ON CONFLICT (version) DO UPDATE SET markdown = $1, html = $2, since = $3";
        let founder = progress.founder.map(|founder| founder.member.0);
        write.run(save, values![&rules.markdown, rules.html.as_str(), rules.since.0, founder]).await?;
        write.next_step(&progress, Step::Rules).await
    }

    async fn pass(&self, key: &str, step: Step) -> Result<bool, Unavailable> {
        let write = self.write().await?;
        let Some(progress) = write.founding(key, step).await? else { return Ok(false) };
        write.next_step(&progress, step).await
    }

    async fn keep_first_gathering(&self, key: &str, host: &Me, gathering: &NewGathering) -> Result<bool, Error<PlanRefusal>> {
        let mut write = self.write().await?;
        let Some(progress) = write.founding(key, Step::Gathering).await? else { return Ok(false) };
        if progress.step > Step::Gathering {
            return Ok(true);
        }
        write.keep_gathering(host, gathering).await?;
        Ok(write.next_step(&progress, Step::Gathering).await?)
    }

    async fn finish(&self, key: &str) -> Result<bool, Unavailable> {
        let mut write = self.write().await?;
        let founded = write.found(key).await?;
        if founded {
            write.commit().await?;
        }
        Ok(founded)
    }

    async fn finish_inviting(&self, key: &str, by: &Me, invitation: &NewInvitation) -> Result<Option<InvitationId>, Unavailable> {
        let mut write = self.write().await?;
        if !write.found(key).await? {
            return Ok(None);
        }
        let id = write.keep_invitation(by, invitation).await?;
        write.commit().await?;
        Ok(Some(id))
    }
}
