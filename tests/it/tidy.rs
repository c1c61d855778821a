//! Promises about the code itself (ARCHITECTURE.md, invariants).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder of the project, with its text.
pub(crate) fn sources(folder: &str) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![root().join(folder)];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.insert(path.strip_prefix(root()).unwrap().to_owned(), text);
            }
        }
    }
    assert!(!found.is_empty());
    found
}

/// The parts of the house from the ground up: a part may use only those before it, and `command` and `view` do not know each other.
const FLOORS: &[(&str, &[&str])] = &[
    ("store", &["store"]),
    ("live", &["live", "store"]),
    ("office", &["office", "live", "store", "clock", "config"]),
    ("view", &["view", "office", "live", "store", "clock", "config"]),
    ("command", &["command", "office", "live", "store", "clock", "config", "secret", "password"]),
    ("graphql", &["graphql", "command", "view", "office", "live", "store", "config", "clock"]),
    ("http", &["http", "graphql", "office", "live", "store", "config", "clock", "secret"]),
    ("demo", &["demo", "command", "server", "office", "live", "store", "clock", "config"]),
    ("check", &["check", "office", "live", "store"]),
    ("clock", &["clock"]),
    ("config", &["config"]),
    ("tables", &["tables", "config"]),
    ("secret", &["secret"]),
    ("password", &["password"]),
];

#[test]
fn a_part_of_the_house_uses_only_what_stands_below_it() {
    let mut broken = Vec::new();
    for (path, text) in sources("src") {
        let part = path.components().nth(1).unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
        let Some((_, allowed)) = FLOORS.iter().find(|(floor, _)| *floor == part) else { continue };
        for used in text.match_indices("crate::").map(|(at, _)| &text[at + 7..]) {
            let used: String = used.chars().take_while(|letter| letter.is_ascii_lowercase() || *letter == '_').collect();
            if !used.is_empty() && !allowed.contains(&used.as_str()) {
                broken.push(format!("{} uses {used}", path.display()));
            }
        }
    }
    broken.dedup();
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn sql_stands_in_store_actix_in_http_and_the_clock_in_clock_only() {
    for (path, text) in sources("src") {
        let within = |folder: &str| path.starts_with(format!("src/{folder}"));
        let homes = [
            ("Statement::from_", "store"),
            ("chidao_entity", "store"),
            ("actix_web", "http"),
            ("jsonwebtoken", "http"),
            ("Instant::now", "clock.rs"),
        ];
        for (word, home) in homes {
            assert!(within(home) || !text.contains(word), "{} names {word}, which belongs in {home}", path.display());
        }
    }
}

#[test]
fn files_stay_short_enough_to_be_read() {
    let long: Vec<String> = ["src", "domain/src", "entity/src", "migration/src", "tests/it", "benches", "domain/benches"]
        .into_iter()
        .flat_map(sources)
        .filter(|(_, text)| text.lines().count() > 400)
        .map(|(path, text)| format!("{} has {} lines", path.display(), text.lines().count()))
        .collect();
    assert!(long.is_empty(), "over 400 lines, to be redrawn: {long:#?}");
}

/// The numbers of all rules that stand in the law.
fn rules() -> BTreeSet<String> {
    let law = std::fs::read_to_string(root().join("docs/domain.md")).unwrap();
    law.match_indices("**")
        .filter_map(|(at, _)| {
            let rule: String = law[at + 2..].chars().take_while(char::is_ascii_alphanumeric).collect();
            let numbered = rule.len() >= 2
                && rule[1..].bytes().all(|byte| byte.is_ascii_digit())
                && rule.starts_with(|c: char| "TODBLSCAJF".contains(c));
            (numbered && law[at + 2 + rule.len()..].starts_with("**")).then_some(rule)
        })
        .collect()
}

#[test]
fn every_rule_of_the_domain_is_named_by_a_test() {
    let rules = rules();
    assert!(rules.len() > 40, "{rules:?}");
    let tests: String = ["domain/src", "src", "tests/it"].into_iter().flat_map(sources).map(|(_, text)| text).collect();
    let named = |rule: &str| tests.contains(&format!("fn {}_", rule.to_lowercase()));
    let later: Vec<&String> = rules.iter().filter(|rule| !named(rule)).collect();
    let planned: BTreeSet<&str> = PLANNED.iter().copied().collect();
    let missing: Vec<&&String> = later.iter().filter(|rule| !planned.contains(rule.as_str())).collect();
    assert!(missing.is_empty(), "no test is named after {missing:?}");
    let done: Vec<&&str> = planned.iter().filter(|rule| named(rule)).collect();
    assert!(done.is_empty(), "{done:?} have tests now: take them off the list of planned rules");
}

#[test]
fn a_refusal_names_a_rule_that_stands_in_the_law() {
    let rules = rules();
    let is_number = |word: &str| {
        let (family, number) = word.split_at_checked(1).unwrap_or_default();
        "TODBLSCAJF".contains(family) && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut named = 0;
    for (path, text) in ["domain/src", "src"].into_iter().flat_map(sources).filter(|(path, _)| !path.to_string_lossy().contains("tests")) {
        for number in text.split('"').skip(1).step_by(2).filter(|word| is_number(word)) {
            assert!(rules.contains(number), "{} names {number}", path.display());
            named += 1;
        }
    }
    assert!(named > 40, "{named}");
}

/// Rules of later issues, which nothing implements yet. The list only gets shorter.
const PLANNED: [&str; 0] = [];

#[test]
fn a_rule_that_holds_in_part_says_which_part() {
    let law = std::fs::read_to_string(root().join("docs/domain.md")).unwrap();
    let rules: Vec<&str> = law.split("\n- **").skip(1).collect();
    for rule in &rules {
        let number = rule.split("**").next().unwrap();
        let own = rule.split("\n## ").next().unwrap();
        assert_eq!(rule.contains("** (in part) "), own.contains("\n  *Now:* "), "{number}");
    }
    assert!(rules.len() > 60, "{}", rules.len());
}
