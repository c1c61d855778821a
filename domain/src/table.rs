//! Tables of units: what an office keeps in a spreadsheet, read cell by cell, and the one batch of changes that makes the tree equal to it
//! (O11).
//!
//! Everything that is wrong is told at once, each with its row, its column and its value. What a table does not say stays as it is.

mod day;
mod export;
mod external_ids;
mod faults;
mod heading;
mod plan;
mod read;
#[cfg(test)]
mod tests;

pub use day::read_day;
pub use export::{EXPORTED, lines_of};
pub use faults::{Faults, TOLD};
pub use heading::{Column, Headings};
pub use plan::{Gone, Missing, TableGround, TablePlan, plan_table};
pub use read::{Row, Table, TableReader};

use std::collections::BTreeMap;

use crate::day::Day;
use crate::refusal::{Locale, Refusal};

/// What stands in one cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing, or only white space.
    #[default]
    Blank,
    /// A text as it was typed.
    Text(String),
    /// A number of a workbook.
    Number(f64),
    /// A date of a workbook.
    Day(Day),
    /// What a workbook could not compute, as it shows it.
    Fault(String),
}

impl Cell {
    /// The cell of a text; blank where nothing but white space stands in it.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.trim().is_empty() { Self::Blank } else { Self::Text(text) }
    }

    /// As a person sees it.
    pub fn shown(&self) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Text(text) => text.trim().to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Day(day) => day.to_string(),
            Self::Fault(shown) => shown.clone(),
        }
    }
}

/// One row of a file: the cells in which something stands, by their columns from 0. What is blank takes no room, however far to the right the
/// next cell stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// As a spreadsheet or an editor counts, from 1.
    pub number: u32,
    cells: BTreeMap<usize, Cell>,
}

impl Line {
    /// A row of which nothing is known yet.
    pub fn new(number: u32) -> Self {
        Self { number, cells: BTreeMap::new() }
    }

    /// A row from the first column on.
    pub fn of(number: u32, cells: impl IntoIterator<Item = Cell>) -> Self {
        let mut line = Self::new(number);
        cells.into_iter().enumerate().for_each(|(column, cell)| line.put(column, cell));
        line
    }

    /// What stands in a column.
    pub fn put(&mut self, column: usize, cell: Cell) {
        if cell != Cell::Blank {
            self.cells.insert(column, cell);
        }
    }
}

/// A cell that stands in the way.
#[derive(Clone, Debug, PartialEq)]
pub struct BadCell {
    /// The number of the row; `None`: the table as a whole.
    pub row: Option<u32>,
    /// The column; `None`: the row as a whole.
    pub column: Option<Column>,
    /// What stands there.
    pub value: String,
    /// Why it cannot be, and what to do.
    pub why: Refusal,
}

impl BadCell {
    /// One line for a person: where, what and why.
    pub fn words(&self, locale: Locale) -> String {
        let row = self.row.map(|row| locale.pick(format!("dòng {row}"), format!("row {row}")));
        let column = self.column.map(|column| {
            let name = column.name(locale);
            locale.pick(format!("cột \"{name}\""), format!("column \"{name}\""))
        });
        let value = self.column.map(|_| format!("\"{}\"", plain(&self.value)));
        let place: Vec<String> = [row, column, value].into_iter().flatten().collect();
        let colon = if place.is_empty() { "" } else { ": " };
        format!("{}{colon}{}", place.join(", "), self.why.told(locale))
    }
}

/// The most characters of a value that are shown.
const SHOWN: usize = 80;

/// What a file holds, made harmless for a terminal.
fn plain(value: &str) -> String {
    let mut letters = value.chars().map(|letter| if letter.is_control() { '\u{FFFD}' } else { letter });
    let shown: String = letters.by_ref().take(SHOWN).collect();
    if letters.next().is_some() { format!("{shown}…") } else { shown }
}
