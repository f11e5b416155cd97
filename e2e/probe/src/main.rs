//! What the end-to-end tests ask: endpoints with every option, a module for each of the tests' own.

use fanout::prelude::*;

mod grip;
mod hold;
mod language;
mod returns;

#[fanout::main(
    hold::two_channels,
    grip::Awake,
    grip::ByDefault,
    grip::Response,
    grip::Poll,
    grip::Meta,
    grip::Reliable,
    returns::topics,
    returns::lines,
    returns::poll,
    returns::refused,
    returns::resumed,
    returns::held,
    language::Endpoints,
    verify = language::guards::trusted
)]
fn main(request: Request) -> Result<Response, Error> {
    Ok(Response::from_status(404).with_body_text_plain(&format!("nothing at {}\n", request.get_path())))
}
