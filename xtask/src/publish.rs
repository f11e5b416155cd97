//! `cargo xtask publish`: the command-line tool on the crate's own publishing.

use std::env;

use anyhow::{Error, Result};
use fanout::Channel;
use fanout::publish::{Failure, FailureReason, Message, PublishError, Publisher};

/// What to publish.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The channel
    channel: String,
    /// What its clients hear
    text: String,
    /// Append the text to held streams as it is, instead of as an event, for channels of `stream` endpoints
    #[arg(long)]
    unframed: bool,
    /// Where to publish, instead of what GRIP_URL in the environment says, or a local Pushpin
    #[arg(long, value_name = "GRIP_URL")]
    to: Option<String>,
}

/// The publish port of a local Pushpin, and of `cargo xtask serve`.
const LOCAL: &str = "http://127.0.0.1:5561/";

/// Publishes a text to every kind of client.
pub fn run(arguments: Arguments) -> Result<()> {
    let channel = Channel::new(arguments.channel)?;
    let message = Message::text(arguments.text);
    let message = if arguments.unframed { message.unframed() } else { message };
    match arguments.to {
        Some(urls) => Publisher::from_grip_urls(&urls)?.publish(channel, message)?,
        None if env::var_os("GRIP_URL").is_some() => fanout::publish(channel, message)?,
        None => Publisher::from_grip_urls(LOCAL)?.publish(channel, message).map_err(of_local)?,
    }
    eprintln!("published");
    Ok(())
}

/// Where nobody answers, the user has probably said too little.
fn of_local(error: PublishError) -> Error {
    let unanswered = |failure: &Failure| matches!(failure.reason, FailureReason::NoAnswer(_));
    let is_alone = matches!(&error, PublishError::Failed(failures) if failures.iter().all(unanswered));
    let error = Error::from(error);
    if is_alone { error.context("neither `cargo xtask serve` is there nor GRIP_URL") } else { error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn that_nothing_runs_is_said_only_where_nobody_answers() {
        let nobody = Publisher::from_grip_urls("http://127.0.0.1:1/").unwrap();
        let channel = Channel::from_static("news");
        let alone = of_local(nobody.publish(&channel, "hello").unwrap_err());
        assert!(format!("{alone:#}").starts_with("neither `cargo xtask serve` is there"), "{alone:#}");
        let wrong = of_local(nobody.publish(&channel, Message::new()).unwrap_err());
        assert!(format!("{wrong:#}").starts_with("item 1"), "{wrong:#}");
    }
}
