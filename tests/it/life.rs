//! `docs/a-directives-life.md` is asked question by question as it stands there, and answers what it says.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::demo::told;
use crate::harness::{Actor, World};

const STORY: &str = include_str!("../../docs/a-directives-life.md");

/// One question of the document.
#[derive(Debug)]
struct Question {
    /// Where it stands: the line that says who asks.
    line: usize,
    /// The user who asks.
    actor: String,
    /// The day on which it is asked.
    day: String,
    document: String,
    variables: Value,
    /// The `data` of the answer.
    answer: Value,
}

/// Who asks and when, of a line such as "As `huyen`, on 2021-01-05:".
fn heading(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("As `")?.strip_suffix(':')?.split_once("`, on ")
}

/// The fenced blocks of a text, each with its language.
fn fenced(text: &str) -> Vec<(&str, &str)> {
    text.split("```").skip(1).step_by(2).map(|block| block.split_once('\n').unwrap()).collect()
}

/// All questions, in their order: what stands from one heading to the next is one question, with variables or without.
fn questions() -> Vec<Question> {
    let lines: Vec<&str> = STORY.lines().collect();
    let headings: Vec<usize> = (0..lines.len()).filter(|at| heading(lines[*at]).is_some()).collect();
    let ends = headings.iter().skip(1).copied().chain([lines.len()]);
    let read = |json: &str, line: usize| serde_json::from_str(json).unwrap_or_else(|fault| panic!("after line {line}: {fault} in\n{json}"));
    headings
        .iter()
        .zip(ends)
        .map(|(at, end)| {
            let (actor, day) = heading(lines[*at]).unwrap();
            let (text, line) = (lines[*at..end].join("\n"), at + 1);
            let (document, variables, answer) = match fenced(&text)[..] {
                [("graphql", document), ("json", answer)] => (document, json!({}), read(answer, line)),
                [("graphql", document), ("json", variables), ("json", answer)] => (document, read(variables, line), read(answer, line)),
                ref blocks => panic!("after line {line} stands no question: {blocks:#?}"),
            };
            Question { line, actor: actor.into(), day: day.into(), document: document.into(), variables, answer }
        })
        .collect()
}

/// The ids that have been told so far, each by the name that it has in the document (`<plan>`).
#[derive(Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    fn is_name(text: &str) -> bool {
        text.len() > 2 && text.starts_with('<') && text.ends_with('>')
    }

    /// Takes the ids that an answer gives where the document has names that are new.
    fn learn(&mut self, written: &Value, told: &Value) {
        match (written, told) {
            (Value::Object(written), Value::Object(told)) => {
                written.iter().filter_map(|(key, value)| Some((value, told.get(key)?))).for_each(|(value, told)| self.learn(value, told));
            }
            (Value::Array(written), Value::Array(told)) => written.iter().zip(told).for_each(|(value, told)| self.learn(value, told)),
            (Value::String(name), Value::String(id)) if Self::is_name(name) => {
                self.0.entry(name.clone()).or_insert_with(|| id.clone());
            }
            _ => {}
        }
    }

    /// What is written, with the ids in place of their names; a name that nothing was told under stays.
    fn with_ids(&self, written: &Value) -> Value {
        each_text(written, &|text| self.0.get(text).cloned())
    }

    /// What was told, with names in place of the ids.
    fn with_names(&self, told: &Value) -> Value {
        each_text(told, &|text| self.0.iter().find(|(_, id)| *id == text).map(|(name, _)| name.clone()))
    }
}

/// A value with another text where there is one.
fn each_text(value: &Value, other: &impl Fn(&str) -> Option<String>) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), each_text(value, other))).collect(),
        Value::Array(items) => items.iter().map(|item| each_text(item, other)).collect(),
        Value::String(text) => other(text).map_or_else(|| value.clone(), Value::String),
        _ => value.clone(),
    }
}

/// Asks all that stands in the document, each question by who asks it and on its day.
async fn live_through(world: &World, questions: &[Question]) {
    let operator = world.person("quan-tri").await;
    let mut people: BTreeMap<&str, Actor<'_>> = BTreeMap::new();
    let (mut names, mut today) = (Names::default(), "");
    for Question { line, actor, day, document, variables, answer } in questions {
        if *day != today {
            operator.pass_to(day).await;
            today = day;
        }
        if !people.contains_key(&**actor) {
            people.insert(actor, world.person(actor).await);
        }
        let asked = people[&**actor].ask(document, names.with_ids(variables)).await;
        assert!(asked.body.get("errors").is_none(), "line {line} of docs/a-directives-life.md cannot be asked:\n{:#}", asked.body);
        let told = &asked.body["data"];
        names.learn(answer, told);
        let shown = names.with_names(told);
        assert!(*told == names.with_ids(answer), "docs/a-directives-life.md is stale after line {line}; the answer is\n{shown:#}");
    }
}

/// Nothing that looks like a question stands outside of one, and the days go on.
#[test]
fn every_question_of_the_life_is_asked() {
    let questions = questions();
    assert_eq!(STORY.matches("```graphql").count(), questions.len());
    assert!(questions.len() > 30, "{}", questions.len());
    assert!(questions.is_sorted_by_key(|question| &question.day), "the story goes on from day to day");
    let begins = format!("serve --demo --today {} ", questions[0].day);
    assert!(STORY.contains(&begins), "it is served from the day on which it begins");
    assert!(STORY.contains(&format!("The password of everybody is `{}`", chidao::demo::PASSWORD)));
}

told! {
    async fn d1_a_directives_whole_life_goes_as_the_documentation_tells(world: &World) {
        live_through(world, &questions()).await;
    }
}
