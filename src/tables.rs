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

pub use progress::Progress;
pub use write::{Format, write};

/// The most bytes of a file, and of what a workbook unpacks to: some 600,000 units.
pub const BYTES: u64 = 256 * 1024 * 1024;
/// The most rows, as many as a worksheet has.
pub const ROWS: usize = 1_048_576;

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
    /// More than [`BYTES`].
    #[error("`{}` holds more than {} MiB once it is unpacked: divide it", path.display(), BYTES / 1024 / 1024)]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// More than [`ROWS`].
    #[error("`{}` has more than {ROWS} rows: divide it", .0.display())]
    TooManyRows(PathBuf),
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
            Self::TooLarge { path } => {
                format!("`{}` lớn hơn {} MiB sau khi giải nén: hãy chia nhỏ tệp", path.display(), BYTES / 1024 / 1024)
            }
            Self::TooManyRows(path) => format!("`{}` có hơn {ROWS} dòng: hãy chia nhỏ tệp", path.display()),
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
pub fn read(path: &Path, progress: &Progress) -> Result<Table, TableFault> {
    let format = Format::of(path).ok_or_else(|| TableFault::Format(path.to_owned()));
    let unreadable = |why| TableFault::Unreadable { path: path.to_owned(), why };
    let about = std::fs::metadata(path).map_err(unreadable)?;
    if about.is_dir() {
        return Err(TableFault::Folder(path.to_owned()));
    }
    let format = format?;
    let too_large = || TableFault::TooLarge { path: path.to_owned() };
    if about.len() > BYTES {
        return Err(too_large());
    }
    let file = File::open(path).map_err(unreadable)?;
    // It may grow while it is read, or be a pipe without a length.
    let mut bytes = Vec::new();
    file.take(BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > BYTES {
        return Err(too_large());
    }
    let mut reading = Reading { path, reader: TableReader::default(), progress, most_rows: ROWS };
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
    reader: TableReader,
    progress: &'a Progress,
    most_rows: usize,
}

impl Reading<'_> {
    fn take(&mut self, line: &chidao_domain::table::Line) -> Result<(), TableFault> {
        self.reader.take(line);
        if self.reader.count() > self.most_rows {
            return Err(TableFault::TooManyRows(self.path.to_owned()));
        }
        self.progress.count(self.reader.count());
        Ok(())
    }

    fn broken(&self, why: impl std::fmt::Display) -> TableFault {
        TableFault::Broken { path: self.path.to_owned(), why: why.to_string() }
    }
}

#[cfg(test)]
mod tests;
