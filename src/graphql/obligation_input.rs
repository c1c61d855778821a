//! What the mutations of obligations take.

use async_graphql::{ID, InputObject};
use chidao_domain::ids::RequirementId;
use chidao_domain::obligation as domain;
use chidao_domain::refusal::{InputRefusal, Refusal};
use chidao_domain::reorganization::UnitRef;

use crate::command::{
    AcceptReports, AcknowledgeObligations, ExemptObligations, ExtendDueDate, Extended, ReopenObligation, ReportGiven, ReturnReport,
    StartObligations, SubmitReports,
};
use crate::graphql::directive_input::DirectiveRef;
use crate::graphql::id::typed;
use crate::graphql::obligation_filter::ObligationRef;
use crate::graphql::org_unit::OrgUnitRef;
use crate::graphql::scalars::{Date, Decimal};

fn read_refs(refs: &[ObligationRef]) -> Result<Vec<domain::ObligationRef>, Refusal> {
    let read = |(at, given): (usize, &ObligationRef)| given.read().map_err(|no| no.at(at).within("obligations"));
    refs.iter().enumerate().map(read).collect()
}

fn read_ref(given: &ObligationRef) -> Result<domain::ObligationRef, Refusal> {
    given.read().map_err(|no| no.within("obligation"))
}

fn read_versions(versions: Option<&[Option<i32>]>) -> Vec<Option<i64>> {
    versions.unwrap_or_default().iter().map(|version| version.map(Into::into)).collect()
}

fn read_unit(unit: Option<&OrgUnitRef>) -> Result<Option<UnitRef>, Refusal> {
    unit.map(OrgUnitRef::read).transpose().map_err(|no| no.within("onBehalfOf"))
}

/// What `acknowledgeObligations` takes.
#[derive(InputObject)]
pub struct AcknowledgeObligationsInput {
    /// Which; 1 to 100.
    obligations: Vec<ObligationRef>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    pub(crate) client_mutation_id: Option<String>,
}

impl AcknowledgeObligationsInput {
    pub(crate) fn read(&self) -> Result<AcknowledgeObligations, Refusal> {
        Ok(AcknowledgeObligations { obligations: read_refs(&self.obligations)? })
    }
}

/// What `startObligations` takes.
#[derive(InputObject)]
pub struct StartObligationsInput {
    /// Which; 1 to 100.
    obligations: Vec<ObligationRef>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    pub(crate) client_mutation_id: Option<String>,
}

impl StartObligationsInput {
    pub(crate) fn read(&self) -> Result<StartObligations, Refusal> {
        Ok(StartObligations { obligations: read_refs(&self.obligations)? })
    }
}

/// What `submitReports` takes.
#[derive(InputObject)]
pub struct SubmitReportsInput {
    /// The reports, 1 to 100; all are taken or none.
    reports: Vec<ReportInput>,
    /// For which unit they are entered; left out: the nearest whose grant gives the right.
    on_behalf_of: Option<OrgUnitRef>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    pub(crate) client_mutation_id: Option<String>,
}

/// A report as it is given.
#[derive(InputObject)]
pub struct ReportInput {
    /// What it serves, all of one unit; in the order in which it is decided on.
    obligations: Vec<ObligationRef>,
    /// The day of the event that it tells of.
    held_on: Option<Date>,
    /// The day on which it came on paper; only a supervisor of a unit above enters it.
    received_on: Option<Date>,
    /// The document that is its evidence.
    directive: Option<DirectiveRef>,
    /// What it says.
    narrative: String,
    /// Its figures.
    readings: Option<Vec<ReadingInput>>,
    /// The version that each of its obligations must have; another one is a `CONFLICT`.
    expected_version: Option<i32>,
}

/// A figure as it is given.
#[derive(InputObject)]
pub struct ReadingInput {
    /// The key of the indicator.
    indicator: String,
    /// The figure, exact.
    value: Decimal,
}

impl SubmitReportsInput {
    pub(crate) fn read(&self) -> Result<SubmitReports, Refusal> {
        let reports = self.reports.iter().enumerate().map(|(at, report)| report.read().map_err(|no| no.at(at).within("reports")));
        Ok(SubmitReports { reports: reports.collect::<Result<_, _>>()?, on_behalf_of: read_unit(self.on_behalf_of.as_ref())? })
    }
}

impl ReportInput {
    fn read(&self) -> Result<ReportGiven, Refusal> {
        let readings = self.readings.iter().flatten();
        Ok(ReportGiven {
            obligations: read_refs(&self.obligations)?,
            held_on: self.held_on.map(|day| day.0),
            received_on: self.received_on.map(|day| day.0),
            directive: self.directive.as_ref().map(DirectiveRef::read).transpose().map_err(|no| no.within("directive"))?,
            narrative: self.narrative.clone(),
            readings: readings.map(|given| domain::ReadingInput { key: given.indicator.clone(), value: given.value.0 }).collect(),
            expected_version: self.expected_version.map(Into::into),
        })
    }
}

/// What `acceptReports` takes.
#[derive(InputObject)]
pub struct AcceptReportsInput {
    /// The obligations whose reports wait, 1 to 100; decided on in the order given, all or none.
    obligations: Vec<ObligationRef>,
    /// The version of each that you decide on, in the order of the obligations; another one is a `CONFLICT`. One that is left out or null
    /// may be any.
    expected_versions: Option<Vec<Option<i32>>>,
    /// For which unit it is decided; left out: the nearest whose grant gives the right.
    on_behalf_of: Option<OrgUnitRef>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    pub(crate) client_mutation_id: Option<String>,
}

impl AcceptReportsInput {
    pub(crate) fn read(&self) -> Result<AcceptReports, Refusal> {
        Ok(AcceptReports {
            obligations: read_refs(&self.obligations)?,
            expected_versions: read_versions(self.expected_versions.as_deref()),
            on_behalf_of: read_unit(self.on_behalf_of.as_ref())?,
        })
    }
}

/// What `returnReport` takes.
#[derive(InputObject)]
pub struct ReturnReportInput {
    /// The obligation whose report waits.
    obligation: ObligationRef,
    /// Why.
    reason: String,
    /// A later date, from who may extend it.
    new_due_on: Option<Date>,
    /// The version that you decide on; another one is a `CONFLICT`.
    expected_version: Option<i32>,
    /// For which unit it is decided; left out: the nearest whose grant gives the right.
    on_behalf_of: Option<OrgUnitRef>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    pub(crate) client_mutation_id: Option<String>,
}

impl ReturnReportInput {
    pub(crate) fn read(&self) -> Result<ReturnReport, Refusal> {
        Ok(ReturnReport {
            obligation: read_ref(&self.obligation)?,
            reason: self.reason.clone(),
            new_due_on: self.new_due_on.map(|day| day.0),
            expected_version: self.expected_version.map(Into::into),
            on_behalf_of: read_unit(self.on_behalf_of.as_ref())?,
        })
    }
}

/// What `exemptObligations` takes.
#[derive(InputObject)]
pub struct ExemptObligationsInput {
    /// Which; 1 to 100.
    obligations: Vec<ObligationRef>,
    /// Why.
    reason: String,
    /// The version of each that you decide on, in the order of the obligations; another one is a `CONFLICT`. One that is left out or null
    /// may be any.
    expected_versions: Option<Vec<Option<i32>>>,
    /// For which unit it is decided; left out: the nearest whose grant gives the right.
    on_behalf_of: Option<OrgUnitRef>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    pub(crate) client_mutation_id: Option<String>,
}

impl ExemptObligationsInput {
    pub(crate) fn read(&self) -> Result<ExemptObligations, Refusal> {
        Ok(ExemptObligations {
            obligations: read_refs(&self.obligations)?,
            reason: self.reason.clone(),
            expected_versions: read_versions(self.expected_versions.as_deref()),
            on_behalf_of: read_unit(self.on_behalf_of.as_ref())?,
        })
    }
}

/// What `reopenObligation` takes.
#[derive(InputObject)]
pub struct ReopenObligationInput {
    /// Which.
    obligation: ObligationRef,
    /// Why.
    reason: String,
    /// The version that you decide on; another one is a `CONFLICT`.
    expected_version: Option<i32>,
    /// For which unit it is decided; left out: the nearest whose grant gives the right.
    on_behalf_of: Option<OrgUnitRef>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    pub(crate) client_mutation_id: Option<String>,
}

impl ReopenObligationInput {
    pub(crate) fn read(&self) -> Result<ReopenObligation, Refusal> {
        Ok(ReopenObligation {
            obligation: read_ref(&self.obligation)?,
            reason: self.reason.clone(),
            expected_version: self.expected_version.map(Into::into),
            on_behalf_of: read_unit(self.on_behalf_of.as_ref())?,
        })
    }
}

/// What `extendDueDate` takes: obligations or a whole requirement, one of the two.
#[derive(InputObject)]
pub struct ExtendDueDateInput {
    /// Obligations whose date moves; 1 to 100.
    obligations: Option<Vec<ObligationRef>>,
    /// A requirement whose date moves, with that of all its open obligations.
    requirement: Option<ID>,
    /// The new last day on which a report is on time; never an earlier one.
    due_on: Date,
    /// Why.
    reason: String,
    /// The version of each that you decide on, in the order of the obligations; another one is a `CONFLICT`. One that is left out or null
    /// may be any.
    expected_versions: Option<Vec<Option<i32>>>,
    /// For which unit it is decided; left out: the nearest whose grant gives the right.
    on_behalf_of: Option<OrgUnitRef>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    pub(crate) client_mutation_id: Option<String>,
}

impl ExtendDueDateInput {
    pub(crate) fn read(&self) -> Result<ExtendDueDate, Refusal> {
        let what = match (&self.obligations, &self.requirement) {
            (Some(refs), None) => {
                Extended::Obligations { refs: read_refs(refs)?, expected_versions: read_versions(self.expected_versions.as_deref()) }
            }
            (None, Some(_)) if self.expected_versions.is_some() => {
                return Err(InputRefusal::NotTogether { fields: "requirement, expectedVersions" }.into());
            }
            (None, Some(id)) => Extended::Requirement(typed::<RequirementId>(id).map_err(|no| no.within("requirement"))?),
            _ => return Err(InputRefusal::OneOf { fields: "obligations, requirement" }.into()),
        };
        Ok(ExtendDueDate { what, due_on: self.due_on.0, reason: self.reason.clone(), on_behalf_of: read_unit(self.on_behalf_of.as_ref())? })
    }
}
