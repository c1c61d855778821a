//! Whom directives bind, and why, over HTTP (section 4).

use serde_json::{Value, json};

use crate::directives::{bloc, study};
use crate::harness::{Actor, both};

const BOUND: &str = "query($id: ID!) { directive(by: { id: $id }) { requirements { id } boundUnits { totalCount nodes {
    unit { code } boundOn obligations { dueOn state reasons { rule } } reasons { rule reach anchor { code } text(locale: EN) } } } } }";
const PREVIEW: &str = "mutation($input: IssueDirectiveInput!) { issueDirective(input: $input) {
    bound bindings { totalCount nodes { unit { code } reasons { rule } } } directive { status symbol } userErrors { code rule path message } } }";

/// A requirement with that scope.
fn asking(scope: Value) -> Value {
    json!({ "requirements": [{ "kind": "IMPLEMENT", "title": "Tổ chức thực hiện", "scope": scope }] })
}

/// Drafts, issues and tells the codes of the units that are bound.
async fn bound(actor: &Actor<'_>, number: u32, scope: Value) -> Vec<String> {
    let id = actor.draft("KHOI", "Kế hoạch", asking(scope)).await;
    actor.issue(&id, &format!("{number}-KH/ĐUK")).await;
    actor.data(BOUND, json!({ "id": id })).await.texts("/directive/boundUnits/nodes", "/unit/code")
}

/// How refusals begin: code, rule and path.
fn begins(refusals: &[String]) -> Vec<&str> {
    refusals.iter().filter_map(|refusal| refusal.split(':').next()).collect()
}

both! {
    async fn b1_children_are_not_descendants_and_exceptions_win(world: &World) {
        let bloc = bloc(world).await;
        assert_eq!(bound(&bloc, 1, json!({ "reach": "CHILDREN" })).await, ["SNV", "STC", "TTR"]);
        assert_eq!(bound(&bloc, 2, json!({ "reach": "DESCENDANTS" })).await, ["SNV", "SNV-1", "SNV-2", "STC", "TTR"]);
        assert_eq!(bound(&bloc, 3, json!({ "reach": "SELF" })).await, ["KHOI"]);
        let scope = json!({ "reach": "DESCENDANTS", "kinds": ["CELL", "GRASSROOTS_CELL"], "include": [{ "code": "STC" }], "except": [{ "code": "SNV-2" }] });
        assert_eq!(bound(&bloc, 4, scope).await, ["SNV-1", "STC", "TTR"]);
        let scope = json!({ "anchor": { "code": "SNV" }, "reach": "DESCENDANTS", "include": [{ "code": "TTR" }, { "code": "STC" }], "exceptSubtrees": [{ "code": "STC" }] });
        assert_eq!(bound(&bloc, 5, scope).await, ["SNV-1", "SNV-2", "TTR"]);
    }

    async fn b1_a_scope_that_covers_nobody_is_refused_unless_it_may_be_empty(world: &World) {
        let bloc = bloc(world).await;
        let nobody = bloc.draft("KHOI", "Kế hoạch", asking(json!({ "reach": "CHILDREN", "kinds": ["DISTRICT"] }))).await;
        let refused = bloc.try_issue(&nobody, "1-KH/ĐUK", json!({})).await.refusals();
        assert_eq!(begins(&refused), ["INVALID B1 directive.requirements.0.scope"]);
        let empty = bloc.draft("KHOI", "Kế hoạch", asking(json!({ "reach": "CHILDREN", "kinds": ["DISTRICT"], "mayBeEmpty": true }))).await;
        assert_eq!(bloc.issue(&empty, "1-KH/ĐUK").await.number("/issueDirective/bound"), 0);
    }

    async fn b2_a_scope_outside_the_issuer_is_refused_when_it_is_issued(world: &World) {
        let bloc = bloc(world).await;
        let scope = json!({ "reach": "CHILDREN", "include": [{ "code": "SNV-1" }, { "code": "SNV-2" }, { "code": "HUYEN" }] });
        let id = bloc.draft("KHOI", "Kế hoạch", asking(scope)).await;
        let refused = bloc.try_issue(&id, "1-KH/ĐUK", json!({})).await.refusals();
        assert_eq!(begins(&refused), ["OUTSIDE_ISSUER B2 directive.requirements.0.scope.include.2"]);
        let above = bloc.draft("KHOI", "Kế hoạch", asking(json!({ "anchor": { "code": "TINH" }, "reach": "CHILDREN" }))).await;
        assert_eq!(begins(&bloc.try_issue(&above, "1-KH/ĐUK", json!({})).await.refusals()), ["OUTSIDE_ISSUER B2 directive.requirements.0.scope.anchor"]);
        let count = bloc.data("{ directives(filter: { statuses: [ISSUED] }) { totalCount } }", json!({})).await;
        assert_eq!(count.number("/directives/totalCount"), 0, "all or none");
        let unknown = bloc.try_draft("KHOI", "Kế hoạch", asking(json!({ "reach": "CHILDREN", "except": [{ "code": "KHÔNG-CÓ" }] }))).await.refusals();
        assert_eq!(begins(&unknown), ["NOT_FOUND A5 requirements.0.scope.except.0"]);
    }

    async fn b3_two_rules_bind_once_with_two_reasons_and_a_preview_says_the_same(world: &World) {
        let bloc = bloc(world).await;
        let scope = json!({ "reach": "CHILDREN", "include": [{ "code": "TTR" }, { "code": "SNV-1" }] });
        let mut asked = asking(scope);
        asked["requirements"].as_array_mut().unwrap().push(study("2020-12-30"));
        let id = bloc.draft("KHOI", "Kế hoạch", asked).await;
        let input = json!({ "input": { "directive": id, "symbol": "1-KH/ĐUK", "issuedOn": "2020-12-01", "preview": true } });
        let preview = bloc.data(PREVIEW, input).await;
        assert_eq!((preview.number("/issueDirective/bound"), preview.text("/issueDirective/directive/status")), (4, "ISSUED".into()));
        let previewed = preview.texts("/issueDirective/bindings/nodes", "/unit/code");
        assert_eq!(bloc.data(BOUND, json!({ "id": id })).await.number("/directive/boundUnits/totalCount"), 0, "a preview writes nothing");
        bloc.issue(&id, "1-KH/ĐUK").await;
        let read = bloc.data(BOUND, json!({ "id": id })).await;
        assert_eq!(read.texts("/directive/boundUnits/nodes", "/unit/code"), previewed);
        assert_eq!(previewed, ["SNV", "SNV-1", "STC", "TTR"]);
        assert_eq!(read.texts("/directive/boundUnits/nodes/3/reasons", "/rule"), ["SCOPE", "INCLUDED"]);
        assert_eq!(read.texts("/directive/boundUnits/nodes/1/reasons", "/rule"), ["INCLUDED"]);
        assert_eq!(read.at("/directive/boundUnits/nodes/3/obligations"), &json!([
            { "dueOn": null, "state": "PENDING", "reasons": [{ "rule": "SCOPE" }, { "rule": "INCLUDED" }] },
            { "dueOn": "2020-12-30", "state": "PENDING", "reasons": [{ "rule": "SCOPE" }] },
        ]));
    }

    async fn b5_explain_says_why_a_unit_is_bound_and_why_another_is_not(world: &World) {
        let bloc = bloc(world).await;
        let id = bloc.draft("KHOI", "Kế hoạch", json!({ "requirements": [study("2020-12-30")] })).await;
        bloc.issue(&id, "1-KH/ĐUK").await;
        let requirement = bloc.data(BOUND, json!({ "id": id })).await.text("/directive/requirements/0/id");
        let query = "query($unit: String!, $id: ID!) { explain(unit: { code: $unit }, requirement: $id) { bound notBoundBecause reasons { rule } en: text(locale: EN) vi: text } }";
        let ask = |unit: &str| bloc.ask(query, json!({ "unit": unit, "id": requirement }));
        let yes = ask("SNV").await;
        assert_eq!(yes.at("/explain/bound"), true);
        assert_eq!(yes.text("/explain/en"), "`Đảng bộ Sở Nội vụ` is bound because it is in the scope: the units directly below `Đảng bộ Khối các cơ quan tỉnh`");
        assert!(yes.text("/explain/vi").contains("trực thuộc"), "{yes:?}");
        let no = ask("SNV-1").await;
        assert_eq!((no.at("/explain/bound"), no.texts("/explain/reasons", "/rule").len()), (&json!(false), 0));
        let because = [("en", "the scope reaches only the units directly below `Đảng bộ Khối các cơ quan tỉnh`"), ("vi", "đối tượng thực hiện chỉ gồm các đơn vị trực thuộc `Đảng bộ Khối các cơ quan tỉnh`")];
        assert_eq!(no.text("/explain/en"), format!("`Chi bộ 1` is not bound because {}", because[0].1));
        assert_eq!(no.text("/explain/vi"), format!("`Chi bộ 1` không phải thực hiện vì {}", because[1].1));
        for (language, clause) in because {
            let told = Actor { language, ..bloc.clone() }.data(query, json!({ "unit": "SNV-1", "id": requirement })).await;
            assert_eq!(told.text("/explain/notBoundBecause"), clause);
        }
        assert_eq!(ask("HUYEN").await.error_code(), "FORBIDDEN");
        let of_unit = bloc.data("{ orgUnit(by: { code: \"SNV\" }) { bindings { totalCount nodes { directive { symbol } boundOn } } } }", json!({})).await;
        assert_eq!(of_unit.text("/orgUnit/bindings/nodes/0/directive/symbol"), "1-KH/ĐUK");
        let elsewhere = bloc.ask("{ orgUnit(by: { code: \"HUYEN\" }) { bindings { totalCount } } }", json!({})).await;
        assert_eq!(elsewhere.error_code(), "FORBIDDEN");
    }

    async fn l6_issuing_the_document_that_was_asked_for_is_the_report(world: &World) {
        let bloc = bloc(world).await;
        let office = world.user("snv", "DRAFTER", "SNV").await;
        let asked = json!({ "requirements": [{ "kind": "DOCUMENT", "title": "Xây dựng chương trình hành động", "scope": { "reach": "CHILDREN" } }, study("2020-12-30")] });
        let id = bloc.draft("KHOI", "Kế hoạch", asked).await;
        bloc.issue(&id, "1-KH/ĐUK").await;
        let requirements = bloc.data(BOUND, json!({ "id": id })).await.texts("/directive/requirements", "/id");
        let of = |requirement: &str, unit: &str| json!({ "of": { "requirement": requirement, "unit": { "code": unit } } });
        let programme = office.draft("SNV", "Chương trình hành động", json!({ "kind": "PROGRAMME", "relations": [{ "kind": "IMPLEMENTS", "to": { "id": id } }] })).await;
        let wrong = json!({ "discharges": [of(&requirements[0], "STC"), of(&requirements[1], "SNV")] });
        let refused = office.try_issue(&programme, "1-CTr/ĐU", wrong).await.refusals();
        assert_eq!(begins(&refused), ["NOT_FOUND A5 discharges.0", "INVALID L6 discharges.1"]);
        office.try_issue(&programme, "1-CTr/ĐU", json!({ "discharges": [of(&requirements[0], "SNV")] })).await.expect_no_errors("discharge");
        let read = office.data("query($id: ID!) { directive(by: { id: $id }) { discharges { state unit { code } latestReport { directive { symbol } } } } }", json!({ "id": programme })).await;
        assert_eq!(read.at("/directive/discharges"), &json!([{ "state": "REPORTED", "unit": { "code": "SNV" }, "latestReport": { "directive": { "symbol": "1-CTr/ĐU" } } }]));
        let waits = bloc.step("concludeDirective", &id, json!({})).await.refusals();
        assert_eq!(begins(&waits), ["STEP_NOT_ALLOWED D6 directive"]);
        assert!(waits[0].contains("`SNV`"), "{waits:?}");
    }
}
