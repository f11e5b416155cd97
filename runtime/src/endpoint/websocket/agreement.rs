//! What a client and a WebSocket endpoint agree on before the connection opens.

use super::{check_origin, choose_subprotocol};
use crate::endpoint::{Answer, FromRequest, RequestHead, Route};

/// Why the client may not open a connection, if its request says that.
pub(crate) fn agreed(route: &Route, head: &RequestHead<'_>) -> Result<(), Answer> {
    let origins = route.may_open();
    if !origins.is_empty() {
        check_origin(head, origins)?;
    }
    chosen(route, head).map(drop)
}

/// What the endpoint and the client speak, if the endpoint says what it speaks.
pub(crate) fn chosen(route: &Route, head: &RequestHead<'_>) -> Result<Option<&'static str>, Answer> {
    match route.spoken() {
        [] => Ok(None),
        names => choose_subprotocol(head, names).map(Some),
    }
}

/// The subprotocol that a WebSocket speaks, as a parameter of its functions: one of those in the option
/// `subprotocols`.
///
/// ```
/// use fanout::Subprotocol;
///
/// #[fanout::ws(subprotocols = ["graphql-transport-ws", "json"])]
/// fn answer(Subprotocol(name): Subprotocol, message: &str) -> String {
///     format!("{message}, as {name} says it")
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subprotocol(pub &'static str);

impl<'r> FromRequest<'r> for Subprotocol {
    type Rejection = Answer;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Answer> {
        let chosen = head.route().map_or(Ok(None), |route| chosen(route, head))?;
        chosen.map(Self).ok_or_else(|| {
            Answer::mistake("an endpoint without `subprotocols` has none to take as a parameter")
        })
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Method};

    use super::*;

    const ROUTE: Route = Route::ws("/", |_, _| Answer::text(200, ""))
        .origins(&["https://a.example"])
        .subprotocols(&["json", "text"]);

    fn ask(route: &Route, headers: &[(&'static str, &str)]) -> Option<u16> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        agreed(route, &RequestHead::new(&Method::GET, "/", None, &map))
            .err()
            .map(|answer| answer.status().as_u16())
    }

    #[test]
    fn both_have_to_agree() {
        let json = ("sec-websocket-protocol", "json");
        assert_eq!(ask(&ROUTE, &[json, ("origin", "https://a.example")]), None);
        assert_eq!(ask(&ROUTE, &[json, ("origin", "https://b.example")]), Some(403));
        assert_eq!(ask(&ROUTE, &[("origin", "https://a.example")]), Some(400));
    }

    #[test]
    fn without_the_options_everybody_may_come_in() {
        let route = Route::ws("/", |_, _| Answer::text(200, ""));
        assert_eq!(ask(&route, &[("origin", "https://b.example")]), None);
    }
}
