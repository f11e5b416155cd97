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
use reqwest::Client;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore};
use tokio::task::{JoinHandle, JoinSet};

use crate::apps::{BY_HAND, OURS, client, client_of_new_connections, start};
use crate::report::{Percentiles, Ratio, Report, Row};

/// The turns of the two sides.
const ROUNDS: usize = 15;

/// The requests to the app at once while clients are opened. Pushpin has 100 places for them.
const OPENING: usize = 40;

/// Measures the time from the start of a connection to its first event, for clients that come at once.
pub(crate) async fn first_event(report: &mut Report) -> Result<()> {
    let (ours, by_hand) = (start(OURS, |_| {})?, start(BY_HAND, |_| {})?);
    let rows = report.table("Milliseconds to the first event, p50 / p99", ["by hand", "fanout"]);
    for (clients, rounds) in [(1, 100), (100, 5), (1_000, 2)] {
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..rounds {
            for (stack, times) in [&by_hand, &ours].into_iter().zip(&mut times) {
                times.extend(burst(stack, clients).await?);
            }
        }
        let name = if clients == 1 { "1 client".to_owned() } else { format!("{clients} clients at once") };
        rows.push(Row::percentiles(&name, times.map(Percentiles::of)));
    }
    Ok(())
}

async fn burst(stack: &Stack, clients: usize) -> Result<Vec<Duration>> {
    let client = client_of_new_connections()?;
    let url = format!("{}/sse", stack.app_url());
    let mut all = JoinSet::new();
    for _ in 0..clients {
        let (client, url) = (client.clone(), url.clone());
        all.spawn(async move {
            let start = Instant::now();
            let mut response = client.get(url).send().await?;
            response.chunk().await?.context("the stream ended")?;
            anyhow::Ok(start.elapsed())
        });
    }
    let mut times = Vec::new();
    while let Some(time) = all.join_next().await {
        times.push(time??);
    }
    Ok(times)
}

/// Measures the time from a publish until the last client has the event: for clients that the app holds, and for clients that
/// an origin holds which always gives the same answer.
pub(crate) async fn fan_out(report: &mut Report, clients: usize) -> Result<()> {
    let origin = static_origin().await?;
    let stack = start(OURS, |config| {
        config.message_rate = 0;
        config.backends.push(("static".into(), origin));
    })?;
    let floor = Audience::open(&stack, "static", "floor", clients).await?;
    let ours = Audience::open(&stack, "self", "test", clients).await?;
    let publisher = client()?;
    let mut ratios = Vec::new();
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..=ROUNDS {
        let of_floor = floor.publish(&publisher, &stack).await?;
        let of_ours = ours.publish(&publisher, &stack).await?;
        // The first round warms both up.
        if round > 0 {
            ratios.push(of_ours.as_secs_f64() / of_floor.as_secs_f64());
            times[0].push(of_floor);
            times[1].push(of_ours);
        }
    }
    let rows = report.table("One publish until the last client has it", ["ratio", "range"]);
    rows.push(Row::ratio(
        &format!("{clients} clients of the app, to clients of a static origin"),
        &Ratio::of(ratios),
    ));
    let rows = report.table("Milliseconds of that publish, p50 / p99", ["static origin", "fanout"]);
    rows.push(Row::percentiles(&format!("{clients} clients"), times.map(Percentiles::of)));
    Ok(())
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
        let received = Arc::<Received>::default();
        let places = Arc::new(Semaphore::new(OPENING));
        let mut opening = JoinSet::new();
        for _ in 0..clients {
            let request = client.get(&url).header("Pushpin-Route", route);
            let places = Arc::clone(&places);
            opening.spawn(async move {
                let _place = places.acquire().await?;
                let mut response = request.send().await?;
                if response.status() != 200 {
                    bail!("the proxy answered {}", response.status());
                }
                response.chunk().await?.context("the stream ended")?;
                anyhow::Ok(response)
            });
        }
        let mut readers = Vec::new();
        while let Some(response) = opening.join_next().await {
            let (response, received) = (response??, Arc::clone(&received));
            readers.push(tokio::spawn(read(response, received, clients)));
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
        if tokio::time::timeout(Duration::from_secs(60), all).await.is_err() {
            let count = self.received.count.load(Ordering::SeqCst);
            bail!("{count} of {} clients had the event after 60 s", self.clients);
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

async fn read(mut response: reqwest::Response, received: Arc<Received>, clients: usize) -> Result<()> {
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
