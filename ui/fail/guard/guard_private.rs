mod auth {
    fn signed_in() -> Result<(), fanout::Answer> {
        Ok(())
    }

    pub fn call() {
        drop(signed_in());
    }
}

#[fanout::sse(channel = "news", guard = auth::signed_in)]
fn news() {
    auth::call();
}

#[fanout::main(news)]
fn main() {}
