use fanout::Channel;
use fanout::websocket::CloseCode;
use fanout::grip::{KeepAlive, Link};
use fanout::{Answer, Route};

const EMPTY: Channel = Channel::from_static("");
const CODE: CloseCode = CloseCode::from_static(1006);
const SILENT: KeepAlive = KeepAlive::from_static(b"");
const RESTLESS: KeepAlive = KeepAlive::comment().idle(0);
const HECTIC: KeepAlive = KeepAlive::comment().interval(0);
const ELSEWHERE: Link = Link::from_static("//example.com");
const SPACE: Link = Link::from_static("/a b");
const RELATIVE: Route = Route::sse("news", |_| Answer::text(500, ""));
const HALF: Route = Route::stream("/{room", |_| Answer::text(500, ""));
const NAMELESS: Route = Route::long_poll("/{*}", |_| Answer::text(500, ""));
const BEHIND: Route = Route::ws("/{*rest}/more", |_, _| Answer::text(500, ""));
const ANY: Route = Route::sse("/", |_| Answer::text(500, "")).cors(&["*", "https://www.example.com"]);

fn main() {}
