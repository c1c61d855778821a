//! What the mutations of directives take.

use async_graphql::{ID, InputObject, MaybeUndefined};
use chidao_domain::refusal::Refusal;

use crate::command::{ConcludeDirective, DraftDirective, IssueDirective, Mode, ResumeDirective, ReviseDraft, StepGiven};
use crate::graphql::directive_input::{RelationInput, RequirementInput, each, external_ids, relations, requirements};
use crate::graphql::directive_words::IssuingBody;
use crate::graphql::id::typed;
use crate::graphql::obligation_filter::ObligationRef;
use crate::graphql::org_unit::{ExternalIdInput, OrgUnitRef};
use crate::graphql::scalars::Date;

/// What `draftDirective` takes.
#[derive(InputObject)]
pub struct DraftDirectiveInput {
    /// The unit that will issue it.
    pub(super) issuer: OrgUnitRef,
    /// The code of its kind, for example `PLAN`; never guessed from the symbol.
    pub(super) kind: String,
    /// Which body of the issuer.
    #[graphql(default_with = "Some(IssuingBody::Committee)")]
    pub(super) issuing_body: Option<IssuingBody>,
    /// In one line (trích yếu).
    pub(super) title: String,
    /// In a few sentences.
    pub(super) summary: Option<String>,
    /// The text.
    pub(super) body: Option<String>,
    /// The term of the issuer, for example `XV`; numbers start again with each.
    pub(super) term: Option<String>,
    /// What it says of other directives.
    pub(super) relations: Option<Vec<RelationInput>>,
    /// What it asks for, in order.
    pub(super) requirements: Option<Vec<RequirementInput>>,
    /// How other systems name it.
    pub(super) external_ids: Option<Vec<ExternalIdInput>>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    pub(super) client_mutation_id: Option<String>,
}

impl DraftDirectiveInput {
    pub(super) fn read(self) -> Result<DraftDirective, Vec<Refusal>> {
        Ok(DraftDirective {
            issuer: self.issuer.read().map_err(|no| vec![no.within("issuer")])?,
            kind: self.kind,
            issuing_body: self.issuing_body.unwrap_or_default().into(),
            title: self.title,
            summary: self.summary,
            body: self.body,
            term: self.term,
            relations: relations(self.relations)?,
            requirements: requirements(self.requirements)?,
            external_ids: external_ids(self.external_ids),
        })
    }
}

/// What `reviseDraft` takes: what is left out stays, what is null is taken away, and a list that is given takes the place of the old one.
#[derive(InputObject)]
pub struct ReviseDraftInput {
    /// The draft.
    pub(super) directive: ID,
    /// The code of its kind.
    pub(super) kind: Option<String>,
    /// Which body of the issuer.
    pub(super) issuing_body: Option<IssuingBody>,
    /// In one line.
    pub(super) title: Option<String>,
    /// In a few sentences.
    pub(super) summary: MaybeUndefined<String>,
    /// The text.
    pub(super) body: MaybeUndefined<String>,
    /// The term of the issuer.
    pub(super) term: MaybeUndefined<String>,
    /// What it says of other directives: all of it.
    pub(super) relations: Option<Vec<RelationInput>>,
    /// What it asks for: all of it, in order.
    pub(super) requirements: Option<Vec<RequirementInput>>,
    /// How other systems name it: all of them.
    pub(super) external_ids: Option<Vec<ExternalIdInput>>,
    /// The version that you read; another one is a `CONFLICT`.
    pub(super) expected_version: Option<i32>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    pub(super) client_mutation_id: Option<String>,
}

impl ReviseDraftInput {
    pub(super) fn read(self) -> Result<ReviseDraft, Vec<Refusal>> {
        Ok(ReviseDraft {
            directive: typed(&self.directive).map_err(|no| vec![no.within("directive")])?,
            kind: self.kind,
            issuing_body: self.issuing_body.map(Into::into),
            title: self.title,
            summary: self.summary.into(),
            body: self.body.into(),
            term: self.term.into(),
            relations: self.relations.map(|list| relations(Some(list))).transpose()?,
            requirements: self.requirements.map(|list| requirements(Some(list))).transpose()?,
            external_ids: self.external_ids.map(|list| external_ids(Some(list))),
            expected_version: self.expected_version,
        })
    }
}

macro_rules! step_inputs {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(InputObject)]
        pub struct $name {
            /// The draft.
            pub(super) directive: ID,
            /// Why.
            pub(super) reason: Option<String>,
            /// The version that you read; another one is a `CONFLICT`.
            pub(super) expected_version: Option<i32>,
            /// Sent again within 24 hours, the call answers as it did and does nothing twice.
            pub(super) client_mutation_id: Option<String>,
        }

        impl $name {
            pub(super) fn read(self) -> Result<StepGiven, Refusal> {
                let directive = typed(&self.directive).map_err(|no| no.within("directive"))?;
                Ok(StepGiven { directive, reason: self.reason, expected_version: self.expected_version })
            }
        }
    )+};
}

step_inputs! {
    /// What `withdrawDraft` takes.
    WithdrawDraftInput,
    /// What `openConsultation` takes.
    OpenConsultationInput,
    /// What `closeConsultation` takes.
    CloseConsultationInput,
}

/// What `concludeDirective` takes.
#[derive(InputObject)]
pub struct ConcludeDirectiveInput {
    /// The directive.
    pub(super) directive: ID,
    /// What is said of it (kết luận tổng kết).
    pub(super) summary: Option<String>,
    /// Answer the same, and write nothing.
    #[graphql(default_with = "Some(false)")]
    pub(super) preview: Option<bool>,
    /// The version that you read; another one is a `CONFLICT`.
    pub(super) expected_version: Option<i32>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    pub(super) client_mutation_id: Option<String>,
}

/// What `resumeDirective` takes.
#[derive(InputObject)]
pub struct ResumeDirectiveInput {
    /// The directive.
    pub(super) directive: ID,
    /// Why.
    pub(super) reason: String,
    /// The version that you read; another one is a `CONFLICT`.
    pub(super) expected_version: Option<i32>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    pub(super) client_mutation_id: Option<String>,
}

impl ResumeDirectiveInput {
    pub(super) fn read(self) -> Result<ResumeDirective, Refusal> {
        let directive = typed(&self.directive).map_err(|no| no.within("directive"))?;
        Ok(ResumeDirective { directive, reason: self.reason, expected_version: self.expected_version })
    }
}

impl ConcludeDirectiveInput {
    pub(super) fn read(self) -> Result<ConcludeDirective, Refusal> {
        Ok(ConcludeDirective {
            directive: typed(&self.directive).map_err(|no| no.within("directive"))?,
            summary: self.summary,
            mode: if self.preview == Some(true) { Mode::Preview } else { Mode::Real },
            expected_version: self.expected_version,
        })
    }
}

/// What `issueDirective` takes.
#[derive(InputObject)]
pub struct IssueDirectiveInput {
    /// The draft.
    pub(super) directive: ID,
    /// Its number and signs (số và ký hiệu); only a congress may issue without.
    pub(super) symbol: Option<String>,
    /// The date that the document bears; not later than today.
    pub(super) issued_on: Date,
    /// From when it applies; left out: from that date.
    pub(super) effective_on: Option<Date>,
    /// The appointment of who signed, in the issuer.
    pub(super) signed_by: Option<ID>,
    /// The issuer's own obligations that asked for this document: issuing it reports on them, in the same transaction.
    pub(super) discharges: Option<Vec<ObligationRef>>,
    /// Answer the same, and write nothing.
    #[graphql(default_with = "Some(false)")]
    pub(super) preview: Option<bool>,
    /// The version that you read; another one is a `CONFLICT`.
    pub(super) expected_version: Option<i32>,
    /// Sent again within 24 hours, the call answers as it did and does nothing twice.
    pub(super) client_mutation_id: Option<String>,
}

impl IssueDirectiveInput {
    pub(super) fn read(self) -> Result<IssueDirective, Vec<Refusal>> {
        let one = |no: Refusal| vec![no];
        Ok(IssueDirective {
            directive: typed(&self.directive).map_err(|no| one(no.within("directive")))?,
            symbol: self.symbol,
            issued_on: self.issued_on.0,
            effective_on: self.effective_on.map(|day| day.0),
            discharges: each(self.discharges, "discharges", |given| given.read().map_err(one))?,
            signed_by: self.signed_by.as_ref().map(typed).transpose().map_err(|no| one(no.within("signedBy")))?,
            mode: if self.preview == Some(true) { Mode::Preview } else { Mode::Real },
            expected_version: self.expected_version,
        })
    }
}
