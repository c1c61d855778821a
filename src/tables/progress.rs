//! How far a long work is: a bar on a terminal, lines elsewhere; both on the standard error, where no table goes.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What shows how far it is.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    lines: Lines,
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
        Self { bar, lines: if is_terminal { Lines::Hidden } else { Lines::Told } }
    }

    /// Nowhere.
    pub fn hidden() -> Self {
        Self { bar: ProgressBar::hidden(), lines: Lines::Hidden }
    }

    /// A step begins; `steps` is how much there is to do, where that is known.
    pub fn step(&self, words: &str, steps: Option<usize>) {
        if self.lines == Lines::Told {
            eprintln!("{words}");
        }
        let looks =
            if steps.is_some() { "{msg} [{bar:30}] {human_pos}/{human_len} {eta}" } else { "{spinner} {msg} {human_pos} {elapsed}" };
        if let Ok(style) = ProgressStyle::with_template(looks) {
            self.bar.set_style(style);
        }
        match steps.and_then(|steps| u64::try_from(steps).ok()) {
            Some(steps) => self.bar.set_length(steps),
            None => self.bar.unset_length(),
        }
        self.bar.set_position(0);
        self.bar.set_message(words.to_owned());
    }

    /// How much of the step is done.
    pub fn count(&self, done: usize) {
        self.bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
