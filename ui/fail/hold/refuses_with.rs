#[fanout::sse(channel = "news")]
fn news() -> Result<(), std::num::ParseIntError> {
    "three".parse::<u32>().map(drop)
}

#[fanout::main(news)]
fn main() {}
