//! The weekly letter: the draft that hosts share, the letters that were sent, and who wants them by mail. And the first gathering of an opening
//! day.

use super::{send, sqlite};
use sea_orm::{DbErr, DeriveMigrationName};
use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        send(manager, TABLES).await?;
        send(manager, if sqlite(manager) { MAIL_IN_SQLITE } else { MAIL_IN_POSTGRES }).await
    }
}

const TABLES: &str = "
-- Nobody gets the letter by mail who has not asked for it.
ALTER TABLE members ADD COLUMN mail_weekly BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX members_mail_weekly ON members (id) WHERE mail_weekly;

-- The one draft, as it was kept last; without words where none is begun.
CREATE TABLE weekly_draft (
    id {id} CHECK (id = 1),
    -- On which day of the week a letter is due: 0 is Monday.
    day BIGINT NOT NULL CHECK (day BETWEEN 0 AND 6),
    -- Grows each time it is kept or sent: whoever keeps it or sends it says which one they saw.
    version BIGINT NOT NULL,
    title TEXT,
    opening TEXT,
    week TEXT,
    closing TEXT,
    by_id BIGINT REFERENCES members (id) ON DELETE SET NULL,
    at BIGINT
);

CREATE TABLE weekly_letters (
    id {id},
    -- What it says is what its post says.
    post_id BIGINT REFERENCES posts (id) ON DELETE SET NULL,
    by_id BIGINT REFERENCES members (id) ON DELETE SET NULL,
    title TEXT NOT NULL,
    -- Of which version of the draft it was made: of each, one.
    version BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    -- To how many it was written by mail; to whom is not kept once that is done.
    mails BIGINT NOT NULL
);
CREATE UNIQUE INDEX weekly_letters_version ON weekly_letters (version);
CREATE INDEX weekly_letters_post ON weekly_letters (post_id);

-- What comes with the opening day of a party, as JSON.
ALTER TABLE parties ADD COLUMN opening_first TEXT;
";

// What a column allows can't be changed in SQLite; nothing points to this table, so it is made anew.
const MAIL_IN_SQLITE: &str = "
CREATE TABLE letters_anew (
    id INTEGER PRIMARY KEY,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    what TEXT NOT NULL,
    gathering_id BIGINT REFERENCES gatherings (id) ON DELETE CASCADE,
    date TEXT,
    cause BIGINT NOT NULL,
    by_id BIGINT REFERENCES members (id) ON DELETE SET NULL,
    at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    code TEXT,
    epoch BIGINT,
    settled_at BIGINT,
    outcome TEXT CHECK (outcome IN ('sent', 'dropped', 'given-up')),
    weekly_id BIGINT REFERENCES weekly_letters (id) ON DELETE CASCADE
);
INSERT INTO letters_anew SELECT id, member_id, what, gathering_id, date, cause, by_id, at, due_at, tries, code, epoch, settled_at, outcome, NULL FROM letters;
DROP TABLE letters;
ALTER TABLE letters_anew RENAME TO letters;
CREATE UNIQUE INDEX letters_once ON letters (member_id, what, gathering_id, date, cause);
CREATE UNIQUE INDEX letters_code ON letters (code);
CREATE INDEX letters_due ON letters (due_at, id) WHERE settled_at IS NULL;
CREATE INDEX letters_settled ON letters (settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX letters_session ON letters (gathering_id, date);
CREATE UNIQUE INDEX letters_weekly ON letters (weekly_id, member_id);
";

const MAIL_IN_POSTGRES: &str = "
ALTER TABLE letters DROP CONSTRAINT letters_what_check;
ALTER TABLE letters ADD COLUMN weekly_id BIGINT REFERENCES weekly_letters (id) ON DELETE CASCADE;
CREATE UNIQUE INDEX letters_weekly ON letters (weekly_id, member_id);
";
