struct Chat<T>(T);

trait Hears {
    fn text(&mut self);
}

#[fanout::ws]
impl<T> Hears for Chat<T> {
    fn text(&mut self) {}
}

#[fanout::main(Chat::<u32>)]
fn main() {}
