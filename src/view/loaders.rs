//! Batches: what the objects of a list ask for one by one is read in one statement. One loader for each sort of thing.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
use async_graphql::runtime::{TokioSpawner, TokioTimer};
use chidao_domain::ids::{PrincipalId, UnitId};
use chidao_domain::reorganization::ExternalId;

use crate::office::Glance;
use crate::store::grants::HeldGrant;
use crate::store::principals::Principal;
use crate::store::{Fault, grants, principals, units};

/// A loader that batches what is asked for at the same time, and remembers it for as long as the view lasts.
pub type Batched<L> = DataLoader<L, HashMapCache>;

/// The loaders of one view.
pub struct Loaders {
    /// The external identifiers of units.
    pub external_ids: Batched<ExternalIdsOf>,
    /// Principals by their ids.
    pub principals: Batched<PrincipalsById>,
    /// The grants of principals that hold today.
    pub grants: Batched<GrantsOf>,
}

impl Loaders {
    pub(crate) fn new(glance: &Arc<Glance>) -> Self {
        Self {
            external_ids: batched(ExternalIdsOf(glance.clone())),
            principals: batched(PrincipalsById(glance.clone())),
            grants: batched(GrantsOf(glance.clone())),
        }
    }
}

/// Requests made in the same round of the executor come together; nothing is waited for.
fn batched<L: Send + Sync + 'static>(loader: L) -> Batched<L> {
    DataLoader::with_cache(loader, TokioSpawner::current(), TokioTimer::default(), HashMapCache::default()).delay(Duration::ZERO)
}

/// Loads the external identifiers of units.
pub struct ExternalIdsOf(Arc<Glance>);

impl Loader<UnitId> for ExternalIdsOf {
    type Value = Vec<ExternalId>;
    type Error = Arc<Fault>;

    async fn load(&self, units: &[UnitId]) -> Result<HashMap<UnitId, Self::Value>, Self::Error> {
        units::load_external_ids(self.0.snapshot.sql(), units).await.map_err(Arc::new)
    }
}

/// Loads principals.
pub struct PrincipalsById(Arc<Glance>);

impl Loader<PrincipalId> for PrincipalsById {
    type Value = Principal;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[PrincipalId]) -> Result<HashMap<PrincipalId, Self::Value>, Self::Error> {
        principals::load_principals(self.0.snapshot.sql(), ids).await.map_err(Arc::new)
    }
}

/// Loads the grants of principals that hold today.
pub struct GrantsOf(Arc<Glance>);

impl Loader<PrincipalId> for GrantsOf {
    type Value = Vec<HeldGrant>;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[PrincipalId]) -> Result<HashMap<PrincipalId, Self::Value>, Self::Error> {
        grants::load_grants(self.0.snapshot.sql(), ids, self.0.today).await.map_err(Arc::new)
    }
}
