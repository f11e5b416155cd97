//! The tools that come from npm.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use cargo_fanout::tools::{Progress, Shows, alone, cache, output};

/// The major version of the Fastly CLI that the tests are written for.
const FASTLY_CLI: &str = "16";

/// The version of the TypeScript compiler. Another one may write other JavaScript, which a test compares.
const TSC: &str = "7.0.2";

/// Finds or installs the Fastly CLI. Without npm there is none, and its tests are skipped.
pub fn fastly_cli() -> Result<Option<PathBuf>> {
    let tool = Tool {
        name: "the Fastly CLI",
        package: format!("@fastly/cli@{FASTLY_CLI}"),
        folder: format!("fastly-cli-{FASTLY_CLI}"),
        program: "fastly",
        version: ("version", format!("v{FASTLY_CLI}.")),
    };
    tool.path()
}

/// Finds or installs the TypeScript compiler. Without npm there is none, and its tests are skipped.
pub fn tsc() -> Result<Option<PathBuf>> {
    let tool = Tool {
        name: "the TypeScript compiler",
        package: format!("typescript@{TSC}"),
        folder: format!("typescript-{TSC}"),
        program: "tsc",
        version: ("--version", format!("Version {TSC}")),
    };
    tool.path()
}

/// A program of a package, in a folder of its own.
struct Tool {
    name: &'static str,
    package: String,
    folder: String,
    program: &'static str,
    /// The argument that makes the program print its version, and a part of what it prints.
    version: (&'static str, String),
}

impl Tool {
    fn path(&self) -> Result<Option<PathBuf>> {
        let folder = cache()?.join(&self.folder);
        let path = folder.join("node_modules/.bin").join(self.program);
        let (argument, version) = &self.version;
        let runs = || output(Command::new(&path).arg(argument)).is_some_and(|line| line.contains(version));
        if runs() {
            return Ok(Some(path));
        }
        let Ok(npm) = which::which("npm") else {
            eprintln!("no npm: install it to run the tests of {} too", self.name);
            return Ok(None);
        };
        let _alone = alone()?;
        if runs() {
            return Ok(Some(path));
        }
        let mut install = Command::new(npm);
        install.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&folder).arg(&self.package);
        Progress::run(&mut install, &format!("installing {} with npm", self.name), Shows::Bar)?;
        if !runs() {
            bail!("{} was installed, but {} does not run", self.name, path.display());
        }
        Ok(Some(path))
    }
}
