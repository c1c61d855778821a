//! What units do about the documents, and what becomes of their reports: some in time, some late, some waiting, one returned, one
//! exempt, one with a later date, and some silent.

use chidao_domain::day::Day;
use chidao_domain::directive::{DirectiveRef, RequirementKind};
use chidao_domain::obligation::{ObligationRef, ReadingInput};
use chidao_domain::scope::Reach;
use rust_decimal::Decimal;

use crate::command::{
    self, AcceptReports, AcknowledgeObligations, DraftDirective, ExemptObligations, ExtendDueDate, Extended, ReportGiven, RequirementGiven,
    ReturnReport, StartObligations, SubmitReports,
};
use crate::demo::cast::Player;
use crate::demo::documents::{self, ADMITTED, GOOD, RATED, requirement};
use crate::demo::plan::{ATTENDED, CARRY_OUT, CONFERENCE, EMULATION, OWN_PROGRAMME};
use crate::demo::stage::{Document, Played, Stage, date};

/// The ordinals of the orientation's topics that have a date, and of the standing duty.
const ASSEMBLY: u32 = 2;
const COUNCIL: u32 = 3;
const EPIDEMIC: u32 = 5;
const OPINION: u32 = 6;

/// Who tells in time, on paper, that it has spread the results of the National Assembly; agencies 09 and 10 tell it late, agencies 06, 13
/// and 14 and a cell of agency 05 not at all.
#[rustfmt::skip]
const SPREAD_IN_TIME: [&str; 22] = [
    "CQ-01-3", "CQ-01-4", "CQ-03", "CQ-03-1", "CQ-03-2", "CQ-03-3", "CQ-04", "CQ-05", "CQ-05-1", "CQ-05-BP", "CQ-05-BP-2", "CQ-07", "CQ-08",
    "CQ-08-1", "CQ-08-2", "CQ-10-1", "CQ-10-2", "CQ-10-3", "CQ-11", "CQ-12", "CQ-12-1", "CQ-12-2",
];

/// Who tells in time, on paper, that it has spoken of the action programme; cells of agency 01 tell it themselves, agency 07 late, a cell
/// of agency 12 and agency 13 not at all.
#[rustfmt::skip]
const SPOKEN_IN_TIME: [&str; 18] = [
    "CQ-01-3", "CQ-01-4", "CQ-02", "CQ-03-1", "CQ-03-2", "CQ-03-3", "CQ-04", "CQ-05-1", "CQ-05-BP-1", "CQ-05-BP-2", "CQ-08-1", "CQ-08-2", "CQ-09",
    "CQ-10-1", "CQ-10-2", "CQ-10-3", "CQ-12-1", "CQ-14",
];

/// A report on some duties of one unit, without evidence and figures.
pub(super) fn report(obligations: Vec<ObligationRef>, narrative: &str) -> ReportGiven {
    ReportGiven {
        obligations,
        held_on: None,
        received_on: None,
        directive: None,
        narrative: narrative.into(),
        readings: Vec::new(),
        expected_version: None,
    }
}

fn readings(figures: &[(&str, i64)]) -> Vec<ReadingInput> {
    figures.iter().map(|(key, value)| ReadingInput { key: (*key).into(), value: Decimal::from(*value) }).collect()
}

/// Sends reports.
pub(super) async fn submit(stage: &Stage, player: Player, reports: Vec<ReportGiven>) -> Played {
    command::submit_reports(stage.office(), &stage.caller(player), SubmitReports { reports, on_behalf_of: None }).await?;
    Ok(())
}

/// Accepts reports that wait.
pub(super) async fn accept(stage: &Stage, player: Player, obligations: Vec<ObligationRef>) -> Played {
    command::accept_reports(
        stage.office(),
        &stage.caller(player),
        AcceptReports { obligations, expected_versions: Vec::new(), on_behalf_of: None },
    )
    .await?;
    Ok(())
}

/// The first who report on the orientation do it themselves; one report may serve several duties.
pub(super) async fn first_reports(stage: &mut Stage) -> Played {
    let topics = |unit: &str, topics: &[u32]| topics.iter().map(|topic| stage.duty((Document::Orientation, *topic), unit)).collect();
    let one = vec![
        report(topics("CQ-01", &[ASSEMBLY, COUNCIL]), "Đã tuyên truyền trên bảng tin và cổng thông tin nội bộ."),
        report(topics("CQ-01-1", &[ASSEMBLY]), "Đã thông tin tại buổi sinh hoạt chi bộ."),
        report(topics("CQ-01-2", &[ASSEMBLY]), "Đã thông tin tại buổi sinh hoạt chi bộ."),
    ];
    let two = vec![report(topics("CQ-02", &[ASSEMBLY, COUNCIL, EPIDEMIC]), "Đã tuyên truyền tại cuộc họp cơ quan.")];
    submit(stage, Player::AgencyOne, one).await?;
    submit(stage, Player::AgencyTwo, two).await
}

/// Two units have held their conference.
pub(super) async fn first_conferences(stage: &mut Stage) -> Played {
    let held = |unit: &str, held_on: Day, attended: i64| ReportGiven {
        held_on: Some(held_on),
        readings: readings(&[(ATTENDED, attended)]),
        ..report(vec![stage.duty((Document::Plan, CONFERENCE), unit)], "Đã tổ chức hội nghị học tập cho toàn thể cán bộ, đảng viên.")
    };
    submit(stage, Player::AgencyOne, vec![held("CQ-01", date(2020, 12, 12), 81)]).await?;
    submit(stage, Player::AgencyTwo, vec![held("CQ-02", date(2020, 12, 14), 17)]).await?;
    let opinion = stage.duties((Document::Orientation, OPINION), &["CQ-01"]);
    let summary = "Dư luận quan tâm công tác chuẩn bị Đại hội XIII và phòng, chống dịch; tư tưởng cán bộ, đảng viên ổn định.";
    submit(stage, Player::AgencyOne, vec![report(opinion, summary)]).await
}

/// Reports come on paper: the bloc's office enters them with the day on which they came.
pub(super) async fn paper_in_time(stage: &mut Stage) -> Played {
    accept(stage, Player::Bloc, stage.duties((Document::Plan, CONFERENCE), &["CQ-01", "CQ-02"])).await?;
    accept(stage, Player::Bloc, stage.duties((Document::Orientation, OPINION), &["CQ-01"])).await?;
    let reports = SPREAD_IN_TIME.map(|unit| on_paper(stage, (Document::Orientation, ASSEMBLY), unit, date(2020, 12, 15))).into();
    submit(stage, Player::Bloc, reports).await?;
    let council = vec![on_paper(stage, (Document::Orientation, COUNCIL), "CQ-03", date(2020, 12, 14))];
    submit(stage, Player::Bloc, council).await?;
    let talks = stage.duties((Document::BlocProgramme, 1), &["CQ-01-1", "CQ-01-2"]);
    let talks = talks.into_iter().map(|duty| report(vec![duty], "Đã đưa vào sinh hoạt chi bộ.")).collect();
    submit(stage, Player::AgencyOne, talks).await?;
    accept(stage, Player::Bloc, stage.duties((Document::BlocProgramme, 1), &["CQ-01-1", "CQ-01-2"])).await
}

/// A report that came on paper on a day: who may enter it says which.
pub(super) fn on_paper(stage: &Stage, of: (Document, u32), unit: &str, received_on: Day) -> ReportGiven {
    ReportGiven { received_on: Some(received_on), ..report(vec![stage.duty(of, unit)], "Báo cáo bằng văn bản giấy.") }
}

/// The emulation movement is launched; two more units have held their conference, and told it on paper.
pub(super) async fn movement(stage: &mut Stage) -> Played {
    let plan = stage.directive(Document::Plan);
    stage.draft(Player::Bloc, Document::Movement, documents::movement(plan)).await?;
    stage.issue(Player::Bloc, Document::Movement, Some("01-PTTĐ/ĐUK"), Vec::new()).await?;
    let held = [("CQ-03", 58), ("CQ-04", 14)].map(|(unit, attended)| ReportGiven {
        held_on: Some(date(2020, 12, 15)),
        readings: readings(&[(ATTENDED, attended)]),
        ..on_paper(stage, (Document::Plan, CONFERENCE), unit, date(2020, 12, 16))
    });
    submit(stage, Player::Bloc, held.into()).await?;
    accept(stage, Player::Bloc, stage.duties((Document::Plan, CONFERENCE), &["CQ-03", "CQ-04"])).await
}

/// Two agencies issue their own action programmes, which is their report; a district does it too late, and sends a copy.
pub(super) async fn own_programmes(stage: &mut Stage) -> Played {
    let above = [stage.directive(Document::Plan), stage.directive(Document::BlocProgramme)];
    let cells = RequirementGiven {
        due_on: Some(date(2020, 12, 31)),
        ..requirement(RequirementKind::Implement, "Đăng ký phần việc thực hiện chương trình hành động", Reach::Children)
    };
    let one = documents::own_programme("CQ-01", "Đảng uỷ Cơ quan Mẫu 01", &above);
    let one = DraftDirective { requirements: vec![cells], ..one };
    let two = documents::own_programme("CQ-02", "Chi bộ Cơ quan Mẫu 02", &above);
    for (player, number, unit, symbol, draft) in
        [(Player::AgencyOne, 1, "CQ-01", "01-CTr/ĐU", one), (Player::AgencyTwo, 2, "CQ-02", "01-CTr/CB", two)]
    {
        stage.draft(player, Document::AgencyProgramme(number), draft).await?;
        let asked = stage.duties((Document::Plan, OWN_PROGRAMME), &[unit]);
        stage.issue(player, Document::AgencyProgramme(number), Some(symbol), asked).await?;
    }
    accept(stage, Player::Bloc, stage.duties((Document::Plan, OWN_PROGRAMME), &["CQ-01"])).await?;
    let programme = stage.directive(Document::Programme);
    let district = documents::own_programme("HUYEN-A", "Huyện uỷ Mẫu A", &[programme]);
    stage.draft(Player::Province, Document::DistrictProgramme, district).await?;
    stage.issue(Player::Province, Document::DistrictProgramme, Some("01-CTr/HU"), Vec::new()).await?;
    let copy = ReportGiven {
        directive: Some(DirectiveRef::Id(stage.directive(Document::DistrictProgramme))),
        ..on_paper(stage, (Document::Programme, 1), "HUYEN-A", date(2020, 12, 17))
    };
    submit(stage, Player::Province, vec![copy]).await?;
    accept(stage, Player::Province, stage.duties((Document::Programme, 1), &["HUYEN-A"])).await?;
    let late = ["CQ-09", "CQ-10"].map(|unit| on_paper(stage, (Document::Orientation, ASSEMBLY), unit, date(2020, 12, 17))).into();
    submit(stage, Player::Bloc, late).await
}

/// Figures towards the targets of both congresses; agency 01 begins to carry its programme out, and agency 02 has read that it must.
pub(super) async fn figures(stage: &mut Stage) -> Played {
    let told = |unit: &str, figures: [i64; 3]| ReportGiven {
        readings: readings(&[(ADMITTED, figures[0]), (GOOD, figures[1]), (RATED, figures[2])]),
        ..report(vec![stage.duty((Document::Plan, EMULATION), unit)], "Đã phát động thi đua và có kết quả bước đầu.")
    };
    submit(stage, Player::AgencyOne, vec![told("CQ-01", [5, 4, 5])]).await?;
    submit(stage, Player::AgencyTwo, vec![told("CQ-02", [2, 1, 1])]).await?;
    let paper = ReportGiven { received_on: Some(date(2020, 12, 18)), ..told("CQ-03", [4, 3, 4]) };
    submit(stage, Player::Bloc, vec![paper]).await?;
    let carry_out = |unit| stage.duties((Document::Plan, CARRY_OUT), &[unit]);
    let (one, two) = (carry_out("CQ-01"), carry_out("CQ-02"));
    command::start_obligations(stage.office(), &stage.caller(Player::AgencyOne), StartObligations { obligations: one }).await?;
    command::acknowledge_obligations(stage.office(), &stage.caller(Player::AgencyTwo), AcknowledgeObligations { obligations: two }).await?;
    let opinion = stage.duties((Document::Orientation, OPINION), &["CQ-02"]);
    submit(stage, Player::AgencyTwo, vec![report(opinion, "Dư luận đồng tình với kết quả kỳ họp; quan tâm giá cả dịp cuối năm.")]).await?;
    let held = ["CQ-05", "CQ-06"].map(|unit| on_paper(stage, (Document::Plan, CONFERENCE), unit, date(2020, 12, 18)));
    submit(stage, Player::Bloc, held.into()).await
}

/// The bloc decides: accepts, returns, exempts, gives a later date; agency 05 still waits.
pub(super) async fn decisions(stage: &mut Stage) -> Played {
    let bloc = stage.caller(Player::Bloc);
    accept(stage, Player::Bloc, stage.duties((Document::Plan, EMULATION), &["CQ-01", "CQ-02", "CQ-03"])).await?;
    let back = ReturnReport {
        obligation: stage.duty((Document::Plan, CONFERENCE), "CQ-06"),
        reason: "Mới tổ chức cho cấp uỷ; cần tổ chức cho toàn thể cán bộ, đảng viên.".into(),
        new_due_on: None,
        expected_version: None,
        on_behalf_of: None,
    };
    command::return_report(stage.office(), &bloc, back).await?;
    let excused = ExemptObligations {
        obligations: stage.duties((Document::Plan, CONFERENCE), &["CQ-07"]),
        reason: "Toàn bộ đảng viên được cử đi học tập tập trung tại tỉnh.".into(),
        expected_versions: Vec::new(),
        on_behalf_of: None,
    };
    command::exempt_obligations(stage.office(), &bloc, excused).await?;
    let later = ExtendDueDate {
        what: Extended::Obligations { refs: stage.duties((Document::Plan, CONFERENCE), &["CQ-08"]), expected_versions: Vec::new() },
        due_on: date(2021, 1, 15),
        reason: "Đơn vị đang cách ly phòng, chống dịch.".into(),
        on_behalf_of: None,
    };
    command::extend_due_date(stage.office(), &bloc, later).await?;
    spoken_of(stage).await
}

/// The report of agency 11 still waits.
async fn spoken_of(stage: &Stage) -> Played {
    let told = |unit: &str, day: u32| on_paper(stage, (Document::BlocProgramme, 1), unit, date(2020, 12, day));
    submit(stage, Player::Bloc, SPOKEN_IN_TIME.map(|unit| told(unit, 18)).into()).await?;
    submit(stage, Player::Bloc, vec![told("CQ-11", 18), told("CQ-07", 19)]).await?;
    accept(stage, Player::Bloc, stage.duties((Document::BlocProgramme, 1), &SPOKEN_IN_TIME)).await?;
    accept(stage, Player::Bloc, stage.duties((Document::BlocProgramme, 1), &["CQ-07"])).await
}

/// Agency 01 registers for the movement; one of its cells has its part.
pub(super) async fn last_day(stage: &mut Stage) -> Played {
    let register = vec![report(stage.duties((Document::Movement, 1), &["CQ-01"]), "Đăng ký đủ nội dung và chỉ tiêu thi đua.")];
    submit(stage, Player::AgencyOne, register).await
}
