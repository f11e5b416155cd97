//! The proxy's limits for bodies, and channels whose name differs with each request.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use e2e::{Answer, App, AppRequest, Held, on_app, within};
use fanout::grip::{Hold, websocket};
use reqwest::RequestBuilder;

use crate::before_handoff::{ended_before_handoff, on_traced};
use crate::trust::{GENUINE, app_requests};

const PAGE: &str = "http://page.example";

/// In headers, and as JSON.
const NAMES: [&str; 2] = ["plain", "a,b"];

const LIMIT: usize = Hold::MAX_INSTRUCTION;

/// The numbers, by answers that the app passes on without a look at them.
#[test]
fn the_proxy_takes_as_much_as_the_constants_say() -> Result<()> {
    on_app("probe", async |app| {
        let ask = |query: String| {
            let url = app.stack().proxy_url() + "/language/limits/unchecked?" + &query;
            app.client().get(url).header("Pushpin-Route", "self")
        };
        for (len, status) in [(LIMIT - 1, 200), (LIMIT, 200), (LIMIT + 1, 502)] {
            let answer = Answer::of(ask(format!("hold=response&len={len}"))).await?;
            assert_eq!(answer.status, status, "{len}");
            let filtered = ask(format!("hold=stream&filter=build-id&len={len}"));
            assert_eq!(Held::open(filtered).await?.status(), status, "{len}, with an id");
        }
        let mut stream = Held::open(ask(format!("hold=stream&len={}", LIMIT + 1))).await?;
        assert_eq!(stream.heard(LIMIT + 1).await?.len(), LIMIT + 1);
        let plain = Answer::of(ask(format!("len={}", LIMIT + 1))).await?;
        assert_eq!((plain.status, plain.bytes.len()), (200, LIMIT + 1));
        Ok(())
    })
}

fn of_page(app: &App, path: &str) -> RequestBuilder {
    app.client().get(app.url(path)).header("Origin", PAGE)
}

/// The bytes that an instruction has around the body of the client's response, with what CORS adds: none in headers. Shorter
/// bodies are in JSON only to save headers.
async fn around(app: &App, kind: &str, name: &str) -> Result<usize> {
    const LEN: usize = 5_000;
    let request = of_page(app, &format!("/language/limits/{kind}/{name}/{LEN}")).header("Grip-Sig", GENUINE);
    Ok(Answer::of(request).await?.bytes.len() - LEN)
}

#[test]
fn a_poll_has_a_limit_in_headers_and_as_json() -> Result<()> {
    on_app("probe", async |app| {
        for name in NAMES {
            let around = around(app, "poll", name).await?;
            assert_eq!(around > 0, name == "a,b", "{around} bytes");
            for len in [LIMIT - 1, LIMIT] {
                let len = len - around;
                let answer = Answer::of(of_page(app, &format!("/language/limits/poll/{name}/{len}"))).await?;
                assert_eq!((answer.status, answer.bytes.len()), (200, len), "{name}");
            }
            refuses(app, &format!("/language/limits/poll/{name}/{}", LIMIT + 1 - around)).await?;
        }
        let now = app.get(&format!("/language/limits/now/{}", LIMIT + 1)).await?;
        assert_eq!((now.status, now.bytes.len()), (200, LIMIT + 1));
        Ok(())
    })
}

#[test]
fn a_stream_has_a_limit_as_json_and_none_in_headers() -> Result<()> {
    on_app("probe", async |app| {
        let around = around(app, "stream", "a,b").await?;
        for (name, len) in [("a,b", LIMIT - 1 - around), ("a,b", LIMIT - around), ("plain", 3_000_000)] {
            let path = format!("/language/limits/stream/{name}/{len}");
            let mut stream = Held::open(of_page(app, &path)).await?;
            assert_eq!(stream.status(), 200, "{name}");
            assert_eq!(stream.heard(len).await?.len(), len, "{name}");
        }
        refuses(app, &format!("/language/limits/stream/a,b/{}", LIMIT + 1 - around)).await
    })
}

/// One byte too many is a 500 that the page may read, and a line with both numbers.
async fn refuses(app: &App, path: &str) -> Result<()> {
    let answer = Answer::of(of_page(app, path)).await?;
    assert_eq!((answer.status, answer.body.as_str()), (500, "the connection could not be held\n"), "{path}");
    assert_eq!(answer.header("access-control-allow-origin"), PAGE);
    let told = format!("fanout: {path} was not answered with the hold that it returned: ");
    let numbers = format!(" has {} bytes, and the proxy's limit is {LIMIT}: return less, or ", LIMIT + 1);
    let is_told =
        |viceroy: &str, _: &str| viceroy.lines().any(|line| line.contains(&told) && line.contains(&numbers));
    app.logged(&told, is_told).await
}

#[test]
fn the_proxy_passes_on_the_beginning_of_a_refusal() -> Result<()> {
    const LIMIT: usize = websocket::MAX_REFUSAL;
    on_app("probe", async |app| {
        let told = |len| {
            let path = format!("/language/limits/refused/{len}");
            format!("a WebSocket at {path} has {len} bytes, and the proxy passes on the first {LIMIT}: ")
        };
        for (len, heard) in [(LIMIT - 1, LIMIT - 1), (LIMIT, LIMIT), (LIMIT + 1, LIMIT)] {
            let url = app.stack().proxy_url() + &format!("/language/limits/refused/{len}");
            let request = app.client().get(url).header("Pushpin-Route", "self");
            let request = request.header("Connection", "Upgrade").header("Upgrade", "websocket");
            let request = request.header("Sec-WebSocket-Version", "13");
            let answer = Answer::of(request.header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")).await?;
            assert_eq!((answer.status, answer.bytes.len()), (403, heard), "{len}");
        }
        app.logged("the refusal that was cut", |viceroy, _| viceroy.contains(&told(LIMIT + 1))).await?;
        let log = app.stack().viceroy_log();
        assert!(!log.contains(&told(LIMIT)) && !log.contains(&told(LIMIT - 1)), "{log}");
        Ok(())
    })
}

/// Returns a stream that keeps the channel of the polls known to the proxy.
///
/// Pushpin repeats the polls of a new channel after a second. On a busy machine, 1.41 has answered such a repeated request,
/// with a long body, with a 502. So the moment has passed before a test sends long bodies.
async fn known_channel(app: &App) -> Result<Held> {
    let (poll, stream) = ("/language/limits/poll/plain/5", "/language/limits/stream/plain/5");
    let first = tokio::spawn(Answer::of(app.client().get(app.url(poll))));
    app.subscribed(poll, "limits-plain retry").await?;
    let held = Held::open(app.client().get(app.url(stream))).await?;
    app.subscribed(stream, "limits-plain").await?;
    first.await??;
    Ok(held)
}

#[test]
fn a_request_body_that_is_too_long_is_refused_before_the_guard() -> Result<()> {
    const LIMIT: usize = Hold::MAX_REQUEST_BODY;
    on_traced(async |app| {
        let post = |path: &str, len| {
            let request = app.client().post(app.url(path)).header("Origin", PAGE);
            Answer::of(request.body("y".repeat(len)))
        };
        let held = known_channel(app).await?;
        for len in [LIMIT - 1, LIMIT] {
            let answer = post("/language/limits/poll/plain/5?fits", len).await?;
            assert_eq!((answer.status, answer.body.as_str()), (200, "xxxxx"), "{len}");
        }
        drop(held);
        let answer = post("/language/limits/poll/plain/5?long", LIMIT + 1).await?;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (413, "the body has 100001 bytes, and the limit is 100000\n")
        );
        assert_eq!(answer.header("access-control-allow-origin"), PAGE);
        assert_eq!(post("/language/limits/guarded?long", LIMIT + 1).await?.status, 413);
        assert_eq!(post("/language/limits/guarded?long", LIMIT).await?.status, 418);
        ended_before_handoff(app, "?long", 3).await
    })
}

/// Without a `Content-Length`, the limit is the proxy's own.
#[test]
fn the_proxy_refuses_a_long_body_without_a_length_unless_it_is_answered_at_once() -> Result<()> {
    const LIMIT: usize = Hold::MAX_REQUEST_BODY;
    on_app("probe", async |app| {
        let held = known_channel(app).await?;
        for (path, len, answered, may_read) in [
            ("/language/limits/poll/plain/5", LIMIT - 1, "HTTP/1.1 200 ", true),
            ("/language/limits/poll/plain/5", LIMIT, "HTTP/1.1 200 ", true),
            ("/language/limits/poll/plain/5", LIMIT + 1, "HTTP/1.1 400 ", false),
            ("/language/limits/now/5", LIMIT + 1, "HTTP/1.1 200 ", false),
        ] {
            let address = app.stack().app_url().replacen("http://", "", 1);
            let chunked = tokio::task::spawn_blocking(move || post_chunked(&address, path, len));
            let answer = within("the answer to chunks", chunked).await???;
            assert!(answer.starts_with(answered), "{path} {len}: {answer}");
            let says_so = answer.to_ascii_lowercase().contains("access-control-allow-origin");
            assert_eq!(says_so, may_read, "{path} {len}: {answer}");
        }
        drop(held);
        Ok(())
    })
}

fn post_chunked(address: &str, path: &str, len: usize) -> Result<String> {
    let mut connection = TcpStream::connect(address)?;
    connection.set_read_timeout(Some(Duration::from_secs(20)))?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nOrigin: {PAGE}\r\nHost: {address}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let body = format!("{len:x}\r\n{}\r\n0\r\n\r\n", "y".repeat(len));
    connection.write_all((head + &body).as_bytes())?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).context("no answer")?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// The line in the log for a channel function that returns another channel at each call.
const ALWAYS_NEW: &str = "a channel function was called twice for one request, and \"random-";

/// The proxy asks about a second after a channel's first subscription, and a new channel each time is a first one each time.
#[test]
fn a_poll_of_a_random_channel_is_never_answered_and_the_log_says_why() -> Result<()> {
    on_traced(async |app| {
        let path = "/language/limits/random/poll";
        let poll = tokio::spawn(Answer::of(app.client().get(app.url(path))));
        let asked =
            |viceroy: &str| AppRequest::all(viceroy).iter().filter(|one| one.request.contains(path)).count();
        // A client's request, and one a second for longer than the timeout.
        app.logged("the proxy to ask again and again", |viceroy, _| asked(viceroy) >= 9).await?;
        assert!(!poll.is_finished(), "it was answered: {:?}", poll.await);
        poll.abort();
        app.logged(ALWAYS_NEW, |viceroy, _| viceroy.contains(ALWAYS_NEW)).await
    })
}

#[test]
fn a_poll_of_a_channel_of_the_request_is_answered_and_the_log_says_nothing() -> Result<()> {
    on_traced(async |app| {
        for path in ["/language/limits/named/poll?name=a", "/language/limits/drawn/poll"] {
            let answer = app.get(path).await?;
            assert_eq!((answer.status, answer.body.as_str()), (200, "nothing yet\n"));
            // The client's, the proxy's, and the proxy's a second after the first subscription.
            let asked = app_requests(app, path).len();
            ensure!((2..=4).contains(&asked), "{path} was asked for {asked} times");
        }
        let log = app.stack().viceroy_log();
        assert!(!log.contains("a channel function was called twice"), "{log}");
        Ok(())
    })
}

/// The link of the recovery carries the channel, so the function is not called again, and the channel stays.
#[test]
fn a_stream_of_a_random_channel_keeps_it_in_a_recovery() -> Result<()> {
    on_traced(async |app| {
        let alone = Held::open(app.client().get(app.url("/language/limits/random/sse"))).await?;
        let linked = Held::open(app.client().get(app.url("/language/limits/random/next"))).await?;
        app.logged("a recovery request", |viceroy, _| {
            let all = AppRequest::all(viceroy);
            all.iter().any(|one| one.completed && one.request.contains("/random/next?fanout-channels="))
        })
        .await?;
        assert_eq!(app_requests(app, "/random/sse").len(), 2);
        // At the openings alone.
        let told = app.stack().viceroy_log().matches(ALWAYS_NEW).count();
        ensure!((1..=2).contains(&told), "it was told {told} times");
        drop((alone, linked));
        Ok(())
    })
}
