//! Four real-time endpoints on one channel: an item that is published to `test` reaches the clients of all four.

mod page;
mod publish;

/// Each message as a server-sent event.
#[fanout::sse(channel = "test")]
fn sse() {}

/// Each message as plain text.
#[fanout::stream(channel = "test")]
fn stream() {}

/// The next message, or this text after 30 seconds without one.
#[fanout::long_poll(channel = "test", timeout = 30)]
fn response() -> &'static str {
    "nothing yet\n"
}

/// Sends each message of the client back, and also what is published.
#[fanout::ws(echo, channel = "test")]
fn ws() {}

#[fanout::main(sse, stream, response, ws, publish::publish, page::page)]
fn main() {}

#[cfg(test)]
mod tests;
