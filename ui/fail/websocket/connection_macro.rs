macro_rules! methods {
    () => {
        fn text(&mut self) {}
    };
}

#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    methods! {}
}

#[fanout::main(Chat)]
fn main() {}
