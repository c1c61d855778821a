//! stub, replaced by the scope branch
use crate::day::Day;
use crate::ids::{GrantId, UnitId};
/// stub
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// .
    Viewer,
    /// .
    Reporter,
    /// .
    Supervisor,
    /// .
    Drafter,
    /// .
    Admin,
}
/// stub
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// .
    pub id: GrantId,
    /// .
    pub role: Role,
    /// .
    pub unit: Option<UnitId>,
    /// .
    pub expires_on: Option<Day>,
}
/// stub
#[derive(Clone, Debug, Default)]
pub struct Grants(Vec<Grant>);
impl Grants {
    /// stub
    pub fn new(grants: Vec<Grant>) -> Self {
        Self(grants)
    }
    /// stub
    pub fn all(&self) -> &[Grant] {
        &self.0
    }
}
/// stub
#[derive(Clone, Copy, Debug)]
pub enum Action {
    /// stub
    Reorganize {
        /// stub
        over: Option<UnitId>,
    },
}
impl Grants {
    /// stub
    /// # Errors
    /// stub
    pub fn check(&self, _forest: &crate::forest::Forest, _action: Action) -> Result<(), crate::refusal::Refusal> {
        Ok(())
    }
}
