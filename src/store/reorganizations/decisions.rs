//! What a batch decides about obligations (S4), as it is kept.

use chidao_domain::ids::{DirectiveId, RequirementId, UnitId};
use chidao_domain::succession::{Action, Decision};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::error::Fault;

/// The kept form of a decision.
#[derive(Serialize, Deserialize)]
struct Kept {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    directives: Vec<Uuid>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    requirements: Vec<Uuid>,
    from: Uuid,
    action: KeptAction,
    reason: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeptAction {
    Transfer { to: Uuid },
    Release,
    Keep,
}

/// The kept form; none where nothing was decided.
///
/// # Errors
/// A fault where it cannot be written.
pub(super) fn to_json(decisions: &[Decision]) -> Result<Option<String>, Fault> {
    let keep = |decision: &Decision| Kept {
        directives: decision.directives.iter().map(|id| id.0).collect(),
        requirements: decision.requirements.iter().map(|id| id.0).collect(),
        from: decision.from.0,
        action: match decision.action {
            Action::Transfer { to } => KeptAction::Transfer { to: to.0 },
            Action::Release => KeptAction::Release,
            Action::Keep => KeptAction::Keep,
        },
        reason: decision.reason.clone(),
    };
    let kept: Vec<Kept> = decisions.iter().map(keep).collect();
    if kept.is_empty() { Ok(None) } else { Ok(Some(serde_json::to_string(&kept)?)) }
}

/// The decisions again.
///
/// # Errors
/// A fault where the text is no such list.
pub(super) fn from_json(text: Option<&str>) -> Result<Vec<Decision>, Fault> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let read = |kept: Kept| Decision {
        directives: kept.directives.into_iter().map(DirectiveId).collect(),
        requirements: kept.requirements.into_iter().map(RequirementId).collect(),
        from: UnitId(kept.from),
        action: match kept.action {
            KeptAction::Transfer { to } => Action::Transfer { to: UnitId(to) },
            KeptAction::Release => Action::Release,
            KeptAction::Keep => Action::Keep,
        },
        reason: kept.reason,
    };
    Ok(serde_json::from_str::<Vec<Kept>>(text)?.into_iter().map(read).collect())
}
