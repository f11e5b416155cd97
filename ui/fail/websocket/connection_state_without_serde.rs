#[derive(Default)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn text(&mut self) {}
}

#[fanout::main(Chat)]
fn main() {}
