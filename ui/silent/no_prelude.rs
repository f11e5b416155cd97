//! A crate without the standard prelude: no `Option`, no `Some`, no `Into` in scope.

#![no_implicit_prelude]

#[::fanout::sse(channel = "news")]
fn news(head: &::fanout::RequestHead<'_>) -> ::std::option::Option<::fanout::Event> {
    ::std::option::Option::map(head.query(), ::fanout::Event::data)
}

#[::fanout::stream(channel = "log")]
fn log() -> ::std::result::Result<&'static str, ::fanout::Answer> {
    ::std::result::Result::Ok("from here on\n")
}

#[::fanout::long_poll(channel = "score", timeout = 30)]
fn score() -> ::std::vec::Vec<u8> {
    ::std::vec::Vec::new()
}

#[::fanout::ws(echo, channel = ["chat", "news"])]
fn chat() {}

#[::fanout::main(news, log, score, chat)]
fn main(request: ::fanout::prelude::Request) -> ::fanout::prelude::Response {
    ::fanout::prelude::Response::from_body(request.into_body())
}
