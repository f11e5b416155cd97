//! The attributes of the [`fanout`](https://docs.rs/fanout) crate. Use them through it.
//!
//! Each attribute goes the same way: [`options`] and [`function`] read what was written, [`endpoint`] makes a
//! model of it or says what is wrong, [`expand`] writes the code.

mod channel;
mod diagnostics;
mod endpoint;
mod entries;
mod expand;
mod function;
mod options;
mod path;

use proc_macro::TokenStream;

use endpoint::Kind;

/// A stream of server-sent events: `text/event-stream`, held open, fed by what is published.
///
/// ```
/// use fanout::prelude::*;
///
/// #[fanout::sse(channel = "news")]
/// fn news() -> Event {
///     Event::comment("welcome")
/// }
/// ```
///
/// The function runs when the stream opens, and returns the first events: `()`, an `Event`, a `Vec` or array of
/// them, or an `Option` or `Result` of one of these. An `Err` is the answer, and nothing is held.
///
/// | option | | default |
/// |---|---|---|
/// | `channel = "news"`, `channel = ["news", "sport"]` | what the connection is subscribed to | required |
/// | `path = "/live/news"` | where the endpoint is | `/` and the function's name |
/// | `backend = "self"` | the backend that leads to this app again, which Fanout is told to ask | `"self"` |
/// | `name = News` | the name of the endpoint's type, where the function's name is taken | the function's name |
/// | `crate = path::to::fanout` | where this crate is, if it was renamed or re-exported | `::fanout` |
///
/// The function stays as it is. Beside it there is a type of the same name, an
/// [`Endpoint`](../fanout/trait.Endpoint.html), for `#[fanout::main(news)]`.
#[proc_macro_attribute]
pub fn sse(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Sse, options.into(), item.into()).into()
}

/// A stream of text: `text/plain`, held open, fed by what is published.
///
/// ```
/// #[fanout::stream(channel = "log")]
/// fn log() -> &'static str {
///     "from here on:\n"
/// }
/// ```
///
/// The function runs when the stream opens, and returns the first bytes: `()`, text, bytes, or an `Option` or
/// `Result` of one of these. An `Err` is the answer, and nothing is held.
///
/// | option | | default |
/// |---|---|---|
/// | `channel = "log"`, `channel = ["log", "audit"]` | what the connection is subscribed to | required |
/// | `path = "/live/log"` | where the endpoint is | `/` and the function's name |
/// | `backend = "self"` | the backend that leads to this app again, which Fanout is told to ask | `"self"` |
/// | `name = Log` | the name of the endpoint's type, where the function's name is taken | the function's name |
/// | `crate = path::to::fanout` | where this crate is, if it was renamed or re-exported | `::fanout` |
#[proc_macro_attribute]
pub fn stream(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Stream, options.into(), item.into()).into()
}

/// A long poll: one response, held back until something is published or the time is over.
///
/// ```
/// #[fanout::long_poll(channel = "score", timeout = 30)]
/// fn score() -> &'static str {
///     "no goal in 30 seconds\n"
/// }
/// ```
///
/// The function runs when the poll opens, and returns the body that the client gets at the timeout: `()`, text,
/// bytes, or an `Option` or `Result` of one of these. An `Err` is the answer, and nothing is held.
///
/// | option | | default |
/// |---|---|---|
/// | `channel = "score"`, `channel = ["score", "cards"]` | what the connection is subscribed to | required |
/// | `timeout = 30` | how long it is held, in seconds; at least 5, since the proxy makes 5 of less | the proxy's, 55 |
/// | `path = "/live/score"` | where the endpoint is | `/` and the function's name |
/// | `backend = "self"` | the backend that leads to this app again, which Fanout is told to ask | `"self"` |
/// | `name = Score` | the name of the endpoint's type, where the function's name is taken | the function's name |
/// | `crate = path::to::fanout` | where this crate is, if it was renamed or re-exported | `::fanout` |
#[proc_macro_attribute]
pub fn long_poll(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::LongPoll, options.into(), item.into()).into()
}

/// A WebSocket, which hears what is published.
///
/// ```
/// #[fanout::ws(echo, channel = "chat")]
/// fn chat() -> &'static str {
///     "welcome"
/// }
/// ```
///
/// The function runs when the connection opens, and returns the first messages: `()`, text, bytes, or an `Option`
/// or `Result` of one of these. An `Err` refuses the connection, and is what the client sees.
///
/// | option | | default |
/// |---|---|---|
/// | `echo` | sends every message back to whom it came from | messages are dropped |
/// | `channel = "chat"`, `channel = ["chat", "news"]` | what the connection is subscribed to | none |
/// | `path = "/live/chat"` | where the endpoint is | `/` and the function's name |
/// | `backend = "self"` | the backend that leads to this app again, which Fanout is told to ask | `"self"` |
/// | `name = Chat` | the name of the endpoint's type, where the function's name is taken | the function's name |
/// | `crate = path::to::fanout` | where this crate is, if it was renamed or re-exported | `::fanout` |
#[proc_macro_attribute]
pub fn ws(options: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::attribute(Kind::Ws, options.into(), item.into()).into()
}

/// The app's `main`: serves the endpoints it lists, and its own body serves the rest.
///
/// ```no_run
/// use fanout::prelude::*;
///
/// #[fanout::sse(channel = "news")]
/// fn news() {}
///
/// #[fanout::main(news)]
/// fn main(request: Request) -> Result<Response, Error> {
///     Ok(Response::from_status(404).with_body(format!("nothing at {}\n", request.get_path())))
/// }
/// ```
///
/// It takes the place of `#[fastly::main]`. The list holds paths (`chat::room`), each with its `#[cfg(…)]` if it
/// has one, and may end with `crate = path::to::fanout` where this crate was renamed or re-exported.
///
/// `fn main()` answers 404 to the rest. `fn main(request: Request)` returns a `Response`, a `Result<Response, E>`
/// whose error is answered as a 500 with its text, or `()` or `Result<(), E>` when it has sent its answer itself.
#[proc_macro_attribute]
pub fn main(list: TokenStream, item: TokenStream) -> TokenStream {
    entries::attribute(list.into(), item.into()).into()
}
