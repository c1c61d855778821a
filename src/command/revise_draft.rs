//! `reviseDraft`: another text for a draft (D2).

use chidao_domain::access::Action;
use chidao_domain::directive::{IssuingBody, check_text_may_change};
use chidao_domain::ids::{DirectiveId, UnitId};
use chidao_domain::journal::{Action as Done, Entry, Subject};
use chidao_domain::refusal::{InputRefusal, Refusal};
use chidao_domain::reorganization::ExternalId;

use crate::command::DirectiveDone;
use crate::command::directive_at_hand::take_in_hand;
use crate::command::draft_content::{
    Refusals, RelationGiven, RequirementGiven, check_kind, optional_line, optional_prose, read_external_ids, read_relations,
    read_requirements, title,
};
use crate::office::{Caller, Office};
use crate::store::code::Coded as _;
use crate::store::directives::{self, Directive};
use crate::store::{Answer, Stop, Tx, relations, requirements};

/// What `reviseDraft` takes: what is left out stays, and a list that is given takes the place of the old one.
#[derive(Clone, Debug)]
pub struct ReviseDraft {
    /// The draft.
    pub directive: DirectiveId,
    /// The code of its kind.
    pub kind: Option<String>,
    /// Which body of the issuer.
    pub issuing_body: Option<IssuingBody>,
    /// In one line.
    pub title: Option<String>,
    /// In a few sentences; `Some(None)` takes it away.
    pub summary: Option<Option<String>>,
    /// The text; `Some(None)` takes it away.
    pub body: Option<Option<String>>,
    /// The term of the issuer; `Some(None)` takes it away.
    pub term: Option<Option<String>>,
    /// What it says of other directives.
    pub relations: Option<Vec<RelationGiven>>,
    /// What it asks for.
    pub requirements: Option<Vec<RequirementGiven>>,
    /// How other systems name it.
    pub external_ids: Option<Vec<ExternalId>>,
    /// The version that the caller saw.
    pub expected_version: Option<i32>,
}

impl ReviseDraft {
    fn changes_nothing(&self) -> bool {
        let texts = self.title.is_none() && self.summary.is_none() && self.body.is_none() && self.term.is_none();
        let lists = self.relations.is_none() && self.requirements.is_none() && self.external_ids.is_none();
        texts && lists && self.kind.is_none() && self.issuing_body.is_none()
    }
}

/// Gives a draft another text.
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn revise_draft(office: &Office, caller: &Caller, input: ReviseDraft) -> Answer<DirectiveDone> {
    let (mut tx, grants) = office.begin(caller).await?;
    let at_hand = take_in_hand(&tx, &grants, input.directive, input.expected_version, |sight| Action::ReviseDraft(sight)).await?;
    let draft = &at_hand.sighted.directive;
    check_text_may_change(draft.status).map_err(|no| Refusal::from(no).within("directive"))?;
    if input.changes_nothing() {
        return Err(Refusal::from(InputRefusal::NothingGiven).into());
    }
    let revised = read_revised(&tx, draft, &input).await?;
    let own = (draft.id, draft.issuer);
    if let Some(given) = &input.relations {
        let said = read_relations(&tx, &grants, own, given).await?;
        relations::replace_relations(&tx, draft.id, &said).await?;
    }
    if let Some(given) = &input.requirements {
        let asked = read_requirements(&tx, draft.issuer, given).await?;
        requirements::replace_requirements(&tx, draft.id, &asked).await?;
    }
    if let Some(given) = &input.external_ids {
        let external_ids = read_external_ids(&tx, &grants, draft.id, given).await?;
        directives::replace_external_ids(&tx, draft.id, &external_ids).await?;
    }
    directives::update_directive(&tx, &revised).await?;
    let entry = entry_of(draft, &revised, &input, at_hand.on_behalf_of);
    tx.record(entry);
    tx.commit(DirectiveDone { directive: revised.id.into() }).await
}

async fn read_revised(tx: &Tx, draft: &Directive, input: &ReviseDraft) -> Result<Directive, Stop> {
    let mut refusals = Refusals::default();
    let here = |no: Refusal| no;
    let mut revised = Directive { version: draft.version + 1, updated_at: tx.now(), ..draft.clone() };
    if let Some(kind) = &input.kind {
        refusals.take(check_kind(tx, kind).await?.map(|kind| revised.kind = kind), here);
    }
    if let Some(given) = &input.title {
        refusals.take(title(given).map(|title| revised.title = title), here);
    }
    if let Some(given) = &input.summary {
        refusals.take(optional_prose(given.as_deref(), "summary").map(|summary| revised.summary = summary), here);
    }
    if let Some(given) = &input.body {
        refusals.take(optional_prose(given.as_deref(), "body").map(|body| revised.body = body), here);
    }
    if let Some(given) = &input.term {
        refusals.take(optional_line(given.as_deref(), "term").map(|term| revised.term = term), here);
    }
    revised.issuing_body = input.issuing_body.unwrap_or(draft.issuing_body);
    refusals.stop()?;
    Ok(revised)
}

/// Long texts and lists are named, not quoted: the journal says that they changed, the draft says what they are.
fn entry_of(before: &Directive, after: &Directive, input: &ReviseDraft, on_behalf_of: Option<UnitId>) -> Entry {
    let given = |is_given: bool, field: &str, entry: Entry| if is_given { entry.change(field, None, Some("…".into())) } else { entry };
    let entry = Entry::new(Done::DraftRevised, Subject::Directive(after.id)).touching([after.issuer]).on_behalf_of(on_behalf_of);
    let entry = entry
        .change("title", Some(before.title.clone()), Some(after.title.clone()))
        .change("kind", Some(before.kind.clone()), Some(after.kind.clone()))
        .change("issuingBody", Some(before.issuing_body.code().into()), Some(after.issuing_body.code().into()))
        .change("term", before.term.clone(), after.term.clone());
    let entry = given(before.summary != after.summary, "summary", entry);
    let entry = given(before.body != after.body, "body", entry);
    let entry = given(input.relations.is_some(), "relations", entry);
    let entry = given(input.requirements.is_some(), "requirements", entry);
    given(input.external_ids.is_some(), "externalIds", entry)
}
