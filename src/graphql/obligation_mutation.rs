//! The mutations of obligations and what they answer.

use async_graphql::{Context, Object, SimpleObject};
use chidao_domain::ids::RequirementId;
use chidao_domain::refusal::Refusal;

use crate::command::{self, ObligationsChanged};
use crate::graphql::context::{Written, at, keyed, written};
use crate::graphql::error::{Outcome, UserError, user_errors};
use crate::graphql::obligation::Obligation;
use crate::graphql::obligation_input::{
    AcceptReportsInput, AcknowledgeObligationsInput, ExemptObligationsInput, ExtendDueDateInput, ReopenObligationInput, ReturnReportInput,
    StartObligationsInput, SubmitReportsInput,
};
use crate::graphql::report::{Report, reports};
use crate::graphql::requirement::Requirement;
use crate::store::{Answer, Stop};

/// What `acknowledgeObligations` answers.
#[derive(SimpleObject)]
pub struct AcknowledgeObligationsPayload {
    /// The obligations as they are now, in the order of the input; none where anything was refused.
    obligations: Vec<Obligation>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// What `startObligations` answers.
#[derive(SimpleObject)]
pub struct StartObligationsPayload {
    /// The obligations as they are now, in the order of the input; none where anything was refused.
    obligations: Vec<Obligation>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// What `acceptReports` answers.
#[derive(SimpleObject)]
pub struct AcceptReportsPayload {
    /// The obligations as they are now, in the order of the input; none where anything was refused.
    obligations: Vec<Obligation>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// What `exemptObligations` answers.
#[derive(SimpleObject)]
pub struct ExemptObligationsPayload {
    /// The obligations as they are now, in the order of the input; none where anything was refused.
    obligations: Vec<Obligation>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// What `returnReport` answers.
#[derive(SimpleObject)]
pub struct ReturnReportPayload {
    /// The obligation as it is now; nothing where it was refused.
    obligation: Option<Obligation>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// What `reopenObligation` answers.
#[derive(SimpleObject)]
pub struct ReopenObligationPayload {
    /// The obligation as it is now; nothing where it was refused.
    obligation: Option<Obligation>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// What `submitReports` answers.
#[derive(SimpleObject)]
pub struct SubmitReportsPayload {
    /// The reports, in the order of the input; none where anything was refused.
    reports: Vec<Report>,
    /// What they serve, as it is now, in the order of the input.
    obligations: Vec<Obligation>,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// What `extendDueDate` answers.
#[derive(SimpleObject)]
pub struct ExtendDueDatePayload {
    /// The obligations that the input names, as they are now.
    obligations: Vec<Obligation>,
    /// The requirement, where the whole of it was extended.
    requirement: Option<Requirement>,
    /// How many obligations have another date now.
    moved: usize,
    /// What stands in the way.
    user_errors: Vec<UserError>,
}

/// The obligations that a command changed, or what stands in the way.
async fn changed(ctx: &Context<'_>, answer: Answer<ObligationsChanged>) -> Outcome<(Vec<Obligation>, Vec<UserError>)> {
    Ok(match written(ctx, answer).await? {
        Written::Refused(refusals) => (Vec::new(), user_errors(ctx, &refusals)),
        Written::Done(done, view) => (Obligation::all(&view, &done.ids()).await?, Vec::new()),
    })
}

fn refused<T>(no: Refusal) -> Answer<T> {
    Err(Stop::from(no))
}

/// The mutations of obligations and reports.
#[derive(Default)]
pub struct ObligationMutation;

#[Object]
impl ObligationMutation {
    /// Takes note of obligations, for the units that they bind; all or none.
    async fn acknowledge_obligations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: AcknowledgeObligationsInput,
    ) -> Outcome<AcknowledgeObligationsPayload> {
        let caller = keyed(ctx, "acknowledgeObligations", input.client_mutation_id.as_ref(), &input);
        let answer = match input.read() {
            Ok(input) => command::acknowledge_obligations(at(ctx).0, &caller, input).await,
            Err(no) => refused(no),
        };
        let (obligations, user_errors) = changed(ctx, answer).await?;
        Ok(AcknowledgeObligationsPayload { obligations, user_errors })
    }

    /// Begins work on obligations, for the units that they bind; all or none.
    async fn start_obligations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: StartObligationsInput,
    ) -> Outcome<StartObligationsPayload> {
        let caller = keyed(ctx, "startObligations", input.client_mutation_id.as_ref(), &input);
        let answer = match input.read() {
            Ok(input) => command::start_obligations(at(ctx).0, &caller, input).await,
            Err(no) => refused(no),
        };
        let (obligations, user_errors) = changed(ctx, answer).await?;
        Ok(StartObligationsPayload { obligations, user_errors })
    }

    /// Accepts reports that wait, in the order given, all or none; never a report of one's own, unless it came on paper.
    async fn accept_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: AcceptReportsInput,
    ) -> Outcome<AcceptReportsPayload> {
        let caller = keyed(ctx, "acceptReports", input.client_mutation_id.as_ref(), &input);
        let answer = match input.read() {
            Ok(input) => command::accept_reports(at(ctx).0, &caller, input).await,
            Err(no) => refused(no),
        };
        let (obligations, user_errors) = changed(ctx, answer).await?;
        Ok(AcceptReportsPayload { obligations, user_errors })
    }

    /// Excuses units, on the issuer's side, with a reason; all or none.
    async fn exempt_obligations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: ExemptObligationsInput,
    ) -> Outcome<ExemptObligationsPayload> {
        let caller = keyed(ctx, "exemptObligations", input.client_mutation_id.as_ref(), &input);
        let answer = match input.read() {
            Ok(input) => command::exempt_obligations(at(ctx).0, &caller, input).await,
            Err(no) => refused(no),
        };
        let (obligations, user_errors) = changed(ctx, answer).await?;
        Ok(ExemptObligationsPayload { obligations, user_errors })
    }

    /// Returns the report that waits, with a reason; who may extend may give a later date with it.
    async fn return_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: ReturnReportInput,
    ) -> Outcome<ReturnReportPayload> {
        let caller = keyed(ctx, "returnReport", input.client_mutation_id.as_ref(), &input);
        let answer = match input.read() {
            Ok(input) => command::return_report(at(ctx).0, &caller, input).await,
            Err(no) => refused(no),
        };
        let (obligations, user_errors) = changed(ctx, answer).await?;
        Ok(ReturnReportPayload { obligation: obligations.into_iter().next(), user_errors })
    }

    /// Opens again what was fulfilled or excused, with a reason, while the directive is in force.
    async fn reopen_obligation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: ReopenObligationInput,
    ) -> Outcome<ReopenObligationPayload> {
        let caller = keyed(ctx, "reopenObligation", input.client_mutation_id.as_ref(), &input);
        let answer = match input.read() {
            Ok(input) => command::reopen_obligation(at(ctx).0, &caller, input).await,
            Err(no) => refused(no),
        };
        let (obligations, user_errors) = changed(ctx, answer).await?;
        Ok(ReopenObligationPayload { obligation: obligations.into_iter().next(), user_errors })
    }

    /// Submits 1 to 100 reports, all or none. A report may serve several obligations of one unit; one that waits is replaced and
    /// keeps its day.
    async fn submit_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: SubmitReportsInput,
    ) -> Outcome<SubmitReportsPayload> {
        let caller = keyed(ctx, "submitReports", input.client_mutation_id.as_ref(), &input);
        let answer = match input.read() {
            Ok(input) => command::submit_reports(at(ctx).0, &caller, input).await,
            Err(no) => refused(no),
        };
        Ok(match written(ctx, answer).await? {
            Written::Refused(refusals) => {
                SubmitReportsPayload { reports: Vec::new(), obligations: Vec::new(), user_errors: user_errors(ctx, &refusals) }
            }
            Written::Done(done, view) => SubmitReportsPayload {
                reports: reports(&view, &done.ids()).await?,
                obligations: Obligation::all(&view, &done.served.ids()).await?,
                user_errors: Vec::new(),
            },
        })
    }

    /// Gives obligations, or a whole requirement with all of its open obligations, a later date, with a reason. Every earlier date is
    /// kept, and none gets earlier.
    async fn extend_due_date(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it takes; the paths of `userErrors` lead into it.")] input: ExtendDueDateInput,
    ) -> Outcome<ExtendDueDatePayload> {
        let caller = keyed(ctx, "extendDueDate", input.client_mutation_id.as_ref(), &input);
        let answer = match input.read() {
            Ok(input) => command::extend_due_date(at(ctx).0, &caller, input).await,
            Err(no) => refused(no),
        };
        Ok(match written(ctx, answer).await? {
            Written::Refused(refusals) => {
                let user_errors = user_errors(ctx, &refusals);
                ExtendDueDatePayload { obligations: Vec::new(), requirement: None, moved: 0, user_errors }
            }
            Written::Done(done, view) => ExtendDueDatePayload {
                obligations: Obligation::all(&view, &done.named.ids()).await?,
                requirement: match done.requirement {
                    None => None,
                    Some(id) => Requirement::find(&view, RequirementId(id)).await?,
                },
                moved: done.moved,
                user_errors: Vec::new(),
            },
        })
    }
}
