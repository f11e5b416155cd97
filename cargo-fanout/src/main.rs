//! `cargo fanout`: the local stack of a Fastly Compute app with Fanout.

use std::process::ExitCode;

use cargo_fanout::serve;
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
    /// Build the app of this folder and run it on Viceroy and Pushpin
    Serve(serve::Arguments),
}

fn main() -> ExitCode {
    let Cargo::Fanout(Arguments { command }) = Cargo::parse();
    let result = match command {
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
