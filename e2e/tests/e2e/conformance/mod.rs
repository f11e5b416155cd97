//! Conformance: each scenario runs on the real proxy and on its simulation, `fanout::testing`, and its clients see the same.
//!
//! The endpoints are in `e2e/scenarios`, and the scenarios in `scenarios/`, one file for each subject.
//!
//! `SCENARIOS=part_of_a_name` runs some of them and prints what their clients see.

mod judge;
mod real;
mod scenario;
mod scenarios;
mod simulated;
mod stage;
mod transcript;

use std::env;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use anyhow::{Result, anyhow, ensure};
use cargo_fanout::stack::{Config, Version};
use e2e::{App, on_app_within};
use futures_util::{FutureExt as _, StreamExt as _};

use real::{Real, Shared};
use scenario::{Scenario, Shows};
use simulated::Simulated;
use stage::{Proxy, Record, Side, Stage};

/// The time limit of the whole table.
const LIMIT: Duration = Duration::from_secs(600);

/// The scenarios at a time. Most of them wait most of the time.
const AT_A_TIME: usize = 24;

/// The smallest number of scenarios.
const ENOUGH: usize = 60;

const ONLY: &str = "SCENARIOS";

/// The chosen scenarios, and whether they were chosen by name.
fn chosen() -> Result<(Vec<&'static Scenario>, bool)> {
    let only = env::var(ONLY).ok().filter(|part| !part.is_empty());
    let is_chosen = |scenario: &&Scenario| only.as_deref().is_none_or(|part| scenario.name.contains(part));
    let chosen: Vec<_> = scenario::all().filter(is_chosen).collect();
    ensure!(!chosen.is_empty(), "no scenario has {:?} in its name", only.unwrap_or_default());
    Ok((chosen, only.is_some()))
}

async fn run(scenario: &'static Scenario, side: Side<'_>) -> Record {
    let stage = Stage::new(scenario.name, side);
    let outcome = (scenario.run)(&stage).await;
    stage.into_record(outcome)
}

/// The simulation never waits.
fn simulate(scenario: &'static Scenario) -> Record {
    let stage = Stage::new(scenario.name, Side::Simulated(Simulated::new()));
    // A failure of the simulation is a panic, with the story of the test.
    let ran = catch_unwind(AssertUnwindSafe(|| (scenario.run)(&stage).now_or_never()));
    stage.into_record(match ran {
        Ok(outcome) => outcome.expect("the simulation waits for nothing"),
        Err(panic) => {
            Err(anyhow!(panic.downcast_ref::<String>().map_or("it panicked", String::as_str).to_owned()))
        }
    })
}

fn show(scenario: &Scenario, side: &str, record: &Record) {
    println!("{} {side}", scenario.name);
    for line in record.transcript.lines() {
        println!("    {line}");
    }
}

#[test]
fn each_scenario_goes_as_expected_in_the_simulation() -> Result<()> {
    let (chosen, shown) = chosen()?;
    let mut failures = String::new();
    for scenario in &chosen {
        let record = simulate(scenario);
        if shown {
            show(scenario, "in the simulation", &record);
        }
        if let Err(reason) = judge::simulated(&record) {
            let _ = writeln!(failures, "{} {}", scenario.named(), reason);
        }
    }
    ensure!(failures.is_empty(), "{failures}");
    Ok(())
}

#[test]
fn clients_see_the_same_on_the_proxy_and_in_its_simulation() -> Result<()> {
    let (chosen, shown) = chosen()?;
    // Pushpin's own rate is for all clients together.
    let configure = |config: &mut Config| config.message_rate = 0;
    on_app_within(LIMIT, "scenarios", configure, async |app| {
        let proxy = proxy(app)?;
        let shared = Shared::new(app, proxy)?;
        let run = async |scenario| (scenario, run(scenario, Side::Real(Real::new(&shared))).await);
        let mut failures = String::new();
        let mut check = |(scenario, real): (&'static Scenario, Record)| {
            if shown {
                show(scenario, "on the proxy", &real);
            }
            if let Err(reason) = judge::both(proxy, &real, &simulate(scenario)) {
                let _ = writeln!(failures, "{} {}", scenario.named(), reason);
            }
        };
        let (alone, together): (Vec<_>, Vec<_>) = chosen.iter().partition(|scenario| scenario.alone);
        let mut running = futures_util::stream::iter(together).map(&run).buffer_unordered(AT_A_TIME);
        while let Some(done) = running.next().await {
            check(done);
        }
        for scenario in alone {
            check(run(scenario).await);
            shared.restore()?;
        }
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

/// The name makes the channels.
#[test]
fn each_scenario_has_its_own_name() {
    let mut names: Vec<_> = scenario::all().map(|scenario| scenario.name).collect();
    names.sort_unstable();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}
