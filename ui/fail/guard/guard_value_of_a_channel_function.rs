fn own(user: fanout::Guarded<&String>) -> fanout::Channel {
    fanout::Channel::new(user.0).unwrap()
}

#[fanout::sse(channel = own)]
fn mine() {}

#[fanout::main(mine)]
fn main() {}
