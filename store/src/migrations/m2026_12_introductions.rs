//! Introductions, and where people say they live.

use super::send;
use sea_orm::{DbErr, DeriveMigrationName};
use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        send(manager, STEPS).await
    }
}

const STEPS: &str = "
-- Where a member says they live; may be empty.
ALTER TABLE members ADD COLUMN town TEXT NOT NULL DEFAULT '';

-- Who introduced whom to whom, by the post that opens the thread. The one has the smaller id.
CREATE TABLE introductions (
    post_id {id} REFERENCES posts (id) ON DELETE CASCADE,
    one_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    other_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    host_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    -- They would rather not. Nobody else is told.
    one_declined BOOLEAN NOT NULL,
    other_declined BOOLEAN NOT NULL,
    CHECK (one_id < other_id)
);
CREATE UNIQUE INDEX introductions_pair ON introductions (one_id, other_id);
CREATE INDEX introductions_other ON introductions (other_id);

-- Pairs that are not proposed: introduced before, passed over by a host, or by one of them.
CREATE TABLE left_alone (
    one_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    other_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    PRIMARY KEY (one_id, other_id),
    CHECK (one_id < other_id)
){compact};
CREATE INDEX left_alone_other ON left_alone (other_id);
";
