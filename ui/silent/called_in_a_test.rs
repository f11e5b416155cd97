//! Endpoints remain functions, which tests can call.

use fanout::prelude::*;

#[fanout::sse(channel = "news")]
fn news() -> Vec<Event> {
    vec![Event::comment("welcome")]
}

#[fanout::ws(channel = "chat")]
fn chat(head: &RequestHead<'_>) -> Result<String, Answer> {
    head.query().map(str::to_owned).ok_or_else(|| Answer::text(400, "who are you?\n"))
}

#[fanout::main(news, chat)]
fn main(request: Request) -> Response {
    Response::from_body(request.into_body())
}

#[cfg(test)]
mod tests {
    use fanout::http::{HeaderMap, Method};

    use super::*;

    #[test]
    fn a_stream_starts_with_a_welcome() {
        assert_eq!(news(), [Event::comment("welcome")]);
    }

    #[test]
    fn a_chat_asks_for_a_name() {
        let headers = HeaderMap::new();
        let head = |query| RequestHead::new(&Method::GET, "/chat", query, &headers);
        assert_eq!(chat(&head(Some("eve"))).unwrap(), "eve");
        assert_eq!(chat(&head(None)).unwrap_err().status(), 400);
    }

    #[test]
    fn the_type_knows_the_route() {
        assert_eq!(super::news::ROUTE.path(), "/news");
    }
}
