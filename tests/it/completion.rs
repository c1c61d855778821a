//! Completion over HTTP, on both databases (section 7).

mod rows;

use std::collections::BTreeSet;
use std::sync::Arc;

use chidao::store::completions::{Grain, ObligationsCounted, Reach, Subject, load_counts};
use chidao_domain::completion::{Group, Tally};
use chidao_domain::day::Day;
use chidao_domain::obligation::{State, Timing};
use serde_json::json;

use crate::harness::{World, both};

const PROVINCE: &str = "
TINH PROVINCIAL Đảng bộ tỉnh
  KHOI BLOC Đảng bộ Khối các cơ quan tỉnh
    SNV GRASSROOTS_COMMITTEE Đảng bộ Sở Nội vụ
      SNV-1 CELL Chi bộ 1
      SNV-2 CELL Chi bộ 2
    STC GRASSROOTS_COMMITTEE Đảng bộ Sở Tài chính
    TTR GRASSROOTS_CELL Chi bộ Thanh tra tỉnh
  HUYEN DISTRICT Đảng bộ huyện
";

const STATES: [&str; 10] =
    ["PENDING", "ACKNOWLEDGED", "IN_PROGRESS", "REPORTED", "RETURNED", "FULFILLED", "EXEMPT", "RELEASED", "TRANSFERRED", "LAPSED"];

/// Every state with dates before, on and after today and none, counted and not.
fn every_timing(today: Day) -> Vec<(Timing, &'static str)> {
    let days = [None, Some(today.pred_opt().unwrap()), Some(today), Some(today.succ_opt().unwrap())];
    let mut timings = Vec::new();
    for (state, code) in State::ALL.into_iter().zip(STATES) {
        for due_on in days {
            for reported_on in days {
                for informative in [false, true] {
                    timings.push((Timing { state, due_on, reported_on, informative }, code));
                }
            }
        }
    }
    timings
}

both! {
    async fn c1_the_database_and_the_core_agree_on_what_is_overdue_and_late(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let look = world.office.begin_unattended().await.unwrap();
        let (khoi, snv) = (look.forest().by_code("KHOI").unwrap().id, look.forest().by_code("SNV").unwrap().id);
        let today = look.today();
        drop(look);
        let (directive, requirements) = rows::directive(world, khoi).await;
        let timings = every_timing(today);
        rows::obligations(world, snv, directive, requirements, &timings).await;
        let look = world.office.begin_unattended().await.unwrap();
        for (at, (timing, _)) in timings.iter().enumerate() {
            let counted = ObligationsCounted { period: Some(Arc::from(rows::period(at))), ..ObligationsCounted::default() };
            let (sql, engine) = (look.sql(), look.engine());
            let answer = load_counts(sql, engine, today, &[Subject::Everything], &counted, Grain::Units).await.unwrap();
            let found: Tally = answer[0].iter().fold(Tally::default(), |sum, row| sum + row.tally);
            assert_eq!(found, Tally::of(Group::of(timing, today), 1), "{timing:?}");
        }
        let subjects = [Reach::Scope, Reach::Lineage].map(|through| Subject::Directives(BTreeSet::from([directive.into()]), through));
        for subject in subjects.into_iter().chain(requirements.map(|id| Subject::Requirement(id.into(), None))) {
            let (sql, engine) = (look.sql(), look.engine());
            let answer = load_counts(sql, engine, today, &[subject.clone()], &ObligationsCounted::default(), Grain::Requirements).await.unwrap();
            let total: u32 = answer[0].iter().map(|row| row.tally.total()).sum();
            let expected = if matches!(subject, Subject::Requirement(..)) { timings.len() / 2 } else { timings.len() };
            assert_eq!(usize::try_from(total).unwrap(), expected, "{subject:?}");
        }
    }

    async fn c3_completion_is_read_only_for_units_under_a_grant(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let secretary = world.user("bi-thu-snv", "VIEWER", "SNV").await;
        let query = "query($code: String!) { completion(unit: { code: $code }) { on total counted completionRate dueRate units { bound } } }";
        let own = secretary.data(query, json!({ "code": "SNV-1" })).await;
        assert_eq!((own.number("/completion/total"), own.at("/completion/completionRate").is_null()), (0, true));
        assert_eq!(own.text("/completion/on"), "2020-12-01");
        for code in ["STC", "KHOI", "TINH"] {
            assert_eq!(secretary.ask(query, json!({ "code": code })).await.error_code(), "FORBIDDEN", "{code}");
        }
        assert_eq!(secretary.ask(query, json!({ "code": "XYZ" })).await.error_code(), "NOT_FOUND");
    }
}
