use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
struct Chat<T>(T);

#[fanout::ws]
impl Chat<u32> {
    fn text(&mut self) {
        self.0 += 1;
    }
}

#[fanout::main(Chat<u32>)]
fn main() {}
