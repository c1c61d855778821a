//! Comments on a draft and their answers (D5).

use super::{CommentDecision, DirectiveStatus};
use crate::forest::Forest;
use crate::ids::UnitId;
use crate::refusal::{DirectiveRefusal, InputRefusal, Refusal};

/// Units comment while they are consulted, neither before nor after (D1).
///
/// # Errors
/// [`DirectiveRefusal::NotConsulting`].
pub fn check_open_to_comments(status: DirectiveStatus) -> Result<(), DirectiveRefusal> {
    if status == DirectiveStatus::Consulting { Ok(()) } else { Err(DirectiveRefusal::NotConsulting { status }) }
}

/// A comment comes from the issuer or a unit below it: those who may read the draft (A3, D5).
///
/// # Errors
/// [`DirectiveRefusal::NotConsulted`], naming the unit.
pub fn check_consulted(forest: &Forest, issuer: UnitId, unit: UnitId) -> Result<(), DirectiveRefusal> {
    let issuer = forest.stands_for(issuer);
    if forest.covers(issuer, unit) {
        return Ok(());
    }
    Err(DirectiveRefusal::NotConsulted { unit: forest.code_of(unit), issuer: forest.code_of(issuer) })
}

/// Every comment is answered once, in any status: an answer often follows the issue. A refusal, in part or in whole, says why (D5).
///
/// # Errors
/// The comment has an answer, or the reason is missing (at `reason`).
pub fn check_answer(before: Option<CommentDecision>, decision: CommentDecision, reason: Option<&str>) -> Result<(), Refusal> {
    if before.is_some() {
        return Err(DirectiveRefusal::AnsweredBefore.into());
    }
    let says_why = reason.is_some_and(|reason| !reason.trim().is_empty());
    match decision {
        CommentDecision::Accepted => Ok(()),
        CommentDecision::Partly | CommentDecision::Declined if says_why => Ok(()),
        CommentDecision::Partly | CommentDecision::Declined => {
            Err(Refusal::from(InputRefusal::Needs { field: "reason" }).by("D5").within("reason"))
        }
    }
}
