//! The journal and its head (J1–J3), and the answers kept for calls that are sent again.

use std::collections::HashMap;

use chidao_domain::day::Day;
use chidao_domain::ids::{
    AppointmentId, CommentId, DirectiveId, GrantId, KindId, ObligationId, PersonId, PrincipalId, ReorganizationId, RequirementId, UnitId,
};
use chidao_domain::journal::{Action, Entry, FieldChange, Subject};
use chidao_entity::{idempotency_record, journal_entry, journal_entry_unit, journal_head};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set, Statement,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::code::{Coded as _, codes};
use crate::store::database::Engine;
use crate::store::error::{Fault, Replay};
use crate::store::tx::{IdempotencyKey, Structure};

/// Rows that fit into one INSERT on both databases (SQLite takes 32,766 parameters).
pub(crate) const ROWS_PER_INSERT: usize = 1_000;
/// How long a mutation that is sent again answers as it did.
const IDEMPOTENCY: TimeDelta = TimeDelta::hours(24);

codes!("journal action", Action {
    Reorganized => "REORGANIZED",
    ReorganizationPlanned => "REORGANIZATION_PLANNED",
    ReorganizationEnacted => "REORGANIZATION_ENACTED",
    ReorganizationCancelled => "REORGANIZATION_CANCELLED",
    ReorganizationAnnulled => "REORGANIZATION_ANNULLED",
    OrgUnitKindDefined => "ORG_UNIT_KIND_DEFINED",
    DirectiveKindDefined => "DIRECTIVE_KIND_DEFINED",
    OfficerAppointed => "OFFICER_APPOINTED",
    AppointmentEnded => "APPOINTMENT_ENDED",
    DirectiveDrafted => "DIRECTIVE_DRAFTED",
    DraftRevised => "DRAFT_REVISED",
    DraftWithdrawn => "DRAFT_WITHDRAWN",
    ConsultationOpened => "CONSULTATION_OPENED",
    ConsultationClosed => "CONSULTATION_CLOSED",
    DraftCommented => "DRAFT_COMMENTED",
    CommentAnswered => "COMMENT_ANSWERED",
    DirectiveIssued => "DIRECTIVE_ISSUED",
    DirectiveConcluded => "DIRECTIVE_CONCLUDED",
    DirectiveResumed => "DIRECTIVE_RESUMED",
    DirectiveReplaced => "DIRECTIVE_REPLACED",
    DirectiveRepealed => "DIRECTIVE_REPEALED",
    PeriodOpened => "PERIOD_OPENED",
    ObligationAcknowledged => "OBLIGATION_ACKNOWLEDGED",
    ObligationStarted => "OBLIGATION_STARTED",
    ReportSubmitted => "REPORT_SUBMITTED",
    ReportAccepted => "REPORT_ACCEPTED",
    ReportReturned => "REPORT_RETURNED",
    ObligationExempted => "OBLIGATION_EXEMPTED",
    ObligationReopened => "OBLIGATION_REOPENED",
    DueDateExtended => "DUE_DATE_EXTENDED",
    ObligationTransferred => "OBLIGATION_TRANSFERRED",
    UnitsUrged => "UNITS_URGED",
    ObligationReleased => "OBLIGATION_RELEASED",
    ObligationKept => "OBLIGATION_KEPT",
    ObligationBound => "OBLIGATION_BOUND",
    ObligationLinked => "OBLIGATION_LINKED",
    ObligationBoundAgain => "OBLIGATION_BOUND_AGAIN",
    ObligationReturned => "OBLIGATION_RETURNED",
    GrantEnded => "GRANT_ENDED",
    LoggedIn => "LOGGED_IN",
    SessionRefreshed => "SESSION_REFRESHED",
    LoggedOut => "LOGGED_OUT",
    UserCreated => "USER_CREATED",
    ServiceCreated => "SERVICE_CREATED",
    PrincipalDeactivated => "PRINCIPAL_DEACTIVATED",
    RoleGranted => "ROLE_GRANTED",
    GrantRevoked => "GRANT_REVOKED",
});

/// The one row that every writer updates first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Head {
    /// The last position that was given out.
    pub position: i64,
    /// The position of the last change to the tree; forests in memory are kept by it.
    pub structure_version: i64,
    /// The day up to which the calendar has been done (S6); none: it has never been.
    pub calendar_on: Option<Day>,
}

/// Takes the writer's turn: waits for the writer before, then nobody else gets it until the transaction ends.
pub(crate) async fn take_turn(sql: &impl ConnectionTrait, engine: Engine) -> Result<Head, Fault> {
    let text = "UPDATE journal_head SET position = position WHERE id = 1 RETURNING position, structure_version, calendar_on";
    one_head(sql, engine, text).await
}

/// The head as this transaction sees it.
///
/// # Errors
/// A fault where the database does not answer.
pub async fn read_head(sql: &impl ConnectionTrait, engine: Engine) -> Result<Head, Fault> {
    one_head(sql, engine, "SELECT position, structure_version, calendar_on FROM journal_head WHERE id = 1").await
}

async fn one_head(sql: &impl ConnectionTrait, engine: Engine, text: &str) -> Result<Head, Fault> {
    let head = Head::find_by_statement(Statement::from_string(engine.backend(), text)).one(sql).await?;
    head.ok_or(Fault::Corrupt { table: "journal_head", wanted: "row", value: "nothing".into() })
}

/// Puts down that the calendar has been done up to a day, in a transaction that has the turn (S6).
pub(crate) async fn mark_calendar(sql: &impl ConnectionTrait, done: Day) -> Result<(), Fault> {
    let mark = journal_head::Entity::update_many().col_expr(journal_head::Column::CalendarOn, Expr::value(done));
    mark.filter(journal_head::Column::Id.eq(1)).exec(sql).await?;
    Ok(())
}

/// What is planned for a day that the calendar has passed is owed again: the clocks of two servers never agree wholly.
pub(crate) async fn call_calendar_back(sql: &impl ConnectionTrait, planned_for: Day) -> Result<(), Fault> {
    let done = planned_for.pred_opt().unwrap_or(planned_for);
    let back = journal_head::Entity::update_many().col_expr(journal_head::Column::CalendarOn, Expr::value(done));
    back.filter(journal_head::Column::CalendarOn.gt(done)).exec(sql).await?;
    Ok(())
}

/// What [`append`] writes.
pub(crate) struct NewEntries<'a> {
    /// The position after which theirs come.
    pub(crate) after: i64,
    pub(crate) at: DateTime<Utc>,
    pub(crate) actor: Option<PrincipalId>,
    pub(crate) entries: &'a [Entry],
}

/// Gives the entries the next positions and answers the last one; the head moves on with [`move_head`].
pub(crate) async fn append(sql: &impl ConnectionTrait, new: NewEntries<'_>) -> Result<i64, Fault> {
    for (some, after) in new.entries.chunks(ROWS_PER_INSERT).zip((new.after..).step_by(ROWS_PER_INSERT)) {
        let rows = (after + 1..).zip(some).map(|(position, entry)| entry_row(&new, position, entry)).collect::<Result<Vec<_>, _>>()?;
        insert_all(sql, rows).await?;
    }
    let touched = (new.after + 1..).zip(new.entries).flat_map(|(position, entry)| {
        let mut touched = entry.units.clone();
        touched.sort_unstable();
        touched.dedup();
        touched.into_iter().map(move |unit| journal_entry_unit::ActiveModel { unit_id: Set(unit.into()), position: Set(position) })
    });
    insert_all(sql, touched).await?;
    Ok(new.after + i64::try_from(new.entries.len()).unwrap_or(i64::MAX))
}

fn entry_row(new: &NewEntries<'_>, position: i64, entry: &Entry) -> Result<journal_entry::ActiveModel, Fault> {
    let (subject_type, subject_id) = subject_columns(entry.subject);
    let changes: Vec<ChangeJson<&str>> = entry.changes.iter().map(ChangeJson::from).collect();
    Ok(journal_entry::ActiveModel {
        position: Set(position),
        at: Set(new.at),
        actor_id: Set(new.actor.map(Uuid::from)),
        on_behalf_of_id: Set(entry.on_behalf_of.map(Uuid::from)),
        action: Set(entry.action.code().into()),
        subject_type: Set(subject_type.into()),
        subject_id: Set(subject_id),
        changes: Set(serde_json::to_string(&changes)?),
        reason: Set(entry.reason.clone()),
    })
}

/// Moves the head to the last position that was given out.
pub(crate) async fn move_head(sql: &impl ConnectionTrait, position: i64, structure: Structure) -> Result<(), Fault> {
    let mut head = journal_head::Entity::update_many().col_expr(journal_head::Column::Position, Expr::value(position));
    if structure == Structure::Changed {
        head = head.col_expr(journal_head::Column::StructureVersion, Expr::value(position));
    }
    head.filter(journal_head::Column::Id.eq(1)).exec(sql).await?;
    Ok(())
}

/// Very many things, each made only when it is asked for. Boxed, since the compiler does not see that a future which holds an iterator with
/// closures may pass between threads.
pub(crate) type Many<'a, T> = Box<dyn Iterator<Item = T> + Send + 'a>;

/// The next of very many, as many as fit into one statement; `None` where there are none left.
pub(crate) fn next_rows<T>(many: &mut Many<'_, T>) -> Option<Vec<T>> {
    let some: Vec<T> = many.by_ref().take(ROWS_PER_INSERT).collect();
    (!some.is_empty()).then_some(some)
}

/// Inserts rows in as few statements as the databases allow; each is made only when it is written.
pub(crate) fn insert_all<'a, A>(
    sql: &'a impl ConnectionTrait,
    rows: impl IntoIterator<Item = A, IntoIter: Send + 'a>,
) -> BoxFuture<'a, Result<(), sea_orm::DbErr>>
where
    A: sea_orm::ActiveModelTrait + Send + 'a,
{
    let mut rows: Many<'a, A> = Box::new(rows.into_iter());
    Box::pin(async move {
        while let Some(some) = next_rows(&mut rows) {
            <A::Entity as EntityTrait>::insert_many(some).exec_without_returning(sql).await?;
        }
        Ok(())
    })
}

/// The columns that say what an entry is about.
pub fn subject_columns(subject: Subject) -> (&'static str, Uuid) {
    match subject {
        Subject::Reorganization(id) => ("REORGANIZATION", id.into()),
        Subject::OrgUnit(id) => ("ORG_UNIT", id.into()),
        Subject::OrgUnitKind(id) => ("ORG_UNIT_KIND", id.into()),
        Subject::DirectiveKind(id) => ("DIRECTIVE_KIND", id.into()),
        Subject::Person(id) => ("PERSON", id.into()),
        Subject::Appointment(id) => ("APPOINTMENT", id.into()),
        Subject::Directive(id) => ("DIRECTIVE", id.into()),
        Subject::Requirement(id) => ("REQUIREMENT", id.into()),
        Subject::Comment(id) => ("COMMENT", id.into()),
        Subject::Obligation(id) => ("OBLIGATION", id.into()),
        Subject::Principal(id) => ("PRINCIPAL", id.into()),
        Subject::Grant(id) => ("GRANT", id.into()),
    }
}

/// What an entry is about, from its columns.
pub(crate) fn subject(kind: &str, id: Uuid) -> Result<Subject, Fault> {
    Ok(match kind {
        "REORGANIZATION" => Subject::Reorganization(ReorganizationId(id)),
        "ORG_UNIT" => Subject::OrgUnit(UnitId(id)),
        "ORG_UNIT_KIND" => Subject::OrgUnitKind(KindId(id)),
        "DIRECTIVE_KIND" => Subject::DirectiveKind(KindId(id)),
        "PERSON" => Subject::Person(PersonId(id)),
        "APPOINTMENT" => Subject::Appointment(AppointmentId(id)),
        "DIRECTIVE" => Subject::Directive(DirectiveId(id)),
        "REQUIREMENT" => Subject::Requirement(RequirementId(id)),
        "COMMENT" => Subject::Comment(CommentId(id)),
        "OBLIGATION" => Subject::Obligation(ObligationId(id)),
        "PRINCIPAL" => Subject::Principal(PrincipalId(id)),
        "GRANT" => Subject::Grant(GrantId(id)),
        other => return Err(Fault::Corrupt { table: "journal_entry.subject_type", wanted: "type", value: other.into() }),
    })
}

/// A change of a field as it is kept.
#[derive(Serialize, Deserialize)]
pub(crate) struct ChangeJson<T> {
    field: T,
    before: Option<T>,
    after: Option<T>,
}

impl<'a> From<&'a FieldChange> for ChangeJson<&'a str> {
    fn from(FieldChange { field, before, after }: &'a FieldChange) -> Self {
        Self { field, before: before.as_deref(), after: after.as_deref() }
    }
}

impl From<ChangeJson<String>> for FieldChange {
    fn from(ChangeJson { field, before, after }: ChangeJson<String>) -> Self {
        Self { field, before, after }
    }
}

/// The instant of the last entry of each of `actors`.
///
/// # Errors
/// A fault of the database.
pub async fn load_last_acts(sql: &impl ConnectionTrait, actors: &[PrincipalId]) -> Result<HashMap<PrincipalId, DateTime<Utc>>, Fault> {
    let ids = actors.iter().map(|actor| Uuid::from(*actor));
    let query = journal_entry::Entity::find()
        .select_only()
        .column(journal_entry::Column::ActorId)
        .column_as(journal_entry::Column::At.max(), "last_at")
        .filter(journal_entry::Column::ActorId.is_in(ids))
        .group_by(journal_entry::Column::ActorId);
    let rows: Vec<(Uuid, DateTime<Utc>)> = query.into_tuple().all(sql).await?;
    Ok(rows.into_iter().map(|(actor, at)| (PrincipalId(actor), at)).collect())
}

/// The instant of the last entry of all; `None` where nothing has been written yet.
///
/// # Errors
/// A fault of the database.
pub async fn load_last_instant(sql: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>, Fault> {
    let query = journal_entry::Entity::find().select_only().column(journal_entry::Column::At);
    Ok(query.order_by_desc(journal_entry::Column::Position).limit(1).into_tuple().one(sql).await?)
}

/// What an earlier call with the same key answered within the last 24 hours.
pub(crate) enum Earlier {
    None,
    Same(Replay),
    Mismatch,
}

/// Looks for an earlier call with the same key.
pub(crate) async fn earlier_answer(
    sql: &impl ConnectionTrait,
    actor: PrincipalId,
    key: &IdempotencyKey,
    now: DateTime<Utc>,
) -> Result<Earlier, Fault> {
    let id = (Uuid::from(actor), key.client_mutation_id.clone());
    Ok(match idempotency_record::Entity::find_by_id(id).one(sql).await? {
        Some(row) if row.at + IDEMPOTENCY <= now => Earlier::None,
        Some(row) if row.mutation == key.mutation && row.input_hash == key.input_hash => {
            Earlier::Same(Replay { answer: row.answer, position: row.position })
        }
        Some(_) => Earlier::Mismatch,
        None => Earlier::None,
    })
}

/// Keeps an answer for 24 hours, and lets go of those that are older.
pub(crate) async fn keep_answer(
    sql: &impl ConnectionTrait,
    actor: PrincipalId,
    key: &IdempotencyKey,
    answer: &str,
    position: i64,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    idempotency_record::Entity::delete_many().filter(idempotency_record::Column::At.lte(now - IDEMPOTENCY)).exec(sql).await?;
    let row = idempotency_record::ActiveModel {
        principal_id: Set(actor.into()),
        client_mutation_id: Set(key.client_mutation_id.clone()),
        mutation: Set(key.mutation.into()),
        input_hash: Set(key.input_hash.clone()),
        answer: Set(answer.into()),
        position: Set(position),
        at: Set(now),
    };
    idempotency_record::Entity::insert(row).exec_without_returning(sql).await?;
    Ok(())
}
