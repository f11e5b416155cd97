//! Requests in a second, as ratios: two apps are asked in turns, so that the machine's load is the same for both.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use cargo_fanout::stack::Stack;
use reqwest::{Client, RequestBuilder};
use tokio::task::JoinSet;

use crate::apps::{BY_HAND, OURS, client, start, token};
use crate::charts::{Chart, Line};
use crate::counts::{message_request, with_headers};
use crate::report::{Ratio, Report, Row};

/// The turns of each app.
const ROUNDS: usize = 12;

/// The time of one turn.
const TURN: Duration = Duration::from_millis(700);

/// The connections that send requests at once.
const CONNECTIONS: usize = 4;

pub(crate) async fn run(report: &mut Report) -> Result<()> {
    let token = token()?;
    let (ours, by_hand) = (start(OURS, |_| {})?, start(BY_HAND, |_| {})?);

    let mut by_headers = Vec::new();
    for headers in [0, 20, 90] {
        let hold = |client: &Client, stack: &Stack| {
            let request = client.get(format!("{}/sse", stack.app_url())).header("Grip-Sig", &token);
            with_headers(request, headers)
        };
        by_headers.push((
            headers as f64,
            ratio(|client| hold(client, &ours), |client| hold(client, &by_hand)).await?,
        ));
    }
    let rows = report.table(
        "Requests in a second: this library, which verifies, to by hand, which does not",
        ["ratio", "range"],
    );
    rows.push(Row::ratio("holds of `sse`", &by_headers[0].1));

    let message = |client: &Client, stack: &Stack| {
        message_request(client, &format!("{}/ws", stack.app_url()), &token, 5)
    };
    let echo = ratio(|client| message(client, &ours), |client| message(client, &by_hand)).await?;
    rows.push(Row::ratio("messages of a WebSocket", &echo));
    report.charts.push(chart(
        "requests-by-headers.svg",
        "Holds in a second, to by hand, by headers of the client",
        "headers",
        by_headers,
    ));

    let mut by_endpoints = Vec::new();
    let few = start("endpoints-4", |_| {})?;
    for number in [4, 20, 100] {
        let many = start(&format!("endpoints-{number}"), |_| {})?;
        let hold = |client: &Client, stack: &Stack| {
            client.get(format!("{}/last", stack.app_url())).header("Grip-Sig", &token)
        };
        by_endpoints.push((
            f64::from(number),
            ratio(|client| hold(client, &many), |client| hold(client, &few)).await?,
        ));
    }
    report.charts.push(chart(
        "requests-by-endpoints.svg",
        "Holds in a second, to an app of 4 endpoints",
        "endpoints",
        by_endpoints,
    ));

    let mut by_size = Vec::new();
    for size in [0, 1_000, 16_000, 64_000, 200_000] {
        let message = |client: &Client, stack: &Stack| {
            message_request(client, &format!("{}/ws", stack.app_url()), &token, size)
        };
        let ratio = ratio(|client| message(client, &few), |client| message(client, &by_hand)).await?;
        by_size.push((size as f64 / 1000.0, ratio));
    }
    report.charts.push(chart(
        "messages-by-size.svg",
        "Messages in a second, to by hand, by their size",
        "kilobytes",
        by_size,
    ));
    Ok(())
}

fn chart(file: &'static str, title: &'static str, x: &'static str, ratios: Vec<(f64, Ratio)>) -> Chart {
    let points = ratios.iter().map(|(x, ratio)| (*x, ratio.median)).collect();
    Chart { file, title, x, y: "ratio", lines: vec![Line { label: "fanout".into(), points }] }
}

/// The requests in a second of the first app, to those of the second.
async fn ratio(
    first: impl Fn(&Client) -> RequestBuilder,
    second: impl Fn(&Client) -> RequestBuilder,
) -> Result<Ratio> {
    // The first turns warm both up.
    turn(&first).await?;
    turn(&second).await?;
    let mut ratios = Vec::new();
    for _ in 0..ROUNDS {
        let a = turn(&first).await?;
        let b = turn(&second).await?;
        ratios.push(a / b);
    }
    Ok(Ratio::of(ratios))
}

/// Sends requests for one turn, and returns how many were answered in a second.
async fn turn(request: &impl Fn(&Client) -> RequestBuilder) -> Result<f64> {
    let start = Instant::now();
    let mut connections = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let client = client()?;
        let request = request(&client);
        connections.spawn(async move {
            let mut count = 0;
            while start.elapsed() < TURN {
                let next = request.try_clone().expect("the body is in memory");
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
    Ok(f64::from(count) / start.elapsed().as_secs_f64())
}
