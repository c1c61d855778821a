//! The registers of kinds: of units, with their dated rules of placement (O1), and of directives (D3).

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::prelude::Date as NaiveDate;

use crate::column::{date, integer, text};

/// The registers of kinds: of units, with their dated rules of placement (O1), and of directives (D3).
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [org_unit_kind(), placement_rule(), directive_kind()] {
            manager.create_table(table).await?;
        }
        manager.exec_stmt(org_unit_kinds()?).await?;
        manager.exec_stmt(placement_rules()?).await?;
        manager.exec_stmt(directive_kinds()?).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["directive_kind", "placement_rule", "org_unit_kind"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn org_unit_kind() -> TableCreateStatement {
    Table::create()
        .table("org_unit_kind")
        .col(text("code").not_null())
        .col(text("name_vi").not_null())
        .col(text("name_en").not_null())
        .col(integer("rank").not_null())
        .primary_key(Index::create().col("code"))
        .to_owned()
}

fn placement_rule() -> TableCreateStatement {
    Table::create()
        .table("placement_rule")
        .col(text("kind_code").not_null())
        .col(text("parent_code").not_null())
        .col(date("valid_from").not_null())
        .col(date("valid_to").null())
        .primary_key(Index::create().col("kind_code").col("parent_code").col("valid_from"))
        .foreign_key(
            ForeignKey::create().name("fk_placement_rule_kind_code").from("placement_rule", "kind_code").to("org_unit_kind", "code"),
        )
        .to_owned()
}

fn directive_kind() -> TableCreateStatement {
    Table::create()
        .table("directive_kind")
        .col(text("code").not_null())
        .col(text("name_vi").not_null())
        .col(text("name_en").not_null())
        .col(text("abbreviation").not_null())
        .col(integer("ordinal").not_null())
        .primary_key(Index::create().col("code"))
        .to_owned()
}

/// Code, Vietnamese name, English name, rank: the table of O1.
const ORG_UNIT_KINDS: [(&str, &str, &str, i32); 9] = [
    ("CENTRAL", "Trung ương", "Central committee", 10),
    ("PROVINCIAL", "Đảng bộ tỉnh, thành phố", "Provincial party organization", 20),
    ("BLOC", "Đảng bộ khối", "Bloc party organization", 30),
    ("DISTRICT", "Đảng bộ huyện, quận, thị xã", "District party organization", 40),
    ("COMMUNE", "Đảng bộ xã, phường", "Commune party organization", 50),
    ("GRASSROOTS_COMMITTEE", "Đảng bộ cơ sở", "Grassroots party committee", 60),
    ("GRASSROOTS_CELL", "Chi bộ cơ sở", "Grassroots party cell", 70),
    ("DEPARTMENT_COMMITTEE", "Đảng bộ bộ phận", "Departmental party committee", 80),
    ("CELL", "Chi bộ trực thuộc", "Party cell", 90),
];

/// The beginning of time, for rules that have always held.
const ALWAYS: &str = "0001-01-01";
/// Districts ended, and communes came directly under provinces, on this day (O1).
const END_OF_DISTRICTS: &str = "2025-07-01";

/// Kind, kind of parent (empty: may be a root), from, until: the table of O1.
const PLACEMENT_RULES: [(&str, &str, &str, Option<&str>); 18] = [
    ("CENTRAL", "", ALWAYS, None),
    ("PROVINCIAL", "", ALWAYS, None),
    ("PROVINCIAL", "CENTRAL", ALWAYS, None),
    ("BLOC", "PROVINCIAL", ALWAYS, None),
    ("BLOC", "CENTRAL", ALWAYS, None),
    ("DISTRICT", "PROVINCIAL", ALWAYS, Some(END_OF_DISTRICTS)),
    ("COMMUNE", "PROVINCIAL", END_OF_DISTRICTS, None),
    ("GRASSROOTS_COMMITTEE", "PROVINCIAL", ALWAYS, None),
    ("GRASSROOTS_COMMITTEE", "BLOC", ALWAYS, None),
    ("GRASSROOTS_COMMITTEE", "DISTRICT", ALWAYS, None),
    ("GRASSROOTS_COMMITTEE", "COMMUNE", ALWAYS, None),
    ("GRASSROOTS_CELL", "PROVINCIAL", ALWAYS, None),
    ("GRASSROOTS_CELL", "BLOC", ALWAYS, None),
    ("GRASSROOTS_CELL", "DISTRICT", ALWAYS, None),
    ("GRASSROOTS_CELL", "COMMUNE", ALWAYS, None),
    ("DEPARTMENT_COMMITTEE", "GRASSROOTS_COMMITTEE", ALWAYS, None),
    ("CELL", "GRASSROOTS_COMMITTEE", ALWAYS, None),
    ("CELL", "DEPARTMENT_COMMITTEE", ALWAYS, None),
];

/// Code, Vietnamese name, English name, abbreviation. The 25 kinds of Regulation 399-QĐ/TW of 2026-01-09 in its order, then two that
/// the registers of offices use. The kind is stored, never guessed: `QĐ` is both a decision and a regulation (D3).
const DIRECTIVE_KINDS: [(&str, &str, &str, &str); 27] = [
    ("POLITICAL_PLATFORM", "Cương lĩnh chính trị", "Political platform", "CLCT"),
    ("PARTY_CHARTER", "Điều lệ Đảng", "Party charter", "ĐLĐ"),
    ("STRATEGY", "Chiến lược", "Strategy", "CL"),
    ("RESOLUTION", "Nghị quyết", "Resolution", "NQ"),
    ("DECISION", "Quyết định", "Decision", "QĐ"),
    ("INSTRUCTION", "Chỉ thị", "Instruction", "CT"),
    ("CONCLUSION", "Kết luận", "Conclusion", "KL"),
    ("STATUTE", "Quy chế", "Statute", "QC"),
    ("REGULATION", "Quy định", "Regulation", "QĐ"),
    ("CIRCULAR", "Thông tri", "Circular", "TT"),
    ("GUIDANCE", "Hướng dẫn", "Guidance", "HD"),
    ("NOTICE", "Thông báo", "Notice", "TB"),
    ("COMMUNIQUE", "Thông cáo", "Communiqué", "TC"),
    ("DECLARATION", "Tuyên bố", "Declaration", "TBo"),
    ("APPEAL", "Lời kêu gọi", "Appeal", "LKG"),
    ("REPORT", "Báo cáo", "Report", "BC"),
    ("PLAN", "Kế hoạch", "Plan", "KH"),
    ("MASTER_PLAN", "Quy hoạch", "Master plan", "QH"),
    ("PROGRAMME", "Chương trình", "Programme", "CTr"),
    ("SCHEME", "Đề án", "Scheme", "ĐA"),
    ("OPTION", "Phương án", "Option", "PA"),
    ("PROJECT", "Dự án", "Project", "DA"),
    ("SUBMISSION", "Tờ trình", "Submission", "TTr"),
    ("OFFICIAL_LETTER", "Công văn", "Official letter", "CV"),
    ("MINUTES", "Biên bản", "Minutes", "BB"),
    ("EMULATION_MOVEMENT", "Phong trào thi đua", "Emulation movement", "PTTĐ"),
    ("PROPAGANDA_ORIENTATION", "Định hướng tuyên truyền", "Propaganda orientation", "ĐHTT"),
];

fn org_unit_kinds() -> Result<InsertStatement, DbErr> {
    let mut insert = Query::insert().into_table("org_unit_kind").columns(["code", "name_vi", "name_en", "rank"]).to_owned();
    for (code, vi, en, rank) in ORG_UNIT_KINDS {
        insert.values([code.into(), vi.into(), en.into(), rank.into()]).map_err(broken_seed)?;
    }
    Ok(insert)
}

fn placement_rules() -> Result<InsertStatement, DbErr> {
    let columns = ["kind_code", "parent_code", "valid_from", "valid_to"];
    let mut insert = Query::insert().into_table("placement_rule").columns(columns).to_owned();
    for (kind, parent, from, to) in PLACEMENT_RULES {
        let to = to.map(day).transpose()?;
        insert.values([kind.into(), parent.into(), day(from)?.into(), to.into()]).map_err(broken_seed)?;
    }
    Ok(insert)
}

fn directive_kinds() -> Result<InsertStatement, DbErr> {
    let columns = ["code", "name_vi", "name_en", "abbreviation", "ordinal"];
    let mut insert = Query::insert().into_table("directive_kind").columns(columns).to_owned();
    for (ordinal, (code, vi, en, abbreviation)) in (1_i32..).zip(DIRECTIVE_KINDS) {
        insert.values([code.into(), vi.into(), en.into(), abbreviation.into(), ordinal.into()]).map_err(broken_seed)?;
    }
    Ok(insert)
}

fn day(text: &str) -> Result<NaiveDate, DbErr> {
    text.parse().map_err(|no| DbErr::Migration(format!("seed date {text}: {no}")))
}

fn broken_seed(no: impl std::fmt::Display) -> DbErr {
    DbErr::Migration(format!("seed row: {no}"))
}
