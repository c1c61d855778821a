//! A list of ids as one bound parameter: filters by a subtree and orders by the tree without a statement that grows with the list.

use std::fmt::Write as _;

use sea_orm::Value;
use uuid::Uuid;

use crate::store::database::Engine;

/// Ids in an order, to be joined as a table of `id` and `place`; places count from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Among {
    engine: Engine,
    list: String,
}

impl Among {
    /// Those ids, in that order; each once.
    pub fn new<I: Into<Uuid>>(engine: Engine, ids: impl IntoIterator<Item = I>) -> Self {
        let mut list = String::new();
        for id in ids {
            let (id, comma): (Uuid, _) = (id.into(), if list.is_empty() { "" } else { "," });
            let written = match engine {
                Engine::Sqlite => write!(list, "{comma}\"{}\"", id.simple()),
                Engine::Postgres => write!(list, "{comma}{id}"),
            };
            debug_assert!(written.is_ok(), "writing to a string does not fail");
        }
        if engine == Engine::Sqlite {
            list = format!("[{list}]");
        }
        Self { engine, list }
    }

    /// The table, for a FROM or a JOIN; the list is the parameter with that number: `JOIN {among.table(3)} a ON a.id = o.unit_id`.
    pub fn table(&self, parameter: usize) -> String {
        match self.engine {
            Engine::Sqlite => format!("(SELECT unhex(value) AS id, key AS place FROM json_each(${parameter}))"),
            Engine::Postgres => {
                let list = format!("unnest(string_to_array(${parameter}, ',')::uuid[])");
                format!("(SELECT id, place - 1 AS place FROM {list} WITH ORDINALITY AS listed(id, place))")
            }
        }
    }

    /// A condition that `column` is one of the ids: cheaper than a join where the order is of no matter.
    pub fn holds(&self, column: &str, parameter: usize) -> String {
        format!("{column} IN (SELECT id FROM {} among)", self.table(parameter))
    }

    /// What is bound to the parameter.
    pub fn value(self) -> Value {
        self.list.into()
    }
}

/// Pairs of ids as one bound parameter, to be joined as a table of `one` and `other`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pairs {
    engine: Engine,
    list: String,
}

impl Pairs {
    /// Those pairs; each once.
    pub fn new<I: Into<Uuid>, J: Into<Uuid>>(engine: Engine, pairs: impl IntoIterator<Item = (I, J)>) -> Self {
        let mut list = String::new();
        for (one, other) in pairs {
            let (one, other): (Uuid, Uuid) = (one.into(), other.into());
            let comma = if list.is_empty() { "" } else { "," };
            let written = match engine {
                Engine::Sqlite => write!(list, "{comma}[\"{}\",\"{}\"]", one.simple(), other.simple()),
                Engine::Postgres => write!(list, "{comma}{one}/{other}"),
            };
            debug_assert!(written.is_ok(), "writing to a string does not fail");
        }
        if engine == Engine::Sqlite {
            list = format!("[{list}]");
        }
        Self { engine, list }
    }

    /// The table, for a FROM or a JOIN; the list is the parameter with that number.
    pub fn table(&self, parameter: usize) -> String {
        match self.engine {
            Engine::Sqlite => {
                format!("(SELECT unhex(value ->> 0) AS one, unhex(value ->> 1) AS other FROM json_each(${parameter}))")
            }
            Engine::Postgres => {
                let list = format!("unnest(string_to_array(${parameter}, ','))");
                format!(
                    "(SELECT split_part(pair, '/', 1)::uuid AS one, split_part(pair, '/', 2)::uuid AS other FROM {list} AS listed(pair))"
                )
            }
        }
    }

    /// What is bound to the parameter.
    pub fn value(self) -> Value {
        self.list.into()
    }
}

#[cfg(test)]
mod tests {
    use chidao_domain::ids::UnitId;
    use sea_orm::{ConnectionTrait as _, Statement};

    use super::*;

    #[tokio::test]
    async fn ids_come_back_in_their_order_on_sqlite() {
        let sql = sea_orm::Database::connect("sqlite::memory:").await.unwrap();
        for given in [vec![7, 3, 5], vec![]] {
            let units: Vec<UnitId> = given.iter().map(|&number| UnitId(Uuid::from_u128(number))).collect();
            let among = Among::new(Engine::Sqlite, units.clone());
            let text = format!("SELECT id FROM {} among ORDER BY place", among.table(1));
            let rows = sql.query_all_raw(Statement::from_sql_and_values(Engine::Sqlite.backend(), text, [among.value()])).await.unwrap();
            let read: Vec<UnitId> = rows.iter().map(|row| UnitId(row.try_get("", "id").unwrap())).collect();
            assert_eq!(read, units);
        }
    }

    #[tokio::test]
    async fn pairs_come_back_as_pairs_on_sqlite() {
        let sql = sea_orm::Database::connect("sqlite::memory:").await.unwrap();
        for given in [vec![(7, 3), (7, 5), (9, 3)], vec![]] {
            let ids: Vec<(Uuid, Uuid)> = given.iter().map(|&(one, other)| (Uuid::from_u128(one), Uuid::from_u128(other))).collect();
            let pairs = Pairs::new(Engine::Sqlite, ids.iter().copied());
            let text = format!("SELECT one, other FROM {} pairs ORDER BY one, other", pairs.table(1));
            let rows = sql.query_all_raw(Statement::from_sql_and_values(Engine::Sqlite.backend(), text, [pairs.value()])).await.unwrap();
            let read: Vec<(Uuid, Uuid)> =
                rows.iter().map(|row| (row.try_get("", "one").unwrap(), row.try_get("", "other").unwrap())).collect();
            assert_eq!(read, ids);
        }
    }
}
