//! Rounds of hosts: their cards, and what was done on them.

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
CREATE TABLE rounds (
    id {id},
    -- What was done from then on is on its cards.
    since BIGINT NOT NULL,
    begun_by BIGINT REFERENCES members (id) ON DELETE SET NULL,
    begun_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- 1 while it goes on: there is one at a time.
    going BIGINT CHECK (going = 1),
    CHECK ((going IS NULL) <> (ended_at IS NULL))
);
CREATE UNIQUE INDEX rounds_going ON rounds (going);

-- The deck of a round, in its order. Whoever has a card has it until an instant, unless it is renewed.
CREATE TABLE round_cards (
    round_id BIGINT NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
    place BIGINT NOT NULL,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    held_by BIGINT REFERENCES members (id) ON DELETE SET NULL,
    held_until BIGINT NOT NULL DEFAULT 0,
    seen_by BIGINT REFERENCES members (id) ON DELETE SET NULL,
    seen_at BIGINT,
    PRIMARY KEY (round_id, place)
){compact};
CREATE UNIQUE INDEX round_cards_member ON round_cards (member_id, round_id);

-- What which host did for whom in a round.
CREATE TABLE round_deeds (
    round_id BIGINT NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    by_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    deed {word} NOT NULL CHECK (deed IN ('seen', 'answered', 'greeted', 'sentence')),
    PRIMARY KEY (round_id, by_id, deed, member_id)
){compact};

-- What somebody wrote since an instant, and who answered a gathering since one.
CREATE INDEX posts_by ON posts (author_id, id);
CREATE INDEX rsvps_at ON rsvps (at, member_id);
";
