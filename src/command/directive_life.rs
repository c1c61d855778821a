//! Directives that end or are resumed, and what becomes of their obligations by that (D6).

use std::collections::HashMap;

use chidao_domain::directive::{RelationKind, decide_end};
use chidao_domain::ids::{DirectiveId, ObligationId, UnitId};
use chidao_domain::journal::{Action as Done, Entry, Subject};
use chidao_domain::obligation::{Case, Decided, plan_release};
use chidao_domain::refusal::Refusal;
use chidao_domain::succession::Cause;

use crate::store::code::Coded as _;
use crate::store::directives::{self, Directive};
use crate::store::obligations::{Chosen, load_cases, save_decided};
use crate::store::relations::Relation;
use crate::store::{Fault, Stop, Tx};

/// A step in the life of a directive, and the steps of its obligations that go with it.
pub(super) struct LifeStep {
    pub(super) before: Directive,
    pub(super) after: Directive,
    pub(super) done: Done,
    pub(super) reason: Option<String>,
    pub(super) cases: Vec<Case>,
    pub(super) decided: Vec<Decided>,
}

/// The directives that `issued` ends by what it says of them, and what is released with each; `targets` are those that it speaks of.
///
/// # Errors
/// A step that D1 does not list: whether they are in force is asked before.
pub(super) async fn plan_endings(
    tx: &Tx,
    issued: &Directive,
    relations: &[Relation],
    targets: &HashMap<DirectiveId, Directive>,
) -> Result<Vec<LifeStep>, Stop> {
    let mut endings = Vec::new();
    for relation in relations {
        let Some(before) = targets.get(&relation.to) else { continue };
        let status = decide_end(before.status, relation.kind).map_err(Refusal::from)?;
        let (Some((cause, done)), Some(status)) = (told(relation.kind), status) else { continue };
        let cases = load_cases(tx.sql(), tx.engine(), Chosen::OfDirective(before.id)).await?;
        let decided = plan_release(&cases, cause, &issued.called());
        let (version, ended_on) = (before.version + 1, Some(tx.today()));
        let after = Directive { status, ended_on, version, updated_at: tx.now(), ..before.clone() };
        let reason = Some(issued.called());
        endings.push(LifeStep { before: before.clone(), after, done, reason, cases, decided });
    }
    Ok(endings)
}

/// How such an end is told, of the obligations and of the directive; `None` for what ends nothing.
fn told(kind: RelationKind) -> Option<(Cause, Done)> {
    match kind {
        RelationKind::Replaces => Some((Cause::Replaced, Done::DirectiveReplaced)),
        RelationKind::Repeals => Some((Cause::Repealed, Done::DirectiveRepealed)),
        RelationKind::Implements | RelationKind::Amends | RelationKind::Supplements => None,
    }
}

/// Writes where a directive stands and what that does to its obligations, and puts it down: an entry for it, and one for each of them.
///
/// # Errors
/// A fault of the database.
pub(super) async fn save_life_step(tx: &mut Tx, taken: &LifeStep, on_behalf_of: Option<UnitId>) -> Result<(), Fault> {
    let LifeStep { before, after, done, reason, cases, decided } = taken;
    directives::update_directive(tx, after).await?;
    save_decided(tx, decided).await?;
    let entry = Entry::new(*done, Subject::Directive(after.id)).touching([after.issuer]);
    let entry = entry.touching(cases.iter().map(|case| case.unit)).on_behalf_of(on_behalf_of).because(reason.clone());
    let entry = entry.change("status", Some(before.status.code().into()), Some(after.status.code().into()));
    let entry = entry.change("conclusion", before.conclusion.clone(), after.conclusion.clone());
    tx.record(entry);
    let units: HashMap<ObligationId, UnitId> = cases.iter().map(|case| (case.id, case.unit)).collect();
    let entries = decided.iter().map(|one| {
        let entry = Entry::new(*done, Subject::Obligation(one.obligation)).touching(units.get(&one.obligation).copied());
        let entry = entry.on_behalf_of(on_behalf_of).because(one.reason.clone());
        entry.change("state", Some(one.from.code().into()), Some(one.to.code().into()))
    });
    tx.record_all(entries).await
}
