//! Periods of what recurs open: each binds whom its scope covers on the day (B7). The calendar opens them one by one; issuing opens all that
//! have begun, and resuming those that have begun meanwhile (D6).

use std::collections::{HashMap, HashSet};

use chidao_domain::day::Day;
use chidao_domain::directive::{Period, Rhythm};
use chidao_domain::ids::{RequirementId, UnitId};
use chidao_domain::journal::{Action as Done, Entry, Subject};
use chidao_domain::obligation::State;
use chidao_domain::scope::{self, Covered};

use crate::store::bindings::{NewObligation, insert_obligations};
use crate::store::directives::Directive;
use crate::store::periods;
use crate::store::requirements::{KeptRequirement, load_requirements};
use crate::store::{Fault, Tx};

/// A period that opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Opened {
    /// The period.
    pub(super) period: Period,
    /// Its requirement's number in the directive, from 1.
    pub(super) ordinal: u32,
    /// How many units it binds.
    pub(super) bound: usize,
}

/// For which periods a requirement binds from a day on, and until when: once where it does not recur, else for each period that has begun
/// after those up to `opened`.
pub(super) struct Slots {
    /// Each period as a key has it, with its last day.
    pub(super) slots: Vec<(String, Option<Day>)>,
    /// The periods among them that open.
    pub(super) opening: Vec<Period>,
    /// The first day of the one that opens after them.
    pub(super) next: Option<Day>,
}

impl Slots {
    /// Those of a requirement that is issued.
    pub(super) fn at_issue(requirement: &KeptRequirement, effective_on: Day, today: Day) -> Self {
        let terms = &requirement.terms;
        if let Some(rhythm) = Rhythm::of(terms, effective_on) {
            return Self::of(rhythm, None, today);
        }
        let period = terms.period.map(|period| period.to_string()).unwrap_or_default();
        Self { slots: vec![(period, terms.due_on)], opening: Vec::new(), next: None }
    }

    fn of(rhythm: Rhythm, opened: Option<Period>, today: Day) -> Self {
        let opening = rhythm.begun(opened, today);
        let next = rhythm.next(opening.last().copied().or(opened)).map(Period::first_day);
        Self { slots: opening.iter().map(|period| (period.to_string(), Some(rhythm.due_on(*period)))).collect(), opening, next }
    }
}

/// One obligation for each unit that is covered (B3); of two rules, two reasons.
pub(super) fn obligations(
    tx: &Tx,
    requirement: &KeptRequirement,
    covered: &[Covered],
    (period, due_on): &(String, Option<Day>),
) -> Vec<NewObligation> {
    let scope = &requirement.terms.scope;
    let new = covered.iter().map(|covered| NewObligation {
        id: tx.new_id(),
        requirement: requirement.id,
        directive: requirement.directive,
        unit: covered.unit,
        period: period.clone(),
        due_on: *due_on,
        reasons: covered.reasons(scope),
        state: State::Pending,
        bound_on: tx.today(),
        kept: false,
        by: None,
    });
    new.collect()
}

/// Opens the periods of a directive in force that have begun by the day of `tx` and have not opened, in their order, on that day's tree: what
/// the calendar does on the first day of each, and what a directive does that is resumed. Every one is put down and journalled, also where it
/// binds nobody.
///
/// # Errors
/// A fault of the database.
pub(super) async fn open_begun(tx: &mut Tx, directive: &Directive, on_behalf_of: Option<UnitId>) -> Result<Vec<Opened>, Fault> {
    let asked = load_requirements(tx.sql(), &[directive.id]).await?.remove(&directive.id).unwrap_or_default();
    let ids: Vec<RequirementId> = asked.iter().map(|requirement| requirement.id).collect();
    let last: HashMap<RequirementId, Period> = periods::load_last_opened(tx.sql(), tx.engine(), &ids).await?;
    let effective_on = directive.effective_on.unwrap_or(tx.today());
    let (mut done, mut owed) = (Vec::new(), None);
    for requirement in &asked {
        let Some(rhythm) = Rhythm::of(&requirement.terms, effective_on) else { continue };
        let mut before = last.get(&requirement.id).copied();
        let Slots { slots, opening, next } = Slots::of(rhythm, before, tx.today());
        owed = owed.into_iter().chain(next).min();
        for (slot, period) in slots.iter().zip(opening) {
            let covered = cover(tx, directive, requirement, before).await?;
            let new = obligations(tx, requirement, &covered, slot);
            insert_obligations(tx, &new).await?;
            periods::save_opened(tx, &[(requirement.id, period)]).await?;
            record(tx, (directive, on_behalf_of), (requirement.ordinal, before, period), &new).await?;
            done.push(Opened { period, ordinal: requirement.ordinal, bound: new.len() });
            before = Some(period);
        }
    }
    if let Some(next) = owed {
        periods::owe(tx, next).await?;
    }
    Ok(done)
}

/// Whom a period that opens today binds; where the anchor has ended, that goes by the period `before` (B6).
async fn cover(tx: &Tx, directive: &Directive, requirement: &KeptRequirement, before: Option<Period>) -> Result<Vec<Covered>, Fault> {
    let scope = &requirement.terms.scope;
    let had_before = match before.filter(|_| scope::goes_by_the_period_before(tx.forest(), scope)) {
        Some(before) => periods::load_had(tx.sql(), tx.engine(), requirement.id, before).await?,
        None => HashSet::new(),
    };
    Ok(scope::cover_period(tx.forest(), directive.issuer, scope, &had_before))
}

/// One entry for the directive, and one for each obligation, so that each history begins where it began.
async fn record(
    tx: &mut Tx,
    (directive, on_behalf_of): (&Directive, Option<UnitId>),
    (ordinal, before, period): (u32, Option<Period>, Period),
    new: &[NewObligation],
) -> Result<(), Fault> {
    let entry = Entry::new(Done::PeriodOpened, Subject::Directive(directive.id)).touching([directive.issuer]);
    let entry = entry.touching(new.iter().map(|new| new.unit)).on_behalf_of(on_behalf_of);
    let (field, before) = (format!("requirements.{ordinal}.period"), before.map(|before| before.to_string()));
    tx.record(entry.change(&field, before, Some(period.to_string())));
    let of_obligations = new.iter().map(|new| {
        let entry = Entry::new(Done::PeriodOpened, Subject::Obligation(new.id)).touching([new.unit]).on_behalf_of(on_behalf_of);
        let due_on = new.due_on.map(|due_on| due_on.to_string());
        entry.change("state", None, Some("PENDING".into())).change("dueOn", None, due_on)
    });
    tx.record_all(of_obligations.collect::<Vec<_>>()).await
}
