//! The program behind `cargo xtask publish`, which has read the command line: `xtask-publish CHANNEL TEXT [--unframed]`.
//!
//! A package of its own, so that the other tasks build neither TLS nor signatures. The address comes in `GRIP_URL`, because
//! cargo may print arguments.

use std::env;
use std::process::ExitCode;

use anyhow::{Context as _, Error, Result};
use fanout::Channel;
use fanout::publish::{Failure, FailureReason, Message, PublishError, Publisher};

/// The publish port of a local Pushpin, and of `cargo xtask serve`.
const LOCAL: &str = "http://127.0.0.1:5561/";

fn main() -> ExitCode {
    match publish() {
        Ok(()) => {
            eprintln!("published");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn publish() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let mut next = |what| arguments.next().with_context(|| format!("the {what} is missing"));
    let channel = Channel::new(next("channel")?)?;
    let message = Message::text(next("text")?);
    let message = if arguments.any(|flag| flag == "--unframed") { message.unframed() } else { message };
    if env::var_os("GRIP_URL").is_some() {
        fanout::publish(channel, message)?;
    } else {
        Publisher::from_grip_urls(LOCAL)?.publish(channel, message).map_err(with_hint)?;
    }
    Ok(())
}

/// The error of publishing to a local proxy. If nothing answered, it says what the user can start or set.
fn with_hint(error: PublishError) -> Error {
    let unanswered = |failure: &Failure| matches!(failure.reason, FailureReason::NoAnswer(_));
    let is_alone = matches!(&error, PublishError::Failed(failures) if failures.iter().all(unanswered));
    let error = Error::from(error);
    if is_alone {
        error.context("`cargo xtask serve` is not running, and GRIP_URL is not set")
    } else {
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_unanswered_publish_gets_the_hint() {
        let closed = Publisher::from_grip_urls("http://127.0.0.1:1/").unwrap();
        let channel = Channel::from_static("news");
        let unanswered = with_hint(closed.publish(&channel, "hello").unwrap_err());
        assert!(
            format!("{unanswered:#}").starts_with("`cargo xtask serve` is not running"),
            "{unanswered:#}"
        );
        let wrong = with_hint(closed.publish(&channel, Message::new()).unwrap_err());
        assert!(format!("{wrong:#}").starts_with("item 1"), "{wrong:#}");
    }
}
