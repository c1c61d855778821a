//! Breakdowns: the parts of a set, named and ordered (C10).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chidao_domain::completion::{Completion, DueMonth, Part, PartKey, Selection, Span, farther_first, fold_by, less_far_first};
use chidao_domain::ids::{DirectiveId, RequirementId, UnitId};
use chidao_domain::kind::KindCode;

use super::loaders::Counts;
use super::{Narrowing, ObligationSet};
use crate::store::Fault;
use crate::store::completions::{Apart, Grain, RequirementName};

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
    /// By the month in which they are due.
    DueMonth,
}

/// The order of the parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PartOrder {
    /// Units in tree order, kinds from the top of the hierarchy, requirements and directives by day of issue, months as they follow each other.
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
    /// What is due in a month, or has no date.
    Due(DueMonth),
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
            Dimension::DueMonth => self.by_due_month().await?,
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

    /// The set by what its rows are kept apart by.
    fn fold_apart<K: Copy + Ord + std::hash::Hash>(&self, counts: &Counts, key: impl Fn(Apart) -> K) -> BTreeMap<K, Completion> {
        let forest = self.standpoint.forest();
        let rows = counts.admitted(forest, &self.narrowing).filter_map(|row| Some((key(row.apart?), row.unit, row.tally)));
        fold_by(forest, self.selection, rows)
    }

    fn part(&self, of: PartOf, narrowing: Narrowing, completion: Completion) -> SetPart {
        SetPart { of, set: Self { narrowing, ..self.clone() }, completion }
    }

    async fn by_requirement(&self) -> Result<Vec<SetPart>, Arc<Fault>> {
        let counts = self.counts(Grain::Requirements).await?;
        let mut parts: Vec<(RequirementId, Completion)> = self.fold_apart(&counts, |apart| apart.requirement).into_iter().collect();
        parts.sort_by_key(|(requirement, _)| place_of(&counts.names, *requirement));
        let part = |(requirement, completion)| {
            let title = counts.names.get(&requirement).map(|name| name.title.clone()).unwrap_or_default();
            let narrowing = Narrowing { requirement: Some(requirement), ..self.narrowing.clone() };
            self.part(PartOf::Requirement(requirement, title), narrowing, completion)
        };
        Ok(parts.into_iter().map(part).collect())
    }

    async fn by_directive(&self) -> Result<Vec<SetPart>, Arc<Fault>> {
        let counts = self.counts(Grain::Requirements).await?;
        let names: HashMap<DirectiveId, &RequirementName> = counts.names.values().map(|name| (name.directive, name)).collect();
        let mut parts: Vec<(DirectiveId, Completion)> = self.fold_apart(&counts, |apart| apart.directive).into_iter().collect();
        parts.sort_by_key(|(directive, _)| (names.get(directive).and_then(|name| name.issued_on), *directive));
        let part = |(directive, completion)| {
            let name = names.get(&directive).map(|name| name.directive_name.clone()).unwrap_or_default();
            let narrowing = Narrowing { directive: Some(directive), ..self.narrowing.clone() };
            self.part(PartOf::Directive(directive, name), narrowing, completion)
        };
        Ok(parts.into_iter().map(part).collect())
    }

    /// By the dates as they stood; what has none is the last part (T2).
    async fn by_due_month(&self) -> Result<Vec<SetPart>, Arc<Fault>> {
        let counts = self.counts(Grain::Requirements).await?;
        let part = |(due, completion)| {
            let narrowing = Narrowing { due: Some(due), ..self.narrowing.clone() };
            self.part(PartOf::Due(due), narrowing, completion)
        };
        Ok(self.fold_apart(&counts, |apart| apart.due).into_iter().map(part).collect())
    }
}

/// By the directive's day of issue, then as the directive counts its requirements.
fn place_of(names: &HashMap<RequirementId, RequirementName>, requirement: RequirementId) -> impl Ord + use<> {
    let name = names.get(&requirement);
    (name.and_then(|name| name.issued_on), name.map(|name| name.directive), name.map(|name| name.ordinal), requirement)
}
