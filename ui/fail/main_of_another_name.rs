#[fanout::main()]
fn start() {}

