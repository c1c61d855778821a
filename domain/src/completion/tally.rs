//! The counts of a set of obligations (C1), its rates (C2), and those of its units (C6).

use std::ops::{Add, AddAssign, Sub};

use crate::day::Day;
use crate::obligation::{State, Timing};

/// One of the four cells that partition what is counted (C1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// Fulfilled by a report that came in time: hoàn thành đúng hạn.
    OnTime,
    /// Fulfilled by a report that came late: hoàn thành quá hạn.
    Late,
    /// Open and not overdue: trong hạn.
    OpenInTime,
    /// Open and overdue, or lapsed: quá hạn.
    Overdue,
}

/// Obligations that count alike on one day: what a tally is grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Group {
    /// Where they stand.
    pub state: State,
    /// Whether their requirement is informative (B8).
    pub informative: bool,
    /// Whether they are late where fulfilled, overdue where open (L3); of no account in other states.
    pub is_past_due: bool,
}

impl Group {
    /// The group of one obligation on a day.
    pub fn of(timing: &Timing, today: Day) -> Self {
        let is_past_due = timing.is_late() || timing.is_overdue(today);
        Self { state: timing.state, informative: timing.informative, is_past_due }
    }

    /// The cell in which they count; `None` where they are not counted (C1).
    pub fn cell(&self) -> Option<Cell> {
        match self.state {
            _ if self.informative => None,
            State::Exempt | State::Released | State::Transferred => None,
            State::Fulfilled if self.is_past_due => Some(Cell::Late),
            State::Fulfilled => Some(Cell::OnTime),
            State::Lapsed => Some(Cell::Overdue),
            _ if self.is_past_due => Some(Cell::Overdue),
            _ => Some(Cell::OpenInTime),
        }
    }
}

/// How many obligations of a set there are of each sort (C1); tallies add up, and subtract as prefix sums do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    states: [u32; 10],
    /// Those whose requirement is informative, in any state.
    pub informative: u32,
    /// Fulfilled in time.
    pub on_time: u32,
    /// Fulfilled late.
    pub late: u32,
    /// Open and not overdue.
    pub open_in_time: u32,
    /// Open and overdue, or lapsed.
    pub overdue: u32,
    /// Of [`Self::overdue`], those that lapsed: nobody is behind with them any more (C6).
    pub lapsed_overdue: u32,
}

impl Tally {
    /// A tally of `count` obligations of one group.
    pub fn of(group: Group, count: u32) -> Self {
        let mut tally = Self { informative: if group.informative { count } else { 0 }, ..Self::default() };
        tally.states[group.state as usize] = count;
        match group.cell() {
            Some(Cell::OnTime) => tally.on_time = count,
            Some(Cell::Late) => tally.late = count,
            Some(Cell::OpenInTime) => tally.open_in_time = count,
            Some(Cell::Overdue) => tally.overdue = count,
            None => {}
        }
        if group.state == State::Lapsed {
            tally.lapsed_overdue = tally.overdue;
        }
        tally
    }

    /// How many stand in that state, counted or not; the ten partition [`Self::total`].
    pub fn in_state(&self, state: State) -> u32 {
        self.states[state as usize]
    }

    /// All of them.
    pub fn total(&self) -> u32 {
        self.states.iter().sum()
    }

    /// All but the exempt, released, transferred and informative, each once; the four cells partition it.
    pub fn counted(&self) -> u32 {
        self.on_time + self.late + self.open_in_time + self.overdue
    }

    /// Those that are counted and done.
    pub fn done(&self) -> u32 {
        self.on_time + self.late
    }

    /// Those that are open and overdue; lapsed ones are not open.
    pub fn behind(&self) -> u32 {
        self.overdue - self.lapsed_overdue
    }

    /// (onTime + late) / counted, from 0 to 1, not rounded; `None` where nothing is counted (C2).
    pub fn completion_rate(&self) -> Option<f64> {
        rate(self.done(), self.counted())
    }

    /// (onTime + late) / (onTime + late + overdue), from 0 to 1, not rounded; `None` where nothing is done or overdue (C2).
    pub fn due_rate(&self) -> Option<f64> {
        rate(self.done(), self.done() + self.overdue)
    }
}

fn rate(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}

impl Add for Tally {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        for (count, more) in self.states.iter_mut().zip(other.states) {
            *count += more;
        }
        self.informative += other.informative;
        self.on_time += other.on_time;
        self.late += other.late;
        self.open_in_time += other.open_in_time;
        self.overdue += other.overdue;
        self.lapsed_overdue += other.lapsed_overdue;
    }
}

impl Sub for Tally {
    type Output = Self;

    fn sub(mut self, part: Self) -> Self {
        for (count, less) in self.states.iter_mut().zip(part.states) {
            *count -= less;
        }
        self.informative -= part.informative;
        self.on_time -= part.on_time;
        self.late -= part.late;
        self.open_in_time -= part.open_in_time;
        self.overdue -= part.overdue;
        self.lapsed_overdue -= part.lapsed_overdue;
        self
    }
}

/// How many units of a set there are of each sort (C6): active ones, but for `ended`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnitTally {
    /// With at least one counted obligation.
    pub bound: u32,
    /// Bound, and every counted one is fulfilled.
    pub complete: u32,
    /// With at least one that is open and overdue.
    pub behind: u32,
    /// Dissolved units.
    pub ended: u32,
}

impl UnitTally {
    /// The tally of one active unit that has these obligations.
    pub fn of_active(own: &Tally) -> Self {
        let counted = own.counted();
        Self {
            bound: u32::from(counted > 0),
            complete: u32::from(counted > 0 && own.done() == counted),
            behind: u32::from(own.behind() > 0),
            ended: 0,
        }
    }

    /// The tally of one unit that has ended.
    pub fn of_ended() -> Self {
        Self { ended: 1, ..Self::default() }
    }
}

impl Add for UnitTally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            bound: self.bound + other.bound,
            complete: self.complete + other.complete,
            behind: self.behind + other.behind,
            ended: self.ended + other.ended,
        }
    }
}

impl Sub for UnitTally {
    type Output = Self;

    fn sub(self, part: Self) -> Self {
        Self {
            bound: self.bound - part.bound,
            complete: self.complete - part.complete,
            behind: self.behind - part.behind,
            ended: self.ended - part.ended,
        }
    }
}
