//! Many hands: whose week it is, who is away, how much time a host gives, and handing the place over.

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
-- Whose week it is, by its Monday. Whoever has it is told once when it begins.
CREATE TABLE host_weeks (
    week {word} PRIMARY KEY,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    told BOOLEAN NOT NULL
){compact};
CREATE INDEX host_weeks_member ON host_weeks (member_id);

-- Whoever has a week asks whoever has another to swap.
CREATE TABLE week_swaps (
    week {word} PRIMARY KEY REFERENCES host_weeks (week) ON DELETE CASCADE,
    for_week {word} NOT NULL REFERENCES host_weeks (week) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    CHECK (week <> for_week)
){compact};
CREATE INDEX week_swaps_for ON week_swaps (for_week);

-- Hosts and greeters who are away, or will be.
CREATE TABLE aways (
    member_id {id} REFERENCES members (id) ON DELETE CASCADE,
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    -- For the other hosts; may be empty.
    word TEXT NOT NULL,
    CHECK (from_at < until_at)
);

-- How much time a host gave, in seconds a week: for that host alone. And whether they turned that off, and until when it was counted last.
CREATE TABLE host_meters (
    member_id {id} REFERENCES members (id) ON DELETE CASCADE,
    off BOOLEAN NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE TABLE host_time (
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    week {word} NOT NULL,
    seconds BIGINT NOT NULL CHECK (seconds >= 0),
    PRIMARY KEY (member_id, week)
){compact};

-- An admin hands the place over to somebody. Whether they declined is known to them alone.
CREATE TABLE hand_overs (
    giver_id {id} REFERENCES members (id) ON DELETE CASCADE,
    taker_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    becomes {word} NOT NULL CHECK (becomes IN ('admin', 'host', 'member')),
    at BIGINT NOT NULL,
    accepted_at BIGINT,
    declined BOOLEAN NOT NULL,
    CHECK (giver_id <> taker_id),
    CHECK (NOT declined OR accepted_at IS NULL)
);
CREATE INDEX hand_overs_taker ON hand_overs (taker_id);
";
