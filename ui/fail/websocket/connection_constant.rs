#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    const LIMIT: usize = 3;
}

#[fanout::main(Chat)]
fn main() {}
