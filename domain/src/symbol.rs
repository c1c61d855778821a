//! Số và ký hiệu: the number and signs of a document, in both notations (D3).
//!
//! Party bodies write `81-KH/ĐUK`, state bodies `130/KH-UBND`. A symbol is kept as it was written; two symbols are the same
//! when their numbers and their parts, in order, are the same, however they are joined: `81-KH/ĐUK` and `81/KH-ĐUK` are one symbol.

use std::fmt;

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::refusal::InputRefusal;
use crate::text;

#[cfg(test)]
mod tests;

/// The most characters of a symbol.
pub const SYMBOL_LIMIT: usize = 64;

/// What separates the parts: hyphens, dashes and the minus sign, slashes.
const SEPARATORS: [char; 15] = [
    '-', '/', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}', '\u{FE58}', '\u{FE63}', '\u{FF0D}',
    '\u{2044}', '\u{2215}', '\u{FF0F}',
];

/// The number and signs of a document, read and kept as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    written: String,
    number: u32,
    suffix: Option<String>,
    parts: Vec<String>,
}

impl Symbol {
    /// Reads a symbol in either notation: a number, perhaps with a letter or `bis` (`81a`), then parts after dashes or slashes.
    ///
    /// # Errors
    /// [`InputRefusal::NotASymbol`] where it cannot be read so; else as [`text::line()`].
    pub fn parse(given: &str) -> Result<Self, InputRefusal> {
        let written = text::line(given, SYMBOL_LIMIT)?;
        let Some((number, suffix, parts)) = read(&written) else { return Err(InputRefusal::NotASymbol { given: written }) };
        Ok(Self { written, number, suffix, parts })
    }

    /// As it was written, in NFC and trimmed.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The number, without leading zeros: 81 of `081-KH/ĐUK`.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// What follows the number directly, in lower case: `a` of `81a-KH/ĐUK`.
    pub fn suffix(&self) -> Option<&str> {
        self.suffix.as_deref()
    }

    /// What follows, in lower case: `kh` and `đuk` of `81-KH/ĐUK`.
    pub fn parts(&self) -> &[String] {
        &self.parts
    }

    /// Equal for two symbols exactly when they are the same number and signs: ignores spaces, dash style, the notation,
    /// leading zeros, letter case and Unicode form (D3).
    pub fn comparison_key(&self) -> String {
        format!("{}{}/{}", self.number, self.suffix().unwrap_or_default(), self.parts.join("/"))
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// The [`Symbol::comparison_key`] of a text.
///
/// # Errors
/// As [`Symbol::parse`].
pub fn comparison_key(given: &str) -> Result<String, InputRefusal> {
    Symbol::parse(given).map(|symbol| symbol.comparison_key())
}

fn read(written: &str) -> Option<(u32, Option<String>, Vec<String>)> {
    let plain = plain(written);
    let mut parts = plain.split(SEPARATORS);
    let head = parts.next()?;
    let digits = head.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(head.len());
    let (number, suffix) = head.split_at(digits);
    let number = number.parse().ok()?;
    let parts: Vec<String> = parts.map(str::to_owned).collect();
    let names_a_kind = parts.iter().any(|part| part.contains(char::is_alphabetic));
    (is_suffix(suffix) && names_a_kind && parts.iter().all(|part| is_part(part))).then(|| {
        let suffix = Some(suffix.to_owned()).filter(|suffix| !suffix.is_empty());
        (number, suffix, parts)
    })
}

/// Without spaces, in lower case and one Unicode form; the Icelandic letter that stands for `đ` in converted texts becomes it.
fn plain(written: &str) -> String {
    let composer = ComposingNormalizerBorrowed::new_nfkc();
    let lower: String = composer.normalize(written).chars().filter(|seen| !seen.is_whitespace()).flat_map(char::to_lowercase).collect();
    composer.normalize(&lower).replace(['ð', 'ɖ'], "đ")
}

/// Nothing, one letter, or `bis` for a number that was given twice.
fn is_suffix(suffix: &str) -> bool {
    let mut letters = suffix.chars();
    match (letters.next(), letters.next()) {
        (None, _) => true,
        (Some(letter), None) => letter.is_alphabetic(),
        _ => suffix == "bis",
    }
}

fn is_part(part: &str) -> bool {
    part.contains(char::is_alphanumeric) && part.chars().all(|seen| seen.is_alphanumeric() || matches!(seen, '.' | '&' | '+' | '(' | ')'))
}
