//! What is somebody's is found by whose it is, for the file that they take home.

use super::send;
use sea_orm::{DbErr, DeriveMigrationName};
use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        send(manager, INDEXES).await
    }
}

const INDEXES: &str = "
CREATE INDEX pictures_of ON pictures (owner_id, id);
CREATE INDEX reactions_of ON reactions (member_id, id);
CREATE INDEX standing_answers_of ON standing_answers (member_id);
CREATE INDEX gatherings_of ON gatherings (host_id);
CREATE INDEX gathering_hosts_of ON gathering_hosts (member_id);
CREATE INDEX wall_of ON wall (member_id, picture_id);
CREATE INDEX sparks_of ON sparks (host_id, id) WHERE host_id IS NOT NULL;
CREATE INDEX sparks_to_come_of ON sparks_to_come (host_id, id) WHERE host_id IS NOT NULL;
CREATE INDEX prompts_of ON prompts (by_id, id) WHERE by_id IS NOT NULL;
";
