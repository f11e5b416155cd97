//! The parts of `cargo fanout`, which runs a Fastly Compute app with Fanout on your machine: the tools that it needs, and
//! the stack of Viceroy and Pushpin.

pub mod doctor;
mod interrupt;
pub mod new;
mod output;
mod package;
pub mod routes;
pub mod serve;
pub mod stack;
pub mod tools;
mod watch;

use std::env;
use std::process::Command;

/// `cargo` as the user runs it, without the variables that an outer cargo sets for this program alone.
pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR") {
            cargo.env_remove(name);
        }
    }
    cargo
}
