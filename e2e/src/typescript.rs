//! The TypeScript compiler.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::tool;

/// Every check that a user may have switched on.
const STRICT: [&str; 13] = [
    "--strict",
    "--noUncheckedIndexedAccess",
    "--exactOptionalPropertyTypes",
    "--noImplicitOverride",
    "--noImplicitReturns",
    "--noFallthroughCasesInSwitch",
    "--noPropertyAccessFromIndexSignature",
    "--noUnusedLocals",
    "--noUnusedParameters",
    "--isolatedModules",
    "--verbatimModuleSyntax",
    "--erasableSyntaxOnly",
    "--forceConsistentCasingInFileNames",
];

/// The options of a module for browsers: their language and their types alone.
const BROWSER: [&str; 8] = [
    "--target",
    "es2022",
    "--lib",
    "es2022,dom,dom.iterable",
    "--module",
    "es2022",
    "--moduleResolution",
    "bundler",
];

/// The compiler that `cargo xtask test` installs.
pub struct Tsc(PathBuf);

impl Tsc {
    /// The compiler, or none on a machine without npm.
    pub fn of_this_machine() -> Result<Option<Self>> {
        Ok(tool("FANOUT_TSC", "npm")?.map(Self))
    }

    /// Checks files, each with its name and its text. Returns the errors, a line for each, which is none if they are sound.
    pub fn errors(&self, files: &[(&str, &str)]) -> Result<Vec<String>> {
        let folder = tempfile::tempdir()?;
        for (name, text) in files {
            fs::write(folder.path().join(name), text)?;
        }
        let mut tsc = Command::new(&self.0);
        tsc.args(["--noEmit", "--pretty", "false"])
            .args(STRICT)
            .args(BROWSER)
            .args(files.iter().map(|(name, _)| name));
        let output = tsc.current_dir(&folder).stdin(Stdio::null()).output()?;
        let said = String::from_utf8(output.stdout)?;
        let errors: Vec<_> = said.lines().map(str::to_owned).collect();
        ensure!(
            output.status.success() == errors.is_empty(),
            "tsc ended with {} and said: {said}",
            output.status
        );
        Ok(errors)
    }

    /// Compiles a module to JavaScript, without its comments.
    pub fn compile(&self, module: &str) -> Result<String> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("client.ts"), module)?;
        let mut tsc = Command::new(&self.0);
        tsc.args(BROWSER).args(["--pretty", "false", "--removeComments", "client.ts"]);
        let output = tsc.current_dir(&folder).stdin(Stdio::null()).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        fs::read_to_string(folder.path().join("client.js")).context("tsc wrote nothing")
    }
}
