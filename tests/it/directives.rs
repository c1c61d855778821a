//! Directives over HTTP: from draft to conclusion (section 3).

use serde_json::{Value, json};

use crate::harness::{Actor, Answer, World, both};

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

both! {
    async fn d1_a_draft_is_issued_and_binds(world: &World) {
        let bloc = bloc(world).await;
        let id = bloc.draft("KHOI", "Kế hoạch học tập", json!({ "requirements": [study("2020-12-30")] })).await;
        let issued = bloc.issue(&id, "81-KH/ĐUK").await;
        assert_eq!(issued.number("/issueDirective/bound"), 3);
        assert_eq!(issued.text("/issueDirective/directive/status"), "ISSUED");
        assert_eq!(issued.text("/issueDirective/directive/boundOn"), "2020-12-01");
        let again = bloc.try_issue(&id, "82-KH/ĐUK", json!({})).await.refusals();
        assert!(again[0].starts_with("STEP_NOT_ALLOWED D1 directive"), "{again:?}");
    }
}
