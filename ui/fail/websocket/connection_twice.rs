#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws(path = "/a", channel = "a")]
#[fanout::ws(path = "/b", channel = "b")]
impl Chat {
    fn text(&mut self) {}
}

#[fanout::main(Chat)]
fn main() {}
