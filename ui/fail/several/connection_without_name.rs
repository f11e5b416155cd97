#[fanout::ws]
impl [u8; 4] {
    fn text(&mut self, message: &str) {
        let _ = message;
    }
}

fn main() {}
