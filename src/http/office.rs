//! The house that is really behind the edge: the office, and the schema in front of it.

use async_graphql::{Request, Response};
use chidao_domain::access::{Grant, Grants, Role};

use super::house::{Asked, House};
use crate::graphql::{self, ChidaoSchema};
use crate::office::{Caller, Credential, SharedOffice};
use crate::store::Fault;

/// The office and the schema.
pub struct Premises {
    /// What commands and views work with.
    pub office: SharedOffice,
    /// What operations are executed by.
    pub schema: ChidaoSchema,
}

impl Premises {
    async fn grants(&self, caller: &Caller) -> Result<Grants, Fault> {
        // Nobody looks without logging in, and nobody holds nothing.
        if caller.principal.is_none() {
            return Ok(Grants::default());
        }
        Ok(self.office.look(caller).await?.grants)
    }
}

impl House for Premises {
    type Caller = Caller;

    async fn identify(&self, credential: Credential) -> Result<Option<Caller>, Fault> {
        self.office.identify(&credential).await
    }

    async fn execute(&self, request: Request, asked: Asked<Caller>) -> Response {
        let caller = Caller { locale: asked.locale, at_least: asked.at_least_position, ..asked.caller };
        graphql::execute(&self.schema, &self.office, caller, request).await
    }

    async fn readiness(&self) -> Result<(), Fault> {
        if self.office.database().is_migrated().await? { Ok(()) } else { Err(Fault::Unavailable("migrations are missing".to_owned())) }
    }

    async fn is_operator(&self, caller: &Caller) -> Result<bool, Fault> {
        Ok(self.grants(caller).await?.all().iter().any(Grant::is_operators))
    }

    async fn may_reorganize(&self, caller: &Caller) -> Result<bool, Fault> {
        Ok(self.grants(caller).await?.all().iter().any(|grant| grant.role == Role::Admin))
    }

    async fn today_moved(&self) -> Result<(), Fault> {
        self.office.carry_calendar().await
    }
}
