//! Figures as they are told: each with what it is measured by.

use std::collections::HashMap;

/// What has been measured so far in this run, in seconds, by name.
#[derive(Default)]
pub(crate) struct Figures(HashMap<String, f64>);

impl Figures {
    pub(crate) fn keep(&mut self, name: impl Into<String>, seconds: f64) {
        self.0.insert(name.into(), seconds);
    }

    /// How many times another figure of the run this is; nothing where that one was not measured.
    pub(crate) fn against(&self, seconds: f64, other: &str, words: &str) -> String {
        self.0.get(other).map(|other| format!("; {:.2} times {words}", seconds / other)).unwrap_or_default()
    }
}

/// Seconds in a unit in which they can be read.
pub(crate) fn time(seconds: f64) -> String {
    if seconds >= 1.0 {
        format!("{seconds:.2} s")
    } else if seconds >= 0.001 {
        format!("{:.1} ms", seconds * 1e3)
    } else {
        format!("{:.1} µs", seconds * 1e6)
    }
}

/// The same, where it is known.
pub(crate) fn told(seconds: Option<f64>) -> String {
    seconds.map_or_else(|| "unknown".into(), time)
}

/// Memory, where it is known.
pub(crate) fn memory(peak: Option<f64>) -> String {
    peak.map_or_else(|| "memory unknown".into(), |peak| format!("{peak:.0} MiB"))
}

/// The one in the middle.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
