#[fanout::sse(path = "/games/{game}", channel = "game-{game:03}")]
fn news() {}

#[fanout::main(news)]
fn main() {}
