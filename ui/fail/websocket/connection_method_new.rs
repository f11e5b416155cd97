#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn new() -> Self {
        Self
    }
}

#[fanout::main(Chat)]
fn main() {}
