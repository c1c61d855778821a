//! Who may call, and what they are let do (section 8).

use serde_json::json;

use crate::harness::both;

both! {
    async fn a1_a_user_logs_in_and_sees_who_they_are(world: &World) {
        let operator = world.operator().await;
        operator.establish("TINH PROVINCIAL\n  KHOI BLOC").await;
        let reporter = world.user("van-thu", "REPORTER", "KHOI").await;
        let viewer = reporter.data("{ viewer { principal { displayName active ... on User { userName } } grants { role unit { code } principal { displayName } } } }", json!({})).await;
        assert_eq!(viewer.text("/viewer/principal/userName"), "van-thu");
        assert_eq!(viewer.text("/viewer/grants/0/role"), "REPORTER");
        assert_eq!(viewer.text("/viewer/grants/0/unit/code"), "KHOI");
        let nobody = world.nobody().ask("{ viewer { grants { role } } }", json!({})).await;
        assert_eq!(nobody.error_code(), "UNAUTHENTICATED");
    }
}
