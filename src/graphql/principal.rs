//! Principals: users, services, their grants, and the viewer.

use async_graphql::{Context, Enum, ID, Interface, Object};
use chidao_domain::access as domain;
use chidao_domain::ids::PrincipalId;

use crate::graphql::connection::{Connection, Listing, Paging, connection};
use crate::graphql::context::view;
use crate::graphql::error::{Failure, Outcome};
use crate::graphql::grant::{Grant, grants_of};
use crate::graphql::id::NodeId;
use crate::graphql::obligation::{Obligation, shown};
use crate::graphql::obligation_filter::ObligationOrder;
use crate::graphql::org_unit::page_cost;
use crate::graphql::person::Person;
use crate::graphql::scalars::DateTime;
use crate::store::Fault;
use crate::store::principals::{Principal as Record, PrincipalKind};
use crate::view::SharedView;

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
    pub(crate) view: SharedView,
    pub(crate) record: Record,
}

/// A person at a keyboard, who logs in with a password (người dùng).
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

    /// The name to log in with (tên đăng nhập); only to the user and to administrators.
    async fn user_name(&self) -> Option<&str> {
        self.record.user_name.as_deref().filter(|_| self.view.may_read_principal(self.record.id))
    }

    /// The person behind it (cán bộ).
    async fn person(&self) -> Option<Outcome<Person>> {
        match self.record.person {
            None => None,
            Some(id) => Person::today(&self.view, id).await.transpose(),
        }
    }
}

/// A program that presents a secret (tài khoản dịch vụ).
pub struct Service {
    pub(crate) view: SharedView,
    pub(crate) record: Record,
}

/// A program that presents a secret (tài khoản dịch vụ).
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

    /// When it last changed anything: the instant of its last journal entry. Reads leave no trace. Shown like its grants.
    async fn last_used_at(&self) -> Option<Outcome<DateTime>> {
        let found = self.view.last_acted_at(self.record.id).await.map_err(Into::into);
        found.map(|at| at.map(DateTime)).transpose()
    }
}

/// Who asks, and what waits for them (người đang đăng nhập).
pub struct Viewer(pub(crate) SharedView);

/// Who asks, and what waits for them (người đang đăng nhập).
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

    /// What is open of the units that they report for, by due date (việc cần làm).
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn inbox(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Obligation>> {
        let (list, order) = (Listing::of(ctx, "viewer.inbox", ""), ObligationOrder::DueOn);
        let window = Paging::forward(first, after).window(ctx, &list, |key| order.key(key))?;
        Ok(shown(&self.0, &list, order, self.0.inbox(&window).await?))
    }

    /// What waits for their decision, by due date; never what they submitted themselves, but for reports that they entered from paper (chờ xác nhận).
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn to_verify(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Obligation>> {
        let (list, order) = (Listing::of(ctx, "viewer.toVerify", ""), ObligationOrder::DueOn);
        let window = Paging::forward(first, after).window(ctx, &list, |key| order.key(key))?;
        Ok(shown(&self.0, &list, order, self.0.to_verify(&window).await?))
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
    async fn principals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Principal>> {
        let view = view(ctx).await?;
        let list = Listing::of(ctx, "principals", "");
        let window = Paging::forward(first, after).window(ctx, &list, |key| key.parse().ok().map(PrincipalId))?;
        let page = view.principals(&window).await?;
        Ok(connection(&list, page, |record| record.id.to_string(), |record| Principal::of(&view, record)))
    }
}
