//! Rights as lists apply them inside of their statements, against the rules one by one, in a small world that is made at random (A3).

use std::collections::{BTreeMap, BTreeSet};

use chidao_domain::access::{Action, DirectiveSight, Grant, Grants, Role, decide};
use chidao_domain::directive::DirectiveStatus;
use chidao_domain::forest::Forest;
use chidao_domain::ids::{GrantId, UnitId};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Actor, World, both};

/// How many viewers look at a world.
const VIEWERS: usize = 30;
/// How many documents are in it.
const DIRECTIVES: usize = 24;

/// Numbers that are the same in every run (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(sides).unwrap()).unwrap()
    }

    fn pick<'t, T>(&mut self, among: &'t [T]) -> &'t T {
        &among[self.below(among.len())]
    }
}

/// A document as the test knows it, by what it did.
struct Known {
    title: String,
    id: String,
    issuer: String,
    status: DirectiveStatus,
    bound: BTreeSet<String>,
    commented: BTreeSet<String>,
    /// Places of the documents that it implements.
    implements: Vec<usize>,
}

/// Each unit by its code, with the code above it.
type Tree = BTreeMap<String, Option<String>>;

fn is_below(tree: &Tree, unit: &str, top: &str) -> bool {
    std::iter::successors(tree[unit].as_deref(), |above| tree[*above].as_deref()).any(|above| above == top)
}

/// Two provinces with blocs, committees and cells.
async fn grow(operator: &Actor<'_>, dice: &mut Dice) -> Tree {
    let mut tree = Tree::new();
    let mut changes = Vec::new();
    let mut add = |code: String, kind: &str, parent: Option<&str>, tree: &mut Tree| {
        let parent_ref = parent.map(|parent| json!({ "code": parent }));
        changes.push(json!({ "establish": { "code": code, "kind": kind, "name": code, "parent": parent_ref } }));
        tree.insert(code, parent.map(str::to_owned));
    };
    for province in ["P0", "P1"] {
        add(province.into(), "PROVINCIAL", None, &mut tree);
        for bloc in 0..1 + dice.below(2) {
            let bloc = format!("{province}-{bloc}");
            add(bloc.clone(), "BLOC", Some(province), &mut tree);
            for committee in 0..1 + dice.below(3) {
                let committee = format!("{bloc}-{committee}");
                add(committee.clone(), "GRASSROOTS_COMMITTEE", Some(&bloc), &mut tree);
                for cell in 0..dice.below(3) {
                    add(format!("{committee}-{cell}"), "CELL", Some(&committee), &mut tree);
                }
            }
        }
    }
    operator.reorganize(json!(changes)).await;
    tree
}

/// Drafts one document, and takes it some steps into its life.
async fn write(operator: &Actor<'_>, dice: &mut Dice, tree: &Tree, known: &[Known]) -> Known {
    let codes: Vec<String> = tree.keys().cloned().collect();
    let issuer = dice.pick(&codes).clone();
    let below: Vec<&String> = codes.iter().filter(|unit| is_below(tree, unit, &issuer)).collect();
    let may_implement = |(at, other): (usize, &Known)| {
        let above = other.issuer == issuer || is_below(tree, &issuer, &other.issuer);
        (above && other.status.was_issued()).then_some(at)
    };
    let targets: Vec<usize> = known.iter().enumerate().filter_map(may_implement).collect();
    let implements: Vec<usize> = targets.into_iter().filter(|_| dice.below(3) > 0).collect();
    let reach = *dice.pick(&["SELF", "CHILDREN", "DESCENDANTS", "NOBODY"]);
    let scope = json!({ "reach": if reach == "NOBODY" { "SELF" } else { reach }, "mayBeEmpty": true });
    let requirements = if reach == "NOBODY" { json!([]) } else { json!([{ "kind": "STUDY", "title": "Học tập", "scope": scope }]) };
    let relations: Vec<Value> = implements.iter().map(|at| json!({ "kind": "IMPLEMENTS", "to": { "id": known[*at].id } })).collect();
    let title = format!("Văn bản {}", known.len());
    let more = json!({ "issuingBody": "CONGRESS", "relations": relations, "requirements": requirements });
    let id = operator.draft(&issuer, &title, more).await;
    let mut written = Known {
        title,
        id,
        issuer: issuer.clone(),
        status: DirectiveStatus::Draft,
        bound: BTreeSet::new(),
        commented: BTreeSet::new(),
        implements,
    };
    let life = dice.below(8);
    if life == 0 {
        return written;
    }
    if life == 1 {
        operator.step("withdrawDraft", &written.id, json!({})).await.expect_no_errors("withdraw");
        return Known { status: DirectiveStatus::Withdrawn, ..written };
    }
    if life < 5 {
        operator.step("openConsultation", &written.id, json!({})).await.expect_no_errors("consult");
        for unit in below.iter().filter(|_| dice.below(4) == 0) {
            let query = "mutation($input: CommentOnDraftInput!) { commentOnDraft(input: $input) { userErrors { message } } }";
            operator.data(query, json!({ "input": { "directive": written.id, "unit": { "code": unit }, "body": "Nhất trí" } })).await;
            written.commented.insert((*unit).clone());
        }
        if life == 2 {
            return Known { status: DirectiveStatus::Consulting, ..written };
        }
    }
    operator.try_issue(&written.id, "", json!({})).await.expect_no_errors("issue");
    let children = |unit: &&&String| tree[**unit].as_ref() == Some(&issuer);
    written.bound = match reach {
        "SELF" => BTreeSet::from([issuer.clone()]),
        "CHILDREN" => below.iter().filter(children).map(|unit| (*unit).clone()).collect(),
        "DESCENDANTS" => below.into_iter().cloned().collect(),
        _ => BTreeSet::new(),
    };
    written.status = DirectiveStatus::Issued;
    if life == 7 {
        operator.step("concludeDirective", &written.id, json!({})).await.expect_no_errors("conclude");
        written.status = DirectiveStatus::Concluded;
    }
    written
}

/// The units that a document concerns, told in words at `DirectiveSight::concerned` and found here one after another.
fn concerned(tree: &Tree, known: &[Known], at: usize) -> BTreeSet<String> {
    let of = &known[at];
    let mut units: BTreeSet<String> = of.commented.union(&of.bound).cloned().collect();
    if of.bound.is_empty() {
        units.extend(tree.keys().filter(|unit| is_below(tree, unit, &of.issuer)).cloned());
    }
    let mut implementing: BTreeSet<usize> = BTreeSet::from([at]);
    loop {
        let more = |(other, one): (usize, &Known)| one.implements.iter().any(|target| implementing.contains(target)).then_some(other);
        let found: BTreeSet<usize> = known.iter().enumerate().filter(|(_, one)| one.status.was_issued()).filter_map(more).collect();
        if found.is_subset(&implementing) {
            break;
        }
        implementing.extend(found);
    }
    for other in implementing.into_iter().filter(|other| *other != at) {
        units.extend(known[other].bound.iter().cloned());
        units.insert(known[other].issuer.clone());
    }
    units
}

/// Every page of a list of directives: the titles.
async fn listed(viewer: &Actor<'_>) -> (BTreeSet<String>, i64) {
    let query =
        "query($after: String) { directives(first: 7, after: $after) { totalCount nodes { title } pageInfo { hasNextPage endCursor } } }";
    let (mut titles, mut after) = (BTreeSet::new(), Value::Null);
    loop {
        let page = viewer.data(query, json!({ "after": after })).await;
        titles.extend(page.texts("/directives/nodes", "/title"));
        if page.at("/directives/pageInfo/hasNextPage") != &json!(true) {
            return (titles, page.number("/directives/totalCount"));
        }
        after = page.at("/directives/pageInfo/endCursor").clone();
    }
}

/// Gives the viewer one or two grants at random: as the rules see them, and the ids to take them back by.
async fn grant(
    operator: &Actor<'_>,
    dice: &mut Dice,
    principal: &str,
    (codes, forest): (&[String], &Forest),
) -> (Grants, Vec<String>, String) {
    let query = "mutation($input: GrantRoleInput!) { grantRole(input: $input) { grant { id } userErrors { message path } } }";
    let (mut grants, mut ids, mut words) = (Vec::new(), Vec::new(), String::new());
    for _ in 0..1 + dice.below(2) {
        let roles = [("VIEWER", Role::Viewer), ("REPORTER", Role::Reporter), ("DRAFTER", Role::Drafter), ("SUPERVISOR", Role::Supervisor)];
        let (name, role) = *dice.pick(&roles);
        let whole = role == Role::Viewer && dice.below(6) == 0;
        let unit = (!whole).then(|| dice.pick(codes).clone());
        let input = json!({ "principal": principal, "role": name, "unit": unit.as_ref().map(|code| json!({ "code": code })) });
        let answer = operator.ask(query, json!({ "input": input })).await;
        // The same grant twice is refused, and changes nothing.
        if let Some(id) = answer.at("/grantRole/grant/id").as_str() {
            ids.push(id.to_owned());
        }
        words += &format!("{name} {unit:?} ");
        let over = unit.map(|code| forest.by_code(&code).unwrap().id);
        grants.push(Grant { id: GrantId(Uuid::nil()), role, unit: over, expires_on: None });
    }
    (Grants::new(grants), ids, words)
}

async fn check(world: &World, seed: u64) {
    let mut dice = Dice(seed);
    let operator = world.operator().await;
    let tree = grow(&operator, &mut dice).await;
    let me = operator.data("{ viewer { principal { id } } }", json!({})).await.text("/viewer/principal/id");
    for (role, province) in [("DRAFTER", "P0"), ("DRAFTER", "P1"), ("REPORTER", "P0"), ("REPORTER", "P1")] {
        operator.grant(&me, role, province).await;
    }
    let mut known: Vec<Known> = Vec::new();
    for _ in 0..DIRECTIVES {
        let written = write(&operator, &mut dice, &tree, &known).await;
        known.push(written);
    }
    let look = world.office.begin_unattended().await.unwrap();
    let forest = look.forest().clone();
    drop(look);
    let unit = |code: &String| forest.by_code(code).unwrap().id;
    let concerned: Vec<Vec<UnitId>> = (0..known.len()).map(|at| concerned(&tree, &known, at).iter().map(unit).collect()).collect();
    let codes: Vec<String> = tree.keys().cloned().collect();
    let viewer = world.user("viewer", "VIEWER", "P0").await;
    let principal = viewer.data("{ viewer { principal { id } grants { id } } }", json!({})).await;
    let revoke = "mutation($id: ID!) { revokeGrant(input: { grant: $id }) { userErrors { message } } }";
    operator.data(revoke, json!({ "id": principal.text("/viewer/grants/0/id") })).await;
    let mut seen_by_some = 0;
    for number in 0..VIEWERS {
        let (grants, ids, words) = grant(&operator, &mut dice, &principal.text("/viewer/principal/id"), (&codes, &forest)).await;
        let may_read = |(at, one): &(usize, &Known)| {
            let sight = DirectiveSight { status: one.status, issuer: unit(&one.issuer), concerned: &concerned[*at] };
            decide(&grants, &forest, &Action::ReadDirective(sight)).is_allowed()
        };
        let wanted: BTreeSet<String> = known.iter().enumerate().filter(may_read).map(|(_, one)| one.title.clone()).collect();
        let (found, total) = listed(&viewer).await;
        assert_eq!(found, wanted, "seed {seed}, viewer {number}: {words}");
        assert_eq!(usize::try_from(total).unwrap(), wanted.len(), "seed {seed}, viewer {number}: {words}");
        for one in &known {
            let alone = viewer.data("query($id: ID!) { directive(by: { id: $id }) { title } }", json!({ "id": one.id })).await;
            assert_eq!(
                !alone.at("/directive").is_null(),
                wanted.contains(&one.title),
                "seed {seed}, viewer {number}: {words} {}",
                one.title
            );
        }
        seen_by_some += usize::from(!wanted.is_empty() && wanted.len() < known.len());

        let bound = known.iter().flat_map(|one| one.bound.iter());
        let readable = bound.filter(|code| decide(&grants, &forest, &Action::ReadUnit { unit: unit(code) }).is_allowed()).count();
        let listed = viewer.data("{ obligations(filter: {}, first: 100) { totalCount nodes { unit { code } } } }", json!({})).await;
        assert_eq!(usize::try_from(listed.number("/obligations/totalCount")).unwrap(), readable, "seed {seed}, viewer {number}: {words}");
        let shown = listed.texts("/obligations/nodes", "/unit/code");
        assert!(shown.iter().all(|code| decide(&grants, &forest, &Action::ReadUnit { unit: unit(code) }).is_allowed()), "{words}");
        for id in ids {
            operator.data(revoke, json!({ "id": id })).await;
        }
    }
    assert!(seen_by_some > VIEWERS / 2, "most viewers see some and not all: {seen_by_some}");
}

both! {
    async fn a3_lists_hold_exactly_what_the_rules_let_each_viewer_read(world: &World) {
        check(world, 20_201_204).await;
    }
}
