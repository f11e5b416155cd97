#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn disconnect(&mut self, reason: &str) {
        let _ = reason;
    }
}

#[fanout::main(Chat)]
fn main() {}
