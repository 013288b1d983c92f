//! The schema, as a list of steps that only go forward, and how they are taken.
//!
//! All pending steps are one transaction on both databases; on PostgreSQL an advisory lock makes processes that start together
//! take turns. A step that was released is never edited: a change is a new file. What the tables mean is told in the first step.

mod m2026_11_first;
mod m2026_11_sessions;
mod m2026_11_terms;
mod m2026_12_archives;
mod m2026_12_blocks;
mod m2026_12_bounds;
mod m2026_12_bring;
mod m2026_12_card;
mod m2026_12_doors;
mod m2026_12_export;
mod m2026_12_hands;
mod m2026_12_import;
mod m2026_12_introductions;
mod m2026_12_kinds;
mod m2026_12_known;
mod m2026_12_left;
mod m2026_12_letter;
mod m2026_12_mail;
mod m2026_12_parties;
mod m2026_12_pulse;
mod m2026_12_rooms;
mod m2026_12_round;
mod m2026_12_sentences;
mod m2026_12_sparks;
mod m2026_12_welcome;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{MigrationTrait, MigratorTrait, SchemaManager};

/// All steps, oldest first.
pub(crate) struct Migrations;

impl MigratorTrait for Migrations {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m2026_11_first::Migration),
            Box::new(m2026_11_sessions::Migration),
            Box::new(m2026_11_terms::Migration),
            Box::new(m2026_12_rooms::Migration),
            Box::new(m2026_12_mail::Migration),
            Box::new(m2026_12_import::Migration),
            Box::new(m2026_12_bring::Migration),
            Box::new(m2026_12_doors::Migration),
            Box::new(m2026_12_kinds::Migration),
            Box::new(m2026_12_introductions::Migration),
            Box::new(m2026_12_welcome::Migration),
            Box::new(m2026_12_parties::Migration),
            Box::new(m2026_12_sentences::Migration),
            Box::new(m2026_12_round::Migration),
            Box::new(m2026_12_archives::Migration),
            Box::new(m2026_12_hands::Migration),
            Box::new(m2026_12_sparks::Migration),
            Box::new(m2026_12_letter::Migration),
            Box::new(m2026_12_pulse::Migration),
            Box::new(m2026_12_known::Migration),
            Box::new(m2026_12_bounds::Migration),
            Box::new(m2026_12_card::Migration),
            Box::new(m2026_12_left::Migration),
            Box::new(m2026_12_blocks::Migration),
            Box::new(m2026_12_export::Migration),
        ]
    }
}

fn sqlite(manager: &SchemaManager<'_>) -> bool {
    manager.get_connection().get_database_backend() == DbBackend::Sqlite
}

/// Sends the statements of a step. `{word}` in them is text that is compared byte by byte, `{compact}` stands after a table that is looked up by
/// its key alone, and `{id}` is the type of an id that we mint.
async fn send(manager: &SchemaManager<'_>, statements: &str) -> Result<(), DbErr> {
    let (word, compact, id) =
        if sqlite(manager) { ("TEXT", " WITHOUT ROWID", "INTEGER PRIMARY KEY") } else { ("TEXT COLLATE \"C\"", "", "BIGINT PRIMARY KEY") };
    let statements = statements.replace("{word}", word).replace("{compact}", compact).replace("{id}", id);
    manager.get_connection().execute_unprepared(&statements).await.map(drop)
}

/// Which steps a database has taken.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    /// There are tables, but none of ours.
    pub strange: bool,
    /// Steps that this program does not know: a newer version took them.
    pub unknown: Vec<String>,
    /// How many steps that this program knows have been taken.
    pub known: usize,
    /// How many are still to be taken.
    pub pending: usize,
}

/// Reads which steps a database has taken, and changes nothing.
pub(crate) async fn taken<M: MigratorTrait>(db: &DatabaseConnection) -> Result<Taken, DbErr> {
    let ours: Vec<String> = M::migrations().iter().map(|step| step.name().to_owned()).collect();
    let backend = db.get_database_backend();
    let tables = match backend {
        DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        _ => "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = current_schema()",
    };
    let names = |sql: &'static str| async move {
        let rows = db.query_all_raw(Statement::from_string(backend, sql)).await?;
        rows.iter().map(|row| row.try_get_by_index::<String>(0)).collect::<Result<Vec<_>, DbErr>>()
    };
    let tables = names(tables).await?;
    if !tables.iter().any(|table| table == "seaql_migrations") {
        return Ok(Taken { strange: !tables.is_empty(), pending: ours.len(), ..Taken::default() });
    }
    let versions = names("SELECT version FROM seaql_migrations ORDER BY version").await?;
    let (known, unknown): (Vec<_>, Vec<_>) = versions.into_iter().partition(|version| ours.contains(version));
    Ok(Taken { strange: false, unknown, known: known.len(), pending: ours.len() - known.len() })
}

/// Takes all pending steps, or none.
pub(crate) async fn take<M: MigratorTrait>(db: &DatabaseConnection) -> Result<(), DbErr> {
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    let mode = (!postgres).then_some(SqliteTransactionMode::Immediate);
    let transaction = db.begin_with_options(TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() }).await?;
    if postgres {
        // Any number does, as long as every Porchlight uses the same: these are the letters "porchlit".
        transaction.execute_unprepared("SELECT pg_advisory_xact_lock(8101822593399645556)").await?;
    }
    M::up(&transaction, None).await?;
    transaction.commit().await
}
