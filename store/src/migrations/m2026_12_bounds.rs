//! How many letters a party's roster caused, also when the party is undone: by it a host's letters of a day are bounded.

use super::send;
use sea_orm::{DbErr, DeriveMigrationName};
use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        send(manager, LETTERS).await
    }
}

const LETTERS: &str = "
ALTER TABLE parties ADD COLUMN letters BIGINT NOT NULL DEFAULT 0;
CREATE INDEX parties_by ON parties (made_by, made_at);
";
