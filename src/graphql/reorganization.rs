//! Reorganizations: the type, the query and the mutation.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, OneofObject, SimpleObject, Union};
use chidao_domain::forest::Forest;
use chidao_domain::ids::{ReorganizationId, UnitId};
use chidao_domain::refusal::Refusal;
use chidao_domain::reorganization::{self as domain, UnitRef};

use crate::command::{self, Mode, Reorganize};
use crate::graphql::connection::{Connection, Paging, connection};
use crate::graphql::context::{Written, at, keyed, view, written};
use crate::graphql::directive::Directive;
use crate::graphql::directive_input::DirectiveRef;
use crate::graphql::error::{Outcome, UserError, user_errors};
use crate::graphql::id::NodeId;
use crate::graphql::org_unit::{ExternalIdInput, OrgUnit, OrgUnitRef, page_cost};
use crate::graphql::scalars::{Date, DateTime};
use crate::live::Tree;
use crate::store::reorganizations::{Change, Reorganization as Record, Status};
use crate::view::SharedView;
use crate::view::units::UnitOnDay;

/// Where a reorganization stands (trạng thái).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Status")]
pub enum ReorganizationStatus {
    /// It was only looked at: nothing is written.
    Preview,
    /// It holds.
    Enacted,
}

/// A unit came into being (thành lập).
#[derive(SimpleObject)]
pub struct Established {
    /// The new unit.
    unit: OrgUnit,
}

/// A unit got new values (đổi tên, cập nhật).
#[derive(SimpleObject)]
pub struct Revised {
    /// The unit.
    unit: OrgUnit,
    /// What changed.
    fields: Vec<FieldChange>,
}

/// A unit got another parent (chuyển đơn vị trực thuộc).
#[derive(SimpleObject)]
pub struct Moved {
    /// The unit.
    unit: OrgUnit,
    /// The parent before; nothing where it was a root.
    from: Option<OrgUnit>,
    /// The parent now.
    to: OrgUnit,
}

/// One field, before and after, as texts.
#[derive(Clone, Debug, SimpleObject)]
pub struct FieldChange {
    /// The field's name.
    pub(crate) field: String,
    /// What it was; nothing where it was empty or did not exist.
    pub(crate) before: Option<String>,
    /// What it is.
    pub(crate) after: Option<String>,
}

/// One change of a reorganization.
#[derive(Union)]
pub enum StructuralChange {
    /// A unit came into being.
    Established(Established),
    /// A unit got new values.
    Revised(Revised),
    /// A unit got another parent.
    Moved(Moved),
}

/// What a reorganization does beyond its changes (tác động).
#[derive(SimpleObject)]
pub struct ReorganizationEffects {
    /// How many units are not as they were.
    units_touched: usize,
}

/// One dated, atomic batch of changes to the tree (đợt sắp xếp tổ chức).
pub struct Reorganization {
    view: SharedView,
    record: Record,
    /// In a preview: the forest as it would be.
    previewed: Option<Arc<Forest>>,
}

impl Reorganization {
    /// One that is kept.
    pub(crate) fn of(view: &SharedView, record: Record) -> Self {
        Self { view: view.clone(), record, previewed: None }
    }

    /// A change, with its units as they are in the tree of its day.
    fn change(&self, tree: &Tree, change: &Change) -> Option<StructuralChange> {
        let of_day = |id: uuid::Uuid| UnitOnDay::find(&self.view, tree, self.record.effective_on, UnitId(id)).map(OrgUnit);
        Some(match change {
            Change::Established { unit } => StructuralChange::Established(Established { unit: of_day(*unit)? }),
            Change::Revised { unit, fields } => {
                let fields = fields.iter().cloned().map(|(field, before, after)| FieldChange { field, before, after });
                StructuralChange::Revised(Revised { unit: of_day(*unit)?, fields: fields.collect() })
            }
            Change::Moved { unit, from, to } => {
                StructuralChange::Moved(Moved { unit: of_day(*unit)?, from: from.and_then(of_day), to: of_day(*to)? })
            }
        })
    }
}

/// One dated, atomic batch of changes to the tree (đợt sắp xếp tổ chức).
#[Object]
impl Reorganization {
    /// Opaque and global.
    pub(crate) async fn id(&self) -> ID {
        NodeId::from(self.record.id()).encode()
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.record.title
    }

    /// The day from which it holds (ngày hiệu lực).
    async fn effective_on(&self) -> Date {
        Date(self.record.effective_on)
    }

    /// The directive that orders it (căn cứ pháp lý); nothing where there is none that you may read.
    async fn legal_basis(&self) -> Option<Outcome<Directive>> {
        match self.record.legal_basis() {
            None => None,
            Some(id) => Directive::find(&self.view, id).await.transpose(),
        }
    }

    /// When it was recorded.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.record.recorded_at)
    }

    /// Where it stands.
    async fn status(&self) -> ReorganizationStatus {
        self.record.status.into()
    }

    /// What it changed, in its order; units as they are on its day.
    async fn changes(&self) -> Outcome<Vec<StructuralChange>> {
        let mut tree = self.view.tree_on(Some(self.record.effective_on)).await?;
        if let Some(forest) = &self.previewed {
            tree.forest = forest.clone();
        }
        Ok(self.record.changes.iter().filter_map(|change| self.change(&tree, change)).collect())
    }

    /// What it does beyond its changes.
    async fn effects(&self) -> ReorganizationEffects {
        ReorganizationEffects { units_touched: self.record.units_touched }
    }
}

/// The queries about reorganizations.
#[derive(Default)]
pub struct ReorganizationQuery;

#[Object]
impl ReorganizationQuery {
    /// All reorganizations, the latest first.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn reorganizations(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Outcome<Connection<Reorganization>> {
        let view = view(ctx).await?;
        let list = "reorganizations";
        let window = Paging::forward(first, after).window(ctx, list, |key| key.parse().ok().map(ReorganizationId))?;
        let page = view.reorganizations(&window).await?;
        Ok(connection(list, page, |record| record.id.to_string(), |record| Reorganization::of(&view, record)))
    }
}

/// One change of a reorganization: exactly one of them. Changes apply in order; a unit made earlier in the batch is referred to by its code.
#[derive(OneofObject)]
pub enum StructuralChangeInput {
    /// A unit comes into being.
    Establish(EstablishInput),
    /// A unit gets new values.
    Revise(ReviseInput),
    /// A unit gets another parent.
    Move(MoveInput),
}

/// A unit comes into being (thành lập).
#[derive(InputObject)]
pub struct EstablishInput {
    /// Never used before by any unit.
    code: String,
    /// The code of its kind.
    kind: String,
    /// Its name.
    name: String,
    /// Its short name.
    short_name: Option<String>,
    /// Party members, not negative.
    member_count: Option<i32>,
    /// The unit that it stands under; left out: a root.
    parent: Option<OrgUnitRef>,
    /// How other systems name it.
    external_ids: Option<Vec<ExternalIdInput>>,
}

/// A unit gets new values (cập nhật): what is left out stays, what is null is taken away.
#[derive(InputObject)]
pub struct ReviseInput {
    /// Which unit.
    unit: OrgUnitRef,
    /// Its name.
    name: Option<String>,
    /// Its short name.
    short_name: MaybeUndefined<String>,
    /// Party members, not negative.
    member_count: MaybeUndefined<i32>,
    /// How other systems name it: all of them.
    external_ids: Option<Vec<ExternalIdInput>>,
}

/// A unit gets another parent (chuyển), with all below it.
#[derive(InputObject)]
pub struct MoveInput {
    /// Which unit.
    unit: OrgUnitRef,
    /// Under which one.
    parent: OrgUnitRef,
}

/// What `reorganize` takes.
#[derive(InputObject)]
pub struct ReorganizeInput {
    /// What the batch is called.
    title: String,
    /// The day from which it holds.
    effective_on: Date,
    /// The directive that orders it (căn cứ pháp lý).
    legal_basis: Option<DirectiveRef>,
    /// The changes, in their order.
    changes: Vec<StructuralChangeInput>,
    /// Answer the same, and write nothing.
    #[graphql(default_with = "Some(false)")]
    preview: Option<bool>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    client_mutation_id: Option<String>,
}

impl ReorganizeInput {
    fn read(self, new_id: impl Fn() -> UnitId) -> Result<Reorganize, Vec<Refusal>> {
        let (mut changes, mut refusals) = (Vec::with_capacity(self.changes.len()), Vec::new());
        for (index, change) in self.changes.into_iter().enumerate() {
            match change.read(&new_id) {
                Ok(change) => changes.push(change),
                Err(no) => refusals.push(no.at(index).within("changes")),
            }
        }
        let legal_basis = self.legal_basis.map(|basis| basis.read()).transpose();
        let legal_basis = legal_basis.unwrap_or_else(|no| {
            refusals.push(no.within("legalBasis"));
            None
        });
        let mode = if self.preview == Some(true) { Mode::Preview } else { Mode::Real };
        let input = Reorganize { title: self.title, effective_on: self.effective_on.0, legal_basis, changes, mode };
        if refusals.is_empty() { Ok(input) } else { Err(refusals) }
    }
}

impl StructuralChangeInput {
    fn read(self, new_id: impl Fn() -> UnitId) -> Result<domain::Change, Refusal> {
        Ok(match self {
            Self::Establish(input) => domain::Change::Establish(domain::Establish {
                id: new_id(),
                code: input.code,
                kind: input.kind,
                name: input.name,
                short_name: input.short_name,
                member_count: input.member_count,
                parent: input.parent.as_ref().map(|parent| read_ref(parent, "parent", "establish")).transpose()?,
                external_ids: external_ids(&input.external_ids.unwrap_or_default()),
            }),
            Self::Revise(input) => domain::Change::Revise(domain::Revise {
                unit: read_ref(&input.unit, "unit", "revise")?,
                name: input.name,
                short_name: input.short_name.into(),
                member_count: input.member_count.into(),
                external_ids: input.external_ids.as_deref().map(external_ids),
            }),
            Self::Move(input) => domain::Change::Move(domain::Move {
                unit: read_ref(&input.unit, "unit", "move")?,
                parent: read_ref(&input.parent, "parent", "move")?,
            }),
        })
    }
}

fn read_ref(unit: &OrgUnitRef, field: &'static str, verb: &'static str) -> Result<UnitRef, Refusal> {
    unit.read().map_err(|no| no.within(field).within(verb))
}

fn external_ids(inputs: &[ExternalIdInput]) -> Vec<domain::ExternalId> {
    inputs.iter().map(ExternalIdInput::read).collect()
}

/// What `reorganize` answers.
#[derive(SimpleObject)]
pub struct ReorganizePayload {
    /// Whether this is only what would be: nothing was written, and what would come into being has an id that means nothing afterwards.
    preview: bool,
    /// The batch; nothing where it was refused.
    reorganization: Option<Reorganization>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// The mutations of the tree.
#[derive(Default)]
pub struct ReorganizationMutation;

#[Object]
impl ReorganizationMutation {
    /// Changes the tree by one dated, atomic batch; with `preview` it answers the same and writes nothing.
    async fn reorganize(&self, ctx: &Context<'_>, input: ReorganizeInput) -> Outcome<ReorganizePayload> {
        let caller = keyed(ctx, "reorganize", input.client_mutation_id.as_ref(), &input);
        let (office, _) = at(ctx);
        let preview = input.preview.unwrap_or_default();
        let refused = |refusals: &[Refusal]| ReorganizePayload { preview, reorganization: None, user_errors: user_errors(ctx, refusals) };
        let input = match input.read(|| office.new_id()) {
            Ok(input) => input,
            Err(refusals) => return Ok(refused(&refusals)),
        };
        Ok(match written(ctx, command::reorganize(office, &caller, input).await).await? {
            Written::Refused(refusals) => refused(&refusals),
            Written::Done(done, view) => {
                let shown = Reorganization { previewed: done.forest, ..Reorganization::of(&view, done.record) };
                ReorganizePayload { preview, reorganization: Some(shown), user_errors: Vec::new() }
            }
        })
    }
}
