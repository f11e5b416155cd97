#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws(message = line)]
impl Chat {
    fn text(&mut self, line: &str) {
        let _ = line;
    }
}

#[fanout::main(Chat)]
fn main() {}
