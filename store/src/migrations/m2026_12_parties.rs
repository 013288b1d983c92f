//! Parties: groups that move in together on one roster.

use super::send;
use sea_orm::{DbErr, DeriveMigrationName};
use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        send(manager, TABLES).await
    }
}

const TABLES: &str = "
-- A roster that a host brought, until they have looked at what would become of it and say yes, or half a day has gone by.
CREATE TABLE roster_drafts (
    code {word} NOT NULL PRIMARY KEY,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    draft TEXT NOT NULL,
    until BIGINT NOT NULL
){compact};
CREATE INDEX roster_drafts_member ON roster_drafts (member_id, until);
CREATE INDEX roster_drafts_until ON roster_drafts (until);

CREATE TABLE parties (
    id {id},
    called TEXT NOT NULL,
    -- The code of the draft that it came of: from each comes one.
    draft {word} NOT NULL,
    made_by BIGINT NOT NULL REFERENCES members (id),
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- When the links that nobody had used were taken back.
    undone_at BIGINT,
    -- The opening day: when, for whom, with which first thread, by whom; and what came of it.
    opens_at BIGINT,
    opens_for TEXT,
    opening_words TEXT,
    opening_by BIGINT REFERENCES members (id) ON DELETE SET NULL,
    opened_at BIGINT,
    opening_post BIGINT REFERENCES posts (id) ON DELETE SET NULL
);
CREATE UNIQUE INDEX parties_draft ON parties (draft);
CREATE INDEX parties_open ON parties (opens_at) WHERE opens_at IS NOT NULL AND opened_at IS NULL;
CREATE INDEX parties_opening_post ON parties (opening_post) WHERE opening_post IS NOT NULL;

-- By it is known who came by which party.
ALTER TABLE invitations ADD COLUMN party_id BIGINT REFERENCES parties (id);
CREATE INDEX invitations_party ON invitations (party_id, id) WHERE party_id IS NOT NULL;

-- What is kept for somebody of a party until they come, beside their invitation; and the letter to them.
CREATE TABLE party_guests (
    invitation_id {id} REFERENCES invitations (id) ON DELETE CASCADE,
    -- The name that is kept for them as long as the invitation works.
    handle {word} NOT NULL,
    mail TEXT,
    line TEXT NOT NULL,
    interests TEXT NOT NULL,
    -- When it is to be tried; none where there is no letter, or none any more. Whoever claims it puts that off.
    due_at BIGINT,
    tries BIGINT NOT NULL,
    outcome TEXT
);
CREATE INDEX party_guests_handle ON party_guests (handle);
CREATE INDEX party_guests_due ON party_guests (due_at) WHERE due_at IS NOT NULL;
";
