//! What stands beside the text of a document: who signed it, what rests on it, what it wants counted; and calls that are sent again.

use serde_json::{Value, json};

use crate::directives::{begins, bloc, study};
use crate::harness::{Actor, both};

const APPOINT: &str =
    "mutation($input: AppointOfficerInput!) { appointOfficer(input: $input) { appointment { id } userErrors { message path } } }";
const REORGANIZE: &str = "mutation($input: ReorganizeInput!) { reorganize(input: $input) {
    reorganization { legalBasis { title symbol } } userErrors { code rule path message } } }";

/// Appoints a new person as secretary of a unit; answers the id of the appointment.
async fn secretary(operator: &Actor<'_>, name: &str, unit: &str, from: &str, to: Option<&str>) -> String {
    let input = json!({ "personName": name, "unit": { "code": unit }, "position": "SECRETARY", "from": from, "to": to });
    operator.data(APPOINT, json!({ "input": input })).await.text("/appointOfficer/appointment/id")
}

/// Sends a mutation on a directive twice under one key, and once more with another input.
async fn sent_again(actor: &Actor<'_>, mutation: &str, input: Value, other: Value) -> String {
    let kind = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
    let query = format!(
        "mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ directive {{ id version }} userErrors {{ code rule path message }} }} }}"
    );
    let keyed = |mut input: Value| {
        input["clientMutationId"] = json!(format!("key of {mutation}"));
        json!({ "input": input })
    };
    let first = actor.data(&query, keyed(input.clone())).await;
    let again = actor.data(&query, keyed(input)).await;
    assert_eq!(first.body["extensions"]["position"], again.body["extensions"]["position"], "{mutation} is done once");
    assert_eq!(first.at(&format!("/{mutation}/directive")), again.at(&format!("/{mutation}/directive")), "{mutation} answers as it did");
    let mismatch = actor.ask(&query, keyed(other)).await.refusals();
    assert_eq!(begins(&mismatch), ["IDEMPOTENCY_MISMATCH F4 clientMutationId"], "{mutation}");
    first.text(&format!("/{mutation}/directive/id"))
}

both! {
    async fn who_signs_holds_a_position_in_the_issuer_on_the_day_of_issue(world: &World) {
        let bloc = bloc(world).await;
        let operator = world.operator().await;
        let signer = secretary(&operator, "Trần Văn Ký", "KHOI", "2020-11-01", None).await;
        let elsewhere = secretary(&operator, "Lê Thị Khác", "SNV", "2020-11-01", None).await;
        let before = secretary(&operator, "Phạm Văn Cũ", "KHOI", "2020-01-01", Some("2020-11-01")).await;
        let id = bloc.draft("KHOI", "Kế hoạch", json!({ "requirements": [study("2020-12-30")] })).await;
        for other in [&elsewhere, &before] {
            let refused = bloc.try_issue(&id, "1-KH/ĐUK", json!({ "signedBy": other })).await.refusals();
            assert_eq!(begins(&refused), ["NOT_FOUND A5 signedBy"]);
        }
        let query = "query($id: ID!) { directive(by: { id: $id }) { signedBy { position unit { code } person { name } } } }";
        assert!(bloc.data(query, json!({ "id": id })).await.at("/directive/signedBy").is_null(), "a draft is signed by nobody");
        bloc.try_issue(&id, "1-KH/ĐUK", json!({ "signedBy": signer })).await.expect_no_errors("issue");
        let signed = bloc.data(query, json!({ "id": id })).await;
        let wanted = json!({ "position": "SECRETARY", "unit": { "code": "KHOI" }, "person": { "name": "Trần Văn Ký" } });
        assert_eq!(signed.at("/directive/signedBy"), &wanted);
    }

    async fn o5_a_reorganization_rests_on_a_directive_that_its_reader_may_know_of(world: &World) {
        let bloc = bloc(world).await;
        let id = bloc.draft("KHOI", "Quyết định thành lập", json!({ "requirements": [study("2020-12-30")] })).await;
        bloc.issue(&id, "5-QĐ/ĐUK").await;
        let admin = world.user("qt", "ADMIN", "KHOI").await;
        let reorganize = |basis: Value, code: &str| json!({ "input": { "title": "Thành lập", "effectiveOn": "2020-12-01", "legalBasis": basis,
            "changes": [{ "establish": { "code": code, "kind": "GRASSROOTS_CELL", "name": "Chi bộ mới", "parent": { "code": "KHOI" } } }] } });
        let unknown = json!({ "symbol": { "issuer": { "code": "KHOI" }, "symbol": "6-QĐ/ĐUK" } });
        assert_eq!(begins(&admin.ask(REORGANIZE, reorganize(unknown, "MOI")).await.refusals()), ["NOT_FOUND A5 legalBasis"]);
        let by_symbol = json!({ "symbol": { "issuer": { "code": "KHOI" }, "symbol": "05/QĐ-ĐUK" } });
        let made = admin.data(REORGANIZE, reorganize(by_symbol, "MOI")).await;
        let wanted = json!({ "title": "Quyết định thành lập", "symbol": "5-QĐ/ĐUK" });
        assert_eq!(made.at("/reorganize/reorganization/legalBasis"), &wanted);
        let list = "{ reorganizations(first: 1) { nodes { title legalBasis { title symbol } } } }";
        assert_eq!(admin.data(list, json!({})).await.at("/reorganizations/nodes/0/legalBasis"), &wanted);
        let stranger = world.user("huyen", "VIEWER", "HUYEN").await;
        let seen = stranger.data(list, json!({})).await;
        assert_eq!((seen.text("/reorganizations/nodes/0/title").as_str(), seen.at("/reorganizations/nodes/0/legalBasis")), ("Thành lập", &Value::Null), "A3, A5");
        assert_eq!(begins(&world.user("qt2", "ADMIN", "HUYEN").await.ask(REORGANIZE, json!({ "input": { "title": "Lập", "effectiveOn": "2020-12-01", "legalBasis": { "id": id },
            "changes": [{ "establish": { "code": "X", "kind": "GRASSROOTS_CELL", "name": "Chi bộ", "parent": { "code": "HUYEN" } } }] } })).await.refusals()), ["NOT_FOUND A5 legalBasis"]);
    }

    async fn c9_a_goal_that_is_split_down_to_units_shows_its_parts_and_the_difference(world: &World) {
        let bloc = bloc(world).await;
        let mut asked = study("2020-12-30");
        let part = |unit: &str, goal: &str| json!({ "unit": { "code": unit }, "goal": goal });
        asked["indicators"] = json!([{ "key": "attended", "label": "Số dự học", "unitOfMeasure": "người", "aggregation": "SUM", "goal": "100.5",
            "goalDirection": "AT_LEAST", "required": true, "goals": [part("SNV", "60.25"), part("STC", "30")] }, { "key": "cells", "label": "Chi bộ", "aggregation": "SUM" }]);
        let id = bloc.draft("KHOI", "Kế hoạch", json!({ "requirements": [asked.clone()] })).await;
        let query = "query($id: ID!) { directive(by: { id: $id }) { requirements { indicators { key label unitOfMeasure aggregation goal goalDirection required goalDifference goals { unit { code } goal } } } } }";
        let wanted = json!([
            { "key": "attended", "label": "Số dự học", "unitOfMeasure": "người", "aggregation": "SUM", "goal": "100.5", "goalDirection": "AT_LEAST", "required": true,
              "goalDifference": "-10.25", "goals": [{ "unit": { "code": "SNV" }, "goal": "60.25" }, { "unit": { "code": "STC" }, "goal": "30" }] },
            { "key": "cells", "label": "Chi bộ", "unitOfMeasure": null, "aggregation": "SUM", "goal": null, "goalDirection": null, "required": false, "goalDifference": null, "goals": [] },
        ]);
        assert_eq!(bloc.data(query, json!({ "id": id })).await.at("/directive/requirements/0/indicators"), &wanted);
        bloc.issue(&id, "1-KH/ĐUK").await;
        assert_eq!(bloc.data(query, json!({ "id": id })).await.at("/directive/requirements/0/indicators"), &wanted, "and the issue changes nothing of it");
        asked["indicators"][0]["goals"] = json!([part("SNV", "1"), part("SNV", "2")]);
        let twice = bloc.try_draft("KHOI", "Khác", json!({ "requirements": [asked] })).await.refusals();
        assert!(twice[0].starts_with("INVALID") && twice[0].contains("requirements.0.indicators.0.goals.1"), "{twice:?}");
    }

    async fn mutations_of_directives_that_are_sent_again_answer_as_they_did(world: &World) {
        let bloc = bloc(world).await;
        let draft = |title: &str| json!({ "issuer": { "code": "KHOI" }, "kind": "PLAN", "title": title, "requirements": [study("2020-12-30")] });
        let id = sent_again(&bloc, "draftDirective", draft("Kế hoạch"), draft("Kế hoạch khác")).await;
        sent_again(&bloc, "reviseDraft", json!({ "directive": id, "title": "Kế hoạch học tập" }), json!({ "directive": id, "title": "Khác" })).await;
        let issue = |symbol: &str| json!({ "directive": id, "symbol": symbol, "issuedOn": "2020-12-01" });
        sent_again(&bloc, "issueDirective", issue("1-KH/ĐUK"), issue("2-KH/ĐUK")).await;
        sent_again(&bloc, "concludeDirective", json!({ "directive": id, "summary": "Đạt" }), json!({ "directive": id })).await;
        let history = "query($id: ID!) { directive(by: { id: $id }) { title status history { nodes { action } } } }";
        let told = bloc.data(history, json!({ "id": id })).await;
        assert_eq!(told.texts("/directive/history/nodes", "/action"), ["DIRECTIVE_DRAFTED", "DRAFT_REVISED", "DIRECTIVE_ISSUED", "DIRECTIVE_CONCLUDED"]);
        assert_eq!((told.text("/directive/title").as_str(), told.text("/directive/status").as_str()), ("Kế hoạch học tập", "CONCLUDED"));
    }

    async fn o7_titles_sort_alike_on_both_databases_whatever_their_collation(world: &World) {
        let bloc = bloc(world).await;
        // Dictionaries put marks in another order than their codes have, and look at letters before them.
        let titles = ["Kế hoạch (đợt 2)", "Kế hoạch - đợt 1", "Kế hoạch, đợt 3", "Kế_hoạch", "ke hoach", "Kế hoạch 10", "Kế hoạch 9"];
        for title in titles {
            bloc.draft("KHOI", title, json!({})).await;
        }
        let query = "query($after: String) { directives(orderBy: TITLE, first: 2, after: $after) { nodes { title } pageInfo { hasNextPage endCursor } } }";
        let (mut found, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = bloc.data(query, json!({ "after": after })).await;
            found.extend(page.texts("/directives/nodes", "/title"));
            if page.at("/directives/pageInfo/hasNextPage") == &json!(false) {
                break;
            }
            after = page.at("/directives/pageInfo/endCursor").clone();
        }
        let mut wanted = titles.to_vec();
        wanted.sort_by_key(|title| chidao_domain::text::fold(title));
        assert_eq!(found, wanted);
    }
}
