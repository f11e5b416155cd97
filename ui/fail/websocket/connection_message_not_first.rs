#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat {
    count: u32,
}

struct Context;

#[fanout::ws]
impl Chat {
    fn text(&mut self, _context: &mut Context, said: &str) -> String {
        self.count += 1;
        said.to_owned()
    }
}

#[fanout::main(Chat)]
fn main() {}
