//! What a draft says of other directives.

use chidao_domain::access::Grants;
use chidao_domain::directive::{self, DirectiveRef, RelationKind, Target};
use chidao_domain::ids::{DirectiveId, UnitId};
use chidao_domain::refusal::Refusal;

use super::{Refusals, optional_prose};
use crate::store::directives;
use crate::store::relations::{self, Relation};
use crate::store::sights::{self, Eyes};
use crate::store::{Fault, Stop, Tx};

/// What a directive says of another, as it was given.
#[derive(Clone, Debug)]
pub struct RelationGiven {
    /// How it relates.
    pub kind: RelationKind,
    /// To which.
    pub to: DirectiveRef,
    /// What exactly.
    pub note: Option<String>,
}

/// What a draft says of other directives: they exist, the caller may read them (A5), none is named twice, and it may stand to each as it
/// says (D2, D4).
pub(in crate::command) async fn read_relations(
    tx: &Tx,
    grants: &Grants,
    (from, issuer): (DirectiveId, UnitId),
    given: &[RelationGiven],
) -> Result<Vec<Relation>, Stop> {
    let eyes = Eyes { engine: tx.engine(), forest: tx.forest(), grants };
    let mut refusals = Refusals::default();
    let (mut read, mut places) = (Vec::<Relation>::with_capacity(given.len()), Vec::with_capacity(given.len()));
    for (at, relation) in given.iter().enumerate() {
        let place = |no: Refusal| no.at(at).within("relations");
        let note = refusals.take(optional_prose(relation.note.as_deref(), "note"), place).flatten();
        let target = match sights::find_readable(tx.sql(), eyes, &relation.to).await {
            Ok(target) => target.directive,
            Err(Stop::Refused(no)) => {
                refusals.0.extend(no.into_iter().map(|no| place(no.within("to"))));
                continue;
            }
            Err(stop) => return Err(stop),
        };
        let allowed = check_relation(tx, (from, issuer), relation.kind, &target).await?;
        refusals.take(allowed, |no| place(no.within("to")));
        places.push(at);
        read.push(Relation { from, kind: relation.kind, to: target.id, note });
    }
    let said: Vec<(RelationKind, DirectiveId)> = read.iter().map(|relation| (relation.kind, relation.to)).collect();
    let twice = directive::find_said_twice(&said, |at| given[places[at]].to.to_string()).into_iter();
    refusals.0.extend(twice.map(|(at, no)| no.within("to").at(places[at]).within("relations")));
    refusals.stop()?;
    Ok(read)
}

/// Whether a draft may stand to `target` as it says, issued or not (D2, D4).
pub(in crate::command) async fn check_relation(
    tx: &Tx,
    from: (DirectiveId, UnitId),
    kind: RelationKind,
    target: &directives::Directive,
) -> Result<Result<(), Refusal>, Fault> {
    if kind.changes() {
        return Ok(directive::check_may_change(tx.forest(), from, &target_of(target)).map_err(Refusal::from));
    }
    let edges = relations::load_edges_above(tx.sql(), tx.engine(), &[target.id]).await?;
    let known = match directive::find_cycle(&edges, from.0, target.id) {
        None => std::collections::HashMap::new(),
        Some(cycle) => directives::load_directives(tx.sql(), &cycle).await?,
    };
    let name = |id: DirectiveId| known.get(&id).map_or_else(|| id.to_string(), directives::Directive::name);
    let target = target_of(target);
    Ok(directive::check_implements(tx.forest(), &edges, from, &target, name).map_err(Refusal::from))
}

/// What the rules of relations ask of a target (D2, D4).
pub(in crate::command) fn target_of(target: &directives::Directive) -> Target {
    Target { id: target.id, name: target.name(), status: target.status, issuer: target.issuer }
}
