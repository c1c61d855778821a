//! The form of requests (section 11), over HTTP: what is refused before any rule of the domain is asked, and in which words.

use serde_json::{Value, json};

use crate::harness::{Actor, REORGANIZE, answer::Answer, both};

const TREE: &str = "
TINH PROVINCIAL Tỉnh uỷ
  KHOI BLOC Đảng uỷ Khối
    SNV GRASSROOTS_CELL Chi bộ Sở Nội vụ
";

/// The first error: code, rule, what it is about, and its words.
fn first(answer: &Answer) -> (String, String, String, String) {
    let error = &answer.body["errors"][0];
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let extensions = &error["extensions"];
    let about = if extensions["variable"].is_null() { &extensions["argument"] } else { &extensions["variable"] };
    (text(&extensions["code"]), text(&extensions["rule"]), text(about), text(&error["message"]))
}

async fn asked(actor: &Actor<'_>, query: &str, variables: Value) -> (String, String, String, String) {
    first(&actor.ask(query, variables).await)
}

const DRAFT: &str =
    "mutation($input: DraftDirectiveInput!) { draftDirective(input: $input) { directive { id } userErrors { code message path rule } } }";

both! {
    async fn f5_a_wrong_value_is_refused_before_anything_is_executed(world: &World) {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        let requirement = |more: Value| {
            let mut one = json!({ "kind": "STUDY", "title": "x", "scope": { "reach": "CHILDREN" } });
            one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({ "input": { "issuer": { "code": "KHOI" }, "kind": "PLAN", "title": "x", "requirements": [one] } })
        };
        for (more, about, words) in [
            (json!({ "dueOn": "2020-02-30" }), "$input.requirements.0.dueOn", "is `2020-02-30`: give an existing day, written `YYYY-MM-DD`"),
            (json!({ "gateShares": "0.5" }), "$input.requirements.0.gateShares", "is no known field: leave it out"),
            (json!({ "verification": "GOD" }), "$input.requirements.0.verification", "is `GOD`: give one of `SELF`, `SUPERIOR`, `ISSUER`"),
            (json!({ "after": [3_000_000_000_u32] }), "$input.requirements.0.after.0", "is `3000000000`: give a whole number"),
            (json!({ "scope": { "reach": "SELF", "anchor": { "code": "KHOI", "id": "x" } } }), "$input.requirements.0.scope.anchor", "is `{code, id}`: give exactly one of the fields"),
            (json!({ "scope": {} }), "$input.requirements.0.scope.reach", "is missing: give a value of the type `Reach!`"),
        ] {
            let answer = operator.ask(DRAFT, requirement(more.clone())).await;
            let (code, rule, place, message) = first(&answer);
            assert_eq!((code.as_str(), rule.as_str(), place.as_str()), ("BAD_USER_INPUT", "F5", about), "{more}\n{answer:?}");
            assert!(message.starts_with(&format!("`{about}` {words}")), "{message}");
            assert!(answer.body.get("data").is_none(), "{answer:?}");
        }
        let vietnamese = Actor { language: "vi", ..operator.clone() };
        let (.., message) = asked(&vietnamese, DRAFT, requirement(json!({ "dueOn": "31/12/2020" }))).await;
        assert!(message.starts_with("`$input.requirements.0.dueOn` là `31/12/2020`: hãy nêu một ngày có thật"), "{message}");
        let (code, rule, place, _) = asked(&operator, "{ orgUnit(by: { code: \"KHOI\" }, asOf: \"2020-02-30\") { code } }", json!({})).await;
        assert_eq!((code.as_str(), rule.as_str(), place.as_str()), ("BAD_USER_INPUT", "F5", "asOf"));

        // By the specification: 400 for who knows it, and 200 with errors for older clients.
        for (accept, status) in [("application/graphql-response+json", 400), ("application/json", 200)] {
            let request = world.client.post(format!("{}/graphql", world.base)).header("Accept", accept);
            let response = request.json(&json!({ "query": "query($on: Date) { roots(asOf: $on) { code } }", "variables": { "on": "x" } })).send().await.unwrap();
            assert_eq!((response.status().as_u16(), response.headers()["content-language"].to_str().unwrap()), (status, "vi"));
        }
    }

    async fn f5_null_means_the_default_where_there_is_one(world: &World) {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        let plain = operator.data("{ completion(unit: { code: \"KHOI\" }) { counted dueWithin } orgUnit(by: { code: \"SNV\" }) { path } }", json!({})).await;
        let with_null = "query($span: Span, $through: CascadeThrough, $days: Int, $by: String) {
            completion(unit: { code: \"KHOI\" }, span: $span, through: $through) { counted dueWithin(days: $days) } orgUnit(by: { code: \"SNV\" }) { path(separator: $by) } }";
        for variables in [json!({}), json!({ "span": null, "through": null, "days": null, "by": null })] {
            assert_eq!(operator.data(with_null, variables).await.body["data"], plain.body["data"], "left out or null, it is the default");
        }
        let drafter = world.user("soan", "DRAFTER", "KHOI").await;
        let nulls = json!({ "kind": "STUDY", "title": "x", "scope": { "reach": "CHILDREN", "mayBeEmpty": null }, "recurrence": null, "verification": null,
            "informative": null, "bindsLateUnits": null, "lateGraceDays": null });
        let input = json!({ "issuer": { "code": "KHOI" }, "issuingBody": null, "kind": "PLAN", "title": "x", "requirements": [nulls] });
        let query = "mutation($input: DraftDirectiveInput!) { draftDirective(input: $input) { userErrors { message }
            directive { issuingBody requirements { recurrence verification informative bindsLateUnits lateGraceDays scope { mayBeEmpty } } } } }";
        let drafted = drafter.data(query, json!({ "input": input })).await;
        assert_eq!(drafted.at("/draftDirective/directive"), &json!({ "issuingBody": "COMMITTEE", "requirements": [{ "recurrence": "NONE",
            "verification": "SUPERIOR", "informative": false, "bindsLateUnits": true, "lateGraceDays": 30, "scope": { "mayBeEmpty": false } }] }));
    }

    async fn f1_a_malformed_id_is_refused_and_an_unknown_one_is_nothing(world: &World) {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        let unit = operator.data("{ orgUnit(by: { code: \"SNV\" }) { id } }", json!({})).await.text("/orgUnit/id");
        for (query, about) in [
            ("query($id: ID!) { node(id: $id) { id } }", "id"),
            ("query($id: ID!) { nodes(ids: [$id]) { id } }", "ids.0"),
            ("query($id: ID!) { orgUnit(by: { id: $id }) { code } }", "by.id"),
            ("query($id: ID!) { directive(by: { id: $id }) { title } }", "by.id"),
            ("query($id: ID!) { obligation(by: { id: $id }) { state } }", "by.id"),
            ("query($id: ID!) { obligation(by: { of: { requirement: $id, unit: { code: \"SNV\" } } }) { state } }", "by.of.requirement"),
            ("query($id: ID!) { journal(filter: { subject: $id }) { nodes { id } } }", "filter.subject"),
            ("query($id: ID!) { completion(unit: { id: $id }) { counted } }", "unit.id"),
            ("query($id: ID!) { obligations(filter: { requirements: [$id] }) { nodes { id } } }", "filter.requirements.0"),
        ] {
            let (code, rule, place, message) = asked(&operator, query, json!({ "id": "???" })).await;
            assert_eq!((code.as_str(), rule.as_str(), place.as_str()), ("INVALID", "F1", about), "{query}: {message}");
        }
        // Well formed, and of nothing that is there.
        let unknown = {
            use base64::Engine as _;
            use base64::engine::general_purpose::URL_SAFE_NO_PAD;
            let mut bytes = URL_SAFE_NO_PAD.decode(&unit).unwrap();
            bytes[16] ^= 1;
            URL_SAFE_NO_PAD.encode(bytes)
        };
        for query in ["query($id: ID!) { node(id: $id) { id } }", "query($id: ID!) { node: orgUnit(by: { id: $id }) { code } }"] {
            assert!(operator.data(query, json!({ "id": unknown })).await.at("/node").is_null(), "{query}");
        }
        let (code, rule, place, _) = asked(&operator, "query($id: ID!) { completion(unit: { id: $id }) { counted } }", json!({ "id": unknown })).await;
        assert_eq!((code.as_str(), rule.as_str(), place.as_str()), ("NOT_FOUND", "A5", "unit"));
    }

    async fn f2_no_text_makes_the_server_fail_and_a_search_for_nothing_finds_nothing(world: &World) {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        for (query, about) in [
            ("{ obligations(filter: { period: $t }) { nodes { id } } }", "filter.period"),
            ("{ obligations(filter: { under: { code: $t } }) { nodes { id } } }", "filter.under.code"),
            ("{ completion(unit: { code: \"KHOI\" }, filter: { period: $t }) { counted } }", "filter.period"),
            ("{ orgUnit(by: { code: $t }) { code } }", "by.code"),
            ("{ orgUnit(by: { externalId: { scheme: $t, value: \"x\" } }) { code } }", "by.externalId.scheme"),
            ("{ orgUnit(by: { externalId: { scheme: \"x\", value: $t } }) { code } }", "by.externalId.value"),
            ("{ orgUnits(filter: { search: $t }) { nodes { id } } }", "filter.search"),
            ("{ directive(by: { externalId: { scheme: $t, value: \"x\" } }) { title } }", "by.externalId.scheme"),
            ("{ directive(by: { symbol: { issuer: { code: \"KHOI\" }, symbol: $t } }) { title } }", "by.symbol.symbol"),
            ("{ directive(by: { symbol: { issuer: { code: \"KHOI\" }, symbol: \"1-KH/A\", kind: $t } }) { title } }", "by.symbol.kind"),
            ("{ directive(by: { symbol: { issuer: { code: \"KHOI\" }, symbol: \"1-KH/A\", term: $t } }) { title } }", "by.symbol.term"),
            ("{ directives(filter: { kinds: [$t] }) { nodes { id } } }", "filter.kinds.0"),
            ("{ directives(filter: { search: $t }) { nodes { id } } }", "filter.search"),
            ("{ people(search: $t) { nodes { id } } }", "search"),
        ] {
            let (code, rule, place, message) = asked(&operator, &format!("query($t: String!) {query}"), json!({ "t": "a\u{0}b" })).await;
            assert_eq!((code.as_str(), rule.as_str(), place.as_str()), ("INVALID", "F2", about), "{query}: {message}");
        }
        for query in ["{ orgUnits(filter: { search: $t }) { nodes { id } } }", "{ directives(filter: { search: $t }) { nodes { id } } }", "{ people(search: $t) { nodes { id } } }"] {
            for blank in ["", "  ", "\u{200b}\u{2060}", "\u{301}"] {
                let (code, rule, ..) = asked(&operator, &format!("query($t: String!) {query}"), json!({ "t": blank })).await;
                assert_eq!((code.as_str(), rule.as_str()), ("INVALID", "F2"), "{query} {blank:?}");
            }
        }
        // Whatever else takes a text answers something of its own, never that the server failed.
        let id = operator.data("{ orgUnit(by: { code: \"SNV\" }) { id } }", json!({})).await.text("/orgUnit/id");
        for query in [
            "query($t: String!) { orgUnits(filter: { kinds: [$t] }) { nodes { id } } }",
            "query($t: String!) { obligations(filter: { unitKinds: [$t] }) { nodes { id } } }",
            "query($t: String!) { completion(unit: { code: \"KHOI\" }, filter: { unitKinds: [$t] }) { counted } }",
            "query($t: String!) { people(after: $t) { nodes { id } } }",
            "query($t: String!) { journal(filter: { afterPosition: $t }) { nodes { id } } }",
            "query($t: ID!) { node(id: $t) { id } }",
            "query($t: String!) { orgUnit(by: { code: \"KHOI\" }) { descendantCount(kinds: [$t]) path(separator: $t) } }",
            "mutation($t: String!) { logIn(input: { userName: $t, password: $t }) { userErrors { code rule } } }",
            "mutation($t: String!) { refreshSession(input: { refreshToken: $t }) { userErrors { code rule } } }",
            "mutation($t: String!) { createService(input: { displayName: \"x\", clientMutationId: $t }) { userErrors { code rule } } }",
            "mutation($t: String!) { createService(input: { displayName: $t }) { userErrors { code rule } } }",
            "mutation($t: String!) { createUser(input: { userName: $t, displayName: $t, password: $t }) { userErrors { code rule } } }",
            "mutation($t: String!) { startObligations(input: { obligations: [{ of: { requirement: \"ID\", unit: { code: $t }, period: $t } }] }) { userErrors { code rule } } }",
            "mutation($t: String!) { draftDirective(input: { issuer: { code: \"KHOI\" }, kind: $t, title: $t, term: $t, externalIds: [{ scheme: $t, value: $t }] }) { userErrors { code rule } } }",
            "mutation($t: String!) { reorganize(input: { title: $t, effectiveOn: \"2020-12-01\", changes: [{ establish: { code: $t, kind: $t, name: $t, externalIds: [{ scheme: $t, value: $t }] } }] }) { userErrors { code rule } } }",
        ] {
            let answer = operator.ask(&query.replace("ID\"", &format!("{id}\"")), json!({ "t": "a\u{0}b" })).await;
            assert_ne!(answer.error_code(), "INTERNAL", "{query}\n{answer:?}");
            assert!(!answer.body.to_string().contains("\"rule\":null"), "{query}\n{answer:?}");
        }
    }

    async fn f2_a_name_is_kept_in_its_normal_form_or_refused_with_its_place(world: &World) {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        // As decomposed as can be, and marks in another order than the normal one.
        let decomposed = "\u{110}a\u{309}ng bo\u{323}\u{302} So\u{31b}\u{309} No\u{302}\u{323}i vu\u{323}";
        let composed = "\u{110}\u{1ea3}ng b\u{1ed9} S\u{1edf} N\u{1ed9}i v\u{1ee5}";
        let holds = |character: &str, position: usize| Err(format!("holds the forbidden character `{character}` at position `{position}`: remove it"));
        for (number, (given, told)) in [
            (decomposed.to_owned(), Ok(composed.to_owned())),
            ("e\u{302}\u{301}".repeat(255), Ok("\u{1ebf}".repeat(255))),
            (" Chi \u{a0} bộ\t1\n".to_owned(), holds("U+0009", 9)),
            ("  Chi \u{a0}  bộ 1\n".to_owned(), Ok("Chi bộ 1".to_owned())),
            ("Chi bộ\u{0}1".to_owned(), holds("U+0000", 6)),
            ("\u{0}".to_owned(), holds("U+0000", 0)),
            ("Chi bộ 1\u{200f}".to_owned(), holds("U+200F", 8)),
            ("Chi bộ \u{202e}1".to_owned(), holds("U+202E", 7)),
            ("\u{2067}Chi bộ 1\u{2069}".to_owned(), holds("U+2067", 0)),
            ("Chi\u{200b} bộ 1".to_owned(), holds("U+200B", 3)),
            ("ế".repeat(256), Err("`256` characters long, the limit is `255`: shorten it".to_owned())),
            ("x".repeat(10_000), Err("`10000` characters long, the limit is `255`: shorten it".to_owned())),
            (" \u{a0} ".to_owned(), Err("the text is empty: write something".to_owned())),
        ].into_iter().enumerate() {
            let new = format!("N{number}");
            let changes = [
                ("establish", json!({ "establish": { "code": new, "kind": "GRASSROOTS_CELL", "name": given, "parent": { "code": "KHOI" } } })),
                ("revise", json!({ "revise": { "unit": { "code": "SNV" }, "name": given } })),
            ];
            for ((sort, change), code) in changes.into_iter().zip([new.as_str(), "SNV"]) {
                let input = json!({ "title": "Tên", "effectiveOn": "2020-12-01", "changes": [change] });
                let refused = operator.ask(REORGANIZE, json!({ "input": input })).await.refusals();
                let wanted = told.as_ref().err().map(|no| format!("INVALID F2 changes.0.{sort}.name: {no}"));
                assert_eq!(refused, wanted.into_iter().collect::<Vec<_>>(), "{given:?}");
                let kept = operator.data("query($code: String!) { orgUnit(by: { code: $code }) { name } }", json!({ "code": code })).await;
                match &told {
                    Ok(name) => assert_eq!(kept.text("/orgUnit/name"), *name, "{given:?}"),
                    Err(_) => assert_ne!(kept.at("/orgUnit/name"), &json!(given), "{given:?}"),
                }
            }
        }
    }

    async fn f2_what_a_person_can_mend_is_told_in_vietnamese_and_in_english(world: &World) {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        let changes = json!([
            { "establish": { "code": "snv", "kind": "GRASSROOTS_CELL", "name": "Chi bộ", "parent": { "code": "KHOI" } } },
            { "move": { "unit": { "code": "KHOI" }, "parent": { "code": "SNV" } } },
        ]);
        let input = json!({ "input": { "title": "Sai", "effectiveOn": "2020-12-01", "changes": changes } });
        for (language, taken, cycle) in [
            (
                "vi",
                "mã `snv` chỉ khác mã `SNV` của một đơn vị ở chữ hoa, chữ thường hoặc dấu: hãy chọn mã khác",
                "`SNV` là chính `KHOI` hoặc nằm dưới `KHOI`: hãy chọn đơn vị cấp trên khác",
            ),
            (
                "en",
                "the code `snv` differs from the code `SNV` of a unit by letter case or diacritics only: choose another",
                "`SNV` is `KHOI` or stands below it: choose another parent",
            ),
        ] {
            let told = Actor { language, ..operator.clone() }.ask(REORGANIZE, input.clone()).await.refusals();
            assert_eq!(told, [format!("ALREADY_EXISTS O2 changes.0.establish.code: {taken}"), format!("CYCLE O3 changes.1.move.parent: {cycle}")]);
        }
    }

    async fn f3_a_page_and_its_cursor_are_of_the_list(world: &World) {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        let cursor = operator.data("{ people { pageInfo { endCursor } } orgUnits(first: 1) { pageInfo { endCursor } } }", json!({})).await.text("/orgUnits/pageInfo/endCursor");
        for (arguments, about) in [("first: 0", "first"), ("first: -1", "first"), ("first: 101", "first"), ("last: 0", "last"), ("first: 1, last: 1", "last")] {
            let (code, rule, place, _) = asked(&operator, &format!("{{ orgUnits({arguments}) {{ nodes {{ id }} }} }}"), json!({})).await;
            assert_eq!((code.as_str(), rule.as_str(), place.as_str()), ("INVALID", "F3", about), "{arguments}");
        }
        for list in ["orgUnits(orderBy: NAME, after: $c)", "people(after: $c)", "directives(after: $c)"] {
            let (code, rule, place, message) = asked(&operator, &format!("query($c: String!) {{ {list} {{ nodes {{ id }} }} }}"), json!({ "c": cursor })).await;
            assert_eq!((code.as_str(), rule.as_str(), place.as_str()), ("INVALID", "F3", "after"), "{list}: {message}");
        }
    }

    async fn f3_a_cursor_is_of_one_owner_and_one_filter(world: &World) {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        let page = |list: &str| format!("query($c: String) {{ {list} }}").replace("PAGE", "pageInfo { endCursor } nodes { id }");
        for (list, other, at) in [
            ("orgUnit(by: { code: \"TINH\" }) { children(first: 1, after: $c) { PAGE } }", "TINH>KHOI", "/orgUnit/children"),
            ("orgUnit(by: { code: \"TINH\" }) { history(first: 1, after: $c) { PAGE } }", "TINH>KHOI", "/orgUnit/history"),
            ("orgUnits(first: 1, after: $c, filter: { under: { code: \"TINH\" } }) { PAGE }", "TINH>KHOI", "/orgUnits"),
        ] {
            let first = operator.data(&page(list), json!({})).await;
            let cursor = first.text(&format!("{at}/pageInfo/endCursor"));
            operator.data(&page(list), json!({ "c": cursor })).await;
            let (from, to) = other.split_once('>').unwrap();
            let (code, rule, place, message) = asked(&operator, &page(&list.replace(from, to)), json!({ "c": cursor })).await;
            assert_eq!((code.as_str(), rule.as_str(), place.as_str()), ("INVALID", "F3", "after"), "{list}: {message}");
        }
        // However a client writes the same filter, it is the same list.
        let list = "query($c: String, $f: OrgUnitFilter) { orgUnits(first: 1, after: $c, filter: $f) { pageInfo { endCursor } } }";
        let cursor = operator.data(list, json!({ "f": { "under": { "code": "TINH" }, "kinds": ["BLOC"] } })).await.text("/orgUnits/pageInfo/endCursor");
        operator.data(list, json!({ "c": cursor, "f": { "kinds": ["BLOC"], "search": null, "under": { "code": "TINH" } } })).await;
    }

    async fn f4_a_key_is_for_one_input_and_a_version_for_one_change(world: &World) {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        let drafter = world.user("soan", "DRAFTER", "KHOI").await;
        let make = |name: &str| format!("mutation {{ createService(input: {{ displayName: \"{name}\", clientMutationId: \"k\" }}) {{ service {{ id }} userErrors {{ code rule path message }} }} }}");
        operator.data(&make("một"), json!({})).await;
        let other = operator.ask(&make("hai"), json!({})).await.refusals();
        assert!(other[0].starts_with("IDEMPOTENCY_MISMATCH F4 clientMutationId"), "{other:?}");
        let input = json!({ "input": { "issuer": { "code": "KHOI" }, "kind": "PLAN", "title": "x" } });
        let id = drafter.data(DRAFT, input).await.text("/draftDirective/directive/id");
        let revise = "mutation($id: ID!) { reviseDraft(input: { directive: $id, title: \"y\", expectedVersion: 7 }) { userErrors { code rule path message } } }";
        let stale = drafter.ask(revise, json!({ "id": id })).await.refusals();
        assert!(stale[0].starts_with("CONFLICT F4 expectedVersion"), "{stale:?}");
    }

    async fn f6_what_is_named_twice_is_named_by_the_id_that_clients_know(world: &World) {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        let drafter = world.user("soan", "DRAFTER", "KHOI").await;
        let unit = operator.data("{ orgUnit(by: { code: \"SNV\" }) { id } }", json!({})).await.text("/orgUnit/id");
        let twice = json!([{ "id": unit }, { "id": unit }]);
        let input = json!({ "input": { "issuer": { "code": "KHOI" }, "kind": "PLAN", "title": "x", "requirements": [
            { "kind": "STUDY", "title": "x", "scope": { "reach": "CHILDREN", "include": twice } }
        ] } });
        let refused = drafter.ask(DRAFT, input).await.refusals();
        assert_eq!(refused, [format!("INVALID B1 requirements.0.scope.include.1: `{unit}` is named twice: leave one out")]);
        let both = operator.ask("mutation { appointOfficer(input: { unit: { code: \"SNV\" }, position: SECRETARY, from: \"2020-12-01\" }) { userErrors { code rule path message } } }", json!({})).await;
        assert_eq!(both.refusals(), ["INVALID F6 : give exactly one of `person, personName`"]);
    }

    async fn a7_who_logs_in_wrongly_learns_only_that(world: &World) {
        world.operator().await;
        let log_in = "mutation($name: String!) { logIn(input: { userName: $name, password: \"sai hoàn toàn rồi\" }) { userErrors { code rule path message } } }";
        let mut said = Vec::new();
        for name in ["admin", "nobody", "a\u{0}b"] {
            said.push(world.nobody().ask(log_in, json!({ "name": name })).await.refusals());
        }
        assert!(said[0][0].starts_with("FORBIDDEN A7"), "{said:?}");
        assert!(said.iter().all(|one| *one == said[0]), "{said:?}");
        // The journal tells who, and nothing that a session could be known by.
        let operator = world.operator().await;
        let entries = operator.data("{ journal(filter: { actions: [LOGGED_IN] }) { nodes { changes { field before after } } } }", json!({})).await;
        assert!(entries.at("/journal/nodes").as_array().unwrap().iter().all(|entry| entry["changes"] == json!([])), "{entries:?}");
    }

    async fn o10_one_position_in_one_unit_is_held_once_at_a_time(world: &World) {
        let operator = world.operator().await;
        operator.establish(TREE).await;
        let appoint = "mutation($input: AppointOfficerInput!) { appointOfficer(input: $input) { appointment { person { id } } userErrors { code rule path message } } }";
        let input = |person: Value, unit: &str| {
            let mut input = json!({ "unit": { "code": unit }, "position": "SECRETARY", "from": "2020-01-01" });
            input.as_object_mut().unwrap().extend(person.as_object().unwrap().clone());
            json!({ "input": input })
        };
        let person = operator.data(appoint, input(json!({ "personName": "Nguyễn Văn A" }), "SNV")).await.text("/appointOfficer/appointment/person/id");
        operator.data(appoint, input(json!({ "person": person }), "KHOI")).await;
        let again = operator.ask(appoint, input(json!({ "person": person }), "SNV")).await.refusals();
        assert!(again[0].starts_with("ALREADY_EXISTS O10"), "{again:?}");
    }
}
