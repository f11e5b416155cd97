//! The benchmarks of `cargo xtask bench live`: apps of this library and an app that is written by hand, on the same machine in
//! the same run. A result is an exact count, or the ratio of two figures that were measured in turns.

mod apps;
mod charts;
mod compile;
mod connections;
mod counts;
mod files;
mod page;
mod progress;
mod report;
mod requests;

use std::env;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};
use clap::Parser;
use tokio::sync::Notify;
use xtask::bench::live::{Arguments, Part};
use xtask::build;

use charts::Chart;
use connections::Arrivals;
use report::{Measured, Results, Table, Taken};
use requests::Turns;

#[derive(Parser)]
#[command(about = "Benchmarks of apps; `cargo xtask bench live` builds what they run")]
enum Task {
    /// Run the parts, and keep their results in `target/bench`
    Measure(Arguments),
    /// Write `benches/results` from the results in `target/bench`
    Page,
}

/// The headers of a client, beside those that every client sends. Viceroy accepts 100, and Pushpin 64.
const HEADERS: [usize; 3] = [0, 20, 90];
const HEADERS_OF_PROXY: [usize; 3] = [0, 20, 50];

/// Clients that come at once. Many more at once are refused by Pushpin 1.36.
const AT_ONCE: Arrivals = Arrivals { clients: 100, apart: Duration::ZERO, pairs: 10 };

/// Clients that come at a rate that two cores can serve.
const STEADY: Arrivals = Arrivals { clients: 1_000, apart: Duration::from_millis(20), pairs: 3 };

/// One client at a time.
const fn alone(pairs: usize) -> Arrivals {
    Arrivals { clients: 1, apart: Duration::ZERO, pairs }
}

/// The exit code after Ctrl-C, as that of a shell.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let result = match Task::parse() {
        Task::Measure(arguments) => measure(&arguments),
        Task::Page => page::write().map(|()| ExitCode::SUCCESS),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

/// Ctrl-C, of which the user is told at once.
#[derive(Default)]
struct Interrupt {
    came: AtomicBool,
    wakes: Notify,
}

impl Interrupt {
    fn watch() -> Arc<Self> {
        let interrupt = Arc::<Self>::default();
        let watched = Arc::clone(&interrupt);
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                eprintln!("\nending what runs …");
                watched.came.store(true, Ordering::SeqCst);
                watched.wakes.notify_one();
            }
        });
        interrupt
    }
}

fn measure(arguments: &Arguments) -> Result<ExitCode> {
    files::raise();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let interrupt = Interrupt::watch();
        let folder = build::target_dir().join("bench");
        let tools = tools()?;
        let mut results = Results::read(&folder)?;
        let parts = arguments.parts();
        let start = Instant::now();
        let mut failed = Vec::new();
        for (index, &part) in parts.iter().enumerate() {
            eprintln!("=== {} ({} of {})", part.name(), index + 1, parts.len());
            let start = Instant::now();
            let mut taken = Taken::now(arguments.quick, tools.clone())?;
            // A dropped part ends the apps that it has started.
            let measured = tokio::select! {
                () = interrupt.wakes.notified() => Err(anyhow!("interrupted")),
                measured = run(part, arguments) => measured,
            };
            let (tables, charts) = match measured {
                Err(_) if interrupt.came.load(Ordering::SeqCst) => {
                    eprintln!("interrupted; {} has the results of the parts before", folder.display());
                    return Ok(ExitCode::from(INTERRUPTED));
                }
                Err(error) => {
                    eprintln!("error: the part `{}`: {error:#}", part.name());
                    failed.push(part.name());
                    continue;
                }
                Ok(measured) => measured,
            };
            taken.ended_after(start.elapsed());
            for table in &tables {
                print!("\n{table}");
            }
            results.put(part, Measured { taken, tables, charts });
            results.write(&folder)?;
        }
        println!(
            "measured in {} s; the results and the charts are in {}",
            start.elapsed().as_secs(),
            folder.display()
        );
        println!("`cargo xtask bench page` writes them into benches/results");
        // One part does not keep the others from being measured.
        ensure!(failed.is_empty(), "these parts have no new result: {}", failed.join(", "));
        Ok(ExitCode::SUCCESS)
    })
}

async fn run(part: Part, Arguments { quick, clients, .. }: &Arguments) -> Result<(Vec<Table>, Vec<Chart>)> {
    let turns = Turns::new(*quick);
    match part {
        Part::Counts => counts::run(&HEADERS_OF_PROXY).await,
        Part::Requests => requests::run(turns).await,
        Part::Headers => requests::by_headers(turns, &HEADERS).await,
        Part::Endpoints => requests::by_endpoints(turns).await,
        Part::Messages => requests::by_size(turns).await,
        Part::FirstEvent if *quick => {
            connections::first_event(&[alone(10), Arrivals { pairs: 2, ..AT_ONCE }]).await
        }
        Part::FirstEvent => connections::first_event(&[alone(200), AT_ONCE, STEADY]).await,
        Part::FanOut if *quick => connections::fan_out((*clients).min(500), 5).await,
        Part::FanOut => connections::fan_out(*clients, 40).await,
        Part::Compile => compile::run(),
    }
}

/// The versions of the programs that are measured, or that measure.
fn tools() -> Result<Vec<String>> {
    let mut tools = Vec::new();
    let programs = [env::var_os("FANOUT_VICEROY"), env::var_os("FANOUT_PUSHPIN"), Some("rustc".into())];
    for program in programs.into_iter().flatten() {
        let output = Command::new(program).arg("--version").output()?;
        let version = String::from_utf8_lossy(&output.stdout);
        let words: Vec<_> = version.split_whitespace().take(2).collect();
        tools.push(words.join(" "));
    }
    Ok(tools)
}
