//! Writing: what `export` puts down, `import` reads as it is.

use std::io::Write;
use std::path::Path;

use chidao_domain::refusal::Locale;
use chidao_domain::table::{Cell, EXPORTED};
use rust_xlsxwriter::{Format as Look, Workbook};

use super::{Progress, TableFault};

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma separated, UTF-8 with a byte order mark, by which spreadsheets know it.
    Csv,
    /// A workbook.
    Xlsx,
}

impl Format {
    /// By the ending of the file's name.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }
}

/// Writes headings and lines.
///
/// # Errors
/// [`TableFault::Unwritten`].
pub fn write(
    out: impl Write,
    format: Format,
    locale: Locale,
    lines: impl Iterator<Item = [Cell; 7]>,
    progress: &Progress,
) -> Result<(), TableFault> {
    let headings = EXPORTED.map(|column| Cell::text(column.name(locale)));
    let counted = (0..).zip(std::iter::once(headings).chain(lines)).map(|(number, line)| {
        progress.count(number);
        line
    });
    match format {
        Format::Csv => write_csv(out, counted).map_err(|no| TableFault::Unwritten(no.to_string())),
        Format::Xlsx => write_workbook(out, counted).map_err(|no| TableFault::Unwritten(no.to_string())),
    }
}

fn write_csv(mut out: impl Write, lines: impl Iterator<Item = [Cell; 7]>) -> Result<(), csv::Error> {
    out.write_all("\u{FEFF}".as_bytes())?;
    let mut rows = csv::Writer::from_writer(out);
    for line in lines {
        rows.write_record(line.iter().map(Cell::shown))?;
    }
    Ok(rows.flush()?)
}

fn write_workbook(mut out: impl Write, lines: impl Iterator<Item = [Cell; 7]>) -> Result<(), rust_xlsxwriter::XlsxError> {
    let mut workbook = Workbook::new();
    // Row by row into a file beside it, so that memory does not grow with the tree.
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, width) in (0..).zip([16, 24, 60, 24, 16, 12, 30]) {
        sheet.set_column_width(column, width)?;
    }
    // Codes that look like numbers or dates stay texts, also when somebody types over them.
    let text = Look::new().set_num_format("@");
    for (row, line) in (0..).zip(lines) {
        for (column, cell) in (0..).zip(&line) {
            match cell {
                Cell::Blank => {}
                Cell::Number(number) => {
                    sheet.write_number(row, column, *number)?;
                }
                other => {
                    sheet.write_string_with_format(row, column, other.shown(), &text)?;
                }
            }
        }
    }
    // The archive needs to seek, which a pipe cannot.
    let bytes = workbook.save_to_buffer()?;
    out.write_all(&bytes)?;
    Ok(out.flush()?)
}
