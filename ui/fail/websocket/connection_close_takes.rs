#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn close(&mut self, code: u16) {
        let _ = code;
    }
}

#[fanout::main(Chat)]
fn main() {}
