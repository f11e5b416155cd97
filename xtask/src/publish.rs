//! `cargo xtask publish`: the command-line tool on the crate's own publishing.

use anyhow::{Context, Result};

use crate::build::cargo;

/// The arguments of `cargo xtask publish`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The channel
    channel: String,
    /// The text that clients of the channel receive
    text: String,
    /// Append the text to streams as it is, instead of as an event, for channels of `stream` endpoints
    #[arg(long)]
    unframed: bool,
    /// The address to publish to. Without it, the environment variable GRIP_URL, or else a local Pushpin
    #[arg(long, value_name = "GRIP_URL")]
    to: Option<String>,
}

/// The package that publishes, see there.
const PACKAGE: [&str; 2] = ["--package", "xtask-publish"];

/// Builds the program that publishes and runs it. Returns `false` if it failed, which it has explained itself.
pub fn run(arguments: &Arguments) -> Result<bool> {
    let cargo_fails = "cargo does not start";
    // First aloud, because the first build takes a minute; then quietly, because cargo would print the arguments.
    if !cargo().arg("build").args(PACKAGE).status().context(cargo_fails)?.success() {
        return Ok(false);
    }
    let mut publish = cargo();
    publish.args(["run", "--quiet"]).args(PACKAGE).arg("--").args([&arguments.channel, &arguments.text]);
    if arguments.unframed {
        publish.arg("--unframed");
    }
    if let Some(to) = &arguments.to {
        publish.env("GRIP_URL", to);
    }
    Ok(publish.status().context(cargo_fails)?.success())
}
