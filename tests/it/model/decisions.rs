//! What a batch decides otherwise (S4), once more and plainly.

use serde_json::{Value, json};

use super::duties::{Duties, Duty, Key, Requirement, Shift};
use super::tree::Tree;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Action {
    Transfer(String),
    Release,
    Keep,
}

#[derive(Clone, Debug)]
pub(super) struct Decision {
    pub(super) directives: Vec<String>,
    pub(super) requirements: Vec<String>,
    pub(super) from: String,
    pub(super) action: Action,
    pub(super) reason: String,
}

impl Decision {
    pub(super) fn is_about(&self, requirement: &Requirement, without: &Tree, unit: &str) -> bool {
        let names_all = self.directives.is_empty() && self.requirements.is_empty();
        let names = names_all || self.directives.contains(&requirement.directive) || self.requirements.contains(&requirement.id);
        names && self.stands_for(without, unit)
    }

    fn stands_for(&self, without: &Tree, unit: &str) -> bool {
        without.active.contains_key(unit) && without.is_under(unit, &self.from)
    }

    pub(super) fn input(&self) -> Value {
        let (action, to) = match &self.action {
            Action::Transfer(to) => ("TRANSFER", json!({ "code": to })),
            Action::Release => ("RELEASE", Value::Null),
            Action::Keep => ("KEEP", Value::Null),
        };
        let directives: Vec<Value> = self.directives.iter().map(|id| json!({ "id": id })).collect();
        json!({ "from": { "code": self.from }, "action": action, "to": to, "directives": directives, "requirements": self.requirements, "reason": self.reason })
    }
}

/// Whether somebody may decide so: each decision decides something, names nothing that is not concerned, and gives to successors only.
pub(super) fn can_be_followed(duties: &Duties, shift: &Shift<'_>) -> bool {
    let open = |(_, duty): &(&Key, &Duty)| duty.is_open();
    let concerns = |((at, unit), _): &(&Key, &Duty)| shift.ends_or_splits(unit) || shift.leaves(&duties.requirements[*at], unit);
    let concerned: Vec<(&Key, &Duty)> = duties.all.iter().filter(open).filter(concerns).collect();
    shift.decisions.iter().enumerate().all(|(place, decision)| {
        let to_stands = match &decision.action {
            Action::Transfer(to) => shift.with.active.contains_key(to),
            _ => true,
        };
        if !shift.without.active.contains_key(&decision.from) || !to_stands {
            return false;
        }
        let own: Vec<(&Key, &Duty)> = concerned.iter().copied().filter(|((_, unit), _)| decision.stands_for(shift.without, unit)).collect();
        let sources = shift.endings.iter().map(|ending| &ending.unit).filter(|unit| decision.stands_for(shift.without, unit));
        let sources: Vec<&String> = sources.collect();
        if own.is_empty() && sources.is_empty() {
            return decision.action == Action::Keep;
        }
        let names = |wanted: &dyn Fn(&Requirement) -> bool| own.iter().any(|((at, _), _)| wanted(&duties.requirements[*at]));
        let knows = decision.directives.iter().all(|id| names(&|requirement| requirement.directive == *id))
            && decision.requirements.iter().all(|id| names(&|requirement| requirement.id == *id));
        knows && can_pass_on(duties, shift, place, (&own, &sources))
    })
}

/// Whether all that a decision gives away may go where it says.
fn can_pass_on(duties: &Duties, shift: &Shift<'_>, place: usize, (own, sources): (&[(&Key, &Duty)], &[&String])) -> bool {
    let Action::Transfer(to) = &shift.decisions[place].action else { return true };
    let fits = own.iter().all(|((at, unit), duty)| {
        let requirement = &duties.requirements[*at];
        let first = shift.decisions.iter().position(|decision| decision.is_about(requirement, shift.without, unit));
        first != Some(place) || shift.heirs(unit).contains(to) && shift.may_pass(requirement, duty, to)
    });
    fits && sources.iter().any(|unit| shift.heirs(unit).contains(to))
}
