#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat {
    count: usize,
}

#[fanout::ws]
impl Chat {
    fn text(self: &mut Box<Self>, message: &str) {
        self.count += message.len();
    }
}

#[fanout::main(Chat)]
fn main() {}
