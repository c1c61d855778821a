//! The journal as it is read: entries by position, filtered by what the reader may see before they are paged (A3, J3).

use std::collections::HashMap;
use std::fmt::Write as _;

use chidao_domain::access::Accounts;
use chidao_domain::ids::{PrincipalId, UnitId};
use chidao_domain::journal::{Action, Entry, FieldChange};
use chidao_entity::{journal_entry, journal_entry_unit};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter as _, Statement, Value};
use uuid::Uuid;

use crate::store::among::Among;
use crate::store::code::Coded as _;
use crate::store::database::Engine;
use crate::store::error::Fault;
use crate::store::journal::{ChangeJson, subject};

/// Subjects that everybody reads about: names, places and registers. Whatever is in neither list is read by the units that it touches.
const PUBLIC: &str = "'REORGANIZATION', 'ORG_UNIT', 'ORG_UNIT_KIND', 'DIRECTIVE_KIND', 'PERSON', 'APPOINTMENT'";
/// Subjects that administrators read about.
const ACCOUNTS: &str = "'PRINCIPAL', 'GRANT'";

/// An entry as it stands in the journal.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// From 1, without gaps.
    pub position: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none: the command line.
    pub actor: Option<PrincipalId>,
    /// What.
    pub entry: Entry,
}

/// Which entries are asked for; an empty filter admits all that the reader may see.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only later positions.
    pub after: Option<i64>,
    /// Only these positions.
    pub positions: Vec<i64>,
    /// Only entries about one of these.
    pub subjects: Vec<Uuid>,
    /// Only these actions.
    pub actions: Vec<Action>,
    /// Only entries that touch one of these units.
    pub units: Vec<UnitId>,
    /// Only entries of this actor.
    pub actor: Option<PrincipalId>,
}

/// Who reads, and what they may see.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Who.
    pub principal: PrincipalId,
    /// The units whose work is read about; `None`: all.
    pub units: Option<Vec<UnitId>>,
    /// Whose accounts are read about.
    pub accounts: Accounts,
}

/// A condition in the making: its text, and what is bound to its parameters.
struct Condition {
    text: String,
    values: Vec<Value>,
}

impl Condition {
    fn bind(&mut self, value: impl Into<Value>) -> usize {
        self.values.push(value.into());
        self.values.len()
    }

    fn and_in<V: Into<Value>>(&mut self, column: &str, list: impl ExactSizeIterator<Item = V>) {
        if list.len() > 0 {
            let parameters: Vec<String> = list.map(|value| format!("${}", self.bind(value))).collect();
            self.and(&format!("{column} IN ({})", parameters.join(", ")));
        }
    }

    fn and(&mut self, condition: &str) {
        let written = write!(self.text, " AND {condition}");
        debug_assert!(written.is_ok(), "writing to a string does not fail");
    }

    fn of(engine: Engine, reader: &Reader, selection: &Selection) -> Self {
        let mut all = Self { text: "1 = 1".into(), values: Vec::new() };
        if let Some(after) = selection.after {
            let after = all.bind(after);
            all.and(&format!("e.position > ${after}"));
        }
        all.and_in("e.position", selection.positions.iter().copied());
        all.and_in("e.subject_id", selection.subjects.iter().copied());
        all.and_in("e.action", selection.actions.iter().map(|action| action.code()));
        all.and_in("e.actor_id", selection.actor.map(Uuid::from).into_iter());
        if !selection.units.is_empty() {
            let among = Among::new(engine, selection.units.iter().copied());
            all.and_touching(among);
        }
        all.and_readable(engine, reader);
        all
    }

    fn and_touching(&mut self, among: Among) {
        let condition = self.touching(among);
        self.and(&condition);
    }

    fn touching(&mut self, among: Among) -> String {
        let holds = among.holds("t.unit_id", self.values.len() + 1);
        self.values.push(among.value());
        format!("EXISTS (SELECT 1 FROM journal_entry_unit t WHERE t.position = e.position AND {holds})")
    }

    fn and_readable(&mut self, engine: Engine, reader: &Reader) {
        let mut ways = vec![format!("e.subject_type IN ({PUBLIC})")];
        ways.push(match reader.accounts {
            Accounts::All => format!("e.subject_type IN ({ACCOUNTS})"),
            Accounts::Own => {
                let me = self.bind(Uuid::from(reader.principal));
                format!(
                    "e.subject_type IN ({ACCOUNTS}) AND (e.actor_id = ${me} OR e.subject_id = ${me} \
                     OR e.subject_id IN (SELECT id FROM role_grant WHERE principal_id = ${me}))"
                )
            }
        });
        let work = format!("e.subject_type NOT IN ({PUBLIC}, {ACCOUNTS})");
        match &reader.units {
            None => ways.push(work),
            Some(units) if units.is_empty() => {}
            Some(units) => {
                let touching = self.touching(Among::new(engine, units.iter().copied()));
                ways.push(format!("{work} AND {touching}"));
            }
        }
        let ways: Vec<String> = ways.into_iter().map(|way| format!("({way})")).collect();
        self.and(&format!("({})", ways.join(" OR ")));
    }
}

const COLUMNS: &str = "e.position, e.at, e.actor_id, e.on_behalf_of_id, e.action, e.subject_type, e.subject_id, e.changes, e.reason";

/// The first `limit` entries of a selection that the reader may see, by position.
///
/// # Errors
/// A fault of the database.
pub async fn load_entries(
    sql: &impl ConnectionTrait,
    engine: Engine,
    reader: &Reader,
    selection: &Selection,
    limit: u64,
) -> Result<Vec<Recorded>, Fault> {
    let Condition { text, values } = Condition::of(engine, reader, selection);
    let text = format!("SELECT {COLUMNS} FROM journal_entry e WHERE {text} ORDER BY e.position LIMIT {limit}");
    read(sql, Statement::from_sql_and_values(engine.backend(), text, values)).await
}

/// The first `limit` entries about each of the selection's subjects that the reader may see, by position.
///
/// # Errors
/// A fault of the database.
pub async fn load_histories(
    sql: &impl ConnectionTrait,
    engine: Engine,
    reader: &Reader,
    selection: &Selection,
    limit: u64,
) -> Result<Vec<Recorded>, Fault> {
    let Condition { text, values } = Condition::of(engine, reader, selection);
    let text = format!(
        "SELECT * FROM (SELECT {COLUMNS}, ROW_NUMBER() OVER (PARTITION BY e.subject_id ORDER BY e.position) AS number \
         FROM journal_entry e WHERE {text}) numbered WHERE number <= {limit} ORDER BY position"
    );
    read(sql, Statement::from_sql_and_values(engine.backend(), text, values)).await
}

async fn read(sql: &impl ConnectionTrait, statement: Statement) -> Result<Vec<Recorded>, Fault> {
    let rows = journal_entry::Model::find_by_statement(statement).all(sql).await?;
    let positions = rows.iter().map(|row| row.position);
    let touched = journal_entry_unit::Entity::find().filter(journal_entry_unit::Column::Position.is_in(positions)).all(sql).await?;
    let mut units: HashMap<i64, Vec<UnitId>> = HashMap::new();
    for row in touched {
        units.entry(row.position).or_default().push(UnitId(row.unit_id));
    }
    rows.into_iter().map(|row| recorded(row, &mut units)).collect()
}

fn recorded(row: journal_entry::Model, touched: &mut HashMap<i64, Vec<UnitId>>) -> Result<Recorded, Fault> {
    let changes: Vec<ChangeJson<String>> = serde_json::from_str(&row.changes)?;
    let entry = Entry {
        action: Action::decode(&row.action)?,
        subject: subject(&row.subject_type, row.subject_id)?,
        on_behalf_of: row.on_behalf_of_id.map(UnitId),
        units: touched.remove(&row.position).unwrap_or_default(),
        changes: changes.into_iter().map(FieldChange::from).collect(),
        reason: row.reason,
    };
    Ok(Recorded { position: row.position, at: row.at, actor: row.actor_id.map(PrincipalId), entry })
}

#[derive(FromQueryResult)]
struct SubjectRow {
    subject_id: Uuid,
    count: i64,
}

/// How many entries about each of the selection's subjects the reader may see; those without any are missing.
///
/// # Errors
/// A fault of the database.
pub async fn count_histories(
    sql: &impl ConnectionTrait,
    engine: Engine,
    reader: &Reader,
    selection: &Selection,
) -> Result<HashMap<Uuid, usize>, Fault> {
    let Condition { text, values } = Condition::of(engine, reader, selection);
    let text = format!("SELECT e.subject_id, COUNT(*) AS count FROM journal_entry e WHERE {text} GROUP BY e.subject_id");
    let rows = SubjectRow::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, values)).all(sql).await?;
    Ok(rows.into_iter().map(|row| (row.subject_id, usize::try_from(row.count).unwrap_or_default())).collect())
}

#[derive(FromQueryResult)]
struct CountRow {
    count: i64,
}

/// How many entries of a selection the reader may see.
///
/// # Errors
/// A fault of the database.
pub async fn count_entries(sql: &impl ConnectionTrait, engine: Engine, reader: &Reader, selection: &Selection) -> Result<usize, Fault> {
    let Condition { text, values } = Condition::of(engine, reader, selection);
    let text = format!("SELECT COUNT(*) AS count FROM journal_entry e WHERE {text}");
    let row = CountRow::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, values)).one(sql).await?;
    Ok(row.and_then(|row| usize::try_from(row.count).ok()).unwrap_or_default())
}
