//! Opening the database: where it is, what can be wrong with it, and how its schema is brought up to date.
//!
//! A SQLite file is first looked at without writing; pending steps are tried on a copy beside it, and only when the copy came
//! out sound are they taken on the file itself, in one transaction.

use crate::{
    connection::Store,
    migrations::{self, Migrations, Taken},
};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, RuntimeErr, Statement,
    sqlx::{
        ConnectOptions as _,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};
use sea_orm_migration::MigratorTrait;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// How many connections read a SQLite file at the same time. Reads take microseconds, and small machines have 1 or 2 cores.
const READERS: u32 = 4;
/// How many connections a PostgreSQL server gives us: it allows 100 in all unless told otherwise.
const CONNECTIONS: u32 = 12;

/// Where the rows are kept.
#[derive(Clone, Debug)]
pub enum Location {
    /// In a SQLite database file; it is made if it is not there.
    Sqlite(PathBuf),
    /// In a PostgreSQL database, by its URL.
    Postgres(String),
}

/// Why the database was not opened, in a sentence for the volunteer who runs the place.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Its schema is from a newer version.
    #[error(
        "The database was last used by a newer version of Porchlight (it has {step}, which this version does not know). Run that version, or restore a backup made before the update. Nothing was changed."
    )]
    Newer {
        /// The unknown step.
        step: String,
    },
    /// Its schema is from an earlier version, and it was opened only to be read.
    #[error(
        "The database was last used by an earlier version of Porchlight. Start this version once, which brings it up to date, or go on with that one. Nothing was changed."
    )]
    Older,
    /// The folder of the file is not there.
    #[error("There is no folder {}. Make it, or name another folder for the data.", folder.display())]
    NoFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// The file or folder can't be written.
    #[error(
        "{} can't be written. Give the user that runs Porchlight the right to write to it and to its folder; a disk that is mounted read-only must be mounted for writing.",
        file.display()
    )]
    ReadOnly {
        /// The file.
        file: PathBuf,
    },
    /// There is no room left.
    #[error("The disk that holds {} is full. Make room on it and start again; nothing was lost.", file.display())]
    Full {
        /// The file.
        file: PathBuf,
    },
    /// It is not a database, or a damaged one.
    #[error("{} is not a sound SQLite database. Keep the file, and restore the newest backup in its place.", file.display())]
    Corrupt {
        /// The file.
        file: PathBuf,
    },
    /// It belongs to another program.
    #[error("The database at {place} holds tables of another program. Name an empty database for Porchlight.")]
    NotOurs {
        /// The file, or "the given address".
        place: String,
    },
    /// The server does not answer, or not to us.
    #[error("The PostgreSQL server does not let us in ({why}). Check that it runs, and the address, name and password in its URL.")]
    Unreachable {
        /// What the server or the network said.
        why: String,
    },
    /// The schema could not be brought up to date.
    #[error(
        "The database could not be brought up to date ({why}). It was left as it was: run the former version, and tell the developers."
    )]
    Migration {
        /// What went wrong.
        why: String,
    },
    /// Something else.
    #[error("The database can't be opened ({why}).")]
    Other {
        /// What went wrong.
        why: String,
    },
}

impl Store {
    /// Opens the database, makes it if it is not there, and brings its schema up to date. A database of a newer version is
    /// refused and left untouched.
    pub async fn open(location: &Location) -> Result<Self, OpenError> {
        match location {
            Location::Sqlite(file) => {
                let (read, write) = open_sqlite::<Migrations>(file).await?;
                Ok(Self::over(location.clone(), read, write))
            }
            Location::Postgres(url) => {
                let pool = open_postgres::<Migrations>(url).await?;
                Ok(Self::over(location.clone(), pool.clone(), pool))
            }
        }
    }
}

impl Store {
    /// Opens a database that is there only to read it: nothing is made, written or brought up to date, so its disk may be full and
    /// its folder one that can't be written. A database of any other version is refused.
    pub async fn open_to_read(location: &Location) -> Result<Self, OpenError> {
        let (read, taken) = match location {
            Location::Sqlite(file) => look_at_sqlite::<Migrations>(file).await?,
            Location::Postgres(url) => connect_postgres::<Migrations>(url).await?,
        };
        if taken.pending > 0 {
            return Err(OpenError::Older);
        }
        Ok(Self::over(location.clone(), read.clone(), read))
    }
}

/// Reads a file and what steps it has taken. Where even the files can't be made that readers of a log share, and no log waits, the
/// file alone is read.
async fn look_at_sqlite<M: MigratorTrait>(file: &Path) -> Result<(DatabaseConnection, Taken), OpenError> {
    let look = async |mode| {
        let connection = connect_sqlite(file, mode).await?;
        let taken = migrations::taken::<M>(&connection).await?;
        Ok::<_, DbErr>((connection, taken))
    };
    let mut log = file.to_owned().into_os_string();
    log.push("-wal");
    let log_waits = Path::new(&log).metadata().is_ok_and(|log| log.len() > 0);
    let looked = match look(Mode::Read).await {
        Err(_) if !log_waits => look(Mode::Alone).await,
        looked => looked,
    };
    let (connection, taken) = looked.map_err(|cause| sqlite_error(file, &cause))?;
    let taken = ours(taken, || file.display().to_string())?;
    Ok((connection, taken))
}

/// What a database has taken, unless it is of a newer version or of another program.
fn ours(taken: Taken, place: impl FnOnce() -> String) -> Result<Taken, OpenError> {
    if let Some(step) = taken.unknown.first() {
        return Err(OpenError::Newer { step: step.clone() });
    }
    if taken.strange {
        return Err(OpenError::NotOurs { place: place() });
    }
    Ok(taken)
}

async fn open_sqlite<M: MigratorTrait>(file: &Path) -> Result<(DatabaseConnection, DatabaseConnection), OpenError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(OpenError::NoFolder { folder: folder.to_owned() });
    }
    let failed = |cause: DbErr| sqlite_error(file, &cause);
    if file.metadata().is_ok_and(|data| data.len() > 0) {
        let look = connect_sqlite(file, Mode::Read).await.map_err(failed)?;
        let taken = ours(migrations::taken::<M>(&look).await.map_err(failed)?, || file.display().to_string())?;
        if taken.known > 0 && taken.pending > 0 {
            try_on_copy::<M>(file, &look).await?;
        }
        look.close().await.map_err(failed)?;
    }
    let write = connect_sqlite(file, Mode::Write).await.map_err(failed)?;
    migrations::take::<M>(&write).await.map_err(failed)?;
    let read = connect_sqlite(file, Mode::Read).await.map_err(failed)?;
    Ok((read, write))
}

/// Takes the pending steps on a copy of the file, which is then deleted.
async fn try_on_copy<M: MigratorTrait>(file: &Path, original: &DatabaseConnection) -> Result<(), OpenError> {
    let copy = file.with_extension("trying");
    let remove = || {
        for suffix in ["", "-wal", "-shm"] {
            let mut name = copy.clone().into_os_string();
            name.push(suffix);
            // What is not there need not be removed; what can't be is overwritten or named by the next step.
            let _ = std::fs::remove_file(name);
        }
    };
    remove();
    let tried = async {
        let into = Statement::from_sql_and_values(sea_orm::DbBackend::Sqlite, "VACUUM INTO $1", [copy.display().to_string().into()]);
        original.execute_raw(into).await?;
        let trial = connect_sqlite(&copy, Mode::Write).await?;
        migrations::take::<M>(&trial).await?;
        let check = Statement::from_string(sea_orm::DbBackend::Sqlite, "PRAGMA foreign_key_check");
        let broken = trial.query_all_raw(check).await?.len();
        trial.close().await?;
        if broken > 0 { Err(DbErr::Migration(format!("{broken} rows would point nowhere"))) } else { Ok(()) }
    };
    let tried = tried.await;
    remove();
    tried.map_err(|cause| match sqlite_error(file, &cause) {
        OpenError::Other { why } => OpenError::Migration { why },
        known => known,
    })
}

enum Mode {
    Read,
    /// Only the file, which nobody writes meanwhile.
    Alone,
    Write,
}

async fn connect_sqlite(file: &Path, mode: Mode) -> Result<DatabaseConnection, DbErr> {
    let base = SqliteConnectOptions::new()
        .filename(file)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        // Some 150 texts are in use; the library keeps 100 unless told otherwise.
        .statement_cache_capacity(256)
        .disable_statement_logging();
    let (sqlite, most) = match mode {
        Mode::Read => (base.read_only(true), READERS),
        Mode::Alone => (base.read_only(true).immutable(true), READERS),
        // What was acknowledged survives a power cut only with FULL.
        Mode::Write => (base.create_if_missing(true).journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full), 1),
    };
    let mut options = ConnectOptions::new("sqlite:");
    quiet(&mut options)
        .max_connections(most)
        .min_connections(1)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .acquire_timeout(Duration::from_secs(30))
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(move |_| sqlite.clone());
    Database::connect(options).await
}

async fn connect_postgres<M: MigratorTrait>(url: &str) -> Result<(DatabaseConnection, Taken), OpenError> {
    let unreachable = |cause: DbErr| OpenError::Unreachable { why: said(&cause) };
    let mut options = ConnectOptions::new(url);
    quiet(&mut options).max_connections(CONNECTIONS).min_connections(1).acquire_timeout(Duration::from_secs(10));
    let pool = Database::connect(options).await.map_err(unreachable)?;
    let taken = migrations::taken::<M>(&pool).await.map_err(unreachable)?;
    Ok((pool, ours(taken, || "the given address".into())?))
}

async fn open_postgres<M: MigratorTrait>(url: &str) -> Result<DatabaseConnection, OpenError> {
    let (pool, taken) = connect_postgres::<M>(url).await?;
    if taken.pending > 0 {
        migrations::take::<M>(&pool).await.map_err(|cause| OpenError::Migration { why: said(&cause) })?;
    }
    Ok(pool)
}

/// The text of a statement belongs into no log and no span.
fn quiet(options: &mut ConnectOptions) -> &mut ConnectOptions {
    options.sqlx_logging(false).record_stmt_in_spans(false)
}

/// What the database or the network said, in its own words; none of them hold the URL.
fn said(cause: &DbErr) -> String {
    match cause {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => cause.to_string(),
        other => other.to_string(),
    }
}

fn sqlite_error(file: &Path, cause: &DbErr) -> OpenError {
    let file = file.to_owned();
    let code = match cause {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            cause.as_database_error().and_then(|error| error.code()).and_then(|code| code.parse::<u32>().ok())
        }
        _ => None,
    };
    // The low byte is the primary result code: https://www.sqlite.org/rescode.html
    match code.map(|code| code & 0xff) {
        Some(8 | 14 | 3) => OpenError::ReadOnly { file },
        Some(13) => OpenError::Full { file },
        Some(11 | 26) => OpenError::Corrupt { file },
        _ => OpenError::Other { why: said(cause) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

    struct Step(&'static str, &'static str);

    impl MigrationName for Step {
        fn name(&self) -> &str {
            self.0
        }
    }

    #[async_trait::async_trait]
    impl MigrationTrait for Step {
        async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
            manager.get_connection().execute_unprepared(self.1).await.map(drop)
        }
    }

    /// Our steps, then one that works.
    struct WithWorking;

    impl MigratorTrait for WithWorking {
        fn migrations() -> Vec<Box<dyn MigrationTrait>> {
            let working = Step("m2099_01_wings", "ALTER TABLE members ADD COLUMN wings BIGINT NOT NULL DEFAULT 2");
            Migrations::migrations().into_iter().chain([Box::new(working) as Box<dyn MigrationTrait>]).collect()
        }
    }

    /// Our steps, then one that fails after it has done harm.
    struct WithFailing;

    impl MigratorTrait for WithFailing {
        fn migrations() -> Vec<Box<dyn MigrationTrait>> {
            let failing = Step("m2099_01_wings", "DELETE FROM community; ALTER TABLE nowhere ADD COLUMN wings BIGINT");
            Migrations::migrations().into_iter().chain([Box::new(failing) as Box<dyn MigrationTrait>]).collect()
        }
    }

    /// Our steps before the one since which what somebody left behind may belong to nobody.
    struct BeforeLeaving;

    impl MigratorTrait for BeforeLeaving {
        fn migrations() -> Vec<Box<dyn MigrationTrait>> {
            Migrations::migrations().into_iter().take_while(|step| step.name() != "m2026_12_left").collect()
        }
    }

    #[tokio::test]
    async fn that_something_may_belong_to_nobody_leaves_everybody_what_is_theirs() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("porchlight.sqlite");
        let (read, write) = open_sqlite::<BeforeLeaving>(&file).await.expect("opens");
        let of_ana = "
            INSERT INTO members (id, name, password_hash, epoch, role, display_name, pronouns, line, interests, zone, sought_as, joined_at)
            VALUES (1, 'ana', '', 1, 'admin', 'Ana', '', '', '[]', 'UTC', ' ana', 1);
            INSERT INTO posts (id, root_id, parent_id, author_id, audience, markdown, html, excerpt, replies, at, taken_back)
            VALUES (5, 5, NULL, 1, 'community', 'soup', '', '', 1, 1, FALSE), (6, 5, 5, 1, 'community', 'bread', '', '', 0, 1, FALSE);
            INSERT INTO reactions (id, post_id, reaction, member_id) VALUES (7, 5, '🍲', 1);
            INSERT INTO pictures (id, owner_id, hash, width, height, alt, post_id, place) VALUES (8, 1, 'bowl', 1, 1, '', 5, 0);
            INSERT INTO archives (id, kind, called, brought_by, at, until, left_behind, first_at, last_at, asked)
            VALUES (9, 'chat', 'Soup Night', 1, 1, 1, '', 1, 1, TRUE);
            INSERT INTO archive_voices (archive_id, place, called, said, member_id) VALUES (9, 0, 'Ana', 1, 1);
            INSERT INTO archive_messages (archive_id, place, voice, at, words, left_out, post_id) VALUES (9, 0, 0, 1, '', FALSE, 6);";
        write.execute_unprepared(of_ana).await.expect("inserts");
        let before = Store::over(Location::Sqlite(file.clone()), read, write);
        before.close().await;
        let store = Store::open(&Location::Sqlite(file)).await.expect("opens");
        assert_eq!(store.problems().await.expect("answers"), Vec::<String>::new());
        let whose = "SELECT p.author_id || ' ' || p.markdown FROM posts p WHERE p.author_id = 1 UNION ALL \
                     SELECT c.owner_id || ' ' || c.hash FROM pictures c WHERE c.owner_id = 1 UNION ALL \
                     SELECT a.brought_by || ' ' || a.called FROM archives a WHERE a.brought_by = 1 UNION ALL \
                     SELECT r.member_id || ' ' || r.reaction FROM reactions r UNION ALL \
                     SELECT m.archive_id || ' ' || m.post_id FROM archive_messages m";
        let whose: Vec<String> = crate::connection::column(store.read(), whose, []).await.expect("answers");
        assert_eq!(whose, ["1 soup", "1 bread", "1 bowl", "1 Soup Night", "1 🍲", "9 6"]);
        store.close().await;
    }

    async fn with_a_community(file: &Path) {
        let store = Store::open(&Location::Sqlite(file.to_owned())).await.expect("opens");
        let insert =
            "INSERT INTO community VALUES (1, 'Porch', '', '', '', 'en', 'UTC', 9, '#204060', NULL, '{}', 'hosts', TRUE, '[]', 1, 1)";
        let write = store.write().await.expect("begins");
        write.run(insert, Vec::new()).await.expect("inserts");
        write.commit().await.expect("commits");
        store.close().await;
    }

    #[tokio::test]
    async fn what_is_acknowledged_is_on_the_disk_and_points_somewhere() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&Location::Sqlite(folder.path().join("porchlight.sqlite"))).await.expect("opens");
        let write = store.write().await.expect("begins");
        for (pragma, full) in [("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 10_000)] {
            let set: Option<i64> = crate::connection::value(write.db(), format!("PRAGMA {pragma}"), []).await.expect("answers");
            assert_eq!(set, Some(full), "{pragma}");
        }
        let journal: Option<String> = crate::connection::value(write.db(), "PRAGMA journal_mode", []).await.expect("answers");
        assert_eq!(journal.as_deref(), Some("wal"));
        assert!(crate::connection::run(store.read(), "DELETE FROM members", []).await.is_err(), "readers only read");
        drop(write);
        store.close().await;
    }

    #[tokio::test]
    async fn a_step_is_taken_on_a_database_that_holds_a_community() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("porchlight.sqlite");
        with_a_community(&file).await;
        let (read, write) = open_sqlite::<WithWorking>(&file).await.expect("opens");
        let store = Store::over(Location::Sqlite(file.clone()), read, write);
        assert!(store.founding_community().await.is_ok());
        store.close().await;
        assert!(matches!(Store::open(&Location::Sqlite(file)).await.err(), Some(OpenError::Newer { .. })), "this version knows no wings");
        let left: Vec<_> = std::fs::read_dir(folder.path()).expect("reads").flatten().map(|entry| entry.file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().contains("trying")), "the copy is gone: {left:?}");
    }

    #[tokio::test]
    async fn who_only_reads_takes_no_step_and_writes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("porchlight.sqlite");
        with_a_community(&file).await;
        let before = std::fs::read(&file).expect("reads");
        let (_, taken) = look_at_sqlite::<WithWorking>(&file).await.expect("opens");
        assert_eq!(taken.pending, 1);
        let store = Store::open_to_read(&Location::Sqlite(file.clone())).await.expect("opens");
        assert!(store.forget_expired(domain::time::Timestamp(0)).await.is_err(), "it can't write");
        assert_eq!(store.problems().await.expect("answers"), ["There are 1 founded communities without an admin."]);
        store.close().await;
        assert!(std::fs::read(&file).expect("reads") == before);
        let missing = Location::Sqlite(folder.path().join("missing.sqlite"));
        assert!(Store::open_to_read(&missing).await.is_err());
        assert!(!folder.path().join("missing.sqlite").exists());
    }

    #[tokio::test]
    async fn a_step_that_fails_leaves_the_file_byte_for_byte_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("porchlight.sqlite");
        with_a_community(&file).await;
        let before = std::fs::read(&file).expect("reads");
        assert!(matches!(open_sqlite::<WithFailing>(&file).await.err(), Some(OpenError::Migration { .. })));
        assert!(std::fs::read(&file).expect("reads") == before);
        let store = Store::open(&Location::Sqlite(file)).await.expect("opens as before");
        assert_eq!(store.counts().await.expect("answers").iter().find(|(name, _)| name == "community").map(|(_, rows)| *rows), Some(1));
        store.close().await;
    }
}
