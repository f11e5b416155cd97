#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn text(this: &mut Self, line: &str) {
        let _ = (this, line);
    }
}

#[fanout::main(Chat)]
fn main() {}
