//! Subscribed clients of the probe's endpoints.

use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Result;
use e2e::{Answer, App, Held, Socket};
use tokio::task::JoinHandle;

/// A path for one client, which identifies it in the logs.
fn named(path: &str) -> String {
    static CLIENTS: AtomicU32 = AtomicU32::new(1);
    format!("{path}?listener={}", CLIENTS.fetch_add(1, Ordering::Relaxed))
}

pub async fn stream(app: &App, path: &str, channel: &str) -> Result<Held> {
    let path = named(path);
    let held = Held::open(app.client().get(app.url(&path))).await?;
    app.subscribed(&path, channel).await?;
    Ok(held)
}

pub async fn socket(app: &App) -> Result<Socket> {
    socket_at(app, "/publish/ws", "publish").await
}

pub async fn socket_at(app: &App, path: &str, channel: &str) -> Result<Socket> {
    let path = named(path);
    let socket = Socket::open(&app.url(&path).replacen("http", "ws", 1)).await?;
    app.subscribed(&path, channel).await?;
    Ok(socket)
}

/// A poll whose answer comes in the background.
pub async fn poll(app: &App) -> Result<JoinHandle<Result<Answer>>> {
    Ok(named_poll(app).await?.1)
}

/// A poll, and the path that identifies it.
pub async fn named_poll(app: &App) -> Result<(String, JoinHandle<Result<Answer>>)> {
    let path = named("/publish/poll");
    let poll = tokio::spawn(Answer::of(app.client().get(app.url(&path))));
    app.subscribed(&path, "publish").await?;
    Ok((path, poll))
}

/// Waits until Pushpin has sent the request of a poll again.
pub async fn asked_again(app: &App, path: &str) -> Result<()> {
    let line = format!("{path} channel=publish retry");
    app.logged(&line, |_, pushpin| pushpin.lines().any(|said| said.trim_end().ends_with(&line))).await
}

/// Waits for the moment, a second after the first subscription, at which Pushpin sends the request of each poll again
/// and loses what is published: see `App::poll`.
pub async fn until_polls_are_steady(app: &App) -> Result<()> {
    let path = named("/publish/poll");
    let _first = tokio::spawn(Answer::of(app.client().get(app.url(&path))));
    asked_again(app, &path).await
}
