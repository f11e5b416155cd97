use fanout::prelude::*;

#[derive(serde::Deserialize)]
struct Move {
    column: u8,
}

#[fanout::ws]
fn game(played: &Json<Move>) -> String {
    played.0.column.to_string()
}

#[fanout::main(game)]
fn main() {}
