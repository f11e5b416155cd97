#[fanout::long_poll(channel = "news")]
fn news() -> f32 {
    0.5
}

#[fanout::main(news)]
fn main() {}
