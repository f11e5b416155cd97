//! Panics in the app's code: its clients see no more of them than of other errors, and the log says where they were.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use anyhow::{Context as _, Result, bail};
use e2e::{Answer, App, Held, PATIENCE, Socket, on_app};
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message};

use crate::trust::GENUINE;

const PLACE: &str = "e2e/probe/src/panics.rs:";

/// A 500 that says nothing of the app.
fn is_clean(answer: &Answer, what: &str) {
    assert_eq!((answer.status, answer.body.as_str()), (500, "internal error\n"), "{what}: {answer:?}");
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8", "{what}: {answer:?}");
}

/// The lines that the app logged about panics.
fn panics(app: &App) -> Vec<String> {
    let log = app.stack().viceroy_log();
    log.lines().filter(|line| line.contains(" panicked at ")).map(str::to_owned).collect()
}

/// One more panic is logged, and all of it in one line.
async fn is_logged(app: &App, so_far: usize, endpoint: &str, message: &str) -> Result<()> {
    app.logged("a panic", |viceroy, _| viceroy.matches(" panicked at ").count() > so_far).await?;
    let lines = panics(app);
    assert_eq!(lines.len(), so_far + 1, "{lines:#?}");
    let line = &lines[so_far];
    assert!(line.contains(&format!("fanout: {endpoint}")), "{line}");
    let (_, place) = line.split_once(PLACE).with_context(|| format!("no place: {line}"))?;
    let (numbers, said) = place.split_once(": ").with_context(|| format!("no message: {line}"))?;
    assert!(numbers.split(':').all(|number| number.parse::<u32>().is_ok()), "{line}");
    assert!(said.starts_with(message), "{line}");
    Ok(())
}

/// The one line is all.
fn no_backtrace(app: &App) {
    let log = app.stack().viceroy_log();
    assert!(!log.contains("backtrace"), "{log}");
}

#[test]
fn every_panic_is_a_500_without_internals() -> Result<()> {
    on_app("probe", async |app| {
        let held = Held::open(app.client().get(app.url("/panics/sse/well"))).await?;
        let mut socket = open(app, "/panics/ws").await?;
        let secret = r"the secret\nof line ";
        for (so_far, (template, path, message)) in [
            ("/panics/sse/{value}", "/panics/sse/panic", secret),
            ("/panics/stream", "/panics/stream", "the secret of the stream"),
            ("/panics/poll", "/panics/poll", secret),
            ("/panics/channel", "/panics/channel", secret),
            ("/panics/extractor", "/panics/extractor", secret),
            ("/panics/parsed/{value}", "/panics/parsed/7", secret),
            ("/panics/guard", "/panics/guard", secret),
        ]
        .into_iter()
        .enumerate()
        {
            is_clean(&app.get(path).await?, path);
            let endpoint = format!("the endpoint `{template}`, asked for GET {path}, panicked at ");
            is_logged(app, so_far, &endpoint, message).await?;
        }
        // The other connections are still open, and new ones are accepted.
        socket.say("still here").await?;
        assert_eq!(socket.hear().await?, Message::text("still here"));
        for mut held in [held, Held::open(app.client().get(app.url("/panics/sse/well"))).await?] {
            assert_eq!(held.heard_until("well\n\n").await?, "data: well\n\n");
        }
        no_backtrace(app);
        Ok(())
    })
}

/// On the client request and on the Fanout request.
#[test]
fn a_page_of_another_origin_may_read_it() -> Result<()> {
    on_app("probe", async |app| {
        for path in ["/panics/guard", "/panics/sse/panic"] {
            for (origin, allowed) in
                [("http://page.example", "http://page.example"), ("http://other.example", "")]
            {
                let request = app.client().get(app.url(path)).header("Origin", origin);
                let answer = Answer::of(request).await?;
                is_clean(&answer, path);
                assert_eq!(answer.header("access-control-allow-origin"), allowed, "{path}: {answer:?}");
                assert_eq!(answer.header("vary"), "Origin", "{path}: {answer:?}");
            }
        }
        Ok(())
    })
}

async fn open(app: &App, path: &str) -> Result<Socket> {
    Socket::open(app.url(path).replacen("http", "ws", 1)).await
}

#[test]
fn a_connection_that_is_not_open_is_refused() -> Result<()> {
    on_app("probe", async |app| {
        for (so_far, (template, path)) in
            [("/panics/life/{at}", "/panics/life/open"), ("/panics/guarded_ws", "/panics/guarded_ws")]
                .into_iter()
                .enumerate()
        {
            let error = open(app, path).await.expect_err("it opened");
            match error.downcast_ref() {
                Some(tungstenite::Error::Http(response)) => {
                    assert_eq!(response.status(), 500, "{path}: {response:?}");
                    let body = response.body().as_deref().unwrap_or_default();
                    assert!(b"internal error\n".starts_with(body), "{path}: {}", body.escape_ascii());
                }
                _ => bail!("{path}: {error:#}"),
            }
            is_logged(app, so_far, &format!("the endpoint `{template}`, asked for "), r"the secret\n")
                .await?;
        }
        Ok(())
    })
}

fn broken() -> Message {
    Message::Close(Some(CloseFrame { code: 1011.into(), reason: "internal error".into() }))
}

#[test]
fn a_connection_that_is_open_is_closed_with_1011() -> Result<()> {
    on_app("probe", async |app| {
        let mut other = open(app, "/panics/life/text").await?;
        for (so_far, (template, path, message)) in [
            ("/panics/ws", "/panics/ws", Message::text("panic")),
            ("/panics/iterator", "/panics/iterator", Message::text("panic")),
            ("/panics/life/{at}", "/panics/life/text", Message::text("panic")),
            ("/panics/life/{at}", "/panics/life/binary", Message::binary("panic")),
            ("/panics/life/{at}", "/panics/life/close", Message::Close(None)),
        ]
        .into_iter()
        .enumerate()
        {
            let mut socket = open(app, path).await?;
            if so_far == 2 {
                socket.say("before").await?;
                assert_eq!(socket.hear().await?, Message::text("before 1"));
            }
            socket.say(message).await?;
            assert_eq!(socket.hear().await?, broken(), "{path}");
            let endpoint = format!("the endpoint `{template}`, asked for POST {path}, panicked at ");
            is_logged(app, so_far, &endpoint, r"the secret\n").await?;
        }
        other.say("me too").await?;
        assert_eq!(other.hear().await?, Message::text("me too 1"));
        no_backtrace(app);
        Ok(())
    })
}

#[test]
fn a_panic_behind_the_end_of_a_connection_is_logged() -> Result<()> {
    on_app("probe", async |app| {
        let mut socket = open(app, "/panics/life/disconnect").await?;
        socket.say("here").await?;
        assert_eq!(socket.hear().await?, Message::text("here 1"));
        drop(socket);
        is_logged(app, 0, "the endpoint `/panics/life/{at}`, asked for POST ", r"the secret\n").await
    })
}

/// Events after the panic do not run a handler, even if the client sent them before it received the close.
#[test]
fn the_proxy_is_told_that_the_connection_is_closed() -> Result<()> {
    on_app("probe", async |app| {
        let request = app.client().post(app.url("/panics/life/text")).header("Grip-Sig", GENUINE);
        let request = request.header("Content-Type", "application/websocket-events");
        // The state does not parse, so `renew` runs.
        let request = request.header("Meta-Fanout-State", "{}").body("TEXT 2\r\nhi\r\n");
        let answer = Answer::of(request).await?;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (200, "CLOSE 10\r\n\u{3}\u{fffd}internal error\r\n"),
            "{answer:?}"
        );
        assert_eq!(answer.header("content-type"), "application/websocket-events", "{answer:?}");
        assert_eq!(answer.header("set-meta-fanout-closed"), "1", "{answer:?}");
        is_logged(app, 0, "the endpoint `/panics/life/{at}`, asked for POST ", r"the secret\n").await
    })
}

#[test]
fn the_body_of_main_is_answered_once() -> Result<()> {
    on_app("probe", async |app| {
        is_clean(&app.get("/panics/main").await?, "main");
        is_logged(app, 0, "`main` panicked at ", r"the secret\n").await?;
        no_backtrace(app);
        let answered = app.get("/panics/main/answered").await?;
        assert_eq!((answered.status, answered.body.as_str()), (202, "answered first\n"));
        is_logged(app, 1, "`main` panicked at ", r"the secret\n").await
    })
}

/// The app has a `main` of its own there, and has set a hook before it calls `handle`.
#[test]
fn a_hook_of_the_apps_own_runs_too() -> Result<()> {
    on_app("on-compute", async |app| {
        is_clean(&app.get("/panics").await?, "a guard");
        let log = app.stack().viceroy_log();
        let own = "the app's own hook: on-compute";
        assert_eq!(log.matches(own).count(), 1, "{log}");
        let line = "fanout: the endpoint `/panics`, asked for GET /panics, panicked at ";
        assert_eq!(log.matches(line).count(), 1, "{log}");
        assert_eq!(app.get("/nothing").await?.status, 404);
        Ok(())
    })
}

/// The `fastly` crate panics where it reads the URL, which it does for the path too.
#[test]
fn a_host_or_target_that_is_no_url_is_a_400() -> Result<()> {
    on_app("probe", async |app| {
        let address = app.url("").trim_start_matches("http://").to_owned();
        let hosts = ["1.2.3.4.5", "1.2.3.256", "a:b", "a:99999"];
        let paths = ["/panics/sse/well", "/panics/guard", "/panics/ws", "/nothing", "/"];
        let mut wrong: Vec<_> =
            paths.iter().flat_map(|path| hosts.map(|host| ("GET", *path, host))).collect();
        wrong.extend(["GET", "OPTIONS"].map(|method| (method, "*", &*address)));
        for (count, (method, target, host)) in (1..).zip(wrong) {
            let answer = raw(&address, &format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\n")).await?;
            let what = format!("{method} {target} of {host}: {answer}");
            assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{what}");
            assert!(
                answer.ends_with("\r\n\r\nthe host or the target of the request is not a URL\n"),
                "{what}"
            );
            let line = format!(
                "fanout: answered 400: the host or the target of a request is not a URL: the host is {host:?}; "
            );
            app.logged(&line, |viceroy, _| viceroy.contains(&line)).await?;
            let log = app.stack().viceroy_log();
            assert_eq!(log.matches("fanout: answered 400: ").count(), count, "{log}");
            assert!(!log.contains("panicked") && !log.contains("backtrace"), "{log}");
        }
        // Hosts of other names are served. Without the tables of Unicode, no name in Punycode is wrong.
        for host in ["1.2.3.4", "a:1", "xn--a", "xn--bcher-kva.example"] {
            let answer = raw(&address, &format!("GET /nothing HTTP/1.1\r\nHost: {host}\r\n")).await?;
            assert!(answer.ends_with("\r\n\r\nnothing at /nothing\n"), "{host}: {answer}");
        }
        Ok(())
    })
}

/// The answer to a request as it is written.
pub(crate) async fn raw(address: &str, head: &str) -> Result<String> {
    let (address, head) = (address.to_owned(), format!("{head}Connection: close\r\n\r\n"));
    let exchange = move || {
        let mut connection = TcpStream::connect(address)?;
        connection.set_read_timeout(Some(PATIENCE))?;
        connection.write_all(head.as_bytes())?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        anyhow::Ok(answer)
    };
    tokio::task::spawn_blocking(exchange).await?
}
