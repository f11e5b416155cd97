//! The page at `/`, and the help for clients without a browser.

use fanout::http::HeaderValue;
use fanout::http::header::{ACCEPT, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use fanout::prelude::*;

const PAGE: &str = include_str!("page.html");

/// The client that the page connects with: the TypeScript module of this app, compiled. A test renews it.
const CLIENT: &str = include_str!("client.js");

/// The source of the endpoints, which the page shows.
const MAIN: &str = include_str!("main.rs");

/// Allows the one style and the one script of the page, by their hashes, and connections to this app. Nothing that a
/// client publishes can run. After a change of the page, a test prints the new hashes.
pub const POLICY: &str = concat!(
    "default-src 'none'; ",
    "style-src 'sha256-ZQvvQLv0+EYaN9V7HiPuDOQgLfJBx+NUwMImTByIpso='; ",
    "script-src 'sha256-zRfFNBxjwGbjkego2vJxVYPIMLQ7GU1ZTNhFffrC2dM='; ",
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

const HELP: &str = r#"All four of these listen to the channel `test`:

    /sse         server-sent events
    /stream      plain text
    /response    a long poll
    /ws          a WebSocket, which sends your messages back

This publishes to all of them at once, when the app runs on your machine:

    curl 'http://127.0.0.1:7676/publish?channel=test' -d hello

On Fastly, use `cargo xtask publish test hello`, with the service's GRIP_URL in the environment. In a browser, this
address is a page that is connected to all four.
"#;

/// Shows a browser the page, and says to every other client what there is to try.
#[fanout::get(path = "/")]
pub fn page(head: &RequestHead<'_>) -> Answer {
    let accept = head.header(ACCEPT.as_str()).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let answer = if accept.contains("text/html") {
        Answer::new(StatusCode::OK)
            .with_header(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))
            .with_header(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY))
            .with_body(whole(PAGE))
    } else {
        Answer::text(200, HELP)
    };
    answer.with_header(VARY, HeaderValue::from_static("Accept"))
}

/// The page, with the code of each endpoint in place of the name of its attribute in braces, and the client.
fn whole(page: &str) -> String {
    let mut parts = page.split("{{");
    let mut page = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (attribute, rest) = part.split_once("}}").unwrap_or_default();
        match attribute {
            "client" => page += CLIENT,
            attribute => page += &code(attribute).replace('&', "&amp;").replace('<', "&lt;"),
        }
        page += rest;
    }
    page
}

/// The item of `main.rs` with this attribute: its lines up to an empty one.
fn code(attribute: &str) -> &'static str {
    let start = format!("#[fanout::{attribute}(");
    MAIN.split("\n\n").find(|item| item.contains(&start)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64, Encoding as _};
    use sha2::{Digest as _, Sha256};

    use super::*;

    fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
        let (_, rest) = text.split_once(start).expect(start);
        rest.split_once(end).expect(end).0
    }

    #[test]
    fn the_policy_names_the_hashes_of_the_page() {
        let page = whole(PAGE);
        for (directive, element, start) in
            [("style-src", "style", "<style>"), ("script-src", "script", "<script type=\"module\">")]
        {
            let end = format!("</{element}>");
            assert_eq!(page.matches(&format!("<{element}")).count(), 1, "the policy allows one {element}");
            let hash = Base64::encode_string(&Sha256::digest(between(&page, start, &end)));
            let allowed = between(POLICY, &format!("{directive} '"), "'");
            assert_eq!(allowed, format!("sha256-{hash}"), "write the second one into POLICY, as {directive}");
        }
    }

    #[test]
    fn the_page_shows_the_code_of_each_endpoint() {
        let page = whole(PAGE);
        for (id, name) in [("sse", "sse"), ("stream", "stream"), ("response", "response"), ("ws", "ws")] {
            let article = between(&page, &format!("<article id=\"{id}\">"), "</article>");
            let shown = between(article, "<pre><code>", "</code></pre>");
            let shown = shown.replace("&lt;", "<").replace("&amp;", "&");
            assert!(shown.starts_with("///") && shown.contains(&format!("\nfn {name}(")), "{shown}");
            assert!(MAIN.contains(&format!("\n\n{shown}\n\n")), "main.rs has no such item:\n{shown}");
        }
        assert!(!page.contains("{{"), "every name is replaced");
    }

    #[test]
    fn the_page_is_small_and_needs_no_other_file() {
        let page = whole(PAGE);
        assert!(PAGE.len() < 20_000, "{} bytes", PAGE.len());
        assert!(page.len() < 36_000, "{} bytes", page.len());
        for foreign in ["src=", "@import", "url(", "href=\"/", "href=\"http", "style=\"", " onclick=\""] {
            assert!(!page.contains(foreign), "{foreign}");
        }
    }
}
