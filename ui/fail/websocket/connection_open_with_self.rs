#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn open(&mut self) -> Self {
        Self
    }
}

#[fanout::main(Chat)]
fn main() {}
