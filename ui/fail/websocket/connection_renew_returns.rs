#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn renew() -> u8 {
        1
    }
}

#[fanout::main(Chat)]
fn main() {}
