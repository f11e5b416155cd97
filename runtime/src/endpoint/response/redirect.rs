use http::{HeaderValue, StatusCode, header};

use super::{Answer, IntoAnswer};
use crate::grip::Link;

/// Redirects the client. An `EventSource` follows; a browser's `WebSocket` does not.
///
/// ```
/// use fanout::Redirect;
/// use fanout::grip::Link;
///
/// #[fanout::sse(channel = "news", path = "/old")]
/// fn moved() -> Result<(), Redirect> {
///     Err(Redirect::temporary(Link::from_static("/news")))
/// }
/// # use fanout::IntoAnswer;
/// # let answer = moved().unwrap_err().into_answer();
/// # assert_eq!((answer.status().as_u16(), answer.header("location").unwrap().as_bytes()), (307, &b"/news"[..]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a redirect does nothing until it is returned"]
pub struct Redirect {
    status: StatusCode,
    location: Link,
}

impl Redirect {
    /// 303 See Other: the client sends a `GET`.
    pub const fn see_other(location: Link) -> Self {
        Self { status: StatusCode::SEE_OTHER, location }
    }

    /// 307 Temporary Redirect: the client repeats the request.
    pub const fn temporary(location: Link) -> Self {
        Self { status: StatusCode::TEMPORARY_REDIRECT, location }
    }

    /// 308 Permanent Redirect: the client repeats the request, and remembers the location.
    pub const fn permanent(location: Link) -> Self {
        Self { status: StatusCode::PERMANENT_REDIRECT, location }
    }
}

#[diagnostic::do_not_recommend]
impl IntoAnswer for Redirect {
    fn into_answer(self) -> Answer {
        let location = HeaderValue::from_str(self.location.as_str()).expect("a link is printable ASCII");
        Answer::new(self.status).with_header(header::LOCATION, location)
    }
}
