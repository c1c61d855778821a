//! From when and on which tree a set is seen (C7).

use chidao_domain::day::Day;
use chidao_domain::forest::Forest;
use chidao_domain::refusal::{InputRefusal, Refusal};
use chrono::{DateTime, Utc};

use crate::live::Tree;
use crate::store::Stop;
use crate::store::completions::AsOf;
use crate::store::forests::TreeOn;
use crate::view::View;

/// On which tree the units of a completion stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Structure {
    /// Today's.
    #[default]
    Now,
    /// That of the day that is asked for.
    Then,
}

/// The day that is asked for, and the tree that its units stand on.
#[derive(Clone)]
pub struct Standpoint {
    as_of: AsOf,
    on: TreeOn,
    structure: Structure,
    tree: Tree,
}

impl Standpoint {
    /// As of when obligations are counted.
    pub fn as_of(&self) -> AsOf {
        self.as_of
    }

    /// The day that is asked for.
    pub fn day(&self) -> Day {
        self.as_of.day()
    }

    /// Which tree it is.
    pub fn on(&self) -> TreeOn {
        self.on
    }

    /// Whether another day would be seen on the same tree.
    pub fn structure(&self) -> Structure {
        self.structure
    }

    /// The tree.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Its forest.
    pub fn forest(&self) -> &Forest {
        &self.tree.forest
    }
}

impl View {
    /// Today, on today's tree.
    pub fn here_and_now(&self) -> Standpoint {
        let on = TreeOn::day(self.today());
        Standpoint { as_of: AsOf::Now(self.today()), on, structure: Structure::Now, tree: self.tree().clone() }
    }

    /// The end of a day (left out: today), on the tree of today or of that day, as it is or was known (C7, T4).
    ///
    /// # Errors
    /// A refusal where the day is later than today; a fault of the database.
    pub async fn standpoint(&self, on: Option<Day>, structure: Structure, known_at: Option<DateTime<Utc>>) -> Result<Standpoint, Stop> {
        let (today, on) = (self.today(), on.unwrap_or(self.today()));
        if on > today {
            return Err(Refusal::from(InputRefusal::LaterThan { latest: today.to_string() }).by("C7").within("on").into());
        }
        let day = match structure {
            Structure::Now => today,
            Structure::Then => on,
        };
        let tree_on = TreeOn { day, known_at };
        let tree = self.tree_known(tree_on).await?;
        let as_of = if on == today { AsOf::Now(today) } else { AsOf::EndOf(on) };
        Ok(Standpoint { as_of, on: tree_on, structure, tree })
    }
}
