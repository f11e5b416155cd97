//! Guards, and the guard values that reach handlers.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use anyhow::Result;
use cargo_fanout::stack::Config;
use e2e::{Answer, App, Held, PATIENCE, Socket, on_app, on_app_with};
use reqwest::RequestBuilder;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use crate::before_handoff::{ended_before_handoff, on_traced};
use crate::trust::app_requests;

/// `{"name":"mallory","on_client_request":true}`, as the app writes it at `/language/guard/sse`.
const FORGED: &str = "4ilKBknqndpS7Ty4FOaBHw.eyJuYW1lIjoibWFsbG9yeSIsIm9uX2NsaWVudF9yZXF1ZXN0Ijp0cnVlfQ";

/// The same at `/language/guard/ws/open`.
const FORGED_WS: &str = "WZwrcRr6rLcpanID671KMw.eyJuYW1lIjoibWFsbG9yeSIsIm9uX2NsaWVudF9yZXF1ZXN0Ijp0cnVlfQ";

fn as_user(app: &App, path: &str, name: &str) -> RequestBuilder {
    app.client().get(app.url(path)).header("X-User", name)
}

/// A request at the proxy's own port, which skips the client request.
pub(crate) fn without_client_request(app: &App, path: &str) -> RequestBuilder {
    app.client().get(app.stack().proxy_url() + path).header("Pushpin-Route", "self")
}

/// A self-run Pushpin, which the app's policy names.
pub(crate) fn self_run(config: &mut Config) {
    config.sig_iss = Some("self-run".into());
    config.sig_key = Some("the key of a proxy that we run ourselves".into());
}

async fn greeting(request: RequestBuilder) -> Result<String> {
    Held::open(request).await?.heard_until("\n\n").await
}

#[test]
fn a_refused_client_costs_no_connection() -> Result<()> {
    on_traced(async |app| {
        for (path, status, body) in [
            ("/language/guard/sse?refused", 401, "say who you are\n"),
            ("/language/guard/header?refused", 401, "say who you are\n"),
        ] {
            let answer = app.get(path).await?;
            assert_eq!((answer.status, answer.body.as_str()), (status, body), "{path}");
        }
        let upgrade = |path: &str| {
            let request = app.client().get(app.url(path)).header("Connection", "Upgrade");
            let request = request.header("Upgrade", "websocket").header("Sec-WebSocket-Version", "13");
            Answer::of(request.header("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="))
        };
        assert_eq!(upgrade("/language/guard/ws/open?refused").await?.status, 401);
        assert_eq!(upgrade("/language/guard/ws/closed?refused").await?.status, 403);
        ended_before_handoff(app, "?refused", 4).await?;
        let log = app.stack().pushpin_log();
        assert!(!log.contains("?refused"), "Fanout was asked");
        Ok(())
    })
}

#[test]
fn the_guard_value_reaches_the_handler() -> Result<()> {
    on_app("probe", async |app| {
        let greeting = greeting(as_user(app, "/language/guard/sse", "alice")).await?;
        assert_eq!(greeting, "data: alice on the client request\n\n");
        Ok(())
    })
}

async fn open_as(app: &App, path: &str, name: &str) -> Result<Socket> {
    let mut request = app.url(path).replacen("http", "ws", 1).into_client_request()?;
    request.headers_mut().insert("x-user", name.parse()?);
    request.headers_mut().insert("fanout-guard", FORGED_WS.parse()?);
    Socket::open(request).await
}

#[test]
fn the_guard_value_reaches_each_request_of_a_websocket() -> Result<()> {
    on_traced(async |app| {
        let _open = open_as(app, "/language/guard/ws/open", "alice").await?;
        let refused = open_as(app, "/language/guard/ws/open", "bob").await.expect_err("it opened for bob");
        assert!(format!("{refused:#}").contains("409"), "{refused:#}");

        let mut socket = open_as(app, "/language/guard/talk", "bob").await?;
        for _ in 0..3 {
            socket.say("who am I?").await?;
            assert_eq!(socket.hear().await?, Message::text("bob on the client request"));
        }
        let requests = app_requests(app, "/language/guard/talk").len();
        assert!(
            requests >= 5,
            "the client request, one for the opening and one for each message: {requests}"
        );
        Ok(())
    })
}

/// It reaches them neither as a guard value nor as a header.
#[test]
fn a_clients_guard_header_reaches_no_handler() -> Result<()> {
    on_app("probe", async |app| {
        let forged = |request: RequestBuilder| {
            request.header("Fanout-Guard", FORGED).header("fanout-guard", "another")
        };
        let heard = greeting(forged(as_user(app, "/language/guard/sse", "alice"))).await?;
        assert_eq!(heard, "data: alice on the client request\n\n");
        let refused = Answer::of(forged(app.client().get(app.url("/language/guard/sse")))).await?;
        assert_eq!(refused.status, 401);
        for path in ["/language/guard/header", "/language/guard/none"] {
            let answer = Answer::of(forged(as_user(app, path, "alice"))).await?;
            assert_eq!(answer.body, "[] 0 []", "{path}");
        }
        Ok(())
    })
}

/// With `Grip-Last`, a guard value in the query would be trusted, as in a recovery request.
#[test]
fn a_client_cannot_make_a_recovery_request() -> Result<()> {
    on_app("probe", async |app| {
        for path in ["/language/guard/header", "/language/guard/none"] {
            for request in
                [as_user(app, path, "alice"), without_client_request(app, path).header("X-User", "alice")]
            {
                let answer = Answer::of(request.header("Grip-Last", "guarded; last-id=1")).await?;
                assert_eq!(answer.body, "[] 0 []", "{path}");
            }
        }
        Ok(())
    })
}

/// The proxy normalizes a path. If that made it the path of another endpoint, the app would trust a guard that has not
/// run.
#[test]
fn no_path_leads_past_a_guard() -> Result<()> {
    on_app("probe", async |app| {
        assert_eq!(app.get("/language/guard/door/bob").await?.body, "bob");
        for path in ["admin", "%61dmin", "%61%64%6D%69%6e", "x/../admin", "x/%2e%2E/admin", "./admin"] {
            let path = format!("/language/guard/door/{path}");
            let proxy = app.stack().proxy_url();
            for (from, address) in [("client", app.url("")), ("proxy", proxy)] {
                let answer = raw(&address, &path).await?;
                assert!(answer.contains(" 403 ") && answer.contains("not you"), "{path} {from}: {answer}");
            }
        }
        Ok(())
    })
}

/// The answer to a path as it is written, because clients normalize a path before they send it.
async fn raw(address: &str, path: &str) -> Result<String> {
    let address = address.trim_start_matches("http://").to_owned();
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nPushpin-Route: self\r\nConnection: close\r\n\r\n");
    let exchange = move || {
        let mut connection = TcpStream::connect(address)?;
        connection.set_read_timeout(Some(PATIENCE))?;
        connection.write_all(request.as_bytes())?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        anyhow::Ok(answer)
    };
    tokio::task::spawn_blocking(exchange).await?
}

/// A client that reaches such a proxy directly has skipped the client request.
#[test]
fn behind_a_self_run_proxy_the_guard_runs_again() -> Result<()> {
    on_app_with("probe", self_run, async |app| {
        // The guard ran on the Fanout request, where it does not know the client.
        let with_client_request = greeting(as_user(app, "/language/guard/sse", "alice")).await?;
        assert_eq!(with_client_request, "data: alice on the Fanout request\n\n");
        let forged = |path| without_client_request(app, path).header("fanout-guard", FORGED);
        let heard = greeting(forged("/language/guard/sse").header("X-User", "alice")).await?;
        assert_eq!(heard, "data: alice on the Fanout request\n\n");
        let refused = Answer::of(forged("/language/guard/sse")).await?;
        assert_eq!((refused.status, refused.body.as_str()), (401, "say who you are\n"));
        for path in ["/language/guard/header", "/language/guard/none"] {
            let answer = Answer::of(forged(path).header("X-User", "alice")).await?;
            assert_eq!(answer.body, "[] 0 []", "{path}");
        }

        let mut request = (app.stack().proxy_url().replacen("http", "ws", 1) + "/language/guard/ws/open")
            .into_client_request()?;
        request.headers_mut().insert("pushpin-route", "self".parse()?);
        request.headers_mut().insert("fanout-guard", FORGED_WS.parse()?);
        let refused = Socket::open(request).await.expect_err("it opened without a name");
        assert!(format!("{refused:#}").contains("401"), "{refused:#}");
        Ok(())
    })
}

/// Proves that the forged header above is the one that the app writes. On Fastly, no client can skip the client
/// request.
#[test]
fn the_guard_header_counts_for_its_endpoint_only() -> Result<()> {
    on_app("probe", async |app| {
        let heard =
            greeting(without_client_request(app, "/language/guard/sse").header("fanout-guard", FORGED))
                .await?;
        assert_eq!(heard, "data: mallory on the client request\n\n");
        for (path, header) in [("/language/guard/sse", FORGED_WS), ("/language/guard/header", FORGED)] {
            let answer = Answer::of(without_client_request(app, path).header("fanout-guard", header)).await?;
            assert_eq!(answer.status, 401, "{path}");
        }
        Ok(())
    })
}

/// The guard also runs again if the header is missing.
#[test]
fn without_the_header_the_guard_runs_again() -> Result<()> {
    on_app("probe", async |app| {
        let heard =
            greeting(without_client_request(app, "/language/guard/sse").header("X-User", "alice")).await?;
        assert_eq!(heard, "data: alice on the Fanout request\n\n");
        let refused = Answer::of(without_client_request(app, "/language/guard/sse")).await?;
        assert_eq!(refused.status, 401);
        Ok(())
    })
}

/// The guard sees the address, its location, the request and its TLS.
#[test]
fn a_guard_knows_the_client_on_the_client_request_only() -> Result<()> {
    let path = "/language/guard/place";
    on_app("probe", async |app| {
        let answer = Answer::of(as_user(app, path, "alice")).await?;
        assert_eq!((answer.status, answer.body.as_str()), (200, "127.0.0.1 Some(\"US\") alice false"));
        Ok(())
    })?;
    on_app_with("probe", self_run, async |app| {
        for request in [as_user(app, path, "alice"), without_client_request(app, path)] {
            let answer = Answer::of(request).await?;
            assert_eq!(
                (answer.status, answer.body.as_str()),
                (403, "the address of the client is not known here\n")
            );
        }
        Ok(())
    })
}

#[test]
fn a_value_that_is_too_large_is_an_error_in_the_log() -> Result<()> {
    on_traced(async |app| {
        let answer = app.get("/language/guard/large?large").await?;
        assert_eq!((answer.status, answer.body.as_str()), (500, "internal error\n"));
        ended_before_handoff(app, "?large", 1).await?;
        let said = "the guard value cannot be sent: its header has 4026 bytes, and the limit is 2048";
        app.logged("the reason", |viceroy, _| viceroy.contains(said)).await
    })
}

/// Otherwise the guard would run again on each request, and spend a ticket that is valid once each time.
#[test]
fn a_value_that_does_not_read_back_is_an_error_in_the_log() -> Result<()> {
    on_traced(async |app| {
        let answer = app.get("/language/guard/ticket?standing").await?;
        assert_eq!((answer.status, answer.body.as_str()), (500, "internal error\n"));
        ended_before_handoff(app, "?standing", 1).await?;
        let said = "fanout: the guard value cannot be sent: `probe::guards::Ticket` is not read back \
                    as it was written: missing field `seats` at line 1 column 8; add `#[serde(default)]` to the field";
        app.logged(said, |viceroy, _| viceroy.contains(said)).await?;

        let answer = app.get("/language/guard/ticket?seated").await?;
        assert_eq!((answer.status, answer.body.as_str()), (200, "1 [7]"));
        let spent = "a ticket is spent: seated";
        app.logged(spent, |viceroy, _| viceroy.matches(spent).count() == 1).await
    })
}

/// The proxy turns a handshake into a `POST`, which could be another endpoint's.
#[test]
fn a_handshake_does_not_lead_to_another_endpoint_of_its_path() -> Result<()> {
    on_app("probe", async |app| {
        let proxy = app.stack().proxy_url();
        for (from, address) in [("client", app.url("")), ("proxy", proxy)] {
            let url = address + "/language/guard/orders";
            let request =
                app.client().get(url).header("Upgrade", "websocket").header("Connection", "Upgrade");
            let request = request.header("Pushpin-Route", "self").header("Sec-WebSocket-Version", "13");
            let answer = Answer::of(request.header("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")).await?;
            assert_eq!((answer.status, &*answer.body), (400, "this endpoint is no WebSocket\n"), "{from}");
        }
        Ok(())
    })
}

/// The recovery link contains the client's own query.
#[test]
fn a_client_writes_no_guard_value_into_a_link() -> Result<()> {
    on_app("probe", async |app| {
        for forged in ["fanout-guard=forged.e30", "%66anout-guard=forged.e30&x=y"] {
            let rest = if forged.ends_with('y') { "x=y" } else { "" };
            let path = format!("/language/guard/again?{forged}");
            let mut client = Held::open(as_user(app, &path, "alice")).await?;
            let first = format!("data: alice on the client request Some({rest:?})\n\n");
            client.heard_until(&first).await?;
            // The proxy decodes characters that need no encoding.
            app.subscribed(&path.replace("%66", "f"), "again").await?;
            let formats = json!({"http-stream": {"content": "data: 3\n\n"}});
            app.publish_item(json!({"channel": "again", "id": "3", "prev-id": "2", "formats": formats}))
                .await?;
            // Pushpin also sends a request a second after the first subscription, so the number of requests depends on
            // time.
            let heard = client.heard_until(&first.repeat(2)).await?;
            assert_eq!(heard.replace(&first, ""), "");
        }
        Ok(())
    })
}
