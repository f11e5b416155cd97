use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
struct Chat {
    count: u32,
}

#[fanout::ws]
impl Arc<Mutex<Chat>> {
    fn text(&mut self) {
        self.count += 1;
    }
}

#[fanout::main(Chat)]
fn main() {}
