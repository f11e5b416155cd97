struct News;

impl News {
    #[fanout::sse(channel = "news")]
    fn news() {}
}

#[fanout::main()]
fn main() {
    News::news();
}
