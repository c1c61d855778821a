//! Principals: users, services, their grants, and the viewer.

use async_graphql::{Context, Enum, ID, InputObject, Interface, Object, SimpleObject};
use chidao_domain::access as domain;
use chidao_domain::ids::{PersonId, PrincipalId};

use crate::command;
use crate::graphql::connection::{Connection, Paging, connection};
use crate::graphql::context::{Written, at, keyed, view, written};
use crate::graphql::error::{Failure, Outcome, UserError, user_errors};
use crate::graphql::id::{NodeId, typed};
use crate::graphql::org_unit::{OrgUnit, OrgUnitRef, page_cost};
use crate::graphql::scalars::{Date, DateTime};
use crate::store::grants::HeldGrant;
use crate::store::principals::{Principal as Record, PrincipalKind};
use crate::store::{Fault, Stop};
use crate::view::SharedView;
use crate::view::units::UnitOnDay;

/// What a grant allows (vai trò). Each includes `VIEWER`, and none includes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Role")]
pub enum Role {
    /// Reads (xem).
    Viewer,
    /// Acknowledges, starts and reports (báo cáo).
    Reporter,
    /// Accepts, returns, reopens, exempts and extends; reports for units below (giám sát).
    Supervisor,
    /// Drafts, consults, issues and ends directives (soạn thảo, ban hành).
    Drafter,
    /// Reorganizes, appoints and grants (quản trị).
    Admin,
}

/// Who may call (chủ thể truy cập): a user or a service.
#[derive(Interface)]
#[graphql(
    field(name = "id", ty = "ID", desc = "Opaque and global."),
    field(name = "display_name", ty = "String", desc = "As people see it."),
    field(name = "active", ty = "bool", desc = "One that is not active is refused at once."),
    field(name = "grants", ty = "Vec<Grant>", desc = "What it may do today; shown to itself and to administrators.")
)]
pub enum Principal {
    /// A person at a keyboard.
    User(User),
    /// A program.
    Service(Service),
}

impl Principal {
    pub(crate) fn of(view: &SharedView, record: Record) -> Self {
        let view = view.clone();
        match record.kind {
            PrincipalKind::User => Self::User(User { view, record }),
            PrincipalKind::Service => Self::Service(Service { view, record }),
        }
    }

    /// Who did something: shown by name to everybody who sees what was done.
    pub(crate) async fn named(view: &SharedView, id: PrincipalId) -> Outcome<Option<Self>> {
        Ok(view.principal_named(id).await?.map(|record| Self::of(view, record)))
    }

    /// The one that a mutation wrote.
    pub(crate) async fn written(view: &SharedView, id: PrincipalId) -> Outcome<Self> {
        Self::named(view, id).await?.ok_or_else(|| Fault::Other(format!("the principal {id} was written and is not there")).into())
    }
}

/// A person at a keyboard, who logs in with a password (người dùng).
pub struct User {
    view: SharedView,
    record: Record,
}

#[Object]
impl User {
    /// Opaque and global.
    pub(crate) async fn id(&self) -> ID {
        NodeId::from(self.record.id).encode()
    }

    /// As people see it (tên hiển thị).
    async fn display_name(&self) -> String {
        self.record.display_name.clone()
    }

    /// One that is not active is refused at once.
    async fn active(&self) -> bool {
        self.record.active
    }

    /// What it may do today; shown to itself and to administrators.
    async fn grants(&self) -> Result<Vec<Grant>, Failure> {
        grants_of(&self.view, self.record.id).await
    }

    /// The name to log in with (tên đăng nhập).
    async fn user_name(&self) -> String {
        self.record.user_name.clone().unwrap_or_default()
    }
}

/// A program that presents a secret (tài khoản dịch vụ).
pub struct Service {
    view: SharedView,
    record: Record,
}

#[Object]
impl Service {
    /// Opaque and global.
    pub(crate) async fn id(&self) -> ID {
        NodeId::from(self.record.id).encode()
    }

    /// As people see it (tên hiển thị).
    async fn display_name(&self) -> String {
        self.record.display_name.clone()
    }

    /// One that is not active is refused at once.
    async fn active(&self) -> bool {
        self.record.active
    }

    /// What it may do today; shown to itself and to administrators.
    async fn grants(&self) -> Result<Vec<Grant>, Failure> {
        grants_of(&self.view, self.record.id).await
    }
}

async fn grants_of(view: &SharedView, id: PrincipalId) -> Outcome<Vec<Grant>> {
    let held = view.grants_of(id).await?;
    Ok(held.into_iter().map(|held| Grant { view: view.clone(), held }).collect())
}

/// One role over one unit and all below it, or over the whole forest (quyền được cấp).
pub struct Grant {
    pub(crate) view: SharedView,
    pub(crate) held: HeldGrant,
}

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

/// Who asks, and what waits for them (người đang đăng nhập).
pub struct Viewer(pub(crate) SharedView);

#[Object]
impl Viewer {
    /// Who is logged in.
    async fn principal(&self) -> Outcome<Principal> {
        let record = self.0.caller().principal.clone().ok_or(Fault::Unauthenticated)?;
        Ok(Principal::of(&self.0, record))
    }

    /// What they may do today.
    async fn grants(&self) -> Outcome<Vec<Grant>> {
        grants_of(&self.0, self.0.caller().id().ok_or(Fault::Unauthenticated)?).await
    }
}

/// The queries about principals.
#[derive(Default)]
pub struct PrincipalQuery;

#[Object]
impl PrincipalQuery {
    /// Who asks.
    async fn viewer(&self, ctx: &Context<'_>) -> Outcome<Viewer> {
        Ok(Viewer(view(ctx).await?))
    }

    /// All users and services, in the order in which they were made; for administrators.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn principals(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Outcome<Connection<Principal>> {
        let view = view(ctx).await?;
        let list = "principals";
        let window = Paging::forward(first, after).window(ctx, list, |key| key.parse().ok().map(PrincipalId))?;
        let page = view.principals(&window).await?;
        Ok(connection(list, page, |record| record.id.to_string(), |record| Principal::of(&view, record)))
    }
}

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
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    client_mutation_id: Option<String>,
}

/// What `createUser` answers.
#[derive(SimpleObject)]
pub struct CreateUserPayload {
    /// The new user; nothing where it was refused.
    user: Option<Principal>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
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
    fn read(&self) -> Result<command::GrantRole, chidao_domain::refusal::Refusal> {
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

/// The mutations of principals and grants.
#[derive(Default)]
pub struct PrincipalMutation;

#[Object]
impl PrincipalMutation {
    /// Makes a user without any right; roles are granted apart.
    async fn create_user(&self, ctx: &Context<'_>, input: CreateUserInput) -> Outcome<CreateUserPayload> {
        let caller = keyed(ctx, "createUser", input.client_mutation_id.as_ref(), &input);
        let refused = |refusals: &[_]| CreateUserPayload { user: None, user_errors: user_errors(ctx, refusals) };
        let person = match input.person.as_ref().map(typed::<PersonId>).transpose() {
            Ok(person) => person,
            Err(no) => return Ok(refused(&[no.within("person")])),
        };
        let CreateUserInput { user_name, display_name, password, .. } = input;
        let input = command::CreateUser { user_name, display_name, password, person };
        Ok(match written(ctx, command::create_user(at(ctx).0, &caller, input).await).await? {
            Written::Refused(refusals) => refused(&refusals),
            Written::Done(done, view) => {
                CreateUserPayload { user: Some(Principal::written(&view, done.principal()).await?), user_errors: Vec::new() }
            }
        })
    }

    /// Lets a principal do something over a unit and all below it, or over the whole forest.
    async fn grant_role(&self, ctx: &Context<'_>, input: GrantRoleInput) -> Outcome<GrantRolePayload> {
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
}
