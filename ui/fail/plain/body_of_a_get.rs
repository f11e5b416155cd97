use fanout::prelude::*;

#[fanout::get]
fn order(Json(number): Json<u32>) -> String {
    number.to_string()
}

#[fanout::main(order)]
fn main() {}
