#[fanout::sse(channel = "news")]
fn news() {}

struct App;

impl App {
    #[fanout::main(news)]
    fn main(&self) {}
}

fn main() {
    App.main();
}
