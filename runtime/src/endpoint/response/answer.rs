use std::fmt;

use http::{HeaderName, HeaderValue, StatusCode, header};

use super::Reason;
use super::reason::Mark;
use crate::grip::hold::Instruction;
use crate::grip::{
    IntoBytes, IntoText, InvalidChannel, InvalidEvent, InvalidKeepAlive, InvalidLink, JsonError, websocket,
};
use crate::history::{HistoryError, InvalidEntry, NotPublished};
use crate::publish::{InvalidTarget, PublishError};

/// An answer of the app: a status, headers and a body, made before anything is sent.
///
/// An answer that holds the connection is the client's response, and carries the instruction to the proxy. The instruction
/// is written into it when it is sent: [`header`](Self::header) finds no `Grip-Hold`. `http::Response::from(answer)`
/// shows it as headers; on its way to the proxy it is JSON where JSON can carry it, which takes fewer
/// [hostcalls](crate::guide::costs).
///
/// Header values cannot contain line breaks: [`HeaderValue`] has none.
///
/// ```
/// use fanout::Answer;
///
/// let answer = Answer::text(404, "no such room\n");
/// assert_eq!(answer.header("content-type").unwrap(), "text/plain; charset=utf-8");
/// ```
///
/// [`HeaderValue`]: https://docs.rs/http/1/http/header/struct.HeaderValue.html
#[derive(Clone, PartialEq, Eq)]
#[must_use = "an answer does nothing until it is returned"]
pub struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Vec<u8>,
    pub(crate) instruction: Option<Box<Instruction>>,
    pub(super) mark: Mark,
}

/// A status of an answer: a [`StatusCode`], or a number, which is a `u16`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a status",
    label = "not a status",
    note = "pass a number from 100 to 999, as a literal or a `u16`, or a `StatusCode`"
)]
pub trait IntoStatus: TryInto<StatusCode, Error: fmt::Display> {}

#[diagnostic::do_not_recommend]
impl<T: TryInto<StatusCode, Error: fmt::Display>> IntoStatus for T {}

impl Answer {
    /// An answer with this status, without headers or body.
    pub fn new(status: StatusCode) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), instruction: None, mark: Mark::default() }
    }

    /// A plain text answer. The status is a [`StatusCode`] or a number: `Answer::text(404, "no such room\n")`.
    ///
    /// A number that is no status, which is one that is not from 100 to 999, is a fault of the app: the answer is a 500, and the
    /// log says why.
    pub fn text(status: impl IntoStatus, text: impl IntoText) -> Self {
        match status.try_into() {
            Ok(status) => {
                Self::new(status).with_header(header::CONTENT_TYPE, PLAIN_TEXT).with_body(text.into())
            }
            Err(error) => Self::mistake(format_args!("an answer has no status: {error}")),
        }
    }

    /// Returns true if this crate has made the answer.
    pub(crate) fn is_refusal(&self) -> bool {
        self.mark.reason().is_some()
    }

    /// The default answer of a refusal. `text` has no line break at its end.
    pub(crate) fn refused(reason: Reason, text: impl fmt::Display) -> Self {
        let answer = Self::text(reason.status(), format!("{text}\n"));
        Self { mark: Mark(Some(reason)), ..answer }
    }

    /// Adds a header. It does not replace one of the same name.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Sets the body.
    pub fn with_body(mut self, body: impl IntoBytes) -> Self {
        self.body = body.into();
        // The app has worded it.
        self.mark = Mark::default();
        self
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The first value of a header. Names are case-insensitive.
    pub fn header(&self, name: &str) -> Option<&HeaderValue> {
        self.headers.iter().find(|(this, _)| this.as_str().eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The number of bytes that a client does not get of this answer to an opening WebSocket. The proxy passes on the
    /// first [`MAX_REFUSAL`](websocket::MAX_REFUSAL) bytes of a refusal.
    pub(crate) fn cut_off(&self) -> usize {
        let opens = self.status == StatusCode::OK
            && self.header("content-type").is_some_and(|value| value == websocket::CONTENT_TYPE);
        if opens { 0 } else { self.body.len().saturating_sub(websocket::MAX_REFUSAL) }
    }

    /// A 500 for an error of the app, which the client cannot fix. The log says why.
    pub(crate) fn mistake(why: impl std::fmt::Display) -> Self {
        crate::log::line(why);
        Self::refused(Reason::Internal, "something went wrong")
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

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, headers, body, instruction, mark: _ } = self;
        let mut answer = f.debug_struct("Answer");
        answer.field("status", status).field("headers", headers).field("body", body);
        answer.field("instruction", instruction).finish()
    }
}

const PLAIN_TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// The answer to the events of one request. A body over the limit of the proxy becomes a close.
impl From<websocket::Reply> for Answer {
    fn from(reply: websocket::Reply) -> Self {
        let reply = reply.or_closed(crate::log::line);
        let headers = reply.headers().collect();
        Self { headers, ..Self::new(StatusCode::OK) }.with_body(reply.into_bytes())
    }
}

/// An early answer, without a hold: the `Err` of a handler, or the rejection of an extractor.
///
/// | | |
/// |---|---|
/// | [`Answer`] | this one |
/// | [`StatusCode`] | without a body |
/// | `(StatusCode, text)`, `(StatusCode, [(HeaderName, HeaderValue); N], text)` | as plain text, or with the headers that say what it is |
/// | [`Json<T>`](super::Json), `(StatusCode, Json<T>)`, `(StatusCode, [(HeaderName, HeaderValue); N], Json<T>)` | as `application/json`, or with the headers that say what it is |
/// | [`Rejection`](super::Rejection) | as the app words [refusals](crate::guide::refusals) |
/// | [`Redirect`](super::Redirect) | somewhere else |
/// | [`Refusal`](super::Refusal) | for an `EventSource`: an event |
/// | the errors of this crate | a 400 if the client is wrong. With a line in the log: a 500 if the app is, a 502 if publishing failed, a 503 if a history failed, a 202 if the entry is [kept](crate::history::NotPublished::Kept) |
///
/// A text alone does not implement it, because an error would become a 200.
///
/// ```
/// use fanout::prelude::*;
///
/// enum NoEntry {
///     Unknown,
///     Full { seats: u32 },
/// }
///
/// impl IntoAnswer for NoEntry {
///     fn into_answer(self) -> Answer {
///         match self {
///             Self::Unknown => Answer::text(404, "there is no such room\n"),
///             Self::Full { seats } => Answer::text(503, format!("all {seats} seats are taken\n")),
///         }
///     }
/// }
///
/// #[fanout::sse(path = "/rooms/{room}", channel = "room-{room}")]
/// fn room(room: &str) -> Result<(), NoEntry> {
///     match room {
///         "lobby" => Err(NoEntry::Full { seats: 20 }),
///         "blue" => Ok(()),
///         _ => Err(NoEntry::Unknown),
///     }
/// }
/// # assert_eq!(room("red").unwrap_err().into_answer().status(), 404);
/// # assert_eq!(room("lobby").unwrap_err().into_answer().body(), b"all 20 seats are taken\n");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made into an answer",
    label = "not an answer",
    note = "return an `Answer`, a status, a status and a text or `Json`, a `Redirect` or a `Refusal`, or implement `fanout::IntoAnswer` for `{Self}`"
)]
pub trait IntoAnswer {
    /// The answer.
    fn into_answer(self) -> Answer;
}

#[diagnostic::do_not_recommend]
impl IntoAnswer for Answer {
    fn into_answer(self) -> Answer {
        self
    }
}

#[diagnostic::do_not_recommend]
impl IntoAnswer for StatusCode {
    fn into_answer(self) -> Answer {
        Answer::new(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Into<String>> IntoAnswer for (StatusCode, T) {
    fn into_answer(self) -> Answer {
        Answer::text(self.0, self.1)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Into<String>, const N: usize> IntoAnswer for (StatusCode, [(HeaderName, HeaderValue); N], T) {
    fn into_answer(self) -> Answer {
        let (status, headers, text) = self;
        with_headers((status, text).into_answer(), headers)
    }
}

/// Adds headers, of which a content type replaces the default one.
pub(super) fn with_headers(
    mut answer: Answer,
    headers: impl IntoIterator<Item = (HeaderName, HeaderValue)>,
) -> Answer {
    for (name, value) in headers {
        answer.headers.retain(|(this, _)| *this != name || name != header::CONTENT_TYPE);
        answer = answer.with_header(name, value);
    }
    answer
}

/// Errors of a client: a 400 with the reason.
macro_rules! refused {
    ($($error:ty => $reason:ident),*) => {$(
        /// A 400 with the reason.
        #[diagnostic::do_not_recommend]
        impl IntoAnswer for $error {
            fn into_answer(self) -> Answer {
                Answer::refused(Reason::$reason, self)
            }
        }
    )*};
}

refused!(InvalidChannel => InvalidChannel, InvalidEvent => InvalidValue, InvalidLink => InvalidValue);

/// Errors of the app: a 500, and the reason in the log.
macro_rules! mistake {
    ($($error:ty),*) => {$(
        /// A 500. The log says why.
        #[diagnostic::do_not_recommend]
        impl IntoAnswer for $error {
            fn into_answer(self) -> Answer {
                Answer::mistake(self)
            }
        }
    )*};
}

mistake!(
    InvalidEntry,
    InvalidKeepAlive,
    JsonError,
    serde_json::Error,
    InvalidTarget,
    websocket::InvalidCloseCode
);

/// A 502, because the proxy is a server behind the app, or a 500 if the message cannot be made. The log says why.
#[diagnostic::do_not_recommend]
impl IntoAnswer for PublishError {
    fn into_answer(self) -> Answer {
        if let Self::NotJson(reason) = self {
            return Answer::mistake(reason);
        }
        crate::log::line(&self);
        Answer::refused(Reason::NotPublished, "it could not be published")
    }
}

/// A 503. The log says why.
#[diagnostic::do_not_recommend]
impl IntoAnswer for HistoryError {
    fn into_answer(self) -> Answer {
        crate::log::line(format_args!("the history failed: {self}"));
        Answer::refused(Reason::HistoryFailed, "the history is not available")
    }
}

/// A 202 if the entry is kept, because its clients will get it. Otherwise a 502, a 503 if the history failed, or a 500 if the
/// message cannot be kept. The log says why.
#[diagnostic::do_not_recommend]
impl IntoAnswer for NotPublished {
    fn into_answer(self) -> Answer {
        match self {
            Self::InvalidEntry(reason) => reason.into_answer(),
            Self::Invalid(error) => error.into_answer(),
            Self::History(error) => error.into_answer(),
            Self::Kept { .. } => {
                crate::log::line(self);
                Answer::text(202, "it is kept, and will be delivered\n")
            }
        }
    }
}

/// Lets `?` make an [`Answer`] from the errors of this crate.
macro_rules! by_question_mark {
    ($($error:ty),*) => {$(
        impl From<$error> for $crate::Answer {
            fn from(error: $error) -> Self {
                $crate::IntoAnswer::into_answer(error)
            }
        }
    )*};
}

by_question_mark!(InvalidChannel, InvalidEvent, InvalidLink, InvalidKeepAlive, JsonError, serde_json::Error);
by_question_mark!(HistoryError, InvalidEntry, NotPublished);
by_question_mark!(PublishError, InvalidTarget, websocket::InvalidReply, websocket::InvalidCloseCode);

pub(crate) use by_question_mark;

#[diagnostic::do_not_recommend]
impl IntoAnswer for std::convert::Infallible {
    fn into_answer(self) -> Answer {
        match self {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::response::Json;
    use crate::publish::Message;

    #[test]
    fn an_answer_with_a_reason_has_a_status_and_a_content_type() {
        let said = |response: Answer| {
            let kind = response.header("content-type").unwrap().to_str().unwrap().to_owned();
            (response.status().as_u16(), kind, String::from_utf8(response.body().to_vec()).unwrap())
        };
        let text = "text/plain; charset=utf-8";
        assert_eq!(said((StatusCode::NOT_FOUND, "no").into_answer()), (404, text.into(), "no".into()));
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/html")),
            (header::RETRY_AFTER, HeaderValue::from_static("9")),
        ];
        let html = (StatusCode::SERVICE_UNAVAILABLE, headers, "<p>").into_answer();
        assert_eq!(html.header("retry-after").unwrap(), "9");
        assert_eq!(html.headers().count(), 2);
        assert_eq!(said(html), (503, "text/html".into(), "<p>".into()));
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))];
        let problem = (StatusCode::CONFLICT, kind.clone(), Json([1])).into_answer();
        assert_eq!(problem.headers().count(), 1);
        assert_eq!(said(problem), (409, "application/problem+json".into(), "[1]".into()));
        let unwritable = Json(std::collections::BTreeMap::from([([1], 1)]));
        assert_eq!(said((StatusCode::CONFLICT, kind, unwritable).into_answer()).1, text);
        let json = (StatusCode::CONFLICT, Json([1])).into_answer();
        assert_eq!(said(json), (409, "application/json".into(), "[1]".into()));
        let mistake = crate::grip::KeepAlive::new("").unwrap_err();
        assert_eq!(said(mistake.into_answer()), (500, text.into(), "something went wrong\n".into()));
        let empty = crate::grip::Channel::new("").unwrap_err();
        assert_eq!(said(empty.into_answer()), (400, text.into(), "a channel name cannot be empty\n".into()));
        let id = crate::grip::Event::data("").id("a\nb").unwrap_err();
        let why = "the id of a server-sent event cannot contain a line break\n";
        assert_eq!(said(id.into_answer()), (400, text.into(), why.into()));
        let meta = websocket::Reply::new().set_meta("user", "\u{feff}alice").unwrap_err();
        let why = "meta and session ids cannot begin with a byte order mark (U+FEFF)\n";
        assert_eq!(said(meta.into_answer()), (400, text.into(), why.into()));
        let link = crate::grip::Link::new("next").unwrap_err();
        assert_eq!(said(link.into_answer()).0, 400);
    }

    #[test]
    fn a_status_is_a_number_or_a_status_code() {
        for answer in [Answer::text(404, "no"), Answer::text(StatusCode::NOT_FOUND, "no")] {
            assert_eq!((answer.status().as_u16(), answer.body()), (404, &b"no"[..]));
        }
        assert_eq!(Answer::json(201, [1]), (StatusCode::CREATED, Json([1])).into_answer());
        let by_variable: u16 = 999;
        assert_eq!(Answer::json(by_variable, "a").status().as_u16(), 999);
        for wrong in [0_u16, 1, 99, 1000, u16::MAX] {
            for answer in [Answer::text(wrong, "secret"), Answer::json(wrong, "secret")] {
                assert_eq!((answer.status().as_u16(), answer.body()), (500, &b"something went wrong\n"[..]));
            }
        }
    }

    /// Every error of this crate that a handler can meet, as an answer and as a close.
    #[test]
    fn a_question_mark_takes_the_errors_of_this_crate() {
        use crate::grip::{Channel, Event, KeepAlive, Link};
        use crate::websocket::{CloseCode, CloseWith, FromMessage as _, Incoming, Reply};
        use crate::{LastEventId, Query, RequestHead};
        let no_json = || std::collections::BTreeMap::from([([1], 1)]);
        fn head<T>(with: impl FnOnce(&RequestHead<'_>) -> T) -> T {
            let mut headers = http::HeaderMap::new();
            headers.insert("last-event-id", HeaderValue::from_bytes(b"\xff").unwrap());
            with(&RequestHead::new(&http::Method::GET, "/", None, &headers))
        }
        macro_rules! both {
            ($($status:literal $code:literal $failing:expr;)*) => {$(
                let answer = (|| -> Result<(), Answer> { $failing?; Ok(()) })().unwrap_err();
                assert_eq!(answer.status().as_u16(), $status, "{}", stringify!($failing));
                let close = (|| -> Result<(), CloseWith> { $failing?; Ok(()) })().unwrap_err();
                assert_eq!(close.code().get(), $code, "{}", stringify!($failing));
                // As the answer would close the connection.
                assert_eq!(CloseWith::from(answer).code(), close.code(), "{}", stringify!($failing));
            )*};
        }
        use crate::endpoint::request::FromRequest;
        both! {
            400 1008 Channel::new("");
            400 1008 Event::data("").id("\n");
            400 1008 Link::new("next");
            500 1011 KeepAlive::new("");
            500 1011 Event::json(&no_json());
            500 1011 Reply::new().json(&no_json());
            500 1011 serde_json::to_string(&no_json());
            400 1008 Query::<()>::parse("%ff");
            400 1008 head(|head| LastEventId::from_request(head).map(drop));
            400 1008 Reply::new().set_meta("a", "\u{feff}");
            500 1011 crate::publish::Target::from_grip_url("");
            500 1011 CloseCode::new(1);
        }
        #[cfg(feature = "typed-header")]
        both! {
            400 1008 head(|head| crate::TypedHeader::<headers::Host>::from_request(head).map(drop));
        }
        // A WebSocket has no body to take.
        assert_eq!(Answer::from(crate::endpoint::InvalidBody::Content(String::new())).status(), 400);
        let closed = |close: CloseWith| (close.code(), close.reason().to_owned());
        let not_published = crate::publish::PublishError::NotConfigured("secret".to_owned());
        assert_eq!(Answer::from(not_published.clone()).status(), 502);
        let not_json = || Message::json(&std::collections::BTreeMap::from([([1], 2)])).unwrap_err();
        assert_eq!(Answer::from(PublishError::from(not_json())).status(), 500);
        assert_eq!(Answer::from(NotPublished::from(not_json())).status(), 500);
        assert_eq!(closed(not_published.into()), (CloseCode::INTERNAL_ERROR, "internal error".to_owned()));
        let binary = <&str>::from_message(Incoming::Binary(b""));
        assert_eq!(closed(binary.unwrap_err().into()).0, CloseCode::UNSUPPORTED);
        let json = Json::<u8>::from_message(Incoming::Text("x"));
        assert_eq!(closed(json.unwrap_err().into()).0, CloseCode::INVALID_DATA);
        let refused = crate::Rejection::new(Reason::NotFound, "no such room");
        assert_eq!(closed(Answer::from(refused).into()), (CloseCode::POLICY, "no such room".to_owned()));
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
