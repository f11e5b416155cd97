//! The page of results: the words around the figures, which are all of the measurements.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum as _;
use ui::repository;
use xtask::bench::live::Part;
use xtask::build;

use crate::report::Results;

/// The name of the page in its folder.
const FILE: &str = "README.md";

/// The words before the parts, and after them.
const BEFORE: &str = include_str!("page/before.md");
const AFTER: &str = include_str!("page/after.md");

/// Writes the page and its charts into the repository: what was measured last, and of other parts what was there.
pub(crate) fn write() -> Result<()> {
    let folder = repository().join("benches/results");
    let mut results = Results::read(&folder)?;
    results.put_all(Results::read(&build::target_dir().join("bench"))?);
    ensure!(results != Results::default(), "nothing was measured: run `cargo xtask bench live` first");
    write_into(&folder, &results)?;
    println!("the page is {}", folder.join(FILE).display());
    Ok(())
}

fn write_into(folder: &Path, results: &Results) -> Result<()> {
    results.write(folder)?;
    let page = folder.join(FILE);
    fs::write(&page, text(results)).with_context(|| format!("cannot write {}", page.display()))
}

/// The heading of a part, and how it is measured.
fn words(part: Part) -> (&'static str, &'static str) {
    match part {
        Part::Counts => ("Hostcalls and sizes", include_str!("page/counts.md")),
        Part::Requests => ("Requests", include_str!("page/requests.md")),
        Part::Headers => ("Headers", include_str!("page/headers.md")),
        Part::Endpoints => ("Endpoints", include_str!("page/endpoints.md")),
        Part::Messages => ("Size of a message", include_str!("page/messages.md")),
        Part::FirstEvent => ("First event", include_str!("page/first_event.md")),
        Part::FanOut => ("Fan-out", include_str!("page/fan_out.md")),
        Part::Compile => ("Compile time", include_str!("page/compile.md")),
    }
}

/// The page as Markdown.
fn text(results: &Results) -> String {
    let mut text = BEFORE.to_owned();
    for &part in Part::value_variants() {
        let (heading, words) = words(part);
        text += &format!("\n## {heading}\n\n{words}");
        let Some(measured) = results.of(part) else {
            text += &format!("\nNot measured yet: `cargo xtask bench live {}`.\n", part.name());
            continue;
        };
        for table in &measured.tables {
            text += &format!("\n{table}");
        }
        for chart in &measured.charts {
            text += &format!("\n![{}]({})\n", chart.title, chart.file);
        }
        text += &format!("\n{}\n", measured.taken);
    }
    text + "\n" + AFTER
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Results of three parts, as the program writes them.
    fn sample() -> Results {
        serde_json::from_str(include_str!("page/sample.json")).unwrap()
    }

    #[test]
    fn the_page_has_every_figure_of_the_results() {
        let page = text(&sample());
        for line in [
            "| Bytes of the stripped wasm | by hand | fanout |\n|---|---|---|\n| the app | 101,210 | 595,675 |\n",
            "| hold of `sse` | 14 | 10 |\n",
            "![Hostcalls of a hold, by headers of the client](hostcalls-by-headers.svg)\n",
            "| 100 clients at once | 21.0 / 40.5 | 22.5 / 41.0 | 1.07 ± 0.03 |\n",
            "| 100 endpoints, to the same by hand | 951,034,851 | 392,509,551 | 2.42 |\n",
            "Taken on 2026-01-31 in 19 s, on 2 cores with a load of 0.2 before, with viceroy 0.22.0, pushpin 1.36.0, rustc \
             1.95.0.\n",
        ] {
            assert!(page.contains(line), "{line}\nis not in\n{page}");
        }
        assert_eq!(page.matches("**With `--quick`").count(), 1, "{page}");
    }

    #[test]
    fn a_part_without_results_names_its_command() {
        let page = text(&sample());
        assert!(page.contains("Not measured yet: `cargo xtask bench live fan-out`.\n"), "{page}");
        assert!(!page.contains("`cargo xtask bench live first-event`"), "{page}");
    }

    #[test]
    fn the_charts_stand_beside_the_page() {
        let folder = tempfile::tempdir().unwrap();
        write_into(folder.path(), &sample()).unwrap();
        assert_eq!(Results::read(folder.path()).unwrap(), sample());
        assert_eq!(fs::read_to_string(folder.path().join(FILE)).unwrap(), text(&sample()));
        let chart = fs::read_to_string(folder.path().join("hostcalls-by-headers.svg")).unwrap();
        assert!(chart.starts_with("<svg") && chart.ends_with("</svg>\n"), "{chart}");
        for word in ["Hostcalls of a hold, by headers of the client", "fanout", "by hand"] {
            assert!(chart.contains(word), "{word} is not in {chart}");
        }
        // A line for each side, and a point for each number of headers and each side.
        assert_eq!(chart.matches("<circle").count(), 6, "{chart}");
    }

    #[test]
    fn the_page_in_the_repository_is_that_of_its_results() {
        let folder = repository().join("benches/results");
        let results = Results::read(&folder).unwrap();
        assert!(results != Results::default(), "there are results");
        let page = fs::read_to_string(folder.join(FILE)).unwrap();
        assert_eq!(page, text(&results), "run `cargo xtask bench page`");
        for chart in results.charts() {
            assert!(folder.join(&chart.file).exists(), "{} is there", chart.file);
        }
    }
}
