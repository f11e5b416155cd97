fn topics() -> Result<fanout::Channel, std::num::ParseIntError> {
    "3".parse::<u8>().map(|_| fanout::Channel::from_static("news"))
}

#[fanout::sse(channel = topics)]
fn news() {}

#[fanout::main(news)]
fn main() {}
