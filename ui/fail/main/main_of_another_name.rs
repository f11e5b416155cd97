#[fanout::main()]
fn start() {}
