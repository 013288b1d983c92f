//! The rooms of sessions, who was there, and the keepsake.

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
-- What is set up for the rooms of a gathering's sessions, and of one session where that is not the usual: JSON; empty is a table.
ALTER TABLE gatherings ADD COLUMN room TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN room TEXT;

-- Since when its host is asked whether it is still on, and when they last said that it is.
ALTER TABLE gatherings ADD COLUMN quiet_since BIGINT;
ALTER TABLE gatherings ADD COLUMN on_since BIGINT NOT NULL DEFAULT 0;

-- A post of a room is on no timeline: it is found by its session.
ALTER TABLE posts ADD COLUMN in_room BOOLEAN NOT NULL DEFAULT FALSE;

-- Others may see in which room a member is.
ALTER TABLE members ADD COLUMN shown_here BOOLEAN NOT NULL DEFAULT TRUE;

-- The room of a session, and its keepsake.
CREATE TABLE rooms (
    gathering_id BIGINT NOT NULL,
    date {word} NOT NULL,
    -- The clock and its turns, as JSON; empty before it was first set.
    clock TEXT NOT NULL,
    turns TEXT NOT NULL,
    sets BIGINT NOT NULL,
    -- The first post of the talk.
    talk_id BIGINT REFERENCES posts (id) ON DELETE SET NULL,
    -- The host's note.
    note TEXT NOT NULL,
    note_html TEXT NOT NULL,
    published BOOLEAN NOT NULL,
    PRIMARY KEY (gathering_id, date),
    FOREIGN KEY (gathering_id, date) REFERENCES sessions (gathering_id, date) ON DELETE CASCADE
){compact};
CREATE INDEX rooms_talk ON rooms (talk_id) WHERE talk_id IS NOT NULL;

-- Pictures that hang on the wall of a session.
CREATE TABLE wall (
    gathering_id BIGINT NOT NULL,
    date {word} NOT NULL,
    picture_id BIGINT NOT NULL REFERENCES pictures (id) ON DELETE CASCADE,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    -- What was on when it came.
    turn TEXT NOT NULL,
    -- Visitors may see it where the keepsake is published.
    agreed BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (gathering_id, date, picture_id),
    FOREIGN KEY (gathering_id, date) REFERENCES sessions (gathering_id, date) ON DELETE CASCADE
){compact};
CREATE UNIQUE INDEX wall_picture ON wall (picture_id);

-- Who is in a room: since when, and when they were last heard of.
CREATE TABLE here (
    gathering_id BIGINT NOT NULL,
    date {word} NOT NULL,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (gathering_id, date, member_id),
    FOREIGN KEY (gathering_id, date) REFERENCES sessions (gathering_id, date) ON DELETE CASCADE
){compact};

-- Who was at a session, or is said not to have been. What is known by 2 (themselves) goes before 1 (a host) and 0 (the room).
CREATE TABLE attendance (
    gathering_id BIGINT NOT NULL,
    date {word} NOT NULL,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    came BOOLEAN NOT NULL,
    known_by BIGINT NOT NULL CHECK (known_by BETWEEN 0 AND 2),
    at BIGINT NOT NULL,
    PRIMARY KEY (gathering_id, date, member_id),
    FOREIGN KEY (gathering_id, date) REFERENCES sessions (gathering_id, date) ON DELETE CASCADE
){compact};
CREATE INDEX attendance_member ON attendance (member_id, date);

-- Who else was there, without an account.
CREATE TABLE attendance_names (
    gathering_id BIGINT NOT NULL,
    date {word} NOT NULL,
    place BIGINT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (gathering_id, date, place),
    FOREIGN KEY (gathering_id, date) REFERENCES sessions (gathering_id, date) ON DELETE CASCADE
){compact};
";
