//! S4: what a batch decides otherwise.

use expect_test::expect;

use super::{TREE, check};

const BOOKS: &str = "
r of=D
  a Pending
s of=E
  a Pending
";

#[test]
fn s4_to_one_successor_only() {
    check(
        TREE,
        BOOKS,
        "split a into b:a1 c\n decide a transfer c of=D",
        &expect![[r#"
        `r a` passes to c (Decided, decision 0)
        `s a` passes to b, c (SplitUp)
        new `r c`: Pending, due 2025-12-31, after `r a`
        new `s b`: Pending, due 2025-12-31, after `s a`
        new `s c`: Pending, due 2025-12-31, after `s a`
    "#]],
    );
}

#[test]
fn s4_released_by_decision() {
    check(
        TREE,
        BOOKS,
        "split a into b:a1 c\n decide a release for=s",
        &expect![[r#"
        `r a` passes to b, c (SplitUp)
        `s a` is released (Decided, decision 0)
        new `r b`: Pending, due 2025-12-31, after `r a`
        new `r c`: Pending, due 2025-12-31, after `r a`
    "#]],
    );
}

#[test]
fn s4_the_first_that_fits_wins() {
    check(
        TREE,
        BOOKS,
        "merge a,b into b\n decide a release of=E\n decide a transfer b",
        &expect![[r#"
        `r a` passes to b (Decided, decision 1)
        `s a` is released (Decided, decision 0)
        new `r b`: Pending, due 2025-12-31, after `r a`
    "#]],
    );
    check(
        TREE,
        BOOKS,
        "merge a,b into b\n decide a transfer b\n decide a release of=E",
        &expect![[r#"
        `r a` passes to b (Decided, decision 0)
        `s a` passes to b (Decided, decision 0)
        new `r b`: Pending, due 2025-12-31, after `r a`
        new `s b`: Pending, due 2025-12-31, after `s a`
    "#]],
    );
}

#[test]
fn s4_a_unit_above_stands_for_all_below_that_end_are_split_or_leave() {
    check(
        TREE,
        "
r
  a Pending
  a1 Pending
  b Pending
  c Pending
",
        "dissolve a1
         move b under huyen
         split c into c a
         decide khoi release",
        &expect![[r#"
            `r a1` is released (Decided, decision 0)
            `r b` is released (Decided, decision 0)
        "#]],
    );
}

#[test]
fn s4_kept_while_the_unit_is_away() {
    check(
        TREE,
        "r\n  a Pending\n  a1 Pending\ns of=E\n  a Pending\nt of=F\n  a Pending\n",
        "move a under huyen\n decide a keep of=D for=s",
        &expect![[r#"
        `r a` is kept (decision 0)
        `r a1` is kept (decision 0)
        `s a` is kept (decision 0)
        `t a` is released (Left)
    "#]],
    );
}

#[test]
fn s4_what_is_kept_lasts_until_the_unit_comes_back() {
    let books = "r\n  a Pending kept\n";
    let away = "move a under huyen\n then\n";
    check(
        TREE,
        books,
        &format!("{away} move a under tinh"),
        &expect![[r#"
        nothing happens
    "#]],
    );
    check(
        TREE,
        books,
        &format!("{away} move a under khoi"),
        &expect![[r#"
        new `r a1`: Pending, due 2025-12-31, Late
    "#]],
    );
    check(
        TREE,
        books,
        &format!("{away} move a under khoi\n then\n move a under huyen"),
        &expect![[r#"
        `r a` is released (Left)
    "#]],
    );
}

#[test]
fn s4_what_is_kept_passes_to_successors_outside() {
    let away = "move a under huyen\n then\n";
    check(
        TREE,
        "r\n  a InProgress kept\n",
        &format!("{away} merge a,d into d"),
        &expect![[r#"
        `r a` passes to d (Merged)
        new `r d`: InProgress, due 2025-12-31, after `r a`, kept
    "#]],
    );
    check(
        TREE,
        "r\n  a InProgress kept\n  b Pending\n",
        &format!("{away} split a into b d:a1"),
        &expect![[r#"
        `r a` passes to b, d (SplitUp)
        `r b` follows `r a`: due 2025-12-31
        new `r d`: InProgress, due 2025-12-31, after `r a`, kept
    "#]],
    );
    check(
        TREE,
        "r\n  a Pending kept\n",
        &format!("{away} split a into b d:a1\n decide a transfer d"),
        &expect![[r#"
        `r a` passes to d (Decided, decision 0)
        new `r d`: Pending, due 2025-12-31, after `r a`, kept
    "#]],
    );
}

#[test]
fn s4_to_keep_has_no_effect_where_nothing_leaves() {
    let plain = super::outcome(TREE, BOOKS, "merge a,b into b");
    assert_eq!(super::outcome(TREE, BOOKS, "merge a,b into b\n decide a keep"), plain);
    assert_eq!(super::outcome(TREE, BOOKS, "merge a,b into b\n decide c keep of=E"), plain, "c is not touched at all");
    assert!(super::outcome(TREE, BOOKS, "merge a into d\n decide a keep").contains("HeirOutside"), "who ends does not leave");
}

#[test]
fn s4_who_stays_in_a_split_keeps_its_own_whatever_is_decided() {
    let batch = "split a into a b c";
    check(
        TREE,
        BOOKS,
        &format!("{batch}\n decide a release of=D\n decide a transfer c"),
        &expect![[r#"
        new `s c`: Pending, due 2025-12-31, after `s a`
    "#]],
    );
    // It leaves as well: that it stays does not bind it outside (B6).
    let batch = format!("{batch}\n move a under huyen\n decide a transfer b of=D\n decide a keep of=E");
    check(
        TREE,
        BOOKS,
        &batch,
        &expect![[r#"
        new `r b`: Pending, due 2025-12-31, after `r a`
        new `s b`: Pending, due 2025-12-31, after `s a`
        new `s c`: Pending, due 2025-12-31, after `s a`
        `r a` is released (Left)
        `s a` is kept (decision 1)
    "#]],
    );
}

#[test]
fn s4_a_decision_that_cannot_be_followed_is_refused_where_it_stands() {
    check(
        TREE,
        "
r of=D
  a Pending
  b Pending
s of=E issuer=a
  a Pending
t of=F
  c Pending
",
        "split a into b d:a1
         dissolve c
         decide c release of=D,F for=r,t
         decide a transfer c of=D
         decide c transfer b
         decide huyen release
         decide khoi transfer huyen for=s
         decide b transfer c
         decide a release why= of=E",
        &expect![[r#"
            decisions.0.directives.0 Invalid S4: `c` and the units below it that these changes concern have nothing open by this directive: take it off the list
            decisions.0.requirements.0 Invalid S4: `c` and the units below it that these changes concern have nothing open by this requirement: take it off the list
            decisions.1.to Invalid S4: `c` does not succeed `a`: choose one of its successors: `b`, `d`
            decisions.2.to Invalid S4: `b` does not succeed `c`, nobody does: name a successor in `changes`, or choose `RELEASE`
            decisions.3.from Invalid S4: neither `huyen` nor a unit below it ends, is split, or leaves with something open by these changes: leave this decision out
            decisions.4.to Invalid S4: `huyen` does not succeed `a`: choose one of its successors: `b`, `d`
            decisions.5.from Invalid S4: neither `b` nor a unit below it ends, is split, or leaves with something open by these changes: leave this decision out
            decisions.6.reason Invalid F2: the text is empty: write something
        "#]],
    );
}

#[test]
fn s4_a_unit_that_the_batch_makes_has_nothing_to_decide_about() {
    let text = super::outcome(TREE, BOOKS, "establish n CELL under b\n merge a,b into b\n decide n release");
    assert!(text.starts_with("decisions.0.from Invalid S4: neither `n` nor"), "{text}");
}

#[test]
fn s4_every_cause_is_told_in_both_languages() {
    use super::*;
    let words = |locale| Cause::ALL.map(|cause| cause.words(locale)).into_iter().collect::<std::collections::BTreeSet<_>>();
    let (vi, en) = (words(Locale::Vi), words(Locale::En));
    assert_eq!((vi.len(), en.len(), vi.intersection(&en).count()), (Cause::ALL.len(), Cause::ALL.len(), 0));
    assert!(vi.iter().chain(&en).all(|words| words.starts_with(char::is_lowercase) && !words.ends_with('.')));
}

#[test]
fn s4_a_unit_that_goes_on_has_no_successors() {
    check(
        TREE,
        "r\n  a Pending\n  a1 Pending\n",
        "move a under huyen\n decide a1 transfer d",
        &expect![[r#"
        decisions.0.to Invalid S4: `d` does not succeed `a1`, nobody does: name a successor in `changes`, or choose `RELEASE`
    "#]],
    );
    check(
        TREE,
        "r\n  b Pending\n  a Pending\n",
        "move b under huyen\n merge a into c\n decide khoi transfer c",
        &expect![[r#"
        decisions.0.to Invalid S4: `c` does not succeed `b`, nobody does: name a successor in `changes`, or choose `RELEASE`
    "#]],
    );
}

#[test]
fn s4_only_a_successor_in_the_issuers_subtree_may_be_chosen() {
    let books = "r of=D\n  a Pending\np of=E issuer=tinh\n  a Pending\n";
    check(
        TREE,
        books,
        "split a into b d:a1\n decide a transfer d",
        &expect![[r#"
        decisions.0.to OutsideIssuer S4: `d` does not stand under the issuer `khoi` and cannot take over from `a`: name the other directives only
    "#]],
    );
    check(
        TREE,
        books,
        "split a into b d:a1\n decide a transfer d of=E",
        &expect![[r#"
        `r a` passes to b (SplitUp)
        `p a` passes to d (Decided, decision 0)
        new `r b`: Pending, due 2025-12-31, after `r a`
        new `p d`: Pending, due 2025-12-31, after `p a`
    "#]],
    );
}

#[test]
fn s4_a_recorded_decision_that_does_not_fit_any_more_has_no_effect() {
    let batch = "split a into b d:a1\n decide a transfer d of=D\n decide a release of=E";
    assert!(super::outcome(TREE, BOOKS, batch).starts_with("decisions.0.to OutsideIssuer"));
    let later = super::outcome_judged(TREE, BOOKS, batch, super::Judgement::Planned);
    expect![[r#"
        `r a` passes to b (SplitUp)
        `s a` is released (Decided, decision 1)
        new `r b`: Pending, due 2025-12-31, after `r a`
    "#]]
    .assert_eq(&later);
}
