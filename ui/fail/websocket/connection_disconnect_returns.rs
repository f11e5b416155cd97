#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn disconnect(&mut self) -> &'static str {
        "bye"
    }
}

#[fanout::main(Chat)]
fn main() {}
