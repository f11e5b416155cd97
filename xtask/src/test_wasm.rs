//! `cargo xtask test-wasm`: runs the tests of a package on Viceroy.

use std::path::{self, PathBuf};

use anyhow::{Context, Result, bail};
use url::Url;

use crate::build::{self, cargo, run_command};
use cargo_fanout::tools::{self, TARGET};

/// The arguments of `cargo xtask test-wasm`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The package, such as `topics`
    #[arg(value_name = "PACKAGE")]
    package: String,
    /// The manifest with the stores and backends that the tests use. Without it, the `fastly.toml` beside the package's
    /// `Cargo.toml`, if there is one
    #[arg(long, value_name = "PATH")]
    manifest: Option<PathBuf>,
    /// The arguments of `cargo test`, such as `--lib`, and behind another `--` those of the test programs
    #[arg(last = true, value_name = "ARGUMENT")]
    arguments: Vec<String>,
}

impl Arguments {
    /// All tests of a package.
    pub fn of(package: &str) -> Self {
        Self { package: package.to_owned(), manifest: None, arguments: Vec::new() }
    }
}

/// Builds the tests of the package for Compute, and runs each test program on Viceroy.
pub fn run(arguments: &Arguments) -> Result<()> {
    let Arguments { package, manifest, arguments } = arguments;
    let manifest = match manifest {
        Some(manifest) if !manifest.is_file() => bail!("there is no file {}", manifest.display()),
        Some(manifest) => Some(path::absolute(manifest)?),
        None => Some(folder(package)?.join("fastly.toml")).filter(|manifest| manifest.is_file()),
    };
    tools::target()?;
    let runner = build::runner(&tools::viceroy()?, manifest.as_deref());
    run_command(
        cargo().args(["test", "--package", package, "--target", TARGET, "--config", &runner]).args(arguments),
    )
}

/// Returns the folder of a package of the workspace.
fn folder(package: &str) -> Result<PathBuf> {
    let pkgid = cargo().args(["pkgid", "--package", package]).output().context("cargo does not start")?;
    if !pkgid.status.success() {
        bail!("{}", String::from_utf8_lossy(&pkgid.stderr).trim().trim_start_matches("error: "));
    }
    let id = String::from_utf8_lossy(&pkgid.stdout);
    let url = id.trim().strip_prefix("path+").and_then(|url| Url::parse(url).ok());
    url.and_then(|url| url.to_file_path().ok())
        .with_context(|| format!("`{package}` is no package of this workspace, but {id}"))
}
