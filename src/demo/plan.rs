//! The bloc's plan: what each cell and committee directly below the bloc has to do.

use chidao_domain::directive::RequirementKind;
use chidao_domain::ids::DirectiveId;
use chidao_domain::scope::Reach;
use rust_decimal::Decimal;

use crate::command::{DraftDirective, IndicatorGiven, RequirementGiven};
use crate::demo::documents::{draft, figures, implements, requirement, sum};
use crate::demo::stage::date;

/// The ordinal of the study conference.
pub(super) const CONFERENCE: u32 = 1;
/// The ordinal of the unit's own action programme.
pub(super) const OWN_PROGRAMME: u32 = 2;
/// The ordinal of carrying it out.
pub(super) const CARRY_OUT: u32 = 3;
/// The ordinal of the emulation movements.
pub(super) const EMULATION: u32 = 4;

/// The key of how many attended the conference.
pub(super) const ATTENDED: &str = "du-hoc";

/// The plan.
pub(super) fn plan(above: &[DirectiveId]) -> DraftDirective {
    DraftDirective {
        relations: implements(above),
        requirements: vec![conference(), own_programme(), carry_out(), emulation()],
        ..draft("KHOI-CQT", "PLAN", "Kế hoạch tổ chức học tập, quán triệt và thực hiện nghị quyết, chương trình hành động")
    }
}

fn conference() -> RequirementGiven {
    RequirementGiven {
        detail: Some("Các chi, đảng bộ trực thuộc tổ chức hội nghị cho toàn thể cán bộ, đảng viên.".into()),
        due_on: Some(date(2020, 12, 30)),
        due_text: Some("xong trước ngày 31/12/2020".into()),
        indicators: vec![sum(ATTENDED, "Số cán bộ, đảng viên dự học tập", "người")],
        ..requirement(RequirementKind::Study, "Tổ chức hội nghị học tập, quán triệt cho cán bộ, đảng viên", Reach::Children)
    }
}

/// It has no date of its own, and comes after the conference.
fn own_programme() -> RequirementGiven {
    RequirementGiven {
        detail: Some("Sát với nhiệm vụ chính trị của cơ quan, đơn vị.".into()),
        after: vec![1],
        ..requirement(RequirementKind::Document, "Xây dựng chương trình hành động của đơn vị", Reach::Children)
    }
}

fn carry_out() -> RequirementGiven {
    requirement(RequirementKind::Implement, "Tổ chức thực hiện chương trình hành động", Reach::Children)
}

/// Towards the targets of both congresses: their figures are shared by key, and the goal is split down to units.
fn emulation() -> RequirementGiven {
    #[rustfmt::skip]
    let parts = [
        ("CQ-01", 6), ("CQ-02", 2), ("CQ-03", 5), ("CQ-04", 1), ("CQ-05", 7), ("CQ-06", 3), ("CQ-07", 1),
        ("CQ-08", 4), ("CQ-09", 1), ("CQ-10", 5), ("CQ-11", 1), ("CQ-12", 3), ("CQ-13", 1), ("CQ-14", 2),
    ];
    let mut indicators: Vec<IndicatorGiven> = figures(40, &parts, Decimal::new(85, 2));
    if let Some(admitted) = indicators.first_mut() {
        admitted.required = true;
    }
    RequirementGiven {
        indicators,
        ..requirement(RequirementKind::Emulation, "Phát động phong trào thi đua hướng tới chỉ tiêu của hai đại hội", Reach::Children)
    }
}
