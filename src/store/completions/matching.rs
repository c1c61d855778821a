//! The obligations of some subjects that a filter admits, as a table that statements select from: `matching`.

use chidao_domain::day::Day;
use chidao_domain::directive::{DirectiveStatus, RelationKind};
use chidao_domain::ids::DirectiveId;
use chidao_domain::obligation::State;
use sea_orm::Value;
use uuid::Uuid;

use super::{AsOf, ObligationsCounted, Subject};
use crate::store::code::Coded;
use crate::store::obligations::{Reach, late_condition, overdue_condition, stood_then};

/// Builds a statement whose common table `matching` holds the obligations, each once for every subject that it belongs to; `place` is
/// the subject's place in the list.
pub(super) struct Matching {
    /// Subjects: `place` and what they point at.
    named: Vec<String>,
    sort: Sort,
    needs_directive: bool,
    /// What does not change as long as an obligation lasts.
    conditions: Vec<String>,
    /// What its dates must be, as they are or were then.
    dated: Vec<String>,
    values: Vec<Value>,
    as_of: AsOf,
}

/// The number of the parameter that holds the day.
const DAY: usize = 1;

/// What the subjects of one statement have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Everything,
    Directives(Reach),
    Requirements,
}

impl Matching {
    /// Of subjects that are all of one sort, as [`super::Subject`] and [`Reach`] go.
    pub(super) fn new(subjects: &[Subject], counted: &ObligationsCounted, as_of: AsOf) -> Self {
        let mut matching = Self {
            named: Vec::new(),
            sort: Sort::Everything,
            needs_directive: counted.in_force.is_some(),
            conditions: Vec::new(),
            dated: Vec::new(),
            values: vec![as_of.day().into()],
            as_of,
        };
        for (place, subject) in subjects.iter().enumerate() {
            match subject {
                Subject::Everything => {}
                Subject::Directives(directives, through) => {
                    matching.sort = Sort::Directives(*through);
                    for directive in directives {
                        let id = matching.bind(Uuid::from(*directive));
                        matching.named.push(format!("SELECT {place} AS place, id, NULL AS period FROM directive WHERE id = {id}"));
                    }
                    if directives.is_empty() {
                        matching.named.push(format!("SELECT {place} AS place, id, NULL AS period FROM directive WHERE FALSE"));
                    }
                }
                Subject::Requirement(requirement, period) => {
                    matching.sort = Sort::Requirements;
                    let id = matching.bind(Uuid::from(*requirement));
                    let period = period.as_ref().map_or("NULL".into(), |period| matching.bind(period.to_string()));
                    matching.named.push(format!("SELECT {place} AS place, id, {period} AS period FROM requirement WHERE id = {id}"));
                }
            }
        }
        matching.narrow(counted);
        matching
    }

    /// The same for their whole course up to the end of a day. Whether a directive is in force changes on the way: `over_time` tells when it
    /// ended, and holds it against nothing.
    pub(super) fn over_time(subjects: &[Subject], counted: &ObligationsCounted, until: Day) -> Self {
        let whenever = ObligationsCounted { in_force: None, ..counted.clone() };
        Self { needs_directive: counted.in_force.is_some(), ..Self::new(subjects, &whenever, AsOf::EndOf(until)) }
    }

    /// Binds a value; the answer is its parameter.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn narrow(&mut self, counted: &ObligationsCounted) {
        if let Some(in_force) = counted.in_force {
            let holds = match self.as_of {
                AsOf::Now(_) => format!("(d.status = '{}')", DirectiveStatus::Issued.code()),
                AsOf::EndOf(_) => format!("(d.ended_on IS NULL OR d.ended_on > ${DAY})"),
            };
            self.conditions.push(if in_force { holds } else { format!("NOT {holds}") });
        }
        if let Some(directives) = &counted.directives {
            self.one_of("o.directive_id", directives.iter().map(|id| Uuid::from(*id)));
        }
        if let Some(requirements) = &counted.requirements {
            self.one_of("o.requirement_id", requirements.iter().map(|id| Uuid::from(*id)));
        }
        if let Some(kinds) = &counted.kinds {
            self.one_of("r.kind", kinds.iter().map(|kind| kind.code()));
        }
        if let Some(from) = counted.due_from {
            let from = self.bind(from);
            self.dated.push(format!("o.due_on >= {from}"));
        }
        if let Some(to) = counted.due_to {
            let to = self.bind(to);
            self.dated.push(format!("o.due_on <= {to}"));
        }
        self.dated.extend(counted.dated.map(|dated| format!("o.due_on IS {}", if dated { "NOT NULL" } else { "NULL" })));
        if let Some(period) = &counted.period {
            let period = self.bind(period.to_string());
            self.conditions.push(format!("o.period = {period}"));
        }
    }

    fn one_of<V: Into<Value>>(&mut self, column: &str, values: impl Iterator<Item = V>) {
        let parameters: Vec<String> = values.map(|value| self.bind(value)).collect();
        let condition = if parameters.is_empty() { "FALSE".into() } else { format!("{column} IN ({})", parameters.join(", ")) };
        self.conditions.push(condition);
    }

    /// Where the subjects come from, where each has its place, and how obligations are joined to them.
    fn subjects(&self) -> (String, &'static str, &'static str) {
        let named = self.named.join(" UNION ");
        match self.sort {
            Sort::Everything => (String::new(), "0", ""),
            Sort::Directives(Reach::Scope) => (format!("named AS ({named}), "), "n.place", "JOIN named n ON n.id = o.directive_id "),
            Sort::Directives(Reach::Lineage) => {
                let line =
                    line("SELECT place, id FROM named", &[RelationKind::Implements, RelationKind::Amends, RelationKind::Supplements]);
                (format!("named AS ({named}), {line}, "), "n.place", "JOIN line n ON n.id = o.directive_id ")
            }
            Sort::Requirements => (
                format!("named AS ({named}), "),
                "n.place",
                "JOIN named n ON n.id = o.requirement_id AND (n.period IS NULL OR n.period = o.period) ",
            ),
        }
    }

    fn directive(&self) -> &'static str {
        if self.needs_directive { "JOIN directive d ON d.id = o.directive_id " } else { "" }
    }

    /// The statement that selects from `matching`, and what is bound to it.
    pub(super) fn statement(self, select: &str) -> (String, Vec<Value>) {
        let (tables, place, join) = self.subjects();
        let conditions = all_of(self.conditions.iter().chain(&self.dated));
        let past_due = format!("CASE WHEN {} OR {} THEN 1 ELSE 0 END", late_condition("o"), overdue_condition("o", DAY));
        let (obligations, directive) = (obligations(self.as_of), self.directive());
        let text = format!(
            "WITH RECURSIVE {tables}matching AS (SELECT {place} AS place, o.id, o.requirement_id, o.directive_id, o.unit_id, o.period, o.state, \
             o.due_on, {past_due} AS past_due, r.informative, r.recurrence \
             FROM {obligations} o JOIN requirement r ON r.id = o.requirement_id {directive}{join}WHERE {conditions}) \
             {select}"
        );
        (text, self.values)
    }

    /// The statement that selects from `told`: a row for each step of each obligation that is counted some day, with its state and dates since
    /// then, and `until`, when the next step was recorded. `select` goes on where conditions stand, on the table `o`.
    pub(super) fn course(self, select: &str) -> (String, Vec<Value>) {
        let (tables, place, join) = self.subjects();
        let directive = self.directive();
        let ended = if self.needs_directive { "d.ended_on" } else { "CAST(NULL AS DATE)" };
        let (conditions, dated) = (all_of(&self.conditions), all_of(&self.dated));
        let text = format!(
            "WITH RECURSIVE {tables}held AS (SELECT {place} AS place, o.id, o.requirement_id, o.directive_id, o.unit_id, {ended} AS ended_on \
             FROM obligation o JOIN requirement r ON r.id = o.requirement_id {directive}{join}WHERE NOT r.informative AND {conditions}), \
             told AS (SELECT h.place, h.requirement_id, h.directive_id, h.unit_id, h.ended_on, s.state, s.due_on, s.reported_on, \
             s.recorded_on AS since, LEAD(s.recorded_on) OVER (PARTITION BY h.place, h.id ORDER BY s.version) AS until \
             FROM held h JOIN obligation_step s ON s.obligation_id = h.id WHERE s.recorded_on <= ${DAY}) \
             {}",
            select.replace("{dated}", &dated),
        );
        (text, self.values)
    }
}

/// Conditions that must all hold.
fn all_of<'a>(conditions: impl IntoIterator<Item = &'a String>) -> String {
    let all: Vec<&str> = conditions.into_iter().map(String::as_str).collect();
    if all.is_empty() { "TRUE".into() } else { all.join(" AND ") }
}

/// The obligations as they are, or as they stood at the end of a day: each by the last step that was recorded up to it (C7). What was bound
/// later is not among them.
fn obligations(as_of: AsOf) -> String {
    match as_of {
        AsOf::Now(_) => "obligation".into(),
        AsOf::EndOf(_) => format!(
            "(SELECT b.id, b.requirement_id, b.directive_id, b.unit_id, b.period, was.state, was.due_on, was.reported_on \
              FROM obligation b JOIN obligation_step was ON {})",
            stood_then("was", "b", DAY)
        ),
    }
}

/// The table `line`: what `roots` select, and everything issued that stands in one of the relations to something of it. `UNION` keeps each
/// directive once for each place, so that diamonds count once (C4).
fn line(roots: &str, relations: &[RelationKind]) -> String {
    let relations: Vec<String> = relations.iter().map(|kind| format!("'{}'", kind.code())).collect();
    let issued = DirectiveStatus::ALL.into_iter().filter(|status| status.was_issued());
    let issued: Vec<String> = issued.map(|status| format!("'{}'", status.code())).collect();
    format!(
        "line(place, id) AS ({roots} UNION SELECT l.place, e.from_id FROM line l JOIN directive_relation e ON e.to_id = l.id \
         JOIN directive f ON f.id = e.from_id WHERE e.kind IN ({}) AND f.status IN ({}))",
        relations.join(", "),
        issued.join(", ")
    )
}

/// The statement for the issued directives that implement others, directly or not.
pub(super) fn implementing(directives: &[DirectiveId]) -> (String, Vec<Value>) {
    let (line, values) = implementing_line(directives);
    let text = format!(
        "{line} SELECT l.place, d.id, d.issuer_id FROM line l JOIN directive d ON d.id = l.id \
         WHERE NOT EXISTS (SELECT 1 FROM named n WHERE n.place = l.place AND n.id = d.id) ORDER BY d.issued_on, d.id"
    );
    (text, values)
}

/// The statement for the units that directives, or issued ones that implement them, directly or not, bind (B5).
pub(super) fn bound_by_line(directives: &[DirectiveId]) -> (String, Vec<Value>) {
    let (line, values) = implementing_line(directives);
    let text = format!(
        "{line} SELECT DISTINCT l.place, o.unit_id FROM line l JOIN obligation o ON o.directive_id = l.id \
         WHERE o.state NOT IN ('{}', '{}')",
        State::Released.code(),
        State::Transferred.code()
    );
    (text, values)
}

/// The tables `named` and `line` of directives and of what implements them.
fn implementing_line(directives: &[DirectiveId]) -> (String, Vec<Value>) {
    let (roots, values): (Vec<String>, Vec<Value>) = (0_usize..)
        .zip(directives)
        .map(|(place, directive)| {
            (format!("SELECT {place} AS place, id FROM directive WHERE id = ${}", place + 1), Value::from(Uuid::from(*directive)))
        })
        .unzip();
    let line = line("SELECT place, id FROM named", &[RelationKind::Implements]);
    (format!("WITH RECURSIVE named AS ({}), {line}", roots.join(" UNION ")), values)
}
