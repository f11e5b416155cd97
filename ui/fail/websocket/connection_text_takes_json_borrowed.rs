#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn text(&mut self, given: &fanout::Json<u8>) {
        let _ = given;
    }
}

#[fanout::main(Chat)]
fn main() {}
