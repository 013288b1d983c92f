//! What a group had before it moved in: archives, who speaks in them, and the words that wait for their person's yes.

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
CREATE TABLE archives (
    id {id},
    kind {word} NOT NULL CHECK (kind IN ('chat', 'posts')),
    called TEXT NOT NULL,
    brought_by BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    -- Words that nobody has said yes to by then are forgotten.
    until BIGINT NOT NULL,
    left_behind TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    -- Somebody was asked about it.
    asked BOOLEAN NOT NULL
);
CREATE INDEX archives_kind ON archives (kind, id);
CREATE INDEX archives_by ON archives (brought_by, kind, id);
CREATE INDEX archives_until ON archives (until);

-- Who speaks in an archive, and who that is here.
CREATE TABLE archive_voices (
    archive_id BIGINT NOT NULL REFERENCES archives (id) ON DELETE CASCADE,
    place BIGINT NOT NULL,
    called TEXT NOT NULL,
    -- How many messages it had when it was brought: what became of them shows nobody's no.
    said BIGINT NOT NULL,
    member_id BIGINT REFERENCES members (id) ON DELETE CASCADE,
    answer {word} CHECK (answer IN ('yes', 'no')),
    -- When the answer was given, as long as it is not seen to.
    due_at BIGINT,
    PRIMARY KEY (archive_id, place)
){compact};
CREATE INDEX archive_voices_member ON archive_voices (member_id, archive_id, place) WHERE member_id IS NOT NULL;
CREATE INDEX archive_voices_due ON archive_voices (answer, due_at) WHERE due_at IS NOT NULL;

-- A message waits with its words, and then is a post, which has them alone.
CREATE TABLE archive_messages (
    archive_id BIGINT NOT NULL,
    place BIGINT NOT NULL,
    voice BIGINT NOT NULL,
    at BIGINT NOT NULL,
    words TEXT NOT NULL,
    answers BIGINT,
    left_out BOOLEAN NOT NULL,
    post_id BIGINT REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (archive_id, place),
    FOREIGN KEY (archive_id, voice) REFERENCES archive_voices (archive_id, place) ON DELETE CASCADE
);
CREATE INDEX archive_messages_voice ON archive_messages (archive_id, voice, place);
CREATE INDEX archive_messages_post ON archive_messages (post_id) WHERE post_id IS NOT NULL;

-- The thread of each month of a chat.
CREATE TABLE archive_months (
    archive_id BIGINT NOT NULL REFERENCES archives (id) ON DELETE CASCADE,
    month {word} NOT NULL,
    post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (archive_id, month)
){compact};
CREATE INDEX archive_months_post ON archive_months (post_id);
";
