//! The configuration of a stack for a test, with the binaries that `cargo xtask test` hands over.

use std::env;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use cargo_fanout::stack::{Config, free_port};
use xtask::build;

/// An app of [`build::APPS`] on free ports, with its own manifest if it is an example, or else that of the repository.
pub fn of_app(name: &str) -> Result<Config> {
    let mut config = on_free_ports(app(name)?)?;
    if build::EXAMPLES.contains(&name) {
        config.manifest = build::manifest(name);
    }
    Ok(config)
}

/// Another app on free ports, with the manifest of the repository.
pub fn on_free_ports(wasm: impl Into<PathBuf>) -> Result<Config> {
    let manifest = build::manifest(build::EXAMPLE_APP);
    let mut config = Config::new(wasm, manifest, from_env("FANOUT_VICEROY")?, from_env("FANOUT_PUSHPIN")?);
    config.port = free_port();
    config.pushpin_port = free_port();
    config.publish_port = free_port();
    Ok(config)
}

/// The wasm of an app of [`build::APPS`].
pub fn app(name: &str) -> Result<PathBuf> {
    Ok(from_env("FANOUT_APPS")?.join(name).with_extension("wasm"))
}

fn from_env(name: &str) -> Result<PathBuf> {
    env::var_os(name).map(PathBuf::from).with_context(|| {
        format!(
            "{name} is not set: run `cargo xtask test e2e`, which builds and installs what these tests need"
        )
    })
}
