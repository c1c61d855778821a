//! Coverage of a directive, for whom who asks may read about (D7).

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use chidao_domain::access::Readable;
use chidao_domain::directive::{Coverage, Expected, coverage};
use chidao_domain::ids::{DirectiveId, UnitId};
use chidao_domain::kind::KindCode;

use crate::store::Fault;
use crate::view::View;

impl View {
    /// Which units below one have issued a document that implements the directive, of those whom that binds or, where kinds are named, of those
    /// of these kinds. Counts are true whatever of those documents the caller may open (C11).
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn coverage(
        &self,
        directive: DirectiveId,
        below: Readable,
        kinds: Option<&BTreeSet<KindCode>>,
    ) -> Result<Coverage, Arc<Fault>> {
        let implementing = self.loaders().implementing.load_one(directive).await?.unwrap_or_default();
        let issued: HashSet<UnitId> = implementing.iter().map(|(_, issuer)| *issuer).collect();
        if let Some(kinds) = kinds {
            return Ok(coverage(self.forest(), below.unit(), Expected::OfKinds(kinds), &issued));
        }
        let bound = self.loaders().bound_by_line.load_one(directive).await?.unwrap_or_default();
        Ok(coverage(self.forest(), below.unit(), Expected::Bound(&bound), &issued))
    }
}
