//! The text codes of enums in columns. A variant without a code does not compile, and two enums never share a table by accident.

use crate::store::error::Fault;

/// An enum that is stored as a text.
pub trait Coded: Copy + Sized + 'static {
    /// What the enum is called when a row holds something else.
    const WHAT: &'static str;

    /// Every variant.
    fn all() -> &'static [Self];

    /// The text in the column.
    fn code(self) -> &'static str;

    /// The variant behind a column's text.
    ///
    /// # Errors
    /// [`Fault::Corrupt`] where no variant has that code.
    fn decode(code: &str) -> Result<Self, Fault> {
        let found = Self::all().iter().copied().find(|variant| variant.code() == code);
        found.ok_or_else(|| Fault::Corrupt { table: "a column", wanted: Self::WHAT, value: code.chars().take(40).collect() })
    }
}

/// Writes [`Coded`] out for an enum without data: one line a variant.
macro_rules! codes {
    ($what:literal, $type:ty { $($variant:ident => $code:literal),+ $(,)? }) => {
        impl $crate::store::code::Coded for $type {
            const WHAT: &'static str = $what;

            fn all() -> &'static [Self] {
                &[$(Self::$variant),+]
            }

            fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code),+
                }
            }
        }
    };
}

pub(crate) use codes;
