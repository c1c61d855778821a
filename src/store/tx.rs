//! The write transaction: it holds the writer's turn, and cannot commit without a journal entry.

use std::sync::Arc;

use chidao_domain::day::Day;
use chidao_domain::forest::Forest;
use chidao_domain::ids::PrincipalId;
use chidao_domain::journal::Entry;
use chidao_domain::kind::KindRegister;
use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;
use serde::Serialize;
use uuid::Uuid;

use crate::store::database::Engine;
use crate::store::error::{Answer, Done, Fault, Stop};
use crate::store::journal::{self, Head, NewEntries};

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
    structure: Structure,
    idempotency: Option<IdempotencyKey>,
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
        Self { sql, engine, head, moment, forest, kinds, entries: Vec::new(), structure: Structure::Same, idempotency }
    }

    /// The connection to read and write through.
    pub fn sql(&self) -> &DatabaseTransaction {
        &self.sql
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

    /// A new identifier; later ones sort after earlier ones.
    pub fn new_id<I: From<Uuid>>(&self) -> I {
        new_id(self.moment.now)
    }

    /// Puts down what was done.
    pub fn record(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Says that the tree has changed, so that no older forest is used for a later position.
    pub fn change_structure(&mut self) {
        self.structure = Structure::Changed;
    }

    /// Appends the journal and commits.
    ///
    /// # Errors
    /// [`Fault::SilentWrite`] where nothing was recorded; nothing is written then, nor on any other fault.
    pub async fn commit<T: Serialize>(self, output: T) -> Answer<T> {
        if self.entries.is_empty() {
            return Err(Fault::SilentWrite.into());
        }
        let position = journal::append(
            &self.sql,
            NewEntries {
                head: self.head,
                at: self.moment.now,
                actor: self.moment.actor,
                entries: &self.entries,
                structure: self.structure,
            },
        )
        .await?;
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
    use rand::Rng as _;
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    let mut random = [0_u8; 10];
    rand::rng().fill_bytes(&mut random);
    I::from(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

/// Stops with the refusals, if there is one.
///
/// # Errors
/// [`Stop::Refused`] with all of them.
pub fn stop_if_any(refusals: Vec<chidao_domain::refusal::Refusal>) -> Result<(), Stop> {
    if refusals.is_empty() { Ok(()) } else { Err(Stop::Refused(refusals)) }
}
