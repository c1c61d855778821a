//! What an operator can set, and every limit in one table.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chidao_domain::refusal::Locale;
use chrono_tz::Tz;

/// How a server is started. The command line and the environment fill it; the defaults stand here.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// Where HTTP is served.
    pub listen: SocketAddr,
    /// Connections to PostgreSQL; SQLite has one writer and a few readers whatever this says.
    pub postgres_connections: u32,
    /// The zone that days are counted in (T1).
    pub zone: Tz,
    /// The file of the key that tokens are signed with; made on first start.
    pub key_file: PathBuf,
    /// How log lines look.
    pub log_format: LogFormat,
    /// How long tokens live.
    pub lifetimes: TokenLifetimes,
    /// Everything that can grow.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database_url: "sqlite://chidao.db".to_owned(),
            postgres_connections: 16,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            zone: chrono_tz::Asia::Ho_Chi_Minh,
            key_file: PathBuf::from("chidao.key"),
            log_format: LogFormat::default(),
            lifetimes: TokenLifetimes::default(),
            limits: Limits::default(),
        }
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For a person at a terminal.
    #[default]
    Text,
    /// One JSON object a line, for a collector.
    Json,
}

/// How long tokens live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenLifetimes {
    /// An access token: what a request carries.
    pub access: Duration,
    /// A refresh token: what a session is continued with.
    pub refresh: Duration,
}

impl Default for TokenLifetimes {
    fn default() -> Self {
        Self { access: Duration::from_secs(15 * 60), refresh: Duration::from_secs(30 * 24 * 60 * 60) }
    }
}

/// One row of the table of limits, as the README, the command line and the refusals show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitRow {
    /// Which.
    pub limit: Limit,
    /// The name: the field of [`Limits`] and, after `CHIDAO_LIMIT_` in capitals, the variable of the environment.
    pub name: &'static str,
    /// The value where none is set.
    pub default: usize,
    /// What is counted.
    pub unit: &'static str,
    /// What it protects.
    pub protects: &'static str,
    /// How a client stays under it.
    pub instead: &'static str,
    /// What is counted, in Vietnamese.
    pub unit_vi: &'static str,
    /// How a client stays under it, in Vietnamese.
    pub instead_vi: &'static str,
}

/// Something was larger than a limit allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excess {
    /// The limit's row.
    pub row: &'static LimitRow,
    /// The most that is allowed.
    pub allowed: usize,
    /// How much there was, where it was counted to the end.
    pub found: Option<usize>,
}

impl Excess {
    /// What is too large, and what to do instead.
    pub fn words(&self, locale: Locale) -> String {
        let Self { row, allowed, found } = self;
        let (more, unit, limit, instead) = match locale {
            Locale::Vi => ("quá", row.unit_vi, "giới hạn", row.instead_vi),
            Locale::En => ("more than", row.unit, "limit", row.instead),
        };
        let found = found.map(|found| format!(", {} `{found}`", locale.pick("hiện có", "found"))).unwrap_or_default();
        format!("{more} `{allowed}` {unit} ({limit} `{}`{found}): {instead}", row.name)
    }
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(Locale::En))
    }
}

impl std::error::Error for Excess {}

/// A limit that there is not, or a value that would shut everybody out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetLimitError {
    /// No row of the table has this name.
    #[error("there is no limit `{0}`")]
    Unknown(String),
    /// Nothing would fit.
    #[error("the limit `{0}` must be at least 1")]
    Zero(String),
}

macro_rules! limits {
    ($($limit:ident $name:ident = $default:literal $unit:literal, $protects:literal, $instead:literal,
        $unit_vi:literal, $instead_vi:literal;)+) => {
        /// A limit, whatever its value.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Limit {$(
            #[doc = concat!("On ", $unit, ".")]
            $limit,
        )+}

        /// The limits in force; [`Limits::TABLE`] says what each is for.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Limits {$(
            #[doc = concat!("At most so many ", $unit, "; it protects ", $protects, ".")]
            pub $name: usize,
        )+}

        impl Default for Limits {
            fn default() -> Self {
                Self { $($name: $default,)+ }
            }
        }

        impl Limit {
            /// What the table says about this limit.
            pub fn row(self) -> &'static LimitRow {
                match self {$(
                    Self::$limit => &LimitRow {
                        limit: Self::$limit, name: stringify!($name), default: $default, unit: $unit, protects: $protects, instead: $instead,
                        unit_vi: $unit_vi, instead_vi: $instead_vi,
                    },
                )+}
            }
        }

        impl Limits {
            /// Every limit there is.
            pub const TABLE: &'static [Limit] = &[$(Limit::$limit,)+];

            /// The value in force.
            pub fn get(&self, limit: Limit) -> usize {
                match limit {
                    $(Limit::$limit => self.$name,)+
                }
            }

            fn slot(&mut self, name: &str) -> Option<&mut usize> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)+
                    _ => None,
                }
            }
        }
    };
}

#[rustfmt::skip]
limits! {
    RequestSeconds request_seconds = 10 "seconds for a request to arrive", "connections from senders that trickle", "send it faster, or in parts",
        "giây để gửi xong một yêu cầu", "hãy gửi nhanh hơn, hoặc chia thành nhiều phần";
    BodyBytes body_bytes = 262_144 "bytes of a request's body", "memory", "send fewer items in a request; only `reorganize`, by a holder of `ADMIN` and with variables, may be larger",
        "byte của nội dung yêu cầu", "hãy gửi ít mục hơn trong một yêu cầu; chỉ `reorganize` của người có quyền `ADMIN`, với giá trị truyền bằng biến, được lớn hơn";
    Tokens tokens = 2_000 "tokens of a document", "the parser", "pass values as variables, or split the document",
        "từ tố của văn bản truy vấn", "hãy truyền giá trị bằng biến, hoặc chia nhỏ truy vấn";
    Nesting nesting = 40 "brackets within brackets in a document", "the parser's stack", "pass values as variables, or split the document",
        "dấu ngoặc lồng nhau trong truy vấn", "hãy truyền giá trị bằng biến, hoặc chia nhỏ truy vấn";
    Depth depth = 15 "levels of fields", "the stack, and the database from joins upon joins", "ask for the deeper levels in a request of their own",
        "tầng trường", "hãy hỏi các tầng sâu hơn trong một yêu cầu riêng";
    Aliases aliases = 30 "aliases in a document", "the database from one expensive field many times over", "ask for many things by one list field",
        "bí danh trong truy vấn", "hãy hỏi nhiều thứ bằng một trường danh sách";
    Directives directives = 10 "directives in a document", "validation", "leave fields out before sending, instead of by directives",
        "chỉ thị (directive) trong truy vấn", "hãy bỏ các trường trước khi gửi, thay vì dùng chỉ thị";
    RootFields root_fields = 10 "fields at the root of an operation", "the database from batches in disguise", "send several requests",
        "trường ở gốc của thao tác", "hãy gửi nhiều yêu cầu";
    FragmentSpreads fragment_spreads = 50 "fragment spreads in a document", "validation", "split the document",
        "lần chèn mảnh (fragment) trong truy vấn", "hãy chia nhỏ truy vấn";
    ExpandedFields expanded_fields = 2_000 "selections once fragments are written out", "validation from fragments that multiply", "ask for fewer fields, or split the document",
        "trường sau khi viết hết các mảnh (fragment)", "hãy hỏi ít trường hơn, hoặc chia nhỏ truy vấn";
    Cost cost = 5_000 "points (object 2, scalar 1, lists times their page)", "the database", "ask for smaller pages, or fewer lists within lists",
        "điểm (đối tượng 2, giá trị 1, danh sách nhân với cỡ trang)", "hãy hỏi trang nhỏ hơn, hoặc ít danh sách lồng nhau hơn";
    Page page = 100 "items a page", "the database and memory", "read on with `after`",
        "mục một trang", "hãy đọc tiếp bằng `after`";
    AnswerSeconds answer_seconds = 10 "seconds to answer", "connections to the database", "ask for less at a time",
        "giây để trả lời", "hãy hỏi ít hơn mỗi lần";
    TimelinePoints timeline_points = 1_000 "points of a timeline", "memory", "take a longer `step`, or a shorter range of days",
        "mốc của một diễn biến", "hãy chọn `step` dài hơn, hoặc khoảng ngày ngắn hơn";
    TimelineTrees timeline_trees = 50 "trees that a timeline with `structure: THEN` stands on", "the database from one tree a day", "take a longer `step`, a shorter range of days, or `structure: NOW`",
        "cơ cấu tổ chức của một diễn biến với `structure: THEN`", "hãy chọn `step` dài hơn, khoảng ngày ngắn hơn, hoặc `structure: NOW`";
    BulkItems bulk_items = 100 "items in a bulk mutation", "the writer's turn", "send several mutations",
        "mục trong một lần ghi hàng loạt", "hãy gửi nhiều lần";
    PeriodsAtIssue periods_at_issue = 24 "periods of a requirement that open when it is issued", "the writer's turn", "name a later `firstPeriod`",
        "kỳ của một yêu cầu mở khi ban hành", "hãy nêu `firstPeriod` muộn hơn";
    ReorganizationChanges reorganization_changes = 50_000 "changes in a reorganization", "the writer's turn", "split the batch by subtree, or import a table by `chidao import units`",
        "thay đổi trong một đợt sắp xếp", "hãy chia đợt theo từng nhánh, hoặc nhập bảng bằng `chidao import units`";
    ReorganizationBytes reorganization_bytes = 16_777_216 "bytes of the body of a `reorganize` by a holder of `ADMIN`", "memory", "split the batch by subtree, or import a table by `chidao import units`",
        "byte của nội dung một lần `reorganize` của người có quyền `ADMIN`", "hãy chia đợt theo từng nhánh, hoặc nhập bảng bằng `chidao import units`";
    LargeBodies large_bodies = 1 "bodies above `body_bytes` at a time", "memory", "send it again when the one before has been answered",
        "nội dung lớn hơn `body_bytes` cùng lúc", "hãy gửi lại khi yêu cầu trước đã được trả lời";
    ReorganizationSeconds reorganization_seconds = 120 "seconds for a large `reorganize` to arrive, and for a reorganization to be answered, of a holder of `ADMIN`", "connections, and the writer's turn", "split the batch by subtree, or import a table by `chidao import units`",
        "giây để gửi xong một lần `reorganize` lớn, và để trả lời một đợt sắp xếp, của người có quyền `ADMIN`", "hãy chia đợt theo từng nhánh, hoặc nhập bảng bằng `chidao import units`";
    TableBytes table_bytes = 268_435_456 "bytes of a table of units, unpacked", "memory of the command line", "divide it by subtree, parents first",
        "byte của bảng đơn vị sau khi giải nén", "hãy chia nhỏ theo từng nhánh, cấp trên trước";
    TableRows table_rows = 1_048_576 "rows of a table of units", "memory of the command line", "divide it by subtree, parents first",
        "dòng của bảng đơn vị", "hãy chia nhỏ theo từng nhánh, cấp trên trước";
    AttachmentBytes attachment_bytes = 26_214_400 "bytes of an attachment", "disk and memory", "split or compress the file",
        "byte của tệp đính kèm", "hãy chia nhỏ hoặc nén tệp";
    SocketOperations socket_operations = 20 "operations at a time on a socket", "memory", "complete one before starting the next",
        "thao tác cùng lúc trên một kết nối", "hãy hoàn tất một thao tác trước khi bắt đầu thao tác khác";
    SocketInitSeconds socket_init_seconds = 3 "seconds to `connection_init`", "connections from sockets that say nothing", "send it at once",
        "giây cho đến `connection_init`", "hãy gửi ngay";
    StopSeconds stop_seconds = 10 "seconds for requests in flight when the server stops", "restarts", "send the request again",
        "giây cho các yêu cầu dở dang khi máy chủ dừng", "hãy gửi lại yêu cầu";
}

impl Limits {
    /// Refuses what is more than the limit allows.
    pub fn check(&self, limit: Limit, found: usize) -> Result<(), Excess> {
        if found > self.get(limit) { Err(self.excess(limit, Some(found))) } else { Ok(()) }
    }

    /// Says that a limit was exceeded.
    pub fn excess(&self, limit: Limit, found: Option<usize>) -> Excess {
        Excess { row: limit.row(), allowed: self.get(limit), found }
    }

    /// Sets a limit by its name in the table.
    pub fn set(&mut self, name: &str, value: usize) -> Result<(), SetLimitError> {
        if value == 0 {
            return Err(SetLimitError::Zero(name.to_owned()));
        }
        *self.slot(name).ok_or_else(|| SetLimitError::Unknown(name.to_owned()))? = value;
        Ok(())
    }

    /// How long a request may take to arrive.
    pub fn request_time(&self) -> Duration {
        seconds(self.request_seconds)
    }

    /// How long an operation may take.
    pub fn answer_time(&self) -> Duration {
        seconds(self.answer_seconds)
    }

    /// How long a reorganization may take.
    pub fn reorganization_time(&self) -> Duration {
        seconds(self.reorganization_seconds)
    }
}

fn seconds(count: usize) -> Duration {
    Duration::from_secs(u64::try_from(count).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_of_the_table_can_be_set_by_name() {
        let mut limits = Limits::default();
        for limit in Limits::TABLE {
            let row = limit.row();
            limits.set(row.name, row.default + 1).unwrap();
            assert_eq!(limits.get(*limit), row.default + 1, "{}", row.name);
        }
        assert_eq!(limits.set("patience", 1), Err(SetLimitError::Unknown("patience".to_owned())));
        assert_eq!(limits.set("page", 0), Err(SetLimitError::Zero("page".to_owned())));
        assert_eq!(limits.page, 101);
    }

    #[test]
    fn a_limit_allows_its_value_and_says_how_to_stay_under_it() {
        let limits = Limits::default();
        assert_eq!(limits.check(Limit::Depth, 15), Ok(()));
        let excess = limits.check(Limit::Depth, 16).unwrap_err();
        assert_eq!(
            excess.to_string(),
            "more than `15` levels of fields (limit `depth`, found `16`): ask for the deeper levels in a request of their own"
        );
    }
}
