//! The table of the options. A row has the name, the endpoint kinds that the option applies to, an example and the
//! reader of its value.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Ident, LitInt, LitStr, Path, Type};

use crate::diagnostics::{Errors, list, nearest};
use crate::kind::Kind;

use super::channels::Channels;
use super::keep_alive::KeepAlive;
use super::named::Named;
use super::time::Seconds;
use super::value::{METHODS, Setting, Slot, Value};

/// The options of an endpoint, each as it was written.
#[derive(Default)]
pub struct Options {
    pub channels: Setting<Channels>,
    /// The type of what clients receive.
    pub data: Setting<Type>,
    pub path: Setting<LitStr>,
    pub guard: Setting<Named>,
    pub timeout: Setting<Seconds>,
    /// The option's own name.
    pub echo: Setting<Ident>,
    /// The parameter that is made from a message.
    pub message: Setting<Ident>,
    pub subprotocols: Setting<Vec<LitStr>>,
    pub origins: Setting<Vec<LitStr>>,
    pub max_message: Setting<LitInt>,
    pub max_body: Setting<LitInt>,
    pub keep_alive: Setting<KeepAlive>,
    pub keep_alive_interval: Setting<Seconds>,
    pub next: Setting<LitStr>,
    pub next_after: Setting<Seconds>,
    pub gone: Setting<LitStr>,
    pub history: Setting<Named>,
    pub replay: Setting<LitInt>,
    /// The option's own name.
    pub last_event_id_query: Setting<Ident>,
    pub methods: Setting<Vec<LitStr>>,
    pub cors: Setting<Vec<LitStr>>,
    pub content_type: Setting<LitStr>,
    pub headers: Setting<Vec<(LitStr, LitStr)>>,
    pub expose_headers: Setting<Vec<LitStr>>,
    pub status: Setting<LitInt>,
    pub meta: Setting<Vec<(LitStr, LitStr)>>,
    /// The option's own name.
    pub strict: Setting<Ident>,
    pub backend: Setting<LitStr>,
    pub name: Setting<Ident>,
    pub krate: Setting<Path>,
    /// The tokens of `channel`, if it was given.
    pub channel_tokens: Option<String>,
    /// The values of the options as they were written, which are nothing for a flag.
    pub written: Vec<(&'static str, TokenStream)>,
    /// The options whose names are guesses. Their values are not judged.
    pub guessed: Vec<&'static str>,
    /// The names of the options as they were written.
    pub places: Vec<Ident>,
    /// `true` if some tokens are not an option. They may stand for any option that is absent.
    pub unrecognised: bool,
    /// The words in the place of an option's name that are none.
    pub unknown: Vec<Ident>,
}

/// An option.
pub struct Row {
    pub name: &'static str,
    /// Returns `true` for the kinds of endpoints that have the option.
    applies: Applies,
    /// The option as an endpoint of this name would have it. A flag is its name alone; a list shows its brackets.
    pub example: fn(&str) -> String,
    pub reader: Reader,
}

impl Row {
    /// The kinds of endpoints that have the option.
    fn kinds(&self) -> impl Iterator<Item = Kind> {
        Kind::ALL.iter().copied().filter(|kind| (self.applies)(*kind))
    }
}

/// The reader of an option's value.
pub enum Reader {
    /// A list of strings, and its place.
    Strings(fn(&mut Options) -> &mut Setting<Vec<LitStr>>),
    /// A type, and its place. It need not be an expression.
    Type(fn(&mut Options) -> &mut Setting<Type>),
    Other(fn(&mut Options, &Slot<'_>, &Value, Owner<'_>, &mut Errors)),
}

/// The endpoint that has the options.
#[derive(Clone, Copy)]
pub struct Owner<'n> {
    pub kind: Kind,
    pub name: &'n str,
}

impl Owner<'_> {
    /// An option as this endpoint would have it.
    pub fn example(&self, row: &Row) -> String {
        match (row.name, self.kind) {
            // The proxy has no default content for it.
            ("keep_alive", Kind::Stream) => "keep_alive = idle(\"20s\", \"\\n\")".to_owned(),
            _ => (row.example)(self.name),
        }
    }
}

type Applies = fn(Kind) -> bool;

const ALL: Applies = |_| true;
const HOLDS: Applies = Kind::is_hold;
const STREAMS: Applies = |kind| matches!(kind, Kind::Sse | Kind::Stream);
const CONNECTIONS: Applies = |kind| !kind.is_plain();
const SOCKETS: Applies = |kind| kind == Kind::Ws;
const PLAIN: Applies = Kind::is_plain;
const CORS: Applies = |kind| kind.is_hold() || kind.is_plain();

/// The reader that puts what `$read` returns into a field.
macro_rules! value {
    ($field:ident, $read:expr) => {
        Reader::Other(|options, slot, value, _, errors| {
            options.$field = slot.setting(value, errors, |value, errors| $read(slot, value, errors));
        })
    };
}

macro_rules! flag {
    ($field:ident) => {
        Reader::Other(|options, slot, value, _, errors| options.$field = slot.flag(value, errors))
    };
}

macro_rules! strings {
    ($field:ident) => {
        Reader::Strings(|options| &mut options.$field)
    };
}

const TABLE: &[Row] = &[
    Row {
        name: "channel",
        applies: CONNECTIONS,
        example: |own_name| format!("channel = {own_name:?}"),
        reader: Reader::Other(|options, slot, value, owner, errors| {
            options.channels =
                slot.setting(value, errors, |value, errors| slot.channels(value, owner.name, errors));
        }),
    },
    Row {
        name: "path",
        applies: ALL,
        example: |own_name| format!("path = \"/{own_name}\""),
        reader: value!(path, Slot::string),
    },
    Row {
        name: "data",
        applies: CONNECTIONS,
        example: |own_name| format!("data = {}", upper_camel(own_name)),
        reader: Reader::Type(|options| &mut options.data),
    },
    Row {
        name: "guard",
        applies: ALL,
        example: |_| "guard = may_listen".to_owned(),
        reader: value!(guard, Slot::function),
    },
    Row {
        name: "timeout",
        applies: |kind| kind == Kind::LongPoll,
        example: |_| "timeout = 30".to_owned(),
        reader: value!(timeout, Slot::seconds),
    },
    Row { name: "echo", applies: SOCKETS, example: |_| "echo".to_owned(), reader: flag!(echo) },
    Row {
        name: "message",
        applies: SOCKETS,
        example: |_| "message = text".to_owned(),
        reader: value!(message, Slot::parameter),
    },
    Row {
        name: "subprotocols",
        applies: SOCKETS,
        example: |_| "subprotocols = [\"json\"]".to_owned(),
        reader: strings!(subprotocols),
    },
    Row {
        name: "origins",
        applies: SOCKETS,
        example: |_| "origins = [\"https://www.example.com\"]".to_owned(),
        reader: strings!(origins),
    },
    Row {
        name: "max_message",
        applies: SOCKETS,
        example: |_| "max_message = 65_536".to_owned(),
        reader: value!(max_message, Slot::number),
    },
    Row {
        name: "max_body",
        applies: PLAIN,
        example: |_| "max_body = 65_536".to_owned(),
        reader: value!(max_body, Slot::number),
    },
    Row {
        name: "keep_alive",
        applies: |kind| matches!(kind, Kind::Sse | Kind::Stream | Kind::Ws),
        example: |_| "keep_alive = \"20s\"".to_owned(),
        reader: Reader::Other(|options, slot, value, owner, errors| {
            options.keep_alive =
                slot.setting(value, errors, |value, errors| slot.keep_alive(value, owner.kind, errors));
        }),
    },
    Row {
        name: "keep_alive_interval",
        applies: SOCKETS,
        example: |_| "keep_alive_interval = \"30s\"".to_owned(),
        reader: value!(keep_alive_interval, Slot::seconds),
    },
    Row {
        name: "next",
        applies: STREAMS,
        example: |own_name| format!("next = \"/{own_name}/missed\""),
        reader: value!(next, Slot::string),
    },
    Row {
        name: "next_after",
        applies: STREAMS,
        example: |_| "next_after = \"60s\"".to_owned(),
        reader: value!(next_after, Slot::seconds),
    },
    Row {
        name: "gone",
        applies: STREAMS,
        example: |own_name| format!("gone = \"/{own_name}/gone\""),
        reader: value!(gone, Slot::string),
    },
    Row {
        name: "history",
        applies: HOLDS,
        example: |own_name| format!("history = {own_name}_history"),
        reader: value!(history, Slot::function),
    },
    Row {
        name: "replay",
        applies: HOLDS,
        example: |_| "replay = 10".to_owned(),
        reader: value!(replay, Slot::number),
    },
    Row {
        name: "last_event_id_query",
        applies: HOLDS,
        example: |_| "last_event_id_query".to_owned(),
        reader: flag!(last_event_id_query),
    },
    Row {
        name: "methods",
        applies: |kind| kind.is_hold() || kind == Kind::Plain(None),
        example: |_| "methods = [\"GET\", \"POST\"]".to_owned(),
        reader: strings!(methods),
    },
    Row {
        name: "cors",
        applies: CORS,
        example: |_| "cors = \"https://www.example.com\"".to_owned(),
        reader: strings!(cors),
    },
    Row {
        name: "content_type",
        applies: |kind| matches!(kind, Kind::Stream | Kind::LongPoll),
        example: |_| "content_type = \"application/json\"".to_owned(),
        reader: value!(content_type, Slot::string),
    },
    Row {
        name: "headers",
        applies: HOLDS,
        example: |_| "headers = [(\"X-Feed\", \"live\")]".to_owned(),
        reader: value!(headers, Slot::pairs),
    },
    Row {
        name: "expose_headers",
        applies: HOLDS,
        example: |_| "expose_headers = [\"X-Feed\"]".to_owned(),
        reader: strings!(expose_headers),
    },
    Row {
        name: "status",
        applies: HOLDS,
        example: |_| "status = 202".to_owned(),
        reader: value!(status, Slot::number),
    },
    Row {
        name: "meta",
        applies: HOLDS,
        example: |_| "meta = [(\"user\", \"somebody\")]".to_owned(),
        reader: value!(meta, Slot::pairs),
    },
    Row { name: "strict", applies: ALL, example: |_| "strict".to_owned(), reader: flag!(strict) },
    Row {
        name: "backend",
        applies: CONNECTIONS,
        example: |_| "backend = \"self\"".to_owned(),
        reader: value!(backend, Slot::backend),
    },
    Row {
        name: "name",
        applies: ALL,
        example: |own_name| format!("name = {}", upper_camel(own_name)),
        reader: value!(name, Slot::name),
    },
    Row {
        name: "crate",
        applies: ALL,
        example: |_| "crate = path::to::fanout".to_owned(),
        reader: value!(krate, Slot::krate),
    },
];

/// The row of the option of this name.
fn row(name: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.name == name)
}

/// The names of the options of this kind.
pub fn names(kind: Kind) -> impl Iterator<Item = &'static str> {
    TABLE.iter().filter(move |row| (row.applies)(kind)).map(|row| row.name)
}

/// Returns `true` if an option has this name.
pub fn is_known(name: &str) -> bool {
    row(name).is_some()
}

/// An option as the endpoint `own_name` would have it.
pub fn example(option: &str, own_name: &str) -> String {
    row(option).map_or_else(|| option.to_owned(), |row| (row.example)(own_name))
}

fn upper_camel(name: &str) -> String {
    let upper = |word: &str| {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    };
    name.split('_').map(upper).collect()
}

/// The result of looking for an option.
pub enum Found {
    Option(&'static Row),
    /// No option has this name, but this one probably was meant.
    Misspelt(&'static Row),
    /// The option exists, but not for this kind of endpoint.
    OfOtherKinds,
    Nothing,
}

/// Looks for the option of this name, which has to apply to this kind of endpoint.
pub fn find(kind: Kind, name: &str, place: impl ToTokens, errors: &mut Errors) -> Found {
    let applies = |row: &&Row| (row.applies)(kind);
    match row(name) {
        Some(row) if applies(&row) => Found::Option(row),
        Some(row) => {
            let kinds = list(row.kinds().map(Kind::name));
            let help = match (kind, name) {
                (Kind::Plain(Some(_)), "methods") => {
                    "remove it, or write `#[fanout::route(methods = [\"…\", \"…\"])]` for several methods"
                        .to_owned()
                }
                (Kind::Plain(_), "channel") => format!(
                    "remove it, and call `fanout::publish` in the function to publish; only {kinds} listen to channels"
                ),
                (Kind::Ws, "history" | "replay") => {
                    "remove it: a WebSocket has no recovery; let the client send a message with the id of the last message that it has, and reply with what the history has after it"
                        .to_owned()
                }
                (Kind::Plain(_), "data") => format!(
                    "remove it: the body is an argument of the function: take `Json<T>`, `Form<T>` or `Body<String>`; `data` is an \
                     option of {kinds}"
                ),
                (kind, "origins") if CORS(kind) => {
                    format!("write `cors`: it says which pages may read the answer; `origins` is an option of {kinds}")
                }
                (Kind::Ws, "cors") => {
                    "write `origins`: it says which pages may open the WebSocket".to_owned()
                }
                (Kind::Plain(_), "history") => {
                    "remove it, and call `publish` of the history in the function".to_owned()
                }
                _ => format!("remove it: it is an option of {kinds}"),
            };
            errors.push(place, format!("`{name}` does nothing for `{}`", kind.name()), help);
            Found::OfOtherKinds
        }
        None => {
            let problem = format!("`{}` has no option `{name}`", kind.name());
            if is_of_app(name) {
                let help = format!("move it to `#[fanout::main(…)]`: `{name}` applies to the whole app");
                errors.push(place, problem, help);
                return Found::OfOtherKinds;
            }
            let options = || TABLE.iter().filter(applies).map(|row| row.name);
            let elsewhere = known_elsewhere(kind, name);
            let guess = match elsewhere {
                Some(Elsewhere::Option(option)) => Some(option),
                Some(Elsewhere::Nothing(_)) => None,
                None => nearest(name, options()),
            };
            let is_method = METHODS.contains(&&*name.to_uppercase());
            let has_methods = options().any(|option| option == "methods");
            let meant = match (elsewhere, guess) {
                (None, None) if is_method && has_methods => {
                    format!("write `methods = {:?}`; ", name.to_uppercase())
                }
                (None, None) if is_method && kind.is_plain() => {
                    format!("remove it: the attribute `{}` says the method; ", kind.name())
                }
                (Some(Elsewhere::Nothing(instead)), _) => format!("{instead}; "),
                (_, Some(guess)) => format!("did you mean `{guess}`? "),
                (_, None) => String::new(),
            };
            let help = format!("{meant}the options of `{}` are {}", kind.name(), list(options()));
            errors.push(place, problem, help);
            guess.and_then(row).map_or(Found::Nothing, Found::Misspelt)
        }
    }
}

/// The meaning of a word that other libraries have.
#[derive(Clone, Copy)]
enum Elsewhere {
    /// This option means the same.
    Option(&'static str),
    /// No option means the same. The help says what to do instead.
    Nothing(&'static str),
}

fn known_elsewhere(kind: Kind, name: &str) -> Option<Elsewhere> {
    let option = match name {
        "url" | "uri" | "route" | "endpoint" | "at" => "path",
        "topic" | "topics" | "subscribe" | "publish" if !kind.is_plain() => "channel",
        "auth" | "authorize" | "authorization" | "permission" | "guards" => "guard",
        "rename" | "as_type" => "name",
        "origin" | "allow_origin" | "allow_origins" | "allowed_origins" if CORS(kind) => "cors",
        "allow_origin" | "allow_origins" | "allowed_origins" if kind == Kind::Ws => "origins",
        "retry" | "event" | "id" | "event_id" | "last_event_id" if kind == Kind::Sse => {
            return Some(Elsewhere::Nothing(
                "the function returns an `Event`, which has its name, its id and its `retry`",
            ));
        }
        "heartbeat" | "ping" if !kind.is_plain() && kind != Kind::LongPoll => "keep_alive",
        "limit" | "body_limit" | "content_length" if kind.is_plain() => "max_body",
        "max_size" | "max_len" | "max_length" | "max_message_size" | "limit" if kind == Kind::Ws => {
            "max_message"
        }
        "format" | "produces" | "content" | "mime" if kind == Kind::Stream || kind == Kind::LongPoll => {
            "content_type"
        }
        "body" | "payload" => {
            return Some(Elsewhere::Nothing(if kind.is_plain() {
                "the body is an argument of the function: take `Json<T>`, `Form<T>` or `Body<String>`"
            } else {
                "a parameter of the function says by its type what it takes"
            }));
        }
        "query" => {
            return Some(Elsewhere::Nothing("the query is an argument of the function: take `Query<T>`"));
        }
        "middleware" | "wrap" | "layer" | "layers" => {
            return Some(Elsewhere::Nothing(
                "there is no middleware: a `guard` runs before the function, and `refuse` of `main` words refusals",
            ));
        }
        "rank" | "priority" => {
            return Some(Elsewhere::Nothing(
                "remove it: two endpoints that match the same request do not compile",
            ));
        }
        "format" | "produces" | "consumes" | "accept" if kind.is_plain() => {
            return Some(Elsewhere::Nothing(
                "remove it: the types of the arguments and of the answer say it, as `Json<T>` does",
            ));
        }
        _ => return None,
    };
    Some(Elsewhere::Option(option))
}

/// Returns `true` for an option of the whole app, in the list of `main`.
pub fn is_of_app(name: &str) -> bool {
    matches!(name, "verify" | "refuse" | "fallback" | "reuse")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::grammar;

    #[test]
    fn examples_are_the_endpoints_own() {
        for row in TABLE {
            let written = (row.example)("live_news");
            assert_eq!(example(row.name, "live_news"), written);
            assert_eq!(
                problems(row.kinds().next().expect("it applies to a kind"), &written),
                [""; 0],
                "{written}"
            );
        }
        assert_eq!(example("name", "live_news"), "name = LiveNews");
    }

    /// The first code in each row of the docs.
    fn documented(docs: &'static str) -> Vec<&'static str> {
        docs.lines().filter_map(|row| row.strip_prefix("| `")?.split('`').next()).collect()
    }

    /// The docs of each attribute have a row for each option, and its example is one of that option.
    #[test]
    fn each_option_is_documented_where_it_applies() {
        for kind in Kind::ALL.iter().copied() {
            let docs = match kind {
                Kind::Sse => options!(sse),
                Kind::Stream => options!(stream),
                Kind::LongPoll => options!(long_poll),
                Kind::Ws => options!(ws),
                Kind::Plain(Some(_)) => options!(plain),
                Kind::Plain(None) => options!(route),
            };
            let examples = documented(docs);
            let mut names: Vec<_> = examples.iter().filter_map(|example| example.split(' ').next()).collect();
            let mut options: Vec<_> =
                TABLE.iter().filter(|row| (row.applies)(kind)).map(|row| row.name).collect();
            names.sort_unstable();
            options.sort_unstable();
            assert_eq!(names, options, "{}", kind.name());
            assert_eq!(grammar::options(kind.name()), options, "{}", kind.name());
            for example in examples {
                assert_eq!(problems(kind, example), [""; 0], "{example}");
            }
        }
    }

    fn problems(kind: Kind, written: &str) -> Vec<String> {
        let mut errors = Errors::default();
        crate::parse::options::parse(kind, "live_news", written.parse().expect("tokens"), &mut errors);
        errors.problems()
    }
}
