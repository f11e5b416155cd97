use std::fmt;

use percent_encoding::percent_decode_str;
use serde::Deserialize;

use super::{FromRequest, OptionalFromRequest, RequestHead};
use crate::endpoint::response::by_question_mark;
use crate::endpoint::response::{Answer, IntoAnswer, Reason};

/// The query of the request, read by serde: `?topic=a&topic=b&since=42`.
///
/// A name that comes more than once fills a `Vec`. An invalid query is a 400 with the reason and the place. So is a
/// missing field, unless it is an `Option` or has a `#[serde(default)]`.
///
/// ```
/// use fanout::prelude::*;
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Filter {
///     #[serde(default)]
///     topic: Vec<String>,
///     since: Option<u32>,
/// }
///
/// #[fanout::sse(channel = "news")]
/// fn news(Query(filter): Query<Filter>) -> Event {
///     Event::comment(format!("{} topics since {:?}", filter.topic.len(), filter.since))
/// }
/// ```
///
/// # Text
///
/// Names and values are decoded once: `+` is a space, `%20` too. The rule for text is that of path parameters: a name or a
/// value that is not UTF-8 is a 400 that names it, whether `T` has such a field or not. A value may have control characters,
/// such as the line breaks of a text. A channel made of one is a 400, as it is for a path: [`Channel`](crate::Channel) says
/// where.
///
/// # Flattened structs
///
/// serde gives a `#[serde(flatten)]` field, and an untagged enum, every value as a text. A number or a `bool` in there is a
/// 400, because serde does not parse a text that it has stored. So is a `Vec` whose name comes once: keep lists out of it.
/// Parse a number yourself:
///
/// ```
/// use std::fmt::Display;
/// use std::str::FromStr;
///
/// use fanout::Query;
/// use serde::de::{Deserialize, Deserializer, Error};
///
/// fn parsed<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(value: D) -> Result<T, D::Error> {
///     String::deserialize(value)?.parse().map_err(D::Error::custom)
/// }
///
/// #[derive(serde::Deserialize)]
/// struct Page {
///     #[serde(deserialize_with = "parsed")]
///     number: u32,
/// }
///
/// #[derive(serde::Deserialize)]
/// struct Search {
///     text: String,
///     #[serde(flatten)]
///     page: Page,
/// }
///
/// let Query(search) = Query::<Search>::parse("text=goals&number=2")?;
/// assert_eq!((search.text.as_str(), search.page.number), ("goals", 2));
/// # Ok::<(), fanout::endpoint::InvalidQuery>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Query<T>(pub T);

impl<'q, T: Deserialize<'q>> Query<T> {
    /// Parses a query without its `?`, as [`get_query_str`](crate::prelude::Request::get_query_str) returns it in the
    /// body of `main`.
    ///
    /// ```
    /// use fanout::Query;
    /// use serde::Deserialize;
    ///
    /// #[fanout::sse(path = "/scores/{game}", channel = "scores-{game}")]
    /// fn scores() {}
    ///
    /// #[derive(Deserialize)]
    /// struct Goal {
    ///     game: String,
    /// }
    ///
    /// // The client of `/scores/a%20b` receives what is published to this channel.
    /// let Query(goal) = Query::<Goal>::parse("game=a%20b")?;
    /// assert_eq!(scores::channel(&goal.game).as_str(), "scores-a b");
    ///
    /// let error = Query::<Goal>::parse("game=%ff").err().unwrap();
    /// assert_eq!(error.to_string(), "the query of the request is invalid: `game` is not UTF-8");
    /// # Ok::<(), fanout::endpoint::InvalidQuery>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a name or a value is not UTF-8, or serde cannot make a `T`.
    pub fn parse(query: &'q str) -> Result<Self, InvalidQuery> {
        parse_form(query).map(Self).map_err(InvalidQuery)
    }
}

/// Reads the names and values of a query or of a form. The error is the reason.
pub(super) fn parse_form<'q, T: Deserialize<'q>>(form: &'q str) -> Result<T, String> {
    // The deserializer would replace invalid UTF-8, and so make one value of many.
    check_utf8(form)?;
    let form = serde_html_form::Deserializer::from_bytes(form.as_bytes());
    serde_path_to_error::deserialize(form).map_err(|error| error.to_string())
}

fn check_utf8(query: &str) -> Result<(), String> {
    for pair in query.split('&').filter(|pair| pair.contains('%')) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let spaced = name.replace('+', " ");
        match percent_decode_str(&spaced).decode_utf8() {
            Err(_) => return Err(format!("the name `{name}` is not UTF-8")),
            Ok(name) if percent_decode_str(value).decode_utf8().is_err() => {
                return Err(format!("`{}` is not UTF-8", name.escape_debug()));
            }
            Ok(_) => {}
        }
    }
    Ok(())
}

#[diagnostic::do_not_recommend]
impl<'r, T: Deserialize<'r>> FromRequest<'r> for Query<T> {
    type Rejection = InvalidQuery;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, InvalidQuery> {
        Self::parse(head.query().unwrap_or_default())
    }
}

/// `None` if the request has no query.
#[diagnostic::do_not_recommend]
impl<'r, T: Deserialize<'r>> OptionalFromRequest<'r> for Query<T> {
    type Rejection = InvalidQuery;

    fn from_request_if_there(head: &'r RequestHead<'r>) -> Result<Option<Self>, InvalidQuery> {
        match head.query() {
            None | Some("") => Ok(None),
            Some(_) => Self::from_request(head).map(Some),
        }
    }
}

/// The error for a query that does not deserialize.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidQuery(String);

impl fmt::Display for InvalidQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the query of the request is invalid: {}", self.0)
    }
}

impl std::error::Error for InvalidQuery {}

/// A 400 with the reason.
#[diagnostic::do_not_recommend]
impl IntoAnswer for InvalidQuery {
    fn into_answer(self) -> Answer {
        Answer::refused(Reason::InvalidQuery, self)
    }
}

by_question_mark!(InvalidQuery);
