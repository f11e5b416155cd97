//! The app of the end-to-end tests: endpoints with every option, with a module for each subject of the tests.

use fanout::grip::sig::Policy;
use fanout::prelude::*;

mod channels;
mod documented;
mod guard_channels;
mod guards;
mod holds;
mod instructions;
mod kv_history;
mod limits;
mod methods_and_cors;
mod panics;
mod paths;
mod plain_api;
mod plain_endpoints;
mod publish;
mod recovery;
mod return_values;
mod trust;
mod websocket;

/// Every proxy that a test runs.
fn trusted() -> Policy {
    publish::trusted(guards::trusted())
}

/// The endpoints whose paths begin with `/language`, a list of lists.
#[fanout::endpoints(
    paths::Endpoints,
    channels::Endpoints,
    guards::Endpoints,
    guard_channels::Endpoints,
    holds::Endpoints,
    limits::Endpoints,
    methods_and_cors::Endpoints,
    #[cfg(any())]
    nowhere::Endpoints
)]
enum Language {}

#[fanout::main(
    holds::two_channels,
    instructions::Awake,
    instructions::ByDefault,
    instructions::Response,
    instructions::Poll,
    instructions::Meta,
    instructions::Reliable,
    instructions::Full,
    instructions::Next,
    return_values::topics,
    return_values::lines,
    return_values::poll,
    return_values::refused,
    return_values::resumed,
    return_values::held,
    plain_api::State,
    plain_api::Command,
    trust::rooms,
    trust::Stream,
    trust::Socket,
    publish::sse,
    publish::stream,
    publish::poll,
    publish::ws,
    publish::chat,
    publish::Ann,
    publish::Ids,
    publish::Checked,
    publish::Asks,
    documented::scores,
    documented::goals,
    documented::goal,
    Language,
    kv_history::Endpoints,
    panics::Endpoints,
    plain_endpoints::Endpoints,
    recovery::Endpoints,
    websocket::Endpoints,
    verify = trusted
)]
fn main(request: Request) -> Result<Response, Error> {
    if request.get_path() == "/publish/now" {
        return Ok(publish::now(request));
    }
    if request.get_path().starts_with("/panics/") {
        return Ok(panics::in_main(request.get_path()));
    }
    if request.get_path() == "/language/limits/unchecked" {
        return Ok(limits::unchecked(&request));
    }
    Ok(Response::from_status(404).with_body_text_plain(&format!("nothing at {}\n", request.get_path())))
}
