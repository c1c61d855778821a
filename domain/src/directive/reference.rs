//! How a caller points at a directive (D3, O9).

use std::fmt;

use super::IssuingBody;
use crate::ids::DirectiveId;
use crate::reorganization::{ExternalId, UnitRef};

/// How a caller points at a directive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DirectiveRef {
    /// By its id.
    Id(DirectiveId),
    /// By its number and signs, in either notation (D3).
    Symbol(SymbolRef),
    /// By another system's name for it (O9).
    External(ExternalId),
}

/// A symbol and as much beside it as it takes to be the only one: numbers start again with each issuing body, kind and term (D3).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SymbolRef {
    /// The unit that issued it.
    pub issuer: UnitRef,
    /// In either notation.
    pub symbol: String,
    /// The code of the kind; `None`: any.
    pub kind: Option<String>,
    /// The term; `None`: any.
    pub term: Option<String>,
    /// The body of the issuer; `None`: any.
    pub issuing_body: Option<IssuingBody>,
}

impl fmt::Display for DirectiveRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Symbol(of) => f.write_str(&of.symbol),
            Self::External(id) => write!(f, "{} {}", id.scheme, id.value),
        }
    }
}
