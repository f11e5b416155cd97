#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    #[cfg(all())]
    fn message(&mut self) {}

    #[cfg(not(any()))]
    fn text(&mut self) {}
}

#[fanout::main(Chat)]
fn main() {}
