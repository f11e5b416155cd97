#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn open() -> Self {
        Self
    }

    fn open() -> Self {
        Self
    }
}

#[fanout::main(Chat)]
fn main() {}
