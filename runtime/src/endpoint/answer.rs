use base64ct::{Base64, Encoding};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::grip::{Hold, websocket};

const GRIP_HOLD: HeaderName = HeaderName::from_static("grip-hold");
const GRIP_CHANNEL: HeaderName = HeaderName::from_static("grip-channel");
const GRIP_TIMEOUT: HeaderName = HeaderName::from_static("grip-timeout");

/// What the app answers: a status, headers and a body, made before anything is sent.
///
/// Header values cannot contain line breaks: [`HeaderValue`] has none.
///
/// ```
/// use fanout::Answer;
///
/// let answer = Answer::text(404, "no such room\n");
/// assert_eq!(answer.header("content-type").unwrap(), "text/plain; charset=utf-8");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an answer does nothing until it is returned"]
pub struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// An answer of this status, without headers or body.
    pub fn new(status: StatusCode) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    /// A plain text.
    ///
    /// # Panics
    ///
    /// If `status` is not from 100 to 999.
    pub fn text(status: u16, text: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).expect("a status is from 100 to 999");
        Self::new(status).with_header(header::CONTENT_TYPE, PLAIN_TEXT).with_body(text.into())
    }

    /// Adds a header beside those that are there.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Sets the body.
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The first value of a header, whose name is matched without regard to case.
    pub fn header(&self, name: &str) -> Option<&HeaderValue> {
        self.headers.iter().find(|(this, _)| this.as_str().eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The headers, in order.
    pub fn headers(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.headers.iter().map(|(name, value)| (name, value))
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

const PLAIN_TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// The channels go into a header where they all mean themselves there, and as JSON otherwise: the proxy splits
/// the header at `,` and cuts it at `;`.
impl From<Hold> for Answer {
    fn from(hold: Hold) -> Self {
        if hold.channels.iter().all(|channel| channel.fits_header()) {
            in_headers(hold)
        } else {
            in_json(&hold)
        }
    }
}

fn in_headers(hold: Hold) -> Answer {
    let names: Vec<_> = hold.channels.iter().map(|channel| channel.as_str()).collect();
    let channels = HeaderValue::try_from(names.join(", ")).expect("each name fits a header");
    let mut answer = Answer::new(StatusCode::OK)
        .with_header(header::CONTENT_TYPE, HeaderValue::from_static(hold.content_type))
        .with_header(GRIP_HOLD, HeaderValue::from_static(hold.mode.as_str()))
        .with_header(GRIP_CHANNEL, channels)
        .with_body(hold.body);
    if let Some(seconds) = hold.timeout {
        answer = answer.with_header(GRIP_TIMEOUT, seconds.into());
    }
    answer
}

fn in_json(hold: &Hold) -> Answer {
    #[derive(Serialize)]
    struct Instruct<'a> {
        hold: HoldJson<'a>,
        response: Response<'a>,
    }
    #[derive(Serialize)]
    struct HoldJson<'a> {
        mode: &'static str,
        channels: Vec<ChannelJson<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        timeout: Option<u32>,
    }
    #[derive(Serialize)]
    struct ChannelJson<'a> {
        name: &'a str,
    }
    #[derive(Serialize)]
    struct Response<'a> {
        headers: [[&'a str; 2]; 1],
        #[serde(flatten)]
        body: Body<'a>,
    }
    #[derive(Serialize)]
    enum Body<'a> {
        #[serde(rename = "body")]
        Text(&'a str),
        #[serde(rename = "body-bin")]
        Base64(String),
    }

    let instruct = Instruct {
        hold: HoldJson {
            mode: hold.mode.as_str(),
            channels: hold.channels.iter().map(|channel| ChannelJson { name: channel.as_str() }).collect(),
            timeout: hold.timeout,
        },
        response: Response {
            headers: [["Content-Type", hold.content_type]],
            body: match std::str::from_utf8(&hold.body) {
                Ok(text) => Body::Text(text),
                Err(_) => Body::Base64(Base64::encode_string(&hold.body)),
            },
        },
    };
    Answer::new(StatusCode::OK)
        .with_header(header::CONTENT_TYPE, HeaderValue::from_static("application/grip-instruct"))
        .with_body(serde_json::to_vec(&instruct).expect("instructions are strings and numbers"))
}

/// The events of one invocation. A body that the proxy would cut the connection at becomes a close.
impl From<websocket::Reply> for Answer {
    fn from(reply: websocket::Reply) -> Self {
        let reply = reply.or_closed(|problem| eprintln!("fanout: {problem}"));
        let headers = reply.headers().collect();
        Self { status: StatusCode::OK, headers, body: reply.into_bytes() }
    }
}

/// What can be answered instead of what the endpoint is for: the `Err` of a function, or the rejection of a
/// parameter.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be answered with",
    label = "not an answer",
    note = "return an `Answer`, a status, or a status and a text; or implement `fanout::IntoResponse` for it"
)]
pub trait IntoResponse {
    /// The answer.
    fn into_response(self) -> Answer;
}

impl IntoResponse for Answer {
    fn into_response(self) -> Answer {
        self
    }
}

impl IntoResponse for StatusCode {
    fn into_response(self) -> Answer {
        Answer::new(self)
    }
}

impl<T: Into<String>> IntoResponse for (StatusCode, T) {
    fn into_response(self) -> Answer {
        Answer::text(self.0.as_u16(), self.1)
    }
}

impl IntoResponse for std::convert::Infallible {
    fn into_response(self) -> Answer {
        match self {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grip::Channel;

    fn json(answer: &Answer) -> serde_json::Value {
        assert_eq!(answer.header("content-type").unwrap(), "application/grip-instruct");
        assert!(answer.header("grip-channel").is_none());
        serde_json::from_slice(answer.body()).unwrap()
    }

    #[test]
    fn plain_channels_go_into_the_header() {
        let hold = Hold::sse(Channel::from_static("a")).channel(Channel::from_static("b c")).body(": hi\n\n");
        let answer = Answer::from(hold);
        let headers: Vec<_> =
            answer.headers().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        assert_eq!(headers, ["content-type: text/event-stream", "grip-hold: stream", "grip-channel: a, b c"]);
        assert_eq!(answer.body(), b": hi\n\n");
    }

    #[test]
    fn a_channel_that_would_be_two_goes_as_json() {
        let hold = Hold::long_poll(Channel::from_static("a,admin")).timeout(9).body("x");
        assert_eq!(
            json(&hold.into()),
            serde_json::json!({
                "hold": { "mode": "response", "channels": [{ "name": "a,admin" }], "timeout": 9 },
                "response": { "headers": [["Content-Type", "text/plain; charset=utf-8"]], "body": "x" },
            })
        );
    }

    #[test]
    fn a_body_that_is_no_text_goes_as_base64() {
        let hold = Hold::stream(Channel::from_static("é")).body([0xff, 0x00]);
        assert_eq!(json(&hold.into())["response"]["body-bin"], "/wA=");
    }

    #[test]
    fn only_the_answer_that_opens_turns_on_grip() {
        let mut reply = websocket::Reply::new();
        reply.open();
        assert_eq!(Answer::from(reply).header("sec-websocket-extensions").unwrap(), "grip");
        let mut reply = websocket::Reply::new();
        reply.text("OPEN\r\n");
        assert_eq!(Answer::from(reply).header("sec-websocket-extensions"), None);
    }
}
