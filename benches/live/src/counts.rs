//! Exact counts: hostcalls, and the sizes of the apps.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use cargo_fanout::stack::Stack;
use e2e::{AppRequest, PATIENCE, Socket, config, trace_hostcalls};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::apps::{BY_HAND, OURS, client, start, with_headers};
use crate::charts::{Chart, Line};
use crate::progress::Step;
use crate::report::{Cell, Table};

/// The hostcalls of each request of a connection: the handoff of the client request, and the Fanout requests after it.
const STREAMS: [(&str, &str); 3] = [("/sse", "`sse`"), ("/stream", "`stream`"), ("/response", "`long_poll`")];

/// The bytes of the apps, and the hostcalls of their requests. `headers` are numbers of headers of a client.
pub(crate) async fn run(headers: &[usize]) -> Result<(Vec<Table>, Vec<Chart>)> {
    let mut sizes = Table::new("Bytes of the stripped wasm", ["by hand", "fanout"]);
    sizes.row("the app", vec![size(BY_HAND)?, size(OURS)?]);

    let apps = [start(BY_HAND, trace_hostcalls)?, start(OURS, trace_hostcalls)?];
    let step =
        Step::start("connections whose hostcalls are counted", 2 * (STREAMS.len() + 1 + headers.len()));
    let mut calls = Table::new("Hostcalls of a request", ["by hand", "fanout"]);
    let mut rows = Vec::<(String, Vec<Cell>)>::new();
    let mut lines = Vec::new();
    for (app, label) in apps.iter().zip(["by hand", "fanout"]) {
        let mut counts = Vec::new();
        for (path, kind) in STREAMS {
            let [handoff, hold] = of_stream(app, path, 0).await?;
            if counts.is_empty() {
                counts.push(("handoff".to_owned(), handoff));
            }
            counts.push((format!("hold of {kind}"), hold));
            step.turn();
        }
        let names = ["handoff of a WebSocket", "opening", "message", "close"];
        counts.extend(names.map(str::to_owned).into_iter().zip(of_web_socket(app).await?));
        step.turn();
        for (index, (name, count)) in counts.into_iter().enumerate() {
            match rows.get_mut(index) {
                Some((_, cells)) => cells.push(Cell::Count(count)),
                None => rows.push((name, vec![Cell::Count(count)])),
            }
        }
        let mut points = Vec::new();
        for &count in headers {
            let [_, hold] = of_stream(app, "/sse", count).await?;
            points.push((count as f64, hold as f64));
            step.turn();
        }
        lines.push(Line { label: label.into(), points });
    }
    for (name, cells) in rows {
        calls.row(name, cells);
    }
    let chart = Chart {
        file: "hostcalls-by-headers.svg".into(),
        title: "Hostcalls of a hold, by headers of the client".into(),
        x: "headers".into(),
        y: "hostcalls".into(),
        lines,
    };
    Ok((vec![sizes, calls], vec![chart]))
}

fn size(name: &str) -> Result<Cell> {
    Ok(Cell::Count(fs::metadata(config::app(name)?)?.len()))
}

/// The hostcalls of the handoff and of the hold.
async fn of_stream(stack: &Stack, path: &str, headers: usize) -> Result<[u64; 2]> {
    let query = unique();
    let request = with_headers(client()?.get(format!("{}{path}{query}", stack.app_url())), headers);
    // The proxy holds the response of a long poll, so nothing waits for it.
    let sent = tokio::spawn(request.send());
    let counts = hostcalls(stack, &query).await;
    sent.abort();
    counts
}

/// The hostcalls of the handoff, the opening, a message and the close.
async fn of_web_socket(stack: &Stack) -> Result<[u64; 4]> {
    let query = unique();
    let url = format!("{}/ws{query}", stack.app_url().replacen("http", "ws", 1));
    let mut socket = Socket::open(&url).await?;
    socket.say("hello").await?;
    ensure!(socket.hear().await?.to_text()? == "hello", "the app sends the message back");
    socket.close(CloseFrame { code: CloseCode::Normal, reason: "".into() }).await?;
    hostcalls(stack, &query).await
}

/// The hostcalls of the first requests with a query, once they have completed.
async fn hostcalls<const N: usize>(stack: &Stack, query: &str) -> Result<[u64; N]> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let mut all = AppRequest::all(&stack.viceroy_log());
        all.retain(|one| one.completed && one.request.ends_with(query));
        if let Some(first) = all.first_chunk::<N>() {
            return Ok(first.each_ref().map(|one| one.hostcalls.len() as u64));
        }
        if Instant::now() > deadline {
            bail!("{} of {N} requests completed after {PATIENCE:?}\n{}", all.len(), stack.pushpin_log());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A query that no other request has.
fn unique() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    format!("?counted={}.", NEXT.fetch_add(1, Ordering::Relaxed))
}
