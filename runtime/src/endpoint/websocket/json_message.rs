use std::error::Error;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::endpoint::Json;
use crate::grip::websocket::{CloseCode, Reply};

use super::close_with::by_question_mark;
use super::{CloseWith, FromMessage, Incoming, IntoClose, Messages, WrongKind};

/// The error for a message that is not the [`Json`] of the handler. It closes the connection with code 1007 and the
/// reason. With an argument `Result<Json<T>, InvalidJson>` the handler decides.
///
/// ```
/// use fanout::Json;
/// use fanout::websocket::{FromMessage, Incoming, InvalidJson};
///
/// #[derive(serde::Deserialize)]
/// struct Move {
///     x: u8,
///     y: u8,
/// }
///
/// let Json(Move { x, y }) = Json::from_message(Incoming::Text(r#"{"x": 3, "y": 4}"#))?;
/// assert_eq!((x, y), (3, 4));
/// # Ok::<(), InvalidJson>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum InvalidJson {
    /// The message is binary.
    Kind(WrongKind),
    /// The message is not JSON, or not of the type.
    Content(JsonReadError),
}

/// The reason why JSON does not deserialize.
#[derive(Debug)]
pub struct JsonReadError(serde_json::Error);

impl JsonReadError {
    pub(super) fn new(error: serde_json::Error) -> Self {
        Self(error)
    }
}

impl fmt::Display for JsonReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for JsonReadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

impl fmt::Display for InvalidJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind(kind) => kind.fmt(f),
            Self::Content(error) => write!(f, "not the JSON of this endpoint: {error}"),
        }
    }
}

impl Error for InvalidJson {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Kind(kind) => Some(kind),
            Self::Content(error) => Some(error),
        }
    }
}

#[diagnostic::do_not_recommend]
impl IntoClose for InvalidJson {
    fn into_close(self) -> CloseWith {
        match self {
            Self::Kind(kind) => kind.into_close(),
            Self::Content(_) => CloseWith::new(CloseCode::INVALID_DATA, self.to_string()),
        }
    }
}

by_question_mark!(InvalidJson);

/// A text message with JSON.
#[diagnostic::do_not_recommend]
impl<'m, T: Deserialize<'m>> FromMessage<'m> for Json<T> {
    type Rejection = InvalidJson;

    fn from_message(message: Incoming<'m>) -> Result<Self, InvalidJson> {
        let text = <&str>::from_message(message).map_err(InvalidJson::Kind)?;
        serde_json::from_slice(text.as_bytes())
            .map(Self)
            .map_err(|error| InvalidJson::Content(JsonReadError::new(error)))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> Messages for Json<T> {
    fn send(self, reply: &mut Reply) -> Result<(), CloseWith> {
        reply.text(serde_json::to_string(&self.0).map_err(CloseWith::internal_error)?);
        Ok(())
    }
}
