#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    async fn text(&mut self, message: &str) -> String {
        message.to_owned()
    }
}

#[fanout::main(Chat)]
fn main() {}
