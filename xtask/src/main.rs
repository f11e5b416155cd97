//! `cargo xtask`: the tasks of this repository.

use std::process::ExitCode;

use cargo_fanout::{doctor, new};
use clap::{Parser, Subcommand};
use xtask::{bench, check, docs, fuzz, publish, release, serve, test, test_wasm};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "The tasks of this repository")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Compile everything without running it, on the host and for Compute
    Check(check::Arguments),
    /// Build an example and run it on Viceroy and Pushpin
    Serve(serve::Arguments),
    /// Make a project in a new folder of this folder, as `cargo fanout new` does
    New(new::New),
    /// Say what is missing on this machine, or wrong in the fastly.toml of this folder, and what mends it
    Doctor(doctor::Arguments),
    /// Publish a text to all kinds of clients
    Publish(publish::Arguments),
    /// Run all tests, or the named steps
    Test(test::Arguments),
    /// Run the tests of a package on Viceroy, for what only Compute has, such as stores and geolocation
    TestWasm(test_wasm::Arguments),
    /// Build the guide and the API docs as one site
    Docs(docs::Arguments),
    /// Run all benchmarks, or the named one
    Bench {
        #[command(subcommand)]
        bench: Option<bench::Bench>,
    },
    /// Fuzz the parsers of input from outside
    Fuzz(fuzz::Arguments),
    /// Run all checks before a release, or the named ones. Nothing is published
    Release {
        /// The checks to run. Without one, all
        #[arg(value_enum, value_name = "NAME")]
        checks: Vec<release::Check>,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Check(arguments) => check::run(&arguments),
        Task::Serve(arguments) => serve::run(&arguments),
        Task::New(arguments) => new::run(&arguments),
        Task::Doctor(arguments) => match doctor::run(&arguments) {
            Ok(true) => Ok(()),
            Ok(false) => return ExitCode::FAILURE,
            Err(error) => Err(error),
        },
        Task::Publish(arguments) => match publish::run(&arguments) {
            Ok(true) => Ok(()),
            Ok(false) => return ExitCode::FAILURE,
            Err(error) => Err(error),
        },
        Task::Test(arguments) => test::run(&arguments),
        Task::TestWasm(arguments) => test_wasm::run(&arguments),
        Task::Docs(arguments) => docs::run(arguments),
        Task::Bench { bench } => bench::run(bench.as_ref()),
        Task::Fuzz(arguments) => fuzz::run(&arguments),
        Task::Release { checks } => release::run(&checks),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
