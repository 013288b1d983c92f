//! The store's connections, how a statement is sent, and how a unit of writing begins and ends.
//!
//! SQLite has one connection that writes and a few that read; PostgreSQL has one pool for both. Everything that goes wrong is
//! [`Unavailable`] with its cause; a broken constraint becomes a refusal in [`on_constraint`] and nowhere else.

use crate::{ids::Ids, opening::Location};
use domain::{
    ids::MemberId,
    live::Hint,
    outcome::{Error, Unavailable},
    time::{Clock, SystemClock, Timestamp},
};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, FromQueryResult, SqlErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait, TryGetable, Value,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

/// Everything that is kept. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    location: Location,
    read: DatabaseConnection,
    write: DatabaseConnection,
    ids: Ids,
    queries: Arc<AtomicU64>,
    waited: Arc<AtomicU64>,
    members_written: Arc<AtomicU64>,
    member_changes: AtomicU64,
    committed: watch::Sender<u64>,
}

impl Store {
    /// Over connections to a database whose schema is up to date.
    pub(crate) fn over(location: Location, read: DatabaseConnection, write: DatabaseConnection) -> Self {
        Self::overheard(location, read, write, |_| ())
    }

    /// As [`Store::over`]; each statement is told to `hear` as well as counted.
    pub(crate) fn overheard(
        location: Location,
        mut read: DatabaseConnection,
        mut write: DatabaseConnection,
        hear: impl Fn(&Statement) + Clone + Send + Sync + 'static,
    ) -> Self {
        let [queries, waited, members_written] = [(); 3].map(|()| Arc::new(AtomicU64::new(0)));
        for connection in [&mut read, &mut write] {
            let (queries, waited, members_written, hear) =
                (Arc::clone(&queries), Arc::clone(&waited), Arc::clone(&members_written), hear.clone());
            connection.set_metric_callback(move |sent| {
                queries.fetch_add(1, Ordering::Relaxed);
                waited.fetch_add(u64::try_from(sent.elapsed.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
                if writes_of_members(&sent.statement.sql) {
                    members_written.fetch_add(1, Ordering::AcqRel);
                }
                hear(sent.statement);
            });
        }
        let (ids, member_changes, committed) = (Ids::default(), AtomicU64::new(0), watch::Sender::new(0));
        Self { inner: Arc::new(Inner { location, read, write, ids, queries, waited, members_written, member_changes, committed }) }
    }

    /// Ends all connections. What was committed is kept; SQLite's log is written back into its file.
    pub async fn close(self) {
        for connection in [&self.inner.read, &self.inner.write] {
            if let Err(cause) = connection.clone().close().await {
                tracing::warn!(%cause, "a connection to the database did not close");
            }
        }
    }

    /// How many statements have been sent so far (`BEGIN` and `COMMIT` are not counted): for the test that a page takes a fixed
    /// number of them.
    pub fn queries(&self) -> u64 {
        self.inner.queries.load(Ordering::Relaxed)
    }

    /// How long all statements so far have taken together: for the benchmark.
    pub fn waited(&self) -> Duration {
        Duration::from_nanos(self.inner.waited.load(Ordering::Relaxed))
    }

    /// Grows with each commit in this process that wrote of members or of what they are notified of: a [`domain::viewer::Me`] that was read when it
    /// was the same is still so, as far as this process knows.
    pub fn member_changes(&self) -> u64 {
        self.inner.member_changes.load(Ordering::Acquire)
    }

    /// Changes after each commit in this process that wrote to the outbox.
    pub fn committed(&self) -> watch::Receiver<u64> {
        self.inner.committed.subscribe()
    }

    /// Where the rows are.
    pub(crate) fn location(&self) -> &Location {
        &self.inner.location
    }

    /// For statements that only read.
    pub(crate) fn read(&self) -> &DatabaseConnection {
        &self.inner.read
    }

    /// Begins a unit of writing. Dropped without [`Write::commit`], it leaves nothing.
    pub(crate) async fn write(&self) -> Result<Write, Unavailable> {
        let mode = (self.inner.write.get_database_backend() == DbBackend::Sqlite).then_some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
        let transaction = self.inner.write.begin_with_options(options).await.map_err(unavailable)?;
        let members_written = self.inner.members_written.load(Ordering::Acquire);
        Ok(Write { store: self.clone(), transaction, told: false, members_written })
    }
}

/// One unit of writing: a transaction.
pub(crate) struct Write {
    store: Store,
    transaction: DatabaseTransaction,
    told: bool,
    /// How often members were written of, by anybody, before this began.
    members_written: u64,
}

impl Write {
    /// For the functions that send a statement.
    pub fn db(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// Sends a statement that writes; returns how many rows it wrote.
    pub async fn run(&self, sql: impl Into<String> + Send, values: impl IntoIterator<Item = Value> + Send) -> Result<u64, Unavailable> {
        run(&self.transaction, sql, values).await
    }

    /// Inserts a row under a fresh id for `at`, which becomes `$1`; the values follow. The statement ends in
    /// `ON CONFLICT (id) DO NOTHING`, so that an id that somebody else minted at the same time is seen and another one tried.
    pub async fn insert(&self, at: Timestamp, sql: &str, values: impl IntoIterator<Item = Value> + Send) -> Result<i64, Unavailable> {
        self.insert_after(0, at, sql, values).await
    }

    /// As [`Write::insert`], with an id higher than `floor`.
    pub async fn insert_after(
        &self,
        floor: i64,
        at: Timestamp,
        sql: &str,
        values: impl IntoIterator<Item = Value> + Send,
    ) -> Result<i64, Unavailable> {
        let mut all = vec![Value::from(0_i64)];
        all.extend(values);
        for _ in 0..8 {
            let id = self.mint(at, floor);
            all[0] = id.into();
            if self.run(sql, all.clone()).await? > 0 {
                return Ok(id);
            }
        }
        Err(Unavailable::because("eight minted ids were all taken"))
    }

    /// A fresh id.
    pub fn mint(&self, at: Timestamp, floor: i64) -> i64 {
        self.store.inner.ids.mint(at, floor)
    }

    /// Writes an outbox entry.
    pub async fn tell(&mut self, only: Option<MemberId>, hint: &Hint) -> Result<(), Unavailable> {
        let hint = to_json(hint)?;
        self.run("INSERT INTO outbox (only_member, hint) VALUES ($1, $2)", values![only.map(|member| member.0), hint]).await?;
        self.told = true;
        Ok(())
    }

    /// Locks the community's row, so that what is counted until the commit stays true. (On SQLite the whole unit is alone.)
    pub async fn lock_community(&self) -> Result<(), Unavailable> {
        self.run("UPDATE community SET id = id", values![]).await.map(drop)
    }

    /// Keeps everything that was written, and wakes those who wait for outbox entries.
    pub async fn commit(self) -> Result<(), Unavailable> {
        let written = self.store.inner.members_written.load(Ordering::Acquire) != self.members_written;
        let ended = written.then(|| Ended(&self.store.inner.member_changes));
        self.transaction.commit().await.map_err(unavailable)?;
        drop(ended);
        if self.told {
            self.store.inner.committed.send_modify(|count| *count += 1);
        }
        Ok(())
    }
}

/// Counts a unit of writing that ended, also where nobody waited for the end and it is not known how it went (it may then still be
/// under way for a moment).
struct Ended<'a>(&'a AtomicU64);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}

/// Whether a statement writes rows that [`crate::sign_in::ME`] reads. One of another kind than we send counts as one that does.
fn writes_of_members(sql: &str) -> bool {
    let mut words = sql.split_ascii_whitespace();
    let table = match words.next() {
        Some("SELECT") => return false,
        Some("UPDATE") => words.next(),
        Some("INSERT" | "DELETE") => words.nth(1),
        _ => None,
    };
    table.is_none_or(|table| ["members", "notifications"].contains(&table))
}

/// Values to bind, in the order of `$1`, `$2`, ….
macro_rules! values {
    ($($value:expr),* $(,)?) => {{
        let values: Vec<sea_orm::Value> = vec![$(sea_orm::Value::from($value)),*];
        values
    }};
}
pub(crate) use values;

fn statement(db: &impl ConnectionTrait, sql: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), sql, values)
}

/// All rows of a query.
pub(crate) async fn all<R: FromQueryResult>(
    db: &impl ConnectionTrait,
    sql: impl Into<String> + Send,
    values: impl IntoIterator<Item = Value> + Send,
) -> Result<Vec<R>, Unavailable> {
    let rows = db.query_all_raw(statement(db, sql, values)).await.map_err(unavailable)?;
    rows.iter().map(|row| R::from_query_result(row, "").map_err(unavailable)).collect()
}

/// The first row of a query.
pub(crate) async fn one<R: FromQueryResult>(
    db: &impl ConnectionTrait,
    sql: impl Into<String> + Send,
    values: impl IntoIterator<Item = Value> + Send,
) -> Result<Option<R>, Unavailable> {
    let row = db.query_one_raw(statement(db, sql, values)).await.map_err(unavailable)?;
    row.map(|row| R::from_query_result(&row, "").map_err(unavailable)).transpose()
}

/// The first column of all rows.
pub(crate) async fn column<T: TryGetable>(
    db: &impl ConnectionTrait,
    sql: impl Into<String> + Send,
    values: impl IntoIterator<Item = Value> + Send,
) -> Result<Vec<T>, Unavailable> {
    let rows = db.query_all_raw(statement(db, sql, values)).await.map_err(unavailable)?;
    rows.iter().map(|row| row.try_get_by_index(0).map_err(unavailable)).collect()
}

/// The first column of the first row.
pub(crate) async fn value<T: TryGetable>(
    db: &impl ConnectionTrait,
    sql: impl Into<String> + Send,
    values: impl IntoIterator<Item = Value> + Send,
) -> Result<Option<T>, Unavailable> {
    let row = db.query_one_raw(statement(db, sql, values)).await.map_err(unavailable)?;
    row.map(|row| row.try_get_by_index(0).map_err(unavailable)).transpose()
}

/// Sends a statement that writes; returns how many rows it wrote.
pub(crate) async fn run(
    db: &impl ConnectionTrait,
    sql: impl Into<String> + Send,
    values: impl IntoIterator<Item = Value> + Send,
) -> Result<u64, Unavailable> {
    Ok(db.execute_raw(statement(db, sql, values)).await.map_err(unavailable)?.rows_affected())
}

/// What this database calls the functions that make JSON.
#[derive(Clone, Copy)]
pub(crate) struct Json {
    /// Of its arguments, an array.
    pub array: &'static str,
    /// Of all rows, an array; of none, an empty one or NULL.
    pub list: &'static str,
}

impl Json {
    pub fn of(db: &impl ConnectionTrait) -> Self {
        match db.get_database_backend() {
            DbBackend::Sqlite => Self { array: "json_array", list: "json_group_array" },
            _ => Self { array: "json_build_array", list: "json_agg" },
        }
    }
}

/// A list as one value to bind, and the SQL of "is one of them" that goes with it: so the text of a statement, and with it the
/// prepared statement, is the same for lists of every length.
pub(crate) struct Among {
    /// The condition, after the name of a column.
    pub sql: &'static str,
    /// The list.
    pub value: Value,
}

/// "Is one of these ids"; the list is bound as `$2`.
pub(crate) fn among_ids(db: &impl ConnectionTrait, ids: impl IntoIterator<Item = i64>) -> Among {
    let ids = ids.into_iter().map(|id| id.to_string()).collect::<Vec<_>>().join(",");
    match db.get_database_backend() {
        DbBackend::Sqlite => Among { sql: "IN (SELECT value FROM json_each($2))", value: format!("[{ids}]").into() },
        _ => Among { sql: "= ANY (CAST($2 AS BIGINT[]))", value: format!("{{{ids}}}").into() },
    }
}

/// "Is one of these words", which are plain letters, digits, `-` and `_`; the list is bound as `$2`.
pub(crate) fn among_words<'a>(db: &impl ConnectionTrait, words: impl IntoIterator<Item = &'a str>) -> Among {
    let words = words.into_iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(",");
    match db.get_database_backend() {
        DbBackend::Sqlite => Among { sql: "IN (SELECT value FROM json_each($2))", value: format!("[{words}]").into() },
        _ => Among { sql: "= ANY (CAST($2 AS TEXT[]))", value: format!("{{{words}}}").into() },
    }
}

/// A database error as a cause.
pub(crate) fn unavailable(cause: DbErr) -> Unavailable {
    Unavailable(Box::new(cause))
}

/// Turns the violation of a unique column (`table.column`, whose index is called `table_column`) into a refusal.
pub(crate) fn on_constraint<T, R>(result: Result<T, Unavailable>, unique: &str, refusal: R) -> Result<T, Error<R>> {
    result.map_err(|Unavailable(cause)| {
        let violated = cause.downcast_ref::<DbErr>().and_then(DbErr::sql_err).is_some_and(|violation| match violation {
            SqlErr::UniqueConstraintViolation(message) => message.contains(unique) || message.contains(&unique.replace('.', "_")),
            _ => false,
        });
        if violated { Error::Refused(refusal) } else { Error::Unavailable(Unavailable(cause)) }
    })
}

/// As JSON text.
pub(crate) fn to_json(value: &impl serde::Serialize) -> Result<String, Unavailable> {
    serde_json::to_string(value).map_err(|cause| Unavailable(Box::new(cause)))
}

/// From JSON text that this store wrote.
pub(crate) fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Unavailable> {
    serde_json::from_str(text).map_err(|cause| Unavailable(Box::new(cause)))
}

/// The machine's time, for records whose operation has no time of its own.
pub(crate) fn now() -> Timestamp {
    SystemClock.now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_writes_of_members_unless_it_is_known_to_write_of_something_else() {
        for writes in [
            "UPDATE members SET role = $2 WHERE id = $1",
            "INSERT INTO members (id, name) VALUES ($1, $2)",
            "INSERT INTO notifications (id, member_id) SELECT $1, m.id FROM members m",
            "DELETE FROM notifications WHERE post_id = $1",
            "WITH gone AS (SELECT 1) UPDATE members SET role = $2",
        ] {
            assert!(writes_of_members(writes), "{writes}");
        }
        for does_not in [
            "SELECT id FROM members WHERE name = $1",
            "INSERT INTO here (gathering_id, date, member_id, seen_at) SELECT $1, $2, m.id, $4 FROM members m",
            "UPDATE rooms SET clock = $3",
        ] {
            assert!(!writes_of_members(does_not), "{does_not}");
        }
    }
}
