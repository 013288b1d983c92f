//! The pulse: what was counted, and who is left be.

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
-- What was counted of each month, by its first day in the community's zone. All of it can be counted again from what it counts.
CREATE TABLE pulse_months (
    month {word} NOT NULL PRIMARY KEY,
    counted_at BIGINT NOT NULL,
    wrote BIGINT NOT NULL,
    talked BIGINT NOT NULL,
    conversations BIGINT NOT NULL,
    newcomers BIGINT NOT NULL,
    answered BIGINT NOT NULL,
    sessions BIGINT NOT NULL,
    came BIGINT NOT NULL
){compact};

-- How much came in each clock hour in which anything did, by when the hour began.
CREATE TABLE pulse_hours (
    at {id},
    came BIGINT NOT NULL
);

-- On which days who did something that all members can see.
CREATE TABLE pulse_days (
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    day {word} NOT NULL,
    wrote BOOLEAN NOT NULL,
    came BOOLEAN NOT NULL,
    PRIMARY KEY (member_id, day)
){compact};
CREATE INDEX pulse_days_day ON pulse_days (day, member_id);

-- Whom hosts leave be, and until when.
CREATE TABLE left_be (
    member_id {id} REFERENCES members (id) ON DELETE CASCADE,
    until BIGINT NOT NULL
);
";
