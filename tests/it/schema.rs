//! The schema is reviewed as a file: `schema.graphql` is what the program writes, and every element says what it is.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::Positioned;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{FieldDefinition, TypeKind, TypeSystemDefinition};

/// Elements that the library brings along and describes itself, or that have nothing to say.
const LIBRARY: [&str; 5] = ["PageInfo", "Boolean", "Float", "ID", "Int"];
/// Arguments that mean the same wherever they stand.
const ALIKE: [&str; 9] = ["after", "asKnownAt", "asOf", "before", "first", "input", "last", "locale", "structure"];

#[test]
fn schema_graphql_is_what_the_program_writes() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    let now = chidao::graphql::sdl();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(path, now).unwrap();
    } else {
        assert!(written == now, "schema.graphql is stale: run `cargo run -- schema > schema.graphql` and review the difference");
    }
}

#[test]
fn where_a_default_stands_null_means_it() {
    let schema = chidao::graphql::sdl();
    let strict: Vec<&str> = schema.lines().filter(|line| line.contains("! = ")).collect();
    assert!(strict.is_empty(), "make these optional (decision 0013): {strict:#?}");
}

#[test]
fn every_element_of_the_schema_is_described() {
    let mut silent = Vec::new();
    for definition in parse_schema(chidao::graphql::sdl()).unwrap().definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let definition = definition.node;
        let name = definition.name.node.to_string();
        if LIBRARY.contains(&name.as_str()) {
            continue;
        }
        let mut check = |element: String, described: bool| {
            if !described {
                silent.push(element);
            }
        };
        check(name.clone(), definition.description.is_some());
        match definition.kind {
            TypeKind::Object(object) => fields(&name, object.fields, &mut check),
            TypeKind::Interface(interface) => fields(&name, interface.fields, &mut check),
            TypeKind::Enum(items) => {
                items.values.iter().for_each(|item| check(format!("{name}.{}", item.node.value), item.node.description.is_some()));
            }
            TypeKind::InputObject(input) => {
                input.fields.iter().for_each(|field| check(format!("{name}.{}", field.node.name), field.node.description.is_some()));
            }
            TypeKind::Union(_) | TypeKind::Scalar => {}
        }
    }
    assert!(silent.is_empty(), "without a description: {silent:#?}");
}

fn fields(name: &str, fields: Vec<Positioned<FieldDefinition>>, check: &mut impl FnMut(String, bool)) {
    for field in fields {
        let element = format!("{name}.{}", field.node.name);
        for argument in field.node.arguments {
            check(format!("{element}({})", argument.node.name), argument.node.description.is_some());
        }
        check(element, field.node.description.is_some());
    }
}

#[test]
fn the_same_argument_says_the_same_everywhere() {
    let mut said: BTreeMap<String, BTreeSet<Option<String>>> = BTreeMap::new();
    for definition in parse_schema(chidao::graphql::sdl()).unwrap().definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let TypeKind::Object(object) = definition.node.kind else { continue };
        for argument in object.fields.into_iter().flat_map(|field| field.node.arguments) {
            let words = argument.node.description.map(|words| words.node);
            said.entry(argument.node.name.to_string()).or_default().insert(words);
        }
    }
    for name in ALIKE {
        assert_eq!(said[name].len(), 1, "{name}: {:#?}", said[name]);
    }
}
