//! The tree as it is read: units of a day, what stands around them, and the search for them (section 2).

use std::cmp::Ordering;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use chidao_domain::day::Day;
use chidao_domain::ids::UnitId;
use chidao_domain::refusal::{InputRefusal, Noun, Refusal};
use chidao_domain::reorganization::{ExternalId, UnitRef};
use chidao_domain::unit::OrgUnit;

use crate::live::Tree;
use crate::office::Glance;
use crate::store::forests::TreeOn;
use crate::store::successions::{End, load_successions};
use crate::store::units::Lookup;
use crate::store::{Fault, Stop, units};
use crate::view::page::{Page, Window};
use crate::view::{SharedView, View};

/// A unit on a day, with the tree around it: everything read from it is of that day (O4).
#[derive(Clone)]
pub struct UnitOnDay {
    view: SharedView,
    tree: Tree,
    on: TreeOn,
    place: usize,
}

impl UnitOnDay {
    /// The unit at a place of a tree; places after the last are those of units that had ended.
    pub fn at(view: SharedView, tree: Tree, on: TreeOn, place: usize) -> Self {
        Self { view, tree, on, place }
    }

    /// The unit, if it is active in the tree or had ended before its day.
    pub fn find(view: &SharedView, tree: &Tree, on: TreeOn, id: UnitId) -> Option<Self> {
        let place = tree.forest.known_place(id)?;
        Some(Self { view: view.clone(), tree: tree.clone(), on, place })
    }

    /// The unit as it is today.
    pub fn today(view: &SharedView, id: UnitId) -> Option<Self> {
        Self::find(view, view.tree(), TreeOn::day(view.today()), id)
    }

    /// What is true of it on the day; of one that had ended, what last was.
    pub fn unit(&self) -> &OrgUnit {
        unit_at(&self.tree, self.place)
    }

    /// When it ended, where it had before the day.
    pub fn ended_on(&self) -> Option<Day> {
        let at = self.place.checked_sub(self.tree.forest.len())?;
        Some(self.tree.forest.all_ended()[at].ended_on)
    }

    /// The places of the units below it, in tree order.
    pub fn below(&self) -> Range<usize> {
        if self.ended_on().is_some() { 0..0 } else { self.place + 1..self.tree.forest.subtree_at(self.place).end }
    }

    /// Its id.
    pub fn id(&self) -> UnitId {
        self.unit().id
    }

    /// The read that it belongs to.
    pub fn view(&self) -> &SharedView {
        &self.view
    }

    /// The tree of its day.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Its day.
    pub fn day(&self) -> Day {
        self.on.day
    }

    /// Its day, and when that was known.
    pub fn on(&self) -> TreeOn {
        self.on
    }

    /// Its place in tree order.
    pub fn place(&self) -> usize {
        self.place
    }

    /// Another place of the same tree.
    #[must_use]
    pub fn elsewhere(&self, place: usize) -> Self {
        Self { place, ..self.clone() }
    }

    /// The unit that it stands under; of one that had ended, that which it last stood under.
    pub fn parent(&self) -> Option<Self> {
        match self.ended_on() {
            None => self.tree.forest.parent_at(self.place).map(|place| self.elsewhere(place)),
            Some(_) => self.unit().parent.and_then(|parent| Self::find(&self.view, &self.tree, self.on, parent)),
        }
    }

    /// The units above, root first.
    pub fn ancestors(&self) -> Vec<Self> {
        let mut above: Vec<Self> = std::iter::successors(self.parent(), Self::parent).take(DEEPEST).collect();
        above.reverse();
        above
    }

    /// How many units stand above it.
    pub fn depth(&self) -> u32 {
        match self.ended_on() {
            None => self.tree.forest.depth_at(self.place),
            Some(_) => self.parent().map_or(0, |parent| parent.depth() + 1),
        }
    }

    /// The names from the root to the unit, joined.
    pub fn path(&self, separator: &str) -> String {
        let names: Vec<String> = self.ancestors().iter().chain([self]).map(|unit| unit.unit().name.to_string()).collect();
        names.join(separator)
    }
}

/// Levels that a path of ended units is followed upwards: rows that lead in a circle end there.
const DEEPEST: usize = 64;

/// The unit at a place: in tree order, and after the last those that had ended, by the day on which they did.
fn unit_at(tree: &Tree, place: usize) -> &OrgUnit {
    let active = tree.forest.units();
    active.get(place).unwrap_or_else(|| &tree.forest.all_ended()[place - active.len()].unit)
}

/// Which units are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitSelection {
    /// Words of the name, of any time, or of the code (O7).
    pub search: Option<String>,
    /// Only these kinds; empty: any.
    pub kinds: Vec<String>,
    /// Only this unit and those below it; an ended one stands at its place (C5).
    pub under: Option<UnitRef>,
    /// Whether units that had ended are listed too.
    pub ended: Ending,
}

/// Whether a list holds units that had ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// It does not.
    #[default]
    LeftOut,
    /// It does.
    Included,
}

/// The order of a list of units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnitOrder {
    /// As the tree is walked: parents before children.
    #[default]
    Tree,
    /// By name, as a Vietnamese dictionary does (O7).
    Name,
    /// By code.
    Code,
    /// The best hits of a search first (O7).
    Relevance,
}

/// Which part of the tree a list is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// Every unit.
    All,
    /// The units directly below the one at that place.
    Children(usize),
    /// The units below the one at that place, so many levels deep.
    Descendants(usize, Option<u32>),
}

impl View {
    /// The id of the unit of that tree that a client points at.
    ///
    /// # Errors
    /// `NOT_FOUND` where no unit has that code or name.
    pub async fn resolve_unit(&self, tree: &Tree, unit: &UnitRef) -> Result<UnitId, Stop> {
        let mut known = HashMap::new();
        if let UnitRef::External(id) = unit {
            let found = self.loaders().found_units.load_one(id.clone()).await.map_err(Fault::shared)?;
            known.extend(found.map(|unit| (id.clone(), unit)));
        }
        Ok(Lookup::of(known).find_known(&tree.forest, unit)?)
    }

    /// The places of the units that a list holds, in its order.
    ///
    /// # Errors
    /// A refusal where the filter points at nothing, or a fault of the database.
    pub async fn select_units(
        &self,
        (tree, day): (&Tree, Day),
        among: Among,
        selection: &UnitSelection,
        order: UnitOrder,
    ) -> Result<UnitList, Stop> {
        for (index, kind) in selection.kinds.iter().enumerate() {
            if tree.kinds.get(kind).is_none() {
                let unknown = InputRefusal::NotFound { wanted: Noun::OrgUnitKind, given: kind.clone() };
                return Err(Refusal::from(unknown).at(index).within("kinds").within("filter").into());
            }
        }
        let under = match &selection.under {
            None => None,
            Some(unit) => {
                let top = self.resolve_unit(tree, unit).await.map_err(|stop| stop.within("under").within("filter"))?;
                Some(tree.forest.known_under(top))
            }
        };
        let hits = match &selection.search {
            None => None,
            Some(words) => {
                let sought = Sought { words: words.clone(), until: day.max(self.today()) };
                Some(self.loaders().found_units.load_one(sought).await.map_err(Fault::shared)?.unwrap_or_default())
            }
        };
        let mut places = places_among(tree, among);
        if selection.ended == Ending::Included && among == Among::All {
            places.extend(tree.forest.len()..tree.forest.known_len());
        }
        places.retain(|&place| {
            let unit = unit_at(tree, place);
            under.as_ref().is_none_or(|under| under.contains(place))
                && (selection.kinds.is_empty() || selection.kinds.iter().any(|kind| **kind == *unit.kind))
                && hits.as_ref().is_none_or(|hits| hits.contains_key(&unit.id))
        });
        let list = UnitList { order, hits: hits.unwrap_or_default(), tree: tree.clone(), places };
        Ok(list.sorted())
    }
}

/// What a search found: the smaller the number of a unit, the better it fits.
pub type Hits = Arc<HashMap<UnitId, u8>>;

/// What is searched for: words, and the day up to which who took over from a unit is found by its name. It is a coming day where a tree of
/// that day is asked for, in which what is planned has happened.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sought {
    words: String,
    until: Day,
}

/// Finds units; the same words are looked up once, however many lists they narrow.
pub struct UnitsFound(pub(crate) Arc<Glance>);

impl Loader<ExternalId> for UnitsFound {
    type Value = UnitId;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[ExternalId]) -> Result<HashMap<ExternalId, UnitId>, Arc<Fault>> {
        units::by_external_ids(self.0.snapshot.sql(), ids).await.map_err(Arc::new)
    }
}

impl Loader<Sought> for UnitsFound {
    type Value = Hits;
    type Error = Arc<Fault>;

    async fn load(&self, searches: &[Sought]) -> Result<HashMap<Sought, Hits>, Arc<Fault>> {
        let mut found = HashMap::new();
        for search in searches {
            let hits = units::search(self.0.snapshot.sql(), self.0.snapshot.engine(), &search.words).await?;
            found.insert(search.clone(), Arc::new(self.with_successors(hits, search.until).await?));
        }
        Ok(found)
    }
}

impl UnitsFound {
    /// The hits of a search, and after them those who took over from one (O7): an old name finds the successors.
    async fn with_successors(&self, mut hits: HashMap<UnitId, u8>, until: Day) -> Result<HashMap<UnitId, u8>, Fault> {
        let mut asked: Vec<UnitId> = hits.keys().copied().collect();
        while !asked.is_empty() {
            let found = load_successions(self.0.snapshot.sql(), self.0.snapshot.engine(), End::From, &asked).await?;
            let heirs = found.into_values().flatten().filter(|succession| succession.effective_on <= until);
            let mut new = Vec::new();
            for heir in heirs.map(|succession| succession.to) {
                if let Entry::Vacant(vacant) = hits.entry(heir) {
                    vacant.insert(BY_SUCCESSION);
                    new.push(heir);
                }
            }
            asked = new;
        }
        Ok(hits)
    }
}

/// The rank of a hit by the name of a predecessor: after every hit by the unit's own names.
const BY_SUCCESSION: u8 = 4;

fn places_among(tree: &Tree, among: Among) -> Vec<usize> {
    let forest = &tree.forest;
    let below = |top: usize| if top < forest.len() { top + 1..forest.subtree_at(top).end } else { 0..0 };
    match among {
        Among::All => (0..forest.len()).collect(),
        Among::Children(top) => below(top).filter(|&place| forest.parent_at(place) == Some(top)).collect(),
        Among::Descendants(top, levels) => {
            let deepest = levels.map(|levels| forest.depth_at(top).saturating_add(levels));
            below(top).filter(|&place| deepest.is_none_or(|deepest| forest.depth_at(place) <= deepest)).collect()
        }
    }
}

/// A list of units of one tree, in an order.
pub struct UnitList {
    tree: Tree,
    places: Vec<usize>,
    order: UnitOrder,
    hits: Hits,
}

impl UnitList {
    fn sorted(mut self) -> Self {
        let mut places = std::mem::take(&mut self.places);
        places.sort_unstable_by(|a, b| self.compare(*a, *b));
        self.places = places;
        self
    }

    /// Only those of its units that `wanted` admits.
    #[must_use]
    pub fn only(mut self, wanted: impl Fn(UnitId) -> bool) -> Self {
        let Self { tree, places, .. } = &mut self;
        places.retain(|&place| wanted(unit_at(tree, place).id));
        self
    }

    /// Places are the last tie-break, so that the order is total.
    fn compare(&self, a: usize, b: usize) -> Ordering {
        let (one, other) = (unit_at(&self.tree, a), unit_at(&self.tree, b));
        let rank = |unit: &OrgUnit| self.hits.get(&unit.id).copied().unwrap_or(u8::MAX);
        let key = match self.order {
            UnitOrder::Tree => Ordering::Equal,
            UnitOrder::Name => one.sort_key.cmp(&other.sort_key),
            UnitOrder::Code => one.code.cmp(&other.code),
            UnitOrder::Relevance => (rank(one), &one.sort_key).cmp(&(rank(other), &other.sort_key)),
        };
        key.then(a.cmp(&b))
    }

    /// The page of a window whose keys are units.
    ///
    /// # Errors
    /// A refusal where the unit of a cursor is not in this tree.
    pub fn page(&self, window: &Window<UnitId>) -> Result<Page<usize>, Refusal> {
        let window = window.clone().try_map(|unit| {
            let gone = || Refusal::from(InputRefusal::ForeignCursor);
            self.tree.forest.known_place(unit).ok_or_else(gone)
        })?;
        Ok(Page::of_sorted(&self.places, &window, |item, key| self.compare(*item, *key)))
    }
}
