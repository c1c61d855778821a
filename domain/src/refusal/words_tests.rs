//! The words of refusals keep one style, whatever they are about.

mod examples;

use std::collections::BTreeSet;

use super::*;
use crate::directive::{DirectiveStatus, WaitingReport};
use crate::obligation::{State, Step};
use examples::all;

/// What tells somebody in English to do something. Vietnamese says `hãy`.
#[rustfmt::skip]
const IMPERATIVES: &[&str] = &[
    "add", "ask", "begin", "bring", "change", "check", "choose", "close", "comment", "draft", "end", "extend", "format", "give", "have", "import", "issue",
    "leave", "let", "log", "look", "mend", "move", "name", "place", "put", "read", "remove", "reopen", "report", "resume", "round", "say", "search", "send",
    "set", "shorten", "split", "take", "try", "turn", "use", "wait", "write",
];

/// Whether a clause begins by telling what to do.
fn says_what_to_do(words: &str, locale: Locale) -> bool {
    let is_told = |clause: &str| IMPERATIVES.contains(&clause.trim_start().trim_start_matches("first ").split(' ').next().unwrap());
    match locale {
        Locale::Vi => words.contains("hãy "),
        Locale::En => words.split([':', ';', ',']).any(is_told),
    }
}

#[test]
fn every_refusal_keeps_the_style_and_says_what_to_do_next() {
    let mut wrong = Vec::new();
    for refusal in all() {
        for locale in [Locale::Vi, Locale::En] {
            let words = refusal.words(locale);
            // Values stand in backticks; outside them only `ASCII` is written in capitals.
            let prose = words.split('`').step_by(2).collect::<String>().replace("ASCII", "ascii");
            let reasons = [
                (!words.starts_with(|first: char| first == '`' || first.is_lowercase()), "begins with a capital"),
                (words.ends_with('.') || words.contains("  "), "ends with a full stop, or has two spaces"),
                (words.matches('`').count() % 2 == 1, "opens a backtick and does not close it"),
                (prose != prose.to_lowercase(), "has capitals outside of backticks"),
                (!says_what_to_do(&words, locale), "does not say what to do next"),
            ];
            wrong.extend(reasons.into_iter().filter(|(is_so, _)| *is_so).map(|(_, what)| format!("{what}: {words}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_two_refusals_say_the_same() {
    let all = all();
    for locale in [Locale::Vi, Locale::En] {
        let mut told = BTreeSet::new();
        let twice: Vec<String> = all.iter().map(|refusal| refusal.words(locale)).filter(|words| !told.insert(words.clone())).collect();
        assert!(twice.is_empty(), "{twice:#?}");
    }
}

#[test]
fn vietnamese_words_are_vietnamese_and_name_states_in_vietnamese() {
    let statuses = DirectiveStatus::ALL.map(|status| format!("`{status:?}`").to_uppercase());
    let states = State::ALL.map(|state| format!("`{state:?}`").to_uppercase());
    let codes: Vec<String> = statuses.into_iter().chain(states).collect();
    for refusal in all() {
        let words = refusal.words(Locale::Vi);
        assert_ne!(words, refusal.words(Locale::En));
        assert!(!codes.iter().any(|code| words.contains(code)), "{words}");
        assert!(words.chars().any(|letter| "ạảấầậắằặẻẽếềểễệịỏọốồổỗộớờởỡợủụứừửữựỳỷỹđư".contains(letter)), "{words}");
    }
}

#[test]
fn o6_a_refusal_lists_some_children_and_counts_the_others() {
    let unplaced = |count: usize| {
        let children = (0..count).map(|at| format!("C{at}")).collect();
        Refusal::from(EndingRefusal::ChildrenUnplaced { unit: "X".into(), children }).words(Locale::En)
    };
    assert!(unplaced(5).contains("nowhere: `C0`, `C1`, `C2`, `C3`, `C4`; "), "{}", unplaced(5));
    assert!(unplaced(7).contains("nowhere: `C0`, `C1`, `C2`, `C3`, `C4` and 2 more; "), "{}", unplaced(7));
}

#[test]
fn o1_whoever_names_an_unknown_kind_is_told_where_the_kinds_are() {
    let unknown = |wanted| Refusal::from(InputRefusal::NotFound { wanted, given: "LAKE".into() });
    for (noun, list) in [(Noun::OrgUnitKind, "`orgUnitKinds`"), (Noun::DirectiveKind, "`directiveKinds`")] {
        for (locale, right) in [(Locale::Vi, "quyền"), (Locale::En, "right")] {
            let words = unknown(noun).words(locale);
            assert!(words.contains(list) && !words.contains(right), "{words}");
        }
    }
    assert!(unknown(Noun::Directive).words(Locale::Vi).contains("cấp quyền xem"), "a directive may be hidden (A5)");
}

#[test]
fn a_value_given_empty_leaves_no_hole_in_the_sentence() {
    let empty = Refusal::from(InputRefusal::NotFound { wanted: Noun::OrgUnit, given: String::new() });
    assert!(empty.words(Locale::Vi).starts_with("không tìm thấy đơn vị (để trống): "), "{}", empty.words(Locale::Vi));
    assert!(empty.words(Locale::En).starts_with("there is no unit (empty): "), "{}", empty.words(Locale::En));
}

#[test]
fn d6_one_report_waits_and_two_wait() {
    let wait = |count| {
        let waiting = vec![WaitingReport { unit: "X".into(), ordinal: 1 }; count];
        Refusal::from(DirectiveRefusal::ReportsWait { waiting }).words(Locale::En)
    };
    assert!(wait(1).starts_with("`1` report waits ") && wait(2).starts_with("`2` reports wait "));
}

#[test]
fn o5_a_later_batch_tells_what_would_stand_in_its_way() {
    let why = Refusal::from(EndingRefusal::HasEnded { unit: "Y".into(), on: crate::day::Day::MIN });
    let later = |why: Option<&Refusal>| {
        Refusal::from(TreeRefusal::LaterFact { title: "X".into(), on: crate::day::Day::MIN, why: why.cloned().map(Box::new) })
    };
    for locale in [Locale::Vi, Locale::En] {
        assert!(later(Some(&why)).words(locale).contains(&format!("({})", why.words(locale))), "{}", later(Some(&why)).words(locale));
        assert!(!later(None).words(locale).contains('('), "one of an earlier version is not planned again: {}", later(None).words(locale));
    }
}

#[test]
fn l1_who_may_not_reopen_is_told_who_may() {
    let (from, step, possible) = (State::Fulfilled, Step::Report, vec![Step::Reopen]);
    let words = Refusal::from(ObligationRefusal::StepNotAllowed { from, step, possible }).words(Locale::En);
    assert!(words.contains("ask a `SUPERVISOR` who verifies it to reopen"), "{words}");
    let not_open = |state| Refusal::from(ObligationRefusal::NotOpen { state }).words(Locale::En);
    assert!(not_open(State::Exempt).contains("reopen") && !not_open(State::Lapsed).contains("reopen"));
}
