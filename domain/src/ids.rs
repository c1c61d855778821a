//! Identifiers as distinct types, so that a unit can never be taken for a directive.

use std::fmt;

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A node of the tree (O2); survives renaming and moving.
    UnitId,
    /// One dated batch of changes to the tree (O5).
    ReorganizationId,
    /// A natural person, known only as an officer or a user.
    PersonId,
    /// One person in one position of one unit over a range of days.
    AppointmentId,
    /// A user or a service that may call (A1).
    PrincipalId,
    /// One role over one unit or over the whole forest (A1).
    GrantId,
    /// One log-in and the refresh tokens that follow from it.
    SessionId,
    /// A document that one unit issues.
    DirectiveId,
    /// One thing that a directive asks for.
    RequirementId,
    /// One requirement as it binds one unit in one period.
    ObligationId,
    /// What a unit says about one or more of its obligations.
    ReportId,
    /// A unit's remark on a draft (D5).
    CommentId,
    /// An entry of a register, made of its code.
    KindId,
    /// A figure that the reports on a requirement carry (C9).
    IndicatorId,
}

impl KindId {
    /// The id of the entry with that code: always the same (FNV-1a).
    pub fn of(code: &str) -> Self {
        let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
        for byte in code.bytes() {
            hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
        Self(Uuid::from_u128(hash))
    }
}
