//! `reorganize`: one dated, atomic batch of changes to the tree (O5, O6).

use std::sync::Arc;

use chidao_domain::access::{Action, Grants};
use chidao_domain::day::Day;
use chidao_domain::directive::DirectiveRef;
use chidao_domain::forest::Forest;
use chidao_domain::refusal::{Refusal, TreeRefusal};
use chidao_domain::reorganization::{self, Change, Ground, Judgement, Named, Over, Plan, Stage};
use chidao_domain::succession::Shift;
use chidao_domain::text;
use serde::{Deserialize, Serialize};

use crate::command::Mode;
use crate::command::consequences::{Acting, act, foresee};
use crate::command::course_at_hand::run_from;
use crate::command::decisions_at_hand::{Between, DecisionGiven, read_decisions};
use crate::command::reorganization_entries::record_entries;
use crate::live::Tree;
use crate::office::{Caller, Office};
use crate::store::reorganizations::{self, Consequences, Effects, Reorganization, Status};
use crate::store::sights::{Eyes, find_readable};
use crate::store::tx::stop_if_any;
use crate::store::{Answer, Fault, Stop, Tx, units};

/// What `reorganize` takes.
#[derive(Clone, Debug)]
pub struct Reorganize {
    /// What the batch is called.
    pub title: String,
    /// The day from which it holds: in the past a correction, in the future a plan.
    pub effective_on: Day,
    /// The directive that orders it.
    pub legal_basis: Option<DirectiveRef>,
    /// The changes, in their order.
    pub changes: Vec<Change>,
    /// What is decided about obligations (S4).
    pub decisions: Vec<DecisionGiven>,
    /// Whether it is only looked at.
    pub mode: Mode,
}

/// What `reorganize` answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reorganized {
    /// The batch and what it did.
    pub record: Reorganization,
    /// In a preview: what would be.
    #[serde(skip)]
    pub preview: Option<ReorganizationPreview>,
}

/// What would be, had a batch been carried out.
#[derive(Clone, Debug)]
pub struct ReorganizationPreview {
    /// The tree of the batch's day.
    pub forest: Arc<Forest>,
    /// What it does to obligations.
    pub consequences: Consequences,
}

/// Changes the tree, or shows what would change.
///
/// # Errors
/// Everything that stands in the way, each with its place in the input; nothing is written then.
pub async fn reorganize(office: &Office, caller: &Caller, mut input: Reorganize) -> Answer<Reorganized> {
    let (tx, grants) = office.begin(caller).await?;
    check_size(&input.changes, office.limits().reorganization_changes)?;
    let planned = plan_changes(office, &tx, input.effective_on, &mut input.changes).await?;
    carry_out(office, tx, Asker::Holder(grants), Batch::from(input), planned).await
}

/// A batch but for its changes.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    /// What it is called.
    pub(super) title: String,
    /// The directive that orders it.
    pub(super) legal_basis: Option<DirectiveRef>,
    /// What is decided about obligations (S4).
    pub(super) decisions: Vec<DecisionGiven>,
    /// Whether it is only looked at.
    pub(super) mode: Mode,
}

impl From<Reorganize> for Batch {
    fn from(Reorganize { title, legal_basis, decisions, mode, .. }: Reorganize) -> Self {
        Self { title, legal_basis, decisions, mode }
    }
}

/// The changes of a batch, planned on the tree of its day, and that tree.
#[derive(Debug)]
pub(super) struct Planned {
    tree: Tree,
    plan: Plan,
}

/// Plans changes on the tree of a day; a plan holds all that it needs of them.
///
/// # Errors
/// Everything that stands in the way, each with its place in the changes.
pub(super) async fn plan_changes(office: &Office, tx: &Tx, on: Day, changes: &mut [Change]) -> Result<Planned, Stop> {
    let tree = office.tree_for(tx, on).await?;
    units::take_up_unlived(tx.sql(), changes).await?;
    let taken = units::load_taken(tx.sql(), &Named::of(&tree.forest, changes), on).await?;
    let ground = Ground { day: on, forest: &tree.forest, kinds: &tree.kinds, taken: &taken, judgement: Judgement::Asked };
    let plan = reorganization::plan(ground, changes)?;
    Ok(Planned { tree, plan })
}

/// Who asks for a batch.
#[derive(Clone, Debug)]
pub(super) enum Asker {
    /// Who holds these grants.
    Holder(Grants),
    /// The command line: whoever can run it holds the database anyway, so no right is asked for (A2).
    Unattended,
}

/// The same for whoever has taken the turn and planned the changes.
///
/// # Errors
/// As [`reorganize`].
pub(super) async fn carry_out(office: &Office, mut tx: Tx, asker: Asker, input: Batch, planned: Planned) -> Answer<Reorganized> {
    let title = text::name(&input.title).map_err(|no| Refusal::from(no).within("title"))?;
    let Planned { tree, plan } = planned;
    let grants = match asker {
        Asker::Holder(grants) => {
            stop_if_any(forbidden(&grants, tx.forest(), &tree.forest, &plan))?;
            grants
        }
        Asker::Unattended => Grants::default(),
    };
    let mut record = record_of(&tx, title, input.mode, &plan);
    if let Some(given) = &input.legal_basis {
        let eyes = Eyes { engine: tx.engine(), forest: tx.forest(), grants: &grants };
        let found = find_readable(tx.sql(), eyes, given).await.map_err(|stop| stop.within("legalBasis"))?;
        record.legal_basis = Some(found.directive.id.into());
    }
    let (stages, with) = run_from(&tx, &tree, &record, plan).await?;
    let Some(own) = stages.first().map(|own: &Stage| &own.plan) else { return Err(lost(&record).into()) };
    // A correction acts on what is open today, a plan on what is open on its day (S6).
    let without = if own.day > tx.today() { tree.forest.clone() } else { tx.forest().clone() };
    let between = Between { without: &without, with: &with };
    let decisions = read_decisions(&tx, &grants, between, (&input.decisions, office.limits().bulk_items)).await?;
    let shift = Shift { day: own.day.max(tx.today()), without: &without, with: &with, endings: &own.endings };
    let acting = Acting { batch: record.id(), shift, decisions: &decisions, judgement: Judgement::Asked, besides: &[], only: None };
    match input.mode {
        Mode::Preview => {
            let (effects, consequences) = foresee(&tx, acting).await?.told(acting);
            record.effects = effects;
            let forest = Arc::new(own.forest_after(&tree.forest, &tree.kinds).map_err(Fault::from)?);
            tx.preview(Reorganized { record, preview: Some(ReorganizationPreview { forest, consequences }) }).await
        }
        Mode::Real => {
            reorganizations::save_reorganization(&tx, &record, &decisions, &stages).await?;
            tx.change_structure();
            record_entries(&mut tx, &record, &stages, &tree.forest).await?;
            record.effects = match record.status {
                Status::Planned => keep_foreseen(&tx, acting).await?,
                _ => act(&mut tx, acting).await?,
            };
            tx.commit(Reorganized { record, preview: None }).await
        }
    }
}

/// What a planned batch would do is kept beside it until it acts.
async fn keep_foreseen(tx: &Tx, acting: Acting<'_>) -> Result<Effects, Stop> {
    let (effects, consequences) = foresee(tx, acting).await?.told(acting);
    reorganizations::save_effects(tx, acting.batch, &effects, &consequences).await?;
    Ok(effects)
}

fn lost(record: &Reorganization) -> Fault {
    Fault::Corrupt { table: "reorganization", wanted: "batch", value: record.id.to_string() }
}

fn check_size(changes: &[Change], limit: usize) -> Result<(), Refusal> {
    let count = changes.len();
    if count > limit { Err(Refusal::from(TreeRefusal::TooManyChanges { limit, count }).within("changes")) } else { Ok(()) }
}

/// Who changes a place needs `ADMIN` over it; a move needs it over both (A2). Rights are those of today's tree, in which an ended unit counts
/// at its place; a unit that comes into being later than today is judged where it will stand.
pub(super) fn forbidden(grants: &Grants, today: &Forest, on_the_day: &Forest, plan: &Plan) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for (index, change) in plan.changes.iter().enumerate() {
        for Over { at, unit } in &change.over {
            let standing = unit.map(|unit| today.standing(unit));
            let decided = match standing {
                Some(None) => grants.check(on_the_day, Action::Reorganize { over: *unit }),
                Some(over @ Some(_)) => grants.check(today, Action::Reorganize { over }),
                None => grants.check(today, Action::Reorganize { over: None }),
            };
            refusals.extend(decided.err().map(|no| at.lead(no).within(change.asked.verb()).at(index).within("changes")));
        }
    }
    refusals
}

pub(super) fn record_of(tx: &Tx, title: String, mode: Mode, plan: &Plan) -> Reorganization {
    Reorganization {
        id: tx.new_id(),
        title,
        effective_on: plan.day,
        legal_basis: None,
        status: match mode {
            Mode::Preview => Status::Preview,
            Mode::Real if plan.day > tx.today() => Status::Planned,
            Mode::Real => Status::Enacted,
        },
        units_touched: plan.touched.len(),
        changes: plan.changes.iter().map(|change| (&change.effect).into()).collect(),
        recorded_at: tx.now(),
        recorded_by: tx.actor().map(Into::into),
        annuls: None,
        taken_back_because: None,
        effects: Effects::default(),
    }
}
