//! Completion as it is read: sets of obligations, counted, broken down and opened (section 7). Access is decided when a set is made; every
//! set that is reached from it is a part of it (C11).

mod figures;
mod loaders;
mod parts;
mod standpoint;
mod timeline;

use std::collections::BTreeSet;
use std::sync::Arc;

use chidao_domain::access::{Readable, readable, visible_units};
use chidao_domain::completion::{Completion, DueMonth, Selection, Span};
use chidao_domain::day::{Day, DayRange};
use chidao_domain::ids::{DirectiveId, RequirementId, UnitId};
use chidao_domain::kind::KindCode;

pub use crate::store::completions::{ObligationsCounted, Subject};
pub use crate::store::obligations::Reach;
pub use figures::{GoalJudged, SeriesTally};
pub(crate) use loaders::{BoundByLine, CountsOf, FiguresOf, ImplementingOf, NamedDirectives};
pub use parts::{Dimension, PartOf, PartOrder, SetPart};
pub use standpoint::{Standpoint, Structure};
pub(crate) use timeline::TimelinesOf;

use crate::store::Fault;
use crate::store::completions::{Apart, AsOf, Grain, Question};
use crate::store::obligations::ObligationSelection;
use crate::view::SharedView;

/// What narrows a set beside the filter that it is counted by: what its breakdowns add, and the kinds that units have on its tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Narrowing {
    /// Only units of these kinds.
    pub(crate) unit_kinds: Option<BTreeSet<KindCode>>,
    /// Only that requirement.
    pub(crate) requirement: Option<RequirementId>,
    /// Only that directive, and not what carries it out.
    pub(crate) directive: Option<DirectiveId>,
    /// Only what is due then.
    pub(crate) due: Option<DueMonth>,
}

impl Narrowing {
    fn grain(&self) -> Grain {
        if self.requirement.is_some() || self.directive.is_some() || self.due.is_some() { Grain::Requirements } else { Grain::Units }
    }

    fn admits(&self, apart: &Apart) -> bool {
        self.requirement.is_none_or(|only| only == apart.requirement)
            && self.directive.is_none_or(|only| only == apart.directive)
            && self.due.is_none_or(|only| only == apart.due)
    }
}

/// A set of obligations that the viewer may see counted (C3).
#[derive(Clone)]
pub struct ObligationSet {
    view: SharedView,
    subject: Subject,
    counted: ObligationsCounted,
    narrowing: Narrowing,
    selection: Selection,
    standpoint: Standpoint,
}

impl ObligationSet {
    /// Those of a unit, of the units below it, or both.
    pub fn of_unit(view: &SharedView, unit: Readable, span: Span, subject: Subject, counted: ObligationsCounted) -> Self {
        let selection = Selection::Of { unit: unit.unit(), span };
        Self { view: view.clone(), subject, counted, narrowing: Narrowing::default(), selection, standpoint: view.here_and_now() }
    }

    /// All of them, wherever their units stand: for who may read about the issuer. Where that has ended, they are seen from its place (C10).
    pub fn whole(view: &SharedView, issuer: Readable, subject: Subject, counted: ObligationsCounted) -> Self {
        let standpoint = view.here_and_now();
        let selection = Selection::Whole { issuer: issuer.unit() };
        Self { view: view.clone(), subject, counted, narrowing: Narrowing::default(), selection, standpoint }
    }

    /// The same, seen from another day or on another tree (C7). Who may see it counted today may see it counted for any day.
    #[must_use]
    pub fn seen_from(mut self, standpoint: Standpoint) -> Self {
        self.standpoint = standpoint;
        self
    }

    /// The same for a unit that stands in its subtree; for another one the set is empty.
    #[must_use]
    pub fn below(&self, unit: UnitId) -> Self {
        let mut part = Self { selection: Selection::Of { unit, span: Span::Subtree }, ..self.clone() };
        if !self.selection.includes(self.standpoint.forest(), unit) {
            part.narrowing.unit_kinds = Some(BTreeSet::new());
        }
        part
    }

    /// The same, of units that have one of these kinds on its tree.
    #[must_use]
    pub fn of_kinds(mut self, kinds: Option<BTreeSet<KindCode>>) -> Self {
        self.narrowing.unit_kinds = kinds;
        self
    }

    /// From when and on which tree it is seen.
    pub fn standpoint(&self) -> &Standpoint {
        &self.standpoint
    }

    /// The read that it belongs to.
    pub fn view(&self) -> &SharedView {
        &self.view
    }

    /// Whose obligations it holds.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// By what they are filtered.
    pub fn counted(&self) -> &ObligationsCounted {
        &self.counted
    }

    /// Where their units stand.
    pub fn selection(&self) -> Selection {
        self.selection
    }

    /// The kinds of their units on its tree; none: any.
    pub fn unit_kinds(&self) -> Option<&BTreeSet<KindCode>> {
        self.narrowing.unit_kinds.as_ref()
    }

    /// Which set it is, in words for cursors: equal for the same question, also on another day where it is about today.
    pub fn identity(&self) -> String {
        let past = match self.standpoint.as_of() {
            AsOf::Now(_) => None,
            AsOf::EndOf(day) => Some((day, self.standpoint.on().day == day)),
        };
        format!("{:?}", (&self.subject, &self.counted, &self.narrowing, self.selection, past, self.standpoint.on().known_at))
    }

    /// The only requirement, in a part of a breakdown.
    pub fn requirement(&self) -> Option<RequirementId> {
        self.narrowing.requirement
    }

    /// The only directive, in a part of a breakdown.
    pub fn directive(&self) -> Option<DirectiveId> {
        self.narrowing.directive
    }

    /// How far it has come (C1, C6).
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn completion(&self) -> Result<Completion, Arc<Fault>> {
        let counts = self.counts(self.narrowing.grain()).await?;
        Ok(counts.roll_up(&self.standpoint, &self.narrowing).of(self.selection))
    }

    /// How many are open, not overdue, and due on the day or within so many days.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn due_within(&self, days: u32) -> Result<u32, Arc<Fault>> {
        let day = self.standpoint.day();
        let until = day.checked_add_days(chrono::Days::new(days.into())).unwrap_or(Day::MAX);
        let soon = Self { counted: self.counted.due_in(DayRange { from: Some(day), to: Some(until) }), ..self.clone() };
        Ok(soon.completion().await?.tally.open_in_time)
    }

    /// What a list must select to hold the obligations that are counted, of units that the viewer may read about (A3).
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn behind(&self) -> Result<ObligationSelection, Arc<Fault>> {
        let (forest, grants) = (self.view.forest(), self.view.grants());
        let counts = self.counts(Grain::Requirements).await?;
        let (mut units, mut requirements) = (BTreeSet::new(), BTreeSet::new());
        let mut outside = BTreeSet::new();
        let there = self.standpoint.forest();
        for row in counts.admitted(there, &self.narrowing).filter(|row| self.selection.includes(there, row.unit)) {
            match readable(grants, forest, row.unit) {
                Ok(_) => units.insert((forest.known_place(row.unit), row.unit)),
                Err(_) => outside.insert(forest.known_place(row.unit)),
            };
            requirements.extend(row.apart.map(|apart| apart.requirement));
        }
        let kept = self.view.kept_outside(&visible_units(grants, forest), |place| outside.contains(&Some(place))).await?;
        let period = match &self.subject {
            Subject::Requirement(_, Some(period)) => Some(period),
            Subject::Requirement(_, None) | Subject::Directives(..) | Subject::Everything => self.counted.period.as_ref(),
        };
        let (due, dated) = self.due();
        Ok(ObligationSelection {
            units: Some(units.into_iter().map(|(_, unit)| unit).collect()),
            kept,
            requirements: Some(requirements.into_iter().collect()),
            due,
            dated,
            period: period.map(ToString::to_string),
            on: match self.standpoint.as_of() {
                AsOf::Now(_) => None,
                AsOf::EndOf(day) => Some(day),
            },
            ..ObligationSelection::default()
        })
    }

    /// When what it holds is due, and whether it has a date at all: by the filter, and by the month of a part.
    fn due(&self) -> (DayRange, Option<bool>) {
        let counted = match self.narrowing.due {
            Some(DueMonth::Undated) => return (DayRange { from: self.counted.due_from, to: self.counted.due_to }, Some(false)),
            Some(month) => month.days().map_or_else(|| self.counted.clone(), |days| self.counted.due_in(days)),
            None => self.counted.clone(),
        };
        (DayRange { from: counted.due_from, to: counted.due_to }, counted.dated)
    }

    fn question(&self, grain: Grain) -> Question {
        Question { subject: self.subject.clone(), counted: self.counted.clone(), grain, as_of: self.standpoint.as_of() }
    }

    async fn counts(&self, grain: Grain) -> Result<Arc<loaders::Counts>, Arc<Fault>> {
        let counts = self.view.loaders().counts.load_one(self.question(grain)).await?;
        counts.ok_or_else(|| Arc::new(Fault::Other("a question about completion was not answered".into())))
    }
}
