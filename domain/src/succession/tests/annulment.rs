//! O5: what an annulment gives back.

use expect_test::expect;

use super::super::*;
use super::{TREE, check, obligation};

fn closed(name: &str, before: State, now: State) -> Closed {
    Closed { obligation: obligation(name), before, now }
}

fn continued(name: &str, state: State, predecessors: &[&str], is_of_the_batch: bool) -> Continued {
    let predecessors = predecessors.iter().map(|name| obligation(name)).collect();
    Continued { obligation: obligation(name), state, predecessors, is_of_the_batch }
}

#[test]
fn o5_an_annulment_gives_back_what_is_still_as_the_batch_left_it() {
    let all = [
        closed("a", State::Reported, State::Transferred),
        closed("b", State::Acknowledged, State::Released),
        closed("bound again", State::Pending, State::Pending),
        closed("done since", State::Pending, State::Fulfilled),
    ];
    let returned = plan_annulment(&all, &[]).returned;
    let expected = [("a", State::Reported), ("b", State::Acknowledged)];
    assert_eq!(returned, expected.map(|(name, to)| Returned { obligation: obligation(name), to }));
}

#[test]
fn o5_not_where_a_successor_has_fulfilled_it() {
    let all = ["a", "b", "c"].map(|name| closed(name, State::Pending, State::Transferred));
    let later = [
        continued("n", State::Transferred, &["a", "b"], true),
        continued("m", State::Fulfilled, &["n"], false),
        continued("k", State::Exempt, &["c"], true),
    ];
    let Annulment { returned, superseded } = plan_annulment(&all, &later);
    assert_eq!(returned, [Returned { obligation: obligation("c"), to: State::Pending }], "`m` follows `n`, which follows `a` and `b`");
    assert!(superseded.is_empty(), "nothing that is closed");
}

#[test]
fn o5_what_only_the_batch_created_is_not_owed_twice() {
    let all = ["a", "b", "c"].map(|name| closed(name, State::Pending, State::Transferred));
    let later = [
        continued("n", State::InProgress, &["a", "b"], true),
        continued("own", State::Pending, &["a"], false),
        continued("mixed", State::Pending, &["a", "another"], true),
        continued("done", State::Fulfilled, &["c"], true),
        continued("half", State::Pending, &["c"], true),
        continued("late", State::Pending, &[], true),
    ];
    let Annulment { returned, superseded } = plan_annulment(&all, &later);
    assert_eq!(returned.iter().map(|one| one.obligation).collect::<Vec<_>>(), [obligation("a"), obligation("b")]);
    assert_eq!(superseded, [obligation("n")]);
}

#[test]
fn o5_what_returns_is_judged_as_after_any_batch() {
    // An annulment reopens `a` and ends `n`, which only the annulled batch had made of it.
    let made = "establish n GRASSROOTS_COMMITTEE under khoi\n merge a into n\n then\n";
    let books = "r\n  a Reported\n  n Pending\ns\n  a Returned kept\n";
    check(
        TREE,
        books,
        &format!("{made} reopen a under khoi\n dissolve n children a"),
        &expect![[r#"
        `r n` is released (NoHeir)
    "#]],
    );
    // Its last parent has left meanwhile; what was kept out there before the annulled batch still is.
    check(
        TREE,
        books,
        &format!("{made} reopen a under huyen\n dissolve n children a"),
        &expect![[r#"
        `r n` is released (NoHeir)
        `r a` is released (Left)
    "#]],
    );
}
