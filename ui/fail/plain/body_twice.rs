use fanout::prelude::*;

#[fanout::post]
fn order(Json(number): Json<u32>, Body(text): Body<String>) -> String {
    format!("{number} {text}")
}

#[fanout::main(order)]
fn main() {}
