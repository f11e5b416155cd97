mod keep_alive;
mod link;
pub(crate) mod wire;

use http::{HeaderName, HeaderValue, StatusCode, header};

use super::seconds::MAX_SECONDS;
use super::{IntoBytes, IntoSubscription, IntoText, Subscription};

pub use keep_alive::{InvalidKeepAlive, KeepAlive};
pub use link::{InvalidLink, Link};

/// The mode of a hold: the value of `Grip-Hold`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// A long poll: the hold ends at the first item or at the timeout.
    Response,
    /// A stream: the hold ends when the client leaves. The proxy appends every item to the body.
    Stream,
}

impl Mode {
    /// Returns the mode's name in the protocol.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Stream => "stream",
        }
    }
}

/// The instruction to hold a connection and to subscribe it to channels, with the client's response.
///
/// `into` makes an [`Answer`](crate::Answer) of it. The response has `Cache-Control: no-store`, unless
/// [`header`](Self::header) sets another one.
///
/// ```
/// use fanout::grip::Hold;
/// use fanout::Channel;
///
/// let hold = Hold::long_poll(Channel::from_static("news")).timeout(30).body("nothing yet\n");
/// let response = fanout::http::Response::from(fanout::Answer::from(hold));
/// assert_eq!(response.headers()["grip-hold"], "response");
/// assert_eq!(response.headers()["grip-channel"], "news");
/// assert_eq!(response.headers()["grip-timeout"], "30");
/// ```
///
/// A mistake of the app becomes a 500 and a line in the log with the reason: a `prev-id` on a stream without
/// [`next`](Self::next), more than [`Subscription::MAX_FILTERS`] filters, a header or content type that is reserved for
/// the proxy, or a response header that is not UTF-8 beside channels or meta that do not fit into headers. A mistake that may come from the
/// client becomes a 400 with the reason: an invalid channel name, an id or meta that begins with a byte order mark (U+FEFF), which the
/// proxy would drop, a `prev-id` with a control character, or text that does not fit beside [`next`](Self::next).
///
/// The body of a long poll, and the JSON of a hold that does not fit into headers, have a limit:
/// [`MAX_INSTRUCTION`](Self::MAX_INSTRUCTION).
///
/// By default, Pushpin subscribes a connection to the first 20 channels and silently ignores the rest.
#[derive(Clone, Debug)]
#[must_use = "a hold does nothing until it is answered with"]
pub struct Hold {
    pub(crate) instruction: Instruction,
    pub(crate) status: StatusCode,
    pub(crate) content_type: HeaderValue,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// `None` stands for the default start of this kind of hold.
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) first: &'static [u8],
}

/// The part of a hold that the proxy reads. The rest is the client's response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Instruction {
    pub(crate) mode: Mode,
    pub(crate) subscriptions: Vec<Subscription>,
    pub(crate) timeout: Option<u32>,
    pub(crate) keep_alive: Option<KeepAlive>,
    pub(crate) next: Option<(Link, Option<u32>)>,
    pub(crate) gone: Option<Link>,
    pub(crate) meta: Vec<(String, String)>,
    pub(crate) reason: Option<HeaderValue>,
    pub(crate) expose: Vec<HeaderName>,
    /// The subscriptions that a channel function returned, which the recovery link carries.
    pub(crate) found: Option<Vec<Subscription>>,
    /// The id of the subscription that proves the recovery link.
    pub(crate) proof: Option<String>,
}

impl Instruction {
    /// Returns `true` if the client gets a header of this name.
    pub(crate) fn exposes(&self, name: &HeaderName) -> bool {
        self.expose.is_empty() || self.expose.contains(name)
    }
}

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

impl Hold {
    /// The shortest [`timeout`](Self::timeout), in seconds. The proxy silently replaces anything less by 5.
    pub const MIN_TIMEOUT: u32 = 5;

    /// The longest time that the proxy takes, in seconds: about 24 days. It counts milliseconds in 31 bits.
    pub const MAX_SECONDS: u32 = MAX_SECONDS;

    /// The limit, in bytes, of a body that the proxy reads as part of an instruction: the body of a long poll, and the JSON of a
    /// hold whose channels or meta do not fit into headers. A stream in headers has no limit, unless a subscription has
    /// [`Filter::BuildId`](super::Filter::BuildId).
    ///
    /// The proxy answers 502 to a longer one. So the app answers 500 instead, and a line in the log says both numbers. In JSON,
    /// a character may take 6 bytes, and a byte of a body that is not UTF-8 takes 4/3.
    ///
    /// Pushpin has it as `MAX_ACCEPT_RESPONSE_BODY` in `src/proxy/proxysession.cpp`, and no setting changes it. Tried with 1.36
    /// and 1.41.
    pub const MAX_INSTRUCTION: usize = 100_000;

    /// The limit, in bytes, of the body of a request that is answered with a hold. A client with a larger `Content-Length` gets
    /// a 413 before the handoff. Without a `Content-Length`, the proxy answers 400 in place of the hold.
    ///
    /// Pushpin has it as `MAX_ACCEPT_REQUEST_BODY` in `src/proxy/proxysession.cpp`, and no setting changes it. Tried with 1.36
    /// and 1.41.
    pub const MAX_REQUEST_BODY: usize = 100_000;

    fn new(mode: Mode, content_type: HeaderValue, subscription: Subscription) -> Self {
        let instruction = Instruction {
            mode,
            subscriptions: vec![subscription],
            timeout: None,
            keep_alive: None,
            next: None,
            gone: None,
            meta: Vec::new(),
            reason: None,
            expose: Vec::new(),
            found: None,
            proof: None,
        };
        Self {
            instruction,
            status: StatusCode::OK,
            content_type,
            headers: Vec::new(),
            body: None,
            first: b"",
        }
    }

    /// Holds a stream of server-sent events: `text/event-stream`. Its body is the first events.
    ///
    /// [`KeepAlive::comment`] keeps it alive. Without a body it begins with the same comment, which clients ignore, since some
    /// intermediaries hold a response's headers back until its first byte. `.body("")` makes an empty start.
    pub fn sse(channel: impl IntoSubscription) -> Self {
        let hold = Self::new(Mode::Stream, HeaderValue::from_static("text/event-stream"), channel.into());
        Self { first: b":\n\n", ..hold }.keep_alive(KeepAlive::comment())
    }

    /// Holds a stream of text: `text/plain` in UTF-8. Its body is the first bytes.
    ///
    /// Clients see every byte of a text, so the start is empty and there is no keep-alive, unless you set them. Set a body if an
    /// intermediary could hold the response's headers back until its first byte.
    pub fn stream(channel: impl IntoSubscription) -> Self {
        Self::new(Mode::Stream, TEXT, channel.into())
    }

    /// Holds one response until the next item. The client gets the body, `text/plain` in UTF-8, at the timeout. The limit of the
    /// body is [`MAX_INSTRUCTION`](Self::MAX_INSTRUCTION) = 100,000 bytes.
    ///
    /// Pushpin sends the same request to the app again about a second after the first subscription to a channel, and the poll
    /// starts anew. If each request names a new channel, such as a random one, the proxy sends the request every second and the
    /// client never gets an answer. Make the name from the request.
    ///
    /// An item inherits the headers of the hold that it does not have itself.
    pub fn long_poll(channel: impl IntoSubscription) -> Self {
        Self::new(Mode::Response, TEXT, channel.into())
    }

    /// Subscribes the connection to one more channel. Replaces the subscription to the same channel, if there is one.
    pub fn channel(mut self, channel: impl IntoSubscription) -> Self {
        let subscription = channel.into();
        match self.instruction.subscriptions.iter_mut().find(|this| this.channel() == subscription.channel())
        {
            Some(this) => *this = subscription,
            None => self.instruction.subscriptions.push(subscription),
        }
        self
    }

    /// Subscribes the connection to more channels, each as [`channel`](Self::channel) does.
    pub fn channels(self, channels: impl IntoIterator<Item = impl IntoSubscription>) -> Self {
        channels.into_iter().fold(self, Self::channel)
    }

    /// Sets the timeout of a long poll, in seconds. The proxy's default is 55. Streams have no timeout.
    ///
    /// # Panics
    ///
    /// If the seconds are not from [`MIN_TIMEOUT`](Self::MIN_TIMEOUT) to [`MAX_SECONDS`](Self::MAX_SECONDS), since the proxy
    /// would replace them.
    #[track_caller]
    pub fn timeout(mut self, seconds: u32) -> Self {
        assert!(seconds >= Self::MIN_TIMEOUT, "a hold waits 5 seconds or more");
        assert!(seconds <= Self::MAX_SECONDS, "a hold waits 2,147,483 seconds or fewer");
        self.instruction.timeout = Some(seconds);
        self
    }

    /// Keeps a stream alive. It does nothing for a long poll.
    pub fn keep_alive(mut self, keep_alive: KeepAlive) -> Self {
        self.instruction.keep_alive = Some(keep_alive);
        self
    }

    /// Removes the keep-alive.
    pub fn without_keep_alive(mut self) -> Self {
        self.instruction.keep_alive = None;
        self
    }

    /// Sets the link for the recovery requests of a stream.
    ///
    /// The proxy makes a recovery request when an item does not follow the [`prev_id`](Subscription::prev_id) of its channel,
    /// when the stream was quiet for 120 seconds, and about a second after the first subscription to a channel. The request has
    /// a `Grip-Last` header for each channel with a `prev-id`, which [`LastIds`](crate::LastIds) reads. It has no cookies and no
    /// other header of the client. The proxy appends the body of the answer to the stream, and replaces this hold and its link
    /// by those of the answer. An answer without a hold ends the stream, unless it has a link.
    ///
    /// The proxy reads only the headers of that answer. So a stream with this link must fit into headers: channels, ids and
    /// meta are printable ASCII, channels have no `,`, `;` or `"` and no space at an end, the names of meta have only letters, digits, `-`, `_`
    /// and `.`, and the limit is 2,048 bytes for all. Anything else becomes a 400 with the reason or, if a constant channel does not fit, a 500.
    /// The log has a line in both cases. `Grip-Last` does not quote channels
    /// and ids, so neither should contain `,` or `;`.
    ///
    /// If each answer names a new channel, such as a random one, the proxy makes a recovery request every second.
    ///
    /// In an answer of an endpoint, a link that is a path of this service [also gets](crate::guide::recovery#what-a-link-carries) the
    /// query of the request and the guard value.
    ///
    /// Long polls have no next link, since they end.
    pub fn next(mut self, link: Link) -> Self {
        self.instruction.next = Some((link, None));
        self
    }

    /// Sets the link as [`next`](Self::next) does, and the time after which a quiet stream makes a recovery request, in seconds.
    ///
    /// # Panics
    ///
    /// If the seconds are not from 1 to [`MAX_SECONDS`](Self::MAX_SECONDS).
    #[track_caller]
    pub fn next_after(mut self, link: Link, seconds: u32) -> Self {
        assert!((1..=Self::MAX_SECONDS).contains(&seconds), "a link is asked after 1 to 2,147,483 seconds");
        self.instruction.next = Some((link, Some(seconds)));
        self
    }

    /// Sets the link to which the proxy posts an empty request after the end of the connection. The app should answer it with
    /// an empty response.
    ///
    /// The link counts in the first hold of a stream only, not in the answer to a recovery request. It needs [a current
    /// proxy](crate::guide::limits#pushpin).
    pub fn gone(mut self, link: Link) -> Self {
        self.instruction.gone = Some(link);
        self
    }

    /// Sets a value of the subscription's meta, which [filters](super::Filter) read: `user` for `SkipSelf`, and any name for
    /// `VarSubst`.
    pub fn meta(mut self, name: impl IntoText, value: impl IntoText) -> Self {
        let (name, value) = (name.into(), value.into());
        match self.instruction.meta.iter_mut().find(|(this, _)| *this == name) {
            Some((_, this)) => *this = value,
            None => self.instruction.meta.push((name, value)),
        }
        self
    }

    /// Sets the status of the client's response: of a stream at once, of a long poll at the timeout.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Sets the reason phrase of the status. The default is the usual one. HTTP/2 and later have no reason phrase.
    pub fn reason(mut self, reason: HeaderValue) -> Self {
        self.instruction.reason = Some(reason);
        self
    }

    /// Lets only these headers, `Content-Type` and `Cache-Control` through to the client, in a hold and in a response [at
    /// once](Self::now). By default, all headers except the proxy's instructions go through, also those that Compute adds.
    pub fn expose_headers(mut self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        self.instruction.expose.extend(names);
        if self.instruction.expose.is_empty() {
            // An empty list is that of a hold without this call.
            self.instruction.expose.push(header::CONTENT_TYPE);
        }
        self
    }

    /// Adds a header to the response. `Content-Type` and `Cache-Control` replace those of the hold.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if name == header::CONTENT_TYPE {
            return self.content_type(value);
        }
        self.headers.push((name, value));
        self
    }

    /// Sets headers that the client gets even if only some are exposed. They replace those of the same names, except the list
    /// of the headers that a page may read.
    pub(crate) fn with_client_headers(mut self, headers: Vec<(HeaderName, HeaderValue)>) -> Self {
        let is_list = |name: &HeaderName| *name == header::ACCESS_CONTROL_EXPOSE_HEADERS;
        self.headers.retain(|(name, _)| is_list(name) || headers.iter().all(|(own, _)| own != name));
        for (name, value) in headers {
            if !self.instruction.exposes(&name) {
                self.instruction.expose.push(name.clone());
            }
            self = self.header(name, value);
        }
        self
    }

    /// Appends to the body.
    pub(crate) fn append(mut self, bytes: Vec<u8>) -> Self {
        if !bytes.is_empty() {
            self.body.get_or_insert_default().extend(bytes);
        }
        self
    }

    /// Sets the content type.
    pub fn content_type(mut self, content_type: HeaderValue) -> Self {
        self.content_type = content_type;
        self
    }

    /// Sets the body. The limit is [`MAX_INSTRUCTION`](Self::MAX_INSTRUCTION) = 100,000 bytes for the body of a long poll, and
    /// for the whole of a hold that travels as JSON. A larger one becomes a 500 and a line in the log.
    pub fn body(mut self, body: impl IntoBytes) -> Self {
        self.body = Some(body.into());
        self
    }
}
