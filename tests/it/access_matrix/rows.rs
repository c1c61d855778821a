//! The rows: data only.

use super::Row;

/// What anybody may read who has logged in.
const fn public(field: &'static str, document: &'static str) -> Row {
    Row { field, document, nobody: "UNAUTHENTICATED", elsewhere: "ok", above: "ok", right: ("VIEWER KHOI", "ok"), journal: &[] }
}

/// What is for one role: `elsewhere` and `above` tell what the others get.
const fn row(
    field: &'static str,
    document: &'static str,
    elsewhere: &'static str,
    above: &'static str,
    right: (&'static str, &'static str),
) -> Row {
    Row { field, document, nobody: "UNAUTHENTICATED", elsewhere, above, right, journal: &[] }
}

/// What is asked for before one has logged in: no role matters.
const fn before(field: &'static str, document: &'static str, outcome: &'static str) -> Row {
    Row { field, document, nobody: outcome, elsewhere: outcome, above: outcome, right: ("VIEWER KHOI", outcome), journal: &[] }
}

impl Row {
    /// The same for a mutation, with what the journal says of it.
    const fn writes(self, journal: &'static [&'static str]) -> Self {
        Self { journal, ..self }
    }
}

/// A mutation of the obligation of a unit from the laid requirement; `$more` adds to the input.
macro_rules! of_each {
    ($field:literal, $unit:literal) => {
        of_each!($field, $unit, "")
    };
    ($field:literal, $unit:literal, $more:literal) => {
        concat!(
            "mutation($requirement: ID!) { ",
            $field,
            "(input: { obligations: [{ of: { requirement: $requirement, unit: { code: \"",
            $unit,
            "\" } } }]",
            $more,
            " }) { userErrors { code } } }"
        )
    };
}

/// The same where the mutation takes one obligation and a reason.
macro_rules! of_one {
    ($field:literal, $unit:literal) => {
        concat!(
            "mutation($requirement: ID!) { ",
            $field,
            "(input: { obligation: { of: { requirement: $requirement, unit: { code: \"",
            $unit,
            "\" } } }, reason: \"x\" }) { userErrors { code } } }"
        )
    };
}

/// Each subject that a mutation changes has an entry of its own: the batch and the unit, the directive and the obligations of its three
/// units, the comment and its draft.
pub(super) const ROWS: &[Row] = &[
    // The tree: names and places are everybody's (A3).
    public("roots", "{ roots { code } }"),
    public("orgUnit", r#"{ orgUnit(by: { code: "KHOI" }) { name path children { nodes { code } } viewerCan } }"#),
    public("orgUnits", "{ orgUnits { nodes { code } } }"),
    public("orgUnitKinds", "{ orgUnitKinds { code } }"),
    row(
        "defineOrgUnitKind",
        r#"mutation { defineOrgUnitKind(input: { code: "BLOC", nameEn: "x" }) { userErrors { code } } }"#,
        "FORBIDDEN",
        "FORBIDDEN",
        ("ADMIN *", "ok"),
    )
    .writes(&["ORG_UNIT_KIND_DEFINED"]),
    row(
        "defineDirectiveKind",
        r#"mutation { defineDirectiveKind(input: { code: "PLAN", nameEn: "x" }) { userErrors { code } } }"#,
        "FORBIDDEN",
        "FORBIDDEN",
        ("ADMIN *", "ok"),
    )
    .writes(&["DIRECTIVE_KIND_DEFINED"]),
    row(
        "integrityFindings",
        "{ integrityFindings { totalCount nodes { code unit { code } message } } }",
        "empty",
        "empty",
        ("VIEWER KHOI", "empty"),
    ),
    row(
        "cancelReorganization",
        r#"mutation($planned: ID!) { cancelReorganization(input: { reorganization: $planned, reason: "Nhầm" }) { userErrors { code } } }"#,
        "FORBIDDEN",
        "FORBIDDEN",
        ("ADMIN KHOI", "ok"),
    )
    .writes(&["REORGANIZATION_CANCELLED"]),
    row(
        "annulReorganization",
        r#"mutation($mistake: ID!) { annulReorganization(input: { reorganization: $mistake, reason: "Nhầm" }) { userErrors { code } } }"#,
        "FORBIDDEN",
        "FORBIDDEN",
        ("ADMIN KHOI", "ok"),
    )
    .writes(&["REORGANIZATION_ANNULLED", "REORGANIZED", "REORGANIZED"]),
    public("reorganizations", "{ reorganizations { nodes { title } } }"),
    row(
        "reorganize",
        r#"mutation { reorganize(input: { title: "x", effectiveOn: "2020-12-01", changes: [{ revise: { unit: { code: "SNV" }, shortName: "SNV" } }] }) { userErrors { code } } }"#,
        "FORBIDDEN",
        "FORBIDDEN",
        ("ADMIN KHOI", "ok"),
    )
    .writes(&["REORGANIZED"; 2]),
    // Officers are as public as their units; administrators of the unit appoint them (A2).
    public("people", "{ people { nodes { name } } }"),
    row(
        "appointOfficer",
        r#"mutation { appointOfficer(input: { personName: "B", unit: { code: "KHOI" }, position: MEMBER, from: "2020-12-01" }) { userErrors { code } } }"#,
        "FORBIDDEN",
        "FORBIDDEN",
        ("ADMIN KHOI", "ok"),
    )
    .writes(&["OFFICER_APPOINTED"]),
    row(
        "endAppointment",
        r#"mutation($appointment: ID!) { endAppointment(input: { appointment: $appointment, to: "2020-12-01" }) { userErrors { code } } }"#,
        "FORBIDDEN",
        "FORBIDDEN",
        ("ADMIN KHOI", "ok"),
    )
    .writes(&["APPOINTMENT_ENDED"]),
    // Things by id, and the journal: what may not be known of looks like a missing thing (A5).
    row("node", "query($draft: ID!) { node(id: $draft) { id } }", "null", "ok", ("DRAFTER KHOI", "ok")),
    row("nodes", "query($draft: ID!) { nodes(ids: [$draft]) { id } }", "empty", "ok", ("DRAFTER KHOI", "ok")),
    row(
        "journal",
        "query($draft: ID!) { journal(filter: { subject: $draft }) { nodes { action } } }",
        "empty",
        "ok",
        ("DRAFTER KHOI", "ok"),
    ),
    // Directives: drafts for the issuer's line, issued ones for whom they bind too (A3).
    public("directiveKinds", "{ directiveKinds { code } }"),
    row("directive", "query($issued: ID!) { directive(by: { id: $issued }) { title } }", "null", "ok", ("REPORTER SNV", "ok")),
    row(
        "draftDirective",
        r#"mutation { draftDirective(input: { issuer: { code: "KHOI" }, kind: "PLAN", title: "x" }) { userErrors { code } } }"#,
        "FORBIDDEN",
        "FORBIDDEN",
        ("DRAFTER KHOI", "ok"),
    )
    .writes(&["DIRECTIVE_DRAFTED"]),
    row(
        "issueDirective",
        r#"mutation($draftToIssue: ID!) { issueDirective(input: { directive: $draftToIssue, symbol: "02-KH/ĐUK", issuedOn: "2020-12-01" }) { userErrors { code } } }"#,
        "NOT_FOUND",
        "FORBIDDEN",
        ("DRAFTER KHOI", "ok"),
    )
    .writes(&["DIRECTIVE_ISSUED"; 4]),
    row("directives", "{ directives { nodes { title } } }", "empty", "ok", ("REPORTER SNV", "ok")),
    row(
        "reviseDraft",
        r#"mutation($draft: ID!) { reviseDraft(input: { directive: $draft, summary: "x" }) { userErrors { code } } }"#,
        "NOT_FOUND",
        "FORBIDDEN",
        ("DRAFTER KHOI", "ok"),
    )
    .writes(&["DRAFT_REVISED"]),
    row(
        "openConsultation",
        "mutation($draft: ID!) { openConsultation(input: { directive: $draft }) { userErrors { code } } }",
        "NOT_FOUND",
        "FORBIDDEN",
        ("DRAFTER KHOI", "ok"),
    )
    .writes(&["CONSULTATION_OPENED"]),
    row(
        "commentOnDraft",
        r#"mutation($draft: ID!) { commentOnDraft(input: { directive: $draft, unit: { code: "SNV" }, body: "Nhất trí." }) { userErrors { code } } }"#,
        "NOT_FOUND",
        "FORBIDDEN",
        ("REPORTER SNV", "ok"),
    )
    .writes(&["DRAFT_COMMENTED"; 2]),
    row(
        "answerComment",
        "mutation($comment: ID!) { answerComment(input: { comment: $comment, decision: ACCEPTED }) { userErrors { code } } }",
        "NOT_FOUND",
        "FORBIDDEN",
        ("DRAFTER KHOI", "ok"),
    )
    .writes(&["COMMENT_ANSWERED"; 2]),
    row(
        "closeConsultation",
        "mutation($draft: ID!) { closeConsultation(input: { directive: $draft }) { userErrors { code } } }",
        "NOT_FOUND",
        "FORBIDDEN",
        ("DRAFTER KHOI", "ok"),
    )
    .writes(&["CONSULTATION_CLOSED"]),
    row(
        "withdrawDraft",
        "mutation($draft: ID!) { withdrawDraft(input: { directive: $draft }) { userErrors { code } } }",
        "NOT_FOUND",
        "FORBIDDEN",
        ("DRAFTER KHOI", "ok"),
    )
    .writes(&["DRAFT_WITHDRAWN"]),
    row(
        "concludeDirective",
        "mutation($issuedToEnd: ID!) { concludeDirective(input: { directive: $issuedToEnd }) { userErrors { code } } }",
        "NOT_FOUND",
        "FORBIDDEN",
        ("DRAFTER KHOI", "ok"),
    )
    .writes(&["DIRECTIVE_CONCLUDED"; 4]),
    row(
        "resumeDirective",
        "mutation($issuedToEnd: ID!) { resumeDirective(input: { directive: $issuedToEnd, reason: \"cần tiếp tục\" }) { userErrors { code } } }",
        "NOT_FOUND",
        "FORBIDDEN",
        ("DRAFTER KHOI", "ok"),
    )
    .writes(&["DIRECTIVE_RESUMED"; 4]),
    // Obligations: for the unit and the line above it (A3); in the order of their life, since who holds the right takes each step (L1).
    row(
        "obligation",
        r#"query($requirement: ID!) { obligation(by: { of: { requirement: $requirement, unit: { code: "SNV" } } }) { state } }"#,
        "null",
        "ok",
        ("REPORTER SNV", "ok"),
    ),
    row("obligations", "{ obligations(filter: {}) { nodes { state } } }", "empty", "ok", ("REPORTER SNV", "ok")),
    row("acknowledgeObligations", of_each!("acknowledgeObligations", "SNV"), "NOT_FOUND", "FORBIDDEN", ("REPORTER SNV", "ok"))
    .writes(&["OBLIGATION_ACKNOWLEDGED"]),
    row("startObligations", of_each!("startObligations", "SNV"), "NOT_FOUND", "FORBIDDEN", ("REPORTER SNV", "ok"))
    .writes(&["OBLIGATION_STARTED"]),
    row(
        "submitReports",
        r#"mutation($requirement: ID!) { submitReports(input: { reports: [{ obligations: [{ of: { requirement: $requirement, unit: { code: "SNV" } } }], narrative: "Xong." }] }) { userErrors { code } } }"#,
        "NOT_FOUND",
        "FORBIDDEN",
        ("REPORTER SNV", "ok"),
    )
    .writes(&["REPORT_SUBMITTED"]),
    row("returnReport", of_one!("returnReport", "SNV"), "NOT_FOUND", "FORBIDDEN", ("SUPERVISOR KHOI", "ok"))
    .writes(&["REPORT_RETURNED"]),
    row("acceptReports", of_each!("acceptReports", "STC"), "NOT_FOUND", "FORBIDDEN", ("SUPERVISOR KHOI", "ok"))
    .writes(&["REPORT_ACCEPTED"]),
    row("reopenObligation", of_one!("reopenObligation", "STC"), "NOT_FOUND", "FORBIDDEN", ("SUPERVISOR KHOI", "ok"))
    .writes(&["OBLIGATION_REOPENED"]),
    row(
        "extendDueDate",
        of_each!("extendDueDate", "TTR", r#", dueOn: "2021-01-31", reason: "x""#),
        "NOT_FOUND",
        "FORBIDDEN",
        ("SUPERVISOR KHOI", "ok"),
    )
    .writes(&["DUE_DATE_EXTENDED"]),
    row("exemptObligations", of_each!("exemptObligations", "TTR", r#", reason: "x""#), "NOT_FOUND", "FORBIDDEN", ("SUPERVISOR KHOI", "ok"))
    .writes(&["OBLIGATION_EXEMPTED"]),
    row(
        "urgeUnits",
        r#"mutation($overdue: ID!) { urgeUnits(input: { directive: $overdue, units: [{ code: "SNV" }], words: "x" }) { userErrors { code } } }"#,
        "NOT_FOUND",
        "FORBIDDEN",
        ("SUPERVISOR KHOI", "ok"),
    )
    .writes(&["UNITS_URGED"; 2]),
    // Numbers and reasons of units: units are public, so that a refusal is FORBIDDEN (A5).
    row(
        "explain",
        r#"query($requirement: ID!) { explain(unit: { code: "SNV" }, requirement: $requirement) { bound } }"#,
        "FORBIDDEN",
        "ok",
        ("REPORTER SNV", "ok"),
    ),
    row("completion", r#"{ completion(unit: { code: "KHOI" }) { total } }"#, "FORBIDDEN", "ok", ("VIEWER KHOI", "ok")),
    // Accounts and grants: for administrators (A2, A4).
    public("viewer", "{ viewer { principal { displayName } grants { role } } }"),
    row("principals", "{ principals { nodes { displayName } } }", "FORBIDDEN", "FORBIDDEN", ("ADMIN KHOI", "ok")),
    row(
        "createUser",
        r#"mutation { createUser(input: { userName: "moi", displayName: "Mới" }) { userErrors { code } } }"#,
        "FORBIDDEN",
        "FORBIDDEN",
        ("ADMIN KHOI", "ok"),
    )
    .writes(&["USER_CREATED"]),
    row(
        "createService",
        r#"mutation { createService(input: { displayName: "Máy" }) { userErrors { code } } }"#,
        "FORBIDDEN",
        "FORBIDDEN",
        ("ADMIN KHOI", "ok"),
    )
    .writes(&["SERVICE_CREATED"]),
    row(
        "grantRole",
        r#"mutation($principal: ID!) { grantRole(input: { principal: $principal, role: REPORTER, unit: { code: "SNV" } }) { userErrors { code } } }"#,
        "FORBIDDEN",
        "FORBIDDEN",
        ("ADMIN KHOI", "ok"),
    )
    .writes(&["ROLE_GRANTED"]),
    row(
        "revokeGrant",
        "mutation($grant: ID!) { revokeGrant(input: { grant: $grant }) { userErrors { code } } }",
        "NOT_FOUND",
        "NOT_FOUND",
        ("ADMIN KHOI", "ok"),
    )
    .writes(&["GRANT_REVOKED"]),
    row(
        "deactivatePrincipal",
        "mutation($principal: ID!) { deactivatePrincipal(input: { principal: $principal }) { userErrors { code } } }",
        "FORBIDDEN",
        "FORBIDDEN",
        ("ADMIN KHOI", "ok"),
    )
    .writes(&["PRINCIPAL_DEACTIVATED"]),
    // Sessions. Logging out stands last: the sessions that ask are gone then.
    before(
        "logIn",
        r#"mutation($password: String!) { logIn(input: { userName: "admin", password: $password }) { userErrors { code } } }"#,
        "ok",
    )
    .writes(&["LOGGED_IN by Quản trị"]),
    before(
        "refreshSession",
        "mutation($refreshToken: String!) { refreshSession(input: { refreshToken: $refreshToken }) { userErrors { code } } }",
        "ok",
    )
    .writes(&["SESSION_REFRESHED by Quản trị"]),
    public("logOut", "mutation { logOut(input: {}) { loggedOut userErrors { code } } }")
    .writes(&["LOGGED_OUT"]),
];
