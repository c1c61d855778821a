//! The conditions of lists of obligations, and their parameters as they grow.

use chidao_domain::day::Day;
use chidao_domain::directive::{DirectiveStatus, RelationKind, Verification};
use chidao_domain::ids::{DirectiveId, UnitId};
use chidao_domain::obligation::State;
use sea_orm::Value;
use uuid::Uuid;

use super::{Anchor, KeptOutside, ListKey, ListOrder, ObligationSelection, Owner, Part, PartDue, Reach, Side, Verifying};
use crate::store::among::{Among, Pairs};
use crate::store::code::Coded;
use crate::store::database::Engine;
use crate::store::reports::ReportStanding;

/// What is overdue (L3, B8): open, past its date, and not waiting with a report that was in time; or lapsed. `of` is the table that tells
/// states and dates, `today` the number of the parameter. It never comes to NULL.
pub(crate) fn overdue_condition(of: &str, today: usize) -> String {
    let (lapsed, past) = (State::Lapsed.code(), past_condition(of, today));
    format!("(NOT r.informative AND ({of}.state = '{lapsed}' OR {past}))")
}

/// What is open and past its date on a day, and does not wait with a report that was in time (L3); `day` is the number of the parameter. It
/// never comes to NULL.
pub(crate) fn past_condition(of: &str, day: usize) -> String {
    let (open, reported) = (open_states(), State::Reported.code());
    format!(
        "({of}.state IN ({open}) AND {of}.due_on IS NOT NULL AND {of}.due_on < ${day} \
         AND NOT ({of}.state = '{reported}' AND {of}.reported_on IS NOT NULL AND {of}.reported_on <= {of}.due_on))"
    )
}

/// The open states (L1), as SQL literals.
pub(crate) fn open_states() -> String {
    codes(State::ALL.into_iter().filter(|state| state.is_open()))
}

/// What was fulfilled by a report that came after the date (L3). It never comes to NULL.
pub(crate) fn late_condition(of: &str) -> String {
    let fulfilled = State::Fulfilled.code();
    format!("({of}.state = '{fulfilled}' AND {of}.due_on IS NOT NULL AND {of}.reported_on IS NOT NULL AND {of}.reported_on > {of}.due_on)")
}

/// The condition that the step `was` is the last one of the obligation `of` that was recorded up to a day (C7); `day` is the number of the
/// parameter.
pub(crate) fn stood_then(was: &str, of: &str, day: usize) -> String {
    format!(
        "{was}.obligation_id = {of}.id AND {was}.version = \
         (SELECT MAX(x.version) FROM obligation_step x WHERE x.obligation_id = {of}.id AND x.recorded_on <= ${day})"
    )
}

/// Codes as SQL literals; they are constants of this program.
fn codes<C: Coded>(of: impl IntoIterator<Item = C>) -> String {
    of.into_iter().map(|one| format!("'{}'", one.code())).collect::<Vec<_>>().join(", ")
}

/// The list's own order, or from its end.
pub(super) fn sort(order: ListOrder, from: Side) -> &'static str {
    match (order, from) {
        (ListOrder::DueOn, Side::Start) => "o.due_on ASC NULLS LAST, o.id ASC",
        (ListOrder::DueOn, Side::Finish) => "o.due_on DESC NULLS FIRST, o.id DESC",
        (ListOrder::Tree, Side::Start) => "placed.place ASC, o.id ASC",
        (ListOrder::Tree, Side::Finish) => "placed.place DESC, o.id DESC",
        (ListOrder::UpdatedAt, Side::Start) => "o.updated_at DESC, o.id DESC",
        (ListOrder::UpdatedAt, Side::Finish) => "o.updated_at ASC, o.id ASC",
    }
}

/// Conditions and their parameters as they grow.
pub(super) struct Query {
    engine: Engine,
    /// What is joined for the owners.
    pub(super) join: String,
    conditions: Vec<String>,
    pub(super) values: Vec<Value>,
}

impl Query {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine, join: String::new(), conditions: Vec::new(), values: Vec::new() }
    }

    /// Binds a value; answers the number of its parameter.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> usize {
        self.values.push(value.into());
        self.values.len()
    }

    pub(super) fn condition(&self) -> String {
        if self.conditions.is_empty() { "TRUE".into() } else { self.conditions.join(" AND ") }
    }

    /// The condition that `column` is one of `ids`.
    fn among<I: Into<Uuid>>(&mut self, column: &str, ids: impl IntoIterator<Item = I>) -> String {
        let among = Among::new(self.engine, ids);
        let condition = among.holds(column, self.values.len() + 1);
        self.bind(among.value());
        condition
    }

    fn narrow(&mut self, condition: String) {
        self.conditions.push(condition);
    }

    pub(super) fn select(&mut self, owner: Owner<'_>, selection: &ObligationSelection, today: Day) {
        let own = match owner {
            Owner::Nobody => None,
            Owner::Units(units) => Some(self.among("o.unit_id", units.iter().copied())),
            Owner::Requirements(requirements) => Some(self.among("o.requirement_id", requirements.iter().copied())),
            Owner::Parts(parts) => {
                self.join_parts(parts);
                None
            }
        };
        let units = selection.units.as_ref().map(|units| self.among("o.unit_id", units.iter().copied()));
        let kept = selection.kept.as_ref().filter(|_| units.is_some()).map(|kept| self.kept(kept));
        let units = units.map(|units| kept.map_or(units.clone(), |kept| format!("({units} OR {kept})")));
        let directives = selection.directives.as_ref().map(|ids| self.of_directives(ids, selection.reach));
        let requirements = selection.requirements.as_ref().map(|ids| self.among("o.requirement_id", ids.iter().copied()));
        let kinds = (!selection.kinds.is_empty()).then(|| format!("r.kind IN ({})", codes(selection.kinds.iter().copied())));
        let informative = selection.informative.map(|wanted| only(wanted, "r.informative".into()));
        let in_force = selection.in_force.map(|wanted| self.in_force(wanted, selection.on));
        let stood = self.stood(owner, selection, today);
        let period = selection.period.as_ref().map(|period| format!("o.period = ${}", self.bind(period.as_str())));
        let verifying = selection.verifying.as_ref().map(|verifying| self.verifying(verifying));
        self.conditions
            .extend([own, units, directives, requirements, kinds, informative, in_force, stood, period, verifying].into_iter().flatten());
    }

    /// What is kept of units that have left (S4).
    fn kept(&mut self, kept: &KeptOutside) -> String {
        let of = self.among("o.unit_id", kept.units.iter().copied());
        let by = self.among("d.issuer_id", kept.issuers.iter().copied());
        format!("(o.kept AND {of} AND {by})")
    }

    /// Whether the directive is in force, or was at the end of a past day (C7).
    fn in_force(&mut self, wanted: bool, on: Option<Day>) -> String {
        let holds = match on {
            None => format!("(d.status = '{}')", DirectiveStatus::Issued.code()),
            Some(day) => format!("(d.ended_on IS NULL OR d.ended_on > ${})", self.bind(day)),
        };
        only(wanted, holds)
    }

    /// What is due in the range, and has a date or none.
    fn due(&mut self, of: &str, (due, dated): PartDue) -> Vec<String> {
        let from = due.from.map(|from| format!("{of}.due_on >= ${}", self.bind(from)));
        let to = due.to.map(|to| format!("{of}.due_on <= ${}", self.bind(to)));
        let dated = dated.map(|wanted| only(wanted, format!("({of}.due_on IS NOT NULL)")));
        [from, to, dated].into_iter().flatten().collect()
    }

    /// What each part wants to be due when, where they differ in that.
    fn due_of_parts(&mut self, of: &str, parts: &[Part]) -> Option<String> {
        let mut any = Vec::new();
        for (number, part) in (0_u128..).zip(parts) {
            let mut conditions = vec![format!("part.one = ${}", self.bind(Uuid::from_u128(number)))];
            conditions.extend(self.due(of, part.due?));
            any.push(format!("({})", conditions.join(" AND ")));
        }
        (!any.is_empty()).then(|| format!("({})", any.join(" OR ")))
    }

    /// What states and dates must be, now or at the end of a past day (C7).
    fn stood(&mut self, owner: Owner<'_>, selection: &ObligationSelection, today: Day) -> Option<String> {
        let of = if selection.on.is_some() { "was" } else { "o" };
        let day = selection.on.unwrap_or(today);
        let states = (!selection.states.is_empty()).then(|| format!("{of}.state IN ({})", codes(selection.states.iter().copied())));
        let overdue = selection.overdue.map(|wanted| only(wanted, overdue_condition(of, self.bind(day))));
        let late = selection.late.map(|wanted| only(wanted, late_condition(of)));
        let of_parts = if let Owner::Parts(parts) = owner { self.due_of_parts(of, parts) } else { None };
        let mut conditions: Vec<String> = [states, overdue, late, of_parts].into_iter().flatten().collect();
        conditions.extend(self.due(of, (selection.due, selection.dated)));
        if selection.on.is_some() {
            conditions.insert(0, stood_then("was", "o", self.bind(day)));
            return Some(format!("EXISTS (SELECT 1 FROM obligation_step was WHERE {})", conditions.join(" AND ")));
        }
        (!conditions.is_empty()).then(|| conditions.join(" AND "))
    }

    /// Each part holds what is of one of its units and of one of its requirements; parts are told apart by their numbers, as ids.
    fn join_parts(&mut self, parts: &[Part]) {
        let numbered = || (0_u128..).map(Uuid::from_u128).zip(parts);
        let units = numbered().flat_map(|(number, part)| part.units.iter().map(move |unit| (number, *unit)));
        let units = Pairs::new(self.engine, units);
        let requirements = numbered().flat_map(|(number, part)| part.requirements.iter().map(move |requirement| (number, *requirement)));
        let requirements = Pairs::new(self.engine, requirements);
        let (unit, requirement) = (units.table(self.values.len() + 1), requirements.table(self.values.len() + 2));
        self.values.extend([units.value(), requirements.value()]);
        self.join = format!(
            " JOIN {unit} part ON part.other = o.unit_id JOIN {requirement} of_part \
             ON of_part.one = part.one AND of_part.other = o.requirement_id"
        );
    }

    /// What is of the directives, or of their lineage, which is a set: diamonds count once (C4).
    fn of_directives(&mut self, ids: &[DirectiveId], reach: Reach) -> String {
        if reach == Reach::Scope {
            return self.among("o.directive_id", ids.iter().copied());
        }
        let named = self.among("id", ids.iter().copied());
        let kinds = codes([RelationKind::Implements, RelationKind::Amends, RelationKind::Supplements]);
        let issued = codes(DirectiveStatus::ALL.into_iter().filter(|status| status.was_issued()));
        format!(
            "o.directive_id IN (WITH RECURSIVE line(id) AS (SELECT id FROM directive WHERE {named} UNION \
             SELECT x.from_id FROM line JOIN directive_relation x ON x.to_id = line.id AND x.kind IN ({kinds}) \
             JOIN directive n ON n.id = x.from_id AND n.status IN ({issued})) SELECT id FROM line)"
        )
    }

    /// What waits for the verifier (L2): the superior decides where the verification says so, and where the issuer is the unit itself; the
    /// issuer decides on what is kept outside its subtree (S4).
    fn verifying(&mut self, verifying: &Verifying) -> String {
        let below = self.among("o.unit_id", verifying.below.iter().copied());
        let issuers = self.among("d.issuer_id", verifying.issuers.iter().copied());
        let verifier = self.bind(Uuid::from(verifying.verifier));
        let own = self.is_issuers_own(&verifying.places);
        let (reported, issuer, waiting) = (State::Reported.code(), Verification::Issuer.code(), ReportStanding::Waiting.code());
        format!(
            "o.state = '{reported}' AND (((NOT (r.verification = '{issuer}' OR o.kept) OR {own}) AND {below}) \
             OR ((r.verification = '{issuer}' OR o.kept) AND NOT {own} AND {issuers})) \
             AND NOT EXISTS (SELECT 1 FROM report_obligation w JOIN report p ON p.id = w.report_id WHERE w.obligation_id = o.id \
             AND w.standing = '{waiting}' AND p.submitted_by_id = ${verifier} AND NOT p.paper)"
        )
    }

    /// Whether the unit is the issuer, or its place where that has ended (B6).
    fn is_issuers_own(&mut self, places: &[(UnitId, UnitId)]) -> String {
        if places.is_empty() {
            return "(d.issuer_id = o.unit_id)".into();
        }
        let pairs = Pairs::new(self.engine, places.iter().copied());
        let table = pairs.table(self.values.len() + 1);
        self.bind(pairs.value());
        format!("(d.issuer_id = o.unit_id OR EXISTS (SELECT 1 FROM {table} p WHERE p.one = d.issuer_id AND p.other = o.unit_id))")
    }

    /// The join that a list in tree order needs.
    pub(super) fn order_by_place(&mut self, order: ListOrder, selection: &ObligationSelection) -> String {
        if order != ListOrder::Tree {
            return String::new();
        }
        let placed = selection.placed.as_ref().or(selection.units.as_ref());
        let among = Among::new(self.engine, placed.into_iter().flat_map(|units| units.iter().copied()));
        let table = among.table(self.values.len() + 1);
        self.bind(among.value());
        format!(" JOIN {table} placed ON placed.id = o.unit_id")
    }

    /// Only what comes after the key in the list (from its start), or before it (from its finish).
    pub(super) fn beyond(&mut self, key: ListKey, from: Side) {
        let id = self.bind(Uuid::from(key.id));
        let (more, less) = match from {
            Side::Start => (">", "<"),
            Side::Finish => ("<", ">"),
        };
        let condition = match key.at {
            Anchor::DueOn(None) if from == Side::Start => format!("(o.due_on IS NULL AND o.id > ${id})"),
            Anchor::DueOn(None) => format!("(o.due_on IS NOT NULL OR o.id < ${id})"),
            Anchor::DueOn(Some(due_on)) => {
                let due_on = self.bind(due_on);
                let undated = if from == Side::Start { "o.due_on IS NULL OR " } else { "" };
                format!("({undated}o.due_on {more} ${due_on} OR (o.due_on = ${due_on} AND o.id {more} ${id}))")
            }
            Anchor::Unit(unit, place) => {
                let (unit, place) = (self.bind(Uuid::from(unit)), self.bind(place));
                let at = match from {
                    Side::Start => format!("placed.place = ${place} AND (o.unit_id <> ${unit} OR o.id > ${id})"),
                    Side::Finish => format!("o.unit_id = ${unit} AND o.id < ${id}"),
                };
                format!("(placed.place {more} ${place} OR ({at}))")
            }
            Anchor::UpdatedAt(updated_at) => {
                let updated_at = self.bind(updated_at);
                format!("(o.updated_at {less} ${updated_at} OR (o.updated_at = ${updated_at} AND o.id {less} ${id}))")
            }
        };
        self.narrow(condition);
    }
}

fn only(wanted: bool, condition: String) -> String {
    if wanted { condition } else { format!("NOT {condition}") }
}
