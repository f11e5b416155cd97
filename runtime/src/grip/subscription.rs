use super::{Channel, Filter};

/// A channel that a connection is subscribed to, with what the proxy does to its messages.
///
/// A [`Channel`] is one as it is; so is everything that says `impl Into<Subscription>`.
///
/// ```
/// use fanout::Channel;
/// use fanout::grip::{Filter, Subscription};
///
/// let chat = Subscription::new(Channel::from_static("chat")).filter(Filter::SkipSelf);
/// # assert_eq!(chat.filters(), [Filter::SkipSelf]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a subscription does nothing until a hold or a reply has it"]
pub struct Subscription {
    channel: Channel,
    filters: Vec<Filter>,
    prev_id: Option<String>,
    /// Its channel function returned another channel when it was called again for the same request.
    pub(crate) changes: bool,
}

impl Subscription {
    /// How many filters a subscription can have; the proxy refuses more.
    pub const MAX_FILTERS: usize = 5;

    /// A subscription without filters.
    pub fn new(channel: Channel) -> Self {
        Self { channel, filters: Vec::new(), prev_id: None, changes: false }
    }

    /// Adds a filter. They are applied in this order, and [at most 5](Self::MAX_FILTERS) fit a subscription: a hold with
    /// more is answered as a 500.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Says which message of the channel the client has seen last: the id it was published with.
    ///
    /// The proxy compares it with the `prev-id` of what is published, and where they differ it asks
    /// [`Hold::next`](super::Hold::next) for what was missed; a stream needs that link too.
    pub fn prev_id(mut self, id: impl Into<String>) -> Self {
        self.prev_id = Some(id.into());
        self
    }

    /// The channel.
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// The filters, in order.
    pub fn filters(&self) -> &[Filter] {
        &self.filters
    }

    /// The id of the last message that the client has seen.
    pub fn last_seen(&self) -> Option<&str> {
        self.prev_id.as_deref()
    }
}

impl From<Channel> for Subscription {
    fn from(channel: Channel) -> Self {
        Self::new(channel)
    }
}
