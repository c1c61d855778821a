//! Rows put into the tables behind the commands' backs: to hold SQL against the core in more combinations than any life has, and for a
//! relation that no command takes yet.

use chidao_domain::day::Day;
use chidao_domain::ids::{DirectiveId, UnitId};
use chidao_domain::journal::{Action, Entry, Subject};
use chidao_domain::obligation::Timing;
use chidao_entity::{directive, directive_relation, obligation, requirement};
use chrono::DateTime;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _};
use uuid::Uuid;

use crate::harness::World;

/// Writes a directive with one requirement that is a standing duty and one that is not; the answer is theirs.
pub(crate) async fn directive(world: &World, issuer: UnitId) -> (Uuid, [Uuid; 2]) {
    let mut tx = world.office.begin_unattended().await.unwrap();
    let id: Uuid = tx.new_id();
    let row = directive::Model {
        id,
        issuer_id: issuer.into(),
        kind_code: "PLAN".into(),
        issuing_body: "COMMITTEE".into(),
        term: String::new(),
        symbol: None,
        symbol_key: None,
        symbol_number: None,
        title: "Kế hoạch".into(),
        folded_title: "ke hoach".into(),
        summary: None,
        body: None,
        status: "ISSUED".into(),
        issued_on: Some(tx.today()),
        effective_on: Some(tx.today()),
        bound_on: Some(tx.today()),
        ended_on: None,
        conclusion: None,
        signed_by_id: None,
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    row.into_active_model().insert(tx.sql()).await.unwrap();
    let mut requirements = [Uuid::nil(); 2];
    for (ordinal, informative) in [(1, false), (2, true)] {
        let row = requirement(tx.new_id(), id, issuer, ordinal, informative);
        requirements[usize::from(informative)] = row.id;
        row.into_active_model().insert(tx.sql()).await.unwrap();
    }
    tx.record(Entry::new(Action::DirectiveIssued, Subject::Directive(DirectiveId(id))));
    tx.commit(()).await.unwrap();
    (id, requirements)
}

fn requirement(id: Uuid, directive: Uuid, issuer: UnitId, ordinal: i32, informative: bool) -> requirement::Model {
    requirement::Model {
        id,
        directive_id: directive,
        ordinal,
        kind: "STUDY".into(),
        title: format!("Nhiệm vụ {ordinal}"),
        detail: None,
        due_on: None,
        due_text: None,
        recurrence: "NONE".into(),
        period: None,
        first_period: None,
        due_days_after_period: None,
        verification: "SUPERIOR".into(),
        gate_share: None,
        informative,
        binds_late_units: true,
        late_grace_days: 30,
        anchor_id: issuer.into(),
        reach: "CHILDREN".into(),
        may_be_empty: true,
    }
}

/// Writes obligations of one unit, each in a period of its own: years from the year 1.
pub(crate) async fn obligations(world: &World, unit: UnitId, directive: Uuid, requirements: [Uuid; 2], timings: &[(Timing, &str)]) {
    let mut tx = world.office.begin_unattended().await.unwrap();
    let rows = timings.iter().enumerate().map(|(at, (timing, state))| {
        let row = obligation::Model {
            id: tx.new_id(),
            requirement_id: requirements[usize::from(timing.informative)],
            directive_id: directive,
            unit_id: unit.into(),
            period: period(at),
            state: (*state).into(),
            due_on: timing.due_on,
            bound_on: "2020-01-01".parse::<Day>().unwrap(),
            acknowledged_at: None,
            reported_on: timing.reported_on,
            fulfilled_on: None,
            closed_on: None,
            closing_reason: None,
            closing_cause: None,
            version: 1,
            updated_at: DateTime::default(),
            kept: false,
        };
        row.into_active_model()
    });
    let rows: Vec<_> = rows.collect();
    for some in rows.chunks(100) {
        obligation::Entity::insert_many(some.to_vec()).exec(tx.sql()).await.unwrap();
    }
    tx.record(Entry::new(Action::DirectiveIssued, Subject::Directive(DirectiveId(directive))).touching([unit]));
    tx.commit(()).await.unwrap();
}

/// The period of the obligation at a place.
pub(crate) fn period(at: usize) -> String {
    format!("{:04}", at + 1)
}

/// Writes a relation that no command takes yet.
pub(crate) async fn relation(world: &World, from: DirectiveId, kind: &str, to: DirectiveId) {
    let mut tx = world.office.begin_unattended().await.unwrap();
    let row = directive_relation::Model { from_id: from.into(), kind: kind.into(), to_id: to.into(), note: None };
    row.into_active_model().insert(tx.sql()).await.unwrap();
    tx.record(Entry::new(Action::DirectiveIssued, Subject::Directive(from)));
    tx.commit(()).await.unwrap();
}

/// The thing behind an opaque id.
pub(crate) fn uuid_of(global: &str) -> Uuid {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(global).unwrap();
    Uuid::from_slice(&bytes[1..]).unwrap()
}
