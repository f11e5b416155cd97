use fanout::prelude::*;

struct Move {
    column: u8,
}

#[fanout::ws]
fn game(played: Json<Move>) {
    let _ = played.0.column;
}

#[fanout::main(game)]
fn main() {}
