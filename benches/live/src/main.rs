//! The benchmarks of `cargo xtask bench live`: apps of this library and an app that is written by hand, on the same machine in
//! the same run. A result is an exact count, or the ratio of two figures that were measured in turns.

mod apps;
mod charts;
mod connections;
mod counts;
mod report;
mod requests;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, ValueEnum};

use report::Report;

/// The parts, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The hostcalls of each kind of request, and the bytes of the apps
    Counts,
    /// Requests in a second, and how they depend on headers, endpoints and the size of a message
    Requests,
    /// The time until a client has its first event
    FirstEvent,
    /// The time until the last of many clients has a published event
    FanOut,
}

#[derive(Parser)]
#[command(about = "Benchmarks of whole apps; `cargo xtask bench live` builds what they run")]
struct Arguments {
    /// The parts to run. Without one, all
    #[arg(value_enum, value_name = "PART")]
    parts: Vec<Part>,
    /// The folder for the results: `results.md`, `results.json` and the charts
    #[arg(long, value_name = "FOLDER", default_value = "target/bench")]
    to: PathBuf,
    /// The number of clients in the part `fan-out`
    #[arg(long, value_name = "NUMBER", default_value_t = 5_000)]
    clients: usize,
}

fn main() -> Result<()> {
    let Arguments { parts, to, clients } = Arguments::parse();
    let parts = if parts.is_empty() { Part::value_variants() } else { &parts };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut report = Report::default();
    for part in parts {
        runtime.block_on(async {
            match part {
                Part::Counts => counts::run(&mut report).await,
                Part::Requests => requests::run(&mut report).await,
                Part::FirstEvent => connections::first_event(&mut report).await,
                Part::FanOut => connections::fan_out(&mut report, clients).await,
            }
        })?;
    }
    report.write(&to)?;
    println!("\n{}\nthe results and the charts are in {}", report.text(), to.display());
    Ok(())
}
