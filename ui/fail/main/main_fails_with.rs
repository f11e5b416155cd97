struct Wrong;

#[fanout::main()]
fn main(_request: fanout::prelude::Request) -> Result<fanout::prelude::Response, Wrong> {
    Err(Wrong)
}
