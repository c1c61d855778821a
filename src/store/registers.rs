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

/// All kinds of directive, in the order of the register.
///
/// # Errors
/// A fault of the database.
pub async fn load_directive_kinds(sql: &impl ConnectionTrait) -> Result<Vec<directive_kind::Model>, Fault> {
    Ok(directive_kind::Entity::find().order_by_asc(directive_kind::Column::Ordinal).all(sql).await?)
}
