//! What a hold cannot say, and who is told.

use std::fmt;

use http::HeaderName;

use super::json_form::INSTRUCT;
use crate::Answer;
use crate::grip::{BYTE_ORDER_MARK, Hold, InvalidChannel, Mode, Subscription};

/// What the proxy would refuse, or would take for something else.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Problem {
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
    fn is_the_clients(&self) -> bool {
        matches!(self, Self::Channel(_) | Self::ByteOrderMark(_) | Self::NextAsJson { is_constant: false })
    }
}

/// Channels, ids and meta come from the client, unless it is a constant that does not fit the header.
pub(super) fn next_as_json(hold: &Hold) -> Problem {
    let mut channels = hold.subscriptions.iter().map(Subscription::channel);
    Problem::NextAsJson {
        is_constant: channels.any(|channel| channel.is_constant() && !channel.fits_header()),
    }
}

pub(super) fn refuse(problem: Problem) -> Answer {
    if problem.is_the_clients() {
        return Answer::text(400, format!("{problem}\n"));
    }
    crate::log::line(format_args!("a hold was not answered with: {problem}"));
    Answer::text(500, "the connection could not be held\n")
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

pub(super) fn check(hold: &Hold) -> Result<(), Problem> {
    for subscription in &hold.subscriptions {
        subscription.channel().check().map_err(Problem::Channel)?;
    }
    // The proxy would drop it, and take the value for another: that of another user.
    let marked = |text: &str| text.starts_with(BYTE_ORDER_MARK);
    if hold.meta.iter().any(|(name, value)| marked(name) || marked(value)) {
        return Err(Problem::ByteOrderMark("meta"));
    }
    if hold.subscriptions.iter().filter_map(Subscription::last_seen).any(marked) {
        return Err(Problem::ByteOrderMark("an id"));
    }
    for subscription in &hold.subscriptions {
        let name = || subscription.channel().to_string();
        if hold.mode == Mode::Stream && hold.next.is_none() && subscription.last_seen().is_some() {
            return Err(Problem::PrevIdWithoutNext(name()));
        }
        if subscription.filters().len() > Subscription::MAX_FILTERS {
            return Err(Problem::TooManyFilters(name()));
        }
    }
    check_headers(hold)
}

pub(super) fn check_headers(hold: &Hold) -> Result<(), Problem> {
    let media_type = hold.content_type.as_bytes().split(|byte| matches!(byte, b';' | b',')).next();
    if media_type.is_some_and(|this| this.trim_ascii().eq_ignore_ascii_case(INSTRUCT.as_bytes())) {
        return Err(Problem::Instructions);
    }
    match hold.headers.iter().find(|(name, _)| name.as_str().starts_with("grip-")) {
        Some((name, _)) => Err(Problem::GripHeader(name.clone())),
        None => Ok(()),
    }
}
