//! A made-up country: provinces of eight blocs of 52 committees of eleven cells, 5,001 units each, below one centre.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use crate::Failed;

/// Blocs of a province.
pub(crate) const BLOCS: u32 = 8;
/// Committees of a bloc.
pub(crate) const COMMITTEES: u32 = 52;
/// Cells of a committee.
pub(crate) const CELLS: u32 = 11;

/// Units of a tree; one province stands alone.
pub(crate) fn units(provinces: u32) -> u32 {
    let centre = u32::from(provinces > 1);
    centre + provinces * (1 + BLOCS * (1 + COMMITTEES * (1 + CELLS)))
}

/// The code of a province.
pub(crate) fn province(number: u32) -> String {
    format!("T{number:02}")
}

/// The code of a bloc.
pub(crate) fn bloc(province: u32, number: u32) -> String {
    format!("T{province:02}-{number}")
}

/// The code of a committee.
pub(crate) fn committee(province: u32, bloc: u32, number: u32) -> String {
    format!("T{province:02}-{bloc}-{number:02}")
}

/// The code of a cell.
pub(crate) fn cell(committee: &str, number: u32) -> String {
    format!("{committee}-{number:02}")
}

/// Writes the tree as a table, from the top down.
///
/// # Errors
/// A text where the file cannot be written.
pub(crate) fn write(file: &Path, provinces: u32) -> Result<(), Failed> {
    let mut out = BufWriter::new(std::fs::File::create(file)?);
    writeln!(out, "code,kind,name,parent code,member count")?;
    let centre = if provinces > 1 { "TW" } else { "" };
    if provinces > 1 {
        writeln!(out, "{centre},CENTRAL,Trung ương,,")?;
    }
    for p in 1..=provinces {
        let province = province(p);
        writeln!(out, "{province},PROVINCIAL,Đảng bộ tỉnh {p},{centre},")?;
        for b in 1..=BLOCS {
            let bloc = bloc(p, b);
            writeln!(out, "{bloc},BLOC,Đảng bộ khối {b} tỉnh {p},{province},")?;
            for c in 1..=COMMITTEES {
                let committee = committee(p, b, c);
                writeln!(out, "{committee},GRASSROOTS_COMMITTEE,Đảng bộ cơ sở {c} khối {b} tỉnh {p},{bloc},")?;
                for cell in 1..=CELLS {
                    let (code, members) = (self::cell(&committee, cell), 3 + cell * 7 % 40);
                    writeln!(out, "{code},CELL,Chi bộ {cell} Đảng bộ cơ sở {c} khối {b},{committee},{members}")?;
                }
            }
        }
    }
    Ok(out.flush()?)
}
