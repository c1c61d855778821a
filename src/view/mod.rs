//! Every read, access-checked. A [`View`] is one read: one position, one day, one tree, one caller.

pub mod batched;
pub mod bindings;
pub mod completion;
pub mod coverage;
pub mod directives;
pub mod integrity;
pub mod journal;
pub mod loaders;
pub mod obligations;
pub mod page;
pub mod people;
pub mod principals;
pub mod reorganizations;
pub mod units;

use std::sync::Arc;

use chidao_domain::access::Grants;
use chidao_domain::day::Day;
use chidao_domain::forest::Forest;
use chidao_domain::refusal::Locale;
use sea_orm::DatabaseTransaction;

use crate::live::Tree;
use crate::office::{Caller, Glance, Office, SharedOffice};
use crate::store::forests::TreeOn;
use crate::store::{Engine, Fault};
use crate::view::loaders::Loaders;

/// One read: everything reached from it is of the same moment and seen by the same caller.
pub struct View {
    office: SharedOffice,
    caller: Caller,
    glance: Arc<Glance>,
    loaders: Loaders,
}

/// A view that the objects of an answer share.
pub type SharedView = Arc<View>;

impl View {
    /// Looks now, as `caller`.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn open(office: &SharedOffice, caller: &Caller) -> Result<SharedView, Fault> {
        let glance = Arc::new(office.look(caller).await?);
        let loaders = Loaders::new(office, &glance);
        Ok(Arc::new(Self { office: office.clone(), caller: caller.clone(), glance, loaders }))
    }

    /// The journal position that it reflects (J4).
    pub fn position(&self) -> i64 {
        self.glance.head.position
    }

    /// The day of the answer (T1).
    pub fn today(&self) -> Day {
        self.glance.today
    }

    /// Who looks.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The language of the caller.
    pub fn locale(&self) -> Locale {
        self.caller.locale
    }

    /// What the caller may do.
    pub fn grants(&self) -> &Grants {
        &self.glance.grants
    }

    /// Today's tree.
    pub fn tree(&self) -> &Tree {
        &self.glance.tree
    }

    /// Today's forest.
    pub fn forest(&self) -> &Forest {
        &self.glance.tree.forest
    }

    /// The office behind it.
    pub fn office(&self) -> &Office {
        &self.office
    }

    /// Batches what the objects of a list ask for one by one.
    pub fn loaders(&self) -> &Loaders {
        &self.loaders
    }

    /// The connection to read through.
    pub(crate) fn sql(&self) -> &DatabaseTransaction {
        self.glance.snapshot.sql()
    }

    /// The moment that it is of.
    pub(crate) fn glance(&self) -> &Glance {
        &self.glance
    }

    /// Which database it is.
    pub(crate) fn engine(&self) -> Engine {
        self.glance.snapshot.engine()
    }

    /// The tree of a day, today's where none is named (O4).
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn tree_on(&self, day: Option<Day>) -> Result<Tree, Fault> {
        self.tree_known(TreeOn::day(day.unwrap_or(self.today()))).await
    }

    /// The tree of a day, as it is or was known (O4, T4).
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn tree_known(&self, on: TreeOn) -> Result<Tree, Fault> {
        if on == TreeOn::day(self.today()) {
            return Ok(self.glance.tree.clone());
        }
        self.office.tree_of(&self.glance, on).await
    }
}
