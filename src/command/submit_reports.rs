//! `submitReports`: what units say about their obligations, with evidence and figures (L3, L6, L7).

use std::collections::HashMap;

use chidao_domain::access::{Action as Right, Decision, Grants, decide_for};
use chidao_domain::day::Day;
use chidao_domain::directive::DirectiveRef;
use chidao_domain::ids::{DirectiveId, ObligationId, ReportId, UnitId};
use chidao_domain::obligation::{Case, Decided, Document, ObligationRef, PlannedReport, ReadingInput, ReportInput, plan_reports};
use chidao_domain::refusal::Refusal;
use chidao_domain::reorganization::UnitRef;
use chidao_domain::text;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command::obligations_at_hand::{
    Acting, Actor, ObligationsChanged, check_size, check_unit, entry_of_report, load_named, missing, sight_of,
};
use crate::office::{Caller, Office};
use crate::store::obligations::save_decided;
use crate::store::reports::{Content, save_discharges, save_reports};
use crate::store::sights::{Eyes, find_readable};
use crate::store::tx::stop_if_any;
use crate::store::{Answer, Stop, Tx};

/// The most characters of a narrative.
const NARRATIVE_LIMIT: usize = 20_000;

/// What `submitReports` takes.
#[derive(Clone, Debug)]
pub struct SubmitReports {
    /// The reports.
    pub reports: Vec<ReportGiven>,
    /// For which unit they are entered (L8).
    pub on_behalf_of: Option<UnitRef>,
}

/// One report as it is given.
#[derive(Clone, Debug)]
pub struct ReportGiven {
    /// What it serves, in the order in which it is decided on; all of one unit (L7).
    pub obligations: Vec<ObligationRef>,
    /// The day of the event that it tells of.
    pub held_on: Option<Day>,
    /// The day on which it came on paper; only a supervisor enters it (L3).
    pub received_on: Option<Day>,
    /// The document that is its evidence (L6).
    pub directive: Option<DirectiveRef>,
    /// What it says.
    pub narrative: String,
    /// Its figures.
    pub readings: Vec<ReadingInput>,
    /// The version that each of its obligations must have.
    pub expected_version: Option<i64>,
}

/// What `submitReports` answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReportsSubmitted {
    /// The reports, in the order of the input.
    pub reports: Vec<Uuid>,
    /// What they serve, in the order of the input.
    #[serde(flatten)]
    pub served: ObligationsChanged,
}

impl ReportsSubmitted {
    /// The reports, in the order of the input.
    pub fn ids(&self) -> Vec<ReportId> {
        self.reports.iter().copied().map(ReportId).collect()
    }
}

/// Submits reports, all or none.
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn submit_reports(office: &Office, caller: &Caller, input: SubmitReports) -> Answer<ReportsSubmitted> {
    let (mut tx, grants) = office.begin(caller).await?;
    let actor = Actor::read(&tx, &grants, input.on_behalf_of.as_ref()).await?;
    check_sizes(&input.reports, office.limits().bulk_items)?;
    let desk = take_in_hand(&tx, actor, &input.reports).await?;
    let contents = read_contents(&tx, &grants, &input.reports, &desk).await?;
    let (inputs, contents): (Vec<ReportInput>, Vec<Content>) = contents.into_iter().unzip();
    let planned = plan_reports(tx.forest(), &desk.cases, &inputs, tx.today())?;
    let reports: Vec<(PlannedReport, Content)> = planned.into_iter().zip(contents).collect();
    let decided: Vec<Decided> = reports.iter().flat_map(|(planned, _)| planned.decided.iter().cloned()).collect();
    save_reports(&tx, &reports).await?;
    save_decided(&tx, &decided).await?;
    save_discharges(&tx, &discharges(&desk, &reports)).await?;
    for one in &decided {
        if let Some(acting) = desk.acting.get(&one.obligation) {
            tx.record(entry_of_report(*acting, one));
        }
    }
    let reports = reports.iter().map(|(planned, _)| planned.id.into()).collect();
    tx.commit(ReportsSubmitted { reports, served: ObligationsChanged::of(&decided) }).await
}

/// What the reports of one call are about.
struct Desk {
    /// Every obligation that is named, each once.
    cases: Vec<Case>,
    /// Which each report names, in its order.
    named: Vec<Vec<ObligationId>>,
    acting: HashMap<ObligationId, Acting>,
}

fn check_sizes(reports: &[ReportGiven], limit: usize) -> Result<(), Stop> {
    check_size(reports.len(), limit).map_err(|no| no.within("reports"))?;
    let refused = |(at, report): (usize, &ReportGiven)| {
        let no = check_size(report.obligations.len(), limit).err()?;
        Some(no.within("obligations").at(at).within("reports"))
    };
    stop_if_any(reports.iter().enumerate().filter_map(refused).collect())
}

/// Finds all obligations at once, and asks for the right to report on each: on paper it is the superior's (L3).
async fn take_in_hand(tx: &Tx, actor: Actor<'_>, reports: &[ReportGiven]) -> Result<Desk, Stop> {
    let refs: Vec<ObligationRef> = reports.iter().flat_map(|report| report.obligations.iter().cloned()).collect();
    let mut found = load_named(tx, &refs).await?.into_iter();
    let mut desk = Desk { cases: Vec::new(), named: Vec::with_capacity(reports.len()), acting: HashMap::new() };
    let mut refusals = Vec::new();
    for (at, report) in reports.iter().enumerate() {
        let mut named = Vec::with_capacity(report.obligations.len());
        for (place, (given, case)) in report.obligations.iter().zip(found.by_ref()).enumerate() {
            match may_report(tx, actor, report, given, case) {
                Ok((case, on_behalf_of)) => {
                    named.push(case.id);
                    if desk.acting.insert(case.id, Acting { unit: case.unit, on_behalf_of }).is_none() {
                        desk.cases.push(case);
                    }
                }
                Err((field, no)) => refusals.push(match field {
                    Field::Obligation => no.at(place).within("obligations").at(at).within("reports"),
                    Field::ReceivedOn => no.within("receivedOn").at(at).within("reports"),
                }),
            }
        }
        desk.named.push(named);
    }
    stop_if_any(refusals)?;
    Ok(desk)
}

/// Where a right is missing.
enum Field {
    Obligation,
    ReceivedOn,
}

fn may_report(
    tx: &Tx,
    actor: Actor<'_>,
    report: &ReportGiven,
    given: &ObligationRef,
    case: Option<Case>,
) -> Result<(Case, Option<UnitId>), (Field, Refusal)> {
    let case = case.ok_or_else(|| (Field::Obligation, missing(given).into()))?;
    let (right, field) = match report.received_on {
        None => (Right::Report(sight_of(&case)), Field::Obligation),
        Some(_) => (Right::ReportOnPaper(sight_of(&case)), Field::ReceivedOn),
    };
    let decision = decide_for(actor.grants, tx.forest(), &right, actor.named);
    let field = if decision == Decision::Hidden { Field::Obligation } else { field };
    let on_behalf_of = decision.or_refuse(|| missing(given)).map_err(|no| (field, no))?;
    check_unit(tx, &case).map_err(|no| (Field::Obligation, no.into()))?;
    Ok((case, on_behalf_of))
}

/// Reads texts and documents: a document is looked up once, however many reports name it.
async fn read_contents(tx: &Tx, grants: &Grants, reports: &[ReportGiven], desk: &Desk) -> Result<Vec<(ReportInput, Content)>, Stop> {
    let eyes = Eyes { engine: tx.engine(), forest: tx.forest(), grants };
    let mut documents: Vec<(&DirectiveRef, Document)> = Vec::new();
    let (mut read, mut refusals) = (Vec::with_capacity(reports.len()), Vec::new());
    for (at, (report, named)) in reports.iter().zip(&desk.named).enumerate() {
        let narrative = text::prose(&report.narrative, NARRATIVE_LIMIT).unwrap_or_else(|no| {
            refusals.push(Refusal::from(no).within("narrative").at(at).within("reports"));
            String::new()
        });
        let mut document = documents.iter().find(|(given, _)| report.directive.as_ref() == Some(*given)).map(|(_, known)| *known);
        if let (None, Some(given)) = (document, &report.directive) {
            match find_readable(tx.sql(), eyes, given).await {
                Ok(seen) => {
                    let of = &seen.directive;
                    let known = Document { id: of.id, issuer: of.issuer, was_issued: of.status.was_issued() };
                    documents.push((given, known));
                    document = Some(known);
                }
                Err(Stop::Refused(no)) => {
                    refusals.extend(no.into_iter().map(|no| no.within("directive").at(at).within("reports")));
                }
                Err(other) => return Err(other),
            }
        }
        let readings = report.readings.iter().map(|reading| (reading.key.clone(), reading.value)).collect();
        let content = Content { held_on: report.held_on, narrative, directive: document.map(|document| document.id), readings };
        read.push((input_of(tx, report, named, document), content));
    }
    stop_if_any(refusals)?;
    Ok(read)
}

fn input_of(tx: &Tx, report: &ReportGiven, named: &[ObligationId], document: Option<Document>) -> ReportInput {
    ReportInput {
        id: tx.new_id(),
        obligations: named.to_vec(),
        held_on: report.held_on,
        received_on: report.received_on,
        document,
        readings: report.readings.clone(),
        expected_version: report.expected_version,
    }
}

/// What a document that a report names discharges: the obligations that ask for one (L6).
fn discharges(desk: &Desk, reports: &[(PlannedReport, Content)]) -> Vec<(DirectiveId, ObligationId)> {
    let asks: HashMap<ObligationId, bool> = desk.cases.iter().map(|case| (case.id, case.terms.asks_for_document)).collect();
    let of_report = |(planned, content): &(PlannedReport, Content)| {
        let served = planned.decided.iter().map(|one| one.obligation).filter(|id| asks.get(id).is_some_and(|asks| *asks));
        let directive = content.directive;
        served.filter_map(|obligation| Some((directive?, obligation))).collect::<Vec<_>>()
    };
    reports.iter().flat_map(of_report).collect()
}
