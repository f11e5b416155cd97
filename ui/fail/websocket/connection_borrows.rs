#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat<'a>(&'a str);

#[fanout::ws]
impl Chat<'_> {
    fn text(&mut self) {}
}

#[fanout::main(Chat)]
fn main() {}
