//! What hosts say of people, and what they note for each other.

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
-- Who somebody is, in one line. What stands is seen by members, what waits by the person and the hosts; empty is none.
CREATE TABLE sentences (
    member_id {id} REFERENCES members (id) ON DELETE CASCADE,
    stands TEXT NOT NULL,
    -- Whose words they are: a host's, or the person's own.
    stands_by BIGINT REFERENCES members (id) ON DELETE SET NULL,
    stands_at BIGINT NOT NULL,
    waits TEXT NOT NULL,
    waits_by BIGINT REFERENCES members (id) ON DELETE SET NULL,
    waits_at BIGINT NOT NULL,
    wants_none BOOLEAN NOT NULL,
    CHECK (NOT wants_none OR (stands = '' AND waits = ''))
);

-- What hosts note about somebody, for hosts alone.
CREATE TABLE host_notes (
    id {id},
    about_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    by_id BIGINT REFERENCES members (id) ON DELETE SET NULL,
    words TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX host_notes_about ON host_notes (about_id, id);
";
