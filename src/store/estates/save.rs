//! What happens to obligations when the tree changes, written down: their state, the step that keeps it (C7), and why they bind.

use std::collections::{BTreeMap, HashMap};

use chidao_domain::day::Day;
use chidao_domain::ids::{ObligationId, ReorganizationId};
use chidao_domain::obligation::{State, Step};
use chidao_domain::scope::BindingReason;
use chidao_domain::succession::Cause;
use sea_orm::{FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::IDS_PER_STATEMENT;
use crate::store::among::Among;
use crate::store::bindings::{NewObligation, load_reasons, reason_row};
use crate::store::code::Coded as _;
use crate::store::error::Fault;
use crate::store::journal::insert_all;
use crate::store::obligations::update_obligations;
use crate::store::obligations::{STEP_KEEP, STEP_LINK};
use crate::store::reports::ReportStanding;
use crate::store::tx::Tx;

/// What is kept as the reason of a date that moves because its unit took over from another (L4).
const LINKED: &str = "kế tục nhiệm vụ của đơn vị khác khi sắp xếp tổ chức";
/// The same where it had been brought into being by annulled batches only.
const REVIVED: &str = "nhiệm vụ của đợt sắp xếp đã thu hồi được giao lại";
/// The same where its unit came back (B4).
const BACK: &str = "đơn vị trở lại trong phạm vi của văn bản";

/// By which batch something happens, and on which day (S6).
#[derive(Clone, Copy, Debug)]
pub struct Carried {
    /// The batch.
    pub by: ReorganizationId,
    /// The day that is written.
    pub on: Day,
}

/// How obligations are closed; what is closed alike takes one statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Closing {
    /// [`State::Transferred`] or [`State::Released`].
    pub to: State,
    /// Why.
    pub cause: Cause,
    /// A person's words (S4).
    pub reason: Option<String>,
}

/// Closes obligations; the reports that wait on them wait no more, and stay with them (S1).
///
/// # Errors
/// A fault of the database.
pub async fn save_closed(tx: &Tx, carried: Carried, closing: &Closing, ids: &[ObligationId]) -> Result<(), Fault> {
    let step = if closing.to == State::Transferred { Step::Transfer } else { Step::Release };
    for some in ids.chunks(IDS_PER_STATEMENT) {
        let columns = vec![
            ("state", closing.to.code().into()),
            ("closed_on", carried.on.into()),
            ("closing_cause", closing.cause.code().into()),
            ("closing_reason", closing.reason.clone().into()),
        ];
        update_obligations(tx, some, columns).await?;
        keep_step(tx, carried, some, (step.code(), closing.reason.as_deref())).await?;
        let among = Among::new(tx.engine(), some.iter().copied());
        let text = format!("UPDATE report_obligation SET standing = $3 WHERE standing = $2 AND {}", among.holds("obligation_id", 1));
        tx.execute(text, vec![among.value(), ReportStanding::Waiting.code().into(), ReportStanding::Dropped.code().into()]).await?;
    }
    Ok(())
}

/// Obligations last though their units leave, because a person says so (S4).
///
/// # Errors
/// A fault of the database.
pub async fn save_kept(tx: &Tx, carried: Carried, reason: &str, ids: &[ObligationId]) -> Result<(), Fault> {
    for some in ids.chunks(IDS_PER_STATEMENT) {
        update_obligations(tx, some, vec![("kept", true.into())]).await?;
        keep_step(tx, carried, some, (STEP_KEEP, Some(reason))).await?;
    }
    Ok(())
}

/// Units are back inside the issuer's subtree: that obligations were kept says no more (S4). Nothing of it is shown, so no step tells it.
///
/// # Errors
/// A fault of the database.
pub async fn save_no_longer_kept(tx: &Tx, ids: &[ObligationId]) -> Result<(), Fault> {
    for some in ids.chunks(IDS_PER_STATEMENT) {
        let among = Among::new(tx.engine(), some.iter().copied());
        tx.execute(format!("UPDATE obligation SET kept = $2 WHERE {}", among.holds("id", 1)), vec![among.value(), false.into()]).await?;
    }
    Ok(())
}

/// Obligations take over others beside what they are: a successor's own (S1).
///
/// # Errors
/// A fault of the database.
pub async fn save_linked(tx: &Tx, carried: Carried, links: &[(ObligationId, Vec<ObligationId>, Option<Day>)]) -> Result<(), Fault> {
    let reasons = links.iter().map(|(id, from, _)| (*id, from.iter().map(|id| BindingReason::Succession { predecessor: *id }).collect()));
    add_reasons(tx, carried, reasons.collect()).await?;
    for (due_on, ids) in by_date(links.iter().map(|(id, _, due_on)| (*id, *due_on))) {
        for some in ids.chunks(IDS_PER_STATEMENT) {
            update_obligations(tx, some, vec![("due_on", due_on.into())]).await?;
            keep_step(tx, carried, some, (STEP_LINK, Some(LINKED))).await?;
        }
    }
    Ok(())
}

/// Units that are back take up what they were released from (B4).
///
/// # Errors
/// A fault of the database.
pub async fn save_bound_again(tx: &Tx, carried: Carried, again: &[(ObligationId, Option<Day>)]) -> Result<(), Fault> {
    add_reasons(tx, carried, again.iter().map(|(id, _)| (*id, vec![BindingReason::Again])).collect()).await?;
    for (due_on, ids) in by_date(again.iter().copied()) {
        for some in ids.chunks(IDS_PER_STATEMENT) {
            let mut columns = reopened(State::Pending);
            columns.push(("due_on", due_on.into()));
            update_obligations(tx, some, columns).await?;
            keep_step(tx, carried, some, (Step::BindAgain.code(), Some(BACK))).await?;
        }
    }
    Ok(())
}

/// What had been brought into being by annulled batches only lives once more, under the id that it has: a unit has one for a requirement and
/// period (B3).
///
/// # Errors
/// A fault of the database.
pub async fn save_revived(tx: &Tx, carried: Carried, revived: &[NewObligation]) -> Result<(), Fault> {
    add_reasons(tx, carried, revived.iter().map(|one| (one.id, one.reasons.clone())).collect()).await?;
    let mut groups: BTreeMap<(State, Option<Day>, bool), Vec<ObligationId>> = BTreeMap::new();
    for one in revived {
        groups.entry((one.state, one.due_on, one.kept)).or_default().push(one.id);
    }
    for ((state, due_on, kept), ids) in groups {
        for some in ids.chunks(IDS_PER_STATEMENT) {
            let mut columns = reopened(state);
            columns.extend([("due_on", due_on.into()), ("kept", kept.into())]);
            update_obligations(tx, some, columns).await?;
            keep_step(tx, carried, some, (Step::BindAgain.code(), Some(REVIVED))).await?;
        }
    }
    Ok(())
}

/// The columns of what is open again.
pub(super) fn reopened(to: State) -> Vec<(&'static str, Value)> {
    vec![
        ("state", to.code().into()),
        ("closed_on", None::<Day>.into()),
        ("closing_cause", None::<String>.into()),
        ("closing_reason", None::<String>.into()),
    ]
}

fn by_date(dated: impl Iterator<Item = (ObligationId, Option<Day>)>) -> Vec<(Option<Day>, Vec<ObligationId>)> {
    let mut groups: HashMap<Option<Day>, Vec<ObligationId>> = HashMap::new();
    for (id, due_on) in dated {
        groups.entry(due_on).or_default().push(id);
    }
    groups.into_iter().collect()
}

#[derive(FromQueryResult)]
struct LastRow {
    obligation_id: Uuid,
    last: i32,
}

/// Adds reasons after those that are there or were; by each batch that makes it a link is one more, since only one of them may be annulled.
async fn add_reasons(tx: &Tx, carried: Carried, new: Vec<(ObligationId, Vec<BindingReason>)>) -> Result<(), Fault> {
    let ids: Vec<ObligationId> = new.iter().map(|(id, _)| *id).collect();
    let known = load_reasons(tx.sql(), &ids).await?;
    let mut last: HashMap<Uuid, i32> = HashMap::new();
    for some in ids.chunks(IDS_PER_STATEMENT) {
        let among = Among::new(tx.engine(), some.iter().copied());
        let text = format!(
            "SELECT obligation_id, MAX(ordinal) AS last FROM obligation_reason WHERE {} GROUP BY obligation_id",
            among.holds("obligation_id", 1)
        );
        let statement = Statement::from_sql_and_values(tx.engine().backend(), text, [among.value()]);
        last.extend(LastRow::find_by_statement(statement).all(tx.sql()).await?.into_iter().map(|row| (row.obligation_id, row.last)));
    }
    let mut rows = Vec::new();
    for (id, reasons) in new {
        let known = known.get(&id).map_or(&[][..], Vec::as_slice);
        let next = last.get(&id.into()).copied().unwrap_or_default().saturating_add(1);
        let fresh = reasons.into_iter().filter(|reason| reason.predecessor().is_some() || !known.contains(reason));
        rows.extend(fresh.zip(next..).map(|(reason, ordinal)| reason_row(id, ordinal, reason, Some(carried.by))));
    }
    Ok(insert_all(tx.sql(), rows).await?)
}

/// Keeps what the obligations are now beside what they were: one row for each version (C7).
pub(super) async fn keep_step(tx: &Tx, carried: Carried, ids: &[ObligationId], (step, reason): (&str, Option<&str>)) -> Result<(), Fault> {
    let among = Among::new(tx.engine(), ids.iter().copied());
    let text = format!(
        "INSERT INTO obligation_step (obligation_id, version, step, recorded_on, at, state, due_on, reported_on, reason, reorganization_id) \
         SELECT o.id, o.version, $2, $3, $4, o.state, o.due_on, o.reported_on, $5, $6 FROM obligation o WHERE {}",
        among.holds("o.id", 1)
    );
    let (reason, by) = (reason.map(str::to_owned), Uuid::from(carried.by));
    let values = vec![among.value(), step.into(), carried.on.into(), tx.now().into(), reason.into(), by.into()];
    tx.execute(text, values).await
}
