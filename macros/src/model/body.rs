//! The body of a request: its limit, and the argument that takes it.

use syn::LitInt;

use crate::diagnostics::Errors;
use crate::kind::Kind;
use crate::parse::signature::Parameter;
use crate::parse::types::takes_body;

use super::handler::Handlers;
use super::names::{Argument, Names, Source};

/// The limit of a body, in bytes.
pub fn max_body(written: &LitInt, errors: &mut Errors) -> Option<u32> {
    match written.base10_parse() {
        Ok(0) => {
            let help = "write the limit in bytes: `max_body = 65_536`";
            errors.push(written, "`max_body` must be at least 1 byte", help);
        }
        Ok(bytes) => return Some(bytes),
        Err(_) => {
            let problem = format!("`max_body` must be at most {} bytes", u32::MAX);
            errors.push(written, problem, "write less: an app on Compute has 128 MB of memory");
        }
    }
    None
}

/// Refuses an argument that takes the body where there is none, and a second one. `methods` are those of the endpoint.
pub fn check(kind: Kind, methods: &[&str], handlers: &Handlers<'_>, names: &Names<'_>, errors: &mut Errors) {
    for (moment, handler) in handlers.iter() {
        let of_request = handler.arguments.iter().filter(|argument| argument.source == Source::Request);
        let mut taking = of_request.filter_map(|Argument { parameter: Parameter { ty, .. }, .. }| {
            takes_body(ty).map(|name| (*ty, name.to_string()))
        });
        let Some((first, name)) = taking.next() else { continue };
        // A `Request` is more than its body.
        let has_body = name == "Request" || kind != Kind::Ws && methods.iter().any(|method| *method != "GET");
        let own_name = moment.map_or(names.endpoint, |moment| moment.name());
        if !has_body {
            let help = match kind {
                Kind::Ws => "take `Query<T>`, or the message".to_owned(),
                Kind::Plain(_) => "take `Query<T>`, or write `#[fanout::post]`".to_owned(),
                _ => "take `Query<T>`, or answer another method: `methods = \"POST\"`".to_owned(),
            };
            let problem = match kind {
                Kind::Ws => format!("`{own_name}` has no body to take"),
                _ => format!("`{own_name}` answers `GET`, which has no body to take"),
            };
            errors.push(first, problem, help);
        } else if let Some((second, _)) = taking.next() {
            let help = format!("remove it: `{name}` takes the body, which is there once");
            errors.push(second, format!("`{own_name}` takes the body twice"), help);
        }
    }
}
