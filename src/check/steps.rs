//! Every step that was recorded is one that L1 lists.

use chidao_domain::obligation::{Acceptance, Circumstances, State, Step, next};

use super::Finding;
use crate::store::integrity::{RecordedStep, Transition};

/// The sorts of step that no rule permits, each with one obligation that took it.
pub(super) fn check_transitions(taken: &[Transition]) -> Vec<Finding> {
    let unlawful = taken.iter().filter(|transition| !is_lawful(transition));
    unlawful
        .map(|transition| {
            let words = format!("{} is no step of L1 (taken {} times, the first by this one)", transition.spelled, transition.times);
            Finding::new("STEP_UNLAWFUL", words, "obligation", transition.example)
        })
        .collect()
}

fn is_lawful(transition: &Transition) -> bool {
    let (Some(step), Some(to)) = (transition.step, transition.to) else { return false };
    match (step, transition.from) {
        // What takes over from what was begun begins in the middle (S1).
        (RecordedStep::Bound, from) => from.is_none() && matches!(to, State::Pending | State::InProgress),
        (_, None) => false,
        (RecordedStep::Extended | RecordedStep::Carried, Some(from)) => from == to && from.is_open(),
        // So does what lives once more, since only annulled batches had brought it into being (O5).
        (RecordedStep::Taken(Step::BindAgain), Some(State::Released)) => matches!(to, State::Pending | State::InProgress),
        (RecordedStep::Taken(step), Some(from)) => {
            let accepted: &[Acceptance] =
                if transition.accepts_itself { &[Acceptance::AtOnce] } else { &[Acceptance::AtOnce, Acceptance::ByAnother] };
            accepted.iter().any(|&acceptance| {
                next(from, step, Circumstances { acceptance, duty: transition.duty, before: transition.earlier })
                    .is_ok_and(|state| state == to)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use chidao_domain::obligation::Duty;
    use uuid::Uuid;

    use super::*;

    fn lawful(step: RecordedStep, from: Option<State>, to: State, change: impl Fn(&mut Transition)) -> bool {
        let mut transition = Transition {
            earlier: None,
            from,
            step: Some(step),
            to: Some(to),
            duty: Duty::Once,
            accepts_itself: false,
            spelled: String::new(),
            times: 1,
            example: Uuid::nil(),
        };
        change(&mut transition);
        check_transitions(&[transition]).is_empty()
    }

    #[test]
    fn l1_recorded_steps_are_held_to_the_table() {
        use RecordedStep::{Bound, Extended, Taken};
        let plain = |_: &mut Transition| ();
        assert!(lawful(Bound, None, State::Pending, plain));
        assert!(!lawful(Bound, None, State::Fulfilled, plain));
        assert!(!lawful(Bound, Some(State::Pending), State::Pending, plain), "bound twice");
        assert!(!lawful(Taken(Step::Start), None, State::InProgress, plain), "begun before it was bound");
        assert!(lawful(Taken(Step::Accept), Some(State::Reported), State::Fulfilled, plain));
        assert!(!lawful(Taken(Step::Accept), Some(State::InProgress), State::Fulfilled, plain), "accepted without a report");
        assert!(lawful(Extended, Some(State::Returned), State::Returned, plain));
        assert!(!lawful(Extended, Some(State::Returned), State::Pending, plain), "an extension moves a date only");
        assert!(!lawful(Extended, Some(State::Lapsed), State::Lapsed, plain), "what is closed has no date to move");
        assert!(!lawful(Bound, None, State::Pending, |transition| transition.step = None), "an unknown code");
    }

    #[test]
    fn l2_and_b8_decide_where_a_report_may_have_led() {
        let report = RecordedStep::Taken(Step::Report);
        let from = Some(State::Pending);
        assert!(lawful(report, from, State::Reported, |_| ()));
        assert!(lawful(report, from, State::Fulfilled, |_| ()), "where nobody stands above");
        assert!(!lawful(report, from, State::Reported, |transition| transition.accepts_itself = true), "it waits for nobody");
        assert!(!lawful(report, from, State::Fulfilled, |transition| transition.duty = Duty::Standing), "it is never done");
        assert!(lawful(report, from, State::InProgress, |transition| transition.duty = Duty::Standing));
    }

    #[test]
    fn o5_what_is_annulled_returns_to_the_state_before() {
        let annul = RecordedStep::Taken(Step::Annul);
        let earlier = |transition: &mut Transition| transition.earlier = Some(State::Returned);
        assert!(lawful(annul, Some(State::Released), State::Returned, earlier));
        assert!(!lawful(annul, Some(State::Released), State::Pending, earlier));
    }
}
