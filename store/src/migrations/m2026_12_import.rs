//! Gatherings that came out of a calendar file, and the files that wait for their sender's yes.

use sea_orm::{ConnectionTrait, DbErr, DeriveMigrationName};
use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(TABLES).await.map(drop)
    }
}

const TABLES: &str = "
-- By what a gathering is known that came out of a file: letters and digits made of the UID that it had there. Nobody reads the UID
-- itself from it, which may be somebody's address.
ALTER TABLE gatherings ADD COLUMN imported_as TEXT;
CREATE INDEX gatherings_imported_as ON gatherings (imported_as) WHERE imported_as IS NOT NULL;
-- At /gatherings/import there is now a page.
UPDATE gatherings SET slug = 'import-gathering-' || id WHERE slug = 'import';

-- What was read of a file, until its sender says what of it is to be taken in, or half an hour has gone by.
CREATE TABLE imports (
    code TEXT PRIMARY KEY,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    calendar TEXT NOT NULL,
    at BIGINT NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX imports_member ON imports (member_id, at);
CREATE INDEX imports_until ON imports (until);
";
