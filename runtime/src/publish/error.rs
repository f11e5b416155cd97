use std::error::Error;
use std::fmt;

use http::StatusCode;

use super::{InvalidItem, InvalidTarget};
use crate::grip::{Channel, IntoText, JsonError};

/// The reason why an item was not published, or was not accepted by every proxy.
///
/// Its text says what to set up and contains no secret, so it can be logged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublishError {
    /// No setting says where to publish. The text names the missing one.
    NotConfigured(String),
    /// A setting that says where to publish is wrong.
    InvalidTarget(InvalidTarget),
    /// The value of a message cannot be written as JSON, as the text of the [`JsonError`] says. `?` makes it of that error.
    NotJson(String),
    /// An item cannot be published. No item was sent.
    Invalid {
        /// The position of the item in the list, counted from 0.
        index: usize,
        /// The channel of the item.
        channel: Channel,
        /// The mistake.
        reason: InvalidItem,
    },
    /// One or more proxies have not accepted the items. Every other proxy has.
    Failed(Vec<Failure>),
}

impl PublishError {
    /// Returns `true` if the same call may succeed later, without any change of the setup.
    ///
    /// That call publishes the accepted items again. Give each an [`id`](super::Item::id) if it must not arrive twice.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Failed(failures) if failures.iter().all(|failure| failure.reason.is_transient()))
    }
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConfigured(missing) => write!(f, "publishing is not set up: {missing}"),
            Self::InvalidTarget(reason) => reason.fmt(f),
            Self::NotJson(reason) => f.write_str(reason),
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

impl Error for PublishError {
    /// Returns the reason. Of several failures, it is the first.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NotConfigured(_) | Self::NotJson(_) => None,
            Self::InvalidTarget(reason) => Some(reason),
            Self::Invalid { reason, .. } => Some(reason),
            Self::Failed(failures) => failures.first().map(|failure| failure as _),
        }
    }
}

impl From<InvalidTarget> for PublishError {
    fn from(reason: InvalidTarget) -> Self {
        Self::InvalidTarget(reason)
    }
}

impl From<JsonError> for PublishError {
    fn from(error: JsonError) -> Self {
        Self::NotJson(error.to_string())
    }
}

/// A proxy that has not accepted all items, and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The address of the proxy, without secrets.
    pub address: String,
    /// The number of items that the proxy had accepted before: the first ones of the list.
    pub accepted: usize,
    /// The reason why it has not accepted the next ones.
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

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.reason)
    }
}

/// The reason why a proxy has not accepted a publish request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureReason {
    /// The proxy did not respond.
    NoAnswer(TransportError),
    /// The proxy responded with a status other than 200 to 299.
    Refused {
        /// The status.
        status: StatusCode,
        /// The start of the response's body. It is empty if the body contains a secret.
        body: String,
        /// The way out.
        help: &'static str,
    },
}

impl FailureReason {
    /// Returns `true` if the same request may succeed later: if there was a transient transport error, or if the status is
    /// 408, 429, 500, or 502 and above.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::NoAnswer(error) => error.is_transient(),
            Self::Refused { status, .. } => matches!(status.as_u16(), 408 | 429 | 500 | 502..),
        }
    }
}

impl fmt::Display for FailureReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer(error) => error.fmt(f),
            Self::Refused { status, body, help } => {
                write!(f, "it answered {}: {help}", status.as_u16())?;
                if body.is_empty() { Ok(()) } else { write!(f, " (it said: {body})") }
            }
        }
    }
}

impl Error for FailureReason {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NoAnswer(error) => Some(error),
            Self::Refused { .. } => None,
        }
    }
}

/// The reason why a [`Transport`](super::Transport) has no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportError {
    message: String,
    is_transient: bool,
}

impl TransportError {
    /// An error that may pass by itself. The message says what is wrong and what to do, and contains no secret.
    pub fn transient(message: impl IntoText) -> Self {
        Self { message: message.into(), is_transient: true }
    }

    /// An error that stays until somebody changes the setup. The message says what is wrong and what to do, and contains no
    /// secret.
    pub fn permanent(message: impl IntoText) -> Self {
        Self { message: message.into(), is_transient: false }
    }

    /// Returns `true` if the same request may succeed later, without any change of the setup.
    pub fn is_transient(&self) -> bool {
        self.is_transient
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for TransportError {}
