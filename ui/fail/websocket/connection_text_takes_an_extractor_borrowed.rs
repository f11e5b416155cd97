#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn text(&mut self, given: &mut fanout::Cookies) {
        let _ = given;
    }
}

#[fanout::main(Chat)]
fn main() {}
