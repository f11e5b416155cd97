#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn message(&mut self) {}

    fn text(&mut self) {}
}

#[fanout::main(Chat)]
fn main() {}
