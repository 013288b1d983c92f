//! What to look for at the door belongs to the place, which a session or an earlier rhythm may have of its own; and a session whose date
//! became another one is still found by the one that it had.

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
        db.execute_unprepared(&STEPS.replace("{word}", word).replace("{compact}", compact)).await.map(drop)
    }
}

const STEPS: &str = "
-- What to look for at the door, before the present rhythm. So far it was that of the gathering.
ALTER TABLE rhythms ADD COLUMN door TEXT NOT NULL DEFAULT '';
UPDATE rhythms SET door = (SELECT g.door FROM gatherings g WHERE g.id = rhythms.gathering_id);
-- That of one session, where it has its own.
ALTER TABLE sessions ADD COLUMN door TEXT;

-- By which date a session is known that was known by another one before its series changed.
CREATE TABLE former_dates (
    gathering_id BIGINT NOT NULL REFERENCES gatherings (id) ON DELETE CASCADE,
    was {word} NOT NULL,
    date {word} NOT NULL,
    PRIMARY KEY (gathering_id, was)
){compact};
";
