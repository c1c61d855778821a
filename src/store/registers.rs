//! The registers: kinds of unit with their rules of placement (O1), kinds of directive (D3).

use chidao_domain::day::Validity;
use chidao_domain::kind::{KindRegister, PlacementRule, UnitKind};
use chidao_entity::{directive_kind, org_unit_kind, placement_rule};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder as _};

use crate::store::error::Fault;

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
