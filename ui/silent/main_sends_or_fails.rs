//! A `main` that sends its response itself, unless it fails.

use fanout::prelude::*;

#[fanout::main()]
fn main(request: Request) -> Result<(), Error> {
    let name = request.get_query_parameter("name").ok_or_else(|| Error::msg("who are you?"))?;
    Response::from_body(name).send_to_client();
    Ok(())
}
