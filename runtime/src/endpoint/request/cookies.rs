use std::convert::Infallible;
use std::fmt;

use super::{FromRequest, RequestHead};

/// The cookies of the request.
///
/// A guard reads its session here. One cookie that cannot be read hides no other: what has no `=`, has no name or is not
/// UTF-8 is skipped. ([`headers::Cookie`] reads none at all if one of them has a character beyond ASCII, and a page of another
/// subdomain can set such a cookie.)
///
/// ```
/// use fanout::prelude::*;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Debug, PartialEq, Serialize, Deserialize)]
/// struct User {
///     name: String,
/// }
///
/// fn signed_in(cookies: Cookies) -> Result<User, Answer> {
///     let session = cookies.get("__Host-session").ok_or_else(|| Answer::text(401, "sign in first\n"))?;
///     user_of(session).ok_or_else(|| Answer::text(403, "this session has ended\n"))
/// }
///
/// #[fanout::sse(channel = "news", guard = signed_in)]
/// fn news(Guarded(user): Guarded<&User>) -> Event {
///     Event::comment(format!("welcome, {}", user.name))
/// }
/// # fn user_of(session: &str) -> Option<User> { (session == "a7").then(|| User { name: "Ann".into() }) }
///
/// // In a test, cookies are names and values.
/// assert_eq!(signed_in(Cookies::from_iter([("__Host-session", "a7")])), Ok(User { name: "Ann".to_owned() }));
/// assert_eq!(signed_in(Cookies::default()).unwrap_err().status(), 401);
/// ```
///
/// - Names are case-sensitive. A value is what the client sent: quotes are a part of it, and nothing is percent-decoded.
/// - All `Cookie` headers count, in order: HTTP/2 clients send one for each cookie.
/// - A name may come more than once, since a parent domain and another path can set a cookie of the same name.
///   [`get`](Self::get) returns the first. A browser sends those with the longest path first, which another subdomain may have
///   set: name a session `__Host-…`, which no other host can set, or compare all with [`iter`](Self::iter).
/// - Recovery requests have no cookies. There the guard value comes with the link.
///
/// [`headers::Cookie`]: https://docs.rs/headers/0.4/headers/struct.Cookie.html
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Cookies(Vec<(String, String)>);

impl Cookies {
    /// The value of the first cookie of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(this, _)| *this == name).map(|(_, value)| value)
    }

    /// Names and values, in the order in which the client sent them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Adds the cookies of one header, which [RFC 6265] separates by `;`.
    ///
    /// [RFC 6265]: https://www.rfc-editor.org/rfc/rfc6265#section-4.2
    fn read(&mut self, header: &[u8]) {
        let pairs =
            header.split(|&byte| byte == b';').filter_map(|pair| str::from_utf8(pair).ok()?.split_once('='));
        let trim = |text: &str| text.trim_matches([' ', '\t']).to_owned();
        let pairs = pairs.map(|(name, value)| (trim(name), trim(value)));
        self.0.extend(pairs.filter(|(name, _)| !name.is_empty()));
    }
}

/// Names alone: a value may be a secret, and this goes into logs.
impl fmt::Debug for Cookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cookies")?;
        f.debug_list().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Cookies {
    /// Pairs of a name and a value: for tests.
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

#[diagnostic::do_not_recommend]
impl<'r> FromRequest<'r> for Cookies {
    type Rejection = Infallible;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Infallible> {
        let mut cookies = Self::default();
        for header in head.headers("cookie") {
            cookies.read(header.as_bytes());
        }
        Ok(cookies)
    }
}
