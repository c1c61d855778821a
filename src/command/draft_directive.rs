//! `draftDirective`: a unit begins to write a directive (D1).

use chidao_domain::access::Action;
use chidao_domain::directive::{DirectiveStatus, IssuingBody};
use chidao_domain::ids::DirectiveId;
use chidao_domain::journal::{Action as Done, Entry, Subject};
use chidao_domain::refusal::Refusal;
use chidao_domain::reorganization::{ExternalId, UnitRef};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command::draft_content::{
    Refusals, RelationGiven, RequirementGiven, check_kind, optional_line, optional_prose, read_external_ids, read_relations,
    read_requirements, title,
};
use crate::office::{Caller, Office};
use crate::store::directives::{self, Directive};
use crate::store::units::Lookup;
use crate::store::{Answer, Stop, Tx, relations, requirements};

/// What `draftDirective` takes.
#[derive(Clone, Debug)]
pub struct DraftDirective {
    /// The unit that will issue it.
    pub issuer: UnitRef,
    /// The code of its kind.
    pub kind: String,
    /// Which body of the issuer.
    pub issuing_body: IssuingBody,
    /// In one line.
    pub title: String,
    /// In a few sentences.
    pub summary: Option<String>,
    /// The text.
    pub body: Option<String>,
    /// The term of the issuer.
    pub term: Option<String>,
    /// What it says of other directives.
    pub relations: Vec<RelationGiven>,
    /// What it asks for.
    pub requirements: Vec<RequirementGiven>,
    /// How other systems name it.
    pub external_ids: Vec<ExternalId>,
}

/// What a command on one directive answers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct DirectiveDone {
    /// The directive.
    pub directive: Uuid,
}

/// Begins a draft.
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn draft_directive(office: &Office, caller: &Caller, input: DraftDirective) -> Answer<DirectiveDone> {
    let (mut tx, grants) = office.begin(caller).await?;
    let issuer = Lookup::load(tx.sql(), [&input.issuer]).await?.find(tx.forest(), &input.issuer);
    let issuer = issuer.map_err(|no| no.within("issuer"))?;
    grants.check(tx.forest(), Action::Draft { issuer }).map_err(|no| no.within("issuer"))?;
    let draft = read_draft(&tx, issuer, &input).await?;
    let said = read_relations(&tx, &grants, (draft.id, issuer), &input.relations).await?;
    let asked = read_requirements(&tx, issuer, &input.requirements).await?;
    let external_ids = read_external_ids(&tx, &grants, draft.id, &input.external_ids).await?;
    directives::insert_directive(&tx, &draft).await?;
    directives::replace_external_ids(&tx, draft.id, &external_ids).await?;
    relations::replace_relations(&tx, draft.id, &said).await?;
    requirements::replace_requirements(&tx, draft.id, &asked).await?;
    let entry = Entry::new(Done::DirectiveDrafted, Subject::Directive(draft.id)).touching([issuer]);
    tx.record(entry.change("title", None, Some(draft.title.clone())).change("kind", None, Some(draft.kind.clone())));
    tx.commit(DirectiveDone { directive: draft.id.into() }).await
}

async fn read_draft(tx: &Tx, issuer: chidao_domain::ids::UnitId, input: &DraftDirective) -> Result<Directive, Stop> {
    let mut refusals = Refusals::default();
    let here = |no: Refusal| no;
    let kind = refusals.take(check_kind(tx, &input.kind).await?, here).unwrap_or_default();
    let title = refusals.take(title(&input.title), here).unwrap_or_default();
    let summary = refusals.take(optional_prose(input.summary.as_deref(), "summary"), here).flatten();
    let body = refusals.take(optional_prose(input.body.as_deref(), "body"), here).flatten();
    let term = refusals.take(optional_line(input.term.as_deref(), "term"), here).flatten();
    refusals.stop()?;
    let id: DirectiveId = tx.new_id();
    Ok(Directive {
        id,
        issuer,
        kind,
        issuing_body: input.issuing_body,
        term,
        symbol: None,
        title,
        summary,
        body,
        status: DirectiveStatus::Draft,
        issued_on: None,
        effective_on: None,
        bound_on: None,
        ended_on: None,
        conclusion: None,
        signed_by: None,
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    })
}
