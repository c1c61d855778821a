//! How a caller points at an obligation.

use std::fmt;

use crate::ids::{ObligationId, RequirementId};
use crate::reorganization::UnitRef;

/// How a caller points at an obligation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObligationRef {
    /// By its id.
    Id(ObligationId),
    /// By what it is of; there is one for each requirement, unit and period (B3).
    Of {
        /// The requirement.
        requirement: RequirementId,
        /// The unit that it binds.
        unit: UnitRef,
        /// The period; may be left out where the requirement does not recur (B7).
        period: Option<String>,
    },
}

impl fmt::Display for ObligationRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Of { requirement, unit, period: None } => write!(f, "{requirement} {unit}"),
            Self::Of { requirement, unit, period: Some(period) } => write!(f, "{requirement} {unit} {period}"),
        }
    }
}
