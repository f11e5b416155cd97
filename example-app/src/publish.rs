//! The endpoint that publishes.

use fanout::prelude::*;
use fanout::publish::PublishError;
use serde::Deserialize;

/// The query of `/publish`.
#[derive(Deserialize)]
pub struct To {
    channel: Option<String>,
}

/// Publishes the body as text, if the app is configured to publish, as it is on your machine. There every client may
/// publish. A service on Fastly should check first who the client is, in a guard.
#[fanout::post]
pub fn publish(Query(to): Query<To>, Body(text): Body<String>) -> Result<&'static str, Answer> {
    let channel = Channel::new(to.channel.unwrap_or("test".to_owned()))?;
    match fanout::publish(channel, text) {
        Ok(()) => Ok("published\n"),
        Err(PublishError::NotConfigured(_)) => {
            Err(Answer::text(404, "this app is not configured to publish\n"))
        }
        Err(error) => Err(error.into()),
    }
}
