struct Chat {
    count: u32,
}

#[fanout::ws]
impl Chat {
    fn text(&mut self, _text: &str) {
        self.count += 1;
    }
}

#[fanout::main(Chat)]
fn main() {}
