//! Discharge: issuing the document that an obligation asked for is the report on it, in one transaction (L6).

use std::collections::HashMap;

use chidao_domain::access::{Action as Right, Grants};
use chidao_domain::ids::{DirectiveId, ObligationId};
use chidao_domain::obligation::{Case, Document, ObligationRef, PlannedReport, ReportInput, plan_reports};
use chidao_domain::refusal::{ObligationRefusal, Refusal, Step};

use crate::command::draft_content::Refusals;
use crate::command::obligations_at_hand::{Acting, Actor, entry_of_report, load_named, missing, sight_of};
use crate::store::directives::Directive;
use crate::store::obligations::save_decided;
use crate::store::reports::{Content, save_discharges, save_reports};
use crate::store::{Fault, Stop, Tx};

/// A report that may be saved, and on whose behalf each obligation is reported on.
pub(super) struct Discharge {
    planned: PlannedReport,
    acting: HashMap<ObligationId, Acting>,
}

/// Plans the report that the issue of `document` is, which ends the directives `ends`; `None` where it discharges nothing.
///
/// # Errors
/// Everything that stands in the way, below `discharges`.
pub(super) async fn plan_discharge(
    tx: &Tx,
    grants: &Grants,
    document: &Directive,
    ends: &[DirectiveId],
    refs: &[ObligationRef],
) -> Result<Option<Discharge>, Stop> {
    if refs.is_empty() {
        return Ok(None);
    }
    let actor = Actor { grants, named: None };
    let mut refusals = Refusals::default();
    let (mut cases, mut named, mut acting) = (Vec::with_capacity(refs.len()), Vec::with_capacity(refs.len()), HashMap::new());
    for (at, (given, case)) in refs.iter().zip(load_named(tx, refs).await?).enumerate() {
        let place = |no: Refusal| no.at(at).within("discharges");
        let Some(case) = refusals.take(case.ok_or_else(|| missing(given)), place) else { continue };
        let Some(on_behalf_of) = refusals.take(actor.decide(tx, Right::Discharge(sight_of(&case)), given), place) else { continue };
        refusals.take(check_asked(&case, document, ends), place);
        named.push(case.id);
        if acting.insert(case.id, Acting { unit: case.unit, on_behalf_of }).is_none() {
            cases.push(case);
        }
    }
    refusals.stop()?;
    let input = ReportInput {
        id: tx.new_id(),
        obligations: named,
        held_on: None,
        received_on: None,
        document: Some(Document { id: document.id, issuer: document.issuer, was_issued: document.status.was_issued() }),
        readings: Vec::new(),
        expected_version: None,
    };
    let planned = plan_reports(tx.forest(), &cases, &[input], tx.today()).map_err(|no| no.into_iter().map(placed).collect::<Vec<_>>())?;
    Ok(planned.into_iter().next().map(|planned| Discharge { planned, acting }))
}

fn check_asked(case: &Case, document: &Directive, ends: &[DirectiveId]) -> Result<(), ObligationRefusal> {
    if !case.terms.asks_for_document {
        Err(ObligationRefusal::NoDocumentAsked)
    } else if case.unit != document.issuer {
        Err(ObligationRefusal::DocumentOfAnother)
    } else if ends.contains(&case.terms.directive) {
        Err(ObligationRefusal::DocumentEndsDirective)
    } else {
        Ok(())
    }
}

/// What the plan says of `reports.0.obligations.1` is at `discharges.1` of this input; what it says of the report itself, at `discharges`.
fn placed(no: Refusal) -> Refusal {
    let of_obligation = matches!(no.path(), [_, _, Step::Field("obligations"), ..]);
    no.beyond(if of_obligation { 3 } else { usize::MAX }).within("discharges")
}

/// Writes the report; the directive is there already.
///
/// # Errors
/// A fault of the database.
pub(super) async fn save_discharge(tx: &mut Tx, document: &Directive, discharge: Discharge) -> Result<(), Fault> {
    let Discharge { planned, acting } = discharge;
    let decided = planned.decided.clone();
    let content = Content { held_on: None, narrative: document.called(), directive: Some(document.id), readings: Vec::new() };
    save_reports(tx, &[(planned, content)]).await?;
    save_decided(tx, &decided).await?;
    let pairs: Vec<(DirectiveId, ObligationId)> = decided.iter().map(|one| (document.id, one.obligation)).collect();
    save_discharges(tx, &pairs).await?;
    for one in &decided {
        if let Some(acting) = acting.get(&one.obligation) {
            tx.record(entry_of_report(*acting, one));
        }
    }
    Ok(())
}
