//! One program of the stack, which ends with this process.
//!
//! Every program runs in a process group of its own, so that Ctrl-C in a terminal reaches us alone and we end the
//! programs in order. It has a folder of its own too, with its log and its pid file. Pushpin's runner treats each of
//! its services the same way: a group of its own and a pid file, in the same folder, which it removes when the service
//! has ended. So the pid files say what runs, and killing the groups that they name leaves nothing behind, even when
//! the runner itself was killed.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{self, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};

/// Pushpin's runner itself waits 4 s for its services before it kills them.
const PATIENCE: Duration = Duration::from_secs(6);

const LOG: &str = "log";

/// One running program of the stack.
pub(super) struct Child {
    name: &'static str,
    dir: PathBuf,
    process: process::Child,
    status: Option<ExitStatus>,
    /// `true` once no process is left. The folder may belong to a successor then.
    gone: bool,
}

impl Child {
    /// Starts a program whose folder is `dir`; its output goes to the end of the log there.
    pub(super) fn spawn(name: &'static str, mut command: Command, dir: &Path) -> Result<Self> {
        let log = File::options().create(true).append(true).open(dir.join(LOG))?;
        let process = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let child = Self { name, dir: dir.to_owned(), process, status: None, gone: false };
        fs::write(child.pid_file(), child.process.id().to_string())?;
        Ok(child)
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn log_file(&self) -> PathBuf {
        self.dir.join(LOG)
    }

    pub(super) fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.log_file()).unwrap_or_default()).into_owned()
    }

    fn pid_file(&self) -> PathBuf {
        self.dir.join("main.pid")
    }

    /// Fails if the program has ended.
    pub(super) fn check(&mut self) -> Result<()> {
        let Some(status) = self.try_wait()? else {
            return Ok(());
        };
        bail!("{} ended ({status})\n{}", self.name, self.end_of_log());
    }

    /// The last lines of the log, under a heading.
    pub(super) fn end_of_log(&self) -> String {
        let log = self.log();
        let lines: Vec<_> = log.lines().collect();
        let end = lines[lines.len().saturating_sub(15)..].join("\n");
        format!("--- the end of {}'s log\n{end}", self.name)
    }

    /// Asks the program to end, and kills it when it does not. Then kills what it left behind.
    pub(super) fn end(&mut self) {
        if self.gone {
            return;
        }
        let group = Pid::from_child(&self.process);
        if self.try_wait().is_ok_and(|status| status.is_none()) {
            let _ = kill_process_group(group, Signal::TERM);
            let deadline = Instant::now() + PATIENCE;
            while self.try_wait().is_ok_and(|status| status.is_none()) {
                if Instant::now() > deadline {
                    let _ = kill_process_group(group, Signal::KILL);
                    let _ = self.process.wait().map(|status| self.ended(status));
                    break;
                }
                thread::sleep(Duration::from_millis(10));
            }
        }
        for group in pids(&self.dir) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        self.gone = true;
    }

    fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        if self.status.is_none()
            && let Some(status) = self.process.try_wait()?
        {
            self.ended(status);
        }
        Ok(self.status)
    }

    /// Removes the pid file, because the system may give the pid to another process.
    fn ended(&mut self, status: ExitStatus) {
        self.status = Some(status);
        let _ = fs::remove_file(self.pid_file());
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.end();
    }
}

/// The process groups that the pid files in a folder name.
fn pids(dir: &Path) -> impl Iterator<Item = Pid> {
    fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension() == Some(OsStr::new("pid")))
        .filter_map(|path| fs::read_to_string(path).ok())
        .filter_map(|pid| Pid::from_raw(pid.trim().parse().ok()?))
}

/// Ends the stack when this process can no longer do it: killed, aborted, or ended without dropping the stack.
///
/// A shell that waits for the end of a pipe. Only this process holds the other end, and the system closes it in any
/// case.
pub(super) struct Watchdog(process::Child);

impl Watchdog {
    /// Watches over all programs whose folders are in `dir`, and removes `dir` after them.
    pub(super) fn start(dir: &Path) -> Result<Self> {
        Command::new("/bin/sh")
            .args(["-c", include_str!("watchdog.sh"), "watchdog"])
            .arg(dir)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(Self)
            .context("cannot start /bin/sh")
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
