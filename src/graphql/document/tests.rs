use std::cell::Cell;
use std::fmt::Write;
use std::num::NonZeroUsize;

use super::*;
use crate::config::LimitRow;

fn measure(source: &str) -> Result<OperationType, DocumentError> {
    prepare(&mut Request::new(source), &Limits::default())
}

fn excess(source: &str) -> Option<(Limit, usize, Option<usize>)> {
    match measure(source) {
        Err(DocumentError::TooLarge(excess)) => Some((excess.row.limit, excess.allowed, excess.found)),
        _ => None,
    }
}

/// A root field `a`, that `inside` stands in `levels` times over.
fn nested(levels: usize, inside: &str) -> String {
    format!("{}{inside}{}", "{a".repeat(levels), "}".repeat(levels))
}

/// Fragments of which each spreads the next `fan` times.
fn bomb(levels: usize, fan: usize) -> String {
    let mut source = String::from("{...f0}");
    for level in 0..levels {
        let _ = write!(source, "fragment f{level} on Q{{{}}}", format!("...f{} ", level + 1).repeat(fan));
    }
    let _ = write!(source, "fragment f{levels} on Q{{a}}");
    source
}

thread_local! {
    /// The steps that our own walks have taken.
    pub(super) static STEPS: Cell<usize> = const { Cell::new(0) };
}

/// The most steps that the parser may take for one byte of a document; two dozen are its way through one short token.
const PARSER_STEPS: usize = 60;

/// Measures a document that was made to be slow. What bounds the time is counted: our own walks look at each byte a few times at the most, and
/// the parser, which gives up where it may not go on, takes so many steps for each. No clock is read.
fn measured_in_steps(source: &str) -> Result<OperationType, DocumentError> {
    // The limit is the process's: the longest document has the most.
    pest::set_call_limit(NonZeroUsize::new(PARSER_STEPS * Limits::default().body_bytes));
    let before = STEPS.get();
    let answer = measure(source);
    let steps = STEPS.get() - before;
    assert!(steps <= 4 * source.len() + 64, "{steps} steps for {} bytes: {:.80}", source.len(), source);
    if let Err(DocumentError::Syntax(error)) = &answer {
        assert!(!error.to_string().contains("call limit"), "the parser takes too many steps for {} bytes: {source:.80}", source.len());
    }
    answer
}

#[test]
fn the_standard_introspection_query_passes() {
    assert!(matches!(measure(include_str!("introspection.graphql")), Ok(OperationType::Query)));
}

#[test]
fn the_document_is_left_parsed_in_the_request() {
    let mut request = Request::new("mutation M { a }");
    assert!(matches!(prepare(&mut request, &Limits::default()), Ok(OperationType::Mutation)));
    request.query.clear();
    assert!(request.parsed_query().is_ok(), "an empty source would not parse again");
}

#[test]
fn a_bomb_of_fragments_is_measured_without_being_written_out() {
    let source = bomb(24, 2);
    assert!(source.len() < 1_000, "{}", source.len());
    let refused = measured_in_steps(&source);
    assert!(
        matches!(refused, Err(DocumentError::TooLarge(Excess { row: LimitRow { limit: Limit::ExpandedFields, .. }, .. }))),
        "{refused:?}"
    );
    let unused = format!("{{a}} {}", source.trim_start_matches("{...f0}"));
    assert!(matches!(measured_in_steps(&unused), Err(DocumentError::TooLarge(_))));
}

#[test]
fn cycles_of_fragments_are_refused_after_one_round() {
    for source in ["{...A} fragment A on Q{a{...A ...A}}", "{a} fragment A on Q{...B ...B} fragment B on Q{...A ...A}"] {
        assert!(matches!(measured_in_steps(source), Err(DocumentError::Cycle(_))), "{source}");
    }
}

#[test]
fn documents_made_to_be_slow_to_parse_take_few_steps() {
    for levels in [37, 600] {
        for (open, close) in [("[", "]"), ("{a:", "}"), ("[[],", "]")] {
            let value = |inside: &str| format!("{}{inside}{}", open.repeat(levels), close.repeat(levels));
            for inside in ["1", "$a", "!"] {
                let _ = measured_in_steps(&format!("{{a(a:{})}}", value(inside)));
                let _ = measured_in_steps(&format!("query($a:A={}){{a}}", value(inside)));
                let _ = measured_in_steps(&format!("{{a@a(a:{})}}", value(inside)));
            }
            let _ = measured_in_steps(&format!("{{a(a:{}", open.repeat(levels)));
        }
        let _ = measured_in_steps(&format!("query($a:{}A{}){{a}}", "[".repeat(levels), "]".repeat(levels)));
        let _ = measured_in_steps(&"{...on Q".repeat(levels));
        let _ = measured_in_steps(&"{a".repeat(levels));
    }
    let _ = measured_in_steps(&format!("{{a(a:\"{}\")}}", "\\".repeat(200_000)));
    let _ = measured_in_steps(&format!("{{a {}}}", "#\n".repeat(20_000)));
    let _ = measured_in_steps(&".".repeat(200_000));
    // Block strings that never end: each looks as if the next one's quotes were escaped.
    for group in [r#""x\\""""y" "#, r#"\"""x""#] {
        let open = group.repeat(600);
        let _ = measured_in_steps(&format!("{{a(b:[{open}\"{}\"])}}", "z".repeat(200_000)));
        let _ = measured_in_steps(&group.repeat(40_000));
    }
}

#[test]
fn brackets_that_would_overflow_the_parsers_stack_are_refused() {
    let deepest = |levels: usize| format!("{{a(a:{}1{})}}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(excess(&deepest(38)), None);
    assert_eq!(excess(&deepest(39)), Some((Limit::Nesting, 40, Some(41))));
    assert_eq!(excess(&nested(600, "")), Some((Limit::Nesting, 40, Some(600))));
    let hidden = format!("{{a(a:[\"\"\"x\" {}", "[".repeat(900));
    assert!(matches!(measure(&hidden), Err(DocumentError::Unclosed)), "nothing behind a block string that never ends is parsed");
    let quoted = format!("{{a(a:\"\"\"{}\"\"\")}}", "[".repeat(900));
    assert_eq!(excess(&quoted), None, "in a string they are text");
}

#[test]
fn each_limit_allows_its_value_and_no_more() {
    assert_eq!(excess(&nested(15, "")), None);
    assert_eq!(excess(&nested(16, "")), Some((Limit::Depth, 15, Some(16))));

    let many = |count: usize, item: &str| format!("{{a{{{}}}}}", item.repeat(count));
    assert_eq!(excess(&many(30, "b:a ")), None);
    assert_eq!(excess(&many(31, "b:a ")), Some((Limit::Aliases, 30, Some(31))));
    assert_eq!(excess(&many(10, "a@b ")), None);
    assert_eq!(excess(&many(11, "a@b ")), Some((Limit::Directives, 10, Some(11))));
    assert_eq!(excess(&many(50, "...A ")), None);
    assert_eq!(excess(&many(51, "...A ")), Some((Limit::FragmentSpreads, 50, Some(51))));

    assert_eq!(excess(&format!("{{{}}}", "a ".repeat(10))), None);
    assert_eq!(excess(&format!("{{{}}}", "a ".repeat(11))), Some((Limit::RootFields, 10, Some(11))));
    assert_eq!(excess("{...A ...A} fragment A on Q{...on Q{a b c d e f}}"), Some((Limit::RootFields, 10, Some(12))));

    assert_eq!(excess(&many(1_995, "a ")), None, "2,000 tokens");
    assert_eq!(excess(&many(1_996, "a ")), Some((Limit::Tokens, 2_000, Some(2_001))));
}

#[test]
fn directives_count_wherever_they_stand() {
    let source = "query($a:A @d) @d {a @d ...F @d ...on Q @d {a}} fragment F on Q @d {a @d @d @d @d @d}";
    assert_eq!(excess(source), Some((Limit::Directives, 10, Some(11))));
}

#[test]
fn tokens_are_those_of_the_language() {
    for (source, tokens) in [
        ("", 0),
        ("{ a, b } # c d e", 4),
        ("query Q($a: [Int!]! = -1.5e+3) { a(b: $a) ...F }", 25),
        (r#"{ a(b: "c d \" e") }"#, 8),
        (r#"{ a(b: """c " \""" d""") }"#, 8),
        ("\"never ends", 1),
        ("\"\"", 1),
    ] {
        assert_eq!(Lexicon::of(source).tokens, tokens, "{source}");
    }
}

#[test]
fn the_operation_is_found_by_its_name() {
    let ask = |source: &str, name: &str| prepare(&mut Request::new(source).operation_name(name), &Limits::default());
    let both = "query A {a} mutation B {b}";
    assert!(matches!(ask(both, "A"), Ok(OperationType::Query)));
    assert!(matches!(ask(both, "B"), Ok(OperationType::Mutation)));
    assert!(matches!(ask(both, "C"), Err(DocumentError::Operation(_))));
    assert!(matches!(ask("{a}", "A"), Err(DocumentError::Operation(_))));
    assert!(matches!(measure(both), Err(DocumentError::Operation(_))));
}

#[test]
fn a_variable_that_must_have_a_value_is_asked_for_before_anything_is_done() {
    let ask = |json: serde_json::Value| {
        let mut request =
            Request::new("query($n: Int!, $m: Int! = 1, $o: Int) {a(n: $n, m: $m, o: $o)}").variables(Variables::from_json(json));
        prepare(&mut request, &Limits::default()).err().map(|error| error.words(chidao_domain::refusal::Locale::En))
    };
    assert_eq!(ask(serde_json::json!({ "n": 1 })), None);
    assert_eq!(ask(serde_json::json!({})).unwrap(), "the variable `$n` of type `Int!` is missing: give it in `variables`");
    assert!(ask(serde_json::json!({ "n": null })).is_some());
    assert!(ask(serde_json::json!({ "n": 1, "m": null })).is_some(), "a default does not stand in for null");
}
