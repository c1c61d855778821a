//! `concludeDirective`: the issuer sums a directive up, and what is open of it lapses (D6).

use chidao_domain::access::Action;
use chidao_domain::directive::{WaitingReport, decide_conclusion};
use chidao_domain::ids::{DirectiveId, RequirementId};
use chidao_domain::journal::Action as Done;
use chidao_domain::obligation::{Case, holding_up, plan_lapse};
use chidao_domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command::Mode;
use crate::command::directive_at_hand::take_in_hand;
use crate::command::directive_life::{LifeStep, save_life_step};
use crate::command::draft_content::optional_prose;
use crate::office::{Caller, Office};
use crate::store::directives::Directive;
use crate::store::obligations::{Chosen, load_cases};
use crate::store::requirements::load_requirements;
use crate::store::{Answer, Fault, Tx};

/// What `concludeDirective` takes.
#[derive(Clone, Debug)]
pub struct ConcludeDirective {
    /// The directive.
    pub directive: DirectiveId,
    /// What is said of it.
    pub summary: Option<String>,
    /// Whether it is only looked at.
    pub mode: Mode,
    /// The version that the caller saw.
    pub expected_version: Option<i32>,
}

/// What `concludeDirective` answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Concluded {
    /// The directive.
    pub directive: Uuid,
    /// How many obligations lapsed.
    pub lapsed: usize,
    /// In a preview: the directive as it would be.
    #[serde(skip)]
    pub preview: Option<Directive>,
}

/// Concludes a directive, or shows what would lapse.
///
/// # Errors
/// Everything that stands in the way, reports that wait among it; nothing is written then.
pub async fn conclude_directive(office: &Office, caller: &Caller, input: ConcludeDirective) -> Answer<Concluded> {
    let (mut tx, grants) = office.begin(caller).await?;
    let at_hand = take_in_hand(&tx, &grants, input.directive, input.expected_version, |sight| Action::Conclude(sight)).await?;
    let before = &at_hand.sighted.directive;
    let cases = load_cases(tx.sql(), tx.engine(), Chosen::OfDirective(before.id)).await?;
    let waiting = waiting(&tx, before.id, &cases).await?;
    let status = decide_conclusion(before.status, waiting).map_err(|no| Refusal::from(no).within("directive"))?;
    let conclusion = optional_prose(input.summary.as_deref(), "summary")?;
    let lapsed = plan_lapse(&cases, &before.called());
    let (version, ended_on) = (before.version + 1, Some(tx.today()));
    let after = Directive { status, conclusion, ended_on, version, updated_at: tx.now(), ..before.clone() };
    let output = Concluded { directive: after.id.into(), lapsed: lapsed.len(), preview: None };
    if input.mode == Mode::Preview {
        return tx.preview(Concluded { preview: Some(after), ..output }).await;
    }
    let reason = after.conclusion.clone();
    let taken = LifeStep { before: before.clone(), after, done: Done::DirectiveConcluded, reason, cases, decided: lapsed };
    save_life_step(&mut tx, &taken, at_hand.on_behalf_of).await?;
    tx.commit(output).await
}

/// The reports that hold the conclusion up, by requirement and then by unit in tree order.
async fn waiting(tx: &Tx, directive: DirectiveId, cases: &[Case]) -> Result<Vec<WaitingReport>, Fault> {
    let mut reported = holding_up(cases);
    if reported.is_empty() {
        return Ok(Vec::new());
    }
    let asked = load_requirements(tx.sql(), &[directive]).await?.remove(&directive).unwrap_or_default();
    let ordinal = |id: RequirementId| asked.iter().find(|kept| kept.id == id).map(|kept| kept.ordinal).unwrap_or_default();
    reported.sort_by_key(|case| (ordinal(case.terms.requirement), tx.forest().place(case.unit)));
    let named = |case: &Case| WaitingReport { unit: tx.forest().code_of(case.unit), ordinal: ordinal(case.terms.requirement) };
    Ok(reported.into_iter().map(named).collect())
}
