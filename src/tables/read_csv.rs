//! CSV as spreadsheets write it: with or without a byte order mark, with commas, semicolons or tabs.

use chidao_domain::table::{Cell, Line};

use super::{Reading, TableFault};

/// How UTF-8 may begin.
const MARK: &[u8] = b"\xEF\xBB\xBF";

pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) -> Result<(), TableFault> {
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|no| {
        let line = bytes.iter().take(no.valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
        TableFault::Encoding { path: reading.path.to_owned(), line }
    })?;
    let (told, text, before) = separator_line(text);
    let separator = told.unwrap_or_else(|| separator_of(text));
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut counter = LineCounter { text: text.as_bytes(), at: 0, line: before + 1 };
    // Every row has a line; few have several.
    reading.progress.expect(text.bytes().filter(|byte| *byte == b'\n').count());
    while rows.read_record(&mut record).map_err(|no| reading.broken(no))? {
        let line = counter.line_at(record.position().map_or(0, csv::Position::byte));
        reading.take(&Line::of(u32::try_from(line).unwrap_or(u32::MAX), record.iter().map(Cell::text)))?;
    }
    Ok(())
}

/// A first line `sep=;` tells spreadsheets the separator and is none of the table's.
fn separator_line(text: &str) -> (Option<u8>, &str, u64) {
    let Some(rest) = text.strip_prefix("sep=") else { return (None, text, 0) };
    let (told, after) = rest.split_once('\n').unwrap_or((rest, ""));
    match told.trim_end_matches('\r').as_bytes() {
        [separator] => (Some(*separator), after, 1),
        _ => (None, text, 0),
    }
}

/// What stands most often between the headings.
fn separator_of(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut quoted = false;
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    for byte in first.bytes() {
        quoted ^= byte == b'"';
        for (separator, count) in &mut counts {
            *count += usize::from(!quoted && byte == *separator);
        }
    }
    // Of several that are as frequent the first.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator)
}

/// Counts lines as an editor does: the library takes the second half of an end `\r\n`, and lines that are empty, for the next record's.
struct LineCounter<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl LineCounter<'_> {
    fn line_at(&mut self, byte: u64) -> u64 {
        let start = usize::try_from(byte).unwrap_or(usize::MAX).min(self.text.len());
        let ends = self.text[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let lines = self.text[self.at..start + ends].iter().filter(|byte| **byte == b'\n').count();
        (self.at, self.line) = (start + ends, self.line + u64::try_from(lines).unwrap_or(u64::MAX));
        self.line
    }
}
