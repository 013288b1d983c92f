//! One member blocks another.

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
-- Whom somebody blocked: for them alone.
CREATE TABLE blocks (
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    blocked_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    PRIMARY KEY (member_id, blocked_id),
    CHECK (member_id <> blocked_id)
){compact};
CREATE INDEX blocks_blocked ON blocks (blocked_id);

-- They are named, for all who read it, and do not see it: an introduction to somebody whom they had blocked.
ALTER TABLE post_named ADD COLUMN hidden BOOLEAN NOT NULL DEFAULT FALSE;
";
