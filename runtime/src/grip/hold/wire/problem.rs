//! What a hold cannot say, and who is told.

use std::fmt;

use http::HeaderName;

use crate::grip::hold::Instruction;
use crate::grip::{InvalidChannel, Subscription};

/// What the proxy would refuse, or would take for something else.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    Channel(InvalidChannel),
    ByteOrderMark(&'static str),
    PrevIdWithoutNext(String),
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

    /// Whether it is in what was made at run time, of a path or a query: then the client is told, and nobody else.
    pub(crate) fn is_the_clients(&self) -> bool {
        matches!(self, Self::Channel(_) | Self::ByteOrderMark(_) | Self::NextAsJson { is_constant: false })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Channel(error) => error.fmt(f),
            Self::ByteOrderMark(what) => write!(f, "{what} cannot begin with a byte order mark (U+FEFF)"),
            Self::PrevIdWithoutNext(channel) => write!(
                f,
                "the subscription to {channel:?} has a prev-id, and the stream no next link where what was missed is asked for"
            ),
            Self::TooManyFilters(channel) => write!(
                f,
                "the subscription to {channel:?} has more than {} filters",
                Subscription::MAX_FILTERS
            ),
            Self::NextAsJson { .. } => f.write_str(
                "a stream with a next link can only have channels, ids and meta that fit into headers, \
                 which are printable ASCII, the channels without `,`, `;` or `\"`, and all together 2,048 bytes",
            ),
            Self::GripHeader(name) => {
                write!(f, "the header `{name}` is an instruction, for which the hold has methods")
            }
            Self::Instructions => f.write_str(
                "the content type `application/grip-instruct` is the proxy's, which would take the body for instructions",
            ),
            Self::NotUtf8(name) => write!(
                f,
                "the header `{name}` is not UTF-8, or begins with a byte order mark, and the hold is one that is sent as JSON, for its channels or its meta"
            ),
        }
    }
}
