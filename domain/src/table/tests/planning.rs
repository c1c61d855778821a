//! What is told of rows that can be read and not be done, and what is done for those that can.

use expect_test::{Expect, expect};

use super::reading::{table, told};
use super::*;
use crate::forest::Ended;
use crate::refusal::Locale;

const TREE: &str = "
tinh
  khoi
    so
      cb-1
      cb-2
    dai GRASSROOTS_CELL
  huyen DISTRICT";

fn standing() -> Forest {
    let ended = Ended { unit: fixture::unit("cu", "CELL", Some(fixture::id("so"))), ended_on: fixture::day("2010-01-01"), heirs: vec![] };
    fixture::forest(TREE).after(vec![ended])
}

fn plan(missing: Missing, text: &str) -> Result<TablePlan, Vec<BadCell>> {
    let (forest, kinds) = (standing(), fixture::kinds());
    let external_ids = HashMap::from([
        (ExternalId { scheme: "x".into(), value: "1".into() }, fixture::id("cb-1")),
        (ExternalId { scheme: "x".into(), value: "2".into() }, fixture::id("cb-2")),
    ]);
    let taken = Taken { codes: HashMap::from([("sau-nay".into(), "SAU-NAY".into())]), external_ids };
    let ground = TableGround { day: fixture::day(DAY), forest: &forest, kinds: &kinds, taken: &taken, missing };
    plan_table(ground, &table(text), || fixture::id("new"))
}

fn check(missing: Missing, text: &str, locale: Locale, expected: &Expect) {
    expected.assert_eq(&match plan(missing, text) {
        Ok(plan) => plan.changes.iter().zip(&plan.rows).map(|(change, row)| format!("{row:?} {change:?}\n")).collect(),
        Err(bad) => told(&bad, locale),
    });
}

#[test]
fn o11_every_row_that_cannot_be_done_is_told_at_once() {
    let text = "code|kind|name|parent code|external ids|effective on
        a|Chi bộ trực thuộc|a|b||
        b|CELL|b|c||
        c|CELL|c|a||
        so|GRASSROOTS_COMMITTEE|so|nowhere||
        SO|GRASSROOTS_COMMITTEE|so|khoi||
        cu|CELL|cu|so||
        sau-nay|CELL|x|so||
        n|LAKE|x|cu||
        m|CELL|x|tinh|x:1|
        o|CELL|x|so|y:1|02/07/2025
        p|DISTRICT|x|tinh|y:1|01/07/2025
        khoi|BLOC|khoi|||";
    check(Missing::Stay, text, Locale::En, &expect![[r#""#]]);
    check(Missing::Stay, text, Locale::Vi, &expect![[r#""#]]);
}

#[test]
fn o11_a_parent_that_would_be_dissolved_is_refused_and_units_stay_otherwise() {
    let text = "code|kind|name|parent code\nnew|CELL|new|so\ncb-1|CELL|Chi bộ 1|so";
    check(Missing::Dissolve, text, Locale::En, &expect![[r#""#]]);
    check(Missing::Stay, text, Locale::En, &expect![[r#""#]]);
}

#[test]
fn o11_a_circle_through_units_that_the_table_does_not_have_is_told() {
    check(Missing::Stay, "code|kind|name|parent code\nkhoi|BLOC|khoi|so", Locale::En, &expect![[r#""#]]);
    check(Missing::Stay, "code|kind|name|parent code\nkhoi|BLOC|khoi|khoi", Locale::En, &expect![[r#""#]]);
}

#[test]
fn o9_external_ids_pass_crosswise_in_one_table() {
    let text = "code|kind|name|parent code|external ids\ncb-1|CELL|cb-1|so|x:2\ncb-2|CELL|cb-2|so|x:1";
    check(Missing::Stay, text, Locale::En, &expect![[r#""#]]);
}

#[test]
fn o11_a_refusal_of_the_batch_leads_back_to_its_row() {
    let plan = plan(Missing::Stay, "code|kind|name|parent code\ncb-1|CELL|cb-1|so\nnew|CELL|x|so").unwrap();
    assert_eq!((plan.changes.len(), &plan.rows[..]), (1, &[Some(3)][..]));
    let refusal = crate::refusal::Refusal::from(crate::refusal::InputRefusal::Empty);
    let bad = plan.locate(&refusal.clone().within("parent").within("establish").at(0).within("changes"));
    assert_eq!((bad.row, bad.column, &*bad.value), (Some(3), Some(Column::Parent), "so"));
    let bad = plan.locate(&refusal.within("effectiveOn"));
    assert_eq!((bad.row, bad.column), (None, None));
}
