//! What the documents of the story say, but for the bloc's plan.

use chidao_domain::directive::{
    Aggregation, DirectiveRef, GoalDirection, IssuingBody, Recurrence, RelationKind, RequirementKind, Verification,
};
use chidao_domain::ids::DirectiveId;
use chidao_domain::scope::Reach;
use rust_decimal::Decimal;

use crate::command::{DraftDirective, IndicatorGiven, RelationGiven, RequirementGiven, ScopeGiven};
use crate::demo::stage::{code, date};

/// The term of both congresses.
pub(super) const TERM: &str = "2020-2025";

/// The key of the figure that both congresses set a goal for: members admitted to the party.
pub(super) const ADMITTED: &str = "ket-nap";
/// The key of a ratio: organizations that fulfil their task well …
pub(super) const GOOD: &str = "hoan-thanh-tot";
/// … of those that are rated.
pub(super) const RATED: &str = "duoc-xep-loai";

/// A draft of a committee, without relations and requirements.
pub(super) fn draft(issuer: &str, kind: &str, title: &str) -> DraftDirective {
    DraftDirective {
        issuer: code(issuer),
        kind: kind.into(),
        issuing_body: IssuingBody::Committee,
        title: title.into(),
        summary: None,
        body: None,
        term: Some(TERM.into()),
        relations: Vec::new(),
        requirements: Vec::new(),
        external_ids: Vec::new(),
    }
}

/// What carries out each of these directives.
pub(super) fn implements(directives: &[DirectiveId]) -> Vec<RelationGiven> {
    let relation = |id: &DirectiveId| RelationGiven { kind: RelationKind::Implements, to: DirectiveRef::Id(*id), note: None };
    directives.iter().map(relation).collect()
}

/// A requirement without a date, that the superior verifies.
pub(super) fn requirement(kind: RequirementKind, title: &str, reach: Reach) -> RequirementGiven {
    RequirementGiven {
        kind,
        title: title.into(),
        detail: None,
        due_on: None,
        due_text: None,
        recurrence: Recurrence::None,
        period: None,
        first_period: None,
        due_days_after_period: None,
        scope: ScopeGiven {
            anchor: None,
            reach,
            kinds: Vec::new(),
            include: Vec::new(),
            except: Vec::new(),
            except_subtrees: Vec::new(),
            may_be_empty: false,
        },
        verification: Verification::Superior,
        gate_share: None,
        after: Vec::new(),
        informative: false,
        binds_late_units: true,
        late_grace_days: 30,
        indicators: Vec::new(),
    }
}

/// A figure that is added up.
pub(super) fn sum(key: &str, label: &str, unit_of_measure: &str) -> IndicatorGiven {
    IndicatorGiven {
        key: key.into(),
        label: label.into(),
        unit_of_measure: Some(unit_of_measure.into()),
        aggregation: Aggregation::Sum,
        ratio_over: None,
        goal: None,
        goal_direction: None,
        goals: Vec::new(),
        required: false,
        may_be_negative: false,
    }
}

/// The figures that both congresses set goals for: members admitted, at least so many, and the share of organizations that fulfil their
/// task well.
pub(super) fn figures(admitted: i64, parts: &[(&str, i64)], good: Decimal) -> Vec<IndicatorGiven> {
    let goals = parts.iter().map(|(unit, part)| (code(unit), Decimal::from(*part))).collect();
    let at_least = Some(GoalDirection::AtLeast);
    let rated = sum(RATED, "Số tổ chức đảng được xếp loại", "tổ chức đảng");
    let well = sum(GOOD, "Tỷ lệ tổ chức đảng hoàn thành tốt nhiệm vụ trở lên", "tổ chức đảng");
    vec![
        IndicatorGiven {
            goal: Some(Decimal::from(admitted)),
            goal_direction: at_least,
            goals,
            ..sum(ADMITTED, "Số đảng viên mới được kết nạp", "đảng viên")
        },
        IndicatorGiven {
            aggregation: Aggregation::Ratio,
            ratio_over: Some(RATED.into()),
            goal: Some(good),
            goal_direction: at_least,
            ..well
        },
        rated,
    ]
}

/// The resolution of the bloc's congress XV.
pub(super) fn bloc_resolution() -> DraftDirective {
    let targets = RequirementGiven {
        due_on: Some(date(2021, 1, 14)),
        due_text: Some("báo cáo kết quả năm 2020 trước ngày 15/01/2021".into()),
        indicators: figures(40, &[], Decimal::new(85, 2)),
        ..requirement(RequirementKind::Target, "Phấn đấu đạt các chỉ tiêu Đại hội Đảng bộ Khối lần thứ XV", Reach::Children)
    };
    DraftDirective {
        issuing_body: IssuingBody::Congress,
        requirements: vec![targets],
        ..draft("KHOI-CQT", "RESOLUTION", "Nghị quyết Đại hội Đảng bộ Khối các cơ quan tỉnh lần thứ XV, nhiệm kỳ 2020-2025")
    }
}

/// The resolution of the province's congress XX; it binds the line directly below.
pub(super) fn resolution() -> DraftDirective {
    let parts = [("KHOI-CQT", 30), ("HUYEN-A", 90), ("HUYEN-B", 80)];
    let targets = RequirementGiven {
        due_on: Some(date(2021, 1, 14)),
        due_text: Some("báo cáo kết quả năm 2020 trước ngày 15/01/2021".into()),
        indicators: figures(200, &parts, Decimal::new(8, 1)),
        ..requirement(RequirementKind::Target, "Phấn đấu đạt các chỉ tiêu Đại hội Đảng bộ tỉnh lần thứ XX", Reach::Children)
    };
    DraftDirective {
        issuing_body: IssuingBody::Congress,
        requirements: vec![targets],
        ..draft("TINH", "RESOLUTION", "Nghị quyết Đại hội đại biểu Đảng bộ tỉnh lần thứ XX, nhiệm kỳ 2020-2025")
    }
}

/// The province's action programme: each unit directly below draws up its own.
pub(super) fn programme(resolution: DirectiveId) -> DraftDirective {
    let own = RequirementGiven {
        due_on: Some(date(2020, 12, 15)),
        due_text: Some("hoàn thành chậm nhất ngày 15/12/2020".into()),
        ..requirement(RequirementKind::Document, "Xây dựng chương trình hành động của cấp mình", Reach::Children)
    };
    DraftDirective {
        relations: implements(&[resolution]),
        requirements: vec![own],
        ..draft("TINH", "PROGRAMME", "Chương trình hành động thực hiện Nghị quyết Đại hội Đảng bộ tỉnh lần thứ XX")
    }
}

/// The bloc's action programme: every cell of the bloc speaks of it in its meeting.
pub(super) fn bloc_programme(above: &[DirectiveId]) -> DraftDirective {
    let talk =
        requirement(RequirementKind::Implement, "Đưa nội dung chương trình hành động vào sinh hoạt chi bộ tháng 12", Reach::Descendants);
    let talk = RequirementGiven {
        due_on: Some(date(2020, 12, 18)),
        due_text: Some("trong kỳ sinh hoạt chi bộ tháng 12/2020, chậm nhất ngày 18/12".into()),
        scope: ScopeGiven { kinds: vec!["GRASSROOTS_CELL".into(), "CELL".into()], ..talk.scope },
        ..talk
    };
    DraftDirective {
        relations: implements(above),
        requirements: vec![talk],
        summary: Some("Dự thảo được góp ý tại hội nghị cán bộ chủ chốt ngày 04/12/2020.".into()),
        ..draft("KHOI-CQT", "PROGRAMME", "Chương trình hành động của Đảng uỷ Khối thực hiện Nghị quyết Đại hội Đảng bộ tỉnh lần thứ XX")
    }
}

/// The orientation of propaganda for December 2020: five topics, and the standing duty on public opinion.
pub(super) fn orientation() -> DraftDirective {
    let topic = |title: &str, due_on| RequirementGiven {
        due_on,
        period: Some("2020-12".into()),
        verification: Verification::Itself,
        ..requirement(RequirementKind::Propagate, title, Reach::Descendants)
    };
    let opinion = RequirementGiven {
        period: Some("2020-12".into()),
        informative: true,
        detail: Some("Đơn vị tổng hợp chung các vấn đề dư luận quan tâm; không nêu tên hay thông tin về cá nhân.".into()),
        ..requirement(RequirementKind::Report, "Nắm bắt, tổng hợp và báo cáo tình hình dư luận xã hội", Reach::Descendants)
    };
    DraftDirective {
        requirements: vec![
            topic("Tuyên truyền hướng tới Đại hội đại biểu toàn quốc lần thứ XIII của Đảng", None),
            topic("Tuyên truyền kết quả kỳ họp thứ 10, Quốc hội khóa XIV", Some(date(2020, 12, 15))),
            topic("Tuyên truyền kỳ họp thứ 12, Hội đồng nhân dân tỉnh khóa XIII", Some(date(2020, 12, 25))),
            topic("Tuyên truyền kết quả thực hiện nhiệm vụ chính trị năm 2020", Some(date(2020, 12, 31))),
            topic("Tuyên truyền công tác phòng, chống dịch COVID-19", None),
            opinion,
        ],
        ..draft("KHOI-CQT", "PROPAGANDA_ORIENTATION", "Định hướng công tác tuyên truyền tháng 12 năm 2020")
    }
}

/// The emulation movement that the plan asks for, for the bloc as a whole.
pub(super) fn movement(plan: DirectiveId) -> DraftDirective {
    let register = RequirementGiven {
        due_on: Some(date(2020, 12, 25)),
        verification: Verification::Itself,
        ..requirement(RequirementKind::Emulation, "Đăng ký nội dung và chỉ tiêu thi đua", Reach::Children)
    };
    DraftDirective {
        relations: implements(&[plan]),
        requirements: vec![register],
        ..draft("KHOI-CQT", "EMULATION_MOVEMENT", "Phong trào thi đua thực hiện thắng lợi nghị quyết đại hội đảng các cấp")
    }
}

/// The action programme of a unit that was asked for one.
pub(super) fn own_programme(issuer: &str, called: &str, above: &[DirectiveId]) -> DraftDirective {
    let title = format!("Chương trình hành động của {called}");
    DraftDirective { relations: implements(above), ..draft(issuer, "PROGRAMME", &title) }
}
