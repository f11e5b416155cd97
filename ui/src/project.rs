use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, process};

use crate::diagnostic::{Diagnostic, Line, package_name};
use crate::environment::neutral;

/// The root of this repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this crate is in the repository").to_owned()
}

/// The cases in a folder of this crate, in order.
///
/// # Panics
///
/// If there are none.
pub fn cases(folder: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = folder.read_dir().unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a folder can be read").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    paths.sort();
    assert!(!paths.is_empty(), "no cases in {}", folder.display());
    paths.into_iter().map(Case::new).collect()
}

/// A crate of one file.
pub struct Case {
    /// The path of the file.
    pub path: PathBuf,
    /// The text of the file.
    pub source: String,
}

impl Case {
    /// Reads the case.
    ///
    /// # Panics
    ///
    /// If it cannot be read.
    pub fn new(path: PathBuf) -> Self {
        let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self { path, source }
    }

    /// The file's name, without `.rs`.
    ///
    /// # Panics
    ///
    /// If it is not UTF-8.
    pub fn name(&self) -> &str {
        self.path.file_stem().and_then(|stem| stem.to_str()).expect("the file of a case has a plain name")
    }

    /// The target of the case: a program if it has a `main`, else a library. It is compiled as a test only if it has tests.
    fn target(&self) -> String {
        let (kind, crate_type) =
            if self.source.contains("fn main(") { ("bin", "bin") } else { ("example", "lib") };
        let (name, path, test) = (self.name(), self.path.display(), self.source.contains("#[test]"));
        let crate_type =
            if kind == "example" { format!("crate-type = [{crate_type:?}]\n") } else { String::new() };
        format!("\n[[{kind}]]\nname = {name:?}\npath = '{path}'\ntest = {test}\n{crate_type}")
    }
}

/// Cases that share a manifest.
pub struct Package {
    /// Its name.
    pub name: &'static str,
    /// The edition of its cases.
    pub edition: &'static str,
    /// The dependencies of the cases, as lines of a manifest.
    pub dependencies: String,
    /// Its cases.
    pub cases: Vec<Case>,
    /// The file of its library, if it has one.
    pub library: Option<PathBuf>,
}

impl Package {
    fn manifest(&self) -> String {
        let Self { name, edition, dependencies, .. } = self;
        let mut manifest = format!(
            "[package]\nname = {name:?}\nedition = {edition:?}\npublish = false\n\
             autobins = false\nautoexamples = false\n\n\
             [lints]\nworkspace = true\n\n[dependencies]\n{dependencies}\n"
        );
        if let Some(path) = &self.library {
            let path = path.display();
            let _ = write!(manifest, "\n[lib]\npath = '{path}'\ntest = false\ndoctest = false\n");
        }
        manifest.extend(self.cases.iter().map(Case::target));
        manifest
    }
}

/// The cargo command for the cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// `cargo check`.
    Check,
    /// `cargo clippy`, which reports the diagnostics of `check` and more.
    Clippy,
}

/// A workspace of cases.
pub struct Project {
    dir: PathBuf,
    target_dir: PathBuf,
}

/// The result of a cargo command.
pub struct Report {
    /// The diagnostics of the compiler.
    pub diagnostics: Vec<Diagnostic>,
    /// The cases that compiled, as `package: path`.
    pub compiled: BTreeSet<(String, PathBuf)>,
    /// The output of cargo itself.
    pub stderr: String,
}

impl Project {
    /// A workspace in a test's `CARGO_TARGET_TMPDIR`. `lints` are lines of its manifest.
    ///
    /// # Panics
    ///
    /// If it cannot be written.
    pub fn new(tmpdir: &str, name: &str, lints: &str, packages: &[Package]) -> Self {
        let tmpdir = Path::new(tmpdir);
        let target_dir =
            tmpdir.parent().expect("cargo's folder for tests is in its target folder").to_owned();
        let dir = tmpdir.join(name);
        let members: Vec<_> = packages.iter().map(|package| package.name).collect();
        // The profile is that of this repository, so that the dependencies are compiled once for both.
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n\
             [profile.dev]\ndebug = \"line-tables-only\"\n\n\
             [workspace.lints]\n{lints}\n"
        );
        write(&dir.join("Cargo.toml"), &manifest);
        for package in packages {
            write(&dir.join(package.name).join("Cargo.toml"), &package.manifest());
        }
        // The versions that the rest of the repository is compiled with.
        let lock = repository().join("Cargo.lock");
        let lock = fs::read_to_string(&lock).unwrap_or_else(|error| panic!("{}: {error}", lock.display()));
        write(&dir.join("Cargo.lock"), &lock);
        Self { dir, target_dir }
    }

    /// Checks every case, and runs none.
    ///
    /// # Panics
    ///
    /// If cargo cannot be run.
    pub fn run(&self, command: Command) -> Report {
        let name = match command {
            Command::Check => "check",
            Command::Clippy => "clippy",
        };
        let mut cargo = process::Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        let output = neutral(&mut cargo, &[])
            .args([name, "--workspace", "--bins", "--examples", "--tests", "--keep-going", "--offline"])
            .args(["--quiet", "--color=never", "--message-format=json"])
            .current_dir(&self.dir)
            .env("CARGO_TARGET_DIR", &self.target_dir)
            // Of the thousand small programs, each is compiled once.
            .env("CARGO_INCREMENTAL", "0")
            .output()
            .unwrap_or_else(|error| panic!("cargo does not run: {error}"));
        let mut report = Report {
            diagnostics: Vec::new(),
            compiled: BTreeSet::new(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        };
        for line in output.stdout.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            match serde_json::from_slice(line) {
                Ok(Line::CompilerMessage { package_id, target, message }) => {
                    report.diagnostics.extend(message.into_diagnostic(&package_id, target));
                }
                Ok(Line::CompilerArtifact { package_id, target }) => {
                    report.compiled.insert((package_name(&package_id).to_owned(), target.src_path));
                }
                Ok(Line::Other) => {}
                Err(error) => {
                    panic!("a line of cargo is not a message: {error}: {}", String::from_utf8_lossy(line))
                }
            }
        }
        report
    }
}

/// Writes a file unless it has this content. Cargo would compile a newer file again.
fn write(path: &Path, content: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == content) {
        return;
    }
    let folder = path.parent().expect("a file is in a folder");
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, content))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
