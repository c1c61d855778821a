//! The sequel, in 2025: duties are in flight in two provinces when the bloc ends, and again when the provinces become one. What becomes of
//! the units stands in `reorganizations`.

use chidao_domain::directive::RequirementKind;
use chidao_domain::scope::Reach;

use crate::command::{self, AcknowledgeObligations, DraftDirective, RequirementGiven, ScopeGiven, StartObligations};
use crate::demo::DemoError;
use crate::demo::cast::{self, Player, Unit};
use crate::demo::documents::{draft, requirement};
use crate::demo::reorganizations;
use crate::demo::stage::{Document, Played, Stage, date};
use crate::demo::work;

/// The ordinal of the summary that each province asks of the line directly below it.
pub(super) const SUMMARY: u32 = 1;
/// The ordinal of the review that each province asks of every organization of grassroots level.
const REVIEW: u32 = 2;
/// The ordinal of the congress that the bloc asks of each organization directly below it.
const CONGRESS: u32 = 1;

/// The second province, with two districts and two agencies directly below it.
#[rustfmt::skip]
const SECOND_PROVINCE: [Unit; 10] = [
    ("TINH-HAI", "PROVINCIAL", "", "Đảng bộ tỉnh Mẫu Hai", 7_600),
    ("H2-CQ-01", "GRASSROOTS_COMMITTEE", "TINH-HAI", "Đảng bộ Cơ quan Mẫu Hai 01", 58),
    ("H2-CQ-02", "GRASSROOTS_CELL", "TINH-HAI", "Chi bộ Cơ quan Mẫu Hai 02", 13),
    ("HUYEN-C", "DISTRICT", "TINH-HAI", "Đảng bộ huyện Mẫu C", 3_500),
    ("HC-01", "GRASSROOTS_COMMITTEE", "HUYEN-C", "Đảng bộ xã Mẫu C1", 220),
    ("HC-02", "GRASSROOTS_COMMITTEE", "HUYEN-C", "Đảng bộ xã Mẫu C2", 205),
    ("HUYEN-D", "DISTRICT", "TINH-HAI", "Đảng bộ huyện Mẫu D", 4_000),
    ("HD-01", "GRASSROOTS_COMMITTEE", "HUYEN-D", "Đảng bộ xã Mẫu D1", 250),
    ("HD-02", "GRASSROOTS_COMMITTEE", "HUYEN-D", "Đảng bộ xã Mẫu D2", 230),
    ("HD-03", "GRASSROOTS_CELL", "HUYEN-D", "Chi bộ Trường Mẫu D3", 21),
];

/// Tells the sequel up to the stage's last day.
pub(super) async fn tell(stage: &mut Stage) -> Result<(), DemoError> {
    stage.on(date(2025, 1, 2), second_province).await?;
    stage.on(date(2025, 1, 6), plans_of_the_year).await?;
    stage.on(date(2025, 1, 15), first_work).await?;
    stage.on(date(2025, 1, 20), reorganizations::plan_the_end_of_the_bloc).await?;
    stage.on(date(2025, 2, 3), offices_of_the_new_committees).await?;
    stage.on(date(2025, 5, 20), spring).await?;
    stage.on(date(2025, 6, 16), reorganizations::plan_the_merger_of_the_provinces).await?;
    stage.on(date(2025, 7, 1), one_office).await
}

async fn second_province(stage: &mut Stage) -> Played {
    cast::establish(stage, "Đưa Đảng bộ tỉnh Mẫu Hai vào hệ thống (bản mẫu)", &SECOND_PROVINCE).await?;
    let office = ("tinh-uy-hai", "Văn phòng Tỉnh uỷ Mẫu Hai");
    cast::add_user(stage, Some(Player::SecondProvince), office, None, &cast::OFFICE, "TINH-HAI").await
}

/// Both provinces ask for a summary and a review; the bloc asks for congresses.
async fn plans_of_the_year(stage: &mut Stage) -> Played {
    for (player, document, issuer) in
        [(Player::Province, Document::YearPlan, "TINH"), (Player::SecondProvince, Document::SecondYearPlan, "TINH-HAI")]
    {
        stage.draft(player, document, plan_of_the_year(issuer)).await?;
        stage.issue(player, document, Some("25-KH/TU"), Vec::new()).await?;
    }
    stage.draft(Player::Bloc, Document::CongressPlan, congresses()).await?;
    stage.issue(Player::Bloc, Document::CongressPlan, Some("25-KH/ĐUK"), Vec::new()).await
}

fn plan_of_the_year(issuer: &str) -> DraftDirective {
    let summary = RequirementGiven {
        due_on: Some(date(2025, 6, 30)),
        due_text: Some("gửi trước ngày 01/7/2025".into()),
        ..requirement(RequirementKind::Report, "Báo cáo tổng kết việc thực hiện nghị quyết về tổ chức bộ máy", Reach::Children)
    };
    let review =
        requirement(RequirementKind::Implement, "Rà soát chức năng, nhiệm vụ và bàn giao hồ sơ của tổ chức đảng", Reach::Descendants);
    let review = RequirementGiven {
        due_on: Some(date(2025, 7, 31)),
        due_text: Some("xong trong tháng 7/2025".into()),
        scope: ScopeGiven { kinds: vec!["GRASSROOTS_COMMITTEE".into(), "GRASSROOTS_CELL".into()], ..review.scope },
        ..review
    };
    DraftDirective {
        requirements: vec![summary, review], ..draft(issuer, "PLAN", "Kế hoạch tổng kết, sắp xếp tổ chức bộ máy năm 2025")
    }
}

fn congresses() -> DraftDirective {
    let congress = RequirementGiven {
        due_on: Some(date(2025, 5, 31)),
        due_text: Some("hoàn thành trước ngày 01/6/2025".into()),
        ..requirement(RequirementKind::Implement, "Tổ chức đại hội chi bộ, đảng bộ trực thuộc nhiệm kỳ 2025-2030", Reach::Children)
    };
    DraftDirective {
        requirements: vec![congress],
        ..draft("KHOI-CQT", "PLAN", "Kế hoạch đại hội các chi, đảng bộ trực thuộc, tiến tới Đại hội Đảng bộ Khối lần thứ XVI")
    }
}

/// Some have begun, some wait for a decision, some are done: every state that a reorganization meets.
async fn first_work(stage: &mut Stage) -> Played {
    let congress = |unit| stage.duties((Document::CongressPlan, CONGRESS), &[unit]);
    let review = |unit| stage.duty((Document::YearPlan, REVIEW), unit);
    let (one, two) = (congress("CQ-01"), congress("CQ-02"));
    command::start_obligations(stage.office(), &stage.caller(Player::AgencyOne), StartObligations { obligations: one }).await?;
    command::acknowledge_obligations(stage.office(), &stage.caller(Player::AgencyTwo), AcknowledgeObligations { obligations: two }).await?;
    let told = ["CQ-08", "CQ-09"].map(|unit| work::on_paper(stage, (Document::CongressPlan, CONGRESS), unit, date(2025, 1, 14)));
    work::submit(stage, Player::Bloc, told.into()).await?;
    work::accept(stage, Player::Bloc, congress("CQ-08")).await?;
    let own = work::report(vec![review("CQ-02")], "Đã rà soát và lập biên bản bàn giao hồ sơ.");
    work::submit(stage, Player::AgencyTwo, vec![own]).await?;
    let districts = ["HA-01", "HB-01"].map(|unit| work::on_paper(stage, (Document::YearPlan, REVIEW), unit, date(2025, 1, 13)));
    work::submit(stage, Player::Province, districts.into()).await?;
    work::accept(stage, Player::Province, vec![review("HA-01")]).await
}

/// The bloc's grants ended with it (A1): who works for its heirs is given new ones.
async fn offices_of_the_new_committees(stage: &mut Stage) -> Played {
    pass_on(stage, Player::Bloc, "khoi", ("KHOI-CQT", "DB-CQD")).await?;
    cast::add_user(stage, None, ("uy-ban", "Văn phòng Đảng uỷ Uỷ ban nhân dân tỉnh Mẫu"), None, &cast::OFFICE, "DB-UBND").await
}

/// The office of the second province works for the whole of the new one.
async fn one_office(stage: &mut Stage) -> Played {
    pass_on(stage, Player::SecondProvince, "tinh-uy-hai", ("TINH-HAI", "TINH")).await
}

/// Gives who worked for a unit that has ended the same over another.
async fn pass_on(stage: &mut Stage, player: Player, user_name: &str, (from, to): (&str, &'static str)) -> Played {
    let Some(user) = stage.caller(player).principal else { return Ok(()) };
    stage.forget_accounts(from);
    for role in cast::OFFICE {
        cast::grant(stage, user.id, role, to).await?;
        cast::keep(stage, user_name, cast::PASSWORD, role, to);
    }
    Ok(())
}

/// The heirs of the bloc go on with what it had asked for: one congress is accepted by the new committee above.
async fn spring(stage: &mut Stage) -> Played {
    let congress = stage.duties((Document::CongressPlan, CONGRESS), &["CQ-01"]);
    let told = work::report(congress.clone(), "Đã tổ chức thành công đại hội đảng bộ nhiệm kỳ 2025-2030.");
    work::submit(stage, Player::AgencyOne, vec![told]).await?;
    work::accept(stage, Player::Bloc, congress).await?;
    let paper = ["HC-01", "HD-01"].map(|unit| work::on_paper(stage, (Document::SecondYearPlan, REVIEW), unit, date(2025, 5, 19)));
    work::submit(stage, Player::SecondProvince, paper.into()).await?;
    work::accept(stage, Player::SecondProvince, stage.duties((Document::SecondYearPlan, REVIEW), &["HC-01"])).await
}
