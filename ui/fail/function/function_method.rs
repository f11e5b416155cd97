struct News;

impl News {
    #[fanout::sse(channel = "news")]
    fn news(&self) {}
}

#[fanout::main()]
fn main() {
    News.news();
}
