//! The units, the accounts and the one person of the story.

use chidao_domain::access::Role;
use chidao_domain::appointment::Position;
use chidao_domain::day::Day;
use chidao_domain::ids::{PersonId, PrincipalId};
use chidao_domain::reorganization::{Change, Establish};

use crate::command::{self, AppointOfficer, Appointee, CreateAdmin, CreateUser, DecisionGiven, GrantRole, Mode, Reorganize};
use crate::demo::stage::{Played, Stage, code};
use crate::store::code::Coded as _;
use crate::store::{Stop, people};

/// The password of every user of the demonstration: no secret.
pub const PASSWORD: &str = "chi-dao-ban-mau";

/// The user name and the name of the operator, who is made first.
pub(super) const OPERATOR: (&str, &str) = ("quan-tri", "Quản trị (bản mẫu)");
/// The user name and the name of the inspector, who is made last.
pub(super) const INSPECTOR: (&str, &str) = ("thanh-tra", "Thanh tra (bản mẫu)");

/// The bloc's secretary; made up.
pub(super) const SECRETARY: &str = "Nguyễn Văn Mẫu";

/// Who acts in the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Player {
    /// Makes units and accounts.
    Operator,
    /// The office of the provincial committee.
    Province,
    /// The secretary of the bloc, and the office.
    Bloc,
    /// The secretary of the committee of agency 01.
    AgencyOne,
    /// The secretary of the cell of agency 02.
    AgencyTwo,
    /// The office of the second province's committee, in the sequel.
    SecondProvince,
}

/// One grant of an account of the demonstration, as the command line shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// `user`, who logs in, or `service`, which presents its secret.
    pub sort: &'static str,
    /// The name to log in with, without spaces.
    pub name: String,
    /// The password or the secret, without spaces.
    pub password: String,
    /// What it may do.
    pub role: &'static str,
    /// The code of the unit over which it may; `*`: over the whole forest.
    pub unit: &'static str,
}

impl std::fmt::Display for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { sort, name, password, role, unit } = self;
        write!(f, "{sort} {name} {password} {role} unit {unit}")
    }
}

/// A unit: code, kind, parent, name, party members.
pub(super) type Unit = (&'static str, &'static str, &'static str, &'static str, i32);

/// The province, its bloc of agencies with cells and committees of grassroots level directly below, and two districts.
#[rustfmt::skip]
const UNITS: [Unit; 41] = [
    ("TINH", "PROVINCIAL", "", "Đảng bộ tỉnh Mẫu", 9_000),
    ("KHOI-CQT", "BLOC", "TINH", "Đảng bộ Khối các cơ quan tỉnh Mẫu", 540),
    ("CQ-01", "GRASSROOTS_COMMITTEE", "KHOI-CQT", "Đảng bộ Cơ quan Mẫu 01", 84),
    ("CQ-01-1", "CELL", "CQ-01", "Chi bộ 1", 22),
    ("CQ-01-2", "CELL", "CQ-01", "Chi bộ 2", 20),
    ("CQ-01-3", "CELL", "CQ-01", "Chi bộ 3", 24),
    ("CQ-01-4", "CELL", "CQ-01", "Chi bộ 4", 18),
    ("CQ-02", "GRASSROOTS_CELL", "KHOI-CQT", "Chi bộ Cơ quan Mẫu 02", 17),
    ("CQ-03", "GRASSROOTS_COMMITTEE", "KHOI-CQT", "Đảng bộ Cơ quan Mẫu 03", 61),
    ("CQ-03-1", "CELL", "CQ-03", "Chi bộ 1", 20),
    ("CQ-03-2", "CELL", "CQ-03", "Chi bộ 2", 19),
    ("CQ-03-3", "CELL", "CQ-03", "Chi bộ 3", 22),
    ("CQ-04", "GRASSROOTS_CELL", "KHOI-CQT", "Chi bộ Cơ quan Mẫu 04", 14),
    ("CQ-05", "GRASSROOTS_COMMITTEE", "KHOI-CQT", "Đảng bộ Cơ quan Mẫu 05", 92),
    ("CQ-05-1", "CELL", "CQ-05", "Chi bộ Văn phòng", 21),
    ("CQ-05-BP", "DEPARTMENT_COMMITTEE", "CQ-05", "Đảng bộ bộ phận Chi cục Mẫu", 71),
    ("CQ-05-BP-1", "CELL", "CQ-05-BP", "Chi bộ 1", 36),
    ("CQ-05-BP-2", "CELL", "CQ-05-BP", "Chi bộ 2", 35),
    ("CQ-06", "GRASSROOTS_COMMITTEE", "KHOI-CQT", "Đảng bộ Cơ quan Mẫu 06", 38),
    ("CQ-07", "GRASSROOTS_CELL", "KHOI-CQT", "Chi bộ Cơ quan Mẫu 07", 9),
    ("CQ-08", "GRASSROOTS_COMMITTEE", "KHOI-CQT", "Đảng bộ Cơ quan Mẫu 08", 47),
    ("CQ-08-1", "CELL", "CQ-08", "Chi bộ 1", 25),
    ("CQ-08-2", "CELL", "CQ-08", "Chi bộ 2", 22),
    ("CQ-09", "GRASSROOTS_CELL", "KHOI-CQT", "Chi bộ Cơ quan Mẫu 09", 12),
    ("CQ-10", "GRASSROOTS_COMMITTEE", "KHOI-CQT", "Đảng bộ Cơ quan Mẫu 10", 66),
    ("CQ-10-1", "CELL", "CQ-10", "Chi bộ 1", 23),
    ("CQ-10-2", "CELL", "CQ-10", "Chi bộ 2", 21),
    ("CQ-10-3", "CELL", "CQ-10", "Chi bộ 3", 22),
    ("CQ-11", "GRASSROOTS_CELL", "KHOI-CQT", "Chi bộ Cơ quan Mẫu 11", 16),
    ("CQ-12", "GRASSROOTS_COMMITTEE", "KHOI-CQT", "Đảng bộ Cơ quan Mẫu 12", 45),
    ("CQ-12-1", "CELL", "CQ-12", "Chi bộ 1", 24),
    ("CQ-12-2", "CELL", "CQ-12", "Chi bộ 2", 21),
    ("CQ-13", "GRASSROOTS_CELL", "KHOI-CQT", "Chi bộ Cơ quan Mẫu 13", 15),
    ("CQ-14", "GRASSROOTS_CELL", "KHOI-CQT", "Chi bộ Cơ quan Mẫu 14", 24),
    ("HUYEN-A", "DISTRICT", "TINH", "Đảng bộ huyện Mẫu A", 4_300),
    ("HA-01", "GRASSROOTS_COMMITTEE", "HUYEN-A", "Đảng bộ xã Mẫu A1", 260),
    ("HA-02", "GRASSROOTS_COMMITTEE", "HUYEN-A", "Đảng bộ xã Mẫu A2", 310),
    ("HA-03", "GRASSROOTS_CELL", "HUYEN-A", "Chi bộ Trường Mẫu A3", 28),
    ("HUYEN-B", "DISTRICT", "TINH", "Đảng bộ huyện Mẫu B", 3_900),
    ("HB-01", "GRASSROOTS_COMMITTEE", "HUYEN-B", "Đảng bộ xã Mẫu B1", 240),
    ("HB-02", "GRASSROOTS_CELL", "HUYEN-B", "Chi bộ Hợp tác xã Mẫu B2", 19),
];

/// The operator, the tree, and who works for its units.
pub(super) async fn found(stage: &mut Stage) -> Played {
    let (user_name, display_name) = OPERATOR;
    let admin = CreateAdmin { user_name: user_name.into(), display_name: display_name.into(), password: PASSWORD.into() };
    let operator = command::create_admin(stage.office(), admin).await?.output.principal();
    stage.let_act(Player::Operator, operator).await?;
    keep(stage, user_name, PASSWORD, Role::Admin, "*");
    establish(stage, "Thành lập hệ thống tổ chức đảng (bản mẫu)", &UNITS).await?;
    let secretary = appoint(stage, Appointee::New(SECRETARY.into()), "KHOI-CQT", Position::Secretary).await?;
    add_user(stage, Some(Player::Province), ("tinh-uy", "Văn phòng Tỉnh uỷ Mẫu"), None, &OFFICE, "TINH").await?;
    add_user(stage, Some(Player::Bloc), ("khoi", "Bí thư Đảng uỷ Khối Mẫu"), Some(secretary), &OFFICE, "KHOI-CQT").await?;
    add_user(stage, Some(Player::AgencyOne), ("co-quan-01", "Văn phòng Đảng uỷ Cơ quan Mẫu 01"), None, &AGENCY, "CQ-01").await?;
    add_user(stage, Some(Player::AgencyTwo), ("co-quan-02", "Chi uỷ Cơ quan Mẫu 02"), None, &AGENCY, "CQ-02").await
}

/// What the office of a committee may do.
pub(super) const OFFICE: [Role; 2] = [Role::Supervisor, Role::Drafter];
/// What the office of an agency may do.
const AGENCY: [Role; 2] = [Role::Reporter, Role::Drafter];

/// A program that reads, and the inspector: with that account the demonstration is complete.
pub(super) async fn complete(stage: &mut Stage) -> Played {
    let operator = stage.caller(Player::Operator);
    let service = command::create_service(stage.office(), &operator, "Hệ thống thông tin báo cáo Mẫu").await?.output;
    grant(stage, service.principal(), Role::Viewer, "TINH").await?;
    if let Some(secret) = &service.secret {
        stage.keep_account(Account {
            sort: "service",
            name: "bao-cao".into(),
            password: secret.clone(),
            role: Role::Viewer.code(),
            unit: "TINH",
        });
    }
    add_user(stage, None, INSPECTOR, None, &[Role::Viewer], "*").await
}

/// The bloc's secretary sits on the provincial committee too: one person, two appointments.
pub(super) async fn elect_secretary(stage: &mut Stage) -> Played {
    let person = person_of(stage, Player::Bloc);
    let Some(person) = person else { return Ok(()) };
    appoint(stage, Appointee::Known(person), "TINH", Position::Member).await?;
    Ok(())
}

fn person_of(stage: &Stage, player: Player) -> Option<PersonId> {
    stage.caller(player).principal.and_then(|principal| principal.person)
}

/// Makes units, from today on.
pub(super) async fn establish(stage: &Stage, title: &str, units: &[Unit]) -> Played {
    let changes = units.iter().map(|unit| establishing(stage, *unit)).collect();
    reorganize(stage, title, stage.today(), changes, Vec::new()).await
}

/// What makes a unit.
pub(super) fn establishing(stage: &Stage, (unit, kind, parent, name, members): Unit) -> Change {
    Change::Establish(Establish {
        id: stage.office().new_id(),
        code: unit.into(),
        kind: kind.into(),
        name: name.into(),
        short_name: None,
        member_count: Some(members),
        parent: (!parent.is_empty()).then(|| code(parent)),
        external_ids: Vec::new(),
    })
}

/// The operator changes the tree, or plans to.
pub(super) async fn reorganize(
    stage: &Stage,
    title: &str,
    effective_on: Day,
    changes: Vec<Change>,
    decisions: Vec<DecisionGiven>,
) -> Played {
    let batch = Reorganize { title: title.into(), effective_on, legal_basis: None, changes, decisions, mode: Mode::Real };
    command::reorganize(stage.office(), &stage.caller(Player::Operator), batch).await?;
    Ok(())
}

/// Appoints somebody from today on; the bloc's secretary signs its documents.
async fn appoint(stage: &mut Stage, person: Appointee, unit: &str, position: Position) -> Result<PersonId, Stop> {
    let input = AppointOfficer { person, unit: code(unit), position, from: stage.today(), to: None };
    let done = command::appoint_officer(stage.office(), &stage.caller(Player::Operator), input).await?.output;
    let snapshot = stage.office().database().snapshot().await?;
    let made = people::load_appointments(snapshot.sql(), &[done.appointment()]).await?.remove(&done.appointment());
    drop(snapshot);
    if position == Position::Secretary {
        stage.secretary = Some(done.appointment());
    }
    made.map(|made| made.person).ok_or_else(|| crate::store::Fault::Other("an appointment that was made is not there".into()).into())
}

/// A user with roles over a unit, who may act from now on.
pub(super) async fn add_user(
    stage: &mut Stage,
    player: Option<Player>,
    (user_name, display_name): (&str, &str),
    person: Option<PersonId>,
    roles: &[Role],
    unit: &'static str,
) -> Played {
    let input = CreateUser { user_name: user_name.into(), display_name: display_name.into(), password: Some(PASSWORD.into()), person };
    let user = command::create_user(stage.office(), &stage.caller(Player::Operator), input).await?.output.principal();
    for role in roles {
        grant(stage, user, *role, unit).await?;
        keep(stage, user_name, PASSWORD, *role, unit);
    }
    match player {
        Some(player) => stage.let_act(player, user).await,
        None => Ok(()),
    }
}

/// Gives a role over a unit; `*`: over the whole forest.
pub(super) async fn grant(stage: &Stage, principal: PrincipalId, role: Role, unit: &str) -> Played {
    let unit = (unit != "*").then(|| code(unit));
    let input = GrantRole { principal, role, unit, expires_on: None };
    command::grant_role(stage.office(), &stage.caller(Player::Operator), input).await?;
    Ok(())
}

/// Tells of an account what it may do.
pub(super) fn keep(stage: &mut Stage, name: &str, password: &str, role: Role, unit: &'static str) {
    stage.keep_account(Account { sort: "user", name: name.into(), password: password.into(), role: role.code(), unit });
}
