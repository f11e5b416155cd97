use super::Channel;

/// How the proxy holds a connection: the value of `Grip-Hold`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
/// It becomes an [`Answer`](crate::Answer) with `into`. Without a [`body`](Self::body) it is empty.
///
/// ```
/// use fanout::grip::{Channel, Hold};
///
/// let hold = Hold::long_poll(Channel::from_static("news")).timeout(30).body("nothing yet\n");
/// let answer = fanout::Answer::from(hold);
/// assert_eq!(answer.header("grip-hold").unwrap(), "response");
/// assert_eq!(answer.header("grip-channel").unwrap(), "news");
/// assert_eq!(answer.header("grip-timeout").unwrap(), "30");
/// ```
#[derive(Clone, Debug)]
#[must_use = "a hold does nothing until it is answered with"]
pub struct Hold {
    pub(crate) mode: Mode,
    pub(crate) content_type: &'static str,
    pub(crate) channels: Vec<Channel>,
    pub(crate) timeout: Option<u32>,
    pub(crate) body: Vec<u8>,
}

impl Hold {
    fn new(mode: Mode, content_type: &'static str, channel: Channel) -> Self {
        Self { mode, content_type, channels: vec![channel], timeout: None, body: Vec::new() }
    }

    /// Holds a stream of server-sent events: `text/event-stream`. Its body is the first events.
    pub fn sse(channel: Channel) -> Self {
        Self::new(Mode::Stream, "text/event-stream", channel)
    }

    /// Holds a stream of text: `text/plain` in UTF-8. Its body is the first bytes.
    pub fn stream(channel: Channel) -> Self {
        Self::new(Mode::Stream, "text/plain; charset=utf-8", channel)
    }

    /// Holds one response until the next publish. Its body, `text/plain` in UTF-8, is what the client gets at
    /// the timeout.
    pub fn long_poll(channel: Channel) -> Self {
        Self::new(Mode::Response, "text/plain; charset=utf-8", channel)
    }

    /// Subscribes the connection to one more channel.
    pub fn channel(mut self, channel: Channel) -> Self {
        self.channels.push(channel);
        self
    }

    /// Sets how many seconds a long poll waits. The proxy's default is 55, and it makes 5 of anything less.
    /// Streams have no timeout.
    pub fn timeout(mut self, seconds: u32) -> Self {
        self.timeout = Some(seconds);
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }
}
