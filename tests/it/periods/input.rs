//! What is refused of requirements that recur, each with its place.

use super::*;
use crate::directives::begins;
use crate::harness::both;

both! {
    async fn b7_a_draft_says_its_periods_in_their_form(world: &World) {
        world.operator().await.establish(PROVINCE).await;
        let drafter = world.user("soan", "DRAFTER", "KHOI").await;
        let refused = async |changes: Value| {
            let requirements = json!({ "requirements": [monthly(json!({})), monthly(changes)] });
            let refusals = drafter.try_draft("KHOI", "Kế hoạch", requirements).await.refusals();
            begins(&refusals).into_iter().map(|line| line.replace("requirements.1.", "")).collect::<Vec<_>>()
        };
        let none = Vec::<String>::new();
        for period in ["2020-13", "2020-00", "2020-Q5", "2020-1", "0000-01", "12/2020", "2020-12-01", "tháng 12"] {
            assert_eq!(refused(json!({ "firstPeriod": period })).await, ["INVALID B7 firstPeriod"], "{period}");
        }
        for (recurrence, period) in [("MONTHLY", "2020-Q4"), ("MONTHLY", "2020"), ("QUARTERLY", "2020-12"), ("YEARLY", "2020-Q4")] {
            assert_eq!(refused(json!({ "recurrence": recurrence, "firstPeriod": period })).await, ["INVALID B7 firstPeriod"], "{recurrence} {period}");
        }
        for (recurrence, period) in [("MONTHLY", " 2031-12 "), ("QUARTERLY", "1999-Q4"), ("YEARLY", "2020")] {
            assert_eq!(refused(json!({ "recurrence": recurrence, "firstPeriod": period })).await, none, "{recurrence} {period}");
        }
        assert_eq!(refused(json!({ "dueOn": "2020-12-31" })).await, ["INVALID B7 dueOn"]);
        assert_eq!(refused(json!({ "period": "2020-12" })).await, ["INVALID B7 period"]);
        assert_eq!(refused(json!({ "dueDaysAfterPeriod": null })).await, ["INVALID B7 dueDaysAfterPeriod"]);
        assert_eq!(refused(json!({ "dueDaysAfterPeriod": -1 })).await, ["INVALID B7 dueDaysAfterPeriod"]);
        assert_eq!(refused(json!({ "dueDaysAfterPeriod": 3651 })).await, ["INVALID B7 dueDaysAfterPeriod"]);
        assert_eq!(refused(json!({ "recurrence": "NONE", "firstPeriod": "2020-12" })).await, ["INVALID B7 firstPeriod", "INVALID B7 dueDaysAfterPeriod"]);
        assert_eq!(refused(json!({ "recurrence": null, "dueDaysAfterPeriod": null, "dueOn": "2020-12-31" })).await, none);
    }

    async fn b7_issuing_opens_no_more_than_its_limit(world: &World) {
        world.operator().await.establish(PROVINCE).await;
        let drafter = world.user("soan", "DRAFTER", "KHOI").await;
        let one = json!({ "requirements": [monthly(json!({})), monthly(json!({ "firstPeriod": "2018-12" }))] });
        let id = drafter.draft("KHOI", "Kế hoạch", one).await;
        let refused = drafter.try_issue(&id, "1-KH/ĐUK", json!({})).await.refusals();
        assert_eq!(refused, ["LIMIT_EXCEEDED B7 directive.requirements.1.firstPeriod: `25` periods have begun since `2018-12`, \
            and issuing opens at most `24`: name a later `firstPeriod` in the draft"]);
        let by_default = drafter.draft("KHOI", "Kế hoạch", json!({ "requirements": [monthly(json!({}))] })).await;
        let refused = drafter.try_issue(&by_default, "2-KH/ĐUK", json!({ "effectiveOn": "2018-12-31" })).await.refusals();
        assert_eq!(begins(&refused), ["LIMIT_EXCEEDED B7 directive.requirements.0.firstPeriod"]);
        let issued = drafter.try_issue(&by_default, "2-KH/ĐUK", json!({ "effectiveOn": "2019-01-01" })).await;
        assert_eq!(issued.number("/issueDirective/bound"), 4);
    }

    async fn b7_a_period_that_does_not_exist_is_not_looked_up(world: &World) {
        let (operator, _, id) = recurring(world, json!({})).await;
        for query in [
            "query($p: String!, $id: ID!) { obligations(filter: { period: $p, requirements: [$id] }) { totalCount } }",
            "query($p: String!, $id: ID!) { completion(unit: { code: \"KHOI\" }, filter: { period: $p, requirements: [$id] }) { total } }",
            "query($p: String!, $id: ID!) { obligation(by: { of: { requirement: $id, unit: { code: \"SNV\" }, period: $p } }) { id } }",
        ] {
            operator.data(query, json!({ "p": " 2020-12 ", "id": id })).await;
            for period in ["2020-13", "2020-Q5", ""] {
                let answer = operator.ask(query, json!({ "p": period, "id": id })).await;
                let error = &answer.body["errors"][0]["extensions"];
                assert_eq!((&error["code"], &error["rule"]), (&json!("INVALID"), &json!("B7")), "{query} {period}: {answer:?}");
            }
        }
    }
}
