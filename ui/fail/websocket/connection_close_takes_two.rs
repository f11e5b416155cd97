#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn close(&mut self, code: Option<u16>, reason: &str) {
        let _ = (code, reason);
    }
}

#[fanout::main(Chat)]
fn main() {}
