use std::collections::VecDeque;
use std::io::{BufRead, BufReader, IsTerminal as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::interrupt;

/// The number of lines that are shown of a failed program's output.
const TAIL: usize = 30;

/// The longest time without output in a log.
const QUIET: Duration = Duration::from_secs(20);

/// The form in which a step shows its progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// One line that changes, on a terminal.
    Bar,
    /// A line now and then, beside another program that writes to the terminal. In a log it is always this one.
    Lines,
}

/// A step that takes a while. It shows its name, the time so far, and the last line of the program's output.
pub struct Progress;

impl Progress {
    /// Runs a program to its end. If it fails, the end of its output is shown.
    pub fn run(command: &mut Command, what: &str, shows: Shows) -> Result<()> {
        let terminal = std::io::stderr().is_terminal();
        let live = terminal && shows == Shows::Bar;
        // The other program may have left half a line, such as a bar of its own.
        let start = if terminal && !live { "\r\x1b[K" } else { "" };
        let bar = if live { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        bar.set_style(ProgressStyle::with_template("{spinner} {prefix} ({elapsed}) {wide_msg}")?);
        bar.set_prefix(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        if !live {
            eprintln!("{start}{what} …");
        }

        let (reader, writer) = std::io::pipe()?;
        let program = command.get_program().to_owned();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(writer.try_clone()?)
            .stderr(writer)
            .spawn()
            .with_context(|| format!("{} does not start", program.display()))?;
        // The command would keep the pipe open, and reading would never end.
        command.stdout(Stdio::null()).stderr(Stdio::null());

        let mut tail = VecDeque::new();
        let mut count = 0;
        let mut said = Instant::now();
        for line in BufReader::new(reader).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).trim_end().to_owned();
            count += 1;
            bar.set_message(format!("{count}: {line}"));
            if !live && said.elapsed() > QUIET {
                eprintln!("{start}    … {line} ({count} lines, {} s)", bar.elapsed().as_secs());
                said = Instant::now();
            }
            tail.push_back(line);
            if tail.len() > TAIL {
                tail.pop_front();
            }
        }
        let status = child.wait()?;
        let elapsed = bar.elapsed();
        bar.finish_and_clear();
        if !status.success() {
            interrupt::check_ended(status)?;
        }
        if !status.success() {
            for line in tail {
                eprintln!("    {line}");
            }
            bail!("{what}: failed ({status}); the end of its output is above");
        }
        eprintln!("{start}{what}: done in {} s", elapsed.as_secs());
        Ok(())
    }
}
