//! Grants: the type, `grantRole` and `revokeGrant`.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chidao_domain::ids::PrincipalId;
use chidao_domain::refusal::Refusal;

use crate::command;
use crate::graphql::context::{Written, at, keyed, written};
use crate::graphql::error::{Outcome, UserError, user_errors};
use crate::graphql::id::{NodeId, typed};
use crate::graphql::org_unit::{OrgUnit, OrgUnitRef};
use crate::graphql::principal::{Principal, Role};
use crate::graphql::scalars::{Date, DateTime};
use crate::store::Stop;
use crate::store::grants::HeldGrant;
use crate::view::SharedView;
use crate::view::units::UnitOnDay;

/// One role over one unit and all below it, or over the whole forest (quyền được cấp).
pub struct Grant {
    pub(crate) view: SharedView,
    pub(crate) held: HeldGrant,
}

/// One role over one unit and all below it, or over the whole forest (quyền được cấp).
#[Object]
impl Grant {
    /// Opaque and global.
    pub(crate) async fn id(&self) -> ID {
        NodeId::from(self.held.grant.id).encode()
    }

    /// Who holds it.
    async fn principal(&self) -> Outcome<Principal> {
        Principal::written(&self.view, self.held.principal).await
    }

    /// What it allows.
    async fn role(&self) -> Role {
        self.held.grant.role.into()
    }

    /// The unit that it covers, with all below; nothing: the whole forest.
    async fn unit(&self) -> Option<OrgUnit> {
        self.held.grant.unit.and_then(|unit| UnitOnDay::today(&self.view, unit)).map(OrgUnit)
    }

    /// Since when.
    async fn granted_at(&self) -> DateTime {
        DateTime(self.held.granted_at)
    }

    /// The first day on which it no longer holds; nothing: it has no end.
    async fn expires_on(&self) -> Option<Date> {
        self.held.grant.expires_on.map(Date)
    }
}

/// What a principal may do today, to those who may know.
pub(crate) async fn grants_of(view: &SharedView, id: PrincipalId) -> Outcome<Vec<Grant>> {
    let held = view.grants_of(id).await?;
    Ok(held.into_iter().map(|held| Grant { view: view.clone(), held }).collect())
}

/// What `grantRole` takes.
#[derive(InputObject)]
pub struct GrantRoleInput {
    /// Who gets it.
    principal: ID,
    /// What it allows.
    role: Role,
    /// Over which unit and all below; left out: over the whole forest, for `ADMIN` and `VIEWER` only.
    unit: Option<OrgUnitRef>,
    /// The first day on which it no longer holds; left out: it has no end.
    expires_on: Option<Date>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    client_mutation_id: Option<String>,
}

impl GrantRoleInput {
    fn read(&self) -> Result<command::GrantRole, Refusal> {
        Ok(command::GrantRole {
            principal: typed(&self.principal).map_err(|no| no.within("principal"))?,
            role: self.role.into(),
            unit: self.unit.as_ref().map(OrgUnitRef::read).transpose().map_err(|no| no.within("unit"))?,
            expires_on: self.expires_on.map(|day| day.0),
        })
    }
}

/// What `grantRole` answers.
#[derive(SimpleObject)]
pub struct GrantRolePayload {
    /// The new grant; nothing where it was refused.
    grant: Option<Grant>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// What `revokeGrant` takes.
#[derive(InputObject)]
pub struct RevokeGrantInput {
    /// Which grant.
    grant: ID,
    /// Why.
    reason: Option<String>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    client_mutation_id: Option<String>,
}

impl RevokeGrantInput {
    fn read(self) -> Result<command::RevokeGrant, Refusal> {
        Ok(command::RevokeGrant { grant: typed(&self.grant).map_err(|no| no.within("grant"))?, reason: self.reason })
    }
}

/// What `revokeGrant` answers.
#[derive(SimpleObject)]
pub struct RevokeGrantPayload {
    /// The id of the grant, which holds no more; nothing where it was refused.
    revoked: Option<ID>,
    /// Who held it.
    principal: Option<Principal>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// The mutations of grants.
#[derive(Default)]
pub struct GrantMutation;

#[Object]
impl GrantMutation {
    /// Lets a principal do something over a unit and all below it, or over the whole forest.
    async fn grant_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: GrantRoleInput,
    ) -> Outcome<GrantRolePayload> {
        let caller = keyed(ctx, "grantRole", input.client_mutation_id.as_ref(), &input);
        let answer = match input.read() {
            Ok(input) => command::grant_role(at(ctx).0, &caller, input).await,
            Err(no) => Err(Stop::from(no)),
        };
        Ok(match written(ctx, answer).await? {
            Written::Refused(refusals) => GrantRolePayload { grant: None, user_errors: user_errors(ctx, &refusals) },
            Written::Done(done, view) => {
                let held = view.grant(done.grant()).await?;
                GrantRolePayload { grant: held.map(|held| Grant { view, held }), user_errors: Vec::new() }
            }
        })
    }

    /// Takes a role back, from the next request on. The last operator stays.
    async fn revoke_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: RevokeGrantInput,
    ) -> Outcome<RevokeGrantPayload> {
        let caller = keyed(ctx, "revokeGrant", input.client_mutation_id.as_ref(), &input);
        let answer = match input.read() {
            Ok(input) => command::revoke_grant(at(ctx).0, &caller, input).await,
            Err(no) => Err(Stop::from(no)),
        };
        Ok(match written(ctx, answer).await? {
            Written::Refused(refusals) => RevokeGrantPayload { revoked: None, principal: None, user_errors: user_errors(ctx, &refusals) },
            Written::Done(done, view) => RevokeGrantPayload {
                revoked: Some(NodeId::from(done.grant()).encode()),
                principal: Principal::named(&view, done.principal()).await?,
                user_errors: Vec::new(),
            },
        })
    }
}
