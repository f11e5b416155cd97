#[fanout::long_poll(channel = "orders", methods = "POST", max_body = 1_000)]
fn orders() {}

#[fanout::main(orders)]
fn main() {}
