//! Directives that change others: amend, supplement, replace, repeal (D2, D6).

use serde_json::{Value, json};

use crate::directives::{begins, bloc, study};
use crate::harness::{Actor, Answer, both};
use crate::obligations::{act, done, of, report, see};

const ISSUE: &str = "mutation($input: IssueDirectiveInput!) { issueDirective(input: $input) {
    bound released ends { symbol status endedOn } directive { id status } userErrors { code rule path message } } }";
const READ: &str = "query($id: ID!) { directive(by: { id: $id }) { status endedOn version requirements { id }
    relations { kind from { title } to { title } note } changedBy { kind from { title } to { title } }
    completion { total released fulfilled counted } history { nodes { action reason changes { field before after } } } } }";

fn relation(kind: &str, to: &str) -> Value {
    json!({ "kind": kind, "to": { "id": to } })
}

/// A plan of the bloc for the units directly below it, with relations; issued.
async fn plan(drafter: &Actor<'_>, title: &str, symbol: &str, relations: Vec<Value>) -> String {
    let id = drafter.draft("KHOI", title, json!({ "requirements": [study("2020-12-30")], "relations": relations })).await;
    drafter.issue(&id, symbol).await;
    id
}

async fn read(reader: &Actor<'_>, id: &str) -> Answer {
    reader.data(READ, json!({ "id": id })).await
}

/// Issues a draft today, or looks at what that would do.
async fn issue(drafter: &Actor<'_>, id: &str, symbol: &str, preview: bool) -> Answer {
    let today = drafter.world.clock.today().to_string();
    let input =
        json!({ "directive": id, "symbol": symbol, "issuedOn": today, "preview": preview, "clientMutationId": format!("{id} {preview}") });
    drafter.data(ISSUE, json!({ "input": input })).await
}

both! {
    async fn d6_a_directive_that_replaces_another_ends_it_and_releases_what_is_open(world: &World) {
        let bloc = bloc(world).await;
        let old = plan(&bloc, "Kế hoạch cũ", "1-KH/ĐUK", vec![]).await;
        let asked = read(&bloc, &old).await.text("/directive/requirements/0/id");
        let (units, supervisor) = (world.user("r", "REPORTER", "KHOI").await, world.user("gs", "SUPERVISOR", "KHOI").await);
        done(&units, "submitReports", report(vec![of(&asked, "SNV")], json!({}))).await;
        done(&units, "submitReports", report(vec![of(&asked, "TTR")], json!({}))).await;
        done(&supervisor, "acceptReports", json!({ "obligations": [of(&asked, "TTR")] })).await;
        world.day("2020-12-10");
        let draft = json!({ "requirements": [study("2021-01-30")], "relations": [relation("REPLACES", &old)] });
        let new = bloc.draft("KHOI", "Kế hoạch mới", draft).await;

        let preview = issue(&bloc, &new, "2-KH/ĐUK", true).await;
        let wanted = json!([{ "symbol": "1-KH/ĐUK", "status": "REPLACED", "endedOn": "2020-12-10" }]);
        assert_eq!((preview.at("/issueDirective/ends"), preview.number("/issueDirective/released")), (&wanted, 2));
        let before = read(&bloc, &old).await;
        assert_eq!((before.text("/directive/status").as_str(), before.number("/directive/completion/released")), ("ISSUED", 0), "a preview writes nothing");
        assert_eq!(before.at("/directive/changedBy"), &json!([{ "kind": "REPLACES", "from": { "title": "Kế hoạch mới" }, "to": { "title": "Kế hoạch cũ" } }]), "its drafter sees what is coming");
        assert_eq!(read(&units, &old).await.at("/directive/changedBy"), &json!([{ "kind": "REPLACES", "from": { "title": "Kế hoạch mới" }, "to": { "title": "Kế hoạch cũ" } }]), "over the issuer, drafts are read");
        let cell = world.user("ttr", "VIEWER", "TTR").await;
        assert_eq!(read_relations(&cell, &old).await["changedBy"], json!([]), "a draft is nobody else's to read (A3)");

        let issued = issue(&bloc, &new, "2-KH/ĐUK", false).await;
        assert_eq!((issued.at("/issueDirective/ends"), issued.number("/issueDirective/released"), issued.number("/issueDirective/bound")), (&wanted, 2, 3));
        let again = issue(&bloc, &new, "2-KH/ĐUK", false).await;
        assert_eq!(again.body["data"], issued.body["data"], "sent again it answers as it did (F4)");
        let after = read(&bloc, &old).await;
        assert_eq!((after.text("/directive/status"), after.text("/directive/endedOn"), after.number("/directive/version")), ("REPLACED".into(), "2020-12-10".into(), 3));
        assert_eq!((after.number("/directive/completion/total"), after.number("/directive/completion/released"), after.number("/directive/completion/fulfilled")), (3, 2, 1), "what is closed stays");
        let last = after.at("/directive/history/nodes").as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["action"], &last["reason"]), (&json!("DIRECTIVE_REPLACED"), &json!("2-KH/ĐUK Kế hoạch mới")));
        assert_eq!(last["changes"], json!([{ "field": "status", "before": "ISSUED", "after": "REPLACED" }]));

        let snv = see(&units, &of(&asked, "SNV")).await;
        assert_eq!((snv.text("/obligation/state"), snv.text("/obligation/closedOn")), ("RELEASED".into(), "2020-12-10".into()));
        assert_eq!(snv.text("/obligation/closingReason"), "its directive was replaced: 2-KH/ĐUK Kế hoạch mới");
        assert_eq!(snv.texts("/obligation/viewerCan", ""), Vec::<String>::new());
        let late = act(&supervisor, "acceptReports", json!({ "obligations": [of(&asked, "SNV")] })).await.refusals();
        assert_eq!(begins(&late), ["STEP_NOT_ALLOWED L1 obligations.0"], "the report that waited waits no more");
        let explain = "query($id: ID!) { explain(requirement: $id, unit: { code: \"STC\" }) { bound text(locale: EN) } }";
        let told = bloc.data(explain, json!({ "id": asked })).await;
        assert!(told.text("/explain/text").contains("its directive was replaced: 2-KH/ĐUK"), "{told:?}");
        assert_eq!(read_relations(&cell, &old).await["changedBy"], json!([{ "from": { "title": "Kế hoạch mới" } }]), "issued, it is read by whom it binds");
    }

    async fn d2_one_directive_may_change_several_and_says_of_each_one_thing(world: &World) {
        let bloc = bloc(world).await;
        let mut ids = Vec::new();
        for number in 1..=4 {
            ids.push(plan(&bloc, &format!("Kế hoạch {number}"), &format!("{number}-KH/ĐUK"), vec![]).await);
        }
        let said = vec![relation("REPLACES", &ids[0]), relation("REPEALS", &ids[1]), relation("AMENDS", &ids[2]), relation("SUPPLEMENTS", &ids[3]), relation("AMENDS", &ids[3])];
        let id = bloc.draft("KHOI", "Kế hoạch chung", json!({ "relations": said, "requirements": [study("2020-12-30")] })).await;
        let issued = issue(&bloc, &id, "9-KH/ĐUK", false).await;
        assert_eq!(issued.texts("/issueDirective/ends", "/status"), ["REPLACED", "REPEALED"]);
        assert_eq!(issued.number("/issueDirective/released"), 6);
        for (of, status, released) in [(0, "REPLACED", 3), (1, "REPEALED", 3), (2, "ISSUED", 0), (3, "ISSUED", 0)] {
            let seen = read(&bloc, &ids[of]).await;
            assert_eq!((seen.text("/directive/status").as_str(), seen.number("/directive/completion/released")), (status, released), "{of}");
        }
        assert_eq!(read(&bloc, &ids[3]).await.texts("/directive/changedBy", "/kind"), ["AMENDS", "SUPPLEMENTS"]);
        let read_kinds = "query($id: ID!, $kinds: [RelationKind!]) { directive(by: { id: $id }) { relations(kinds: $kinds) { kind } changedBy(kinds: $kinds) { kind } } }";
        let repealing = bloc.data(read_kinds, json!({ "id": id, "kinds": ["REPEALS"] })).await;
        assert_eq!(repealing.texts("/directive/relations", "/kind"), ["REPEALS"]);
        assert_eq!(bloc.data(read_kinds, json!({ "id": ids[3], "kinds": ["AMENDS"] })).await.texts("/directive/changedBy", "/kind"), ["AMENDS"]);

        let wrong = [
            (vec![relation("AMENDS", &ids[2]), relation("AMENDS", &ids[2])], "INVALID D2 relations.1.to"),
            (vec![relation("REPEALS", &ids[2]), relation("REPLACES", &ids[2])], "INVALID D2 relations.1.to"),
            (vec![relation("IMPLEMENTS", &ids[2]), relation("REPLACES", &ids[2])], "INVALID D2 relations.1.to"),
            (vec![relation("IMPLEMENTS", &ids[2]), relation("IMPLEMENTS", &ids[2])], "INVALID D4 relations.1.to"),
        ];
        for (relations, refusal) in wrong {
            assert_eq!(begins(&bloc.try_draft("KHOI", "Sai", json!({ "relations": relations })).await.refusals()), [refusal]);
        }
        let draft = bloc.draft("KHOI", "Chính mình", json!({})).await;
        let itself = bloc.step("reviseDraft", &draft, json!({ "relations": [relation("AMENDS", &draft)] })).await.refusals();
        assert_eq!(begins(&itself), ["CYCLE D2 relations.0.to"]);
    }

    async fn d2_only_what_is_in_force_is_changed_and_only_from_the_same_unit_or_above(world: &World) {
        let bloc = bloc(world).await;
        let (province, below) = (world.user("tinh", "DRAFTER", "TINH").await, world.user("snv", "DRAFTER", "SNV").await);
        let district = world.user("huyen", "DRAFTER", "HUYEN").await;
        let old = plan(&bloc, "Kế hoạch", "1-KH/ĐUK", vec![]).await;
        let repeals = json!({ "relations": [relation("REPEALS", &old)] });
        let no = below.try_draft("SNV", "Bãi bỏ", repeals.clone()).await.refusals();
        assert_eq!(begins(&no), ["OUTSIDE_ISSUER D2 relations.0.to"]);
        assert!(no[0].contains("`KHOI`"), "it says who may: {no:?}");
        assert_eq!(begins(&district.try_draft("HUYEN", "Bãi bỏ", repeals.clone()).await.refusals()), ["NOT_FOUND A5 relations.0.to"], "and does not tell what may not be known");

        let first = province.draft("TINH", "Bãi bỏ", repeals.clone()).await;
        let second = bloc.draft("KHOI", "Thay thế", json!({ "relations": [relation("REPLACES", &old)], "requirements": [study("2020-12-30")] })).await;
        province.issue(&first, "1-QĐ/TU").await;
        assert_eq!(read(&bloc, &old).await.text("/directive/status"), "REPEALED", "a unit above may");
        let ended = bloc.try_issue(&second, "2-KH/ĐUK", json!({})).await.refusals();
        assert_eq!(begins(&ended), ["STEP_NOT_ALLOWED D2 directive.relations.0.to"]);
        let read_draft = "query($id: ID!) { directive(by: { id: $id }) { status requirements { obligations { totalCount } } } }";
        let kept = bloc.data(read_draft, json!({ "id": second })).await;
        assert_eq!((kept.text("/directive/status").as_str(), kept.number("/directive/requirements/0/obligations/totalCount")), ("DRAFT", 0), "nothing is half done");
        bloc.step("reviseDraft", &second, json!({ "relations": [] })).await.expect_no_errors("the way out");
        bloc.issue(&second, "2-KH/ĐUK").await;
        let draft = bloc.draft("KHOI", "Dự thảo", json!({})).await;
        let of_a_draft = bloc.draft("KHOI", "Sửa dự thảo", json!({ "relations": [relation("AMENDS", &draft)] })).await;
        assert_eq!(begins(&bloc.try_issue(&of_a_draft, "3-KH/ĐUK", json!({})).await.refusals()), ["STEP_NOT_ALLOWED D2 directive.relations.0.to"]);
    }

    async fn c4_what_amends_and_supplements_changes_no_obligation_and_counts_in_the_lineage(world: &World) {
        let bloc = bloc(world).await;
        let old = plan(&bloc, "Kế hoạch", "1-KH/ĐUK", vec![]).await;
        let amending = plan(&bloc, "Sửa đổi", "2-KH/ĐUK", vec![relation("AMENDS", &old)]).await;
        plan(&bloc, "Bổ sung", "3-KH/ĐUK", vec![relation("SUPPLEMENTS", &amending)]).await;
        let query = "query($id: ID!, $through: CascadeThrough) { directive(by: { id: $id }) { completion(through: $through) { total counted released } } }";
        for (through, total) in [("SCOPE", 3), ("LINEAGE", 9)] {
            let seen = bloc.data(query, json!({ "id": old, "through": through })).await;
            assert_eq!(seen.at("/directive/completion"), &json!({ "total": total, "counted": total, "released": 0 }), "{through}");
        }
        plan(&bloc, "Thay thế", "4-KH/ĐUK", vec![relation("REPLACES", &old)]).await;
        let seen = bloc.data(query, json!({ "id": old, "through": "LINEAGE" })).await;
        assert_eq!(seen.at("/directive/completion"), &json!({ "total": 9, "counted": 6, "released": 3 }), "what replaces it is another directive");
    }

    async fn a3_who_reads_a_directive_reads_what_changes_it(world: &World) {
        let bloc = bloc(world).await;
        let (cell, district) = (world.user("ttr", "VIEWER", "TTR").await, world.user("huyen", "VIEWER", "HUYEN").await);
        let old = plan(&bloc, "Kế hoạch", "1-KH/ĐUK", vec![]).await;
        let to_one = |kind: &str, to: &str| json!({ "relations": [relation(kind, to)],
            "requirements": [{ "kind": "STUDY", "title": "Học tập", "scope": { "reach": "SELF", "anchor": { "code": "STC" } } }] });
        let amending = bloc.draft("KHOI", "Sửa đổi", to_one("AMENDS", &old)).await;
        let list = "{ directives { nodes { title } } }";
        let titles = async |reader: &Actor<'_>| {
            let mut titles = reader.data(list, json!({})).await.texts("/directives/nodes", "/title");
            titles.sort();
            titles
        };
        assert_eq!(titles(&cell).await, ["Kế hoạch"]);
        bloc.issue(&amending, "2-KH/ĐUK").await;
        let replacing = bloc.draft("KHOI", "Thay thế", to_one("REPLACES", &amending)).await;
        assert_eq!(titles(&cell).await, ["Kế hoạch", "Sửa đổi"], "it binds only STC, and changes what binds the cell");
        bloc.issue(&replacing, "3-KH/ĐUK").await;
        assert_eq!(titles(&cell).await, ["Kế hoạch", "Sửa đổi", "Thay thế"], "however far on");
        let one = "query($id: ID!) { directive(by: { id: $id }) { title completion { total } } }";
        assert_eq!(cell.data("query($id: ID!) { directive(by: { id: $id }) { title } }", json!({ "id": replacing })).await.text("/directive/title"), "Thay thế", "one by one as in the list");
        assert_eq!(cell.ask(one, json!({ "id": replacing })).await.error_code(), "FORBIDDEN", "to read it is not to read how far others are");
        assert_eq!(titles(&district).await, Vec::<String>::new());
        assert_eq!(read_relations(&cell, &amending).await, json!({ "relations": [{ "to": { "title": "Kế hoạch" } }], "changedBy": [{ "from": { "title": "Thay thế" } }] }));
    }

    async fn l6_a_document_does_not_report_to_the_directive_that_it_ends(world: &World) {
        let bloc = bloc(world).await;
        let reporter = world.user("khoi-r", "REPORTER", "KHOI").await;
        let asks = json!({ "requirements": [{ "kind": "DOCUMENT", "title": "Xây dựng kế hoạch", "scope": { "reach": "SELF" } }] });
        let old = bloc.draft("KHOI", "Kế hoạch khung", asks).await;
        bloc.issue(&old, "1-KH/ĐUK").await;
        let asked = read(&bloc, &old).await.text("/directive/requirements/0/id");
        let new = bloc.draft("KHOI", "Kế hoạch mới", json!({ "relations": [relation("REPLACES", &old)], "requirements": [study("2020-12-30")] })).await;
        let no = bloc.try_issue(&new, "2-KH/ĐUK", json!({ "discharges": [of(&asked, "KHOI")] })).await.refusals();
        assert_eq!(begins(&no), ["INVALID L6 discharges.0"]);
        assert_eq!(see(&reporter, &of(&asked, "KHOI")).await.text("/obligation/state"), "PENDING");
        bloc.issue(&new, "2-KH/ĐUK").await;
        assert_eq!(see(&reporter, &of(&asked, "KHOI")).await.text("/obligation/state"), "RELEASED");
    }

    async fn b6_the_place_of_an_issuer_that_has_ended_replaces_what_it_had_issued(world: &World) {
        bloc(world).await;
        let committee = world.user("snv", "DRAFTER", "SNV").await;
        let own = committee.draft("SNV", "Kế hoạch của sở", json!({ "requirements": [study("2020-12-30")] })).await;
        committee.issue(&own, "1-KH/ĐU").await;
        world.operator().await.reorganize(json!([{ "dissolve": { "unit": { "code": "SNV" }, "heir": { "code": "STC" } } }])).await;
        let heir = world.user("stc", "DRAFTER", "STC").await;
        let new = heir.draft("STC", "Kế hoạch mới", json!({ "relations": [relation("REPLACES", &own)], "requirements": [study("2021-01-30")] })).await;
        let issued = issue(&heir, &new, "2-KH/ĐU", false).await;
        assert_eq!((issued.texts("/issueDirective/ends", "/status"), issued.number("/issueDirective/released")), (vec!["REPLACED".to_owned()], 2));
    }
}

async fn read_relations(reader: &Actor<'_>, id: &str) -> Value {
    let query = "query($id: ID!) { directive(by: { id: $id }) { relations { to { title } } changedBy { from { title } } } }";
    reader.data(query, json!({ "id": id })).await.at("/directive").clone()
}
