//! What the end-to-end tests ask: endpoints with every option, a module for each of the tests' own.

use fanout::prelude::*;

mod grip;
mod hold;
mod returns;
mod socket;
mod trust;

#[fanout::main(
    hold::two_channels,
    grip::Awake,
    grip::ByDefault,
    grip::Response,
    grip::Poll,
    grip::Meta,
    grip::Reliable,
    grip::Full,
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
    trust::Socket
)]
fn main(request: Request) -> Result<Response, Error> {
    Ok(Response::from_status(404).with_body_text_plain(&format!("nothing at {}\n", request.get_path())))
}
