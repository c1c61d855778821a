//! Principals and their grants as they are read. Names are shown wherever somebody acted; grants only to oneself and to administrators.

use chidao_domain::access::Action;
use chidao_domain::ids::{GrantId, PrincipalId};
use chidao_domain::refusal::Refusal;
use chrono::{DateTime, Utc};

use crate::store::grants::HeldGrant;
use crate::store::principals::{self, Principal};
use crate::store::{Fault, Stop};
use crate::view::View;
use crate::view::page::{Count, Page, Window};

impl View {
    /// Refuses who may not read about a principal: administrators may, and everybody about themselves.
    fn check_principal(&self, id: PrincipalId) -> Result<(), Refusal> {
        if self.caller().id() == Some(id) { Ok(()) } else { self.grants().check(self.forest(), Action::ReadPrincipals) }
    }

    /// Whether the caller may read about a principal: it is the principal, or an administrator of any unit.
    pub fn may_read_principal(&self, id: PrincipalId) -> bool {
        self.check_principal(id).is_ok()
    }

    /// What a principal is called and whether it is active: for the signs that it left on other things.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn principal_named(&self, id: PrincipalId) -> Result<Option<Principal>, Fault> {
        self.loaders().principals.load_one(id).await.map_err(Fault::shared)
    }

    /// The principal, to those who may read about it; `None` to others (A5).
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn principal(&self, id: PrincipalId) -> Result<Option<Principal>, Fault> {
        match self.check_principal(id) {
            Ok(()) => self.principal_named(id).await,
            Err(_) => Ok(None),
        }
    }

    /// The grants of a principal that hold today; one of a unit that has ended does not (A1).
    ///
    /// # Errors
    /// `FORBIDDEN` to who is neither the principal nor an administrator of any unit, or a fault of the database.
    pub async fn grants_of(&self, id: PrincipalId) -> Result<Vec<HeldGrant>, Stop> {
        self.check_principal(id)?;
        let mut held = self.loaders().grants.load_one(id).await.map_err(Fault::shared)?.unwrap_or_default();
        held.retain(|held| held.grant.has_not_ended(self.forest()));
        Ok(held)
    }

    /// The grant, if it holds today and the caller may read about who holds it.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn grant(&self, id: GrantId) -> Result<Option<HeldGrant>, Fault> {
        let held = self.loaders().grants_by_id.load_one(id).await.map_err(Fault::shared)?;
        Ok(held.filter(|held| held.grant.has_not_ended(self.forest()) && self.check_principal(held.principal).is_ok()))
    }

    /// When a principal last changed anything: reads leave no trace, so that looking costs no write.
    ///
    /// # Errors
    /// `FORBIDDEN` to who is neither the principal nor an administrator of any unit, or a fault of the database.
    pub async fn last_acted_at(&self, id: PrincipalId) -> Result<Option<DateTime<Utc>>, Stop> {
        self.check_principal(id)?;
        Ok(self.loaders().last_acts.load_one(id).await.map_err(Fault::shared)?)
    }

    /// A page of all principals, in the order in which they were made.
    ///
    /// # Errors
    /// `FORBIDDEN` to who is no administrator of any unit, or a fault of the database.
    pub async fn principals(&self, window: &Window<PrincipalId>) -> Result<Page<Principal>, Stop> {
        self.grants().check(self.forest(), Action::ReadPrincipals)?;
        let rows = principals::load_after(self.sql(), window.after, window.rows()).await?;
        let total = match window.count {
            Count::Wanted => principals::count_all(self.sql()).await?,
            Count::Unwanted => 0,
        };
        Ok(Page::of_rows(rows, window, usize::try_from(total).unwrap_or(usize::MAX)))
    }
}
