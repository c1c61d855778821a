//! How far a long work is: a bar on a terminal, lines elsewhere; both on the standard error, where no table goes.

use std::cell::Cell;
use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// From how many on a step is long.
const LONG: u64 = 10_000;

/// What shows how far it is.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    lines: Lines,
    /// Up to which quarter of the step it was told.
    told: Cell<u64>,
}

/// Whether steps are told as lines.
#[derive(Debug, PartialEq, Eq)]
enum Lines {
    Told,
    /// A bar shows them, or nobody is to see them.
    Hidden,
}

impl Progress {
    /// On the standard error.
    pub fn shown() -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if is_terminal {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Self { bar, lines: if is_terminal { Lines::Hidden } else { Lines::Told }, told: Cell::default() }
    }

    /// Nowhere.
    pub fn hidden() -> Self {
        Self { bar: ProgressBar::hidden(), lines: Lines::Hidden, told: Cell::default() }
    }

    /// A step begins; `steps` is how much there is to do, where that is known.
    pub fn step(&self, words: &str, steps: Option<usize>) {
        if self.lines == Lines::Told {
            eprintln!("{words}");
        }
        self.look("{spinner} {msg} {human_pos} {elapsed}");
        self.bar.unset_length();
        self.bar.set_position(0);
        self.bar.set_message(words.to_owned());
        self.told.set(0);
        if let Some(steps) = steps {
            self.expect(steps);
        }
    }

    /// How much there is to do in the step is known by now.
    pub fn expect(&self, steps: usize) {
        self.look("{msg} [{bar:30}] {human_pos}/{human_len} {eta}");
        self.bar.set_length(u64::try_from(steps).unwrap_or(u64::MAX));
    }

    /// How much of the step is done; elsewhere than on a terminal each quarter of a long one is a line.
    pub fn count(&self, done: usize) {
        let done = u64::try_from(done).unwrap_or(u64::MAX);
        self.bar.set_position(done);
        let whole = self.bar.length().filter(|whole| self.lines == Lines::Told && *whole >= LONG);
        let quarter = whole.map_or(0, |whole| done.saturating_mul(4) / whole);
        if let Some(whole) = whole.filter(|_| quarter > self.told.get()) {
            self.told.set(quarter);
            eprintln!("{} {done}/{whole}", self.bar.message());
        }
    }

    fn look(&self, template: &str) {
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
