//! The history of an endpoint.

use syn::{LitInt, LitStr};

use crate::diagnostics::Errors;
use crate::kind::Kind;
use crate::parse::channels::Channels;
use crate::parse::option_table::{self, Options};

use super::names::{Call, Names};

/// The history that fetches what a client missed.
pub struct History {
    /// The function that returns it.
    pub function: Call,
    /// The number of entries that a client without an id gets.
    pub replay: u32,
}

impl History {
    pub fn lower(options: &Options, names: &Names<'_>, errors: &mut Errors) -> Option<Self> {
        let replay = options.replay.value().and_then(|count| replay(count, errors));
        let function = options.history.value().filter(|_| !options.is_guessed("history"));
        let function = function.map(|function| names.call("history", function, errors))?;
        Some(Self { function, replay: replay.unwrap_or(0) })
    }

    /// Reports the options that do not go together.
    pub fn check(kind: Kind, options: &Options, endpoint: &str, errors: &mut Errors) {
        let place = |option| options.place(option);
        if options.history.is_absent() {
            if let Some(replay) = place("replay").filter(|_| !options.unrecognised) {
                let example = option_table::example("history", endpoint);
                let help = format!("add the function that returns the history: `{example}`");
                errors.push(replay, "`replay` does nothing without `history`", help);
            }
            return;
        }
        if options.history.is_invalid() || options.is_guessed("history") {
            return;
        }
        if let Some(next) = place("next") {
            let help =
                "remove it: the link leads to this endpoint, which fetches what was missed from its history";
            errors.push(next, "`history` sets the recovery link itself", help);
        }
        if let Some(flag) = place("last_event_id_query") {
            let (problem, help) = match kind {
                Kind::Stream => (
                    "`last_event_id_query` does nothing for a `stream` with a history",
                    "remove it: its clients know no ids",
                ),
                _ => ("`history` reads the id from the query already", "remove it"),
            };
            errors.push(flag, problem, help);
        }
        let second = match options.channels.value() {
            Some(Channels::List(texts)) => texts.get(1),
            _ => None,
        };
        if let Some(second) = second {
            refuse_second(second, errors);
        }
    }
}

fn refuse_second(second: &LitStr, errors: &mut Errors) {
    let help = "make an endpoint for each channel, or publish to one: a client remembers the id of one event";
    errors.push(second, "an endpoint with a history has one channel", help);
}

fn replay(written: &LitInt, errors: &mut Errors) -> Option<u32> {
    match written.base10_parse() {
        Ok(0) => errors.push(written, "`replay = 0` replays nothing", "remove it, or write a larger number"),
        Ok(count) => return Some(count),
        Err(_) => {
            let help = format!("write a number of entries up to {}", u32::MAX);
            errors.push(written, format!("`{written}` is not a number of entries"), help);
        }
    }
    None
}
