//! Reasons that lie in the input itself, whatever it is about.

use super::{Code, Explain, Locale};

/// A thing that an input can point at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    /// `OrgUnit`.
    OrgUnit,
    /// `OrgUnitKind`.
    OrgUnitKind,
    /// `Reorganization`.
    Reorganization,
    /// `Directive`.
    Directive,
    /// `DirectiveKind`.
    DirectiveKind,
    /// `Requirement`.
    Requirement,
    /// `Obligation`.
    Obligation,
    /// `Report`.
    Report,
    /// `Comment`.
    Comment,
    /// `Person`.
    Person,
    /// `Appointment`.
    Appointment,
    /// `Principal`.
    Principal,
    /// `Grant`.
    Grant,
    /// `Node`: whatever has an id.
    Thing,
}

impl Noun {
    /// What the thing is called.
    pub fn name(self, locale: Locale) -> &'static str {
        let (vi, en) = match self {
            Self::OrgUnit => ("đơn vị", "unit"),
            Self::OrgUnitKind => ("loại đơn vị", "kind of unit"),
            Self::Reorganization => ("đợt sắp xếp tổ chức", "reorganization"),
            Self::Directive => ("văn bản chỉ đạo", "directive"),
            Self::DirectiveKind => ("loại văn bản", "kind of directive"),
            Self::Requirement => ("yêu cầu", "requirement"),
            Self::Obligation => ("nhiệm vụ được giao", "obligation"),
            Self::Report => ("báo cáo", "report"),
            Self::Comment => ("ý kiến góp ý", "comment"),
            Self::Person => ("cán bộ", "person"),
            Self::Appointment => ("chức vụ", "appointment"),
            Self::Principal => ("tài khoản", "principal"),
            Self::Grant => ("quyền được cấp", "grant"),
            Self::Thing => ("đối tượng nào", "thing"),
        };
        locale.pick(vi, en)
    }
}

impl Noun {
    /// Whether any principal may read every one (A3): then none is hidden, and there is no right to ask for.
    fn is_public(self) -> bool {
        match self {
            Self::OrgUnit | Self::OrgUnitKind | Self::Reorganization | Self::DirectiveKind | Self::Person | Self::Appointment => true,
            Self::Directive
            | Self::Requirement
            | Self::Obligation
            | Self::Report
            | Self::Comment
            | Self::Principal
            | Self::Grant
            | Self::Thing => false,
        }
    }

    /// What to do where there is none.
    fn way_out(self, locale: Locale) -> &'static str {
        let (vi, en) = match self {
            Self::OrgUnit => (
                "hãy kiểm tra mã và ngày, hoặc tìm trong `orgUnits`; mã phân biệt chữ hoa, chữ thường",
                "check the code, letter case included, and the day, or search `orgUnits`",
            ),
            Self::OrgUnitKind => ("hãy chọn một mã trong `orgUnitKinds`", "use a code from `orgUnitKinds`"),
            Self::DirectiveKind => ("hãy chọn một mã trong `directiveKinds`", "use a code from `directiveKinds`"),
            Self::Reorganization => ("hãy chọn một đợt trong `reorganizations`", "take one from `reorganizations`"),
            Self::Person => ("hãy tìm trong `people`", "search `people`"),
            Self::Appointment => (
                "hãy chọn một chức vụ của đơn vị còn hiệu lực vào ngày đó, trong `officers`",
                "take one that the unit has on that day, from its `officers`",
            ),
            Self::Principal | Self::Grant => (
                "hãy chọn trong `principals`, hoặc đề nghị người quản trị có quyền thực hiện",
                "take one from `principals`, or ask an administrator who may",
            ),
            Self::Obligation => (
                "hãy kiểm tra lại, với nhiệm vụ định kỳ nêu cả kỳ, hoặc đề nghị người quản trị cấp quyền xem",
                "check it, name the period of what recurs, or ask an administrator for the right to read it",
            ),
            Self::Directive | Self::Requirement | Self::Report | Self::Comment | Self::Thing => (
                "hãy kiểm tra lại, hoặc đề nghị người quản trị cấp quyền xem",
                "check it, or ask an administrator for the right to read it",
            ),
        };
        locale.pick(vi, en)
    }
}

/// Why an input is refused before any rule of the domain is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputRefusal {
    /// An id that this server did not make, or one of another type.
    MalformedId {
        /// As it was given, shortened.
        given: String,
        /// What it should point at.
        wanted: Noun,
    },
    /// No such thing, or none that the caller may know of (A5).
    NotFound {
        /// What was looked for.
        wanted: Noun,
        /// How it was named.
        given: String,
    },
    /// A text that must say something says nothing.
    Empty,
    /// A text longer than its limit.
    TooLong {
        /// In characters.
        limit: usize,
        /// In characters.
        length: usize,
    },
    /// A text with a control character, a direction mark or the like.
    ForbiddenCharacter {
        /// For example `U+0000`.
        character: String,
        /// From 0, in characters.
        position: usize,
    },
    /// A text that does not read as number and signs of a document (D3).
    NotASymbol {
        /// As it was given, in its normal form.
        given: String,
    },
    /// A number outside its range.
    OutOfRange {
        /// The smallest that is taken.
        least: String,
        /// The largest that is taken.
        most: String,
    },
    /// More items than the limit.
    TooMany {
        /// How many are taken.
        limit: usize,
        /// How many came.
        count: usize,
    },
    /// A list that needs at least one item is empty.
    NothingGiven,
    /// The same thing is named twice.
    Twice {
        /// How it was named.
        given: String,
        /// What it is, where it is a thing with an id.
        of: Option<Noun>,
    },
    /// Exactly one of several fields is wanted.
    OneOf {
        /// Their names.
        fields: &'static str,
    },
    /// A value that needs another one beside it.
    Needs {
        /// The name of the field that is missing.
        field: &'static str,
    },
    /// Two fields that exclude each other.
    NotTogether {
        /// Their names.
        fields: &'static str,
    },
    /// A day that must not be later than another.
    LaterThan {
        /// The latest day that is taken, `YYYY-MM-DD`.
        latest: String,
    },
    /// A day that must not be earlier than another.
    EarlierThan {
        /// The earliest day that is taken, `YYYY-MM-DD`.
        earliest: String,
    },
    /// Somebody changed the thing since it was read.
    Stale {
        /// The version that the caller had.
        expected: i64,
        /// The version of now.
        current: i64,
    },
    /// An idempotency key that came before, with another input.
    IdempotencyMismatch {
        /// The key.
        key: String,
    },
    /// A cursor of another list, or of another order of it.
    ForeignCursor,
    /// The value is taken by another.
    Taken {
        /// The value.
        value: String,
    },
    /// The user name or the password is wrong, or the account is closed; which one is not told.
    BadCredentials,
    /// The session has ended or its refresh token was used before.
    SessionEnded,
    /// A password too short to resist guessing.
    WeakPassword {
        /// In characters.
        least: usize,
    },
}

impl Explain for InputRefusal {
    fn code(&self) -> Code {
        match self {
            Self::NotFound { .. } => Code::NotFound,
            Self::TooMany { .. } => Code::LimitExceeded,
            Self::Stale { .. } => Code::Conflict,
            Self::IdempotencyMismatch { .. } => Code::IdempotencyMismatch,
            Self::Taken { .. } => Code::AlreadyExists,
            Self::BadCredentials | Self::SessionEnded => Code::Forbidden,
            Self::MalformedId { .. }
            | Self::Empty
            | Self::TooLong { .. }
            | Self::ForbiddenCharacter { .. }
            | Self::NotASymbol { .. }
            | Self::OutOfRange { .. }
            | Self::NothingGiven
            | Self::Twice { .. }
            | Self::OneOf { .. }
            | Self::Needs { .. }
            | Self::NotTogether { .. }
            | Self::LaterThan { .. }
            | Self::EarlierThan { .. }
            | Self::ForeignCursor
            | Self::WeakPassword { .. } => Code::Invalid,
        }
    }

    fn rule(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "A5",
            Self::NotASymbol { .. } => "D3",
            Self::BadCredentials | Self::SessionEnded | Self::WeakPassword { .. } => "A7",
            Self::MalformedId { .. } | Self::Taken { .. } => "F1",
            Self::Empty | Self::TooLong { .. } | Self::ForbiddenCharacter { .. } => "F2",
            Self::ForeignCursor => "F3",
            Self::Stale { .. } | Self::IdempotencyMismatch { .. } => "F4",
            Self::OutOfRange { .. } | Self::LaterThan { .. } | Self::EarlierThan { .. } => "F5",
            Self::TooMany { .. }
            | Self::NothingGiven
            | Self::Twice { .. }
            | Self::OneOf { .. }
            | Self::Needs { .. }
            | Self::NotTogether { .. } => "F6",
        }
    }

    fn words(&self, locale: Locale) -> String {
        match locale {
            Locale::Vi => self.vi(),
            Locale::En => self.en(),
        }
    }
}

impl InputRefusal {
    fn vi(&self) -> String {
        match self {
            Self::MalformedId { given, wanted } => {
                format!("`{given}` không phải mã định danh của {}: hãy dùng giá trị `id` mà hệ thống đã trả về", wanted.name(Locale::Vi))
            }
            Self::NotFound { wanted, given } => {
                format!("không tìm thấy {} `{given}`: {}", wanted.name(Locale::Vi), wanted.way_out(Locale::Vi))
            }
            Self::Empty => "nội dung để trống: hãy nhập nội dung".into(),
            Self::TooLong { limit, length } => format!("dài `{length}` ký tự, giới hạn là `{limit}`: hãy rút ngắn"),
            Self::ForbiddenCharacter { character, position } => {
                format!("có ký tự không được phép `{character}` ở vị trí `{position}`: hãy xóa ký tự đó")
            }
            Self::NotASymbol { given } => {
                format!("không đọc được số và ký hiệu `{given}`: hãy viết theo mẫu `81-KH/ĐUK` hoặc `130/KH-UBND`")
            }
            Self::OutOfRange { least, most } => format!("giá trị nằm ngoài phạm vi cho phép: hãy nêu giá trị từ `{least}` đến `{most}`"),
            Self::TooMany { limit, count } => format!("có `{count}` mục, giới hạn là `{limit}`: hãy chia thành nhiều lần"),
            Self::NothingGiven => "danh sách để trống: hãy nêu ít nhất một mục".into(),
            Self::Twice { given, .. } => format!("`{given}` được nêu hai lần: hãy bỏ một"),
            Self::OneOf { fields } => format!("hãy nêu đúng một trong các trường `{fields}`"),
            Self::Needs { field } => format!("thiếu thông tin: hãy nêu thêm `{field}`"),
            Self::NotTogether { fields } => format!("không được nêu cùng lúc `{fields}`: hãy bỏ một"),
            Self::LaterThan { latest } => format!("ngày quá muộn: hãy nêu ngày không muộn hơn `{latest}`"),
            Self::EarlierThan { earliest } => format!("ngày quá sớm: hãy nêu ngày không sớm hơn `{earliest}`"),
            Self::Stale { expected, current } => {
                format!("phiên bản `{expected}` đã cũ, hiện nay là `{current}`: hãy đọc lại rồi thực hiện lại")
            }
            Self::IdempotencyMismatch { key } => format!("khóa `{key}` đã được dùng với nội dung khác: hãy dùng khóa mới"),
            Self::ForeignCursor => {
                "đây không phải con trỏ của danh sách này: hãy dùng `pageInfo` của chính danh sách, cùng thứ tự sắp xếp".into()
            }
            Self::Taken { value } => format!("`{value}` đã được dùng: hãy chọn giá trị khác"),
            Self::BadCredentials => {
                "sai tên đăng nhập hoặc mật khẩu, hoặc tài khoản đã khóa: hãy thử lại, hoặc liên hệ người quản trị".into()
            }
            Self::SessionEnded => "phiên làm việc đã kết thúc: hãy đăng nhập lại".into(),
            Self::WeakPassword { least } => format!("mật khẩu quá ngắn: hãy đặt mật khẩu có ít nhất `{least}` ký tự"),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::MalformedId { given, wanted } => {
                format!("no {} has an id like `{given}`: use an `id` that this server has returned", wanted.name(Locale::En))
            }
            Self::NotFound { wanted, given } => {
                let seen = if wanted.is_public() { "" } else { " that you may see" };
                format!("there is no {} `{given}`{seen}: {}", wanted.name(Locale::En), wanted.way_out(Locale::En))
            }
            Self::Empty => "the text is empty: write something".into(),
            Self::TooLong { limit, length } => format!("`{length}` characters long, the limit is `{limit}`: shorten it"),
            Self::ForbiddenCharacter { character, position } => {
                format!("holds the forbidden character `{character}` at position `{position}`: remove it")
            }
            Self::NotASymbol { given } => {
                format!("`{given}` does not read as the number and signs of a document: write it like `81-KH/ĐUK` or `130/KH-UBND`")
            }
            Self::OutOfRange { least, most } => format!("give a value from `{least}` to `{most}`"),
            Self::TooMany { limit, count } => format!("`{count}` items, the limit is `{limit}`: send them in several calls"),
            Self::NothingGiven => "the list is empty: name at least one item".into(),
            Self::Twice { given, .. } => format!("`{given}` is named twice: leave one out"),
            Self::OneOf { fields } => format!("give exactly one of `{fields}`"),
            Self::Needs { field } => format!("give `{field}` as well"),
            Self::NotTogether { fields } => format!("`{fields}` exclude each other: leave one out"),
            Self::LaterThan { latest } => format!("give a day not later than `{latest}`"),
            Self::EarlierThan { earliest } => format!("give a day not earlier than `{earliest}`"),
            Self::Stale { expected, current } => {
                format!("version `{expected}` is stale, it is `{current}` now: read it again and retry")
            }
            Self::IdempotencyMismatch { key } => format!("the key `{key}` came before with another input: use a new key"),
            Self::ForeignCursor => {
                "this is not a cursor of this list: take one from the `pageInfo` of the same list in the same order".into()
            }
            Self::Taken { value } => format!("`{value}` is taken: choose another"),
            Self::BadCredentials => "wrong user name or password, or the account is closed: try again, or ask an administrator".into(),
            Self::SessionEnded => "the session has ended: log in again".into(),
            Self::WeakPassword { least } => format!("choose a password of at least `{least}` characters"),
        }
    }
}
