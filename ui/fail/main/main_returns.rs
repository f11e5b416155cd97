#[fanout::main()]
fn main(request: fanout::prelude::Request) -> u8 {
    drop(request);
    0
}
