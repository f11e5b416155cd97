//! The body of a request as an argument of a handler.

use std::fmt;

use http::{HeaderValue, StatusCode, header};
use mime::Mime;
use serde::de::DeserializeOwned;

use super::query::parse_form;
use super::{Argument, InHandler, InPlain, NoBody, RequestHead};
use crate::endpoint::response::{Answer, IntoAnswer, Json};
use crate::grip::Hold;

/// The whole body of the request: bytes as `Body<Vec<u8>>`, text as `Body<String>`, of any content type.
///
/// Text that is not UTF-8 is a 400. A body over [the limit](crate::post#the-body) is a 413.
///
/// ```
/// use fanout::prelude::*;
/// use fanout::publish::PublishError;
///
/// #[fanout::sse(path = "/rooms/{room}", channel = "room-{room}")]
/// fn room() {}
///
/// #[fanout::post(path = "/rooms/{room}")]
/// fn say(room: &str, Body(text): Body<String>) -> Result<(), PublishError> {
///     fanout::publish(room::channel(room), text)
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Body<T>(pub T);

/// The body of a form, `application/x-www-form-urlencoded`, read by serde as [`Query`](crate::Query) reads a query.
///
/// Another content type is a 415. A form that does not deserialize is a 400 with the reason and the place. A body over [the
/// limit](crate::post#the-body) is a 413.
///
/// ```
/// use fanout::grip::Link;
/// use fanout::prelude::*;
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Entry {
///     nickname: String,
/// }
///
/// #[fanout::post]
/// fn enter(Form(entry): Form<Entry>) -> Result<Redirect, Answer> {
///     match entry.nickname.as_str() {
///         "" => Err(Answer::text(400, "choose a nickname\n")),
///         _ => Ok(Redirect::see_other(Link::from_static("/lobby"))),
///     }
/// }
/// ```
///
/// A page of any origin can send a form with the cookies of its visitor. [`Json`] does not accept a form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Form<T>(pub T);

/// The error for a body that cannot be read. With an argument `Result<Json<T>, InvalidBody>` the handler decides.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidBody {
    /// The content type is not the one that is accepted: 415.
    ContentType {
        /// The accepted content type.
        accepted: &'static str,
    },
    /// The body is over the limit: 413.
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The client broke off, or the body cannot be read: 400.
    BrokenOff,
    /// The body does not deserialize, or is not UTF-8: 400 with the reason.
    Content(String),
    /// Another argument has taken the body: 500. The log says so.
    Taken,
}

impl fmt::Display for InvalidBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ContentType { accepted } => {
                write!(f, "the content type of the body must be `{accepted}`")
            }
            Self::TooLong { limit } => write!(f, "the body has more than {limit} bytes, which is the limit"),
            Self::BrokenOff => f.write_str("the body could not be read to its end"),
            Self::Content(reason) => write!(f, "the body is invalid: {reason}"),
            Self::Taken => f.write_str("another argument has taken the body of the request"),
        }
    }
}

impl std::error::Error for InvalidBody {}

/// The status that each error says, with the reason.
impl IntoAnswer for InvalidBody {
    fn into_answer(self) -> Answer {
        let status = match &self {
            Self::ContentType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BrokenOff | Self::Content(_) => StatusCode::BAD_REQUEST,
            Self::Taken => return Answer::mistake(self),
        };
        let answer = (status, format!("{self}\n")).into_answer();
        match self {
            Self::ContentType { accepted } => {
                answer.with_header(header::ACCEPT, HeaderValue::from_static(accepted))
            }
            _ => answer,
        }
    }
}

/// A type that the body of a request is made of.
pub(super) trait FromBody: Sized {
    /// The content type that the body must have, by its name and by its type.
    const ACCEPTED: Option<(&'static str, fn(&Mime) -> bool)> = None;

    /// Makes the value of the bytes.
    fn from_bytes(bytes: Vec<u8>) -> Result<Self, InvalidBody>;
}

fn from_body<T: FromBody>(head: &RequestHead<'_>) -> Result<T, InvalidBody> {
    if let Some((accepted, is_accepted)) = T::ACCEPTED
        && !content_type(head).is_some_and(|mime| is_accepted(&mime))
    {
        return Err(InvalidBody::ContentType { accepted });
    }
    T::from_bytes(bytes(head)?)
}

fn bytes(head: &RequestHead<'_>) -> Result<Vec<u8>, InvalidBody> {
    let limit = head.settings().map_or(Hold::MAX_REQUEST_BODY, |settings| settings.max_body);
    let taken = head.host().map_or(Err(NoBody::Taken), |host| host.take_body(limit));
    taken.map_err(|why| match why {
        NoBody::TooLong => InvalidBody::TooLong { limit },
        NoBody::BrokenOff(why) => {
            crate::log::line(format_args!("{}: the body could not be read: {why}", head.path()));
            InvalidBody::BrokenOff
        }
        NoBody::Taken => InvalidBody::Taken,
    })
}

/// The content type, if the request has exactly one.
fn content_type(head: &RequestHead<'_>) -> Option<Mime> {
    match head.headers("content-type")[..] {
        [only] => only.to_str().ok()?.parse().ok(),
        _ => None,
    }
}

/// Returns true if there is neither a body nor a content type that announces one.
fn is_missing(head: &RequestHead<'_>) -> bool {
    let is_empty = head.list("content-length").all(|len| len == b"0");
    is_empty && head.header("content-type").is_none() && head.header("transfer-encoding").is_none()
}

impl FromBody for Body<Vec<u8>> {
    fn from_bytes(bytes: Vec<u8>) -> Result<Self, InvalidBody> {
        Ok(Self(bytes))
    }
}

impl FromBody for Body<String> {
    fn from_bytes(bytes: Vec<u8>) -> Result<Self, InvalidBody> {
        text(bytes).map(Self)
    }
}

impl<T: DeserializeOwned> FromBody for Json<T> {
    const ACCEPTED: Option<(&'static str, fn(&Mime) -> bool)> = Some(("application/json", |mime| {
        mime.type_() == mime::APPLICATION
            && (mime.subtype() == mime::JSON || mime.suffix() == Some(mime::JSON))
    }));

    fn from_bytes(bytes: Vec<u8>) -> Result<Self, InvalidBody> {
        if bytes.is_empty() {
            return Err(InvalidBody::Content("it is empty".to_owned()));
        }
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut json)
            .map_err(|error| InvalidBody::Content(error.to_string()))?;
        json.end().map_err(|error| InvalidBody::Content(error.to_string()))?;
        Ok(Self(value))
    }
}

impl<T: DeserializeOwned> FromBody for Form<T> {
    const ACCEPTED: Option<(&'static str, fn(&Mime) -> bool)> =
        Some(("application/x-www-form-urlencoded", |mime| {
            mime.essence_str() == mime::APPLICATION_WWW_FORM_URLENCODED.essence_str()
        }));

    fn from_bytes(bytes: Vec<u8>) -> Result<Self, InvalidBody> {
        parse_form(&text(bytes)?).map(Self).map_err(InvalidBody::Content)
    }
}

fn text(bytes: Vec<u8>) -> Result<String, InvalidBody> {
    String::from_utf8(bytes).map_err(|_| InvalidBody::Content("it is not UTF-8".to_owned()))
}

/// The arguments of handlers that take the body.
macro_rules! arguments {
    ($([$($generics:tt)*] $type:ty),*; $place:ident) => {$(
        impl<'r, G, $($generics)*> Argument<'r, $place<'r, G>> for $type {
            const TAKES_BODY: bool = true;

            fn argument(_: $place<'r, G>, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
                from_body(head).map_err(IntoAnswer::into_answer)
            }
        }

        /// `None` if the request has no body.
        impl<'r, G, $($generics)*> Argument<'r, $place<'r, G>> for Option<$type> {
            const TAKES_BODY: bool = true;

            fn argument(_: $place<'r, G>, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
                if is_missing(head) { Ok(None) } else { from_body(head).map(Some).map_err(IntoAnswer::into_answer) }
            }
        }

        impl<'r, G, $($generics)*> Argument<'r, $place<'r, G>> for Result<$type, InvalidBody> {
            const TAKES_BODY: bool = true;

            fn argument(_: $place<'r, G>, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
                Ok(from_body(head))
            }
        }
    )*};
}

arguments!([] Body<Vec<u8>>, [] Body<String>, [T: DeserializeOwned] Json<T>, [T: DeserializeOwned] Form<T>; InHandler);
arguments!([] Body<Vec<u8>>, [] Body<String>, [T: DeserializeOwned] Json<T>, [T: DeserializeOwned] Form<T>; InPlain);
