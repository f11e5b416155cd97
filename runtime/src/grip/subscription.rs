use super::{Channel, Filter, IntoText};

/// A subscription of a connection: a channel, and the filters for its items.
///
/// Every function that takes a subscription ([`IntoSubscription`]) also takes a [`Channel`], and every type that is `Into<Channel>`.
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
    /// The channel function returned another channel when it was called again for the same request.
    pub(crate) changes: bool,
    /// A channel function returned it.
    pub(crate) is_found: bool,
    /// The channel function returned it with an id.
    pub(crate) is_numbered: bool,
}

impl Subscription {
    /// The limit of filters for one subscription. The proxy refuses more.
    pub const MAX_FILTERS: usize = 5;

    /// Makes a subscription without filters.
    pub fn new(channel: Channel) -> Self {
        Self {
            channel,
            filters: Vec::new(),
            prev_id: None,
            changes: false,
            is_found: false,
            is_numbered: false,
        }
    }

    /// Adds a filter. The proxy applies filters in this order. The limit is [5](Self::MAX_FILTERS): a hold with more becomes a
    /// 500.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Sets the id of the last item that the client has seen on the channel.
    ///
    /// The proxy compares it with the `prev-id` of the next item. If they differ, it makes a recovery request to
    /// [`Hold::next`](super::Hold::next), so a stream needs that link too.
    pub fn prev_id(mut self, id: impl IntoText) -> Self {
        self.prev_id = Some(id.into());
        self
    }

    /// Returns the channel.
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// Returns the filters, in order.
    pub fn filters(&self) -> &[Filter] {
        &self.filters
    }

    /// Returns the id of the last item that the client has seen.
    pub fn last_seen(&self) -> Option<&str> {
        self.prev_id.as_deref()
    }
}

/// Makes a subscription of a [`Channel`], or of a type of the app that names one.
#[diagnostic::do_not_recommend]
impl<T: Into<Channel>> From<T> for Subscription {
    fn from(channel: T) -> Self {
        Self::new(channel.into())
    }
}

/// A channel or a [`Subscription`]: every type that is `Into<Subscription>`, so also a type with `impl From<MyType> for Channel`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a channel nor a subscription",
    label = "neither a `Channel` nor a `Subscription`",
    note = "make a channel from a text with `Channel::new(text)?`, which checks the name, or from a constant with `Channel::from_static(\"…\")`",
    note = "the channel of an endpoint is `news::channel()`, with the path parameters of its template as arguments"
)]
pub trait IntoSubscription: Into<Subscription> {}

#[diagnostic::do_not_recommend]
impl<T: Into<Subscription>> IntoSubscription for T {}
