use std::collections::BTreeMap;

use super::{IntoChannel, IntoMessage, InvalidItem, Message};
use crate::grip::{BYTE_ORDER_MARK, Channel, IntoText};

/// A message for one channel, with its ids and its meta.
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
    /// Makes an item of a message for a channel.
    pub fn new(channel: impl IntoChannel, message: impl IntoMessage) -> Self {
        Self {
            channel: channel.into_channel(),
            message: message.into_message(),
            id: None,
            prev_id: None,
            meta: BTreeMap::new(),
            no_seq: false,
        }
    }

    /// Sets the id of the item on this channel. The proxy drops an item with an id that it has seen in the last minute, so no
    /// client gets an item twice if you publish it again after an error.
    pub fn id(mut self, id: impl IntoText) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets the id of the item before this one. If the proxy has not seen that one yet, it holds this one back, for up to 5
    /// seconds. If a client has missed it, the proxy makes a recovery request.
    pub fn prev_id(mut self, id: impl IntoText) -> Self {
        self.prev_id = Some(id.into());
        self
    }

    /// Sets a value of the item's meta, which [filters](crate::grip::Filter) compare: `sender`, `skip_users`, `require_sub`.
    pub fn meta(mut self, name: impl IntoText, value: impl IntoText) -> Self {
        self.meta.insert(name.into(), value.into());
        self
    }

    /// Delivers the item at once, even if the proxy has not seen the item of `prev_id` yet.
    pub fn no_seq(mut self) -> Self {
        self.no_seq = true;
        self
    }

    /// Returns the channel.
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// Checks everything except the limits of the proxy.
    pub(super) fn check(&self) -> Result<(), InvalidItem> {
        self.channel.check().map_err(InvalidItem::ChannelName)?;
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
