//! What a draft says, as it was given, and how it is read: texts in their normal form, references looked up (D2, D4, O9).

mod relations;
mod requirements;

use chidao_domain::access::Grants;
use chidao_domain::ids::DirectiveId;
use chidao_domain::refusal::{DirectiveRefusal, InputRefusal, Noun, Refusal};
use chidao_domain::reorganization::ExternalId;
use chidao_domain::text;

pub use self::relations::RelationGiven;
pub(super) use self::relations::{check_relation, read_relations, target_of};
pub(super) use self::requirements::read_requirements;
pub use self::requirements::{IndicatorGiven, RequirementGiven, ScopeGiven};
use crate::store::directives;
use crate::store::sights::{self, Eyes};
use crate::store::tx::stop_if_any;
use crate::store::{Fault, Stop, Tx};

/// The most characters of a title.
const TITLE_LIMIT: usize = 1_000;
/// The most characters of a summary, a detail or a note.
const PROSE_LIMIT: usize = 10_000;
/// The most characters of the text of a directive.
const BODY_LIMIT: usize = 200_000;
/// The most characters of a short text: a term, the wording of a date, a unit of measure.
const SHORT_LIMIT: usize = 255;

/// Gathers what is wrong, so that one answer names all of it.
#[derive(Default)]
pub(super) struct Refusals(pub(super) Vec<Refusal>);

impl Refusals {
    /// The value, or nothing and one more refusal.
    pub(super) fn take<T>(&mut self, outcome: Result<T, impl Into<Refusal>>, place: impl FnOnce(Refusal) -> Refusal) -> Option<T> {
        outcome.map_err(|no| self.0.push(place(no.into()))).ok()
    }

    pub(super) fn stop(self) -> Result<(), Stop> {
        stop_if_any(self.0)
    }
}

pub(super) fn title(given: &str) -> Result<String, Refusal> {
    text::line(given, TITLE_LIMIT).map_err(|no| Refusal::from(no).within("title"))
}

/// One line that may be left out; one that says nothing counts as left out.
pub(super) fn optional_line(given: Option<&str>, field: &'static str) -> Result<Option<String>, Refusal> {
    let said = given.filter(|given| !given.trim().is_empty());
    said.map(|given| text::line(given, SHORT_LIMIT)).transpose().map_err(|no| Refusal::from(no).within(field))
}

/// A text that may be left out; one that says nothing counts as left out.
pub(super) fn optional_prose(given: Option<&str>, field: &'static str) -> Result<Option<String>, Refusal> {
    let limit = if field == "body" { BODY_LIMIT } else { PROSE_LIMIT };
    let said = given.filter(|given| !given.trim().is_empty());
    said.map(|given| text::prose(given, limit)).transpose().map_err(|no| Refusal::from(no).within(field))
}

/// A text that must say something.
pub(super) fn prose(given: &str, field: &'static str) -> Result<String, Refusal> {
    text::prose(given, PROSE_LIMIT).map_err(|no| Refusal::from(no).within(field))
}

/// Whether the register knows the kind of directive (D3).
pub(super) async fn check_kind(tx: &Tx, code: &str) -> Result<Result<String, Refusal>, Fault> {
    let known = crate::store::registers::load_directive_kinds(tx.sql()).await?;
    let found = known.into_iter().find(|kind| kind.code == code.trim()).map(|kind| kind.code);
    let unknown = || Refusal::from(InputRefusal::NotFound { wanted: Noun::DirectiveKind, given: code.to_owned() }).within("kind");
    Ok(found.ok_or_else(unknown))
}

/// External identifiers in their normal form, none of them another directive's (O9). Whose it is, is told to who may read that one (A5).
pub(super) async fn read_external_ids(tx: &Tx, grants: &Grants, own: DirectiveId, given: &[ExternalId]) -> Result<Vec<ExternalId>, Stop> {
    let mut refusals = Refusals::default();
    let mut read: Vec<ExternalId> = Vec::with_capacity(given.len());
    let mut places = Vec::with_capacity(given.len());
    for (at, id) in given.iter().enumerate() {
        let Some(id) = refusals.take(id.normalized(), |no| no.at(at).within("externalIds")) else { continue };
        if read.contains(&id) {
            let twice = InputRefusal::Twice { given: format!("{} {}", id.scheme, id.value), of: None };
            refusals.0.push(Refusal::from(twice).by("O9").at(at).within("externalIds"));
        }
        read.push(id);
        places.push(at);
    }
    let mut holders = directives::by_external_ids(tx.sql(), &read).await?;
    holders.retain(|_, holder| *holder != own);
    let eyes = Eyes { engine: tx.engine(), forest: tx.forest(), grants };
    let of_others: Vec<DirectiveId> = holders.values().copied().collect();
    let known = sights::load_sighted(tx.sql(), eyes, &of_others).await?;
    for (id, at) in read.iter().zip(places) {
        let Some(holder) = holders.get(id) else { continue };
        let holder = known.get(holder).filter(|seen| seen.is_readable(eyes)).map(|seen| seen.directive.name());
        let taken = DirectiveRefusal::ExternalIdTaken { scheme: id.scheme.to_string(), value: id.value.to_string(), holder };
        refusals.0.push(Refusal::from(taken).at(at).within("externalIds"));
    }
    refusals.stop()?;
    Ok(read)
}
