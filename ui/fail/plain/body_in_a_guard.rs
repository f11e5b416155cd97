use fanout::prelude::*;

fn may_order(Json(number): Json<u32>) -> Result<u32, Answer> {
    Ok(number)
}

#[fanout::post(guard = may_order)]
fn order() {}

#[fanout::main(order)]
fn main() {}
