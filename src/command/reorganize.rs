//! `reorganize`: one dated, atomic batch of changes to the tree (O5).

use std::collections::HashMap;
use std::sync::Arc;

use chidao_domain::access::{Action, Grants};
use chidao_domain::day::Day;
use chidao_domain::directive::DirectiveRef;
use chidao_domain::forest::Forest;
use chidao_domain::ids::UnitId;
use chidao_domain::journal::{Action as Done, Entry, Subject};
use chidao_domain::refusal::{InputRefusal, Refusal, TreeRefusal};
use chidao_domain::reorganization::{self, Change, Effect, Ground, Named, Plan};
use chidao_domain::text;
use chidao_domain::unit::OrgUnit;
use serde::{Deserialize, Serialize};

use crate::command::Mode;
use crate::office::{Caller, Office};
use crate::store::reorganizations::{self, Reorganization, Status, field_change};
use crate::store::sights::{Eyes, find_readable};
use crate::store::tx::stop_if_any;
use crate::store::{Answer, Fault, Stop, Tx, units};

/// What `reorganize` takes.
#[derive(Clone, Debug)]
pub struct Reorganize {
    /// What the batch is called.
    pub title: String,
    /// The day from which it holds: not later than today, not earlier than the last batch's.
    pub effective_on: Day,
    /// The directive that orders it.
    pub legal_basis: Option<DirectiveRef>,
    /// The changes, in their order.
    pub changes: Vec<Change>,
    /// Whether it is only looked at.
    pub mode: Mode,
}

/// What `reorganize` answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reorganized {
    /// The batch and what it did.
    pub record: Reorganization,
    /// In a preview: the tree as it would be.
    #[serde(skip)]
    pub forest: Option<Arc<Forest>>,
}

/// Changes the tree, or shows what would change.
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn reorganize(office: &Office, caller: &Caller, input: Reorganize) -> Answer<Reorganized> {
    let (mut tx, grants) = office.begin(caller).await?;
    let title = text::name(&input.title).map_err(|no| Refusal::from(no).within("title"))?;
    check_day(&tx, input.effective_on).await?;
    check_size(&input.changes, office.limits().reorganization_changes)?;
    let tree = office.tree_for(&tx, input.effective_on).await?;
    let taken = units::load_taken(tx.sql(), &Named::of(&tree.forest, &input.changes)).await?;
    let ground = Ground { day: input.effective_on, forest: &tree.forest, kinds: &tree.kinds, taken: &taken };
    let plan = reorganization::plan(ground, &input.changes)?;
    stop_if_any(forbidden(&grants, tx.forest(), &plan))?;
    let mut record = record_of(&tx, title, input.mode, &plan);
    if let Some(given) = &input.legal_basis {
        let eyes = Eyes { engine: tx.engine(), forest: tx.forest(), grants: &grants };
        let found = find_readable(tx.sql(), eyes, given).await.map_err(|stop| stop.within("legalBasis"))?;
        record.legal_basis = Some(found.directive.id.into());
    }
    match input.mode {
        Mode::Preview => {
            let after = plan.forest_after(&tree.forest, &tree.kinds).map_err(Fault::from)?;
            tx.preview(Reorganized { record, forest: Some(Arc::new(after)) }).await
        }
        Mode::Real => {
            reorganizations::save_reorganization(&tx, &record, &plan).await?;
            tx.change_structure();
            record_entries(&mut tx, &record, &plan);
            tx.commit(Reorganized { record, forest: None }).await
        }
    }
}

/// Corrections of the past and plans for the future are not taken yet: a batch follows the one before it (O5).
async fn check_day(tx: &Tx, day: Day) -> Result<(), Stop> {
    let at = |no: Refusal| Stop::from(no.within("effectiveOn"));
    if day > tx.today() {
        return Err(at(Refusal::from(InputRefusal::LaterThan { latest: tx.today().to_string() }).by("O5")));
    }
    match reorganizations::latest(tx.sql()).await? {
        Some((title, on)) if day < on => Err(at(TreeRefusal::LaterFact { title, on }.into())),
        _ => Ok(()),
    }
}

fn check_size(changes: &[Change], limit: usize) -> Result<(), Refusal> {
    let count = changes.len();
    if count > limit { Err(Refusal::from(InputRefusal::TooMany { limit, count }).within("changes")) } else { Ok(()) }
}

/// Who changes a place needs `ADMIN` over it; a move needs it over both (A2).
fn forbidden(grants: &Grants, forest: &Forest, plan: &Plan) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for (index, change) in plan.changes.iter().enumerate() {
        let verb = match change.effect {
            Effect::Established { .. } => "establish",
            Effect::Revised { .. } => "revise",
            Effect::Moved { .. } => "move",
        };
        for (field, over) in &change.over {
            let no = grants.check(forest, Action::Reorganize { over: *over }).err();
            refusals.extend(no.map(|no| no.within(field).within(verb).at(index).within("changes")));
        }
    }
    refusals
}

fn record_of(tx: &Tx, title: String, mode: Mode, plan: &Plan) -> Reorganization {
    Reorganization {
        id: tx.new_id(),
        title,
        effective_on: plan.day,
        legal_basis: None,
        status: match mode {
            Mode::Preview => Status::Preview,
            Mode::Real => Status::Enacted,
        },
        units_touched: plan.touched.len(),
        changes: plan.changes.iter().map(|change| (&change.effect).into()).collect(),
        recorded_at: tx.now(),
        recorded_by: tx.actor().map(Into::into),
    }
}

/// One entry for the batch, and one for each change so that every unit's history tells what it was.
fn record_entries(tx: &mut Tx, record: &Reorganization, plan: &Plan) {
    let touched: Vec<UnitId> = plan.touched.iter().map(|touched| touched.after.id).collect();
    let batch = Subject::Reorganization(record.id());
    tx.record(Entry::new(Done::Reorganized, batch).touching(touched).change("title", None, Some(record.title.clone())));
    let after: HashMap<UnitId, &OrgUnit> = plan.touched.iter().map(|touched| (touched.after.id, &touched.after)).collect();
    let code = |id: UnitId| after.get(&id).map_or_else(|| tx.forest().code_of(id), |unit| unit.code.to_string());
    let entries: Vec<Entry> = plan.changes.iter().map(|change| entry_of(&change.effect, &after, &code)).collect();
    entries.into_iter().for_each(|entry| tx.record(entry));
}

/// Units are named by their codes, which people know.
fn entry_of(effect: &Effect, after: &HashMap<UnitId, &OrgUnit>, code: &impl Fn(UnitId) -> String) -> Entry {
    let entry = |unit: &UnitId| Entry::new(Done::Reorganized, Subject::OrgUnit(*unit)).touching([*unit]);
    match effect {
        Effect::Established { unit, parent } => {
            let of = |text: fn(&OrgUnit) -> String| after.get(unit).map(|unit| text(unit));
            entry(unit)
                .touching(*parent)
                .change("code", None, of(|unit| unit.code.to_string()))
                .change("kind", None, of(|unit| unit.kind.to_string()))
                .change("name", None, of(|unit| unit.name.to_string()))
                .change("parent", None, parent.map(code))
        }
        Effect::Revised { unit, fields } => {
            let changes = fields.iter().map(field_change);
            changes.fold(entry(unit), |entry, (field, before, after)| entry.change(&field, before, after))
        }
        Effect::Moved { unit, from, to } => {
            entry(unit).touching(from.iter().copied().chain([*to])).change("parent", from.map(code), Some(code(*to)))
        }
    }
}
