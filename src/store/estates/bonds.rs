//! The requirements of directives in force, as far as binding goes by them.

use std::collections::HashMap;

use chidao_domain::day::Day;
use chidao_domain::ids::{DirectiveId, RequirementId, UnitId};
use chidao_domain::scope::{Reach, Scope};
use chidao_domain::succession::Bond;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::store::code::Coded as _;
use crate::store::database::Engine;
use crate::store::error::Fault;
use crate::store::periods::{RHYTHM, RhythmRow};

#[derive(FromQueryResult)]
struct BondRow {
    id: Uuid,
    directive_id: Uuid,
    issuer_id: Uuid,
    anchor_id: Uuid,
    reach: String,
    period: Option<String>,
    #[sea_orm(nested)]
    recurring: RhythmRow,
    due_on: Option<Day>,
    extended_to: Option<Day>,
    binds_late_units: bool,
    late_grace_days: i32,
    may_be_empty: bool,
}

#[derive(FromQueryResult)]
struct NamedRow {
    requirement_id: Uuid,
    role: String,
    unit_id: Uuid,
}

#[derive(FromQueryResult)]
struct KindRow {
    requirement_id: Uuid,
    kind_code: String,
}

const IN_FORCE: &str = "JOIN requirement r ON r.id = x.requirement_id JOIN directive d ON d.id = r.directive_id WHERE d.status = 'ISSUED'";

/// All of them as they are on a day, by directive and then in their order; three statements, however many there are.
///
/// # Errors
/// A fault of the database.
pub async fn load_bonds(sql: &impl ConnectionTrait, engine: Engine, day: Day) -> Result<Vec<Bond>, Fault> {
    let statement = |text: String| Statement::from_string(engine.backend(), text);
    let text = format!(
        "SELECT r.id, r.directive_id, d.issuer_id, r.anchor_id, r.reach, r.period, {RHYTHM}, r.due_on, \
                  (SELECT MAX(e.due_on) FROM requirement_extension e WHERE e.requirement_id = r.id) AS extended_to, \
                  r.binds_late_units, r.late_grace_days, r.may_be_empty \
                FROM requirement r JOIN directive d ON d.id = r.directive_id WHERE d.status = 'ISSUED' ORDER BY r.directive_id, r.ordinal"
    );
    let rows = BondRow::find_by_statement(statement(text)).all(sql).await?;
    let text = format!("SELECT x.requirement_id, x.role, x.unit_id FROM requirement_unit x {IN_FORCE} ORDER BY x.ordinal");
    let mut named: HashMap<Uuid, Vec<NamedRow>> = HashMap::new();
    for row in NamedRow::find_by_statement(statement(text)).all(sql).await? {
        named.entry(row.requirement_id).or_default().push(row);
    }
    let text = format!("SELECT x.requirement_id, x.kind_code FROM requirement_unit_kind x {IN_FORCE} ORDER BY x.kind_code");
    let mut kinds: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in KindRow::find_by_statement(statement(text)).all(sql).await? {
        kinds.entry(row.requirement_id).or_default().push(row.kind_code);
    }
    let bond = |row: BondRow| {
        let (named, kinds) = (named.remove(&row.id).unwrap_or_default(), kinds.remove(&row.id).unwrap_or_default());
        bond_of(row, &named, &kinds, day)
    };
    rows.into_iter().map(bond).collect()
}

fn bond_of(row: BondRow, named: &[NamedRow], kinds: &[String], day: Day) -> Result<Bond, Fault> {
    let of = |role: &str| named.iter().filter(|unit| unit.role == role).map(|unit| UnitId(unit.unit_id)).collect();
    let (rhythm, opened) = (row.recurring.rhythm()?, row.recurring.opened()?);
    let current = rhythm.and_then(|rhythm| rhythm.current(day)).filter(|current| opened.is_some_and(|opened| *current <= opened));
    let (period, due_on) = match rhythm {
        None => (row.period.unwrap_or_default(), row.extended_to.max(row.due_on)),
        Some(rhythm) => (current.map(|current| current.to_string()).unwrap_or_default(), current.map(|current| rhythm.due_on(current))),
    };
    Ok(Bond {
        requirement: RequirementId(row.id),
        directive: DirectiveId(row.directive_id),
        issuer: UnitId(row.issuer_id),
        scope: Scope {
            anchor: UnitId(row.anchor_id),
            reach: Reach::decode(&row.reach)?,
            kinds: kinds.iter().map(|kind| kind.as_str().into()).collect(),
            include: of("INCLUDE"),
            except: of("EXCEPT"),
            except_subtrees: of("EXCEPT_SUBTREE"),
            may_be_empty: row.may_be_empty,
        },
        period,
        // An extension never makes a date earlier, and there is none of what has no date (L4).
        due_on,
        // A period that opens, on this day or later, binds who has come by then (B7).
        binds_late_units: row.binds_late_units && (rhythm.is_none() || current.is_some()),
        late_grace_days: row.late_grace_days.unsigned_abs(),
    })
}
