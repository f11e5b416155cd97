use fanout::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Chat(u32);

#[fanout::ws]
impl Chat {
    fn open(Json(number): Json<u32>) -> Self {
        Self(number)
    }
}

#[fanout::main(Chat)]
fn main() {}
