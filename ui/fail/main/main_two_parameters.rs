#[fanout::main()]
fn main(request: fanout::prelude::Request, more: u8) {
    let _ = (request, more);
}
