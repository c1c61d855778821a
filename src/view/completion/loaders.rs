//! What completion is read by: questions that are asked at the same time and differ in their subjects only are one statement.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::dataloader::Loader;
use chidao_domain::completion::RollUp;
use chidao_domain::directive::DirectiveRef;
use chidao_domain::forest::Forest;
use chidao_domain::ids::{DirectiveId, RequirementId, UnitId};
use chidao_domain::refusal::Refusal;

use super::{Narrowing, Standpoint};
use crate::office::Glance;
use crate::store::completions::figures::{Figured, load_figures};
use crate::store::completions::{
    AsOf, Counted, Grain, ObligationsCounted, Question, RequirementName, Subject, load_bound_by_line, load_counts, load_implementing,
    load_names,
};
use crate::store::forests::TreeOn;
use crate::store::obligations::Reach;
use crate::store::sights::{Eyes, Sighted, find_readable};
use crate::store::{Fault, Snapshot, Stop};

type SharedRollUp = Arc<RollUp<Arc<Forest>>>;

/// The answer to one question, and the roll-ups that were made of it.
pub struct Counts {
    pub(super) rows: Vec<Counted>,
    /// Empty where requirements are not kept apart.
    pub(super) names: HashMap<RequirementId, RequirementName>,
    folded: Mutex<HashMap<(TreeOn, Narrowing), SharedRollUp>>,
}

impl Counts {
    /// Every unit's completion on a tree, of what the narrowing admits; folded once for each.
    pub(super) fn roll_up(&self, standpoint: &Standpoint, narrowing: &Narrowing) -> SharedRollUp {
        let key = (standpoint.on(), narrowing.clone());
        let mut folded = self.folded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = folded.get(&key) {
            return kept.clone();
        }
        let rows = self.admitted(standpoint.forest(), narrowing).map(|row| (row.unit, row.tally));
        let made = Arc::new(RollUp::fold(standpoint.tree().forest.clone(), rows));
        folded.insert(key, made.clone());
        made
    }

    /// The rows that the narrowing admits.
    pub(super) fn admitted<'a>(&'a self, forest: &'a Forest, narrowing: &'a Narrowing) -> impl Iterator<Item = &'a Counted> {
        self.rows
            .iter()
            .filter(move |row| row.apart.is_none_or(|apart| narrowing.admits(&apart)) && narrowing.admits_unit(forest, row.unit))
    }
}

impl Narrowing {
    /// Whether the unit has one of the kinds, on the day of the structure; one that has ended has its last.
    pub(super) fn admits_unit(&self, forest: &Forest, unit: UnitId) -> bool {
        self.unit_kinds.as_ref().is_none_or(|kinds| forest.known(unit).is_some_and(|unit| kinds.contains(&unit.kind)))
    }
}

/// What questions must share to be answered by one statement.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Alike {
    sort: Option<Reach>,
    about_requirements: bool,
    pub(super) counted: ObligationsCounted,
    pub(super) grain: Grain,
    as_of: AsOf,
}

impl Alike {
    pub(super) fn of(question: &Question) -> Self {
        let (sort, about_requirements) = match &question.subject {
            Subject::Everything => (None, false),
            Subject::Directives(_, through) => (Some(*through), false),
            Subject::Requirement(..) => (None, true),
        };
        Self { sort, about_requirements, counted: question.counted.clone(), grain: question.grain, as_of: question.as_of }
    }
}

/// Questions by what one statement can answer together.
fn batches(questions: &[Question]) -> HashMap<Alike, Vec<Subject>> {
    let mut batches: HashMap<Alike, Vec<Subject>> = HashMap::new();
    for question in questions {
        batches.entry(Alike::of(question)).or_default().push(question.subject.clone());
    }
    batches
}

/// Loads counts.
pub struct CountsOf(pub(crate) Arc<Glance>);

impl CountsOf {
    async fn answer(&self, alike: &Alike, subjects: &[Subject]) -> Result<Vec<Arc<Counts>>, Fault> {
        let Glance { snapshot, .. } = &*self.0;
        let (sql, engine) = (snapshot.sql(), snapshot.engine());
        let answers = load_counts(sql, engine, alike.as_of, subjects, &alike.counted, alike.grain).await?;
        let mut names = match alike.grain {
            Grain::Units => HashMap::new(),
            Grain::Requirements => load_names(sql, engine, alike.as_of, subjects, &alike.counted).await?,
        };
        let last = answers.len().saturating_sub(1);
        let counts = answers.into_iter().enumerate().map(|(at, rows)| {
            let names = if at == last { std::mem::take(&mut names) } else { names.clone() };
            Arc::new(Counts { rows, names, folded: Mutex::default() })
        });
        Ok(counts.collect())
    }
}

impl Loader<Question> for CountsOf {
    type Value = Arc<Counts>;
    type Error = Arc<Fault>;

    async fn load(&self, questions: &[Question]) -> Result<HashMap<Question, Self::Value>, Self::Error> {
        let mut found = HashMap::new();
        for (alike, subjects) in batches(questions) {
            let answers = self.answer(&alike, &subjects).await.map_err(Arc::new)?;
            let question = |subject| Question { subject, counted: alike.counted.clone(), grain: alike.grain, as_of: alike.as_of };
            found.extend(subjects.into_iter().map(question).zip(answers));
        }
        Ok(found)
    }
}

/// Loads what reports say in figures.
pub struct FiguresOf(pub(crate) Arc<Glance>);

impl Loader<Question> for FiguresOf {
    type Value = Arc<Figured>;
    type Error = Arc<Fault>;

    async fn load(&self, questions: &[Question]) -> Result<HashMap<Question, Self::Value>, Self::Error> {
        let snapshot: &Snapshot = &self.0.snapshot;
        let mut found = HashMap::new();
        for (alike, subjects) in batches(questions) {
            let answers =
                load_figures(snapshot.sql(), snapshot.engine(), alike.as_of, &subjects, &alike.counted).await.map_err(Arc::new)?;
            let question = |subject| Question { subject, counted: alike.counted.clone(), grain: alike.grain, as_of: alike.as_of };
            found.extend(subjects.into_iter().map(question).zip(answers.into_iter().map(Arc::new)));
        }
        Ok(found)
    }
}

/// Loads which issued directives implement others, directly or not.
pub struct ImplementingOf(pub(crate) Arc<Glance>);

impl Loader<DirectiveId> for ImplementingOf {
    type Value = Arc<Vec<(DirectiveId, UnitId)>>;
    type Error = Arc<Fault>;

    async fn load(&self, directives: &[DirectiveId]) -> Result<HashMap<DirectiveId, Self::Value>, Self::Error> {
        let snapshot: &Snapshot = &self.0.snapshot;
        let answers = load_implementing(snapshot.sql(), snapshot.engine(), directives).await.map_err(Arc::new)?;
        Ok(directives.iter().copied().zip(answers.into_iter().map(Arc::new)).collect())
    }
}

/// Loads whom directives, and those that implement them, bind (D7).
pub struct BoundByLine(pub(crate) Arc<Glance>);

impl Loader<DirectiveId> for BoundByLine {
    type Value = Arc<HashSet<UnitId>>;
    type Error = Arc<Fault>;

    async fn load(&self, directives: &[DirectiveId]) -> Result<HashMap<DirectiveId, Self::Value>, Self::Error> {
        let snapshot: &Snapshot = &self.0.snapshot;
        let answers = load_bound_by_line(snapshot.sql(), snapshot.engine(), directives).await.map_err(Arc::new)?;
        Ok(directives.iter().copied().zip(answers.into_iter().map(Arc::new)).collect())
    }
}

/// Finds the directives that filters name; the same name is looked up once, however many units it filters for.
pub struct NamedDirectives(pub(crate) Arc<Glance>);

impl Loader<DirectiveRef> for NamedDirectives {
    type Value = Result<Arc<Sighted>, Refusal>;
    type Error = Arc<Fault>;

    async fn load(&self, named: &[DirectiveRef]) -> Result<HashMap<DirectiveRef, Self::Value>, Self::Error> {
        let Glance { snapshot, tree, grants, .. } = &*self.0;
        let eyes = Eyes { engine: snapshot.engine(), forest: &tree.forest, grants };
        let mut found = HashMap::new();
        for given in named {
            let answer = match find_readable(snapshot.sql(), eyes, given).await {
                Ok(sighted) => Ok(Arc::new(sighted)),
                Err(Stop::Refused(refusals)) => {
                    Err(refusals.into_iter().next().ok_or_else(|| Arc::new(Fault::Other("refused without a reason".into())))?)
                }
                Err(Stop::Fault(fault)) => return Err(Arc::new(fault)),
                Err(Stop::Replay(_)) => return Err(Arc::new(Fault::Other("a replay outside a mutation".into()))),
            };
            found.insert(given.clone(), answer);
        }
        Ok(found)
    }
}
