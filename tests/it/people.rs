//! Persons and their appointments (section 10: one person, two appointments, in two units).

use serde_json::{Value, json};

use crate::harness::{Actor, both};

const PROVINCE: &str = "TINH PROVINCIAL Đảng bộ tỉnh\n  KHOI BLOC Đảng bộ Khối\n  HUYEN DISTRICT Đảng bộ huyện";
const APPOINT: &str = "mutation($input: AppointOfficerInput!) { appointOfficer(input: $input) {
    appointment { id position from to person { id name } unit { code } } userErrors { code rule path message } } }";
const END: &str =
    "mutation($input: EndAppointmentInput!) { endAppointment(input: $input) { appointment { to } userErrors { code rule path message } } }";

fn appointment(unit: &str, position: &str, from: &str) -> Value {
    json!({ "unit": { "code": unit }, "position": position, "from": from })
}

/// Appoints a new person and answers the ids of the appointment and of the person.
async fn appoint(actor: &Actor<'_>, name: &str, unit: &str, position: &str, from: &str) -> (String, String) {
    let mut input = appointment(unit, position, from);
    input["personName"] = json!(name);
    let answer = actor.data(APPOINT, json!({ "input": input })).await;
    (answer.text("/appointOfficer/appointment/id"), answer.text("/appointOfficer/appointment/person/id"))
}

both! {
    async fn story_the_blocs_secretary_is_a_member_of_the_provincial_committee_too(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let (_, person) = appoint(&operator, "Nguyễn Văn Bí", "KHOI", "SECRETARY", "2020-08-01").await;
        let mut second = appointment("TINH", "MEMBER", "2020-10-15");
        second["person"] = json!(person);
        operator.data(APPOINT, json!({ "input": second })).await;
        let answer = operator.data("query($id: ID!) { node(id: $id) { ... on Person { name appointments { position unit { code } } then: appointments(on: \"2020-09-01\") { unit { code } } } } }", json!({ "id": person })).await;
        assert_eq!(answer.texts("/node/appointments", "/unit/code"), ["KHOI", "TINH"]);
        assert_eq!(answer.texts("/node/appointments", "/position"), ["SECRETARY", "MEMBER"]);
        assert_eq!(answer.texts("/node/then", "/unit/code"), ["KHOI"]);
        let unit = operator.data("{ orgUnit(by: { code: \"TINH\" }) { officers { person { name } } none: officers(positions: [SECRETARY]) { id } } }", json!({})).await;
        assert_eq!(unit.texts("/orgUnit/officers", "/person/name"), ["Nguyễn Văn Bí"]);
        assert!(unit.texts("/orgUnit/none", "/id").is_empty());
    }

    async fn o4_officers_are_those_of_the_day_that_is_asked_for(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let (old, _) = appoint(&operator, "Trần Thị Cũ", "KHOI", "SECRETARY", "2015-08-01").await;
        world.day("2020-12-10");
        operator.data(END, json!({ "input": { "appointment": old, "to": "2020-12-05", "reason": "nghỉ hưu" } })).await;
        appoint(&operator, "Lê Văn Mới", "KHOI", "SECRETARY", "2020-12-05").await;
        let query = "query($day: Date) { orgUnit(by: { code: \"KHOI\" }, asOf: $day) { officers { person { name } unit { asOf } } } }";
        for (day, name) in [("2020-12-04", "Trần Thị Cũ"), ("2020-12-05", "Lê Văn Mới")] {
            let answer = operator.data(query, json!({ "day": day })).await;
            assert_eq!(answer.texts("/orgUnit/officers", "/person/name"), [name], "{day}");
            assert_eq!(answer.texts("/orgUnit/officers", "/unit/asOf"), [day]);
        }
    }

    async fn t1_nobody_holds_the_same_position_of_a_unit_twice_on_one_day(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let (id, person) = appoint(&operator, "Phạm Văn Một", "KHOI", "MEMBER", "2020-01-01").await;
        let again = |from: &str, to: Value, position: &str, unit: &str| {
            let mut input = appointment(unit, position, from);
            (input["person"], input["to"]) = (json!(person), to);
            json!({ "input": input })
        };
        let twice = operator.ask(APPOINT, again("2020-06-01", Value::Null, "MEMBER", "KHOI")).await;
        assert!(twice.refusals()[0].starts_with("ALREADY_EXISTS O10 from"), "{twice:?}");
        operator.data(APPOINT, again("2019-01-01", json!("2020-01-01"), "MEMBER", "KHOI")).await;
        operator.data(APPOINT, again("2020-06-01", Value::Null, "SECRETARY", "KHOI")).await;
        operator.data(APPOINT, again("2020-06-01", Value::Null, "MEMBER", "HUYEN")).await;
        for (to, wanted) in [("2020-01-01", "INVALID O10 to"), ("2019-12-31", "INVALID O10 to")] {
            let answer = operator.ask(END, json!({ "input": { "appointment": id, "to": to } })).await;
            assert!(answer.refusals()[0].starts_with(wanted), "{to}: {answer:?}");
        }
        operator.data(END, json!({ "input": { "appointment": id, "to": "2020-12-01" } })).await;
        let longer = operator.ask(END, json!({ "input": { "appointment": id, "to": "2020-12-01" } })).await;
        assert!(longer.refusals()[0].starts_with("INVALID O10 to"), "it has ended by then: {longer:?}");
        operator.data(APPOINT, again("2020-12-01", Value::Null, "MEMBER", "KHOI")).await;
    }

    async fn a2_officers_are_appointed_by_administrators_of_the_unit(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let (id, person) = appoint(&operator, "Hoàng Thị Hai", "HUYEN", "SECRETARY", "2020-01-01").await;
        let admin = world.user("quan-tri", "ADMIN", "KHOI").await;
        let drafter = world.user("soan-thao", "DRAFTER", "KHOI").await;
        let with = |unit: &str, fields: Value| {
            let mut input = appointment(unit, "MEMBER", "2020-12-01");
            input.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            json!({ "input": input })
        };
        admin.data(APPOINT, with("KHOI", json!({ "personName": "Vũ Văn Ba" }))).await;
        for (actor, input, wanted) in [
            (&admin, with("HUYEN", json!({ "personName": "x" })), "FORBIDDEN A2"),
            (&drafter, with("KHOI", json!({ "personName": "x" })), "FORBIDDEN A2"),
            (&admin, with("KHOI", json!({})), "INVALID"),
            (&admin, with("KHOI", json!({ "person": person, "personName": "x" })), "INVALID"),
            (&admin, with("KHOI", json!({ "person": id })), "INVALID F1 person"),
            (&admin, with("KHOI", json!({ "personName": "x", "to": "2020-12-01" })), "INVALID O10 to"),
            (&admin, with("KHOI", json!({ "personName": "\u{0}" })), "INVALID F2 personName"),
            (&admin, with("GIA", json!({ "personName": "x" })), "NOT_FOUND A5 unit"),
        ] {
            let answer = actor.ask(APPOINT, input).await;
            assert!(answer.refusals()[0].starts_with(wanted), "{wanted}: {answer:?}");
        }
        let ended = admin.ask(END, json!({ "input": { "appointment": id, "to": "2020-12-01" } })).await;
        assert!(ended.refusals()[0].starts_with("FORBIDDEN A2"), "{ended:?}");
        let wrong_day = admin.ask(APPOINT, json!({ "input": appointment("KHOI", "MEMBER", "2020-02-30") })).await;
        assert!(wrong_day.body["errors"][0]["message"].as_str().unwrap().contains("2020-02-30"), "{wrong_day:?}");
    }

    async fn o7_people_are_found_without_diacritics_and_sorted_as_a_vietnamese_dictionary_does(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        for name in ["Đặng Thị Bảy", "Dương Văn Tám", "Bùi Văn Chín", "Dặng Thị Mười"] {
            appoint(&operator, name, "KHOI", "MEMBER", "2020-01-01").await;
        }
        let query = "query($text: String, $after: String) { people(search: $text, first: 3, after: $after) { totalCount nodes { name } pageInfo { endCursor hasNextPage } } }";
        let first = operator.data(query, json!({})).await;
        assert_eq!(first.texts("/people/nodes", "/name"), ["Bùi Văn Chín", "Dặng Thị Mười", "Dương Văn Tám"]);
        let second = operator.data(query, json!({ "after": first.text("/people/pageInfo/endCursor") })).await;
        assert_eq!(second.texts("/people/nodes", "/name"), ["Đặng Thị Bảy"]);
        let found = operator.data(query, json!({ "text": "DANG thi" })).await;
        assert_eq!((found.texts("/people/nodes", "/name"), found.number("/people/totalCount")), (vec!["Dặng Thị Mười".into(), "Đặng Thị Bảy".into()], 2));
        assert_eq!(operator.data(query, json!({ "text": "100%" })).await.number("/people/totalCount"), 0);
    }
}
