//! The options of a WebSocket, within the limits of the proxy.

use syn::{LitInt, LitStr};

use crate::diagnostics::{Advice, Errors, ends};
use crate::kind::Kind;
use crate::parse::option_table::Options;

use super::hold::{self, Awake};
use super::origin;

/// The options of a WebSocket. Times are in seconds.
#[derive(Default)]
pub struct Socket {
    pub echo: bool,
    pub keep_alive: Option<Awake>,
    /// The quiet time after which the proxy sends the app a request.
    pub keep_alive_interval: Option<u32>,
    /// In bytes.
    pub max_message: Option<usize>,
    pub origins: Vec<String>,
    pub subprotocols: Vec<String>,
}

impl Socket {
    pub fn lower(kind: Kind, written: &Options, errors: &mut Errors) -> Self {
        if kind != Kind::Ws {
            return Self::default();
        }
        let origins = written.origins.values();
        if let Some(any) = origins.iter().find(|origin| origin.value() == "*") {
            errors.push(any, "`*` allows every origin, which is the default", "remove the option");
        }
        let keep_alive_interval = written.keep_alive_interval.value().and_then(|interval| {
            let less = "write `keep_alive_interval = 20` or more: the proxy raises a smaller value to 20";
            hold::seconds(interval, "keep_alive_interval", 20, less, errors)
        });
        Self {
            echo: written.echo.value().is_some(),
            keep_alive: written.keep_alive.value().and_then(|awake| hold::keep_alive(kind, awake, errors)),
            keep_alive_interval,
            max_message: written.max_message.value().and_then(|bytes| max_message(bytes, errors)),
            origins: origins.iter().filter_map(|origin| origin::origin(origin, "origins", errors)).collect(),
            subprotocols: subprotocols(written.subprotocols.values(), errors),
        }
    }
}

/// The limit of the proxy for a message, in bytes. It cuts the connection of a client that sends more.
const PROXYS_MAX: usize = 200_000;

fn max_message(written: &LitInt, errors: &mut Errors) -> Option<usize> {
    match written.base10_parse() {
        Ok(0) => errors.push(
            written,
            "`max_message` must be at least 1 byte",
            "write the limit in bytes: `max_message = 65_536`",
        ),
        Ok(bytes) if bytes <= PROXYS_MAX => return Some(bytes),
        _ => {
            let help = format!(
                "write `max_message = {PROXYS_MAX}` or less: the proxy cuts the connection at a longer message"
            );
            errors.push(written, format!("`max_message` must be at most {PROXYS_MAX} bytes"), help);
        }
    }
    None
}

fn subprotocols(written: &[LitStr], errors: &mut Errors) -> Vec<String> {
    let mut names = Vec::new();
    for written in written {
        let name = written.value();
        if name.is_empty() || !name.chars().all(hold::is_token) {
            let help = "write a name such as `\"graphql-transport-ws\"`, without spaces or commas";
            let each: Vec<_> = name.split(',').map(str::trim).filter(|one| !one.is_empty()).collect();
            let option = format!("subprotocols = {each:?}");
            let advice =
                (each.len() > 1).then(|| Advice { help: format!("write a list: `{option}`"), option });
            errors.advise(ends(written), format!("`{name}` is not a valid subprotocol"), advice, help);
        } else {
            names.push(name);
        }
    }
    names
}
