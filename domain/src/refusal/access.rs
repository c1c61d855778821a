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
                    "cần quyền {} đối với `{unit}`: hãy đề nghị người quản trị của `{unit}` hoặc của cấp trên cấp quyền",
                    either(roles, Locale::Vi)
                )
            }
            Self::OperatorNeeded => {
                "chỉ người vận hành (`ADMIN` toàn hệ thống) được làm việc này: hãy đề nghị người vận hành thực hiện".into()
            }
            Self::RoleNeededSomewhere { role } => {
                format!("cần quyền {} đối với ít nhất một đơn vị: hãy đề nghị người quản trị cấp quyền", role_words(*role, Locale::Vi))
            }
            Self::NobodyAbove { unit } => {
                format!(
                    "không có đơn vị nào trên `{unit}` để quyết định việc này: hãy để `{unit}` tự báo cáo, báo cáo đó hoàn thành ngay nhiệm vụ"
                )
            }
            Self::NotOnBehalf { unit } => {
                format!(
                    "không được làm việc này thay mặt `{unit}`: hãy bỏ `onBehalfOf`, hoặc nêu một đơn vị có thẩm quyền mà mình được cấp quyền"
                )
            }
            Self::GrantBeyondOwn { role, unit } => {
                format!(
                    "không được cấp hay thu hồi quyền {} đối với `{unit}`: hãy đề nghị người quản trị (`ADMIN`) của `{unit}` thực hiện",
                    role_words(*role, Locale::Vi)
                )
            }
            Self::RoleNeedsUnit { role } => {
                format!(
                    "quyền {} phải gắn với một đơn vị: hãy nêu `unit`; chỉ quyền `ADMIN` và `VIEWER` được cấp cho toàn hệ thống",
                    role_words(*role, Locale::Vi)
                )
            }
            Self::LastOperator => {
                "đây là người vận hành cuối cùng: trước hết hãy cấp quyền `ADMIN` toàn hệ thống, không thời hạn, cho người khác".into()
            }
        }
    }

    fn en(&self) -> String {
        match self {
            Self::RoleNeeded { roles, unit } => {
                format!(
                    "needs the role {} over `{unit}`: ask an administrator of `{unit}` or of a unit above it",
                    either(roles, Locale::En)
                )
            }
            Self::OperatorNeeded => "only an operator (`ADMIN` over the whole forest) may: ask one".into(),
            Self::RoleNeededSomewhere { role } => {
                format!("needs the role {} over at least one unit: ask an administrator", role_words(*role, Locale::En))
            }
            Self::NobodyAbove { unit } => {
                format!("no unit stands above `{unit}` to decide on this: let `{unit}` report itself, which closes the obligation")
            }
            Self::NotOnBehalf { unit } => {
                format!(
                    "this cannot be done on behalf of `{unit}`: leave `onBehalfOf` out, or name a unit that may do it and that you may act for"
                )
            }
            Self::GrantBeyondOwn { role, unit } => {
                format!(
                    "you may not give or revoke the role {} over `{unit}`: ask an administrator (`ADMIN`) of `{unit}`",
                    role_words(*role, Locale::En)
                )
            }
            Self::RoleNeedsUnit { role } => {
                format!(
                    "the role {} goes with a unit: give `unit`; only `ADMIN` and `VIEWER` may cover the whole forest",
                    role_words(*role, Locale::En)
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

    fn rule(&self) -> &'static str {
        match self {
            Self::RoleNeeded { .. } | Self::OperatorNeeded | Self::RoleNeededSomewhere { .. } | Self::RoleNeedsUnit { .. } => "A2",
            Self::NobodyAbove { .. } => "L2",
            Self::NotOnBehalf { .. } => "L8",
            Self::GrantBeyondOwn { .. } | Self::LastOperator => "A4",
        }
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

/// A role as people call it, and as clients know it.
fn role_words(role: Role, locale: Locale) -> String {
    match locale {
        Locale::Vi => format!("{} (`{}`)", role.name(locale), role_word(role)),
        Locale::En => format!("`{}`", role_word(role)),
    }
}

fn either(roles: &[Role], locale: Locale) -> String {
    roles.iter().map(|&role| role_words(role, locale)).collect::<Vec<_>>().join(locale.pick(" hoặc ", " or "))
}
