//! The write transaction: it holds the writer's turn, and cannot commit without a journal entry.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chidao_domain::day::Day;
use chidao_domain::forest::Forest;
use chidao_domain::ids::PrincipalId;
use chidao_domain::journal::Entry;
use chidao_domain::kind::KindRegister;
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, Statement, Value};
use serde::Serialize;
use uuid::Uuid;

use crate::store::database::Engine;
use crate::store::error::{Answer, Done, Fault, Stop};
use crate::store::journal::{self, Head, Many, NewEntries, ROWS_PER_INSERT};

/// What makes a second sending of the same call harmless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// What the client chose.
    pub client_mutation_id: String,
    /// The mutation's name.
    pub mutation: &'static str,
    /// SHA-256 of the input without the key, in hexadecimal.
    pub input_hash: String,
}

/// The moment, the tree and the actor that a write is decided for; the same from its beginning to its end.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The instant.
    pub now: DateTime<Utc>,
    /// The day in the configured zone (T1).
    pub today: Day,
    /// Who acts; none: the command line, or the calendar.
    pub actor: Option<PrincipalId>,
}

/// A write transaction that has taken the writer's turn.
#[derive(Debug)]
pub struct Tx {
    sql: DatabaseTransaction,
    engine: Engine,
    head: Head,
    moment: Moment,
    forest: Arc<Forest>,
    kinds: Arc<KindRegister>,
    entries: Vec<Entry>,
    /// The last position that has been given out: entries before it are written.
    position: i64,
    structure: Structure,
    idempotency: Option<IdempotencyKey>,
    /// The ordinal of the next new id.
    next_id: AtomicU32,
}

/// Whether the tree, and so every forest in memory, is another after this transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Structure {
    Same,
    Changed,
}

impl Tx {
    /// Takes over a transaction whose first statement took the turn and answered `head`.
    pub(crate) fn new(
        sql: DatabaseTransaction,
        engine: Engine,
        head: Head,
        moment: Moment,
        tree: (Arc<Forest>, Arc<KindRegister>),
        idempotency: Option<IdempotencyKey>,
    ) -> Self {
        let (forest, kinds) = tree;
        Self {
            sql,
            engine,
            head,
            moment,
            forest,
            kinds,
            entries: Vec::new(),
            position: head.position,
            structure: Structure::Same,
            idempotency,
            next_id: AtomicU32::new(0),
        }
    }

    /// The connection to read and write through.
    pub fn sql(&self) -> &DatabaseTransaction {
        &self.sql
    }

    /// Sends a statement that answers no rows.
    ///
    /// # Errors
    /// A fault of the database.
    pub(crate) async fn execute(&self, text: impl Into<String>, values: Vec<Value>) -> Result<(), Fault> {
        self.sql.execute_raw(Statement::from_sql_and_values(self.engine.backend(), text, values)).await?;
        Ok(())
    }

    /// Which database it is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The position of the last change to the tree before this transaction.
    pub fn structure_version(&self) -> i64 {
        self.head.structure_version
    }

    /// The first position that this transaction gives out: orders what is recorded.
    pub fn next_position(&self) -> i64 {
        self.head.position + 1
    }

    /// The instant of everything that this transaction writes.
    pub fn now(&self) -> DateTime<Utc> {
        self.moment.now
    }

    /// The day of everything that this transaction writes (T1).
    pub fn today(&self) -> Day {
        self.moment.today
    }

    /// Who acts; none: the command line, or the calendar.
    pub fn actor(&self) -> Option<PrincipalId> {
        self.moment.actor
    }

    /// Today's tree, as it is before this transaction.
    pub fn forest(&self) -> &Arc<Forest> {
        &self.forest
    }

    /// The register of kinds of unit.
    pub fn kinds(&self) -> &Arc<KindRegister> {
        &self.kinds
    }

    /// A new identifier; later ones sort after earlier ones, also of one transaction, so that they come into an index at its end.
    pub fn new_id<I: From<Uuid>>(&self) -> I {
        let ordinal = self.next_id.fetch_add(1, Ordering::Relaxed);
        I::from(uuid_of(self.moment.now, Some(ordinal)))
    }

    /// Puts down what was done.
    pub fn record(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Puts down what was done to very many things, and writes it on the way: it is never held whole.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn record_all<'a>(&'a mut self, entries: impl IntoIterator<Item = Entry, IntoIter: Send + 'a>) -> BoxFuture<'a, Result<(), Fault>> {
        let entries: Many<'a, Entry> = Box::new(entries.into_iter());
        Box::pin(async move {
            for entry in entries {
                self.entries.push(entry);
                if self.entries.len() >= ROWS_PER_INSERT {
                    self.write_entries().await?;
                }
            }
            Ok(())
        })
    }

    async fn write_entries(&mut self) -> Result<(), Fault> {
        let (after, at, actor) = (self.position, self.moment.now, self.moment.actor);
        self.position = journal::append(&self.sql, NewEntries { after, at, actor, entries: &self.entries }).await?;
        self.entries.clear();
        Ok(())
    }

    /// Says that the tree has changed, so that no older forest is used for a later position.
    pub fn change_structure(&mut self) {
        self.structure = Structure::Changed;
    }

    /// Appends the journal and commits.
    ///
    /// # Errors
    /// [`Fault::SilentWrite`] where nothing was recorded; nothing is written then, nor on any other fault.
    pub async fn commit<T: Serialize>(mut self, output: T) -> Answer<T> {
        self.write_entries().await?;
        let position = self.position;
        if position == self.head.position {
            return Err(Fault::SilentWrite.into());
        }
        journal::move_head(&self.sql, position, self.structure).await?;
        if let (Some(key), Some(actor)) = (&self.idempotency, self.moment.actor) {
            let answer = serde_json::to_string(&output).map_err(Fault::from)?;
            journal::keep_answer(&self.sql, actor, key, &answer, position, self.moment.now).await?;
        }
        self.sql.commit().await?;
        Ok(Done { output, position })
    }

    /// Answers as [`Tx::commit`] would, and writes nothing.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn preview<T>(self, output: T) -> Answer<T> {
        let position = self.head.position;
        self.sql.rollback().await?;
        Ok(Done { output, position })
    }
}

/// A UUIDv7 of that instant.
pub(crate) fn new_id<I: From<Uuid>>(at: DateTime<Utc>) -> I {
    I::from(uuid_of(at, None))
}

/// A UUIDv7 of that instant. What follows the instant is random; where ids of one instant are to have an order, it begins with their ordinal
/// (RFC 9562, section 6.2, method 1).
fn uuid_of(at: DateTime<Utc>, ordinal: Option<u32>) -> Uuid {
    use rand::Rng as _;
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    let mut rest = [0_u8; 10];
    rand::rng().fill_bytes(&mut rest);
    if let Some(ordinal) = ordinal {
        // The version takes the first four bits of what follows the instant, the variant two after another twelve.
        let [first, second, third, fourth] = ordinal.to_be_bytes();
        rest[0] = first >> 4;
        rest[1] = first << 4 | second >> 4;
        rest[2] = (second & 0x0F) << 2 | third >> 6;
        rest[3] = third << 2 | fourth >> 6;
        rest[4] = fourth << 2 | rest[4] >> 6;
    }
    uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
}

/// Stops with the refusals, if there is one.
///
/// # Errors
/// [`Stop::Refused`] with all of them.
pub fn stop_if_any(refusals: Vec<chidao_domain::refusal::Refusal>) -> Result<(), Stop> {
    if refusals.is_empty() { Ok(()) } else { Err(Stop::Refused(refusals)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_instant_sort_by_their_ordinals() {
        let at = DateTime::from_timestamp_millis(1_608_000_000_000).unwrap_or_default();
        let around = [0, 1, 63, 64, 65, 4_095, 4_096, 16_383, 16_384, 1 << 20, (1 << 20) + 1, (1 << 28) - 1, 1 << 28, u32::MAX];
        let ids: Vec<Uuid> = around.iter().map(|ordinal| uuid_of(at, Some(*ordinal))).collect();
        assert!(ids.is_sorted(), "{ids:?}");
        for id in ids {
            assert_eq!((id.get_version_num(), id.get_variant()), (7, uuid::Variant::RFC4122));
            assert_eq!(id.get_timestamp().map(|at| at.to_unix().0), Some(1_608_000_000));
        }
    }

    #[test]
    fn ids_of_one_ordinal_differ() {
        let at = DateTime::from_timestamp_millis(1_608_000_000_000).unwrap_or_default();
        assert_ne!(uuid_of(at, Some(7)), uuid_of(at, Some(7)), "two servers may begin at the same instant");
    }
}
