//! From cells to rows: each value in its normal form, or a bad cell.

use std::sync::Arc;

use super::{BadCell, Cell, Column, Faults, Headings, Line, day, external_ids, plain, read_day};
use crate::day::Day;
use crate::refusal::{InputRefusal, Refusal, TableRefusal};
use crate::reorganization::ExternalId;
use crate::text;

/// One unit as the table has it; `None`: the table has no such column, or the cell was refused.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The number of the row in the file.
    pub number: u32,
    /// Its code.
    pub code: Option<Arc<str>>,
    /// Its kind, as it was given.
    pub kind: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its short name.
    pub short_name: Option<Option<String>>,
    /// The code of its parent.
    pub parent: Option<Option<Arc<str>>>,
    /// Party members.
    pub member_count: Option<Option<i32>>,
    /// Its external ids, sorted.
    pub external_ids: Option<Vec<ExternalId>>,
    /// The day from which it holds.
    pub effective_on: Option<Day>,
}

/// A table that has been read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Its rows, in their order.
    pub rows: Vec<Row>,
    /// The cells that could not be read.
    pub bad: Faults,
    /// The headings of columns that are not read.
    pub unread: Vec<String>,
}

/// Reads a table line by line, so that a large file is never held as cells.
#[derive(Clone, Debug, Default)]
pub struct TableReader {
    headings: Option<Headings>,
    table: Table,
    /// Without headings nothing more can be said.
    is_lost: bool,
}

impl TableReader {
    /// Takes the next line: the first that is not blank has the headings.
    pub fn take(&mut self, line: &Line) {
        if self.is_lost || line.cells.is_empty() {
            return;
        }
        match &self.headings {
            Some(headings) => {
                let mut reading = Reading { row: Row { number: line.number, ..Row::default() }, bad: &mut self.table.bad };
                reading.read(headings, line);
                let row = reading.row;
                self.table.rows.push(row);
            }
            None => match Headings::read(line) {
                Ok(headings) => {
                    self.table.unread = headings.unread().to_vec();
                    self.headings = Some(headings);
                }
                Err(bad) => (self.table.bad, self.is_lost) = (bad, true),
            },
        }
    }

    /// How many rows there are so far.
    pub fn count(&self) -> usize {
        self.table.rows.len()
    }

    /// The table; one without headings or without rows has a bad cell that says so.
    pub fn finish(mut self) -> Table {
        if self.table.rows.is_empty() && !self.is_lost {
            self.table.bad.add(BadCell { row: None, column: None, value: String::new(), why: TableRefusal::NoRows.into() });
        }
        self.table
    }
}

struct Reading<'a> {
    row: Row,
    bad: &'a mut Faults,
}

impl Reading<'_> {
    fn read(&mut self, headings: &Headings, line: &Line) {
        for (at, column) in headings.columns() {
            self.cell(*column, line.cells.get(at).unwrap_or(&Cell::Blank));
        }
        // Where one separator too many has pushed cells there, the first of them tells it.
        if let Some((_, cell)) = line.cells.range(headings.width()..).next() {
            self.refuse(None, cell, TableRefusal::BeyondHeadings { given: plain(&cell.shown()) });
        }
    }

    fn refuse(&mut self, column: Option<Column>, cell: &Cell, why: impl Into<Refusal>) {
        self.bad.add(BadCell { row: Some(self.row.number), column, value: cell.shown(), why: why.into() });
    }

    fn cell(&mut self, column: Column, cell: &Cell) {
        let read = match column {
            Column::Code => words(cell, Some(text::code)).map(|code| self.row.code = code.map(Into::into)),
            Column::Kind => words(cell, None).map(|kind| self.row.kind = kind),
            Column::Name => words(cell, Some(text::name)).map(|name| self.row.name = name),
            Column::ShortName => words(cell, Some(text::short_name)).map(|name| self.row.short_name = Some(name)),
            Column::Parent => words(cell, Some(text::code)).map(|code| self.row.parent = Some(code.map(Into::into))),
            Column::MemberCount => count(cell).map(|count| self.row.member_count = Some(count)),
            Column::ExternalIds => words(cell, None)
                .and_then(|ids| external_ids::read(ids.as_deref().unwrap_or_default()))
                .map(|ids| self.row.external_ids = Some(ids)),
            Column::EffectiveOn => date(cell).map(|day| self.row.effective_on = day),
        };
        let must_be = matches!(column, Column::Code | Column::Kind | Column::Name);
        let read = if must_be && *cell == Cell::Blank { Err(InputRefusal::Empty.into()) } else { read };
        if let Err(why) = read {
            self.refuse(Some(column), cell, why);
        }
    }
}

/// How a text gets its normal form.
type Normal = fn(&str) -> Result<String, InputRefusal>;

/// A text; a number stands for its digits, but a date that a workbook has made of a code or a name is no longer what was typed.
fn words(cell: &Cell, normal: Option<Normal>) -> Result<Option<String>, Refusal> {
    let given = match cell {
        Cell::Blank => return Ok(None),
        Cell::Text(given) => given.trim().to_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Day(_) => return Err(TableRefusal::BecameADate.into()),
        Cell::Fault(_) => return Err(TableRefusal::NotComputed.into()),
    };
    Ok(Some(match normal {
        Some(normal) => normal(&given)?,
        None => given,
    }))
}

fn count(cell: &Cell) -> Result<Option<i32>, Refusal> {
    let not_a_count = || Refusal::from(TableRefusal::NotACount { most: i32::MAX });
    match cell {
        Cell::Blank => Ok(None),
        Cell::Text(given) => {
            let digits = given.trim();
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse().ok()).flatten().map(Some).ok_or_else(not_a_count)
        }
        // As text, so that nothing is cut off: a whole number has no point.
        Cell::Number(number) => {
            let count: Option<i32> = number.to_string().parse().ok();
            count.filter(|count| *count >= 0).map(Some).ok_or_else(not_a_count)
        }
        Cell::Day(_) => Err(TableRefusal::BecameADate.into()),
        Cell::Fault(_) => Err(TableRefusal::NotComputed.into()),
    }
}

fn date(cell: &Cell) -> Result<Option<Day>, Refusal> {
    let read = match cell {
        Cell::Blank => return Ok(None),
        Cell::Text(given) => read_day(given),
        Cell::Number(number) => number.to_string().parse().ok().and_then(day::of_number),
        Cell::Day(day) => Some(*day),
        Cell::Fault(_) => return Err(TableRefusal::NotComputed.into()),
    };
    read.map(Some).ok_or_else(|| TableRefusal::NotADate.into())
}
