//! The new tree: how deep each row's unit stands in it, and where it would be a circle (O3).

use super::{Above, Judged};
use crate::refusal::TableRefusal;
use crate::table::{BadCell, Column, Faults};

/// A depth that is not known yet, or never will be.
const UNKNOWN: u32 = u32::MAX;

/// Depths of the rows' units; those of units that the table does not have come after them, by their places in the tree.
pub(super) struct Shape {
    depths: Vec<u32>,
    /// One row on each circle, and the line from it back to it.
    circles: Vec<Vec<usize>>,
}

impl Shape {
    pub(super) fn of(judged: &Judged<'_>) -> Self {
        let count = judged.rows.len() + judged.ground.forest.len();
        let mut shape = Self { depths: vec![UNKNOWN; count], circles: Vec::new() };
        // Which walk came by: one that meets itself has gone round.
        let mut walked = vec![usize::MAX; count];
        for first in 0..judged.rows.len() {
            let mut line = Vec::new();
            let mut next = Some(first);
            let base = loop {
                let Some(at) = next else { break 0 };
                if shape.depths[at] != UNKNOWN {
                    break shape.depths[at] + 1;
                }
                if walked[at] != usize::MAX {
                    if walked[at] == first {
                        let circle = line.iter().copied().skip_while(|on| *on != at).collect();
                        shape.circles.push(circle);
                    }
                    // On a circle, or hanging below one: nothing has a depth.
                    break UNKNOWN;
                }
                walked[at] = first;
                line.push(at);
                next = above(judged, at);
            };
            if base != UNKNOWN {
                for (depth, at) in (base..).zip(line.into_iter().rev()) {
                    shape.depths[at] = depth;
                }
            }
        }
        shape
    }

    /// The rows from the top of the new tree down, on one level in their order; those that need another unit on the way come last there.
    pub(super) fn order(&self, judged: &Judged<'_>) -> Vec<usize> {
        let mut order: Vec<usize> = (0..judged.rows.len()).collect();
        order.sort_by_key(|row| (self.depths[*row], judged.becomes_root(*row)));
        order
    }

    /// Each circle as one bad cell, at its first row.
    pub(super) fn circles(&self, judged: &Judged<'_>) -> Faults {
        let code = |at: usize| match judged.rows.get(at) {
            Some(row) => row.code.as_deref().unwrap_or_default().to_owned(),
            None => judged.ground.forest.units()[at - judged.rows.len()].code.to_string(),
        };
        let tell = |circle: &Vec<usize>| {
            let first = circle.iter().copied().min().unwrap_or_default();
            let turned = circle.iter().copied().skip_while(|at| *at != first).chain(circle.iter().copied().take_while(|at| *at != first));
            let row = judged.rows.get(first);
            let value = row.and_then(|row| row.parent.clone().flatten()).as_deref().unwrap_or_default().to_owned();
            let why = TableRefusal::Cycle { line: turned.map(code).collect() }.into();
            BadCell { row: row.map(|row| row.number), column: Some(Column::Parent), value, why }
        };
        let mut circles: Vec<BadCell> = self.circles.iter().map(tell).collect();
        circles.sort_by_key(|bad| bad.row);
        circles.into_iter().collect()
    }
}

fn above(judged: &Judged<'_>, at: usize) -> Option<usize> {
    let rows = judged.rows.len();
    let above = match judged.ground.forest.units().get(at.wrapping_sub(rows)) {
        Some(unit) if at >= rows => judged.above_unit(unit),
        _ => judged.above(at),
    };
    match above {
        Above::Row(row) => Some(row),
        Above::Unit(unit) => judged.ground.forest.place(unit.id).map(|place| rows + place),
        Above::Nothing | Above::Unknown => None,
    }
}
