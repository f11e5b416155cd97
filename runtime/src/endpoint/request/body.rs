//! The body of a request as an argument of a handler.

use std::fmt;

use http::{HeaderValue, header};
use mime::Mime;
use serde::de::DeserializeOwned;

use super::query::parse_form;
use super::{Argument, InHandler, InPlain, NoBody, RequestHead};
use crate::endpoint::response::by_question_mark;
use crate::endpoint::response::{Answer, IntoAnswer, Json, Reason};
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
#[diagnostic::do_not_recommend]
impl IntoAnswer for InvalidBody {
    fn into_answer(self) -> Answer {
        let reason = match &self {
            Self::ContentType { .. } => Reason::UnsupportedMediaType,
            Self::TooLong { .. } => Reason::BodyTooLarge,
            Self::BrokenOff | Self::Content(_) => Reason::InvalidBody,
            Self::Taken => return Answer::mistake(self),
        };
        let answer = Answer::refused(reason, &self);
        match self {
            Self::ContentType { accepted } => {
                answer.with_header(header::ACCEPT, HeaderValue::from_static(accepted))
            }
            _ => answer,
        }
    }
}

by_question_mark!(InvalidBody);

/// The content type that a body must have: its name, and the check of a written one.
type Accepted = (&'static str, fn(&Mime) -> bool);

/// A type that the body of a request is made of.
pub(super) trait FromBody: Sized {
    /// The content type that the body must have, or `None` for any.
    const ACCEPTED: Option<Accepted> = None;

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
        // `mime` refuses the space before a parameter, which RFC 9110 allows.
        [only] => only.to_str().ok()?.split(';').next()?.trim().parse().ok(),
        _ => None,
    }
}

/// The value, unless the request has neither a content type nor a body. Headers do not say whether a body is there: HTTP/2
/// has no `Transfer-Encoding`.
fn from_body_if_there<T: FromBody>(head: &RequestHead<'_>) -> Result<Option<T>, InvalidBody> {
    if head.header("content-type").is_some() {
        return from_body(head).map(Some);
    }
    match (bytes(head)?, T::ACCEPTED) {
        (bytes, _) if bytes.is_empty() => Ok(None),
        (_, Some((accepted, _))) => Err(InvalidBody::ContentType { accepted }),
        (bytes, None) => T::from_bytes(bytes).map(Some),
    }
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
    const ACCEPTED: Option<Accepted> = Some(("application/json", |mime| {
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
    const ACCEPTED: Option<Accepted> = Some(("application/x-www-form-urlencoded", |mime| {
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
        #[diagnostic::do_not_recommend]
        impl<'r, G, $($generics)*> Argument<'r, $place<'r, G>> for $type {
            const TAKES_BODY: bool = true;

            fn argument(_: $place<'r, G>, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
                from_body(head).map_err(IntoAnswer::into_answer)
            }
        }

        /// `None` if the request has neither a body nor a content type.
        #[diagnostic::do_not_recommend]
        impl<'r, G, $($generics)*> Argument<'r, $place<'r, G>> for Option<$type> {
            const TAKES_BODY: bool = true;

            fn argument(_: $place<'r, G>, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
                from_body_if_there(head).map_err(IntoAnswer::into_answer)
            }
        }

        #[diagnostic::do_not_recommend]
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

#[cfg(test)]
mod tests {
    use std::any::Any;
    use std::cell::Cell;

    use http::{HeaderMap, Method};
    use serde::Deserialize;

    use super::*;
    use crate::Route;
    use crate::endpoint::request::Host;

    /// A host with this body, which counts what is read.
    struct Sent<'b> {
        body: &'b [u8],
        breaks_off: bool,
        read: Cell<Option<usize>>,
    }

    impl Host for Sent<'static> {
        fn take_body(&self, limit: usize) -> Result<Vec<u8>, NoBody> {
            if self.read.replace(Some(limit)).is_some() {
                Err(NoBody::Taken)
            } else if self.breaks_off {
                Err(NoBody::BrokenOff("early".to_owned()))
            } else if self.body.len() > limit {
                Err(NoBody::TooLong)
            } else {
                Ok(self.body.to_vec())
            }
        }

        fn as_any(&self) -> &dyn Any {
            self
        }
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Goal {
        minute: u8,
        players: Vec<String>,
    }

    const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
    const FORM: &[(&str, &str)] = &[("content-type", "application/x-www-form-urlencoded")];

    fn with_head<R>(
        headers: &[(&'static str, &str)],
        host: &Sent<'static>,
        read: impl FnOnce(&RequestHead<'_>) -> R,
    ) -> R {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        const ROUTE: Route = Route::plain("/", |_| Answer::new(http::StatusCode::OK)).max_body(100);
        read(&RequestHead::new(&Method::POST, "/", None, &map).on_host(host).for_endpoint(&ROUTE.settings))
    }

    fn sent(body: &'static [u8]) -> Sent<'static> {
        Sent { body, breaks_off: false, read: Cell::new(None) }
    }

    /// The argument of a plain endpoint, and that of a hold, which is the same.
    fn argument<T: for<'r> Argument<'r, InPlain<'r, ()>> + for<'r> Argument<'r, InHandler<'r, ()>>>(
        headers: &[(&'static str, &str)],
        body: &'static [u8],
    ) -> Result<T, (u16, String)> {
        let said =
            |answer: Answer| (answer.status().as_u16(), String::from_utf8(answer.body().to_vec()).unwrap());
        let held: Result<T, Answer> =
            with_head(headers, &sent(body), |head| Argument::argument(InHandler(&()), head));
        let plain: Result<T, Answer> =
            with_head(headers, &sent(body), |head| Argument::argument(InPlain(&()), head));
        assert_eq!(held.map(drop).map_err(said), plain.as_ref().map(|_| ()).map_err(|no| said(no.clone())));
        plain.map_err(said)
    }

    fn json(headers: &[(&'static str, &str)], body: &'static [u8]) -> Result<Goal, (u16, String)> {
        argument(headers, body).map(|Json(goal)| goal)
    }

    #[test]
    fn json_of_a_fitting_type_is_read() {
        let goal = Goal { minute: 7, players: vec!["ann".to_owned()] };
        for written in [
            "application/json",
            "application/json ; charset=utf-8",
            "Application/JSON; charset=utf-8",
            "application/vnd.goal+json",
            "application/problem+json;v=1",
        ] {
            let body = br#" {"minute": 7, "players": ["ann"]} "#;
            assert_eq!(json(&[("content-type", written)], body).as_ref(), Ok(&goal), "{written}");
        }
    }

    #[test]
    fn another_content_type_is_a_415_before_the_body_is_read() {
        let text = "the content type of the body must be `application/json`\n";
        let json = ("content-type", "application/json");
        for headers in [
            &[][..],
            &[("content-type", "")],
            &[("content-type", "text/plain")],
            &[("content-type", "text/json")],
            &[("content-type", "application/jsonp")],
            &[("content-type", "application/xml+jsons")],
            &[("content-type", "json")],
            &[("content-type", "text/plain, application/json")],
            &[("content-type", "text/plain;a=application/json")],
            &[json, json],
            &[json, ("content-type", "text/plain")],
        ] {
            assert_eq!(super::tests::json(headers, b"{}"), Err((415, text.to_owned())), "{headers:?}");
            let host = super::tests::sent(b"{}");
            let read = with_head(headers, &host, from_body::<Json<Goal>>);
            assert_eq!(read, Err(InvalidBody::ContentType { accepted: "application/json" }));
            assert_eq!(host.read.get(), None, "{headers:?}");
        }
        let answer = InvalidBody::ContentType { accepted: "application/json" }.into_answer();
        assert_eq!(answer.header("accept").unwrap(), "application/json");
    }

    #[test]
    fn json_that_does_not_fit_is_a_400_with_the_place() {
        let invalid = |reason: &str| Err((400, format!("the body is invalid: {reason}\n")));
        for (body, reason) in [
            (&b""[..], "it is empty"),
            (br#"{"minute": 7,"#, "EOF while parsing a value at line 1 column 13"),
            (
                b"{\"minute\": 7,\n\"players\": [1]}",
                "players[0]: invalid type: integer `1`, expected a string at line 2 column 13",
            ),
            (
                br#"{"minute": 256, "players": []}"#,
                "minute: invalid value: integer `256`, expected u8 at line 1 column 14",
            ),
            (br#"{"minute": 7}"#, "missing field `players` at line 1 column 13"),
            (br#"{"minute": 7, "players": []} x"#, "trailing characters at line 1 column 30"),
        ] {
            assert_eq!(json(JSON, body), invalid(reason));
        }
        let (status, text) = json(JSON, b"\"\xff\"").unwrap_err();
        assert!(status == 400 && text.starts_with("the body is invalid: "), "{text}");
    }

    #[test]
    fn a_form_is_read_as_a_query_is() {
        let form = |headers: &[(&'static str, &str)], body| argument(headers, body).map(|Form(goal)| goal);
        let goal = Goal { minute: 7, players: vec!["ann b".to_owned(), "c=".to_owned()] };
        assert_eq!(form(FORM, b"minute=7&players=ann+b&players=c%3d"), Ok(goal));
        let invalid = |reason: &str| Err((400, format!("the body is invalid: {reason}\n")));
        assert_eq!(form(FORM, b"minute=7&players=%ff"), invalid("`players` is not UTF-8"));
        assert_eq!(form(FORM, b"minute=\xff"), invalid("it is not UTF-8"));
        assert_eq!(form(FORM, b"minute=x&players=a"), invalid("minute: invalid digit found in string"));
        assert_eq!(form(JSON, b"minute=7").unwrap_err().0, 415);
        assert_eq!(form(&[("content-type", "multipart/form-data; boundary=a")], b"").unwrap_err().0, 415);
    }

    #[test]
    fn bytes_and_text_are_of_any_type() {
        for headers in [&[][..], JSON, FORM] {
            let bytes = argument(headers, b"a\xff").map(|Body::<Vec<u8>>(bytes)| bytes);
            assert_eq!(bytes, Ok(b"a\xff".to_vec()));
            assert_eq!(argument(headers, b"a").map(|Body::<String>(text)| text), Ok("a".to_owned()));
            assert_eq!(argument(headers, b"").map(|Body::<String>(text)| text), Ok(String::new()));
        }
        let invalid = argument::<Body<String>>(&[], b"a\xff").unwrap_err();
        assert_eq!(invalid, (400, "the body is invalid: it is not UTF-8\n".to_owned()));
    }

    /// The limit is that of the endpoint, 100 bytes.
    #[test]
    fn a_body_over_the_limit_is_a_413() {
        const LONG: &[u8] = &[b'a'; 101];
        assert_eq!(argument::<Body<String>>(&[], &LONG[..100]).map(|Body(text)| text.len()), Ok(100));
        let too_long = "the body has more than 100 bytes, which is the limit\n";
        assert_eq!(argument::<Body<String>>(&[], LONG), Err((413, too_long.to_owned())));
        assert_eq!(json(JSON, LONG), Err((413, too_long.to_owned())));
    }

    #[test]
    fn an_option_is_none_without_a_body() {
        let json = |headers: &[(&'static str, &str)], body| {
            argument::<Option<Json<u8>>>(headers, body).map(|json| json.map(|Json(number)| number))
        };
        assert_eq!(json(&[], b""), Ok(None));
        assert_eq!(json(&[("content-length", "0")], b""), Ok(None));
        assert_eq!(json(JSON, b"7"), Ok(Some(7)));
        assert_eq!(json(JSON, b"x").unwrap_err().0, 400);
        assert_eq!(json(&[], b"7").unwrap_err().0, 415);
        assert_eq!(json(JSON, b"").unwrap_err().0, 400);
        let text = argument::<Option<Body<String>>>(&[], b"a").map(|body| body.map(|Body(text)| text));
        assert_eq!(text, Ok(Some("a".to_owned())));
    }

    #[test]
    fn a_result_is_the_reason() {
        let json = argument::<Result<Json<u8>, InvalidBody>>(JSON, b"x").unwrap();
        let Err(InvalidBody::Content(reason)) = json else { panic!("{json:?}") };
        assert_eq!(reason, "expected value at line 1 column 1");
    }

    #[test]
    fn a_body_that_breaks_off_is_a_400_and_one_that_was_taken_a_500() {
        let host = Sent { breaks_off: true, ..sent(b"a") };
        let read = |host| with_head(&[], host, from_body::<Body<String>>);
        assert_eq!(read(&host), Err(InvalidBody::BrokenOff));
        assert_eq!(InvalidBody::BrokenOff.into_answer().status(), 400);
        let host = sent(b"a");
        assert_eq!(read(&host), Ok(Body("a".to_owned())));
        assert_eq!(read(&host), Err(InvalidBody::Taken));
        assert_eq!(InvalidBody::Taken.into_answer().status(), 500);
    }
}
