use std::collections::BTreeMap;
use std::fmt;

use http::{HeaderName, StatusCode};

use super::{Message, WsMessage};
use crate::grip::websocket::MAX_REASON;
use crate::grip::{BYTE_ORDER_MARK, Channel, InvalidChannel};

/// A message to one channel, with what the proxy is told about it.
///
/// ```
/// use fanout::Channel;
/// use fanout::publish::Item;
///
/// let channel = Channel::from_static("news");
/// let items = [
///     Item::new(&channel, "the first").id("1"),
///     Item::new(&channel, "the second").id("2").prev_id("1"),
///     Item::new(&channel, "not for Ann").meta("sender", "ann"),
/// ];
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an item does nothing until it is published"]
pub struct Item {
    pub(super) channel: Channel,
    pub(super) message: Message,
    pub(super) id: Option<String>,
    pub(super) prev_id: Option<String>,
    pub(super) meta: BTreeMap<String, String>,
    pub(super) no_seq: bool,
}

impl Item {
    /// A message to a channel.
    pub fn new(channel: impl Into<Channel>, message: impl Into<Message>) -> Self {
        Self {
            channel: channel.into(),
            message: message.into(),
            id: None,
            prev_id: None,
            meta: BTreeMap::new(),
            no_seq: false,
        }
    }

    /// The message's own id on this channel. What comes with an id that a Pushpin has seen in the last minute is dropped,
    /// so that publishing again after an error tells nobody twice.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The id of the message before this one. Where the proxy has not seen that yet, it holds this one back for it,
    /// up to 5 seconds; where a client has missed it, the proxy asks the app for what came between.
    pub fn prev_id(mut self, id: impl Into<String>) -> Self {
        self.prev_id = Some(id.into());
        self
    }

    /// Sets a value that the [filters](crate::grip::Filter) of subscriptions compare: `sender`, `skip_users`,
    /// `require_sub`.
    pub fn meta(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.meta.insert(name.into(), value.into());
        self
    }

    /// Delivers at once, whatever `prev_id` says has not come yet.
    pub fn no_seq(mut self) -> Self {
        self.no_seq = true;
        self
    }

    /// The channel.
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// Checks everything but what the proxy's limits are.
    pub(super) fn check(&self) -> Result<(), InvalidItem> {
        self.channel.check().map_err(InvalidItem::Unheard)?;
        let Message { http_stream, http_response, ws_message, .. } = &self.message;
        if http_stream.is_none() && http_response.is_none() && ws_message.is_none() {
            return Err(InvalidItem::NoFormat);
        }
        if [&self.id, &self.prev_id].into_iter().flatten().any(String::is_empty) {
            return Err(InvalidItem::EmptyId);
        }
        let meta = self.meta.iter().flat_map(|(name, value)| [name, value]);
        let texts = [&self.id, &self.prev_id].into_iter().flatten().chain(meta);
        if texts.into_iter().any(|text| text.starts_with(BYTE_ORDER_MARK)) {
            return Err(InvalidItem::ByteOrderMark);
        }
        http_response.as_ref().map_or(Ok(()), |format| format.check())?;
        ws_message.as_ref().map_or(Ok(()), |format| format.check())
    }
}

/// Why an [`Item`] cannot be published. Nothing has been sent then.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidItem {
    /// The channel, which an endpoint's path made, is none that anybody can be subscribed to.
    Unheard(InvalidChannel),
    /// The message has no format, so it is for nobody.
    NoFormat,
    /// The `id` or the `prev_id` is empty.
    EmptyId,
    /// An id or meta begins with a byte order mark (U+FEFF), which the proxy would drop.
    ByteOrderMark,
    /// The content of a format has too many bytes for this proxy, which would drop it without a word.
    ContentTooLarge {
        /// The name of the format in the protocol.
        format: &'static str,
        /// How many bytes it has.
        len: usize,
        /// How many it may have.
        limit: usize,
    },
    /// The item as JSON, with all its formats, has too many bytes for one request to this proxy.
    ItemTooLarge {
        /// How many bytes it has.
        len: usize,
        /// How many it may have.
        limit: usize,
    },
    /// A ping or a pong has this many bytes, more than [`WsMessage::MAX_PING`].
    Control {
        /// `ping` or `pong`.
        kind: &'static str,
        /// How many bytes it has.
        len: usize,
    },
    /// The reason of a closing has this many bytes, more than 123.
    CloseReason(usize),
    /// A response has a status below 200, which is none that a client takes for an answer.
    Status(StatusCode),
    /// The reason phrase of a response has a control character.
    Reason,
    /// The value of a response's header is not UTF-8.
    Header(HeaderName),
}

impl fmt::Display for InvalidItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unheard(reason) => reason.fmt(f),
            Self::NoFormat => {
                f.write_str("the message has no format: make it with `Message::text` or give one")
            }
            Self::EmptyId => f.write_str("an id cannot be empty: leave it out"),
            Self::ByteOrderMark => f.write_str(
                "ids and meta cannot begin with a byte order mark (U+FEFF): the proxy would drop it",
            ),
            Self::ContentTooLarge { format, len, limit } => write!(
                f,
                "its {format} has {len} bytes, and the proxy drops what has more than {limit}: publish less, or a \
                 link to it"
            ),
            Self::ItemTooLarge { len, limit } => write!(
                f,
                "it has {len} bytes as JSON with all its formats, and a request may have {limit}: publish less, \
                 leave formats out, or raise the limit here and in the proxy"
            ),
            Self::Control { kind, len } => {
                write!(f, "a {kind} has at most {} bytes, this one has {len}", WsMessage::MAX_PING)
            }
            Self::CloseReason(len) => {
                write!(f, "the reason of a closing has at most {MAX_REASON} bytes, this one has {len}")
            }
            Self::Status(status) => {
                write!(f, "a status of {} is no answer, and the client would go on waiting", status.as_u16())
            }
            Self::Reason => f.write_str("a reason phrase cannot contain control characters"),
            Self::Header(name) => write!(f, "the value of the header `{name}` is not UTF-8"),
        }
    }
}

impl std::error::Error for InvalidItem {}
