//! What a hold cannot say, and who is told.

use std::fmt;

use http::{HeaderName, HeaderValue, header};

use super::json_form::INSTRUCT;
use super::{Hold, Instruction, header_form};
use crate::grip::{BYTE_ORDER_MARK, InvalidChannel, Mode, Subscription, as_text};

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
    /// Whether it is in what was made at run time, of a path or a query: then the client is told, and nobody else.
    pub(crate) fn is_the_clients(&self) -> bool {
        matches!(self, Self::Channel(_) | Self::ByteOrderMark(_) | Self::NextAsJson { is_constant: false })
    }
}

/// Channels, ids and meta come from the client, unless it is a constant that does not fit the header.
pub(super) fn next_as_json(instruction: &Instruction) -> Problem {
    let mut channels = instruction.subscriptions.iter().map(Subscription::channel);
    Problem::NextAsJson {
        is_constant: channels.any(|channel| channel.is_constant() && !channel.fits_header()),
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

/// Checks a hold as it was made. The client's response may still get more headers, which [`write`](super::write) checks.
pub(crate) fn check(hold: &Hold) -> Result<(), Problem> {
    let instruction = &hold.instruction;
    for subscription in &instruction.subscriptions {
        subscription.channel().check().map_err(Problem::Channel)?;
    }
    // The proxy would drop it, and take the value for another: that of another user.
    let marked = |text: &str| text.starts_with(BYTE_ORDER_MARK);
    if instruction.meta.iter().any(|(name, value)| marked(name) || marked(value)) {
        return Err(Problem::ByteOrderMark("meta"));
    }
    if instruction.subscriptions.iter().filter_map(Subscription::last_seen).any(marked) {
        return Err(Problem::ByteOrderMark("an id"));
    }
    for subscription in &instruction.subscriptions {
        let name = || subscription.channel().to_string();
        if instruction.mode == Mode::Stream
            && instruction.next.is_none()
            && subscription.last_seen().is_some()
        {
            return Err(Problem::PrevIdWithoutNext(name()));
        }
        if subscription.filters().len() > Subscription::MAX_FILTERS {
            return Err(Problem::TooManyFilters(name()));
        }
    }
    check_headers(&hold.headers)?;
    check_content_type(&hold.content_type)?;
    if header_form::lists(instruction).is_some() {
        return Ok(());
    }
    if instruction.next.is_some() {
        return Err(next_as_json(instruction));
    }
    let content_type = (&header::CONTENT_TYPE, &hold.content_type);
    let exposed =
        hold.headers.iter().map(|(name, value)| (name, value)).filter(|(name, _)| instruction.exposes(name));
    match exposed.chain([content_type]).find(|(_, value)| as_text(value.as_bytes()).is_none()) {
        Some((name, _)) => Err(Problem::NotUtf8(name.clone())),
        None => Ok(()),
    }
}

/// Checks that a response has no instruction of its own among its headers.
pub(crate) fn check_headers(headers: &[(HeaderName, HeaderValue)]) -> Result<(), Problem> {
    for (name, value) in headers {
        if name.as_str().starts_with("grip-") {
            return Err(Problem::GripHeader(name.clone()));
        }
        if name == header::CONTENT_TYPE {
            check_content_type(value)?;
        }
    }
    Ok(())
}

fn check_content_type(value: &HeaderValue) -> Result<(), Problem> {
    let media_type = value.as_bytes().split(|byte| matches!(byte, b';' | b',')).next().unwrap_or_default();
    if media_type.trim_ascii().eq_ignore_ascii_case(INSTRUCT.as_bytes()) {
        return Err(Problem::Instructions);
    }
    Ok(())
}
