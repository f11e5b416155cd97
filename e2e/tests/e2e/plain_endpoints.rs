//! Plain endpoints: one request, bodies within their limits, methods of one path, and attacks on all of these.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use e2e::{Answer, App, Held, Socket, on_app, within};
use http_body_util::StreamBody;
use hyper::body::{Bytes, Frame};
use reqwest::{Method, RequestBuilder};
use tokio_tungstenite::tungstenite::Message;

use crate::before_handoff::{ended_before_handoff, on_traced};
use crate::trust::GENUINE;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const GOAL: &str = r#"{"minute": 7, "player": "ann \"b\""}"#;

fn send(app: &App, method: Method, path: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
    app.client().request(method, app.url(path)).body(body)
}

async fn post(app: &App, path: &str, body: impl Into<reqwest::Body>) -> Result<Answer> {
    Answer::of(send(app, Method::POST, path, body)).await
}

async fn post_as(app: &App, path: &str, kind: &str, body: &str) -> Result<Answer> {
    Answer::of(send(app, Method::POST, path, body.to_owned()).header("Content-Type", kind)).await
}

/// A body in chunks, whose length no header says.
fn in_chunks(body: &[u8]) -> reqwest::Body {
    let chunks = body.chunks(4096).map(|chunk| anyhow::Ok(Frame::data(Bytes::from(chunk.to_vec()))));
    let chunks: Vec<_> = chunks.collect();
    reqwest::Body::wrap(StreamBody::new(futures_util::stream::iter(chunks)))
}

#[test]
fn a_post_publishes_to_the_stream_of_its_path() -> Result<()> {
    on_app("probe", async |app| {
        // The channel has a space, a slash and a percent sign.
        let path = "/plain/rooms/a%20b%2Fc%2525";
        let mut held = Held::open(app.client().get(app.url(path))).await?;
        app.subscribed(path, "plain-a b/c%25").await?;
        let answer = post_as(app, path, JSON, GOAL).await?;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{answer:?}");
        assert_eq!(held.heard_until("\n\n").await?, "data: {\"minute\":7,\"player\":\"ann \\\"b\\\"\"}\n\n");
        let answer = Answer::of(send(app, Method::DELETE, path, "")).await?;
        assert_eq!((answer.status, answer.body.as_str()), (200, "\"a b/c%25\" is over\n"));
        Ok(())
    })
}

#[test]
fn a_plain_endpoint_is_one_request() -> Result<()> {
    on_traced(async |app| {
        assert_eq!(app.get("/plain/text?one").await?.body, "some text\n");
        assert_eq!(post_as(app, "/plain/rooms/a?one", "text/plain", GOAL).await?.status, 415);
        assert_eq!(post(app, "/plain/ten?one", "1234567890").await?.body, "10");
        ended_before_handoff(app, "?one", 3).await
    })
}

#[test]
fn a_head_has_the_head_of_a_get() -> Result<()> {
    on_app("probe", async |app| {
        let get = app.get("/plain/text").await?;
        assert_eq!((get.status, get.header("content-length")), (200, "10"));
        let head = Answer::of(app.client().head(app.url("/plain/text"))).await?;
        assert_eq!((head.status, head.body.as_str()), (200, ""));
        for name in ["content-type", "content-length"] {
            assert_eq!(head.header(name), get.header(name), "{name}: {head:?}");
        }
        // The next request on the connection would read a body that should not be there.
        let address = app.url("").replacen("http://", "", 1);
        let heads = raw(&address, "HEAD /plain/text HTTP/1.1\r\nHost: a\r\n\r\nGET /plain/text HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await?;
        assert_eq!(heads.matches("HTTP/1.1 200").count(), 2, "{heads}");
        assert_eq!(heads.matches("some text\n").count(), 1, "{heads}");
        Ok(())
    })
}

#[test]
fn methods_of_a_path_are_divided() -> Result<()> {
    on_app("probe", async |app| {
        for (path, allowed, refused) in [
            ("/plain/rooms/a", "GET, POST, DELETE, HEAD, OPTIONS", Method::PUT),
            ("/plain/chat", "GET, POST, OPTIONS", Method::PUT),
            ("/plain/chat", "GET, POST, OPTIONS", Method::HEAD),
            ("/plain/text", "GET, HEAD, OPTIONS", Method::POST),
            ("/plain/methods", "PUT, PATCH, OPTIONS", Method::GET),
            ("/plain/methods", "PUT, PATCH, OPTIONS", Method::HEAD),
        ] {
            let options = Answer::of(send(app, Method::OPTIONS, path, "")).await?;
            assert_eq!((options.status, options.header("allow")), (204, allowed), "{path}");
            let answer = Answer::of(send(app, refused.clone(), path, "")).await?;
            assert_eq!((answer.status, answer.header("allow")), (405, allowed), "{refused} {path}");
        }
        for method in [Method::PUT, Method::PATCH] {
            let answer = Answer::of(send(app, method.clone(), "/plain/methods", "")).await?;
            assert_eq!((answer.status, answer.body), (200, method.to_string()));
        }
        assert_eq!(post(app, "/plain/chat", "hello").await?.body, "hello");
        let mut socket = Socket::open(&app.url("/plain/chat").replacen("http", "ws", 1)).await?;
        socket.say("over the socket").await?;
        assert_eq!(socket.hear().await?, Message::text("over the socket"));
        assert_eq!(app.get("/plain/chat").await?.status, 426);
        Ok(())
    })
}

/// The route of the method that follows decides, and a page learns of no method that is not for it.
#[test]
fn a_preflight_is_for_the_method_that_follows() -> Result<()> {
    const PAGE: &str = "http://page.example";
    const OTHER: &str = "http://other.example";
    on_app("probe", async |app| {
        for (origin, method, allowed, methods) in [
            (PAGE, "GET", PAGE, "GET, POST"),
            (PAGE, "POST", PAGE, "GET, POST"),
            (PAGE, "DELETE", "", "DELETE"),
            (OTHER, "GET", "", "GET"),
            (OTHER, "POST", OTHER, "POST, DELETE"),
            (OTHER, "DELETE", OTHER, "POST, DELETE"),
        ] {
            let request = send(app, Method::OPTIONS, "/plain/rooms/a", "").header("Origin", origin);
            let request = request.header("Access-Control-Request-Method", method);
            let answer = Answer::of(request.header("Access-Control-Request-Headers", "content-type")).await?;
            let what = format!("{origin} {method}: {answer:?}");
            assert_eq!(answer.status, 204, "{what}");
            assert_eq!(answer.header("access-control-allow-origin"), allowed, "{what}");
            assert_eq!(answer.header("access-control-allow-methods"), methods, "{what}");
            assert_eq!(answer.header("vary"), "Origin", "{what}");
        }
        for (origin, kind, allowed, status) in [
            (PAGE, JSON, PAGE, 204),
            (PAGE, "text/plain", PAGE, 415),
            ("http://third.example", JSON, "", 204),
        ] {
            let request = send(app, Method::POST, "/plain/rooms/a", GOAL).header("Origin", origin);
            let answer = Answer::of(request.header("Content-Type", kind)).await?;
            assert_eq!((answer.status, answer.header("access-control-allow-origin")), (status, allowed));
        }
        Ok(())
    })
}

#[test]
fn a_body_has_a_limit() -> Result<()> {
    on_app("probe", async |app| {
        let bytes = |len: usize| vec![b'a'; len];
        for (path, limit) in [("/plain/ten", 10), ("/plain/default", 1_048_576)] {
            for len in [0, 1, limit - 1, limit] {
                assert_eq!(post(app, path, bytes(len)).await?.body, len.to_string(), "{path}");
                assert_eq!(post(app, path, in_chunks(&bytes(len))).await?.body, len.to_string(), "{path}");
            }
            let answer = post(app, path, bytes(limit + 1)).await?;
            let text = format!("the body has {} bytes, and the limit is {limit}\n", limit + 1);
            assert_eq!((answer.status, answer.body), (413, text), "{path}");
            let answer = post(app, path, in_chunks(&bytes(limit + 1))).await?;
            let text = format!("the body has more than {limit} bytes, which is the limit\n");
            assert_eq!((answer.status, answer.body), (413, text), "{path}, in chunks");
        }
        assert_eq!(post(app, "/plain/nothing", bytes(1_048_577)).await?.status, 413);
        assert_eq!(post(app, "/plain/nothing", "ignored").await?.status, 204);
        // A `Request` is unread, so only a `Content-Length` counts.
        assert_eq!(post(app, "/plain/request", bytes(10)).await?.body, "nobody 10");
        assert_eq!(post(app, "/plain/request", bytes(11)).await?.status, 413);
        assert_eq!(post(app, "/plain/request", in_chunks(&bytes(11))).await?.body, "nobody 11");
        Ok(())
    })
}

#[test]
fn an_invalid_body_gets_the_reason() -> Result<()> {
    on_app("probe", async |app| {
        let path = "/plain/rooms/a";
        let invalid = |reason: &str| format!("the body is invalid: {reason}\n");
        for (kind, body, status, text) in [
            ("text/plain", GOAL, 415, "the content type of the body must be `application/json`\n".to_owned()),
            (FORM, "minute=7", 415, "the content type of the body must be `application/json`\n".to_owned()),
            (JSON, "", 400, invalid("it is empty")),
            (
                JSON,
                "{\"minute\": 7,\n \"player\": 1}",
                400,
                invalid("player: invalid type: integer `1`, expected a string at line 2 column 12"),
            ),
            (JSON, "{\"minute\": 7", 400, invalid("EOF while parsing an object at line 1 column 12")),
        ] {
            let answer = post_as(app, path, kind, body).await?;
            assert_eq!((answer.status, answer.body), (status, text), "{kind} {body}");
        }
        assert_eq!(post(app, path, GOAL).await?.status, 415, "no content type");
        assert_eq!(post_as(app, path, "application/vnd.goal+json; charset=utf-8", GOAL).await?.status, 204);

        let form = |kind: &'static str, body: &'static str| {
            Answer::of(send(app, Method::PUT, "/plain/form", body).header("Content-Type", kind))
        };
        let answer = form(FORM, "minute=7&player=a+%26%20b").await?;
        assert_eq!((answer.status, answer.body.as_str()), (201, r#"{"minute":7,"player":"a & b"}"#));
        assert_eq!(
            form("application/x-www-form-urlencoded;charset=UTF-8", "minute=7&player=").await?.status,
            201
        );
        let answer = form(FORM, "minute=700&player=").await?;
        let reason = invalid("minute: number too large to fit in target type");
        assert_eq!((answer.status, answer.body), (400, reason));
        assert_eq!(form(JSON, "{}").await?.status, 415);
        let answer = post(app, "/plain/chat", b"\xff".to_vec()).await?;
        assert_eq!((answer.status, answer.body), (400, invalid("it is not UTF-8")));

        assert_eq!(post(app, "/plain/optional", "").await?.status, 404);
        assert_eq!(post(app, "/plain/optional", GOAL).await?.status, 415);
        assert_eq!(post_as(app, "/plain/optional", JSON, GOAL).await?.status, 200);
        assert_eq!(post_as(app, "/plain/optional", JSON, "").await?.status, 400);

        assert_eq!(post_as(app, "/plain/reason", JSON, GOAL).await?.body, "ann \"b\"");
        assert_eq!(post_as(app, "/plain/reason", JSON, "").await?.body, "Content(\"it is empty\")");
        let too_long = post(app, "/plain/reason", in_chunks(&[b'1'; 101])).await?;
        assert_eq!(too_long.body, "ContentType { accepted: \"application/json\" }");
        let too_long =
            send(app, Method::POST, "/plain/reason", in_chunks(&[b'1'; 101])).header("Content-Type", JSON);
        assert_eq!(Answer::of(too_long).await?.body, "TooLong { limit: 100 }");
        Ok(())
    })
}

#[test]
fn a_body_that_is_taken_twice_is_a_500_with_a_line_in_the_log() -> Result<()> {
    on_app("probe", async |app| {
        let said = "another argument has taken the body of the request";
        for path in ["/plain/twice", "/plain/both"] {
            assert_eq!(post(app, path, "body").await?.status, 500, "{path}");
        }
        app.logged(said, |viceroy, _| viceroy.matches(said).count() == 2).await
    })
}

#[test]
fn a_hold_takes_the_body_too() -> Result<()> {
    on_app("probe", async |app| {
        let answer = post_as(app, "/plain/poll", JSON, GOAL).await?;
        assert_eq!((answer.status, answer.body.as_str()), (202, "ann \"b\""));
        let long = |len: usize| format!("{GOAL}{}", " ".repeat(len - GOAL.len()));
        assert_eq!(post_as(app, "/plain/poll", JSON, &long(100_000)).await?.status, 202);
        assert_eq!(post_as(app, "/plain/poll", JSON, &long(100_001)).await?.status, 413);
        assert_eq!(post_as(app, "/plain/poll", "text/plain", GOAL).await?.status, 415);
        assert_eq!(post_as(app, "/plain/poll", JSON, "[]").await?.status, 400);

        let mut held = Held::open(send(app, Method::POST, "/plain/of-body", "named in the body")).await?;
        held.begins_with("open\n").await?;
        app.subscribed("/plain/of-body", "named in the body").await
    })
}

/// A guard and a path parameter come before the body, which is then not read.
#[test]
fn a_guard_comes_before_the_body() -> Result<()> {
    on_app("probe", async |app| {
        let ask = |number: &str, user: Option<&str>, body: reqwest::Body| {
            let request = send(app, Method::POST, &format!("/plain/guarded/{number}"), body);
            Answer::of(user.into_iter().fold(request, |request, user| request.header("X-User", user)))
        };
        let answer = ask("7", Some("ann"), "hello".into()).await?;
        assert_eq!((answer.status, answer.body.as_str()), (200, "7 ann hello"));
        assert_eq!(ask("7", None, "hello".into()).await?.status, 401);
        assert_eq!(ask("x", None, "hello".into()).await?.status, 404);
        assert_eq!(ask("7", None, in_chunks(&[b'a'; 100])).await?.status, 401);
        assert_eq!(ask("7", Some("ann"), in_chunks(&[b'a'; 100])).await?.status, 413);
        assert_eq!(ask("7", None, vec![b'a'; 11].into()).await?.status, 413);
        // A client cannot bring a guard value.
        let forged = send(app, Method::POST, "/plain/guarded/7", "").header("Fanout-Guard", "x.ImJvYiI");
        assert_eq!(Answer::of(forged).await?.status, 401);
        Ok(())
    })
}

#[test]
fn the_client_is_known_on_its_own_request_only() -> Result<()> {
    on_app("probe", async |app| {
        assert_eq!(app.get("/plain/client").await?.body, "true true true");
        assert_eq!(app.get("/plain/address").await?.body, "127.0.0.1");
        let signed = |path: &str| Answer::of(app.client().get(app.url(path)).header("Grip-Sig", GENUINE));
        assert_eq!(signed("/plain/client").await?.body, "false false false");
        assert_eq!(signed("/plain/address").await?.status, 403);
        Ok(())
    })
}

/// A self-run proxy passes every request on, signed.
#[test]
fn a_trusted_token_runs_the_handler_and_no_other_does() -> Result<()> {
    on_app("probe", async |app| {
        let body = "1234567890";
        for (headers, status) in [
            (&[("Grip-Sig", GENUINE)][..], 200),
            (&[("Grip-Sig", GENUINE), ("Grip-Feature", "status")], 200),
            (&[("Grip-Sig", "forged")], 403),
            (&[("Grip-Sig", "")], 403),
            (&[("Grip-Sig", GENUINE), ("Grip-Sig", GENUINE)], 403),
            (&[("Grip-Feature", "status")], 403),
        ] {
            let request = send(app, Method::POST, "/plain/ten", body);
            let request =
                headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
            assert_eq!(Answer::of(request).await?.status, status, "{headers:?}");
        }
        let url = app.stack().proxy_url() + "/plain/ten";
        let through = app.client().post(url).header("Pushpin-Route", "self").body(body);
        let answer = Answer::of(through).await?;
        assert_eq!((answer.status, answer.body.as_str()), (200, "10"));
        let url = app.stack().proxy_url() + "/plain/ten";
        let through = app.client().post(url).header("Pushpin-Route", "self").body("12345678901");
        assert_eq!(Answer::of(through).await?.status, 413);
        Ok(())
    })
}

/// In every spelling, and whoever passes them on.
#[test]
fn a_body_is_never_events() -> Result<()> {
    on_app("probe", async |app| {
        let events = "OPEN\r\nTEXT 5\r\nhello\r\n";
        let kinds = [
            "application/websocket-events",
            "Application/WebSocket-Events",
            "application/websocket-events ;",
            "application/websocket-events, text/plain",
            "text/plain, application/websocket-events",
        ];
        for kind in kinds {
            for path in ["/plain/default", "/plain/chat"] {
                let answer = post_as(app, path, kind, events).await?;
                assert_eq!(answer.status, 415, "{kind}: {answer:?}");
                let url = app.stack().proxy_url() + path;
                let through = app.client().post(url).header("Pushpin-Route", "self");
                let answer = Answer::of(through.header("Content-Type", kind).body(events)).await?;
                assert!((400..500).contains(&answer.status), "{kind} through the proxy: {answer:?}");
            }
            let signed = send(app, Method::POST, "/plain/default", events).header("Grip-Sig", GENUINE);
            let answer = Answer::of(signed.header("Content-Type", kind)).await?;
            assert!((400..500).contains(&answer.status), "{kind}, signed: {answer:?}");
        }
        let get = app.client().get(app.url("/plain/text")).header("Upgrade", "websocket");
        assert_eq!(Answer::of(get.header("Connection", "upgrade")).await?.status, 400);
        Ok(())
    })
}

#[test]
fn an_instruction_never_reaches_a_client() -> Result<()> {
    on_app("probe", async |app| {
        let signed = app.client().get(app.url("/plain/holds")).header("Grip-Sig", GENUINE);
        for request in [app.client().get(app.url("/plain/holds")), signed] {
            let answer = Answer::of(request).await?;
            assert_eq!(answer.status, 500);
            assert_eq!(e2e::grip_headers(&answer.headers), [""; 0], "{answer:?}");
            assert!(!answer.body.contains("secret"), "{answer:?}");
        }
        let said = "/plain/holds: a plain endpoint answers at once and cannot return a hold";
        app.logged(said, |viceroy, _| viceroy.contains(said)).await
    })
}

#[test]
fn a_panic_is_a_500_that_the_page_may_read() -> Result<()> {
    on_app("probe", async |app| {
        let request =
            send(app, Method::POST, "/plain/panics", "the reason").header("Origin", "http://page.example");
        let answer = Answer::of(request).await?;
        assert_eq!((answer.status, answer.body.as_str()), (500, "internal error\n"));
        assert_eq!(answer.header("access-control-allow-origin"), "http://page.example");
        app.logged("the panic", |viceroy, _| viceroy.contains("the reason")).await
    })
}

/// Heads that no HTTP library sends.
#[test]
fn a_false_length_runs_no_handler() -> Result<()> {
    on_app("probe", async |app| {
        let address = app.url("").replacen("http://", "", 1);
        let head = |path: &str, rest: &str| {
            format!("POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: {JSON}\r\n{rest}")
        };
        for rest in [
            "Content-Length: 5\r\nContent-Length: 6\r\n\r\n12345",
            "Content-Length: +5\r\n\r\n12345",
            "Content-Length: -1\r\n\r\n",
            "Content-Length: 5 bytes\r\n\r\n12345",
            "Content-Length: 99999999999999999999\r\n\r\n12345",
        ] {
            let answer = raw(&address, &head("/plain/ten", rest)).await?;
            let status = answer.get(9..12).unwrap_or_default();
            assert!(["400", "413"].contains(&status), "{rest:?}: {answer}");
        }
        // The host knows where a body in chunks ends, whatever `Content-Length` says.
        let both = "Content-Length: 100\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        let answer = raw(&address, &head("/plain/default", both)).await?;
        assert!(answer.starts_with("HTTP/1.1 400") || answer.ends_with("\r\n\r\n3"), "{answer}");
        // The client breaks off.
        for rest in ["Content-Length: 10\r\n\r\n12345", "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n"] {
            let answer = broken_off(&address, &head("/plain/ten", rest)).await?;
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{rest:?}: {answer}");
        }
        assert_eq!(post(app, "/plain/ten", "still here").await?.body, "10");
        Ok(())
    })
}

/// Everything that comes back for some bytes.
async fn raw(address: &str, bytes: &str) -> Result<String> {
    exchange(address, bytes, false).await
}

/// Everything that comes back after the client has closed its half of the connection.
async fn broken_off(address: &str, bytes: &str) -> Result<String> {
    exchange(address, bytes, true).await
}

async fn exchange(address: &str, bytes: &str, breaks_off: bool) -> Result<String> {
    let (address, bytes) = (address.to_owned(), bytes.to_owned());
    let exchange = move || {
        let mut connection = TcpStream::connect(address)?;
        connection.set_read_timeout(Some(Duration::from_secs(20)))?;
        connection.write_all(bytes.as_bytes())?;
        if breaks_off {
            connection.shutdown(std::net::Shutdown::Write)?;
        }
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).context("the connection stays open")?;
        ensure!(answer.len() < 1_000_000, "the answer has {} bytes", answer.len());
        Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    within("an answer to raw bytes", tokio::task::spawn_blocking(exchange)).await??
}
