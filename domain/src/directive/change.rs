//! Directives that change others: amend, supplement, replace, repeal (D2).

use std::collections::HashSet;

use super::{DirectiveStatus, DirectiveStep, RelationKind, Target, take_step};
use crate::forest::Forest;
use crate::ids::{DirectiveId, UnitId};
use crate::refusal::{DirectiveRefusal, InputRefusal, Noun, Refusal};

impl RelationKind {
    /// Whether it changes the other directive (D2), rather than carrying it out (D4).
    pub fn changes(self) -> bool {
        self != Self::Implements
    }

    /// The step in the life of the other directive that it is, where it ends that one (D6).
    pub fn ends_by(self) -> Option<DirectiveStep> {
        match self {
            Self::Replaces => Some(DirectiveStep::Replace),
            Self::Repeals => Some(DirectiveStep::Repeal),
            Self::Implements | Self::Amends | Self::Supplements => None,
        }
    }
}

/// Whether `from`, a draft of `issuer`, may change `target` (D2): another directive, of the same unit or of one below it. Asked when it is
/// drafted and when it is issued.
///
/// # Errors
/// [`DirectiveRefusal::ChangesItself`] or [`DirectiveRefusal::NotAboveTarget`].
pub fn check_may_change(forest: &Forest, (from, issuer): (DirectiveId, UnitId), target: &Target) -> Result<(), DirectiveRefusal> {
    if from == target.id {
        return Err(DirectiveRefusal::ChangesItself);
    }
    // Where an issuer has ended, its place stands for it (B6).
    let (issuer, target_issuer) = (forest.stands_for(issuer), forest.stands_for(target.issuer));
    if forest.covers(issuer, target_issuer) {
        return Ok(());
    }
    let (issuer, target_issuer) = (forest.code_of(issuer), forest.code_of(target_issuer));
    Err(DirectiveRefusal::NotAboveTarget { target: target.name.clone(), target_issuer, issuer })
}

/// What is changed is in force when the changing directive is issued (D2).
///
/// # Errors
/// [`DirectiveRefusal::TargetNotInForce`].
pub fn check_target_in_force(target: &Target) -> Result<(), DirectiveRefusal> {
    if target.status.is_in_force() {
        return Ok(());
    }
    Err(DirectiveRefusal::TargetNotInForce { target: target.name.clone(), status: target.status })
}

/// The status of a directive in force that another one ends by this relation; `None` where the relation ends nothing (D6).
///
/// # Errors
/// The step is not allowed (D1).
pub fn decide_end(from: DirectiveStatus, by: RelationKind) -> Result<Option<DirectiveStatus>, DirectiveRefusal> {
    by.ends_by().map(|step| take_step(from, step)).transpose()
}

/// Nothing is said twice; and of what a directive ends, it says nothing else (D2). Answers the second of each pair by its place in the
/// list; `given` tells how the directive at a place was named.
pub fn find_said_twice(relations: &[(RelationKind, DirectiveId)], given: impl Fn(usize) -> String) -> Vec<(usize, Refusal)> {
    let mut said = HashSet::new();
    let mut found = Vec::new();
    for (at, &(kind, to)) in relations.iter().enumerate() {
        let earlier = &relations[..at];
        let ends_too = |other: RelationKind| other.ends_by().is_some() || kind.ends_by().is_some();
        if !said.insert((kind, to)) || earlier.iter().any(|&(other, also)| also == to && ends_too(other)) {
            let rule = if kind.changes() { "D2" } else { "D4" };
            let twice = InputRefusal::Twice { given: given(at), of: Some(Noun::Directive) };
            found.push((at, Refusal::from(twice).by(rule)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::fixture::{self, id};
    use crate::refusal::{Explain as _, Locale};

    fn d(number: u128) -> DirectiveId {
        DirectiveId(Uuid::from_u128(number))
    }

    fn target(issuer: &str, status: DirectiveStatus) -> Target {
        Target { id: d(1), name: "01-KH/ĐUK".into(), status, issuer: id(issuer) }
    }

    #[test]
    fn d2_a_directive_is_changed_by_its_issuer_or_a_unit_above() {
        let forest = fixture::forest("tinh\n  khoi\n    a\n  huyen");
        let of_khoi = target("khoi", DirectiveStatus::Issued);
        let check = |from, issuer| check_may_change(&forest, (from, id(issuer)), &of_khoi);
        assert_eq!((check(d(2), "khoi"), check(d(2), "tinh")), (Ok(()), Ok(())));
        for stranger in ["a", "huyen"] {
            let no = check(d(2), stranger).unwrap_err();
            assert!(matches!(no, DirectiveRefusal::NotAboveTarget { .. }), "{stranger}: {no:?}");
            assert!(no.words(Locale::En).contains("`khoi`"), "it says who may: {}", no.words(Locale::En));
        }
        assert_eq!(check(d(1), "khoi"), Err(DirectiveRefusal::ChangesItself));
    }

    #[test]
    fn d2_only_what_is_in_force_is_changed() {
        for status in DirectiveStatus::ALL {
            assert_eq!(check_target_in_force(&target("khoi", status)).is_ok(), status == DirectiveStatus::Issued, "{status:?}");
        }
    }

    #[test]
    fn d6_to_replace_or_repeal_ends_and_to_amend_or_supplement_does_not() {
        let end = |kind| decide_end(DirectiveStatus::Issued, kind);
        assert_eq!(end(RelationKind::Replaces), Ok(Some(DirectiveStatus::Replaced)));
        assert_eq!(end(RelationKind::Repeals), Ok(Some(DirectiveStatus::Repealed)));
        for kind in [RelationKind::Implements, RelationKind::Amends, RelationKind::Supplements] {
            assert_eq!(end(kind), Ok(None), "{kind:?}");
        }
        assert!(decide_end(DirectiveStatus::Concluded, RelationKind::Replaces).is_err(), "it has ended already (D1)");
    }

    #[test]
    fn d2_nothing_is_said_twice_and_nothing_else_of_what_is_ended() {
        use RelationKind::{Amends, Implements, Repeals, Replaces, Supplements};
        let twice = |said: &[(RelationKind, u128)]| {
            let said: Vec<(RelationKind, DirectiveId)> = said.iter().map(|&(kind, to)| (kind, d(to))).collect();
            find_said_twice(&said, |at| at.to_string()).into_iter().map(|(at, no)| (at, no.rule().to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(twice(&[(Amends, 1), (Supplements, 1), (Implements, 1), (Replaces, 2), (Repeals, 3), (Replaces, 4)]), []);
        assert_eq!(twice(&[(Implements, 1), (Implements, 1)]), [(1, "D4".to_owned())]);
        assert_eq!(twice(&[(Replaces, 1), (Amends, 2), (Repeals, 1)]), [(2, "D2".to_owned())]);
        for other in [Implements, Amends, Supplements] {
            assert_eq!(twice(&[(other, 1), (Replaces, 1)]).len(), 1, "{other:?}");
            assert_eq!(twice(&[(Repeals, 1), (other, 1)]).len(), 1, "{other:?}");
        }
    }
}
