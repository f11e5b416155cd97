//! The interruption of a command by its user: Ctrl-C, or another signal that ends it.

use std::fmt;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, bail};
use rustix::process::Signal;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// The error of a step that the user has interrupted. No other way to do the step is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

/// Remembers that the user has interrupted the command.
pub(crate) fn set() {
    INTERRUPTED.store(true, Ordering::SeqCst);
}

/// Returns `true` if the user has interrupted the command.
pub(crate) fn is_set() -> bool {
    #[cfg(test)]
    if tests::HERE.get() {
        return true;
    }
    INTERRUPTED.load(Ordering::SeqCst)
}

/// Errors if the user has interrupted the command.
pub(crate) fn check() -> Result<()> {
    if is_set() {
        bail!(Interrupted);
    }
    Ok(())
}

/// Errors if the user has interrupted the command, or a program that it has run to its end. Ctrl-C reaches both at once,
/// and this process may hear of the end of the program first.
pub(crate) fn check_ended(status: ExitStatus) -> Result<()> {
    if status.signal() == Some(Signal::INT.as_raw()) {
        bail!(Interrupted);
    }
    check()
}

/// Returns `true` for the error of an interrupted step.
pub(crate) fn is_cause(error: &anyhow::Error) -> bool {
    error.is::<Interrupted>()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        /// True if the test of this thread has interrupted it. Other tests go on.
        pub(super) static HERE: Cell<bool> = const { Cell::new(false) };
    }

    /// An interruption of this thread alone, until it is dropped.
    pub(crate) struct Here(());

    impl Here {
        pub(crate) fn new() -> Self {
            HERE.set(true);
            Self(())
        }
    }

    impl Drop for Here {
        fn drop(&mut self) {
            HERE.set(false);
        }
    }

    #[test]
    fn a_program_that_ctrl_c_ends_is_interrupted() {
        // A program that really gets the signal may ignore it, as this process may.
        let error = check_ended(ExitStatus::from_raw(Signal::INT.as_raw())).unwrap_err();
        assert!(is_cause(&error) && is_cause(&error.context("a step")));
        for other in [0, 1 << 8, Signal::TERM.as_raw()] {
            assert!(check_ended(ExitStatus::from_raw(other)).is_ok(), "{other}");
        }
        assert!(!is_cause(&anyhow::anyhow!("interrupted")));
    }

    #[test]
    fn an_interrupted_command_does_nothing_more() {
        assert!(check().is_ok());
        let _here = Here::new();
        assert!(is_cause(&check().unwrap_err()));
        assert!(is_cause(&check_ended(ExitStatus::from_raw(1 << 8)).unwrap_err()));
    }
}
