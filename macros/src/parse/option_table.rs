//! The table of the options: which there are, which kinds of endpoint they serve, and what they look like.

use quote::ToTokens;

use crate::diagnostics::{Errors, list, meant, nearest};
use crate::kind::Kind;

/// An option: its name, and which kinds of endpoint it serves.
pub struct Known {
    pub name: &'static str,
    pub serves: &'static [Kind],
}

const ALL: &[Kind] = &[Kind::Sse, Kind::Stream, Kind::LongPoll, Kind::Ws];
const HOLDS: &[Kind] = &[Kind::Sse, Kind::Stream, Kind::LongPoll];
const STREAMS: &[Kind] = &[Kind::Sse, Kind::Stream];

const KNOWN: &[Known] = &[
    Known { name: "channel", serves: ALL },
    Known { name: "path", serves: ALL },
    Known { name: "guard", serves: ALL },
    Known { name: "timeout", serves: &[Kind::LongPoll] },
    Known { name: "echo", serves: &[Kind::Ws] },
    Known { name: "message", serves: &[Kind::Ws] },
    Known { name: "subprotocols", serves: &[Kind::Ws] },
    Known { name: "origins", serves: &[Kind::Ws] },
    Known { name: "max_message", serves: &[Kind::Ws] },
    Known { name: "keep_alive", serves: &[Kind::Sse, Kind::Stream, Kind::Ws] },
    Known { name: "keep_alive_interval", serves: &[Kind::Ws] },
    Known { name: "next", serves: STREAMS },
    Known { name: "next_after", serves: STREAMS },
    Known { name: "gone", serves: STREAMS },
    Known { name: "methods", serves: HOLDS },
    Known { name: "cors", serves: HOLDS },
    Known { name: "content_type", serves: &[Kind::Stream, Kind::LongPoll] },
    Known { name: "headers", serves: HOLDS },
    Known { name: "expose_headers", serves: HOLDS },
    Known { name: "status", serves: HOLDS },
    Known { name: "meta", serves: HOLDS },
    Known { name: "strict", serves: ALL },
    Known { name: "backend", serves: ALL },
    Known { name: "name", serves: ALL },
    Known { name: "crate", serves: ALL },
];

/// Whether an option is called so.
pub fn is_known(name: &str) -> bool {
    KNOWN.iter().any(|known| name == known.name)
}

/// What an option looks like for the endpoint `own_name`.
pub fn example(option: &str, own_name: &str) -> String {
    match option {
        "channel" => format!("channel = {own_name:?}"),
        "path" => format!("path = \"/{own_name}\""),
        "guard" => "guard = may_listen".to_owned(),
        "timeout" => "timeout = 30".to_owned(),
        "keep_alive" => "keep_alive = \"20s\"".to_owned(),
        "keep_alive_interval" => "keep_alive_interval = \"30s\"".to_owned(),
        "message" => "message = text".to_owned(),
        "max_message" => "max_message = 65_536".to_owned(),
        "origins" => "origins = [\"https://www.example.com\"]".to_owned(),
        "subprotocols" => "subprotocols = [\"json\"]".to_owned(),
        "next" => format!("next = \"/{own_name}/missed\""),
        "next_after" => "next_after = \"60s\"".to_owned(),
        "gone" => format!("gone = \"/{own_name}/gone\""),
        "methods" => "methods = [\"GET\", \"POST\"]".to_owned(),
        "cors" => "cors = \"https://www.example.com\"".to_owned(),
        "content_type" => "content_type = \"application/json\"".to_owned(),
        "headers" => "headers = [(\"X-Feed\", \"live\")]".to_owned(),
        "expose_headers" => "expose_headers = [\"X-Feed\"]".to_owned(),
        "status" => "status = 202".to_owned(),
        "meta" => "meta = [(\"user\", \"somebody\")]".to_owned(),
        "backend" => "backend = \"self\"".to_owned(),
        "name" => format!("name = {}", upper_camel(own_name)),
        "crate" => "crate = path::to::fanout".to_owned(),
        flag => flag.to_owned(),
    }
}

fn upper_camel(name: &str) -> String {
    let upper = |word: &str| {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    };
    name.split('_').map(upper).collect()
}

/// What an option's name stands for.
pub enum Found {
    Option(&'static Known),
    /// No option, but probably meant to be this one.
    Misspelt(&'static Known),
    Nothing,
}

/// Looks for the option of that name, which has to serve this kind of endpoint.
pub fn find(kind: Kind, name: &str, place: impl ToTokens, errors: &mut Errors) -> Found {
    let served = |known: &&Known| known.serves.contains(&kind);
    match KNOWN.iter().find(|known| name == known.name) {
        Some(known) if served(&known) => Found::Option(known),
        Some(known) => {
            let kinds = list(known.serves.iter().map(|kind| kind.name()));
            errors.push(
                place,
                format!("`{name}` does nothing for `{}`", kind.name()),
                format!("it is an option of {kinds}; remove it"),
            );
            Found::Nothing
        }
        None => {
            let options = || KNOWN.iter().filter(served).map(|known| known.name);
            let help =
                format!("{}the options of `{}` are {}", meant(name, options()), kind.name(), list(options()));
            errors.push(place, format!("`{}` has no option `{name}`", kind.name()), help);
            let nearest = nearest(name, options());
            KNOWN.iter().find(|known| nearest == Some(known.name)).map_or(Found::Nothing, Found::Misspelt)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::options::Options;

    #[test]
    fn examples_are_the_endpoints_own() {
        for known in KNOWN {
            let kind = known.serves[0];
            let written = example(known.name, "live_news");
            assert_eq!(problems(kind, &written), [""; 0], "{written}");
        }
        assert_eq!(example("name", "live_news"), "name = LiveNews");
    }

    fn problems(kind: Kind, written: &str) -> Vec<String> {
        let mut errors = Errors::default();
        Options::parse(kind, "live_news", written.parse().expect("tokens"), &mut errors);
        errors.problems()
    }
}
