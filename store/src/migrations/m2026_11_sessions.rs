//! Gatherings whose sessions differ: moved, left out, added, cancelled; and rhythms that were others before.

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
        db.execute_unprepared(if postgres { NOTIFICATIONS_IN_POSTGRES } else { NOTIFICATIONS_IN_SQLITE }).await?;
        Ok(())
    }
}

const TABLES: &str = "
-- Why all that is still to come was cancelled, and from when on.
ALTER TABLE gatherings ADD COLUMN cancelled TEXT;
ALTER TABLE gatherings ADD COLUMN cancelled_at BIGINT;

-- When and where a gathering was before it was changed from some session on. The present rhythm is in the gathering.
CREATE TABLE rhythms (
    gathering_id BIGINT NOT NULL REFERENCES gatherings (id) ON DELETE CASCADE,
    first_date {word} NOT NULL,
    start_time TEXT NOT NULL,
    minutes BIGINT NOT NULL,
    zone TEXT NOT NULL,
    rule TEXT,
    place TEXT NOT NULL,
    link TEXT NOT NULL,
    PRIMARY KEY (gathering_id, first_date)
){compact};

-- What a session has of its own. The date stays that by which it is known, also where it was moved.
ALTER TABLE sessions ADD COLUMN standing TEXT NOT NULL DEFAULT 'usual' CHECK (standing IN ('usual', 'left-out', 'extra'));
ALTER TABLE sessions ADD COLUMN moved_date TEXT;
ALTER TABLE sessions ADD COLUMN moved_time TEXT;
ALTER TABLE sessions ADD COLUMN moved_minutes BIGINT;
ALTER TABLE sessions ADD COLUMN cancelled TEXT;
ALTER TABLE sessions ADD COLUMN place TEXT;
ALTER TABLE sessions ADD COLUMN link TEXT;
ALTER TABLE sessions ADD COLUMN markdown TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN html TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN changes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
-- Where it has something of its own: until when that matters, the later of its usual end and its own.
ALTER TABLE sessions ADD COLUMN special_until BIGINT;
CREATE INDEX sessions_special ON sessions (gathering_id, special_until) WHERE special_until IS NOT NULL;
";

// There are new kinds. What a column allows can't be changed in SQLite; nothing points to this table, so it is made anew.
const NOTIFICATIONS_IN_SQLITE: &str = "
CREATE TABLE notifications_anew (
    id INTEGER PRIMARY KEY,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('mentioned', 'replied', 'wrote', 'reacted', 'joined', 'asked', 'answered', 'session')),
    actor_id BIGINT REFERENCES members (id) ON DELETE CASCADE,
    post_id BIGINT REFERENCES posts (id) ON DELETE CASCADE,
    reaction TEXT,
    gathering_id BIGINT REFERENCES gatherings (id) ON DELETE CASCADE,
    date TEXT,
    answer TEXT,
    ask_id BIGINT REFERENCES asks (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    unread BOOLEAN NOT NULL
);
INSERT INTO notifications_anew SELECT id, member_id, kind, actor_id, post_id, reaction, gathering_id, date, answer, ask_id, at, unread FROM notifications;
DROP TABLE notifications;
ALTER TABLE notifications_anew RENAME TO notifications;
CREATE INDEX notifications_member ON notifications (member_id, id);
CREATE INDEX notifications_unread ON notifications (member_id) WHERE unread;
CREATE INDEX notifications_post ON notifications (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX notifications_gathering ON notifications (gathering_id) WHERE gathering_id IS NOT NULL;
";

const NOTIFICATIONS_IN_POSTGRES: &str = "
ALTER TABLE notifications DROP CONSTRAINT notifications_kind_check;
ALTER TABLE notifications ADD CONSTRAINT notifications_kind_check
    CHECK (kind IN ('mentioned', 'replied', 'wrote', 'reacted', 'joined', 'asked', 'answered', 'session'));
";
