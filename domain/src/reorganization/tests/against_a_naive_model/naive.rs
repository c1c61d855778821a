//! The model.

use std::collections::BTreeMap;

use super::super::wish::{KINDS, Wish, code};
use super::*;

#[derive(Clone, Debug, PartialEq)]
struct Row {
    code: String,
    kind: String,
    parent: Option<String>,
    name: String,
    /// `None` where it is active.
    heirs: Option<Vec<String>>,
}

/// What the model knows of a unit: code, kind, parent, name, and its heirs where it has ended.
pub(super) type Fact = (String, String, Option<String>, String, Option<Vec<String>>);

/// Kind, parent and the parent's kind of each active unit.
type Placements = BTreeMap<String, (String, Option<(String, String)>)>;

pub(super) struct Naive {
    before: Vec<Row>,
    rows: Vec<Row>,
    /// The change that last gave a unit the placement that it has.
    placed_by: BTreeMap<String, usize>,
    /// In order: who took over from whom, by which change.
    endings: Vec<(usize, String, Vec<String>)>,
}

impl Naive {
    pub(super) fn of(forest: &Forest) -> Self {
        let row = |unit: &OrgUnit, heirs: Option<&[UnitId]>| Row {
            code: unit.code.to_string(),
            kind: unit.kind.to_string(),
            parent: unit.parent.map(|parent| forest.code_of(parent)),
            name: unit.name.to_string(),
            heirs: heirs.map(|heirs| heirs.iter().map(|heir| forest.code_of(*heir)).collect()),
        };
        let active = forest.units().iter().map(|unit| row(unit, None));
        let rows: Vec<Row> = active.chain(forest.all_ended().iter().map(|ended| row(&ended.unit, Some(&ended.heirs)))).collect();
        Self { before: rows.clone(), rows, placed_by: BTreeMap::new(), endings: Vec::new() }
    }

    pub(super) fn facts(&self) -> BTreeSet<Fact> {
        let facts = self.rows.iter().map(|row| match &row.heirs {
            None => row.clone(),
            // Nobody saw what a batch made of a unit that it ends.
            Some(heirs) => Row { heirs: Some(heirs.clone()), ..self.at_first(&row.code).unwrap().clone() },
        });
        facts.map(|row| (row.code, row.kind, row.parent, row.name, row.heirs)).collect()
    }

    fn at_first(&self, code: &str) -> Option<&Row> {
        self.before.iter().find(|row| row.code == code)
    }

    fn row(&self, code: &str) -> Result<&Row, Code> {
        self.rows.iter().find(|row| row.code == code && row.heirs.is_none()).ok_or(Code::NotFound)
    }

    fn row_mut(&mut self, code: &str) -> &mut Row {
        self.rows.iter_mut().find(|row| row.code == code).unwrap()
    }

    pub(super) fn children(&self, of: &str) -> Vec<String> {
        let below = self.rows.iter().filter(|row| row.heirs.is_none() && row.parent.as_deref() == Some(of));
        below.map(|row| row.code.clone()).collect()
    }

    /// Whether `unit` is `top` or stands below it.
    fn is_at_or_below(&self, unit: &str, top: &str) -> bool {
        let above = |code: &String| self.row(code).ok().and_then(|row| row.parent.clone());
        std::iter::successors(Some(unit.to_owned()), above).any(|at| at == top)
    }

    fn placements(&self) -> Placements {
        let active = self.rows.iter().filter(|row| row.heirs.is_none());
        let above = |row: &Row| row.parent.clone().map(|parent| (self.row(&parent).unwrap().kind.clone(), parent));
        active.map(|row| (row.code.clone(), (row.kind.clone(), above(row)))).collect()
    }

    /// What only the whole batch shows: the changes with placements that are not permitted, or with heirs that leave nobody.
    pub(super) fn faults(&self) -> Vec<(usize, Code)> {
        let first = Self { rows: self.before.clone(), before: Vec::new(), placed_by: BTreeMap::new(), endings: Vec::new() }.placements();
        let begun = self.placements().into_iter().filter(|(code, placement)| first.get(code) != Some(placement));
        let kinds = fixture::kinds();
        let may_stand = |kind: &str, parent: Option<&str>| kinds.get(kind).unwrap().may_stand_under(parent, fixture::day(DAY));
        let misplaced = begun.filter(|(_, (kind, above))| !may_stand(kind, above.as_ref().map(|above| &*above.0)));
        let mut faults: Vec<(usize, Code)> = misplaced.map(|(code, _)| (self.placed_by[&code], Code::PlacementNotPermitted)).collect();
        for (_, _, heirs) in &self.endings {
            for heir in heirs {
                let ended = self.rows.iter().any(|row| row.code == *heir && row.heirs == Some(vec![]));
                let by = self.endings.iter().rfind(|(_, unit, _)| unit == heir);
                faults.extend(by.filter(|_| ended).map(|(change, _, _)| (*change, Code::Invalid)));
            }
        }
        faults
    }

    /// Where an ended unit counts by the words of C5; `None` where they lead round.
    pub(super) fn place(&self, code: &str) -> Option<Option<String>> {
        let mut at = code.to_owned();
        for _ in 0..=self.rows.len() {
            if self.row(&at).is_ok() {
                return Some(Some(at));
            }
            let heirs = self.rows.iter().find(|row| row.code == at).unwrap().heirs.clone().unwrap();
            let next = if heirs.len() == 1 { heirs.first().cloned() } else { self.at_first(&at).unwrap().parent.clone() };
            let Some(next) = next else { return Some(None) };
            at = next;
        }
        None
    }

    /// Does one wish, or tells the code of what stands in the way.
    pub(super) fn act(&mut self, change: usize, wish: &Wish) -> Result<(), Code> {
        let (rows, placements) = (self.rows.clone(), self.placements());
        let endings = self.endings.len();
        let done = match wish {
            Wish::Establish { code: new, kind, parent } => self.establish(code(*new), KINDS[*kind], parent.map(code)),
            Wish::Rename { unit, name } => self.rename(&code(*unit), format!("n{name}")),
            Wish::Move { unit, parent } => self.relocate(&code(*unit), &code(*parent)),
            Wish::ChangeKind { unit, kind, parent } => self.change_kind(&code(*unit), KINDS[*kind], parent.map(code)),
            Wish::Merge { units, into } => self.merge(change, &units.iter().map(|unit| code(*unit)).collect::<Vec<_>>(), &code(*into)),
            Wish::Split { unit, parts } => {
                let codes = |units: &[usize]| units.iter().map(|unit| code(*unit)).collect();
                let parts: Vec<(String, Vec<String>)> = parts.iter().map(|(into, children)| (code(*into), codes(children))).collect();
                self.split(change, &code(*unit), &parts)
            }
            Wish::Dissolve { unit, heir, children_to } => self.dissolve(change, &code(*unit), heir.map(code), children_to.map(code)),
            Wish::Reopen { unit, parent } => self.reopen(&code(*unit), parent.map(code)),
        };
        if done.is_err() {
            self.rows = rows;
            self.endings.truncate(endings);
        }
        let now = self.placements();
        let moved = now.into_iter().filter(|(code, placement)| placements.get(code) != Some(placement));
        self.placed_by.extend(moved.map(|(code, _)| (code, change)));
        done
    }

    fn establish(&mut self, code: String, kind: &str, parent: Option<String>) -> Result<(), Code> {
        if self.rows.iter().any(|row| row.code == code) {
            return Err(Code::AlreadyExists);
        }
        parent.as_deref().map(|parent| self.row(parent)).transpose()?;
        self.rows.push(Row { name: code.clone(), code, kind: kind.into(), parent, heirs: None });
        Ok(())
    }

    fn rename(&mut self, unit: &str, name: String) -> Result<(), Code> {
        if self.row(unit)?.name == name {
            return Err(Code::Invalid);
        }
        self.row_mut(unit).name = name;
        Ok(())
    }

    fn relocate(&mut self, unit: &str, parent: &str) -> Result<(), Code> {
        self.row(parent)?;
        if self.row(unit)?.parent.as_deref() == Some(parent) {
            return Err(Code::Invalid);
        }
        self.put(unit, parent)
    }

    fn put(&mut self, unit: &str, parent: &str) -> Result<(), Code> {
        if self.is_at_or_below(parent, unit) {
            return Err(Code::Cycle);
        }
        self.row_mut(unit).parent = Some(parent.to_owned());
        Ok(())
    }

    fn change_kind(&mut self, unit: &str, kind: &str, parent: Option<String>) -> Result<(), Code> {
        let row = self.row(unit)?.clone();
        parent.as_deref().map(|parent| self.row(parent)).transpose()?;
        let parent = parent.or(row.parent.clone());
        if row.kind == kind && row.parent == parent {
            return Err(Code::Invalid);
        }
        if let Some(parent) = parent.filter(|parent| Some(parent) != row.parent.as_ref()) {
            self.put(unit, &parent)?;
        }
        self.row_mut(unit).kind = kind.to_owned();
        Ok(())
    }

    fn each_once(&self, units: &[String]) -> Result<(), Code> {
        units.iter().try_for_each(|unit| self.row(unit).map(|_| ()))?;
        let distinct: BTreeSet<&String> = units.iter().collect();
        if distinct.len() < units.len() { Err(Code::Invalid) } else { Ok(()) }
    }

    fn may_end(&self, unit: &str) -> Result<(), Code> {
        let stood = self.at_first(unit).is_some_and(|row| row.heirs.is_none());
        if stood { Ok(()) } else { Err(Code::Invalid) }
    }

    fn end(&mut self, change: usize, unit: &str, heirs: Vec<String>) {
        self.endings.push((change, unit.to_owned(), heirs.clone()));
        self.row_mut(unit).heirs = Some(heirs);
    }

    fn merge(&mut self, change: usize, units: &[String], into: &str) -> Result<(), Code> {
        self.each_once(units)?;
        self.row(into)?;
        let ending: Vec<&String> = units.iter().filter(|unit| *unit != into).collect();
        if ending.is_empty() {
            return Err(Code::Invalid);
        }
        ending.iter().try_for_each(|unit| self.may_end(unit))?;
        if ending.iter().any(|unit| self.is_at_or_below(into, unit)) {
            return Err(Code::Cycle);
        }
        for unit in &ending {
            for child in self.children(unit).iter().filter(|child| !ending.contains(child)) {
                self.put(child, into)?;
            }
        }
        ending.iter().for_each(|unit| self.end(change, unit, vec![into.to_owned()]));
        Ok(())
    }

    fn split(&mut self, change: usize, unit: &str, parts: &[(String, Vec<String>)]) -> Result<(), Code> {
        self.row(unit)?;
        if parts.len() < 2 {
            return Err(Code::Invalid);
        }
        let into: Vec<String> = parts.iter().map(|(into, _)| into.clone()).collect();
        let named: Vec<String> = parts.iter().flat_map(|(_, children)| children.clone()).collect();
        self.each_once(&into)?;
        self.each_once(&named)?;
        let below = self.children(unit);
        let stays = into.iter().any(|part| part == unit);
        if named.iter().any(|child| !below.contains(child)) || !stays && below.iter().any(|child| !named.contains(child)) {
            return Err(Code::Invalid);
        }
        if !stays {
            self.may_end(unit)?;
        }
        for (part, children) in parts.iter().filter(|(part, _)| part != unit) {
            children.iter().try_for_each(|child| self.put(child, part))?;
        }
        let heirs: Vec<String> = into.into_iter().filter(|part| part != unit).collect();
        if stays {
            self.endings.push((change, unit.to_owned(), heirs));
        } else {
            self.end(change, unit, heirs);
        }
        Ok(())
    }

    fn dissolve(&mut self, change: usize, unit: &str, heir: Option<String>, children_to: Option<String>) -> Result<(), Code> {
        self.row(unit)?;
        for other in heir.iter().chain(&children_to) {
            self.row(other)?;
        }
        if heir.iter().chain(&children_to).any(|other| other == unit) {
            return Err(Code::Invalid);
        }
        self.may_end(unit)?;
        match children_to.or(heir.clone()) {
            Some(to) if self.is_at_or_below(&to, unit) => return Err(Code::Cycle),
            Some(to) => self.children(unit).iter().try_for_each(|child| self.put(child, &to))?,
            None if self.children(unit).is_empty() => {}
            None => return Err(Code::Invalid),
        }
        self.end(change, unit, heir.into_iter().collect());
        Ok(())
    }

    fn reopen(&mut self, unit: &str, parent: Option<String>) -> Result<(), Code> {
        let ended = self.at_first(unit).filter(|row| row.heirs.is_some()).cloned().filter(|_| self.row(unit).is_err());
        let Some(ended) = ended else { return Err(if self.row(unit).is_ok() { Code::Invalid } else { Code::NotFound }) };
        let is_given = parent.is_some();
        let parent = parent.or(ended.parent);
        if parent.as_deref().is_some_and(|parent| self.row(parent).is_err()) {
            return Err(if is_given { Code::NotFound } else { Code::Invalid });
        }
        let row = self.row_mut(unit);
        (row.parent, row.heirs) = (parent, None);
        Ok(())
    }
}
