//! What refusals of this section say to people.

use super::*;
use crate::refusal::{Locale, ObligationRefusal};

fn every_refusal() -> Vec<ObligationRefusal> {
    let key = || "members".to_owned();
    vec![
        ObligationRefusal::StepNotAllowed { from: State::Pending, step: Step::Accept, possible: steps_from(State::Pending) },
        ObligationRefusal::StepNotAllowed { from: State::Lapsed, step: Step::Report, possible: Vec::new() },
        ObligationRefusal::GateClosed { missing: 2, ordinal: 1, title: "học tập".into() },
        ObligationRefusal::OwnReport,
        ObligationRefusal::NobodyAccepts,
        ObligationRefusal::DirectiveEnded,
        ObligationRefusal::LeftIssuer,
        ObligationRefusal::OtherUnit,
        ObligationRefusal::DocumentMissing,
        ObligationRefusal::DocumentOfAnother,
        ObligationRefusal::NoDocumentAsked,
        ObligationRefusal::DocumentNotIssued,
        ObligationRefusal::UnknownIndicator { key: key(), known: Vec::new() },
        ObligationRefusal::UnknownIndicator { key: key(), known: vec!["attended".into(), "growth".into()] },
        ObligationRefusal::ReadingMissing { key: key() },
        ObligationRefusal::HalfARatio { key: "attended".into(), over: key() },
        ObligationRefusal::TooManyDigits,
        ObligationRefusal::NegativeBase { key: key() },
        ObligationRefusal::NotLater { current: Some(today()) },
        ObligationRefusal::NotLater { current: None },
        ObligationRefusal::NotOpen { state: State::Exempt },
        ObligationRefusal::Recurring,
    ]
}

#[test]
fn l1_refusals_are_lower_case_without_a_full_stop_and_say_what_to_do() {
    for reason in every_refusal() {
        let refusal = Refusal::from(reason);
        for locale in [Locale::Vi, Locale::En] {
            let words = refusal.words(locale);
            assert!(words.starts_with(|first: char| first == '`' || first.is_lowercase()), "{words}");
            assert!(!words.ends_with('.'), "{words}");
            assert!(words.contains(": ") && words.matches('`').count() % 2 == 0, "{words}");
        }
        assert_ne!(refusal.words(Locale::Vi), refusal.words(Locale::En));
    }
}
