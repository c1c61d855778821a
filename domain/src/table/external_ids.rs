//! External ids in one cell: `scheme:value; scheme:value`, where a backslash takes `;`, `:` or itself as a letter.

use super::plain;
use crate::refusal::{Refusal, TableRefusal};
use crate::reorganization::ExternalId;

/// Writes them so that [`read`] gives them back.
pub(super) fn write(ids: &[ExternalId]) -> String {
    let each: Vec<String> = ids.iter().map(|id| format!("{}:{}", escaped(&id.scheme), escaped(&id.value))).collect();
    each.join("; ")
}

fn escaped(text: &str) -> String {
    text.chars().flat_map(|letter| matches!(letter, '\\' | ':' | ';').then_some('\\').into_iter().chain([letter])).collect()
}

/// Reads them, in their normal form and sorted. A second colon belongs to the value, as it is often typed.
///
/// # Errors
/// [`TableRefusal::MalformedExternalId`], or why a scheme or a value cannot be.
pub(super) fn read(text: &str) -> Result<Vec<ExternalId>, Refusal> {
    let mut ids = Vec::new();
    for item in items(text) {
        let malformed = || Refusal::from(TableRefusal::MalformedExternalId { given: plain(item.shown.trim()) });
        if item.shown.trim().is_empty() {
            continue;
        }
        let value = item.value.as_deref().ok_or_else(malformed)?;
        ids.push(ExternalId { scheme: item.scheme.as_str().into(), value: value.into() }.normalized()?);
    }
    ids.sort();
    ids.dedup();
    Ok(ids)
}

#[derive(Default)]
struct Item {
    scheme: String,
    value: Option<String>,
    shown: String,
}

fn items(text: &str) -> Vec<Item> {
    let mut items = vec![Item::default()];
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let plain = match letter {
            '\\' => letters.next(),
            _ => None,
        };
        if letter == ';' {
            items.push(Item::default());
            continue;
        }
        let Some(item) = items.last_mut() else { continue };
        item.shown.push(letter);
        item.shown.extend(plain);
        match (&mut item.value, plain) {
            (Some(value), plain) => value.push(plain.unwrap_or(letter)),
            (None, Some(plain)) => item.scheme.push(plain),
            (None, None) if letter == ':' => item.value = Some(String::new()),
            (None, None) => item.scheme.push(letter),
        }
    }
    items
}
