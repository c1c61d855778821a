//! From a tree to a table that imports as it is.

use std::collections::HashMap;

use super::{Cell, Column, external_ids};
use crate::forest::Forest;
use crate::ids::UnitId;
use crate::reorganization::ExternalId;

/// The columns of an export, in their order.
pub const EXPORTED: [Column; 7] =
    [Column::Code, Column::Kind, Column::Name, Column::ShortName, Column::Parent, Column::MemberCount, Column::ExternalIds];

/// The active units of a tree, one row each, in tree order: [`EXPORTED`] says what the cells are.
pub fn lines_of<'a>(forest: &'a Forest, external_ids: &'a HashMap<UnitId, Vec<ExternalId>>) -> impl Iterator<Item = [Cell; 7]> + 'a {
    forest.units().iter().enumerate().map(move |(place, unit)| {
        let parent = forest.parent_at(place).map(|above| forest.units()[above].code.to_string());
        let held = external_ids.get(&unit.id).map(|ids| external_ids::write(ids));
        [
            Cell::text(&*unit.code),
            Cell::text(&*unit.kind),
            Cell::text(&*unit.name),
            Cell::text(unit.short_name.as_deref().unwrap_or_default()),
            Cell::text(parent.unwrap_or_default()),
            unit.member_count.map_or(Cell::Blank, |count| Cell::Number(count.into())),
            Cell::text(held.unwrap_or_default()),
        ]
    })
}
