struct Chat<T>(T);

#[fanout::ws]
impl<T> Chat<T> {
    fn text(&mut self) {}
}

#[fanout::main(Chat)]
fn main() {}
