//! One file a table: the row and what it points at. Columns are plain types; what an enum's text code means is decided in `store`.

#![allow(missing_docs, reason = "sea-orm's derives generate public items without documentation")]

pub mod appointment;
pub mod directive;
pub mod directive_external_id;
pub mod directive_kind;
pub mod directive_relation;
pub mod discharge;
pub mod draft_comment;
pub mod idempotency_record;
pub mod indicator;
pub mod indicator_goal;
pub mod journal_entry;
pub mod journal_entry_unit;
pub mod journal_head;
pub mod obligation;
pub mod obligation_reason;
pub mod obligation_step;
pub mod org_unit;
pub mod org_unit_external_id;
pub mod org_unit_kind;
pub mod org_unit_revision;
pub mod person;
pub mod placement_rule;
pub mod principal;
pub mod reading;
pub mod refresh_token;
pub mod reorganization;
pub mod report;
pub mod report_obligation;
pub mod requirement;
pub mod requirement_after;
pub mod requirement_extension;
pub mod requirement_period;
pub mod requirement_unit;
pub mod requirement_unit_kind;
pub mod role_grant;
pub mod service_account;
pub mod session;
pub mod succession;
pub mod urge;
pub mod urge_obligation;
pub mod user_account;
