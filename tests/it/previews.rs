//! A preview answers as the real thing does, says that it is one, and writes nothing (O5, B3, D6).

use serde_json::{Value, json};

use crate::directives::{bloc, study};
use crate::harness::{Actor, both};

const REORGANIZE: &str = "mutation($input: ReorganizeInput!) { reorganize(input: $input) { preview reorganization { status } userErrors { code rule path message } } }";
const ISSUE: &str = "mutation($input: IssueDirectiveInput!) { issueDirective(input: $input) { preview bound directive { status } userErrors { code rule path message } } }";
const CONCLUDE: &str = "mutation($input: ConcludeDirectiveInput!) { concludeDirective(input: $input) { preview lapsed directive { status } userErrors { code rule path message } } }";

/// Asks for a preview and then for the real thing; both must succeed and differ by the mark only. Answers the payload.
async fn twice(actor: &Actor<'_>, mutation: &str, query: &str, mut input: Value) -> Value {
    let mut payloads = Vec::new();
    for preview in [true, false] {
        input["preview"] = json!(preview);
        let answer = actor.data(query, json!({ "input": input })).await;
        let mut payload = answer.at(&format!("/{mutation}")).clone();
        assert_eq!(payload["preview"].take(), json!(preview), "{answer:?}");
        payloads.push(payload);
    }
    let real = payloads.pop().unwrap();
    if mutation != "reorganize" {
        assert_eq!(payloads.pop().unwrap(), real);
    }
    real
}

both! {
    async fn o5_a_preview_of_any_sort_says_that_it_is_one(world: &World) {
        let bloc = bloc(world).await;
        let operator = world.operator().await;
        let change = json!([{ "revise": { "unit": { "code": "STC" }, "memberCount": 70 } }]);
        let batch = json!({ "title": "Cập nhật", "effectiveOn": "2020-12-01", "changes": change });
        assert_eq!(twice(&operator, "reorganize", REORGANIZE, batch.clone()).await["reorganization"]["status"], "ENACTED");
        let again = operator.ask(REORGANIZE, json!({ "input": batch })).await;
        assert_eq!(again.at("/reorganize/preview"), false, "a refusal says what was asked for: {again:?}");
        let id = bloc.draft("KHOI", "Kế hoạch", json!({ "requirements": [study("2020-12-30")] })).await;
        let issued = twice(&bloc, "issueDirective", ISSUE, json!({ "directive": id, "symbol": "1-KH/ĐUK", "issuedOn": "2020-12-01" })).await;
        assert_eq!((&issued["directive"]["status"], &issued["bound"]), (&json!("ISSUED"), &json!(3)));
        let concluded = twice(&bloc, "concludeDirective", CONCLUDE, json!({ "directive": id })).await;
        assert_eq!((&concluded["directive"]["status"], &concluded["lapsed"]), (&json!("CONCLUDED"), &json!(3)));
    }

    async fn b2_what_only_the_issue_asks_is_told_by_its_preview(world: &World) {
        let bloc = bloc(world).await;
        let asked = |scope: Value| json!({ "requirements": [{ "kind": "IMPLEMENT", "title": "Thực hiện", "scope": scope }] });
        for (scope, told) in [
            (json!({ "reach": "CHILDREN", "include": [{ "code": "HUYEN" }] }), "OUTSIDE_ISSUER B2 directive.requirements.0.scope.include.0"),
            (json!({ "reach": "CHILDREN", "kinds": ["DISTRICT"] }), "INVALID B1 directive.requirements.0.scope"),
        ] {
            let id = bloc.draft("KHOI", "Kế hoạch", asked(scope)).await;
            let input = json!({ "directive": id, "symbol": "1-KH/ĐUK", "issuedOn": "2020-12-01", "preview": true });
            let answer = bloc.ask(ISSUE, json!({ "input": input })).await;
            assert!(answer.refusals()[0].starts_with(told), "{answer:?}");
            assert_eq!((answer.at("/issueDirective/preview"), answer.at("/issueDirective/directive")), (&json!(true), &json!(null)));
        }
        for (scope, told) in [
            (json!({ "reach": "CHILDREN", "include": [{ "code": "" }] }), "NOT_FOUND A5 requirements.0.scope.include.0: there is no unit (empty): "),
            (json!({ "reach": "CHILDREN", "kinds": ["LAKE"] }), "requirements.0.scope.kinds.0: there is no kind of unit `LAKE`: use a code from `orgUnitKinds`"),
        ] {
            let refused = bloc.try_draft("KHOI", "Kế hoạch", asked(scope)).await.refusals();
            assert!(refused[0].contains(told), "{refused:?}");
        }
    }

    async fn o9_an_external_id_that_is_taken_does_not_tell_of_a_hidden_draft(world: &World) {
        let bloc = bloc(world).await;
        let named = |value: &str| json!({ "externalIds": [{ "scheme": "vpdt", "value": value }] });
        bloc.draft("KHOI", "Kế hoạch mật", named("81")).await;
        let issued = bloc.draft("KHOI", "Kế hoạch công khai", named("82")).await;
        bloc.issue(&issued, "82-KH/ĐUK").await;
        let beside = world.user("huyen", "DRAFTER", "HUYEN").await;
        let above = world.user("tinh", "DRAFTER", "TINH").await;
        let refused = async |value: &str, actor: &Actor<'_>, unit: &str| actor.try_draft(unit, "Kế hoạch", named(value)).await.refusals().concat();
        let (draft, directive) = (refused("81", &beside, "HUYEN").await, refused("82", &beside, "HUYEN").await);
        assert!(draft.starts_with("ALREADY_EXISTS O9 externalIds.0: "), "{draft}");
        assert_eq!(draft.replace("81", "82"), directive, "a draft and a directive that are hidden look alike");
        assert!(!draft.contains("mật"), "{draft}");
        let seen = refused("81", &above, "TINH").await;
        assert!(seen.contains("Kế hoạch mật"), "who may read it is told which it is: {seen}");
        let own = "mutation($input: ReviseDraftInput!) { reviseDraft(input: $input) { userErrors { code rule path message } } }";
        let id = beside.draft("HUYEN", "Kế hoạch", named("83")).await;
        let mut input = named("83");
        input["directive"] = json!(id);
        beside.data(own, json!({ "input": input })).await;
    }
}
