//! What `reorganize` takes.

use async_graphql::{InputObject, MaybeUndefined, OneofObject};
use chidao_domain::ids::UnitId;
use chidao_domain::refusal::Refusal;
use chidao_domain::reorganization::{self as domain, UnitRef};

use crate::command::{Mode, Reorganize};
use crate::graphql::directive_input::DirectiveRef;
use crate::graphql::org_unit::{ExternalIdInput, OrgUnitRef};
use crate::graphql::scalars::Date;
use crate::graphql::succession_decision::SuccessionDecisionInput;

/// One change of a reorganization: exactly one of them. Changes apply in order; a unit made earlier in the batch is referred to by its code.
#[derive(OneofObject)]
pub enum StructuralChangeInput {
    /// A unit comes into being.
    Establish(EstablishInput),
    /// A unit gets new values.
    Revise(ReviseInput),
    /// A unit gets another parent.
    Move(MoveInput),
    /// A unit becomes one of another kind.
    ChangeKind(ChangeKindInput),
    /// Units become one.
    Merge(MergeInput),
    /// A unit becomes several.
    Split(SplitInput),
    /// A unit ends.
    Dissolve(DissolveInput),
    /// A unit that had ended is active again.
    Reopen(ReopenInput),
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

/// A unit becomes one of another kind (chuyển đổi loại hình).
#[derive(InputObject)]
pub struct ChangeKindInput {
    /// Which unit.
    unit: OrgUnitRef,
    /// The code of its kind from now on.
    kind: String,
    /// The unit that it stands under from now on; left out: as before.
    parent: Option<OrgUnitRef>,
}

/// Units become one (sáp nhập, hợp nhất): each ends, and its children go under `into`.
#[derive(InputObject)]
pub struct MergeInput {
    /// Which units.
    units: Vec<OrgUnitRef>,
    /// What they become; it may be one of them, which then stays.
    into: OrgUnitRef,
}

/// A unit becomes several (chia, tách).
#[derive(InputObject)]
pub struct SplitInput {
    /// Which unit.
    unit: OrgUnitRef,
    /// What it becomes, at least two; it may be one of them itself, and stays then. Every child of a unit that ends is placed exactly once.
    into: Vec<SplitPartInput>,
}

/// One part of a split.
#[derive(InputObject)]
pub struct SplitPartInput {
    /// The unit.
    into: OrgUnitRef,
    /// The children that stand under it from now on.
    children: Option<Vec<OrgUnitRef>>,
}

/// A unit ends (giải thể, kết thúc hoạt động).
#[derive(InputObject)]
pub struct DissolveInput {
    /// Which unit.
    unit: OrgUnitRef,
    /// Who takes over what it owes (đơn vị kế tục).
    heir: Option<OrgUnitRef>,
    /// Where its children stand from now on; left out: under the heir.
    children_to: Option<OrgUnitRef>,
}

/// A unit that had ended is active again (khôi phục hoạt động), under the name and of the kind that it ended with.
#[derive(InputObject)]
pub struct ReopenInput {
    /// Which unit.
    unit: OrgUnitRef,
    /// The unit that it stands under; left out: its last parent.
    parent: Option<OrgUnitRef>,
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
    /// What is decided about obligations otherwise than the rules do.
    decisions: Option<Vec<SuccessionDecisionInput>>,
    /// Answer the same, and write nothing.
    #[graphql(default_with = "Some(false)")]
    pub(crate) preview: Option<bool>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    pub(crate) client_mutation_id: Option<String>,
}

impl ReorganizeInput {
    pub(crate) fn read(self, new_id: impl Fn() -> UnitId) -> Result<Reorganize, Vec<Refusal>> {
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
        let mut decisions = Vec::new();
        for (at, decision) in self.decisions.unwrap_or_default().into_iter().enumerate() {
            match decision.read() {
                Ok(decision) => decisions.push(decision),
                Err(no) => refusals.extend(no.into_iter().map(|no| no.at(at).within("decisions"))),
            }
        }
        let mode = if self.preview == Some(true) { Mode::Preview } else { Mode::Real };
        let input = Reorganize { title: self.title, effective_on: self.effective_on.0, legal_basis, changes, decisions, mode };
        if refusals.is_empty() { Ok(input) } else { Err(refusals) }
    }
}

impl StructuralChangeInput {
    fn read(self, new_id: impl Fn() -> UnitId) -> Result<domain::Change, Refusal> {
        let verb = self.verb();
        self.read_change(new_id).map_err(|no| no.within(verb))
    }

    fn verb(&self) -> &'static str {
        match self {
            Self::Establish(_) => "establish",
            Self::Revise(_) => "revise",
            Self::Move(_) => "move",
            Self::ChangeKind(_) => "changeKind",
            Self::Merge(_) => "merge",
            Self::Split(_) => "split",
            Self::Dissolve(_) => "dissolve",
            Self::Reopen(_) => "reopen",
        }
    }

    fn read_change(self, new_id: impl Fn() -> UnitId) -> Result<domain::Change, Refusal> {
        Ok(match self {
            Self::Establish(input) => domain::Change::Establish(domain::Establish {
                id: new_id(),
                code: input.code,
                kind: input.kind,
                name: input.name,
                short_name: input.short_name,
                member_count: input.member_count,
                parent: maybe(input.parent.as_ref(), "parent")?,
                external_ids: external_ids(&input.external_ids.unwrap_or_default()),
            }),
            Self::Revise(input) => domain::Change::Revise(domain::Revise {
                unit: one(&input.unit, "unit")?,
                name: input.name,
                short_name: input.short_name.into(),
                member_count: input.member_count.into(),
                external_ids: input.external_ids.as_deref().map(external_ids),
            }),
            Self::Move(input) => {
                domain::Change::Move(domain::Move { unit: one(&input.unit, "unit")?, parent: Some(one(&input.parent, "parent")?) })
            }
            Self::ChangeKind(input) => domain::Change::ChangeKind(domain::ChangeKind {
                unit: one(&input.unit, "unit")?,
                kind: input.kind,
                parent: maybe(input.parent.as_ref(), "parent")?,
            }),
            Self::Merge(input) => {
                domain::Change::Merge(domain::Merge { units: each(&input.units, "units")?, into: one(&input.into, "into")? })
            }
            Self::Split(input) => domain::Change::Split(domain::Split { unit: one(&input.unit, "unit")?, into: parts(&input.into)? }),
            Self::Dissolve(input) => domain::Change::Dissolve(domain::Dissolve {
                unit: one(&input.unit, "unit")?,
                heir: maybe(input.heir.as_ref(), "heir")?,
                children_to: maybe(input.children_to.as_ref(), "childrenTo")?,
            }),
            Self::Reopen(input) => {
                domain::Change::Reopen(domain::Reopen { unit: one(&input.unit, "unit")?, parent: maybe(input.parent.as_ref(), "parent")? })
            }
        })
    }
}

fn one(unit: &OrgUnitRef, field: &'static str) -> Result<UnitRef, Refusal> {
    unit.read().map_err(|no| no.within(field))
}

fn maybe(unit: Option<&OrgUnitRef>, field: &'static str) -> Result<Option<UnitRef>, Refusal> {
    unit.map(|unit| one(unit, field)).transpose()
}

fn each(units: &[OrgUnitRef], field: &'static str) -> Result<Vec<UnitRef>, Refusal> {
    let read = |(index, unit): (usize, &OrgUnitRef)| unit.read().map_err(|no| no.at(index).within(field));
    units.iter().enumerate().map(read).collect()
}

fn parts(parts: &[SplitPartInput]) -> Result<Vec<domain::SplitPart>, Refusal> {
    let read = |part: &SplitPartInput| {
        let children = each(part.children.as_deref().unwrap_or_default(), "children")?;
        Ok(domain::SplitPart { into: one(&part.into, "into")?, children })
    };
    parts.iter().enumerate().map(|(index, part)| read(part).map_err(|no: Refusal| no.at(index).within("into"))).collect()
}

fn external_ids(inputs: &[ExternalIdInput]) -> Vec<domain::ExternalId> {
    inputs.iter().map(ExternalIdInput::read).collect()
}
