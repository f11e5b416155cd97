//! The results, as Markdown, as JSON and as charts.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::charts::Chart;

/// The tables and charts so far.
#[derive(Default, Serialize)]
pub(crate) struct Report {
    tables: Vec<Table>,
    pub(crate) charts: Vec<Chart>,
}

#[derive(Serialize)]
struct Table {
    title: String,
    columns: [&'static str; 2],
    rows: Vec<Row>,
}

/// A row of a table, with the exact values beside the texts.
#[derive(Serialize)]
pub(crate) struct Row {
    name: String,
    cells: Vec<String>,
    values: Vec<f64>,
}

/// Ratios of several rounds.
#[derive(Clone, Debug)]
pub(crate) struct Ratio {
    pub(crate) median: f64,
    least: f64,
    most: f64,
}

/// Times of several clients.
pub(crate) struct Percentiles {
    p50: f64,
    p99: f64,
}

impl Ratio {
    pub(crate) fn of(mut ratios: Vec<f64>) -> Self {
        ratios.sort_by(f64::total_cmp);
        Self { median: ratios[ratios.len() / 2], least: ratios[0], most: ratios[ratios.len() - 1] }
    }
}

impl Percentiles {
    pub(crate) fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
        Self { p50: at(50), p99: at(99) }
    }
}

impl Row {
    pub(crate) fn counts(name: &str, counts: &[usize]) -> Self {
        Self {
            name: name.to_owned(),
            cells: counts.iter().map(usize::to_string).collect(),
            values: counts.iter().map(|count| *count as f64).collect(),
        }
    }

    pub(crate) fn ratio(name: &str, ratio: &Ratio) -> Self {
        let Ratio { median, least, most } = *ratio;
        let cells = vec![format!("{median:.2}"), format!("{least:.2} to {most:.2}")];
        Self { name: name.to_owned(), cells, values: vec![median, least, most] }
    }

    pub(crate) fn percentiles(name: &str, times: [Percentiles; 2]) -> Self {
        let cells = times.iter().map(|times| format!("{:.1} / {:.1}", times.p50, times.p99)).collect();
        let values = times.iter().flat_map(|times| [times.p50, times.p99]).collect();
        Self { name: name.to_owned(), cells, values }
    }
}

impl Report {
    /// Begins a table, and returns its rows.
    pub(crate) fn table(&mut self, title: &str, columns: [&'static str; 2]) -> &mut Vec<Row> {
        self.tables.push(Table { title: title.to_owned(), columns, rows: Vec::new() });
        &mut self.tables.last_mut().expect("a table was pushed").rows
    }

    /// The tables as Markdown.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for Table { title, columns: [first, second], rows } in &self.tables {
            let _ = writeln!(text, "\n| {title} | {first} | {second} |\n|---|---|---|");
            for Row { name, cells, .. } in rows {
                let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
            }
        }
        text
    }

    /// Writes the results and the charts into a folder.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        fs::write(folder.join("results.md"), self.text())?;
        fs::write(folder.join("results.json"), serde_json::to_vec_pretty(self)?)?;
        self.charts.iter().try_for_each(|chart| chart.draw(folder))
    }
}
