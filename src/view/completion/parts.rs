//! Breakdowns: the parts of a set, named and ordered (C10).

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chidao_domain::completion::{Completion, Part, PartKey, Selection, Span, farther_first, fold_by, less_far_first};
use chidao_domain::ids::{DirectiveId, RequirementId, UnitId};
use chidao_domain::kind::KindCode;

use super::{Narrowing, ObligationSet};
use crate::store::Fault;
use crate::store::completions::{Grain, RequirementName};

/// By what a set is broken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// By the units directly below.
    ChildUnit,
    /// By the kind that units have on its tree, or had last.
    UnitKind,
    /// By requirement.
    Requirement,
    /// By directive.
    Directive,
}

/// The order of the parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PartOrder {
    /// Units in tree order, kinds from the top of the hierarchy, requirements and directives by day of issue.
    #[default]
    Natural,
    /// What has come less far first.
    WorstFirst,
    /// What has come farther first.
    BestFirst,
}

/// What a part holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartOf {
    /// The unit's own obligations.
    Own(UnitId),
    /// A child of the unit, and all below it; or a unit that has ended and counts as one (C5).
    Child(UnitId),
    /// Units of a kind.
    Kind(KindCode),
    /// A requirement, and its title.
    Requirement(RequirementId, String),
    /// A directive, and its symbol or title.
    Directive(DirectiveId, String),
    /// What stands elsewhere.
    Outside,
}

/// One part: a set of its own, counted.
#[derive(Clone)]
pub struct SetPart {
    /// What it holds.
    pub of: PartOf,
    /// The set.
    pub set: ObligationSet,
    /// How far it has come.
    pub completion: Completion,
}

impl ObligationSet {
    /// The parts of the set, none of them empty; they add up to it.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn breakdown(&self, by: Dimension, order: PartOrder) -> Result<Vec<SetPart>, Arc<Fault>> {
        let mut parts = match by {
            Dimension::ChildUnit | Dimension::UnitKind => self.by_units(by).await?,
            Dimension::Requirement => self.by_requirement().await?,
            Dimension::Directive => self.by_directive().await?,
        };
        match order {
            PartOrder::Natural => {}
            PartOrder::WorstFirst => parts.sort_by(|one, other| less_far_first(&one.completion.tally, &other.completion.tally)),
            PartOrder::BestFirst => parts.sort_by(|one, other| farther_first(&one.completion.tally, &other.completion.tally)),
        }
        Ok(parts)
    }

    async fn by_units(&self, by: Dimension) -> Result<Vec<SetPart>, Arc<Fault>> {
        let counts = self.counts(self.narrowing.grain()).await?;
        let roll_up = counts.roll_up(&self.standpoint, &self.narrowing);
        let (parts, outside) = match (by, self.selection) {
            (Dimension::UnitKind, _) => (roll_up.by_kind(self.selection, &self.standpoint.tree().kinds), Selection::Unknown),
            (_, Selection::Whole { issuer }) => {
                let issuer = self.standpoint.forest().stands_for(issuer);
                (roll_up.by_child(self.selection), Selection::Outside { issuer })
            }
            (_, other) => (roll_up.by_child(self.selection), other),
        };
        Ok(parts.into_iter().map(|part| self.part_of_units(part, outside)).collect())
    }

    fn part_of_units(&self, Part { key, completion }: Part, outside: Selection) -> SetPart {
        let select = |selection| Self { selection, ..self.clone() };
        let (of, set) = match (key, self.selection) {
            (PartKey::Own, Selection::Of { unit, .. } | Selection::Whole { issuer: unit }) => {
                let unit = if matches!(self.selection, Selection::Whole { .. }) { self.standpoint.forest().stands_for(unit) } else { unit };
                (PartOf::Own(unit), select(Selection::Of { unit, span: Span::Own }))
            }
            (PartKey::Child(unit), _) => (PartOf::Child(unit), select(Selection::Of { unit, span: Span::Subtree })),
            (PartKey::Kind(kind), _) => {
                let narrowing = Narrowing { unit_kinds: Some(BTreeSet::from([kind.clone()])), ..self.narrowing.clone() };
                (PartOf::Kind(kind), Self { narrowing, ..self.clone() })
            }
            (PartKey::Own | PartKey::Outside, _) => (PartOf::Outside, select(outside)),
        };
        SetPart { of, set, completion }
    }

    async fn by_requirement(&self) -> Result<Vec<SetPart>, Arc<Fault>> {
        let counts = self.counts(Grain::Requirements).await?;
        let rows =
            counts.admitted(self.standpoint.forest(), &self.narrowing).filter_map(|row| Some((row.requirement?.0, row.unit, row.tally)));
        let folded = fold_by(self.standpoint.forest(), self.selection, rows);
        let mut parts: Vec<(RequirementId, Completion)> = folded.into_iter().collect();
        parts.sort_by_key(|(requirement, _)| place_of(&counts.names, *requirement));
        Ok(parts
            .into_iter()
            .map(|(requirement, completion)| {
                let title = counts.names.get(&requirement).map(|name| name.title.clone()).unwrap_or_default();
                let narrowing = Narrowing { requirement: Some(requirement), ..self.narrowing.clone() };
                SetPart { of: PartOf::Requirement(requirement, title), set: Self { narrowing, ..self.clone() }, completion }
            })
            .collect())
    }

    async fn by_directive(&self) -> Result<Vec<SetPart>, Arc<Fault>> {
        let counts = self.counts(Grain::Requirements).await?;
        let rows =
            counts.admitted(self.standpoint.forest(), &self.narrowing).filter_map(|row| Some((row.requirement?.1, row.unit, row.tally)));
        let folded = fold_by(self.standpoint.forest(), self.selection, rows);
        let names: HashMap<DirectiveId, &RequirementName> = counts.names.values().map(|name| (name.directive, name)).collect();
        let mut parts: Vec<(DirectiveId, Completion)> = folded.into_iter().collect();
        parts.sort_by_key(|(directive, _)| (names.get(directive).and_then(|name| name.issued_on), *directive));
        Ok(parts
            .into_iter()
            .map(|(directive, completion)| {
                let name = names.get(&directive).map(|name| name.directive_name.clone()).unwrap_or_default();
                let narrowing = Narrowing { directive: Some(directive), ..self.narrowing.clone() };
                SetPart { of: PartOf::Directive(directive, name), set: Self { narrowing, ..self.clone() }, completion }
            })
            .collect())
    }
}

/// By the directive's day of issue, then as the directive counts its requirements.
fn place_of(names: &HashMap<RequirementId, RequirementName>, requirement: RequirementId) -> impl Ord + use<> {
    let name = names.get(&requirement);
    (name.and_then(|name| name.issued_on), name.map(|name| name.directive), name.map(|name| name.ordinal), requirement)
}
