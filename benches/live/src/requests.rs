//! Requests in a second and their processor time, as ratios: two apps are asked in turns, so that the machine's load is the same
//! for both.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use cargo_fanout::stack::Stack;
use reqwest::{Client, RequestBuilder};
use tokio::task::JoinSet;

use crate::apps::{
    BY_HAND, BY_HAND_REUSED, FLOOR, FLOOR_REUSED, OURS, OURS_ES256, OURS_ES256_REUSED, OURS_REUSED, client,
    es256_token, hold, message, start_plain, ticks, token, with_headers,
};
use crate::charts::{Chart, Line};
use crate::progress::Step;
use crate::report::{Cell, Ratio, Table, grouped};

/// The connections that send requests at once.
const CONNECTIONS: usize = 4;

/// The number and the length of the turns of each app.
#[derive(Clone, Copy)]
pub(crate) struct Turns {
    pairs: usize,
    time: Duration,
}

impl Turns {
    pub(crate) fn new(quick: bool) -> Self {
        let (pairs, millis) = if quick { (3, 300) } else { (15, 500) };
        Self { pairs, time: Duration::from_millis(millis) }
    }
}

/// The columns of what [`compare`] measures.
const COLUMNS: [&str; 2] = ["requests in a second", "processor time of Viceroy for each"];

/// A Fanout request.
#[derive(Clone, Copy)]
enum Asks<'a> {
    /// A stream, with so many headers of the client.
    Hold { path: &'a str, headers: usize },
    /// A WebSocket message of so many bytes.
    Message { size: usize },
}

const HOLD: Asks<'_> = Asks::Hold { path: "/sse", headers: 0 };

impl Asks<'_> {
    fn request(self, client: &Client, stack: &Stack, token: &str) -> RequestBuilder {
        match self {
            Asks::Hold { path, headers } => with_headers(hold(client, stack, path, token), headers),
            Asks::Message { size } => message(client, stack, size, token),
        }
    }
}

/// The cost of an app of this library, beside the app by hand.
pub(crate) async fn run(turns: Turns) -> Result<(Vec<Table>, Vec<Chart>)> {
    let (local, es256) = (token()?, es256_token()?);
    let mut table = Table::new("fanout, which verifies, to by hand, which does not", COLUMNS);
    for (name, asks, ours, by_hand, token) in [
        ("holds", HOLD, OURS, BY_HAND, &local),
        ("holds, fanout with `reuse`", HOLD, OURS_REUSED, BY_HAND, &local),
        ("holds, both with `reuse`", HOLD, OURS_REUSED, BY_HAND_REUSED, &local),
        ("holds with ES256, as Fanout signs", HOLD, OURS_ES256, BY_HAND, &es256),
        ("holds with ES256, fanout with `reuse`", HOLD, OURS_ES256_REUSED, BY_HAND, &es256),
        ("messages of a WebSocket", Asks::Message { size: 5 }, OURS, BY_HAND, &local),
        ("messages, fanout with `reuse`", Asks::Message { size: 5 }, OURS_REUSED, BY_HAND, &local),
    ] {
        let (ours, by_hand) = (start_plain(ours)?, start_plain(by_hand)?);
        let ratios = compare(name, turns, token, (&ours, asks), (&by_hand, asks)).await?;
        table.row(name, ratios.cells());
    }
    let mut floor = Table::new("the floor, to by hand", COLUMNS);
    for (name, app) in [("holds", FLOOR), ("holds, the floor with `reuse`", FLOOR_REUSED)] {
        let (app, by_hand) = (start_plain(app)?, start_plain(BY_HAND)?);
        let ratios = compare(name, turns, &local, (&app, HOLD), (&by_hand, HOLD)).await?;
        floor.row(name, ratios.cells());
    }
    Ok((vec![table, floor], Vec::new()))
}

/// The cost of holds, by the headers that a client sends.
pub(crate) async fn by_headers(turns: Turns, counts: &[usize]) -> Result<(Vec<Table>, Vec<Chart>)> {
    let token = token()?;
    let (ours, by_hand) = (start_plain(OURS)?, start_plain(BY_HAND)?);
    let title = "Holds, fanout to by hand, by headers of the client";
    let mut by = By::new(title, "headers", "requests-by-headers.svg");
    for &headers in counts {
        let asks = Asks::Hold { path: "/sse", headers };
        let name = format!("{headers} headers");
        let ratios = compare(&name, turns, &token, (&ours, asks), (&by_hand, asks)).await?;
        by.put(name, headers as f64, &ratios);
    }
    Ok(by.results())
}

/// The cost of holds, by the number of endpoints.
pub(crate) async fn by_endpoints(turns: Turns) -> Result<(Vec<Table>, Vec<Chart>)> {
    let token = token()?;
    let by_hand = start_plain(BY_HAND)?;
    let title = "Holds, fanout to by hand with 4 endpoints, by endpoints";
    let mut by = By::new(title, "endpoints", "requests-by-endpoints.svg");
    for number in [4, 20, 100] {
        let ours = start_plain(&format!("endpoints-{number}"))?;
        let name = format!("{number} endpoints");
        let last = Asks::Hold { path: "/last", headers: 0 };
        let ratios = compare(&name, turns, &token, (&ours, last), (&by_hand, HOLD)).await?;
        by.put(name, f64::from(number), &ratios);
    }
    Ok(by.results())
}

/// The cost of WebSocket messages, by their size.
pub(crate) async fn by_size(turns: Turns) -> Result<(Vec<Table>, Vec<Chart>)> {
    let token = token()?;
    let (ours, by_hand) = (start_plain("endpoints-4")?, start_plain(BY_HAND)?);
    let title = "Messages of a WebSocket, fanout to by hand, by size";
    let mut by = By::new(title, "kilobytes", "messages-by-size.svg");
    for size in [0, 1_000, 16_000, 64_000, 200_000] {
        let asks = Asks::Message { size };
        let name = format!("{} bytes", grouped(size as u64));
        let ratios = compare(&name, turns, &token, (&ours, asks), (&by_hand, asks)).await?;
        by.put(name, size as f64 / 1000.0, &ratios);
    }
    Ok(by.results())
}

/// A table and its chart.
struct By {
    table: Table,
    chart: Chart,
}

impl By {
    fn new(title: &str, x: &str, file: &str) -> Self {
        let lines = COLUMNS.map(|label| Line { label: label.into(), points: Vec::new() }).into();
        let chart = Chart { file: file.into(), title: title.into(), x: x.into(), y: "ratio".into(), lines };
        Self { table: Table::new(title, COLUMNS), chart }
    }

    fn put(&mut self, name: String, x: f64, ratios: &Ratios) {
        for (line, ratio) in self.chart.lines.iter_mut().zip([ratios.requests, ratios.time]) {
            line.points.push((x, ratio.median));
        }
        self.table.row(name, ratios.cells());
    }

    fn results(self) -> (Vec<Table>, Vec<Chart>) {
        (vec![self.table], vec![self.chart])
    }
}

/// The first app, to the second.
struct Ratios {
    requests: Ratio,
    time: Ratio,
}

impl Ratios {
    fn cells(&self) -> Vec<Cell> {
        [self.requests, self.time].map(Cell::Ratio).into()
    }
}

/// Asks two apps in turns. The order changes from pair to pair, so that a drift of the machine favours neither.
async fn compare(
    name: &str,
    turns: Turns,
    token: &str,
    first: (&Stack, Asks<'_>),
    second: (&Stack, Asks<'_>),
) -> Result<Ratios> {
    let step = Step::start(format!("pairs of turns: {name}"), turns.pairs);
    let turn = async |(stack, asks)| turn(stack, asks, token, turns.time).await;
    // The first turns warm both up.
    turn(first).await?;
    turn(second).await?;
    let (mut requests, mut time) = (Vec::new(), Vec::new());
    for pair in 0..turns.pairs {
        let (one, other) = if pair % 2 == 0 {
            let one = turn(first).await?;
            (one, turn(second).await?)
        } else {
            let other = turn(second).await?;
            (turn(first).await?, other)
        };
        requests.push(one.in_a_second / other.in_a_second);
        time.push(one.ticks / other.ticks);
        step.turn();
    }
    Ok(Ratios { requests: Ratio::of(&requests), time: Ratio::of(&time) })
}

/// The result of one turn.
struct Turn {
    in_a_second: f64,
    /// The processor time of a request, in ticks.
    ticks: f64,
}

/// Sends requests for one turn, each connection the next one after the answer.
async fn turn(stack: &Stack, asks: Asks<'_>, token: &str, time: Duration) -> Result<Turn> {
    let processor = || ticks(stack).context("/proc does not say the processor time of Viceroy");
    let before = processor()?;
    let start = Instant::now();
    let mut connections = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let client = client()?;
        let request = asks.request(&client, stack, token);
        connections.spawn(async move {
            let mut count = 0;
            while start.elapsed() < time {
                let next = request.try_clone().context("the body is in memory")?;
                let response = next.send().await?;
                ensure!(response.status() == 200, "the app answered {}", response.status());
                response.bytes().await?;
                count += 1;
            }
            Ok(count)
        });
    }
    let mut count = 0;
    while let Some(connection) = connections.join_next().await {
        count += connection??;
    }
    let (count, seconds) = (f64::from(count), start.elapsed().as_secs_f64());
    Ok(Turn { in_a_second: count / seconds, ticks: (processor()? - before) as f64 / count })
}
