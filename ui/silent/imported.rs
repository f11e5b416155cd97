//! Attributes that are imported, and functions, types and path parameters of the same names.

#![deny(warnings)]
#![forbid(unsafe_code)]

use fanout::{get, long_poll, sse, stream, ws};

#[sse(channel = "sse")]
fn sse() {}

#[stream(channel = "{channel}", path = "/streams/{channel}/{hold}")]
fn stream(channel: &str, hold: &str) -> String {
    format!("{channel} {hold}")
}

#[long_poll(channel = "poll")]
fn long_poll() {}

#[ws(channel = of(reply), path = "/ws/{reply}", guard = may(reply))]
fn ws(reply: &str, event: &str) -> String {
    format!("{reply} {event}")
}

fn of(reply: &str) -> Result<fanout::Channel, fanout::grip::InvalidChannel> {
    fanout::Channel::new(reply)
}

fn may(_: &str) -> Result<(), fanout::Answer> {
    Ok(())
}

#[get]
fn get() -> &'static str {
    "get\n"
}

fn channel() {}

fn channels() {}

#[fanout::main(sse, stream, long_poll, ws, get)]
fn main() {
    channel();
    channels();
    let _ = stream::channel("a");
}
