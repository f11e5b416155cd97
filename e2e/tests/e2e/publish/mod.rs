//! Publishing, from a program outside of Compute and from an app on it, to clients of all four kinds.

mod addresses;
mod contents;
mod listeners;
mod options;

use anyhow::Result;
use e2e::App;
use fanout::publish::{HttpClient, Item, Publisher, Target};

/// The crate's own publisher, to the stack's Pushpin.
fn publisher(app: &App) -> Result<Publisher<HttpClient>> {
    let target = Target::from_grip_url(&app.stack().publish_url())?;
    // As the stack's Pushpin is configured.
    Ok(Publisher::new(target.max_request(10_000_000), HttpClient::new()))
}

/// Publishes as a server with other work would: on a thread for blocking calls.
async fn publish(app: &App, items: Vec<Item>) -> Result<()> {
    let publisher = publisher(app)?;
    Ok(tokio::task::spawn_blocking(move || publisher.publish_all(items)).await??)
}
