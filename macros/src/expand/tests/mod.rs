//! The code that each attribute generates, formatted for review. `INSTA_UPDATE=always cargo test -p fanout-macros` writes
//! the snapshots anew; with `CI` set, none is written.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Attribute;
use syn::parse::{ParseStream, Parser};

use crate::app;
use crate::endpoint;
use crate::kind::Kind;

/// The written code, and its expansion.
fn expansion(written: TokenStream) -> String {
    let generated = expanded(written.clone());
    format!("{}\n// becomes\n\n{}", formatted(written), formatted(generated))
}

fn expanded(written: TokenStream) -> TokenStream {
    let split = |input: ParseStream<'_>| {
        let mut attributes = input.call(Attribute::parse_outer)?;
        let ours = attributes.iter().position(|attribute| attribute.path().segments[0].ident == "fanout");
        let ours = attributes.remove(ours.expect("there is one of ours"));
        let rest: TokenStream = input.parse()?;
        Ok((ours, quote!(#(#attributes)* #rest)))
    };
    let (ours, item) = split.parse2(written).expect("attributes are first");
    let arguments = match &ours.meta {
        syn::Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    let name = ours.path().segments.last().expect("it has a name").to_token_stream().to_string();
    match Kind::ALL.iter().copied().find(|kind| kind.name() == name) {
        Some(kind) => endpoint::attribute(kind, arguments, item),
        None if name == "endpoints" => app::endpoints(arguments, item),
        None => app::main(arguments, item),
    }
}

/// The generated names in the place of another name, because the compiler compares both and reports an error there.
const COMPARED: [(&str, &str); 2] = [("__argument0", "Stale"), ("__request", "Request")];

/// Checks that no generated name has the place of the user's, from which an editor would lead to it. A string leads nowhere, and
/// an error is at the place of what is wrong.
fn check_places(written: &str) {
    let mut found = BTreeSet::new();
    let generated = expanded(written.parse().expect("tokens"));
    let has_error = generated.to_string().contains("compile_error");
    placed(generated, &mut found);
    found.retain(|(name, written)| {
        !written.starts_with('"') && !COMPARED.contains(&(name.as_str(), written.as_str()))
    });
    assert!(found.is_empty() || has_error, "in the place of the user's: {found:?}");
}

/// Collects the generated names that have the place of another name, each with that name.
fn placed(tokens: TokenStream, found: &mut BTreeSet<(String, String)>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => placed(group.stream(), found),
            TokenTree::Ident(name) => {
                let written = name.span().source_text().filter(|written| !written.is_empty());
                if let Some(written) = written.filter(|written| name != written) {
                    found.insert((name.to_string(), written));
                }
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// Formatted, if it is whole: a half-typed signature is not.
fn formatted(tokens: TokenStream) -> String {
    syn::parse2(tokens.clone()).map_or_else(|_| format!("{tokens}\n"), |file| prettyplease::unparse(&file))
}

macro_rules! snapshots {
    ($($name:ident: { $($written:tt)* })*) => {$(
        #[test]
        fn $name() {
            let mut settings = insta::Settings::clone_current();
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            check_places(stringify!($($written)*));
            settings.bind(|| insta::assert_snapshot!(stringify!($name), expansion(quote!($($written)*))));
        }
    )*};
}

snapshots! {
    sse: {
        #[fanout::sse(channel = "news")]
        pub fn news() {}
    }
    stream: {
        #[fanout::stream(channel = "log")]
        fn log() -> &'static str {
            "from here on:\n"
        }
    }
    hold_of_a_parameter: {
        #[fanout::sse(path = "/rooms/{room}", channel = "room-{room}")]
        fn room() {}
    }
    route_options: {
        #[fanout::sse(channel = "news", cors = "*", backend = "news_app")]
        fn news() {}
    }
    typed: {
        #[fanout::ws(data = Result<News<'_>, dyn Error>)]
        fn news(Json(goal): Json<Goal>) {}
    }
    with_history: {
        #[fanout::sse(path = "/{room}", channel = "goals-{room}", history = goals(room), replay = 10, next_after = 30)]
        fn news(room: u8, seen: LastEventId) -> Event {
            Event::comment("hello")
        }
    }
    poll_with_history: {
        #[fanout::long_poll(channel = "news", history = all, guard = who)]
        fn news() {}
    }
    long_poll: {
        #[fanout::long_poll(channel = "score", timeout = 30)]
        fn score() -> Option<Vec<u8>> {
            None
        }
    }
    ws: {
        #[fanout::ws]
        fn quiet() {}
    }
    ws_echo: {
        #[fanout::ws(echo, channel = "chat")]
        fn chat() {}
    }
    ws_message: {
        #[fanout::ws(path = "/rooms/{room}", channel = "room-{room}", max_message = 1_000, subprotocols = ["json"])]
        fn shout(room: String, message: &str, Subprotocol(name): Subprotocol) -> Result<String, CloseWith> {
            Ok(message.to_uppercase())
        }
    }
    ws_connection: {
        #[fanout::ws(path = "/chat/{room}", channel = "chat-{room}", keep_alive = "20s")]
        #[cfg(feature = "chat")]
        impl Chat {
            fn open(room: &str) -> Result<(Self, String), Answer> {
                Ok((Self::default(), room.to_owned()))
            }
            fn text(&mut self, message: &str) -> String {
                message.to_uppercase()
            }
            #[cfg(feature = "close")]
            fn close(&mut self, reason: &str) {}
            fn disconnect(&self) {}
            fn renew(stale: Stale) -> Self {
                Self::default()
            }
        }
    }
    ws_connection_by_default: {
        #[fanout::ws]
        impl ChatRoom {
            fn message(&mut self, Guarded(user): Guarded<&User>, message: Message) {}
            fn close(&mut self, page: Option<fanout::Query<Page>>, head: &RequestHead) {}
        }
    }
    ws_connection_by_cfg: {
        #[fanout::ws]
        impl ChatRoom {
            #[cfg(feature = "open")]
            fn open() -> Self {
                Self::new()
            }
            #[cfg(feature = "renew")]
            #[cfg(unix)]
            fn renew(stale: Stale) -> Self {
                Self::new()
            }
        }
    }
    deprecated: {
        #[fanout::ws]
        impl ChatRoom {
            #[deprecated]
            fn close(&mut self) {}
            fn disconnect(&mut self) {}
        }
    }
    ws_connection_without_message: {
        #[fanout::ws]
        impl ChatRoom {
            #[cfg(any())]
            fn text(&mut self, #[cfg_attr(unix, doc(hidden), cfg(all()))] head: &RequestHead) {}
            #[cfg_attr(all(), inline, cfg(unix))]
            fn message(&mut self) {}
        }
    }
    options: {
        /// Documented.
        #[fanout::long_poll(
            channel = ["news", "sport"],
            path = "/live/news",
            timeout = 90,
            backend = "me",
            name = Live,
            crate = facade::fanout,
        )]
        #[inline]
        #[cfg(feature = "live")]
        pub(crate) fn news() {}
    }
    parameters: {
        #[fanout::ws(echo)]
        fn chat<'a>(head: &'a RequestHead<'a>, #[cfg(unix)] Name(mut name): Name) -> Result<&'a str, Answer> {
            Ok(head.path())
        }
    }
    compute_only: {
        #[fanout::stream(channel = "log")]
        fn log(request: Request) -> Vec<u8> {
            request.into_body_bytes()
        }
    }
    path_parameters: {
        #[fanout::sse(path = "/rooms/{room}/{id}/{*rest}", channel = ["room-{room}", "all"], strict)]
        pub fn room(room: &str, id: u32, rest: String, query: Query<Search>) -> Event {
            Event::data(rest)
        }
    }
    static_type: {
        #[fanout::ws(path = "/chat")]
        fn chat<'h>(seen: Option<Seen<'h, 'static>>, message: Json<Said<'static>>) {}
    }
    of_the_guard_value: {
        #[fanout::sse(
            path = "/rooms/{room}/mine",
            channel = ["room-{room}-{guard.name}", "{guard.name}-{guard.team.0}", "all"],
            guard = may_enter(room),
            meta = ("user", "{guard.name}"),
        )]
        fn mine() {}
    }
    of_a_guard_value: {
        #[fanout::ws(channel = "user-{guard}", guard = signed_in)]
        impl Chat {
            fn text(&mut self, message: &str) {}
        }
    }
    guarded: {
        #[fanout::stream(path = "/rooms/{room}", channel = topics::of(room), guard = may_enter(room))]
        fn room(Guarded(user): Guarded<&User>) -> String {
            user.name.clone()
        }
    }
    response: {
        #[fanout::sse(
            channel = "{type}",
            path = "/{type}",
            methods = ["GET", "POST"],
            cors = ["https://a.example"],
            keep_alive = every("20s", "event: awake\ndata: \n\n"),
            next = "/{type}/missed",
            next_after = "1m",
            headers = [("X-Feed", "live")],
            expose_headers = ["X-Feed"],
            status = 202,
            meta = [("user", "{type}")],
        )]
        fn feed() {}
    }
    get: {
        #[fanout::get]
        pub fn version() -> &'static str {
            "1\n"
        }
    }
    post: {
        #[fanout::post(path = "/games/{game}/{id}", guard = may_play(game), cors = "https://a.example", max_body = 1_000)]
        fn goal(Guarded(user): Guarded<&User>, game: &str, Json(goal): Json<Goal>, id: u32) -> Result<(), PublishError> {
            fanout::publish(game, user.goal(goal))
        }
    }
    route: {
        #[fanout::route(path = "/games/{game}", methods = ["PUT", "PATCH"])]
        fn game(game: &str) -> Option<Json<Game>> {
            games().get(game)
        }
    }
    raw_name: {
        #[fanout::stream(channel = "type")]
        fn r#type() {}
    }
    main_alone: {
        #[fanout::main(news, chat::room)]
        fn main() {}
    }
    main_without_request: {
        #[fanout::main()]
        fn main() -> Response {
            Response::from_status(404)
        }
    }
    main_with_request: {
        #[fanout::main(news)]
        fn main(request: Request) -> Result<Response, Error> {
            Ok(Response::from_body(request.into_body()))
        }
    }
    main_options: {
        #[fanout::main(
            #[cfg(feature = "live")]
            news,
            chat,
            verify = policy::trusted,
            refuse = answers::problem,
            reuse = limits::short,
            crate = facade::fanout,
        )]
        #[cfg(feature = "app")]
        pub fn main(request: Request) {
            request.respond();
        }
    }
    main_fallback: {
        #[fanout::main(news, fallback = "origin")]
        fn main() {}
    }
    list: {
        #[fanout::endpoints(news, #[cfg(feature = "chat")] chat::Endpoints)]
        #[cfg(feature = "live")]
        pub enum Endpoints {}
    }
    wrong_list: {
        #[fanout::endpoints(news, verify = policy, "sport")]
        pub enum Endpoints {}
    }
    wrong_endpoint: {
        #[fanout::sse(chanel = "news", name = "News")]
        pub fn news() {}
    }
    wrong_method: {
        #[fanout::sse(channel = "news")]
        fn news(&self) {}
    }
    wrong_item: {
        #[fanout::ws(echo, crate = facade::fanout)]
        struct Chat<T: Clone>(T);
    }
    wrong_block: {
        #[fanout::ws(echo)]
        impl<T> Chat<T> {
            fn opened() {}
        }
    }
    wrong_main: {
        #[fanout::main(news, news, "sport")]
        fn main() {}
    }
    wrong_main_name: {
        #[fanout::main(news)]
        fn serve() {}
    }
    half_typed: {
        #[fanout::sse(channel = "news")]
        pub fn news(head) {}
    }
    half_typed_main: {
        #[fanout::main(news)]
        fn main(request) {}
    }
}
