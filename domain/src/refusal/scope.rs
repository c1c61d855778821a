//! stub

use super::{Code, Explain, Locale};

/// stub
#[derive(Clone, Debug, PartialEq)]
pub enum ScopeRefusal {}

impl Explain for ScopeRefusal {
    fn code(&self) -> Code {
        match *self {}
    }

    fn rule(&self) -> Option<&'static str> {
        match *self {}
    }

    fn words(&self, _locale: Locale) -> String {
        match *self {}
    }
}
