#[fanout::sse(path = "/games/{game}/{player}", channel = "news")]
fn news((game, player): (u32, &str)) {
    let _ = (game, player);
}

#[fanout::main(news)]
fn main() {}
