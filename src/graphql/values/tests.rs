//! Values held against a small schema.

use async_graphql::parser::parse_query;
use async_graphql::{Request, Variables};
use chidao_domain::refusal::Locale;
use serde_json::{Value as Json, json};

use super::check;
use crate::graphql::types::Types;

const SCHEMA: &str = r"
    scalar Date
    scalar DateTime
    scalar Decimal
    enum Reach { SELF CHILDREN }
    input By @oneOf { id: ID code: String }
    input Goal { unit: By! goal: Decimal! }
    input Item { title: String! reach: Reach dueOn: Date at: DateTime grace: Int = 30 goals: [Goal!] after: [Int!] }
    type Thing { name(short: Boolean! = false): String! things(on: Date): [Thing!]! }
    interface Named { name(short: Boolean! = false): String! }
    type Query { thing(by: By, items: [Item!], days: Int = 7, ids: [ID!]): Thing named: Named }
    type Mutation { make(input: Item!): Thing }
    directive @include(if: Boolean!) on FIELD
";

fn said(query: &str, variables: Json, locale: Locale) -> Vec<String> {
    let mut request = Request::new(query).variables(Variables::from_json(variables));
    request.set_parsed_query(parse_query(query).unwrap());
    check(&Types::read(SCHEMA).unwrap(), &mut request).iter().map(|wrong| wrong.words(locale)).collect()
}

/// What is said of the variable `$v` of a type.
fn of(type_name: &str, value: Json) -> Vec<String> {
    said(&format!("query($v: {type_name}) {{ thing {{ name }} }}"), json!({ "v": value }), Locale::En)
}

#[test]
fn f5_a_value_of_a_variable_is_of_its_type() {
    for (name, good) in [
        ("Date", vec![json!("2020-12-31"), json!(null)]),
        ("DateTime", vec![json!("2020-12-04T01:30:00Z")]),
        ("Decimal", vec![json!("12.5")]),
        ("Int", vec![json!(i32::MAX), json!(i32::MIN)]),
        ("ID", vec![json!("x"), json!(7)]),
        ("Boolean", vec![json!(true)]),
        ("Reach", vec![json!("SELF")]),
        ("[Int!]", vec![json!([1, 2]), json!(3)]),
        ("By", vec![json!({ "code": "A" })]),
        ("Item", vec![json!({ "title": "x", "goals": [{ "unit": { "id": "x" }, "goal": "1" }] })]),
    ] {
        for value in good {
            assert_eq!(of(name, value.clone()), [""; 0], "{name} {value}");
        }
    }
    for (name, bad, expected) in [
        ("Date", json!("2020-02-30"), "`$v` is `2020-02-30`: give an existing day"),
        ("Date", json!(20200230), "`$v` is `20200230`: give an existing day"),
        ("DateTime", json!("2020-12-04"), "`$v` is `2020-12-04`: give an instant"),
        ("Decimal", json!(12.5), "`$v` is `12.5`: give a decimal as a string"),
        ("Int", json!(2_147_483_648_i64), "`$v` is `2147483648`: give a whole number"),
        ("Int", json!(1.5), "`$v` is `1.5`: give a whole number"),
        ("Int", json!("1"), "`$v` is `1`: give a whole number"),
        ("ID", json!(true), "`$v` is `true`: give an id"),
        ("String", json!(1), "`$v` is `1`: give a string"),
        ("Boolean", json!("true"), "`$v` is `true`: give `true` or `false`"),
        ("Reach", json!("BELOW"), "`$v` is `BELOW`: give one of `SELF`, `CHILDREN`"),
        ("[Int!]", json!([1, null]), "`$v.1` is `null`: give a value of the type `Int!`"),
        ("Item", json!("x"), "`$v` is `\"x\"`: give an object of the type `Item`"),
        ("Item", json!({}), "`$v.title` is missing: give a value of the type `String!`"),
        ("Item", json!({ "title": null }), "`$v.title` is `null`: give a value of the type `String!`"),
        ("Item", json!({ "title": "x", "name": "y" }), "`$v.name` is no known field: leave it out, or use one of `title`, `reach`"),
        (
            "Item",
            json!({ "title": "x", "goals": [{ "unit": {}, "goal": "1" }] }),
            "`$v.goals.0.unit` is `{}`: give exactly one of the fields `id`, `code`",
        ),
        ("By", json!({ "id": "x", "code": "y" }), "`$v` is `{code, id}`: give exactly one"),
        ("By", json!({ "id": null }), "`$v` is `{id}`: give exactly one"),
    ] {
        let said = of(name, bad);
        assert!(said.len() == 1 && said[0].starts_with(expected), "{expected}\n{said:?}");
    }
    let long = "9".repeat(100);
    assert_eq!(
        of("Date", json!(long))[0],
        format!("`$v` is `{}…`: give an existing day, written `YYYY-MM-DD`, for example `2020-12-31`", "9".repeat(40))
    );
    assert_eq!(of("[Int!]", json!(vec!["x"; 1_000])).len(), super::TOLD, "a long list of wrong values does not make a long answer");
}

#[test]
fn f5_a_value_that_is_written_out_is_named_by_its_argument() {
    let en = |query: &str| said(query, json!({}), Locale::En);
    assert_eq!(
        en("{ thing(days: 2, by: { code: \"A\" }, items: [{ title: \"x\", reach: SELF }]) { things(on: \"2020-12-01\") { name } } }"),
        [""; 0]
    );
    let wrong = "{ thing(items: [{ title: \"x\" }, { title: \"y\", dueOn: \"2020-02-30\" }]) { name } }";
    let form = "give an existing day, written `YYYY-MM-DD`, for example `2020-12-31`";
    assert_eq!(en(wrong), [format!("`items.1.dueOn` of `thing` is `2020-02-30`: {form}")]);
    assert_eq!(
        said(wrong, json!({}), Locale::Vi),
        ["`items.1.dueOn` của `thing` là `2020-02-30`: hãy nêu một ngày có thật, viết theo mẫu `YYYY-MM-DD`, ví dụ `2020-12-31`"]
    );
    // Below lists, in fragments (each told once), by interfaces and in directives.
    let nested = "{ thing { ...F things { ...F } } named { name(short: 1) } a: thing @include(if: 2) { name } } fragment F on Thing { things(on: \"x\") { name } }";
    assert_eq!(
        en(nested),
        [
            format!("`on` of `things` is `x`: {form}"),
            "`short` of `name` is `1`: give `true` or `false`".to_owned(),
            "`if` of `include` is `2`: give `true` or `false`".to_owned(),
        ]
    );
    assert_eq!(en("mutation { make(input: { reach: NOWHERE }) { name } }").len(), 2, "the enum and the missing title");
    assert_eq!(
        en("{ thing(nothing: 1) { nothing(x: 2) } __schema { types { fields(includeDeprecated: 1) { name } } } }"),
        [""; 0],
        "for validation"
    );
}

#[test]
fn f5_a_variable_in_an_object_is_held_against_its_place() {
    let ask = |query: &str, variables: Json| said(query, variables, Locale::En);
    let by = "query($code: String, $id: ID) { thing(by: { code: $code, id: $id }) { name } }";
    assert_eq!(ask("query($code: String!) { thing(by: { code: $code }) { name } }", json!({ "code": "A" })), [""; 0]);
    assert_eq!(
        ask(by, json!({ "code": "A", "id": "x" })),
        ["`by` of `thing` is `{code, id}`: give exactly one of the fields `id`, `code`"]
    );
    let shorts = "query($short: Boolean) { thing { name(short: $short) } }";
    assert_eq!(ask(shorts, json!({ "short": null })), ["`$short` is `null`: give a value of the type `Boolean!`"]);
    assert_eq!(ask(shorts, json!({})), [""; 0], "left out, it leaves the default");
    assert_eq!(
        ask("{ thing(days: null, items: [{ title: \"x\", grace: null }]) { name } }", json!({})),
        [""; 0],
        "null is a value of these"
    );
    assert_eq!(ask("query($on: Date = \"2020-13-01\") { thing { things(on: $on) { name } } }", json!({})).len(), 1, "a wrong default");
}
