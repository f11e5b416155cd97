//! Answers to scripts of other origins, as the [Fetch standard] has it.
//!
//! [Fetch standard]: https://fetch.spec.whatwg.org/#http-cors-protocol

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, VARY,
};
use http::{HeaderValue, Method};

use super::Answer;
use crate::endpoint::{Methods, RequestHead, Route};

/// The time, in seconds, for which a browser caches a preflight: the limit of Chromium.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");

/// Adds the headers that let pages of other origins read an answer of a route. `all` are the routes of the path.
pub(crate) fn allow<'t>(
    route: &Route,
    all: impl Iterator<Item = &'t Route>,
    head: &RequestHead<'_>,
    answer: Answer,
) -> Answer {
    // It costs a hostcall.
    let origin = || head.header("origin");
    let answer = match route.settings.cors {
        [] => return answer,
        ["*"] => answer.with_client_header(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        _ => {
            let answer = answer.with_client_header(VARY, HeaderValue::from_static("Origin"));
            match origin().filter(|origin| lists(route, origin)) {
                Some(origin) => answer
                    .with_client_header(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone())
                    .with_client_header(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true")),
                None => answer,
            }
        }
    };
    if *head.method() != Method::OPTIONS {
        return answer;
    }
    // A browser remembers each method for the origin. So the answer names other methods of the path only if their routes
    // let the same pages send the same cookies.
    let origin = origin();
    let is_listed = |route: &Route| origin.is_some_and(|origin| lists(route, origin));
    let is_alike = |other: &&Route| match route.settings.cors {
        ["*"] => other.settings.cors == ["*"] || is_listed(other),
        _ => is_listed(route) && is_listed(other),
    };
    let methods =
        all.filter(is_alike).fold(route.allowed_methods(), |all, other| all.or(other.allowed_methods()));
    preflight(methods, head, answer)
}

/// Returns true if the route lists the origin.
fn lists(route: &Route, origin: &HeaderValue) -> bool {
    route.settings.cors.iter().any(|listed| origin == listed)
}

/// Answers the preflight of a browser, which comes before a request that a form cannot send.
fn preflight(methods: Methods, head: &RequestHead<'_>, answer: Answer) -> Answer {
    if head.header("access-control-request-method").is_none() {
        return answer;
    }
    let methods = HeaderValue::try_from(methods.to_string()).expect("methods fit a header");
    let answer = answer
        .with_client_header(ACCESS_CONTROL_ALLOW_METHODS, methods)
        .with_client_header(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    // All request headers are allowed: the guard checks their values.
    match head.header("access-control-request-headers") {
        Some(asked) => answer.with_client_header(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone()),
        None => answer,
    }
}

#[cfg(test)]
mod tests {
    use std::iter;

    use http::HeaderMap;

    use super::*;
    use crate::grip::{Channel, Hold};

    fn headers(
        origins: &'static [&'static str],
        method: Method,
        asked: &[(&'static str, &str)],
        answer: Answer,
    ) -> Vec<String> {
        let mut map = HeaderMap::new();
        for (name, value) in asked {
            map.append(*name, value.parse().unwrap());
        }
        let route = Route::sse("/", |_| Answer::text(200, "")).cors(origins);
        let answer = allow(&route, iter::once(&route), &RequestHead::new(&method, "/", None, &map), answer)
            .written("/")
            .unwrap();
        answer.headers().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect()
    }

    fn empty() -> Answer {
        Answer::new(http::StatusCode::OK)
    }

    const LISTED: &[&str] = &["https://a.example", "https://b.example"];

    #[test]
    fn without_the_option_nothing_is_said() {
        assert_eq!(headers(&[], Method::GET, &[("origin", "https://a.example")], empty()), [""; 0]);
    }

    #[test]
    fn every_origin_may_read_without_cookies() {
        let said = headers(&["*"], Method::GET, &[("origin", "https://a.example")], empty());
        assert_eq!(said, ["access-control-allow-origin: *"]);
    }

    #[test]
    fn a_listed_origin_may_read_with_cookies_and_another_may_not() {
        let said = headers(LISTED, Method::GET, &[("origin", "https://b.example")], empty());
        let allowed = [
            "vary: Origin",
            "access-control-allow-origin: https://b.example",
            "access-control-allow-credentials: true",
        ];
        assert_eq!(said, allowed);
        for other in
            ["https://b.example.org", "https://b.example, https://a.example", "null", "HTTPS://A.EXAMPLE"]
        {
            assert_eq!(
                headers(LISTED, Method::GET, &[("origin", other)], empty()),
                ["vary: Origin"],
                "{other}"
            );
        }
        assert_eq!(headers(LISTED, Method::GET, &[], empty()), ["vary: Origin"]);
    }

    #[test]
    #[should_panic(expected = "stands alone")]
    fn every_origin_and_another_is_a_mistake() {
        let _ = Route::sse("/", |_| Answer::text(200, "")).cors(&["*", "https://a.example"]);
    }

    #[test]
    fn a_preflight_is_answered() {
        let asked = [
            ("origin", "https://a.example"),
            ("access-control-request-method", "GET"),
            ("access-control-request-headers", "authorization"),
        ];
        let said = headers(LISTED, Method::OPTIONS, &asked, empty());
        assert_eq!(
            said[3..],
            [
                "access-control-allow-methods: GET",
                "access-control-max-age: 7200",
                "access-control-allow-headers: authorization",
            ]
        );
    }

    #[test]
    fn a_hold_that_is_sent_as_json_says_it_inside() {
        let route = Route::sse("/", |_| Answer::text(200, "")).cors(&["*"]);
        let (method, map) = (Method::GET, HeaderMap::new());
        let answer = Hold::sse(Channel::from_static("a,b")).into();
        let answer = allow(&route, iter::once(&route), &RequestHead::new(&method, "/", None, &map), answer)
            .written("/")
            .unwrap();
        assert!(answer.header("access-control-allow-origin").is_none());
        let json: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
        let headers = json["response"]["headers"].as_array().unwrap();
        assert!(headers.contains(&serde_json::json!(["access-control-allow-origin", "*"])), "{json}");
    }

    #[test]
    fn a_hold_that_shows_few_headers_shows_these() {
        let hold = Hold::sse(Channel::from_static("a")).expose_headers([http::header::ETAG]);
        let said = headers(&["*"], Method::GET, &[], hold.into());
        let shown = "grip-expose-headers: etag, content-type, cache-control, access-control-allow-origin";
        assert!(said.contains(&shown.to_owned()), "{said:?}");
    }
}
