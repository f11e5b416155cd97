//! What the end-to-end tests ask: endpoints with every option, a module for each of the tests' own.

use fanout::prelude::*;

mod grip;
mod hold;
mod publish;
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
    publish::sse,
    publish::stream,
    publish::poll,
    publish::ws,
    publish::Ann,
    publish::Asks,
    verify = publish::trusted
)]
fn main(request: Request) -> Result<Response, Error> {
    if request.get_path() == "/publish/now" {
        return Ok(publish::now(request));
    }
    Ok(Response::from_status(404).with_body_text_plain(&format!("nothing at {}\n", request.get_path())))
}
