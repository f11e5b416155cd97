struct Chat;

#[fanout::ws(data = Self)]
impl Chat {
    fn open() -> Self {
        Self
    }
}

#[fanout::main(Chat)]
fn main() {}
