//! What people bring to sessions, and who hosts which.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, DeriveMigrationName};
use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let postgres = db.get_database_backend() == DbBackend::Postgres;
        let (word, compact) = if postgres { ("TEXT COLLATE \"C\"", "") } else { ("TEXT", " WITHOUT ROWID") };
        db.execute_unprepared(&TABLES.replace("{word}", word).replace("{compact}", compact)).await?;
        Ok(())
    }
}

const TABLES: &str = "
-- What people bring to each session of a gathering, as JSON; empty is nothing.
ALTER TABLE gatherings ADD COLUMN things TEXT NOT NULL DEFAULT '';

-- What people bring to one session, in place of that; JSON.
CREATE TABLE own_things (
    gathering_id BIGINT NOT NULL,
    date {word} NOT NULL,
    things TEXT NOT NULL,
    PRIMARY KEY (gathering_id, date),
    FOREIGN KEY (gathering_id, date) REFERENCES sessions (gathering_id, date) ON DELETE CASCADE
){compact};

-- Who brings how many of what. A thing is known by its name in small letters.
CREATE TABLE takings (
    gathering_id BIGINT NOT NULL,
    date {word} NOT NULL,
    thing {word} NOT NULL,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    many BIGINT NOT NULL CHECK (many BETWEEN 1 AND 99),
    -- How many were needed when it was last taken: of no thing, more are taken than the most of these.
    needed BIGINT NOT NULL CHECK (needed BETWEEN 1 AND 99),
    at BIGINT NOT NULL,
    PRIMARY KEY (gathering_id, date, thing, member_id),
    FOREIGN KEY (gathering_id, date) REFERENCES sessions (gathering_id, date) ON DELETE CASCADE
){compact};
CREATE INDEX takings_member ON takings (member_id);

-- Whose turn it is to host a session. It counts as long as they keep the gathering.
CREATE TABLE rota (
    gathering_id BIGINT NOT NULL,
    date {word} NOT NULL,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    PRIMARY KEY (gathering_id, date),
    FOREIGN KEY (gathering_id, date) REFERENCES sessions (gathering_id, date) ON DELETE CASCADE
){compact};
CREATE INDEX rota_member ON rota (member_id);
";
