//! `cargo fanout`: the local stack of a Fastly Compute app with Fanout.

use std::process::ExitCode;

use cargo_fanout::{doctor, new, routes, serve};
use clap::{Parser, Subcommand};

/// cargo calls `cargo-fanout fanout …`.
#[derive(Parser)]
#[command(name = "cargo", bin_name = "cargo")]
enum Cargo {
    /// Run a Fastly Compute app with Fanout on your machine
    #[command(version)]
    Fanout(Arguments),
}

#[derive(clap::Args)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Make a project in a new folder: two endpoints, a guard, tests, and a fastly.toml
    New(new::New),
    /// Write a fastly.toml for the package of this folder, and let it depend on the crate fanout
    Init,
    /// Say what is missing on this machine, or wrong in the fastly.toml of this folder, and what mends it
    Doctor(doctor::Arguments),
    /// List the endpoints of the app in this folder: as a table, as AsyncAPI, or as a typed client in TypeScript
    Routes(routes::Arguments),
    /// Build the app of this folder and run it on Viceroy and Pushpin
    Serve(serve::Arguments),
}

fn main() -> ExitCode {
    let Cargo::Fanout(Arguments { command }) = Cargo::parse();
    let result = match command {
        Task::New(arguments) => new::run(&arguments),
        Task::Init => new::init(),
        Task::Doctor(arguments) => match doctor::run(&arguments) {
            Ok(true) => Ok(()),
            Ok(false) => return ExitCode::FAILURE,
            Err(error) => Err(error),
        },
        Task::Routes(arguments) => routes::run(&arguments),
        Task::Serve(arguments) => serve::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
