#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn open() -> String {
        String::new()
    }
}

#[fanout::main(Chat)]
fn main() {}
