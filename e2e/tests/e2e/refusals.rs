//! An app that words every refusal itself: each reason through the real stack, and what its function may return.

use anyhow::{Context as _, Result, bail};
use e2e::{Answer, App, Socket, on_app, on_app_with};
use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use crate::panics::raw;
use crate::trust::GENUINE;

/// One request, and what `refuse` gets.
struct Case {
    method: Method,
    path: &'static str,
    headers: &'static [(&'static str, &'static str)],
    body: String,
    status: u16,
    reason: &'static str,
    /// The path template.
    endpoint: Option<&'static str>,
    /// The text of the default answer.
    text: &'static str,
}

impl Case {
    fn get(path: &'static str, status: u16, reason: &'static str, text: &'static str) -> Self {
        let endpoint = path.split('?').next();
        Self { method: Method::GET, path, headers: &[], body: String::new(), status, reason, endpoint, text }
    }

    fn post(path: &'static str, status: u16, reason: &'static str, text: &'static str) -> Self {
        Self { method: Method::POST, ..Self::get(path, status, reason, text) }
    }

    fn at(self, endpoint: &'static str) -> Self {
        Self { endpoint: Some(endpoint), ..self }
    }

    fn with(self, headers: &'static [(&'static str, &'static str)]) -> Self {
        Self { headers, ..self }
    }

    fn body(self, body: impl Into<String>) -> Self {
        Self { body: body.into(), ..self }
    }

    fn request(&self, app: &App) -> reqwest::RequestBuilder {
        let mut request = app.client().request(self.method.clone(), app.url(self.path));
        for (name, value) in self.headers {
            request = request.header(*name, *value);
        }
        request.body(self.body.clone())
    }
}

const WEB_SOCKET: &[(&str, &str)] = &[
    ("connection", "upgrade"),
    ("upgrade", "websocket"),
    ("sec-websocket-version", "13"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
];

/// The requests, with each reason but those that have tests of their own.
fn cases() -> Vec<Case> {
    const GENUINE_TOKEN: (&str, &str) = ("grip-sig", GENUINE);
    const EVENTS: (&str, &str) = ("content-type", "application/websocket-events");
    const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
    let proxys = &[GENUINE_TOKEN, EVENTS];
    vec![
        Case::get("/number/%ff", 400, "InvalidPath", "`number` in the path is not UTF-8")
            .at("/number/{number}"),
        Case::get("/strict/x", 400, "InvalidPath", "`number` in the path: invalid digit found in string")
            .at("/strict/{number}"),
        Case::get(
            "/channel",
            400,
            "InvalidQuery",
            "the query of the request is invalid: missing field `text`",
        ),
        Case::get("/header", 400, "InvalidHeader", "the header `authorization` is missing"),
        Case::get("/channel?text=", 400, "InvalidChannel", "a channel name cannot be empty"),
        Case::get(
            "/channel?text=a%0Ab",
            400,
            "InvalidChannel",
            "a channel name from a request cannot contain a control character",
        ),
        Case::get(
            "/event?text=%0A",
            400,
            "InvalidValue",
            "the id of a server-sent event cannot contain a line break",
        ),
        Case::get(
            "/guarded?text=%0A",
            400,
            "InvalidValue",
            "a text of the guard value cannot contain a control character",
        ),
        Case::post(
            "/json",
            400,
            "InvalidBody",
            "the body is invalid: missing field `text` at line 1 column 2",
        )
        .with(JSON)
        .body("{}"),
        Case::post("/json", 400, "InvalidBody", "the body is invalid: it is empty").with(JSON),
        Case::get("/header", 400, "NotWebSocket", "this endpoint is no WebSocket").with(WEB_SOCKET),
        Case::get("/socket", 400, "UnsupportedSubprotocol", "this endpoint speaks json").with(WEB_SOCKET),
        Case::get("/socket", 403, "ForbiddenOrigin", "pages of this origin may not connect").with(
            const {
                &[
                    WEB_SOCKET[0],
                    WEB_SOCKET[1],
                    WEB_SOCKET[2],
                    WEB_SOCKET[3],
                    ("origin", "http://other.example"),
                    ("sec-websocket-protocol", "json"),
                ]
            },
        ),
        Case::post(
            "/socket",
            400,
            "InvalidEvents",
            "not WebSocket events: an event's first line does not end (at byte 0)",
        )
        .with(proxys)
        .body("TEXT"),
        Case::get("/header", 403, "InvalidToken", "the token does not have three parts")
            .with(&[("grip-sig", "x")]),
        Case::get("/address", 403, "UnknownAddress", "the address of the client is not known here")
            .with(&[GENUINE_TOKEN]),
        Case::get("/number/x", 404, "NotFound", "not found").at("/number/{number}"),
        Case { endpoint: None, ..Case::get("/nothing?a=b", 404, "NotFound", "not found") },
        Case::get("/optional", 404, "NotFound", "not found"),
        Case::get("/own/room", 404, "NotFound", "there is no room").at("/own/{word}"),
        Case::post("/header", 405, "MethodNotAllowed", "this endpoint answers GET"),
        Case::post("/body", 413, "BodyTooLarge", "the body has 100001 bytes, and the limit is 100000")
            .body("x".repeat(100_001)),
        Case::post("/body", 415, "UnsupportedMediaType", "a WebSocket's events are for the proxy to send")
            .with(&[EVENTS]),
        Case::post(
            "/json",
            415,
            "UnsupportedMediaType",
            "the content type of the body must be `application/json`",
        )
        .body("{}"),
        Case::get("/socket", 426, "UpgradeRequired", "this endpoint is a WebSocket"),
        Case::get("/guarded?text=", 500, "Internal", "internal error"),
        Case::get("/unsendable", 500, "Internal", "internal error"),
        Case::get("/wrong", 500, "Internal", "the connection could not be held"),
        Case::get("/panics", 500, "Internal", "internal error"),
        Case::get("/own/panic", 500, "Internal", "internal error").at("/own/{word}"),
        Case::get("/publishes", 502, "NotPublished", "it could not be published"),
        Case::get("/forgets", 503, "HistoryFailed", "the history is not available"),
    ]
}

/// Checks the problem details of a case.
fn is_problem(case: &Case, body: &[u8]) -> Result<()> {
    let problem: Value = serde_json::from_slice(body)
        .with_context(|| format!("{} {}: {}", case.method, case.path, body.escape_ascii()))?;
    let (path, query) = case.path.split_once('?').unwrap_or((case.path, ""));
    let title = reqwest::StatusCode::from_u16(case.status)?.canonical_reason();
    let expected = json!({
        "title": title,
        "status": case.status,
        "detail": case.text,
        "reason": case.reason,
        "endpoint": case.endpoint,
        "request": format!("{} {path}?{query}", case.method),
    });
    assert_eq!(problem, expected);
    Ok(())
}

#[test]
fn each_reason_is_worded_by_the_app() -> Result<()> {
    on_app("refusals", async |app| {
        for case in cases() {
            let answer = Answer::of(case.request(app)).await?;
            assert_eq!(answer.status, case.status, "{}: {answer:?}", case.path);
            assert_eq!(answer.header("content-type"), "application/problem+json", "{}", case.path);
            is_problem(&case, &answer.bytes)?;
        }
        // The body of a case is text.
        let not_utf8 = app.client().post(app.url("/text")).body(&b"\xff"[..]);
        let case = Case::post("/text", 400, "InvalidBody", "the body is invalid: it is not UTF-8");
        let answer = Answer::of(not_utf8).await?;
        assert_eq!(answer.status, 400, "{answer:?}");
        is_problem(&case, &answer.bytes)
    })
}

/// A reason that is added needs a case.
#[test]
fn each_reason_has_a_case() {
    let source = include_str!("../../../runtime/src/endpoint/response/reason.rs");
    let (_, source) = source.split_once("pub enum Reason {").expect("it is there");
    let (source, _) = source.split_once("\n}").expect("it ends");
    let names = source.lines().map(str::trim).filter(|line| !line.starts_with("///") && !line.is_empty());
    let names: Vec<_> = names.map(|name| name.trim_end_matches(',')).collect();
    assert!(names.len() > 15, "the enum reads otherwise now: {names:?}");
    let cases = cases();
    let known = |name: &&str| {
        ["InvalidUrl", "Loop", "NotHandedOff"].contains(name) || cases.iter().any(|case| case.reason == *name)
    };
    let missing: Vec<_> = names.into_iter().filter(|name| !known(name)).collect();
    assert!(missing.is_empty(), "no case of {missing:?}");
}

#[test]
fn the_app_own_answers_stay_as_they_are() -> Result<()> {
    on_app("refusals", async |app| {
        for (path, status, kind, body) in [
            ("/own/text", 403, "text/plain; charset=utf-8", "own\n"),
            ("/own/status", 409, "", ""),
            ("/own/json", 404, "application/json", r#"{"own":true}"#),
            ("/own/worded", 400, "text/plain; charset=utf-8", "own\n"),
        ] {
            let answer = app.get(path).await?;
            assert_eq!((answer.status, answer.body.as_str()), (status, body), "{path}: {answer:?}");
            assert_eq!(answer.header("content-type"), kind, "{path}: {answer:?}");
        }
        Ok(())
    })
}

#[test]
fn a_request_that_cannot_be_read_has_no_head() -> Result<()> {
    on_app("refusals", async |app| {
        let address = app.url("").trim_start_matches("http://").to_owned();
        let answer = raw(&address, "GET /header HTTP/1.1\r\nHost: a:b\r\n").await?;
        let (head, body) = answer.split_once("\r\n\r\n").context("a head and a body")?;
        assert!(head.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
        let problem: Value = serde_json::from_str(body)?;
        assert_eq!(problem["reason"], "InvalidUrl");
        assert_eq!(problem["detail"], "the host or the target of the request is not a URL");
        assert_eq!((&problem["endpoint"], &problem["request"]), (&Value::Null, &Value::Null));
        Ok(())
    })
}

/// On the client request, on the Fanout request and after a panic.
#[test]
fn required_headers_stay_whatever_it_returns() -> Result<()> {
    on_app("refusals", async |app| {
        for (method, path, required) in [
            (Method::PUT, "/body", &[("allow", "GET, POST, HEAD, OPTIONS")][..]),
            (Method::POST, "/json", &[("accept", "application/json")]),
            (Method::GET, "/socket", &[("upgrade", "websocket"), ("sec-websocket-version", "13")]),
            (Method::GET, "/number/x", &[]),
            (Method::GET, "/panics", &[]),
        ] {
            let request = app.client().request(method, app.url(path)).header("X-Refuse", "headers");
            let answer = Answer::of(request.header("Origin", "http://page.example")).await?;
            let values = |name: &str| -> Vec<_> {
                answer.headers.get_all(name).iter().map(|value| value.to_str().unwrap_or("?")).collect()
            };
            assert_eq!((answer.status, values("x-own")), (418, vec!["own"]), "{path}: {answer:?}");
            for (name, value) in required {
                assert_eq!(values(name), [*value], "{path}: {answer:?}");
            }
            if path != "/socket" {
                assert_eq!(
                    values("access-control-allow-origin"),
                    ["http://page.example"],
                    "{path}: {answer:?}"
                );
                assert!(
                    values("vary").contains(&"own") && values("vary").contains(&"Origin"),
                    "{path}: {answer:?}"
                );
            }
        }
        Ok(())
    })
}

#[test]
fn a_hold_of_it_is_not_sent() -> Result<()> {
    on_app("refusals", async |app| {
        for word in ["hold", "open"] {
            for (path, status, text) in [
                ("/number/x", 404, "not found\n"),
                ("/nothing", 404, "not found\n"),
                ("/panics", 500, "internal error\n"),
            ] {
                let request = app.client().get(app.url(path)).header("X-Refuse", word);
                let answer = Answer::of(request).await?;
                assert_eq!(
                    (answer.status, answer.body.as_str()),
                    (status, text),
                    "{word} {path}: {answer:?}"
                );
            }
        }
        app.logged("why", |viceroy, _| {
            viceroy.matches("the function of `refuse` returned a hold").count() == 6
        })
        .await?;
        assert!(!app.stack().pushpin_log().contains("channel=secret"));
        let event = app.client().get(app.url("/number/x")).header("X-Refuse", "event");
        let event = Answer::of(event).await?;
        assert_eq!((event.status, event.header("content-type")), (200, "text/event-stream"), "{event:?}");
        assert!(event.body.ends_with("data: not found\n\n"), "{event:?}");
        Ok(())
    })
}

/// A refused opening of a WebSocket: its status and its body.
async fn refused(app: &App, path: &str, word: Option<&str>) -> Result<(u16, Vec<u8>)> {
    let mut request = app.url(path).replacen("http", "ws", 1).into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", "json".parse()?);
    if let Some(word) = word {
        request.headers_mut().insert("x-refuse", word.parse()?);
    }
    let error = Socket::open(request).await.expect_err("it opened");
    match error.downcast_ref() {
        Some(tungstenite::Error::Http(response)) => {
            Ok((response.status().as_u16(), response.body().clone().unwrap_or_default()))
        }
        _ => bail!("{path}: {error:#}"),
    }
}

/// These are refused on the Fanout request, and the proxy passes the refusal on.
#[test]
fn the_refused_opening_of_a_websocket_is_worded() -> Result<()> {
    on_app("refusals", async |app| {
        for (path, status, reason) in [
            ("/socket", 400, "InvalidQuery"),
            ("/socket?text=rejected", 404, "NotFound"),
            ("/socket?text=channel", 400, "InvalidChannel"),
            ("/socket?text=panic", 500, "Internal"),
        ] {
            let (got, body) = refused(app, path, None).await?;
            assert_eq!(got, status, "{path}: {}", body.escape_ascii());
            // The client may not have read all of the body yet.
            let body = String::from_utf8_lossy(&body).into_owned();
            if let Ok(problem) = serde_json::from_str::<Value>(&body) {
                assert_eq!(
                    (&problem["reason"], &problem["endpoint"]),
                    (&json!(reason), &json!("/socket")),
                    "{path}"
                );
            } else {
                assert!(body.is_empty() || body.starts_with(r#"{"detail":""#), "{path}: {body}");
            }
        }
        assert_eq!(refused(app, "/socket?text=own", None).await?.0, 403);
        // Neither a hold nor a reply opens it.
        for word in ["hold", "open"] {
            assert_eq!(refused(app, "/socket", Some(word)).await?.0, 400, "{word}");
        }
        assert_eq!(refused(app, "/socket", Some("long")).await?.0, 403);
        let line = "the refusal of a WebSocket at /socket has 100001 bytes";
        app.logged(line, |viceroy, _| viceroy.contains(line)).await
    })
}

#[test]
fn a_panic_of_it_is_answered_once() -> Result<()> {
    on_app("refusals", async |app| {
        let requests = [("/number/x", "http://page.example"), ("/header?panic", ""), ("/nothing", "")];
        for ((path, allowed), so_far) in requests.into_iter().zip(1..) {
            let request = app.client().get(app.url(path)).header("X-Refuse", "panic");
            let answer = Answer::of(request.header("Origin", "http://page.example")).await?;
            assert_eq!(
                (answer.status, answer.body.as_str()),
                (500, "internal error\n"),
                "{path}: {answer:?}"
            );
            assert_eq!(answer.header("access-control-allow-origin"), allowed, "{path}: {answer:?}");
            let line = "fanout: the function of `refuse` panicked at e2e/refusals/src/main.rs:";
            app.logged("the panic", |viceroy, _| viceroy.matches(line).count() == so_far).await?;
        }
        let log = app.stack().viceroy_log();
        assert!(!log.contains("backtrace"), "{log}");
        // The host answers for a panic within a panic.
        let request = app.client().get(app.url("/panics")).header("X-Refuse", "panic");
        assert_eq!(Answer::of(request).await?.status, 500);
        assert_eq!(app.get("/nothing").await?.status, 404, "the app still answers");
        Ok(())
    })
}

/// As on a service where Fanout is not enabled.
#[test]
fn a_failed_handoff_is_worded_and_keeps_its_headers() -> Result<()> {
    on_app_with(
        "refusals",
        |config| config.fanout = false,
        async |app| {
            let text = "real-time connections are not available";
            let case = Case::get("/elsewhere?a=b", 503, "NotHandedOff", text);
            let answer = Answer::of(case.request(app).header("Origin", "http://page.example")).await?;
            assert_eq!(answer.status, 503, "{answer:?}");
            is_problem(&case, &answer.bytes)?;
            assert_eq!(answer.header("access-control-allow-origin"), "http://page.example", "{answer:?}");
            assert_eq!(answer.header("vary"), "Origin", "{answer:?}");
            let panics = case.request(app).header("X-Refuse", "panic");
            let answer = Answer::of(panics.header("Origin", "http://page.example")).await?;
            assert_eq!((answer.status, answer.body.as_str()), (500, "internal error\n"), "{answer:?}");
            Ok(())
        },
    )
}

/// The fallback of an app words its two refusals too.
#[test]
fn the_refusals_of_a_fallback_are_worded() -> Result<()> {
    let round =
        |config: &mut cargo_fanout::stack::Config| config.backends.push(("origin".into(), config.port));
    on_app_with("fallback", round, async |app| {
        let answer = app.get("/round?a").await?;
        assert_eq!((answer.status, answer.body.as_str()), (508, "the request came back\n"));
        assert_eq!(answer.header("x-reason"), "Loop of Some(\"/round\")");
        Ok(())
    })?;
    on_app_with(
        "fallback",
        |config| config.fanout = false,
        async |app| {
            let answer = app.get("/nowhere").await?;
            assert_eq!((answer.status, answer.body.as_str()), (503, "not available\n"));
            assert_eq!(answer.header("x-reason"), "NotHandedOff of Some(\"/nowhere\")");
            Ok(())
        },
    )
}

/// Without the attributes, and behind another list whose refusals stay as they are.
#[test]
fn an_app_by_hand_words_them_too() -> Result<()> {
    on_app("on-compute", async |app| {
        for (method, path, headers, status, body) in [
            (Method::POST, "/worded", &[][..], 405, "\"MethodNotAllowed\""),
            (Method::GET, "/worded", &[("grip-sig", "x")], 403, "\"InvalidToken\""),
            (Method::GET, "/worded", &[], 500, "\"Internal\""),
            (Method::POST, "/sse", &[], 405, "this endpoint answers GET\n"),
            (Method::GET, "/panics", &[], 500, "internal error\n"),
        ] {
            let mut request = app.client().request(method, app.url(path));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let answer = Answer::of(request).await?;
            assert_eq!((answer.status, answer.body.as_str()), (status, body), "{path}: {answer:?}");
            assert_eq!(answer.header("allow").is_empty(), status != 405, "{answer:?}");
        }
        assert_eq!(app.get("/nothing").await?.status, 404, "that is the app's own");
        Ok(())
    })
}
