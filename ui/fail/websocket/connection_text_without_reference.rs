#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn text(&mut self, line: str) {
        let _ = &line;
    }
}

#[fanout::main(Chat)]
fn main() {}
