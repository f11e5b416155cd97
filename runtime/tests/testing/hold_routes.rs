//! A macro writes the route of a simple hold, and the attribute writes all others. Both answer alike.

use fanout::http::Method;
use fanout::testing::{self, App};

use super::seconds;

/// Holds of every kind, with a handler that returns nothing and one that returns an opening.
macro_rules! endpoints {
    ($module:ident: $($option:ident = $value:literal)?) => {
        mod $module {
            use fanout::prelude::*;

            #[fanout::sse(path = "/sse/{room}", channel = "room-{room}" $(, $option = $value)?)]
            fn events() {}

            #[fanout::sse(path = "/opened-sse/{room}", channel = "room-{room}" $(, $option = $value)?)]
            fn opened_events() -> Event {
                Event::data("one\ntwo")
            }

            #[fanout::stream(path = "/stream/{room}", channel = "room-{room}" $(, $option = $value)?)]
            fn text() {}

            #[fanout::stream(path = "/opened-stream/{room}", channel = "room-{room}" $(, $option = $value)?)]
            fn opened_text() -> &'static str {
                "from here on\n"
            }

            #[fanout::long_poll(path = "/poll/{room}", channel = "room-{room}" $(, $option = $value)?)]
            fn poll() {}

            #[fanout::long_poll(path = "/opened-poll/{room}", channel = "room-{room}" $(, $option = $value)?)]
            fn opened_poll() -> Result<&'static str, StatusCode> {
                Ok("nothing yet\n")
            }

            #[fanout::sse(path = "/refused/{room}", channel = "room-{room}" $(, $option = $value)?)]
            fn refused() -> Result<(), StatusCode> {
                Err(StatusCode::CONFLICT)
            }

            #[fanout::endpoints(events, opened_events, text, opened_text, poll, opened_poll, refused)]
            pub enum Endpoints {}
        }
    };
}

endpoints!(by_macro:);
// Defaults, which the attribute writes all the same: an option of the hold, and one of the route.
endpoints!(by_attribute: status = 200);
endpoints!(by_attribute_in_one_call: backend = "self");

/// The response that a client gets, and the hold that the proxy reads.
fn got(app: &App, method: &Method, path: &str) -> String {
    let mut client = app.request(method.clone(), path).open();
    let hold = client.is_held().then(|| client.hold());
    app.advance(seconds(60));
    let names = client.header_names();
    let headers: Vec<_> = names.iter().map(|name| (name, client.headers(name))).collect();
    let status = client.status();
    let mut body = Vec::new();
    while let Some(part) = client.try_next_bytes() {
        body.push(String::from_utf8(part).expect("text"));
    }
    format!("{status} {headers:?} {hold:#?} {body:?}")
}

#[test]
fn the_macro_and_the_attribute_answer_alike() {
    let by_macro = testing::app::<by_macro::Endpoints>();
    let by_attribute = testing::app::<by_attribute::Endpoints>();
    let by_attribute_in_one_call = testing::app::<by_attribute_in_one_call::Endpoints>();
    let too_long = "x".repeat(2_100);
    for kind in ["sse", "opened-sse", "stream", "opened-stream", "poll", "opened-poll", "refused"] {
        for room in ["red", "a%2Cb%0d%0aGrip-Hold:%20x", &too_long] {
            for method in [Method::GET, Method::POST, Method::HEAD, Method::OPTIONS] {
                let path = format!("/{kind}/{room}");
                let expected = got(&by_macro, &method, &path);
                assert_eq!(got(&by_attribute, &method, &path), expected, "{method} {path}");
                assert_eq!(got(&by_attribute_in_one_call, &method, &path), expected, "{method} {path}");
            }
        }
    }
}
