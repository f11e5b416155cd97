//! The results: exact values, kept as JSON.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use xtask::bench::live::Part;

use crate::charts::Chart;

/// The name of the file of results in a folder.
pub(crate) const FILE: &str = "results.json";

/// The last results of each part, by its name.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Results {
    parts: BTreeMap<String, Measured>,
}

/// The results of a part.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Measured {
    pub(crate) taken: Taken,
    pub(crate) tables: Vec<Table>,
    pub(crate) charts: Vec<Chart>,
}

/// The circumstances of a measurement.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Taken {
    /// The date, as `2026-01-31`.
    date: String,
    quick: bool,
    cores: usize,
    /// The load of the machine before: the processes that ran or waited for a core, on average over a minute.
    load: Option<f64>,
    /// The duration.
    seconds: u64,
    /// The programs and their versions.
    tools: Vec<String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Table {
    pub(crate) title: String,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) cells: Vec<Cell>,
}

/// A figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cell {
    /// An exact count.
    Count(u64),
    /// The quotient of two exact counts.
    Quotient(f64),
    Ratio(Ratio),
    Times(Times),
}

/// The ratios of pairs of turns.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ratio {
    pub(crate) median: f64,
    /// The median of the distances to the median, which a few disturbed turns do not change.
    pub(crate) deviation: f64,
    pub(crate) pairs: usize,
}

/// Percentiles of times, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Times {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) count: usize,
}

impl Ratio {
    /// The ratio of pairs, of which there must be one at least.
    pub(crate) fn of(ratios: &[f64]) -> Self {
        let middle = median(ratios.to_vec());
        let distances = ratios.iter().map(|ratio| (ratio - middle).abs()).collect();
        Self { median: middle, deviation: median(distances), pairs: ratios.len() }
    }
}

impl Times {
    /// The percentiles of times, of which there must be one at least.
    pub(crate) fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        let at = |percent: usize| {
            let rank = (times.len() * percent).div_ceil(100).max(1);
            times[rank - 1].as_secs_f64() * 1000.0
        };
        Self { p50: at(50), p99: at(99), count: times.len() }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) {
        f64::midpoint(values[middle - 1], values[middle])
    } else {
        values[middle]
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => f.write_str(&grouped(*count)),
            Self::Quotient(quotient) => write!(f, "{quotient:.2}"),
            Self::Ratio(Ratio { median, deviation, .. }) => write!(f, "{median:.2} ± {deviation:.2}"),
            Self::Times(Times { p50, p99, .. }) => write!(f, "{p50:.1} / {p99:.1}"),
        }
    }
}

/// A number with a comma between groups of three digits.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl Table {
    pub(crate) fn new<const N: usize>(title: &str, columns: [&str; N]) -> Self {
        Self { title: title.into(), columns: columns.map(Into::into).into(), rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, name: impl Into<String>, cells: Vec<Cell>) {
        self.rows.push(Row { name: name.into(), cells });
    }
}

/// The table as Markdown.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| {} | {} |", self.title, self.columns.join(" | "))?;
        writeln!(f, "|---|{}", "---|".repeat(self.columns.len()))?;
        for Row { name, cells } in &self.rows {
            let cells: Vec<_> = cells.iter().map(Cell::to_string).collect();
            writeln!(f, "| {name} | {} |", cells.join(" | "))?;
        }
        Ok(())
    }
}

impl Taken {
    /// The circumstances now, before a measurement.
    pub(crate) fn now(quick: bool, tools: Vec<String>) -> Result<Self> {
        let date =
            Command::new("date").args(["-u", "+%Y-%m-%d"]).output().context("`date` does not start")?;
        Ok(Self {
            date: String::from_utf8_lossy(&date.stdout).trim().into(),
            quick,
            cores: thread::available_parallelism()?.get(),
            load: load(),
            seconds: 0,
            tools,
        })
    }

    pub(crate) fn ended_after(&mut self, time: Duration) {
        self.seconds = time.as_secs();
    }
}

/// The load of the machine, where the system says it.
fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

/// One line about the circumstances.
impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { date, quick, cores, load, seconds, tools } = self;
        write!(f, "Taken on {date} in {seconds} s, on {cores} cores")?;
        if let Some(load) = load {
            write!(f, " with a load of {load:.1} before")?;
        }
        write!(f, ", with {}.", tools.join(", "))?;
        if *quick {
            f.write_str(" **With `--quick`: few turns, so these figures are rough.**")?;
        }
        Ok(())
    }
}

impl Results {
    /// Reads the results in a folder, or none if there are none.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let file = folder.join(FILE);
        if !file.exists() {
            return Ok(Self::default());
        }
        let text = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        serde_json::from_slice(&text).with_context(|| {
            format!("{} is not of this version of the benchmarks: delete it", file.display())
        })
    }

    /// The results of a part, if it was measured.
    pub(crate) fn of(&self, part: Part) -> Option<&Measured> {
        self.parts.get(&part.name())
    }

    pub(crate) fn put(&mut self, part: Part, measured: Measured) {
        self.parts.insert(part.name(), measured);
    }

    /// Adds other results, which replace those of the same parts.
    pub(crate) fn put_all(&mut self, other: Self) {
        self.parts.extend(other.parts);
    }

    pub(crate) fn charts(&self) -> impl Iterator<Item = &Chart> {
        self.parts.values().flat_map(|measured| &measured.charts)
    }

    /// Writes the results and their charts into a folder.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        fs::write(folder.join(FILE), text)?;
        self.charts().try_for_each(|chart| chart.draw(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disturbed_pair_changes_little() {
        let quiet = Ratio::of(&[1.0, 1.1, 1.2, 1.3, 1.4]);
        let disturbed = Ratio::of(&[1.0, 1.1, 1.2, 1.3, 9.0]);
        assert_eq!((disturbed.median, disturbed.pairs), (1.2, 5));
        assert!((disturbed.deviation - quiet.deviation).abs() < 1e-9, "{disturbed:?}");
        assert!((Ratio::of(&[1.0, 2.0]).median - 1.5).abs() < 1e-9);
    }

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let times: Vec<_> = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!(Times::of(times), Times { p50: 100.0, p99: 198.0, count: 200 });
        let one = Times::of(vec![Duration::from_millis(7)]);
        assert_eq!((one.p50, one.p99), (7.0, 7.0));
    }

    #[test]
    fn numbers_are_grouped() {
        for (count, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(count), text);
        }
    }
}
