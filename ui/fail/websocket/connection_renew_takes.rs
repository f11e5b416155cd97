#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn renew(stored: &str) -> Self {
        let _ = stored;
        Self
    }
}

#[fanout::main(Chat)]
fn main() {}
