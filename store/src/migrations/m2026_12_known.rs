//! That two were introduced is known also when the introduction is taken back.

use super::send;
use sea_orm::{DbErr, DeriveMigrationName};
use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        send(manager, KNOWN).await
    }
}

const KNOWN: &str = "
-- They were introduced once, and are not again: whether they came to speak, one of them would rather not, or the host took it back.
ALTER TABLE left_alone ADD COLUMN introduced BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE left_alone SET introduced = TRUE WHERE EXISTS (
    SELECT 1 FROM introductions i WHERE i.one_id = left_alone.one_id AND i.other_id = left_alone.other_id
);
";
