//! What a client asks for when it opens a WebSocket. Both checks run on either invocation: at the edge, before the
//! handoff, and where the connection is accepted.

use crate::endpoint::{Answer, RequestHead};

/// The subprotocol of a connection: the first of `taken` that the client offers. Accept it with
/// [`Reply::subprotocol`](crate::grip::websocket::Reply::subprotocol).
///
/// ```
/// use fanout::RequestHead;
/// use fanout::endpoint::websocket::choose_subprotocol;
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
/// If the client offers none of them: a 400 that names them.
pub fn choose_subprotocol<'p>(head: &RequestHead<'_>, taken: &[&'p str]) -> Result<&'p str, Answer> {
    // Subprotocols are compared byte for byte.
    let rank = |offer: &[u8]| taken.iter().position(|name| name.as_bytes() == offer);
    match head.list("sec-websocket-protocol").filter_map(rank).min() {
        Some(rank) => Ok(taken[rank]),
        None => Err(Answer::text(400, format!("this endpoint speaks {}\n", taken.join(", ")))),
    }
}

/// Lets a page of one of these origins in, such as `https://example.com`: scheme, host and, if it is not the default,
/// port, as browsers write it.
///
/// Browsers let a page of any origin open a WebSocket, and send their cookies with it: so whoever trusts a cookie has to
/// look where the page is from. A client that sends no `Origin` is no browser, could send any, and is let in.
///
/// # Errors
///
/// If the page is of another origin: a 403.
pub fn check_origin(head: &RequestHead<'_>, origins: &[&str]) -> Result<(), Answer> {
    if head.headers("origin").iter().all(|origin| origins.iter().any(|known| origin == known)) {
        Ok(())
    } else {
        Err(Answer::text(403, "pages of this origin may not connect\n"))
    }
}
