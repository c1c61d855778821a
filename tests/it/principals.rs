//! Who may call, and what they are let do (section 8).

use serde_json::{Value, json};

use crate::harness::answer::Answer;
use crate::harness::{Actor, PASSWORD, World, both};

const PROVINCE: &str = "
TINH PROVINCIAL
  KHOI BLOC
    SNV GRASSROOTS_CELL
  HUYEN DISTRICT
    XA GRASSROOTS_CELL
";

const CREATE_USER: &str = "mutation($input: CreateUserInput!) { createUser(input: $input) { user { id userName active } userErrors { code rule path message } } }";
const GRANT: &str =
    "mutation($input: GrantRoleInput!) { grantRole(input: $input) { grant { id role expiresOn } userErrors { code rule path message } } }";
const REVOKE: &str = "mutation($input: RevokeGrantInput!) { revokeGrant(input: $input) { revoked principal { grants { role } } userErrors { code rule path message } } }";
const DEACTIVATE: &str = "mutation($input: DeactivatePrincipalInput!) { deactivatePrincipal(input: $input) { principal { active } userErrors { code rule path message } } }";
const LOG_IN: &str = "mutation($input: LogInInput!) { logIn(input: $input) { accessToken refreshToken viewer { principal { id displayName } } userErrors { code rule path message } } }";
const REFRESH: &str = "mutation($token: String!) { refreshSession(input: { refreshToken: $token }) { accessToken refreshToken viewer { principal { displayName } } userErrors { code rule path message } } }";
const LOG_OUT: &str =
    "mutation($all: Boolean!) { logOut(input: { everywhere: $all }) { loggedOut userErrors { code rule path message } } }";
const ME: &str = "{ viewer { principal { id displayName } grants { id role unit { code } } } }";

async fn log_in(world: &World, name: &str, password: &str) -> Answer {
    world.nobody().ask(LOG_IN, json!({ "input": { "userName": name, "password": password } })).await
}

fn bearer<'w>(world: &'w World, token: &str) -> Actor<'w> {
    Actor { world, token: Some(token.to_owned()), language: "en" }
}

async fn id_of(actor: &Actor<'_>) -> String {
    actor.data(ME, json!({})).await.text("/viewer/principal/id")
}

both! {
    async fn a1_a_user_logs_in_and_sees_who_they_are(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let reporter = world.user("van-thu", "REPORTER", "KHOI").await;
        let viewer = reporter.data("{ viewer { principal { displayName active ... on User { userName } } grants { role unit { code } principal { displayName } } } }", json!({})).await;
        assert_eq!(viewer.text("/viewer/principal/userName"), "van-thu");
        assert_eq!(viewer.text("/viewer/grants/0/role"), "REPORTER");
        assert_eq!(viewer.text("/viewer/grants/0/unit/code"), "KHOI");
        let answer = log_in(world, " VAN-THU ", PASSWORD).await;
        assert_eq!(answer.text("/logIn/viewer/principal/displayName"), "van-thu", "the payload is seen by who has just logged in");
    }

    async fn a1_a_call_is_told_from_another_without_its_password(world: &World) {
        let operator = world.operator().await;
        let create = |password: &str, name: &str| json!({ "input": { "userName": "moi", "displayName": name, "password": password, "clientMutationId": "u1" } });
        let first = operator.data(CREATE_USER, create("mật khẩu thứ nhất", "Mới")).await.text("/createUser/user/id");
        let again = operator.data(CREATE_USER, create("mật khẩu thứ hai", "Mới")).await.text("/createUser/user/id");
        assert_eq!(again, first, "were the password hashed with the input, this would be another input");
        let other = operator.ask(CREATE_USER, create("mật khẩu thứ nhất", "Khác")).await.refusals();
        assert!(other[0].starts_with("IDEMPOTENCY_MISMATCH F4 clientMutationId"), "{other:?}");
        assert_eq!(log_in(world, "moi", "mật khẩu thứ nhất").await.refusals().len(), 0, "the password is the one of the first call");
        assert_eq!(log_in(world, "moi", "mật khẩu thứ hai").await.refusals().len(), 1);
    }

    async fn a1_nobody_reads_or_writes_without_logging_in(world: &World) {
        world.operator().await;
        for query in [ME, "{ roots { code } }", "mutation { createService(input: { displayName: \"x\" }) { secret } }"] {
            assert_eq!(world.nobody().ask(query, json!({})).await.error_code(), "UNAUTHENTICATED", "{query}");
        }
    }

    async fn a5_a_wrong_password_an_unknown_user_and_a_closed_account_are_refused_alike(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let closed = world.user("da-nghi", "VIEWER", "KHOI").await;
        operator.data(DEACTIVATE, json!({ "input": { "principal": id_of(&closed).await } })).await;
        let service = operator.data("mutation { createService(input: { displayName: \"may\" }) { service { id } secret } }", json!({})).await;
        operator.data(CREATE_USER, json!({ "input": { "userName": "khong-mat-khau", "displayName": "x" } })).await;
        let mut said = Vec::new();
        for (name, password) in [("admin", "sai hoàn toàn rồi"), ("khong-ai", PASSWORD), ("da-nghi", PASSWORD), ("có khoảng trắng", PASSWORD), ("khong-mat-khau", ""), ("may", &service.text("/createService/secret"))] {
            said.extend(log_in(world, name, password).await.refusals());
        }
        assert_eq!(said.len(), 6);
        assert!(said.iter().all(|one| *one == said[0] && one.starts_with("FORBIDDEN")), "{said:#?}");
    }

    async fn a1_a_deactivated_principal_is_refused_on_the_very_next_request(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let viewer = world.user("xem", "VIEWER", "KHOI").await;
        let id = id_of(&viewer).await;
        let answer = operator.data(DEACTIVATE, json!({ "input": { "principal": id, "reason": "nghỉ hưu" } })).await;
        assert_eq!(answer.at("/deactivatePrincipal/principal/active"), false);
        let refused = viewer.ask(ME, json!({})).await;
        assert_eq!((refused.status, refused.error_code()), (401, "UNAUTHENTICATED"));
        operator.data(DEACTIVATE, json!({ "input": { "principal": id } })).await;
        let granted = operator.ask(GRANT, json!({ "input": { "principal": id, "role": "VIEWER", "unit": { "code": "KHOI" } } })).await;
        assert!(granted.refusals()[0].starts_with("NOT_FOUND A5 principal"), "{granted:?}");
    }

    async fn a1_a_revoked_grant_is_gone_on_the_very_next_request(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let admin = world.user("quan-tri", "ADMIN", "KHOI").await;
        let grant = admin.data(ME, json!({})).await.text("/viewer/grants/0/id");
        let create = |name: &str| json!({ "input": { "userName": name, "displayName": name } });
        admin.data(CREATE_USER, create("mot")).await;
        let answer = operator.data(REVOKE, json!({ "input": { "grant": grant } })).await;
        assert!(answer.texts("/revokeGrant/principal/grants", "/role").is_empty());
        let refused = admin.ask(CREATE_USER, create("hai")).await;
        assert!(refused.refusals()[0].starts_with("FORBIDDEN A2"), "{refused:?}");
        assert!(admin.data(ME, json!({})).await.texts("/viewer/grants", "/role").is_empty());
        let again = operator.ask(REVOKE, json!({ "input": { "grant": grant } })).await;
        assert!(again.refusals()[0].starts_with("NOT_FOUND A5 grant"), "{again:?}");
    }

    async fn a1_a_grant_holds_until_the_day_on_which_it_expires(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let user = operator.data(CREATE_USER, json!({ "input": { "userName": "tam", "displayName": "Tạm", "password": PASSWORD } })).await;
        let input = |day: &str| json!({ "input": { "principal": user.text("/createUser/user/id"), "role": "VIEWER", "unit": { "code": "KHOI" }, "expiresOn": day } });
        let past = operator.ask(GRANT, input("2020-12-01")).await;
        assert!(past.refusals()[0].starts_with("INVALID A1 expiresOn"), "{past:?}");
        operator.data(GRANT, input("2020-12-03")).await;
        let actor = world.log_in("tam").await;
        for (day, held) in [("2020-12-02", 1), ("2020-12-03", 0)] {
            world.day(day);
            assert_eq!(actor.data(ME, json!({})).await.texts("/viewer/grants", "/role").len(), held, "{day}");
        }
    }

    async fn a1_a_refresh_token_is_good_once_and_a_second_use_ends_the_session(world: &World) {
        world.operator().await;
        let first = log_in(world, "admin", PASSWORD).await;
        let token = first.text("/logIn/refreshToken");
        let second = world.nobody().data(REFRESH, json!({ "token": token })).await;
        assert_eq!(second.text("/refreshSession/viewer/principal/displayName"), "Quản trị");
        let fresh = bearer(world, &second.text("/refreshSession/accessToken"));
        fresh.data(ME, json!({})).await;
        let reused = world.nobody().ask(REFRESH, json!({ "token": token })).await;
        assert!(reused.refusals()[0].starts_with("FORBIDDEN"), "{reused:?}");
        assert_eq!(fresh.ask(ME, json!({})).await.error_code(), "UNAUTHENTICATED", "the end of the session stays although the caller was refused");
        let next = world.nobody().ask(REFRESH, json!({ "token": second.text("/refreshSession/refreshToken") })).await;
        assert_eq!(next.refusals(), reused.refusals(), "nor does the token that was good go on");
        assert_eq!(world.nobody().ask(REFRESH, json!({ "token": "không phải" })).await.refusals(), reused.refusals());
    }

    async fn a1_two_renewals_with_one_token_at_once_end_the_session(world: &World) {
        world.operator().await;
        let token = log_in(world, "admin", PASSWORD).await.text("/logIn/refreshToken");
        let nobody = world.nobody();
        let (one, other) = tokio::join!(nobody.ask(REFRESH, json!({ "token": token })), nobody.ask(REFRESH, json!({ "token": token })));
        let answers = [one, other];
        let good: Vec<&Answer> = answers.iter().filter(|answer| !answer.at("/refreshSession/accessToken").is_null()).collect();
        assert!(good.len() == 1, "one was first: {answers:?}");
        let actor = bearer(world, &good[0].text("/refreshSession/accessToken"));
        assert_eq!(actor.ask(ME, json!({})).await.error_code(), "UNAUTHENTICATED");
    }

    async fn a1_logging_out_ends_one_session_or_all(world: &World) {
        world.operator().await;
        let mut sessions = Vec::new();
        for _ in 0..3 {
            sessions.push(world.log_in("admin").await);
        }
        sessions[0].data(LOG_OUT, json!({ "all": false })).await;
        assert_eq!(sessions[0].ask(ME, json!({})).await.error_code(), "UNAUTHENTICATED");
        sessions[1].data(ME, json!({})).await;
        let both = "mutation { logOut(input: { everywhere: true }) { loggedOut userErrors { code } } createService(input: { displayName: \"muộn\" }) { secret userErrors { code } } }";
        let answer = sessions[1].ask(both, json!({})).await;
        assert_eq!(answer.error_code(), "UNAUTHENTICATED", "what comes after in the same request is refused too: {answer:?}");
        for session in &sessions {
            assert_eq!(session.ask(ME, json!({})).await.error_code(), "UNAUTHENTICATED");
        }
    }

    async fn a1_a_services_secret_is_shown_once_and_opens_the_door(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let create = "mutation { createService(input: { displayName: \"Trục liên thông\", clientMutationId: \"s1\" }) { service { id displayName lastUsedAt } secret userErrors { code } } }";
        let first = operator.data(create, json!({})).await;
        let secret = first.text("/createService/secret");
        assert!(secret.starts_with("cds_") && secret.len() == 47);
        assert!(first.at("/createService/service/lastUsedAt").is_null());
        let again = operator.data(create, json!({})).await;
        assert_eq!(again.text("/createService/service/id"), first.text("/createService/service/id"));
        assert!(again.at("/createService/secret").is_null(), "a call that is sent again does not show the secret again");
        let service = bearer(world, &secret);
        assert_eq!(service.data("{ viewer { principal { __typename displayName } } }", json!({})).await.text("/viewer/principal/__typename"), "Service");
        operator.grant(&first.text("/createService/service/id"), "ADMIN", "KHOI").await;
        service.data(CREATE_USER, json!({ "input": { "userName": "boi-may", "displayName": "x" } })).await;
        let used = service.data("{ viewer { principal { ... on Service { lastUsedAt } } } }", json!({})).await;
        assert!(used.text("/viewer/principal/lastUsedAt").starts_with("2020-12-01T"));
        assert!(service.ask(LOG_OUT, json!({ "all": true })).await.refusals()[0].starts_with("FORBIDDEN"));
        assert_eq!(bearer(world, &format!("{secret}x")).ask(ME, json!({})).await.error_code(), "UNAUTHENTICATED");
    }

    async fn a4_admin_gives_any_role_there_and_nobody_gives_what_they_do_not_administer(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let admin = world.user("quan-tri", "ADMIN", "KHOI").await;
        let other = world.user("giam-sat", "SUPERVISOR", "KHOI").await;
        let id = id_of(&other).await;
        let grant = |role: &str, unit: Value| json!({ "input": { "principal": id, "role": role, "unit": unit } });
        admin.data(GRANT, grant("DRAFTER", json!({ "code": "SNV" }))).await;
        for (actor, role, unit, wanted) in [
            (&admin, "VIEWER", json!({ "code": "HUYEN" }), "FORBIDDEN A4"),
            (&admin, "VIEWER", json!({ "code": "TINH" }), "FORBIDDEN A4"),
            (&admin, "ADMIN", Value::Null, "FORBIDDEN"),
            (&other, "VIEWER", json!({ "code": "KHOI" }), "FORBIDDEN A4"),
            (&operator, "REPORTER", Value::Null, "INVALID A2 unit"),
            (&operator, "REPORTER", json!({ "code": "KHONG-CO" }), "NOT_FOUND A5 unit"),
            (&operator, "REPORTER", json!({ "id": "???" }), "INVALID F1 unit.id"),
        ] {
            let answer = actor.ask(GRANT, grant(role, unit.clone())).await;
            assert!(answer.refusals()[0].starts_with(wanted), "{role} {unit}: {answer:?}");
        }
    }

    async fn a4_the_last_operator_cannot_be_removed(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let me = operator.data(ME, json!({})).await;
        let (id, grant) = (me.text("/viewer/principal/id"), me.text("/viewer/grants/0/id"));
        let second = operator.data(CREATE_USER, json!({ "input": { "userName": "hai", "displayName": "Hai", "password": PASSWORD } })).await.text("/createUser/user/id");
        operator.data(GRANT, json!({ "input": { "principal": second, "role": "ADMIN", "expiresOn": "2030-01-01" } })).await;
        for (query, input) in [(REVOKE, json!({ "grant": grant })), (DEACTIVATE, json!({ "principal": id }))] {
            let answer = operator.ask(query, json!({ "input": input })).await;
            assert!(answer.refusals()[0].starts_with("FORBIDDEN A4"), "one whose grant expires does not count: {answer:?}");
        }
        operator.data(GRANT, json!({ "input": { "principal": second, "role": "ADMIN" } })).await;
        operator.data(DEACTIVATE, json!({ "input": { "principal": id } })).await;
        let second = world.log_in("hai").await;
        let answer = second.ask(DEACTIVATE, json!({ "input": { "principal": id_of(&second).await } })).await;
        assert!(answer.refusals()[0].starts_with("FORBIDDEN A4"), "{answer:?}");
    }

    async fn a4_two_operators_who_remove_each_other_at_once_leave_one(world: &World) {
        let operator = world.operator().await;
        let second = operator.data(CREATE_USER, json!({ "input": { "userName": "hai", "displayName": "Hai", "password": PASSWORD } })).await.text("/createUser/user/id");
        operator.data(GRANT, json!({ "input": { "principal": second, "role": "ADMIN" } })).await;
        let (other, first) = (world.log_in("hai").await, id_of(&operator).await);
        let (a, b) = tokio::join!(
            operator.ask(DEACTIVATE, json!({ "input": { "principal": second } })),
            other.ask(DEACTIVATE, json!({ "input": { "principal": first } })),
        );
        let done = [&a, &b].iter().filter(|answer| answer.at("/deactivatePrincipal/principal/active") == false).count();
        assert_eq!(done, 1, "{a:?}\n{b:?}");
    }

    async fn a2_users_are_made_by_administrators_with_names_and_passwords_that_hold(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let reporter = world.user("van-thu", "REPORTER", "KHOI").await;
        let input = |name: &str, display: &str, password: &str| json!({ "input": { "userName": name, "displayName": display, "password": password } });
        for (actor, input, wanted) in [
            (&reporter, input("moi", "x", PASSWORD), "FORBIDDEN A2"),
            (&operator, input("VAN-thu", "x", PASSWORD), "ALREADY_EXISTS A7 userName"),
            (&operator, input("moi", "x", "ngắn quá"), "INVALID A7 password"),
            (&operator, input("moi", "x", &"dài ".repeat(100)), "INVALID F2 password"),
            (&operator, input("hai chữ", "x", PASSWORD), "INVALID F2 userName"),
            (&operator, input("moi", "\u{202e}x", PASSWORD), "INVALID F2 displayName"),
            (&operator, input("moi", "", PASSWORD), "INVALID F2 displayName"),
        ] {
            let answer = actor.ask(CREATE_USER, input).await;
            assert!(answer.refusals()[0].starts_with(wanted), "{wanted}: {answer:?}");
        }
    }

    async fn a3_grants_are_shown_to_oneself_and_to_administrators(world: &World) {
        let operator = world.operator().await;
        operator.establish(PROVINCE).await;
        let reporter = world.user("van-thu", "REPORTER", "KHOI").await;
        let list = "query($after: String) { principals(first: 1, after: $after) { totalCount nodes { displayName grants { role } } pageInfo { hasNextPage endCursor } } }";
        let first = operator.data(list, json!({})).await;
        assert_eq!((first.text("/principals/nodes/0/displayName"), first.number("/principals/totalCount")), ("Quản trị".into(), 2));
        let second = operator.data(list, json!({ "after": first.text("/principals/pageInfo/endCursor") })).await;
        assert_eq!((second.text("/principals/nodes/0/displayName"), second.at("/principals/pageInfo/hasNextPage")), ("van-thu".into(), &json!(false)));
        assert_eq!(reporter.ask(list, json!({})).await.error_code(), "FORBIDDEN");
        let node = "query($id: ID!) { node(id: $id) { __typename id } }";
        let (mine, theirs) = (id_of(&reporter).await, id_of(&operator).await);
        assert_eq!(reporter.data(node, json!({ "id": mine })).await.text("/node/__typename"), "User");
        assert!(reporter.data(node, json!({ "id": theirs })).await.at("/node").is_null());
        assert_eq!(operator.data(node, json!({ "id": mine })).await.text("/node/id"), mine);
    }
}
