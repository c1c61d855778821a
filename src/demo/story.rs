//! The story, day by day: from the congresses to the plan. What units do about it stands in `work`.

use chidao_domain::directive::CommentDecision;
use chidao_domain::ids::CommentId;

use crate::command::{self, AnswerComment, CommentOnDraft, ReviseDraft, StepGiven};
use crate::demo::DemoError;
use crate::demo::LAST_DAY;
use crate::demo::cast::{self, Player};
use crate::demo::documents;
use crate::demo::plan;
use crate::demo::sequel;
use crate::demo::stage::{Document, Played, Stage, code, date};
use crate::demo::work;

/// Tells the story and its sequel up to the stage's last day.
pub(super) async fn tell(stage: &mut Stage) -> Result<(), DemoError> {
    stage.play(cast::found).await?;
    stage.on(date(2020, 8, 14), bloc_congress).await?;
    stage.on(date(2020, 10, 16), provincial_congress).await?;
    stage.on(date(2020, 11, 20), provincial_programme).await?;
    stage.on(date(2020, 11, 27), draft_of_the_bloc).await?;
    let mut remarks = Vec::new();
    stage.on(date(2020, 12, 4), async |stage| conference_of_key_cadres(stage, &mut remarks).await).await?;
    stage.on(date(2020, 12, 7), async |stage| answers(stage, &remarks).await).await?;
    stage.on(date(2020, 12, 9), bloc_programme).await?;
    stage.on(date(2020, 12, 10), bloc_plan).await?;
    stage.on(date(2020, 12, 11), work::first_reports).await?;
    stage.on(date(2020, 12, 14), work::first_conferences).await?;
    stage.on(date(2020, 12, 15), work::paper_in_time).await?;
    stage.on(date(2020, 12, 16), work::movement).await?;
    stage.on(date(2020, 12, 17), work::own_programmes).await?;
    stage.on(date(2020, 12, 18), work::figures).await?;
    stage.on(date(2020, 12, 19), work::decisions).await?;
    stage.on(LAST_DAY, work::last_day).await?;
    sequel::tell(stage).await?;
    stage.play(cast::complete).await
}

async fn bloc_congress(stage: &mut Stage) -> Played {
    stage.draft(Player::Bloc, Document::BlocResolution, documents::bloc_resolution()).await?;
    stage.issue(Player::Bloc, Document::BlocResolution, None, Vec::new()).await
}

async fn provincial_congress(stage: &mut Stage) -> Played {
    stage.draft(Player::Province, Document::Resolution, documents::resolution()).await?;
    stage.issue(Player::Province, Document::Resolution, None, Vec::new()).await?;
    cast::elect_secretary(stage).await
}

async fn provincial_programme(stage: &mut Stage) -> Played {
    let resolution = stage.directive(Document::Resolution);
    stage.draft(Player::Province, Document::Programme, documents::programme(resolution)).await?;
    stage.issue(Player::Province, Document::Programme, Some("01-CTr/TU"), Vec::new()).await
}

async fn draft_of_the_bloc(stage: &mut Stage) -> Played {
    let above = [Document::Resolution, Document::Programme, Document::BlocResolution].map(|above| stage.directive(above));
    stage.draft(Player::Bloc, Document::BlocProgramme, documents::bloc_programme(&above)).await?;
    let step = step(stage, Document::BlocProgramme, "Lấy ý kiến tại hội nghị cán bộ chủ chốt ngày 04/12/2020");
    command::open_consultation(stage.office(), &stage.caller(Player::Bloc), step).await?;
    Ok(())
}

/// Delegates study both documents from above and comment on the draft of the bloc's; the office writes down what is said.
async fn conference_of_key_cadres(stage: &mut Stage, remarks: &mut Vec<CommentId>) -> Played {
    let said = [
        (Player::AgencyOne, "CQ-01", "Đề nghị phân công rõ cơ quan chủ trì và thời hạn cho từng nhiệm vụ."),
        (Player::AgencyTwo, "CQ-02", "Đề nghị nâng chỉ tiêu kết nạp đảng viên và giảm số lượng báo cáo định kỳ."),
        (Player::Bloc, "CQ-05", "Đề nghị bỏ chỉ tiêu về tỷ lệ tổ chức đảng hoàn thành tốt nhiệm vụ."),
    ];
    for (player, unit, body) in said {
        let comment = CommentOnDraft { directive: stage.directive(Document::BlocProgramme), unit: code(unit), body: body.into() };
        let done = command::comment_on_draft(stage.office(), &stage.caller(player), comment).await?.output;
        remarks.push(CommentId(done.comment));
    }
    stage.draft(Player::Bloc, Document::Orientation, documents::orientation()).await?;
    stage.issue(Player::Bloc, Document::Orientation, Some("12-ĐHTT/ĐUK"), Vec::new()).await
}

/// What is taken up goes into the text once it may change again.
async fn answers(stage: &mut Stage, remarks: &[CommentId]) -> Played {
    let answers = [
        (CommentDecision::Accepted, None),
        (CommentDecision::Partly, Some("Giảm báo cáo định kỳ; giữ chỉ tiêu kết nạp đảng viên như nghị quyết đại hội.")),
        (CommentDecision::Declined, Some("Chỉ tiêu do Đại hội Đảng bộ Khối lần thứ XV quyết định.")),
    ];
    for (comment, (decision, reason)) in remarks.iter().zip(answers) {
        let answer = AnswerComment { comment: *comment, decision, reason: reason.map(str::to_owned) };
        command::answer_comment(stage.office(), &stage.caller(Player::Bloc), answer).await?;
    }
    let step = step(stage, Document::BlocProgramme, "Đã tiếp thu, giải trình các ý kiến góp ý");
    command::close_consultation(stage.office(), &stage.caller(Player::Bloc), step).await?;
    let body = "Mỗi nhiệm vụ có cơ quan chủ trì và thời hạn. Báo cáo định kỳ theo quý.";
    command::revise_draft(stage.office(), &stage.caller(Player::Bloc), another_body(stage, Document::BlocProgramme, body)).await?;
    Ok(())
}

/// Issuing it is the report on what the province asked of the bloc.
async fn bloc_programme(stage: &mut Stage) -> Played {
    let asked = stage.duties((Document::Programme, 1), &["KHOI-CQT"]);
    stage.issue(Player::Bloc, Document::BlocProgramme, Some("01-CTr/ĐUK"), asked).await
}

async fn bloc_plan(stage: &mut Stage) -> Played {
    work::accept(stage, Player::Province, stage.duties((Document::Programme, 1), &["KHOI-CQT"])).await?;
    let above = [Document::Resolution, Document::BlocResolution, Document::Programme, Document::BlocProgramme];
    let above = above.map(|above| stage.directive(above));
    stage.draft(Player::Bloc, Document::Plan, plan::plan(&above)).await?;
    stage.issue(Player::Bloc, Document::Plan, Some("02-KH/ĐUK"), Vec::new()).await
}

fn another_body(stage: &Stage, document: Document, body: &str) -> ReviseDraft {
    ReviseDraft {
        directive: stage.directive(document),
        kind: None,
        issuing_body: None,
        title: None,
        summary: None,
        body: Some(Some(body.into())),
        term: None,
        relations: None,
        requirements: None,
        external_ids: None,
        expected_version: None,
    }
}

fn step(stage: &Stage, document: Document, reason: &str) -> StepGiven {
    StepGiven { directive: stage.directive(document), reason: Some(reason.into()), expected_version: None }
}
