use fanout::prelude::*;
use fanout::websocket::InvalidJson;

struct Move {
    column: u8,
}

#[fanout::ws]
fn game(played: Result<Json<Move>, InvalidJson>) {
    let _ = played.map(|played| played.0.column);
}

#[fanout::main(game)]
fn main() {}
