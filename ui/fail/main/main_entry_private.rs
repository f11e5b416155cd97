mod rooms {
    #[fanout::sse(channel = "news")]
    fn news() {}

    pub fn call() {
        news();
    }
}

#[fanout::main(rooms::news)]
fn main() {
    rooms::call();
}
