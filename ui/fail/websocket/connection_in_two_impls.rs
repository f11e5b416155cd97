#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws(path = "/a")]
impl Chat {
    fn text(&mut self) {}
}

#[fanout::ws(path = "/b")]
impl Chat {
    fn binary(&mut self) {}
}

#[fanout::main(Chat)]
fn main() {}
