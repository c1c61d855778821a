//! Texts: the normal form they are stored in, how they are folded for search, and how they sort (O7).

use std::sync::{Arc, LazyLock};

use icu_collator::CollatorBorrowed;
use icu_collator::options::CollatorOptions;
use icu_locale_core::locale;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use crate::refusal::InputRefusal;

#[cfg(test)]
mod tests;

/// Orders names as a Vietnamese dictionary does; compares byte by byte.
pub type SortKey = Arc<[u8]>;

/// The most characters of a name.
pub const NAME_LIMIT: usize = 255;
/// The most characters of a short name.
pub const SHORT_NAME_LIMIT: usize = 64;
/// The most characters of a unit's code.
pub const CODE_LIMIT: usize = 64;

/// What no text may hold: marks and overrides of direction, the byte order mark, private use.
const FORBIDDEN: [(char, char); 8] = [
    ('\u{061C}', '\u{061C}'),
    ('\u{200E}', '\u{200F}'),
    ('\u{202A}', '\u{202E}'),
    ('\u{2066}', '\u{2069}'),
    ('\u{FEFF}', '\u{FEFF}'),
    ('\u{E000}', '\u{F8FF}'),
    ('\u{F0000}', '\u{FFFFD}'),
    ('\u{100000}', '\u{10FFFD}'),
];

/// What no line may hold besides: it is not seen, so two names or codes would look the same. Prose may, since it is pasted.
const INVISIBLE: [(char, char); 3] = [('\u{00AD}', '\u{00AD}'), ('\u{200B}', '\u{200D}'), ('\u{2060}', '\u{2064}')];

/// Combining marks, in all blocks that are made of them.
const MARKS: [(char, char); 5] =
    [('\u{0300}', '\u{036F}'), ('\u{1AB0}', '\u{1AFF}'), ('\u{1DC0}', '\u{1DFF}'), ('\u{20D0}', '\u{20FF}'), ('\u{FE20}', '\u{FE2F}')];

/// Vietnamese, with numbers compared as numbers. `None` would mean that the compiled-in data lacks Vietnamese.
static COLLATOR: LazyLock<Option<CollatorBorrowed<'static>>> =
    LazyLock::new(|| CollatorBorrowed::try_new(locale!("vi-u-kn").into(), CollatorOptions::default()).ok());

/// The key by which `text` sorts: Vietnamese collation, and `Chi bộ 2` before `Chi bộ 10` (O7).
///
/// Keys are comparable only among those that one version of this program made: never store them.
pub fn sort_key(text: &str) -> SortKey {
    let Some(collator) = &*COLLATOR else { return fold(text).into_bytes().into() };
    let mut key = Vec::with_capacity(text.len() * 2);
    let Ok(()) = collator.write_sort_key_to(text, &mut key);
    key.into()
}

/// What search compares: without case, diacritics and the place of the tone mark, `đ` as `d`, white space collapsed (O7).
pub fn fold(text: &str) -> String {
    let plain = DecomposingNormalizerBorrowed::new_nfkd()
        .normalize_iter(text.chars())
        .flat_map(char::to_lowercase)
        .filter(|&seen| seen != '\0' && !within(&MARKS, seen) && !within(&INVISIBLE, seen))
        .map(plain_d);
    collapse(plain)
}

/// The name of a unit, a person or a thing: one line of 1 to [`NAME_LIMIT`] characters (O7).
///
/// # Errors
/// As [`line()`].
pub fn name(text: &str) -> Result<String, InputRefusal> {
    line(text, NAME_LIMIT)
}

/// A short name: one line of 1 to [`SHORT_NAME_LIMIT`] characters.
///
/// # Errors
/// As [`line()`].
pub fn short_name(text: &str) -> Result<String, InputRefusal> {
    line(text, SHORT_NAME_LIMIT)
}

/// A code that people type (O2): 1 to [`CODE_LIMIT`] characters without white space.
///
/// # Errors
/// As [`line()`]; white space inside is a forbidden character.
pub fn code(text: &str) -> Result<String, InputRefusal> {
    forbid(text, char::is_whitespace)?;
    line(text, CODE_LIMIT)
}

/// One line in its normal form: NFC, trimmed, white space inside collapsed to one space.
///
/// # Errors
/// [`InputRefusal::ForbiddenCharacter`] for controls (a line break inside too), marks of direction, private use and what is not seen;
/// [`InputRefusal::Empty`]; [`InputRefusal::TooLong`] beyond `limit` characters.
pub fn line(text: &str, limit: usize) -> Result<String, InputRefusal> {
    forbid(text, |seen| seen.is_control() || within(&FORBIDDEN, seen) || within(&INVISIBLE, seen))?;
    within_limit(collapse(nfc(text).chars()), limit)
}

/// A text of several lines in its normal form: NFC, trimmed, `\n` as the only line break.
///
/// # Errors
/// [`InputRefusal::ForbiddenCharacter`] for controls, marks of direction and private use; [`InputRefusal::Empty`];
/// [`InputRefusal::TooLong`] beyond `limit` characters.
pub fn prose(text: &str, limit: usize) -> Result<String, InputRefusal> {
    let text = text.replace("\r\n", "\n");
    forbid(&text, |seen| (seen.is_control() && seen != '\n') || within(&FORBIDDEN, seen))?;
    within_limit(nfc(text.trim()), limit)
}

/// A text that is only compared with others and never kept, such as a code in a filter: NFC, trimmed.
///
/// # Errors
/// [`InputRefusal::ForbiddenCharacter`] for controls, which no text that is kept holds (F2).
pub fn sought(text: &str) -> Result<String, InputRefusal> {
    forbid(text, char::is_control)?;
    Ok(nfc(text.trim()))
}

/// The words of a search (O7), of which something is left when case and diacritics are folded.
///
/// # Errors
/// As [`sought`], but for line breaks and tabs; [`InputRefusal::Empty`] for blanks and what is not seen: it would find everything.
pub fn search(text: &str) -> Result<String, InputRefusal> {
    forbid(text, |seen| seen.is_control() && !seen.is_whitespace())?;
    if fold(text).is_empty() { Err(InputRefusal::Empty) } else { Ok(nfc(text.trim())) }
}

fn nfc(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned()
}

fn within(ranges: &[(char, char)], seen: char) -> bool {
    ranges.iter().any(|&(first, last)| (first..=last).contains(&seen))
}

/// `đ`, and the two letters of other alphabets that look like it and stand for it in texts converted from old fonts.
fn plain_d(letter: char) -> char {
    if matches!(letter, 'đ' | 'ð' | 'ɖ') { 'd' } else { letter }
}

fn collapse(characters: impl Iterator<Item = char>) -> String {
    let mut line = String::new();
    let mut gap = false;
    for character in characters {
        if character.is_whitespace() {
            gap = !line.is_empty();
        } else {
            if std::mem::take(&mut gap) {
                line.push(' ');
            }
            line.push(character);
        }
    }
    line
}

/// Looks between the first and the last character that is not white space; tells the place in the whole text.
fn forbid(text: &str, forbidden: impl Fn(char) -> bool) -> Result<(), InputRefusal> {
    let lead = text.chars().take_while(|seen| seen.is_whitespace()).count();
    match text.trim().chars().zip(lead..).find(|&(seen, _)| forbidden(seen)) {
        None => Ok(()),
        Some((seen, position)) => Err(InputRefusal::ForbiddenCharacter { character: format!("U+{:04X}", u32::from(seen)), position }),
    }
}

fn within_limit(text: String, limit: usize) -> Result<String, InputRefusal> {
    match text.chars().count() {
        0 => Err(InputRefusal::Empty),
        length if length > limit => Err(InputRefusal::TooLong { limit, length }),
        _ => Ok(text),
    }
}
