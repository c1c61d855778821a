//! What a batch does to obligations, as it is shown (O5) and as the journal tells it (J1).

use std::collections::HashMap;

use chidao_domain::day::Day;
use chidao_domain::ids::{ObligationId, UnitId};
use chidao_domain::journal::{Action as Done, Entry, Subject};
use chidao_domain::obligation::State;
use chidao_domain::refusal::Locale;
use chidao_domain::scope::BindingRule;
use chidao_domain::succession::{Cause, Consequence};

use super::{Acting, Foreseen};
use crate::store::code::Coded as _;
use crate::store::estates::HeldRow;
use crate::store::reorganizations::{Consequences, Effects, Happening, ObligationEffect};

/// In numbers and one by one; `ids` are those of what comes into being, in its order, where it has come into being.
pub(super) fn effects(foreseen: &Foreseen, acting: Acting<'_>, ids: &[ObligationId]) -> (Effects, Consequences) {
    let telling = Telling::of(foreseen, acting);
    let mut ids = ids.iter();
    let list: Consequences = foreseen.planned.iter().filter_map(|consequence| telling.effect(consequence, &mut ids)).collect();
    let count = |happening| list.iter().filter(|effect| effect.happening == happening).count();
    let effects = Effects {
        transferred: count(Happening::Transferred),
        released: count(Happening::Released),
        created: count(Happening::Created),
        grants_ending: foreseen.grants.iter().map(|held| held.grant.id.into()).collect(),
    };
    (effects, list)
}

/// One entry for each obligation and each grant.
pub(super) fn entries(foreseen: &Foreseen, acting: Acting<'_>, ids: &[ObligationId]) -> Vec<Entry> {
    let telling = Telling::of(foreseen, acting);
    let mut ids = ids.iter();
    let of_obligations = foreseen.planned.iter().filter_map(|consequence| telling.entry(consequence, &mut ids));
    let of_grants = foreseen.grants.iter().map(|held| {
        let entry = Entry::new(Done::GrantEnded, Subject::Grant(held.grant.id)).touching(held.grant.unit);
        entry.change("role", Some(held.grant.role.code().into()), None)
    });
    of_obligations.chain(of_grants).collect()
}

struct Telling<'a> {
    acting: Acting<'a>,
    foreseen: &'a Foreseen,
    held: HashMap<ObligationId, &'a HeldRow>,
}

impl<'a> Telling<'a> {
    fn of(foreseen: &'a Foreseen, acting: Acting<'a>) -> Self {
        Self { acting, foreseen, held: foreseen.books.rows.iter().map(|row| (row.id, row)).collect() }
    }

    fn reason(&self, decision: Option<usize>) -> Option<String> {
        decision.and_then(|at| self.acting.decisions.get(at)).map(|decision| decision.reason.clone())
    }

    /// What happens to an obligation that is there already, before what is special about it.
    fn of_held(&self, id: ObligationId, happening: Happening, state: Option<State>) -> Option<ObligationEffect> {
        let row = self.held.get(&id)?;
        Some(ObligationEffect {
            happening,
            obligation: Some(id.into()),
            requirement: self.foreseen.books.bonds.get(row.bond)?.requirement.into(),
            unit: row.unit.into(),
            period: row.period.clone(),
            cause: None,
            reason: None,
            rules: Vec::new(),
            state: state.unwrap_or(row.state).code().into(),
            due_on: row.due_on,
            predecessors: Vec::new(),
            successors: Vec::new(),
        })
    }

    fn effect<'i>(&self, consequence: &Consequence, ids: &mut impl Iterator<Item = &'i ObligationId>) -> Option<ObligationEffect> {
        let code = |cause: &Cause| Some(cause.code().to_owned());
        Some(match consequence {
            Consequence::Transfer { obligation, to, cause, decision } => ObligationEffect {
                cause: code(cause),
                reason: self.reason(*decision),
                successors: to.iter().map(|unit| unit.0).collect(),
                ..self.of_held(*obligation, Happening::Transferred, Some(State::Transferred))?
            },
            Consequence::Release { obligation, cause, decision } => ObligationEffect {
                cause: code(cause),
                reason: self.reason(*decision),
                ..self.of_held(*obligation, Happening::Released, Some(State::Released))?
            },
            Consequence::Keep { obligation, decision } => {
                ObligationEffect { reason: self.reason(Some(*decision)), ..self.of_held(*obligation, Happening::Kept, None)? }
            }
            Consequence::Create(new) => ObligationEffect {
                happening: Happening::Created,
                obligation: ids.next().map(|id| id.0),
                requirement: new.requirement.into(),
                unit: new.unit.into(),
                period: new.period.clone(),
                cause: None,
                reason: None,
                rules: rules(new.reasons.iter().map(|reason| reason.rule())),
                state: new.state.code().into(),
                due_on: new.due_on,
                predecessors: new.reasons.iter().filter_map(|reason| reason.predecessor()).map(|id| id.0).collect(),
                successors: Vec::new(),
            },
            Consequence::Link { obligation, predecessors, due_on } => ObligationEffect {
                rules: rules([BindingRule::Succession]),
                due_on: *due_on,
                predecessors: predecessors.iter().map(|id| id.0).collect(),
                ..self.of_held(*obligation, Happening::Linked, None)?
            },
            Consequence::Revive { obligation, new } => ObligationEffect {
                rules: rules(new.reasons.iter().map(|reason| reason.rule())),
                due_on: new.due_on,
                predecessors: new.reasons.iter().filter_map(|reason| reason.predecessor()).map(|id| id.0).collect(),
                ..self.of_held(*obligation, Happening::BoundAgain, Some(new.state))?
            },
            Consequence::BindAgain { obligation, due_on } => ObligationEffect {
                rules: rules([BindingRule::Again]),
                due_on: *due_on,
                ..self.of_held(*obligation, Happening::BoundAgain, Some(State::Pending))?
            },
        })
    }

    fn about(&self, done: Done, id: ObligationId, state: Option<State>) -> Option<(Entry, &HeldRow)> {
        let row = *self.held.get(&id)?;
        let entry = Entry::new(done, Subject::Obligation(id)).touching([row.unit]);
        let after = state.unwrap_or(row.state);
        Some((entry.change("state", Some(row.state.code().into()), Some(after.code().into())), row))
    }

    fn entry<'i>(&self, consequence: &Consequence, ids: &mut impl Iterator<Item = &'i ObligationId>) -> Option<Entry> {
        let why =
            |cause: &Cause, decision: &Option<usize>| Some(self.reason(*decision).unwrap_or_else(|| cause.words(Locale::Vi).to_owned()));
        Some(match consequence {
            Consequence::Transfer { obligation, to, cause, decision } => {
                let (entry, _) = self.about(Done::ObligationTransferred, *obligation, Some(State::Transferred))?;
                let codes = self.codes(to.iter().copied());
                entry.touching(to.iter().copied()).change("successors", None, Some(codes)).because(why(cause, decision))
            }
            Consequence::Release { obligation, cause, decision } => {
                self.about(Done::ObligationReleased, *obligation, Some(State::Released))?.0.because(why(cause, decision))
            }
            Consequence::Keep { obligation, decision } => {
                self.about(Done::ObligationKept, *obligation, None)?.0.because(self.reason(Some(*decision)))
            }
            Consequence::Create(new) => {
                let entry = Entry::new(Done::ObligationBound, Subject::Obligation(*ids.next()?)).touching([new.unit]);
                let entry = entry.change("state", None, Some(new.state.code().into())).change("dueOn", None, text(new.due_on));
                let from: Vec<ObligationId> = new.reasons.iter().filter_map(|reason| reason.predecessor()).collect();
                self.follows(entry, &from)
            }
            Consequence::Link { obligation, predecessors, due_on } => {
                let (entry, row) = self.about(Done::ObligationLinked, *obligation, None)?;
                self.follows(entry.change("dueOn", text(row.due_on), text(*due_on)), predecessors)
            }
            Consequence::Revive { obligation, new } => {
                let (entry, row) = self.about(Done::ObligationBoundAgain, *obligation, Some(new.state))?;
                let from: Vec<ObligationId> = new.reasons.iter().filter_map(|reason| reason.predecessor()).collect();
                self.follows(entry.change("dueOn", text(row.due_on), text(new.due_on)), &from)
            }
            Consequence::BindAgain { obligation, due_on } => {
                let (entry, row) = self.about(Done::ObligationBoundAgain, *obligation, Some(State::Pending))?;
                entry.change("dueOn", text(row.due_on), text(*due_on))
            }
        })
    }

    /// The units whose obligations it follows.
    fn follows(&self, entry: Entry, predecessors: &[ObligationId]) -> Entry {
        let units: Vec<UnitId> = predecessors.iter().filter_map(|id| Some(self.held.get(id)?.unit)).collect();
        if units.is_empty() {
            return entry;
        }
        let codes = self.codes(units.iter().copied());
        entry.touching(units).change("predecessors", None, Some(codes))
    }

    fn codes(&self, units: impl Iterator<Item = UnitId>) -> String {
        units.map(|unit| self.acting.shift.with.code_of(unit)).collect::<Vec<_>>().join(", ")
    }
}

fn rules(rules: impl IntoIterator<Item = BindingRule>) -> Vec<String> {
    rules.into_iter().map(|rule| rule.code().to_owned()).collect()
}

fn text(day: Option<Day>) -> Option<String> {
    day.map(|day| day.to_string())
}
