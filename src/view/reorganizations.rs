//! Reorganizations as they are read. Any principal may (A3): they say names and places only.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use chidao_domain::access::readable;
use chidao_domain::forest::Forest;
use chidao_domain::ids::{GrantId, ReorganizationId, UnitId};
use chidao_domain::refusal::{InputRefusal, Refusal};
use uuid::Uuid;

use crate::office::Glance;
use crate::store::grants::{HeldGrant, load_grants_ever};
use crate::store::reorganizations::{
    Consequences, ObligationEffect, Reorganization, load_consequences, load_reorganization_ids, load_reorganizations,
};
use crate::store::{Fault, Stop};
use crate::view::View;
use crate::view::page::{Page, Window};

/// Loads what reorganizations do to obligations, whoever may read them.
pub struct ConsequencesOf(pub(crate) Arc<Glance>);

impl Loader<ReorganizationId> for ConsequencesOf {
    type Value = Arc<Consequences>;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[ReorganizationId]) -> Result<HashMap<ReorganizationId, Self::Value>, Self::Error> {
        let found = load_consequences(self.0.snapshot.sql(), ids).await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|(id, list)| (id, Arc::new(list))).collect())
    }
}

/// Loads grants, also where they hold no more.
pub struct GrantsEver(pub(crate) Arc<Glance>);

impl Loader<GrantId> for GrantsEver {
    type Value = HeldGrant;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[GrantId]) -> Result<HashMap<GrantId, Self::Value>, Self::Error> {
        load_grants_ever(self.0.snapshot.sql(), ids).await.map_err(Arc::new)
    }
}

impl View {
    /// What a reorganization does to obligations, whoever may read them: see [`View::readable_effects`].
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn consequences(&self, id: ReorganizationId) -> Result<Arc<Consequences>, Fault> {
        Ok(self.loaders().consequences.load_one(id).await.map_err(Fault::shared)?.unwrap_or_default())
    }

    /// The places of those that happen to units which the caller may read about (A3): as they stand today, else on the batch's day.
    pub fn readable_effects(&self, all: &[ObligationEffect], on_the_day: &Forest) -> Vec<usize> {
        let mut known: HashMap<UnitId, bool> = HashMap::new();
        let mut may = |unit: UnitId| *known.entry(unit).or_insert_with(|| self.may_read_about(unit, on_the_day));
        all.iter().enumerate().filter(|(_, effect)| may(UnitId(effect.unit))).map(|(at, _)| at).collect()
    }

    fn may_read_about(&self, unit: UnitId, on_the_day: &Forest) -> bool {
        match self.forest().standing(unit) {
            Some(place) => readable(self.grants(), self.forest(), place).is_ok(),
            None => on_the_day.standing(unit).is_some_and(|place| readable(self.grants(), on_the_day, place).is_ok()),
        }
    }

    /// Grants that end or ended with their units, as far as the caller may read about who holds them.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn grants_that_ended(&self, ids: &[Uuid]) -> Result<Vec<HeldGrant>, Fault> {
        let mut known = self.loaders().grants_ever.load_many(ids.iter().copied().map(GrantId)).await.map_err(Fault::shared)?;
        let held = ids.iter().filter_map(|id| known.remove(&GrantId(*id)));
        Ok(held.filter(|held| self.may_read_principal(held.principal)).collect())
    }

    /// The reorganization with that id.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn reorganization(&self, id: ReorganizationId) -> Result<Option<Reorganization>, Fault> {
        self.loaders().reorganizations.load_one(id).await.map_err(Fault::shared)
    }

    /// A page of all reorganizations, the latest first.
    ///
    /// # Errors
    /// A refusal where a cursor points at none, or a fault of the database.
    pub async fn reorganizations(&self, window: &Window<ReorganizationId>) -> Result<Page<Reorganization>, Stop> {
        let ids = load_reorganization_ids(self.sql()).await?;
        let window = window.clone().try_map(|id| {
            let foreign = || Refusal::from(InputRefusal::ForeignCursor);
            ids.iter().position(|other| *other == id).ok_or_else(foreign)
        })?;
        let places: Vec<usize> = (0..ids.len()).collect();
        let page = Page::of_sorted(&places, &window, usize::cmp);
        let wanted: Vec<ReorganizationId> = page.items.iter().map(|place| ids[*place]).collect();
        let mut known = load_reorganizations(self.sql(), &wanted).await?;
        let items = wanted.iter().filter_map(|id| known.remove(id)).collect();
        Ok(Page { items, has_previous: page.has_previous, has_next: page.has_next, total: page.total })
    }
}
