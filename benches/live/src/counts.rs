//! Exact counts: hostcalls, and the sizes of the apps.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use cargo_fanout::stack::Stack;
use e2e::{AppRequest, PATIENCE, config, trace_hostcalls};
use reqwest::RequestBuilder;

use crate::apps::{BY_HAND, OURS, client, message, start, token};
use crate::charts::{Chart, Line};
use crate::report::{Report, Row};

/// The numbers of headers that a client sends beside those of every request. Viceroy accepts 100 together.
const HEADERS: [usize; 3] = [0, 20, 90];

/// The requests of the table: a name, the path, and the body of events if it is one of a WebSocket.
const REQUESTS: [(&str, &str, Option<&[u8]>); 7] = [
    ("handoff", "/sse", None),
    ("hold of `sse`", "/sse", None),
    ("hold of `stream`", "/stream", None),
    ("hold of `long_poll`", "/response", None),
    ("WebSocket, opening", "/ws", Some(b"OPEN\r\n")),
    ("WebSocket, a message", "/ws", Some(b"TEXT 5\r\nhello\r\n")),
    ("WebSocket, the close", "/ws", Some(b"CLOSE 2\r\n\x03\xe8\r\n")),
];

pub(crate) async fn run(report: &mut Report) -> Result<()> {
    sizes(report)?;
    let (ours, by_hand) = (start(OURS, trace_hostcalls)?, start(BY_HAND, trace_hostcalls)?);
    let rows = report.table("Hostcalls of a request", ["by hand", "fanout"]);
    for (name, path, events) in REQUESTS {
        let mut counts = Vec::new();
        for stack in [&by_hand, &ours] {
            counts.push(hostcalls(stack, path, events, name != "handoff", 0).await?);
        }
        rows.push(Row::counts(name, &counts));
    }

    let mut lines = Vec::new();
    for (label, stack) in [("fanout, hold", &ours), ("by hand, hold", &by_hand)] {
        let mut points = Vec::new();
        for headers in HEADERS {
            points.push((headers as f64, hostcalls(stack, "/sse", None, true, headers).await? as f64));
        }
        lines.push(Line { label: label.into(), points });
    }
    report.charts.push(Chart {
        file: "hostcalls-by-headers.svg",
        title: "Hostcalls of a hold, by headers of the client",
        x: "headers",
        y: "hostcalls",
        lines,
    });
    Ok(())
}

fn sizes(report: &mut Report) -> Result<()> {
    let size = |name: &str| anyhow::Ok(fs::metadata(config::app(name)?)?.len() as usize);
    let counts = [size(BY_HAND)?, size(OURS)?];
    report.table("Bytes of the stripped wasm", ["by hand", "fanout"]).push(Row::counts("the app", &counts));
    Ok(())
}

/// The hostcalls of one request, which comes from the proxy or from a client.
async fn hostcalls(
    stack: &Stack,
    path: &str,
    events: Option<&[u8]>,
    from_proxy: bool,
    headers: usize,
) -> Result<usize> {
    let mark = format!("{path}?{}", unique());
    let url = format!("{}{mark}", stack.app_url());
    let request = with_headers(request(&url, events, from_proxy)?, headers);
    // The client request is held by the proxy, so nothing waits for its end.
    let sent = tokio::spawn(request.send());
    let deadline = Instant::now() + PATIENCE;
    let found = loop {
        let all = AppRequest::all(&stack.viceroy_log());
        if let Some(one) = all.into_iter().find(|one| one.request.ends_with(&mark) && one.completed) {
            break one.hostcalls.len();
        }
        ensure!(Instant::now() < deadline, "the app did not complete the request of {mark}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    sent.abort();
    Ok(found)
}

fn request(url: &str, events: Option<&[u8]>, from_proxy: bool) -> Result<RequestBuilder> {
    let client = client()?;
    let request = match events {
        None => client.get(url),
        Some(events) => client
            .post(url)
            .header("Content-Type", "application/websocket-events")
            .header("Accept", "application/websocket-events")
            .header("Connection-Id", "1")
            .body(events.to_vec()),
    };
    Ok(if from_proxy { request.header("Grip-Sig", token()?) } else { request })
}

/// Adds headers as a client may send them.
pub(crate) fn with_headers(mut request: RequestBuilder, count: usize) -> RequestBuilder {
    for number in 0..count {
        request = request.header(format!("x-header-{number}"), "value");
    }
    request
}

/// A number that no other request has.
fn unique() -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A request of a WebSocket message of `size` bytes.
pub(crate) fn message_request(
    client: &reqwest::Client,
    url: &str,
    token: &str,
    size: usize,
) -> RequestBuilder {
    client
        .post(url)
        .header("Content-Type", "application/websocket-events")
        .header("Connection-Id", "1")
        .header("Grip-Sig", token)
        .body(message(size))
}
