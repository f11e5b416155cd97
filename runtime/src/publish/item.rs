use std::collections::BTreeMap;

use super::{InvalidItem, Message};
use crate::grip::{BYTE_ORDER_MARK, Channel};

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
        self.channel.check().map_err(InvalidItem::Channel)?;
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
