//! The contract: whatever `docs/api.graphql` names is in the schema under that name, with the same types, arguments and defaults.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{ConstDirective, FieldDefinition, InputValueDefinition, TypeKind, TypeSystemDefinition};
use async_graphql::{Name, Positioned};

/// What the contract names and nothing implements yet. The list only gets shorter.
#[rustfmt::skip]
const NOT_BUILT: &[&str] = &[
    // The feed, and who is told of it.
    "Subscription", "Query.webhooks", "Mutation.createWebhook", "Mutation.deleteWebhook",
    // Files beside directives and reports.
    "Attachment", "Directive.attachments", "Report.attachments", "ReportInput.attachments",
];

/// What is otherwise, or not there, on purpose: each with its reason.
const DIFFERS: &[(&str, &str)] = &[
    ("User.userName", "null for whoever need not know half of what it takes to log in (decision 0013)"),
    ("LogInInput.clientMutationId", "its answer is secret, and is not kept for a second call (decision 0010)"),
    ("RefreshSessionInput.clientMutationId", "its answer is secret, and is not kept for a second call (decision 0010)"),
    ("LogOutInput.clientMutationId", "the session that would send it again is no more (decision 0010)"),
];

/// Every element of a schema by its place, with what a client relies on: `OrgUnit.path(separator)` is `String! = " › "`.
type Elements = BTreeMap<String, String>;

fn elements(schema: &str) -> Elements {
    let mut all = Elements::new();
    for definition in parse_schema(schema).unwrap().definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let definition = definition.node;
        let name = definition.name.node.to_string();
        let kind = match definition.kind {
            TypeKind::Scalar => "scalar",
            TypeKind::Object(object) => {
                interfaces(&mut all, &name, &object.implements);
                fields(&mut all, &name, &object.fields);
                "type"
            }
            TypeKind::Interface(interface) => {
                interfaces(&mut all, &name, &interface.implements);
                fields(&mut all, &name, &interface.fields);
                "interface"
            }
            TypeKind::Union(union) => {
                all.extend(union.members.iter().map(|member| (format!("{name} = {}", member.node), String::new())));
                "union"
            }
            TypeKind::Enum(items) => {
                all.extend(items.values.iter().map(|item| (format!("{name}.{}", item.node.value), String::new())));
                "enum"
            }
            TypeKind::InputObject(input) => {
                let field = |field: &Positioned<InputValueDefinition>| (format!("{name}.{}", field.node.name), taken(&field.node));
                all.extend(input.fields.iter().map(field));
                if is_one_of(&definition.directives) { "input @oneOf" } else { "input" }
            }
        };
        all.insert(name, kind.to_owned());
    }
    all
}

fn is_one_of(directives: &[Positioned<ConstDirective>]) -> bool {
    directives.iter().any(|directive| directive.node.name.node == "oneOf")
}

fn interfaces(all: &mut Elements, name: &str, implements: &[Positioned<Name>]) {
    all.extend(implements.iter().map(|interface| (format!("{name} implements {}", interface.node), String::new())));
}

fn fields(all: &mut Elements, of: &str, fields: &[Positioned<FieldDefinition>]) {
    for field in fields {
        let place = format!("{of}.{}", field.node.name);
        all.extend(field.node.arguments.iter().map(|argument| (format!("{place}({})", argument.node.name), taken(&argument.node))));
        all.insert(place, field.node.ty.to_string());
    }
}

/// The type of what a client gives, and what it means to give nothing.
fn taken(input: &InputValueDefinition) -> String {
    let default = input.default_value.as_ref().map(|default| format!(" = {}", default.node)).unwrap_or_default();
    format!("{}{default}", input.ty)
}

/// What the contract leaves to its patterns: every connection that it names, and the key and errors of every mutation that is built.
fn patterns(contract: &Elements, schema: &Elements) -> Elements {
    let mut all = Elements::new();
    for of in contract.values() {
        if let Some(item) = of.trim_end_matches('!').strip_suffix("Connection") {
            for (field, of) in [("edges", format!("[{item}Edge!]!")), ("nodes", format!("[{item}!]!"))] {
                all.insert(format!("{item}Connection.{field}"), of);
            }
            all.insert(format!("{item}Connection.pageInfo"), "PageInfo!".into());
            all.insert(format!("{item}Connection.totalCount"), "Int!".into());
        }
    }
    for (place, of) in contract.iter().filter(|(place, _)| place.starts_with("Mutation.") && schema.contains_key(*place)) {
        let of = of.trim_end_matches('!');
        let (field, of) = if place.ends_with(')') { ("clientMutationId", (of, "String")) } else { ("userErrors", (of, "[UserError!]!")) };
        all.insert(format!("{}.{field}", of.0), of.1.into());
    }
    all
}

/// The places that something else misses already: without the type there are no fields of it.
fn outermost(places: BTreeSet<&str>) -> BTreeSet<&str> {
    let within = |place: &str, other: &str| place.strip_prefix(other).is_some_and(|rest| rest.starts_with(['.', '(', ' ']));
    places.iter().copied().filter(|place| !places.iter().any(|other| within(place, other))).collect()
}

#[test]
fn the_schema_has_whatever_the_contract_names() {
    let schema = elements(&chidao::graphql::sdl());
    let mut contract = elements(include_str!("../../docs/api.graphql"));
    contract.extend(patterns(&contract, &schema));
    assert!(contract.len() > 800, "the contract was not read: {}", contract.len());
    let on_purpose: BTreeSet<&str> = DIFFERS.iter().map(|(place, _)| *place).collect();

    let missing = outermost(contract.keys().map(String::as_str).filter(|place| !schema.contains_key(*place)).collect());
    let differing: BTreeMap<&str, String> = contract
        .iter()
        .filter_map(|(place, of)| Some((place.as_str(), schema.get(place).filter(|ours| *ours != of)?, of)))
        .map(|(place, ours, of)| (place, format!("{ours}, not {of}")))
        .collect();
    let agreed: Vec<&&str> = on_purpose.iter().filter(|place| !missing.contains(*place) && !differing.contains_key(*place)).collect();
    assert!(agreed.is_empty(), "as in the contract: take them off the list {agreed:#?}");
    let differing: Vec<(&&str, &String)> = differing.iter().filter(|(place, _)| !on_purpose.contains(*place)).collect();
    assert!(differing.is_empty(), "other than in the contract: {differing:#?}");

    let not_built: BTreeSet<&str> = NOT_BUILT.iter().copied().collect();
    let missing: BTreeSet<&str> = missing.difference(&on_purpose).copied().collect();
    let forgotten: Vec<&&str> = missing.difference(&not_built).collect();
    assert!(forgotten.is_empty(), "in the contract and not in the schema: {forgotten:#?}");
    let built: Vec<&&str> = not_built.difference(&missing).collect();
    assert!(built.is_empty(), "built, or not in the contract: take them off the list {built:#?}");
}

#[test]
fn what_a_client_sends_by_the_contract_is_enough() {
    let contract = elements(include_str!("../../docs/api.graphql"));
    let owner = |place: &str| place.rsplit_once(['.', '(']).map(|(owner, _)| owner.to_owned());
    let is_input = |place: &str| place.ends_with(')') || owner(place).is_some_and(|owner| contract[&owner].starts_with("input"));
    let demands = |(place, of): &(String, String)| {
        let is_more = !contract.contains_key(place) && owner(place).is_some_and(|owner| contract.contains_key(&owner));
        is_more && is_input(place) && of.ends_with('!')
    };
    let demanded: Vec<(String, String)> = elements(&chidao::graphql::sdl()).into_iter().filter(demands).collect();
    assert!(demanded.is_empty(), "needed, and not in the contract: {demanded:#?}");
}
