//! Making users and services, and letting them in no more.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chidao_domain::ids::PersonId;

use crate::command;
use crate::graphql::context::{Written, at, keyed, written};
use crate::graphql::error::{Outcome, UserError, user_errors};
use crate::graphql::id::typed;
use crate::graphql::principal::{Principal, Service, User};
use crate::store::{Fault, Stop};

/// What `createUser` takes.
#[derive(InputObject)]
pub struct CreateUserInput {
    /// To log in with; not taken by another user, in whatever case.
    user_name: String,
    /// As people see it.
    display_name: String,
    /// At least 12 characters; without one nobody logs in by password.
    #[graphql(secret)]
    password: Option<String>,
    /// The person behind it.
    person: Option<ID>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice, even with another password.
    client_mutation_id: Option<String>,
}

/// What `createUser` answers.
#[derive(SimpleObject)]
pub struct CreateUserPayload {
    /// The new user; nothing where it was refused.
    user: Option<User>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// What `createService` takes.
#[derive(InputObject)]
pub struct CreateServiceInput {
    /// As people see it.
    display_name: String,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice; the secret is not shown again.
    client_mutation_id: Option<String>,
}

/// What `createService` answers.
#[derive(SimpleObject)]
pub struct CreateServicePayload {
    /// The new service; nothing where it was refused.
    service: Option<Service>,
    /// What its requests carry as `Authorization: Bearer …`. It is shown this once; a call that is sent again does not show it.
    secret: Option<String>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// What `deactivatePrincipal` takes.
#[derive(InputObject)]
pub struct DeactivatePrincipalInput {
    /// Who.
    principal: ID,
    /// Why.
    reason: Option<String>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    client_mutation_id: Option<String>,
}

/// What `deactivatePrincipal` answers.
#[derive(SimpleObject)]
pub struct DeactivatePrincipalPayload {
    /// Who, no longer active; nothing where it was refused.
    principal: Option<Principal>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// The mutations of users and services.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Makes a user without any right; roles are granted apart.
    async fn create_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] mut input: CreateUserInput,
    ) -> Outcome<CreateUserPayload> {
        // The key is kept with a fast hash of the input, from which a password could be guessed.
        let password = input.password.take();
        let caller = keyed(ctx, "createUser", input.client_mutation_id.as_ref(), &input);
        let refused = |refusals: &[_]| CreateUserPayload { user: None, user_errors: user_errors(ctx, refusals) };
        let person = match input.person.as_ref().map(typed::<PersonId>).transpose() {
            Ok(person) => person,
            Err(no) => return Ok(refused(&[no.within("person")])),
        };
        let CreateUserInput { user_name, display_name, .. } = input;
        let input = command::CreateUser { user_name, display_name, password, person };
        Ok(match written(ctx, command::create_user(at(ctx).0, &caller, input).await).await? {
            Written::Refused(refusals) => refused(&refusals),
            Written::Done(done, view) => {
                CreateUserPayload { user: Some(user(Principal::written(&view, done.principal()).await?)?), user_errors: Vec::new() }
            }
        })
    }

    /// Makes a service without any right, and shows its secret once.
    async fn create_service(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: CreateServiceInput,
    ) -> Outcome<CreateServicePayload> {
        let caller = keyed(ctx, "createService", input.client_mutation_id.as_ref(), &input);
        Ok(match written(ctx, command::create_service(at(ctx).0, &caller, &input.display_name).await).await? {
            Written::Refused(refusals) => CreateServicePayload { service: None, secret: None, user_errors: user_errors(ctx, &refusals) },
            Written::Done(done, view) => CreateServicePayload {
                service: Some(service(Principal::written(&view, done.principal()).await?)?),
                secret: done.secret,
                user_errors: Vec::new(),
            },
        })
    }

    /// Lets a principal in no more: its sessions end, and its next request is refused. The last operator stays.
    async fn deactivate_principal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: DeactivatePrincipalInput,
    ) -> Outcome<DeactivatePrincipalPayload> {
        let caller = keyed(ctx, "deactivatePrincipal", input.client_mutation_id.as_ref(), &input);
        let answer = match typed(&input.principal) {
            Ok(principal) => {
                let input = command::DeactivatePrincipal { principal, reason: input.reason };
                command::deactivate_principal(at(ctx).0, &caller, input).await
            }
            Err(no) => Err(Stop::from(no.within("principal"))),
        };
        Ok(match written(ctx, answer).await? {
            Written::Refused(refusals) => DeactivatePrincipalPayload { principal: None, user_errors: user_errors(ctx, &refusals) },
            Written::Done(done, view) => {
                DeactivatePrincipalPayload { principal: Some(Principal::written(&view, done.principal()).await?), user_errors: Vec::new() }
            }
        })
    }
}

fn user(principal: Principal) -> Outcome<User> {
    match principal {
        Principal::User(user) => Ok(user),
        Principal::Service(_) => Err(Fault::Other("a user was written and a service is there".into()).into()),
    }
}

fn service(principal: Principal) -> Outcome<Service> {
    match principal {
        Principal::Service(service) => Ok(service),
        Principal::User(_) => Err(Fault::Other("a service was written and a user is there".into()).into()),
    }
}
