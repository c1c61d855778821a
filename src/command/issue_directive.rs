//! `issueDirective`: a draft becomes a directive in force, and binds (B1–B3, D3, D4), and ends what it replaces or repeals (D6).

use std::collections::HashMap;

use chidao_domain::access::Action;
use chidao_domain::day::Day;
use chidao_domain::directive::{self, DirectiveStep, Period, check_target_in_force, check_target_issued, take_step};
use chidao_domain::ids::{AppointmentId, DirectiveId, RequirementId, UnitId};
use chidao_domain::journal::{Action as Done, Entry, Subject};
use chidao_domain::obligation::ObligationRef;
use chidao_domain::refusal::{DirectiveRefusal, InputRefusal, Noun, Refusal};
use chidao_domain::scope;
use chidao_domain::symbol::Symbol;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command::Mode;
use crate::command::directive_at_hand::take_in_hand;
use crate::command::directive_life::{plan_endings, save_life_step};
use crate::command::discharge::{plan_discharge, save_discharge};
use crate::command::draft_content::{Refusals, check_relation, target_of};
use crate::command::open_periods::{self, Slots};
use crate::office::{Caller, Office};
use crate::store::bindings::{self, NewObligation};
use crate::store::directives::{self, Directive, SymbolKey};
use crate::store::periods;
use crate::store::relations::{self, Relation};
use crate::store::requirements::{self, KeptRequirement, load_requirements};
use crate::store::{Answer, Fault, OnUnique as _, Stop, Tx};

/// What `issueDirective` takes.
#[derive(Clone, Debug)]
pub struct IssueDirective {
    /// The draft.
    pub directive: DirectiveId,
    /// Its number and signs.
    pub symbol: Option<String>,
    /// The date that the document bears.
    pub issued_on: Day,
    /// From when it applies; `None`: from that day.
    pub effective_on: Option<Day>,
    /// Who signed, and as what.
    pub signed_by: Option<AppointmentId>,
    /// The issuer's own obligations that asked for this document: issuing it reports on them (L6).
    pub discharges: Vec<ObligationRef>,
    /// Whether it is only looked at.
    pub mode: Mode,
    /// The version that the caller saw.
    pub expected_version: Option<i32>,
}

/// What `issueDirective` answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Issued {
    /// The directive.
    pub directive: Uuid,
    /// How many units it binds.
    pub bound: usize,
    /// The directives that it ends: replaces or repeals.
    #[serde(default)]
    pub ends: Vec<Uuid>,
    /// How many obligations of those it releases.
    #[serde(default)]
    pub released: usize,
    /// In a preview: what would be.
    #[serde(skip)]
    pub preview: Option<IssuePreview>,
}

/// A directive as it would be issued, and whom it would bind.
#[derive(Clone, Debug)]
pub struct IssuePreview {
    /// The directive.
    pub directive: Directive,
    /// The obligations, by requirement and in tree order.
    pub obligations: Vec<NewObligation>,
    /// The directives that it would end, as they would be.
    pub ended: Vec<Directive>,
}

/// Issues a draft, or shows whom it would bind.
///
/// # Errors
/// Everything that stands in the way; nothing is written then.
pub async fn issue_directive(office: &Office, caller: &Caller, input: IssueDirective) -> Answer<Issued> {
    let (mut tx, grants) = office.begin(caller).await?;
    let at_hand = take_in_hand(&tx, &grants, input.directive, input.expected_version, |sight| Action::Issue(sight)).await?;
    let draft = &at_hand.sighted.directive;
    let status = take_step(draft.status, DirectiveStep::Issue).map_err(|no| Refusal::from(no).within("directive"))?;
    let mut asked = load_requirements(tx.sql(), &[draft.id]).await?.remove(&draft.id).unwrap_or_default();
    let anchored_anew = anchor_at_place(&tx, draft, &mut asked);
    let related = Related::load(&tx, draft).await?;
    let symbol = check_input(&tx, (draft, &asked, &related), &input, office.limits().periods_at_issue).await?;
    let issued = Directive {
        symbol,
        status,
        issued_on: Some(input.issued_on),
        effective_on: Some(input.effective_on.unwrap_or(input.issued_on)),
        bound_on: Some(tx.today()),
        signed_by: input.signed_by,
        version: draft.version + 1,
        updated_at: tx.now(),
        ..draft.clone()
    };
    check_count(input.discharges.len(), office.limits().bulk_items).map_err(|no| no.within("discharges"))?;
    let endings = plan_endings(&tx, &issued, &related.relations, &related.targets).await?;
    let ends: Vec<DirectiveId> = endings.iter().map(|ending| ending.before.id).collect();
    let discharge = plan_discharge(&tx, &grants, &issued, &ends, &input.discharges).await?;
    let Bound { obligations, opened, next } = bind(&tx, &asked, issued.effective_on.unwrap_or(input.issued_on));
    let output = Issued {
        directive: issued.id.into(),
        bound: count_units(&obligations),
        ends: ends.iter().copied().map(Uuid::from).collect(),
        released: endings.iter().map(|ending| ending.decided.len()).sum(),
        preview: None,
    };
    if input.mode == Mode::Preview {
        let ended = endings.into_iter().map(|ending| ending.after).collect();
        return tx.preview(Issued { preview: Some(IssuePreview { directive: issued, obligations, ended }), ..output }).await;
    }
    let taken = || taken_symbol(&issued, issued.called());
    requirements::save_anchor(&tx, &anchored_anew, draft.issuer).await?;
    directives::update_directive(&tx, &issued).await.on_unique("ux_directive_symbol", "directive.symbol_key", taken)?;
    bindings::insert_obligations(&tx, &obligations).await?;
    periods::save_opened(&tx, &opened).await?;
    if let Some(next) = next {
        periods::owe(&tx, next).await?;
    }
    record(&mut tx, (draft, &issued), &obligations, at_hand.on_behalf_of).await?;
    if let Some(discharge) = discharge {
        save_discharge(&mut tx, &issued, discharge).await?;
    }
    for ending in &endings {
        save_life_step(&mut tx, ending, at_hand.on_behalf_of).await?;
    }
    tx.commit(output).await
}

/// Where the issuer of a draft has ended, its place has become the issuer (D2), and a scope that reached from the one reaches from the other.
/// Answers which do.
fn anchor_at_place(tx: &Tx, draft: &Directive, asked: &mut [KeptRequirement]) -> Vec<RequirementId> {
    let mut anew = Vec::new();
    for requirement in asked {
        let anchor = &mut requirement.terms.scope.anchor;
        if *anchor != draft.issuer && tx.forest().stands_for(*anchor) == draft.issuer {
            *anchor = draft.issuer;
            anew.push(requirement.id);
        }
    }
    anew
}

fn check_count(count: usize, limit: usize) -> Result<(), Refusal> {
    if count > limit { Err(InputRefusal::TooMany { limit, count }.into()) } else { Ok(()) }
}

/// What issuing brings into being.
#[derive(Default)]
struct Bound {
    obligations: Vec<NewObligation>,
    /// The periods that open (B7).
    opened: Vec<(RequirementId, Period)>,
    /// The first day on which a period opens after these.
    next: Option<Day>,
}

/// One obligation for each requirement, period that has begun and unit that its scope covers on today's tree (B3, B7).
fn bind(tx: &Tx, asked: &[KeptRequirement], effective_on: Day) -> Bound {
    let mut bound = Bound::default();
    for requirement in asked {
        let covered = scope::cover(tx.forest(), &requirement.terms.scope);
        let Slots { slots, opening, next } = Slots::at_issue(requirement, effective_on, tx.today());
        bound.obligations.extend(slots.iter().flat_map(|slot| open_periods::obligations(tx, requirement, &covered, slot)));
        bound.opened.extend(opening.into_iter().map(|period| (requirement.id, period)));
        bound.next = bound.next.into_iter().chain(next).min();
    }
    bound
}

fn count_units(obligations: &[NewObligation]) -> usize {
    obligations.iter().map(|obligation| obligation.unit).collect::<std::collections::HashSet<_>>().len()
}

/// Everything that must hold beside the step; answers the symbol as it is read.
async fn check_input(
    tx: &Tx,
    (draft, asked, related): (&Directive, &[KeptRequirement], &Related),
    input: &IssueDirective,
    periods_at_issue: usize,
) -> Result<Option<Symbol>, Stop> {
    let mut refusals = Refusals::default();
    let here = |no: Refusal| no;
    refusals.take(directive::check_issued_on(input.issued_on, tx.today()), here);
    refusals.take(directive::check_symbol(draft.issuing_body, input.symbol.as_deref()), here);
    let given = input.symbol.as_deref().filter(|symbol| !symbol.trim().is_empty());
    let symbol = given.and_then(|given| refusals.take(Symbol::parse(given), |no| no.within("symbol")));
    if let Some(symbol) = &symbol {
        refusals.0.extend(symbol_taken(tx, draft, symbol).await?);
    }
    if let Some(signer) = input.signed_by {
        let of = directives::appointed_in(tx.sql(), signer, input.issued_on).await?;
        if of != Some(draft.issuer) {
            let unknown = InputRefusal::NotFound { wanted: Noun::Appointment, given: signer.to_string() };
            refusals.0.push(Refusal::from(unknown).within("signedBy"));
        }
    }
    refusals.0.extend(related.check(tx, draft).await?.into_iter().map(|no| no.within("directive")));
    let terms: Vec<directive::Requirement> = asked.iter().map(|kept| kept.terms.clone()).collect();
    let binding = directive::check_binding(tx.forest(), tx.kinds(), draft.issuer, &terms).err().into_iter().flatten();
    let days = (input.effective_on.unwrap_or(input.issued_on), tx.today());
    let periods = directive::check_periods_begun(&terms, days, periods_at_issue).err().into_iter().flatten();
    refusals.0.extend(binding.chain(periods).map(|no| no.within("directive")));
    refusals.stop()?;
    Ok(symbol)
}

/// Another directive of the issuer, body, kind and term may have the symbol, perhaps in another notation (D3).
async fn symbol_taken(tx: &Tx, draft: &Directive, symbol: &Symbol) -> Result<Option<Refusal>, Stop> {
    let key = symbol.comparison_key();
    let wanted = SymbolKey {
        issuer: draft.issuer,
        key: &key,
        issuing_body: Some(draft.issuing_body),
        kind: Some(&draft.kind),
        term: Some(draft.term.as_deref().unwrap_or_default()),
    };
    let holder = directives::by_symbol(tx.sql(), wanted).await?.into_iter().find(|other| other.id != draft.id);
    let wanted = Directive { symbol: Some(symbol.clone()), ..draft.clone() };
    Ok(holder.map(|holder| taken_symbol(&wanted, holder.called())))
}

fn taken_symbol(wanted: &Directive, holder: String) -> Refusal {
    let symbol = wanted.symbol.as_ref().map(ToString::to_string).unwrap_or_default();
    Refusal::from(DirectiveRefusal::SymbolTaken { symbol, holder }).within("symbol")
}

/// What a draft says of other directives, and those.
struct Related {
    relations: Vec<Relation>,
    targets: HashMap<DirectiveId, Directive>,
}

impl Related {
    async fn load(tx: &Tx, draft: &Directive) -> Result<Self, Fault> {
        let relations = relations::load_relations(tx.sql(), &[draft.id]).await?.remove(&draft.id).unwrap_or_default();
        let ids: Vec<DirectiveId> = relations.iter().map(|relation| relation.to).collect();
        Ok(Self { relations, targets: directives::load_directives(tx.sql(), &ids).await? })
    }

    /// What it implements has been issued (D4), what it changes is in force (D2), and it still may do either.
    async fn check(&self, tx: &Tx, draft: &Directive) -> Result<Vec<Refusal>, Fault> {
        let mut refusals = Refusals::default();
        for (at, relation) in self.relations.iter().enumerate() {
            let Some(target) = self.targets.get(&relation.to) else { continue };
            let place = |no: Refusal| no.within("to").at(at).within("relations");
            let asked = if relation.kind.changes() { check_target_in_force } else { check_target_issued };
            refusals.take(asked(&target_of(target)), place);
            refusals.take(check_relation(tx, (draft.id, draft.issuer), relation.kind, target).await?, place);
        }
        Ok(refusals.0)
    }
}

/// One entry for the directive, and one for each obligation, so that each history begins where it began.
async fn record(
    tx: &mut Tx,
    (draft, issued): (&Directive, &Directive),
    obligations: &[NewObligation],
    on_behalf_of: Option<UnitId>,
) -> Result<(), Fault> {
    let day = |day: Option<Day>| day.map(|day| day.to_string());
    let entry = Entry::new(Done::DirectiveIssued, Subject::Directive(issued.id)).touching([issued.issuer]).on_behalf_of(on_behalf_of);
    let entry = entry.touching(obligations.iter().map(|obligation| obligation.unit));
    tx.record(
        entry
            .change("status", Some(status(draft)), Some(status(issued)))
            .change("symbol", None, issued.symbol.as_ref().map(ToString::to_string))
            .change("issuedOn", None, day(issued.issued_on))
            .change("effectiveOn", None, day(issued.effective_on)),
    );
    let entries = obligations.iter().map(|obligation| {
        let entry = Entry::new(Done::DirectiveIssued, Subject::Obligation(obligation.id)).touching([obligation.unit]);
        let entry = entry.on_behalf_of(on_behalf_of).change("state", None, Some("PENDING".into()));
        entry.change("dueOn", None, day(obligation.due_on))
    });
    tx.record_all(entries).await
}

/// A status as the journal spells it.
pub(super) fn status(directive: &Directive) -> String {
    use crate::store::code::Coded as _;
    directive.status.code().to_owned()
}
