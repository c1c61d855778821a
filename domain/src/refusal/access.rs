//! Reasons that lie in rights (section 8). A thing that the caller may not know of is `InputRefusal::NotFound` instead (A5).

use super::{Code, Explain, Locale};
use crate::access::Role;

/// Why a principal may not do something to what it may know of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessRefusal {
    /// It holds none of the roles over the unit (A2).
    RoleNeeded {
        /// Any of these would do.
        roles: Vec<Role>,
        /// The code of the unit over which; a grant on a unit above covers it (A1).
        unit: String,
    },
    /// Only an operator may: `ADMIN` over the whole forest (A2).
    OperatorNeeded,
    /// It holds the role over no unit at all.
    RoleNeededSomewhere {
        /// The role.
        role: Role,
    },
    /// Nobody may: there is no unit above that could decide (L2).
    NobodyAbove {
        /// The code of the unit.
        unit: String,
    },
    /// The right is there, but not on behalf of the unit that was named (L8).
    NotOnBehalf {
        /// The code of the unit that was named.
        unit: String,
    },
    /// It may not give or take that grant over that unit (A4).
    GrantBeyondOwn {
        /// The role of the grant.
        role: Role,
        /// The code of its unit.
        unit: String,
    },
    /// Roles other than `ADMIN` and `VIEWER` need a unit (A2).
    RoleNeedsUnit {
        /// The role.
        role: Role,
    },
    /// There would be no operator left (A4).
    LastOperator,
}

impl AccessRefusal {
    fn vi(&self) -> String {
        match self {
            Self::RoleNeeded { roles, unit } => {
                format!(
                    "cần quyền {} đối với `{unit}`: hãy xin người quản trị của `{unit}` hoặc của cấp trên cấp cho",
                    either(roles, "hoặc")
                )
            }
            Self::OperatorNeeded => "chỉ người vận hành (`ADMIN` toàn hệ thống) làm được: hãy nhờ người vận hành".into(),
            Self::RoleNeededSomewhere { role } => {
                format!("cần quyền `{}` đối với ít nhất một đơn vị: hãy xin người quản trị cấp cho", role_word(*role))
            }
            Self::NobodyAbove { unit } => format!("không có đơn vị nào trên `{unit}` để quyết định việc này: hãy đọc lại `viewerCan`"),
            Self::NotOnBehalf { unit } => {
                format!(
                    "không được làm việc này thay mặt `{unit}`: hãy bỏ `onBehalfOf`, hoặc nêu một đơn vị có thẩm quyền mà mình có quyền"
                )
            }
            Self::GrantBeyondOwn { role, unit } => {
                format!(
                    "không được cấp hay thu hồi quyền `{}` đối với `{unit}`: việc này cần quyền `ADMIN` đối với `{unit}`",
                    role_word(*role)
                )
            }
            Self::RoleNeedsUnit { role } => {
                format!(
                    "quyền `{}` phải gắn với một đơn vị: hãy nêu `unit`; chỉ `ADMIN` và `VIEWER` có thể cấp toàn hệ thống",
                    role_word(*role)
                )
            }
            Self::LastOperator => {
                "đây là người vận hành cuối cùng: hãy cấp `ADMIN` toàn hệ thống, không thời hạn, cho người khác trước".into()
            }
        }
    }

    fn en(&self) -> String {
        match self {
            Self::RoleNeeded { roles, unit } => {
                format!("needs the role {} over `{unit}`: ask an administrator of `{unit}` or of a unit above it", either(roles, "or"))
            }
            Self::OperatorNeeded => "only an operator (`ADMIN` over the whole forest) may: ask one".into(),
            Self::RoleNeededSomewhere { role } => {
                format!("needs the role `{}` over at least one unit: ask an administrator", role_word(*role))
            }
            Self::NobodyAbove { unit } => format!("no unit stands above `{unit}` to decide on this: see `viewerCan`"),
            Self::NotOnBehalf { unit } => {
                format!(
                    "this cannot be done on behalf of `{unit}`: leave `onBehalfOf` out, or name a unit that may do it and that you may act for"
                )
            }
            Self::GrantBeyondOwn { role, unit } => {
                format!("you may not give or revoke `{}` over `{unit}`: it takes `ADMIN` over `{unit}`", role_word(*role))
            }
            Self::RoleNeedsUnit { role } => {
                format!(
                    "the role `{}` goes with a unit: give `unit`; only `ADMIN` and `VIEWER` may cover the whole forest",
                    role_word(*role)
                )
            }
            Self::LastOperator => {
                "this is the last operator: first give somebody else `ADMIN` over the whole forest, without an end".into()
            }
        }
    }
}

impl Explain for AccessRefusal {
    fn code(&self) -> Code {
        match self {
            Self::RoleNeedsUnit { .. } => Code::Invalid,
            Self::LastOperator
            | Self::RoleNeeded { .. }
            | Self::OperatorNeeded
            | Self::RoleNeededSomewhere { .. }
            | Self::NobodyAbove { .. }
            | Self::NotOnBehalf { .. }
            | Self::GrantBeyondOwn { .. } => Code::Forbidden,
        }
    }

    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::RoleNeeded { .. } | Self::OperatorNeeded | Self::RoleNeededSomewhere { .. } | Self::RoleNeedsUnit { .. } => "A2",
            Self::NobodyAbove { .. } => "L2",
            Self::NotOnBehalf { .. } => "L8",
            Self::GrantBeyondOwn { .. } | Self::LastOperator => "A4",
        })
    }

    fn words(&self, locale: Locale) -> String {
        match locale {
            Locale::Vi => self.vi(),
            Locale::En => self.en(),
        }
    }
}

/// A role as clients know it.
fn role_word(role: Role) -> &'static str {
    match role {
        Role::Viewer => "VIEWER",
        Role::Reporter => "REPORTER",
        Role::Supervisor => "SUPERVISOR",
        Role::Drafter => "DRAFTER",
        Role::Admin => "ADMIN",
    }
}

fn either(roles: &[Role], or: &str) -> String {
    roles.iter().map(|&role| format!("`{}`", role_word(role))).collect::<Vec<_>>().join(&format!(" {or} "))
}
