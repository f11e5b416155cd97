#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn open() -> Result<Self, String> {
        Ok(Self)
    }
}

#[fanout::main(Chat)]
fn main() {}
