use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
struct Chat {
    count: u32,
}

#[fanout::ws]
impl &Chat {
    fn text(&self) -> String {
        self.count.to_string()
    }
}

#[fanout::main(Chat)]
fn main() {}
