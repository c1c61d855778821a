//! Files of units: CSV and workbooks, read line by line within limits, and written so that they import as they are (O11).

mod progress;
mod read_csv;
mod read_workbook;
mod write;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use chidao_domain::refusal::Locale;
use chidao_domain::table::{Table, TableReader};

use crate::config::{Excess, Limit, Limits};
pub use progress::Progress;
pub use write::{Format, write};

/// Why a file cannot be read or written as a table, whatever stands in it.
#[derive(Debug, thiserror::Error)]
pub enum TableFault {
    /// There is no such file, or no right to it.
    #[error("`{}`: {why}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// In the words of the system.
        why: std::io::Error,
    },
    /// A folder.
    #[error("`{}` is a folder: name a file", .0.display())]
    Folder(PathBuf),
    /// Neither CSV nor a workbook, by its name.
    #[error("`{}` is neither `.csv` nor `.xlsx`: save it as one of these", .0.display())]
    Format(PathBuf),
    /// Larger than a limit allows.
    #[error("`{}`: {excess}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Which limit.
        excess: Excess,
    },
    /// Not in UTF-8.
    #[error("`{}`: line {line} is not UTF-8: save it as \"CSV UTF-8\", or as a workbook", path.display())]
    Encoding {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
    },
    /// Not what its name says.
    #[error("`{}` does not read: {why}", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// In the words of the library.
        why: String,
    },
    /// It could not be written.
    #[error("it could not be written: {0}")]
    Unwritten(String),
}

impl TableFault {
    /// In a language.
    pub fn words(&self, locale: Locale) -> String {
        let vi = match self {
            Self::Unreadable { path, why } => format!("không đọc được `{}`: {why}", path.display()),
            Self::Folder(path) => format!("`{}` là thư mục: hãy nêu tên tệp", path.display()),
            Self::Format(path) => format!("`{}` không phải `.csv` hay `.xlsx`: hãy lưu dưới một trong hai dạng đó", path.display()),
            Self::TooLarge { path, excess } => format!("`{}`: {}", path.display(), excess.words(Locale::Vi)),
            Self::Encoding { path, line } => {
                format!("`{}`: dòng {line} không phải UTF-8: hãy lưu là \"CSV UTF-8\", hoặc là bảng tính", path.display())
            }
            Self::Broken { path, why } => format!("không đọc được nội dung `{}`: {why}", path.display()),
            Self::Unwritten(why) => format!("không ghi được: {why}"),
        };
        locale.pick(vi, self.to_string())
    }
}

/// Reads a file of units.
///
/// # Errors
/// [`TableFault`]; what is wrong in a row stands in [`Table::bad`].
pub fn read(path: &Path, limits: &Limits, progress: &Progress) -> Result<Table, TableFault> {
    let most = u64::try_from(limits.table_bytes).unwrap_or(u64::MAX);
    let format = Format::of(path).ok_or_else(|| TableFault::Format(path.to_owned()));
    let unreadable = |why| TableFault::Unreadable { path: path.to_owned(), why };
    let about = std::fs::metadata(path).map_err(unreadable)?;
    if about.is_dir() {
        return Err(TableFault::Folder(path.to_owned()));
    }
    let format = format?;
    let too_large = || TableFault::TooLarge { path: path.to_owned(), excess: limits.excess(Limit::TableBytes, None) };
    if about.len() > most {
        return Err(too_large());
    }
    let file = File::open(path).map_err(unreadable)?;
    // It may grow while it is read, or be a pipe without a length.
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > limits.table_bytes {
        return Err(too_large());
    }
    let mut reading = Reading { path, limits, reader: TableReader::default(), progress };
    match format {
        Format::Csv => read_csv::read(&bytes, &mut reading)?,
        // An empty file is no workbook, and an empty table to whoever made it.
        Format::Xlsx if bytes.is_empty() => {}
        Format::Xlsx => read_workbook::read(&bytes, &mut reading)?,
    }
    Ok(reading.reader.finish())
}

/// A file while it is read.
struct Reading<'a> {
    path: &'a Path,
    limits: &'a Limits,
    reader: TableReader,
    progress: &'a Progress,
}

impl Reading<'_> {
    fn take(&mut self, line: &chidao_domain::table::Line) -> Result<(), TableFault> {
        self.reader.take(line);
        self.limits.check(Limit::TableRows, self.reader.count()).map_err(|excess| self.too_large(excess))?;
        self.progress.count(self.reader.count());
        Ok(())
    }

    fn too_large(&self, excess: Excess) -> TableFault {
        TableFault::TooLarge { path: self.path.to_owned(), excess }
    }

    fn broken(&self, why: impl std::fmt::Display) -> TableFault {
        TableFault::Broken { path: self.path.to_owned(), why: why.to_string() }
    }
}

#[cfg(test)]
mod tests;
