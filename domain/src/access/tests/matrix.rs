//! Role × action, in one table: who has one role over one unit of `tinh › khoi › a › a1`, and wants something of the directive that
//! `khoi` issued or of the obligation of `a`.

use super::*;

/// The places that a grant may be over, outermost first.
const PLACES: [&str; 4] = ["tinh", "khoi", "a", "huyen"];

/// For each action: the roles that suffice over `tinh`, `khoi`, `a` and `huyen`, by their initials; `·` for none.
const MATRIX: &str = "
    ReadTree             VRSDA VRSDA VRSDA VRSDA
    ReadPeople           VRSDA VRSDA VRSDA VRSDA
    ReadJournal          VRSDA VRSDA VRSDA VRSDA
    DefineKind           ·     ·     ·     ·
    Reorganize           A     A     A     ·
    Appoint              A     A     A     ·
    ReadPrincipals       A     A     A     A
    CreatePrincipal      A     A     A     A
    DeactivatePrincipal  A     A     A     ·
    GrantRole            A     A     A     ·
    RevokeGrant          A     A     A     ·
    ReadDirective        VRSDA VRSDA VRSDA ·
    Draft                D     D     ·     ·
    ReviseDraft          D     D     ·     ·
    WithdrawDraft        D     D     ·     ·
    OpenConsultation     D     D     ·     ·
    CloseConsultation    D     D     ·     ·
    CommentOnDraft       RD    RD    RD    ·
    AnswerComment        D     D     ·     ·
    Issue                D     D     ·     ·
    Conclude             D     D     ·     ·
    Resume               D     D     ·     ·
    ReadUnit             VRSDA VRSDA VRSDA ·
    ReadDirectiveCompletion VRSDA VRSDA ·  ·
    ReadObligation       VRSDA VRSDA VRSDA ·
    Acknowledge          R     R     R     ·
    Start                R     R     R     ·
    Report               RS    RS    R     ·
    ReportOnPaper        S     S     ·     ·
    Urge                 S     S     ·     ·
    Discharge            RD    RD    RD    ·
    Accept               S     S     ·     ·
    Return               S     S     ·     ·
    Reopen               S     S     ·     ·
    Exempt               S     S     ·     ·
    Extend               S     S     ·     ·
    ExtendRequirement    S     S     ·     ·
";

/// One action of every sort; the order is that of the declaration.
fn actions<'a>(bound: &'a [UnitId], held: &'a [Option<UnitId>]) -> Vec<Action<'a>> {
    let (khoi, a) = (id("khoi"), id("a"));
    let (role, unit) = (Role::Reporter, a);
    let draft = directive(DirectiveStatus::Draft, bound);
    let consulting = directive(DirectiveStatus::Consulting, bound);
    let issued = directive(DirectiveStatus::Issued, bound);
    let own = obligation("a", Verification::Superior);
    vec![
        Action::ReadTree,
        Action::ReadPeople,
        Action::ReadJournal,
        Action::DefineKind,
        Action::Reorganize { over: Some(a) },
        Action::Appoint { unit },
        Action::ReadPrincipals,
        Action::CreatePrincipal,
        Action::DeactivatePrincipal { grants: held },
        Action::GrantRole { role, unit: Some(a) },
        Action::RevokeGrant { role, unit: Some(a) },
        Action::ReadDirective(issued),
        Action::Draft { issuer: khoi },
        Action::ReviseDraft(draft),
        Action::WithdrawDraft(draft),
        Action::OpenConsultation(draft),
        Action::CloseConsultation(consulting),
        Action::CommentOnDraft { directive: consulting, unit },
        Action::AnswerComment(consulting),
        Action::Issue(draft),
        Action::Conclude(issued),
        Action::Resume(issued),
        Action::ReadUnit { unit },
        Action::ReadDirectiveCompletion(issued),
        Action::ReadObligation(own),
        Action::Acknowledge(own),
        Action::Start(own),
        Action::Report(own),
        Action::ReportOnPaper(own),
        Action::Urge { unit },
        Action::Discharge(own),
        Action::Accept(own),
        Action::Return(own),
        Action::Reopen(own),
        Action::Exempt(own),
        Action::Extend(own),
        Action::ExtendRequirement(issued),
    ]
}

/// The name of the variant.
fn name(action: &Action<'_>) -> String {
    format!("{action:?}").chars().take_while(char::is_ascii_alphabetic).collect()
}

#[test]
fn a2_the_matrix_of_roles_and_actions() {
    let (bound, held) = ([id("a")], [Some(id("a"))]);
    let rows: Vec<Vec<&str>> =
        MATRIX.lines().map(|line| line.split_whitespace().collect()).filter(|row: &Vec<_>| !row.is_empty()).collect();
    let actions = actions(&bound, &held);
    assert_eq!(rows.iter().map(|row| row[0].to_owned()).collect::<Vec<_>>(), actions.iter().map(name).collect::<Vec<_>>());
    for (row, action) in rows.iter().zip(&actions) {
        for (place, expected) in PLACES.iter().zip(&row[1..]) {
            let suffices = |role: &Role| may(&format!("{role:?} {place}"), action);
            let found: String =
                Role::ALL.iter().filter(|role| suffices(role)).filter_map(|role| format!("{role:?}").chars().next()).collect();
            assert_eq!(found, expected.trim_matches('·'), "{} over {place}", row[0]);
        }
    }
}

#[test]
fn a2_who_holds_nothing_reads_the_tree_and_nothing_else() {
    let (bound, held) = ([id("a")], [Some(id("a"))]);
    let allowed: Vec<String> = actions(&bound, &held).iter().filter(|action| may("", action)).map(name).collect();
    assert_eq!(allowed, ["ReadTree", "ReadPeople", "ReadJournal"]);
}

#[test]
fn a2_operators_administer_everything_and_do_nothing_else() {
    let (bound, held) = ([id("a")], [Some(id("a"))]);
    for action in actions(&bound, &held) {
        let over_the_root = Role::ALL.iter().any(|role| *role == Role::Admin && may(&format!("{role:?} tinh"), &action));
        let operators = action == Action::DefineKind;
        assert_eq!(may("ADMIN *", &action), over_the_root || operators, "{}", name(&action));
        assert_eq!(may("VIEWER *", &action), may("VIEWER tinh", &action), "{}", name(&action));
    }
}
