//! What the end-to-end tests ask: endpoints with every option, a module for each of the tests' own.

use fanout::grip::sig::Policy;
use fanout::prelude::*;

mod documented;
mod grip;
mod hold;
mod language;
mod panics;
mod publish;
mod returns;
mod socket;
mod trust;
mod websockets;

/// Every proxy that a test runs.
fn trusted() -> Policy {
    publish::trusted(language::guards::trusted())
}

#[fanout::main(
    hold::two_channels,
    grip::Awake,
    grip::ByDefault,
    grip::Response,
    grip::Poll,
    grip::Meta,
    grip::Reliable,
    grip::Full,
    grip::Next,
    returns::topics,
    returns::lines,
    returns::poll,
    returns::refused,
    returns::resumed,
    returns::held,
    socket::State,
    socket::Command,
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
    language::Endpoints,
    panics::Endpoints,
    websockets::Endpoints,
    verify = trusted
)]
fn main(request: Request) -> Result<Response, Error> {
    match request.get_path() {
        "/publish/now" => return Ok(publish::now(request)),
        "/goals" => return Ok(documented::goals(request).unwrap_or_else(IntoAnswer::into_answer).into()),
        _ => {}
    }
    if request.get_path().starts_with("/panics/") {
        return Ok(panics::in_main(request.get_path()));
    }
    if request.get_path() == "/language/limits/unchecked" {
        return Ok(language::limits::unchecked(&request));
    }
    Ok(Response::from_status(404).with_body_text_plain(&format!("nothing at {}\n", request.get_path())))
}
