//! What the options say about a WebSocket.

use syn::{LitInt, LitStr};

use crate::diagnostics::Errors;
use crate::model::hold::{self as response, Awake};
use crate::model::origin;
use crate::parse::options;

/// How a WebSocket is held. Times are in seconds.
#[derive(Default)]
pub struct Socket {
    pub echo: bool,
    pub keep_alive: Option<Awake>,
    /// How often the app is asked when nothing happens.
    pub keep_alive_interval: Option<u32>,
    /// In bytes.
    pub max_message: Option<usize>,
    pub origins: Vec<String>,
    pub subprotocols: Vec<String>,
}

impl Socket {
    pub fn new(written: options::Socket, errors: &mut Errors) -> Self {
        let any = written.origins.iter().find(|origin| origin.value() == "*");
        if let Some(any) = any {
            errors.push(any, "`*` is every origin, as without the option", "remove the option");
        }
        let interval = written.keep_alive_interval.and_then(|interval| {
            let less = "write `keep_alive_interval = 20`: the proxy makes 20 of anything less";
            response::seconds(&interval, "keep_alive_interval", 20, less, errors)
        });
        Self {
            echo: written.echo.is_some(),
            keep_alive: written
                .keep_alive
                .and_then(|awake| response::keep_alive(crate::kind::Kind::Ws, awake, errors)),
            keep_alive_interval: interval,
            max_message: written.max_message.and_then(|bytes| max_message(&bytes, errors)),
            origins: written.origins.iter().filter_map(|origin| origin::origin(origin, errors)).collect(),
            subprotocols: subprotocols(&written.subprotocols, errors),
        }
    }
}

/// The proxy cuts the connection of a client that sends more, whatever the app says.
const PROXYS_MAX: usize = 200_000;

fn max_message(written: &LitInt, errors: &mut Errors) -> Option<usize> {
    match written.base10_parse() {
        Ok(0) => errors.push(
            written,
            "a message of 0 bytes says nothing",
            "write how many bytes a message may have",
        ),
        Ok(bytes) if bytes <= PROXYS_MAX => return Some(bytes),
        _ => {
            let help = format!("write at most {PROXYS_MAX}: with more, the proxy cuts the connection first");
            errors.push(written, format!("`max_message` is at most {PROXYS_MAX} bytes"), help);
        }
    }
    None
}

fn subprotocols(written: &[LitStr], errors: &mut Errors) -> Vec<String> {
    let mut names = Vec::new();
    for written in written {
        let name = written.value();
        if name.is_empty() || !name.chars().all(response::is_token) {
            let help = "write one such as `\"graphql-transport-ws\"`, without spaces or commas";
            errors.push(written, format!("`{name}` is not the name of a subprotocol"), help);
        } else {
            names.push(name);
        }
    }
    names
}
