//! The registers: kinds of unit with their rules of placement (O1), kinds of directive (D3).

use chidao_domain::day::{Day, Validity};
use chidao_domain::kind::{KindRegister, PlacementRule, UnitKind};
use chidao_entity::{directive_kind, org_unit_kind, placement_rule};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, QueryOrder as _, Set, Statement};

use crate::store::error::Fault;
use crate::store::tx::Tx;

/// All kinds of unit.
///
/// # Errors
/// A fault of the database.
pub async fn load_unit_kinds(sql: &impl ConnectionTrait) -> Result<KindRegister, Fault> {
    let rules = placement_rule::Entity::find().all(sql).await?;
    let kinds = org_unit_kind::Entity::find().all(sql).await?;
    Ok(KindRegister::new(
        kinds
            .into_iter()
            .map(|kind| UnitKind {
                rules: rules.iter().filter(|rule| rule.kind_code == kind.code).map(placement).collect(),
                code: kind.code.into(),
                name_vi: kind.name_vi,
                name_en: kind.name_en,
                rank: kind.rank,
            })
            .collect(),
    ))
}

fn placement(row: &placement_rule::Model) -> PlacementRule {
    let parent = Some(&*row.parent_code).filter(|code| !code.is_empty());
    PlacementRule { parent: parent.map(Into::into), validity: Validity { from: row.valid_from, to: row.valid_to } }
}

/// A kind of directive (D3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectiveKind {
    /// Unique, upper case.
    pub code: String,
    /// The Vietnamese name.
    pub name_vi: String,
    /// The English name.
    pub name_en: String,
    /// As it stands in symbols; two kinds may share one.
    pub abbreviation: String,
}

/// All kinds of directive, in the order of the register.
///
/// # Errors
/// A fault of the database.
pub async fn load_directive_kinds(sql: &impl ConnectionTrait) -> Result<Vec<DirectiveKind>, Fault> {
    let rows = directive_kind::Entity::find().order_by_asc(directive_kind::Column::Ordinal).all(sql).await?;
    let kind = |row: directive_kind::Model| DirectiveKind {
        code: row.code,
        name_vi: row.name_vi,
        name_en: row.name_en,
        abbreviation: row.abbreviation,
    };
    Ok(rows.into_iter().map(kind).collect())
}

/// Writes a kind of unit as it is from now on: a rule that stands gets its last day, none is taken out.
///
/// # Errors
/// A fault of the database.
pub async fn save_unit_kind(tx: &Tx, kind: &UnitKind) -> Result<(), Fault> {
    use org_unit_kind::Column;
    let row = org_unit_kind::ActiveModel {
        code: Set(kind.code.to_string()),
        name_vi: Set(kind.name_vi.clone()),
        name_en: Set(kind.name_en.clone()),
        rank: Set(kind.rank),
    };
    let amended = OnConflict::column(Column::Code).update_columns([Column::NameVi, Column::NameEn, Column::Rank]).to_owned();
    org_unit_kind::Entity::insert(row).on_conflict(amended).exec_without_returning(tx.sql()).await?;
    let rules = kind.rules.iter().map(|rule| placement_rule::ActiveModel {
        kind_code: Set(kind.code.to_string()),
        parent_code: Set(rule.parent.as_deref().unwrap_or_default().to_owned()),
        valid_from: Set(rule.validity.from),
        valid_to: Set(rule.validity.to),
    });
    let rules: Vec<_> = rules.collect();
    if !rules.is_empty() {
        use placement_rule::Column;
        let key = OnConflict::columns([Column::KindCode, Column::ParentCode, Column::ValidFrom]).update_column(Column::ValidTo).to_owned();
        placement_rule::Entity::insert_many(rules).on_conflict(key).exec_without_returning(tx.sql()).await?;
    }
    Ok(())
}

/// Writes a kind of directive as it is from now on; a new one comes last.
///
/// # Errors
/// A fault of the database.
pub async fn save_directive_kind(tx: &Tx, kind: &DirectiveKind, ordinal: i32) -> Result<(), Fault> {
    use directive_kind::Column;
    let row = directive_kind::ActiveModel {
        code: Set(kind.code.clone()),
        name_vi: Set(kind.name_vi.clone()),
        name_en: Set(kind.name_en.clone()),
        abbreviation: Set(kind.abbreviation.clone()),
        ordinal: Set(ordinal),
    };
    let amended = OnConflict::column(Column::Code).update_columns([Column::NameVi, Column::NameEn, Column::Abbreviation]).to_owned();
    directive_kind::Entity::insert(row).on_conflict(amended).exec_without_returning(tx.sql()).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct PlacedRow {
    code: String,
    valid_from: Day,
}

/// The first placement that is known to begin under a rule on a day or later: the unit's code, and when.
///
/// # Errors
/// A fault of the database.
pub async fn first_placement(tx: &Tx, kind: &str, parent: Option<&str>, since: Day) -> Result<Option<(String, Day)>, Fault> {
    let text = "SELECT u.code, r.valid_from FROM org_unit_revision r JOIN org_unit u ON u.id = r.unit_id \
                LEFT JOIN org_unit_revision p ON p.unit_id = r.parent_id AND p.corrected_at IS NULL \
                  AND p.valid_from <= r.valid_from AND (p.valid_to IS NULL OR p.valid_to > r.valid_from) \
                WHERE r.corrected_at IS NULL AND r.kind_code = $1 AND COALESCE(p.kind_code, '') = $2 AND r.valid_from >= $3 \
                  AND NOT EXISTS (SELECT 1 FROM org_unit_revision b WHERE b.unit_id = r.unit_id AND b.corrected_at IS NULL \
                    AND b.valid_to = r.valid_from AND b.kind_code = r.kind_code \
                    AND (b.parent_id = r.parent_id OR (b.parent_id IS NULL AND r.parent_id IS NULL))) \
                ORDER BY r.valid_from, u.folded_code LIMIT 1";
    let values = [kind.into(), parent.unwrap_or_default().into(), since.into()];
    let found = PlacedRow::find_by_statement(Statement::from_sql_and_values(tx.engine().backend(), text, values)).one(tx.sql()).await?;
    Ok(found.map(|row| (row.code, row.valid_from)))
}
