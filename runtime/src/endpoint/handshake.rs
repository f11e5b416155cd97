//! What a client and a WebSocket endpoint agree on before the connection opens.

use http::StatusCode;

use super::{Answer, FromRequest, IntoResponse, RequestHead, Route};

/// Why a client may not open a connection, as far as its request says.
pub(crate) fn refusal(route: &Route, head: &RequestHead<'_>) -> Option<Answer> {
    let origins = route.may_open();
    let origin = head.headers("origin");
    if !origins.is_empty() && !origin.iter().all(|origin| origins.iter().any(|allowed| origin == allowed)) {
        return Some(Answer::text(403, "not from this origin\n"));
    }
    if !route.spoken().is_empty() && chosen(route, head).is_none() {
        return Some(NoSubprotocol(route.spoken()).into_response());
    }
    None
}

/// The endpoint's first subprotocol that the client speaks.
pub(crate) fn chosen(route: &Route, head: &RequestHead<'_>) -> Option<&'static str> {
    let values = head.headers("sec-websocket-protocol");
    let spoken = |name: &str| {
        let mut names = values.iter().flat_map(|value| value.as_bytes().split(|&byte| byte == b','));
        names.any(|this| this.trim_ascii() == name.as_bytes())
    };
    route.spoken().iter().copied().find(|name| spoken(name))
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
    type Rejection = NoSubprotocol;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, NoSubprotocol> {
        let route = head.route().ok_or(NoSubprotocol(&[]))?;
        chosen(route, head).map(Self).ok_or(NoSubprotocol(route.spoken()))
    }
}

/// The client speaks none of an endpoint's subprotocols: a 400 that names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSubprotocol(&'static [&'static str]);

impl IntoResponse for NoSubprotocol {
    fn into_response(self) -> Answer {
        if self.0.is_empty() {
            // The app asks for what its endpoint does not have.
            eprintln!("fanout: an endpoint without `subprotocols` has none to take as a parameter");
            return Answer::new(StatusCode::INTERNAL_SERVER_ERROR);
        }
        Answer::text(400, format!("this endpoint speaks the subprotocols {}\n", self.0.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Method};

    use super::*;

    const ROUTE: Route = Route::ws("/", |_, _| Answer::new(StatusCode::OK))
        .origins(&["https://a.example"])
        .subprotocols(&["json", "text"]);

    fn ask(headers: &[(&'static str, &str)]) -> (Option<u16>, Option<&'static str>) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let head = RequestHead::new(&Method::GET, "/", None, &map);
        (refusal(&ROUTE, &head).map(|answer| answer.status().as_u16()), chosen(&ROUTE, &head))
    }

    #[test]
    fn the_endpoints_preference_counts() {
        assert_eq!(ask(&[("sec-websocket-protocol", "text, json")]), (None, Some("json")));
        assert_eq!(
            ask(&[("sec-websocket-protocol", "soap"), ("sec-websocket-protocol", "text")]),
            (None, Some("text"))
        );
        for none in ["soap", "JSON", "jsonl", ""] {
            assert_eq!(ask(&[("sec-websocket-protocol", none)]), (Some(400), None), "{none}");
        }
        assert_eq!(ask(&[]), (Some(400), None));
    }

    #[test]
    fn a_page_of_another_origin_is_refused() {
        let json = ("sec-websocket-protocol", "json");
        assert_eq!(ask(&[json, ("origin", "https://a.example")]).0, None);
        for other in ["https://b.example", "http://a.example", "https://a.example.org", "null"] {
            assert_eq!(ask(&[json, ("origin", other)]).0, Some(403), "{other}");
        }
        assert_eq!(
            ask(&[json, ("origin", "https://a.example"), ("origin", "https://b.example")]).0,
            Some(403)
        );
    }
}
