use std::error::Error;
use std::fmt;

use crate::grip::IntoText;

/// The reason why a [history](super::History) could not append or read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryError {
    message: String,
    is_transient: bool,
}

impl HistoryError {
    /// An error that may pass by itself, such as that of a store that is busy. The message goes to the log, and contains no secret.
    pub fn transient(message: impl IntoText) -> Self {
        Self { message: message.into(), is_transient: true }
    }

    /// An error that stays until somebody changes the setup, such as that of a store that does not exist. The message says what to
    /// do, goes to the log, and contains no secret.
    pub fn permanent(message: impl IntoText) -> Self {
        Self { message: message.into(), is_transient: false }
    }

    /// Returns `true` if the same call may succeed later, without any change of the setup.
    pub fn is_transient(&self) -> bool {
        self.is_transient
    }
}

impl fmt::Display for HistoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for HistoryError {}
