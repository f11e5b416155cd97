//! The cost of `cargo check` for an app, in instructions of the compiler, which Valgrind counts. They are the same on a busy
//! machine, but for a thousandth.

mod source;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context as _, Result, ensure};
use ui::{neutral, repository};
use xtask::build;

use crate::charts::Chart;
use crate::progress::Step;
use crate::report::{Cell, Table};
use source::Main;

/// Takes the place of the compiler, and counts for the app. Cargo names the compiler first.
const WRAPPER: &str = r#"#!/bin/sh
case "$COUNTED $* " in
    /*" --crate-name app "*)
        exec valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null --log-file="$COUNTED" "$@";;
    *) exec "$@";;
esac
"#;

/// The comparisons: a name, the ways of the two apps, the numbers of their endpoints, and the largest ratio.
const COMPARISONS: [(&str, Main, Main, usize, f64); 3] = [
    ("100 endpoints, to the same by hand", Main::Listed, Main::ByHand, 100, 1.15),
    ("200 endpoints in one list, to a plain list of routes", Main::Listed, Main::Handle, 200, 1.2),
    ("200 endpoints in 10 lists in a list, to a plain list", Main::Nested, Main::Handle, 200, 1.45),
];

/// The number of endpoints that have to compile without a warning: the compiler warns about constants that take long to evaluate.
const MANY: usize = 1_000;

/// Counts. A ratio above its limit is an error.
pub(crate) fn run() -> Result<(Vec<Table>, Vec<Chart>)> {
    let compiler = Compiler::new(build::target_dir().join("check-cost"))?;
    let mut known = Vec::<((usize, Main), u64)>::new();
    let mut count = |count, main| -> Result<u64> {
        if let Some((_, instructions)) = known.iter().find(|(app, _)| *app == (count, main)) {
            return Ok(*instructions);
        }
        let _step = Step::start(format!("Valgrind counts a check of {count} endpoints, {main}"), 1);
        let instructions = compiler.count(count, main)?;
        known.push(((count, main), instructions));
        Ok(instructions)
    };
    let columns = ["instructions", "of the other", "ratio"];
    let mut table = Table::new("`cargo check` of an app, without its dependencies", columns);
    let mut above = Vec::new();
    for (name, of, to, endpoints, limit) in COMPARISONS {
        let (of, to) = (count(endpoints, of)?, count(endpoints, to)?);
        let ratio = of as f64 / to as f64;
        table.row(name, vec![Cell::Count(of), Cell::Count(to), Cell::Quotient(ratio)]);
        if ratio > limit {
            above.push(format!("{name}: {ratio:.3}, and the limit is {limit}"));
        }
    }
    for main in [Main::Handle, Main::Listed, Main::Nested] {
        let _step = Step::start(format!("a check of {MANY} endpoints, {main}"), 1);
        compiler.check(MANY, main, None)?;
    }
    ensure!(above.is_empty(), "a check costs more than it may:\n{}", above.join("\n"));
    Ok((vec![table], Vec::new()))
}

/// The compiler, with the program that counts in its place.
struct Compiler {
    rustc: PathBuf,
    wrapper: PathBuf,
    /// The folder of the apps.
    folder: PathBuf,
}

impl Compiler {
    fn new(folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder)?;
        let wrapper = folder.join("wrapper.sh");
        write(&wrapper, WRAPPER)?;
        fs::set_permissions(&wrapper, Permissions::from_mode(0o755))?;
        // The compiler itself: Valgrind would count in the rustc of rustup, which chooses one.
        let output = Command::new("rustc").args(["--print", "sysroot"]).current_dir(repository()).output()?;
        let sysroot = String::from_utf8(output.stdout)?;
        let rustc = Path::new(sysroot.trim()).join("bin/rustc");
        Ok(Self { rustc, wrapper, folder })
    }

    /// The instructions for a check of an app, without its dependencies.
    fn count(&self, count: usize, main: Main) -> Result<u64> {
        let counted = self.folder.join("counted");
        self.check(count, main, Some(&counted))?;
        let log =
            fs::read_to_string(&counted).with_context(|| format!("cannot read {}", counted.display()))?;
        instructions(&log).with_context(|| format!("Valgrind has not said the instructions: {log}"))
    }

    /// Checks an app, which must not have a warning. `counted` is the file for what Valgrind says.
    fn check(&self, count: usize, main: Main, counted: Option<&Path>) -> Result<()> {
        let folder = self.folder.join(format!("{count}-{main:?}"));
        fs::create_dir_all(folder.join("src"))?;
        write(&folder.join("Cargo.toml"), &source::manifest(main))?;
        fs::copy(repository().join("Cargo.lock"), folder.join("Cargo.lock"))?;
        // A new file makes cargo check the app again.
        fs::write(folder.join("src/main.rs"), source::source(count, main))?;
        let mut check = build::cargo();
        check.args(["check", "--offline", "--quiet"]);
        neutral(&mut check, &[])
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("CARGO_INCREMENTAL", "0")
            .env("RUSTC", &self.rustc)
            .env("RUSTC_WORKSPACE_WRAPPER", &self.wrapper)
            .env("COUNTED", counted.unwrap_or(Path::new("")));
        let Output { status, stderr, .. } = check.output().context("cargo does not start")?;
        let said = String::from_utf8_lossy(&stderr);
        ensure!(
            status.success() && said.is_empty(),
            "cargo check of {} ({status}): {said}",
            folder.display()
        );
        Ok(())
    }
}

/// The count in Valgrind's log: `==7== I refs: 951,034,851`. The space in the middle differs.
fn instructions(log: &str) -> Option<u64> {
    let line = log.lines().find(|line| line.contains(" I ") && line.contains("refs:"))?;
    line.rsplit(' ').next()?.replace(',', "").parse().ok()
}

fn write(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::instructions;

    #[test]
    fn instructions_in_a_log() {
        let log = "==7== Command: rustc --crate-name app\n==7== \n==7== I   refs:      951,034,851\n";
        assert_eq!(instructions(log), Some(951_034_851));
        assert_eq!(instructions("==7== I refs: 12"), Some(12));
        assert_eq!(instructions("==7== valgrind: failed"), None);
    }
}
