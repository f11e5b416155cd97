//! Endpoints that no list names. The compiler warns once for each, on its name.

use fanout::RequestHead;

#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::stream(channel = "log")]
fn log(_: &RequestHead<'_>) -> &'static str {
    "from here on\n"
}

#[fanout::long_poll(channel = "score", timeout = 30, name = Score)]
fn score() {}

mod talk {
    #[fanout::ws(echo, channel = "chat")]
    pub fn chat() {}
}

macro_rules! endpoint {
    ($name:ident) => {
        #[fanout::sse(channel = "made")]
        fn $name() {}
    };
}

endpoint!(made);

#[fanout::ws(echo)]
fn listed() {}

#[fanout::main(listed)]
fn main() {}
