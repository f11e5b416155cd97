#[derive(serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Drop for Chat {
    fn drop(&mut self) {}
}

#[fanout::main(Chat)]
fn main() {}
