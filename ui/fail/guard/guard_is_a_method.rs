struct Club;

impl Club {
    fn may_enter(&self) -> Result<(), fanout::Answer> {
        Ok(())
    }
}

#[fanout::sse(channel = "news", guard = Club::may_enter)]
fn news() {}

#[fanout::main(news)]
fn main() {}
