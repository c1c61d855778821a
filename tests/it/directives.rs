//! Directives over HTTP: from draft to conclusion (section 3).

use serde_json::{Value, json};

use crate::harness::{Actor, Answer, World, both};
use crate::obligations::{done, of, report, see};

/// A province, a bloc with cells and committees, and a unit beside the bloc.
pub(crate) const PROVINCE: &str = "
TINH PROVINCIAL Đảng bộ tỉnh
  KHOI BLOC Đảng bộ Khối các cơ quan tỉnh
    SNV GRASSROOTS_COMMITTEE Đảng bộ Sở Nội vụ
      SNV-1 CELL Chi bộ 1
      SNV-2 CELL Chi bộ 2
    STC GRASSROOTS_COMMITTEE Đảng bộ Sở Tài chính
    TTR GRASSROOTS_CELL Chi bộ Thanh tra tỉnh
  HUYEN DISTRICT Đảng bộ huyện
";

const DRAFT: &str = "mutation($input: DraftDirectiveInput!) { draftDirective(input: $input) {
    directive { id version status } userErrors { code rule path message } } }";
const ISSUE: &str = "mutation($input: IssueDirectiveInput!) { issueDirective(input: $input) {
    bound directive { id version status symbol issuedOn effectiveOn boundOn } userErrors { code rule path message } } }";

impl Actor<'_> {
    /// Drafts a plan of a unit; `more` adds to the input or replaces parts of it.
    pub(crate) async fn try_draft(&self, issuer: &str, title: &str, more: Value) -> Answer {
        let mut input = json!({ "issuer": { "code": issuer }, "kind": "PLAN", "title": title });
        for (name, value) in more.as_object().into_iter().flatten() {
            input[name] = value.clone();
        }
        self.ask(DRAFT, json!({ "input": input })).await
    }

    /// The same, and it must succeed: answers the draft's id.
    pub(crate) async fn draft(&self, issuer: &str, title: &str, more: Value) -> String {
        let answer = self.try_draft(issuer, title, more).await;
        answer.expect_no_errors(title);
        answer.text("/draftDirective/directive/id")
    }

    /// Issues a draft today; `more` adds to the input.
    pub(crate) async fn try_issue(&self, id: &str, symbol: &str, more: Value) -> Answer {
        let mut input = json!({ "directive": id, "symbol": symbol, "issuedOn": self.world.clock.today().to_string() });
        for (name, value) in more.as_object().into_iter().flatten() {
            input[name] = value.clone();
        }
        self.ask(ISSUE, json!({ "input": input })).await
    }

    /// The same, and it must succeed.
    pub(crate) async fn issue(&self, id: &str, symbol: &str) -> Answer {
        let answer = self.try_issue(id, symbol, json!({})).await;
        answer.expect_no_errors(symbol);
        answer
    }
}

/// A requirement of that sort for the units directly below the issuer.
pub(crate) fn study(due_on: &str) -> Value {
    json!({ "kind": "STUDY", "title": "Tổ chức hội nghị học tập", "dueOn": due_on, "scope": { "reach": "CHILDREN" } })
}

/// The tree, and who writes the bloc's documents.
pub(crate) async fn bloc(world: &World) -> Actor<'_> {
    world.operator().await.establish(PROVINCE).await;
    world.user("khoi", "DRAFTER", "KHOI").await
}

const STEP: &str = "directive { id version status conclusion endedOn } userErrors { code rule path message }";

impl Actor<'_> {
    /// A mutation on one draft, for example `openConsultation`.
    pub(crate) async fn step(&self, mutation: &str, id: &str, more: Value) -> Answer {
        let mut input = json!({ "directive": id });
        for (name, value) in more.as_object().into_iter().flatten() {
            input[name] = value.clone();
        }
        let name = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!("mutation($input: {name}!) {{ {mutation}(input: $input) {{ {STEP} }} }}");
        self.ask(&query, json!({ "input": input })).await
    }

    /// Comments on a draft for a unit.
    async fn comment(&self, id: &str, unit: &str, body: &str) -> Answer {
        let query = "mutation($input: CommentOnDraftInput!) { commentOnDraft(input: $input) {
            comment { id unit { code } body author { displayName } answer { decision } } userErrors { code rule path message } } }";
        self.ask(query, json!({ "input": { "directive": id, "unit": { "code": unit }, "body": body } })).await
    }

    /// Answers a comment.
    async fn answer(&self, comment: &str, decision: &str, reason: Option<&str>) -> Answer {
        let query = "mutation($input: AnswerCommentInput!) { answerComment(input: $input) {
            comment { answer { decision reason } } userErrors { code rule path message } } }";
        self.ask(query, json!({ "input": { "comment": comment, "decision": decision, "reason": reason } })).await
    }
}

/// The requirements of a directive, in order.
async fn requirements_of(reader: &Actor<'_>, directive: &str) -> Vec<String> {
    let query = "query($id: ID!) { directive(by: { id: $id }) { requirements { id } } }";
    reader.data(query, json!({ "id": directive })).await.texts("/directive/requirements", "/id")
}

/// How refusals begin: code, rule and path.
pub(crate) fn begins(refusals: &[String]) -> Vec<&str> {
    refusals.iter().filter_map(|refusal| refusal.split(':').next()).collect()
}

both! {
    async fn d1_steps_that_the_table_does_not_list_are_refused(world: &World) {
        let bloc = bloc(world).await;
        let id = bloc.draft("KHOI", "Kế hoạch học tập", json!({ "requirements": [study("2020-12-30")] })).await;
        assert_eq!(begins(&bloc.step("closeConsultation", &id, json!({})).await.refusals()), ["STEP_NOT_ALLOWED D1 directive"]);
        assert_eq!(begins(&bloc.step("concludeDirective", &id, json!({})).await.refusals()), ["STEP_NOT_ALLOWED D1 directive"]);
        let issued = bloc.issue(&id, "81-KH/ĐUK").await;
        assert_eq!(issued.number("/issueDirective/bound"), 3);
        assert_eq!(issued.text("/issueDirective/directive/status"), "ISSUED");
        assert_eq!(issued.text("/issueDirective/directive/boundOn"), "2020-12-01");
        assert_eq!(issued.number("/issueDirective/directive/version"), 2);
        for mutation in ["withdrawDraft", "openConsultation", "closeConsultation"] {
            assert_eq!(begins(&bloc.step(mutation, &id, json!({})).await.refusals()), ["STEP_NOT_ALLOWED D1 directive"], "{mutation}");
        }
        assert_eq!(begins(&bloc.try_issue(&id, "82-KH/ĐUK", json!({})).await.refusals()), ["STEP_NOT_ALLOWED D1 directive"]);
        let draft = bloc.draft("KHOI", "Dự thảo", json!({})).await;
        assert_eq!(bloc.step("withdrawDraft", &draft, json!({ "reason": "không cần nữa" })).await.text("/withdrawDraft/directive/status"), "WITHDRAWN");
        assert_eq!(begins(&bloc.try_issue(&draft, "83-KH/ĐUK", json!({})).await.refusals()), ["STEP_NOT_ALLOWED D1 directive"]);
    }

    async fn d2_a_text_stands_still_while_units_are_consulted_and_a_stale_version_is_a_conflict(world: &World) {
        let bloc = bloc(world).await;
        let id = bloc.draft("KHOI", "Chương trình hành động", json!({ "summary": "cũ", "requirements": [study("2020-12-30")] })).await;
        let revised = bloc.step("reviseDraft", &id, json!({ "title": "Chương trình hành động mới", "summary": null, "requirements": [], "expectedVersion": 1 })).await;
        assert_eq!(revised.number("/reviseDraft/directive/version"), 2);
        let query = "query($id: ID!) { directive(by: { id: $id }) { title summary requirements { title } } }";
        let read = bloc.data(query, json!({ "id": id })).await;
        assert_eq!(read.text("/directive/title"), "Chương trình hành động mới");
        assert!(read.at("/directive/summary").is_null());
        assert_eq!(read.texts("/directive/requirements", "/title"), Vec::<String>::new());
        let stale = bloc.step("reviseDraft", &id, json!({ "title": "Khác", "expectedVersion": 1 })).await.refusals();
        assert_eq!(begins(&stale), ["CONFLICT F4 expectedVersion"]);
        bloc.step("openConsultation", &id, json!({})).await.expect_no_errors("open");
        assert_eq!(begins(&bloc.step("reviseDraft", &id, json!({ "title": "Khác" })).await.refusals()), ["STEP_NOT_ALLOWED D2 directive"]);
        bloc.step("closeConsultation", &id, json!({})).await.expect_no_errors("close");
        bloc.step("reviseDraft", &id, json!({ "title": "Khác" })).await.expect_no_errors("revise");
        assert_eq!(begins(&bloc.step("reviseDraft", &id, json!({})).await.refusals()), ["INVALID F6 "]);
    }

    async fn d3_a_symbol_is_taken_in_every_notation_and_free_in_another_term_kind_and_body(world: &World) {
        let bloc = bloc(world).await;
        let first = bloc.draft("KHOI", "Kế hoạch thứ nhất", json!({ "term": "XV" })).await;
        bloc.issue(&first, "081-KH/ĐUK").await;
        let second = bloc.draft("KHOI", "Kế hoạch thứ hai", json!({ "term": "XV" })).await;
        let taken = bloc.try_issue(&second, "81 / KH–ĐUK", json!({})).await.refusals();
        assert_eq!(begins(&taken), ["ALREADY_EXISTS D3 symbol"]);
        assert!(taken[0].contains("081-KH/ĐUK Kế hoạch thứ nhất"), "{taken:?}");
        for more in [json!({ "term": "XVI" }), json!({ "kind": "PROGRAMME", "term": "XV" }), json!({ "issuingBody": "STANDING_COMMITTEE", "term": "XV" })] {
            let other = bloc.draft("KHOI", "Văn bản khác", more).await;
            bloc.issue(&other, "81-KH/ĐUK").await;
        }
        assert_eq!(begins(&bloc.try_issue(&second, "tám mốt", json!({})).await.refusals()), ["INVALID D3 symbol"]);
        assert_eq!(begins(&bloc.try_issue(&second, " ", json!({})).await.refusals()), ["INVALID D3 symbol"]);
        let congress = bloc.draft("KHOI", "Nghị quyết đại hội", json!({ "kind": "RESOLUTION", "issuingBody": "CONGRESS" })).await;
        bloc.try_issue(&congress, "", json!({})).await.expect_no_errors("a congress may issue without a symbol");
        let query = "query($term: String) { directive(by: { symbol: { issuer: { code: \"KHOI\" }, symbol: \"81/KH-đuk\", term: $term, kind: \"PLAN\", issuingBody: COMMITTEE } }) { title symbol } }";
        let found = bloc.data(query, json!({ "term": "XV" })).await;
        assert_eq!((found.text("/directive/title"), found.text("/directive/symbol")), ("Kế hoạch thứ nhất".into(), "081-KH/ĐUK".into()));
        let several = bloc.ask(query, json!({ "term": null })).await;
        assert!(several.body["errors"][0]["message"].as_str().is_some_and(|text| text.contains("term")), "{several:?}");
    }

    async fn d4_lineage_is_acyclic_below_its_targets_and_holds_a_diamond_once(world: &World) {
        let bloc = bloc(world).await;
        let province = world.user("tinh", "DRAFTER", "TINH").await;
        let to = |ids: &[&str]| json!({ "relations": ids.iter().map(|id| json!({ "kind": "IMPLEMENTS", "to": { "id": id } })).collect::<Vec<_>>() });
        let top = province.draft("TINH", "Nghị quyết", json!({ "requirements": [study("2020-12-30")] })).await;
        let left = province.draft("TINH", "Chương trình", to(&[&top])).await;
        assert_eq!(begins(&province.step("reviseDraft", &top, to(&[&left])).await.refusals()), ["CYCLE D4 relations.0.to"]);
        assert_eq!(begins(&province.try_issue(&left, "1-CTr/TU", json!({})).await.refusals()), ["INVALID D4 directive.relations.0.to"]);
        province.issue(&top, "1-NQ/TU").await;
        province.issue(&left, "1-CTr/TU").await;
        let itself_only = json!([{ "kind": "STUDY", "title": "Học tập", "scope": { "reach": "SELF" } }]);
        let right = json!({ "relations": to(&[&top])["relations"], "requirements": itself_only });
        let right = province.draft("TINH", "Kế hoạch", right).await;
        province.issue(&right, "2-KH/TU").await;
        let hidden = bloc.try_draft("KHOI", "Kế hoạch của khối", to(&[&right])).await.refusals();
        assert_eq!(begins(&hidden), ["NOT_FOUND A5 relations.0.to"], "the bloc may not read what binds others only");
        let bottom = province.draft("KHOI", "Kế hoạch của khối", to(&[&left, &right])).await;
        province.issue(&bottom, "3-KH/ĐUK").await;
        let query = "query($id: ID!) { directive(by: { id: $id }) { implements { title } lineage { title } relations(kinds: [IMPLEMENTS]) { from { title } to { title } } all: relations(kinds: []) { to { title } } } }";
        let read = province.data(query, json!({ "id": bottom })).await;
        let lineage = read.texts("/directive/lineage", "/title");
        assert_eq!((lineage.len(), lineage[0].as_str()), (3, "Nghị quyết"));
        assert_eq!((read.texts("/directive/implements", "/title").len(), read.texts("/directive/all", "/to/title").len()), (2, 2), "no kind narrows nothing");
        let below = province.data("query($id: ID!) { directive(by: { id: $id }) { implementedBy { totalCount nodes { title } } } }", json!({ "id": top })).await;
        assert_eq!(below.number("/directive/implementedBy/totalCount"), 2);
        let outside = province.draft("HUYEN", "Kế hoạch của huyện", json!({})).await;
        assert_eq!(begins(&province.step("reviseDraft", &outside, to(&[&bottom])).await.refusals()), ["OUTSIDE_ISSUER D4 relations.0.to"]);
        let twice = province.step("reviseDraft", &outside, to(&[&top, &top])).await.refusals();
        assert_eq!(begins(&twice), ["INVALID D4 relations.1.to"]);
    }

    async fn d5_comments_come_from_units_are_kept_and_answered_once(world: &World) {
        let bloc = bloc(world).await;
        let cell = world.user("ttr", "REPORTER", "TTR").await;
        let district = world.user("huyen", "REPORTER", "HUYEN").await;
        let id = bloc.draft("KHOI", "Chương trình hành động", json!({})).await;
        let early = cell.comment(&id, "TTR", "Đề nghị rõ thời hạn").await.refusals();
        assert_eq!(begins(&early), ["NOT_FOUND A5 directive"], "a draft is not read by the units below before they are asked");
        assert_eq!(begins(&bloc.comment(&id, "TTR", "…").await.refusals()), ["STEP_NOT_ALLOWED D5 directive"]);
        bloc.step("openConsultation", &id, json!({})).await.expect_no_errors("open");
        let made = cell.comment(&id, "TTR", "Đề nghị rõ thời hạn").await;
        made.expect_no_errors("comment");
        assert_eq!(made.text("/commentOnDraft/comment/author/displayName"), "ttr");
        let comment = made.text("/commentOnDraft/comment/id");
        assert_eq!(begins(&cell.comment(&id, "SNV", "thay người khác").await.refusals()), ["FORBIDDEN A2 unit"]);
        assert_eq!(begins(&district.comment(&id, "HUYEN", "ngoài khối").await.refusals()), ["NOT_FOUND A5 directive"]);
        assert_eq!(begins(&cell.comment(&id, "TTR", "  ").await.refusals()), ["INVALID F2 body"]);
        assert_eq!(begins(&cell.answer(&comment, "ACCEPTED", None).await.refusals()), ["FORBIDDEN A2 comment"]);
        assert_eq!(begins(&bloc.answer(&comment, "PARTLY", None).await.refusals()), ["INVALID D5 reason"]);
        bloc.step("closeConsultation", &id, json!({})).await.expect_no_errors("close");
        bloc.issue(&id, "2-CTr/ĐUK").await;
        bloc.answer(&comment, "PARTLY", Some("đã rõ ở mục 3")).await.expect_no_errors("answers may follow the issue");
        assert_eq!(begins(&bloc.answer(&comment, "ACCEPTED", None).await.refusals()), ["CONFLICT D5 "]);
        let read = bloc.data("query($id: ID!) { directive(by: { id: $id }) { comments { totalCount nodes { unit { code } body answer { decision reason } } } } }", json!({ "id": id })).await;
        assert_eq!(read.number("/directive/comments/totalCount"), 1);
        assert_eq!(read.text("/directive/comments/nodes/0/answer/decision"), "PARTLY");
        let node = "query($id: ID!) { node(id: $id) { ... on Comment { body } } }";
        assert_eq!(bloc.data(node, json!({ "id": comment })).await.text("/node/body"), "Đề nghị rõ thời hạn");
        assert!(district.data(node, json!({ "id": comment })).await.at("/node").is_null(), "whose directive may not be known of");
    }

    async fn d6_concluding_lets_what_is_open_lapse_and_a_preview_writes_nothing(world: &World) {
        let bloc = bloc(world).await;
        let id = bloc.draft("KHOI", "Kế hoạch", json!({ "requirements": [study("2020-12-30")] })).await;
        bloc.issue(&id, "1-KH/ĐUK").await;
        world.day("2021-01-05");
        let query = "mutation($input: ConcludeDirectiveInput!) { concludeDirective(input: $input) { lapsed directive { status endedOn conclusion } userErrors { code rule path message } } }";
        let preview = bloc.data(query, json!({ "input": { "directive": id, "preview": true } })).await;
        assert_eq!((preview.number("/concludeDirective/lapsed"), preview.text("/concludeDirective/directive/status")), (3, "CONCLUDED".into()));
        let read = "query($id: ID!) { directive(by: { id: $id }) { status completion { total lapsed overdue } } }";
        assert_eq!(bloc.data(read, json!({ "id": id })).await.text("/directive/status"), "ISSUED");
        let done = bloc.data(query, json!({ "input": { "directive": id, "summary": "Đạt yêu cầu", "expectedVersion": 2 } })).await;
        assert_eq!(done.text("/concludeDirective/directive/endedOn"), "2021-01-05");
        assert_eq!(done.text("/concludeDirective/directive/conclusion"), "Đạt yêu cầu");
        let after = bloc.data(read, json!({ "id": id })).await;
        assert_eq!((after.number("/directive/completion/lapsed"), after.number("/directive/completion/overdue")), (3, 3), "they stay counted");
        assert_eq!(begins(&bloc.step("concludeDirective", &id, json!({})).await.refusals()), ["STEP_NOT_ALLOWED D1 directive"]);
    }

    async fn d6_a_report_of_a_unit_that_has_left_holds_no_conclusion_up(world: &World) {
        let bloc = bloc(world).await;
        let id = bloc.draft("KHOI", "Kế hoạch", json!({ "requirements": [study("2020-12-30")] })).await;
        bloc.issue(&id, "1-KH/ĐUK").await;
        let requirement = requirements_of(&bloc, &id).await.remove(0);
        let (units, supervisor) = (world.user("r", "REPORTER", "KHOI").await, world.user("gs", "SUPERVISOR", "KHOI").await);
        for unit in ["SNV", "TTR"] {
            done(&units, "submitReports", report(vec![of(&requirement, unit)], json!({}))).await;
        }
        world.operator().await.reorganize(json!([{ "move": { "unit": { "code": "TTR" }, "parent": { "code": "TINH" } } }])).await;
        let waits = bloc.step("concludeDirective", &id, json!({})).await.refusals();
        assert_eq!(begins(&waits), ["STEP_NOT_ALLOWED D6 directive"]);
        assert!(waits[0].contains("`SNV`") && !waits[0].contains("`TTR`"), "{waits:?}");
        done(&supervisor, "acceptReports", json!({ "obligations": [of(&requirement, "SNV")] })).await;
        let query = "mutation($input: ConcludeDirectiveInput!) { concludeDirective(input: $input) { lapsed userErrors { code rule path message } } }";
        let concluded = bloc.data(query, json!({ "input": { "directive": id } })).await;
        assert_eq!(concluded.number("/concludeDirective/lapsed"), 1, "the silent unit; the one that left was released then (B6)");
        let left = see(&world.user("tinh", "VIEWER", "TINH").await, &of(&requirement, "TTR")).await;
        assert_eq!(left.text("/obligation/state"), "RELEASED");
    }

    async fn o9_directives_are_found_by_external_ids_that_no_other_has(world: &World) {
        let bloc = bloc(world).await;
        let ids = json!({ "externalIds": [{ "scheme": "VBDH", "value": "2020.81" }] });
        let id = bloc.draft("KHOI", "Kế hoạch", ids.clone()).await;
        let found = bloc.data("{ directive(by: { externalId: { scheme: \"VBDH\", value: \"2020.81\" } }) { id externalIds { scheme value } } }", json!({})).await;
        assert_eq!(found.text("/directive/id"), id);
        assert_eq!(begins(&bloc.try_draft("KHOI", "Khác", ids).await.refusals()), ["ALREADY_EXISTS O9 externalIds.0"]);
    }

    async fn a3_lists_hold_what_may_be_read_and_pages_follow_in_every_order(world: &World) {
        let bloc = bloc(world).await;
        let cell = world.user("ttr", "REPORTER", "TTR").await;
        let district = world.user("huyen", "VIEWER", "HUYEN").await;
        for (number, title) in ["Ước mơ", "đoàn kết", "An toàn"].into_iter().enumerate() {
            let id = bloc.draft("KHOI", title, json!({ "requirements": [study("2020-12-30")] })).await;
            bloc.issue(&id, &format!("{}-KH/ĐUK", 9 + number)).await;
            world.day(&format!("2020-12-{:02}", number + 2));
        }
        bloc.draft("KHOI", "Dự thảo", json!({})).await;
        let consulted = bloc.draft("KHOI", "Lấy ý kiến", json!({})).await;
        bloc.step("openConsultation", &consulted, json!({})).await.expect_no_errors("open");
        let count = "{ directives { totalCount } }";
        assert_eq!(bloc.data(count, json!({})).await.number("/directives/totalCount"), 5);
        assert_eq!(cell.data(count, json!({})).await.number("/directives/totalCount"), 4);
        assert_eq!(district.data(count, json!({})).await.number("/directives/totalCount"), 0);
        let query = "query($order: DirectiveOrder, $after: String, $filter: DirectiveFilter) { directives(filter: $filter, orderBy: $order, first: 2, after: $after) { nodes { title } pageInfo { hasNextPage endCursor } } }";
        let issued = json!({ "statuses": ["ISSUED"], "issued": { "from": "2020-12-01" } });
        for (order, wanted) in [("ISSUED_ON", ["An toàn", "đoàn kết", "Ước mơ"]), ("TITLE", ["An toàn", "đoàn kết", "Ước mơ"]), ("SYMBOL", ["Ước mơ", "đoàn kết", "An toàn"])] {
            let first = bloc.data(query, json!({ "order": order, "filter": issued })).await;
            let after = first.text("/directives/pageInfo/endCursor");
            let second = bloc.data(query, json!({ "order": order, "filter": issued, "after": after })).await;
            let titles: Vec<String> = [first.texts("/directives/nodes", "/title"), second.texts("/directives/nodes", "/title")].concat();
            assert_eq!(titles, wanted, "{order}");
            assert_eq!(second.at("/directives/pageInfo/hasNextPage"), false);
        }
        let last = bloc.data("{ directives(last: 1, filter: { statuses: [ISSUED] }) { nodes { title } pageInfo { hasPreviousPage } } }", json!({})).await;
        assert_eq!((last.texts("/directives/nodes", "/title"), last.at("/directives/pageInfo/hasPreviousPage")), (vec!["Ước mơ".into()], &json!(true)));
        for (search, wanted) in [("doan ket", 1), ("10/KH-ĐUK", 1), ("vắng", 0)] {
            let found = bloc.data("query($text: String) { directives(filter: { search: $text, under: { code: \"TINH\" } }) { totalCount } }", json!({ "text": search })).await;
            assert_eq!(found.number("/directives/totalCount"), wanted, "{search}");
        }
    }

    async fn t1_a_day_that_the_calendar_does_not_have_is_no_date(world: &World) {
        let bloc = bloc(world).await;
        let id = bloc.draft("KHOI", "Kế hoạch", json!({})).await;
        let answer = bloc.try_issue(&id, "1-KH/ĐUK", json!({ "issuedOn": "2020-02-30" })).await;
        assert!(answer.body["errors"][0]["message"].as_str().is_some_and(|text| text.contains("2020-02-30")), "{answer:?}");
        assert_eq!(begins(&bloc.try_issue(&id, "1-KH/ĐUK", json!({ "issuedOn": "2020-12-02" })).await.refusals()), ["INVALID B3 issuedOn"]);
    }
}
