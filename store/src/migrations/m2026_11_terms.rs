//! On which terms one comes to a gathering: for whom it is, how many it has room for, who waits, who comes each time, who keeps it
//! beside its planner, and of what one is reminded.

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
        db.execute_unprepared(&TABLES.replace("{word}", word).replace("{compact}", compact)).await.map(drop)
    }
}

const TABLES: &str = "
-- Hints are written in another form. Those of before are for pages of before, which load anew.
DELETE FROM outbox;

-- What to look for at the door.
ALTER TABLE gatherings ADD COLUMN door TEXT NOT NULL DEFAULT '';
-- How many minutes before a session those who come are shown the link.
ALTER TABLE gatherings ADD COLUMN link_opens BIGINT NOT NULL DEFAULT 30;
ALTER TABLE gatherings ADD COLUMN capacity BIGINT CHECK (capacity > 0);
-- How many guests each may bring.
ALTER TABLE gatherings ADD COLUMN guests BIGINT NOT NULL DEFAULT 0;
-- How many hours before a session one has to answer.
ALTER TABLE gatherings ADD COLUMN answer_by BIGINT;
-- It is for those in gathering_named. Its audience is then 'community', which is never more than they are.
ALTER TABLE gatherings ADD COLUMN only_named BOOLEAN NOT NULL DEFAULT FALSE;

-- For whom a gathering for named people is: those it names, its planner and its co-hosts.
CREATE TABLE gathering_named (
    gathering_id BIGINT NOT NULL REFERENCES gatherings (id) ON DELETE CASCADE,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    PRIMARY KEY (gathering_id, member_id)
){compact};

-- Who keeps a gathering beside its planner.
CREATE TABLE gathering_hosts (
    gathering_id BIGINT NOT NULL REFERENCES gatherings (id) ON DELETE CASCADE,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    PRIMARY KEY (gathering_id, member_id)
){compact};

-- Who comes each time. It becomes an answer to each session some weeks ahead.
CREATE TABLE standing_answers (
    gathering_id BIGINT NOT NULL REFERENCES gatherings (id) ON DELETE CASCADE,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    guests BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (gathering_id, member_id)
){compact};

ALTER TABLE rsvps ADD COLUMN guests BIGINT NOT NULL DEFAULT 0;
-- They would come, and there was no room.
ALTER TABLE rsvps ADD COLUMN waiting BOOLEAN NOT NULL DEFAULT FALSE;
-- Since when they say so: the order of those who wait.
ALTER TABLE rsvps ADD COLUMN since BIGINT NOT NULL DEFAULT 0;
-- It was made of a standing answer.
ALTER TABLE rsvps ADD COLUMN standing BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE rsvps SET since = at;

-- Of which sessions a member wants to be reminded, and was.
ALTER TABLE members ADD COLUMN reminders TEXT NOT NULL DEFAULT 'both' CHECK (reminders IN ('both', 'day', 'hour', 'none'));
CREATE TABLE reminded (
    gathering_id BIGINT NOT NULL,
    date {word} NOT NULL,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    reminder TEXT NOT NULL CHECK (reminder IN ('tomorrow', 'soon')),
    PRIMARY KEY (gathering_id, date, member_id, reminder),
    FOREIGN KEY (gathering_id, date) REFERENCES sessions (gathering_id, date) ON DELETE CASCADE
){compact};
CREATE INDEX sessions_starts ON sessions (starts_at);
";
