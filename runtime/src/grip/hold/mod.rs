mod keep_alive;
mod link;
pub(crate) mod wire;

use http::{HeaderName, HeaderValue, StatusCode, header};

use super::Subscription;

pub use keep_alive::{InvalidKeepAlive, KeepAlive};
pub use link::{InvalidLink, Link};

/// How the proxy holds a connection: the value of `Grip-Hold`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// Until the first publish or the timeout, whichever comes first: a long poll.
    Response,
    /// Until the client goes; every publish is appended to the body.
    Stream,
}

impl Mode {
    /// The mode's name in the protocol.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Stream => "stream",
        }
    }
}

/// The instruction to hold a connection and subscribe it to channels, with the response that goes with it.
///
/// It becomes an [`Answer`](crate::Answer) with `into`. Its response has `Cache-Control: no-store` unless
/// [`header`](Self::header) says otherwise.
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
/// What the proxy would refuse, or take for something else, becomes a 500 and a line in the log that says why: a
/// `prev-id` on a stream without [`next`](Self::next), more than [`Subscription::MAX_FILTERS`] filters, a header or the
/// content type of the proxy's own among the response's. What may come from a client becomes a 400 whose text says why: a channel whose name
/// is none, an id or meta that begins with a byte order mark (U+FEFF), which the proxy would drop.
///
/// The body of a long poll, and the JSON of a hold that does not fit into headers, have a limit:
/// [`MAX_INSTRUCTION`](Self::MAX_INSTRUCTION).
///
/// Pushpin subscribes a connection to 20 channels unless it is configured otherwise, and leaves out the rest without
/// a word.
#[derive(Clone, Debug)]
#[must_use = "a hold does nothing until it is answered with"]
pub struct Hold {
    pub(crate) instruction: Instruction,
    pub(crate) status: StatusCode,
    pub(crate) content_type: HeaderValue,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// `None` is the start that the kind of hold has by itself.
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) first: &'static [u8],
}

/// The part of a hold that is for the proxy. The rest is the client's response.
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
}

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

impl Hold {
    /// The shortest [`timeout`](Self::timeout), in seconds: the proxy makes 5 of anything less, without a word.
    pub const MIN_TIMEOUT: u32 = 5;

    /// The longest of all times that the proxy is given, in seconds: about 24 days. It counts milliseconds, and not
    /// beyond that.
    pub const MAX_SECONDS: u32 = 2_147_483;

    /// The limit, in bytes, of a body that the proxy reads as a part of an instruction: the body of a long poll, and the JSON
    /// of a hold whose channels or meta do not fit into headers. A stream in headers has no limit, unless a subscription has
    /// [`Filter::BuildId`](super::Filter::BuildId).
    ///
    /// Beyond it the proxy answers 502, so the app answers 500, and a line in the log says both numbers. In JSON a character
    /// may count 6 bytes, and a byte of a body that is not UTF-8 counts 4/3.
    ///
    /// Pushpin has it as `MAX_ACCEPT_RESPONSE_BODY` in `src/proxy/proxysession.cpp`, and no setting changes it. Tried with 1.36
    /// and 1.41.
    pub const MAX_INSTRUCTION: usize = 100_000;

    /// The limit, in bytes, of the body of a request that is answered with a hold. A client whose `Content-Length` says more
    /// gets a 413 before the handoff. Where the length is not said, the proxy answers 400 in place of the hold.
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
    /// It is kept awake by [`KeepAlive::comment`]. Without a body it begins with the same comment, which clients ignore:
    /// some proxies on the way hold a response's headers back until its first byte comes. `.body("")` begins with
    /// nothing.
    pub fn sse(channel: impl Into<Subscription>) -> Self {
        let hold = Self::new(Mode::Stream, HeaderValue::from_static("text/event-stream"), channel.into());
        Self { first: b":\n\n", ..hold }.keep_alive(KeepAlive::comment())
    }

    /// Holds a stream of text: `text/plain` in UTF-8. Its body is the first bytes.
    ///
    /// No byte of a text can be ignored, so it begins with nothing and is not kept awake unless you say with what. Begin
    /// it with something where a proxy on the way could hold the response's headers back until its first byte comes.
    pub fn stream(channel: impl Into<Subscription>) -> Self {
        Self::new(Mode::Stream, TEXT, channel.into())
    }

    /// Holds one response until the next publish. Its body, `text/plain` in UTF-8, is what the client gets at
    /// the timeout. It has at most [`MAX_INSTRUCTION`](Self::MAX_INSTRUCTION) = 100,000 bytes.
    ///
    /// Pushpin asks the app again about a second after the first subscription to a channel, with the same request, and the
    /// poll starts anew. A channel that is another one for each request, such as a random name, is always new: the proxy asks
    /// every second, and the client never gets an answer. Make the name from the request.
    ///
    /// The headers count for both: a publish inherits those that it does not have.
    pub fn long_poll(channel: impl Into<Subscription>) -> Self {
        Self::new(Mode::Response, TEXT, channel.into())
    }

    /// Subscribes the connection to one more channel. To one that it has, this is its subscription from now on.
    pub fn channel(mut self, channel: impl Into<Subscription>) -> Self {
        let subscription = channel.into();
        match self.instruction.subscriptions.iter_mut().find(|this| this.channel() == subscription.channel())
        {
            Some(this) => *this = subscription,
            None => self.instruction.subscriptions.push(subscription),
        }
        self
    }

    /// Subscribes the connection to more channels, each as [`channel`](Self::channel) does.
    pub fn channels(self, channels: impl IntoIterator<Item = impl Into<Subscription>>) -> Self {
        channels.into_iter().fold(self, Self::channel)
    }

    /// Sets how many seconds a long poll waits. The proxy's default is 55. Streams have no timeout.
    ///
    /// # Panics
    ///
    /// If they are not from [`MIN_TIMEOUT`](Self::MIN_TIMEOUT) to [`MAX_SECONDS`](Self::MAX_SECONDS), of which the proxy
    /// makes something else.
    #[track_caller]
    pub fn timeout(mut self, seconds: u32) -> Self {
        assert!(seconds >= Self::MIN_TIMEOUT, "a hold waits 5 seconds or more");
        assert!(seconds <= Self::MAX_SECONDS, "a hold waits 2,147,483 seconds or fewer");
        self.instruction.timeout = Some(seconds);
        self
    }

    /// Keeps a stream awake. Nothing is sent into a long poll.
    pub fn keep_alive(mut self, keep_alive: KeepAlive) -> Self {
        self.instruction.keep_alive = Some(keep_alive);
        self
    }

    /// Lets a stream be quiet for as long as it is.
    pub fn without_keep_alive(mut self) -> Self {
        self.instruction.keep_alive = None;
        self
    }

    /// Names where the proxy asks, in the client's place, for what a stream goes on with: what the client missed, and the
    /// next hold.
    ///
    /// It asks when what is published does not follow the [`prev_id`](Subscription::prev_id) of its channel, when the
    /// stream was quiet for 120 seconds, and about a second after the first client came to a channel. The request has a
    /// `Grip-Last` header for each channel with a `prev-id`, which [`LastIds`](crate::LastIds) reads, but neither cookies nor
    /// any other header of the client's. The body of the answer is appended to the stream; its hold, this link among it,
    /// takes the place of this one. An answer without a hold ends the stream, unless it has a link.
    ///
    /// The proxy reads that answer's headers only. So what a stream with this link says must fit into headers: names of
    /// channels, ids and meta that are printable ASCII, without `,`, `;` or `"` in the names, and 2,048 bytes together;
    /// another is a 400 whose text says so, or a 500 and a line in the log where it is the name of a constant. It names
    /// a channel and an id in `Grip-Last` as they are, so neither should contain `,` or `;`.
    ///
    /// The proxy would ask every second if each answer named a new channel, such as a random one.
    ///
    /// Long polls have no next link: they end.
    pub fn next(mut self, link: Link) -> Self {
        self.instruction.next = Some((link, None));
        self
    }

    /// As [`next`](Self::next), with another time than 120 seconds.
    ///
    /// # Panics
    ///
    /// If it is not from 1 to [`MAX_SECONDS`](Self::MAX_SECONDS).
    #[track_caller]
    pub fn next_after(mut self, link: Link, seconds: u32) -> Self {
        assert!((1..=Self::MAX_SECONDS).contains(&seconds), "a link is asked after 1 to 2,147,483 seconds");
        self.instruction.next = Some((link, Some(seconds)));
        self
    }

    /// Names where the proxy posts an empty request when the connection is over. The answer is to be empty too.
    ///
    /// Only the first hold of a stream can name it: a hold that [`next`](Self::next) was answered with cannot. It needs [a
    /// current proxy](crate::guide::limits#pushpin).
    pub fn gone(mut self, link: Link) -> Self {
        self.instruction.gone = Some(link);
        self
    }

    /// Sets a value of the subscription's meta, which [filters](super::Filter) look at: `user` for `SkipSelf`, and any
    /// name for `VarSubst`.
    pub fn meta(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        match self.instruction.meta.iter_mut().find(|(this, _)| *this == name) {
            Some((_, this)) => *this = value,
            None => self.instruction.meta.push((name, value)),
        }
        self
    }

    /// Sets the status that the client sees: of a stream at once, of a long poll at the timeout.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Sets the words behind the status; otherwise they are the usual ones. Clients of HTTP/2 and later get none.
    pub fn reason(mut self, reason: HeaderValue) -> Self {
        self.instruction.reason = Some(reason);
        self
    }

    /// Lets only these headers through to the client, and `Content-Type` and `Cache-Control`, whether it is held or gets the
    /// response [at once](Self::now). Otherwise all but the proxy's instructions go through, and with them what Compute adds.
    pub fn expose_headers(mut self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        self.instruction.expose.extend(names);
        self
    }

    /// Adds a header to the response, beside those that are there. `Content-Type` and `Cache-Control` take the place of
    /// the hold's own.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if name == header::CONTENT_TYPE {
            return self.content_type(value);
        }
        self.headers.push((name, value));
        self
    }

    /// Sets the content type.
    pub fn content_type(mut self, content_type: HeaderValue) -> Self {
        self.content_type = content_type;
        self
    }

    /// Sets the body. That of a long poll, and the whole of a hold that is sent as JSON, has at most
    /// [`MAX_INSTRUCTION`](Self::MAX_INSTRUCTION) = 100,000 bytes; a larger one becomes a 500 and a line in the log.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }
}
