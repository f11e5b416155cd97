//! A reader of a page, who runs its commands in a shell as they stand.

use std::env;
use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use e2e::PATIENCE;
use tempfile::TempDir;
use xtask::build;

/// The time limit of a command that may build an app.
const BUILD: Duration = Duration::from_secs(900);

/// One block of code of a page.
pub struct Block {
    /// Its language, with what stands behind it, such as `rust,no_run`.
    pub language: String,
    /// Its text.
    pub text: String,
}

/// The blocks of code under a heading, up to the next heading of its level or above.
pub fn blocks(page: &str, heading: &str) -> Result<Vec<Block>> {
    let level = heading.chars().take_while(|c| *c == '#').count();
    let mut lines = page.lines().skip_while(|line| *line != heading);
    lines.next().with_context(|| format!("the page has no heading {heading:?}"))?;
    let (mut blocks, mut open): (Vec<Block>, bool) = (Vec::new(), false);
    for line in lines {
        match (line.strip_prefix("```"), open) {
            (Some(""), true) => open = false,
            (Some(language), false) => {
                open = true;
                blocks.push(Block { language: language.to_owned(), text: String::new() });
            }
            (_, true) => {
                let block = blocks.last_mut().context("a block is open")?;
                block.text += &format!("{line}\n");
            }
            (None, false) => {
                let hashes = line.chars().take_while(|c| *c == '#').count();
                if (1..=level).contains(&hashes) && line[hashes..].starts_with(' ') {
                    break;
                }
            }
        }
    }
    ensure!(!open, "a block under {heading:?} does not end");
    Ok(blocks)
}

/// The commands of the shell blocks, one for each line.
pub fn commands(blocks: &[Block]) -> Vec<&str> {
    blocks.iter().filter(|block| block.language == "sh").flat_map(|block| block.text.lines()).collect()
}

/// A reader, in a folder outside of the repository.
pub struct Reader {
    folder: TempDir,
    here: PathBuf,
    environment: Vec<(String, String)>,
}

impl Reader {
    /// A reader who has installed `cargo fanout` and this Viceroy. What cargo has built for the repository is not built again, and
    /// nothing is fetched.
    pub fn new(viceroy: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let here = folder.path().canonicalize()?;
        let program = env::var_os("FANOUT_CARGO_FANOUT").context("run `cargo xtask test e2e`")?;
        let tools =
            [Path::new(&program), viceroy].map(|tool| tool.parent().map(Path::to_owned).unwrap_or_default());
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(tools.into_iter().chain(env::split_paths(&path)))?;
        let text = |path: &std::ffi::OsStr| path.to_str().map(str::to_owned).context("a path is UTF-8");
        let environment = vec![
            ("PATH".to_owned(), text(&path)?),
            ("CARGO_TARGET_DIR".to_owned(), text(build::target_dir().as_os_str())?),
            ("CARGO_NET_OFFLINE".to_owned(), "true".to_owned()),
            // Nothing is built twice.
            ("CARGO_INCREMENTAL".to_owned(), "0".to_owned()),
            // For `curl`.
            ("NO_PROXY".to_owned(), "127.0.0.1".to_owned()),
        ];
        Ok(Self { folder, here, environment })
    }

    /// The folder that the reader is in.
    pub fn here(&self) -> &Path {
        &self.here
    }

    /// Sets a variable of the environment.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Puts a folder before the others on `PATH`.
    pub fn path(&mut self, folder: &str) -> Result<()> {
        let (_, path) =
            self.environment.iter_mut().find(|(name, _)| name == "PATH").context("PATH is set")?;
        *path = format!("{folder}:{path}");
        Ok(())
    }

    /// Takes the versions of the repository, so that all dependencies are there.
    pub fn lock(&self) -> Result<()> {
        fs::copy(build::root().join("Cargo.lock"), self.here.join("Cargo.lock"))?;
        Ok(())
    }

    /// Removes what cargo has built for a package in a folder of one test.
    pub fn forget(&mut self, package: &str) -> Result<()> {
        self.run(&format!("cargo clean --package {package}"))?;
        self.run(&format!("cargo clean --package {package} --release --target wasm32-wasip1"))?;
        Ok(())
    }

    /// Runs a command to its end, and returns its output. Fails if the command does.
    pub fn run(&mut self, line: &str) -> Result<String> {
        let (success, output) = self.outcome(line)?;
        ensure!(success, "`{line}` failed in {}:\n{output}", self.here.display());
        Ok(output)
    }

    /// Runs a command to its end, and returns `true` if it succeeded, with its output.
    pub fn outcome(&mut self, line: &str) -> Result<(bool, String)> {
        if let Some(folder) = line.strip_prefix("cd ") {
            self.here = self.here.join(folder).canonicalize().with_context(|| line.to_owned())?;
            return Ok((true, String::new()));
        }
        let mut running = self.start(line)?;
        let deadline = Instant::now() + BUILD;
        loop {
            if let Some(status) = running.process.try_wait()? {
                return Ok((status.success(), running.output()));
            }
            ensure!(Instant::now() < deadline, "`{line}` does not end:\n{}", running.output());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Starts a command that goes on, as in a terminal of its own.
    pub fn start(&self, line: &str) -> Result<Running> {
        let log = tempfile::Builder::new().prefix("log-").tempfile_in(self.folder.path())?;
        let (file, path) = log.keep()?;
        let mut shell = Command::new("sh");
        // Ctrl-C ends the command and not its shell, so that the shell has the status of the command.
        shell.arg("-c").arg(format!("trap : INT\n{line}")).current_dir(&self.here).stdin(Stdio::null());
        // As in a terminal, where Ctrl-C reaches the whole group.
        shell.process_group(0).stdout(File::try_clone(&file)?).stderr(file);
        for name in ["CARGO", "CARGO_MANIFEST_DIR", "RUSTUP_TOOLCHAIN", "http_proxy", "all_proxy"] {
            shell.env_remove(name);
        }
        shell.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let process = shell.spawn().context("there is no shell")?;
        Ok(Running { line: line.to_owned(), process, log: path })
    }
}

/// A command that runs. Dropping it ends it.
pub struct Running {
    line: String,
    process: Child,
    log: PathBuf,
}

impl Running {
    /// The output so far.
    pub fn output(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Waits until its output has a text.
    pub fn says(&mut self, wanted: &str) -> Result<()> {
        self.says_within(wanted, PATIENCE)
    }

    /// As [`says`](Self::says), of a command that may build an app first.
    pub fn says_at_last(&mut self, wanted: &str) -> Result<()> {
        self.says_within(wanted, BUILD)
    }

    fn says_within(&mut self, wanted: &str, limit: Duration) -> Result<()> {
        let deadline = Instant::now() + limit;
        loop {
            // The end is seen before the output, so that no output is missed.
            let ended = self.process.try_wait()?;
            let output = self.output();
            if output.contains(wanted) {
                return Ok(());
            }
            if ended.is_some() || Instant::now() > deadline {
                bail!("`{}` does not say {wanted:?}:\n{output}", self.line);
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Does what Ctrl-C does, and waits for the end. Returns `true` if the command succeeded.
    pub fn interrupt(&mut self) -> Result<bool> {
        Command::new("kill").args(["-INT", "--", &format!("-{}", self.process.id())]).status()?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.process.try_wait()? {
                return Ok(status.success());
            }
            ensure!(Instant::now() < deadline, "`{}` does not end:\n{}", self.line, self.output());
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.process.try_wait().is_ok_and(|status| status.is_none()) {
            let _ = self.interrupt();
            let _ = self.process.kill();
            let _ = self.process.wait();
        }
    }
}

#[test]
fn the_blocks_of_a_heading_are_found() -> Result<()> {
    let page = "# A\n```sh\nno\n```\n## B\n```sh\none\n# a comment\n```\ntext\n### C\n```rust\ntwo\n```\n## D\n```sh\nno\n```\n";
    let found = blocks(page, "## B")?;
    let texts: Vec<_> = found.iter().map(|block| (block.language.as_str(), block.text.as_str())).collect();
    assert_eq!(texts, [("sh", "one\n# a comment\n"), ("rust", "two\n")]);
    assert_eq!(commands(&found), ["one", "# a comment"]);
    assert!(blocks(page, "## E").is_err());
    assert!(blocks("## B\n```sh\n", "## B").is_err());
    Ok(())
}
