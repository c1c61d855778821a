//! stub

use super::{Code, Explain, Locale};

/// stub
#[derive(Clone, Debug, PartialEq)]
pub enum TreeRefusal {}

impl Explain for TreeRefusal {
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
