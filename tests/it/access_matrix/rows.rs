//! The rows: data only.

use super::Row;

/// What anybody may read who has logged in.
const fn public(field: &'static str, document: &'static str) -> Row {
    Row { field, document, nobody: "UNAUTHENTICATED", elsewhere: "ok", above: "ok", right: ("VIEWER KHOI", "ok") }
}

/// What is for one role: `elsewhere` and `above` tell what the others get.
const fn row(
    field: &'static str,
    document: &'static str,
    elsewhere: &'static str,
    above: &'static str,
    right: (&'static str, &'static str),
) -> Row {
    Row { field, document, nobody: "UNAUTHENTICATED", elsewhere, above, right }
}

/// What is asked for before one has logged in: no role matters.
const fn before(field: &'static str, document: &'static str, outcome: &'static str) -> Row {
    Row { field, document, nobody: outcome, elsewhere: outcome, above: outcome, right: ("VIEWER KHOI", outcome) }
}

pub(super) const ROWS: &[Row] = &[
    // The tree: names and places are everybody's (A3).
    public("roots", "{ roots { code } }"),
    public("orgUnit", r#"{ orgUnit(by: { code: "KHOI" }) { name path children { nodes { code } } viewerCan } }"#),
    public("orgUnits", "{ orgUnits { nodes { code } } }"),
    public("orgUnitKinds", "{ orgUnitKinds { code } }"),
    public("reorganizations", "{ reorganizations { nodes { title } } }"),
    row(
        "reorganize",
        r#"mutation { reorganize(input: { title: "x", effectiveOn: "2020-12-01", changes: [{ revise: { unit: { code: "SNV" }, shortName: "SNV" } }] }) { userErrors { code } } }"#,
        "FORBIDDEN",
        "FORBIDDEN",
        ("ADMIN KHOI", "ok"),
    ),
    // Officers are as public as their units; administrators of the unit appoint them (A2).
    public("people", "{ people { nodes { name } } }"),
    row(
        "appointOfficer",
        r#"mutation { appointOfficer(input: { personName: "B", unit: { code: "KHOI" }, position: MEMBER, from: "2020-12-01" }) { userErrors { code } } }"#,
        "FORBIDDEN",
        "FORBIDDEN",
        ("ADMIN KHOI", "ok"),
    ),
    row(
        "endAppointment",
        r#"mutation($appointment: ID!) { endAppointment(input: { appointment: $appointment, to: "2020-12-01" }) { userErrors { code } } }"#,
        "FORBIDDEN",
        "FORBIDDEN",
        ("ADMIN KHOI", "ok"),
    ),
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
    ),
    row(
        "issueDirective",
        r#"mutation($draftToIssue: ID!) { issueDirective(input: { directive: $draftToIssue, symbol: "02-KH/ĐUK", issuedOn: "2020-12-01" }) { userErrors { code } } }"#,
        "NOT_FOUND",
        "FORBIDDEN",
        ("DRAFTER KHOI", "ok"),
    ),
    // Numbers: units are public, so that a refusal is FORBIDDEN (A5).
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
    ),
    row(
        "createService",
        r#"mutation { createService(input: { displayName: "Máy" }) { userErrors { code } } }"#,
        "FORBIDDEN",
        "FORBIDDEN",
        ("ADMIN KHOI", "ok"),
    ),
    row(
        "grantRole",
        r#"mutation($principal: ID!) { grantRole(input: { principal: $principal, role: REPORTER, unit: { code: "SNV" } }) { userErrors { code } } }"#,
        "FORBIDDEN",
        "FORBIDDEN",
        ("ADMIN KHOI", "ok"),
    ),
    row(
        "revokeGrant",
        "mutation($grant: ID!) { revokeGrant(input: { grant: $grant }) { userErrors { code } } }",
        "NOT_FOUND",
        "NOT_FOUND",
        ("ADMIN KHOI", "ok"),
    ),
    row(
        "deactivatePrincipal",
        "mutation($principal: ID!) { deactivatePrincipal(input: { principal: $principal }) { userErrors { code } } }",
        "FORBIDDEN",
        "FORBIDDEN",
        ("ADMIN KHOI", "ok"),
    ),
    // Sessions. Logging out stands last: the sessions that ask are gone then.
    before(
        "logIn",
        r#"mutation($password: String!) { logIn(input: { userName: "admin", password: $password }) { userErrors { code } } }"#,
        "ok",
    ),
    before("refreshSession", r#"mutation { refreshSession(input: { refreshToken: "x" }) { userErrors { code } } }"#, "FORBIDDEN"),
    public("logOut", "mutation { logOut(input: {}) { loggedOut userErrors { code } } }"),
];
