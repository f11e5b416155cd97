//! Endpoints beside a module, a type or an import of the same name.

use fanout::stream;

mod chat {
    pub(super) const WELCOME: &str = "welcome";
}

#[fanout::ws(echo, name = Chat)]
fn chat() -> &'static str {
    chat::WELCOME
}

struct News;

#[fanout::sse(channel = "news", name = NewsStream, path = "/news")]
#[expect(non_snake_case, reason = "it is a unit struct's way to be made")]
fn NewsOf(_: &fanout::RequestHead<'_>) {
    let _ = News;
}

// A macro is in a namespace of its own.
#[stream(channel = "stream")]
fn stream() {}

#[fanout::main(Chat, NewsStream, stream)]
fn main() {}
