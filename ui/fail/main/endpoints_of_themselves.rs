#[fanout::endpoints(Endpoints)]
enum Endpoints {}

#[fanout::main(Endpoints)]
fn main() {}
