//! What is kept in memory, replaced whole and never patched: forests, each for a structure version, a day, and what was known when.

use std::sync::{Arc, Mutex, PoisonError};

use chidao_domain::forest::Forest;
use chidao_domain::kind::KindRegister;
use tokio::sync::OnceCell;

use crate::store::forests::{TreeOn, load_forest};
use crate::store::{self, Engine, Fault};

/// Forests that are kept; at 300,000 units one takes some 150 MB, at 5,000 some 3.
const FORESTS: usize = 8;

/// The tree of a day and the register that orders it.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The active units of the day.
    pub forest: Arc<Forest>,
    /// The kinds of unit.
    pub kinds: Arc<KindRegister>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    structure_version: i64,
    on: TreeOn,
}

type Slot = Arc<OnceCell<Tree>>;

/// The trees in memory, the most recently used last.
#[derive(Debug, Default)]
pub struct Live {
    trees: Mutex<Vec<(Key, Slot)>>,
}

impl Live {
    /// A tree at a structure version; loaded once, however many ask at the same time.
    ///
    /// # Errors
    /// A fault of the database; the next who asks tries again.
    pub async fn tree(
        &self,
        sql: &(impl sea_orm::ConnectionTrait + sea_orm::StreamTrait),
        engine: Engine,
        structure_version: i64,
        on: TreeOn,
    ) -> Result<Tree, Fault> {
        let slot = self.slot(Key { structure_version, on });
        let load = async {
            let kinds = Arc::new(store::registers::load_unit_kinds(sql).await?);
            let forest = Arc::new(load_forest(sql, engine, &kinds, on).await?);
            Ok::<_, Fault>(Tree { forest, kinds })
        };
        slot.get_or_try_init(|| load).await.cloned()
    }

    fn slot(&self, key: Key) -> Slot {
        let mut trees = self.trees.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = trees.iter().position(|(other, _)| *other == key).map(|at| trees.remove(at));
        let (key, slot) = kept.unwrap_or_else(|| (key, Slot::default()));
        if trees.len() >= FORESTS {
            trees.remove(0);
        }
        trees.push((key, slot.clone()));
        slot
    }
}
