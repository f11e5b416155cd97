#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news)]
const MAIN: u8 = 0;

fn main() {
    let _ = (news, MAIN);
}
