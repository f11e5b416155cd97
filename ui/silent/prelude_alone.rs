//! The prelude has what it takes to publish with a history, and the extractor of the method.

use fanout::history::{KvHistory, NotPublished};
use fanout::prelude::*;

fn history() -> KvHistory {
    KvHistory::new("history")
}

#[fanout::sse(channel = "goals", history = history)]
fn goals(method: Method) -> Event {
    Event::comment(method.as_str())
}

#[fanout::post(path = "/goals")]
fn score() -> Result<(), NotPublished> {
    history().publish(goals::channel(), "1 : 0")?;
    Ok(())
}

#[fanout::main(goals, score)]
fn main() {}
