//! O5: what an annulment gives back.

use expect_test::expect;

use super::super::*;
use super::{TREE, obligation, outcome_judged};

fn closed(name: &str, before: State, now: State) -> Closed {
    Closed { obligation: obligation(name), before, now }
}

/// Reads `NAME STATE [scope] PREDECESSOR…`, where a predecessor is `name` by the annulled batch, `name!` by the one that transferred it, and
/// `name?` by another.
fn grounded(line: &str) -> Grounded {
    let words: Vec<&str> = line.split_whitespace().collect();
    let follows = |word: &&str| match (word.strip_suffix('!'), word.strip_suffix('?')) {
        (Some(name), _) => Follows { predecessor: obligation(name), by: LinkedBy::Transfer },
        (_, Some(name)) => Follows { predecessor: obligation(name), by: LinkedBy::Another },
        (None, None) => Follows { predecessor: obligation(word), by: LinkedBy::Annulled },
    };
    Grounded {
        obligation: obligation(words[0]),
        state: State::ALL.into_iter().find(|state| format!("{state:?}") == words[1]).unwrap(),
        is_bound_itself: words.contains(&"scope"),
        follows: words[2..].iter().filter(|word| **word != "scope").map(follows).collect(),
    }
}

/// What returns, what is parted from its followers, and what is superseded, by the names of `all`.
fn outcome(all: &[&str], line: &[&str]) -> [Vec<String>; 3] {
    let closed: Vec<Closed> = all.iter().map(|name| closed(name, State::Pending, State::Transferred)).collect();
    let line: Vec<Grounded> = line.iter().map(|line| grounded(line)).collect();
    let Annulment { returned, parted, superseded } = plan_annulment(&closed, &line);
    let names = |ids: Vec<ObligationId>| {
        let known = all.iter().map(|name| (*name).to_owned()).chain("mnkopqrs".chars().map(String::from));
        known.filter(|name| ids.contains(&obligation(name))).collect()
    };
    [names(returned.iter().map(|one| one.obligation).collect()), names(parted), names(superseded)]
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
    let line = ["n Transferred a b", "m Fulfilled n!", "k Exempt c"];
    assert_eq!(outcome(&["a", "b", "c"], &line), [vec!["c"], vec!["c"], vec![]], "`m` follows `n`, which follows `a` and `b`");
}

#[test]
fn o5_only_those_to_whom_it_passed_can_have_fulfilled_it() {
    assert_eq!(outcome(&["a"], &["n Pending scope a", "m Fulfilled n?"])[0], ["a"], "`n` was split before, and stayed with its unit");
    assert_eq!(outcome(&["a"], &["n Transferred scope a", "m Fulfilled n?", "k Pending n!"])[0], ["a"], "it passed on to `k` only");
    assert_eq!(outcome(&["a"], &["m Fulfilled a?"])[0], ["a"], "another batch gave a part to `m`");
}

#[test]
fn o5_what_stands_on_nothing_but_the_batch_is_not_owed_twice() {
    let line = [
        "n InProgress a b",
        "o Pending scope a",
        "m Pending a another!",
        "p Fulfilled c",
        "q Pending c",
        "k Transferred a",
        "r Pending k!",
    ];
    let [returned, parted, superseded] = outcome(&["a", "b", "c"], &line);
    assert_eq!((returned, parted), (vec!["a".to_owned(), "b".into()], vec!["a".into(), "b".into()]), "`p` has fulfilled `c`");
    assert_eq!(superseded, ["n", "r"], "`o` is bound itself, `m` follows another, `q` a duty that did not return");
    assert_eq!(outcome(&[], &["n Pending s"]), [vec![], vec!["s"], vec!["n"]], "`s` stayed with its unit when that was split");
    assert_eq!(outcome(&["a"], &["n Pending a m?", "m Pending n?"])[2], ["m", "n"], "two that follow each other hold nothing");
    assert_eq!(outcome(&["z"], &["z Transferred", "m Pending scope z"])[2], ["z"], "what had come to `z` was taken back before");
}

#[test]
fn o5_what_returns_is_judged_as_after_any_batch() {
    // An annulment reopens `a` and ends `n`, which only the annulled batch had made of it.
    let made = "establish n GRASSROOTS_COMMITTEE under khoi\n merge a into n\n then\n";
    let books = "r\n  a Reported\n  n Pending\ns\n  a Returned kept\n";
    let judged = |changes: &str| outcome_judged(TREE, books, &format!("{made} {changes}\n dissolve n children a"), Judgement::TakenBack);
    expect![[r#"
        `r n` is released (NoHeir)
    "#]]
    .assert_eq(&judged("reopen a under khoi"));
    // Its last parent has left meanwhile; what was kept out there before the annulled batch still is.
    expect![[r#"
        `r n` is released (NoHeir)
        `r a` is released (Left)
    "#]]
    .assert_eq(&judged("reopen a under huyen"));
}

#[test]
fn s6_a_plan_upon_another_plan_does_not_release_what_that_one_has_still_to_pass_on() {
    let plans = "establish n GRASSROOTS_COMMITTEE under khoi\n merge a into n\n then\n reopen a under huyen";
    expect![[r#"
        nothing happens
    "#]]
    .assert_eq(&outcome_judged(TREE, "r\n  a Pending\n", plans, Judgement::Asked));
}
