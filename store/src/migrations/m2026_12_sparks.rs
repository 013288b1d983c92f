//! Sparks: what hosts ask, what is to come, what became of it; and posts that need no answer.

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
-- Posts and replies that need no answer: a host said so, for all hosts.
CREATE TABLE needs_no_answer (
    post_id {id} REFERENCES posts (id) ON DELETE CASCADE,
    by_id BIGINT REFERENCES members (id) ON DELETE SET NULL,
    at BIGINT NOT NULL
);

-- Prompts of the hosts' own.
CREATE TABLE prompts (
    id {id},
    words TEXT NOT NULL,
    kind {word} NOT NULL,
    mood {word} NOT NULL,
    by_id BIGINT REFERENCES members (id) ON DELETE SET NULL,
    at BIGINT NOT NULL
);

-- Sparks to come. The date and the time of the next are on the community's calendar and clock.
CREATE TABLE sparks_to_come (
    id {id},
    host_id BIGINT REFERENCES members (id) ON DELETE SET NULL,
    -- A list: of a weekly one, the wordings that take turns.
    wordings TEXT NOT NULL,
    prompt {word},
    date {word} NOT NULL,
    time {word} NOT NULL,
    weekly BOOLEAN NOT NULL,
    turn BIGINT NOT NULL,
    paused BOOLEAN NOT NULL,
    paused_by BIGINT REFERENCES members (id) ON DELETE SET NULL,
    -- Grows with each change: who sends it says what they saw, so that it is sent once and as it stands.
    changes BIGINT NOT NULL
);
CREATE INDEX sparks_to_come_date ON sparks_to_come (date);

-- Sparks that went by: the post, or why there was none.
CREATE TABLE sparks (
    id {id},
    host_id BIGINT REFERENCES members (id) ON DELETE SET NULL,
    prompt {word},
    post_id BIGINT REFERENCES posts (id) ON DELETE SET NULL,
    became {word} NOT NULL CHECK (became IN ('sent', 'late', 'no-host', 'stopped')),
    -- What it would have said, where it was not sent.
    words TEXT NOT NULL,
    -- For how many later weeks it was too late as well.
    more BIGINT NOT NULL,
    -- Which host stopped it.
    by_id BIGINT REFERENCES members (id) ON DELETE SET NULL,
    at BIGINT NOT NULL,
    CHECK (post_id IS NULL OR became = 'sent')
);
CREATE UNIQUE INDEX sparks_post ON sparks (post_id) WHERE post_id IS NOT NULL;
";
