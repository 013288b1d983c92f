//! What somebody leaves behind belongs to nobody: the empty places under which others answered, the picture of a gathering that goes on, and a
//! chat of which others said yes to their own words.

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

// What a column allows can't be changed in SQLite, and much points to these tables, so they can't be made anew: the column is. No key says what
// becomes of them: they are settled before a member goes, and what was forgotten keeps the member here.
const IN_SQLITE: &str = "
DROP INDEX posts_author;
DROP INDEX posts_by;
ALTER TABLE posts RENAME COLUMN author_id TO former_id;
ALTER TABLE posts ADD COLUMN author_id BIGINT REFERENCES members (id);
UPDATE posts SET author_id = former_id;
ALTER TABLE posts DROP COLUMN former_id;
CREATE INDEX posts_author ON posts (author_id, parent_id, id);
CREATE INDEX posts_by ON posts (author_id, id);

ALTER TABLE pictures RENAME COLUMN owner_id TO former_id;
ALTER TABLE pictures ADD COLUMN owner_id BIGINT REFERENCES members (id);
UPDATE pictures SET owner_id = former_id;
ALTER TABLE pictures DROP COLUMN former_id;

DROP INDEX archives_by;
ALTER TABLE archives RENAME COLUMN brought_by TO former_id;
ALTER TABLE archives ADD COLUMN brought_by BIGINT REFERENCES members (id);
UPDATE archives SET brought_by = former_id;
ALTER TABLE archives DROP COLUMN former_id;
CREATE INDEX archives_by ON archives (brought_by, kind, id);
";

const IN_POSTGRES: &str = "
ALTER TABLE posts ALTER COLUMN author_id DROP NOT NULL;
ALTER TABLE pictures ALTER COLUMN owner_id DROP NOT NULL;
ALTER TABLE archives ALTER COLUMN brought_by DROP NOT NULL;
ALTER TABLE archives DROP CONSTRAINT archives_brought_by_fkey;
ALTER TABLE archives ADD FOREIGN KEY (brought_by) REFERENCES members (id);
";
