//! The welcome path, and who greets whom.

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
-- The community's welcome path, once an admin changed it: steps and questions as JSON.
CREATE TABLE welcome_path (
    id {id} CHECK (id = 1),
    steps TEXT NOT NULL,
    questions TEXT NOT NULL,
    within_hours BIGINT NOT NULL CHECK (within_hours > 0)
);

-- What is known of a member's welcome beside what they did: which version of the house rules they accepted, whether they put their path
-- away, whether a host set them aside, whether they like to greet; and when they, as a host, last looked at the board.
CREATE TABLE welcomes (
    member_id {id} REFERENCES members (id) ON DELETE CASCADE,
    accepted BIGINT NOT NULL DEFAULT 0,
    put_away BOOLEAN NOT NULL DEFAULT FALSE,
    aside BOOLEAN NOT NULL DEFAULT FALSE,
    greets BOOLEAN NOT NULL DEFAULT FALSE,
    board_at BIGINT
);
CREATE INDEX welcomes_greets ON welcomes (member_id) WHERE greets;

-- Steps that a member put off.
CREATE TABLE welcome_later (
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    step {word} NOT NULL,
    PRIMARY KEY (member_id, step)
){compact};

-- Who was asked to greet whom. Whoever passed is not asked again; of the others there is one for a newcomer.
CREATE TABLE greetings (
    newcomer_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    greeter_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    asked_by BIGINT REFERENCES members (id) ON DELETE SET NULL,
    at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asked', 'accepted', 'passed')),
    PRIMARY KEY (newcomer_id, greeter_id)
){compact};
CREATE UNIQUE INDEX greetings_one ON greetings (newcomer_id) WHERE state <> 'passed';
CREATE INDEX greetings_greeter ON greetings (greeter_id);

-- What somebody answered.
CREATE INDEX rsvps_member ON rsvps (member_id, at);
";
