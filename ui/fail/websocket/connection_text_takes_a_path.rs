struct Path<T>(T);

#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn text(&mut self, given: Path<u8>) {
        let _ = given;
    }
}

#[fanout::main(Chat)]
fn main() {}
