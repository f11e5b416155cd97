//! The mistakes in a hold, and the decision if the client or the app made them.

use std::fmt;

use http::HeaderName;

use crate::grip::hold::Instruction;
use crate::grip::{InvalidChannel, Subscription};

/// A mistake in a hold: the proxy would refuse the hold or misread it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    Channel(InvalidChannel),
    ByteOrderMark(&'static str),
    PrevIdWithoutNext(String),
    ControlCharacter(String),
    TooManyFilters(String),
    NextAsJson { is_constant: bool },
    GripHeader(HeaderName),
    Instructions,
    NotUtf8(HeaderName),
}

impl Problem {
    /// Makes the problem of a next link beside channels or meta that do not fit into headers. They come from the client,
    /// unless a constant channel does not fit.
    pub(super) fn next_as_json(instruction: &Instruction) -> Self {
        let mut channels = instruction.subscriptions.iter().map(Subscription::channel);
        Self::NextAsJson {
            is_constant: channels.any(|channel| channel.is_constant() && !channel.fits_header()),
        }
    }

    /// Returns `true` if the mistake is in a text that was made at run time, from a path or a query. Then the client gets the
    /// reason, and the log does not.
    pub(crate) fn is_the_clients(&self) -> bool {
        matches!(
            self,
            Self::Channel(_)
                | Self::ByteOrderMark(_)
                | Self::ControlCharacter(_)
                | Self::NextAsJson { is_constant: false }
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Channel(error) => error.fmt(f),
            Self::ByteOrderMark(what) => write!(f, "{what} cannot begin with a byte order mark (U+FEFF)"),
            Self::PrevIdWithoutNext(channel) => write!(
                f,
                "the subscription to {channel:?} has a prev-id, and the stream has no link for recovery requests: set `next`"
            ),
            Self::ControlCharacter(channel) => write!(
                f,
                "the subscription to {channel:?} has a prev-id, and the id or the name has a control character"
            ),
            Self::TooManyFilters(channel) => write!(
                f,
                "the subscription to {channel:?} has more than {} filters",
                Subscription::MAX_FILTERS
            ),
            Self::NextAsJson { .. } => f.write_str(
                "a stream with a next link can only have channels, ids and meta that fit into headers: \
                 printable ASCII, no `,`, `;` or `\"` in channels and no space at their ends, letters, digits, `-`, `_` and `.` in \
                 the names of meta, and at most 2,048 bytes for all",
            ),
            Self::GripHeader(name) => {
                write!(f, "the header `{name}` is an instruction to the proxy: use the methods of the hold")
            }
            Self::Instructions => f.write_str(
                "the content type `application/grip-instruct` is the proxy's, which would read the body as instructions",
            ),
            Self::NotUtf8(name) => write!(
                f,
                "the header `{name}` is not UTF-8, or begins with a byte order mark, and the hold travels as JSON because of its channels or meta"
            ),
        }
    }
}
