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
}
