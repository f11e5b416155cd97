use std::fmt;

use serde::Deserialize;

use super::{FromRequest, OptionalFromRequest};
use crate::endpoint::RequestHead;

/// The query of the request, read by serde: `?topic=a&topic=b&since=42`.
///
/// A name that comes more than once fills a `Vec`. What the client wrote wrong is a 400 that says what and where; so is
/// a field that is not there, unless it is an `Option` or has a `#[serde(default)]`.
///
/// ```
/// use fanout::Query;
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Query<T>(pub T);

impl<'r, T: Deserialize<'r>> FromRequest<'r> for Query<T> {
    type Rejection = InvalidQuery;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, InvalidQuery> {
        let query = head.query().unwrap_or_default();
        let query = serde_html_form::Deserializer::from_bytes(query.as_bytes());
        serde_path_to_error::deserialize(query).map(Self).map_err(|error| InvalidQuery(error.to_string()))
    }
}

/// `None` where the request has no query.
impl<'r, T: Deserialize<'r>> OptionalFromRequest<'r> for Query<T> {
    type Rejection = InvalidQuery;

    fn from_request_if_there(head: &'r RequestHead<'r>) -> Result<Option<Self>, InvalidQuery> {
        match head.query() {
            None | Some("") => Ok(None),
            Some(_) => Self::from_request(head).map(Some),
        }
    }
}

/// Why a query is not what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidQuery(String);

impl fmt::Display for InvalidQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the query of the request is not what it should be: {}", self.0)
    }
}

impl std::error::Error for InvalidQuery {}
