//! Channels: their names, and the templates, lists and functions that they come from.

mod channel_names;
mod channel_sources;
mod guard_channels;

use anyhow::Result;
use e2e::{App, Held};

/// Names of rooms and users, as they are sent and as they are meant.
const NAMES: [(&str, &str); 9] = [
    ("plain", "plain"),
    ("a,admin", "a,admin"),
    ("a;b", "a;b"),
    ("a;filter=skip-self", "a;filter=skip-self"),
    ("%22a%22,admin", "\"a\",admin"),
    ("%20a%20", " a "),
    ("gr%C3%BCn%F0%9F%A6%80", "grün🦀"),
    ("a%5C", "a\\"),
    ("%7Broom%7D%5C", "{room}\\"),
];

/// Publishes to channels of which the client must receive nothing, and then to its own.
async fn hears_only(app: &App, client: &mut Held, silent: &[&str], channel: &str) -> Result<()> {
    for other in silent {
        app.publish(other, "not for you").await?;
    }
    app.publish(channel, "for you").await?;
    assert_eq!(client.heard_until("for you\n\n").await?, "data: for you\n\n", "on {channel}");
    Ok(())
}
