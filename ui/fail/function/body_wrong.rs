#[fanout::stream(channel = "news")]
fn news() -> String {
    let count: u32 = "three";
    count.to_string()
}

#[fanout::main(news)]
fn main() {}
