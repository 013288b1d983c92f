//! Mail: where members get it and what they want by it, and the letters that are to be delivered.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, DeriveMigrationName};
use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let postgres = db.get_database_backend() == DbBackend::Postgres;
        let (id, word) = if postgres { ("BIGINT PRIMARY KEY", "TEXT COLLATE \"C\"") } else { ("INTEGER PRIMARY KEY", "TEXT") };
        db.execute_unprepared(&TABLES.replace("{id}", id).replace("{word}", word)).await.map(drop)
    }
}

const TABLES: &str = "
-- A member's address, which is here when they have confirmed it; and the secret by which they end all mail without signing in.
ALTER TABLE members ADD COLUMN mail_address TEXT;
ALTER TABLE members ADD COLUMN mail_secret {word};
ALTER TABLE members ADD COLUMN mail_reminders BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE members ADD COLUMN mail_changes BOOLEAN NOT NULL DEFAULT TRUE;
CREATE UNIQUE INDEX members_mail_secret ON members (mail_secret);

-- The address that a member is asked to confirm. The code is kept as it is, since the letter is written later; all that it opens is that the
-- address that this member typed becomes theirs.
CREATE TABLE mail_confirmations (
    member_id {id} REFERENCES members (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    code {word} NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE UNIQUE INDEX mail_confirmations_code ON mail_confirmations (code);
CREATE INDEX mail_confirmations_expires ON mail_confirmations (expires_at);

-- Letters, without their words: they get those when they are delivered, so that they say what is true then.
CREATE TABLE letters (
    id {id},
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    what TEXT NOT NULL CHECK (what IN ('confirm', 'tomorrow', 'soon', 'changed', 'cancelled', 'on', 'named', 'room')),
    -- About which session; about none where an address is to be confirmed.
    gathering_id BIGINT REFERENCES gatherings (id) ON DELETE CASCADE,
    date {word},
    -- What tells one cause from another: of a reminder, when the session starts; of anything else, when it happened.
    cause BIGINT NOT NULL,
    by_id BIGINT REFERENCES members (id) ON DELETE SET NULL,
    at BIGINT NOT NULL,
    -- When it is to be tried. Whoever claims it puts that off, and so has it for themselves until then.
    due_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    -- By which it is answered, as its member was signed in when it was delivered.
    code {word},
    epoch BIGINT,
    settled_at BIGINT,
    outcome TEXT CHECK (outcome IN ('sent', 'dropped', 'given-up'))
);
CREATE UNIQUE INDEX letters_once ON letters (member_id, what, gathering_id, date, cause);
CREATE UNIQUE INDEX letters_code ON letters (code);
CREATE INDEX letters_due ON letters (due_at, id) WHERE settled_at IS NULL;
CREATE INDEX letters_settled ON letters (settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX letters_session ON letters (gathering_id, date);
";
