//! The parts of a completion.

use async_graphql::{Enum, Object};
use chidao_domain::completion::DueMonth;
use chidao_domain::day::Day;
use chidao_domain::refusal::{InputRefusal, Locale, Refusal};

use crate::graphql::completion::Completion;
use crate::graphql::directive::Directive;
use crate::graphql::error::Outcome;
use crate::graphql::id::NodeId;
use crate::graphql::org_unit::OrgUnit;
use crate::graphql::requirement::Requirement;
use crate::view::completion::{Dimension, PartOf, PartOrder, SetPart};
use crate::view::page::{Page, Window};
use crate::view::units::UnitOnDay;

/// By what a completion is broken down (chiều phân tích).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Dimension")]
pub enum CompletionDimension {
    /// By the units directly below, each with all below it; units that have ended are parts of their own where they count now.
    ChildUnit,
    /// By the kind that units have on the day of the tree; those that have ended by their last.
    UnitKind,
    /// By requirement.
    Requirement,
    /// By directive.
    Directive,
    /// By the month in which they are due; those without a date are the last part.
    DueMonth,
}

/// The order of the parts of a completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "PartOrder")]
pub enum BreakdownOrder {
    /// Units in tree order, kinds from the top of the hierarchy, requirements and directives by day of issue, months as they follow each other.
    Natural,
    /// The lowest completion rate first, then what has most overdue; where nothing is counted last.
    WorstFirst,
    /// The highest completion rate first; where nothing is counted last.
    BestFirst,
}

/// A part of a completion (phần). Parts add up to the whole, but for the unit tally.
#[derive(Clone)]
pub struct CompletionPart {
    part: SetPart,
    key: String,
}

impl CompletionPart {
    pub(crate) fn new(part: SetPart) -> Self {
        let key = match &part.of {
            PartOf::Own(_) => "OWN".into(),
            PartOf::Outside => "OUTSIDE".into(),
            PartOf::Child(unit) => part.set.standpoint().forest().known(*unit).map(|unit| unit.code.to_string()).unwrap_or_default(),
            PartOf::Kind(kind) => kind.to_string(),
            PartOf::Requirement(id, _) => NodeId::from(*id).encode().0,
            PartOf::Directive(id, _) => NodeId::from(*id).encode().0,
            PartOf::Due(month) => month.to_string(),
        };
        Self { part, key }
    }

    pub(crate) fn key_of(&self) -> String {
        self.key.clone()
    }
}

/// A part of a completion (phần). Parts add up to the whole, but for the unit tally.
#[Object]
impl CompletionPart {
    /// What it is: `OWN` for the unit's own obligations, `OUTSIDE` for those of units that stand elsewhere, else the code of the unit or
    /// kind, the id of the requirement or directive, or the month in which they are due, for example `2020-12`, and `NONE` without a date.
    async fn key(&self) -> &str {
        &self.key
    }

    /// What people call it: the name of the unit or kind, the title of the requirement, the symbol of the directive, the month.
    async fn label(&self) -> String {
        let (view, standpoint) = (self.part.set.view(), self.part.set.standpoint());
        match &self.part.of {
            PartOf::Own(unit) | PartOf::Child(unit) => {
                standpoint.forest().known(*unit).map(|unit| unit.name.to_string()).unwrap_or_default()
            }
            PartOf::Kind(code) => {
                let kind = standpoint.tree().kinds.get(code);
                kind.map_or_else(|| code.to_string(), |kind| kind.name(view.locale()).to_owned())
            }
            PartOf::Requirement(_, name) | PartOf::Directive(_, name) => name.clone(),
            PartOf::Due(due) => month_in_words(*due, view.locale()),
            PartOf::Outside => view.locale().pick("nơi khác", "elsewhere").to_owned(),
        }
    }

    /// The unit, on the day of the tree: that of a child, one that has ended and counts as a child, or the unit itself for its own part.
    async fn unit(&self) -> Option<OrgUnit> {
        match self.part.of {
            PartOf::Own(unit) | PartOf::Child(unit) => {
                let (view, standpoint) = (self.part.set.view(), self.part.set.standpoint());
                UnitOnDay::find(view, standpoint.tree(), standpoint.on(), unit).map(OrgUnit)
            }
            PartOf::Kind(_) | PartOf::Requirement(..) | PartOf::Directive(..) | PartOf::Due(_) | PartOf::Outside => None,
        }
    }

    /// The directive: that of the part, or of its requirement.
    async fn directive(&self) -> Outcome<Option<Directive>> {
        match self.part.of {
            PartOf::Directive(id, _) => Directive::find(self.part.set.view(), id).await,
            PartOf::Requirement(id, _) => Ok(Requirement::find(self.part.set.view(), id).await?.map(|requirement| requirement.directive)),
            PartOf::Own(_) | PartOf::Child(_) | PartOf::Kind(_) | PartOf::Due(_) | PartOf::Outside => Ok(None),
        }
    }

    /// The requirement.
    async fn requirement(&self) -> Outcome<Option<Requirement>> {
        match self.part.of {
            PartOf::Requirement(id, _) => Requirement::find(self.part.set.view(), id).await,
            PartOf::Directive(..) | PartOf::Own(_) | PartOf::Child(_) | PartOf::Kind(_) | PartOf::Due(_) | PartOf::Outside => Ok(None),
        }
    }

    /// How far the part has come; it can be broken down again.
    async fn completion(&self) -> Completion {
        Completion { set: self.part.set.clone(), counts: self.part.completion }
    }
}

/// The month as people say it.
fn month_in_words(due: DueMonth, locale: Locale) -> String {
    match due {
        DueMonth::Undated => locale.pick("không có thời hạn", "no date").to_owned(),
        DueMonth::In { year, month } => match locale {
            Locale::Vi => format!("tháng {month}/{year}"),
            Locale::En => {
                let first = Day::from_ymd_opt(year, month, 1);
                first.map_or_else(|| due.to_string(), |first| first.format("%B %Y").to_string())
            }
        },
    }
}

/// The page of parts; a cursor says a key, wherever the part stands in this order now.
pub(super) fn page(parts: &[CompletionPart], window: Window<String>) -> Result<Page<CompletionPart>, Refusal> {
    let window = window.try_map(|key| {
        let foreign = || Refusal::from(InputRefusal::ForeignCursor);
        parts.iter().position(|part| part.key == key).ok_or_else(foreign)
    })?;
    let places: Vec<usize> = (0..parts.len()).collect();
    Ok(Page::of_sorted(&places, &window, usize::cmp).map(|place| parts[place].clone()))
}
