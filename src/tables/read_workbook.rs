//! Workbooks: the first worksheet, cell by cell. What it unpacks to is measured before anything reads it.

use std::io::{Cursor, Read as _};

use calamine::{DataRef, Reader as _, Xlsx};
use chidao_domain::day::Day;
use chidao_domain::table::{Cell, Line};

use super::{Reading, TableFault};
use crate::config::Limit;

pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) -> Result<(), TableFault> {
    measure(bytes, reading)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|no| reading.broken(no))?;
    let Some(sheet) = workbook.sheet_names().first().cloned() else { return Ok(()) };
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(|no| reading.broken(no))?;
    let (first, last) = (cells.dimensions().start.0, cells.dimensions().end.0);
    // What the worksheet says of itself; only how far it is depends on it.
    reading.progress.expect(usize::try_from(last.saturating_sub(first)).unwrap_or_default());
    let mut line = Line::default();
    while let Some(cell) = cells.next_cell().map_err(|no| reading.broken(no))? {
        let (row, column) = cell.get_position();
        if line.number != row + 1 {
            reading.take(&line)?;
            line = Line::new(row + 1);
        }
        line.put(usize::try_from(column).unwrap_or(usize::MAX), cell_of(cell.get_value()));
    }
    reading.take(&line)
}

/// First what the directory of the archive promises, then, since it may lie, what is really unpacked.
fn measure(bytes: &[u8], reading: &Reading<'_>) -> Result<(), TableFault> {
    let limit = u64::try_from(reading.limits.table_bytes).unwrap_or(u64::MAX);
    let too_large = || reading.too_large(reading.limits.excess(Limit::TableBytes, None));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|no| reading.broken(no))?;
    if archive.decompressed_size().is_some_and(|size| size > u128::from(limit)) {
        return Err(too_large());
    }
    let mut left = limit;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|no| reading.broken(no))?;
        let unpacked = std::io::copy(&mut entry.take(left.saturating_add(1)), &mut std::io::sink()).map_err(|no| reading.broken(no))?;
        left = left.checked_sub(unpacked).ok_or_else(too_large)?;
    }
    Ok(())
}

fn cell_of(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Blank,
        DataRef::String(text) => Cell::text(text),
        DataRef::SharedString(text) => Cell::text(*text),
        DataRef::Int(number) => Cell::text(number.to_string()),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::Bool(yes) => Cell::text(if *yes { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(instant) => {
            let (year, month, day, ..) = instant.to_ymd_hms_milli();
            let day = Day::from_ymd_opt(year.into(), month.into(), day.into());
            day.map_or_else(|| Cell::Number(instant.as_f64()), Cell::Day)
        }
        DataRef::DateTimeIso(text) => text.get(..10).and_then(|day| day.parse().ok()).map_or_else(|| Cell::text(text), Cell::Day),
        DataRef::DurationIso(text) => Cell::text(text),
        DataRef::Error(fault) => Cell::Fault(fault.to_string()),
    }
}
