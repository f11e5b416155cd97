use std::error::Error;
use std::fmt;

use crate::grip::websocket::{CloseCode, InvalidCloseCode, InvalidReply, Reply};
use crate::grip::{IntoText, InvalidChannel, InvalidEvent, InvalidKeepAlive, InvalidLink, JsonError};
use crate::history::{HistoryError, InvalidEntry, NotPublished};
use crate::publish::{InvalidTarget, PublishError};

use crate::endpoint::request::{InvalidLastEventId, InvalidQuery};
use crate::endpoint::response::Reason;
use crate::endpoint::{Answer, IntoAnswer};

/// An error that closes the connection with a code and a reason, which the client gets.
///
/// ```
/// use fanout::websocket::CloseWith;
/// use fanout::websocket::CloseCode;
///
/// const KICKED: CloseCode = CloseCode::from_static(4000);
///
/// fn say(message: &str) -> Result<String, CloseWith> {
///     if message.contains("spam") { Err(CloseWith::new(KICKED, "no spam here")) } else { Ok(message.to_owned()) }
/// }
/// # assert!(say("spam").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a close does nothing until it is returned"]
pub struct CloseWith {
    code: CloseCode,
    reason: String,
    log: Option<String>,
}

impl CloseWith {
    /// A close with a code and a reason. The client gets the first 123 bytes of a longer reason.
    pub fn new(code: CloseCode, reason: impl IntoText) -> Self {
        Self { code, reason: reason.into(), log: None }
    }

    /// A close with code 1011 for an error of the app. The error goes to the log, and not to the client.
    pub fn internal_error(error: impl fmt::Display) -> Self {
        // The alternate form of an `anyhow` error names its causes too.
        Self::new(CloseCode::INTERNAL_ERROR, "internal error").with_log(format!("{error:#}"))
    }

    /// Adds a line for the log. The client does not get it.
    pub fn with_log(mut self, line: impl IntoText) -> Self {
        self.log = Some(line.into());
        self
    }

    /// The code.
    pub fn code(&self) -> CloseCode {
        self.code
    }

    /// The reason.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The line for the log.
    pub fn log(&self) -> Option<&str> {
        self.log.as_deref()
    }

    /// Adds the close to a reply.
    pub(super) fn close(&self, reply: &mut Reply) {
        reply.close_shortened(self.code, &self.reason);
    }
}

/// The answer that closes an open connection with code 1011 and drops the messages before.
pub(crate) fn broken() -> Answer {
    let mut reply = Reply::new();
    CloseWith::new(CloseCode::INTERNAL_ERROR, "internal error").close(&mut reply);
    reply.remember_the_close();
    reply.into()
}

impl fmt::Display for CloseWith {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "closed with {}", self.code)?;
        if self.reason.is_empty() { Ok(()) } else { write!(f, ": {}", self.reason) }
    }
}

/// An error that can close a connection.
///
/// The default is code 1011, and the error goes to the log. That needs one line:
///
/// ```
/// use std::fmt;
///
/// use fanout::websocket::{CloseWith, IntoClose};
/// use fanout::websocket::CloseCode;
///
/// #[derive(Debug)]
/// struct StoreIsDown;
///
/// impl fmt::Display for StoreIsDown {
///     fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
///         f.write_str("the store does not answer")
///     }
/// }
///
/// impl IntoClose for StoreIsDown {}
///
/// #[derive(Debug)]
/// struct NotYours;
///
/// impl fmt::Display for NotYours {
///     fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
///         f.write_str("that is not yours")
///     }
/// }
///
/// /// The client gets the reason.
/// impl IntoClose for NotYours {
///     fn into_close(self) -> CloseWith {
///         CloseWith::new(CloseCode::POLICY, self.to_string())
///     }
/// }
/// # assert_eq!(StoreIsDown.into_close().code(), CloseCode::INTERNAL_ERROR);
/// # assert_eq!(NotYours.into_close().reason(), "that is not yours");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot close a WebSocket",
    label = "not an error that can close the connection",
    note = "write `impl fanout::websocket::IntoClose for {Self} {{}}` to close with 1011 and log it, or return `CloseWith`"
)]
pub trait IntoClose: fmt::Display + Sized {
    /// The close.
    fn into_close(self) -> CloseWith {
        CloseWith::internal_error(self)
    }
}

#[diagnostic::do_not_recommend]
impl IntoClose for CloseWith {
    fn into_close(self) -> CloseWith {
        self
    }
}

#[diagnostic::do_not_recommend]
impl IntoClose for std::convert::Infallible {}
#[diagnostic::do_not_recommend]
impl IntoClose for String {}
#[diagnostic::do_not_recommend]
impl IntoClose for &str {}
#[diagnostic::do_not_recommend]
impl IntoClose for Box<dyn Error> {}
#[diagnostic::do_not_recommend]
impl IntoClose for Box<dyn Error + Send + Sync> {}
#[diagnostic::do_not_recommend]
impl IntoClose for std::io::Error {}
#[diagnostic::do_not_recommend]
impl IntoClose for fmt::Error {}
#[diagnostic::do_not_recommend]
impl IntoClose for serde_json::Error {}
#[diagnostic::do_not_recommend]
impl IntoClose for JsonError {}
#[diagnostic::do_not_recommend]
impl IntoClose for InvalidCloseCode {}
#[diagnostic::do_not_recommend]
impl IntoClose for PublishError {}
#[diagnostic::do_not_recommend]
impl IntoClose for HistoryError {}
#[diagnostic::do_not_recommend]
impl IntoClose for InvalidEntry {}
#[diagnostic::do_not_recommend]
impl IntoClose for NotPublished {}
#[diagnostic::do_not_recommend]
impl IntoClose for InvalidTarget {}
#[diagnostic::do_not_recommend]
impl IntoClose for InvalidKeepAlive {}

/// Errors of a client: code 1008 with the reason. Before the connection opens, the answer is a 400.
macro_rules! refused {
    ($($error:ty),*) => {$(
        /// Code 1008 with the reason, because the client chose the text.
        #[diagnostic::do_not_recommend]
        impl IntoClose for $error {
            fn into_close(self) -> CloseWith {
                CloseWith::new(CloseCode::POLICY, self.to_string())
            }
        }
    )*};
}

refused!(InvalidChannel, InvalidEvent, InvalidLink, InvalidQuery, InvalidLastEventId);

/// Lets `?` make a [`CloseWith`] from the errors of this crate.
macro_rules! by_question_mark {
    ($($error:ty),*) => {$(
        impl From<$error> for $crate::websocket::CloseWith {
            fn from(error: $error) -> Self {
                $crate::websocket::IntoClose::into_close(error)
            }
        }
    )*};
}

by_question_mark!(InvalidChannel, InvalidEvent, InvalidLink, InvalidKeepAlive, JsonError, serde_json::Error);
by_question_mark!(InvalidQuery, InvalidLastEventId, InvalidReply, InvalidCloseCode);
by_question_mark!(HistoryError, InvalidEntry, NotPublished, PublishError, InvalidTarget);

pub(super) use by_question_mark;

/// The close for an answer that comes too late, because the connection is open. A status of the server closes with code 1011,
/// and any other with code 1008 and the text of the answer. The text of a 1011 goes to the log, and not to the client.
///
/// One error type can serve the opening of a WebSocket, its messages and HTTP: see the
/// [guide](crate::guide::refusals#one-error-type).
impl From<Answer> for CloseWith {
    fn from(answer: Answer) -> Self {
        let text = String::from_utf8_lossy(answer.body()).trim_end().to_owned();
        if answer.status().is_server_error() {
            Self::internal_error(text)
        } else {
            Self::new(CloseCode::POLICY, text)
        }
    }
}

#[diagnostic::do_not_recommend]
impl IntoClose for InvalidReply {
    fn into_close(self) -> CloseWith {
        match self {
            Self::ChannelName(error) => error.into_close(),
            error @ Self::ByteOrderMark => CloseWith::new(CloseCode::POLICY, error.to_string()),
            error => CloseWith::internal_error(error),
        }
    }
}

#[diagnostic::do_not_recommend]
impl IntoAnswer for InvalidReply {
    fn into_answer(self) -> Answer {
        match self {
            Self::ChannelName(error) => error.into_answer(),
            error @ Self::ByteOrderMark => Answer::refused(Reason::InvalidValue, error),
            error => Answer::mistake(error),
        }
    }
}
