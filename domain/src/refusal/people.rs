//! Reasons that lie in persons and their appointments.

use super::{Code, Explain, Locale};
use crate::day::Day;

/// Why an appointment is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleRefusal {
    /// The person holds that position in that unit already on some of the days.
    HoldsPosition {
        /// The name of the person.
        person: String,
        /// The code of the unit.
        unit: String,
        /// The first day of the appointment that is there.
        from: Day,
        /// Its end: the first day on which it no longer holds.
        to: Option<Day>,
    },
}

impl Explain for PeopleRefusal {
    fn code(&self) -> Code {
        match self {
            Self::HoldsPosition { .. } => Code::AlreadyExists,
        }
    }

    fn rule(&self) -> &'static str {
        match self {
            Self::HoldsPosition { .. } => "O10",
        }
    }

    fn words(&self, locale: Locale) -> String {
        match self {
            Self::HoldsPosition { person, unit, from, to } => match (locale, to) {
                (Locale::Vi, None) => {
                    format!("`{person}` đang giữ chức vụ này ở `{unit}` từ ngày `{from}`: hãy kết thúc lần bổ nhiệm đó trước")
                }
                (Locale::Vi, Some(to)) => {
                    format!("`{person}` giữ chức vụ này ở `{unit}` từ ngày `{from}` đến trước ngày `{to}`: hãy chọn những ngày khác")
                }
                (Locale::En, None) => format!("`{person}` holds this position in `{unit}` since `{from}`: end that appointment first"),
                (Locale::En, Some(to)) => {
                    format!("`{person}` holds this position in `{unit}` from `{from}` until before `{to}`: choose other days")
                }
            },
        }
    }
}
