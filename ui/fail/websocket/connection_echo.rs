#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws(echo)]
impl Chat {
    fn text(&mut self) {}
}

#[fanout::main(Chat)]
fn main() {}
