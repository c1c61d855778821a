//! `chidao check`: whether what is stored still holds together. It reads one moment, writes nothing, and asks a fixed number of
//! statements, however much there is.

use std::fmt;

use chidao_domain::completion::RollUp;
use chidao_domain::day::Day;
use chidao_domain::forest::Forest;
use chidao_domain::refusal::Locale;
use sea_orm::{ConnectionTrait, StreamTrait};
use uuid::Uuid;

use crate::office::Office;
use crate::store::completions::{self, AsOf, Grain, ObligationsCounted, Subject};
use crate::store::forests::{self, TreeOn};
use crate::store::integrity::{self, EXPLAINED, Extent, QUESTIONS};
use crate::store::{Engine, Fault, grants, registers};

mod periods;
mod steps;
mod tree;

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Names the sort of finding for ever.
    pub code: &'static str,
    /// What is wrong, in English.
    pub words: String,
    /// Where to look: a table, and the id of a row in it.
    pub look_at: String,
}

impl Finding {
    fn new(code: &'static str, words: impl Into<String>, table: &str, id: impl fmt::Display) -> Self {
        Self { code, words: words.into(), look_at: format!("{table} {id}") }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}: {}", self.code, self.look_at, self.words)
    }
}

/// Holds the tree to O3, obligations to L1 and the journal to J1 and J3. Empty: all is well. At most
/// [`integrity::NAMED_ROWS`] rows are named for one question.
///
/// # Errors
/// A fault of the database.
pub async fn check(office: &Office) -> Result<Vec<Finding>, Fault> {
    let snapshot = office.database().snapshot().await?;
    check_in(snapshot.sql(), snapshot.engine(), office.clock().today()).await
}

/// The same, of what one transaction sees.
///
/// # Errors
/// A fault of the database.
pub async fn check_in<C: ConnectionTrait + StreamTrait>(sql: &C, engine: Engine, today: Day) -> Result<Vec<Finding>, Fault> {
    let kinds = registers::load_unit_kinds(sql).await?;
    let (placements, taken_back) = (integrity::load_placements(sql, engine, &kinds).await?, integrity::load_days_taken_back(sql).await?);
    let mut findings = tree::check_placements(&placements, &kinds, &taken_back);
    if findings.is_empty() {
        let forest = forests::load_forest(sql, engine, &kinds, TreeOn::day(today)).await?;
        findings.extend(check_totals(sql, engine, today, &forest).await?);
    }
    for question in QUESTIONS {
        let rows = integrity::ask(sql, engine, question).await?;
        findings.extend(rows.into_iter().map(|id| Finding::new(question.code, question.words, question.table, id)));
    }
    let nobody = integrity::load_open_of_nobody(sql, engine, today).await?;
    let words = "it is open, and its unit is not active (S3)";
    findings.extend(nobody.into_iter().map(|id| Finding::new("OPEN_OF_NOBODY", words, "obligation", id)));
    let lost = integrity::load_lost(sql, engine, today).await?;
    let words = "its unit is active, and of those that took it over none has it since a reorganization was annulled (O5)";
    findings.extend(lost.into_iter().map(|id| Finding::new("TRANSFERRED_AND_LOST", words, "obligation", id)));
    findings.extend(steps::check_transitions(&integrity::load_transitions(sql, engine).await?));
    let (openings, calendar_on) = integrity::load_openings(sql, engine).await?;
    findings.extend(periods::check_openings(&openings, calendar_on));
    findings.extend(check_extent(integrity::load_extent(sql, engine).await?));
    for (table, id, instant) in EXPLAINED {
        let rows = integrity::load_unexplained(sql, engine, (table, id, instant)).await?;
        findings.extend(rows.into_iter().map(|row| unexplained(table, instant, row)));
    }
    Ok(findings)
}

/// What a person should look at today, in English: it breaks nothing (O8).
///
/// # Errors
/// A fault of the database.
pub async fn remarks_in(sql: &(impl ConnectionTrait + StreamTrait), engine: Engine, today: Day) -> Result<Vec<String>, Fault> {
    let kinds = registers::load_unit_kinds(sql).await?;
    let forest = forests::load_forest(sql, engine, &kinds, TreeOn::day(today)).await?;
    let held = grants::count_by_unit(sql, today).await?;
    let found = chidao_domain::integrity::find(&forest, &kinds, today, &held);
    let told = found.iter().map(|finding| {
        let unit = forest.code_of(finding.unit);
        format!("{}: org_unit {unit}: {}", finding.what.code(), finding.what.words(Locale::En))
    });
    Ok(told.collect())
}

/// The roots' roll-ups and what stands nowhere add up to the rows (C1, C3).
async fn check_totals(
    sql: &(impl ConnectionTrait + StreamTrait),
    engine: Engine,
    today: Day,
    forest: &Forest,
) -> Result<Option<Finding>, Fault> {
    let (subjects, counted) = ([Subject::Everything], ObligationsCounted::default());
    let answers = completions::load_counts(sql, engine, AsOf::Now(today), &subjects, &counted, Grain::Units).await?;
    let units = answers.iter().flatten().map(|counted| (counted.unit, counted.tally));
    let rolled = RollUp::fold(forest, units);
    let of_roots = forest.roots().filter_map(|root| rolled.subtree(root.id));
    let total: i64 = of_roots.chain([rolled.nowhere()]).map(|completion| i64::from(completion.tally.total())).sum();
    let rows = integrity::count_obligations(sql, engine).await?;
    let words = || format!("{total} are counted, {rows} are there (C1)");
    Ok((total != rows).then(|| Finding::new("TOTALS", words(), "obligation", "(all)")))
}

fn unexplained(table: &str, instant: &str, row: Uuid) -> Finding {
    Finding::new("CHANGE_UNTOLD", format!("no journal entry has the instant in `{instant}` (J1)"), table, row)
}

/// Positions count from 1 to the head, without gaps (J3).
fn check_extent(extent: Extent) -> Vec<Finding> {
    let Extent { head, structure_version, entries, first, last } = extent;
    let mut findings = Vec::new();
    if last != entries || first != entries.min(1) {
        let words = format!("{entries} entries stand at positions {first} to {last}, not one at each from 1 (J3)");
        findings.push(Finding::new("JOURNAL_GAPS", words, "journal_entry", last));
    }
    if head != last || structure_version > head {
        let words = format!("the head is at {head} and the tree at {structure_version}, the last entry at {last} (J3)");
        findings.push(Finding::new("JOURNAL_HEAD", words, "journal_head", 1));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn j3_positions_count_from_1_to_the_head() {
        let codes = |head, structure_version, entries, first, last| -> Vec<&str> {
            check_extent(Extent { head, structure_version, entries, first, last }).iter().map(|finding| finding.code).collect()
        };
        assert!(codes(0, 0, 0, 0, 0).is_empty());
        assert!(codes(7, 3, 7, 1, 7).is_empty());
        assert_eq!(codes(7, 3, 6, 1, 7), ["JOURNAL_GAPS"]);
        assert_eq!(codes(7, 3, 7, 0, 6), ["JOURNAL_GAPS", "JOURNAL_HEAD"]);
        assert_eq!(codes(8, 3, 7, 1, 7), ["JOURNAL_HEAD"]);
        assert_eq!(codes(7, 8, 7, 1, 7), ["JOURNAL_HEAD"]);
        assert_eq!(codes(1, 0, 0, 0, 0), ["JOURNAL_HEAD"]);
    }
}
