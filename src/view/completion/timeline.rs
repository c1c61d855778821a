//! A set over time (C8): every point is what the set's completion on that day tells, from one statement for all points and all sets that are
//! asked for together.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use chidao_domain::completion::{Point, Selection, TimeStep, sweep};
use chidao_domain::day::Day;
use chidao_domain::forest::Forest;
use chidao_domain::refusal::{CompletionRefusal, InputRefusal, Refusal};
use chrono::{DateTime, Utc};

use super::loaders::Alike;
use super::{Narrowing, ObligationSet, Structure};
use crate::office::{Glance, SharedOffice};
use crate::store::completions::intervals::{Course, load_courses};
use crate::store::completions::{AsOf, Question, Subject};
use crate::store::forests::{TreeOn, load_days_of_change, load_forest};
use crate::store::{Fault, Stop};

/// One timeline that is asked for.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct TimelineAsked {
    /// What is counted, up to the last day.
    question: Question,
    narrowing: Narrowing,
    selection: Selection,
    span: TimeSpan,
}

/// The days of a timeline, and on which trees it stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct TimeSpan {
    from: Day,
    to: Day,
    step: TimeStep,
    trees: Trees,
}

/// On which trees the units of a timeline stand.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Trees {
    /// On one, for all its points.
    One(TreeOn),
    /// On that of each point's day, as it is or was known.
    OfEachDay(Option<DateTime<Utc>>),
}

impl ObligationSet {
    /// How much was bound, fulfilled and overdue at the end of each day, week or month from `from` to `to`, cut at the day that the set is
    /// seen from. With [`Structure::Then`] the units of each point stand on the tree of its own day.
    ///
    /// # Errors
    /// A refusal where `from` lies after `to` or after the last day that can be told, where there are more points than the limit allows, or
    /// more trees; a fault of the database.
    pub async fn timeline(&self, from: Day, to: Day, step: TimeStep) -> Result<Vec<Point>, Stop> {
        if to < from {
            return Err(Refusal::from(InputRefusal::EarlierThan { earliest: from.to_string() }).by("C8").within("to").into());
        }
        let to = to.min(self.standpoint.day());
        if to < from {
            return Err(Refusal::from(InputRefusal::LaterThan { latest: to.to_string() }).by("C8").within("from").into());
        }
        let (limit, count) = (self.view.office().limits().timeline_points, step.count(from, to));
        if count > limit {
            return Err(Refusal::from(CompletionRefusal::TooManyPoints { limit, count }).within("step").into());
        }
        let trees = match self.standpoint.structure() {
            Structure::Now => Trees::One(self.standpoint.on()),
            Structure::Then => Trees::OfEachDay(self.standpoint.on().known_at),
        };
        let question = Question { as_of: AsOf::EndOf(to), ..self.question(self.narrowing.grain()) };
        let (narrowing, selection) = (self.narrowing.clone(), self.selection);
        let asked = TimelineAsked { question, narrowing, selection, span: TimeSpan { from, to, step, trees } };
        let told = self.view.loaders().timelines.load_one(asked).await.map_err(Fault::shared)?;
        let told = told.ok_or_else(|| Fault::Other("a timeline was not told".into()))?;
        Ok(told?.to_vec())
    }
}

/// Loads timelines.
pub struct TimelinesOf {
    /// Where trees come from.
    pub(crate) office: SharedOffice,
    /// The moment of the read.
    pub(crate) glance: Arc<Glance>,
}

type Told = HashMap<TimelineAsked, Result<Arc<[Point]>, Refusal>>;

impl Loader<TimelineAsked> for TimelinesOf {
    type Value = Result<Arc<[Point]>, Refusal>;
    type Error = Arc<Fault>;

    async fn load(&self, asked: &[TimelineAsked]) -> Result<Told, Self::Error> {
        let mut alike: HashMap<(TimeSpan, Alike), Vec<&TimelineAsked>> = HashMap::new();
        for one in asked {
            alike.entry((one.span, Alike::of(&one.question))).or_default().push(one);
        }
        let mut told = Told::new();
        for ((span, alike), asked) in alike {
            match self.trees(span).await? {
                Ok(trees) => self.tell(&alike, &asked, &trees, &mut told).await?,
                Err(refusal) => told.extend(asked.into_iter().map(|one| (one.clone(), Err(refusal.clone())))),
            }
        }
        Ok(told)
    }
}

/// Points of a timeline that stand on one tree.
struct Stretch {
    days: Vec<Day>,
    on: TreeOn,
}

impl TimelinesOf {
    /// The points of a timeline, by the trees that they stand on: one for all, or one for all days between two changes.
    async fn trees(&self, span: TimeSpan) -> Result<Result<Vec<Stretch>, Refusal>, Fault> {
        let days: Vec<Day> = span.step.points(span.from, span.to).collect();
        let known_at = match span.trees {
            Trees::One(on) => return Ok(Ok(vec![Stretch { days, on }])),
            Trees::OfEachDay(known_at) => known_at,
        };
        let changes =
            load_days_of_change(self.glance.snapshot.sql(), self.glance.snapshot.engine(), (span.from, span.to), known_at).await?;
        let stretches = days.chunk_by(|day, next| !changes.iter().any(|change| day < change && change <= next));
        // The tree of the last day is the one that a completion of that day has asked for.
        let stretch = |days: &[Day]| Some(Stretch { on: TreeOn { day: *days.last()?, known_at }, days: days.to_vec() });
        let stretches: Vec<Stretch> = stretches.filter_map(stretch).collect();
        let (limit, count) = (self.office.limits().timeline_trees, stretches.len());
        if count > limit {
            return Ok(Err(Refusal::from(CompletionRefusal::TooManyTrees { limit, count }).within("step")));
        }
        Ok(Ok(stretches))
    }

    /// Tells timelines over the same days; whatever their number, each tree is looked at once.
    async fn tell(&self, alike: &Alike, asked: &[&TimelineAsked], trees: &[Stretch], told: &mut Told) -> Result<(), Fault> {
        let Some(span) = asked.first().map(|one| one.span) else { return Ok(()) };
        let (sql, engine) = (self.glance.snapshot.sql(), self.glance.snapshot.engine());
        let mut places: HashMap<&Subject, usize> = HashMap::new();
        let mut subjects: Vec<Subject> = Vec::new();
        for one in asked {
            places.entry(&one.question.subject).or_insert_with(|| {
                subjects.push(one.question.subject.clone());
                subjects.len() - 1
            });
        }
        let courses = load_courses(sql, engine, (span.from, span.to), (&subjects, &alike.counted), alike.grain).await?;
        let mut points: Vec<Vec<Point>> = vec![Vec::new(); asked.len()];
        for stretch in trees {
            let forest = self.forest(stretch, trees.last()).await?;
            for (one, points) in asked.iter().zip(&mut points) {
                let place = places.get(&one.question.subject).copied().unwrap_or_default();
                points.extend(one.points(&courses[place], stretch, &forest));
            }
        }
        told.extend(asked.iter().copied().cloned().zip(points.into_iter().map(|points| Ok(points.into()))));
        Ok(())
    }

    /// The tree of a stretch. Only the last one is kept for others, since it is that of the day that is asked for: the rest would push out what
    /// others look at.
    async fn forest(&self, stretch: &Stretch, last: Option<&Stretch>) -> Result<Arc<Forest>, Fault> {
        let glance = &*self.glance;
        if last.is_some_and(|last| last.on == stretch.on) {
            return Ok(self.office.tree_of(glance, stretch.on).await?.forest);
        }
        Ok(Arc::new(load_forest(glance.snapshot.sql(), glance.snapshot.engine(), &glance.tree.kinds, stretch.on).await?))
    }
}

impl TimelineAsked {
    /// The points of a stretch, from what the set holds on its tree.
    fn points(&self, courses: &[Course], stretch: &Stretch, forest: &Forest) -> Vec<Point> {
        let within = |range: &Range<Day>, course: &Course| {
            course.interval.since <= range.end && course.interval.until.is_none_or(|until| until > range.start)
        };
        let (Some(first), Some(last)) = (stretch.days.first(), stretch.days.last()) else { return Vec::new() };
        let range = *first..*last;
        let holds = |course: &Course| {
            within(&range, course)
                && course.apart.is_none_or(|apart| self.narrowing.admits(&apart))
                && self.narrowing.admits_unit(forest, course.unit)
                && self.selection.includes(forest, course.unit)
        };
        sweep(&stretch.days, courses.iter().filter(|course| holds(course)).map(|course| course.interval))
    }
}
