//! The source story (section 10), clause by clause, asked over HTTP by the people of the demonstration; each test names its clause.

mod batches;
mod completion;
mod first_query;
mod plan;
mod sequel;

use serde_json::{Value, json};

use crate::harness::Actor;
use crate::harness::demo::told;

/// Finds a document by issuer and symbol.
pub(super) fn by_symbol(issuer: &str, symbol: &str) -> Value {
    json!({ "symbol": { "issuer": { "code": issuer }, "symbol": symbol } })
}

pub(super) fn plan() -> Value {
    by_symbol("KHOI-CQT", "02-KH/ĐUK")
}

/// The document, with fields of it.
pub(super) async fn read(actor: &Actor<'_>, by: Value, fields: &str) -> crate::harness::Answer {
    actor.data(&format!("query($by: DirectiveRef!) {{ directive(by: $by) {{ {fields} }} }}"), json!({ "by": by })).await
}

/// The congress's resolution, which has no symbol: found from the programme that implements it.
pub(super) async fn resolution(actor: &Actor<'_>, fields: &str) -> Value {
    let answer = read(actor, by_symbol("TINH", "01-CTr/TU"), &format!("implements {{ {fields} }}")).await;
    answer.at("/directive/implements/0").clone()
}

told! {
    /// "A provincial party congress (XX, term 2020–2025) passes a Resolution."
    async fn d3_the_congress_passes_a_resolution_without_a_symbol(world: &World) {
        let province = world.person("tinh-uy").await;
        let fields = "title symbol status term issuingBody kind { code } issuer { code } boundUnits { totalCount nodes { unit { code } } }
            requirements { kind scope { reach } indicators { key aggregation ratioOver goal goals { unit { code } goal } } }";
        let resolution = resolution(&province, fields).await;
        assert_eq!(resolution["title"], "Nghị quyết Đại hội đại biểu Đảng bộ tỉnh lần thứ XX, nhiệm kỳ 2020-2025");
        let told = ["symbol", "status", "term", "issuingBody"].map(|field| resolution[field].clone());
        assert_eq!(json!(told), json!([null, "ISSUED", "2020-2025", "CONGRESS"]));
        let bound: Vec<&Value> = resolution["boundUnits"]["nodes"].as_array().unwrap().iter().map(|node| &node["unit"]["code"]).collect();
        assert_eq!(json!(bound), json!(["KHOI-CQT", "HUYEN-A", "HUYEN-B"]), "the line directly below");
        let target = &resolution["requirements"][0];
        assert_eq!((&target["kind"], &target["indicators"][0]["goal"]), (&json!("TARGET"), &json!("200")));
        assert_eq!(target["indicators"][1]["aggregation"], "RATIO");
    }

    /// "The provincial executive committee issues an Action Programme that implements it."
    async fn d4_the_action_programme_implements_the_resolution(world: &World) {
        let province = world.person("tinh-uy").await;
        let programme = read(&province, by_symbol("TINH", "01-CTr/TU"),
            "issuingBody kind { code } implements { kind { code } } lineage { title } implementedBy { nodes { symbol issuer { code } } }").await;
        assert_eq!(programme.text("/directive/issuingBody"), "COMMITTEE");
        assert_eq!(programme.text("/directive/implements/0/kind/code"), "RESOLUTION");
        let below = programme.texts("/directive/implementedBy/nodes", "/symbol");
        for symbol in ["01-CTr/ĐUK", "02-KH/ĐUK", "01-CTr/HU"] {
            assert!(below.contains(&symbol.to_owned()), "{below:?}");
        }
    }

    /// "holds a conference for key cadres on 2020-12-04, where delegates study both and comment on the bloc's draft Action Programme."
    async fn d5_the_draft_was_commented_on_at_the_conference_and_the_comments_were_answered(world: &World) {
        let bloc = world.person("khoi").await;
        let programme = read(&bloc, by_symbol("KHOI-CQT", "01-CTr/ĐUK"),
            "status body summary implements { symbol issuingBody issuer { code } } comments { totalCount nodes { unit { code } at answer { decision reason } } }
             history(first: 20) { nodes { action reason } }").await;
        assert_eq!(programme.text("/directive/status"), "ISSUED");
        let studied = programme.at("/directive/implements").as_array().unwrap();
        for both in [
            json!({ "symbol": null, "issuingBody": "CONGRESS", "issuer": { "code": "TINH" } }),
            json!({ "symbol": "01-CTr/TU", "issuingBody": "COMMITTEE", "issuer": { "code": "TINH" } }),
        ] {
            assert!(studied.contains(&both), "both documents that are studied are carried out: {studied:?}");
        }
        let conference = "hội nghị cán bộ chủ chốt ngày 04/12/2020";
        let history = programme.at("/directive/history/nodes").as_array().unwrap();
        let opened = history.iter().find(|entry| entry["action"] == "CONSULTATION_OPENED").unwrap();
        assert_eq!(opened["reason"], format!("Lấy ý kiến tại {conference}"));
        assert_eq!(programme.text("/directive/summary"), format!("Dự thảo được góp ý tại {conference}."));
        assert_eq!(programme.texts("/directive/comments/nodes", "/unit/code"), ["CQ-01", "CQ-02", "CQ-05"]);
        assert_eq!(programme.texts("/directive/comments/nodes", "/answer/decision"), ["ACCEPTED", "PARTLY", "DECLINED"]);
        let days = programme.texts("/directive/comments/nodes", "/at");
        assert!(days.iter().all(|at| at.starts_with("2020-12-04")), "{days:?}");
        let steps = programme.texts("/directive/history/nodes", "/action");
        let at = |step: &str| steps.iter().position(|known| known == step).unwrap_or_else(|| panic!("no {step} in {steps:?}"));
        let told = ["DIRECTIVE_DRAFTED", "CONSULTATION_OPENED", "DRAFT_COMMENTED", "COMMENT_ANSWERED", "CONSULTATION_CLOSED", "DRAFT_REVISED", "DIRECTIVE_ISSUED"].map(at);
        assert!(told.is_sorted() || told.iter().rev().is_sorted(), "{steps:?}");
        assert!(programme.text("/directive/body").contains("cơ quan chủ trì"), "what was accepted is in the text");
    }

    /// "A propaganda orientation for December 2020, issued on the 4th, asks all cells and committees to cover" five topics.
    async fn b1_the_orientation_binds_all_cells_and_committees_of_the_bloc(world: &World) {
        let bloc = world.person("khoi").await;
        let orientation = read(&bloc, by_symbol("KHOI-CQT", "12-ĐHTT/ĐUK"),
            "issuedOn boundOn kind { code } boundUnits { totalCount } requirements { kind title dueOn period informative scope { reach } }").await;
        assert_eq!(orientation.text("/directive/kind/code"), "PROPAGANDA_ORIENTATION");
        assert_eq!((orientation.text("/directive/issuedOn"), orientation.text("/directive/boundOn")), ("2020-12-04".into(), "2020-12-04".into()));
        let below = bloc.data("{ orgUnit(by: { code: \"KHOI-CQT\" }) { descendantCount all: descendantCount(kinds: []) } }", json!({})).await;
        assert_eq!(orientation.number("/directive/boundUnits/totalCount"), below.number("/orgUnit/descendantCount"));
        assert_eq!(below.number("/orgUnit/all"), below.number("/orgUnit/descendantCount"), "no kind narrows nothing");
        let titles = orientation.texts("/directive/requirements", "/title");
        assert_eq!(titles.len(), 6);
        let topics = ["lần thứ XIII của Đảng", "kỳ họp thứ 10, Quốc hội khóa XIV", "kỳ họp thứ 12, Hội đồng nhân dân tỉnh khóa XIII", "nhiệm vụ chính trị năm 2020", "COVID-19"];
        for (title, topic) in titles.iter().zip(topics) {
            assert!(title.contains(topic), "{title}");
        }
        assert_eq!(orientation.texts("/directive/requirements", "/period"), ["2020-12"; 6]);
    }

    /// "and a standing duty (B8) to report on public opinion: a summary by the unit, never on persons."
    async fn b8_the_standing_duty_is_reported_on_and_not_counted(world: &World) {
        let bloc = world.person("khoi").await;
        let orientation = read(&bloc, by_symbol("KHOI-CQT", "12-ĐHTT/ĐUK"),
            "completion { total counted informative } requirements { informative detail completion { total counted informative overdue inProgress reported completionRate } obligations { totalCount } }").await;
        let duty = orientation.at("/directive/requirements/5").clone();
        assert_eq!((&duty["informative"], &duty["obligations"]["totalCount"]), (&json!(true), &json!(32)));
        assert!(duty["detail"].as_str().unwrap().contains("không nêu tên"), "never on persons");
        let told = json!({ "total": 32, "counted": 0, "informative": 32, "overdue": 0, "inProgress": 1, "reported": 1, "completionRate": null });
        assert_eq!(duty["completion"], told, "an accepted report leaves it in progress");
        let (total, counted) = (orientation.number("/directive/completion/total"), orientation.number("/directive/completion/counted"));
        assert_eq!((total, counted), (6 * 32, 5 * 32));
    }

    /// "The bloc's secretary is also a member of the provincial committee: one person, two appointments, in two units."
    async fn one_person_holds_two_appointments_in_two_units(world: &World) {
        let inspector = world.person("thanh-tra").await;
        let people = inspector.data("{ people { totalCount nodes { name appointments { position unit { code } } } } }", json!({})).await;
        assert_eq!(people.number("/people/totalCount"), 1, "nobody else is named in the story");
        let held = people.at("/people/nodes/0/appointments").as_array().unwrap().iter();
        let mut held: Vec<String> = held.map(|held| format!("{} {}", held["unit"]["code"], held["position"]).replace('"', "")).collect();
        held.sort();
        assert_eq!(held, ["KHOI-CQT SECRETARY", "TINH MEMBER"]);
        let bloc = world.person("khoi").await.data("{ viewer { principal { ... on User { person { name } } } } }", json!({})).await;
        assert_eq!(bloc.text("/viewer/principal/person/name"), people.text("/people/nodes/0/name"));
    }
}
