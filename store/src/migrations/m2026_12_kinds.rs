//! Notifications of kinds that come later: which there are is known to the program, and no longer to the table as well.

use super::{send, sqlite};
use sea_orm::{DbErr, DeriveMigrationName};
use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        send(manager, if sqlite(manager) { IN_SQLITE } else { IN_POSTGRES }).await
    }
}

// What a column allows can't be changed in SQLite; nothing points to this table, so it is made anew.
const IN_SQLITE: &str = "
CREATE TABLE notifications_anew (
    id INTEGER PRIMARY KEY,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
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

const IN_POSTGRES: &str = "
ALTER TABLE notifications DROP CONSTRAINT notifications_kind_check;
";
