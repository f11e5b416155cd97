use std::fmt;

use http::StatusCode;

use super::{InvalidItem, InvalidTarget};
use crate::grip::Channel;

/// Why something was not published, or not by every proxy.
///
/// It names what to set up, and never what is secret: it can be logged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublishError {
    /// Nothing says where to publish. The text says what is missing.
    NotConfigured(String),
    /// What says where to publish is wrong.
    InvalidTarget(InvalidTarget),
    /// An item cannot be published. Nothing has been sent.
    Invalid {
        /// Which of the items, counted from 0.
        index: usize,
        /// Its channel.
        channel: Channel,
        /// What is wrong with it.
        reason: InvalidItem,
    },
    /// It was sent, and one proxy or more have not accepted it. Those that are not named have.
    Failed(Vec<Failure>),
}

impl PublishError {
    /// Whether the same call may succeed later, and nothing but time has to pass for it.
    ///
    /// Items that were accepted are published again then: give each an [`id`](super::Item::id) if nobody may hear one
    /// twice.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Failed(failures) if failures.iter().all(|failure| failure.reason.is_transient()))
    }
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConfigured(missing) => write!(f, "publishing is not set up: {missing}"),
            Self::InvalidTarget(reason) => reason.fmt(f),
            Self::Invalid { index, channel, reason } => {
                write!(f, "item {} (channel {:?}) cannot be published: {reason}", index + 1, channel.as_str())
            }
            Self::Failed(failures) => {
                for (index, failure) in failures.iter().enumerate() {
                    write!(f, "{}{failure}", if index == 0 { "" } else { "; " })?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for PublishError {}

impl From<InvalidTarget> for PublishError {
    fn from(reason: InvalidTarget) -> Self {
        Self::InvalidTarget(reason)
    }
}

/// One proxy that has not accepted what was published.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The address that was published to, without what is secret.
    pub address: String,
    /// How many items it had accepted before, the first of the list.
    pub accepted: usize,
    /// What went wrong with the next ones.
    pub reason: FailureReason,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "publishing to {} failed: {}", self.address, self.reason)?;
        match self.accepted {
            0 => Ok(()),
            accepted => write!(f, " (the first {accepted} items were accepted)"),
        }
    }
}

impl std::error::Error for Failure {}

/// What went wrong between us and a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureReason {
    /// There was no answer.
    NoAnswer(TransportError),
    /// The answer was not yes.
    Refused {
        /// Its status.
        status: StatusCode,
        /// The start of its body, unless it told what is secret.
        said: String,
        /// What to do about it.
        help: &'static str,
    },
}

impl FailureReason {
    /// Whether the same request may succeed later. A status of 408, 429 or 500 and above says so, but for 501.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::NoAnswer(error) => error.is_transient,
            Self::Refused { status, .. } => matches!(status.as_u16(), 408 | 429 | 500 | 502..),
        }
    }
}

impl fmt::Display for FailureReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer(error) => error.fmt(f),
            Self::Refused { status, said, help } => {
                write!(f, "it answered {}: {help}", status.as_u16())?;
                if said.is_empty() { Ok(()) } else { write!(f, " (it said: {said})") }
            }
        }
    }
}

impl std::error::Error for FailureReason {}

/// Why a [`Transport`](super::Transport) has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportError {
    /// What went wrong and what to do about it, in a sentence without secrets.
    pub message: String,
    /// Whether the same request may succeed later, without anybody doing anything.
    pub is_transient: bool,
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TransportError {}
