//! Deeds of kinds that come later: which there are is known to the program, and no longer to the table as well.

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
CREATE TABLE round_deeds_anew (
    round_id BIGINT NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
    member_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    by_id BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    deed {word} NOT NULL,
    PRIMARY KEY (round_id, by_id, deed, member_id)
){compact};
INSERT INTO round_deeds_anew SELECT round_id, member_id, by_id, deed FROM round_deeds;
DROP TABLE round_deeds;
ALTER TABLE round_deeds_anew RENAME TO round_deeds;
";

const IN_POSTGRES: &str = "
ALTER TABLE round_deeds DROP CONSTRAINT round_deeds_deed_check;
";
