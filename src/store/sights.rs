//! Directives together with what decides who may know of them (A3), and how references point at them.

use std::collections::HashMap;

use chidao_domain::access::{self, Action, Decision, DirectiveSight, Grants};
use chidao_domain::directive::{DirectiveRef, DirectiveStatus};
use chidao_domain::forest::Forest;
use chidao_domain::ids::{DirectiveId, UnitId};
use chidao_domain::refusal::{InputRefusal, Noun, Refusal};
use chidao_domain::symbol;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::store::among::Among;
use crate::store::code::Coded as _;
use crate::store::database::Engine;
use crate::store::directives::{self, Directive, SymbolKey};
use crate::store::error::{Fault, Stop};
use crate::store::units::Lookup;

/// Who reads or writes, on which tree: what every sight depends on.
#[derive(Clone, Copy)]
pub struct Eyes<'a> {
    /// Which database it is.
    pub engine: Engine,
    /// Today's tree.
    pub forest: &'a Forest,
    /// What the caller may do.
    pub grants: &'a Grants,
}

/// What a directive is while its issuer may still change: where that ends, its place becomes the issuer (D2).
pub(crate) const DRAFTS: [DirectiveStatus; 2] = [DirectiveStatus::Draft, DirectiveStatus::Consulting];

/// A directive, and a unit that it concerns and that the caller may read about, if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighted {
    /// The directive.
    pub directive: Directive,
    concerned: Vec<UnitId>,
}

impl Sighted {
    /// Of a draft whose issuer has ended, its place is the issuer (D2); what was issued names for ever who did.
    fn of(forest: &Forest, mut directive: Directive) -> Self {
        if DRAFTS.contains(&directive.status) {
            directive.issuer = forest.stands_for(directive.issuer);
        }
        Self { directive, concerned: Vec::new() }
    }

    /// A directive as it is, or would be, to who holds a grant over its issuer.
    pub fn to_issuer(directive: Directive) -> Self {
        Self { directive, concerned: Vec::new() }
    }

    /// What rights over it depend on.
    pub fn sight(&self) -> DirectiveSight<'_> {
        DirectiveSight { status: self.directive.status, issuer: self.directive.issuer, concerned: &self.concerned }
    }

    /// What may be done with it.
    pub fn decide<'s>(&'s self, eyes: Eyes<'_>, action: impl FnOnce(DirectiveSight<'s>) -> Action<'s>) -> Decision {
        access::decide(eyes.grants, eyes.forest, &action(self.sight()))
    }

    /// Whether the caller may know of it (A3).
    pub fn is_readable(&self, eyes: Eyes<'_>) -> bool {
        self.decide(eyes, Action::ReadDirective).is_allowed()
    }
}

#[derive(FromQueryResult)]
struct ConcernedRow {
    id: Uuid,
}

/// A condition on a directive `d`: it was issued, and concerns one of the units (A3). It does where it binds the unit, or a directive that
/// implements it, directly or not, binds the unit or is issued by it; where it binds nobody and the unit stands below its issuer; where it
/// changes, directly or not, one that concerns the unit so; and where the unit commented on the draft. `units` and `below` are the numbers of
/// parameters: the units, and the issuers above them.
pub(crate) fn concerns(units: (&Among, usize), below: (&Among, usize)) -> String {
    let holds = |column: &str| units.0.holds(column, units.1);
    let issued: Vec<String> =
        DirectiveStatus::ALL.into_iter().filter(|status| status.was_issued()).map(|status| format!("'{}'", status.code())).collect();
    let issued = issued.join(", ");
    format!(
        "(d.status IN ({issued}) AND (d.id IN (WITH RECURSIVE line(id) AS (\
           SELECT o.directive_id FROM obligation o WHERE {} \
           UNION SELECT x.id FROM directive x WHERE x.status IN ({issued}) AND {} \
           UNION SELECT r.to_id FROM directive_relation r JOIN line ON line.id = r.from_id WHERE r.kind = 'IMPLEMENTS'), \
         told(id) AS (SELECT id FROM line \
           UNION SELECT n.id FROM directive n WHERE n.status IN ({issued}) AND {} \
             AND NOT EXISTS (SELECT 1 FROM obligation o WHERE o.directive_id = n.id) \
           UNION SELECT r.from_id FROM directive_relation r JOIN told ON told.id = r.to_id \
             JOIN directive y ON y.id = r.from_id AND y.status IN ({issued}) WHERE r.kind <> 'IMPLEMENTS') \
         SELECT id FROM told) \
         OR EXISTS (SELECT 1 FROM draft_comment c WHERE c.directive_id = d.id AND {})))",
        holds("o.unit_id"),
        holds("x.issuer_id"),
        below.0.holds("n.issuer_id", below.1),
        holds("c.unit_id"),
    )
}

/// The directives with those ids, readable or not; who holds a grant over the issuer needs no second look.
///
/// # Errors
/// A fault of the database.
pub async fn load_sighted(sql: &impl ConnectionTrait, eyes: Eyes<'_>, ids: &[DirectiveId]) -> Result<HashMap<DirectiveId, Sighted>, Fault> {
    let found = directives::load_directives(sql, ids).await?;
    let mut sighted: HashMap<DirectiveId, Sighted> =
        found.into_iter().map(|(id, directive)| (id, Sighted::of(eyes.forest, directive))).collect();
    let unclear: Vec<DirectiveId> = sighted
        .values()
        .filter(|seen| seen.directive.status.was_issued() && !seen.is_readable(eyes))
        .map(|seen| seen.directive.id)
        .collect();
    if unclear.is_empty() {
        return Ok(sighted);
    }
    let visible = access::visible_units(eyes.grants, eyes.forest);
    let Some(witness) = eyes.forest.ids_at(&visible).next() else { return Ok(sighted) };
    let units = Among::new(eyes.engine, eyes.forest.ids_at(&visible));
    let below = Among::new(eyes.engine, access::consulting_units(eyes.grants, eyes.forest));
    let unclear = Among::new(eyes.engine, unclear);
    let text = format!("SELECT d.id FROM directive d WHERE {} AND {}", unclear.holds("d.id", 1), concerns((&units, 2), (&below, 3)));
    let statement = Statement::from_sql_and_values(eyes.engine.backend(), text, [unclear.value(), units.value(), below.value()]);
    for row in ConcernedRow::find_by_statement(statement).all(sql).await? {
        if let Some(seen) = sighted.get_mut(&DirectiveId(row.id)) {
            seen.concerned.push(witness);
        }
    }
    Ok(sighted)
}

/// What a refusal says of a directive that is not there, or that the caller may not know of (A5).
pub fn missing(given: &impl ToString) -> InputRefusal {
    InputRefusal::NotFound { wanted: Noun::Directive, given: given.to_string() }
}

/// The directive that a reference points at, if the caller may know of it.
///
/// # Errors
/// `NOT_FOUND` where there is none or it may not be known of (A5); a refusal where a symbol fits several.
pub async fn find_readable(sql: &impl ConnectionTrait, eyes: Eyes<'_>, given: &DirectiveRef) -> Result<Sighted, Stop> {
    let ids = match given {
        DirectiveRef::Id(id) => vec![*id],
        DirectiveRef::External(id) => directives::by_external_ids(sql, std::slice::from_ref(id)).await?.into_values().collect(),
        DirectiveRef::Symbol(of) => {
            let issuer = Lookup::load(sql, [&of.issuer]).await?.find_known(eyes.forest, &of.issuer);
            let issuer = issuer.map_err(|no| no.within("issuer").within("symbol"))?;
            let key = symbol::comparison_key(&of.symbol).map_err(|no| Refusal::from(no).within("symbol").within("symbol"))?;
            let (kind, term) = (of.kind.as_deref(), of.term.as_deref().map(str::trim));
            let wanted = SymbolKey { issuer, key: &key, issuing_body: of.issuing_body, kind, term };
            directives::by_symbol(sql, wanted).await?.iter().map(|directive| directive.id).collect()
        }
    };
    let mut readable: Vec<Sighted> = load_sighted(sql, eyes, &ids).await?.into_values().filter(|seen| seen.is_readable(eyes)).collect();
    match (readable.pop(), readable.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => Err(Refusal::from(InputRefusal::Needs { field: "kind, term, issuingBody" }).by("D3").within("symbol").into()),
        (None, _) => Err(Refusal::from(missing(given)).into()),
    }
}
