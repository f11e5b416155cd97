#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn text(&mut self, message: &str) -> Result<String, u8> {
        Ok(message.to_owned())
    }
}

#[fanout::main(Chat)]
fn main() {}
