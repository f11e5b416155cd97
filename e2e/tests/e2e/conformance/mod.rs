//! Conformance: each scenario runs on the real proxy and on its simulation, `fanout::testing`, and its clients see the same.
//!
//! The endpoints are in `e2e/scenarios`, and the scenarios in `scenarios/`, one file for each subject.

mod real;
mod scenario;
mod scenarios;
mod stage;
mod transcript;

use std::env;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use e2e::{App, on_app_within};
use futures_util::StreamExt as _;
use xtask::stack::Version;

use real::{Real, Shared};
use scenario::{Scenario, Shows};
use stage::{Proxy, Record, Stage};

/// The time limit of the whole table.
const LIMIT: Duration = Duration::from_secs(600);

/// The scenarios at a time. Most of them wait most of the time.
const AT_A_TIME: usize = 24;

/// The smallest number of scenarios.
const ENOUGH: usize = 60;

/// Part of the name of the scenarios to run. Their transcripts are printed.
const ONLY: &str = "SCENARIOS";

#[test]
fn the_proxy_and_its_simulation_show_clients_the_same() -> Result<()> {
    let only = env::var(ONLY).ok();
    let chosen: Vec<_> = scenario::all()
        .filter(|scenario| only.as_deref().is_none_or(|part| scenario.name.contains(part)))
        .collect();
    ensure!(!chosen.is_empty(), "no scenario has {} in its name", only.unwrap_or_default());
    let configure = |config: &mut xtask::stack::Config| config.message_rate = 0;
    on_app_within(LIMIT, "scenarios", configure, async |app| {
        let proxy = proxy(app)?;
        let shared = Shared::new(app)?;
        let (alone, together): (Vec<_>, Vec<_>) = chosen.iter().partition(|scenario| scenario.alone);
        let run = async |scenario: &'static Scenario| {
            let real = Real::new(&shared);
            let start = Instant::now();
            let stage = Stage::new(scenario.name, real);
            let outcome = (scenario.run)(&stage).await;
            let restored = stage.restore();
            let outcome = outcome.and(restored);
            (scenario, stage.into_record(), outcome, start.elapsed())
        };
        let mut failures = String::new();
        let mut check = |(scenario, record, outcome, time): (&Scenario, Record, Result<()>, Duration)| {
            println!("{} {:.1} s", scenario.name, time.as_secs_f32());
            for line in record.transcript.lines() {
                println!("    {line}");
            }
            if let Err(error) = outcome {
                let _ = writeln!(failures, "{}: {error:#}", scenario.name);
            }
            if let Some(line) = record.transcript.lacks(&record.expected) {
                let _ = writeln!(failures, "{}: lacks {line}", scenario.name);
            }
        };
        let mut running =
            futures_util::stream::iter(together).map(|one| run(one)).buffer_unordered(AT_A_TIME);
        while let Some(done) = running.next().await {
            check(done);
        }
        for scenario in alone {
            check(run(scenario).await);
        }
        let _ = proxy;
        ensure!(failures.is_empty(), "{failures}");
        Ok(())
    })
}

fn proxy(app: &App) -> Result<Proxy> {
    let version = Version::of(&app.stack().config().pushpin)?;
    Ok(if version < (Version { major: 1, minor: 37 }) { Proxy::Old } else { Proxy::Current })
}

#[test]
fn each_behaviour_has_a_scenario() {
    let without: Vec<_> =
        Shows::ALL.iter().filter(|shows| !scenario::all().any(|one| one.shows.contains(shows))).collect();
    assert!(without.is_empty(), "no scenario shows {without:?}");
    let count = scenario::all().count();
    assert!(count >= ENOUGH, "{count} scenarios");
}

#[test]
fn each_scenario_has_its_own_name() {
    let mut names: Vec<_> = scenario::all().map(|scenario| scenario.name).collect();
    names.sort_unstable();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}
