//! The output of the programs of a stack, as the user sees it: the app's always, that of the proxies on request.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::stack::VICEROY;

/// The logs of a stack, printed line by line as they grow. Dropping it prints what is left.
pub(crate) struct Output {
    verbose: bool,
    ended: Arc<AtomicBool>,
    followed: BTreeSet<PathBuf>,
    threads: Vec<JoinHandle<()>>,
}

impl Output {
    /// Prints nothing yet. Without `verbose`, it will be what the app prints, and Viceroy's errors.
    pub(crate) fn new(verbose: bool) -> Self {
        Self { verbose, ended: Arc::default(), followed: BTreeSet::new(), threads: Vec::new() }
    }

    /// Prints the logs of these programs, beside those from before.
    pub(crate) fn follow(&mut self, logs: impl IntoIterator<Item = (&'static str, PathBuf)>) {
        let verbose = self.verbose;
        for (program, path) in logs {
            if !verbose && program != VICEROY || !self.followed.insert(path.clone()) {
                continue;
            }
            // Opened here, because the folder is removed with the stack.
            if let Ok(log) = File::open(path) {
                let ended = Arc::clone(&self.ended);
                self.threads.push(thread::spawn(move || follow(program, log, verbose, &ended)));
            }
        }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Prints the lines of a log as they are written.
fn follow(program: &str, log: File, verbose: bool, ended: &AtomicBool) {
    let mut reader = BufReader::new(log);
    // A line may come in parts.
    let mut line = Vec::new();
    loop {
        // Read before the log, so that the lines from before the end are printed.
        let last = ended.load(Ordering::Relaxed);
        match reader.read_until(b'\n', &mut line) {
            Ok(0) | Err(_) if last => return,
            Ok(0) | Err(_) => thread::sleep(Duration::from_millis(50)),
            Ok(_) if line.ends_with(b"\n") || last => {
                if let Some(line) = shown(program, String::from_utf8_lossy(&line).trim_end(), verbose) {
                    // A closed terminal is no reason to panic.
                    let _ = writeln!(std::io::stdout(), "{line}");
                }
                line.clear();
            }
            Ok(_) => {}
        }
    }
}

/// The error of a WebSocket whose client is gone without a close, as every page is that is reloaded.
const CLIENT_GONE: &str = "Upgraded proxy I/O error";

/// A line of a log as the user sees it, if at all. The app's own lines stay as they are.
fn shown(program: &str, line: &str, verbose: bool) -> Option<String> {
    match (program == VICEROY, level(line)) {
        (true, None) => Some(line.to_owned()),
        (true, Some(level)) if verbose || level == "ERROR" && !line.contains(CLIENT_GONE) => {
            Some(format!("{VICEROY}: {line}"))
        }
        (false, _) if verbose => Some(format!("{program}: {line}")),
        _ => None,
    }
}

/// The level of a line that Viceroy itself has written: `2026-01-31T09:00:00.000000Z ERROR request{id=0}: …`. Viceroy
/// passes on what the app writes without a mark.
fn level(line: &str) -> Option<&str> {
    let (time, rest) = line.split_once(' ')?;
    let is_time = time.len() > 20
        && time.ends_with('Z')
        && time.as_bytes()[10] == b'T'
        && time.bytes().all(|byte| byte.is_ascii_digit() || b"-:.TZ".contains(&byte));
    let level = rest.trim_start().split(' ').next()?;
    (is_time && ["ERROR", "WARN", "INFO", "DEBUG", "TRACE"].contains(&level)).then_some(level)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ERROR: &str = "2026-11-28T21:35:26.599993Z ERROR request{id=0}: no backend";
    const INFO: &str = "2026-11-28T21:35:26.599993Z  INFO request{id=0}: handling request GET /sse";

    #[test]
    fn what_the_app_prints_is_shown_as_it_is() {
        for line in [
            "hello",
            "",
            "fanout: the endpoint `/a` panicked",
            "requests :: an entry of a log endpoint",
            "2026-11-28T21:35:26Z is the time",
            "2026-11-28T21:35:26.599993Z",
            "ERROR is only a word",
        ] {
            for verbose in [false, true] {
                assert_eq!(shown(VICEROY, line, verbose).as_deref(), Some(line), "{verbose}");
            }
        }
    }

    #[test]
    fn errors_of_viceroy_are_marked() {
        assert_eq!(shown(VICEROY, ERROR, false), Some(format!("viceroy: {ERROR}")));
        let gone = "2026-11-28T21:35:26.599993Z ERROR Upgraded proxy I/O error: Connection reset by peer";
        assert_eq!(shown(VICEROY, gone, false), None);
        assert!(shown(VICEROY, gone, true).is_some());
    }

    #[test]
    fn the_proxies_are_shown_on_request() {
        assert_eq!(shown(VICEROY, INFO, false), None);
        assert_eq!(shown(VICEROY, INFO, true), Some(format!("viceroy: {INFO}")));
        assert_eq!(shown("pushpin", "[INFO] starting...", false), None);
        assert_eq!(
            shown("pushpin", "[INFO] starting...", true).as_deref(),
            Some("pushpin: [INFO] starting...")
        );
    }
}
