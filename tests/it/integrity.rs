//! `chidao check` finds what a hand in the tables breaks (section 2, L1, J1, J3).

use sea_orm::ConnectionTrait as _;
use serde_json::json;

use crate::cli::chidao;
use crate::harness::{Actor, World, both};

/// What breaks the rules, and the finding that says so. Each is undone before the next.
const BROKEN: &[(&str, &str)] = &[
    ("UPDATE journal_head SET position = position + 1", "JOURNAL_HEAD"),
    ("UPDATE journal_entry SET position = position + 1000 WHERE position = 1", "JOURNAL_GAPS"),
    ("UPDATE reorganization SET status = 'PLANNED'", "PLAN_OVERDUE"),
    ("UPDATE org_unit_revision SET valid_to = valid_from", "REVISION_EMPTY"),
    ("UPDATE org_unit_revision SET corrected_at = recorded_at WHERE parent_id IS NULL", "PARENT_NOT_ACTIVE"),
    ("UPDATE org_unit_revision SET parent_id = unit_id WHERE parent_id IS NULL", "CYCLE"),
    ("UPDATE org_unit_revision SET kind_code = 'CELL' WHERE kind_code = 'GRASSROOTS_CELL'", "PLACEMENT_NOT_PERMITTED"),
    ("DELETE FROM org_unit_revision WHERE kind_code = 'GRASSROOTS_CELL'", "UNIT_WITHOUT_REVISION"),
    ("UPDATE reorganization SET recorded_at = '2019-01-01 00:00:00+00:00'", "REORGANIZATION_UNTOLD"),
    ("UPDATE org_unit_revision SET recorded_at = '2019-01-01 00:00:00+00:00'", "CHANGE_UNTOLD"),
    ("UPDATE obligation SET state = 'ACKNOWLEDGED'", "NOT_AS_THE_LAST_STEP"),
    ("UPDATE obligation SET due_on = '2021-01-01'", "NOT_AS_THE_LAST_STEP"),
    ("UPDATE obligation SET version = version + 1", "STEPS_WITH_GAPS"),
    ("UPDATE obligation_step SET version = 2", "STEPS_WITH_GAPS"),
    ("DELETE FROM obligation_step", "STEPS_WITH_GAPS"),
    ("UPDATE obligation_step SET step = 'ACCEPT'", "STEP_UNLAWFUL"),
    ("UPDATE obligation_step SET state = 'NONSENSE'", "STEP_UNLAWFUL"),
    ("UPDATE obligation SET closed_on = bound_on", "OBLIGATION_DATES"),
    ("UPDATE obligation SET state = 'REPORTED', reported_on = bound_on", "REPORT_WAITING"),
    (
        "UPDATE obligation SET state = 'FULFILLED', reported_on = bound_on, fulfilled_on = bound_on, closed_on = bound_on",
        "FULFILLED_WITHOUT_REPORT",
    ),
    ("DELETE FROM obligation_reason", "OBLIGATION_WITHOUT_REASON"),
    ("UPDATE obligation SET state = 'TRANSFERRED', closed_on = bound_on, closing_cause = 'MERGED'", "TRANSFERRED_TO_NOBODY"),
    (
        "UPDATE obligation SET state = 'TRANSFERRED', closed_on = bound_on, closing_cause = 'MERGED'; \
         UPDATE obligation_reason SET rule = 'SUCCESSION', predecessor_id = obligation_id",
        "TRANSFERRED_AND_LOST",
    ),
    ("UPDATE obligation SET state = 'RELEASED', closed_on = bound_on", "CLOSED_WITHOUT_CAUSE"),
    ("UPDATE obligation SET closing_cause = 'LEFT'", "CLOSED_WITHOUT_CAUSE"),
    ("UPDATE obligation_step SET step = 'LINK'", "STEP_OF_NO_BATCH"),
    ("UPDATE obligation_step SET state = 'IN_PROGRESS'", "STEP_OF_NO_BATCH"),
    ("UPDATE org_unit_revision SET valid_from = '2020-11-01', valid_to = '2020-11-30' WHERE parent_id IS NOT NULL", "OPEN_OF_NOBODY"),
    ("UPDATE obligation SET period = '2020-12'", "OBLIGATION_OF_ANOTHER_PERIOD"),
    ("UPDATE requirement SET recurrence = 'MONTHLY', due_days_after_period = 5", "OBLIGATION_OF_ANOTHER_PERIOD"),
    ("UPDATE requirement SET recurrence = 'MONTHLY', due_days_after_period = 5", "PERIODS"),
    ("UPDATE directive SET status = 'DRAFT'", "OBLIGATION_NOT_IN_FORCE"),
    ("UPDATE directive SET status = 'CONCLUDED'", "DIRECTIVE_DATES"),
    ("UPDATE directive SET bound_on = NULL", "DIRECTIVE_DATES"),
];

/// Statements that a database takes for granted while they are undone again.
pub(crate) async fn codes_after(world: &World, statement: &str) -> Vec<&'static str> {
    let tx = world.office.begin_unattended().await.unwrap();
    tx.sql().execute_unprepared(statement).await.unwrap();
    let findings = chidao::check::check_in(tx.sql(), world.office.database().engine(), world.clock.today()).await.unwrap();
    drop(tx);
    findings.into_iter().map(|finding| finding.code).collect()
}

both! {
    async fn what_a_hand_in_the_tables_breaks_is_found(world: &World) {
        let operator = world.operator().await;
        operator.establish("T PROVINCIAL Đảng bộ tỉnh\n  A GRASSROOTS_CELL Chi bộ A\n  B GRASSROOTS_CELL Chi bộ B").await;
        issue(world).await;
        for (statement, code) in BROKEN {
            let found = codes_after(world, statement).await;
            assert!(found.contains(code), "{statement}\nfound {found:?}, not {code}");
        }
        assert_eq!(chidao::check::check(&world.office).await.unwrap(), [], "all of it was undone");
    }
}

both! {
    async fn o8_what_a_person_should_look_at_is_told_by_a_check_and_breaks_nothing(home: &Home) {
        let world = World::begin(home).await;
        let operator = world.operator().await;
        operator.establish("T PROVINCIAL Đảng bộ tỉnh\n  A GRASSROOTS_CELL Chi bộ A\n  B GRASSROOTS_CELL Chi bộ B").await;
        let (above, viewer) = (world.user("tinh", "ADMIN", "T").await, world.user("xem", "VIEWER", "T").await);
        world.user("cu", "REPORTER", "A").await;
        let few = json!({ "revise": { "unit": { "code": "B" }, "memberCount": 2 } });
        operator.reorganize(json!([{ "dissolve": { "unit": { "code": "A" } } }, few])).await;
        let codes = async |actor: &Actor<'_>| {
            let answer = actor.data("{ integrityFindings { nodes { code unit { code } message(locale: EN) } } }", json!({})).await;
            answer.texts("/integrityFindings/nodes", "/code")
        };
        assert_eq!(codes(&operator).await, ["TOO_FEW_MEMBERS"], "a grant ends with its unit (A1)");
        // As earlier versions left them.
        let sql = sea_orm::Database::connect(&home.url).await.unwrap();
        sql.execute_unprepared("UPDATE role_grant SET revoked_at = NULL").await.unwrap();
        sql.close().await.unwrap();
        for actor in [&operator, &above] {
            assert_eq!(codes(actor).await, ["TOO_FEW_MEMBERS", "GRANTS_ON_ENDED_UNIT"]);
        }
        assert_eq!(codes(&viewer).await, ["TOO_FEW_MEMBERS"], "how many grants are left is for who administers the place");
        world.end().await;
        let folder = tempfile::tempdir().unwrap();
        let output = chidao(folder.path()).args(["check", "--database-url", &home.url]).output().unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        let wanted = "remark: TOO_FEW_MEMBERS: org_unit B: has `2` members, and the charter asks for `3`: check the number, or consider a reorganization\n\
            remark: GRANTS_ON_ENDED_UNIT: org_unit A: has ended, and `1` grants over it are left: revoke them, or grant the same over its successor\n\
            no findings: the tree, the obligations and the journal hold together\n";
        assert_eq!((told.as_str(), output.status.code()), (wanted, Some(0)));
    }
}

/// A plan of the province that binds both units.
async fn issue(world: &World) {
    let drafter = world.user("drafter", "DRAFTER", "T").await;
    let draft = "mutation($input: DraftDirectiveInput!) { draftDirective(input: $input) { directive { id } userErrors { message path } } }";
    let requirement = json!({ "kind": "STUDY", "title": "Học tập", "dueOn": "2020-12-30", "scope": { "reach": "CHILDREN" } });
    let input = json!({ "issuer": { "code": "T" }, "kind": "PLAN", "title": "Kế hoạch", "requirements": [requirement] });
    let id = drafter.data(draft, json!({ "input": input })).await.text("/draftDirective/directive/id");
    let issue = "mutation($input: IssueDirectiveInput!) { issueDirective(input: $input) { bound userErrors { message path } } }";
    let answer = drafter.data(issue, json!({ "input": { "directive": id, "symbol": "1-KH/TU", "issuedOn": "2020-12-01" } })).await;
    assert_eq!(answer.number("/issueDirective/bound"), 2);
}
