//! The handshake of a WebSocket. The checks run on the client request, before the handoff, and again when the Fanout
//! request opens the connection.

use crate::endpoint::request::{FromRequest, RequestHead};
use crate::endpoint::response::{Answer, Reason};
use crate::endpoint::routing::Settings;

/// Checks the origin and the subprotocol of a client.
pub(crate) fn check(settings: &Settings, head: &RequestHead<'_>) -> Result<(), Answer> {
    if !settings.origins.is_empty() {
        check_origin(head, settings.origins)?;
    }
    subprotocol(settings, head).map(drop)
}

/// The subprotocol of a connection, if the endpoint has subprotocols.
pub(crate) fn subprotocol(
    settings: &Settings,
    head: &RequestHead<'_>,
) -> Result<Option<&'static str>, Answer> {
    match settings.subprotocols {
        [] => Ok(None),
        names => choose_subprotocol(head, names).map(Some),
    }
}

/// The subprotocol of a connection as an argument: one of the option `subprotocols`.
///
/// ```
/// use fanout::websocket::Subprotocol;
///
/// #[fanout::ws(subprotocols = ["graphql-transport-ws", "json"])]
/// fn answer(Subprotocol(name): Subprotocol, message: &str) -> String {
///     format!("{message}, as {name} says it")
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subprotocol(pub &'static str);

#[diagnostic::do_not_recommend]
impl<'r> FromRequest<'r> for Subprotocol {
    type Rejection = Answer;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Answer> {
        let chosen = head.settings().map_or(Ok(None), |settings| subprotocol(settings, head))?;
        chosen
            .map(Self)
            .ok_or_else(|| Answer::mistake("a `Subprotocol` argument needs the option `subprotocols`"))
    }
}

/// The subprotocol of a connection: the first of `taken` that the client offers. Accept it with
/// [`Reply::subprotocol`](crate::websocket::Reply::subprotocol).
///
/// ```
/// use fanout::RequestHead;
/// use fanout::websocket::choose_subprotocol;
/// use fanout::http::{HeaderMap, Method};
///
/// let mut headers = HeaderMap::new();
/// headers.insert("sec-websocket-protocol", "json, graphql-transport-ws".parse()?);
/// let head = RequestHead::new(&Method::GET, "/graph", None, &headers);
/// assert_eq!(choose_subprotocol(&head, &["graphql-transport-ws", "json"]).unwrap(), "graphql-transport-ws");
/// assert_eq!(choose_subprotocol(&head, &["mqtt"]).unwrap_err().status(), 400);
/// # Ok::<(), fanout::http::header::InvalidHeaderValue>(())
/// ```
///
/// # Errors
///
/// A 400 with the names, if the client offers none of them.
pub fn choose_subprotocol<'p>(head: &RequestHead<'_>, taken: &[&'p str]) -> Result<&'p str, Answer> {
    // Subprotocols are compared byte for byte.
    let rank = |offer: &[u8]| taken.iter().position(|name| name.as_bytes() == offer);
    match head.list("sec-websocket-protocol").filter_map(rank).min() {
        Some(rank) => Ok(taken[rank]),
        None => {
            let names = taken.join(", ");
            Err(Answer::refused(Reason::UnsupportedSubprotocol, format_args!("this endpoint speaks {names}")))
        }
    }
}

/// Admits pages of these origins. An origin, such as `https://example.com`, has a scheme, a host and a port that is
/// not the default, as browsers write it.
///
/// Browsers let a page of any origin open a WebSocket, and send their cookies with it. So an app that trusts a cookie
/// must check the origin. A client without an `Origin` header is not a browser, could send any, and is admitted.
///
/// # Errors
///
/// A 403, if the page is of another origin.
pub fn check_origin(head: &RequestHead<'_>, origins: &[&str]) -> Result<(), Answer> {
    if head.headers("origin").iter().all(|origin| origins.iter().any(|known| origin == known)) {
        Ok(())
    } else {
        Err(Answer::refused(Reason::ForbiddenOrigin, "pages of this origin may not connect"))
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Method};

    use super::*;
    use crate::endpoint::Route;

    const ROUTE: Route = Route::ws("/", |_, _| Answer::text(200, ""))
        .origins(&["https://a.example"])
        .subprotocols(&["json", "text"]);

    fn ask(route: &Route, headers: &[(&'static str, &str)]) -> Option<u16> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        check(&route.settings, &RequestHead::new(&Method::GET, "/", None, &map))
            .err()
            .map(|answer| answer.status().as_u16())
    }

    #[test]
    fn origin_and_subprotocol_are_both_checked() {
        let json = ("sec-websocket-protocol", "json");
        assert_eq!(ask(&ROUTE, &[json, ("origin", "https://a.example")]), None);
        assert_eq!(ask(&ROUTE, &[json, ("origin", "https://b.example")]), Some(403));
        assert_eq!(ask(&ROUTE, &[("origin", "https://a.example")]), Some(400));
    }

    #[test]
    fn without_the_options_every_client_is_admitted() {
        let route = Route::ws("/", |_, _| Answer::text(200, ""));
        assert_eq!(ask(&route, &[("origin", "https://b.example")]), None);
    }
}
