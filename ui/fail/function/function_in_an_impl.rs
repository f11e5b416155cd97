struct News;

impl News {
    #[fanout::sse(channel = "news")]
    fn news(head: &fanout::RequestHead<'_>) -> Result<fanout::Event, Self> {
        let _ = head;
        Err(Self)
    }
}

#[fanout::main]
fn main() {}
