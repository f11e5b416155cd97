//! Held connections through the whole stack: the first event of each, and one event for all.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use cargo_fanout::stack::Stack;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use reqwest::{Client, Response};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore};
use tokio::task::{JoinHandle, JoinSet};

use crate::apps::{BY_HAND, OURS, client, client_of_new_connections, start, start_plain};
use crate::charts::Chart;
use crate::files;
use crate::progress::Step;
use crate::report::{Cell, Ratio, Table, Times, grouped};

/// The requests to the app at once while clients are opened. Pushpin has 100 places for them.
const OPENING: usize = 40;

/// The longest time for an event.
const PATIENCE: Duration = Duration::from_secs(120);

/// Clients that come at a steady rate, or at once.
#[derive(Clone, Copy)]
pub(crate) struct Arrivals {
    pub(crate) clients: usize,
    /// The time between two of them.
    pub(crate) apart: Duration,
    /// The number of pairs of turns.
    pub(crate) pairs: usize,
}

impl Arrivals {
    fn name(self) -> String {
        let clients = grouped(self.clients as u64);
        match self.apart.as_millis() {
            _ if self.clients == 1 => "1 client".into(),
            0 => format!("{clients} clients at once"),
            millis => format!("{clients} clients, {} in each second", 1_000 / millis),
        }
    }
}

/// The time from the start of a connection to its first event.
pub(crate) async fn first_event(all: &[Arrivals]) -> Result<(Vec<Table>, Vec<Chart>)> {
    // A client has four files in the relay of its stack, and one of its own.
    let most = all.iter().map(|arrivals| arrivals.clients).max().unwrap_or(0);
    files::need(most * 9 + 500, "or measure with --quick")?;
    let (ours, by_hand) = (start_plain(OURS)?, start_plain(BY_HAND)?);
    let mut table = Table::new(
        "Milliseconds to the first event",
        ["by hand, p50 / p99", "fanout, p50 / p99", "p50, fanout to by hand"],
    );
    for &arrivals in all {
        let (name, pairs) = (arrivals.name(), arrivals.pairs);
        let step = Step::start(format!("pairs of turns: first events, {name}"), pairs);
        let (mut of_ours, mut of_hand, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for pair in 0..pairs {
            let (one, other) = if pair % 2 == 0 {
                let one = arrive(&ours, arrivals).await?;
                (one, arrive(&by_hand, arrivals).await?)
            } else {
                let other = arrive(&by_hand, arrivals).await?;
                (arrive(&ours, arrivals).await?, other)
            };
            ratios.push(Times::of(one.clone()).p50 / Times::of(other.clone()).p50);
            of_ours.extend(one);
            of_hand.extend(other);
            step.turn();
        }
        let cells = vec![
            Cell::Times(Times::of(of_hand)),
            Cell::Times(Times::of(of_ours)),
            Cell::Ratio(Ratio::of(&ratios)),
        ];
        table.row(name, cells);
    }
    Ok((vec![table], Vec::new()))
}

/// Opens clients. The time of each counts from the moment at which it should have started, so that a client that this program, or a
/// slow answer, starts late is not a fast one.
async fn arrive(stack: &Stack, Arrivals { clients, apart, .. }: Arrivals) -> Result<Vec<Duration>> {
    let client = client_of_new_connections()?;
    let url = format!("{}/sse", stack.app_url());
    let mut all = JoinSet::new();
    let first = Instant::now();
    for number in 0..clients {
        let (client, url) = (client.clone(), url.clone());
        let start = first + apart * number as u32;
        all.spawn(async move {
            tokio::time::sleep_until(start.into()).await;
            let mut response = client.get(url).send().await?;
            first_chunk(&mut response).await?;
            // The response lives until the last client has its event.
            anyhow::Ok((start.elapsed(), response))
        });
    }
    let mut opened = Vec::new();
    let collect = async {
        while let Some(one) = all.join_next().await {
            opened.push(one??);
        }
        anyhow::Ok(())
    };
    match tokio::time::timeout(PATIENCE, collect).await {
        Ok(collected) => {
            collected.with_context(|| format!("the end of the logs:\n{}", end_of(&stack.logs())))?
        }
        Err(_) => bail!("{} of {clients} clients had their first event after {PATIENCE:?}", opened.len()),
    }
    let times = opened.iter().map(|(time, _)| *time).collect();
    drop(opened);
    // The proxy learns that the clients are gone, before other clients come.
    tokio::time::sleep(Duration::from_micros(300 * clients as u64)).await;
    Ok(times)
}

/// The last lines of logs.
fn end_of(logs: &str) -> String {
    let lines: Vec<_> = logs.lines().filter(|line| !line.contains("INFO")).collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}

async fn first_chunk(response: &mut Response) -> Result<()> {
    if response.status() != 200 {
        let body = response.chunk().await?.unwrap_or_default();
        bail!("the answer to a client is {}: {}", response.status(), String::from_utf8_lossy(&body));
    }
    response.chunk().await?.context("the stream ended before its first event")?;
    Ok(())
}

/// The time from a publish until the last client has the event: for clients that the app holds, and for clients that an origin
/// holds which always gives the same answer.
pub(crate) async fn fan_out(clients: usize, pairs: usize) -> Result<(Vec<Table>, Vec<Chart>)> {
    files::need(2 * clients + 500, "or choose fewer clients with --clients")?;
    let origin = static_origin().await?;
    let stack = start(OURS, |config| {
        config.message_rate = 0;
        config.backends.push(("static".into(), origin));
    })?;
    let floor = Audience::open(&stack, "static", "floor", clients).await?;
    let ours = Audience::open(&stack, "self", "test", clients).await?;
    let publisher = client()?;
    let publish = async |audience: &Audience| audience.publish(&publisher, &stack).await;
    let step = Step::start("pairs of publishes", pairs);
    // The first ones warm both up.
    publish(&floor).await?;
    publish(&ours).await?;
    let (mut of_floor, mut of_ours, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for pair in 0..pairs {
        let (one, other) = if pair % 2 == 0 {
            let one = publish(&ours).await?;
            (one, publish(&floor).await?)
        } else {
            let other = publish(&floor).await?;
            (publish(&ours).await?, other)
        };
        ratios.push(one.as_secs_f64() / other.as_secs_f64());
        of_ours.push(one);
        of_floor.push(other);
        step.turn();
    }
    let mut table = Table::new(
        "Milliseconds from a publish until the last client has it",
        ["static origin, p50 / p99", "fanout, p50 / p99", "fanout to static origin"],
    );
    let cells = vec![
        Cell::Times(Times::of(of_floor)),
        Cell::Times(Times::of(of_ours)),
        Cell::Ratio(Ratio::of(&ratios)),
    ];
    table.row(format!("{} clients", grouped(clients as u64)), cells);
    Ok((vec![table], Vec::new()))
}

/// Clients of one channel that count the events.
struct Audience {
    channel: &'static str,
    clients: usize,
    received: Arc<Received>,
    readers: Vec<JoinHandle<Result<()>>>,
}

#[derive(Default)]
struct Received {
    count: AtomicUsize,
    all: Notify,
}

impl Audience {
    /// Opens the clients at the proxy's own port.
    async fn open(stack: &Stack, route: &str, channel: &'static str, clients: usize) -> Result<Self> {
        let client = client_of_new_connections()?;
        let url = format!("{}/sse", stack.proxy_url());
        let step = Step::start(format!("clients on the channel `{channel}` get their first event"), clients);
        let received = Arc::<Received>::default();
        let places = Arc::new(Semaphore::new(OPENING));
        let mut opening = JoinSet::new();
        for _ in 0..clients {
            let request = client.get(&url).header("Pushpin-Route", route);
            let places = Arc::clone(&places);
            opening.spawn(async move {
                let _place = places.acquire().await?;
                let mut response = tokio::time::timeout(PATIENCE, request.send()).await??;
                tokio::time::timeout(PATIENCE, first_chunk(&mut response)).await??;
                anyhow::Ok(response)
            });
        }
        let mut readers = Vec::new();
        while let Some(response) = opening.join_next().await {
            let (response, received) = (response??, Arc::clone(&received));
            readers.push(tokio::spawn(read(response, received, clients)));
            step.turn();
        }
        Ok(Self { channel, clients, received, readers })
    }

    /// Publishes one event, and returns the time until every client has it.
    async fn publish(&self, client: &Client, stack: &Stack) -> Result<Duration> {
        self.received.count.store(0, Ordering::SeqCst);
        let all = self.received.all.notified();
        let item = json!({"channel": self.channel, "formats": {"http-stream": {"content": "data: now\n\n"}}});
        let request = client.post(stack.publish_url()).body(json!({"items": [item]}).to_string());
        let start = Instant::now();
        request.send().await?.error_for_status()?;
        if tokio::time::timeout(PATIENCE, all).await.is_err() {
            let count = self.received.count.load(Ordering::SeqCst);
            bail!("{count} of {} clients had the event after {PATIENCE:?}", self.clients);
        }
        Ok(start.elapsed())
    }
}

impl Drop for Audience {
    fn drop(&mut self) {
        for reader in &self.readers {
            reader.abort();
        }
    }
}

async fn read(mut response: Response, received: Arc<Received>, clients: usize) -> Result<()> {
    while let Some(chunk) = response.chunk().await? {
        let events = chunk.windows(5).filter(|bytes| bytes == b"data:").count();
        if events > 0 && received.count.fetch_add(events, Ordering::SeqCst) + events == clients {
            received.all.notify_one();
        }
    }
    Ok(())
}

/// Starts a server that holds every request on the channel `floor`, and returns its port.
async fn static_origin() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let service = service_fn(async |_| {
                let response = hyper::Response::builder()
                    .header("Content-Type", "text/event-stream")
                    .header("Grip-Hold", "stream")
                    .header("Grip-Channel", "floor")
                    .body(Full::new(Bytes::from_static(b":\n\n")))
                    .expect("the headers are valid");
                Ok::<_, Infallible>(response)
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(connection), service));
        }
    });
    Ok(port)
}
