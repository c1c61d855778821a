//! `createService`: a program that presents a secret.

use chidao_domain::access::Action as Right;
use chidao_domain::ids::PrincipalId;
use chidao_domain::journal::{Action, Entry, Subject};
use chidao_domain::refusal::Refusal;
use chidao_domain::text;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::office::{Caller, Office};
use crate::secret;
use crate::store::principals::{self, Principal, PrincipalKind};
use crate::store::{Answer, Done};

/// What `createService` answers.
#[derive(Clone, Serialize, Deserialize)]
pub struct ServiceCreated {
    /// The new service.
    pub principal: Uuid,
    /// Shown this once: what is kept for a call that is sent again does not have it.
    #[serde(skip)]
    pub secret: Option<String>,
}

impl ServiceCreated {
    /// The new service.
    pub fn principal(&self) -> PrincipalId {
        PrincipalId(self.principal)
    }
}

/// Makes a service without any right.
///
/// # Errors
/// A refusal where the name cannot be taken or the caller administers no unit; nothing is written then.
pub async fn create_service(office: &Office, caller: &Caller, display_name: &str) -> Answer<ServiceCreated> {
    let (mut tx, grants) = office.begin(caller).await?;
    grants.check(tx.forest(), Right::CreatePrincipal)?;
    let display_name = text::name(display_name).map_err(|no| Refusal::from(no).within("displayName"))?;
    let service = Principal {
        id: tx.new_id(),
        kind: PrincipalKind::Service,
        display_name: display_name.clone(),
        active: true,
        user_name: None,
        person: None,
    };
    let secret = secret::draw();
    principals::insert_service(&tx, &service, secret::hash(&secret)).await?;
    tx.record(Entry::new(Action::ServiceCreated, Subject::Principal(service.id)).change("displayName", None, Some(display_name)));
    let Done { output, position } = tx.commit(ServiceCreated { principal: service.id.into(), secret: None }).await?;
    Ok(Done { output: ServiceCreated { secret: Some(secret), ..output }, position })
}
